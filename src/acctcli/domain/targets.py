"""A period against its quota: what is closed, what is missing, and what it would take.

- Attainment = closed ÷ quota.
- Chance to hit = the share of draws in which closed + won comes to the quota (`simulation`).
- Gap = quota - closed, in money and in deals of the average size won in the last year.
- Coverage = weighted open ÷ gap.
- To create = what the gap lacks beyond the weighted open deals ÷ the usual win rate.
- Creation = what was opened in the last `days`, against what the quota needs in as many:
  quota ÷ days of the period times days ÷ the usual win rate.

The usual win rate is the base rate of new business (`win_rates`). Amounts are integer minor
units of the quota's currency. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.domain import figures
from acctcli.domain.forecast import FEW, ForecastDeal, closes_in
from acctcli.domain.pipeline import WON
from acctcli.frozen import Frozen
from acctcli.values.dates import iso
from acctcli.values.periods import Period, quarter_of, quarters

if TYPE_CHECKING:
    from acctcli.config import Quota
    from acctcli.domain.asof import DealFacts
    from acctcli.domain.win_rates import Learnt

YEAR = 365
"""Days of won deals that make the average size of a deal."""


class Target(Frozen):
    """What is closed of a quota, in minor units of its currency, and by how many deals."""

    owner: str | None
    quota: int
    closed: int
    deals: int = 0

    @property
    def share(self) -> float | None:
        """Closed of the quota, in percent."""
        return figures.percent(self.closed, self.quota)

    @property
    def gap(self) -> int:
        """What is missing; below zero, how far it is exceeded."""
        return self.quota - self.closed


class Reach(Frozen):
    """What it would take to reach a quota.

    `coverage` is weighted open ÷ gap, `deals` the gap in deals of average size, `to_create` what
    new deals would have to be worth. Each is None where it cannot be computed.
    """

    weighted_open: int
    coverage: float | None
    deals: int | None
    to_create: int | None


class Creation(Frozen):
    """What was opened in the last `days`, against what the quota needs in as many days.

    `deals` is what is needed in deals of the usual size.
    """

    days: int
    opened: int
    created: int
    needed: int | None
    deals: int | None


def is_whole_quarters(period: Period, fiscal: int) -> bool:
    """Whether a period begins and ends with a quarter: others have no quota."""
    first, last = quarter_of(period.start, fiscal), quarter_of(period.end, fiscal)
    return first.start == period.start and last.end == period.end


def targets(
    entries: Iterable[ForecastDeal],
    period: Period,
    quota: Quota,
    owners: Sequence[str | None],
    fiscal: int = 1,
) -> list[Target]:
    """Attainment in a period of whole quarters, of each of `owners` that has a quota in them.

    None among `owners` is everybody. The entries are in the quota's currency: others have no
    part in it, which is why nothing may be asked while a rate is missing.
    """
    if not is_whole_quarters(period, fiscal):
        return []
    closed = [entry for entry in entries if entry.won and closes_in(entry, period)]
    found = []
    for owner in owners:
        aim = sum(quota.of(quarter, owner) or 0 for quarter in quarters(period, fiscal))
        if aim:
            won = [
                entry.amount or 0
                for entry in closed
                if (owner is None or text.key(entry.owner or "") == text.key(owner))
                and entry.currency == quota.currency
            ]
            found.append(Target(owner, aim, sum(won), len(won)))
    return found


def reach(
    target: Target, weighted_open: int, average: int | None, rates: Learnt, few: int = FEW
) -> Reach:
    """Return what reaching a quota would take, with the usual size and win rate of deals."""
    gap = target.gap
    if gap <= 0:
        return Reach(weighted_open, None, None, None)
    missing = max(gap - weighted_open, 0)
    return Reach(
        weighted_open=weighted_open,
        coverage=figures.each(weighted_open, gap),
        deals=-(-gap // average) if average else None,
        to_create=_at_usual_rate(missing, rates, few),
    )


def average_won(
    deals: Iterable[DealFacts], currency: str, today: date, days: int = YEAR
) -> int | None:
    """Return the mean amount of deals won in the last year; None without any."""
    since = iso(today - timedelta(days=days))
    amounts = [
        deal.amount
        for deal in deals
        if deal.outcome == WON and deal.currency == currency and deal.amount
        if deal.closed_on is not None and since < deal.closed_on <= iso(today)
    ]
    return figures.average(sum(amounts), len(amounts))


def creation(
    deals: Iterable[DealFacts],
    currency: str,
    today: date,
    days: int,
    target: tuple[int, Period],
    rates: Learnt,
    average: int | None = None,
    few: int = FEW,
) -> Creation:
    """Pipeline created in the last `days`, today included, against what a quota needs.

    `target` is the quota in minor units, and the period that it is for; `average` the usual size
    of a deal.
    """
    opened = [
        deal.amount or 0 for deal in opened_in(deals, today, days) if deal.currency == currency
    ]
    quota, period = target
    span = (period.end - period.start).days + 1
    needed = _at_usual_rate(quota * days / span, rates, few)
    in_deals = -(-needed // average) if needed and average else None
    return Creation(days, len(opened), sum(opened), needed, in_deals)


def opened_in(deals: Iterable[DealFacts], until: date, days: int) -> list[DealFacts]:
    """Return the deals that were opened in the `days` that end with a day."""
    after, last = iso(until - timedelta(days=days)), iso(until)
    return [deal for deal in deals if after < (deal.opened_on or "") <= last]


def _at_usual_rate(amount: float, rates: Learnt, few: int) -> int | None:
    """Return how much pipeline brings an amount; None while too few deals are closed."""
    if rates.closed < few or not rates.base:
        return None
    return figures.nearest(amount / rates.base)
