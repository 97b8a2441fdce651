"""Which of the records with one number keeps it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from acctcli.store.sync import twins

EARLY, LATE = '{"*": [1, "aa"]}', '{"*": [9, "aa"], "number": [2, "bb"]}'


@pytest.fixture
def con() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as con:
        con.executescript(
            "CREATE TABLE account (id, name, number); CREATE TABLE sync_row (id, ver);"
            "CREATE TABLE quote (id, number, deal_id, account_id, sent_on);"
            "INSERT INTO account VALUES ('x', 'X', 'A-0001'), ('y', 'Y', 'A-0001'), "
            "('z', 'Z', 'A-0002');"
            "INSERT INTO quote VALUES ('p', 'Q-1', 'd', 'x', NULL), "
            "('q', 'Q-1', 'e', 'y', NULL);"
        )
        for id, ver in (("x", LATE), ("y", EARLY), ("p", LATE), ("q", EARLY)):
            con.execute("INSERT INTO sync_row VALUES (?, ?)", (id, ver))
        yield con


def test_the_earlier_number_stays_and_its_machine_changes_the_later(
    con: sqlite3.Connection,
) -> None:
    assert twins.losing(con, "account", "bb") == ["x"]
    assert twins.losing(con, "account", "aa") == []
    assert twins.losing(con, "quote", "bb") == ["p"]


def test_what_joins_loses_though_it_is_older(con: sqlite3.Connection) -> None:
    assert twins.losing(con, "account", "aa", {"y", "z"}) == ["y"]
    assert twins.losing(con, "account", "bb", {"x", "y"}) == ["x"]


def test_a_quote_that_was_sent_loses_nothing(con: sqlite3.Connection) -> None:
    con.execute("UPDATE quote SET sent_on = '2026-11-22' WHERE id = 'p'")
    assert twins.losing(con, "quote", "bb") == []
    assert twins.losing(con, "quote", "aa") == ["q"]
    assert twins.sent(con) == {}
    con.execute("UPDATE quote SET sent_on = '2026-11-22'")
    assert twins.losing(con, "quote", "aa") == []
    assert twins.sent(con) == {"Q-1": [("p", "X"), ("q", "Y")]}
