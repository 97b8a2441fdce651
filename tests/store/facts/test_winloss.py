"""Closed deals with what may explain how they ended."""

from __future__ import annotations

from typing import Any

from tests.store.making import add

from acctcli.store.facts import winloss as sql
from acctcli.store.journal import Writing


def test_a_closed_deal_with_its_source_and_people(tx: Writing) -> None:
    account = add(tx, "account", name="Acme", source="web", owner="Kim")
    mei, ann = (add(tx, "contact", name=name, account=account) for name in ("Mei", "Ann"))
    won: dict[str, Any] = {"category": "closed", "closed_on": "2026-11-01"}
    deal = add(
        tx, "deal", account=account, title="A", amount=5, currency="SGD", type="new", **won
    )  # fmt: skip
    add(tx, "deal_contact", account=account, deal=deal, contact=mei)
    add(tx, "log", account=account, kind="call", summary="x", deal=deal, contacts=[mei, ann])
    lost: dict[str, Any] = {"closed_on": "2026-10-01", "lost_reason": "Price"}
    add(tx, "deal", account=account, title="B", source="expo", competitor="Hexa", **lost)
    add(tx, "deal", account=account, title="Open")
    rows = sorted(sql.closed_deals(tx.con, [], [], []), key=lambda row: row.won)
    assert rows == [
        (False, "expo", "Hexa", None, "Price", None, None, None),
        (True, "web", None, "new", None, 5, 2, "SGD"),
    ]
    assert rows[1].facts == (True, "web", None, "new", None, 5, 2)
    november = [sql.closed_between("2026-11-01", "2026-11-30")]
    assert [row.won for row in sql.closed_deals(tx.con, [], ["kim"], november)] == [True]
    assert sql.closed_deals(tx.con, [], ["raj"], []) == []
