"""Moments as people type them, and the clock of `--today`.

A moment is any day that `typed_dates` reads, with or without a time of day after it.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from acctcli.errors import UsageError
from acctcli.model import Look
from acctcli.text import plural
from acctcli.values.dates import Clock, at_time, day_of, in_utc
from acctcli.values.times import NOON, split_time
from acctcli.values.typed_dates import (
    day_in_order,
    distance,
    moved,
    not_far,
    on_the_calendar,
    read_tidy_day,
    typed,
)

WRITE_A_MOMENT = {
    "back": "Write 2026-12-15 14:30, yesterday 9am, 3h ago or now.",
    "ahead": "Write 2026-12-15 14:30, tomorrow 9am, fri 14:30 or in 3h.",
}
"""What an error proposes, by the way in which the field looks."""

_PARTS_OF_A_DAY = {
    "morning": time(9),
    "noon": NOON,
    "lunch": NOON,
    "lunchtime": NOON,
    "afternoon": time(15),
    "evening": time(19),
    "tonight": time(20),
    "night": time(20),
}
"""The time of a part of a day, where a time is needed."""


def read_moment(text: str, clock: Clock, what: str = "--at", look: Look = "back") -> datetime:
    """Read a moment as people type it: any day that `read_day` takes, with or without a time.

    `14:30`, `9am`, `2:30 pm`, after a full date also with a zone (`Z`, `+08:00`); a time
    alone is today's. `this morning`, `tomorrow afternoon`. `now`, `3h ago`, `in 20 min`.
    Today without a time is now, another day without one its noon.

    Raises `UsageError` for a local time that the clocks skip or show twice, for `30m ago`,
    which may mean minutes or months, and for all that `read_day` refuses.
    """
    tidy, subject = typed(text, what)
    if tidy in ("now", "just now"):
        return clock.now
    found = distance(tidy, look)
    if found is not None:
        sign, parts = found
        if len(parts) == 1 and re.search("[0-9] ?m( |$)", tidy):
            count, ago = parts[0][0], " ago" if sign < 0 else ""
            minutes, months = plural(count, "minute"), plural(count, "month")
            raise UsageError(
                f"{subject} reads as {minutes} or {months}{ago}. "
                f"Write {minutes}{ago} or {months}{ago}."
            )
        minutes_on = sum(count * {"h": 60, "min": 1}.get(unit, 0) for count, unit in parts)
        if minutes_on:
            with on_the_calendar(subject):
                days = moved(clock.today, parts, sign) - clock.today
                on = timedelta(minutes=sign * minutes_on)
                moment = in_utc(clock.now + days + on, subject)
                not_far(moment.date(), clock.today, subject)
                return moment
    day_text, at = split_time(tidy, subject)
    part = _PARTS_OF_A_DAY.get(day_text.split()[-1]) if day_text and at is None else None
    if part is not None:
        before, at = day_text.rpartition(" ")[0], part
        day_text = "" if before in ("", "this", "today") else before
        if not day_text and look == "back":
            # "This morning" at eight o'clock is not in the future.
            return min(moment_on(clock.today, at, clock, subject), clock.now)
    day = clock.today
    if day_text:
        day = read_tidy_day(day_text, clock.today, subject, WRITE_A_MOMENT[look], look=look)
    return moment_on(day, at, clock, subject)


def moment_on(day: date, at: time | None, clock: Clock, subject: str) -> datetime:
    """Return the moment of a day and a time of day, or of a day alone as in `read_moment`."""
    if at is None and day == clock.today:
        return clock.now
    return _moment(day, at, subject)


def _moment(day: date, at: time | None, subject: str) -> datetime:
    return in_utc(datetime.combine(day, NOON), subject) if at is None else at_time(day, at, subject)


# The clock of --today


def read_clock(text: str, what: str = "--today") -> Clock:
    """Read the time to use instead of the machine's: the text of --today, or of `what`.

    It is an ISO day (at noon) or an ISO day and time. Raises `UsageError` for anything else.
    """
    tidy, subject = typed(text, what)
    with suppress(ValueError):  # the usual form, without the patterns of the others
        day = date.fromisoformat(tidy)
        if day.isoformat() == tidy:
            return Clock(day, _moment(day, None, subject))
    day_text, at = split_time(tidy, subject)
    found = day_in_order(day_text, "iso")
    if found is None:
        raise UsageError(f"{subject} is not an ISO day. Write 2026-12-15 or 2026-12-15 14:30.")
    now = _moment(found, at, subject)
    return Clock(day_of(now), now)
