"""Records as an export wrote them, walked back from the rows of today."""

from __future__ import annotations

from pathlib import Path

from tests.store.making import add, writing

from acctcli.model import KINDS
from acctcli.store import exported, records

FIELDS = KINDS["account"].fields


def test_a_record_is_walked_back_to_the_moment_of_the_export(tmp_path: Path) -> None:
    book = tmp_path / "book.db"
    with writing(book) as tx:
        id = add(tx, "account", name="Acme", kind="company", status="lead", tags=("expo",))
        written = tx.read("account", id)["updated_at"]  # type: ignore[index]
    with writing(book) as tx:
        tx.now = "2027-01-01T09:00:00Z"
        records.update(tx, "account", id, {"city": "Lund", "tags": ("expo", "vip")})
    with writing(book) as tx:
        tx.now = "2027-01-02T09:00:00Z"
        records.update(tx, "account", id, {"city": "Oslo", "name": "Acme Group"})
        first = exported.as_of(tx.con, "account", id, written, FIELDS)
        assert first is not None
        assert (first["name"], first["city"], first["tags"]) == ("Acme", None, ("expo",))
        second = exported.as_of(tx.con, "account", id, "2027-01-01T09:00:00Z", FIELDS)
        assert second is not None
        assert (second["name"], second["city"]) == ("Acme", "Lund")
        assert second["tags"] == ("expo", "vip")
        assert exported.earlier_names(tx.con, "account", id) == {"Acme", "Acme Group"}


def test_a_moment_of_another_book_is_not_known(tmp_path: Path) -> None:
    with writing(tmp_path / "book.db") as tx:
        id = add(tx, "account", name="Acme", kind="company", status="lead")
        assert exported.as_of(tx.con, "account", id, "2020-01-01T09:00:00Z", FIELDS) is None
