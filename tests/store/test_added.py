from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests import books

from acctcli.book import history
from acctcli.errors import Conflict
from acctcli.store import added, erase, records, undo
from acctcli.store import history as journal
from acctcli.store.journal import Writing, writing
from acctcli.store.opening import open_book

TODAY = date(2026, 11, 22)
GIVEN: dict[str, Any] = {
    **{"now": "2026-11-22T09:00:00Z", "today": "2026-11-22", "who": "kim", "typed": "acct …"},
    "notice": print,
}


@pytest.fixture(params=[1, 6, 1000], ids=["listed", "some listed", "one by one"])
def path(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a book to which every command adds its records in lists, or one by one."""
    monkeypatch.setattr(added, "MANY", request.param)
    monkeypatch.setattr(added, "WAITING", 5)  # lists are written in several parts
    monkeypatch.setattr(added, "_TOGETHER", 3)
    books.create(tmp_path / "book.db")
    return tmp_path / "book.db"


def fill(tx: Writing) -> dict[str, list[str]]:
    """Accounts with tags, people at them and without one, interactions with people."""
    account = {"kind": "company", "status": "lead"}
    accounts = records.insert_all(
        tx, "account", [({"name": n, "tags": ("x", "y"), **account}, {"s": "a"}) for n in "ABCD"]
    )
    people = records.insert_all(
        tx, "contact", [({"name": f"P{a}", "account": a}, {}) for a in (*accounts, None)]
    )
    logs = records.insert_all(
        tx,
        "log",
        [
            (
                {
                    **{"account": accounts[n % 2], "kind": "call", "at": "2026-11-20T09:00:00Z"},
                    **{"summary": f"Call {n}", "contacts": (people[n % 2],)},
                },
                {},
            )
            for n in range(10)
        ],
    )
    # A new record may be changed by the same command.
    records.update(tx, "account", accounts[0], {"parent": accounts[1]})
    return {"account": accounts, "contact": people, "log": logs}


def told(path: Path, kind: str, id: str) -> set[tuple[str, str, str]]:
    with closing(open_book(path)) as con:
        rows = history.changes(con, kind, id, today=TODAY)
    return {(row["kind"], row["record"], row["what"]) for row in rows}


def test_what_is_added_is_undone_to_the_byte_and_done_again(path: Path) -> None:
    empty = books.dump(path)
    with writing(path, **GIVEN) as tx:
        fill(tx)
    full = books.dump(path)
    lists = books.value(path, "SELECT count(*) FROM added")
    assert (lists > 0) == (added.MANY < 10)
    with writing(path, **GIVEN) as tx:
        assert undo.undo(tx, undo.last_undoable(tx.con)).records == 19
    assert books.dump(path) == empty
    with writing(path, **GIVEN) as tx:
        undo.undo(tx, undo.last_undo(tx.con))
    assert books.dump(path) == full
    assert books.sound(path)


def test_the_history_tells_the_same_of_what_is_listed(path: Path) -> None:
    with writing(path, **GIVEN) as tx:
        made = fill(tx)
    with writing(path, **GIVEN) as tx:
        records.update(tx, "contact", made["contact"][0], {"account": made["account"][2]})
    first, second = made["account"][:2]
    assert told(path, "account", first) == {
        ("account", "A", "added"),
        ("account", "A", "parent set to B"),
        ("contact", f"P{first}", "added"),
        ("contact", f"P{first}", "account A → C"),
        *(("log", f"Call {n}", "added") for n in range(0, 10, 2)),
    }
    assert ("log", "Call 1", "added") in told(path, "account", second)
    # Found where it is, where it was before it moved, and without an account.
    assert told(path, "log", made["log"][3]) == {("log", "Call 3", "added")}
    assert ("contact", f"P{first}", "added") in told(path, "contact", made["contact"][0])
    assert told(path, "contact", made["contact"][4]) == {("contact", "PNone", "added")}
    with closing(open_book(path)) as con:
        latest, earlier = journal.commands(con, kinds=["contact"])
        assert (latest["records"], earlier["records"]) == (1, 19)
        assert len(journal.commands(con, kinds=["log"])) == 1


def test_what_was_changed_since_or_is_gone_stops_the_undo(path: Path) -> None:
    with writing(path, **GIVEN) as tx:
        made = fill(tx)
    with writing(path, **GIVEN) as tx:
        records.update(tx, "log", made["log"][0], {"summary": "Edited"})
    with pytest.raises(Conflict, match="changed since by command 2"), writing(path, **GIVEN) as tx:
        undo.undo(tx, 1)
    books.change(path, "DELETE FROM log_contact WHERE log_id = ?", made["log"][1])
    books.change(path, "DELETE FROM log WHERE id = ?", made["log"][1])
    with pytest.raises(Conflict, match="is not there any more"), writing(path, **GIVEN) as tx:
        undo.undo(tx, 1)


def test_who_is_erased_is_in_no_list_and_the_rest_can_be_undone(path: Path) -> None:
    empty = books.dump(path)
    with writing(path, **GIVEN) as tx:
        made = fill(tx)
    person = made["contact"][0]
    with closing(sqlite3.connect(path)) as con:
        (link,) = con.execute(
            "SELECT group_concat(id) FROM log_contact WHERE contact_id = ?", (person,)
        ).fetchone()
    erase.contacts(path, [person], now=GIVEN["now"], who="kim")
    content = path.read_bytes()
    assert person.encode() not in content
    assert not any(id.encode() in content for id in link.split(","))
    with writing(path, **GIVEN) as tx:
        undo.undo(tx, 1, keep_edited=True)
    assert books.dump(path) == empty


def test_a_list_that_cannot_be_read_is_not_undone(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    with writing(path, create=True, **GIVEN) as tx:
        records.insert_all(tx, "product", [({"name": f"N{n}"}, {}) for n in range(200)])
    assert books.value(path, "SELECT count(*) FROM change") == 0
    for rows in ("no json", "[5]", '{"a": "b"}', "[]"):
        books.change(path, "UPDATE added SET rows = ?", rows)
        with pytest.raises(Conflict, match="cannot be read"), writing(path, **GIVEN) as tx:
            undo.undo(tx, 1)


def test_a_list_is_read_as_it_is_written() -> None:
    parts = [("t1", "a1"), ("t2", "a1")]
    assert added.pairs_of("tag", "account", added.listed("tag", "account", parts)) == parts
    own = [("a1", "a1"), ("a2", "a2")]
    kept = added.listed("account", "account", own)
    assert json.loads(kept) == ["a1", "a2"]
    assert added.pairs_of("account", "account", kept) == own
