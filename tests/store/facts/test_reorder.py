"""One-off orders: purchases without a term, and won deals that no purchase points to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.store.making import add, writing

from acctcli.store.facts import agenda
from acctcli.store.facts import reorder as sql
from acctcli.store.journal import Writing


@pytest.fixture
def tx(book: Path) -> Iterator[Writing]:
    with writing(book) as tx:
        yield tx


@pytest.fixture
def account(tx: Writing) -> str:
    return add(tx, "account", name="Acme", status="customer")


WON: dict[str, Any] = {"category": "closed", "closed_on": "2026-11-01"}


def days(tx: Writing, account: str) -> list[str]:
    return [one.day.isoformat() for one in sql.orders(tx.con, [account])]


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


def buys(tx: Writing, account: str, *days: str) -> None:
    for day in days:
        add(tx, "purchase", account=account, purchased_on=day)


UNTIL = date(2026, 11, 15)


def test_who_orders_again_and_again(tx: Writing, account: str) -> None:
    buys(tx, account, "2026-08-01", "2026-09-01")
    assert agenda.ordering(tx.con, UNTIL, 3) == []
    buys(tx, account, "2026-10-01")
    ((id, last, found),) = agenda.ordering(tx.con, UNTIL, 3)
    assert (id, last) == (account, "2026-10-01")
    assert sorted(found.split(",")) == ["2026-08-01", "2026-09-01", "2026-10-01"]
    assert agenda.ordering(tx.con, UNTIL, 4) == []
    assert agenda.ordering(tx.con, date(2026, 9, 30), 3) == []


def test_purchases_and_won_deals_count_together(tx: Writing, account: str) -> None:
    buys(tx, account, "2026-08-01", "2026-09-01")
    deal = add(tx, "deal", account=account, title="Won", amount=9, currency="SGD", **WON)
    assert len(agenda.ordering(tx.con, UNTIL, 3)) == 1
    add(tx, "purchase", account=account, purchased_on="2026-11-10", deal=deal)
    ((_, last, found),) = agenda.ordering(tx.con, UNTIL, 3)
    assert last == "2026-11-10"
    assert f"{deal}2026-11-10" in found.split(",")
