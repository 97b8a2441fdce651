"""Accounts with their way through the book, and the deals closed with them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from tests.store.making import add

from acctcli.store import records
from acctcli.store.facts import sources as sql
from acctcli.store.journal import Writing


def test_an_account_with_the_days_of_its_way(tx: Writing) -> None:
    values: dict[str, Any] = {"source": "fair", "tags": ("b", "a"), "status": "customer"}
    id = add(tx, "account", name="Acme", **values)
    for day in ("05", "03"):
        add(tx, "log", account=id, at=f"2026-11-{day}T09:00:00Z")
        add(tx, "purchase", account=id, purchased_on=f"2026-11-1{day[1]}")
    add(tx, "deal", account=id, title="Open", opened_on="2026-11-06")
    won: dict[str, Any] = {"category": "closed", "closed_on": "2026-11-09"}
    add(tx, "deal", account=id, title="Won", opened_on="2026-11-07", **won)
    (found,) = sql.origins(tx.con, [])
    assert found[:4] == (id, "fair", ["b", "a"], "customer")
    assert found.entered is not None
    days = (found.first_log, found.first_deal, found.first_won, found.first_purchase)
    assert days == tuple(date(2026, 11, day) for day in (3, 6, 9, 13))


def test_an_account_of_which_nothing_is_known(tx: Writing) -> None:
    add(tx, "account", name="Acme")
    (found,) = sql.origins(tx.con, [])
    assert found.tags == []
    assert found[5:9] == (None, None, None, None)
    assert (found.left_lead, found.imported) == (None, False)


def test_on_which_day_an_account_stopped_being_a_lead(tx: Writing) -> None:
    by_note = add(tx, "account", name="A", status="prospect")
    note: dict[str, Any] = {"kind": "note", "summary": "Qualified as prospect: fit 78"}
    add(tx, "log", account=by_note, at="2026-11-03T09:00:00Z", **note)
    by_status = add(tx, "account", name="B", status="lead")
    records.update(tx, "account", by_status, {"status": "prospect"})
    stays = add(tx, "account", name="C", status="lead")
    records.update(tx, "account", stays, {"tier": "key"})
    found = {origin.id: origin.left_lead for origin in sql.origins(tx.con, [])}
    assert found == {by_note: date(2026, 11, 3), by_status: date(2026, 11, 22), stays: None}


def test_what_came_with_many_others_was_imported(tx: Writing) -> None:
    id = add(tx, "account", name="A")
    tx.con.execute(
        "INSERT INTO added (command, tbl, kind, rows) VALUES (1, 'account', 'account', ?)",
        (json.dumps([id]),),
    )
    add(tx, "account", name="B")
    assert [origin.imported for origin in sql.origins(tx.con, [])] == [True, False]


def test_closed_deals_with_a_source_of_their_own(tx: Writing) -> None:
    id = add(tx, "account", name="Acme", source="fair")
    closed: dict[str, Any] = {"closed_on": "2026-11-01", "currency": "SGD"}
    add(tx, "deal", account=id, title="W", source="ad", category="closed", amount=5, **closed)
    add(tx, "deal", account=id, title="L", category="omitted", **closed)
    add(tx, "deal", account=id, title="Open")
    assert sorted(sql.closed_deals(tx.con, []), key=lambda deal: deal.won) == [
        (id, None, False, None, "SGD"),
        (id, "ad", True, 5, "SGD"),
    ]
