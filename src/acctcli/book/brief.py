"""Everything worth knowing about an account before a meeting, on one page."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from acctcli.book import account, health, people, reading, reviews
from acctcli.book.context import Context
from acctcli.store.facts import agenda as sql
from acctcli.values import fields
from acctcli.values.dates import parse_iso_day

if TYPE_CHECKING:
    import sqlite3

    from acctcli.shapes.account import AccountPage
    from acctcli.shapes.brief import BriefAccountJson, BriefPage, LastReviewJson, SinceJson
    from acctcli.shapes.records import ReviewJson


LAST_ENTRIES = 5

BEGINNING = date(1900, 1, 1)
"""The start of the history of an account that was never reviewed."""


def page(context: Context, con: sqlite3.Connection, account_id: str) -> BriefPage:
    """Return the account, its health, what happened since the last review, and what is open."""
    own = account.page(context, con, account_id)
    group = people.page(context, con, account_id)
    return {
        **_account(own),
        "health": health.standing(health.one(context, con, account_id)),
        "review": _last_review(context, con, account_id),
        "people": group["people"],
        "gaps": group["gaps"],
        "deals": group["deals"],
        "next_step": own["next_step"],
        "last_touch": own["last_touch"],
        "plan": own["plan"],
        "purchases": own["purchases"],
        "renewals": own["renewals"],
        "group": own["group"],
        "promises": own["promises"],
        "kept": own["kept"],
        "tickets": own["tickets"],
        "timeline": own["timeline"][:LAST_ENTRIES],
    }


def _account(own: AccountPage) -> BriefAccountJson:
    """Return the fields of the account itself."""
    return {
        "id": own["id"],
        "number": own["number"],
        "name": own["name"],
        "tier": own["tier"],
        "status": own["status"],
        "owner": own["owner"],
        "industry": own["industry"],
        "city": own["city"],
        "country": own["country"],
        "website": own["website"],
        "employees": own["employees"],
        "description": own["description"],
        "tags": own["tags"],
    }


def _last_review(context: Context, con: sqlite3.Connection, account_id: str) -> LastReviewJson:
    """Return the last review, if any, and what happened since then, counted."""
    listing = reviews.last_of(account_id)
    held: list[ReviewJson] = reading.whole(context, con, "review", *listing.conditions, limit=1)
    last = fields.known(held[0]["held_on"]) if held else None
    day = parse_iso_day(last) if last else BEGINNING
    counts = sql.happened_since(con, account_id, day, context.clock.today)
    return {"last": held[0] if held else None, "since": cast("SinceJson", counts)}
