"""The outcome of a deal: its words, that it is not turned by mistake, and what it leaves to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.book.context import Context
from acctcli.domain import pipeline
from acctcli.errors import Conflict
from acctcli.model import Row
from acctcli.store import deals as sql
from acctcli.store import lookup
from acctcli.values import dates

if TYPE_CHECKING:
    import sqlite3

    from acctcli.store.journal import Writing


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


def after_edit(context: Context, tx: Writing, changed: Mapping[str, Sequence[str]]) -> list[str]:
    """Return what edited deals leave to do; `changed` has the fields that changed, by deal.

    A renewal deal that closes too late is named only where a few changed.
    """
    moved = [id for id, names in changed.items() if "stage" in names]
    closing = {"close_date", "type", "product"}
    later = [id for id, names in changed.items() if closing & {*names}]
    gaps: list[str] = []
    if 0 < len(later) <= _FEW:
        from acctcli.book import contracts  # most edits move no close date

        gaps = contracts.says_gaps(context, tx.con, later)
    left = ". ".join(left_over(tx.con, moved))  # a command ends it, and is copied as it stands
    return [*gaps, *filter(None, [left])]


_FEW = 3


def left_over(con: sqlite3.Connection, deal_ids: Sequence[str]) -> list[str]:
    """Return what moved deals leave to do: quotes to answer, purchases of what is not won."""
    says = [
        f"{number} is still unanswered. To answer it: acct quote {answer} {number}"
        for number, answer in sql.unanswered_quotes(con, deal_ids)
    ]
    bought: dict[str, list[str]] = {}
    for title, id in sql.bought_unless_won(con, deal_ids):
        bought.setdefault(title, []).append(id)
    for title, purchases in bought.items():
        short = lookup.short_ids(con, "purchase", purchases)
        what, them = (
            ("purchase still counts", "it")
            if len(short) == 1
            else (f"{len(short)} purchases still count", "them")
        )
        delete = f"acct purchase delete {' '.join(short.values())}"
        says.append(f"{text.quoted(title)} is not won, but its {what}. To delete {them}: {delete}")
    return says
