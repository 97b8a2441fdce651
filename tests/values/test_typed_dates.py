from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.typed import NOON, SUNDAY, anything, days, read_or_refused, todays, zone

from acctcli.errors import AcctError, UsageError
from acctcli.values import dates, typed_dates
from acctcli.values.dates import Clock

WEDNESDAY = date(2026, 11, 18)


def day(text: str, today: date = SUNDAY) -> str:
    return str(typed_dates.read_day(text, today))


def refusal(read: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(AcctError) as caught:
        read(*arguments)
    return caught.value.message


# The clock


def test_a_clock_that_is_set_stands_at_noon_of_the_day_given() -> None:
    with zone("Asia/Singapore"):
        assert typed_dates.read_clock("2026-11-22") == Clock(
            SUNDAY, datetime(2026, 11, 22, 4, tzinfo=UTC)
        )


def test_a_clock_that_is_set_takes_a_time_with_the_day() -> None:
    with zone("Asia/Singapore"):
        local = typed_dates.read_clock("2026-11-22 23:30")
        assert local == Clock(SUNDAY, datetime(2026, 11, 22, 15, 30, tzinfo=UTC))
        zoned = typed_dates.read_clock("2026-11-22T23:30:05Z")
        assert zoned == Clock(date(2026, 11, 23), datetime(2026, 11, 22, 23, 30, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [
        *("fri", "14:30", "22/11/2026", "2026-2-3", "2026-02-30", "1960-01-01", "2026-11-22 25:00"),
        *("20261122", "2026-W47-7", "2026/11/22", "2026/11/22 14:30"),
    ],
)
def test_a_clock_that_is_set_refuses_all_but_iso(text: str) -> None:
    with pytest.raises(UsageError, match=re.escape(f"--today {text} ")):
        typed_dates.read_clock(text)


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
    assert typed_dates.read_past_day(text, SUNDAY) == date.fromisoformat(expected)


@pytest.mark.parametrize("text", ["tomorrow", "in 3m", "+2w", "fri", "2026-11-23", "eoq"])
def test_days_still_to_come_are_no_beginning(text: str) -> None:
    with pytest.raises(UsageError, match=re.escape(f"--since {text} is 2") + ".*still to come"):
        typed_dates.read_past_day(text, SUNDAY)


def test_last_weekday_with_two_readings_is_refused() -> None:
    assert refusal(typed_dates.read_day, "last fri", SUNDAY, "--due") == (
        "--due last fri reads as Fri 20 November 2026 or Fri 13 November 2026. "
        "Write 2026-11-20 or 2026-11-13."
    )


def test_figures_with_two_readings_are_refused() -> None:
    assert refusal(typed_dates.read_day, "01/02/2026", SUNDAY, "--due") == (
        "--due 01/02/2026 reads as 1 February or 2 January 2026. Write 2026-02-01 or 2026-01-02."
    )


def test_a_weekday_that_does_not_fit_is_refused() -> None:
    assert refusal(typed_dates.read_day, "Mon 13 Nov 2026", SUNDAY, "--due") == (
        "--due Mon 13 Nov 2026 is a Friday. "
        "Write 2026-11-13 or, for the Monday nearest to it, 2026-11-16."
    )
    assert refusal(typed_dates.read_day, "Tue 13 Nov 2026", SUNDAY).endswith(
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
    message = refusal(typed_dates.read_day, text, SUNDAY, "--due")
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
        typed_dates.read_day(text, SUNDAY, "--due")


def test_full_width_digits_are_refused() -> None:
    text = "2026-12-15".translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    assert "is not in plain letters and digits" in refusal(typed_dates.read_day, text, SUNDAY)


def test_errors_are_safe_and_short() -> None:
    assert "\x1b" not in refusal(typed_dates.read_day, "\x1b[31m", SUNDAY)
    assert len(refusal(typed_dates.read_day, "1" * 100_000, SUNDAY)) < 200
    assert " is too long. " in refusal(typed_dates.read_day, "1" * 201, SUNDAY)
    assert " is not a date. " in refusal(typed_dates.read_day, "1" * 200, SUNDAY)
    assert f"date {'x' * 60} is not" in refusal(typed_dates.read_day, "x" * 60, SUNDAY)
    assert f"date {'x' * 59}… is not" in refusal(typed_dates.read_day, "x" * 61, SUNDAY)
    assert refusal(typed_dates.read_day, " ", SUNDAY, "--due").startswith('--due "" is empty.')


def test_the_first_and_the_last_day_that_are_kept() -> None:
    for text in ("1900-01-01", "2999-12-31"):
        assert day(text) == text
    for text in ("1899-12-31", "3000-01-01"):
        assert "is outside the years 1900 to 2999" in refusal(typed_dates.read_day, text, SUNDAY)


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
    assert typed_dates.read_day(dates.iso(value), today) == value


@given(days, todays)
def test_what_is_said_can_be_typed(value: date, today: date) -> None:
    assert typed_dates.read_day(dates.say_day(value, today), today) == value


@given(anything, todays)
def test_any_text_is_a_day_or_refused(text: str, today: date) -> None:
    found = read_or_refused(typed_dates.read_day, "date ", text, today)
    assert found is None or 1900 <= found.year <= 2999


@given(st.sampled_from(dates.WEEKDAYS), todays)
def test_a_weekday_is_one_of_the_next_seven_days(name: str, today: date) -> None:
    found = typed_dates.read_day(name, today)
    assert 1 <= (found - today).days <= 7
    assert dates.WEEKDAYS[found.weekday()] == name
    next_one = typed_dates.read_day(f"next {name}", today)
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
        assert (
            dates.iso(typed_dates.read_moment(text, typed_dates.read_clock("2026-11-22")))
            == expected
        )


def test_a_day_stays_the_day_it_was_typed_as() -> None:
    for name in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"):
        with zone(name):
            clock = typed_dates.read_clock("2026-11-22")
            assert clock.today == SUNDAY
            assert dates.day_of(typed_dates.read_moment("yesterday", clock)) == date(2026, 11, 21)
            assert dates.day_of(typed_dates.read_moment("fri 23:59", clock)) == date(2026, 11, 27)


def test_when_the_clocks_change() -> None:
    with zone("Europe/Berlin"):
        clock = typed_dates.read_clock("2026-11-22")
        repeated = typed_dates.read_moment("2026-10-25 02:30", clock)
        assert dates.iso(repeated) == "2026-10-25T00:30:00Z"
        skipped = typed_dates.read_moment("2026-03-29 02:30", clock)
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
    assert refusal(typed_dates.read_moment, text, NOON, "--at") == f"--at {text} {problem}"


def test_a_moment_with_two_readings_is_refused() -> None:
    message = refusal(typed_dates.read_moment, "01/02/2026 14:30", NOON, "--at")
    assert message.startswith("--at 01/02/2026 14:30 reads as 1 February or 2 January 2026.")


@given(anything)
def test_any_text_is_a_moment_or_refused(text: str) -> None:
    found = read_or_refused(typed_dates.read_moment, "--at ", text, NOON)
    assert found is None or dates.parse_iso_moment(dates.iso(found)) == found
