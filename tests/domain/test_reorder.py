"""How often a customer orders, and when the next order is late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain.reorder import (
    BuyingCadence,
    OrderFacts,
    ReorderRules,
    cadence,
    cadences,
    late,
    pace,
)

FIRST = date(2026, 1, 1)


def order(
    day: int, deal: str | None = None, amount: int | None = 100, currency: str = "SGD"
) -> OrderFacts:
    return OrderFacts("a", deal, (FIRST + timedelta(days=day)).isoformat(), amount, currency)


def known(days: Sequence[int], rules: ReorderRules | None = None) -> BuyingCadence:
    found = cadence([order(day) for day in days], rules or ReorderRules())
    assert found is not None
    return found


def late_after(days: Sequence[int]) -> int:
    """Return how many days may pass since the last order before the next one is late."""
    found = known(days)
    return (found.late_from - found.last).days - 1


def test_the_example_of_the_documentation() -> None:
    # Gaps of 30, 28, 35, 31 and 30 days: the median is 30, the deviations 0, 2, 5, 1, 0.
    found = known([0, 30, 58, 93, 124, 154])
    assert (found.orders, found.gap) == (6, 30)
    assert found.slack == 7  # twice 1.48 is less
    assert late_after([0, 30, 58, 93, 124, 154]) == 37
    # Gaps of 20, 40, 30, 50 and 25 days: 30, deviations 10, 10, 0, 20, 5.
    assert known([0, 20, 60, 90, 140, 165]).slack == pytest.approx(29.6)
    assert late_after([0, 20, 60, 90, 140, 165]) == 59


def test_to_the_day_has_a_floor() -> None:
    assert late_after([0, 30, 60]) == 37
    assert late_after([0, 7, 14]) == 14
    assert late_after([0, 360, 720]) == 396


def test_late_from_the_day_after_the_bound() -> None:
    found = known([0, 30, 60])
    assert found.expected == found.last + timedelta(days=30)
    assert found.days_late(found.last + timedelta(days=37)) is None
    assert found.days_late(found.last + timedelta(days=38)) == 1
    assert found.days_late(found.last + timedelta(days=40)) == 3


def test_too_few_orders_have_no_cadence() -> None:
    assert cadence([order(0), order(30)]) is None
    assert cadence([order(0), order(0), order(30)]) is None
    assert cadence([order(0)], ReorderRules(least=1)) is None


def test_what_belongs_to_one_deal_is_one_order() -> None:
    rollout = [order(0, "x"), order(4, "x"), order(12, "x")]
    assert cadence(rollout) is None
    found = cadence([*rollout, order(90), order(180)])
    assert found is not None
    assert (found.orders, found.gap, found.amount) == (3, 90, 100)


def test_only_the_last_gaps_count() -> None:
    slow = [100 * n for n in range(5)]
    fast = [400 + 10 * n for n in range(1, 13)]
    assert known(slow + fast).gap == 10
    assert known(slow + fast, ReorderRules(gaps=16)).gap == 10
    assert known(slow + fast[:2], ReorderRules(gaps=3)).gap == 10


def test_a_usual_order_is_the_median_in_the_last_currency() -> None:
    orders = [order(0, amount=1), order(1, currency="USD", amount=100), order(30, amount=None)]
    orders += [order(60, currency="USD", amount=200), order(60, currency="USD", amount=101)]
    found = cadence(orders)
    assert found is not None
    assert (found.amount, found.currency) == (201, "USD")  # of 100 and 301, a half away from zero
    nothing = cadence([order(day, amount=None) for day in (0, 30, 60)])
    assert nothing is not None
    assert (nothing.amount, nothing.currency) == (None, None)


def test_accounts_are_judged_apart() -> None:
    one = [order(day) for day in (0, 30, 60)]
    other = [OrderFacts("b", None, FIRST.isoformat(), 1, "SGD")]
    assert [found.account_id for found in cadences([*other, *one])] == ["a"]


@given(st.lists(st.integers(0, 2000), min_size=3, max_size=40, unique=True))
def test_no_order_is_late_before_it_is_expected(days: list[int]) -> None:
    found = known(days)
    assert found.late_from > found.expected
    assert (found.gap, found.slack) == pace([order(day).day for day in days], ReorderRules())


many_orders = st.lists(
    st.builds(
        lambda account, day, deal, amount: order(day, deal, amount)._replace(account_id=account),
        *(st.sampled_from("ab"), st.integers(0, 400), st.none() | st.sampled_from("xy")),
        st.none() | st.integers(1, 500),
    ),
    max_size=14,
)
limits = st.builds(
    lambda least, gaps, floor_days: ReorderRules(least=least, gaps=gaps, floor_days=floor_days),
    *(st.integers(0, 4), st.integers(1, 4), st.integers(0, 9)),
)


@given(many_orders, st.integers(300, 900), st.integers(1, 90), limits)
def test_those_that_are_late_are_the_same_as_by_the_cadence_of_each(
    orders: list[OrderFacts], passed: int, patience: int, rules: ReorderRules
) -> None:
    day = FIRST + timedelta(days=passed)
    days = [(one.account_id, one.deal_id or one.day, one.day) for one in orders]
    assert late(days, {"a"}, day, patience, rules) == [
        one.account_id
        for one in cadences(orders, rules)
        if one.account_id == "a" and 0 < (one.days_late(day) or 0) <= patience + 1
    ]
