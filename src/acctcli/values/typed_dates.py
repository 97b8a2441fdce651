"""Days as people type them: the only reader of "fri", "2w" and "eom".

Nothing is guessed. Text with two readings is refused with both spelled out, which is why no date
parser of a library is used.

Moments (`typed_moments`), columns of dates in files (`date_columns`), durations, periods and
repetitions have modules of their own, which build on these readers.

Patterns are strings at the top of their section: `re` compiles and caches each one on first use, so
that importing this module compiles none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta

from acctcli.errors import UsageError
from acctcli.model import Look
from acctcli.values.dates import (
    MONTHS,
    WEEKDAYS,
    add_months,
    end_of_month,
    end_of_quarter,
    in_full,
    kept,
    month_length,
    outside,
    shown,
)
from acctcli.values.times import split_time

_LONGEST_TEXT = 200
FURTHEST_YEARS = 50
"""The most years of a distance such as `-100y`; a longer one is a typing error."""

_ONE_DAY = timedelta(days=1)
_FRIDAY, _SATURDAY = 4, 5

_WRITE_A_DAY = "Write 2026-12-15, 15 Dec, fri, 3d, 2w, 1m or eom."


# Days that people type

_FIGURES = r"([0-9]{1,4})([-/.])([0-9]{1,2})\2([0-9]{1,4})"
_COMPACT = "([12][0-9]{3})([0-9]{2})([0-9]{2})"
_UNIT = (
    "(?:d(?:ays?)?|w(?:(?:ee)?ks?)?|min(?:utes?)?|mo(?:nths?)?|m|y(?:(?:ea)?rs?)?|h(?:(?:ou)?rs?)?)"
)
_COUNTED = rf"[0-9]{{1,6}} ?{_UNIT}"
_DISTANCE = rf"(in )?([+-]?)({_COUNTED}(?:(?:,| and)? ?{_COUNTED})*)( ago)?"
_PART = rf"([0-9]{{1,6}}) ?({_UNIT})"
_BUSINESS = r"(in )?([+-]?)([0-9]{1,4}) ?(?:(?:business|working|work) ?days?|bd)( ago)?"
_SHIFTED = rf"(.*[a-z0-9]) ?([+-]) ?({_COUNTED}(?: ?{_COUNTED})*)"
_MONTH_SECOND = (
    r"(?:([a-z]+),? )?([0-9]{1,2})(?:st|nd|rd|th)?(?: of)?[ -]?([a-z]+)(?:,?[ -]([0-9]{4}))?"
)
_MONTH_FIRST = r"(?:([a-z]+),? )?([a-z]+)[ -]([0-9]{1,2})(?:st|nd|rd|th)?(?:,? ([0-9]{4}))?"
_OF_MONTH = r"(?:the )?([0-9]{1,2})(?:st|nd|rd|th)"
_END = r"end of (?:the |(this|next|last) )?(week|month|quarter|year)|eo([wmqy])"
_END_OF_NAMED = r"end of (?:q([1-4])|([a-z]+))(?: ([0-9]{4}))?"
_OF_WEEK = r"(?:(this|next|last) )?([a-z]+)|([a-z]+) (this|next|last) week"


WORDS: Mapping[str, Callable[[date], date]] = {
    "today": lambda today: today,
    "tomorrow": lambda today: today + _ONE_DAY,
    "yesterday": lambda today: today - _ONE_DAY,
    "day after tomorrow": lambda today: today + 2 * _ONE_DAY,
    "the day after tomorrow": lambda today: today + 2 * _ONE_DAY,
    "day before yesterday": lambda today: today - 2 * _ONE_DAY,
    "the day before yesterday": lambda today: today - 2 * _ONE_DAY,
    "next week": lambda today: today + timedelta(days=7 - today.weekday()),
    "next month": lambda today: end_of_month(today) + _ONE_DAY,
    "next quarter": lambda today: end_of_quarter(today) + _ONE_DAY,
    "next year": lambda today: date(today.year + 1, 1, 1),
}
"""The days with a name of their own, in whichever direction a day looks."""


def read_day(
    text: str,
    today: date,
    what: str = "date",
    look: Look = "ahead",
    *,
    timed: bool = True,
) -> date:
    """Read a day as people type it; `what` (`--due`) begins the message of an error.

    - `2026-12-15`, `20261215`, `2026/12/15`, `15.12.2026`; `01/02/2026` has two readings:
      refused
    - `15 Dec 2026`, `Dec 15th, 2026`, `Fri 13 Nov 2026`; without a year, and `15th` alone,
      the nearest such day in the direction of `look`, which may be today
    - `today`, `tomorrow`, `yesterday`, `day after tomorrow`
    - `fri`: the first Friday after today, or looking back the last one before it. `this fri`
      and `next fri`: the Friday of this week and of the next; weeks begin on Monday.
      `last fri`: refused when last week's Friday is not the latest one
    - `3d`, `2w3d`, `1 month`, `1y`, `3 business days` in the direction of `look`; `in 3d` and
      `+3d` ahead, `-3d` and `3d ago` back
    - `next week`, `next month`, `next quarter`, `next year`: their first day
    - `eow`, `eom`, `eoq`, `eoy`, `end of month`: Friday of this week (on a weekend, of the
      next one), the last day of this month, quarter, year; `end of next month`, `end of jan`,
      `end of Q1 2027`: the last day of that one
    - any of these and a distance: `eom+3d`, `fri +1w`

    With `timed`, a time of day behind a day is dropped. Raises `UsageError` for everything
    else, and for a distance of more than 50 years, which is a slip.
    """
    tidy, subject = typed(text, what)
    return read_tidy_day(tidy, today, subject, look=look, timed=timed)


def read_past_day(text: str, today: date, what: str = "--since") -> date:
    """Read a day that is not in the future, as `read_day` does looking back.

    Raises `UsageError` for a day after today too.
    """
    tidy, subject = typed(text, what)
    day = read_tidy_day(tidy, today, subject, look="back", timed=True)
    return not_to_come(day, today, subject)


def not_to_come(day: date, today: date, subject: str) -> date:
    """Return the day. Raises `UsageError` if it is after today."""
    if day > today:
        raise UsageError(
            f"{subject} is {in_full(day)}, in the future. Write 3m, yesterday or 2026-10-01."
        )
    return day


def read_tidy_day(
    tidy: str,
    today: date,
    subject: str,
    write: str = _WRITE_A_DAY,
    *,
    look: Look = "ahead",
    timed: bool = False,
) -> date:
    """Read a day like `read_day`, from the output of `typed`; `write` ends "is not a date"."""
    with on_the_calendar(subject):
        day = _day(tidy, today, subject, look)
        if day is None and timed:
            day_text, at = split_time(tidy, subject)
            if at is not None and day_text:
                day = _day(day_text, today, subject, look)
    if day is None:
        raise UsageError(f"{subject} is not a date. {write}")
    return kept(day, subject)


@contextmanager
def on_the_calendar(subject: str) -> Iterator[None]:
    """Raise errors about days outside the calendar as `UsageError`."""
    try:
        yield
    except OverflowError:
        raise outside(subject) from None


def _day(tidy: str, today: date, subject: str, look: Look) -> date | None:
    for read in (_day_in_figures, _day_by_word, _day_of_a_week, _day_by_distance, _day_by_month):
        day = read(tidy, today, subject, look)
        if day is not None:
            return day
    if match := re.fullmatch(_SHIFTED, tidy):
        base = _day(match[1], today, subject, look)
        if base is not None:
            sign = -1 if match[2] == "-" else 1
            return not_far(moved(base, _parts(match[3]), sign), base, subject)
    return None


def _day_in_figures(tidy: str, today: date, subject: str, look: Look) -> date | None:
    if match := re.fullmatch(_COMPACT, tidy):
        year, month, number = map(int, match.groups())
        day = real_day(year, month, number)
        if day is None:
            raise _no_such_day(year, month, subject)
        return day
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
    # Of day and month, the smaller number is the month if either is.
    raise _no_such_day(int(third), min(int(first), int(second)), subject)


def _day_by_word(tidy: str, today: date, subject: str, look: Look) -> date | None:
    if (meant := WORDS.get(tidy)) is not None:
        return meant(today)
    if end := re.fullmatch(_END, tidy):
        return _end_of(end[2] or end[3], end[1] or "this", today)
    if end := re.fullmatch(_END_OF_NAMED, tidy):
        return _end_of_named(end[1], end[2], end[3], today, look)
    return None


def _end_of(unit: str, side: str, today: date) -> date:
    """Return the last day of this, the next or the last week, month, quarter or year.

    A week ends on Friday; on a weekend, this week is the coming one.
    """
    way = {"last": -1, "this": 0, "next": 1}[side]
    match unit[0]:
        case "w" if way == 0:
            return today + timedelta(days=(_FRIDAY - today.weekday()) % 7)
        case "w":
            return today + timedelta(days=_FRIDAY - today.weekday() + 7 * way)
        case "m":
            return end_of_month(add_months(today.replace(day=1), way))
        case "q":
            return end_of_quarter(add_months(today.replace(day=1), 3 * way))
        case _:
            return date(today.year + way, 12, 31)


def _end_of_named(
    quarter: str | None, name: str | None, year: str | None, today: date, look: Look
) -> date | None:
    """Return the last day of a named month or quarter: `end of jan`, `end of q1 2027`."""
    position = position_of(name, MONTHS) if name else 3 * int(quarter or 1) - 1
    if position is None:
        return None
    if year:
        first = real_day(int(year), position + 1, 1)
        return end_of_month(first) if first else None
    ends = [end_of_month(date(today.year + ahead, position + 1, 1)) for ahead in (-1, 0, 1)]
    return _nearest(ends, today, look, None)


def _day_of_a_week(tidy: str, today: date, subject: str, look: Look) -> date | None:
    match = re.fullmatch(_OF_WEEK, tidy)
    if match is None:
        return None
    side, name = (match[1], match[2]) if match[2] else (match[4], match[3])
    weekday = position_of(name, WEEKDAYS)
    if weekday is None:
        return None
    latest = today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
    if side is None:
        following = latest + timedelta(days=14 if latest.weekday() == today.weekday() else 7)
        return latest if look == "back" else following
    monday = today - timedelta(days=today.weekday())
    of_week = monday + timedelta(days=weekday + {"last": -7, "this": 0, "next": 7}[side])
    if side == "this" and look == "ahead" and of_week < today:
        following = of_week + timedelta(days=7)
        raise UsageError(
            f"{subject} is over: it was {in_full(of_week)}. Write {_either([following, of_week])}."
        )
    if side == "last" and not match[4] and latest != of_week:
        raise UsageError(
            f"{subject} reads as {in_full(latest)} or {in_full(of_week)}. "
            f"Write {_either([latest, of_week])}."
        )
    return of_week


def _day_by_distance(tidy: str, today: date, subject: str, look: Look) -> date | None:
    if match := re.fullmatch(_BUSINESS, tidy):
        sign = _sign(match[1], match[2], match[4], look)
        if sign is None:
            return None
        return not_far(_business_days(today, sign * int(match[3])), today, subject)
    found = distance(tidy, look)
    if found is None:
        return None
    sign, parts = found
    if any(unit in ("h", "min") for _, unit in parts):
        return None
    return not_far(moved(today, parts, sign), today, subject)


def not_far(day: date, start: date, subject: str) -> date:
    """Return the day. Raises `UsageError` if it is further from its start than anyone plans."""
    if abs(kept(day, subject).year - start.year) > FURTHEST_YEARS:
        raise UsageError(
            f"{subject} is {in_full(day)}, more than {FURTHEST_YEARS} years away. "
            f"Write {day} if you mean that day."
        )
    return day


def moved(day: date, parts: Iterable[tuple[int, str]], sign: int) -> date:
    """Return the day moved by years, months, weeks and days, back with a `sign` of -1."""
    months, days = _months_and_days(parts)
    return add_months(day, sign * months) + timedelta(days=sign * days)


def moved_by(day: date, text: str, what: str) -> date | None:
    """Return the day moved by a signed distance, `+2w` or `-3d`; None for other text."""
    tidy, subject = typed(text, what)
    if (business := re.fullmatch(_BUSINESS, tidy)) and business[2]:
        count = int(business[3])
        by = _business_days(day, -count if business[2] == "-" else count)
        return not_far(by, day, subject)
    match = re.fullmatch(rf"([+-]) ?({_COUNTED}(?: ?{_COUNTED})*)", tidy)
    if match is None:
        return None
    with on_the_calendar(subject):
        by = moved(day, _parts(match[2]), -1 if match[1] == "-" else 1)
        return not_far(by, day, subject)


def days_counted(tidy: str) -> tuple[int, int] | None:
    """Return months and days of a distance such as `3 months` or `2w`; None for other text."""
    found = distance(tidy, "ahead")
    if found is None or any(unit in ("h", "min") for _, unit in found[1]):
        return None
    return _months_and_days(found[1])


def _months_and_days(parts: Iterable[tuple[int, str]]) -> tuple[int, int]:
    found = list(parts)
    months = sum(count * {"y": 12, "m": 1}.get(unit, 0) for count, unit in found)
    days = sum(count * {"w": 7, "d": 1}.get(unit, 0) for count, unit in found)
    return months, days


def _business_days(day: date, count: int) -> date:
    """Return the day `count` working days later, or earlier: Saturdays and Sundays do not count."""
    step = _ONE_DAY if count > 0 else -_ONE_DAY
    left = abs(count)
    while left:
        day += step
        left -= day.weekday() < _SATURDAY
    return day


def distance(tidy: str, look: Look) -> tuple[int, list[tuple[int, str]]] | None:
    """Return `2w3d ago` as (-1, [(2, "w"), (3, "d")]); the units are d w m y h, and "min"."""
    match = re.fullmatch(_DISTANCE, tidy)
    if match is None:
        return None
    ahead, sign, counted, ago = match.groups()
    direction = _sign(ahead, sign, ago, look)
    return None if direction is None else (direction, _parts(counted))


def _sign(ahead: str | None, sign: str, ago: str | None, look: Look) -> int | None:
    """Return the direction of a distance, 1 or -1; None if it is given twice."""
    if bool(ahead) + bool(sign) + bool(ago) > 1:
        return None
    if ahead or sign == "+":
        return 1
    return -1 if ago or sign == "-" or look == "back" else 1


def _parts(counted: str) -> list[tuple[int, str]]:
    """Return `2w3d` as [(2, "w"), (3, "d")]; an `m` after hours is minutes."""
    found: list[tuple[int, str]] = []
    for count, unit in re.findall(_PART, counted):
        after_hours = bool(found) and found[-1][1] == "h"
        minutes = unit.startswith("min") or (unit == "m" and after_hours)
        found.append((int(count), "min" if minutes else unit[0]))
    return found


def _day_by_month(tidy: str, today: date, subject: str, look: Look) -> date | None:
    """Read `15 Dec`, `Fri 13 Nov`, `Dec 15th, 2026`, `15th`."""
    if match := re.fullmatch(_OF_MONTH, tidy):
        return _day_of_month(int(match[1]), today, subject, look)
    # "oct 3rd" matches both patterns: the first reads "rd" as its month.
    if match := re.fullmatch(_MONTH_FIRST, tidy):
        weekday_name, month_name, number, year = match.groups()
    elif match := re.fullmatch(_MONTH_SECOND, tidy):
        weekday_name, number, month_name, year = match.groups()
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
        day = _nearest([one for one in near_years if one is not None], today, look, weekday)
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


def _day_of_month(number: int, today: date, subject: str, look: Look) -> date:
    first = today.replace(day=1)
    months = [add_months(first, ahead) for ahead in (-2, -1, 0, 1, 2)]
    days = [real_day(month.year, month.month, number) for month in months]
    day = _nearest([one for one in days if one is not None], today, look, None)
    if day is None:
        raise UsageError(f"{subject} is in no month. {_WRITE_A_DAY}")
    return day


def _nearest(days: Sequence[date], today: date, look: Look, weekday: int | None) -> date | None:
    """Return the nearest of the days in the direction of `look`, which may be today.

    If only the nearest day in the other direction has the given weekday, that day wins.
    """
    past = max((day for day in days if day <= today), default=None)
    ahead = min((day for day in days if day >= today), default=None)
    if look == "near" and past and ahead:
        look = "back" if today - past < ahead - today else "ahead"
    first, second = (past, ahead) if look == "back" else (ahead, past)
    if first and second and first.weekday() != weekday == second.weekday():
        return second
    return first or second


def day_in_order(tidy: str, order: str) -> date | None:
    """Return the day that numbers mean in an order (`iso`, `ymd`, `dmy`, `mdy`), or None."""
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
    """Return the day of these numbers, or None if the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def position_of(word: str, names: Iterable[str]) -> int | None:
    """Return the place of the name that `word` is, or starts with three letters or more."""
    if len(word) < 3:
        return None
    return next((at for at, name in enumerate(names) if name.lower().startswith(word)), None)


# What the messages are made of


def typed(text: str, what: str) -> tuple[str, str]:
    """Return the text in lower case with single spaces, and the subject of errors about it.

    Raises `UsageError` for empty text, and for letters and digits that are not ASCII.
    """
    # In an error, the placeholder of the help would be read as a word.(no variable is).
    placeholder = what.isupper() and "_" not in what
    subject = f'"{shown(text)}"' if placeholder else f"{what} {shown(text)}"
    tidy = " ".join(text.split()).lower()
    if not tidy:
        raise UsageError(f"{subject} is empty. {_WRITE_A_DAY}")
    # ASCII only: `int` and `\d` would accept the digits of every script.
    if not tidy.isascii():
        raise UsageError(f"{subject} is not in plain letters and digits. {_WRITE_A_DAY}")
    if len(tidy) > _LONGEST_TEXT:
        raise UsageError(f"{subject} is too long. {_WRITE_A_DAY}")
    return tidy, subject


def _either(days: Iterable[date]) -> str:
    return " or ".join(day.isoformat() for day in days)


def _no_such_day(year: int, month: int, subject: str) -> UsageError:
    last = real_day(year, month, month_length(year, month))
    advice = f"Write {last} for the last day of that month." if last else _WRITE_A_DAY
    return UsageError(f"{subject} is not in the calendar. {advice}")
