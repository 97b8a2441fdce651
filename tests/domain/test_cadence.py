from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.config import CADENCE
from acctcli.domain.cadence import cadence_of, overdue_days

TODAY = date(2026, 11, 22)
DAYS = st.dates(date(2020, 1, 1), TODAY)


@pytest.mark.parametrize(
    ("tier", "override", "days"),
    [
        ("strategic", None, 14),
        ("maintenance", None, 90),
        ("strategic", 7, 7),
        (None, 30, 30),
        (None, None, None),
        ("a tier of old", None, None),
        ("strategic", 0, None),
    ],
)
def test_own_cadence_wins_over_the_tiers(
    tier: str | None, override: int | None, days: int | None
) -> None:
    assert cadence_of(tier, override, CADENCE) == days


@pytest.mark.parametrize(
    ("last_touch", "late"),
    [
        (date(2026, 11, 8), 0),  # 14 days ago: just kept
        (date(2026, 11, 7), 1),
        (date(2026, 10, 9), 30),
        (date(2026, 11, 23), 0),  # logged ahead
    ],
)
def test_days_late_count_from_the_last_touch(last_touch: date, late: int) -> None:
    assert overdue_days(last_touch, date(2020, 1, 1), 14, TODAY) == late


def test_an_account_never_touched_counts_from_the_day_it_was_entered() -> None:
    assert overdue_days(None, TODAY - timedelta(days=20), 14, TODAY) == 6
    assert overdue_days(None, TODAY, 14, TODAY) == 0


def test_without_a_cadence_nothing_is_late() -> None:
    assert overdue_days(date(2001, 1, 1), date(2001, 1, 1), None, TODAY) is None


@given(DAYS, DAYS, st.integers(1, 400))
def test_a_later_touch_is_never_later_than_its_cadence_by_more(
    one: date, other: date, cadence: int
) -> None:
    earlier, later = sorted((one, other))
    late = overdue_days(later, earlier, cadence, TODAY)
    later_still = overdue_days(earlier, earlier, cadence, TODAY)
    assert late is not None
    assert later_still is not None
    assert late <= later_still
