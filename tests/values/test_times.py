"""Times of day, alone or after a day."""

from __future__ import annotations

from datetime import UTC, time, timedelta, timezone

import pytest

from acctcli.errors import UsageError
from acctcli.values.times import is_time_alone, split_time


@pytest.mark.parametrize(
    ("typed", "day", "at"),
    [
        ("fri 9am", "fri", time(9)),
        ("fri at 14:30", "fri", time(14, 30)),
        ("12am", "", time(0)),
        ("2026-12-15t14:30z", "2026-12-15", time(14, 30, tzinfo=UTC)),
        ("3 nov 2026 2:00 pm (gmt+1)", "3 nov 2026", time(14, tzinfo=timezone(timedelta(hours=1)))),
        ("2026-12-15 14:30 (utc)", "2026-12-15", time(14, 30, tzinfo=UTC)),
        ("fri", "fri", None),
    ],
)
def test_the_day_and_the_time_behind_it(typed: str, day: str, at: time | None) -> None:
    assert split_time(typed, "--at") == (day, at)


def test_a_time_that_no_day_has_is_refused() -> None:
    with pytest.raises(UsageError, match="no such time of day"):
        split_time("fri 25:00", "--at")


def test_a_time_alone() -> None:
    assert is_time_alone("14:30")
    assert not is_time_alone("fri 14:30")
