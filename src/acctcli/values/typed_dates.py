"""Days and moments as people type them: the only reader of "fri", "2w" and "eom".

Never in here: a guess. Text with two readings is refused with both spelled out,
which is why no date parser of a library sees it.

Columns of dates in files (`date_columns`), durations (`durations`), spans of days
(`periods`) and repetition (`repeats`) have modules of their own, which build on the
readers in here.

Patterns are strings at the top of their section: `re` compiles each when it is
first used and keeps it, so that importing this module compiles none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone

from acctcli.errors import UsageError
from acctcli.text import plural
from acctcli.values.dates import (
    MONTHS,
    WEEKDAYS,
    Clock,
    add_months,
    day_of,
    end_of_month,
    end_of_quarter,
    in_utc,
    kept,
    month_length,
    outside,
    shown,
)

_LONGEST_TEXT = 200
_NOON = time(12)
_ONE_DAY = timedelta(days=1)

_WRITE_A_DAY = "Write 2026-12-15, 15 Dec, fri, 3d, 2w, 1m or eom."
_WRITE_A_MOMENT = "Write 2026-12-15 14:30, yesterday 9am, 3h ago or now."


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
    tidy, subject = typed(text, what)
    return read_tidy_day(tidy, today, subject)


def read_past_day(text: str, today: date, what: str = "--since") -> date:
    """Read a day that is not still to come, as `read_day` does; a distance is one back.

    `3m` and `3m ago` are the same here. Raises `UsageError` for a day after today, too.
    """
    tidy, subject = typed(text, what)
    if re.fullmatch(f"[0-9]+ ?{_UNIT}", tidy):
        tidy = f"{tidy} ago"
    day = read_tidy_day(tidy, today, subject)
    if day > today:
        raise UsageError(f"{subject} is {day}, still to come. Write 3m, yesterday or 2026-10-01.")
    return day


def read_tidy_day(tidy: str, today: date, subject: str, write: str = _WRITE_A_DAY) -> date:
    """Read a day as `read_day` does, from what `typed` gave; `write` ends "is not a date"."""
    try:
        for read in (_day_in_figures, _day_by_word, _day_by_distance, _day_by_month_name):
            day = read(tidy, today, subject)
            if day is not None:
                return kept(day, subject)
    except OverflowError:
        raise outside(subject) from None
    raise UsageError(f"{subject} is not a date. {write}")


def _day_in_figures(tidy: str, today: date, subject: str) -> date | None:
    match = re.fullmatch(_FIGURES, tidy)
    if match is None:
        return None
    orders = ("ymd",) if len(match[1]) == 4 else ("dmy", "mdy")
    found = (day_in_order(tidy, order) for order in orders)
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
            return end_of_month(today)
        case "eoq":
            return end_of_quarter(today)
        case "eoy":
            return date(today.year, 12, 31)
    side, _, name = tidy.rpartition(" ")
    weekday = position_of(name, WEEKDAYS)
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
    position = position_of(month_name, MONTHS)
    weekday = position_of(weekday_name, WEEKDAYS) if weekday_name else None
    if position is None or (weekday_name and weekday is None):
        return None
    month, number = position + 1, int(number)
    if year:
        day = real_day(int(year), month, number)
    else:
        # Two leap years are at most eight years apart.
        near_years = [real_day(today.year + ahead, month, number) for ahead in range(-8, 9)]
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


def day_in_order(tidy: str, order: str) -> date | None:
    """The day that figures mean in one order, `iso`, `ymd`, `dmy` or `mdy`, if they are in it."""
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
    return real_day(int(year), int(month), int(day)) if len(year) == 4 else None


def real_day(year: int, month: int, day: int) -> date | None:
    """The day of these figures, or None if the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def position_of(word: str, names: Iterable[str]) -> int | None:
    """Where the name stands that `word` spells or begins, in three letters or more."""
    if len(word) < 3:
        return None
    return next((at for at, name in enumerate(names) if name.lower().startswith(word)), None)


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
    tidy, subject = typed(text, what)
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
            return in_utc(clock.now + ahead, subject)
    day_text, at = split_time(tidy, subject)
    day = clock.today
    if day_text:
        day = read_tidy_day(day_text, clock.today, subject, _WRITE_A_MOMENT)
    return moment_on(day, at, clock, subject)


def moment_on(day: date, at: time | None, clock: Clock, subject: str) -> datetime:
    """The moment that a day and a time of day mean, or the day alone as in `read_moment`."""
    if at is None and day == clock.today:
        return clock.now
    return in_utc(datetime.combine(day, at or _NOON), subject)


def split_time(tidy: str, subject: str) -> tuple[str, time | None]:
    """The text of the day, empty if there is none, and the time of day behind it.

    Raises `UsageError` for a time that no day has, and for a zone without a full date.
    """
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


def is_time_alone(text: str) -> bool:
    """Whether a text is a time of day without a day, such as `14:30` and `9am`."""
    match = re.fullmatch(_TIMED, " ".join(text.split()).lower())
    return match is not None and not match["day"]


def _zone(zone: str, subject: str) -> timezone:
    if zone in ("z", "utc", "gmt"):
        return UTC
    hours, minutes = int(zone[1:3]), int(zone[3:].lstrip(":") or 0)
    if hours > 14 or minutes > 59:
        raise UsageError(f"{subject} is in no zone on Earth. Write Z or +08:00.")
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(-ahead if zone[0] == "-" else ahead)


# The clock, as somebody sets it


def read_clock(text: str, what: str = "--today") -> Clock:
    """Read what time it is to be instead of the machine's: the text of --today, or of `what`.

    It is an ISO day (it is noon then) or an ISO day and time. Raises `UsageError` for
    anything else.
    """
    tidy, subject = typed(text, what)
    with suppress(ValueError):  # the usual form, without the patterns of the others
        day = date.fromisoformat(tidy)
        if day.isoformat() == tidy:
            return Clock(day, in_utc(datetime.combine(day, _NOON), subject))
    day_text, at = split_time(tidy, subject)
    found = day_in_order(day_text, "iso")
    if found is None:
        raise UsageError(f"{subject} is not an ISO day. Write 2026-12-15 or 2026-12-15 14:30.")
    now = in_utc(datetime.combine(found, at or _NOON), subject)
    return Clock(day_of(now), now)


# What the messages are made of


def typed(text: str, what: str) -> tuple[str, str]:
    """The text in small letters with single spaces, and the subject of errors about it.

    Raises `UsageError` for text that says no date, duration or repetition at all.
    """
    subject = f"{what} {shown(text)}"
    tidy = " ".join(text.split()).lower()
    if not tidy:
        raise UsageError(f"{subject} is empty. {_WRITE_A_DAY}")
    # ASCII only: `int` and `\d` would read the digits of every script.
    if not tidy.isascii():
        raise UsageError(f"{subject} is not in plain letters and digits. {_WRITE_A_DAY}")
    if len(tidy) > _LONGEST_TEXT:
        raise UsageError(f"{subject} is too long. {_WRITE_A_DAY}")
    return tidy, subject


def _spelled(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def _either(days: Iterable[date]) -> str:
    return " or ".join(day.isoformat() for day in days)


def _no_such_day(year: int, month: int, subject: str) -> UsageError:
    last = real_day(year, month, month_length(year, month))
    advice = f"Write {last} for the last day of that month." if last else _WRITE_A_DAY
    return UsageError(f"{subject} is not in the calendar. {advice}")
