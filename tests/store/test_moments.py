from __future__ import annotations

from pathlib import Path

from tests.store.making import add, bare_writing, writing

from acctcli.store import moments, records
from acctcli.store.moments import NEVER


def test_times_of_old_books_have_milliseconds_too() -> None:
    assert moments.moment("2026-11-22T09:00:00Z", "Kim") == ("2026-11-22T09:00:00.000Z", "Kim")
    later = moments.moment("2026-11-22T09:00:00.250Z", "Kim")
    assert later > moments.moment("2026-11-22T09:00:00Z", "Kim")


def test_cells_that_say_one_thing_are_one_group() -> None:
    found = moments.groups("deal", ["id", "title", "amount", "currency", "updated_at", "stage"])
    assert ("amount", "currency") in found
    assert ("title",) in found
    assert not any({"id", "updated_at"} & {*group} for group in found)
    assert moments.groups("tag", ["id", "account_id", "tag", "position"]) == [
        ("account_id",),
        ("tag",),
        ("position",),
    ]


def test_only_changed_cells_have_a_moment(book: Path) -> None:
    with writing(book) as tx:
        id = add(tx, "account", name="Acme")
    with bare_writing(book) as tx:
        records.update(tx, "account", id, {"city": "Lyon"})
        found = moments.of_records(tx.con, [id])
    assert found == {("account", id): {"city": ("2026-11-22T09:00:00.000Z", "kim")}}
    assert moments.latest(found["account", id], ["city", "name"])[1] == "kim"
    assert moments.latest(found["account", id], ["name"]) == NEVER


def test_what_a_bundle_brought_has_no_moment_here(book: Path) -> None:
    with writing(book) as tx:
        id = add(tx, "account", name="Acme")
    with bare_writing(book) as tx:
        records.update(tx, "account", id, {"city": "Lyon"})
        tx.con.execute("INSERT INTO bundle VALUES (?, 'sum', 'Ann', '')", (tx.command,))
        assert moments.of_records(tx.con, [id]) == {}
