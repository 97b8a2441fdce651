"""Sums of a forecast: nothing is lost, nothing counts twice, no currency meets another."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain.forecast import (
    CATEGORIES,
    ForecastDeal,
    ForecastLine,
    Retrospect,
    Target,
    converted,
    forecast,
    likely,
)
from acctcli.values.periods import Period, quarter_of

Q4 = quarter_of(date(2026, 11, 22))
STAGES = ["prospecting", "proposal", "won", "lost"]

days = st.none() | st.dates(date(2026, 9, 1), date(2027, 2, 1))
amounts = st.none() | st.integers(-(10**6), 10**12)


@st.composite
def entries(draw: st.DrawFn) -> ForecastDeal:
    closed = draw(st.booleans())
    won = draw(st.booleans())
    category = draw(st.sampled_from(["commit", "best-case", "pipeline", "omitted"]))
    if closed:
        category = "closed" if won else "omitted"
    amount = draw(amounts)
    return ForecastDeal(
        stage=draw(st.sampled_from(STAGES)),
        category=category,
        probability=draw(st.integers(0, 100)),
        amount=amount,
        currency=None if amount is None else draw(st.sampled_from(["SGD", "EUR", "JPY"])),
        day=draw(days if not closed else days.filter(bool)),
        closed=closed,
        owner=draw(st.none() | st.sampled_from(["Kim", "Lee"])),
    )


books = st.lists(entries(), max_size=20)


def summed(lines: list[ForecastLine]) -> dict[str, tuple[int, int]]:
    """Deals and amounts by currency."""
    found: dict[str, tuple[int, int]] = {}
    for line in lines:
        deals, amount = found.get(line.currency, (0, 0))
        found[line.currency] = (deals + line.deals, amount + line.amount)
    return found


@given(books)
def test_every_breakdown_has_the_same_sums(book: list[ForecastDeal]) -> None:
    found = forecast(book, Q4, stages=STAGES, by=lambda entry: entry.owner)
    assert summed(found.categories) == summed(found.totals)
    assert summed(found.stages) == summed(found.totals)
    assert summed(found.groups) == summed(found.totals)
    for total in found.totals:
        parts = [line.weighted for line in found.stages if line.currency == total.currency]
        assert abs(sum(parts) - total.weighted) <= len(parts)


@given(books)
def test_every_deal_that_may_bring_something_is_counted_once(book: list[ForecastDeal]) -> None:
    before = Period(date(2026, 1, 1), date(2026, 9, 30), "before")
    after = Period(date(2027, 1, 1), date(2027, 12, 31), "after")
    spans = [forecast(book, period, stages=STAGES) for period in (before, Q4, after)]
    everything = forecast(book, None, stages=STAGES)
    pieces = [line for found in spans for line in found.totals] + spans[0].undated
    assert summed(pieces) == summed(everything.totals)
    live = [entry for entry in book if entry.category in CATEGORIES]
    counted = sum(line.deals for line in everything.totals)
    assert counted + everything.without_amount == len(live)


@given(books)
def test_what_should_have_closed_before_is_said_and_left_out(book: list[ForecastDeal]) -> None:
    found = forecast(book, Q4, stages=STAGES)
    late = [
        entry
        for entry in book
        if not entry.closed and entry.category != "omitted" and entry.amount is not None
        if entry.day and entry.day < Q4.start
    ]
    assert sum(line.deals for line in found.past) == len(late)
    assert sum(line.amount for line in found.past) == sum(entry.amount or 0 for entry in late)


def deal(
    category: str,
    amount: int,
    probability: int = 50,
    *,
    day: date = date(2026, 12, 1),
    tier: str | None = None,
) -> ForecastDeal:
    closed = category == "closed"
    return ForecastDeal("proposal", category, probability, amount, "SGD", day, closed, tier=tier)


def test_won_deals_count_in_full_and_open_ones_by_their_chance() -> None:
    book = [deal("closed", 1000, 30), deal("commit", 1000, 80), deal("pipeline", 1001, 10)]
    found = forecast([*book, deal("omitted", 9999, 90)], Q4, stages=STAGES)
    assert [(line.name, line.amount, line.weighted) for line in found.categories] == [
        ("closed", 1000, 1000),
        ("commit", 1000, 800),
        ("pipeline", 1001, 100),
    ]
    assert found.totals == [ForecastLine(None, "SGD", 3, 3001, 1900)]


def test_halves_go_to_the_even_neighbour_and_only_once() -> None:
    book = [deal("commit", 1), deal("commit", 1), deal("commit", 1)]
    assert forecast(book, Q4, stages=STAGES).totals[0].weighted == 2  # 1.5, not 3 times 0.5


def test_the_ends_of_a_period_belong_to_it() -> None:
    ends = [deal("commit", 100, day=day) for day in (Q4.start, Q4.end)]
    assert forecast(ends, Q4, stages=STAGES).totals[0].deals == 2


def test_names_stand_in_the_order_given_then_by_name_then_those_without() -> None:
    tiers = ["smb", None, "zebra", "key", "alpha"]
    book = [deal("commit", 100, tier=tier) for tier in tiers]
    found = forecast(book, Q4, stages=STAGES, by=lambda e: e.tier, order=["key", "smb"])
    assert [line.name for line in found.groups] == ["key", "smb", "alpha", "zebra", None]


# The likely range, and how forecasts came out


def test_a_deal_is_drawn_by_the_rate_of_its_stage_or_by_its_own_chance() -> None:
    book = [deal("commit", 1000, 30), deal("pipeline", 400, 50)._replace(stage="demo")]
    without_amount = deal("commit", 0)._replace(amount=None, currency=None)
    unknown = deal("commit", 900)._replace(stage="demo", probability=None)
    (found,) = likely([without_amount, *book, unknown], Q4, {"proposal": 0.6})
    assert (found.open, found.weighted) == (3, 800)


def test_how_far_a_forecast_was_off() -> None:
    assert Retrospect("SGD", 2, 0, 200, 150, 0).error == -25
    assert Retrospect("SGD", 2, 0, 0, 150, 0).error is None
    assert Retrospect("SGD", 2, 0, -5, 150, 0).error is None


def test_attainment_is_in_percent_of_the_quota() -> None:
    assert (Target(None, 2000, 500).share, Target(None, 2000, 500).gap) == (25, 1500)
    assert (Target(None, 2000, None).share, Target(None, 2000, None).gap) == (None, None)


# One currency for all


def test_totals_are_converted_only_where_there_is_something_to_convert() -> None:
    lines = [
        ForecastLine(None, "SGD", 1, 10_000, 5_000),
        ForecastLine(None, "EUR", 1, 20_000, 10_000),
    ]
    rates = {"EUR": "1.45"}
    assert converted(lines, "", rates) is None
    assert converted(lines[:1], "SGD", rates) is None
    assert converted([], "SGD", rates) is None
    assert converted(lines, "SGD", rates) == ("SGD", 39_000, 19_500, [])
    assert converted(lines[1:], "SGD", rates) == ("SGD", 29_000, 14_500, [])


def test_part_of_a_total_is_no_total() -> None:
    lines = [ForecastLine(None, code, 1, 100, 100) for code in ("USD", "EUR", "SGD")]
    assert converted(lines, "SGD", {}) == ("SGD", None, None, ["EUR", "USD"])


@pytest.mark.parametrize(("currency", "minor"), [("JPY", 1), ("SGD", 100), ("KWD", 1000)])
def test_conversion_knows_the_digits_of_each_currency(currency: str, minor: int) -> None:
    found = converted([ForecastLine(None, currency, 1, minor, minor)], "EUR", {currency: "2"})
    assert found
    assert found.amount == 200
