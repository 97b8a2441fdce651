"""Periods: how people type them, and the weeks, months, quarters and years of a day.

This module is the only reader of "Q4 2026", "last quarter" and "ytd". A period is whole days, both
ends included, and has a label that reads back as the same period, so that users can type what a
page shows.

`typed_dates` reads single days, the two of `A..B` among them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from acctcli.errors import UsageError
from acctcli.frozen import Frozen
from acctcli.model import Look
from acctcli.values.dates import (
    LAST_DAY,
    MONTHS,
    add_months,
    end_of_month,
    end_of_quarter,
    iso,
    kept,
    outside,
)
from acctcli.values.typed_dates import (
    days_counted,
    not_to_come,
    position_of,
    read_past_day,
    read_tidy_day,
    real_day,
    typed,
)

if TYPE_CHECKING:
    from acctcli.shapes.periods import PeriodJson

_RELATIVE = "(this|last|next|current|previous) (week|month|quarter|year)"
_COUNTED = "(?:(last|past|next) )?([0-9]{1,4} ?[a-z]+)"
_SO_FAR = "([wmqy])td|(week|month|quarter|year) to date"
_QUARTER_FIRST = "q([1-4])(?: ?([0-9]{4}|fy ?[0-9]{2}|fy ?[0-9]{4}))?"
_QUARTER_LAST = "([0-9]{4}|fy ?[0-9]{2}|fy ?[0-9]{4})[- ]?q([1-4])"
_FISCAL_YEAR = "fy ?([0-9]{2}|[0-9]{4})"
_MONTH_NUMBER = "([0-9]{4})-([0-9]{2})"
_MONTH_NAME = "([a-z]+)(?: ([0-9]{4}))?"

_WRITE = "Write Q4 2026, nov, 2026, last quarter, last 30 days, ytd or 2026-11-01..2026-11-15."


class Period(Frozen):
    """Whole days from `start` to `end`, both included; `period` reads the `label` back."""

    start: date
    end: date
    label: str


def span(period: Period) -> PeriodJson:
    """Return a period as JSON."""
    return {"label": period.label, "start": iso(period.start), "end": iso(period.end)}


def period(
    text: str, today: date, what: str = "period", look: Look = "back", fiscal: int = 1
) -> Period:
    """Read a span of days as people type it; `what` begins the message of an error.

    - `Q4 2026`, `2026-Q4`, `2026`, `2026-11`, `Nov 2026`; without a year the one in the
      direction of `look` that is nearest, or that today is in: `Q4`, `nov`
    - `FY27`, `FY27 Q1`: of the fiscal year that begins in the month `fiscal`. So are `Q4`
      without a year, `this quarter`, `qtd` and their like; `2026` and `Q4 2026` are of the
      calendar.
    - `this`, `last` or `next` with `week`, `month`, `quarter` or `year`
    - `wtd`, `mtd`, `qtd`, `ytd`: from its beginning until today
    - `last 30 days`, `next 3 months`, `30d`: counted from today, which is one of them
    - `A..B`, two days as `read_day` takes them, both included; `A..` until today, or looking
      ahead without an end
    - any single day

    Raises `UsageError` for everything else.
    """
    tidy, subject = typed(text, what)
    if ".." in tidy:
        return _from_to(tidy, today, subject, look)
    if match := re.fullmatch(_SO_FAR, tidy):
        unit = next(name for name in _PERIODS if name[0] == (match[1] or match[2])[0])
        return _span(_PERIODS[unit](today, fiscal).start, today)
    found = (
        _relative(tidy, today, fiscal)
        or named(tidy, today, subject, look, fiscal)
        or _counted(tidy, today, subject, look)
    )
    if found is not None:
        return found
    try:
        day = read_tidy_day(tidy, today, subject, look=look)
    except UsageError as refused:
        if refused.message.startswith(f"{subject} is not a date"):
            raise UsageError(f"{subject} is not a period. {_WRITE}") from None
        raise
    return _span(day, day)


def span_of(text: str, today: date, what: str, look: Look, fiscal: int = 1) -> Period:
    """Read what a day is compared with: a day, or a month, quarter or year as a whole.

    `close_date <= Q1` is until the end of March, `>= Q1` from the first of January. A time of day
    is refused with `UsageError` too.
    """
    tidy, subject = typed(text, what)
    found = named(tidy, today, subject, look, fiscal) or _relative(tidy, today, fiscal)
    if found is not None:
        return found
    day = read_tidy_day(tidy, today, subject, look=look)
    return _span(day, day)


def read_since(text: str, today: date, what: str = "--since", fiscal: int = 1) -> date:
    """Read the first day to include: a past day, or the first one of `nov` or `last week`."""
    subject = typed(text, what)[1]
    return not_to_come(_so_far(text, today, what, fiscal).start, today, subject)


def read_until(text: str, today: date, what: str, fiscal: int = 1) -> date:
    """Read the last day to include, such as the last one of `nov`; never later than today."""
    span, subject = _so_far(text, today, what, fiscal), typed(text, what)[1]
    not_to_come(span.start, today, subject)
    return min(span.end, today)


def _so_far(text: str, today: date, what: str, fiscal: int) -> Period:
    try:
        return span_of(text, today, what, "back", fiscal)
    except UsageError:
        day = read_past_day(text, today, what)  # with a time of day behind it, or with its advice
        return _span(day, day)


def read_last_day(text: str, today: date, what: str, look: Look, fiscal: int = 1) -> date:
    """Read a day, or a month, quarter or year as its last day: `jan`, `Q1 2027`."""
    tidy, subject = typed(text, what)
    found = named(tidy, today, subject, look, fiscal)
    return found.end if found else read_tidy_day(tidy, today, subject, look=look, timed=True)


def named(tidy: str, today: date, subject: str, look: Look, fiscal: int = 1) -> Period | None:
    """Return the month, quarter or year that a text names, from the output of `typed`."""
    if match := re.fullmatch(_QUARTER_FIRST, tidy):
        return _quarter(int(match[1]), match[2], today, subject, look, fiscal)
    if match := re.fullmatch(_QUARTER_LAST, tidy):
        return _quarter(int(match[2]), match[1], today, subject, look, fiscal)
    if match := re.fullmatch(_FISCAL_YEAR, tidy):
        return year_of(kept(_first_of(_year_in(match[1]) or 1, fiscal), subject), fiscal)
    if match := re.fullmatch(_MONTH_NUMBER, tidy):
        day = real_day(int(match[1]), int(match[2]), 1)
        return None if day is None else month_of(kept(day, subject))
    if match := re.fullmatch(_MONTH_NAME, tidy):
        position = position_of(match[1], MONTHS)
        if position is not None:
            return _in_year(match[2], today, subject, look, month_of, position + 1)
    if re.fullmatch("[0-9]{4}", tidy):
        day = real_day(int(tidy), 1, 1)
        return None if day is None else year_of(kept(day, subject))
    return None


def _relative(tidy: str, today: date, fiscal: int) -> Period | None:
    """Read `this week`, `last quarter`, `next year`."""
    match = re.fullmatch(_RELATIVE, tidy)
    if match is None:
        return None
    period_of = _PERIODS[match[2]]
    current = period_of(today, fiscal)
    one_day = timedelta(days=1)
    if match[1] in ("this", "current"):
        return current
    back = match[1] in ("last", "previous")
    return period_of(current.start - one_day if back else current.end + one_day, fiscal)


def _quarter(
    number: int, year: str | None, today: date, subject: str, look: Look, fiscal: int
) -> Period | None:
    """A quarter of the calendar if its year is one of the calendar, else of the fiscal year."""
    if year is not None and not year.startswith("fy"):
        return _in_year(year, today, subject, look, quarter_of, 3 * number - 2)
    month = (fiscal - 1 + 3 * (number - 1)) % 12 + 1
    if year is not None:
        # The fiscal year 27 that begins in April begins in 2026.
        before = fiscal > 1 and month >= fiscal
        day = real_day(_year_in(year) - before, month, 1)
        return None if day is None else quarter_of(kept(day, subject), fiscal)
    return _in_year(None, today, subject, look, lambda day: quarter_of(day, fiscal), month)


def _year_in(typed: str) -> int:
    """Return `2027`, `27` and `fy27` as a year."""
    digits = typed.removeprefix("fy").strip()
    return int(digits) + (2000 if len(digits) == 2 else 0)


def _in_year(
    year: str | None,
    today: date,
    subject: str,
    look: Look,
    period_of: Callable[[date], Period],
    month: int,
) -> Period | None:
    """Return the month or quarter that begins in a month; without a year, the nearest by `look`."""
    if year is not None:
        day = real_day(_year_in(year), month, 1)
        return None if day is None else period_of(kept(day, subject))
    around = [period_of(date(today.year + more, month, 1)) for more in (-1, 0, 1)]
    if look == "back":
        return max((one for one in around if one.start <= today), key=lambda one: one.start)
    return min((one for one in around if one.end >= today), key=lambda one: one.start)


def _counted(tidy: str, today: date, subject: str, look: Look) -> Period | None:
    """Read `last 30 days`, which ends today, and `next 30 days`, which starts today."""
    match = re.fullmatch(_COUNTED, tidy)
    if match is None:
        return None
    side = {"last": "back", "past": "back", "next": "ahead"}.get(match[1] or "", look)
    counted = days_counted(match[2])
    if counted is None:
        return None
    months, days = counted
    one_day = timedelta(days=1)
    try:
        if side == "back":
            start = add_months(today, -months) - timedelta(days=days) + one_day
            return _span(min(kept(start, subject), today), today)
        end = add_months(today, months) + timedelta(days=days) - one_day
    except OverflowError:
        raise outside(subject) from None
    return _span(today, max(kept(end, subject), today))


def _from_to(tidy: str, today: date, subject: str, look: Look) -> Period:
    first, _, last = (side.strip() for side in tidy.partition(".."))
    if not first:
        raise UsageError(f"{subject} needs its first day. {_WRITE}")
    start = read_tidy_day(first, today, subject, look=look)
    if last:
        end = read_tidy_day(last, today, subject, look=look)
    else:
        end = max(start, today) if look == "back" else date.fromisoformat(LAST_DAY)
    if end < start:
        raise UsageError(f"{subject} ends before it begins. Write {end}..{start}.")
    return _span(start, end)


def quarter_of(day: date, fiscal: int = 1) -> Period:
    """The quarter that the day is in, of the year that begins in the month `fiscal`.

    Its label is like `Q4 2026`, or `FY27 Q1` where the fiscal year is not the calendar's.
    """
    if fiscal == 1:
        quarter = (day.month - 1) // 3 + 1
        start = date(day.year, 3 * quarter - 2, 1)
        return Period(start, end_of_quarter(day), f"Q{quarter} {day.year:04}")
    number, into = divmod((day.month - fiscal) % 12, 3)
    end = end_of_month(_months_on(day.replace(day=1), 2 - into))
    label = f"{_fiscal_label(day, fiscal)} Q{number + 1}"
    return Period(_months_on(day.replace(day=1), -into), end, label)


def quarters(period: Period, fiscal: int = 1) -> list[str]:
    """The labels of the quarters that a period touches, in order: `Q3 2017`, `Q4 2017`."""
    found, day = [], period.start
    while day <= period.end:
        quarter = quarter_of(day, fiscal)
        found.append(quarter.label)
        day = quarter.end + timedelta(days=1)
    return found


def period_before(period: Period, fiscal: int = 1) -> Period | None:
    """The month, quarter or year before one; None for another span of days."""
    last = period.start - timedelta(days=1)
    for period_of in (quarter_of, month_of, year_of):
        for start in (fiscal, 1):
            if period == period_of(period.start, start):
                return period_of(last, start)
    return None


def month_of(day: date, _: int = 1) -> Period:
    """The calendar month that the day is in; its label is like `Nov 2026`."""
    return Period(
        day.replace(day=1), end_of_month(day), f"{MONTHS[day.month - 1][:3]} {day.year:04}"
    )


def year_of(day: date, fiscal: int = 1) -> Period:
    """The year that the day is in; `2026`, or `FY27` if it begins in another month."""
    if fiscal == 1:
        return Period(date(day.year, 1, 1), date(day.year, 12, 31), f"{day.year:04}")
    start = _months_on(day.replace(day=1), -((day.month - fiscal) % 12))
    return Period(start, end_of_month(_months_on(start, 11)), _fiscal_label(day, fiscal))


def _fiscal_label(day: date, fiscal: int) -> str:
    """`FY27`: a fiscal year is called after the calendar year that it ends in."""
    year = day.year + (day.month >= fiscal)
    return f"FY{year % 100:02}" if 2000 <= year < 2100 else f"FY{year:04}"


def _first_of(year: int, fiscal: int) -> date:
    """The first day of a fiscal year."""
    return date(max(year - (fiscal > 1), 1), fiscal, 1)


def _months_on(first: date, months: int) -> date:
    """Return the first of a month this many months later; the calendar ends where Python's does."""
    count = 12 * first.year + first.month - 1 + months
    year, month = divmod(count, 12)
    return date(min(max(year, date.min.year), date.max.year), month + 1, 1)


def _week_of(day: date, _: int = 1) -> Period:
    monday = day - timedelta(days=day.weekday())
    return _span(monday, monday + timedelta(days=6))


def _span(start: date, end: date) -> Period:
    return Period(start, end, f"{start}..{end}")


_PERIODS: dict[str, Callable[[date, int], Period]] = {
    "week": _week_of,
    "month": month_of,
    "quarter": quarter_of,
    "year": year_of,
}
