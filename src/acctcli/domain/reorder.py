"""How often a customer buys, and whether the next order is late.

For customers of one-off sales: the days on which they bought have gaps, and the median gap is their
buying cadence. They are late when more days passed since the last order than the median gap plus
twice its usual deviation. The deviation is 1.48 times the MAD, the median absolute deviation: for
gaps that scatter normally that is their standard deviation, and one odd gap does not move it
(F. R. Hampel, *The Influence Curve and its Role in Robust Estimation*, JASA 1974).

Contracts are no orders: they end on a known day, and `domain.contracts` says what follows. Nor are
the monthly invoices of what was bought before.

Pure: ISO days and amounts in minor units in, a cadence out.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from acctcli.domain import figures
from acctcli.frozen import Frozen, FrozenRow

NORMAL = 1.48
"""What makes the median absolute deviation of a normal distribution its standard deviation."""


class ReorderRules(Frozen):
    """When an order is late; settings of the book.

    `least` orders make a cadence, of which the last `gaps` gaps count. `deviations` are added to
    the median gap, and at least `floor` percent of it and `floor_days`: a customer who bought
    every 30 days to the day is not late on the 31st.
    """

    least: int = 3
    gaps: int = 12
    deviations: int = 2
    floor: int = 10
    floor_days: int = 7


USUAL = ReorderRules()
"""The rules of a book without settings of its own."""


class OrderFacts(FrozenRow):
    """A one-off purchase, or a won deal without one; amounts are in minor units, if known.

    `day` is in ISO form. What belongs to one deal was decided once, whenever it was invoiced.
    """

    account_id: str
    deal_id: str | None
    day: str
    amount: int | None
    currency: str | None


OrderDay = tuple[str, str, str]
"""The account of an order; what makes it one order: its deal, or else its day; and its day."""


class BuyingCadence(Frozen):
    """How often an account orders: every `gap` days, from `orders` days with an order.

    `slack` are the days that an order may come later. `amount` is that of a usual order, in minor
    units of the `currency` of the last one that has an amount.
    """

    account_id: str
    orders: int
    gap: float
    slack: float
    last: date
    amount: int | None
    currency: str | None

    @property
    def expected(self) -> date:
        """The day on which the next order is usual."""
        return self.last + timedelta(days=figures.nearest(self.gap))

    @property
    def late_from(self) -> date:
        """The first day on which the next order is late."""
        return late_from(self.last, self.gap, self.slack)

    def days_late(self, day: date) -> int | None:
        """Return for how many days the order has been late; None while it is not."""
        days = (day - self.late_from).days + 1
        return days if days > 0 else None


def late_from(last: date, gap: float, slack: float) -> date:
    """Return the first day on which more days passed since the last order than gap and slack."""
    return last + timedelta(days=int(gap + slack) + 1)


def first_days(orders: Iterable[OrderDay]) -> dict[str, str]:
    """Return the first day of each order."""
    first: dict[str, str] = {}
    for _, of, day in orders:
        if of not in first or day < first[of]:
            first[of] = day
    return first


def pace(days: Iterable[str], rules: ReorderRules) -> tuple[float, float]:
    """Return the median gap between some days, and the days that an order may come later."""
    counted = map(date.fromisoformat, sorted(days)[-rules.gaps - 1 :])
    gaps = [(after - before).days for before, after in pairwise(counted)]
    gap = figures.median(gaps) or 0
    spread = rules.deviations * NORMAL * (figures.median([abs(one - gap) for one in gaps]) or 0)
    return gap, max(spread, gap * rules.floor / 100, rules.floor_days)


def cadence(orders: Sequence[OrderFacts], rules: ReorderRules = USUAL) -> BuyingCadence | None:
    """Return how often one account orders; None for fewer orders than it takes.

    What was bought on one day or by one deal is one order, of its first day.
    """
    first = first_days((one.account_id, one.deal_id or one.day, one.day) for one in orders)
    days = set(first.values())
    if len(days) < max(rules.least, 2):
        return None
    gap, slack = pace(days, rules)
    last = date.fromisoformat(max(order.day for order in orders))
    amount, currency = _usual(orders, first)
    return BuyingCadence(orders[0].account_id, len(days), gap, slack, last, amount, currency)


def cadences(orders: Iterable[OrderFacts], rules: ReorderRules = USUAL) -> list[BuyingCadence]:
    """Return the cadence of each account that has one."""
    found = (cadence(of_account, rules) for of_account in _by_account(orders))
    return [one for one in found if one is not None]


def late(
    orders: Iterable[OrderDay],
    accounts: Container[str],
    day: date,
    patience: int,
    rules: ReorderRules = USUAL,
) -> list[str]:
    """Return which of those accounts are late, for at most `patience` days.

    The same as `cadences` says, with little work for the many that are not late.
    """
    own: dict[str, list[OrderDay]] = {}
    for order in orders:
        if (account := order[0]) not in own:
            own[account] = []
        own[account].append(order)
    found: list[str] = []
    passed_least = (day - timedelta(days=rules.floor_days)).isoformat()
    least = max(rules.least, 2)
    for account, days in own.items():
        if len(days) < least or account not in accounts:
            continue
        last = max([bought for _, _, bought in days])
        if last >= passed_least:
            continue
        counted = set(first_days(days).values())
        if len(counted) < least:
            continue
        gap, slack = pace(counted, rules)
        first = late_from(date.fromisoformat(last), gap, slack)
        if first <= day <= first + timedelta(days=patience):
            found.append(account)
    return found


def _by_account(orders: Iterable[OrderFacts]) -> Iterable[list[OrderFacts]]:
    own: dict[str, list[OrderFacts]] = {}
    for order in orders:
        own.setdefault(order.account_id, []).append(order)
    return own.values()


def _usual(orders: Sequence[OrderFacts], first: Mapping[str, str]) -> tuple[int | None, str | None]:
    """Return the median amount of an order, in the currency of the last one."""
    known = [one for one in orders if one.amount is not None and one.currency is not None]
    if not known:
        return None, None
    currency = max(known, key=lambda one: one.day).currency
    sums: dict[str, int] = {}
    for one in known:
        if one.currency == currency:
            day = first[one.deal_id or one.day]
            sums[day] = sums.get(day, 0) + (one.amount or 0)
    middle = figures.median(list(sums.values()))
    return (None if middle is None else figures.nearest(middle)), currency
