"""Purchases, and contracts that end soon."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from acctcli.book.context import Context
from acctcli.domain.terms import WINDOWS
from acctcli.model import DAY, INTEGER, KINDS, REF, Field, Row, declare
from acctcli.store import deals, queries
from acctcli.store.filters import Condition
from acctcli.values.dates import parse_iso_day
from acctcli.values.fields import as_json

if TYPE_CHECKING:
    import sqlite3

    from acctcli.shapes.purchase import PurchasePage, RenewalJson, RenewalRow
    from acctcli.shapes.records import WholePurchaseJson

RENEWAL_FIELDS = declare(
    **{name: KINDS["purchase"].fields[name] for name in ("id", "account", "product", "starts_on")},
    ends_on=Field(DAY, "last day of the term"),
    days_left=Field(INTEGER, "days until then"),
    window=Field(INTEGER, f"it ends within this many days: {', '.join(map(str, WINDOWS))}"),
    **{name: KINDS["purchase"].fields[name] for name in ("amount", "currency", "recurring")},
    renewal=Field(REF, "the open deal that renews it", target="deal"),
)
"""An ending contract; the order of JSON keys and CSV columns."""


def page(context: Context, con: sqlite3.Connection, id: str) -> PurchasePage:
    """Return a purchase, and the open deal that renews it."""
    fields = context.fields("purchase")
    row = queries.get(con, "purchase", fields, id, as_stored=True)
    return {**cast("WholePurchaseJson", as_json(fields, row)), **_renewal(con, row)}


def renewals(
    context: Context,
    con: sqlite3.Connection,
    conditions: Sequence[Condition],
    ahead: int,
    *,
    sort: str = "",
    limit: int | None = None,
    offset: int = 0,
) -> list[RenewalRow]:
    """Return the contracts that end within `ahead` days, by `sort`, else the next one first."""
    today = context.clock.today
    fitting = [*conditions, deals.ending_in(today, ahead), deals.LATEST_TERM]
    listing = queries.Listing(fitting, sort or "ends_on", limit, offset)
    rows: list[Any] = queries.select(
        con, "purchase", context.fields("purchase"), listing, as_stored=True
    )
    for row in rows:
        row["days_left"] = (parse_iso_day(row["ends_on"]) - today).days
        row["window"] = next((days for days in WINDOWS if row["days_left"] <= days), None)
        row |= _renewal(con, row)
    return rows


def _renewal(con: sqlite3.Connection, row: Row) -> RenewalJson:
    """Return the open deal that renews a purchase, or would."""
    deal = deals.renewal_deal(con, row["account_id"], row["product_id"])
    id, title = deal or (None, None)
    return {"renewal": title, "renewal_id": id}
