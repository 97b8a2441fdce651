"""Appointments: tasks with a time of day; their words, and overlaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.errors import Invalid
from acctcli.model import KINDS, Row
from acctcli.store import lookup, queries
from acctcli.values import dates

if TYPE_CHECKING:
    import sqlite3
    from datetime import date

    from acctcli.book.context import Context
    from acctcli.store.journal import Writing

FIELDS = KINDS["task"].fields

LONGEST = timedelta(days=7)
"""An appointment lasts at most this long, so earlier ones are not looked at."""


def said(row: Row, today: date) -> str:
    """Return when and where an appointment is: `tomorrow 09:00 to 10:00, Raffles Place 1`."""
    begins, ends = (dates.local(moment) for moment in _span(row))
    until = ""
    if ends > begins:
        other = begins.date() != ends.date()
        until = f" to {dates.say_day(ends.date(), today) + ' ' if other else ''}{ends:%H:%M}"
    place = f", {text.safe(row['place'])}" if row.get("place") else ""
    return f"{dates.say_day(begins.date(), today)} {begins:%H:%M}{until}{place}"


def overlaps(con: sqlite3.Connection, ids: Sequence[str], today: date) -> Iterator[str]:
    """Yield a sentence for each of these tasks about the open appointments it overlaps.

    One without a duration is a moment: it overlaps an appointment that is going on, or begins then.
    """
    named: set[frozenset[str]] = set()
    for id in ids:
        row = queries.get(con, "task", FIELDS, id)
        if row is None or row["at"] is None or row["done_at"] is not None:
            continue
        begins, ends = _span(row)
        near = queries.begins_between(dates.iso(begins - LONGEST), dates.iso(ends))
        listing = queries.Listing([queries.OPEN_TASKS, near], sort="at")
        for other in queries.select(con, "task", FIELDS, listing):
            pair = frozenset((id, other["id"]))
            if other["id"] == id or pair in named or other["at"] is None:
                continue
            since, until = _span(other)
            if begins == since or (begins < until and since < ends):
                named.add(pair)
                whose = f", {text.safe(other['account'])}" if other["account"] else ""
                (short,) = lookup.short_ids(con, "task", [other["id"]]).values()
                yield (
                    f"{text.quoted(row['text'])} overlaps {text.quoted(other['text'])}{whose}, "
                    f"{said(other, today)} ({short})"
                )


def moved_to(context: Context, tx: Writing, id: str, typed: str, day: date) -> str | None:
    """Return when an open appointment begins after a move to a day; None for any other task.

    It keeps its own time, unless `typed`, from which the day was read, has another. Raises
    `Invalid` for a time that has passed.
    """
    row = tx.read("task", id) or {}
    if row.get("at") is None or row.get("done_at") is not None:
        return None
    from acctcli.values.times import has_time
    from acctcli.values.typed_moments import read_moment

    if has_time(typed):
        begins = read_moment(typed, context.clock, "DAY", "ahead")
    else:
        time = dates.local(dates.parse_iso_moment(row["at"])).time()
        begins = dates.at_time(day, time, typed)
    if begins <= context.clock.now:
        when = dates.local(begins)
        raise Invalid(f"{text.safe(row['text'])}: {when:%H:%M} on that day is in the past")
    return dates.iso(begins)


def _span(row: Row) -> tuple[datetime, datetime]:
    """Return when an appointment begins and ends; the same moment without a duration."""
    begins = dates.parse_iso_moment(row["at"])
    return begins, begins + timedelta(minutes=row.get("duration") or 0)
