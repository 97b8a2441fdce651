"""The outcome of a deal: won or lost, its day in words, and that it is not turned by mistake."""

from __future__ import annotations

from acctcli import text
from acctcli.book.context import Context
from acctcli.domain import pipeline
from acctcli.errors import Conflict
from acctcli.model import Row
from acctcli.store import lookup
from acctcli.values import dates


def outcome(deal: Row) -> str:
    """Return whether a deal is open, won or lost."""
    return pipeline.outcome(deal["category"], deal["closed_on"])


def refuse_turned(context: Context, before: Row, after: Row) -> None:
    """Refuse to make a lost deal a won one, or the other way round, without reopening it.

    A wrong name would rewrite an outcome of last year, and nobody would see it. Raises `Conflict`.
    """
    if pipeline.OPEN not in (outcome(before), outcome(after)) and outcome(before) != outcome(after):
        raise Conflict(f"{closed_already(context, before)}. {reopening(before)}")


def closed_already(context: Context, row: Row) -> str:
    """Return `"Starter kit" was lost on Fri 20 Nov` for a closed deal."""
    said = dates.say_day(dates.parse_iso_day(row["closed_on"]), context.clock.today)
    day = said if said in ("today", "yesterday") else f"on {said}"
    return f"{text.quoted(row['title'])} was {outcome(row)} {day}"


def reopening(row: Row) -> str:
    """Return the hint that a closed deal can be reopened."""
    return f"To reopen it: acct deal reopen {row['id'][-lookup.TAIL :]}"
