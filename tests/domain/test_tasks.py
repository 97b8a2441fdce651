from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain.tasks import next_in_series
from acctcli.errors import Invalid
from acctcli.model import Ref, Task


def task(**values: Any) -> Task:
    return Task(text="Check in", owed_by="us", **values)


def test_a_task_that_does_not_repeat_has_none_after_it() -> None:
    assert next_in_series(task(due=date(2026, 11, 27)), date(2026, 11, 22)) is None


def test_the_step_counts_from_completion_not_from_the_day_it_was_due() -> None:
    following = next_in_series(task(due=date(2026, 11, 2), every="2w"), date(2026, 11, 22))
    assert following is not None
    assert following.due == date(2026, 12, 6)


def test_what_it_is_about_stays_and_what_was_done_or_put_off_does_not() -> None:
    done = task(
        account=Ref("a", "GreenTech Ltd"),
        contact=Ref("c", "Mei Tan"),
        due=date(2026, 11, 20),
        every="1w",
        done_at=datetime(2026, 11, 22, 12, tzinfo=UTC),
        snoozed_until=date(2026, 11, 21),
    )
    following = next_in_series(done, date(2026, 11, 22))
    assert following == done.replace(
        due=date(2026, 11, 29), first_due=date(2026, 11, 20), done_at=None, snoozed_until=None
    )


def test_a_month_that_is_too_short_does_not_shorten_the_later_ones() -> None:
    days = []
    current = task(due=date(2026, 1, 31), every="1m")
    for _ in range(4):
        assert current.due is not None
        following = next_in_series(current, current.due)
        assert following is not None
        current = following
        days.append(current.due)
    assert days == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]


def test_a_year_from_29_february() -> None:
    following = next_in_series(task(due=date(2028, 2, 29), every="1y"), date(2028, 2, 29))
    assert following is not None
    assert following.due == date(2029, 2, 28)
    assert following.first_due == date(2028, 2, 29)


def test_without_a_day_it_was_due_the_series_starts_at_completion() -> None:
    following = next_in_series(task(every="1m"), date(2026, 11, 22))
    assert following is not None
    assert following.due == date(2026, 12, 22)
    assert following.first_due is None


def test_a_rule() -> None:
    following = next_in_series(
        task(due=date(2026, 11, 27), every="FREQ=MONTHLY;BYDAY=-1FR"), date(2026, 11, 26)
    )
    assert following is not None
    assert following.due == date(2026, 12, 25)


def test_a_repetition_that_runs_off_the_calendar_is_refused() -> None:
    with pytest.raises(Invalid, match="has no day after"):
        next_in_series(task(every="999y"), date(9500, 1, 1))


@given(
    due=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    late=st.integers(-400, 400),
    count=st.integers(1, 24),
    unit=st.sampled_from("dwmy"),
)
def test_the_next_day_is_later_than_the_completion(
    due: date, late: int, count: int, unit: str
) -> None:
    done_on = due + timedelta(days=late)
    following = next_in_series(task(due=due, every=f"{count}{unit}"), done_on)
    assert following is not None
    assert following.due is not None
    assert following.due > done_on
    assert following.every == f"{count}{unit}"


def test_a_monthly_task_that_is_done_early_does_not_come_back_for_the_same_day() -> None:
    current = task(due=date(2026, 12, 15), every="1m")
    done_on = date(2026, 11, 22)
    for due in (date(2027, 1, 15), date(2027, 2, 15), date(2027, 3, 15)):
        following = next_in_series(current, done_on)
        assert following is not None
        assert following.due == due
        current = following
