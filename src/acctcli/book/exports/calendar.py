"""What is ahead, as a calendar: appointments, tasks, reviews and renewals.

UIDs are made of our ids, so importing a newer file into the same calendar moves what was moved and
doubles nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acctcli import files
from acctcli.book import contracts, reviews
from acctcli.book.context import Context
from acctcli.frozen import Frozen
from acctcli.interop import contenttext
from acctcli.interop.calendarfile import OWN
from acctcli.interop.contenttext import escaped
from acctcli.store import lookup, queries
from acctcli.store.facts.contracts import of_accounts as of_these
from acctcli.values import dates, money

if TYPE_CHECKING:
    import sqlite3

AHEAD = timedelta(days=365)
"""Reviews and renewals are written this far ahead."""


class Ahead(Frozen):
    """What is ahead, as components of a calendar."""

    tasks: Sequence[str]
    reviews: Sequence[str]
    renewals: Sequence[str]

    def text(self) -> Iterator[str]:
        """Yield the calendar in parts."""
        return _calendar([*self.tasks, *self.reviews, *self.renewals])


def of_tasks(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the calendar of these tasks, in parts: those with a time are events."""
    yield from _calendar(map(_task, rows))


def write(context: Context, target: Path, *, force: bool = False) -> Ahead:
    """Write everything that is ahead into a file; return the counts."""
    ahead = everything(context)
    files.write_private(target, ahead.text(), force=force)
    return ahead


def everything(context: Context) -> Ahead:
    """Return open tasks, the reviews of a year, and the contracts that end within a year."""
    listing = queries.Listing([queries.OPEN_TASKS], "due,id")
    with context.read() as con:
        tasks = queries.select(con, "task", context.fields("task"), listing)
        return Ahead(
            [_task(row) for row in tasks],
            list(_reviews(context, con)),
            list(_renewals(context, con)),
        )


def of_accounts(context: Context, con: sqlite3.Connection, ids: Sequence[str]) -> Ahead:
    """Return what is ahead at these accounts."""
    own = queries.by_ids("account_id", ids)
    listing = queries.Listing([own, queries.OPEN_TASKS], "due,id")
    tasks = queries.select(con, "task", context.fields("task"), listing)
    return Ahead(
        [_task(row) for row in tasks],
        list(_reviews(context, con, ids)),
        list(_renewals(context, con, ids)),
    )


def _calendar(parts: Iterable[str]) -> Iterator[str]:
    yield "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//acctcli//acct//EN\r\n"
    yield from parts
    yield "END:VCALENDAR\r\n"


def _task(row: Mapping[str, Any]) -> str:
    """Return a task as an event if it has a time, else as a to-do."""
    moved = _basic(row["updated_at"])
    title = row["text"] + (f" ({row['account']})" if row["account"] else "")
    about = [name for name in (row["account"], row["contact"], row["deal"]) if name]
    lines = [
        f"UID:task-{row['id']}{OWN}",
        f"DTSTAMP:{moved}",
        f"LAST-MODIFIED:{moved}",
        f"SEQUENCE:{_revision(row['created_at'], row['updated_at'])}",
        f"SUMMARY:{escaped(title)}",
    ]
    if about:
        lines.append(f"DESCRIPTION:{escaped(chr(10).join(about))}")
    if row["at"] is not None:
        lines.append(f"DTSTART:{_basic(row['at'])}")
        if row["duration"]:
            lines.append(f"DURATION:PT{row['duration']}M")
        if row["place"]:
            lines.append(f"LOCATION:{escaped(row['place'])}")
        return "".join(contenttext.component("VEVENT", lines))
    if row["due"] is not None:
        lines.append(f"DUE;VALUE=DATE:{row['due'].replace('-', '')}")
    if row["done_at"] is not None:
        lines += ["STATUS:COMPLETED", f"COMPLETED:{_basic(row['done_at'])}"]
    else:
        lines.append("STATUS:NEEDS-ACTION")
    return "".join(contenttext.component("VTODO", lines))


def _reviews(
    context: Context, con: sqlite3.Connection, ids: Sequence[str] | None = None
) -> Iterator[str]:
    """Yield the reviews that are due, of all accounts or of these."""
    conditions = [] if ids is None else [queries.by_ids("id", ids)]
    for row in reviews.due(context, con, conditions, AHEAD.days):
        day = date.fromisoformat(row["next_review"])
        yield _day(context, f"review-{row['account_id']}", day, f"Review: {row['account']}", "")


def _renewals(
    context: Context, con: sqlite3.Connection, ids: Sequence[str] | None = None
) -> Iterator[str]:
    """Yield the contracts that end, of all accounts or of these."""
    today = context.clock.today
    found = contracts.read(con, context.config, of_these(ids)).known
    due = [one for one in found if one.to_renew(today) and one.end(today) <= today + AHEAD]
    names = lookup.account_names(con, [one.facts.account_id for one in due])
    for one in due:
        facts = one.facts
        name = names.get(facts.account_id, "")
        product = f"{facts.product}, " if facts.product else ""
        worth = ""
        if one.worth is not None and facts.currency:
            worth = money.say(one.worth, facts.currency)
        ends = "Contract renews itself" if one.renews_itself else "Contract ends"
        title = f"{ends}: {product}{name}"
        yield _day(context, f"renewal-{facts.id}", one.end(today), title, worth)


def _day(context: Context, uid: str, day: date, title: str, text: str) -> str:
    lines = [
        f"UID:{uid}{OWN}",
        f"DTSTAMP:{_basic(dates.iso(context.clock.now))}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"SUMMARY:{escaped(title)}",
        "TRANSP:TRANSPARENT",
    ]
    if text:
        lines.append(f"DESCRIPTION:{escaped(text)}")
    return "".join(contenttext.component("VEVENT", lines))


def _basic(moment: str) -> str:
    """Return a stored moment as calendars write it: `20261122T140311Z`."""
    return moment.replace("-", "").replace(":", "")


def _revision(first: str, last: str) -> int:
    """Return a number that grows with every change of a record: the seconds since it was made."""
    between = datetime.fromisoformat(last) - datetime.fromisoformat(first)
    return max(0, int(between.total_seconds()))
