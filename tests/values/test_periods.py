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
from acctcli.values.periods import Period, month_of, period, quarter_of


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
    ],
)
def test_periods_that_people_type(text: str, start: str, end: str, label: str) -> None:
    expected = Period(parse_iso_day(start), parse_iso_day(end), label)
    assert period(text, SUNDAY) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Q4",
        "Q5 2026",
        "2026-13",
        "0000",
        "3000",
        "foo 2026",
        "last",
        "last decade",
        "",
        "..",
        "fri..",
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
