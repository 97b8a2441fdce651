"""Products, and which account has bought or is about to buy which."""

from __future__ import annotations

from typing import Any

from tests.store.making import add

from acctcli.store.facts import whitespace as sql
from acctcli.store.journal import Writing


def test_products_by_family_and_name(tx: Writing) -> None:
    b = add(tx, "product", name="Basic", family="platform", price=5, currency="SGD")
    a = add(tx, "product", name="Add-on", family="platform", active=0)
    assert [(p.id, p.family, p.price, p.active, p.name) for p in sql.products(tx.con)] == [
        (a, "platform", None, False, "Add-on"),
        (b, "platform", 5, True, "Basic"),
    ]


def test_what_was_bought_and_what_stands_in_open_deals(tx: Writing) -> None:
    account = add(tx, "account", name="Acme")
    bought, main, line, lost, opened = (add(tx, "product", name=name) for name in "ABCDE")
    add(tx, "purchase", account=account, product=bought)
    add(tx, "purchase", account=account)
    won: dict[str, Any] = {"category": "closed", "closed_on": "2026-11-01"}
    deal = add(tx, "deal", account=account, title="Won", product=main, **won)
    add(tx, "item", account=account, deal=deal, product=line)
    add(tx, "deal", account=account, title="Lost", product=lost, closed_on="2026-11-01")
    add(tx, "deal", account=account, title="Open", product=opened)
    assert sql.bought(tx.con) == {(account, product) for product in (bought, main, line)}
    assert sql.in_open_deals(tx.con) == {(account, opened)}


def test_what_was_paid_back_is_not_bought(tx: Writing) -> None:
    account = add(tx, "account", name="Acme")
    kept, returned, free = (add(tx, "product", name=name) for name in "ABC")
    for product, amount in ((kept, 100), (kept, -40), (returned, 100), (returned, -100), (free, 0)):
        add(tx, "purchase", account=account, product=product, amount=amount)
    assert sql.bought(tx.con) == {(account, kept), (account, free)}


def test_amounts_beyond_what_an_integer_holds_are_summed(tx: Writing) -> None:
    acme, seats = add(tx, "account", name="Acme"), add(tx, "product", name="Seats")
    for _ in range(2):
        add(tx, "purchase", account=acme, product=seats, amount=2**63 - 1)
    add(tx, "purchase", account=acme, product=seats, amount=-1)
    assert sql.bought(tx.con) == {(acme, seats)}
