"""How recurring revenue changes: what the customers of a year ago bring now, and what came new.

The cohort of a day are the customers that had ARR twelve months before it. It is fixed at its
start, so new customers never hide a loss.

- NRR (net revenue retention) is what the cohort brings now, in percent of then. It may pass 100 %.
- GRR (gross revenue retention) is the same with no customer counted for more than then, so growth
  elsewhere cannot hide a loss: it never passes 100 %, nor NRR.
- Logo retention is the share of the cohort that still has ARR.

This is the definition of the SaaS Metrics Standards Board. What counts on a day, and for how much,
is decided in `domain.contracts`. One-off sales have no part in it: see `domain.retention`.

Pure: amounts in minor units in, figures out. Sums never cross a currency, unless the rates of the
user put all amounts into one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from acctcli.domain import figures
from acctcli.domain.contracts import Contract, arr_on
from acctcli.frozen import Frozen, FrozenRow
from acctcli.values.dates import add_months
from acctcli.values.periods import month_of

Arr = Mapping[tuple[str, str], int]
"""ARR in minor units, by account and currency."""

MONTHS = 13
"""Months of a trend: the same month a year ago is the first."""


class Bridge(Frozen):
    """The way from the ARR of a year ago to that of a day, in one currency.

    `start` - `lost` - `contraction` + `expansion` is what the cohort of `customers` brings now, and
    with `new` it is all ARR of the day, to the minor unit. `kept` of the customers still have some.
    Percentages are None for a cohort of less than `least` customers: they would say nothing.
    """

    currency: str
    least: int
    customers: int
    kept: int
    start: int
    expansion: int
    contraction: int
    lost: int
    new: int

    @property
    def end(self) -> int:
        """What the cohort brings now."""
        return self.start + self.expansion - self.contraction - self.lost

    @property
    def total(self) -> int:
        """All ARR of the day."""
        return self.end + self.new

    @property
    def nrr(self) -> float | None:
        """Net revenue retention in percent."""
        return self._percent(self.end, self.start)

    @property
    def grr(self) -> float | None:
        """Gross revenue retention in percent, never above 100 or NRR."""
        return self._percent(self.end - self.expansion, self.start)

    @property
    def customers_kept(self) -> float | None:
        """Logo retention in percent."""
        return self._percent(self.kept, self.customers)

    def _percent(self, part: int, whole: int) -> float | None:
        return figures.rate(part, whole, self.least, cases=self.customers)


class MonthOfRevenue(FrozenRow):
    """The bridges that end on the last day of a month, one per currency."""

    day: date
    bridges: Sequence[Bridge]


class Rates(Frozen):
    """The currency that all amounts are put into, and how many of its units one of another buys."""

    base: str
    rates: Mapping[str, str]


def a_year_before(day: date) -> date:
    """Return the day that the cohort of `day` is of."""
    return add_months(day, -12)


def arr(known: Sequence[Contract], day: date, rates: Rates | None = None) -> Arr:
    """Return the ARR of a day; with `rates` in their base currency, without what has none."""
    found = arr_on(known, day)
    if rates is None:
        return found
    sums: dict[tuple[str, str], int] = {}
    for (account, currency), amount in found.items():
        converted = figures.convert(amount, currency, rates.base, rates.rates)
        if converted is not None:
            key = account, rates.base
            sums[key] = sums.get(key, 0) + converted
    return sums


def bridges(then: Arr, now: Arr, least: int) -> list[Bridge]:
    """Return the bridge of each currency, the one with the largest cohort first.

    A customer belongs to the cohort with an ARR above zero then. One that has none now is lost.
    """
    sums: dict[str, list[int]] = {}
    for key in {**then, **now}:
        before, after = max(then.get(key, 0), 0), max(now.get(key, 0), 0)
        counted = sums.setdefault(key[1], [0] * 7)
        if before == 0:
            counted[6] += after
            continue
        change = after - before
        counted[0] += 1
        counted[1] += after > 0
        counted[2] += before
        counted[3 if change > 0 else 4 if after > 0 else 5] += abs(change)
    found = [Bridge(currency, least, *counted) for currency, counted in sums.items()]
    return sorted(found, key=lambda bridge: (-bridge.customers, bridge.currency))


def bridges_on(
    known: Sequence[Contract], day: date, least: int, rates: Rates | None = None
) -> list[Bridge]:
    """Return the bridges from a year before to a day."""
    return bridges(arr(known, a_year_before(day), rates), arr(known, day, rates), least)


def months(
    known: Sequence[Contract], day: date, least: int, rates: Rates | None = None
) -> list[MonthOfRevenue]:
    """Return the bridges of the last thirteen months, on the last day of each or on `day`."""
    found = []
    for back in range(MONTHS - 1, -1, -1):
        end = min(month_of(add_months(day.replace(day=1), -back)).end, day)
        found.append(MonthOfRevenue(end, bridges_on(known, end, least, rates)))
    return found
