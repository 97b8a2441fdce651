"""The facts of the week: whose they are, which days, without notes and archived accounts."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.store.making import add

from acctcli.store.facts import week
from acctcli.store.journal import Writing

MONDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 22)


def test_a_note_is_no_talk_and_a_deal_has_its_own_owner(tx: Writing) -> None:
    account = add(tx, "account", name="Acme", owner="Kim")
    deal = add(
        tx,
        "deal",
        account=account,
        title="A",
        stage="proposal",
        opened_on="2026-11-01",
        owner="Lou",
    )
    talk: dict[str, Any] = {"account": account, "summary": "Spoke"}
    add(tx, "log", kind="call", at="2026-11-17T09:00:00Z", **talk)
    add(tx, "log", kind="call", at="2026-11-18T09:00:00Z", deal=deal, **talk)
    add(tx, "log", kind="note", at="2026-11-17T09:00:00Z", **talk)
    add(tx, "log", kind="call", at="2026-11-24T09:00:00Z", **talk)
    days = [row.day for row in week.talks(tx.con, MONDAY, SUNDAY, [], [])]
    assert sorted(days) == ["2026-11-17", "2026-11-18"]
    assert [row.day for row in week.talks(tx.con, MONDAY, SUNDAY, [], ["lou"])] == ["2026-11-18"]


def test_a_review_counts_only_if_it_is_the_last(tx: Writing) -> None:
    account = add(tx, "account", name="Acme")
    add(tx, "review", account=account, held_on="2026-08-01", next_review="2026-11-18")
    (row,) = week.reviews(tx.con, MONDAY, SUNDAY, [])
    assert row == ("Acme", account, "2026-11-18")
    add(tx, "review", account=account, held_on="2026-11-01", next_review="2027-02-01")
    assert week.reviews(tx.con, MONDAY, SUNDAY, []) == []
