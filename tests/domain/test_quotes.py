"""The arithmetic of quotes, against `decimal` used independently."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain import quotes
from acctcli.domain.quotes import QuotedLine
from acctcli.errors import Invalid
from acctcli.values import money

DRAFT = {"status": "draft", "number": "Q-2026-0001", "deal_id": "0000"}
TODAY = date(2026, 11, 22)


def in_units(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-money.digits(currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-money.digits(currency)), ROUND_HALF_UP)


def by_decimal(lines: list[QuotedLine], currency: str) -> tuple[Decimal, dict[float, Decimal]]:
    """Return net total and tax of each rate, computed in whole units with `decimal`."""
    net, bases = Decimal(0), dict[float, Decimal]()
    for line in lines:
        price = in_units(line.unit_price, currency) * Decimal(repr(line.quantity))
        part = rounded(price * (100 - Decimal(repr(line.discount or 0))) / 100, currency)
        net += part
        if line.tax_rate is not None:
            bases[line.tax_rate] = bases.get(line.tax_rate, Decimal(0)) + part
    taxes = {
        rate: rounded(base * Decimal(repr(rate)) / 100, currency) for rate, base in bases.items()
    }
    return net, taxes


@pytest.mark.parametrize(
    ("currency", "lines", "net", "tax", "gross"),
    [
        ("SGD", [(3, 120_000, 7.5, 9), (1, 2_400_000, None, 9)], 2_733_000, 245_970, 2_978_970),
        # 0.5 yen rounds away from zero, and so does tax of 12.5 yen.
        ("JPY", [(1.5, 333, None, 10)], 500, 50, 550),
        ("JPY", [(1, 125, None, 10)], 125, 13, 138),
        # Three decimals: 10 % off 1.005 is 0.9045.
        ("KWD", [(1, 1_005, 10, 5)], 905, 45, 950),
        # Per rate, not per line: 3 x 0.05 at 10 % is 0.015, and 3 lines would have 0.03.
        ("EUR", [(1, 5, None, 10)] * 3, 15, 2, 17),
        (
            "CHF",
            [(1, 1_000, None, 7.7), (1, 1_000, None, 2.5), (1, 50, None, 0)],
            2_050,
            102,
            2_152,
        ),
        ("EUR", [(1, 1_000, 100, 19)], 0, 0, 0),
        ("EUR", [(1, 1_000, None, None)], 1_000, 0, 1_000),
    ],
)
def test_totals_are_those_of_the_rule(
    currency: str,
    lines: list[tuple[float, int, float | None, float | None]],
    net: int,
    tax: int,
    gross: int,
) -> None:
    found = quotes.totals([QuotedLine(*line) for line in lines])
    assert (found.net, found.tax, found.gross) == (net, tax, gross)
    whole, taxes = by_decimal([QuotedLine(*line) for line in lines], currency)
    assert in_units(net, currency) == whole
    assert in_units(tax, currency) == sum(taxes.values())


SHARES = st.one_of(
    st.none(), st.integers(0, 100), st.decimals(0, 100, places=3, allow_nan=False).map(float)
)
LINES = st.lists(
    st.builds(
        QuotedLine,
        st.one_of(
            st.integers(1, 9_999).map(float),
            st.decimals("0.001", 9_999, places=3, allow_nan=False).map(float),
        ),
        st.integers(0, 10**9),
        SHARES,
        SHARES,
    ),
    min_size=1,
    max_size=8,
)


@given(LINES, st.sampled_from(["SGD", "JPY", "KWD"]))
def test_every_total_is_the_sum_of_what_is_above_it(lines: list[QuotedLine], currency: str) -> None:
    found = quotes.totals(lines)
    assert found.net == sum(line.net for line in lines)
    assert found.before == sum(line.before for line in lines)
    assert found.before - found.discount == found.net
    assert sum(one.tax for one in found.taxes) == found.tax
    assert found.net + found.tax == found.gross
    taxed = sum(line.net for line in lines if line.tax_rate is not None)
    assert sum(one.net for one in found.taxes) == taxed
    net, taxes = by_decimal(lines, currency)
    assert in_units(found.net, currency) == net
    assert {one.rate: in_units(one.tax, currency) for one in found.taxes} == taxes


def test_a_rate_of_zero_is_said_and_no_rate_is_not() -> None:
    found = quotes.totals([QuotedLine(1, 100, None, 0), QuotedLine(1, 100)])
    assert [(one.rate, one.net, one.tax) for one in found.taxes] == [(0, 100, 0)]


def test_totals_that_cannot_be_kept_are_refused() -> None:
    found = quotes.totals([QuotedLine(2, money.MAX_MINOR)])
    with pytest.raises(Invalid, match="is too large"):
        quotes.check(found, "SGD")


@pytest.mark.parametrize(
    ("status", "until", "standing"),
    [
        ("sent", "2026-11-21", "expired"),
        ("sent", "2026-11-22", "sent"),
        ("sent", None, "sent"),
        ("draft", "2026-11-21", "draft"),
        ("accepted", "2026-11-21", "accepted"),
    ],
)
def test_only_a_sent_quote_expires(status: str, until: str | None, standing: str) -> None:
    assert quotes.standing(status, until, TODAY) == standing


def test_only_the_answer_to_a_sent_quote_changes() -> None:
    sent = {**DRAFT, "status": "sent"}
    declined = {"status": "declined", "reason": "Price"}
    for changes in ({"status": "accepted", "answered_on": "2026-11-22"}, declined):
        assert quotes.quote_values(dict(changes), sent, TODAY, restored=False) == changes
    with pytest.raises(Invalid, match="Q-2026-0001 is sent and cannot be changed"):
        quotes.quote_values({"title": "Other"}, sent, TODAY, restored=False)
    assert quotes.quote_values({"title": "Other"}, sent, TODAY, restored=True) == {"title": "Other"}
    assert quotes.quote_values({"title": "Other"}, DRAFT, TODAY, restored=False)


def test_only_a_declined_quote_has_a_reason() -> None:
    declined = {**DRAFT, "status": "declined"}
    assert quotes.quote_values({"reason": "Budget"}, declined, TODAY, restored=False)
    with pytest.raises(Invalid, match="only a declined quote has one, and this one is draft"):
        quotes.quote_values({"reason": "Budget"}, DRAFT, TODAY, restored=False)


def test_a_day_that_is_over_ends_no_validity() -> None:
    with pytest.raises(Invalid, match="that day is over"):
        quotes.quote_values({"valid_until": "2026-11-21"}, {}, TODAY, restored=False)


def test_a_line_that_recurs_has_the_end_of_its_term() -> None:
    line = {"recurring": "yearly", "starts_on": "2027-01-01"}
    assert quotes.line_values(dict(line), {})["ends_on"] == "2027-12-31"
    stands = {**line, "ends_on": "2027-12-31"}
    moved = quotes.line_values({"starts_on": "2027-02-01"}, stands)
    assert moved["ends_on"] == "2028-01-31"
    own = {**line, "ends_on": "2027-06-30"}
    assert "ends_on" not in quotes.line_values({"starts_on": "2027-02-01"}, own)
    assert quotes.line_values({"recurring": "yearly"}, {}) == {"recurring": "yearly"}


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"quantity": 0}, "quantity must be above zero"),
        ({"starts_on": "2027-01-02", "ends_on": "2027-01-01"}, "before it starts"),
    ],
)
def test_a_line_that_cannot_be_is_refused(values: dict[str, object], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        quotes.line_values(values, {})
