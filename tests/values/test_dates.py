from __future__ import annotations

import calendar
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st
from tests.typed import NOON, SUNDAY, days, zone

from acctcli.errors import Invalid, UsageError
from acctcli.values import dates, typed_moments

moments = st.datetimes(
    datetime(1971, 1, 1), datetime(2999, 12, 31, 23, 59, 59), timezones=st.just(UTC)
).map(lambda moment: moment.replace(microsecond=0))


def test_clock_is_the_machine_s() -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    today, now, exact = dates.clock()
    assert before <= now <= datetime.now(UTC)
    assert now.microsecond == 0
    assert exact is not None
    assert exact.replace(microsecond=0) == now
    assert today == now.astimezone().date()


# What is stored


@given(moments)
def test_a_stored_moment_is_read_back(moment: datetime) -> None:
    stored = dates.iso(moment)
    assert dates.parse_iso_moment(stored) == moment
    assert typed_moments.read_moment(stored, NOON) == moment


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
        *("2026-11-22T25:03:11Z", "2026-W47-7T14:03:11Z", "0001-01-01T00:00:00+14:00"),
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


# Arithmetic of months


@given(days, st.integers(-1200, 1200))
def test_months_are_added_as_relativedelta_adds_them(value: date, n: int) -> None:
    assert dates.add_months(value, n) == value + relativedelta(months=n)


def test_how_long_months_are() -> None:
    for year in (1900, 2000, 2024, 2026):
        for month in range(1, 13):
            last = date(year, month, calendar.monthrange(year, month)[1])
            assert dates.end_of_month(date(year, month, 1)) == last
            assert dates.add_months(date(year, 1, 31), month - 1) == last
            assert dates.end_of_month(last) == last


@pytest.mark.parametrize(
    ("text", "last"), [("2026-01-01", 3), ("2026-03-31", 3), ("2026-04-30", 6), ("2026-10-01", 12)]
)
def test_the_end_of_a_quarter(text: str, last: int) -> None:
    found = dates.end_of_quarter(date.fromisoformat(text))
    assert found == dates.end_of_month(date(2026, last, 1))


def test_months_are_added_up_to_the_ends_of_the_calendar() -> None:
    assert dates.add_months(date(2, 1, 1), -12) == date.min
    assert dates.add_months(date(9998, 12, 31), 12) == date.max
    for day, n in ((date.min, -1), (date.max, 1)):
        with pytest.raises(OverflowError):
            dates.add_months(day, n)


@pytest.mark.parametrize("n", [100_000, -100_000])
def test_months_do_not_run_off_the_calendar(n: int) -> None:
    with pytest.raises(OverflowError):
        dates.add_months(SUNDAY, n)


def test_importing_loads_no_heavy_module() -> None:
    heavy = {"dateutil", "decimal", "calendar", "_strptime", "locale", "zoneinfo", "rapidfuzz"}
    code = "import sys, acctcli.values.typed_dates, acctcli.values.money; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert heavy.isdisjoint(done.stdout.split())


@pytest.mark.parametrize("name", ["UTC+24", "UTC+25", "UTC-25", "XXX+99:99:99", "UTC+25DST"])
def test_a_zone_that_no_calendar_has_is_refused(name: str) -> None:
    with zone(name):
        for read in (dates.clock, lambda: dates.day_of(datetime(2026, 11, 22, tzinfo=UTC))):
            with pytest.raises(UsageError) as refused:
                read()
            assert refused.value.message == (
                f"the time zone of this machine (TZ={name}) is a day or more away from UTC. "
                "Set TZ to one such as Asia/Singapore"
            )


@pytest.mark.parametrize("name", ["UTC+23:59:59", "<+12:34:56>-12:34:56", "A1", ":", "", "\x01"])
def test_an_odd_zone_is_a_zone(name: str) -> None:
    with zone(name):
        now = dates.clock()
        assert abs((now.today - now.now.date()).days) <= 1


def test_the_day_of_rates_is_said_with_its_year() -> None:
    assert dates.say_rates("2026-11-01") == "rates of 1 Nov 2026"
    assert dates.say_rates("") == dates.say_rates(None) == "rates without a date"


def test_a_damaged_day_is_none() -> None:
    assert dates.parses(dates.parse_iso_day, "2027-03-01")
    assert not dates.parses(dates.parse_iso_day, "2027-02-30")
    assert not dates.parses(dates.parse_iso_day, "someday")
    assert not dates.parses(dates.parse_iso_day, "0001-01-01")
