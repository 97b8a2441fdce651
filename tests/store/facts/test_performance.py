"""Deals with the figures that performance compares."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.store.making import add

from acctcli.store.facts import performance as sql
from acctcli.store.journal import Writing


def test_a_deal_with_its_touches_people_and_prices(tx: Writing) -> None:
    account = add(tx, "account", name="Acme", owner="Kim", tier="key", industry="energy")
    support, training = (add(tx, "product", name=name) for name in ("Support", "Training"))
    won: dict[str, Any] = {"category": "closed", "closed_on": "2026-11-01"}
    id = add(
        tx,
        "deal",
        account=account,
        title="D",
        amount=90,
        currency="SGD",
        **(won | {"opened_on": "2026-10-01"}),
    )
    for product, price, discount in ((support, 10, None), (training, 100, 50)):
        line: dict[str, Any] = {"quantity": 2, "unit_price": price, "discount": discount}
        add(tx, "item", account=account, deal=id, product=product, **line)
    mei, raj = (add(tx, "contact", name=name, account=account) for name in ("Mei", "Raj"))
    add(tx, "deal_contact", account=account, deal=id, contact=mei)
    add(tx, "log", account=account, deal=id, contacts=(mei, raj))
    (found,) = sql.deals(tx.con, [], [])
    assert found[:7] == (id, "Kim", "Training", "key", "energy", 90, "SGD")
    assert found[7:] == (date(2026, 10, 1), date(2026, 11, 1), True, 1, 2, 220, 120)


def test_what_was_never_written_down_is_not_known(tx: Writing) -> None:
    account = add(tx, "account", name="Acme", owner="Kim")
    add(tx, "deal", account=account, title="D", owner="Raj")
    (deal,) = sql.deals(tx.con, [], ["raj"])
    assert (deal.owner, deal.product, deal.won) == ("Raj", None, False)
    assert (deal.touches, deal.people, deal.listed, deal.charged) == (None, None, None, None)
    assert sql.deals(tx.con, [], ["kim"]) == []
