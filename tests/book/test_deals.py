"""The data of the deal commands, on the sample book."""

from __future__ import annotations

import pytest

from acctcli.book import chances, deals, reading
from acctcli.book.context import Context
from acctcli.errors import Missing
from acctcli.store import deals as sql
from acctcli.store import records


def test_a_deal_comes_with_all_that_belongs_to_it(sample: Context) -> None:
    with sample.read() as con:
        ids = [deal["id"] for deal in reading.whole(sample, con, "deal", sql.OPEN)]
        for id in ids:
            page = deals.page(sample, con, id)
            assert [one["contact"] for one in page["contacts"]] == [
                one["contact"] for one in deals.people(con, id)
            ]
            assert page["interaction_count"] >= len(page["interactions"])


def test_a_deal_tells_how_it_came_this_far(context: Context) -> None:
    with context.write() as tx:
        account = records.insert(tx, "account", {"name": "Acme"}, {})
        deal = {"account": account, "title": "Pilot", "amount": 1000, "currency": "SGD"}
        opened = {"opened_on": "2026-10-01", "stage": "lead", "close_date": "2026-12-31"}
        id = records.insert(tx, "deal", {**deal, **opened}, {})
        product = records.insert(tx, "product", {"name": "Licence"}, {})
        line = {"account": account, "deal": id, "product": product, "quantity": 2}
        records.insert(tx, "item", {**line, "unit_price": 250, "currency": "SGD"}, {})
        before = deals.page(context, tx.con, id)
        records.update(tx, "deal", id, {"stage": "negotiation", "amount": 120})
        after = deals.page(context, tx.con, id)
    assert before["stage_since"] == "2026-10-01"
    assert after["stage_since"] == "2026-11-22"
    changes = {c["field"]: (c["old"], c["new"]) for c in after["changes"]}
    assert changes["stage"] == ("lead", "negotiation")
    assert changes["amount"] == ("10.00", "1.20")
    assert after["items_total"] == [{"currency": "SGD", "amount": "5.00"}]


def test_amounts_are_added_up_by_currency() -> None:
    amounts = [(1000, "SGD"), (None, "SGD"), (250, "SGD"), (5, "JPY"), (7, None)]
    assert deals.totals(amounts) == [
        {"currency": "JPY", "amount": "5"},
        {"currency": "SGD", "amount": "12.50"},
    ]


def test_histories_are_of_the_deals_that_fit(sample: Context) -> None:
    with sample.read() as con:
        every = chances.histories(sample, con)
        fitting = chances.histories(sample, con, [sql.OPEN])
    assert 0 < len(fitting) < len(every)
    assert {history.deal.id for history in fitting} < {history.deal.id for history in every}


def test_deals_enter_a_stage_with_what_it_decides(context: Context) -> None:
    with context.write() as tx:
        account = records.insert(tx, "account", {"name": "Acme"}, {})
        for title in ("Pilot", "Rollout"):
            records.insert(tx, "deal", {"account": account, "title": title}, {})

    def enter(stage: str, *names: str) -> list[deals.Entered]:
        with context.write() as tx:
            found = context.find_all(tx.con, "deal", names)
            return deals.enter(context, tx, found, lambda con, row: {"stage": stage})

    (pilot,) = enter("won", "pilot")
    assert (pilot.before["closed_on"], pilot.after["closed_on"]) == (None, "2026-11-22")
    assert pilot.moved
    assert "stage" in pilot.changed
    assert [one.deal.name for one in enter("won", "pilot", "rollout")] == ["Rollout"]
    with pytest.raises(Missing) as refused:
        enter("lost", "pilot", "rollout")
    assert refused.value.message.startswith("Pilot: ")
    assert refused.value.message.endswith("Give --reason")
