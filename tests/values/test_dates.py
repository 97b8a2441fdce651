from __future__ import annotations

import calendar
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st
from tests.typed import NOON, SUNDAY, anything, days, read_or_refused, todays, zone

from acctcli.errors import AcctError, Invalid, UsageError
from acctcli.values import dates
from acctcli.values.dates import Clock

WEDNESDAY = date(2026, 11, 18)

moments = st.datetimes(
    datetime(1971, 1, 1), datetime(2999, 12, 31, 23, 59, 59), timezones=st.just(UTC)
).map(lambda moment: moment.replace(microsecond=0))


def day(text: str, today: date = SUNDAY) -> str:
    return str(dates.read_day(text, today))


def refusal(read: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(AcctError) as caught:
        read(*arguments)
    return caught.value.message


# The clock


@pytest.mark.parametrize("override", [None, "", "  "])
def test_clock_is_the_machine_s(override: str | None) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    today, now, exact = dates.clock(override)
    assert before <= now <= datetime.now(UTC)
    assert now.microsecond == 0
    assert exact is not None
    assert exact.replace(microsecond=0) == now
    assert today == now.astimezone().date()


def test_clock_stands_at_noon_of_the_day_given() -> None:
    with zone("Asia/Singapore"):
        assert dates.clock("2026-11-22") == Clock(SUNDAY, datetime(2026, 11, 22, 4, tzinfo=UTC))


def test_clock_takes_a_time_with_the_day() -> None:
    with zone("Asia/Singapore"):
        local = dates.clock("2026-11-22 23:30")
        assert local == Clock(SUNDAY, datetime(2026, 11, 22, 15, 30, tzinfo=UTC))
        zoned = dates.clock("2026-11-22T23:30:05Z")
        assert zoned == Clock(date(2026, 11, 23), datetime(2026, 11, 22, 23, 30, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [
        *("fri", "14:30", "22/11/2026", "2026-2-3", "2026-02-30", "1960-01-01", "2026-11-22 25:00"),
        *("20261122", "2026-W47-7", "2026/11/22", "2026/11/22 14:30"),
    ],
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3m", "2026-08-22"),
        ("2 weeks", "2026-11-08"),
        ("3m ago", "2026-08-22"),
        ("-1y", "2025-11-22"),
        ("today", "2026-11-22"),
        ("2026-10-01", "2026-10-01"),
    ],
)
def test_days_that_have_been(text: str, expected: str) -> None:
    assert dates.read_past_day(text, SUNDAY) == date.fromisoformat(expected)


@pytest.mark.parametrize("text", ["tomorrow", "in 3m", "+2w", "fri", "2026-11-23", "eoq"])
def test_days_still_to_come_are_no_beginning(text: str) -> None:
    with pytest.raises(UsageError, match=re.escape(f"--since {text} is 2") + ".*still to come"):
        dates.read_past_day(text, SUNDAY)


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
    assert refusal(dates.read_day, "Tue 13 Nov 2026", SUNDAY).endswith(
        "Write 2026-11-13 or, for the Tuesday nearest to it, 2026-11-10."
    )


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("2026-02-30", "Write 2026-02-28 for the last day of that month."),
        ("30/02/2026", "Write 2026-02-28 for the last day of that month."),
        ("32 Jan", "Write 2026-01-31 for the last day of that month."),
        ("31 Feb", "Write 2026-02-28 for the last day of that month."),
        ("30 Feb 2024", "Write 2024-02-29 for the last day of that month."),
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
        *("fr", "de 15", "each sun", "Fr 13 Nov 2026"),
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
    assert " is too long. " in refusal(dates.read_day, "1" * 201, SUNDAY)
    assert " is not a date. " in refusal(dates.read_day, "1" * 200, SUNDAY)
    assert f"date {'x' * 60} is not" in refusal(dates.read_day, "x" * 60, SUNDAY)
    assert f"date {'x' * 59}… is not" in refusal(dates.read_day, "x" * 61, SUNDAY)
    assert refusal(dates.read_day, " ", SUNDAY, "--due").startswith('--due "" is empty.')


def test_the_first_and_the_last_day_that_are_kept() -> None:
    for text in ("1900-01-01", "2999-12-31"):
        assert day(text) == text
    for text in ("1899-12-31", "3000-01-01"):
        assert "is outside the years 1900 to 2999" in refusal(dates.read_day, text, SUNDAY)


@pytest.mark.parametrize(
    ("text", "today", "expected"),
    [
        # 1900 and 2100 are no leap years: the next 29 February may be eight years away.
        ("29 Feb", "2096-03-01", "2104-02-29"),
        ("Wed 29 Feb", "2104-02-28", "2096-02-29"),
        ("29 Feb", "2104-02-29", "2104-02-29"),
        ("Sun 22 Nov", "2026-11-22", "2026-11-22"),
        ("Fri 1 Jan", "2026-12-31", "2027-01-01"),
    ],
)
def test_a_day_without_a_year(text: str, today: str, expected: str) -> None:
    assert day(text, date.fromisoformat(today)) == expected


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
        ("1am", "2026-11-21T17:00:00Z"),
        ("2026-12-15 14:30 +08", "2026-12-15T06:30:00Z"),
        ("2026-12-15 14:30 +14:00", "2026-12-15T00:30:00Z"),
        ("2026-12-15 14:30 -00:59", "2026-12-15T15:29:00Z"),
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
        ("0m", "reads as 0 minutes or 0 months. Write 0 minutes or 0 months."),
        ("25:00", "has no such time of day. Write 14:30 or 2:30pm."),
        ("13pm", "has no such time of day. Write 14:30 or 2:30pm."),
        ("0am", "has no such time of day. Write 14:30 or 2:30pm."),
        ("9:61", "has no such time of day. Write 14:30 or 2:30pm."),
        ("fri 08:00-09:00", "has a zone but no full date. Write 2026-12-15T14:30Z."),
        ("2026-12-15T14:30+23:00", "is in no zone on Earth. Write Z or +08:00."),
        ("2026-12-15T14:30+15:00", "is in no zone on Earth. Write Z or +08:00."),
        ("2026-12-15T14:30+00:60", "is in no zone on Earth. Write Z or +08:00."),
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
    code = "import sys, acctcli.values.dates, acctcli.values.money; print(*sys.modules)"
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
