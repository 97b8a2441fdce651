"""What open deals may come to: the draws agree with exact results, and are fast."""

from __future__ import annotations

import time
from math import comb, sqrt
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acctcli.domain.simulation import DRAWS, outcomes, simulate

amounts = st.integers(1, 10**11)
chances = st.floats(0.01, 1)
books = st.lists(st.tuples(amounts, chances), max_size=25)


@settings(max_examples=25)
@given(st.integers(0, 10**11), books)
def test_the_mean_is_the_weighted_sum_within_one_percent(
    closed: int, book: list[tuple[int, float]]
) -> None:
    weighted = closed + sum(amount * chance for amount, chance in book)
    assert abs(simulate(closed, book).mean - weighted) <= 0.01 * weighted + 1


@settings(max_examples=25)
@given(st.integers(0, 10**11), books)
def test_the_range_lies_between_what_is_closed_and_all_of_it(
    closed: int, book: list[tuple[int, float]]
) -> None:
    found = simulate(closed, book)
    everything = closed + sum(amount for amount, _ in book)
    assert closed <= found.p10 <= found.p50 <= found.p90 <= everything


def test_the_same_book_gives_the_same_figures() -> None:
    book = [(1_000, 0.3), (5_000, 0.7), (20_000, 0.1)]
    assert simulate(10, book) == simulate(10, book)


def test_nothing_open_is_no_range() -> None:
    assert simulate(700, []) == simulate(700, [(100, 0.0), (0, 0.5)])
    assert tuple(simulate(700, [])) == (700, 700, 700, 700, None)


def test_what_is_certain_is_in_every_draw() -> None:
    assert tuple(simulate(0, [(100, 1.0)])) == (100, 100, 100, 100, None)


def test_many_equal_deals_are_spread_as_a_binomial() -> None:
    deals, chance = 40, 0.3
    found = simulate(0, [(100, chance)] * deals)
    total, quantiles = 0.0, []
    for share in (0.1, 0.5, 0.9):
        total, wins = 0.0, -1
        while total < share:
            wins += 1
            total += comb(deals, wins) * chance**wins * (1 - chance) ** (deals - wins)
        quantiles.append(wins * 100)
    assert [found.p10, found.p50, found.p90] == quantiles


def test_deals_are_drawn_each_by_itself() -> None:
    """If they were won together, or in turn, the range would be another one."""
    book = [(100, 0.5)] * 400
    found = simulate(0, book)
    deviation = 100 * sqrt(400 * 0.25)
    assert abs((found.p90 - found.p10) / (2 * 1.2816 * deviation) - 1) < 0.05


@pytest.mark.parametrize(
    ("target", "share"), [(0, 1), (700, 1), (701, 0.25), (800, 0.25), (801, 0)]
)
def test_a_target_is_reached_in_the_draws_that_come_to_it(target: int, share: float) -> None:
    assert simulate(700, [(100, 0.25)], target).reached == share


def test_a_few_deals_have_every_outcome() -> None:
    found = outcomes(10, [(100, 0.5), (50, 0.2), (100, 0.5)])
    assert [(one.amount, round(one.chance, 3)) for one in found] == [
        (260, 0.05),
        (210, 0.2),
        (160, 0.1),
        (110, 0.4),
        (60, 0.05),
        (10, 0.2),
    ]
    assert [tuple(one) for one in outcomes(10, [(5, 1.0), (7, 0.0)])] == [(1.0, 15)]
    assert [tuple(one) for one in outcomes(10, [])] == [(1.0, 10)]


def test_amounts_below_zero_are_allowed() -> None:
    found = simulate(1_000, [(-400, 0.25)])
    assert (found.p10, found.p50, found.p90, found.mean) == (600, 1_000, 1_000, 900)


@pytest.mark.parametrize("seed", [1, 2])
def test_two_thousand_deals_are_no_burden(seed: int) -> None:
    random = Random(seed)
    book = [
        (random.randrange(1, 200) * 100_000, random.choice([0.1, 0.23, 0.31, 0.6, 0.8]))
        for _ in range(2_000)
    ]
    began = time.process_time()
    found = simulate(0, book, draws=DRAWS)
    assert time.process_time() - began < 10  # seconds, not minutes: figures are for bench
    weighted = sum(amount * chance for amount, chance in book)
    assert abs(found.mean - weighted) < 0.01 * weighted
