from __future__ import annotations

import time
from datetime import date, datetime

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from tests.typed import SUNDAY, anything, days, read_or_refused

from acctcli.errors import Invalid, UsageError
from acctcli.values.dates import parse_iso_day
from acctcli.values.repeats import next_due, read_every


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        *(("3d", "3d"), ("2 weeks", "2w"), ("every 3 months", "3m"), ("1Y", "1y")),
        *(("daily", "1d"), ("weekly", "1w"), ("monthly", "1m"), ("quarterly", "3m")),
        *(("yearly", "1y"), ("FREQ=WEEKLY", "1w"), ("freq=monthly;interval=3", "3m")),
        ("FREQ=MONTHLY;WKST=SU", "1m"),
        ("FREQ=MONTHLY;INTERVAL=2;WKST=SU", "2m"),
        ("RRULE:FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("byday=mo,we;freq=weekly;", "FREQ=WEEKLY;BYDAY=MO,WE"),
    ],
)
def test_how_a_repetition_is_kept(text: str, kept: str) -> None:
    assert read_every(text) == kept
    assert read_every(kept) == kept


@pytest.mark.parametrize(
    "text",
    [
        *("", "0d", "-1d", "1000d", "fri", "sometimes", "1h", "FREQ=", "BYDAY=MO"),
        *("FREQ=SECONDLY", "FREQ=HOURLY", "FREQ=DAILY;COUNT=5", "FREQ=DAILY;UNTIL=20270101"),
        *("FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;BYHOUR=9", "FREQ=DAILY;X"),
        *("FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=YEARLY;BYMONTH=13"),
        *(
            "FREQ=WEEKLY;BYDAY=1FR",
            "FREQ=WEEKLY;BYDAY=",
            "FREQ=WEEKLY;BYDAY=XX",
            "FREQ=WEEKLY;BYDAY=MO,XX",
        ),
    ],
)
def test_text_that_is_no_repetition_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"^--every .+ Write .+"):
        read_every(text)


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
        read_every(rule)
    assert time.process_time() - begun < 30  # a rule whose search takes hours


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
        ("1m", "2026-03-16", "2026-01-01", "2026-05-01"),  # 1 April is as near to 16 April
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
    first = parse_iso_day(anchor) if anchor else None
    found = next_due(every, parse_iso_day(done_on), first)
    assert found == parse_iso_day(expected)


def test_a_rule_that_has_run_out_of_calendar_is_refused() -> None:
    with pytest.raises(Invalid, match="has no day after Fri 31 Dec 9999"):
        next_due("FREQ=YEARLY;BYMONTH=2", date.max)
    with pytest.raises(Invalid, match="has no day after Fri 31 Dec 9999"):
        next_due("1d", date.max)


@pytest.mark.parametrize("stored", ["", "x", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"])
def test_a_damaged_stored_repetition_is_refused(stored: str) -> None:
    with pytest.raises(UsageError):
        next_due(stored, SUNDAY)


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


@given(steps | rules, days, st.none() | days, st.none() | days)
def test_the_next_due_day_is_always_later(
    every: str, done_on: date, anchor: date | None, due: date | None
) -> None:
    found = next_due(every, done_on, anchor, due)
    assert found > done_on
    assert due is None or found > due
    if due is not None and due <= done_on:  # on time or late: the due day does not matter
        assert found == next_due(every, done_on, anchor)


@pytest.mark.parametrize(
    ("every", "due", "done_on", "again"),
    [
        ("1m", "2026-12-15", "2026-11-22", "2027-01-15"),
        ("1m", "2026-12-15", "2026-10-10", "2027-01-15"),
        ("1m", "2027-01-31", "2027-01-02", "2027-02-28"),
        ("3m", "2026-12-15", "2026-11-01", "2027-02-15"),
        ("1y", "2028-02-29", "2027-03-01", "2029-02-28"),
        ("1w", "2026-11-27", "2026-11-16", "2026-11-30"),
        ("1w", "2026-11-27", "2026-11-23", "2026-11-30"),
        ("1d", "2026-12-02", "2026-11-22", "2026-12-03"),
        ("2w", "2026-12-06", "2026-11-22", "2026-12-20"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27", "2026-11-02", "2026-12-25"),
        ("FREQ=WEEKLY;BYDAY=MO,TH", "2026-11-26", "2026-11-22", "2026-11-30"),
    ],
)
def test_what_is_done_early_is_due_later_than_it_was(
    every: str, due: str, done_on: str, again: str
) -> None:
    day = parse_iso_day(due)
    assert next_due(every, parse_iso_day(done_on), day, day) == parse_iso_day(again)


@given(rules, days)
def test_a_rule_gives_the_day_that_dateutil_gives(rule: str, done_on: date) -> None:
    start = datetime(done_on.year, done_on.month, done_on.day)
    expected = rrulestr(rule, dtstart=start).after(start)
    assert expected is not None
    assert next_due(rule, done_on) == expected.date()


@given(anything)
def test_any_text_is_a_repetition_or_refused(text: str) -> None:
    kept = read_or_refused(read_every, "--every ", text)
    assert kept is None or next_due(kept, SUNDAY) > SUNDAY
