"""The arithmetic of a quote, and what may happen to one.

All amounts are whole minor units of one currency. The rule is that of the European standard for
invoices, EN 16931-1:2017: the net amount of each line is rounded (BT-131), the net total is the sum
of the lines (BR-CO-10), and tax is charged once per rate on the sum of the lines with that rate
(BR-CO-17), so that it does not depend on how many lines there are. Half a unit rounds away from
zero. So every total is the sum of the figures that are printed above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from acctcli import model
from acctcli.domain import pipeline, terms
from acctcli.errors import Invalid
from acctcli.frozen import Frozen
from acctcli.model import Row, Values
from acctcli.values import money
from acctcli.values.dates import iso

ANSWER = ("status", "sent_on", "answered_on", "reason")
"""The fields of a quote that still change after it was sent."""

EXPIRED = "expired"
"""The standing of a sent quote whose validity ended without an answer."""


class QuotedLine(Frozen):
    """A line of a quote: `unit_price` in minor units, `discount` and `tax_rate` in percent.

    A line without a rate says nothing about tax; the rate 0 says that there is none.
    """

    quantity: float
    unit_price: int
    discount: float | None = None
    tax_rate: float | None = None

    @property
    def before(self) -> int:
        """The price before the discount."""
        return pipeline.line_total(self.quantity, self.unit_price, None)

    @property
    def net(self) -> int:
        """The price less the discount, before tax."""
        return pipeline.line_total(self.quantity, self.unit_price, self.discount)


class TaxOfRate(Frozen):
    """The tax of all lines with one rate: `net` is the amount it is charged on."""

    rate: float
    net: int
    tax: int


class QuoteTotals(Frozen):
    """The totals of a quote: `before` less `discount` is `net`, and `net` with `tax` is `gross`."""

    before: int
    discount: int
    net: int
    taxes: Sequence[TaxOfRate]
    tax: int
    gross: int


def totals(lines: Sequence[QuotedLine]) -> QuoteTotals:
    """Return the totals of a quote, with the tax of each rate, the lowest rate first."""
    before, net = sum(line.before for line in lines), sum(line.net for line in lines)
    by_rate: dict[float, int] = {}
    for line in lines:
        if line.tax_rate is not None:
            by_rate[line.tax_rate] = by_rate.get(line.tax_rate, 0) + line.net
    taxes = [TaxOfRate(rate, base, tax_on(base, rate)) for rate, base in sorted(by_rate.items())]
    tax = sum(one.tax for one in taxes)
    return QuoteTotals(before, before - net, net, taxes, tax, net + tax)


def tax_on(net: int, rate: float) -> int:
    """Return the tax in minor units, exact on the digits of its rate, halves away from zero."""
    from fractions import Fraction

    tax = Fraction(repr(rate)) * net / 100
    return money.divide(tax.numerator, tax.denominator)


def check(found: QuoteTotals, currency: str) -> None:
    """Refuse totals that are too large to be kept. Raises `Invalid`."""
    if max(found.before, found.gross) > money.MAX_MINOR:
        raise Invalid(f"the total of {money.say(found.gross, currency)} is too large")


def standing(status: str, valid_until: str | None, today: date) -> str:
    """Return how a quote stands on a day: its status, or expired."""
    over = status == "sent" and valid_until is not None and valid_until < iso(today)
    return EXPIRED if over else status


def quote_values(found: Values, current: Row, today: date, restored: bool) -> Values:
    """Return the values to store of a quote. Raises `Invalid` for what a sent one cannot become."""
    status = current.get("status", "draft")
    changed = [name for name in found if name not in ANSWER]
    if changed and not restored and (why := model.sealed(current)):
        raise Invalid(f"{changed[0].replace('_', ' ')}: {why}")
    now = found.get("status", status)
    if found.get("reason") is not None and now != "declined" and not restored:
        raise Invalid(f"reason: only a declined quote has one, and this one is {now}")
    valid = found.get("valid_until")
    if valid is not None and valid < iso(today) and not restored:
        raise Invalid(f"valid until {valid}: that day is over")
    return found


def line_values(found: Values, current: Row) -> Values:
    """Return the values to store of a line of a quote, with the end of a term that recurs.

    Raises `Invalid` for what a line cannot be.
    """
    quantity = found.get("quantity")
    if quantity is not None and quantity <= 0:
        raise Invalid("quantity must be above zero")
    stands: dict[str, Any] = {**current, **found}
    if stands.get("starts_on"):
        terms.complete_end(found, current, stands)
    terms.check_order(stands)
    return found
