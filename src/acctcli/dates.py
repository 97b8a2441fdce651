"""Days and moments: how people type them, how they are kept, how they are said.

The only reader of "fri", "2w" and "eom", and the only place that asks the machine
for the time. A day is a `date`; a moment is an aware UTC `datetime` in whole
seconds. The user's zone is the machine's: it decides what `today` and `9am` mean
and is never stored.

Never in here: a guess. Text with two readings is refused with both spelled out,
which is why no date parser of a library sees it. Never a locale either: what one
colleague types, another one's machine reads the same way.

Patterns are strings at the top of their section: `re` compiles each when it is
first used and keeps it, so that importing this module compiles none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import NamedTuple

from acctcli.errors import Invalid, UsageError
from acctcli.text import clip, plural, safe

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

_LONGEST_TEXT = 200
_NOON = time(12)
_ONE_DAY = timedelta(days=1)
_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}

_WRITE_A_DAY = "Write 2026-12-15, 15 Dec, fri, 3d, 2w, 1m or eom."
_WRITE_A_MOMENT = "Write 2026-12-15 14:30, yesterday 9am, 3h ago or now."


# Named tuples in here list their fields as values: as annotations, which are text under the
# `annotations` future, each would be compiled on import, for 0.3 ms a field.


class Clock(NamedTuple("Clock", [("today", date), ("now", datetime)])):
    """What time it is: `today` where the user is, `now` in UTC."""

    __slots__ = ()


def clock(override: str | None = None) -> Clock:
    """Read the machine's clock, or `override`: the text of --today or ACCTCLI_TODAY.

    An override is an ISO day (it is noon then) or an ISO day and time; an empty one
    is none. Raises `UsageError` for anything else.
    """
    if not override or not override.strip():
        now = datetime.now(UTC).replace(microsecond=0)
        return Clock(day_of(now), now)
    subject = f"--today {_shown(override)}"
    day_text, at = _split_time(_tidy(override, subject), subject)
    day = _day_in_order(day_text, "iso")
    if day is None:
        raise UsageError(f"{subject} is not an ISO day. Write 2026-12-15 or 2026-12-15 14:30.")
    now = _utc(datetime.combine(day, at or _NOON), subject)
    return Clock(day_of(now), now)


# Days that people type

_FIGURES = r"([0-9]{1,4})([-/.])([0-9]{1,2})\2([0-9]{1,4})"
_UNIT = r"(d(?:ays?)?|w(?:eeks?)?|m(?:onths?)?|y(?:ears?)?|h(?:ours?)?|min(?:utes?)?)"
_DISTANCE = rf"(in )?([+-]?)([0-9]{{1,6}}) ?{_UNIT}( ago)?"
_MONTH_SECOND = r"(?:([a-z]+),? )?([0-9]{1,2})[ -]([a-z]+)(?:[ -]([0-9]{4}))?"
_MONTH_FIRST = r"(?:([a-z]+),? )?([a-z]+) ([0-9]{1,2})(?:,? ([0-9]{4}))?"


def read_day(text: str, today: date, what: str = "date") -> date:
    """Read a day as people type it; `what` (`--due`) begins the message of an error.

    - `2026-12-15`, `2026/12/15`, `15.12.2026`; `01/02/2026` has two readings: refused
    - `15 Dec 2026`, `Dec 15, 2026`, `Fri 13 Nov 2026`; without a year the next such
      day, which may be today, or with a weekday the last one if that one fits
    - `today`, `tomorrow`, `yesterday`
    - `fri`: the first Friday after today. `next fri`: the Friday of next week; weeks
      begin on Monday, so on a Sunday both are the same. `last fri`: refused when last
      week's Friday is not the latest one
    - `3d`, `in 2w`, `1 month`, `1y` ahead; `-3d`, `3d ago` back
    - `eom`, `eoq`, `eoy`: the last day of this month, quarter, year

    Raises `UsageError` for everything else.
    """
    subject = f"{what} {_shown(text)}"
    return _day(_tidy(text, subject), today, subject)


def _day(tidy: str, today: date, subject: str, write: str = _WRITE_A_DAY) -> date:
    try:
        for read in (_day_in_figures, _day_by_word, _day_by_distance, _day_by_month_name):
            day = read(tidy, today, subject)
            if day is not None:
                return _kept(day, subject)
    except OverflowError:
        raise _outside(subject, _FIRST_YEAR) from None
    raise UsageError(f"{subject} is not a date. {write}")


def _day_in_figures(tidy: str, today: date, subject: str) -> date | None:
    match = re.fullmatch(_FIGURES, tidy)
    if match is None:
        return None
    orders = ("ymd",) if len(match[1]) == 4 else ("dmy", "mdy")
    found = (_day_in_order(tidy, order) for order in orders)
    readings = list(dict.fromkeys(day for day in found if day is not None))
    if len(readings) == 1:
        return readings[0]
    if readings:
        said = " or ".join(f"{day.day} {MONTHS[day.month - 1]}" for day in readings)
        raise UsageError(
            f"{subject} reads as {said} {readings[0].year}. Write {_either(readings)}."
        )
    first, _, second, third = match.groups()
    if len(first) != 4 and len(third) != 4:
        raise UsageError(f"{subject} needs its year in four digits. {_WRITE_A_DAY}")
    if len(first) == 4:
        raise _no_such_day(int(first), int(second), subject)
    # Of day and month, the lower one is the month if either is.
    raise _no_such_day(int(third), min(int(first), int(second)), subject)


def _day_by_word(tidy: str, today: date, subject: str) -> date | None:
    match tidy:
        case "today":
            return today
        case "tomorrow":
            return today + _ONE_DAY
        case "yesterday":
            return today - _ONE_DAY
        case "eom":
            return month_of(today).end
        case "eoq":
            return quarter_of(today).end
        case "eoy":
            return _year_of(today).end
    side, _, name = tidy.rpartition(" ")
    weekday = _position(name, WEEKDAYS)
    if weekday is None or side not in ("", "next", "last"):
        return None
    if not side:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    monday = today - timedelta(days=today.weekday())
    if side == "next":
        return monday + timedelta(days=7 + weekday)
    latest = today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
    of_last_week = monday + timedelta(days=weekday - 7)
    if latest == of_last_week:
        return latest
    raise UsageError(
        f"{subject} reads as {_spelled(latest)} or {_spelled(of_last_week)}. "
        f"Write {_either([latest, of_last_week])}."
    )


def _day_by_distance(tidy: str, today: date, subject: str) -> date | None:
    distance = _distance(tidy)
    if distance is None:
        return None
    count, unit = distance
    match unit:
        case "d":
            return today + timedelta(days=count)
        case "w":
            return today + timedelta(weeks=count)
        case "m":
            return add_months(today, count)
        case "y":
            return add_months(today, 12 * count)
    return None


def _distance(tidy: str) -> tuple[int, str] | None:
    """`3d ago` as (-3, "d"); the unit is one of d w m y h, or "min"."""
    match = re.fullmatch(_DISTANCE, tidy)
    if match is None:
        return None
    ahead, sign, count, unit, ago = match.groups()
    if bool(ahead) + bool(sign) + bool(ago) > 1:
        return None
    back = bool(ago) or sign == "-"
    return (-int(count) if back else int(count)), ("min" if unit.startswith("min") else unit[0])


def _day_by_month_name(tidy: str, today: date, subject: str) -> date | None:
    if match := re.fullmatch(_MONTH_SECOND, tidy):
        weekday_name, number, month_name, year = match.groups()
    elif match := re.fullmatch(_MONTH_FIRST, tidy):
        weekday_name, month_name, number, year = match.groups()
    else:
        return None
    position = _position(month_name, MONTHS)
    weekday = _position(weekday_name, WEEKDAYS) if weekday_name else None
    if position is None or (weekday_name and weekday is None):
        return None
    month, number = position + 1, int(number)
    if year:
        day = _real(int(year), month, number)
    else:
        # Two leap years are at most eight years apart.
        near_years = [_real(today.year + ahead, month, number) for ahead in range(-8, 9)]
        same_days = [day for day in near_years if day is not None]
        past = max((day for day in same_days if day < today), default=None)
        day = min((day for day in same_days if day >= today), default=None)
        if past is not None and past.weekday() == weekday:
            day = past
    if day is None:
        raise _no_such_day(int(year or today.year), month, subject)
    if weekday is not None and weekday != day.weekday():
        ahead = (weekday - day.weekday()) % 7
        meant = day + timedelta(days=ahead if ahead < 4 else ahead - 7)
        raise UsageError(
            f"{subject} is a {WEEKDAYS[day.weekday()]}. Write {day} or, for the "
            f"{WEEKDAYS[weekday]} nearest to it, {meant}."
        )
    return day


def _day_in_order(tidy: str, order: str) -> date | None:
    """The day that figures mean in one order of year, month and day, if they are in it."""
    match = re.fullmatch(_FIGURES, tidy)
    if match is None:
        return None
    first, separator, second, third = match.groups()
    if order == "iso" and (separator != "-" or len(tidy) != 10):
        return None
    match order:
        case "dmy":
            year, month, day = third, second, first
        case "mdy":
            year, month, day = third, first, second
        case _:
            year, month, day = first, second, third
    return _real(int(year), int(month), int(day)) if len(year) == 4 else None


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _position(word: str, names: Iterable[str]) -> int | None:
    """Where the name stands that `word` spells or begins, in three letters or more."""
    if len(word) < 3:
        return None
    return next((at for at, name in enumerate(names) if name.lower().startswith(word)), None)


def _kept(day: date, subject: str) -> date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise _outside(subject, _FIRST_YEAR)
    return day


# Moments that people type

_TIMED = (
    r"(?:(?P<day>.+?)(?:,? at |,? |(?<=[0-9])t))?"
    r"(?:(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?"
    r"(?: ?(?P<half>[ap]m))?|(?P<full_hour>[0-9]{1,2}) ?(?P<full_half>[ap]m))"
    r"(?: ?(?P<zone>z|utc|gmt|[+-][0-9]{2}(?::?[0-9]{2})?))?"
)


def read_moment(text: str, clock: Clock, what: str = "--at") -> datetime:
    """Read a moment as people type it: any day that `read_day` takes, with or without a time.

    `14:30`, `9am`, `2:30 pm`, after a full date also with a zone (`Z`, `+08:00`); a time
    alone is today's. `now`, `3h ago`, `in 20 min`. Today without a time is now, another
    day without one its noon. A local time that comes twice when the clocks change is the
    first one; one that they skip is as much later as they went forward. `30m ago` may mean
    minutes or months: refused, as is all that `read_day` refuses, with `UsageError`.
    """
    subject = f"{what} {_shown(text)}"
    tidy = _tidy(text, subject)
    if tidy == "now":
        return clock.now
    distance = _distance(tidy)
    if distance is not None:
        count, unit = distance
        if re.search("[0-9] ?m( |$)", tidy):
            minutes, months = plural(abs(count), "minute"), plural(abs(count), "month")
            ago = " ago" if count < 0 else ""
            raise UsageError(
                f"{subject} reads as {minutes} or {months}{ago}. "
                f"Write {minutes}{ago} or {months}{ago}."
            )
        if unit in ("h", "min"):
            ahead = timedelta(hours=count) if unit == "h" else timedelta(minutes=count)
            return _utc(clock.now + ahead, subject)

    def day_of_text(day_text: str) -> date:
        if not day_text:
            return clock.today
        return _day(day_text, clock.today, subject, _WRITE_A_MOMENT)

    return _moment(tidy, clock, subject, day_of_text)


def _moment(tidy: str, clock: Clock, subject: str, read: Callable[[str], date]) -> datetime:
    """The moment that a day as `read` takes it and an optional time of day mean."""
    day_text, at = _split_time(tidy, subject)
    day = read(day_text)
    if at is None and day == clock.today:
        return clock.now
    return _utc(datetime.combine(day, at or _NOON), subject)


def _split_time(tidy: str, subject: str) -> tuple[str, time | None]:
    """The text of the day, empty if there is none, and the time of day behind it."""
    match = re.fullmatch(_TIMED, tidy)
    if match is None:
        return tidy, None
    hour = int(match["hour"] or match["full_hour"])
    half = match["half"] or match["full_half"]
    if half:
        if not 1 <= hour <= 12:
            raise UsageError(f"{subject} has no such time of day. Write 14:30 or 2:30pm.")
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        at = time(hour, int(match["minute"] or 0), int(match["second"] or 0))
    except ValueError:
        raise UsageError(f"{subject} has no such time of day. Write 14:30 or 2:30pm.") from None
    day_text = match["day"] or ""
    if match["zone"]:
        # `fri 08:00-09:00` is a span of time, not a time west of Greenwich.
        if not re.search("[0-9]{4}", day_text):
            raise UsageError(f"{subject} has a zone but no full date. Write 2026-12-15T14:30Z.")
        at = at.replace(tzinfo=_zone(match["zone"], subject))
    return day_text, at


def _zone(zone: str, subject: str) -> timezone:
    if zone in ("z", "utc", "gmt"):
        return UTC
    hours, minutes = int(zone[1:3]), int(zone[3:].lstrip(":") or 0)
    if hours > 14 or minutes > 59:
        raise UsageError(f"{subject} is in no zone on Earth. Write Z or +08:00.")
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(-ahead if zone[0] == "-" else ahead)


def _utc(moment: datetime, subject: str) -> datetime:
    if not _FIRST_YEAR_OF_MOMENTS <= moment.year <= _LAST_YEAR:
        raise _outside(subject, _FIRST_YEAR_OF_MOMENTS)
    # `astimezone` would put a time that the clocks skipped before their change.
    return datetime.fromtimestamp(int(moment.timestamp()), UTC)


# What is stored, and back


def day_of(moment: datetime) -> date:
    """The day a moment falls on where the user is."""
    return moment.astimezone().date()


def iso(value: date | datetime) -> str:
    """The stored and the machine form: `2026-11-22`, and a moment `2026-11-22T14:03:11Z`."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    return value.isoformat()


def parse_iso_day(stored: str) -> date:
    """The day that `iso` wrote. Raises `Invalid` for any other text."""
    try:
        day = date.fromisoformat(stored)
    except ValueError:
        day = None
    if day is None or day.isoformat() != stored:
        raise Invalid(f"stored day {_shown(stored)} is not like 2026-11-22: run acct db check")
    return day


def parse_iso_moment(stored: str) -> datetime:
    """The moment that `iso` wrote. Raises `Invalid` for any other text."""
    try:
        moment = datetime.fromisoformat(stored)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is not UTC or iso(moment) != stored:
        raise Invalid(
            f"stored moment {_shown(stored)} is not like 2026-11-22T14:03:11Z: run acct db check"
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


# Months and periods

_RELATIVE_PERIOD = "(this|last|next) (week|month|quarter|year)"
_QUARTER_FIRST = "q([1-4]) ?([0-9]{4})"
_QUARTER_LAST = "([0-9]{4})[- ]?q([1-4])"
_MONTH_NUMBER = "([0-9]{4})-([0-9]{2})"
_MONTH_NAME = "([a-z]+) ([0-9]{4})"


class Period(NamedTuple("Period", [("start", date), ("end", date), ("label", str)])):
    """Whole days from `start` to `end`, both included; `period` reads the `label` back."""

    __slots__ = ()


def period(text: str, today: date, what: str = "period") -> Period:
    """Read a span of days as people type it; `what` begins the message of an error.

    `Q4 2026`, `2026-Q4`, `2026`, `2026-11`, `Nov 2026`; `this`, `last` or `next` with
    `week`, `month`, `quarter` or `year`; `A..B`, two days as `read_day` takes them, both
    included. Raises `UsageError` for everything else.
    """
    subject = f"{what} {_shown(text)}"
    tidy = _tidy(text, subject)
    period_of: Callable[[date], Period]
    if ".." in tidy:
        first, _, last = tidy.partition("..")
        start, end = (_day(side.strip(), today, subject) for side in (first, last))
        if end < start:
            raise UsageError(f"{subject} ends before it begins. Write {end}..{start}.")
        return _span(start, end)
    if match := re.fullmatch(_RELATIVE_PERIOD, tidy):
        units = {"week": _week_of, "month": month_of, "quarter": quarter_of, "year": _year_of}
        period_of = units[match[2]]
        current = period_of(today)
        if match[1] == "this":
            return current
        return period_of(current.start - _ONE_DAY if match[1] == "last" else current.end + _ONE_DAY)
    day, period_of = _named_period(tidy)
    if day is None:
        raise UsageError(
            f"{subject} is not a period. "
            "Write Q4 2026, 2026-11, 2026, last quarter or 2026-11-01..2026-11-15."
        )
    return period_of(_kept(day, subject))


def _named_period(tidy: str) -> tuple[date | None, Callable[[date], Period]]:
    """A day in the quarter, month or year that is named, and what makes that of a day."""
    if match := re.fullmatch(_QUARTER_FIRST, tidy):
        return _real(int(match[2]), 3 * int(match[1]), 1), quarter_of
    if match := re.fullmatch(_QUARTER_LAST, tidy):
        return _real(int(match[1]), 3 * int(match[2]), 1), quarter_of
    if match := re.fullmatch(_MONTH_NUMBER, tidy):
        return _real(int(match[1]), int(match[2]), 1), month_of
    if match := re.fullmatch(_MONTH_NAME, tidy):
        position = _position(match[1], MONTHS)
        return None if position is None else _real(int(match[2]), position + 1, 1), month_of
    return _real(int(tidy), 1, 1) if re.fullmatch("[0-9]{4}", tidy) else None, _year_of


def quarter_of(day: date) -> Period:
    """The calendar quarter that the day is in; its label is like `Q4 2026`."""
    quarter = (day.month - 1) // 3 + 1
    end = month_of(date(day.year, 3 * quarter, 1)).end
    return Period(date(day.year, 3 * quarter - 2, 1), end, f"Q{quarter} {day.year:04}")


def month_of(day: date) -> Period:
    """The calendar month that the day is in; its label is like `Nov 2026`."""
    end = day.replace(day=_month_length(day.year, day.month))
    return Period(day.replace(day=1), end, f"{MONTHS[day.month - 1][:3]} {day.year:04}")


def _year_of(day: date) -> Period:
    return Period(date(day.year, 1, 1), date(day.year, 12, 31), f"{day.year:04}")


def _week_of(day: date) -> Period:
    monday = day - timedelta(days=day.weekday())
    return _span(monday, monday + timedelta(days=6))


def _span(start: date, end: date) -> Period:
    return Period(start, end, f"{start}..{end}")


def add_months(day: date, n: int) -> date:
    """The same day of the month `n` months on, or that month's last day if it has none.

    Raises `OverflowError` past the calendar's ends, as `date + timedelta` does.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError("date value out of range")
    return _month_day(year, month + 1, day.day)


def _month_day(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, _month_length(year, month)))


def _month_length(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _whole_months(earlier: date, later: date) -> int:
    months = 12 * (later.year - earlier.year) + later.month - earlier.month
    return months - (later.day < earlier.day)


# Durations

_DURATION = r"(?:([0-9]{1,5}) ?h(?:ours?)?)? ?(?:([0-9]{1,5}) ?(?:m|min(?:utes?)?)?)?"
_LONGEST_DURATION = 7 * 24 * 60


def read_duration(text: str, what: str = "--duration") -> int:
    """Read how long something took, in minutes: `45m`, `1h`, `1h30m`, `90`.

    Raises `UsageError` for other text and `Invalid` for more than a week.
    """
    subject = f"{what} {_shown(text)}"
    tidy = _tidy(text, subject)
    match = re.fullmatch(_DURATION, tidy)
    if match is None or not (match[1] or match[2]):
        raise UsageError(f"{subject} is not a duration. Write 45m, 1h or 1h30m.")
    minutes = 60 * int(match[1] or 0) + int(match[2] or 0)
    if minutes > _LONGEST_DURATION:
        raise Invalid(f"{subject} is longer than a week. Write 45m, 1h or 1h30m.")
    return minutes


def say_duration(minutes: int) -> str:
    """`45m`, `1h`, `1h30m`: the same text that `read_duration` takes."""
    hours, rest = divmod(minutes, 60)
    if minutes < 60:
        return f"{minutes}m"
    return f"{hours}h{rest}m" if rest else f"{hours}h"


# Repetition

_EVERY_WORDS = {
    "daily": "1d",
    "weekly": "1w",
    "monthly": "1m",
    "quarterly": "3m",
    "yearly": "1y",
}
_EVERY = r"(?:every )?([1-9][0-9]{0,2}) ?(d(?:ays?)?|w(?:eeks?)?|m(?:onths?)?|y(?:ears?)?)"
_RULE_PARTS = {
    "FREQ": "DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": "[1-9][0-9]{0,2}",
    "BYDAY": "(?:[+-]?[1-9][0-9]?)?(?:MO|TU|WE|TH|FR|SA|SU)",
    "BYMONTH": "[1-9]|1[0-2]",
    "BYMONTHDAY": "-?(?:[1-9]|[12][0-9]|3[01])",
    "BYSETPOS": "-?[1-9][0-9]{0,2}",
    "WKST": "MO|SU",
}
_WRITE_EVERY = "Write 3d, 2w, 1m, 1y, monthly or FREQ=MONTHLY;BYDAY=-1FR."


def read_every(text: str, what: str = "--every") -> str:
    """Read how often a task repeats, and return it in the form that is kept.

    `3d`, `2 weeks`, `daily`, `monthly` become a number and a letter (`1m`). A rule of RFC 5545
    may use FREQ (daily or slower), INTERVAL, BYDAY, BYMONTH, BYMONTHDAY, BYSETPOS and WKST;
    a plain one becomes a number and a letter too. Raises `UsageError` for other text, and
    for a rule that names no day.
    """
    subject = f"{what} {_shown(text)}"
    tidy = _tidy(text, subject)
    if tidy in _EVERY_WORDS:
        return _EVERY_WORDS[tidy]
    if match := re.fullmatch(_EVERY, tidy):
        return f"{int(match[1])}{match[2][0]}"
    if "freq=" not in tidy:
        raise UsageError(f"{subject} is not a repetition. {_WRITE_EVERY}")
    rule = tidy.upper().removeprefix("RRULE:").strip(";")
    parts = _rule_parts(rule, subject)
    if parts.keys() <= {"FREQ", "INTERVAL", "WKST"}:
        return f"{parts.get('INTERVAL', '1')}{parts['FREQ'][0].lower()}"
    rule = ";".join(f"{name}={parts[name]}" for name in _RULE_PARTS if name in parts)
    if _next_by_rule(rule, date(2000, 1, 1)) is None:
        raise UsageError(f"{subject} never falls on a day. {_WRITE_EVERY}")
    return rule


def next_due(every: str, done_on: date, anchor: date | None = None) -> date:
    """The day on which a task that was done on `done_on` is due again; always later.

    `every` is read by `read_every`, whose errors it raises; the step counts from completion.
    Months and years keep the day of the month of `anchor`, the first due day of the series
    (31 January, then 28 February, then 31 March), and of such days take the one nearest to a
    full step: rent due on the 1st and paid on 28 January is due again on 1 March. A rule goes
    on after `anchor` if the task was done before that day. Raises `Invalid` if no day follows.
    """
    # A file that came from elsewhere may hold any rule.
    step = read_every(every, "every")
    try:
        if step.startswith("FREQ="):
            day = _next_by_rule(step, max(done_on, anchor or done_on))
        elif step[-1] in "dw":
            days = int(step[:-1]) * (7 if step[-1] == "w" else 1)
            day = done_on + timedelta(days=days)
        else:
            months = int(step[:-1]) * (12 if step[-1] == "y" else 1)
            day = _nearest_month_day(add_months(done_on, months), anchor or done_on)
    except OverflowError:
        day = None
    if day is None:
        raise Invalid(f"every {_shown(every)} has no day after {done_on}: change it with --every")
    return day


def _nearest_month_day(target: date, anchor: date) -> date:
    """The day with the anchor's number that is nearest to `target`, the later of two."""
    candidates = []
    for ahead in (1, 0, -1):
        month = add_months(target.replace(day=1), ahead)
        candidates.append(_month_day(month.year, month.month, anchor.day))
    return min(candidates, key=lambda day: abs(day - target))


def _rule_parts(rule: str, subject: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in rule.split(";"):
        name, _, value = part.partition("=")
        values = value.split(",") if name.startswith("BY") else [value]
        pattern = _RULE_PARTS.get(name)
        if pattern is None or name in parts:
            raise UsageError(f"{subject} cannot repeat by {_shown(part)}. {_WRITE_EVERY}")
        if not all(re.fullmatch(pattern, value) for value in values):
            raise UsageError(f"{subject} has an unknown {_shown(part)}. {_WRITE_EVERY}")
        parts[name] = value
    if parts["FREQ"] in ("DAILY", "WEEKLY") and re.search("[0-9]", parts.get("BYDAY", "")):
        raise UsageError(f"{subject} counts weekdays without a month. {_WRITE_EVERY}")
    return parts


def _next_by_rule(rule: str, after: date) -> date | None:
    """The rule's first day later than `after`, if it has one in the next forty years."""
    from dateutil.rrule import rrulestr

    # A rule that never matches is searched up to the year 9999, which takes seconds from
    # today. The calendar repeats every 400 years, weekdays included: searching from the
    # same place in its last cycle finds the same day, and bounds the search to a third of
    # a second (30 February, daily).
    shift = 400 * max(0, (date.max.year - 40 - after.year) // 400)
    start = datetime(after.year + shift, after.month, after.day)
    for found in rrulestr(rule, dtstart=start):
        if found > start:
            return found.date().replace(year=found.year - shift)
    return None


# Columns of dates in files

ORDERS = ("iso", "ymd", "dmy", "mdy", "text")


class ColumnOrder(
    NamedTuple("ColumnOrder", [("order", str | None), ("ambiguous", bool), ("example", str)])
):
    """How a column of dates reads: the `order` that reads every value, if it is the only one.

    Without an order, `ambiguous` tells whether two read every value, and `example` is a
    value that shows it: one that both orders read, differently, or the first that none reads.
    A column without any value has neither an order nor an example.
    """

    __slots__ = ()


def column_order(values: Iterable[str], today: date | None = None) -> ColumnOrder:
    """Find the one order of year, month and day in which all values are real dates.

    Orders: `iso`, `ymd`, `dmy`, `mdy`, and `text` for days in words, which may stand among
    ISO ones. A time behind the date and empty values are ignored. Weekdays in words need
    `today`; without it the machine's is taken.
    """
    today = today or clock().today
    fitting = list(ORDERS)
    differing = ""
    empty = True
    for value in dict.fromkeys(values):  # a long column has few different days
        if not value.strip():
            continue
        readings = _readings(value, today)
        fitting = [order for order in fitting if order in readings]
        if not fitting:
            return ColumnOrder(None, False, value)
        empty = False
        if not differing and readings.get("dmy") != readings.get("mdy"):
            differing = value
    if empty:
        return ColumnOrder(None, False, "")
    if differing and "dmy" in fitting and "mdy" in fitting:
        return ColumnOrder(None, True, differing)
    return ColumnOrder(fitting[0], False, "")


def _readings(value: str, today: date) -> dict[str, date]:
    """What the value means in each order that reads it."""
    readings: dict[str, date] = {}
    try:
        tidy, _ = _split_time(_tidy(value, ""), "")
        for order in ORDERS[:-1]:
            day = _day_in_order(tidy, order)
            if day is not None:
                readings[order] = day
        if readings.keys().isdisjoint(("dmy", "mdy")):
            readings["text"] = _day(tidy, today, "")
    except UsageError:
        pass
    return readings


def read_day_in(text: str, order: str, today: date | None = None, what: str = "date") -> date:
    """Read a day of a column in the order found by `column_order`; a time behind it is dropped.

    `order` may also be a pattern such as `%d.%m.%y`. Words (`text`) count from `today`;
    without it, from the machine's. Raises `UsageError` if the text is not in this order.
    """
    subject = f"{what} {_shown(text)}"
    if "%" in order:
        return _kept(_by_pattern(text, order, subject).date(), subject)
    day_text, _ = _split_time(_tidy(text, subject), subject)
    return _column_day(day_text, order, today or clock().today, subject)


def read_moment_in(text: str, order: str, clock: Clock, what: str = "date") -> datetime:
    """Read a moment of a column, as `read_day_in` reads a day; without a time see `read_moment`.

    Raises `UsageError` if the text is not in this order.
    """
    subject = f"{what} {_shown(text)}"
    if order == "text":
        return read_moment(text, clock, what)
    if "%" in order:
        moment = _by_pattern(text, order, subject)
        if not re.search("%[HIXcTRs]", order):
            return _moment(iso(moment.date()), clock, subject, date.fromisoformat)
        return _utc(moment, subject)
    return _moment(
        _tidy(text, subject),
        clock,
        subject,
        lambda day: _column_day(day, order, clock.today, subject),
    )


def column_reader(fmt: str) -> Callable[[str], date]:
    """The reader of days for the text of `--date-format`.

    That is `dmy`, `mdy`, `ymd`, `iso` or `text`, or a pattern with a year, a month and a day
    such as `%d.%m.%Y`. Raises `UsageError` for other text.
    """
    order = fmt.strip()
    word = order.lower()
    if word in ORDERS:
        return lambda text: read_day_in(text, word)
    # Two days that differ in all their parts must survive, or the pattern lacks a part.
    probes = (date(2026, 11, 28), date(2031, 4, 9))
    if not re.search("%[YyGcxDF]", order) or any(_reprinted(day, order) != day for day in probes):
        raise UsageError(
            f"--date-format {_shown(fmt)} does not say where year, month and day stand. "
            "Write dmy, mdy, ymd or a pattern such as %d.%m.%Y."
        )
    return lambda text: read_day_in(text, order)


def _column_day(tidy: str, order: str, today: date, subject: str) -> date:
    if order == "text":
        return _day(tidy, today, subject)
    day = _day_in_order(tidy, order)
    if day is None:
        sample = {"dmy": "15/12/2026", "mdy": "12/15/2026", "ymd": "2026/12/15"}
        raise UsageError(
            f"{subject} is not a date in the order {order} of its column. "
            f"Write it like {sample.get(order, '2026-12-15')}, or give --date-format."
        )
    return _kept(day, subject)


def _by_pattern(text: str, pattern: str, subject: str) -> datetime:
    try:
        return datetime.strptime(_tidy(text, subject), pattern)
    except ValueError:
        raise UsageError(
            f"{subject} does not fit --date-format {_shown(pattern)}. Change one of them."
        ) from None


def _reprinted(day: date, pattern: str) -> date | None:
    """What is left of a day that is written and read with the pattern."""
    written = datetime.combine(day, _NOON, UTC)
    try:
        return datetime.strptime(written.strftime(pattern), pattern).date()
    except (ValueError, re.error):  # unknown directives; one that is there twice
        return None


# What the messages are made of


def _tidy(text: str, subject: str) -> str:
    """The text in small letters and with single spaces, if a date can be written so at all."""
    tidy = " ".join(text.split()).lower()
    if not tidy:
        raise UsageError(f"{subject} is empty. {_WRITE_A_DAY}")
    # ASCII only: `int` and `\d` would read the digits of every script.
    if not tidy.isascii():
        raise UsageError(f"{subject} is not in plain letters and digits. {_WRITE_A_DAY}")
    if len(tidy) > _LONGEST_TEXT:
        raise UsageError(f"{subject} is too long. {_WRITE_A_DAY}")
    return tidy


def _shown(text: str) -> str:
    """The text as an error shows it: safe, and short enough to leave the advice in sight."""
    return clip(safe(text.strip()), 60) or '""'


def _spelled(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def _either(days: Iterable[date]) -> str:
    return " or ".join(day.isoformat() for day in days)


def _no_such_day(year: int, month: int, subject: str) -> UsageError:
    last = _real(year, month, _month_length(year, month))
    advice = f"Write {last} for the last day of that month." if last else _WRITE_A_DAY
    return UsageError(f"{subject} is not in the calendar. {advice}")


def _outside(subject: str, first_year: int) -> UsageError:
    return UsageError(
        f"{subject} is outside the years {first_year} to {_LAST_YEAR}. Write another."
    )
