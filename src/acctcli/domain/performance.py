"""What was sold, by whom, how fast, and what top sellers do differently.

Three events make up a deal: it is opened (pipeline created), and it is won or
lost on the day it closed. A period counts the events in it, so a deal may be
opened in one and won in another.

- Win rate = won ÷ (won + lost), of the deals closed in the period, in percent.
- Average = revenue ÷ deals won that have an amount, to the minor unit.
- Cycle = days from the day a deal was opened to the day it was won.
- Attainment = revenue won in a quarter ÷ its quota, in percent.

Amounts are integer minor units, in one currency per line, as the deals have them
today. Pure: deals and a period in, lines out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from math import ceil

from acctcli.domain import figures
from acctcli.frozen import Frozen, FrozenRow
from acctcli.values.periods import Period, quarter_of

MIN_OWNERS = 4
"""With fewer owners, the best quarter would show one person and not a way of working."""

MIN_CLOSED = 5
"""Owners who closed fewer deals are not compared."""


class DealFigures(FrozenRow):
    """A deal as its figures need it; `touches` are interactions about it, `people` those named.

    `listed` and `charged` are what its items cost at list price and after discount. What was not
    recorded is None.
    """

    id: str
    owner: str | None
    product: str | None
    tier: str | None
    industry: str | None
    amount: int | None
    currency: str | None
    opened: date | None
    closed: date | None
    won: bool
    touches: int | None
    people: int | None
    listed: int | None
    charged: int | None


Key = Callable[[DealFigures, date], str | None]

KEYS = ("owner", "product", "quarter", "tier", "industry")
"""What figures can be broken down by."""


def keys(fiscal: int = 1) -> dict[str, Key]:
    """Return how each of `KEYS` names an event; its day gives the quarter of the fiscal year."""
    return {
        "owner": lambda deal, day: deal.owner,
        "product": lambda deal, day: deal.product,
        "quarter": lambda deal, day: quarter_of(day, fiscal).label,
        "tier": lambda deal, day: deal.tier,
        "industry": lambda deal, day: deal.industry,
    }


class PerformanceLine(Frozen):
    """The events of one name in one currency (None: of deals without an amount).

    `created` and `revenue` are the amounts of the deals opened and won; `priced`
    counts the won ones that have an amount, `days` the cycle of each won one.
    """

    name: str | None
    currency: str | None
    opened: int
    created: int
    won: int
    lost: int
    revenue: int
    priced: int
    days: Sequence[int]
    few: int = figures.FEW

    @property
    def win_rate(self) -> float | None:
        """Won of those closed, in percent; None for a few."""
        return figures.rate(self.won, self.won + self.lost, self.few)

    @property
    def average(self) -> int | None:
        """The mean amount of a won deal, to the nearest minor unit; None without any amount."""
        return figures.average(self.revenue, self.priced)

    @property
    def cycle(self) -> float | None:
        """The mean days from open to won; None if none was won."""
        return figures.mean(self.days)

    @property
    def cycle_median(self) -> float | None:
        """The median days from open to won; None if none was won."""
        return figures.median(self.days)


class Attainment(Frozen):
    """What was won in a quarter by how many deals, and its quota; `owner` None means everybody."""

    quarter: str
    owner: str | None
    quota: int
    won: int
    deals: int

    @property
    def share(self) -> float | None:
        """Won of the quota, in percent."""
        return figures.percent(self.won, self.quota)


class Figures(Frozen):
    """How a group of owners works; a figure is None if nothing was recorded.

    Per deal closed: touches and people only of deals that have some. `revenue` is the
    mean of what each owner won, `average` of what each won deal brought, both in minor
    units; `discount` is percent off the list price of items.
    """

    owners: Sequence[str]
    deals: int
    revenue: int
    win_rate: float | None
    average: int | None
    cycle: float | None
    touches: float | None
    people: float | None
    discount: float | None


class Comparison(Frozen):
    """The top quarter of the owners by revenue in `currency`, beside the others.

    Without figures where fewer than `MIN_OWNERS` have closed `MIN_CLOSED` deals:
    `compared` counts those that have.
    """

    currency: str | None
    compared: int
    best: Figures | None
    rest: Figures | None


def lines(
    deals: Iterable[DealFigures],
    period: Period,
    key: Key | None = None,
    order: Sequence[str] = (),
    few: int = figures.FEW,
) -> list[PerformanceLine]:
    """Count the events of the period, by what `key` says of a deal and the day of its event.

    A line for each name and currency, by currency, the one with the most deals won first;
    within it names in `order`, the others by revenue, no name last. Without a key there is
    one name, None. While all deals are of one currency, those without an amount count with it.
    """
    known = list(deals)
    currencies = {deal.currency for deal in known if deal.currency is not None}
    single = next(iter(currencies)) if len(currencies) == 1 else None
    sums: dict[tuple[str | None, str | None], list[int]] = {}
    days: dict[tuple[str | None, str | None], list[int]] = {}

    def line_of(deal: DealFigures, day: date) -> tuple[str | None, str | None]:
        place = (key(deal, day) if key else None, deal.currency or single)
        sums.setdefault(place, [0] * 6)
        return place

    for deal in known:
        amount = deal.amount or 0
        if deal.opened and period.start <= deal.opened <= period.end:
            parts = sums[line_of(deal, deal.opened)]
            parts[0] += 1
            parts[1] += amount
        if deal.closed and period.start <= deal.closed <= period.end:
            place = line_of(deal, deal.closed)
            parts = sums[place]
            if not deal.won:
                parts[3] += 1
                continue
            parts[2] += 1
            parts[4] += amount
            parts[5] += deal.amount is not None
            if deal.opened:
                days.setdefault(place, []).append((deal.closed - deal.opened).days)
    found = [
        PerformanceLine(
            name=place[0],
            currency=place[1],
            opened=parts[0],
            created=parts[1],
            won=parts[2],
            lost=parts[3],
            revenue=parts[4],
            priced=parts[5],
            days=days.get(place, []),
            few=few,
        )
        for place, parts in sums.items()
    ]
    won: Counter[str | None] = Counter()
    for line in found:
        won[line.currency] += line.won
    place_of = {name: at for at, name in enumerate(order)}
    found.sort(
        key=lambda line: (
            line.currency is None,
            -won[line.currency],
            line.currency or "",
            line.name is None,
            place_of.get(line.name or "", len(place_of)),
            -line.revenue,
            line.name or "",
        )
    )
    return found


def attainment(
    deals: Iterable[DealFigures],
    quarters: Sequence[str],
    quota: Callable[[str, str | None], int | None],
    owners: Sequence[str | None],
    currency: str,
    rates: Mapping[str, str],
    fiscal: int = 1,
) -> list[Attainment]:
    """Return what was won against each quota, by quarter, then in the order of `owners`.

    `quota` gives the minor units of `currency` for a quarter and an owner (None: everybody),
    or None. A quarter counts whole, whatever part of it a period has.
    """
    won: dict[tuple[str, str | None], int] = {}
    counts: dict[tuple[str, str | None], int] = {}
    for deal in deals:
        if deal.won and deal.closed:
            amount = worth(deal, currency, rates) or 0
            quarter = quarter_of(deal.closed, fiscal).label
            for owner in {deal.owner, None}:
                won[quarter, owner] = won.get((quarter, owner), 0) + amount
                counts[quarter, owner] = counts.get((quarter, owner), 0) + 1
    found = []
    for quarter in quarters:
        for owner in owners:
            target = quota(quarter, owner)
            if target:
                key = quarter, owner
                found.append(Attainment(*key, target, won.get(key, 0), counts.get(key, 0)))
    return found


def compare(
    deals: Iterable[DealFigures],
    period: Period,
    currency: str | None,
    rates: Mapping[str, str],
    few: int = figures.FEW,
    least: tuple[int, int] = (MIN_OWNERS, MIN_CLOSED),
) -> Comparison:
    """Compare the top quarter of the owners with the others, in figures.

    Ranked by the revenue of the deals they won in the period, in `currency`: deals in
    others count at `rates` (units of `currency` for one), else without an amount. `least` are the
    owners that it takes, and the closed deals of each.
    """
    closed: dict[str, list[DealFigures]] = {}
    for deal in deals:
        if deal.owner and deal.closed and period.start <= deal.closed <= period.end:
            closed.setdefault(deal.owner, []).append(deal)

    def worth_of(deal: DealFigures) -> int | None:
        return worth(deal, currency, rates)

    revenue = {
        owner: sum(worth_of(deal) or 0 for deal in own if deal.won)
        for owner, own in closed.items()
        if len(own) >= least[1]
    }
    ranked = sorted(revenue, key=lambda owner: (-revenue[owner], owner))
    if len(ranked) < max(least[0], 2):
        return Comparison(currency, len(ranked), None, None)
    top = ceil(len(ranked) / 4)
    best, rest = (
        _figures(names, [deal for name in names for deal in closed[name]], worth_of, few)
        for names in (ranked[:top], ranked[top:])
    )
    return Comparison(currency, len(ranked), best, rest)


def worth(deal: DealFigures, currency: str | None, rates: Mapping[str, str]) -> int | None:
    """The amount of a deal in `currency`; None without an amount, or without a rate for it.

    A rate is how many units of `currency` one unit of another buys.
    """
    if deal.amount is None or deal.currency is None or currency is None:
        return None
    return figures.convert(deal.amount, deal.currency, currency, rates)


def _figures(
    owners: Sequence[str],
    deals: Sequence[DealFigures],
    worth_of: Callable[[DealFigures], int | None],
    few: int,
) -> Figures:
    won = [deal for deal in deals if deal.won]
    amounts = [amount for deal in won if (amount := worth_of(deal)) is not None]
    listed = sum(deal.listed or 0 for deal in deals)
    charged = sum(deal.charged or 0 for deal in deals)
    return Figures(
        owners=owners,
        deals=len(deals),
        revenue=figures.average(sum(amounts), len(owners)) or 0,
        win_rate=figures.rate(len(won), len(deals), few),
        average=figures.average(sum(amounts), len(amounts)),
        cycle=figures.mean([(d.closed - d.opened).days for d in won if d.closed and d.opened]),
        touches=figures.mean([deal.touches for deal in deals if deal.touches is not None]),
        people=figures.mean([deal.people for deal in deals if deal.people is not None]),
        discount=figures.percent(listed - charged, listed),
    )
