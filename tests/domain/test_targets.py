"""A period and its quota, with figures computed by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.domain.test_asof import deal

from acctcli.config import Quota
from acctcli.domain import targets
from acctcli.domain.forecast import ForecastDeal
from acctcli.domain.targets import Target
from acctcli.domain.win_rates import Learnt
from acctcli.values.periods import Period, month_of, quarter_of, year_of

TODAY = date(2026, 11, 22)
Q4 = quarter_of(TODAY)
QUOTA = Quota("SGD", {None: 2000, "Kim": 500})


def learnt(closed: int, base: float = 0.5) -> Learnt:
    return Learnt("new", closed // 2, closed, base, ())


def won(amount: int, owner: str | None, day: date = TODAY, currency: str = "SGD") -> ForecastDeal:
    made = ("1", "Rollout", "GreenTech", "won", "closed", amount, currency, day, True, 1, 1)
    return ForecastDeal(*made, owner, None)


def test_attainment_is_what_was_won_in_the_period_of_the_quota() -> None:
    before = won(999, "Kim", date(2026, 9, 30))
    entries = [won(300, "kim"), won(200, None), before, won(50, "Kim", currency="EUR")]
    found = targets.targets(entries, Q4, QUOTA, [None, "Kim"])
    assert [(line.owner, line.quota, line.closed, line.share, line.gap) for line in found] == [
        (None, 2000, 500, 25, 1500),
        ("Kim", 500, 300, 60, 200),
    ]


def test_a_quota_is_for_whole_quarters_of_the_fiscal_year() -> None:
    assert targets.targets([], month_of(TODAY), QUOTA, [None]) == []
    assert targets.targets([], year_of(TODAY), QUOTA, [None])[0].quota == 8000
    fiscal = quarter_of(TODAY, 2)  # November to January
    assert targets.targets([], fiscal, QUOTA, [None]) == []
    special = Quota("SGD", {None: 2000}, {(fiscal.label, None): 700})
    assert targets.targets([], fiscal, special, [None], 2)[0].quota == 700


def test_the_gap_is_told_in_money_in_deals_and_in_what_covers_it() -> None:
    target = Target(None, 2000, 500)
    found = targets.reach(target, 900, 400, learnt(20))
    # 900 of 1500; 1500 at 400 each; (1500 - 900) at a rate of 50 %.
    assert (found.coverage, found.deals, found.to_create) == (0.6, 4, 1200)
    assert targets.reach(target, 1500, 400, learnt(20)).to_create == 0
    assert targets.reach(target, 900, None, learnt(4)).as_dict() == {
        **{"weighted_open": 900, "coverage": 0.6, "deals": None, "to_create": None}
    }
    passed = targets.reach(Target(None, 2000, 2000), 900, 400, learnt(20))
    assert (passed.coverage, passed.deals, passed.to_create) == (None, None, None)


def test_the_usual_size_is_that_of_the_deals_won_in_a_year() -> None:
    def sold(amount: int | None, on: str) -> Any:
        return deal(category="closed", amount=amount, closed_on=on)

    deals = [sold(100, "2026-11-22"), sold(301, "2025-11-23"), sold(None, "2026-01-01")]
    old = [sold(9999, "2025-11-22"), deal(amount=9999), sold(9999, "2026-11-23")]
    assert targets.average_won([*deals, *old], "SGD", TODAY) == 201  # 200.5
    assert targets.average_won(old, "SGD", TODAY) is None


def test_pipeline_creation_is_held_against_what_the_quota_needs() -> None:
    deals = [
        deal(opened_on="2026-10-24", amount=300),
        deal(opened_on="2026-11-22", amount=None),
        deal(opened_on="2026-10-23", amount=9999),
        deal(opened_on="2026-11-01", currency="EUR", amount=9999),
    ]
    year = Period(date(2026, 1, 1), date(2026, 12, 31), "2026")
    found = targets.creation(deals, "SGD", TODAY, 30, (7300, year), learnt(20), 500)
    # 7300 in 365 days are 600 in 30, and half of what is opened is won: three deals of 500.
    assert tuple(found) == (30, 2, 300, 1200, 3)
    assert targets.creation(deals, "SGD", TODAY, 30, (7300, year), learnt(20)).deals is None
    assert targets.creation([], "SGD", TODAY, 30, (7300, year), learnt(4)).needed is None
