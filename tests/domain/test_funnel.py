from __future__ import annotations

from typing import Any

import pytest

from acctcli.config import STAGES
from acctcli.domain import funnel
from acctcli.domain.funnel import MIN_WON, Passage, Velocity


def passage(stage: str = "proposal", **values: Any) -> Passage:
    counts = ("entered", "onward", "lost", "still", "won", "closed")
    given: dict[str, Any] = {**dict.fromkeys(counts, 0), "days": (), "won_days": (), **values}
    return Passage(stage=stage, **given)


def test_conversion_is_of_those_that_left_and_the_win_rate_of_those_closed() -> None:
    found = passage(entered=20, onward=6, lost=2, still=12, won=2, closed=6, days=(1, 2, 9))
    assert (found.conversion, found.win_rate, found.median_days) == (75.0, 33.33, 2)
    few = passage(entered=10, onward=3, lost=1, still=6, won=1, closed=3)
    assert (few.conversion, few.win_rate) == (None, None)  # of fewer than five
    assert (passage().conversion, passage().win_rate, passage().median_days) == (None,) * 3


def test_velocity_is_deals_times_win_rate_times_average_by_cycle() -> None:
    # 10 open, 4 of 8 won, 300 on average, 30 days: 10 * 0.5 * 300 / 30.
    found = Velocity("SGD", deals=10, won=4, closed=8, priced=4, amount=1200, cycle_days=120)
    assert (found.win_rate, found.average, found.cycle, found.per_day) == (50.0, 300, 30.0, 50)


@pytest.mark.parametrize("values", [{"won": 0, "priced": 0}, {"cycle_days": 0}])
def test_without_a_win_or_a_day_there_is_no_velocity(values: dict[str, int]) -> None:
    given = {"deals": 3, "won": 1, "closed": 1, "priced": 1, "amount": 5, "cycle_days": 1}
    assert Velocity("SGD", **{**given, **values}).per_day is None


def test_a_norm_is_of_the_settings_or_of_enough_won_deals() -> None:
    enough = passage(won_days=tuple(range(1, MIN_WON + 1)))
    few = passage("negotiation", won_days=(9,) * (MIN_WON - 1))
    unset = [stage for stage in STAGES if stage.days is None]
    found = funnel.norms([enough, few], unset)
    assert {name: (norm.days, norm.source) for name, norm in found.items()} == {
        "proposal": (3, "won deals")
    }
