"""How recurring revenue changes within a year, with figures that were worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain.contracts import ContractFacts, contracts
from acctcli.domain.revenue import Bridge, Rates, arr, bridges, bridges_on, months
from acctcli.values.dates import add_months

TODAY = date(2026, 11, 27)


def term(account: str, starts: str, months: int, amount: int, **more: Any) -> ContractFacts:
    """Return a recurring contract that runs for `months`; `amount` is in minor units."""
    first = date.fromisoformat(starts)
    values: dict[str, Any] = {
        **{"id": f"{account} {starts} {more.get('product_id')}", "account_id": account},
        **{"product_id": None, "product": None, "amount": amount, "currency": "SGD"},
        **{"starts_on": first, "ends_on": add_months(first, months) - timedelta(days=1)},
        **{"recurring": "yearly", "renews_id": None, "alone": False, "notice_days": None},
        **{"auto_renews": False, "closed": False, **more},
    }
    return ContractFacts(**values)


def bridge(facts: Sequence[ContractFacts], day: date = TODAY, least: int = 1) -> Bridge:
    (found,) = bridges_on(contracts(facts), day, least)
    return found


def nrr(facts: Sequence[ContractFacts], day: date) -> float | None:
    return bridge(facts, day).nrr


# Right values, by hand


def test_the_bridge_of_a_small_book() -> None:
    found = bridge(
        [
            term("kept", "2025-09-01", 24, 2000),
            term("grew", "2025-09-01", 12, 1000),
            term("grew", "2026-09-01", 12, 2500),
            term("shrank", "2025-09-01", 12, 1000),
            term("shrank", "2026-09-01", 12, 400),
            term("left", "2025-09-01", 12, 1000),
            term("new", "2026-03-01", 12, 9000),
        ]
    )
    assert (found.start, found.expansion, found.contraction) == (4000, 1500, 600)
    assert (found.lost, found.end, found.new, found.total) == (1000, 3900, 9000, 12900)
    assert (found.nrr, found.grr) == (97.5, 60.0)
    assert (found.customers, found.kept, found.customers_kept) == (4, 3, 75.0)


def test_few_customers_have_no_percentages() -> None:
    facts = [term(f"{place}", "2025-09-01", 24, 2000) for place in range(4)]
    found = bridge(facts, least=5)
    assert (found.customers, found.start, found.end) == (4, 4000, 4000)
    assert (found.nrr, found.grr, found.customers_kept) == (None, None, None)
    assert bridge([*facts, term("5", "2025-09-01", 24, 2000)], least=5).nrr == 100.0


def test_terms_of_12_13_and_12_months_at_a_flat_price_keep_100_percent() -> None:
    facts = [
        term("kim", "2023-01-01", 12, 12_000),
        term("kim", "2024-01-01", 13, 13_000),
        term("kim", "2025-02-01", 12, 12_000),
        term("kim", "2026-02-01", 12, 12_000),
    ]
    for back in range(30):
        assert nrr(facts, add_months(TODAY, -back)) == 100.0


def test_three_years_prepaid_keep_100_percent_in_each() -> None:
    facts = [term("kim", "2024-01-01", 36, 90_000)]
    for day in (date(2025, 1, 1), TODAY, date(2026, 12, 31)):
        found = bridge(facts, day)
        assert (found.start, found.end, found.nrr) == (30_000, 30_000, 100.0)


@pytest.mark.parametrize("days", [21, 0, -20])
def test_a_renewal_entered_weeks_early_or_late_keeps_100_percent(days: int) -> None:
    starts = date(2026, 11, 30) - timedelta(days=days)
    facts = [
        term("kim", "2025-11-30", 12, 12_000),
        term("kim", starts.isoformat(), 12, 12_000),
    ]
    for day in (date(2026, 11, 30), date(2026, 12, 19), date(2026, 12, 31)):
        assert nrr(facts, day) == 100.0


def test_an_add_on_that_ends_with_the_contract_is_150_percent() -> None:
    facts = [
        term("kim", "2025-01-01", 12, 100_000),
        term("kim", "2025-07-01", 6, 25_000),
        term("kim", "2026-01-01", 12, 150_000),
    ]
    for day in (date(2026, 1, 1), date(2026, 6, 30)):
        found = bridge(facts, day)
        assert (found.start, found.end, found.nrr, found.grr) == (100_000, 150_000, 150.0, 100.0)
    assert nrr(facts, date(2026, 7, 1)) == 100.0  # a year after the add-on started


@pytest.mark.parametrize(("days", "kept"), [(1, 1), (30, 1), (31, 0), (200, 0)])
def test_a_lapsed_contract_is_lost_after_its_grace(days: int, kept: int) -> None:
    facts = [term("kim", "2025-11-01", 12, 12_000)]
    day = date(2026, 10, 31) + timedelta(days=days)
    found = bridge([*facts, term("other", "2025-01-01", 48, 4000)], day)
    assert found.kept - 1 == kept if day < date(2027, 11, 1) else True
    assert found.lost == (0 if kept else 12_000)


def test_a_monthly_customer_who_ended_in_june_is_lost_in_july() -> None:
    facts = [
        term("kim", f"2026-{month:02}-01", 1, 100, recurring="monthly") for month in range(1, 7)
    ]
    facts += [term("kim", "2025-01-01", 12, 1200)]
    assert nrr(facts, date(2026, 6, 30)) == 100.0
    assert nrr(facts, date(2026, 7, 31)) == 0.0


# Currencies


def test_currencies_meet_only_at_the_rates_of_the_user() -> None:
    known = contracts(
        [
            term("kim", "2025-09-01", 24, 2000),
            term("kim", "2026-03-01", 12, 1000, currency="EUR", product_id="p"),
            term("lee", "2025-09-01", 24, 2000, currency="EUR"),
            term("lee", "2025-09-01", 24, 900, currency="USD", recurring="none"),
        ]
    )
    sgd, eur = sorted(bridges_on(known, TODAY, 1), key=lambda one: one.currency, reverse=True)
    assert (sgd.currency, sgd.start, sgd.new) == ("SGD", 1000, 0)
    assert (eur.currency, eur.start, eur.new) == ("EUR", 1000, 1000)
    rates = Rates("SGD", {"EUR": "1.5"})
    (found,) = bridges_on(known, TODAY, 1, rates)
    assert (found.currency, found.start, found.expansion, found.end) == ("SGD", 2500, 1500, 4000)
    bare = Rates("SGD", {})
    assert arr(known, TODAY, bare) == {("kim", "SGD"): 1000}


# What holds for every book

amounts = st.integers(-(10**6), 10**9)
of_day = st.dictionaries(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from(["SGD", "EUR"])), amounts
)


@given(of_day, of_day)
def test_gross_is_never_above_a_hundred_nor_above_net(then: Any, now: Any) -> None:
    for found in bridges(then, now, 0):
        if found.customers:
            assert found.nrr is not None
            assert found.grr is not None
            assert 0 <= found.grr <= 100
            assert found.grr <= found.nrr


@given(of_day, of_day)
def test_the_bridge_is_whole(then: Any, now: Any) -> None:
    for found in bridges(then, now, 0):
        parts = (found.expansion, found.contraction, found.lost, found.new)
        assert min(parts) >= 0
        for side, total in ((then, found.start), (now, found.total)):
            own = [max(amount, 0) for (_, c), amount in side.items() if c == found.currency]
            assert total == sum(own)


@given(of_day, of_day, st.integers(1, 10**9))
def test_new_customers_never_change_retention(then: Any, now: Any, amount: int) -> None:
    before = {one.currency: (one.nrr, one.grr) for one in bridges(then, now, 0) if one.customers}
    more = {**now, ("somebody new", "SGD"): amount}
    after = {one.currency: (one.nrr, one.grr) for one in bridges(then, more, 0) if one.customers}
    assert before == after


def test_the_trend_ends_with_the_figures_of_today() -> None:
    known = contracts([term("kim", "2025-01-01", 12, 1200), term("kim", "2026-01-01", 12, 2400)])
    points = months(known, TODAY, 1)
    assert [point.day.isoformat()[:7] for point in points] == [
        "2025-11",
        "2025-12",
        *(f"2026-{month:02}" for month in range(1, 12)),
    ]
    assert points[-1].day == TODAY
    assert points[-1].bridges == bridges_on(known, TODAY, 1)
    assert [one.total for point in points for one in point.bridges] == [1200] * 2 + [2400] * 11
