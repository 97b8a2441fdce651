"""What the accounts of a group have, asked by account."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.store.making import add

from acctcli.store.facts import groups
from acctcli.store.facts.groups import BoughtRow
from acctcli.store.journal import Writing


def test_what_was_bought_counts_by_account_and_currency_between_two_days(tx: Writing) -> None:
    one, other = (add(tx, "account", name=name) for name in ("One", "Other"))
    for account, day, amount, currency in (
        (one, "2025-11-22", 1, "SGD"),
        (one, "2025-11-23", 2, "SGD"),
        (one, "2026-11-22", 4, "SGD"),
        (one, "2026-11-23", 8, "SGD"),
        (one, "2026-01-01", 16, "EUR"),
        (other, "2026-01-01", 32, "SGD"),
    ):
        bought: dict[str, Any] = {"purchased_on": day, "amount": amount, "currency": currency}
        add(tx, "purchase", account=account, **bought)
    # Won, and no purchase points to it: it counts as a sale.
    won: dict[str, Any] = {"stage": "won", "category": "closed", "closed_on": "2026-02-01"}
    add(tx, "deal", account=other, title="Won", amount=64, currency="SGD", **won)
    days = date(2025, 11, 23), date(2026, 11, 22)
    found = groups.bought(tx.con, [one, other], *days)
    assert set(found) == {
        BoughtRow(one, "SGD", 6),
        BoughtRow(one, "EUR", 16),
        BoughtRow(other, "SGD", 96),
    }
    assert groups.bought(tx.con, [other], *days) == [BoughtRow(other, "SGD", 96)]


def test_open_deals_are_those_in_the_categories(tx: Writing) -> None:
    account = add(tx, "account", name="One")
    other = add(tx, "account", name="Other")
    deals: dict[str, dict[str, Any]] = {
        "Open": {"amount": 100, "currency": "SGD", "category": "best-case"},
        "Without": {"category": "best-case"},
        "Omitted": {"category": "omitted"},
        "Won": {"stage": "won", "category": "closed", "closed_on": "2026-02-01"},
    }
    named = {
        title: add(tx, "deal", account=account, title=title, **values)
        for title, values in deals.items()
    }
    add(tx, "deal", account=other, title="Elsewhere", category="best-case")
    found = groups.open_deals(tx.con, [account], ("pipeline", "best-case"))
    assert {(row.id, row.amount) for row in found} == {
        (named["Open"], 100),
        (named["Without"], None),
    }
    assert groups.open_deals(tx.con, [account], ("pipeline",)) == []


def test_the_last_touch_of_accounts_that_have_one(tx: Writing) -> None:
    one, other = (add(tx, "account", name=name) for name in ("One", "Other"))
    for moment in ("2026-11-01T09:00:00Z", "2026-11-02T09:00:00Z"):
        add(tx, "log", account=one, at=moment)
    add(tx, "log", account=other, kind="note")
    assert groups.last_touches(tx.con, [one, other]) == {one: "2026-11-02T09:00:00Z"}


def test_people_are_at_their_account_and_where_they_are_linked(tx: Writing) -> None:
    one, other = (add(tx, "account", name=name) for name in ("One", "Other"))
    mei = add(tx, "contact", name="Mei", account=one, title="CFO", role="economic-buyer")
    raj = add(tx, "contact", name="Raj", account=other, stance="champion", title="CTO")
    add(tx, "affiliation", contact=raj, account=one, title="Adviser", role="coach")
    add(tx, "affiliation", contact=mei, account=other, to_on="2026-01-01")
    called = add(tx, "log", account=other, at="2026-11-02T09:00:00Z", contacts=[raj])
    assert called
    found = groups.people_at(tx.con, [one])
    assert [(p.id, p.account_id, p.title, p.role, p.stance) for p in found] == [
        (mei, one, "CFO", "economic-buyer", None),
        (raj, one, "Adviser", "coach", "champion"),
    ]
    assert [p.last_touch for p in found] == [None, "2026-11-02T09:00:00Z"]
    assert [(p.id, p.title) for p in groups.people_at(tx.con, [other])] == [(raj, "CTO")]
