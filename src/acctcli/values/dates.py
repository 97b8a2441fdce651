"""Days and moments: how they are kept, how they are said, and what time it is.

The only place that asks the machine for the time. A day is a `date`; a moment is an
aware UTC `datetime` in whole seconds. The user's zone is the machine's: it decides what
`today` and `9am` mean and is never stored. Never a locale: what one colleague types,
another one's machine reads the same way.

How people type them is for `typed_dates` to read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from acctcli.errors import Invalid, UsageError
from acctcli.frozen import Frozen
from acctcli.text import clip, safe

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

# A typed day outside these years is a slip of the finger (or 9999 for "never"), and
# keeping it would let later arithmetic run off the calendar.
_FIRST_YEAR, _LAST_YEAR = 1900, 2999
# Windows cannot tell the local time of a moment before 1970, wherever on Earth that is.
_FIRST_YEAR_OF_MOMENTS = 1971

FIRST_DAY, LAST_DAY = f"{_FIRST_YEAR}-01-01", f"{_LAST_YEAR}-12-31"
FIRST_MOMENT = f"{_FIRST_YEAR_OF_MOMENTS}-01-01T00:00:00Z"
LAST_MOMENT = f"{_LAST_YEAR}-12-31T23:59:59Z"
"""Between which the days and moments of a book lie, in their stored form."""

_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}


class Clock(Frozen):
    """What time it is: `today` where the user is, `now` in UTC.

    `exact` is `now` with its fractions of a second, where the machine told it.
    """

    today: date
    now: datetime
    exact: datetime | None = None


def clock() -> Clock:
    """Read the machine's clock."""
    exact = datetime.now(UTC)
    now = exact.replace(microsecond=0)
    return Clock(day_of(now), now, exact)


# What is stored, and back


def day_of(moment: datetime) -> date:
    """The day a moment falls on where the user is."""
    return local(moment).date()


def local(moment: datetime) -> datetime:
    """The moment where the user is; a naive one is local already and gets its zone.

    Raises `UsageError` if the machine's zone is none that a calendar has.
    """
    with _zone_of_the_machine():
        return moment.astimezone()


@contextmanager
def _zone_of_the_machine() -> Iterator[None]:
    try:
        yield
    except ValueError:
        set_to = os.environ.get("TZ")
        named = f" (TZ={shown(set_to)})" if set_to else ""
        raise UsageError(
            f"the time zone of this machine{named} is a day or more away from UTC. "
            "Set TZ to one such as Asia/Singapore"
        ) from None


def in_utc(moment: datetime, subject: str) -> datetime:
    """The moment in UTC, in whole seconds. Raises `UsageError` if it is outside the years kept."""
    if not _FIRST_YEAR_OF_MOMENTS <= moment.year <= _LAST_YEAR:
        raise outside(subject, _FIRST_YEAR_OF_MOMENTS)
    # `astimezone` would put a time that the clocks skipped before their change.
    with _zone_of_the_machine():
        return datetime.fromtimestamp(int(moment.timestamp()), UTC)


def iso(value: date | datetime) -> str:
    """The stored and the machine form: `2026-11-22`, and a moment `2026-11-22T14:03:11Z`."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    return value.isoformat()


def iso_exact(moment: datetime) -> str:
    """A moment to the millisecond, as commands have it: `2026-11-22T14:03:11.250Z`."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def in_seconds(stored: str) -> str:
    """A moment that `iso_exact` wrote as `iso` writes it; any other text as it is."""
    exact = stored[19:20] == "." and stored[23:] == "Z" and stored[20:23].isdecimal()
    return f"{stored[:19]}Z" if exact else stored


def parse_iso_day(stored: str) -> date:
    """The day that `iso` wrote. Raises `Invalid` for any other text."""
    try:
        day = date.fromisoformat(stored)
    except ValueError:
        day = None
    if day is None or day.isoformat() != stored:
        raise Invalid(f"stored day {shown(stored)} is not like 2026-11-22: run acct db check")
    return day


def parse_iso_moment(stored: str) -> datetime:
    """The moment that `iso` wrote. Raises `Invalid` for any other text."""
    try:
        moment = datetime.fromisoformat(stored)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is not UTC or iso(moment) != stored:
        raise Invalid(
            f"stored moment {shown(stored)} is not like 2026-11-22T14:03:11Z: run acct db check"
        )
    return moment


# How days are said


def say_day(day: date, today: date) -> str:
    """`today`, `tomorrow`, `yesterday` or `Fri 27 Nov`.

    `14 Jan 2028` if it is more than nine months away, or past and of another year.
    """
    distance = (day - today).days
    if distance in _NEAR:
        return _NEAR[distance]
    said = f"{day.day} {MONTHS[day.month - 1][:3]}"
    if abs(distance) > 274 or (distance < 0 and day.year != today.year):
        return f"{said} {day.year}"
    return f"{WEEKDAYS[day.weekday()][:3]} {said}"


def say_ago(day: date, today: date) -> str:
    """`yesterday`, `19 days ago`, `5 weeks ago`, `4 months ago`, `2 years ago`; `in 4 days`."""
    distance = (day - today).days
    if distance in _NEAR:
        return _NEAR[distance]
    days = abs(distance)
    months = _whole_months(min(day, today), max(day, today))
    if days < 21:
        said = f"{days} days"
    elif days <= 62:  # no two months are longer
        said = f"{days // 7} weeks"
    elif months < 24:
        said = f"{months} months"
    else:
        said = f"{months // 12} years"
    return f"{said} ago" if distance < 0 else f"in {said}"


# Arithmetic of months


def add_months(day: date, n: int) -> date:
    """The same day of the month `n` months on, or that month's last day if it has none.

    Raises `OverflowError` past the calendar's ends, as `date + timedelta` does.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError("date value out of range")
    return date(year, month + 1, min(day.day, month_length(year, month + 1)))


def end_of_month(day: date) -> date:
    """The last day of the month that the day is in."""
    return day.replace(day=month_length(day.year, day.month))


def end_of_quarter(day: date) -> date:
    """The last day of the calendar quarter that the day is in."""
    return end_of_month(date(day.year, (day.month + 2) // 3 * 3, 1))


def month_length(year: int, month: int) -> int:
    """How many days the month has."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _whole_months(earlier: date, later: date) -> int:
    months = 12 * (later.year - earlier.year) + later.month - earlier.month
    return months - (later.day < earlier.day)


# What is refused


def kept(day: date, subject: str) -> date:
    """The day itself. Raises `UsageError` if it is outside the years that are kept."""
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise outside(subject)
    return day


def outside(subject: str, first_year: int = _FIRST_YEAR) -> UsageError:
    """The refusal of a day or moment that is too early or too late to be kept."""
    return UsageError(
        f"{subject} is outside the years {first_year} to {_LAST_YEAR}. Write another."
    )


def shown(text: str) -> str:
    """The text as an error shows it: safe, and short enough to leave the advice in sight."""
    return clip(safe(text.strip()), 60) or '""'
