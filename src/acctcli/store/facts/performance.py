"""Deals with everything that their figures need: touches, people and prices."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from acctcli.domain.performance import DealFigures
from acctcli.frozen import FrozenRow
from acctcli.store.columns import WON
from acctcli.store.facts.reading import columns, read
from acctcli.store.facts.reports import Conditions, fitting, owned

PRODUCT = (
    "coalesce(d.product_id, (SELECT product_id FROM item WHERE deal_id = d.id ORDER BY "
    "quantity * coalesce(unit_price, 0) * (100 - coalesce(discount, 0)) DESC, id LIMIT 1))"
)
"""The product of a deal d: its own, else that of its most expensive item."""


def deals(
    con: sqlite3.Connection, conditions: Conditions, owners: Sequence[str]
) -> list[DealFigures]:
    """Return every deal; owner and tier are those of the account where the deal has none.

    Touches are interactions about the deal; people took part in those or have a part in the deal.
    """
    owner = "coalesce(d.owner, t.owner)"
    chosen = columns(
        DealFigures,
        "d",
        owner=owner,
        product=f"(SELECT name FROM product WHERE id = {PRODUCT})",
        tier="t.tier",
        industry="t.industry",
        opened="d.opened_on",
        closed="d.closed_on",
        won=WON,
        touches="NULL",
        people="NULL",
        listed="NULL",
        charged="NULL",
    )
    found = fitting(
        con,
        DealFigures,
        f"SELECT {chosen} FROM deal d JOIN account t ON t.id = d.account_id WHERE",
        [*owned(owner, owners), *conditions],
    )
    touches = dict(
        con.execute("SELECT deal_id, count(*) FROM log WHERE deal_id IS NOT NULL GROUP BY deal_id")
    )
    people = dict(
        con.execute(
            "SELECT deal_id, count(*) FROM ("
            "SELECT deal_id, contact_id FROM deal_contact UNION "
            "SELECT l.deal_id, c.contact_id FROM log l JOIN log_contact c ON c.log_id = l.id "
            "WHERE l.deal_id IS NOT NULL) GROUP BY deal_id"
        )
    )
    prices = {price.deal_id: price for price in _prices(con)}
    unpriced = PriceRow("", None, None)
    return [
        deal._replace(
            touches=touches.get(deal.id),
            people=people.get(deal.id),
            listed=prices.get(deal.id, unpriced).listed,
            charged=prices.get(deal.id, unpriced).charged,
        )
        for deal in found
    ]


class PriceRow(FrozenRow):
    """The price of a deal's items, in minor units: at list price, and after discount."""

    deal_id: str
    listed: int | None
    charged: int | None


def _prices(con: sqlite3.Connection) -> list[PriceRow]:
    chosen = columns(
        PriceRow,
        listed="CAST(sum(round(quantity * unit_price)) AS INTEGER)",
        charged=(
            "CAST(sum(round(quantity * unit_price * (100.0 - coalesce(discount, 0)) / 100)) "
            "AS INTEGER)"
        ),
    )
    sql = f"SELECT {chosen} FROM item t WHERE unit_price IS NOT NULL GROUP BY deal_id"
    return read(con, PriceRow, sql)
