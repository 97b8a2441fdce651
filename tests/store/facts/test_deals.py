"""All deals of the book, as a forecast and as their history need them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.store.making import add, writing

from acctcli.store import deals
from acctcli.store.facts import deals as sql
from acctcli.store.journal import Writing


@pytest.fixture
def tx(book: Path) -> Iterator[Writing]:
    with writing(book) as tx:
        yield tx


@pytest.fixture
def account(tx: Writing) -> str:
    return add(tx, "account", name="Acme", owner="Kim", tier="key")


def test_what_a_forecast_reads(tx: Writing, account: str) -> None:
    add(tx, "deal", account=account, title="A", amount=5, currency="SGD", close_date="2026-12-01")
    closed: dict[str, Any] = {"closed_on": "2026-11-01", "category": "closed", "owner": "Raj"}
    add(tx, "deal", account=account, title="B", close_date="2026-12-01", **closed)
    add(tx, "deal", account=account, title="C")
    found = {row.day: row[3:5] + row[6:] for row in sql.forecast(tx.con, [])}
    assert found == {
        date(2026, 12, 1): (5, "SGD", False, "Kim", "key"),
        date(2026, 11, 1): (None, None, True, "Raj", "key"),
        None: (None, None, False, "Kim", "key"),
    }
    assert [row.day for row in sql.forecast(tx.con, [deals.WON])] == [date(2026, 11, 1)]
    assert {row.title: row.owner for row in sql.every(tx.con)} == {
        "A": "Kim",
        "B": "Raj",
        "C": "Kim",
    }


def test_a_deal_as_it_is_now(tx: Writing, account: str) -> None:
    id = add(
        tx, "deal", account=account, title="A", stage="demo", category="pipeline", amount=5,
        currency="SGD", close_date="2026-12-01", opened_on="2026-10-01",
    )  # fmt: skip
    (found,) = sql.every(tx.con)
    assert found[:6] == (id, "Acme", account, "A", "demo", "pipeline")
    assert found[6:] == (5, "SGD", "2026-12-01", "2026-10-01", None, "Kim", "key")


def test_changes_come_oldest_first(tx: Writing, account: str) -> None:
    deal = add(tx, "deal", account=account, title="A")
    for on, old, new, note in (
        ("2026-11-03", "b", "c", "They agreed"),
        ("2026-11-01", "a", "b", None),
    ):
        values: dict[str, Any] = {"changed_on": on, "field": "stage", "old": old, "new": new}
        values["note"] = note
        add(tx, "deal_change", deal=deal, account=account, **values)
    assert [change for change in sql.changes(tx.con) if change.old] == [
        (deal, "2026-11-01", "stage", "a", "b", None),
        (deal, "2026-11-03", "stage", "b", "c", "They agreed"),
    ]
