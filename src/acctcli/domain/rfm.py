"""RFM: how recently, how often and for how much each customer buys, and its group.

Each of the three is a mark from 1 (least) to 5 by fixed thresholds, which the
user sets: quintiles, the usual way since A. M. Hughes' *Strategic Database
Marketing* (1994), need a few hundred customers, and would move a customer of a
book of forty because another one bought. The two halves of the mark, recency
and value (the mean of frequency and money), put each customer into one group.

Pure: what counts of sales and a day in, marks out. A currency without a rate leaves the money
of its customers unknown; what is not known is left out, never counted as zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from acctcli.domain import figures
from acctcli.domain.retention import Sale, SalePart
from acctcli.frozen import Frozen
from acctcli.values.dates import add_months

GROUPS = {
    "champion": "bought lately, often and for much",
    "loyal": "comes again and again",
    "recent": "bought lately, little so far",
    "cooling": "neither lately nor much",
    "at risk": "a good customer who has stopped",
    "cannot lose": "one of the best, who has stopped",
    "hibernating": "little, and long ago",
    "gone": "little, and more than a year ago",
}
"""Every group with what it means; the order of lists."""

HIGHEST = 5

MONTH_DAYS, INVOICE_DAYS = 31, 62
"""The longest term of a monthly invoice, and how many days after another one it may come."""


class Thresholds(Frozen):
    """The bounds of the marks: the most days for 5, 4, 3 and 2, the least value for 2, 3, 4 and 5.

    `monetary` is in minor units of `currency`; `months` is how far back is counted.
    """

    recency: Sequence[int]
    frequency: Sequence[int]
    monetary: Sequence[int]
    currency: str
    months: int


class Marks(Frozen):
    """The marks of one account with what they rest on; `spent` is None where a rate is missing."""

    account: str
    days: int
    times: int
    spent: int | None
    recency: int
    frequency: int
    monetary: int | None

    @property
    def value(self) -> float:
        """The mean of frequency and money, as far as they are known."""
        if self.monetary is None:
            return self.frequency
        return (self.frequency + self.monetary) / 2

    @property
    def group(self) -> str:
        """The one group that recency and value make."""
        lately, value = self.recency, self.value
        if lately <= 2 and value >= 3:
            return "cannot lose" if value >= 4 else "at risk"
        if lately <= 2:
            return "hibernating" if lately == 2 else "gone"
        if value >= 3:
            return "champion" if lately >= 4 and value >= 4 else "loyal"
        return "recent" if lately >= 4 else "cooling"


def decisions(sales: Iterable[Sale]) -> dict[str, list[date]]:
    """Return the days on which each account decided to buy.

    Every sale is a decision, except for the monthly invoices of what it buys already: what recurs,
    for a month at most or for no term, within `INVOICE_DAYS` of another one like it.
    """
    found: dict[str, list[date]] = {}
    last: dict[str, date] = {}
    for sale in sorted(sales, key=lambda sale: sale.starts or sale.day):
        day = sale.starts or sale.day
        if sale.recurring and (sale.ends is None or (sale.ends - day).days <= MONTH_DAYS):
            before = last.get(sale.account)
            last[sale.account] = day
            if before is not None and (day - before).days <= INVOICE_DAYS:
                continue
        found.setdefault(sale.account, []).append(day)
    return found


def marks(
    parts: Iterable[SalePart],
    bought: Mapping[str, Sequence[date]],
    day: date,
    thresholds: Thresholds,
    rates: Mapping[str, str],
) -> list[Marks]:
    """The marks on `day` of every account that ever bought.

    Recency counts from the last day that was paid for: a running term is of today. Frequency
    counts the decisions `bought`, and money sums what counts, of the last `thresholds.months`,
    converted at `rates` into the thresholds' currency.
    """
    since = add_months(day, -thresholds.months)
    of_account: dict[str, list[SalePart]] = {}
    for part in parts:
        if part.day <= day:
            of_account.setdefault(part.account, []).append(part)
    found = []
    for account, own in of_account.items():
        days = (day - max(min(part.last, day) for part in own)).days
        counted = [part for part in own if part.day > since]
        times = sum(since < bought_on <= day for bought_on in bought.get(account, ()))
        spent = _spent(counted, thresholds.currency, rates)
        found.append(
            Marks(
                account,
                days,
                times,
                spent,
                HIGHEST - sum(days > bound for bound in thresholds.recency),
                1 + sum(times >= bound for bound in thresholds.frequency),
                None if spent is None else 1 + sum(spent >= b for b in thresholds.monetary),
            )
        )
    return found


def _spent(parts: Iterable[SalePart], currency: str, rates: Mapping[str, str]) -> int | None:
    """The amounts in one currency; None where a rate is missing."""
    total = 0
    for part in parts:
        converted = figures.convert(part.amount, part.currency, currency, rates)
        if converted is None:
            return None
        total += converted
    return total
