"""What a period will bring: deals summed by category and stage, at face value and weighted.

Sums never cross a currency. Where the user has set rates, the caller hands in entries that are
converted already, and all of them are one currency. Amounts are integer minor units, rounded
once per line, after summing. Nothing here knows how deals are kept or drawn.

- Weighted = Σ amount times chance. The chance of a deal is the one in force: that of its stage,
  as the book has learnt it (`win_rates`), unless the seller gave the deal another one by hand.
  What is won counts in full.
- Likely = the same deals drawn 10,000 times (`simulation`): in each draw a deal is won or not
  by its chance, and in time or not by the share of won deals that closed within the days left.
  A few deals have no range: their outcomes are listed.
- Every open deal is in exactly one line: closing in the period, or one of those of `LeftOut`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from acctcli.domain import figures
from acctcli.domain.simulation import PossibleSum
from acctcli.frozen import Frozen, FrozenRow
from acctcli.values.periods import Period

CATEGORIES = ("closed", "commit", "best-case", "pipeline")
"""The lines of a forecast, the surest first; `omitted` deals are in none."""

FEW = 5
"""Below this many open deals their outcomes are listed, and below it nothing has a percentage."""

Key = Callable[["ForecastDeal"], str | None]


class ForecastDeal(FrozenRow):
    """A deal as the forecast sees it; `day` is when it closed, or should close.

    `chance` (0 to 1) is the one in force, `in_time` that it closes within the period if it
    is won; both are 1 for a won deal.
    """

    id: str
    title: str
    account: str
    stage: str
    category: str | None
    amount: int | None
    currency: str | None
    day: date | None
    closed: bool
    chance: float
    in_time: float
    owner: str | None
    tier: str | None

    @property
    def won(self) -> bool:
        """Whether it was won."""
        return self.closed and self.category == "closed"


class ForecastLine(FrozenRow):
    """Deals of one name and one currency: how many, for how much, and weighted by chance."""

    name: str | None
    currency: str
    deals: int
    amount: int
    weighted: int


class LeftOut(Frozen):
    """The open deals that are in no line of the period, each in one of these.

    `past` should have closed before today; `before` and `later` are to close before and after
    the period; the others say it themselves. Those without an amount, whatever their date,
    are in `without_amount` only, together with what was won in the period without one.
    """

    past: Sequence[ForecastDeal]
    before: Sequence[ForecastDeal]
    later: Sequence[ForecastDeal]
    undated: Sequence[ForecastDeal]
    without_amount: Sequence[ForecastDeal]
    omitted: Sequence[ForecastDeal]


class Forecast(FrozenRow):
    """The lines of a period, the deals that they are made of, and what is in none of them."""

    categories: list[ForecastLine]
    stages: list[ForecastLine]
    groups: list[ForecastLine]
    totals: list[ForecastLine]
    inside: list[ForecastDeal]
    left_out: LeftOut


def forecast(
    entries: Iterable[ForecastDeal],
    period: Period | None,
    today: date,
    *,
    stages: Sequence[str],
    by: Key | None = None,
    order: Sequence[str] = (),
) -> Forecast:
    """Sum what closes in `period` (None: at any time, even without a day).

    Won deals count in full, on the day they closed; lost ones not at all. `stages` gives the
    order of the stages. `by` names the group of a deal; groups come in `order`, others after
    them by name, and those without a name last.
    """
    places: dict[str, list[ForecastDeal]] = {
        name: [] for name in ("inside", *LeftOut.__annotations__)
    }
    for entry in entries:
        place = _place(entry, period, today)
        if place is not None:
            places[place].append(entry)
    inside = places.pop("inside")
    return Forecast(
        categories=sums(inside, lambda entry: entry.category, CATEGORIES),
        stages=sums(inside, lambda entry: entry.stage, stages),
        groups=sums(inside, by, order) if by else [],
        totals=totals(inside),
        inside=inside,
        left_out=LeftOut(**places),
    )


def _place(entry: ForecastDeal, period: Period | None, today: date) -> str | None:
    """In which line a deal is; None for one that is lost, or was won at another time."""
    if entry.closed:
        inside = entry.won and closes_in(entry, period)
        return None if not inside else "without_amount" if entry.amount is None else "inside"
    if entry.category not in CATEGORIES:
        return "omitted"
    if entry.amount is None:
        return "without_amount"
    if period is None:
        return "inside"
    if entry.day is None:
        return "undated"
    if entry.day < today:
        return "past"
    if entry.day < period.start:
        return "before"
    return "later" if entry.day > period.end else "inside"


def closes_in(entry: ForecastDeal, period: Period | None) -> bool:
    """Whether a deal closes in the period; in None every deal does, even without a day."""
    return period is None or bool(entry.day and period.start <= entry.day <= period.end)


def totals(entries: Iterable[ForecastDeal]) -> list[ForecastLine]:
    """One line per currency, without a name; the currency with the most deals first."""
    return sorted(sums(entries, lambda _: None), key=lambda line: (-line.deals, line.currency))


def sums(
    entries: Iterable[ForecastDeal], key: Key, order: Sequence[str] = ()
) -> list[ForecastLine]:
    """One line for each name that `key` gives and each currency; deals without amount in none."""
    found: dict[tuple[str | None, str], tuple[int, int, float]] = {}
    for entry in entries:
        if entry.amount is None or entry.currency is None:
            continue
        place = key(entry), entry.currency
        deals, amount, weighted = found.get(place, (0, 0, 0.0))
        chance = 1 if entry.closed else entry.chance
        found[place] = deals + 1, amount + entry.amount, weighted + entry.amount * chance
    place_of = {name: at for at, name in enumerate(order)}
    return [
        ForecastLine(name, currency, deals, amount, figures.nearest(weighted))
        for (name, currency), (deals, amount, weighted) in sorted(
            found.items(),
            key=lambda item: (
                item[0][0] is None,
                place_of.get(item[0][0] or "", len(place_of)),
                item[0][0] or "",
                item[0][1],
            ),
        )
    ]


class LikelyClosed(Frozen):
    """What a period may bring in one currency: closed for sure, and with the open deals.

    `weighted` is the sum of the open ones by their chances, with what is closed. `mean`
    is that of the draws, which also ask whether a deal closes in time; `p10`, `p50` and `p90`
    are what 10, 50 and 90 % of them stay below, or None where `outcomes` lists what a few
    deals may come to. `reached` is the chance (0 to 1) to come to the target or more.
    """

    currency: str
    closed: int
    open: int
    weighted: int
    mean: int
    p10: int | None
    p50: int | None
    p90: int | None
    outcomes: Sequence[PossibleSum]
    reached: float | None


def likely(
    inside: Iterable[ForecastDeal], target: tuple[int, str] | None = None, few: int = FEW
) -> list[LikelyClosed]:
    """Return what the deals of a period may come to, one line per currency, the most deals first.

    `target` is an amount and its currency, for the chance to reach it.
    """
    from acctcli.domain.simulation import outcomes, simulate

    closed: dict[str, int] = {}
    drawn: dict[str, list[ForecastDeal]] = {}
    for entry in inside:
        if entry.amount is not None and entry.currency is not None:
            drawn.setdefault(entry.currency, [])
            if entry.closed:
                closed[entry.currency] = closed.get(entry.currency, 0) + entry.amount
            else:
                drawn[entry.currency].append(entry)
    found = []
    for currency in sorted(drawn, key=lambda code: (-len(drawn[code]), code)):
        certain, deals = closed.get(currency, 0), drawn[currency]
        weighted = certain + figures.nearest(sum((d.amount or 0) * d.chance for d in deals))
        chances = [(deal.amount or 0, deal.chance * deal.in_time) for deal in deals]
        aim = target[0] if target and target[1] == currency else None
        start = currency, certain, len(deals), weighted
        if len(deals) < few:
            listed = outcomes(certain, chances)
            mean = figures.nearest(sum(one.amount * one.chance for one in listed))
            reached = None if aim is None else sum(o.chance for o in listed if o.amount >= aim)
            shown = listed if deals else ()
            found.append(LikelyClosed(*start, mean, None, None, None, shown, reached))
        else:
            drawn_ = simulate(certain, chances, aim)
            spread = drawn_.mean, drawn_.p10, drawn_.p50, drawn_.p90
            found.append(LikelyClosed(*start, *spread, (), drawn_.reached))
    return found
