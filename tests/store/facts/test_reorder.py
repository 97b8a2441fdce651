"""One-off orders: purchases without a term, and won deals that no purchase points to."""

from __future__ import annotations

from typing import Any

import pytest
from tests.store.making import add

from acctcli.store.facts import reorder as sql
from acctcli.store.journal import Writing


@pytest.fixture
def account(tx: Writing) -> str:
    return add(tx, "account", name="Acme", status="customer")


WON: dict[str, Any] = {"category": "closed", "closed_on": "2026-11-01"}


def days(tx: Writing, account: str) -> list[str]:
    return [one.day for one in sql.orders(tx.con, [account])]


def test_what_is_an_order(tx: Writing, account: str) -> None:
    deal = add(tx, "deal", account=account, title="Recorded", amount=8, currency="SGD", **WON)
    add(tx, "purchase", account=account, purchased_on="2026-10-01", deal=deal)
    add(tx, "deal", account=account, title="Not recorded", amount=9, currency="SGD", **WON)
    add(tx, "purchase", account=account, purchased_on="2026-09-01", amount=-5)
    add(tx, "purchase", account=account, purchased_on="2026-08-01", recurring="monthly")
    add(tx, "purchase", account=account, purchased_on="2026-07-01", ends_on="2027-07-01")
    add(tx, "deal", account=account, title="No amount", **{**WON, "closed_on": "2026-06-01"})
    assert days(tx, account) == ["2026-06-01", "2026-10-01", "2026-11-01"]
    assert [one.deal_id for one in sql.orders(tx.con, [account])][1] == deal
    assert sql.orders(tx.con, []) == []


def test_orders_of_all_accounts_are_those_of_each(tx: Writing, account: str) -> None:
    other = add(tx, "account", name="Other", status="customer")
    for day in ("2026-08-01", "2026-09-01"):
        add(tx, "purchase", account=account, purchased_on=day, amount=100, currency="SGD")
    deal = add(tx, "deal", account=other, title="Won", amount=9, currency="SGD", **WON)
    add(tx, "purchase", account=other, purchased_on="2026-11-10", deal=deal)
    add(tx, "deal", account=account, title="Not recorded", amount=9, currency="SGD", **WON)
    found = sorted(sql.days_of_all(tx.con))
    orders = sql.orders(tx.con, [account, other])
    assert found == sorted((one.account_id, one.deal_id or one.day, one.day) for one in orders)
    assert [order for order in found if order[1] == deal] == [(other, deal, "2026-11-10")]
    assert len(found) == 4
