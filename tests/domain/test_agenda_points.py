"""The points of a line: days count between bounds, and what else there is comes on top."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.domain.test_agenda import TODAY, account

from acctcli.domain.agenda_points import POINTS, line_of


@pytest.mark.parametrize(
    ("late", "points"), [(-30, 35), (-20, 35), (0, 65), (2, 68), (10, 80), (40, 80)]
)
def test_days_count_between_their_bounds(late: int, points: float) -> None:
    found = line_of("promise", account(), TODAY - timedelta(days=late), TODAY, None)
    assert (found.points, found.days) == (points, late)


def test_a_window_moves_the_first_day_that_counts() -> None:
    found = line_of("closing", account(), TODAY + timedelta(days=4), TODAY, None, 14, (), 8)
    assert found.points == 36 + 1.5 * 10 + 8


def test_every_kind_begins_above_nothing() -> None:
    for kind, points in POINTS.items():
        assert points.base + points.a_day * points.least > 0, kind
        assert points.base + points.a_day * points.most > 0, kind
