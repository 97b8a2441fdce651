from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import books

from acctcli.errors import NotFound, StorageError
from acctcli.store import migrations, records, search
from acctcli.store.connection import patiently
from acctcli.store.journal import Writing, writing
from acctcli.store.kinds import KEYED, PART_OF
from acctcli.store.opening import snapshot

GIVEN: dict[str, Any] = {
    **{"now": "2026-11-22T09:00:00Z", "today": "2026-11-22", "who": "kim", "typed": "acct …"},
    "notice": print,
}


@contextmanager
def command(
    path: Path,
    *,
    now: str = "2026-11-22T09:00:00Z",
    who: str = "kim",
    typed: str = "acct …",
    keep: bool = True,
) -> Iterator[Writing]:
    with writing(
        path, now=now, today=now[:10], who=who, typed=typed, keep=keep, notice=print
    ) as tx:
        yield tx


def changes(path: Path) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(path)) as con:
        con.row_factory = sqlite3.Row
        return [dict(row) for row in con.execute("SELECT * FROM change ORDER BY seq")]


def account(tx: Writing, name: str = "Acme", **values: Any) -> str:
    return records.insert(tx, "account", {"name": name, "kind": "company", **values})


def test_a_command_that_changes_nothing_leaves_no_trace(path: Path) -> None:
    with command(path) as tx:
        id = account(tx)
    with command(path) as tx:
        assert tx.update("account", id, {"name": "Acme"}) == {}
    assert books.value(path, "SELECT count(*) FROM command") == 1


def test_a_book_is_not_made_unasked(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no book"), command(tmp_path / "new.db"):
        pass
    assert not (tmp_path / "new.db").exists()


def test_a_dry_run_changes_nothing(path: Path) -> None:
    before = path.read_bytes()
    with command(path, keep=False) as tx:
        account(tx)
        assert tx.con.execute("SELECT count(*) FROM account").fetchone() == (1,)
    assert path.read_bytes() == before


def test_what_is_replaced_is_kept_with_who_and_when(path: Path) -> None:
    with command(path) as tx:
        id = account(tx, tags=("expo",))
        tx.says = "Added it."
    with command(path, now="2026-11-23T10:00:00Z", who="mei") as tx:
        before = tx.update("account", id, {"name": "Acme Ltd", "kind": "company"})
    assert before == {"name": "Acme"}
    first, tag, second = changes(path)
    assert (first["op"], first["tbl"], first["row"], first["record"]) == (
        *("insert", "account"),
        *(id, id),
    )
    assert (tag["tbl"], tag["kind"], tag["record"], tag["account_id"]) == (
        *("tag", "account"),
        *(id, id),
    )
    assert json.loads(second["before"]) == {
        "name": "Acme",
        "updated_at": "2026-11-22T09:00:00Z",
        "updated_by": "kim",
    }
    assert json.loads(second["after"]) == {
        "name": "Acme Ltd",
        "updated_at": "2026-11-23T10:00:00Z",
        "updated_by": "mei",
    }
    assert books.value(path, "SELECT says FROM command WHERE seq = 1") == "Added it."


def test_a_change_is_written_to_its_row_and_can_be_reverted_to_the_letter(path: Path) -> None:
    with command(path) as tx:
        id, other = account(tx, "Café"), account(tx, "Other")
    before = books.dump(path)
    with command(path, now="2026-11-23T10:00:00Z", who="mei") as tx:
        old = {**(tx.read("account", id) or {})}
        tx.update("account", id, {"name": "Café Ltd"})
        assert [row["id"] for row in tx.rows("account", "name", "Café Ltd")] == [id]
        assert (tx.read("account", other) or {})["name"] == "Other"
    *_, change = changes(path)
    assert "Café Ltd" in change["after"]  # unchanged: erasing searches this text
    with command(path) as tx:
        tx.revert("account", id, {name: old[name] for name in json.loads(change["before"])})
    assert books.dump(path) == before
    *_, back = changes(path)
    assert (back["op"], back["before"], back["after"]) == (
        *("update", change["after"]),
        change["before"],
    )


def test_where_a_change_belongs(path: Path) -> None:
    with command(path) as tx:
        id = account(tx)
        person = records.insert(tx, "contact", {"name": "Mei", "account": id})
        records.insert(tx, "product", {"name": "Support"})
    assert [(one["tbl"], one["account_id"]) for one in changes(path)] == [
        *(("account", id), ("contact", id)),
        ("product", None),
    ]
    with command(path) as tx:
        tx.delete("contact", person, merged_into="somebody")
        tx.delete("account", id)
    contact, gone = changes(path)[-2:]
    assert json.loads(contact["after"]) == {"merged_into": "somebody"}
    assert (gone["op"], gone["after"]) == ("delete", None)


def test_rows_may_be_written_before_those_they_point_to(path: Path) -> None:
    moments = dict.fromkeys(("created_at", "updated_at", "updated_by"), "2026-11-22T09:00:00Z")
    tag = {"id": "t", "account_id": "later", "tag": "expo", "position": 0}
    with command(path) as tx:
        tx.insert("tag", tag)
        named = {"number": "A-1", "name": "n", "name_key": "n", "kind": "company"}
        tx.insert("account", {"id": "later", "status": "lead", **named, **moments})
    with pytest.raises(StorageError, match="FOREIGN KEY"), command(path) as tx:
        tx.insert("tag", {**tag, "id": "u", "account_id": "never"})
    assert books.value(path, "SELECT count(*) FROM tag") == 1


def test_what_was_touched_is_found_after_the_command_and_the_file_is_closed(path: Path) -> None:
    with writing(path, **GIVEN) as tx:
        account(tx, "Globex")
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        tx.con.execute("SELECT 1")
    with snapshot(path) as con:
        assert [hit.title for hit in search.find(con, "globex")] == ["Globex"]


@pytest.mark.parametrize("too_late", [False, True])
def test_an_interrupt_at_the_end_stops_the_command_or_comes_too_late(
    path: Path, too_late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(con: sqlite3.Connection, path: Path, sql: str, notice: Any) -> None:
        if sql != "COMMIT" or too_late:
            patiently(con, path, sql, notice)
        if sql == "COMMIT":
            raise KeyboardInterrupt

    monkeypatch.setattr("acctcli.store.commit.patiently", interrupted)
    stopped = contextlib.nullcontext() if too_late else pytest.raises(KeyboardInterrupt)
    with stopped, command(path) as tx:
        account(tx)
    assert books.value(path, "SELECT count(*) FROM account") == too_late


def test_a_typed_name_that_is_no_text_is_kept_as_an_escape(path: Path) -> None:
    with command(path, typed="acct import bad\udcff.csv", who="k\udce9m") as tx:
        account(tx)
    kept = "SELECT typed || '|' || who FROM command"
    assert books.value(path, kept) == r"acct import bad\udcff.csv|k\udce9m"


def test_every_part_of_a_record_is_known(path: Path) -> None:
    """A new table of the schema is a kind, a part of one, or not journalled."""
    with closing(sqlite3.connect(path)) as con:
        tables = {
            name
            for (name,) in con.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            if not name.startswith(("search", "sync_"))
        }
        parts = (
            tables
            - set(KEYED)
            - {"log", "purchase", "review", "plan", "setting", "commitment", "playbook_run"}
        )
        assert parts == {*PART_OF, "command", "added", "change", "preset", "bundle", "erased"}
        for table, column in PART_OF.items():
            columns = [row[1] for row in con.execute(f'PRAGMA table_info("{table}")')]
            assert {"id", column} <= set(columns)


@settings(max_examples=25)
@given(
    values=st.fixed_dictionaries(
        {
            "quantity": st.floats(allow_nan=False, allow_infinity=False),
            "amount": st.integers(-(2**63), 2**63 - 1),
            "payment": st.sampled_from(["cash", "credit", None]),
            "reconciled": st.integers(0, 1),
        }
    ),
    odd_text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
)
def test_deleting_and_inserting_again_is_exact(
    values: dict[str, Any], odd_text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Values that go through the journal's JSON come back unchanged, to the last digit."""
    path = tmp_path_factory.mktemp("exact") / "book.db"
    books.create(path)
    with command(path) as tx:
        id = account(tx, description=odd_text or None)
        values |= {"account": id, "currency": "USD", "purchased_on": "2026-01-01"}
        purchase = records.insert(tx, "purchase", {"recurring": "none", **values})
    before = books.dump(path)
    with command(path) as tx:
        records.delete(tx, "account", id)
        gone = [
            (change["tbl"], json.loads(change["before"]))
            for change in reversed(_changes_of(tx))
            if change["op"] == "delete"
        ]
        assert tx.read("purchase", purchase) is None
        for table, row in gone:
            tx.insert(table, row)
    assert books.dump(path) == before


def _changes_of(tx: Writing) -> list[dict[str, Any]]:
    cursor = tx.con.execute(
        "SELECT tbl, op, before FROM change WHERE command = ? ORDER BY seq", (tx.number(),)
    )
    return [dict(zip(("tbl", "op", "before"), row, strict=True)) for row in cursor]


def add_account_and_impossible_product(path: Path) -> None:
    moments = dict.fromkeys(("created_at", "updated_at", "updated_by"), "2026-11-22T09:00:00Z")
    with command(path) as tx:
        account(tx)
        tx.insert("product", {"id": "p", "name": "n", "name_key": "n", "active": 7, **moments})


def test_a_value_that_the_schema_refuses_changes_nothing(path: Path) -> None:
    before = books.dump(path)
    with pytest.raises(StorageError, match="CHECK"):
        add_account_and_impossible_product(path)
    assert books.dump(path) == before


def test_the_schema_has_its_rules_for_two_machines(path: Path) -> None:
    """No UNIQUE beyond the key, no cascades, STRICT tables: docs/data-model.md says why."""
    with closing(sqlite3.connect(path)) as con:
        for name, sql in con.execute(
            "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'search_%'"
        ):
            shape = sql.upper()
            assert "CASCADE" not in shape, name
            assert "AUTOINCREMENT" not in shape, name
            assert "UNIQUE" not in shape, name
            if shape.startswith("CREATE TABLE") and name != "search":
                assert shape.rstrip().endswith("STRICT"), name
    assert len(migrations.STEPS) == migrations.LATEST
    assert PART_OF.keys().isdisjoint({"command", "added", "change"})
