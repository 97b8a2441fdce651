"""Interactions by week, and the last touch by a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.store.making import add

from acctcli.store.facts import activity as sql
from acctcli.store.journal import Writing

START, END = date(2026, 11, 2), date(2026, 11, 15)


@pytest.fixture
def account(tx: Writing) -> str:
    return add(tx, "account", name="Acme", owner="Kim", tier="key", cadence_days=9)


def test_interactions_are_counted_by_week_kind_owner_and_account(tx: Writing, account: str) -> None:
    deal = add(tx, "deal", account=account, title="D", owner="Raj")
    for day, kind, direction, minutes, of in (
        ("02", "call", None, 10, None),
        ("08", "call", None, 20, None),
        ("08", "email", "out", None, None),
        ("09", "call", None, None, None),
        ("09", "call", None, 5, deal),
        ("16", "call", None, 5, None),
        ("01", "call", None, 5, None),
    ):
        at = f"2026-11-{day}T09:00:00Z"
        values: dict[str, Any] = {"direction": direction, "duration": minutes, "deal": of}
        add(tx, "log", account=account, at=at, kind=kind, **values)
    first, second = START, date(2026, 11, 9)
    assert {*sql.interactions(tx.con, START, END, [], [])} == {
        (first, "call", True, "Kim", account, 2, 30),
        (first, "email", False, "Kim", account, 1, 0),
        (second, "call", True, "Kim", account, 1, 0),
        (second, "call", True, "Raj", account, 1, 5),
    }
    assert [count.owner for count in sql.interactions(tx.con, START, END, [], ["raj"])] == ["Raj"]


def test_the_last_touch_by_a_day(tx: Writing, account: str) -> None:
    for day in ("01", "15", "16"):
        add(tx, "log", account=account, kind="call", at=f"2026-11-{day}T09:00:00Z")
    add(tx, "log", account=account, kind="note", at="2026-11-10T09:00:00Z")
    assert sql.contacted(tx.con, END, []) == [(account, "key", 9, END)]
    assert sql.contacted(tx.con, date(2026, 10, 1), []) == [(account, "key", 9, None)]
