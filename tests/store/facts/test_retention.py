"""Sales as retention counts them, and ending contracts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.store.making import add

from acctcli.store.facts import retention as sql
from acctcli.store.journal import Writing

TODAY = date(2026, 11, 22)


@pytest.fixture
def account(tx: Writing) -> str:
    return add(tx, "account", name="Acme", status="customer")


def test_purchases_with_their_terms(tx: Writing, account: str) -> None:
    days: dict[str, Any] = {"starts_on": "2026-02-01", "ends_on": "2027-01-31"}
    term = {"purchased_on": "2026-01-15", "recurring": "yearly", **days}
    add(tx, "purchase", account=account, amount=7, currency="EUR", **term)
    add(tx, "purchase", account=account, amount=5, purchased_on="2026-01-01", recurring="none")
    again = (account, 7, "EUR", date(2026, 1, 15), date(2026, 2, 1), date(2027, 1, 31), True)
    once = (account, 5, "SGD", date(2026, 1, 1), None, None, False)
    assert sorted(sql.sales(tx.con, []), key=lambda sale: sale.amount) == [once, again]
    assert sql.sales(tx.con, [], recurring=True) == [again]


def test_won_deals_count_as_sales_unless_a_purchase_points_to_them(
    tx: Writing, account: str
) -> None:
    won: dict[str, Any] = {"category": "closed", "closed_on": "2026-11-01"}
    add(tx, "deal", account=account, title="Won", amount=9, currency="SGD", **won)
    recorded = add(tx, "deal", account=account, title="Sold", amount=8, currency="SGD", **won)
    add(tx, "deal", account=account, title="No amount", **won)
    add(tx, "deal", account=account, title="Open", amount=9)
    assert len(sql.sales(tx.con, [])) == 2
    add(tx, "purchase", account=account, amount=5, deal=recorded, purchased_on="2026-11-02")
    once = [
        (account, 5, "SGD", date(2026, 11, 2), None, None, False),
        (account, 9, "SGD", date(2026, 11, 1), None, None, False),
    ]
    assert sql.sales(tx.con, []) == once
    assert sql.sales(tx.con, [], recurring=True) == []
