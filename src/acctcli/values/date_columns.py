"""Columns of dates in files from elsewhere: detecting their order, and reading them.

`01/02/2026` by itself has two readings, and `typed_dates` refuses it. In a column the other values
decide: one day above the 12th is enough. If none does, the column is ambiguous, and the user is
asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from acctcli.errors import UsageError
from acctcli.frozen import Frozen
from acctcli.model import Look
from acctcli.values.dates import Clock, kept, shown
from acctcli.values.times import split_time
from acctcli.values.typed_dates import day_in_order, read_tidy_day, typed
from acctcli.values.typed_moments import moment_on, read_moment

ORDERS = ("iso", "ymd", "dmy", "mdy", "text")

SERIAL = "serial"
"""The order of a column of day numbers, as spreadsheets count them from the end of 1899."""

_SERIAL = re.compile(r"[2-6][0-9]{4}(\.[0-9]+)?", re.ASCII)


class ColumnOrder(Frozen):
    """The `order` in which a column of dates reads, if there is only one that reads every value.

    Without an order, `ambiguous` says whether two orders read every value, and `example` is a value
    that shows it: one that both orders read differently, or the first that none reads. A column
    without values has neither an order nor an example.
    """

    order: str | None
    ambiguous: bool
    example: str


def column_order(values: Iterable[str], today: date) -> ColumnOrder:
    """Find the one order of year, month and day in which all values are real dates.

    Orders: `iso`, `ymd`, `dmy`, `mdy`, and `text` for days in words, which may stand among
    ISO ones and count from `today`. A time behind the date and empty values are ignored.
    """
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
    """Return the days that the value means, by the orders that read it."""
    readings: dict[str, date] = {}
    try:
        tidy, subject = typed(value, "date")
        day_text, _ = split_time(tidy, subject)
        for order in ORDERS[:-1]:
            day = day_in_order(day_text, order)
            if day is not None:
                readings[order] = day
        if readings.keys().isdisjoint(("dmy", "mdy")):
            readings["text"] = read_tidy_day(day_text, today, subject)
    except UsageError:
        pass  # a value that no order reads makes its own row fail
    return readings


def is_serial(value: str) -> bool:
    """Whether a cell may be the day number of a spreadsheet, of a day from 1954 to 2091."""
    return bool(_SERIAL.fullmatch(value.strip()))


def _of_serial(value: str) -> datetime:
    return datetime(1899, 12, 30) + timedelta(seconds=round(float(value) * 86_400))


def read_day_in(
    text: str, order: str, today: date, what: str = "date", look: Look = "near"
) -> date:
    """Read a day of a column in the order found by `column_order`; a time behind it is dropped.

    `order` may also be a pattern such as `%d.%m.%y`. Words (`text`) count from `today`.
    Raises `UsageError` if the text is not in this order.
    """
    tidy, subject = typed(text, what)
    if order == SERIAL and is_serial(tidy):
        return _of_serial(tidy).date()
    if "%" in order:
        return kept(_by_pattern(tidy, order, subject).date(), subject)
    day_text, _ = split_time(tidy, subject)
    if order == "text":
        return read_tidy_day(day_text, today, subject, look=look)
    return _day_in(day_text, order, subject)


def read_moment_in(
    text: str, order: str, clock: Clock, what: str = "date", look: Look = "back"
) -> datetime:
    """Read a moment of a column, as `read_day_in` reads a day; without a time see `read_moment`.

    Raises `UsageError` if the text is not in this order.
    """
    if order == "text":
        return read_moment(text, clock, what, look)
    tidy, subject = typed(text, what)
    at: time | None
    if order == SERIAL and is_serial(tidy):
        moment = _of_serial(tidy)
        return moment_on(moment.date(), moment.time() if "." in tidy else None, clock, subject)
    if "%" in order:
        moment = _by_pattern(tidy, order, subject)
        at = moment.timetz() if re.search("%[HIXcTRs]", order) else None
        return moment_on(moment.date(), at, clock, subject)
    day_text, at = split_time(tidy, subject)
    return moment_on(_day_in(day_text, order, subject), at, clock, subject)


def read_date_format(fmt: str) -> str:
    """Read the text of `--date-format`: an order that `read_day_in` takes.

    That is `dmy`, `mdy`, `ymd`, `iso` or `text`, or a pattern with year, month and day such as
    `%d.%m.%Y`. Raises `UsageError` for other text.
    """
    order = fmt.strip()
    if order.lower() in ORDERS:
        return order.lower()
    # Two days that differ in every part must survive, or the pattern lacks a part.
    probes = (date(2026, 11, 28), date(2031, 4, 9))
    if not re.search("%[YyGcxDF]", order) or any(_reprinted(day, order) != day for day in probes):
        raise UsageError(
            f"--date-format {shown(fmt)} does not say where year, month and day stand. "
            "Write dmy, mdy, ymd or a pattern such as %d.%m.%Y."
        )
    return order


def _day_in(tidy: str, order: str, subject: str) -> date:
    """Return the day that numbers mean in one order. Raises `UsageError` if they do not fit it."""
    day = day_in_order(tidy, order)
    if day is None:
        sample = {"dmy": "15/12/2026", "mdy": "12/15/2026", "ymd": "2026/12/15"}
        raise UsageError(
            f"{subject} is not a date in the order {order} of its column. "
            f"Write it like {sample.get(order, '2026-12-15')}, or give --date-format."
        )
    return kept(day, subject)


def _by_pattern(tidy: str, pattern: str, subject: str) -> datetime:
    try:
        return datetime.strptime(tidy, pattern)
    except ValueError:
        raise UsageError(
            f"{subject} does not fit --date-format {shown(pattern)}. Change one of them."
        ) from None


def _reprinted(day: date, pattern: str) -> date | None:
    """Return a day after writing and reading it with the pattern."""
    written = datetime.combine(day, time(12), UTC)
    try:
        return datetime.strptime(written.strftime(pattern), pattern).date()
    except (ValueError, re.error):  # an unknown directive, or one that is there twice
        return None
