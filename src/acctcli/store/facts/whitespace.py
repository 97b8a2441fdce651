"""The products, and which accounts bought each or have it in an open deal."""

from __future__ import annotations

import sqlite3

from acctcli.frozen import FrozenRow
from acctcli.store.columns import WON
from acctcli.store.facts.reading import columns, read


class ProductRow(FrozenRow):
    """A product; `active` says whether it is still sold."""

    id: str
    family: str | None
    price: int | None
    currency: str | None
    active: bool
    name: str


def products(con: sqlite3.Connection) -> list[ProductRow]:
    """Every product, by family and name."""
    sql = f"SELECT {columns(ProductRow)} FROM product t ORDER BY t.family, t.name_key"
    return read(con, ProductRow, sql)


def bought(con: sqlite3.Connection) -> set[tuple[str, str]]:
    """Account and product of every purchase and every line of a won deal.

    What was paid back in full is not bought.
    """
    found = con.execute(
        "SELECT account_id, product_id FROM purchase WHERE product_id IS NOT NULL "
        "GROUP BY account_id, product_id HAVING total(amount) > 0 OR min(amount) >= 0"
    ).fetchall()
    return set(found) | _in_deals(con, WON)


def in_open_deals(con: sqlite3.Connection) -> set[tuple[str, str]]:
    """Return account and product of every open deal and its items."""
    return _in_deals(con, "d.closed_on IS NULL")


def _in_deals(con: sqlite3.Connection, condition: str) -> set[tuple[str, str]]:
    rows = con.execute(
        "SELECT d.account_id, d.product_id FROM deal d "
        f"WHERE d.product_id IS NOT NULL AND {condition} "
        "UNION SELECT d.account_id, i.product_id FROM item i JOIN deal d ON d.id = i.deal_id "
        f"WHERE {condition}"
    )
    return set(rows)
