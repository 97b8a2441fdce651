"""The open tickets of accounts: how long they are open, and who owes the next answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.book.context import Context
from acctcli.store import queries
from acctcli.values import dates

if TYPE_CHECKING:
    import sqlite3

    from acctcli.shapes.account import TicketJson


def still_open(context: Context, con: sqlite3.Connection, account_id: str) -> list[TicketJson]:
    """Return the open tickets of an account, the oldest first."""
    listing = queries.Listing([queries.by_id("account_id", account_id), queries.OPEN_TICKETS], "at")
    names = ("summary", "at", "answer_by")
    today = context.clock.today
    return [
        {
            "id": row["id"],
            "summary": row["summary"],
            "opened": row["at"],
            "days": max(0, (today - dates.day_of(dates.parse_iso_moment(row["at"]))).days),
            "answer_by": row["answer_by"],
        }
        for row in queries.select(con, "log", context.fields("log"), listing, names=names)
        if row["at"] is not None
    ]
