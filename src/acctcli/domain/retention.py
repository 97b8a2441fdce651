"""Who bought again, who left, who came back: repeat revenue, and what became of each customer.

Repeat revenue looks at the customers of the twelve months before the year that ends on a day: what
they bought in that year, and what in the year before. It speaks of one-off sales; what recurs is
measured by ARR (`domain.revenue`), and the two are never mixed.

What is sold for a term counts on the day the term begins, whenever it was signed, and one of
several years in a part for each.

Pure: sales and a day in, figures out, in integer minor units. Sums never cross a
currency, unless the rates of the user put all amounts into one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from acctcli.domain import figures
from acctcli.domain.contracts import Contract, RenewalDeal, renewal_deal
from acctcli.domain.terms import WINDOWS
from acctcli.frozen import Frozen, FrozenRow
from acctcli.values.dates import add_months

LOST, WON_BACK, NEW, KEPT, LAPSED = "lost", "won back", "new", "kept", "lapsed"
STANDINGS = (LOST, WON_BACK, NEW, KEPT, LAPSED)
"""What became of a customer, the most urgent first."""


class Sale(FrozenRow):
    """Something that was sold; `starts` and `ends` are the term it is for, if it is for one."""

    account: str
    amount: int
    currency: str
    day: date
    starts: date | None
    ends: date | None
    recurring: bool = False


class SalePart(FrozenRow):
    """The part of a sale that counts on one `day`; `last` is the last day that it pays for."""

    account: str
    amount: int
    currency: str
    day: date
    last: date


class Spent(Frozen):
    """Minor units of one account in one currency: ever before, in a year, in the year after it."""

    earlier: int = 0
    before: int = 0
    year: int = 0


class Cohort(Frozen):
    """The customers of the year before in one currency, and what became of their purchases.

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
        """What the cohort bought in the year."""
        return self.start + self.expansion - self.contraction - self.lost

    def repeated(self, least: int) -> float | None:
        """Return repeat revenue in percent of the year before; None of less than `least`."""
        return figures.rate(self.end, self.start, least, cases=self.customers)


class Customer(Frozen):
    """One account that ever bought, with what became of it.

    `first` is the first day on which it bought, `last` the last one, or the day of a running
    term. `away` are the days that one which was won back had not paid for.
    """

    account: str
    standing: str
    first: date
    last: date
    away: int | None


class Window(Frozen):
    """The contracts that end within `days` days, and in no nearer window.

    `value` is what they are worth, in minor units by currency.
    """

    days: int
    terms: int
    without_deal: int
    value: Sequence[tuple[str, int]]


class InBase(Frozen):
    """The parts in one currency; those in the currencies of `missing` are left out."""

    parts: Sequence[SalePart]
    missing: Sequence[str]


def parts(sales: Iterable[Sale]) -> list[SalePart]:
    """When each sale counts: on its day, or on the day its term begins.

    A term of more than a year counts in a part for each year, by its days; the parts
    add up to the amount, to the minor unit.
    """
    found = []
    for account, amount, currency, day, starts, ends, _ in sales:
        if ends is None:
            found.append(SalePart(account, amount, currency, day, day))
            continue
        first = starts or min(day, ends)
        days = (ends - first).days + 1
        begins, counted, year = first, 0, 1
        while begins <= ends:
            after = add_months(first, 12 * year)
            last = min(after - timedelta(days=1), ends)
            total = amount * ((last - first).days + 1) // days
            found.append(SalePart(account, total - counted, currency, begins, last))
            begins, counted, year = after, total, year + 1
    return found


def year_before(day: date) -> date:
    """The last day of the year before the year that ends on `day`."""
    return add_months(day, -12)


def spending(parts: Iterable[SalePart], day: date) -> dict[tuple[str, str], Spent]:
    """Return what each account spent up to `day` by currency: in its year, before, earlier."""
    start = year_before(day)
    origin = year_before(start)
    sums: dict[tuple[str, str], list[int]] = {}
    for account, amount, currency, counts, _ in parts:
        if counts <= day:
            place = 2 if counts > start else 1 if counts > origin else 0
            sums.setdefault((account, currency), [0, 0, 0])[place] += amount
    return {key: Spent(*amounts) for key, amounts in sums.items()}


def cohorts(spent: Mapping[tuple[str, str], Spent]) -> list[Cohort]:
    """The cohort of each currency, the one with the most customers first.

    It has the accounts that spent something in the year before. Those that spent nothing in the
    year, or got back more than they spent, are lost.
    """
    sums: dict[str, list[int]] = {}
    for (_, currency), own in spent.items():
        if own.before <= 0:
            continue
        change = own.year - own.before
        counted = sums.setdefault(currency, [0] * 6)
        counted[0] += 1
        counted[1] += own.year > 0
        counted[2] += own.before
        counted[3 if change > 0 else 4 if own.year > 0 else 5] += abs(change)
    found = [Cohort(currency, *counted) for currency, counted in sums.items()]
    return sorted(found, key=lambda cohort: (-cohort.customers, cohort.currency))


def customers(parts: Sequence[SalePart], day: date) -> list[Customer]:
    """Every account that ever bought, in any currency.

    Kept: in both years. Lost: in the year before only. Won back: in the year and
    earlier, but not in the year before. New: in the year for the first time.
    Lapsed: before both years only.
    """
    start = year_before(day)
    bought_in: dict[str, list[bool]] = {}
    for (account, _), own in spending(parts, day).items():
        bought = bought_in.setdefault(account, [False, False, False])
        for place, amount in enumerate((own.earlier, own.before, own.year)):
            bought[place] = bought[place] or amount > 0
    paid_for: dict[str, list[tuple[date, date]]] = {}
    for account, amount, _, counts, last in parts:
        if counts <= day and amount > 0:
            paid_for.setdefault(account, []).append((counts, min(last, day)))
    found = []
    for account, (earlier, before, year) in bought_in.items():
        if not (earlier or before or year):
            continue  # more came back than was ever sold
        standing = _standing(earlier=earlier, before=before, year=year)
        away = _away(paid_for[account], start) if standing == WON_BACK else None
        first = min(first for first, _ in paid_for[account])
        last = max(last for _, last in paid_for[account])
        found.append(Customer(account, standing, first, last, away))
    return found


def standing_of(sold: str | None, then: int, now: int) -> str:
    """Return what became of a customer by its ARR then and now, and by its sales (`sold`).

    If there was ARR, it decides: a customer who has none now is lost, whatever else they bought.
    """
    if then > 0:
        return KEPT if now > 0 else LOST
    if now > 0:
        return WON_BACK if sold in (LOST, LAPSED, WON_BACK) else KEPT if sold == KEPT else NEW
    return sold or NEW


def _standing(*, earlier: bool, before: bool, year: bool) -> str:
    if before:
        return KEPT if year else LOST
    if year:
        return WON_BACK if earlier else NEW
    return LAPSED


def _away(paid_for: Sequence[tuple[date, date]], start: date) -> int:
    """Days between the last one paid for before the year after `start`, and the first in it."""
    left = max(last for first, last in paid_for if first <= start)
    back = min(first for first, _ in paid_for if first > start)
    return max((back - left).days, 0)


def windows(
    known: Iterable[Contract], deals: Mapping[str, Sequence[RenewalDeal]], today: date
) -> list[Window]:
    """Return the contracts that end in each window from today on, and those without a deal."""
    ahead = [contract for contract in known if contract.to_renew(today)]
    found, after = [], -1
    for days in WINDOWS:
        inside = [one for one in ahead if after < (one.deadline(today) - today).days <= days]
        value: dict[str, int] = {}
        for one in inside:
            amount, currency = one.facts.amount, one.facts.currency
            if amount is not None and currency is not None:
                value[currency] = value.get(currency, 0) + amount
        without = sum(renewal_deal(one, deals) is None for one in inside)
        found.append(Window(days, len(inside), without, sorted(value.items())))
        after = days
    return found


def in_base(parts: Iterable[SalePart], base: str, rates: Mapping[str, str]) -> InBase:
    """Return the parts in the base currency, at the user's rates.

    A rate is how many units of `base` one unit of the currency buys.
    """
    found, missing = [], set()
    for account, amount, currency, day, last in parts:
        converted = figures.convert(amount, currency, base, rates)
        if converted is None:
            missing.add(currency)
        else:
            found.append(SalePart(account, converted, base, day, last))
    return InBase(found, sorted(missing))
