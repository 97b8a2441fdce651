from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from tests.typed import NOON, SUNDAY, anything, read_or_refused, zone

from acctcli.errors import AcctError, UsageError
from acctcli.values import dates, typed_dates, typed_moments
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
        assert typed_moments.read_clock("2026-11-22") == Clock(
            SUNDAY, datetime(2026, 11, 22, 4, tzinfo=UTC)
        )


def test_a_clock_that_is_set_takes_a_time_with_the_day() -> None:
    with zone("Asia/Singapore"):
        local = typed_moments.read_clock("2026-11-22 23:30")
        assert local == Clock(SUNDAY, datetime(2026, 11, 22, 15, 30, tzinfo=UTC))
        zoned = typed_moments.read_clock("2026-11-22T23:30:05Z")
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
        typed_moments.read_clock(text)


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
        ("fri 14:30", "2026-11-20T06:30:00Z"),
        ("14:30", "2026-11-22T06:30:00Z"),
        ("9am", "2026-11-22T01:00:00Z"),
        ("1am", "2026-11-21T17:00:00Z"),
        ("2026-12-15 14:30 +08", "2026-12-15T06:30:00Z"),
        ("2026-12-15 14:30 +14:00", "2026-12-15T00:30:00Z"),
        ("2026-12-15 14:30 -00:59", "2026-12-15T15:29:00Z"),
        ("oct 15 9am", "2026-10-15T01:00:00Z"),
        ("3h ago", "2026-11-22T01:00:00Z"),
        ("in 20 min", "2026-11-22T04:20:00Z"),
        ("2w ago", "2026-11-08T04:00:00Z"),
        ("1 month ago", "2026-10-22T04:00:00Z"),
        ("this morning", "2026-11-22T01:00:00Z"),
        ("this afternoon", "2026-11-22T04:00:00Z"),  # not to come: now
        ("yesterday evening", "2026-11-21T11:00:00Z"),
        ("fri morning", "2026-11-20T01:00:00Z"),
        ("2h30m ago", "2026-11-22T01:30:00Z"),
        ("1h 15min", "2026-11-22T02:45:00Z"),
        ("20261121 9am", "2026-11-21T01:00:00Z"),
    ],
)
def test_moments_that_people_type(text: str, expected: str) -> None:
    with zone("Asia/Singapore"):
        assert (
            dates.iso(typed_moments.read_moment(text, typed_moments.read_clock("2026-11-22")))
            == expected
        )


def test_a_day_stays_the_day_it_was_typed_as() -> None:
    for name in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"):
        with zone(name):
            clock = typed_moments.read_clock("2026-11-22")
            assert clock.today == SUNDAY
            assert dates.day_of(typed_moments.read_moment("yesterday", clock)) == date(2026, 11, 21)
            assert dates.day_of(typed_moments.read_moment("fri 23:59", clock)) == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("name", "text", "problem", "readings"),
    [
        (
            "Europe/Berlin",
            "2026-10-25 02:30",
            "comes twice: the clocks go back then. "
            "Write 2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00.",
            ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"],
        ),
        (
            "America/New_York",
            "14 mar 2027 2:30am",
            "does not exist: the clocks go forward then. "
            "Write 2027-03-14 01:30 or 2027-03-14 03:30.",
            ["2027-03-14T06:30:00Z", "2027-03-14T07:30:00Z"],
        ),
    ],
)
def test_when_the_clocks_change(name: str, text: str, problem: str, readings: list[str]) -> None:
    with zone(name):
        clock = typed_moments.read_clock("2026-11-22")
        refused = refusal(typed_moments.read_moment, text, clock, "--at")
        assert refused == f"--at {text} {problem}"
        proposed = refused.removesuffix(".").partition("Write ")[2].split(" or ")
        read = [typed_moments.read_moment(one, clock, "--at") for one in proposed]
        assert list(map(dates.iso, read)) == readings
        with pytest.raises(UsageError, match=r"clocks go .* then"):
            typed_moments.read_clock(readings[0][:10] + " 02:30")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("30m ago", "reads as 30 minutes or 30 months ago. Write 30 minutes ago or 30 months ago."),
        ("1m", "reads as 1 minute or 1 month ago. Write 1 minute ago or 1 month ago."),
        ("in 0m", "reads as 0 minutes or 0 months. Write 0 minutes or 0 months."),
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
        (
            "in 500000h",
            "is Mon 6 Dec 2083, more than 50 years away. Write 2083-12-06 if you mean that day.",
        ),
    ],
)
def test_moments_that_are_refused(text: str, problem: str) -> None:
    assert refusal(typed_moments.read_moment, text, NOON, "--at") == f"--at {text} {problem}"


def test_a_moment_with_two_readings_is_refused() -> None:
    message = refusal(typed_moments.read_moment, "01/02/2026 14:30", NOON, "--at")
    assert message.startswith("--at 01/02/2026 14:30 reads as 1 February or 2 January 2026.")


@given(anything)
def test_any_text_is_a_moment_or_refused(text: str) -> None:
    found = read_or_refused(typed_moments.read_moment, "--at ", text, NOON)
    assert found is None or dates.parse_iso_moment(dates.iso(found)) == found


def test_an_appointment_is_ahead() -> None:
    with zone("Asia/Singapore"):
        clock = typed_moments.read_clock("2026-11-22")
        for text, expected in (
            ("fri 9am", "2026-11-27T01:00:00Z"),
            ("tomorrow afternoon", "2026-11-23T07:00:00Z"),
            ("3 oct 14:00", "2027-10-03T06:00:00Z"),
            ("2h", "2026-11-22T06:00:00Z"),
        ):
            found = typed_moments.read_moment(text, clock, look="ahead")
            assert dates.iso(found) == expected
