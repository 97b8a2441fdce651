from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.typed import NOON, SUNDAY, anything, days, read_or_refused, zone

from acctcli.errors import UsageError
from acctcli.values.date_columns import (
    ColumnOrder,
    column_order,
    read_date_format,
    read_day_in,
    read_moment_in,
)
from acctcli.values.dates import iso
from acctcli.values.typed_moments import read_clock


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["2026-12-15", "2026-01-02"], "iso"),
        (["2026-12-15 10:00", "2026-01-02T00:00:00.000Z", ""], "iso"),
        (["2026/1/2", "2026-12-15"], "ymd"),
        (["1/2/2026", "13/2/2026"], "dmy"),
        (["01.02.2026", "13.02.2026"], "dmy"),
        (["10/20/2016", "3/1/2017 2:30 PM"], "mdy"),
        (["5/5/2026", "6/6/2026"], "dmy"),
        (["15 Dec 2026", "2026-12-15", "fri"], "text"),
    ],
)
def test_the_order_of_a_column(values: list[str], order: str) -> None:
    assert column_order(values, SUNDAY) == ColumnOrder(order, False, "")


def test_a_column_with_two_orders_shows_where_they_differ() -> None:
    values = iter(["5/5/2026", "", "1/2/2026", "3/4/2026"])
    assert column_order(values, SUNDAY) == ColumnOrder(None, True, "1/2/2026")


@pytest.mark.parametrize(
    ("values", "example"),
    [
        (["13/2/2026", "2/13/2026"], "2/13/2026"),
        (["2026-12-15", "13/2/2026"], "13/2/2026"),
        (["1/2/26"], "1/2/26"),
        (["2026-12-15", "soon"], "soon"),
        (["2026-12-15 99:99"], "2026-12-15 99:99"),
        ([], ""),
        (["", " "], ""),
    ],
)
def test_a_column_without_an_order_shows_why(values: list[str], example: str) -> None:
    assert column_order(values, SUNDAY) == ColumnOrder(None, False, example)


@given(st.lists(days, min_size=1), st.sampled_from(["%d/%m/%Y", "%m-%d-%Y", "%Y.%m.%d"]))
def test_a_column_reads_as_it_was_written(written: list[date], form: str) -> None:
    values = [value.strftime(form) for value in written]
    found = column_order(values, SUNDAY)
    if found.ambiguous:
        assert all(value.day <= 12 for value in written)
        assert found.example in values
    else:
        assert found.order is not None
        assert [read_day_in(value, found.order, SUNDAY) for value in values] == written


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("1/2/2026", "dmy", "2026-02-01"),
        ("1/2/2026", "mdy", "2026-01-02"),
        ("1/2/2026 14:30", "mdy", "2026-01-02"),
        ("2026-12-15T23:30:00Z", "iso", "2026-12-15"),
        ("2026.1.2", "ymd", "2026-01-02"),
        ("15 Dec 2026 9am", "text", "2026-12-15"),
        ("tomorrow", "text", "2026-11-23"),
        ("03.12.26", "%d.%m.%y", "2026-12-03"),
        ("3 dec 2026", "%d %b %Y", "2026-12-03"),
    ],
)
def test_days_of_a_column(text: str, order: str, expected: str) -> None:
    assert str(read_day_in(text, order, SUNDAY)) == expected


@pytest.mark.parametrize(
    ("text", "order"),
    [
        *(("13/13/2026", "dmy"), ("2/13/2026", "dmy"), ("2026-12-15", "mdy"), ("fri", "iso")),
        *(("14:30", "dmy"), ("2026-1-2", "iso"), ("1/2/9999", "dmy"), ("soon", "text")),
        *(("1.2.2026", "%d.%m.%y"), ("01.02.9999", "%d.%m.%Y"), ("", "dmy"), ("", "%d.%m.%Y")),
    ],
)
def test_days_that_do_not_fit_their_column(text: str, order: str) -> None:
    with pytest.raises(UsageError, match=r"^row 7 "):
        read_day_in(text, order, SUNDAY, "row 7")


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("1/2/2026 2:30 PM", "dmy", "2026-02-01T06:30:00Z"),
        ("1/2/2026", "mdy", "2026-01-02T04:00:00Z"),
        ("2026-12-15T14:30:00Z", "iso", "2026-12-15T14:30:00Z"),
        ("yesterday 9am", "text", "2026-11-21T01:00:00Z"),
        ("03.12.26 14:05", "%d.%m.%y %H:%M", "2026-12-03T06:05:00Z"),
        ("03.12.26 14:05 +0000", "%d.%m.%y %H:%M %z", "2026-12-03T14:05:00Z"),
        ("03.12.26", "%d.%m.%y", "2026-12-03T04:00:00Z"),
        ("22.11.26", "%d.%m.%y", "2026-11-22T04:00:00Z"),
    ],
)
def test_moments_of_a_column(text: str, order: str, expected: str) -> None:
    with zone("Asia/Singapore"):
        moment = read_moment_in(text, order, read_clock("2026-11-22"))
    assert iso(moment) == expected


def test_a_time_alone_is_no_moment_of_a_column() -> None:
    with pytest.raises(UsageError, match="14:30 is not a date in the order dmy"):
        read_moment_in("14:30", "dmy", NOON)


@pytest.mark.parametrize(
    ("fmt", "text"),
    [
        *(("dmy", "3/12/2026"), ("MDY", "12/3/2026"), ("ymd", "2026/12/3"), ("iso", "2026-12-03")),
        *(("text", "3 Dec 2026"), ("%d.%m.%Y", "03.12.2026"), ("%b %d, %y", "Dec 3, 26")),
        ("%m/%d/%Y %H:%M", "12/03/2026 23:59"),
        ("%d.%m.%Y %H:%M %z", "03.12.2026 23:59 -0800"),
    ],
)
def test_date_formats(fmt: str, text: str) -> None:
    assert read_day_in(text, read_date_format(fmt), SUNDAY) == date(2026, 12, 3)


@pytest.mark.parametrize(
    "fmt", ["", "dm", "foo", "%d.%m", "%m/%Y", "%Y", "%", "%d%d%Y", "%Q", "%d.%m.%Y\0", "\ud800%Y"]
)
def test_date_formats_that_name_no_day_are_refused(fmt: str) -> None:
    with pytest.raises(UsageError, match="does not say where year, month and day stand"):
        read_date_format(fmt)


@given(st.text(alphabet="%YymdbBHMSjUWGVuzaxXcp./- 1\\(", max_size=12), anything)
def test_any_format_and_text_read_as_a_day_or_are_refused(fmt: str, text: str) -> None:
    order = read_or_refused(read_date_format, "--date-format ", fmt)
    found = read_or_refused(read_day_in, "date ", text, order, SUNDAY) if order else None
    assert found is None or 1900 <= found.year <= 2999


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("25.10.2026 02:30", "dmy"),
        ("29.03.2026 02:30", "dmy"),
        ("2026-10-25 02:30", "text"),
        ("2026-03-29 02:30", "%Y-%m-%d %H:%M"),
    ],
)
def test_a_time_that_the_clocks_skip_or_repeat_is_refused_in_a_file_too(
    text: str, order: str
) -> None:
    with zone("Europe/Berlin"), pytest.raises(UsageError, match=r"clocks go .* then\. Write"):
        read_moment_in(text, order, read_clock("2026-11-22"))
