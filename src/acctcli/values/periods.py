"""Spans of days: how people type them, and the weeks, months, quarters and years of a day.

The only reader of "Q4 2026" and "last quarter". A period is whole days, both ends
included, and has a label that reads back as the same period: so a page can say
which days it is about, and its reader can type that.

Never in here: the reading of a single day, which is `typed_dates`' business, the two of
`A..B` among them. Nor a fiscal year: a quarter is one of the calendar, and whoever
begins the year in April writes its two days.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from acctcli.errors import UsageError
from acctcli.frozen import Frozen
from acctcli.values.dates import MONTHS, end_of_month, end_of_quarter, kept
from acctcli.values.typed_dates import position_of, read_tidy_day, real_day, typed

_RELATIVE_PERIOD = "(this|last|next) (week|month|quarter|year)"
_QUARTER_FIRST = "q([1-4]) ?([0-9]{4})"
_QUARTER_LAST = "([0-9]{4})[- ]?q([1-4])"
_MONTH_NUMBER = "([0-9]{4})-([0-9]{2})"
_MONTH_NAME = "([a-z]+) ([0-9]{4})"


class Period(Frozen):
    """Whole days from `start` to `end`, both included; `period` reads the `label` back."""

    start: date
    end: date
    label: str


def period(text: str, today: date, what: str = "period") -> Period:
    """Read a span of days as people type it; `what` begins the message of an error.

    `Q4 2026`, `2026-Q4`, `2026`, `2026-11`, `Nov 2026`; `this`, `last` or `next` with
    `week`, `month`, `quarter` or `year`; `A..B`, two days as `read_day` takes them, both
    included. Raises `UsageError` for everything else.
    """
    tidy, subject = typed(text, what)
    period_of: Callable[[date], Period]
    if ".." in tidy:
        first, _, last = tidy.partition("..")
        start, end = (read_tidy_day(side.strip(), today, subject) for side in (first, last))
        if end < start:
            raise UsageError(f"{subject} ends before it begins. Write {end}..{start}.")
        return _span(start, end)
    if match := re.fullmatch(_RELATIVE_PERIOD, tidy):
        units = {"week": _week_of, "month": month_of, "quarter": quarter_of, "year": _year_of}
        period_of = units[match[2]]
        current = period_of(today)
        one_day = timedelta(days=1)
        if match[1] == "this":
            return current
        return period_of(current.start - one_day if match[1] == "last" else current.end + one_day)
    day, period_of = _named_period(tidy)
    if day is None:
        raise UsageError(
            f"{subject} is not a period. "
            "Write Q4 2026, 2026-11, 2026, last quarter or 2026-11-01..2026-11-15."
        )
    return period_of(kept(day, subject))


def _named_period(tidy: str) -> tuple[date | None, Callable[[date], Period]]:
    """A day in the quarter, month or year that is named, and what makes that of a day."""
    if match := re.fullmatch(_QUARTER_FIRST, tidy):
        return real_day(int(match[2]), 3 * int(match[1]), 1), quarter_of
    if match := re.fullmatch(_QUARTER_LAST, tidy):
        return real_day(int(match[1]), 3 * int(match[2]), 1), quarter_of
    if match := re.fullmatch(_MONTH_NUMBER, tidy):
        return real_day(int(match[1]), int(match[2]), 1), month_of
    if match := re.fullmatch(_MONTH_NAME, tidy):
        position = position_of(match[1], MONTHS)
        return None if position is None else real_day(int(match[2]), position + 1, 1), month_of
    return real_day(int(tidy), 1, 1) if re.fullmatch("[0-9]{4}", tidy) else None, _year_of


def quarter_of(day: date) -> Period:
    """The calendar quarter that the day is in; its label is like `Q4 2026`."""
    quarter = (day.month - 1) // 3 + 1
    start = date(day.year, 3 * quarter - 2, 1)
    return Period(start, end_of_quarter(day), f"Q{quarter} {day.year:04}")


def month_of(day: date) -> Period:
    """The calendar month that the day is in; its label is like `Nov 2026`."""
    return Period(
        day.replace(day=1), end_of_month(day), f"{MONTHS[day.month - 1][:3]} {day.year:04}"
    )


def _year_of(day: date) -> Period:
    return Period(date(day.year, 1, 1), date(day.year, 12, 31), f"{day.year:04}")


def _week_of(day: date) -> Period:
    monday = day - timedelta(days=day.weekday())
    return _span(monday, monday + timedelta(days=6))


def _span(start: date, end: date) -> Period:
    return Period(start, end, f"{start}..{end}")
