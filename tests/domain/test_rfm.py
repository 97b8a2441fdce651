"""RFM: marks by fixed thresholds, and one group for everybody."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain.retention import Sale, SalePart
from acctcli.domain.rfm import GROUPS, Marks, Thresholds, decisions, marks

DAY = date(2026, 11, 22)
RULES = Thresholds((30, 90, 180, 365), (2, 3, 5, 8), (1000, 5000, 10000, 50000), "SGD", 24)


def part(days: int, amount: int = 100, *, currency: str = "SGD", runs: int = 0) -> SalePart:
    """Return a purchase of this many days ago, of a contract that runs for this many days."""
    day = DAY - timedelta(days=days)
    return SalePart("kim", amount, currency, day, day + timedelta(days=runs))


def marked(*found: SalePart, rates: dict[str, str] | None = None) -> Marks:
    (one,) = marks(found, {"kim": [part.day for part in found]}, DAY, RULES, rates or {})
    return one


@pytest.mark.parametrize(
    ("days", "mark"),
    [(0, 5), (30, 5), (31, 4), (90, 4), (91, 3), (180, 3), (181, 2), (365, 2), (366, 1), (999, 1)],
)
def test_recency(days: int, mark: int) -> None:
    assert marked(part(days)).recency == mark


@pytest.mark.parametrize(("times", "mark"), [(1, 1), (2, 2), (3, 3), (4, 3), (5, 4), (8, 5)])
def test_frequency(times: int, mark: int) -> None:
    assert marked(*(part(n) for n in range(times))).frequency == mark


@pytest.mark.parametrize(("amount", "mark"), [(999, 1), (1000, 2), (9999, 3), (50000, 5)])
def test_money(amount: int, mark: int) -> None:
    assert marked(part(1, amount)).monetary == mark


def test_what_is_older_than_the_window_counts_for_nothing_but_recency() -> None:
    found = marked(part(800, 99999), part(900, 99999))
    assert (found.times, found.spent, found.recency, found.frequency, found.monetary) == (
        *(0, 0),
        *(1, 1, 1),
    )
    assert found.group == "gone"


def sale(days: int, runs: int | None, *, recurring: bool, account: str = "kim") -> Sale:
    """Return a sale of this many days ago; `runs` are the days of its term."""
    day = DAY - timedelta(days=days)
    ends = None if runs is None else day + timedelta(days=runs)
    return Sale(account, 100, "SGD", day, day, ends, recurring)


@pytest.mark.parametrize(
    ("sales", "times"),
    [
        ([sale(day, None, recurring=False) for day in (1, 30, 60)], 3),
        ([sale(day, 30, recurring=True) for day in (1, 31, 62, 92)], 1),
        ([sale(day, None, recurring=True) for day in (1, 31, 62)], 1),
        # It stopped for two months, and was decided on again.
        ([sale(day, 30, recurring=True) for day in (1, 31, 94, 124)], 2),
        ([sale(day, 364, recurring=True) for day in (1, 366, 731)], 3),
        ([sale(5, 30, recurring=True), sale(6, 30, recurring=True, account="lee")], 1),
        ([], 0),
    ],
)
def test_frequency_counts_decisions_and_not_invoices(sales: list[Sale], times: int) -> None:
    assert len(decisions(sales).get("kim", [])) == times


def test_a_running_term_is_of_today() -> None:
    assert marked(part(300, runs=364)).days == 0
    assert marked(part(300, runs=200)).days == 100


def test_what_has_not_begun_is_not_there() -> None:
    assert marks([part(-10)], {}, DAY, RULES, {}) == []


def test_money_without_a_rate_is_left_out_not_zero() -> None:
    often = [part(n, 10**6, currency="EUR") for n in range(8)]
    unknown = marked(*often)
    assert (unknown.spent, unknown.monetary, unknown.value) == (None, None, 5)
    known = marked(*often, rates={"EUR": "1.45"})
    assert (known.spent, known.monetary) == (11_600_000, 5)


def test_every_mark_falls_into_a_group_and_every_group_can_be_reached() -> None:
    scale = range(1, 6)
    found = {
        Marks("kim", 0, 0, 0, r, f, m).group for r, f, m in product(scale, scale, (*scale, None))
    }
    assert found == set(GROUPS)


@pytest.mark.parametrize(
    ("recency", "frequency", "monetary", "group"),
    [
        (5, 5, 5, "champion"),
        (4, 4, 4, "champion"),
        (5, 3, 3, "loyal"),
        (3, 5, 5, "loyal"),
        (5, 1, 1, "recent"),
        (4, 1, 1, "recent"),
        (3, 2, 2, "cooling"),
        (2, 3, 3, "at risk"),
        (1, 5, 5, "cannot lose"),
        (2, 1, 1, "hibernating"),
        (1, 1, 1, "gone"),
        (1, 4, None, "cannot lose"),
    ],
)
def test_groups(recency: int, frequency: int, monetary: int | None, group: str) -> None:
    assert Marks("kim", 0, 0, 0, recency, frequency, monetary).group == group


@given(st.lists(st.integers(0, 1500), min_size=1, max_size=12), st.integers(0, 1500))
def test_one_more_purchase_never_lowers_a_mark(bought: list[int], more: int) -> None:
    before = marked(*map(part, bought))
    after = marked(*map(part, bought), part(more))
    assert after.recency >= before.recency
    assert after.frequency >= before.frequency
    assert (after.monetary or 0) >= (before.monetary or 0)
