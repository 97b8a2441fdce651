"""Half a cent rounds away from zero everywhere; discounts and chances may have decimals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import Program

from acctcli.configfile import from_document
from acctcli.domain import figures
from acctcli.domain.contracts import ContractFacts, contracts
from acctcli.domain.pipeline import line_total
from acctcli.errors import Invalid
from acctcli.values import money
from acctcli.values.dates import add_months

minor = st.integers(-(10**12), 10**12)
percents = st.decimals(0, 100, places=2)


def away(exact: Fraction) -> int:
    """Return the nearest whole number; a half away from zero: what Decimal calls half up."""
    scaled = Decimal(exact.numerator) / Decimal(exact.denominator)
    return int(scaled.quantize(Decimal(1), ROUND_HALF_UP))


@given(minor, st.integers(1, 1000))
def test_an_amount_in_parts(amount: int, parts: int) -> None:
    found = figures.average(amount, parts)
    assert found == money.divide(amount, parts)
    exact = Fraction(amount, parts)
    assert abs(found - exact) <= Fraction(1, 2)
    if abs(found - exact) == Fraction(1, 2):
        assert abs(found) > abs(exact)


@given(st.integers(1, 400), st.integers(0, 10**9), percents)
def test_a_line_with_a_discount(quantity: int, price: int, discount: Decimal) -> None:
    exact = Fraction(quantity * price) * (100 - Fraction(discount)) / 100
    found = line_total(quantity, price, float(discount))
    assert abs(found - exact) <= Fraction(1, 2)
    if abs(found - exact) == Fraction(1, 2):
        assert found > exact


@given(minor, st.decimals("0.0001", 10_000, places=4))
def test_an_amount_in_another_currency(amount: int, rate: Decimal) -> None:
    assert money.convert(amount, "EUR", "SGD", str(rate)) == away(amount * Fraction(rate))


@given(st.integers(0, 10**9), st.integers(1, 60))
def test_what_a_contract_brings_a_year(amount: int, months: int) -> None:
    starts = date(2026, 1, 1)
    ends = add_months(starts, months) - timedelta(days=1)
    facts = ContractFacts(
        *("p", "a", None, None, amount, "SGD", starts, ends, "yearly", None, False, None),
        auto_renews=False,
        closed=False,
    )
    (contract,) = contracts([facts])
    assert contract.arr == money.divide(12 * amount, months)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_percentage(part: int, whole: int) -> None:
    assert figures.percent(part, whole) == money.divide(10_000 * part, whole) / 100


@pytest.mark.parametrize(
    ("value", "whole"), [(0.5, 1), (-0.5, -1), (2.5, 3), (0.49999999999999994, 0), (1e300, 10**300)]
)
def test_a_half_of_anything(value: float, whole: int) -> None:
    found = figures.nearest(value)
    assert found == whole if whole < 10**9 else found == int(value)


def test_a_percentage_of_a_half_is_rounded_up() -> None:
    assert figures.percent(1, 800) == 0.13
    assert figures.each(0.125, 1) == 0.13


def weighted(run: Program) -> float:
    (total,) = run("deal", "forecast", "--period", "all", "-f", "json").json()["totals"]
    found: float = total["weighted"]
    return found


def test_a_chance_may_have_decimals(run: Program) -> None:
    run("account", "add", "Acme")
    run("deal", "add", "Acme", "Small", "--amount", "0.04 SGD", "--probability", "12.5")
    assert weighted(run) == 0.01  # half a cent
    assert "12.5 %" in run("deal", "show", "Small", "-f", "table").out
    assert run("deal", "list", "--columns", "probability", "-f", "csv").out.split() == [
        *("probability", "12.5")
    ]


def test_a_discount_may_have_decimals(run: Program) -> None:
    run("account", "add", "Acme")
    run("product", "add", "Seat", "--price", "0.04 SGD")
    run("deal", "add", "Acme", "Small", "--amount", "1 SGD")
    run("deal", "item", "Small", "--add", "Seat", "--quantity", "1", "--discount", "12.5")
    assert "less 12.5 %  0.04 SGD" in run("deal", "show", "Small", "-f", "table").out  # 0.035


STAGES = (("won", 100, "closed"), ("lost", 0, "omitted"))


@pytest.mark.parametrize(("typed", "kept"), [(12.5, 12.5), (12.0, 12), (12, 12)])
def test_a_stage_may_have_a_chance_with_decimals(typed: float, kept: float) -> None:
    stages = [
        {"name": name, "probability": chance, "category": category}
        for name, chance, category in (("open", typed, "pipeline"), *STAGES)
    ]
    config = from_document({"stages": stages})
    assert repr(config.stages[0].probability) == repr(kept)


@pytest.mark.parametrize("typed", [100.5, -0.5, float("nan"), "12", True])
def test_a_chance_is_a_percentage(typed: Callable[..., object]) -> None:
    stages = [
        {"name": name, "probability": chance, "category": category}
        for name, chance, category in (("open", typed, "pipeline"), *STAGES)
    ]
    with pytest.raises(Invalid, match="probability"):
        from_document({"stages": stages})
