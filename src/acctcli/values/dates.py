"""Days and moments: how they are stored and printed, and what time it is.

This is the only module that asks the machine for the time. A day is a `date`; a moment is an aware
UTC `datetime` in whole seconds. The user's zone is that of the machine: it decides what `today` and
`9am` mean and is never stored. Locales are ignored, so that all machines read a typed day in the
same way.

`typed_dates` reads days as people type them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from functools import lru_cache

from acctcli.errors import Invalid, UsageError
from acctcli.frozen import Frozen
from acctcli.text import clip, safe

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

# A typed day outside these years is a typing error (or 9999 for "never"), and with it later
# arithmetic would leave the calendar.
_FIRST_YEAR, _LAST_YEAR = 1900, 2999
# Windows cannot convert a moment before 1970 to local time, anywhere on Earth.
_FIRST_YEAR_OF_MOMENTS = 1971

FIRST_DAY, LAST_DAY = f"{_FIRST_YEAR}-01-01", f"{_LAST_YEAR}-12-31"
FIRST_MOMENT = f"{_FIRST_YEAR_OF_MOMENTS}-01-01T00:00:00Z"
LAST_MOMENT = f"{_LAST_YEAR}-12-31T23:59:59Z"
"""The limits of stored days and moments, in their stored form."""

_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}


class Clock(Frozen):
    """The time: `today` in the user's zone, `now` in UTC.

    `exact` is `now` with fractions of a second, if the machine has them.
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
    """Return the day of a moment in the user's zone."""
    return local(moment).date()


def local(moment: datetime) -> datetime:
    """Return the moment in the user's zone; a naive one is local already and gets the zone.

    Raises `UsageError` if the machine's zone is invalid.
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
    """Return the moment in UTC, in whole seconds. Raises `UsageError` outside the allowed years."""
    if not _FIRST_YEAR_OF_MOMENTS <= moment.year <= _LAST_YEAR:
        raise outside(subject, _FIRST_YEAR_OF_MOMENTS)
    # `astimezone` would move a time that the clocks skipped to before their change.
    with _zone_of_the_machine():
        return datetime.fromtimestamp(int(moment.timestamp()), UTC)


def at_time(day: date, at: time, subject: str) -> datetime:
    """Return the moment of a day and a time, in UTC; one without a zone is in the user's.

    Raises `UsageError` for a time that the clocks skip on that day or show twice, as they do when
    summer time begins and ends.
    """
    typed = datetime.combine(day, at)
    first = in_utc(typed, subject)
    if at.tzinfo is not None or (second := in_utc(typed.replace(fold=1), subject)) == first:
        return first
    if first < second:
        either = " or ".join(local(one).isoformat(timespec="minutes") for one in (first, second))
        raise UsageError(f"{subject} comes twice: the clocks go back then. Write {either}.")
    either = " or ".join(f"{local(one):%Y-%m-%d %H:%M}" for one in (second, first))
    raise UsageError(f"{subject} does not exist: the clocks go forward then. Write {either}.")


def iso(value: date | datetime) -> str:
    """Return the stored form: `2026-11-22`, and for a moment `2026-11-22T14:03:11Z`."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    return value.isoformat()


def iso_exact(moment: datetime) -> str:
    """Return a moment to the millisecond, as commands have it: `2026-11-22T14:03:11.250Z`."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def in_seconds(stored: str) -> str:
    """Return a moment of `iso_exact` in the form of `iso`; any other text as it is."""
    exact = stored[19:20] == "." and stored[23:] == "Z" and stored[20:23].isdecimal()
    return f"{stored[:19]}Z" if exact else stored


def parse_iso_day(stored: str) -> date:
    """Return the day that `iso` wrote. Raises `Invalid` for any other text."""
    try:
        day = date.fromisoformat(stored)
    except ValueError:
        day = None
    if day is None or day.isoformat() != stored:
        raise Invalid(f"stored day {shown(stored)} is not like 2026-11-22: run acct db check")
    return day


def parse_iso_moment(stored: str) -> datetime:
    """Return the moment that `iso` wrote. Raises `Invalid` for any other text."""
    try:
        moment = datetime.fromisoformat(stored)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is not UTC or iso(moment) != stored:
        raise Invalid(
            f"stored moment {shown(stored)} is not like 2026-11-22T14:03:11Z: run acct db check"
        )
    return moment


def parses(parse: Callable[[str], date], stored: str) -> bool:
    """Whether a stored text is a day or moment, whichever `parse` reads; a damaged one is none."""
    try:
        return FIRST_DAY <= iso(parse(stored)) <= LAST_MOMENT
    except Invalid:
        return False


# How days are printed


def say_days(first: str | None, last: str, today: date) -> str:
    """Return a range of ISO days for people: `Fri 1 Jan to Wed 30 Jun`, or `until Wed 30 Jun`."""
    end = say_day(parse_iso_day(last), today)
    return f"{say_day(parse_iso_day(first), today)} to {end}" if first else f"until {end}"


@lru_cache(maxsize=1000)  # a long list says few days many times
def say_day(day: date, today: date) -> str:
    """Return `today`, `tomorrow`, `yesterday` or `Fri 27 Nov`.

    `14 Jan 2028` if it is more than nine months away, or past and in another year.
    """
    distance = (day - today).days
    if distance in _NEAR:
        return _NEAR[distance]
    return say_calendar_day(day, today)


def say_month(month: str) -> str:
    """Return an ISO month for people: `Nov 2026`."""
    year, number = month.split("-")
    return f"{MONTHS[int(number) - 1][:3]} {year}"


def say_calendar_day(day: date, today: date) -> str:
    """Return the same without `today`, `tomorrow` and `yesterday`: `Fri 27 Nov`."""
    distance = (day - today).days
    said = f"{day.day} {MONTHS[day.month - 1][:3]}"
    if abs(distance) > 274 or (distance < 0 and day.year != today.year):
        return f"{said} {day.year}"
    return f"{WEEKDAYS[day.weekday()][:3]} {said}"


def in_full(day: date | str) -> str:
    """Return `Fri 27 Nov 2026`, from an ISO day too: for refusals, which do not know the day."""
    found = parse_iso_day(day) if isinstance(day, str) else day
    return f"{WEEKDAYS[found.weekday()][:3]} {found.day} {MONTHS[found.month - 1][:3]} {found.year}"


def say_rates(stored: str | None) -> str:
    """Return of which day the rates of a converted total are: `rates of 27 Nov 2026`."""
    if not stored:
        return "rates without a date"
    day = parse_iso_day(stored)
    return f"rates of {day.day} {MONTHS[day.month - 1][:3]} {day.year}"


@lru_cache(maxsize=1000)
def say_ago(day: date, today: date) -> str:
    """Return `yesterday`, `19 days ago`, `5 weeks ago`, `2 years ago` or `in 4 days`."""
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
    """Return the same day `n` months later, or the last day of that month if it is shorter.

    Raises `OverflowError` outside the calendar, as `date + timedelta` does.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError("date value out of range")
    return date(year, month + 1, min(day.day, month_length(year, month + 1)))


def end_of_month(day: date) -> date:
    """Return the last day of the month of a day."""
    return day.replace(day=month_length(day.year, day.month))


def end_of_quarter(day: date) -> date:
    """Return the last day of the calendar quarter of a day."""
    return end_of_month(date(day.year, (day.month + 2) // 3 * 3, 1))


def month_length(year: int, month: int) -> int:
    """Return how many days the month has."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _whole_months(earlier: date, later: date) -> int:
    months = 12 * (later.year - earlier.year) + later.month - earlier.month
    return months - (later.day < earlier.day)


# What is refused


def refuse_without_year(typed: str, what: str) -> None:
    """Raise `UsageError` for a typed day without its year, where no year is the likely one."""
    if not any(len(digits) >= 4 for digits in re.findall("[0-9]+", typed)):
        raise UsageError(
            f"{what} {shown(typed)} has no year. Write it like 1980-03-21, "
            "or keep a day without its year in the notes"
        )


def kept(day: date, subject: str) -> date:
    """Return the day. Raises `UsageError` if it is outside the allowed years."""
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise outside(subject)
    return day


def outside(subject: str, first_year: int = _FIRST_YEAR) -> UsageError:
    """Return the error for a day or moment that is too early or too late."""
    return UsageError(
        f"{subject} is outside the years {first_year} to {_LAST_YEAR}. Write another."
    )


def shown(text: str) -> str:
    """Return the text for an error: safe, and short enough to keep the advice in sight."""
    return clip(safe(text.strip()), 60) or '""'
