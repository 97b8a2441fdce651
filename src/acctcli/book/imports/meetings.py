"""Import the meetings of a calendar.

A past meeting becomes an interaction at each account whose people took part; a future one becomes
an appointment there. People are recognised by their address, or else by the domain of their
company. The UID, with the planned day for a meeting of a series, finds the same record again: a
meeting that was moved is moved here too, and one that is over stops being an appointment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acctcli import text
from acctcli.book.context import Context
from acctcli.book.imports import cards, options, recipe
from acctcli.book.imports.attendees import AddressBook, OwnAddresses, to_add
from acctcli.book.imports.recipe import Asked, Loaded
from acctcli.interop import calendarfile, cardfile
from acctcli.interop.calendarfile import OWN, CalendarEvent, OtherTask, SeriesDays, Unread
from acctcli.interop.rows import BadRow, FileRow, FileTable
from acctcli.model import KINDS, Row
from acctcli.store import lookup, queries
from acctcli.values import dates
from acctcli.values.durations import say_duration
from acctcli.values.times import NOON

if TYPE_CHECKING:
    import sqlite3

    from acctcli.interop.textfile import TextFile

BEFORE, AFTER = timedelta(days=365), timedelta(days=90)
"""Meetings of a series are read from this long ago until this far ahead."""

LOGS = {
    "UID": "",
    "Account": "account_id",
    "Attendees": "contact_ids",
    "Kind": "kind",
    "DTSTART": "at",
    "SUMMARY": "summary",
    "DESCRIPTION": "body",
    "DURATION": "duration",
}
TASKS = {
    "UID": "",
    "Account": "account_id",
    "Attendee": "contact_id",
    "SUMMARY": "text",
    "DUE": "due",
    "DTSTART": "at",
    "DURATION": "duration",
    "LOCATION": "place",
    "COMPLETED": "done_at",
}
"""The columns of interactions and of appointments, with the field that each one fills."""

ONLY_NEW = {"log": frozenset(("body", "kind", "summary")), "task": frozenset(("contact",))}
"""Fields that a later import leaves as they are: what was said is written here, not there."""

_LONGEST = 7 * 24 * 60
_SHOWN = 3


def load(context: Context, path: Path | None, source: TextFile, asked: Asked) -> list[Loaded]:
    """Read the events of a calendar: interactions, and appointments."""
    cards.refuse_unfit(source.name, asked, (*cards.UNFIT, "create_accounts"), "calendars")
    today = context.clock.today
    window = SeriesDays(today - BEFORE, today + AFTER)
    with cards.known(context) as con:
        sorting = _Sorting(context, con, asked)
        for event in calendarfile.read_calendar(source, window, encoded=bool(asked.encoding)):
            sorting.take(event)
        notes = sorting.notes(window)
    loaded = []
    for kind, rows, columns in (("log", sorting.logs, LOGS), ("task", sorting.tasks, TASKS)):
        if len(rows) or kind == "log":
            table = cardfile.table_of(source, rows, [*columns])
            loaded.append(Loaded(path, source.name, table, _plan(context, kind, table, asked)))
    if len(loaded) > 1 and not loaded[0].table.count:
        del loaded[0]
    first = loaded[0].plan
    loaded[0] = loaded[0].replace(plan=first.replace(notes=[*notes, *first.notes]))
    return loaded


def _plan(context: Context, kind: str, table: FileTable, asked: Asked) -> recipe.ImportPlan:
    columns = LOGS if kind == "log" else TASKS
    fields = context.fields(kind)
    pairs = tuple(f"{columns[name]}={name}" for name in table.columns if columns[name])
    how = recipe.of_kind(asked, fields).over({"kind": kind, "key": "UID", "map": pairs})
    plan = recipe.plan(context, table.text.name, table, how)
    own = plan.recipe.replace(
        key_optional=True,
        only_new=ONLY_NEW[kind],
        lists_added=plan.recipe.lists_added | {"contacts"},
    )
    return plan.replace(recipe=own)


class _Sorting:
    """Sorts events into rows, and counts those that are left out."""

    def __init__(self, context: Context, con: sqlite3.Connection | None, asked: Asked) -> None:
        self.logs, self.tasks = cardfile.spool(), cardfile.spool()
        self._con = con
        self._today = context.clock.today
        self._now = context.clock.now
        emails: Sequence[str] = context.config["me.emails"]
        self._own = OwnAddresses(emails)
        self._book = AddressBook(con, emails) if con else None
        self._log_ids = queries.foreign_ids(con, "log", "UID") if con else {}
        self._task_ids = queries.foreign_ids(con, "task", "UID") if con else {}
        self._records: dict[str, Row] = {}
        # An event without others is taken if the user says whose it is.
        self._has_default = options.has_default(asked.default, "account")
        self._left_out: Counter[str] = Counter()
        self._strangers: Counter[str] = Counter()
        self._names: dict[str, str] = {}
        self._everybody: Counter[str] = Counter()
        self._zones: Counter[str] = Counter()
        self._unmatched = self._meetings = 0
        self._series = set[str]()
        self._produced = set[str]()
        self._gone: list[str] = []

    def take(self, event: CalendarEvent | OtherTask | Unread) -> None:
        """Make the rows of one event, or count why there is none."""
        if isinstance(event, OtherTask):
            self._left_out["task of another program"] += 1
            return
        if isinstance(event, Unread):
            self.logs.append(BadRow(event.line, event.reason, [], None))
            return
        if event.uid.endswith(OWN) and self._take_own(event):
            return
        key = f"{event.uid}/{event.day}" if event.day and event.uid else event.uid
        if event.day:
            self._series.add(event.uid)
        why = self._why_left_out(event)
        if why == "cancelled" and key in self._task_ids:
            self._gone.append(key)
        elif not why and self._rows(event, key):
            self._produced.add(key)
        if why:
            self._left_out[why] += 1

    def _why_left_out(self, event: CalendarEvent) -> str:
        if event.is_task:
            return "task of another book"
        if event.is_cancelled:
            return "cancelled"
        if event.is_private:
            return "private"
        own = [one for one in event.people if self._own.have(one.address)]
        if own and all(one.declined for one in own):
            return "declined"
        others = any(not self._is_ours(one.address) for one in event.people)
        if not others and not self._has_default:
            return "without anybody else"
        return ""

    def _is_ours(self, address: str) -> bool:
        if self._book is not None:
            return self._book.is_ours(address)
        return self._own.have(address) or self._own.are_of_the_company_of(address)

    def _rows(self, event: CalendarEvent, key: str) -> bool:
        """Make one row for each account of an event; returns whether there is any."""
        people = [one.address for one in event.people if not one.declined]
        self._everybody.update(set(people))
        self._meetings += 1
        day = dates.local(event.begins).date().isoformat()
        found = self._book.whose(people, day) if self._book else None
        accounts = dict[str | None, tuple[str, ...]](found.accounts.items() if found else ())
        if not accounts and self._has_default:
            accounts = {None: ()}
        if not accounts:
            self._unmatched += 1
            others = found.strangers if found else [one for one in people if not self._is_ours(one)]
            self._strangers.update(others)
            self._names.update({one.address: one.name for one in event.people if one.name})
            return False
        if event.zone:
            self._zones[event.zone] += 1
        is_over = event.ends <= self._now
        row = self._logged if is_over else self._planned
        for account, own_key in self._keys(accounts, key, "log" if is_over else "task"):
            row(event, own_key, account, accounts.get(account, ()))
        return True

    def _keys(
        self, accounts: Mapping[str | None, Any], key: str, kind: str
    ) -> Iterator[tuple[str | None, str]]:
        """Yield each account with the key of its record: the first account has that of the event.

        A record that is there already stays at its account, as does the appointment before it.
        """
        left = list(accounts)
        ids = {"log": self._log_ids, "task": self._task_ids}
        held = (self._record(one, ids[one].get(key)) for one in dict.fromkeys((kind, "task")))
        holder = next(filter(None, held), None)
        first = holder["account_id"] if holder else left[0]
        left.remove(first if first in left else left[0])
        yield first, key
        for account in left:
            # A fact of this book: in another one the same account has another id.
            yield account, f"{key}#{str(account)[-8:]}" if key else ""

    def _record(self, kind: str, id: str | None) -> Row | None:
        """Return a record of the book, with its account, by id."""
        if id is None or self._con is None:
            return None
        if id not in self._records:
            listing = queries.Listing([queries.by_ids("id", [id])])
            self._records |= {
                row["id"]: row
                for row in queries.select(self._con, kind, KINDS[kind].fields, listing)
            }
        return self._records.get(id)

    def _logged(
        self, event: CalendarEvent, key: str, account: str | None, people: Sequence[str]
    ) -> None:
        begins = event.begins
        if event.is_all_day:
            begins = dates.in_utc(
                datetime.combine(dates.local(event.begins).date(), NOON), event.title
            )
        cells: dict[str, object] = {
            "UID": key,
            "Account": account,
            "Attendees": list(people),
            "Kind": "meeting",
            "DTSTART": dates.iso(begins),
            "SUMMARY": event.title or "Meeting",
            "DESCRIPTION": event.body,
            "DURATION": _length(event),
        }
        self.logs.append(FileRow(event.line, _filled(cells)))
        task = self._record("task", self._task_ids.get(key))
        if task is not None and task["done_at"] is None:
            self._take_place(event, key, {"COMPLETED": dates.iso(event.ends)})
        elif task is not None:
            self._take_place(event, key, {})

    def _planned(
        self, event: CalendarEvent, key: str, account: str | None, people: Sequence[str]
    ) -> None:
        cells = {
            "Account": account,
            "Attendee": people[0] if people else "",
            "SUMMARY": event.title or "Meeting",
        }
        self._take_place(event, key, cells)

    def _take_place(self, event: CalendarEvent, key: str, cells: Mapping[str, object]) -> None:
        """Add a task at the time and place of an event."""
        when: dict[str, object] = {"DTSTART": dates.iso(event.begins)}
        if event.is_undated:
            when = {}
        elif event.is_all_day:
            when = {"DUE": dates.local(event.begins).date().isoformat()}
        when |= {"UID": key, "DURATION": _length(event), "LOCATION": event.place}
        self.tasks.append(FileRow(event.line, _filled({**when, **cells})))

    def _take_own(self, event: CalendarEvent) -> bool:
        """Take what acct wrote into a calendar: of a task here its time, its place, its end.

        Returns whether there is nothing more to do.
        """
        kind, _, id = event.uid.removesuffix(OWN).partition("-")
        if kind != "task":
            self._left_out["of acct's own reviews and renewals"] += 1
            return True
        if self._record("task", id) is None:
            return False
        if event.is_cancelled:
            self._left_out["cancelled"] += 1
            self._gone.append(id)
            return True
        done = {"COMPLETED": dates.iso(event.done_at)} if event.done_at else {}
        self._take_place(event, id, done)
        return True

    # What is said

    def notes(self, window: SeriesDays) -> list[str]:
        """Return what was left out, and what to do about it."""
        found = []
        if self._series:
            first, last = (_day(day) for day in window)
            found.append(f"repeating meetings are read from {first} to {last}")
        if self._left_out:
            counts = [
                text.plural(count, what, what.replace("task", "tasks"))
                for what, count in sorted(self._left_out.items())
            ]
            found.append(f"left out: {text.sentence_list(counts, len(counts))}")
        for zone, count in self._zones.items():
            found.append(
                f"{text.plural(count, 'event')} in the unknown zone {text.quoted(zone)}, taken as "
                "in your own zone"
            )
        found += self._unknown_people()
        found += self._gone_by()
        return found

    def _unknown_people(self) -> Iterator[str]:
        if not self._unmatched:
            return
        most = self._strangers.most_common(_SHOWN)
        if not self._own and most:
            address, count = self._everybody.most_common(1)[0]
            if count > 2 and count * 2 > self._meetings:
                yield (
                    f"{text.safe(address)} is in {count:,} of {self._meetings:,} meetings. If it "
                    f"is you: acct config set me.emails {text.shell_word(address)}"
                )
                most = [
                    pair for pair in self._strangers.most_common(_SHOWN + 1) if pair[0] != address
                ]
        people = [f"{text.safe(address)} ({count:,})" for address, count in most[:_SHOWN]]
        more = len(self._strangers) - len(people)
        listed = ", ".join([*people, *([f"{more:,} more"] if more > 0 else [])])
        said = f"{text.plural(self._unmatched, 'meeting')} with nobody of the book"
        cure = to_add(most[0][0], self._names.get(most[0][0], "")) if most else ""
        yield f"{said}: {listed}. To add one: {cure}" if most else said

    def _gone_by(self) -> Iterator[str]:
        """Name open appointments that are in the calendar no longer."""
        if self._con is None:
            return
        gone = list(self._gone)
        for key in self._task_ids:
            uid, _, day = key.partition("#")[0].rpartition("/")
            in_file = uid in self._series and key.partition("#")[0] not in self._produced
            if in_file and day >= self._today.isoformat():
                gone.append(key)
        found = {}
        for key in dict.fromkeys(gone):
            id = self._task_ids.get(key, key)
            row = self._record("task", id)
            if row is not None and row["done_at"] is None:
                found[id] = text.quoted(row["text"])
        if found:
            short = lookup.short_ids(self._con, "task", list(found))
            names = text.sentence_list(list(dict.fromkeys(found.values())))
            ids = " ".join(short[id] for id in found)
            yield f"no longer in the calendar: {names}. To delete here too: acct task delete {ids}"


def _day(day: Any) -> str:
    return f"{day.day} {dates.MONTHS[day.month - 1][:3]} {day.year}"


def _length(event: CalendarEvent) -> str:
    """Return how long an event takes; "" for whole days and for a moment."""
    minutes = int((event.ends - event.begins).total_seconds()) // 60
    return say_duration(minutes) if 0 < minutes <= _LONGEST and not event.is_all_day else ""


def _filled(cells: Mapping[str, object]) -> dict[str, object]:
    return {column: cell for column, cell in cells.items() if cell}
