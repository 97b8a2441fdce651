"""Who stayed, who left, who came back: the revenue of a fixed cohort, a year on.

The cohort of a day are the customers of the twelve months before the year that
ends on it; it is fixed at its start, so new customers never hide a loss. Two
figures say what became of its revenue:

- NRR (net revenue retention) = what the cohort brings in the year ÷ what it
  brought in the year before. It may pass 100 %.
- GRR (gross revenue retention) = the same, with every customer counted with no
  more than before: Σ min(year, before) ÷ Σ before. Growth elsewhere cannot hide
  a loss, so it never passes 100 %, nor NRR.

This is the cohort form of the usual definition, NRR = (start + expansion -
contraction - lost) ÷ start and GRR = (start - contraction - lost) ÷ start, taken
over twelve months, as subscription businesses report it. What is sold for a
term is earned day by day, so a renewal that is signed three weeks early or late
is neither a loss nor growth.

Pure: sales and a day in, figures out, in integer minor units. Sums never cross a
currency, unless the rates of the user put all amounts into one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from acctcli import money
from acctcli.dates import add_months, month_of
from acctcli.frozen import Frozen, Row

LOST, WON_BACK, NEW, KEPT, LAPSED = "lost", "won back", "new", "kept", "lapsed"
STANDINGS = (LOST, WON_BACK, NEW, KEPT, LAPSED)
"""What became of a customer; what needs a word comes first."""

TREND_MONTHS = 13
"""Months of a trend: the same month a year ago is the first."""


class Sale(Row):
    """Something that was sold; `starts` and `ends` are the term it is for, if it is for one."""

    account: str
    amount: int
    currency: str
    day: date
    starts: date | None
    ends: date | None


class Spent(Frozen):
    """Minor units of one account in one currency: ever before, in a year, in the year after it."""

    earlier: int = 0
    before: int = 0
    year: int = 0


class Cohort(Frozen):
    """The customers of the year before in one currency, and what became of their revenue.

    `start` - `lost` - `contraction` + `expansion` is `end`, to the minor unit.
    """

    currency: str
    customers: int
    kept: int
    start: int
    expansion: int
    contraction: int
    lost: int

    @property
    def end(self) -> int:
        """What the cohort brought in the year."""
        return self.start + self.expansion - self.contraction - self.lost

    @property
    def nrr(self) -> float | None:
        """Net revenue retention in percent; None without a cohort."""
        return _percent(self.end, self.start)

    @property
    def grr(self) -> float | None:
        """Gross revenue retention in percent, never above 100 or NRR; None without a cohort."""
        return _percent(self.end - self.expansion, self.start)

    @property
    def customers_kept(self) -> float | None:
        """The share of the customers that still buy, in percent; None without a cohort."""
        return _percent(self.kept, self.customers)


class Customer(Frozen):
    """One account that ever bought, with what became of it.

    `last` is the last day on which it bought, or had a running term. `away` are the
    days for which one that was won back did not buy.
    """

    account: str
    standing: str
    last: date
    away: int | None


class Point(Frozen):
    """The cohorts of one day, a currency each."""

    day: date
    cohorts: Sequence[Cohort]


class InBase(Frozen):
    """Sales in one currency; those in the currencies of `missing` are not among them."""

    sales: Sequence[Sale]
    missing: Sequence[str]


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 2) if whole > 0 else None


def earned(sale: Sale, until: date) -> int:
    """Minor units of a sale that are earned up to a day, that day included.

    All on the day of the sale, or evenly over the days of its term, rounded down:
    the parts that months and years get add up to the amount.
    """
    if sale.ends is None:
        return sale.amount if sale.day <= until else 0
    starts = first_day(sale)
    days = (sale.ends - starts).days + 1
    passed = min(max((until - starts).days + 1, 0), days)
    return sale.amount * passed // days


def first_day(sale: Sale) -> date:
    """The day from which a sale earns: the start of its term, else the day it was made."""
    if sale.ends is None:
        return sale.day
    return sale.starts or min(sale.day, sale.ends)


def last_day(sale: Sale, until: date) -> date:
    """The last day, no later than `until`, on which a sale earns."""
    return min(sale.ends or sale.day, until)


def year_before(day: date) -> date:
    """The last day of the year before the year that ends on `day`."""
    return add_months(day, -12)


def spending(sales: Iterable[Sale], day: date) -> dict[tuple[str, str], Spent]:
    """What each account spent in each currency up to `day`: in its year, before, and earlier."""
    start = year_before(day)
    origin = year_before(start)
    sums: dict[tuple[str, str], list[int]] = {}
    for sale in sales:
        if first_day(sale) > day:
            continue
        at_origin, at_start = earned(sale, origin), earned(sale, start)
        parts = sums.setdefault((sale.account, sale.currency), [0, 0, 0])
        parts[0] += at_origin
        parts[1] += at_start - at_origin
        parts[2] += earned(sale, day) - at_start
    return {key: Spent(*parts) for key, parts in sums.items()}


def cohorts(spans: Mapping[tuple[str, str], Spent]) -> list[Cohort]:
    """The cohort of each currency, the one with the most customers first.

    An account belongs to it that spent more than nothing in the year before. One that
    spent nothing, or got more back than it spent, in the year is lost.
    """
    sums: dict[str, list[int]] = {}
    for (_, currency), spent in spans.items():
        if spent.before <= 0:
            continue
        change = spent.year - spent.before
        parts = sums.setdefault(currency, [0] * 6)
        parts[0] += 1
        parts[1] += spent.year > 0
        parts[2] += spent.before
        parts[3 if change > 0 else 4 if spent.year > 0 else 5] += abs(change)
    found = [Cohort(currency, *parts) for currency, parts in sums.items()]
    return sorted(found, key=lambda cohort: (-cohort.customers, cohort.currency))


def trend(sales: Sequence[Sale], day: date) -> list[Point]:
    """The cohorts of the last thirteen months, each on its last day; of the last one on `day`."""
    found = []
    for back in range(TREND_MONTHS - 1, -1, -1):
        end = min(month_of(add_months(day.replace(day=1), -back)).end, day)
        found.append(Point(end, cohorts(spending(sales, end))))
    return found


def customers(sales: Sequence[Sale], day: date) -> list[Customer]:
    """Every account that ever bought, in any currency.

    Kept: in both years. Lost: in the year before only. Won back: in the year and
    earlier, but not in the year before. New: in the year for the first time.
    Lapsed: before both years only.
    """
    start = year_before(day)
    spent_in: dict[str, list[bool]] = {}
    for (account, _), spent in spending(sales, day).items():
        bought = spent_in.setdefault(account, [False, False, False])
        for place, amount in enumerate((spent.earlier, spent.before, spent.year)):
            bought[place] = bought[place] or amount > 0
    active: dict[str, list[tuple[date, date]]] = {}
    for sale in sales:
        if first_day(sale) <= day and sale.amount > 0:
            active.setdefault(sale.account, []).append((first_day(sale), last_day(sale, day)))
    found = []
    for account, (earlier, before, year) in spent_in.items():
        if not (earlier or before or year):
            continue  # more came back than was ever sold
        standing = _standing(earlier=earlier, before=before, year=year)
        away = _away(active[account], start) if standing == WON_BACK else None
        found.append(Customer(account, standing, max(last for _, last in active[account]), away))
    return found


def _away(active: Sequence[tuple[date, date]], start: date) -> int:
    """Days from the last one before the year that begins after `start` to the first one in it."""
    left = max(min(last, start) for first, last in active if first <= start)
    back = min(max(first, start + timedelta(days=1)) for first, last in active if last > start)
    return (back - left).days


def _standing(*, earlier: bool, before: bool, year: bool) -> str:
    if before:
        return KEPT if year else LOST
    if year:
        return WON_BACK if earlier else NEW
    return LAPSED


def in_base(sales: Iterable[Sale], base: str, rates: Mapping[str, str]) -> InBase:
    """The sales in the base currency, at the rates of the user.

    A rate is how many units of `base` one unit of the currency buys.
    """
    known = {**rates, base: "1"}
    found, missing = [], set()
    for sale in sales:
        rate = known.get(sale.currency)
        if rate is None:
            missing.add(sale.currency)
            continue
        amount = money.convert(sale.amount, sale.currency, base, rate)
        found.append(Sale((sale.account, amount, base, *sale[3:])))
    return InBase(found, sorted(missing))
