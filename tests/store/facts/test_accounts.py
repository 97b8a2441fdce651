"""Accounts with their last two-way touch: which ones, and on which day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.conftest import set_zone
from tests.store.making import add

from acctcli.store.facts import accounts as sql
from acctcli.store.filters import Condition
from acctcli.store.journal import Writing

TODAY = date(2026, 11, 22)


def acme(tx: Writing, name: str = "Acme", **values: Any) -> str:
    return add(tx, "account", name=name, **values)


def test_accounts_with_their_last_two_way_touch(tx: Writing) -> None:
    id = acme(tx, tier="key", cadence_days=9)
    for kind, direction, at in (
        ("call", None, "2026-10-01T09:00:00Z"),
        ("email", "in", "2026-10-03T09:00:00Z"),
        ("email", "out", "2026-10-04T09:00:00Z"),
        ("note", None, "2026-10-05T09:00:00Z"),
        ("proposal", "in", "2026-10-06T09:00:00Z"),
    ):
        add(tx, "log", account=id, kind=kind, direction=direction, at=at)
    silent = acme(tx, "Quiet Ltd")
    assert sql.accounts(tx.con, sql.awake(TODAY)) == [
        (id, "Acme", "A-0001", "key", "prospect", 9, "2026-11-22", "2026-10-03"),
        (silent, "Quiet Ltd", "A-0002", None, "prospect", None, None, None),
    ]


def test_days_are_those_of_accounts_from_which_something_may_follow(tx: Writing) -> None:
    given: dict[str, dict[str, Any]] = {
        "Tier": {"tier": "key"},
        "Own": {"cadence_days": 9},
        "Open": {},
        "Won": {},
        "None": {},
    }
    for name, values in given.items():
        add(tx, "log", account=acme(tx, name, **values), at="2026-10-01T09:00:00Z")
    for name, closed in (("Open", None), ("Won", "2026-11-01")):
        (id,) = [row["id"] for row in tx.rows("account", "name", name)]
        add(tx, "deal", account=id, title="D", closed_on=closed)
    touched = [row[1] for row in sql.accounts(tx.con, sql.awake(TODAY)) if row[7] is not None]
    assert sorted(touched) == ["Open", "Own", "Tier"]
    entered = [row[1] for row in sql.accounts(tx.con, sql.awake(TODAY)) if row[6] is not None]
    assert sorted(entered) == ["Own", "Tier"]


def test_days_of_moments_are_local(tx: Writing, monkeypatch: pytest.MonkeyPatch) -> None:
    id = acme(tx, cadence_days=14)
    add(tx, "log", account=id, at="2026-11-20T23:30:00Z")
    monkeypatch.setenv("TZ", "Asia/Singapore")
    set_zone()
    assert [row[7] for row in sql.accounts(tx.con, sql.awake(TODAY))] == ["2026-11-21"]


def test_archived_and_snoozed_accounts_are_left_out(tx: Writing) -> None:
    acme(tx, "Gone", archived_at="2026-01-01T00:00:00Z")
    acme(tx, "Later", snoozed_until="2026-11-23")
    back = acme(tx, "Back", snoozed_until="2026-11-22")
    assert [row[0] for row in sql.accounts(tx.con, sql.awake(TODAY))] == [back]


def test_only_accounts_that_fit(tx: Writing) -> None:
    acme(tx, "Small", tier="smb")
    key = acme(tx, "Large", tier="key")
    only = [Condition("t.tier = ?", ["key"])]
    assert [row[0] for row in sql.accounts(tx.con, [*sql.awake(TODAY), *only])] == [key]


def test_the_last_touch_is_one_step_into_an_index(tx: Writing) -> None:
    # The index has every column that TWO_WAY asks for: the latest that fits is the first it meets.
    rows = tx.con.execute(f"EXPLAIN QUERY PLAN SELECT {sql.LAST_TOUCH} FROM account t")
    found = " ".join(row[3] for row in rows)
    assert "SEARCH log USING COVERING INDEX log_by_account (account_id=?)" in found


def test_the_last_touch_takes_no_longer_with_more_interactions(tx: Writing) -> None:
    def steps(logs: int) -> int:
        id = acme(tx, f"With {logs}")
        for n in range(logs):
            add(tx, "log", account=id, at=f"2026-11-20T09:{n // 60:02}:{n % 60:02}Z")
        taken = 0

        def step() -> int:
            nonlocal taken
            taken += 1
            return 0

        tx.con.set_progress_handler(step, 1)
        asked = f"SELECT {sql.LAST_TOUCH} FROM account t WHERE t.id = ?"
        ((last,),) = tx.con.execute(asked, (id,)).fetchall()
        tx.con.set_progress_handler(None, 1)
        assert last == f"2026-11-20T09:{(logs - 1) // 60:02}:{(logs - 1) % 60:02}Z"
        return taken

    assert steps(300) == steps(3)
