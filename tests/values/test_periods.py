from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.typed import SUNDAY, anything, days, read_or_refused, todays

from acctcli.errors import UsageError
from acctcli.values.dates import parse_iso_day
from acctcli.values.periods import (
    Period,
    month_of,
    period,
    period_before,
    quarter_of,
    quarters,
    read_last_day,
    read_since,
    read_until,
    span,
    span_of,
    year_of,
)


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("Q4 2026", "2026-10-01", "2026-12-31", "Q4 2026"),
        ("q1 2028", "2028-01-01", "2028-03-31", "Q1 2028"),
        ("2026-Q4", "2026-10-01", "2026-12-31", "Q4 2026"),
        ("2026q2", "2026-04-01", "2026-06-30", "Q2 2026"),
        ("2026", "2026-01-01", "2026-12-31", "2026"),
        ("2028-02", "2028-02-01", "2028-02-29", "Feb 2028"),
        ("november 2026", "2026-11-01", "2026-11-30", "Nov 2026"),
        ("this week", "2026-11-16", "2026-11-22", "2026-11-16..2026-11-22"),
        ("this month", "2026-11-01", "2026-11-30", "Nov 2026"),
        ("last month", "2026-10-01", "2026-10-31", "Oct 2026"),
        ("this quarter", "2026-10-01", "2026-12-31", "Q4 2026"),
        ("last quarter", "2026-07-01", "2026-09-30", "Q3 2026"),
        ("Next Quarter", "2027-01-01", "2027-03-31", "Q1 2027"),
        ("this year", "2026-01-01", "2026-12-31", "2026"),
        ("2026-11-01..2026-11-15", "2026-11-01", "2026-11-15", "2026-11-01..2026-11-15"),
        ("1 Nov 2026 .. today", "2026-11-01", "2026-11-22", "2026-11-01..2026-11-22"),
        ("today..today", "2026-11-22", "2026-11-22", "2026-11-22..2026-11-22"),
        ("fri..", "2026-11-20", "2026-11-22", "2026-11-20..2026-11-22"),
        ("Q4", "2026-10-01", "2026-12-31", "Q4 2026"),
        ("Q1", "2026-01-01", "2026-03-31", "Q1 2026"),
        ("nov", "2026-11-01", "2026-11-30", "Nov 2026"),
        ("dec", "2025-12-01", "2025-12-31", "Dec 2025"),
        ("FY26", "2026-01-01", "2026-12-31", "2026"),
        ("Q2 FY27", "2027-04-01", "2027-06-30", "Q2 2027"),
        ("fy2027 q2", "2027-04-01", "2027-06-30", "Q2 2027"),
        ("ytd", "2026-01-01", "2026-11-22", "2026-01-01..2026-11-22"),
        ("qtd", "2026-10-01", "2026-11-22", "2026-10-01..2026-11-22"),
        ("month to date", "2026-11-01", "2026-11-22", "2026-11-01..2026-11-22"),
        ("wtd", "2026-11-16", "2026-11-22", "2026-11-16..2026-11-22"),
        ("last 30 days", "2026-10-24", "2026-11-22", "2026-10-24..2026-11-22"),
        ("30d", "2026-10-24", "2026-11-22", "2026-10-24..2026-11-22"),
        ("past 3 months", "2026-08-23", "2026-11-22", "2026-08-23..2026-11-22"),
        ("next 2w", "2026-11-22", "2026-12-05", "2026-11-22..2026-12-05"),
        ("yesterday", "2026-11-21", "2026-11-21", "2026-11-21..2026-11-21"),
    ],
)
def test_periods_that_people_type(text: str, start: str, end: str, label: str) -> None:
    expected = Period(parse_iso_day(start), parse_iso_day(end), label)
    assert period(text, SUNDAY) == expected


@pytest.mark.parametrize(
    "text",
    [
        "..2026-12-01",
        "Q5 2026",
        "2026-13",
        "0000",
        "3000",
        "foo 2026",
        "last",
        "last decade",
        "",
        "..",
        "30x",
    ],
)
def test_text_that_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=rf'^--period (?:{re.escape(text)}|"") .+ Write .+\.$'):
        period(text, SUNDAY, "--period")


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        period("2026-12-01..2026-11-01", SUNDAY, "--period")
    assert caught.value.message == (
        "--period 2026-12-01..2026-11-01 ends before it begins. Write 2026-11-01..2026-12-01."
    )


@given(days, st.sampled_from([month_of, quarter_of]))
def test_a_period_holds_its_day_and_is_read_from_its_label(
    value: date, of: Callable[[date], Period]
) -> None:
    found = of(value)
    assert found.start <= value <= found.end
    assert of(found.end) == found
    assert of(found.end + timedelta(1)).start == found.end + timedelta(1)
    assert period(found.label, SUNDAY) == found


@given(anything, todays)
def test_any_text_is_a_period_or_refused(text: str, today: date) -> None:
    found = read_or_refused(period, "period ", text, today)
    if found is not None:
        assert found.start <= found.end
        assert period(found.label, today) == found


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Q4", "2026-10-01", "2026-12-31"),
        ("Q1", "2027-01-01", "2027-03-31"),
        ("nov", "2026-11-01", "2026-11-30"),
        ("oct", "2027-10-01", "2027-10-31"),
        ("30d", "2026-11-22", "2026-12-21"),
        ("fri", "2026-11-27", "2026-11-27"),
        ("1 dec..", "2026-12-01", "2999-12-31"),
    ],
)
def test_periods_ahead(text: str, start: str, end: str) -> None:
    found = period(text, SUNDAY, "--closing", "ahead")
    assert (str(found.start), str(found.end)) == (start, end)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("jan", "2027-01-31"),
        ("nov", "2026-11-30"),
        ("Dec 2026", "2026-12-31"),
        ("Q1 2027", "2027-03-31"),
        ("2027", "2027-12-31"),
        ("15 dec", "2026-12-15"),
        ("next month", "2026-12-01"),
    ],
)
def test_a_close_date_may_be_a_month_or_quarter(text: str, last: str) -> None:
    assert str(read_last_day(text, SUNDAY, "--close", "ahead")) == last


def test_a_period_says_its_days_and_its_name() -> None:
    november = span(month_of(date(2026, 11, 22)))
    assert november == {"label": "Nov 2026", "start": "2026-11-01", "end": "2026-11-30"}


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("nov", "2026-11-01", "2026-11-22"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("Q3", "2026-07-01", "2026-09-30"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("fri", "2026-11-20", "2026-11-20"),
        ("2w", "2026-11-08", "2026-11-08"),
        ("yesterday 9am", "2026-11-21", "2026-11-21"),
    ],
)
def test_since_and_until_take_a_period_by_its_ends(text: str, first: str, last: str) -> None:
    assert str(read_since(text, SUNDAY)) == first
    assert str(read_until(text, SUNDAY, "--as-of")) == last


@pytest.mark.parametrize("text", ["tomorrow", "next week", "Dec 2026", "in 2w"])
def test_since_and_until_are_not_to_come(text: str) -> None:
    for read in (read_since, read_until):
        with pytest.raises(UsageError, match="in the future"):
            read(text, SUNDAY, "--since")


# Fiscal years


def test_quarters_of_a_period() -> None:
    assert quarters(period("2026", SUNDAY)) == ["Q1 2026", "Q2 2026", "Q3 2026", "Q4 2026"]
    assert quarters(period("2026-03-31..2026-04-01", SUNDAY)) == ["Q1 2026", "Q2 2026"]
    assert quarters(quarter_of(SUNDAY)) == ["Q4 2026"]
    assert quarters(period("FY27", SUNDAY, fiscal=4), 4) == [f"FY27 Q{n}" for n in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("text", "fiscal", "start", "end", "label"),
    [
        ("FY27", 4, "2026-04-01", "2027-03-31", "FY27"),
        ("FY27 Q1", 4, "2026-04-01", "2026-06-30", "FY27 Q1"),
        ("q4 fy27", 4, "2027-01-01", "2027-03-31", "FY27 Q4"),
        ("fy2027 q3", 4, "2026-10-01", "2026-12-31", "FY27 Q3"),
        ("this quarter", 4, "2026-10-01", "2026-12-31", "FY27 Q3"),
        ("Q3", 4, "2026-10-01", "2026-12-31", "FY27 Q3"),
        ("this year", 4, "2026-04-01", "2027-03-31", "FY27"),
        ("last year", 4, "2025-04-01", "2026-03-31", "FY26"),
        ("ytd", 4, "2026-04-01", "2026-11-22", "2026-04-01..2026-11-22"),
        ("qtd", 4, "2026-10-01", "2026-11-22", "2026-10-01..2026-11-22"),
        ("this quarter", 2, "2026-11-01", "2027-01-31", "FY27 Q4"),
        ("last quarter", 2, "2026-08-01", "2026-10-31", "FY27 Q3"),
        ("FY27 Q4", 2, "2026-11-01", "2027-01-31", "FY27 Q4"),
        ("FY27 Q4", 12, "2027-09-01", "2027-11-30", "FY27 Q4"),
        ("this quarter", 12, "2026-09-01", "2026-11-30", "FY26 Q4"),
        # What the calendar names is of the calendar.
        ("2026", 4, "2026-01-01", "2026-12-31", "2026"),
        ("Q4 2026", 2, "2026-10-01", "2026-12-31", "Q4 2026"),
        ("this month", 4, "2026-11-01", "2026-11-30", "Nov 2026"),
        ("FY26", 1, "2026-01-01", "2026-12-31", "2026"),
    ],
)
def test_periods_of_a_fiscal_year(text: str, fiscal: int, start: str, end: str, label: str) -> None:
    found = period(text, SUNDAY, fiscal=fiscal)
    assert found == Period(parse_iso_day(start), parse_iso_day(end), label)
    assert period(label, SUNDAY, fiscal=fiscal) == found
    if ".." not in label:
        assert span_of(text, SUNDAY, "day", "back", fiscal) == found


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.integers(1, 12))
def test_every_day_is_in_one_quarter_of_its_fiscal_year(day: date, fiscal: int) -> None:
    quarter, year = quarter_of(day, fiscal), year_of(day, fiscal)
    assert year.start <= quarter.start <= day <= quarter.end <= year.end
    assert (year.start.month, year.start.day) == (fiscal, 1)
    assert period(quarter.label, day, fiscal=fiscal) == quarter
    assert period(year.label, day, fiscal=fiscal) == year
    assert quarter_of(quarter.end + timedelta(days=1), fiscal) != quarter
    assert len(quarters(year, fiscal)) == 4


def test_the_period_before_one() -> None:
    for text, before in (("Q1 2027", "Q4 2026"), ("2026", "2025"), ("dec 2026", "Nov 2026")):
        found = period_before(period(text, SUNDAY))
        assert found
        assert found.label == before
    fiscal = period_before(period("FY27 Q1", SUNDAY, fiscal=4), 4)
    assert fiscal
    assert fiscal.label == "FY26 Q4"
    assert period_before(period("2026-11-02..2026-11-09", SUNDAY)) is None
