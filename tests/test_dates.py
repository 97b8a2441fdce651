from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from unittest import mock

import pytest
from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from acctcli import dates
from acctcli.dates import ColumnOrder, Period
from acctcli.errors import AcctError, Invalid, UsageError

T = TypeVar("T")

SUNDAY = date(2026, 11, 22)
WEDNESDAY = date(2026, 11, 18)
NOON = dates.Clock(SUNDAY, datetime(2026, 11, 22, 12, tzinfo=UTC))

days = st.dates(date(1900, 1, 1), date(2999, 12, 31))
todays = st.dates(date(1971, 1, 1), date(2900, 12, 31))
moments = st.datetimes(
    datetime(1971, 1, 1), datetime(2999, 12, 31, 23, 59, 59), timezones=st.just(UTC)
).map(lambda moment: moment.replace(microsecond=0))
# Nonsense of every script, and nonsense made of what dates are made of.
pieces = [
    *(" ", "0", "1", "2", "12", "29", "31", "99", "2026", "0000", "9999", "999999", "+", "-", "/"),
    *(".", "..", ":", ",", ";", "T", "d", "w", "m", "y", "h", "am", "pm", "z", "ago", "in", "at"),
    *("now", "today", "eom", "fri", "friday", "next", "last", "this", "Feb", "Nov", "Q4", "week"),
    *("quarter", "FREQ=", "DAILY", "BYDAY=", "1MO", "BYMONTH="),
]
anything = st.text() | st.lists(st.sampled_from(pieces)).map("".join)


def day(text: str, today: date = SUNDAY) -> str:
    return str(dates.read_day(text, today))


def refusal(read: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(AcctError) as caught:
        read(*arguments)
    return caught.value.message


def read_or_refused(read: Callable[..., T], begins: str, *arguments: object) -> T | None:
    """What is read, or None if it is refused as it should be; another error fails the test."""
    try:
        return read(*arguments)
    except UsageError as error:
        message = error.message
    assert message.startswith(begins)
    return None


@contextmanager
def zone(name: str) -> Iterator[None]:
    """Be in another time zone, where the machine can change places."""
    if not hasattr(time, "tzset"):
        pytest.skip("the zone of this machine cannot be changed")
    try:
        with mock.patch.dict(os.environ, TZ=name):
            time.tzset()
            yield
    finally:
        time.tzset()


# The clock


@pytest.mark.parametrize("override", [None, "", "  "])
def test_clock_is_the_machine_s(override: str | None) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    today, now = dates.clock(override)
    assert before <= now <= datetime.now(UTC)
    assert now.microsecond == 0
    assert today == now.astimezone().date()


def test_clock_stands_at_noon_of_the_day_given() -> None:
    with zone("Asia/Singapore"):
        assert dates.clock("2026-11-22") == (SUNDAY, datetime(2026, 11, 22, 4, tzinfo=UTC))


def test_clock_takes_a_time_with_the_day() -> None:
    with zone("Asia/Singapore"):
        local = dates.clock("2026-11-22 23:30")
        assert local == (SUNDAY, datetime(2026, 11, 22, 15, 30, tzinfo=UTC))
        zoned = dates.clock("2026-11-22T23:30:05Z")
        assert zoned == (date(2026, 11, 23), datetime(2026, 11, 22, 23, 30, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    ["fri", "14:30", "22/11/2026", "2026-2-3", "2026-02-30", "1960-01-01", "2026-11-22 25:00"],
)
def test_clock_refuses_all_but_iso(text: str) -> None:
    with pytest.raises(UsageError, match=re.escape(f"--today {text} ")):
        dates.clock(text)


# Days


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-15", "2026-12-15"),
        (" 2026-12-15 ", "2026-12-15"),
        ("2026/12/15", "2026-12-15"),
        ("2026-2-3", "2026-02-03"),
        ("13/02/2026", "2026-02-13"),
        ("02/13/2026", "2026-02-13"),
        ("5.5.2026", "2026-05-05"),
        ("today", "2026-11-22"),
        ("TOMORROW", "2026-11-23"),
        ("yesterday", "2026-11-21"),
        ("3d", "2026-11-25"),
        ("+3d", "2026-11-25"),
        ("in 3 days", "2026-11-25"),
        ("0d", "2026-11-22"),
        ("2w", "2026-12-06"),
        ("1m", "2026-12-22"),
        ("1y", "2027-11-22"),
        ("-3d", "2026-11-19"),
        ("3d ago", "2026-11-19"),
        ("2 weeks ago", "2026-11-08"),
        ("eom", "2026-11-30"),
        ("eoq", "2026-12-31"),
        ("eoy", "2026-12-31"),
        ("15 Dec 2026", "2026-12-15"),
        ("15-Dec-2026", "2026-12-15"),
        ("15 december 2026", "2026-12-15"),
        ("Dec 15 2026", "2026-12-15"),
        ("Dec 15, 2026", "2026-12-15"),
        ("9 Sept 2027", "2027-09-09"),
        ("Fri 13 Nov 2026", "2026-11-13"),
        ("Friday, 13 Nov 2026", "2026-11-13"),
        ("13 Nov", "2027-11-13"),
        ("22 Nov", "2026-11-22"),
        ("Nov 23", "2026-11-23"),
        ("29 Feb", "2028-02-29"),
        ("Fri 13 Nov", "2026-11-13"),
        ("Sat 13 Nov", "2027-11-13"),
    ],
)
def test_days_that_people_type(text: str, expected: str) -> None:
    assert day(text) == expected


@pytest.mark.parametrize(
    ("text", "today", "expected"),
    [
        ("fri", WEDNESDAY, "2026-11-20"),
        ("friday", WEDNESDAY, "2026-11-20"),
        ("wed", WEDNESDAY, "2026-11-25"),
        ("tue", WEDNESDAY, "2026-11-24"),
        ("next friday", WEDNESDAY, "2026-11-27"),
        ("next tue", WEDNESDAY, "2026-11-24"),
        ("last fri", WEDNESDAY, "2026-11-13"),
        ("last wednesday", WEDNESDAY, "2026-11-11"),
        ("fri", SUNDAY, "2026-11-27"),
        ("next fri", SUNDAY, "2026-11-27"),
        ("sun", SUNDAY, "2026-11-29"),
        ("last sun", SUNDAY, "2026-11-15"),
    ],
)
def test_weekdays(text: str, today: date, expected: str) -> None:
    assert day(text, today) == expected


def test_last_weekday_with_two_readings_is_refused() -> None:
    assert refusal(dates.read_day, "last fri", SUNDAY, "--due") == (
        "--due last fri reads as Fri 20 November 2026 or Fri 13 November 2026. "
        "Write 2026-11-20 or 2026-11-13."
    )


def test_figures_with_two_readings_are_refused() -> None:
    assert refusal(dates.read_day, "01/02/2026", SUNDAY, "--due") == (
        "--due 01/02/2026 reads as 1 February or 2 January 2026. Write 2026-02-01 or 2026-01-02."
    )


def test_a_weekday_that_does_not_fit_is_refused() -> None:
    assert refusal(dates.read_day, "Mon 13 Nov 2026", SUNDAY, "--due") == (
        "--due Mon 13 Nov 2026 is a Friday. "
        "Write 2026-11-13 or, for the Monday nearest to it, 2026-11-16."
    )


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("2026-02-30", "Write 2026-02-28 for the last day of that month."),
        ("30/02/2026", "Write 2026-02-28 for the last day of that month."),
        ("32 Jan", "Write 2026-01-31 for the last day of that month."),
        ("31 Feb", "Write 2026-02-28 for the last day of that month."),
        ("2026-13-01", "Write 2026-12-15, 15 Dec, fri, 3d, 2w, 1m or eom."),
    ],
)
def test_days_that_no_month_has_are_refused(text: str, advice: str) -> None:
    message = refusal(dates.read_day, text, SUNDAY, "--due")
    assert message == f"--due {text} is not in the calendar. {advice}"


@pytest.mark.parametrize(
    "text",
    [
        *("10", "Feb", "Nov 2026", "May 17,2019", "20261215", "9999999999", "1e3d", "[red]", "3h"),
        *("2026-12-15-16", "01/02/26", "15-Dec-26", "01/02.2026", "2026-12-15 14:30", "9am", "now"),
        *("next", "next week", "Frx 13 Nov 2026", "13 Xyz 2026", "in -3d", "in 3d ago", "--3d"),
        *("9999-12-31", "0026-11-22", "999999y", "999999w", "2026\u221212\u221215"),
    ],
)
def test_text_that_is_no_day_is_refused_with_advice(text: str) -> None:
    with pytest.raises(UsageError, match=rf"^--due {re.escape(text)} .+ Write .+\.$"):
        dates.read_day(text, SUNDAY, "--due")


def test_full_width_digits_are_refused() -> None:
    text = "2026-12-15".translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    assert "is not in plain letters and digits" in refusal(dates.read_day, text, SUNDAY)


def test_errors_are_safe_and_short() -> None:
    assert "\x1b" not in refusal(dates.read_day, "\x1b[31m", SUNDAY)
    assert len(refusal(dates.read_day, "1" * 100_000, SUNDAY)) < 200
    assert refusal(dates.read_day, " ", SUNDAY, "--due").startswith('--due "" is empty.')


@given(days, days)
def test_every_iso_day_reads_as_itself(value: date, today: date) -> None:
    assert dates.read_day(dates.iso(value), today) == value


@given(days, todays)
def test_what_is_said_can_be_typed(value: date, today: date) -> None:
    assert dates.read_day(dates.say_day(value, today), today) == value


@given(anything, todays)
def test_any_text_is_a_day_or_refused(text: str, today: date) -> None:
    found = read_or_refused(dates.read_day, "date ", text, today)
    assert found is None or 1900 <= found.year <= 2999


@given(st.sampled_from(dates.WEEKDAYS), todays)
def test_a_weekday_is_one_of_the_next_seven_days(name: str, today: date) -> None:
    found = dates.read_day(name, today)
    assert 1 <= (found - today).days <= 7
    assert dates.WEEKDAYS[found.weekday()] == name
    next_one = dates.read_day(f"next {name}", today)
    assert next_one.isocalendar()[:2] == (today + timedelta(7)).isocalendar()[:2]
    assert next_one.weekday() == found.weekday()


# Moments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", "2026-11-22T04:00:00Z"),
        ("today", "2026-11-22T04:00:00Z"),
        ("2026-11-22", "2026-11-22T04:00:00Z"),
        ("yesterday", "2026-11-21T04:00:00Z"),
        ("2026-12-15", "2026-12-15T04:00:00Z"),
        ("2026-12-15 14:30", "2026-12-15T06:30:00Z"),
        ("2026-12-15T14:30:00Z", "2026-12-15T14:30:00Z"),
        ("2026-12-15T14:30:09.999Z", "2026-12-15T14:30:09Z"),
        ("2026-12-15T14:30+08:00", "2026-12-15T06:30:00Z"),
        ("2026-12-15 14:30 -0330", "2026-12-15T18:00:00Z"),
        ("15 Dec 2026 2:30 PM", "2026-12-15T06:30:00Z"),
        ("yesterday 9am", "2026-11-21T01:00:00Z"),
        ("yesterday at 9:30pm", "2026-11-21T13:30:00Z"),
        ("today 12am", "2026-11-21T16:00:00Z"),
        ("today 12pm", "2026-11-22T04:00:00Z"),
        ("fri 14:30", "2026-11-27T06:30:00Z"),
        ("14:30", "2026-11-22T06:30:00Z"),
        ("9am", "2026-11-22T01:00:00Z"),
        ("oct 15 9am", "2027-10-15T01:00:00Z"),
        ("3h ago", "2026-11-22T01:00:00Z"),
        ("in 20 min", "2026-11-22T04:20:00Z"),
        ("2w ago", "2026-11-08T04:00:00Z"),
        ("1 month ago", "2026-10-22T04:00:00Z"),
    ],
)
def test_moments_that_people_type(text: str, expected: str) -> None:
    with zone("Asia/Singapore"):
        assert dates.iso(dates.read_moment(text, dates.clock("2026-11-22"))) == expected


def test_a_day_stays_the_day_it_was_typed_as() -> None:
    for name in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"):
        with zone(name):
            clock = dates.clock("2026-11-22")
            assert clock.today == SUNDAY
            assert dates.day_of(dates.read_moment("yesterday", clock)) == date(2026, 11, 21)
            assert dates.day_of(dates.read_moment("fri 23:59", clock)) == date(2026, 11, 27)


def test_when_the_clocks_change() -> None:
    with zone("Europe/Berlin"):
        clock = dates.clock("2026-11-22")
        repeated = dates.read_moment("2026-10-25 02:30", clock)
        assert dates.iso(repeated) == "2026-10-25T00:30:00Z"
        skipped = dates.read_moment("2026-03-29 02:30", clock)
        assert dates.iso(skipped) == "2026-03-29T01:30:00Z"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("30m ago", "reads as 30 minutes or 30 months ago. Write 30 minutes ago or 30 months ago."),
        ("1m", "reads as 1 minute or 1 month. Write 1 minute or 1 month."),
        ("25:00", "has no such time of day. Write 14:30 or 2:30pm."),
        ("13pm", "has no such time of day. Write 14:30 or 2:30pm."),
        ("0am", "has no such time of day. Write 14:30 or 2:30pm."),
        ("9:61", "has no such time of day. Write 14:30 or 2:30pm."),
        ("fri 08:00-09:00", "has a zone but no full date. Write 2026-12-15T14:30Z."),
        ("2026-12-15T14:30+23:00", "is in no zone on Earth. Write Z or +08:00."),
        ("foo 9am", "is not a date. Write 2026-12-15 14:30, yesterday 9am, 3h ago or now."),
        ("1960-01-01", "is outside the years 1971 to 2999. Write another."),
        ("999999h ago", "is outside the years 1971 to 2999. Write another."),
    ],
)
def test_moments_that_are_refused(text: str, problem: str) -> None:
    assert refusal(dates.read_moment, text, NOON, "--at") == f"--at {text} {problem}"


def test_a_moment_with_two_readings_is_refused() -> None:
    message = refusal(dates.read_moment, "01/02/2026 14:30", NOON, "--at")
    assert message.startswith("--at 01/02/2026 14:30 reads as 1 February or 2 January 2026.")


@given(anything)
def test_any_text_is_a_moment_or_refused(text: str) -> None:
    found = read_or_refused(dates.read_moment, "--at ", text, NOON)
    assert found is None or dates.parse_iso_moment(dates.iso(found)) == found


# What is stored


@given(moments)
def test_a_stored_moment_is_read_back(moment: datetime) -> None:
    stored = dates.iso(moment)
    assert dates.parse_iso_moment(stored) == moment
    assert dates.read_moment(stored, NOON) == moment


@given(st.dates())
def test_a_stored_day_is_read_back(value: date) -> None:
    assert dates.parse_iso_day(dates.iso(value)) == value


def test_a_moment_of_another_zone_is_stored_in_utc() -> None:
    moment = datetime.fromisoformat("2026-11-22T22:03:11.5+08:00")
    assert dates.iso(moment) == "2026-11-22T14:03:11Z"


@pytest.mark.parametrize("stored", ["", "20261122", "2026-W47-7", "2026-11-22 ", "2026-11-31", "x"])
def test_a_damaged_stored_day_is_refused(stored: str) -> None:
    with pytest.raises(Invalid, match="acct db check"):
        dates.parse_iso_day(stored)


@pytest.mark.parametrize(
    "stored",
    [
        *("", "2026-11-22", "2026-11-22T14:03:11", "2026-11-22 14:03:11Z", "2026-11-22T14:03Z"),
        *("2026-11-22T14:03:11+00:00", "2026-11-22T14:03:11+08:00", "2026-11-22T14:03:11.5Z"),
        *("2026-11-22T25:03:11Z", "2026-W47-7T14:03:11Z"),
    ],
)
def test_a_damaged_stored_moment_is_refused(stored: str) -> None:
    with pytest.raises(Invalid, match="acct db check"):
        dates.parse_iso_moment(stored)


# What is said


@pytest.mark.parametrize(
    ("value", "said", "ago"),
    [
        ("2026-11-22", "today", "today"),
        ("2026-11-23", "tomorrow", "tomorrow"),
        ("2026-11-21", "yesterday", "yesterday"),
        ("2026-11-27", "Fri 27 Nov", "in 5 days"),
        ("2026-11-19", "Thu 19 Nov", "3 days ago"),
        ("2026-11-02", "Mon 2 Nov", "20 days ago"),
        ("2026-11-01", "Sun 1 Nov", "3 weeks ago"),
        ("2026-10-12", "Mon 12 Oct", "5 weeks ago"),
        ("2026-09-21", "Mon 21 Sep", "8 weeks ago"),
        ("2026-09-20", "Sun 20 Sep", "2 months ago"),
        ("2027-01-14", "Thu 14 Jan", "in 7 weeks"),
        ("2027-08-23", "Mon 23 Aug", "in 9 months"),
        ("2027-08-24", "24 Aug 2027", "in 9 months"),
        ("2026-02-21", "Sat 21 Feb", "9 months ago"),
        ("2026-01-21", "21 Jan 2026", "10 months ago"),
        ("2025-12-30", "30 Dec 2025", "10 months ago"),
        ("2024-11-23", "23 Nov 2024", "23 months ago"),
        ("2024-11-22", "22 Nov 2024", "2 years ago"),
        ("2029-11-21", "21 Nov 2029", "in 2 years"),
    ],
)
def test_how_days_are_said(value: str, said: str, ago: str) -> None:
    parsed = dates.parse_iso_day(value)
    assert dates.say_day(parsed, SUNDAY) == said
    assert dates.say_ago(parsed, SUNDAY) == ago


def test_a_past_day_of_another_year_is_said_with_it() -> None:
    assert dates.say_day(date(2026, 12, 28), date(2027, 1, 5)) == "28 Dec 2026"


@given(st.dates(), st.dates())
def test_any_day_can_be_said(value: date, today: date) -> None:
    assert dates.say_day(value, today).isascii()
    assert ("ago" in dates.say_ago(value, today)) == (value < today - timedelta(1))


# Months and periods


@given(days, st.integers(-1200, 1200))
def test_months_are_added_as_relativedelta_adds_them(value: date, n: int) -> None:
    assert dates.add_months(value, n) == value + relativedelta(months=n)


@pytest.mark.parametrize("n", [100_000, -100_000])
def test_months_do_not_run_off_the_calendar(n: int) -> None:
    with pytest.raises(OverflowError):
        dates.add_months(SUNDAY, n)


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
    expected = Period(dates.parse_iso_day(start), dates.parse_iso_day(end), label)
    assert dates.period(text, SUNDAY) == expected


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
        dates.period(text, SUNDAY, "--period")


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    assert refusal(dates.period, "2026-12-01..2026-11-01", SUNDAY, "--period") == (
        "--period 2026-12-01..2026-11-01 ends before it begins. Write 2026-11-01..2026-12-01."
    )


@given(days, st.sampled_from([dates.month_of, dates.quarter_of]))
def test_a_period_holds_its_day_and_is_read_from_its_label(
    value: date, of: Callable[[date], Period]
) -> None:
    found = of(value)
    assert found.start <= value <= found.end
    assert of(found.end) == found
    assert of(found.end + timedelta(1)).start == found.end + timedelta(1)
    assert dates.period(found.label, SUNDAY) == found


@given(anything, todays)
def test_any_text_is_a_period_or_refused(text: str, today: date) -> None:
    found = read_or_refused(dates.period, "period ", text, today)
    if found is not None:
        assert found.start <= found.end
        assert dates.period(found.label, today) == found


# Durations


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        *(("45m", 45), ("1h30m", 90), ("1h 30m", 90), ("1h30", 90), ("1h", 60), ("90", 90)),
        *(("2 hours", 120), ("1 hour 5 minutes", 65), ("20 min", 20), ("0", 0), ("168h", 10_080)),
    ],
)
def test_durations_that_people_type(text: str, minutes: int) -> None:
    assert dates.read_duration(text) == minutes


@pytest.mark.parametrize(
    "text", ["", "h", "-5", "1:30", "1.5h", "30m1h", "1d", "1 2", "\uff11\uff12"]
)
def test_text_that_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"^--duration "):
        dates.read_duration(text)


def test_a_duration_of_more_than_a_week_is_refused() -> None:
    with pytest.raises(Invalid, match="longer than a week"):
        dates.read_duration("10081")


@given(st.integers(0, 10_080))
def test_a_duration_is_read_as_it_is_said(minutes: int) -> None:
    assert dates.read_duration(dates.say_duration(minutes)) == minutes


# Repetition


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        *(("3d", "3d"), ("2 weeks", "2w"), ("every 3 months", "3m"), ("1Y", "1y")),
        *(("daily", "1d"), ("weekly", "1w"), ("monthly", "1m"), ("quarterly", "3m")),
        *(("yearly", "1y"), ("FREQ=WEEKLY", "1w"), ("freq=monthly;interval=3", "3m")),
        ("FREQ=MONTHLY;WKST=SU", "1m"),
        ("RRULE:FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("byday=mo,we;freq=weekly;", "FREQ=WEEKLY;BYDAY=MO,WE"),
    ],
)
def test_how_a_repetition_is_kept(text: str, kept: str) -> None:
    assert dates.read_every(text) == kept
    assert dates.read_every(kept) == kept


@pytest.mark.parametrize(
    "text",
    [
        *("", "0d", "-1d", "1000d", "fri", "sometimes", "1h", "FREQ=", "BYDAY=MO"),
        *("FREQ=SECONDLY", "FREQ=HOURLY", "FREQ=DAILY;COUNT=5", "FREQ=DAILY;UNTIL=20270101"),
        *("FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;BYHOUR=9", "FREQ=DAILY;X"),
        *("FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=YEARLY;BYMONTH=13"),
        *("FREQ=WEEKLY;BYDAY=1FR", "FREQ=WEEKLY;BYDAY=", "FREQ=WEEKLY;BYDAY=XX"),
    ],
)
def test_text_that_is_no_repetition_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"^--every .+ Write .+"):
        dates.read_every(text)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=31;BYSETPOS=1,2,3,4,5,6,7,8,9,10",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=99",
        "FREQ=YEARLY;INTERVAL=999;BYMONTH=2;BYMONTHDAY=30",
        f"FREQ=DAILY;BYMONTHDAY=31;BYMONTH={','.join(['2', '4', '6', '9', '11'] * 12)}",
    ],
)
def test_a_hostile_rule_is_refused_in_no_time(rule: str) -> None:
    begun = time.process_time()
    with pytest.raises(UsageError):
        dates.read_every(rule)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("every", "done_on", "anchor", "expected"),
    [
        ("3d", "2026-11-22", None, "2026-11-25"),
        ("2w", "2026-11-22", "2026-11-20", "2026-12-06"),
        ("monthly", "2026-01-31", None, "2026-02-28"),
        ("1m", "2026-02-28", "2026-01-31", "2026-03-31"),
        ("1m", "2026-03-31", "2026-01-31", "2026-04-30"),
        ("1m", "2026-02-28", None, "2026-03-28"),
        ("1m", "2026-02-03", "2026-01-31", "2026-02-28"),
        ("1m", "2026-01-28", "2026-01-01", "2026-03-01"),
        ("1m", "2026-01-05", "2026-01-01", "2026-02-01"),
        ("3m", "2026-11-30", None, "2027-02-28"),
        ("1y", "2028-02-29", None, "2029-02-28"),
        ("1y", "2031-02-28", "2028-02-29", "2032-02-29"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-22", None, "2026-11-27"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-26", "2026-11-27", "2026-12-25"),
        ("FREQ=WEEKLY;BYDAY=MO,WE", "2026-11-23", None, "2026-11-25"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2026-11-22", None, "2028-02-29"),
    ],
)
def test_when_a_task_is_due_again(
    every: str, done_on: str, anchor: str | None, expected: str
) -> None:
    first = dates.parse_iso_day(anchor) if anchor else None
    found = dates.next_due(every, dates.parse_iso_day(done_on), first)
    assert found == dates.parse_iso_day(expected)


def test_a_rule_that_has_run_out_of_calendar_is_refused() -> None:
    with pytest.raises(Invalid, match="has no day after 9999-12-31"):
        dates.next_due("FREQ=YEARLY;BYMONTH=2", date.max)
    with pytest.raises(Invalid, match="has no day after 9999-12-31"):
        dates.next_due("1d", date.max)


@pytest.mark.parametrize("stored", ["", "x", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"])
def test_a_damaged_stored_repetition_is_refused(stored: str) -> None:
    with pytest.raises(UsageError):
        dates.next_due(stored, SUNDAY)


steps = st.builds("{}{}".format, st.integers(1, 999), st.sampled_from("dwmy"))
rules = st.one_of(
    st.builds(
        "FREQ=WEEKLY;INTERVAL={};BYDAY={}".format,
        st.integers(1, 9),
        st.sampled_from(["MO", "TU,SU", "MO,WE,FR"]),
    ),
    st.builds("FREQ=MONTHLY;BYDAY={}{}".format, st.integers(1, 4), st.sampled_from(["MO", "SA"])),
    st.builds("FREQ=MONTHLY;BYMONTHDAY={}".format, st.integers(-28, 31).filter(bool)),
)


@given(steps | rules, days, st.none() | days)
def test_the_next_due_day_is_always_later(every: str, done_on: date, anchor: date | None) -> None:
    assert dates.next_due(every, done_on, anchor) > done_on


@given(rules, days)
def test_a_rule_gives_the_day_that_dateutil_gives(rule: str, done_on: date) -> None:
    start = datetime(done_on.year, done_on.month, done_on.day)
    expected = rrulestr(rule, dtstart=start).after(start)
    assert expected is not None
    assert dates.next_due(rule, done_on) == expected.date()


@given(anything)
def test_any_text_is_a_repetition_or_refused(text: str) -> None:
    kept = read_or_refused(dates.read_every, "--every ", text)
    assert kept is None or dates.next_due(kept, SUNDAY) > SUNDAY


# Columns


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
    assert dates.column_order(values, SUNDAY) == ColumnOrder(order, False, "")


def test_a_column_with_two_orders_shows_where_they_differ() -> None:
    values = iter(["5/5/2026", "", "1/2/2026", "3/4/2026"])
    assert dates.column_order(values, SUNDAY) == ColumnOrder(None, True, "1/2/2026")


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
    assert dates.column_order(values, SUNDAY) == ColumnOrder(None, False, example)


@given(st.lists(days, min_size=1), st.sampled_from(["%d/%m/%Y", "%m-%d-%Y", "%Y.%m.%d"]))
def test_a_column_reads_as_it_was_written(written: list[date], form: str) -> None:
    values = [value.strftime(form) for value in written]
    found = dates.column_order(values, SUNDAY)
    if found.ambiguous:
        assert all(value.day <= 12 for value in written)
        assert found.example in values
    else:
        assert found.order is not None
        assert [dates.read_day_in(value, found.order) for value in values] == written


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
    assert str(dates.read_day_in(text, order, SUNDAY)) == expected


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
        dates.read_day_in(text, order, SUNDAY, "row 7")


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
        moment = dates.read_moment_in(text, order, dates.clock("2026-11-22"))
    assert dates.iso(moment) == expected


def test_a_time_alone_is_no_moment_of_a_column() -> None:
    with pytest.raises(UsageError, match="14:30 is not a date in the order dmy"):
        dates.read_moment_in("14:30", "dmy", NOON)


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
    assert dates.column_reader(fmt)(text) == date(2026, 12, 3)


@pytest.mark.parametrize(
    "fmt", ["", "dm", "foo", "%d.%m", "%m/%Y", "%Y", "%", "%d%d%Y", "%Q", "%d.%m.%Y\0", "\ud800%Y"]
)
def test_date_formats_that_name_no_day_are_refused(fmt: str) -> None:
    with pytest.raises(UsageError, match="does not say where year, month and day stand"):
        dates.column_reader(fmt)


@given(st.text(alphabet="%YymdbBHMSjUWGVuzaxXcp./- 1\\(", max_size=12), anything)
def test_any_format_and_text_read_as_a_day_or_are_refused(fmt: str, text: str) -> None:
    read = read_or_refused(dates.column_reader, "--date-format ", fmt)
    found = read_or_refused(read, "date ", text) if read else None
    assert found is None or 1900 <= found.year <= 2999


def test_importing_loads_no_heavy_module() -> None:
    heavy = {"dateutil", "decimal", "calendar", "_strptime", "locale", "zoneinfo", "rapidfuzz"}
    code = "import sys, acctcli.dates, acctcli.money; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert heavy.isdisjoint(done.stdout.split())
