"""All that one should know of an account before a meeting, on one page."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from acctcli.book import account, health, people, reading, reviews
from acctcli.book.context import Context
from acctcli.store.facts import agenda as sql
from acctcli.values import fields
from acctcli.values.dates import parse_iso_day
from acctcli.values.fields import Json

if TYPE_CHECKING:
    import sqlite3


ACCOUNT = (
    *("id", "number", "name", "tier", "status", "owner", "industry", "city", "country"),
    *("website", "employees", "description", "tags"),
)
"""What the brief says of the account itself."""

PARTS = ("next_step", "last_touch", "plan", "purchases", "renewals", "promises")
"""What it has in common with the account's page."""

LAST_ENTRIES = 5

BEGINNING = date(1900, 1, 1)
"""Since when things happened at an account that was never reviewed."""


def page(context: Context, con: sqlite3.Connection, account_id: str) -> Json:
    """The account, its health, what was since the last review, and all that is open."""
    own = account.page(context, con, account_id)
    group = people.page(context, con, account_id)
    return {
        **{name: own[name] for name in ACCOUNT},
        "health": health.standing(health.one(context, con, account_id)),
        "review": _last_review(context, con, account_id),
        "people": group["people"],
        "gaps": group["gaps"],
        "deals": group["deals"],
        **{name: own[name] for name in PARTS},
        "timeline": own["timeline"][:LAST_ENTRIES],
    }


def _last_review(context: Context, con: sqlite3.Connection, account_id: str) -> Json:
    """The last review, if there was one, and what was counted since then."""
    listing = reviews.last_of(account_id)
    held = reading.whole(context, con, "review", *listing.conditions, limit=1)
    last = fields.known(held[0]["held_on"]) if held else None
    day = parse_iso_day(last) if last else BEGINNING
    counts = sql.happened_since(con, account_id, day, context.clock.today)
    return {"last": held[0] if held else None, "since": counts}
