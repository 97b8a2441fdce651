"""When a book is checked for invalid values, and what queries find then."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from tests import books
from tests.store import making

from acctcli.model import KINDS
from acctcli.store import doubts, queries, records, sanity, undo
from acctcli.store.journal import Writing, writing
from acctcli.store.opening import open_book, snapshot
from acctcli.values.fields import Unreadable

DEAL = KINDS["deal"].fields


@contextmanager
def command(path: Path) -> Iterator[Writing]:
    moment = "2026-11-22T09:00:00Z"
    with writing(path, now=moment, today="2026-11-22", who="kim", typed="acct", notice=print) as tx:
        yield tx


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "book.db"
    books.create(path)
    with command(path) as tx:
        account = records.insert(
            tx, "account", {"name": "Acme", "kind": "company", "status": "lead"}
        )
        records.insert(
            tx,
            "deal",
            {
                **{"account": account, "title": "Rollout", "stage": "proposal", "amount": 100},
                **{"currency": "SGD", "opened_on": "2026-11-01", "close_date": "2026-12-15"},
            },
        )
    return path


def deal_of(path: Path) -> str:
    return str(books.value(path, "SELECT id FROM deal"))


def is_known_sound(path: Path) -> bool:
    """Whether a reader trusts the book without checking its rows."""
    with closing(open_book(path)) as con:
        con.execute("BEGIN")
        doubts.settle(con)
        return con.marked is not None


def test_a_book_that_a_command_makes_is_not_looked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new.db"
    looked = []

    def look(con: sqlite3.Connection) -> list[sanity.Wrong]:
        looked.append(con)
        return []

    monkeypatch.setattr(sanity, "unread", look)
    with making.writing(path) as tx:
        making.add(tx, "account", name="Acme")
    assert looked == []
    assert is_known_sound(path)
    books.change(path, "UPDATE account SET tier = 'x'")
    assert not is_known_sound(path)
    assert len(looked) == 1


def test_a_book_that_nobody_else_wrote_to_is_not_looked_through(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(con: sqlite3.Connection) -> list[sanity.Wrong]:
        raise AssertionError("it was looked through")

    monkeypatch.setattr(sanity, "unread", fail)
    with snapshot(path) as con:
        assert con.execute("SELECT count(*) FROM deal").fetchone() == (1,)
    with command(path) as tx:
        records.update(tx, "deal", deal_of(path), {"title": "Rollout II"})
    assert is_known_sound(path)


def test_a_book_that_another_program_wrote_to_is_looked_through_until_a_command_writes(
    path: Path,
) -> None:
    books.change(path, "UPDATE deal SET title = 'Theirs'")
    assert not is_known_sound(path)
    with command(path) as tx:
        records.update(tx, "deal", deal_of(path), {"title": "Ours"})
    assert is_known_sound(path)


def test_a_vacuum_and_a_change_of_the_schema_are_writes_too(path: Path) -> None:
    for statement in ("VACUUM", "CREATE TABLE theirs (x)"):
        with command(path) as tx:
            records.update(tx, "deal", deal_of(path), {"title": statement})
        assert is_known_sound(path)
        with closing(sqlite3.connect(path, isolation_level=None)) as con:
            con.execute(statement)
        assert not is_known_sound(path)


def test_the_first_command_of_a_new_book_leaves_it_known(path: Path) -> None:
    path.unlink()
    moment = "2026-11-22T09:00:00Z"
    with writing(
        path, now=moment, today="2026-11-22", who="kim", typed="acct", create=True, notice=print
    ) as tx:
        records.insert(tx, "account", {"name": "Acme", "kind": "company", "status": "lead"})
    assert is_known_sound(path)


def test_several_commands_leave_it_known(path: Path) -> None:
    for number in range(5):
        with command(path) as tx:
            records.update(tx, "deal", deal_of(path), {"title": f"Rollout {number}"})
        assert is_known_sound(path), number


def test_a_wrong_value_is_hidden_until_it_is_put_right(path: Path) -> None:
    deal = deal_of(path)
    books.change(path, "UPDATE deal SET close_date = 'soon'")
    for _ in range(2):
        with snapshot(path) as con:
            row = queries.get(con, "deal", DEAL, deal)
            assert (row["close_date"], row["opened_on"]) == (None, "2026-11-01")
            shown = queries.get(con, "deal", DEAL, deal, as_stored=True)
            assert shown["close_date"] == "soon"
            assert isinstance(shown["close_date"], Unreadable)
        with command(path) as tx:
            records.update(tx, "deal", deal, {"title": "Renamed"})
        assert not is_known_sound(path)
    with command(path) as tx:
        before = records.update(tx, "deal", deal, {"close_date": "2026-12-24"})
        assert before == {"close_date": None}
        assert queries.get(tx.con, "deal", DEAL, deal)["close_date"] == "2026-12-24"
    assert is_known_sound(path)
    assert books.value(path, "SELECT old FROM deal_change WHERE field = 'close_date'") is None


def test_an_undo_that_brings_a_wrong_value_back_says_so(path: Path) -> None:
    deal = deal_of(path)
    books.change(path, "UPDATE deal SET close_date = 'soon'")
    with command(path) as tx:
        records.update(tx, "deal", deal, {"close_date": "2026-12-24"})
    assert is_known_sound(path)
    with command(path) as tx:
        undo.undo(tx, undo.last_undoable(tx.con))
    assert books.value(path, "SELECT close_date FROM deal") == "soon"
    assert not is_known_sound(path)


def test_a_write_ahead_log_counts_nothing(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("SELECT 1 FROM deal").fetchall()
        with closing(open_book(path)) as con:
            assert con.file_change is None


@pytest.mark.parametrize("stored", ["soon", "", "2026-02-30", "2026-1-5", "0001-01-01"])
def test_days_that_are_none(path: Path, stored: str) -> None:
    books.change(path, "UPDATE deal SET close_date = ?", stored)
    with closing(open_book(path)) as con:
        [wrong] = sanity.unread(con)
    assert (wrong.table, wrong.column, wrong.stored) == ("deal", "close_date", stored)
    assert wrong.id == deal_of(path)


def test_every_table_and_column_has_its_rules_without_a_finding_in_a_sound_book(
    path: Path,
) -> None:
    with closing(open_book(path)) as con:
        assert sanity.all_wrong(con) == []
