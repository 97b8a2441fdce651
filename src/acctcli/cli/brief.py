"""`acct review brief`: one page about an account for a meeting, to print or to send along."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

from acctcli.book import reading
from acctcli.book.health import one
from acctcli.cli import health, map, pages, review
from acctcli.cli.kit import options
from acctcli.cli.kit.session import Session
from acctcli.cli.review import noun
from acctcli.results import Page
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


@noun.command(
    "brief",
    html=True,
    examples=[
        "acct review brief greentech",
        "acct review brief greentech -f md > brief.md",
        "acct review brief greentech --html brief.html",
    ],
)
def brief_(
    session: Session,
    account: Annotated[str, options.argument("account", "Its name, number, domain or id.")],
) -> Page:
    """Put on one page what to know before a meeting: health, people, deals, money, promises.

    With what has happened since the last review. In Markdown (-f md) it is a document
    with days in full, for others to read.
    """
    with session.read() as con:
        data = page(session, con, session.find(con, "account", account).id)
    today = session.clock.today
    return Page(data, "brief:draw", today, markdown="brief:markdown", html="html.account:meeting")


def page(session: Session, con: sqlite3.Connection, account_id: str) -> Json:
    """The account, its health, what was since the last review, and all that is open."""
    own = pages.account(session, con, account_id)
    people = map.page(session, con, account_id)
    return {
        **{name: own[name] for name in ACCOUNT},
        "health": health.standing(one(session, con, account_id)),
        "review": _last_review(session, con, account_id),
        "people": people["people"],
        "gaps": people["gaps"],
        "deals": people["deals"],
        **{name: own[name] for name in PARTS},
        "timeline": own["timeline"][:LAST_ENTRIES],
    }


def _last_review(session: Session, con: sqlite3.Connection, account_id: str) -> Json:
    """The last review, if there was one, and what was counted since then."""
    listing = review.last_of(account_id)
    held = reading.whole(session, con, "review", *listing.conditions, limit=1)
    last = fields.known(held[0]["held_on"]) if held else None
    day = parse_iso_day(last) if last else BEGINNING
    counts = sql.happened_since(con, account_id, day, session.clock.today)
    return {"last": held[0] if held else None, "since": counts}
