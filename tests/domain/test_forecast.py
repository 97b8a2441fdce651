"""Sums of a forecast: nothing is lost, nothing counts twice, no currencies are added up."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acctcli.domain.forecast import (
    ForecastDeal,
    ForecastLine,
    forecast,
    likely,
)
from acctcli.values.periods import Period, quarter_of

Q4 = quarter_of(date(2026, 11, 22))
STAGES = ["prospecting", "proposal", "won", "lost"]

TODAY = date(2026, 11, 22)
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
        id=draw(st.uuids()).hex,
        title="Rollout",
        account="GreenTech",
        stage=draw(st.sampled_from(STAGES)),
        category=category,
        amount=amount,
        currency=None if amount is None else draw(st.sampled_from(["SGD", "EUR", "JPY"])),
        day=draw(days if not closed else days.filter(bool)),
        closed=closed,
        chance=draw(st.floats(0, 1)),
        in_time=draw(st.floats(0, 1)),
        owner=draw(st.none() | st.sampled_from(["Kim", "Lee"])),
        tier=None,
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
    found = forecast(book, Q4, TODAY, stages=STAGES, by=lambda entry: entry.owner)
    assert summed(found.categories) == summed(found.totals)
    assert summed(found.stages) == summed(found.totals)
    assert summed(found.groups) == summed(found.totals)
    for total in found.totals:
        parts = [line.weighted for line in found.stages if line.currency == total.currency]
        assert abs(sum(parts) - total.weighted) <= len(parts)


@given(books, st.sampled_from([Q4, quarter_of(date(2027, 1, 1)), None]))
def test_every_open_deal_is_in_exactly_one_line(
    book: list[ForecastDeal], period: Period | None
) -> None:
    found = forecast(book, period, TODAY, stages=STAGES)
    places = [found.inside, *found.left_out.as_dict().values()]
    ids = [entry.id for place in places for entry in place if not entry.closed]
    assert sorted(ids) == sorted(entry.id for entry in book if not entry.closed)


@given(books)
def test_what_is_won_counts_in_its_period_and_what_is_lost_never(book: list[ForecastDeal]) -> None:
    found = forecast(book, Q4, TODAY, stages=STAGES)
    won = [e for e in book if e.closed and e.category == "closed" and e.day in inside(Q4)]
    shown = [*found.inside, *found.left_out.without_amount]
    assert {e.id for e in shown if e.closed} == {e.id for e in won}


class inside:  # noqa: N801  # reads as the preposition that it is
    """The days of a period."""

    def __init__(self, period: Period) -> None:
        self.period = period

    def __contains__(self, day: date | None) -> bool:
        return day is not None and self.period.start <= day <= self.period.end


def deal(
    category: str,
    amount: int | None,
    probability: int = 50,
    *,
    day: date | None = date(2026, 12, 1),
    tier: str | None = None,
    in_time: float = 1,
) -> ForecastDeal:
    closed = category == "closed"
    return ForecastDeal(
        id="1",
        title="Rollout",
        account="GreenTech",
        stage="proposal",
        category=category,
        amount=amount,
        currency=None if amount is None else "SGD",
        day=day,
        closed=closed,
        chance=1 if closed else probability / 100,
        in_time=in_time,
        owner=None,
        tier=tier,
    )


def test_won_deals_count_in_full_and_open_ones_by_their_chance() -> None:
    book = [deal("closed", 1000, 30), deal("commit", 1000, 80), deal("pipeline", 1001, 10)]
    found = forecast([*book, deal("omitted", 9999, 90)], Q4, TODAY, stages=STAGES)
    assert [(line.name, line.amount, line.weighted) for line in found.categories] == [
        ("closed", 1000, 1000),
        ("commit", 1000, 800),
        ("pipeline", 1001, 100),
    ]
    assert found.totals == [ForecastLine(None, "SGD", 3, 3001, 1900)]
    assert [entry.amount for entry in found.left_out.omitted] == [9999]


def test_half_a_cent_rounds_away_from_zero_and_only_once() -> None:
    book = [deal("commit", 1), deal("commit", 1), deal("commit", 1)]
    assert forecast(book, Q4, TODAY, stages=STAGES).totals[0].weighted == 2  # 1.5, not 3 times 0.5
    assert forecast(book[:1], Q4, TODAY, stages=STAGES).totals[0].weighted == 1


def test_the_ends_of_a_period_belong_to_it() -> None:
    ends = [deal("commit", 100, day=day) for day in (Q4.start, Q4.end)]
    assert forecast(ends, Q4, Q4.start, stages=STAGES).totals[0].deals == 2


@pytest.mark.parametrize(
    ("entry", "place"),
    [
        (deal("commit", 5, day=date(2026, 11, 21)), "past"),
        (deal("commit", 5, day=date(2026, 9, 30)), "past"),
        (deal("commit", 5, day=date(2027, 1, 1)), "later"),
        (deal("commit", 5, day=None), "undated"),
        (deal("commit", None), "without_amount"),
        (deal("commit", None, day=None), "without_amount"),
        (deal("closed", None), "without_amount"),
        (deal("omitted", 5), "omitted"),
    ],
)
def test_what_is_left_out_is_said_by_its_reason(entry: ForecastDeal, place: str) -> None:
    found = forecast([entry], Q4, TODAY, stages=STAGES)
    assert getattr(found.left_out, place) == [entry]
    assert found.inside == []


def test_only_a_date_that_has_passed_is_past() -> None:
    soon = deal("commit", 5, day=date(2026, 12, 1))
    found = forecast([soon], quarter_of(date(2027, 1, 1)), TODAY, stages=STAGES)
    assert (found.left_out.past, found.left_out.before) == ([], [soon])


def test_names_stand_in_the_order_given_then_by_name_then_those_without() -> None:
    tiers = ["smb", None, "zebra", "key", "alpha"]
    book = [deal("commit", 100, tier=tier) for tier in tiers]
    found = forecast(book, Q4, TODAY, stages=STAGES, by=lambda e: e.tier, order=["key", "smb"])
    assert [line.name for line in found.groups] == ["key", "smb", "alpha", "zebra", None]


# What the deals may come to


def test_below_five_deals_the_outcomes_are_listed() -> None:
    book = [deal("closed", 1_300_000), deal("commit", 9_800_000, 80)]
    (found,) = likely(book, (2_000_000, "SGD"))
    assert (found.p10, found.p50, found.p90) == (None, None, None)
    assert [(round(one.chance, 2), one.amount) for one in found.outcomes] == [
        (0.8, 11_100_000),
        (0.2, 1_300_000),
    ]
    assert (found.open, found.closed, found.weighted, found.mean) == (
        *(1, 1_300_000),
        *(9_140_000, 9_140_000),
    )
    assert found.reached == pytest.approx(0.8)


def test_a_deal_counts_only_if_it_closes_in_time() -> None:
    (found,) = likely([deal("commit", 1000, 80, in_time=0.5)])
    assert [(round(one.chance, 2), one.amount) for one in found.outcomes] == [(0.4, 1000), (0.6, 0)]
    assert (found.weighted, found.mean) == (800, 400)


def test_from_five_deals_on_there_is_a_range() -> None:
    (found,) = likely([deal("commit", 1000, 80, in_time=0.5)] * 40, (15_000, "SGD"))
    assert found.outcomes == ()
    assert found.p10 is not None
    assert found.p50 is not None
    assert found.p90 is not None
    assert found.p10 <= found.p50 <= found.p90
    assert (found.weighted, found.mean) == (32_000, 16_000)
    # Binomial: 40 deals, 0.4 each: 15 or more in 68 of 100 cases.
    assert found.reached == pytest.approx(0.68, abs=0.03)


@settings(max_examples=25)
@given(books)
def test_ranges_are_in_order_and_outcomes_add_up(book: list[ForecastDeal]) -> None:
    positive = [entry for entry in book if (entry.amount or 0) >= 0]
    for line in likely(positive):
        if line.p10 is None or line.p50 is None or line.p90 is None:
            total = sum(one.chance for one in line.outcomes)
            assert not line.outcomes or total == pytest.approx(1)
            assert len(line.outcomes) <= 2**line.open
        else:
            assert line.closed <= line.p10 <= line.p50 <= line.p90


def test_the_chance_to_reach_is_of_the_targets_own_currency() -> None:
    (found,) = likely([deal("commit", 1000)], (500, "EUR"))
    assert found.reached is None
