from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.typed import SUNDAY, anything, days, read_or_refused, todays

from acctcli.errors import AcctError, UsageError
from acctcli.values import dates, typed_dates
from acctcli.values.dates import in_full

WEDNESDAY = date(2026, 11, 18)


def day(text: str, today: date = SUNDAY) -> str:
    return str(typed_dates.read_day(text, today))


def refusal(read: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(AcctError) as caught:
        read(*arguments)
    return caught.value.message


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


@pytest.mark.parametrize("text", ["tomorrow", "in 3m", "+2w", "next fri", "2026-11-23", "eoq"])
def test_days_still_to_come_are_no_beginning(text: str) -> None:
    shown = r"\w{3} \d+ \w{3} 20\d\d"
    with pytest.raises(UsageError, match=rf"--since {re.escape(text)} is {shown}, in the future"):
        typed_dates.read_past_day(text, SUNDAY)


def test_last_weekday_with_two_readings_is_refused() -> None:
    assert refusal(typed_dates.read_day, "last fri", SUNDAY, "--due") == (
        "--due last fri reads as Fri 20 Nov 2026 or Fri 13 Nov 2026. "
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
        *("10", "Feb", "Nov 2026", "May 17,2019", "9999999999", "1e3d", "[red]", "3h"),
        *("2026-12-15-16", "01/02/26", "15-Dec-26", "01/02.2026", "9am", "now"),
        *("fr", "de 15", "each sun", "Fr 13 Nov 2026"),
        *("next", "Frx 13 Nov 2026", "13 Xyz 2026", "in -3d", "in 3d ago", "--3d"),
        *("end of xyz", "end of q5", "end of next jan", "end of"),
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


@pytest.mark.parametrize(
    ("text", "found"),
    [("-100y", "1926-11-22"), ("51 years", "2077-11-22"), ("eom+51y", "2077-11-30")],
)
def test_a_distance_of_more_than_fifty_years_is_a_slip(text: str, found: str) -> None:
    shown = in_full(found)
    assert refusal(typed_dates.read_day, text, SUNDAY, "--close") == (
        f"--close {text} is {shown}, more than 50 years away. Write {found} if you mean that day."
    )
    assert day(found) == found
    assert day("50y") == "2076-11-22"


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


# The direction of a day

AHEAD_OF_ALL = {
    # text: (ahead, back, near), seen from Wednesday 18 November 2026
    "3 oct": ("2027-10-03", "2026-10-03", "2026-10-03"),
    "oct 3rd": ("2027-10-03", "2026-10-03", "2026-10-03"),
    "15 Dec": ("2026-12-15", "2025-12-15", "2026-12-15"),
    "18 nov": ("2026-11-18", "2026-11-18", "2026-11-18"),
    "15th": ("2026-12-15", "2026-11-15", "2026-11-15"),
    "the 31st": ("2026-12-31", "2026-10-31", "2026-10-31"),
    "fri": ("2026-11-20", "2026-11-13", "2026-11-20"),
    "wed": ("2026-11-25", "2026-11-11", "2026-11-25"),
    "this friday": ("2026-11-20", "2026-11-20", "2026-11-20"),
    "friday next week": ("2026-11-27", "2026-11-27", "2026-11-27"),
    "mon last week": ("2026-11-09", "2026-11-09", "2026-11-09"),
    "next week": ("2026-11-23", "2026-11-23", "2026-11-23"),
    "next month": ("2026-12-01", "2026-12-01", "2026-12-01"),
    "next quarter": ("2027-01-01", "2027-01-01", "2027-01-01"),
    "next year": ("2027-01-01", "2027-01-01", "2027-01-01"),
    "end of month": ("2026-11-30", "2026-11-30", "2026-11-30"),
    "end of next month": ("2026-12-31", "2026-12-31", "2026-12-31"),
    "end of last quarter": ("2026-09-30", "2026-09-30", "2026-09-30"),
    "end of next quarter": ("2027-03-31", "2027-03-31", "2027-03-31"),
    "end of next year": ("2027-12-31", "2027-12-31", "2027-12-31"),
    "end of next week": ("2026-11-27", "2026-11-27", "2026-11-27"),
    "end of jan": ("2027-01-31", "2026-01-31", "2027-01-31"),
    "end of Nov": ("2026-11-30", "2025-11-30", "2026-11-30"),
    "end of q1": ("2027-03-31", "2026-03-31", "2027-03-31"),
    "end of Q4 2027": ("2027-12-31", "2027-12-31", "2027-12-31"),
    "end of feb 2028": ("2028-02-29", "2028-02-29", "2028-02-29"),
    "end of the week": ("2026-11-20", "2026-11-20", "2026-11-20"),
    "eow": ("2026-11-20", "2026-11-20", "2026-11-20"),
    "day after tomorrow": ("2026-11-20", "2026-11-20", "2026-11-20"),
    "day before yesterday": ("2026-11-16", "2026-11-16", "2026-11-16"),
    "20261215": ("2026-12-15", "2026-12-15", "2026-12-15"),
    "3d": ("2026-11-21", "2026-11-15", "2026-11-21"),
    "1mo": ("2026-12-18", "2026-10-18", "2026-12-18"),
    "2w3d": ("2026-12-05", "2026-11-01", "2026-12-05"),
    "2 weeks and 3 days": ("2026-12-05", "2026-11-01", "2026-12-05"),
    "in 2w3d": ("2026-12-05", "2026-12-05", "2026-12-05"),
    "2w3d ago": ("2026-11-01", "2026-11-01", "2026-11-01"),
    "3 business days": ("2026-11-23", "2026-11-13", "2026-11-23"),
    "in 3 business days": ("2026-11-23", "2026-11-23", "2026-11-23"),
    "1 working day ago": ("2026-11-17", "2026-11-17", "2026-11-17"),
    "eom+3d": ("2026-12-03", "2026-12-03", "2026-12-03"),
    "fri+1w": ("2026-11-27", "2026-11-20", "2026-11-27"),
    "eoq -2w": ("2026-12-17", "2026-12-17", "2026-12-17"),
    "2026-12-15 14:30": ("2026-12-15", "2026-12-15", "2026-12-15"),
    "fri 9am": ("2026-11-20", "2026-11-13", "2026-11-20"),
}


@pytest.mark.parametrize("text", AHEAD_OF_ALL)
def test_which_way_a_day_looks(text: str) -> None:
    found = [
        str(typed_dates.read_day(text, WEDNESDAY, "date", look))
        for look in ("ahead", "back", "near")
    ]
    assert tuple(found) == AHEAD_OF_ALL[text]


WORDS = {
    # what each word means, seen from Monday 23 to Sunday 29 November, 29 February 2028 (a
    # Tuesday) and the last day of a quarter, Thursday 31 December 2026
    "eow": ("27 27 27 27 27 04 04", "2028-03-03", "2027-01-01"),
    "eom": ("30 30 30 30 30 30 30", "2028-02-29", "2026-12-31"),
    "eoq": ("31 31 31 31 31 31 31", "2028-03-31", "2026-12-31"),
    "eoy": ("31 31 31 31 31 31 31", "2028-12-31", "2026-12-31"),
    "fri": ("27 27 27 27 04 04 04", "2028-03-03", "2027-01-01"),
    "next fri": ("04 04 04 04 04 04 04", "2028-03-10", "2027-01-08"),
    "next week": ("30 30 30 30 30 30 30", "2028-03-06", "2027-01-04"),
    "next month": ("01 01 01 01 01 01 01", "2028-03-01", "2027-01-01"),
    "next quarter": ("01 01 01 01 01 01 01", "2028-04-01", "2027-01-01"),
    "1m": ("23 24 25 26 27 28 29", "2028-03-29", "2027-01-31"),
    "1y": ("23 24 25 26 27 28 29", "2029-02-28", "2027-12-31"),
    "3 business days": ("26 27 30 01 02 02 02", "2028-03-03", "2027-01-05"),
    "29 feb": ("29 29 29 29 29 29 29", "2028-02-29", "2028-02-29"),
    "1st": ("01 01 01 01 01 01 01", "2028-03-01", "2027-01-01"),
    "30th": ("30 30 30 30 30 30 30", "2028-03-30", "2027-01-30"),
    "tomorrow": ("24 25 26 27 28 29 30", "2028-03-01", "2027-01-01"),
}


@pytest.mark.parametrize("word", WORDS)
def test_a_word_on_each_weekday_and_on_odd_days(word: str) -> None:
    week, leap, last = WORDS[word]
    monday = date(2026, 11, 23)
    seen = [day(word, monday + timedelta(days=ahead))[-2:] for ahead in range(7)]
    assert " ".join(seen) == week
    assert day(word, date(2028, 2, 29)) == leap
    assert day(word, date(2026, 12, 31)) == last


@given(st.sampled_from([*AHEAD_OF_ALL, *WORDS]), todays)
def test_looking_back_never_gives_a_later_day_than_looking_ahead(text: str, today: date) -> None:
    try:
        back, ahead = (typed_dates.read_day(text, today, look=look) for look in ("back", "ahead"))
    except UsageError:
        return  # a day of this week that is over
    assert back <= ahead


@given(st.sampled_from(["3 oct", "oct 3rd", "15th", "fri", "3d", "1m", "2w3d"]), todays)
def test_what_looks_back_is_not_to_come(text: str, today: date) -> None:
    assert typed_dates.read_past_day(text, today) <= today


def test_a_day_of_this_week_that_is_over_is_not_taken_for_one_ahead() -> None:
    assert refusal(typed_dates.read_day, "this mon", WEDNESDAY, "--due") == (
        "--due this mon is over: it was Mon 16 Nov 2026. Write 2026-11-23 or 2026-11-16."
    )
    assert typed_dates.read_past_day("this mon", WEDNESDAY) == date(2026, 11, 16)


def test_a_day_that_no_month_has_is_refused() -> None:
    assert "is in no month" in refusal(typed_dates.read_day, "32nd", SUNDAY)


def test_a_time_is_dropped_only_where_a_day_is_meant() -> None:
    with pytest.raises(UsageError, match="is not a date"):
        typed_dates.read_day("fri 9am", SUNDAY, timed=False)
