"""Performance: every event counts once, rates and averages are what they say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain.performance import (
    KEYS,
    MIN_CLOSED,
    Attainment,
    DealFigures,
    PerformanceLine,
    attainment,
    compare,
    keys,
    lines,
    worth,
)
from acctcli.values.periods import Period, period

TODAY = date(2026, 11, 22)
YEAR = period("2026", TODAY)

days = st.dates(date(2025, 6, 1), date(2027, 3, 1))


@st.composite
def deals(draw: st.DrawFn) -> DealFigures:
    opened = draw(days)
    closed = draw(st.none() | st.integers(0, 200).map(lambda n: opened + timedelta(days=n)))
    amount = draw(st.none() | st.integers(-1000, 10**9))
    return deal(
        owner=draw(st.none() | st.sampled_from(["Kim", "Lee"])),
        product=draw(st.none() | st.sampled_from(["basic", "pro"])),
        tier=draw(st.none() | st.sampled_from(["key", "smb"])),
        industry=draw(st.none() | st.sampled_from(["energy", "retail"])),
        amount=amount,
        currency=None if amount is None else draw(st.sampled_from(["SGD", "EUR"])),
        opened=opened,
        closed=closed,
        won=closed is not None and draw(st.booleans()),
    )


books = st.lists(deals(), max_size=25)


def deal(**given: Any) -> DealFigures:
    """Return a deal that was won for 100.00 SGD in ten days, unless given otherwise."""
    values: dict[str, Any] = {
        "id": "1",
        "owner": "Kim",
        "product": None,
        "tier": None,
        "industry": None,
        "amount": 10000,
        "currency": "SGD",
        "opened": date(2026, 3, 1),
        "closed": date(2026, 3, 11),
        "won": True,
        "touches": None,
        "people": None,
        "listed": None,
        "charged": None,
        **given,
    }
    return DealFigures._make(values.values())


def inside(day: date | None, span: Period = YEAR) -> bool:
    return day is not None and span.start <= day <= span.end


@pytest.mark.parametrize("by", KEYS)
@given(book=books)
def test_every_event_of_the_period_counts_once(by: str, book: list[DealFigures]) -> None:
    for found in (lines(book, YEAR), lines(book, YEAR, keys()[by])):
        closed = [deal for deal in book if inside(deal.closed)]
        assert sum(line.opened for line in found) == sum(inside(deal.opened) for deal in book)
        assert sum(line.won for line in found) == sum(deal.won for deal in closed)
        assert sum(line.lost for line in found) == sum(not deal.won for deal in closed)
        for currency in ("SGD", "EUR"):
            own = [deal for deal in book if deal.currency == currency]
            of_currency = [line for line in found if line.currency == currency]
            assert sum(line.revenue for line in of_currency) == sum(
                deal.amount or 0 for deal in own if deal.won and inside(deal.closed)
            )
            assert sum(line.created for line in of_currency) == sum(
                deal.amount or 0 for deal in own if inside(deal.opened)
            )
        assert len({(line.name, line.currency) for line in found}) == len(found)


@given(books)
def test_figures_stay_within_their_bounds(book: list[DealFigures]) -> None:
    for line in lines(book, YEAR, keys()["owner"]):
        assert (line.win_rate is None) == (line.won + line.lost < 5)
        assert line.win_rate is None or 0 <= line.win_rate <= 100
        assert (
            line.average is None
            or abs(line.average * line.priced - line.revenue) <= line.priced / 2
        )
        assert len(line.days) == line.won
        assert line.cycle is None or min(line.days) <= line.cycle <= max(line.days)


def test_the_figures_of_a_small_book() -> None:
    book = [
        deal(amount=10000),
        deal(amount=10001, closed=date(2026, 3, 21)),
        deal(amount=None, currency=None, closed=date(2026, 4, 2)),
        deal(won=False),
        deal(closed=None, won=False, amount=500),
        deal(opened=date(2025, 12, 31), closed=date(2026, 1, 1), won=False),
        deal(closed=date(2027, 1, 1)),
    ]
    (line,) = lines(book, YEAR)
    assert (line.opened, line.created) == (6, 10000 + 10001 + 10000 + 500 + 10000)
    assert (line.won, line.lost, line.win_rate) == (3, 2, 60.0)
    assert (line.revenue, line.average) == (20001, 10001)  # a half rounds away from zero
    assert (line.cycle, line.cycle_median) == (20.67, 20)


def test_without_events_nothing_is_known() -> None:
    line = PerformanceLine("Kim", "SGD", 1, 100, 0, 0, 0, 0, [])
    assert (line.win_rate, line.average, line.cycle, line.cycle_median) == (None,) * 4


def test_deals_without_an_amount_count_with_the_only_currency_there_is() -> None:
    bare = deal(amount=None, currency=None)
    assert [line.currency for line in lines([bare, deal()], YEAR)] == ["SGD"]
    several = lines([bare, deal(), deal(currency="EUR")], YEAR)
    assert [line.currency for line in several] == ["EUR", "SGD", None]
    assert [line.currency for line in lines([bare], YEAR)] == [None]


def test_names_come_in_the_order_given_then_by_revenue() -> None:
    book = [deal(tier=tier, amount=amount) for tier, amount in (("smb", 9), ("key", 1), (None, 5))]
    ordered = lines(book, YEAR, keys()["tier"], ("key", "smb"))
    assert [line.name for line in ordered] == ["key", "smb", None]
    assert [line.name for line in lines(book, YEAR, keys()["tier"])] == ["smb", "key", None]


def test_currencies_stand_apart_the_usual_one_first() -> None:
    book = [deal(), deal(), deal(currency="JPY", amount=10**8, owner="Lee")]
    found = [(line.currency, line.name) for line in lines(book, YEAR, keys()["owner"])]
    assert found == [("SGD", "Kim"), ("JPY", "Lee")]


# Attainment


def quota(quarter: str, owner: str | None) -> int | None:
    return {("Q1 2026", None): 40000, ("Q1 2026", "Kim"): 10000}.get((quarter, owner))


def test_attainment_is_what_was_won_of_the_quota() -> None:
    book = [
        deal(amount=15000),
        deal(amount=5000, owner="Lee"),
        deal(amount=7000, owner=None),
        deal(amount=9000, won=False),
        deal(amount=9000, closed=date(2026, 4, 1)),
        deal(amount=1000, currency="EUR"),
        deal(amount=99999, currency="USD"),
        deal(amount=None),
    ]
    found = attainment(
        book, ["Q1 2026", "Q2 2026"], quota, [None, "Kim", "Lee"], "SGD", {"EUR": "1.5"}
    )
    assert found == [
        Attainment("Q1 2026", None, 40000, 28500, 6),
        Attainment("Q1 2026", "Kim", 10000, 16500, 4),
    ]
    assert [line.share for line in found] == [71.25, 165.0]


def test_a_quota_without_a_deal_is_shown_all_the_same() -> None:
    assert attainment([], ["Q1 2026"], quota, ["Kim"], "SGD", {})[0].share == 0


def test_what_a_deal_is_worth() -> None:
    assert worth(deal(), "SGD", {}) == 10000
    assert worth(deal(currency="EUR"), "SGD", {"EUR": "1.45"}) == 14500
    assert worth(deal(currency="EUR"), "SGD", {}) is None
    assert worth(deal(amount=None, currency=None), "SGD", {}) is None
    assert worth(deal(), None, {}) is None


# The best beside the rest


def sellers(**amounts: int) -> list[DealFigures]:
    """Return as many deals as needed, all won, for this much each."""
    return [
        deal(owner=owner, amount=amount)
        for owner, amount in amounts.items()
        for _ in range(MIN_CLOSED)
    ]


def test_the_best_are_the_top_quarter_by_revenue() -> None:
    found = compare(sellers(Ana=1, Ben=4, Chi=3, Dov=2), YEAR, "SGD", {})
    assert found.best is not None
    assert found.rest is not None
    assert (list(found.best.owners), list(found.rest.owners)) == (["Ben"], ["Chi", "Dov", "Ana"])
    assert (found.best.revenue, found.rest.revenue) == (20, 10)
    assert (found.best.average, found.rest.average) == (4, 2)
    five = compare(sellers(Ana=1, Ben=4, Chi=3, Dov=2, Eve=5), YEAR, "SGD", {})
    assert five.best is not None
    assert list(five.best.owners) == ["Eve", "Ben"]


def test_few_owners_or_few_deals_are_not_compared() -> None:
    assert compare(sellers(Ana=1, Ben=4, Chi=3), YEAR, "SGD", {}).best is None
    enough = sellers(Ana=1, Ben=4, Chi=3, Dov=2)
    assert compare(enough, YEAR, "SGD", {}).compared == 4
    assert compare(enough[1:], YEAR, "SGD", {}).compared == 3
    assert compare(enough, period("2025", TODAY), "SGD", {}).compared == 0


def test_what_the_best_do_differently() -> None:
    best = [
        deal(owner="Ben", amount=900, touches=8, people=4, listed=1000, charged=900),
        deal(owner="Ben", amount=900, touches=6, people=None),
        *sellers(Ben=900)[2:],
    ]
    rest = [
        deal(owner="Ana", amount=100, touches=2, people=1, listed=1000, charged=600),
        deal(owner="Ana", won=False, closed=date(2026, 3, 31)),
        *sellers(Ana=100, Chi=100, Dov=100)[2:],
    ]
    found = compare([*best, *rest], YEAR, "SGD", {})
    assert found.best is not None
    assert found.rest is not None
    assert (found.best.touches, found.rest.touches) == (7.0, 2.0)
    assert (found.best.people, found.rest.people) == (4.0, 1.0)
    assert (found.best.discount, found.rest.discount) == (10.0, 40.0)
    assert (found.best.win_rate, found.rest.win_rate) == (100.0, 93.33)
    assert (found.best.cycle, found.rest.cycle) == (10.0, 10.0)


def test_what_was_never_written_down_is_unknown_not_zero() -> None:
    found = compare(sellers(Ana=1, Ben=4, Chi=3, Dov=2), YEAR, "SGD", {})
    assert found.best is not None
    assert (found.best.touches, found.best.people, found.best.discount) == (None, None, None)


@given(books)
def test_everybody_compared_is_on_one_side(book: list[DealFigures]) -> None:
    found = compare([*book, *sellers(Ana=1, Ben=4, Chi=3, Dov=2)], YEAR, "SGD", {"EUR": "1.4"})
    assert found.best is not None
    assert found.rest is not None
    names = [*found.best.owners, *found.rest.owners]
    assert len(names) == len(set(names)) == found.compared
    assert found.best.revenue >= found.rest.revenue
