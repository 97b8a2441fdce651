from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.errors import Invalid, UsageError
from acctcli.values.durations import read_duration, say_duration


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        *(("45m", 45), ("1h30m", 90), ("1h 30m", 90), ("1h30", 90), ("1h", 60), ("90", 90)),
        *(("2 hours", 120), ("1 hour 5 minutes", 65), ("20 min", 20), ("0", 0), ("168h", 10_080)),
    ],
)
def test_durations_that_people_type(text: str, minutes: int) -> None:
    assert read_duration(text) == minutes


@pytest.mark.parametrize(
    "text", ["", "h", "-5", "1:30", "1.5h", "30m1h", "1d", "1 2", "\uff11\uff12"]
)
def test_text_that_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"^--duration "):
        read_duration(text)


def test_a_duration_of_more_than_a_week_is_refused() -> None:
    with pytest.raises(Invalid, match="longer than a week"):
        read_duration("10081")


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "0m"), (1, "1m"), (59, "59m"), (60, "1h"), (61, "1h1m"), (120, "2h")]
)
def test_how_a_duration_is_said(minutes: int, said: str) -> None:
    assert say_duration(minutes) == said


@given(st.integers(0, 10_080))
def test_a_duration_is_read_as_it_is_said(minutes: int) -> None:
    assert read_duration(say_duration(minutes)) == minutes
