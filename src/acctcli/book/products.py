"""The page of a product, with its open deals and its buyers."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from acctcli.book import reading
from acctcli.book.context import Context
from acctcli.store import deals, queries
from acctcli.values.fields import as_json

if TYPE_CHECKING:
    import sqlite3

    from acctcli.shapes.product import ProductPage
    from acctcli.shapes.records import ProductJson


def page(context: Context, con: sqlite3.Connection, id: str) -> ProductPage:
    """Return a product with the open deals it is in, and its purchases."""
    fields = context.fields("product")
    row = queries.get(con, "product", fields, id, as_stored=True)
    bought = queries.by_id("product_id", id)
    return {
        **cast("ProductJson", as_json(fields, row)),
        "open_deals": reading.whole(context, con, "deal", deals.about_product(id), deals.OPEN),
        "purchases": reading.whole(context, con, "purchase", bought),
    }
