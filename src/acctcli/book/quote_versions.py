"""The versions of a quote: one row each, and how each stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.book import reading
from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.domain import quotes
from acctcli.model import KINDS, Row
from acctcli.store import queries
from acctcli.values import money
from acctcli.values.fields import as_json, known

if TYPE_CHECKING:
    import sqlite3

    from acctcli.shapes.quote import QuoteVersionJson


def summed(row: Row) -> str:
    """Return the totals of a quote in words: `1,090 SGD with 90 SGD tax`."""
    if row["gross"] is None or row["currency"] is None:
        return "no total"
    said = money.say(row["gross"], row["currency"])
    return f"{said} with {money.say(row['tax'], row['currency'])} tax" if row["tax"] else said


def expired(context: Context, con: sqlite3.Connection, query: Query) -> int:
    """Return how many of the quotes of a list expired without an answer."""
    conditions = reading.conditions_of(context, con, "quote", query)
    listing = queries.Listing(conditions)
    names = ("status", "valid_until")
    found = queries.select(con, "quote", context.fields("quote"), listing, names=names)
    today = context.clock.today
    standings = [quotes.standing(row["status"], row["valid_until"], today) for row in found]
    return standings.count(quotes.EXPIRED)


def row_of(context: Context, con: sqlite3.Connection, id: str) -> Row:
    """Return a quote as a row."""
    return queries.get(con, "quote", context.fields("quote"), id)


def last_version(con: sqlite3.Connection, deal_id: str) -> Row | None:
    """Return the last version of a deal's quote; None if it has none."""
    own = [queries.by_id("deal_id", deal_id)]
    listing = queries.Listing(own, sort="-version,-created_at", limit=1)
    found = queries.select(con, "quote", KINDS["quote"].fields, listing)
    return found[0] if found else None


def without_sender(row: Row) -> str:
    """Return what to do about a quote that does not say who it is from; "" if it does."""
    if row["sender"]:
        return ""
    number = row["number"]
    said = f"{number} does not say who it is from. "
    if row["status"] == "draft":
        said += f"To add it: acct quote edit {number} --sender\n"
    return f"{said}For the next quotes: acct config set quote.sender"


def versions(context: Context, con: sqlite3.Connection, deal_id: str) -> list[QuoteVersionJson]:
    """Return the quotes of a deal, the first version first."""
    own = queries.Listing([queries.by_id("deal_id", deal_id)], sort="version")
    found = queries.select(con, "quote", KINDS["quote"].fields, own, as_stored=True)
    return [_version(context, row) for row in found]


def _version(context: Context, row: Row) -> QuoteVersionJson:
    until = known(row["valid_until"])
    return {
        "id": row["id"],
        "number": row["number"],
        "version": row["version"],
        "standing": quotes.standing(row["status"], until, context.clock.today),
        "sent_on": row["sent_on"],
        "gross": as_json(KINDS["quote"].fields, row)["gross"],
        "currency": row["currency"],
    }
