"""The steps of the schema that also read existing rows: each reports what it did."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from acctcli.store import migrations
from acctcli.store.migrations import STEPS

NOW = "2026-11-22T12:00:00Z"


@pytest.fixture
def before() -> Iterator[sqlite3.Connection]:
    """A file of version 5 with one account."""
    with closing(sqlite3.connect(":memory:")) as con:
        for step in STEPS[:5]:
            step(con)
        con.execute("PRAGMA user_version = 5")
        con.execute(
            "INSERT INTO account (id, created_at, updated_at, updated_by, number, name, name_key, "
            "kind, status) VALUES ('a', ?, ?, 'kim', 'A-0001', 'Konex', 'konex', 'company', ?)",
            (NOW, NOW, "lead"),
        )
        yield con


def log(con: sqlite3.Connection, id: str, kind: str, **values: object) -> None:
    known = {"created_at": NOW, "updated_at": NOW, "updated_by": "kim", "account_id": "a"}
    row = {"id": id, "kind": kind, "at": NOW, "summary": "S", **known, **values}
    con.execute(
        f"INSERT INTO log ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
        tuple(row.values()),
    )


def test_scores_get_the_scale_by_which_they_were_read(before: sqlite3.Connection) -> None:
    log(before, "1", "survey", score=9)
    log(before, "2", "survey", score=4)
    log(before, "3", "survey", score=4, summary="CSAT 4 of 5")
    log(before, "4", "survey", score=9, summary="csat")
    log(before, "5", "survey", score=4, scale="csat")
    log(before, "6", "survey")
    says = migrations.migrate(before)
    found = before.execute("SELECT id, scale FROM log ORDER BY id").fetchall()
    assert found == [
        *(("1", "nps"), ("2", "nps"), ("3", "csat"), ("4", "nps"), ("5", "csat"), ("6", None))
    ]
    assert says == [
        "Scores of surveys have a scale now: 3 as NPS and 1 as CSAT, as they were read before. "
        "To change one: acct log edit --scale csat"
    ]


def test_calls_that_reached_nobody_are_attempts(before: sqlite3.Connection) -> None:
    for id, kind, outcome in (
        *(("1", "call", "Voicemail"), ("2", "meeting", "no-show"), ("3", "call", "connected")),
        *(("4", "email", "no answer"), ("5", "call", None)),
    ):
        log(before, id, kind, outcome=outcome)
    says = migrations.migrate(before)
    found = before.execute("SELECT id, attempt FROM log ORDER BY id").fetchall()
    assert found == [("1", 1), ("2", 1), ("3", 0), ("4", 0), ("5", 0)]
    assert says == [
        "2 calls or meetings whose outcome says that nobody was reached count as an attempt now. "
        "To change one: acct log edit --answer"
    ]


def test_nothing_is_said_where_nothing_changed(before: sqlite3.Connection) -> None:
    log(before, "1", "call")
    assert migrations.migrate(before) == []
