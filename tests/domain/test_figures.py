"""Figures: exact totals, one way of rounding, and None without data."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from statistics import median as median_of

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain import figures
from acctcli.domain.figures import Total, convert, total

Divide = Callable[[int, int], float | None]

whole = st.integers(1, 10**12)
part = st.integers(-(10**12), 10**12)


@pytest.mark.parametrize(
    "of", [figures.quotient, figures.points, figures.percent, figures.each, figures.average]
)
@pytest.mark.parametrize("nothing", [0, -1])
def test_of_nothing_there_is_no_part(of: Divide, nothing: int) -> None:
    assert of(1, nothing) is None


def test_a_percentage_has_two_decimals_and_points_have_all() -> None:
    assert figures.percent(2, 3) == 66.67
    assert figures.points(2, 3) == 200 / 3
    assert figures.each(2, 3) == 0.67
    assert figures.percent(-1, 4) == -25.0


def test_a_mean_has_two_decimals() -> None:
    assert figures.mean([1, 2, 2]) == 1.67
    assert figures.mean([]) is None


@given(part, whole)
def test_an_average_is_the_nearest_unit_half_a_unit_away_from_zero(amount: int, count: int) -> None:
    exact = Fraction(amount, count)
    found = figures.average(amount, count)
    assert found is not None
    assert abs(found - exact) <= Fraction(1, 2)
    if abs(found - exact) == Fraction(1, 2):
        assert abs(found) > abs(exact)


@pytest.mark.parametrize(("value", "whole"), [(2.5, 3), (-2.5, -3), (2.4, 2), (-0.4, 0), (0.5, 1)])
def test_a_half_rounds_away_from_zero(value: float, whole: int) -> None:
    assert figures.nearest(value) == whole


def test_the_interval_of_a_share_is_wilsons() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263, 15 of 148, 0 of 20.
    for part, of, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)):
        found = figures.wilson(part, of)
        assert found is not None
        assert (round(found[0], 4), round(found[1], 4)) == (low, high)
    nothing = figures.wilson(0, 20)
    assert nothing is not None
    assert (nothing[0], round(nothing[1], 4)) == (0, 0.1611)
    assert figures.wilson(0, 0) is None


@given(st.lists(st.integers(0, 400)))
def test_the_median_is_the_median(values: list[int]) -> None:
    assert figures.median(values) == (median_of(values) if values else None)


def test_an_amount_is_converted_at_its_rate_or_not_at_all() -> None:
    assert convert(1000, "EUR", "SGD", {"EUR": "1.45"}) == 1450
    assert convert(1000, "JPY", "SGD", {"JPY": "0.009"}) == 900
    assert convert(1000, "USD", "SGD", {"EUR": "1.45"}) is None


def test_what_is_in_the_currency_already_needs_no_rate() -> None:
    assert convert(1000, "SGD", "SGD", {"SGD": "7"}) == 1000
    assert convert(1000, "SGD", "SGD", {}) == 1000


def test_a_total_is_in_the_base_currency() -> None:
    found = total({"SGD": 1000, "EUR": 1000, "JPY": 1000}, "SGD", {"EUR": "1.45", "JPY": "0.009"})
    assert found == Total("SGD", 1000 + 1450 + 900, [])


def test_while_a_rate_is_missing_there_is_none() -> None:
    found = total({"SGD": 1, "USD": 1, "EUR": 1}, "SGD", {"EUR": "1.45"})
    assert found == Total("SGD", None, ["USD"])


def test_the_currencies_without_a_rate_are_named_in_order() -> None:
    rates = {"EUR": "1.45"}
    assert figures.without_rate(["USD", "SGD", None, "EUR", "CHF"], "SGD", rates) == ["CHF", "USD"]
    assert figures.without_rate([None, "SGD"], "SGD", {}) == []


def test_where_there_is_nothing_to_convert_nothing_is_said() -> None:
    assert total({"SGD": 1}, "SGD", {}) is None
    assert total({"SGD": 1, "EUR": 1}, "", {}) is None
    assert total({}, "SGD", {}) is None
