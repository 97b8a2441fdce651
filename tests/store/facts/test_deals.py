"""All deals of the book, as their history needs them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.store.making import add

from acctcli.store.facts import deals as sql
from acctcli.store.journal import Writing


@pytest.fixture
def account(tx: Writing) -> str:
    return add(tx, "account", name="Acme", owner="Kim", tier="key")


def test_the_owner_is_its_own_else_that_of_the_account(tx: Writing, account: str) -> None:
    add(tx, "deal", account=account, title="A")
    add(tx, "deal", account=account, title="B", owner="Raj")
    assert {row.title: row.owner for row in sql.every(tx.con)} == {"A": "Kim", "B": "Raj"}


def test_a_deal_as_it_is_now(tx: Writing, account: str) -> None:
    id = add(
        tx, "deal", account=account, title="A", stage="demo", category="pipeline", amount=5,
        currency="SGD", close_date="2026-12-01", opened_on="2026-10-01",
        type="renewal", probability=40,
    )  # fmt: skip
    (found,) = sql.every(tx.con)
    assert found[:6] == (id, "Acme", account, "A", "demo", "pipeline")
    assert found[6:10] == (5, "SGD", "2026-12-01", "2026-10-01")
    assert found[10:-1] == (None, "Kim", "key", "renewal", 40)


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
