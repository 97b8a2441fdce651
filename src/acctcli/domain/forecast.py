"""What a period will bring: deals summed by category and stage, at face value and weighted.

Sums never cross a currency; one total in the user's base currency comes only from
rates that the user has set. Amounts are integer minor units, rounded once per
line, after summing. Nothing here knows how deals are kept or drawn.

- Weighted = Σ amount times probability of the deal; what is won counts in full.
- Likely = the same deals drawn 10,000 times (`simulation`), each with the win rate of
  its stage that the book has learnt (`funnel.win_rates`), whatever its own probability.
- Looking back: what a past period was to bring, by what was known when it began, is
  Σ amount times learnt win rate over the deals that were open then and should close in
  it. The error is (became - forecast) ÷ forecast.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from acctcli.domain import figures
from acctcli.frozen import Frozen, FrozenRow
from acctcli.values.dates import iso
from acctcli.values.periods import Period

if TYPE_CHECKING:
    from acctcli.config import Quota, Stage
    from acctcli.domain.asof import History

CATEGORIES = ("closed", "commit", "best-case", "pipeline")
"""The lines of a forecast, the surest first; `omitted` deals are in none."""

Key = Callable[["ForecastDeal"], str | None]


class ForecastDeal(FrozenRow):
    """A deal as the forecast sees it; `day` is when it closed, or should close."""

    stage: str
    category: str | None
    probability: int | None
    amount: int | None
    currency: str | None
    day: date | None
    closed: bool
    owner: str | None = None
    tier: str | None = None


class ForecastLine(FrozenRow):
    """Deals of one name and one currency: how many, for how much, and weighted by chance."""

    name: str | None
    currency: str
    deals: int
    amount: int
    weighted: int


class Forecast(FrozenRow):
    """The lines of a period, and what is in none of them.

    `past` are open deals that was due to close before the period began,
    `undated` open deals without a close date, both as one line a currency;
    `without_amount` counts deals of the period that have none.
    """

    categories: list[ForecastLine]
    stages: list[ForecastLine]
    groups: list[ForecastLine]
    totals: list[ForecastLine]
    past: list[ForecastLine]
    undated: list[ForecastLine]
    without_amount: int


def forecast(
    entries: Iterable[ForecastDeal],
    period: Period | None,
    *,
    stages: Sequence[str],
    by: Key | None = None,
    order: Sequence[str] = (),
) -> Forecast:
    """Sum what closes in `period` (None: at any time, even without a day).

    Won deals count in full, on the day they closed; lost and omitted ones not at
    all. `stages` gives the order of the stages. `by` names the group of a deal;
    groups come in `order`, others after them by name, and those without a name last.
    """
    inside, past, undated = [], [], []
    for entry in entries:
        if entry.category not in CATEGORIES:
            continue
        if _closes_in(entry, period):
            inside.append(entry)
        elif entry.day is None:
            undated.append(entry)
        elif period and not entry.closed and entry.day < period.start:
            past.append(entry)
    return Forecast(
        categories=sums(inside, lambda entry: entry.category, CATEGORIES),
        stages=sums(inside, lambda entry: entry.stage, stages),
        groups=sums(inside, by, order) if by else [],
        totals=totals(inside),
        past=totals(past),
        undated=totals(undated),
        without_amount=sum(entry.amount is None for entry in inside),
    )


def _closes_in(entry: ForecastDeal, period: Period | None) -> bool:
    """Whether a deal closes in the period; in None every deal does, even without a day."""
    return period is None or bool(entry.day and period.start <= entry.day <= period.end)


def totals(entries: Iterable[ForecastDeal]) -> list[ForecastLine]:
    """One line a currency, without a name; the currency with the most deals first."""
    return sorted(sums(entries, lambda _: None), key=lambda line: (-line.deals, line.currency))


def sums(
    entries: Iterable[ForecastDeal], key: Key, order: Sequence[str] = ()
) -> list[ForecastLine]:
    """One line for each name that `key` gives and each currency; deals without amount in none."""
    found: dict[tuple[str | None, str], list[int]] = {}
    for entry in entries:
        if entry.amount is None or entry.currency is None:
            continue
        chance = 100 if entry.closed else entry.probability or 0
        cell = found.setdefault((key(entry), entry.currency), [0, 0, 0])
        cell[0] += 1
        cell[1] += entry.amount
        cell[2] += entry.amount * chance
    place = {name: at for at, name in enumerate(order)}
    return [
        ForecastLine(name, currency, deals, amount, _hundredth(weighted))
        for (name, currency), (deals, amount, weighted) in sorted(
            found.items(),
            key=lambda item: (
                item[0][0] is None,
                place.get(item[0][0] or "", len(place)),
                item[0][0] or "",
                item[0][1],
            ),
        )
    ]


def _hundredth(total: int) -> int:
    """A hundredth, half to the even neighbour."""
    whole, rest = divmod(total, 100)
    return whole + (rest > 50 or (rest == 50 and whole % 2 == 1))


class Converted(FrozenRow):
    """Totals of several currencies in the base currency; `missing` are those without a rate.

    While a rate is missing there is no total: part of one would look like all of it.
    """

    currency: str
    amount: int | None
    weighted: int | None
    missing: list[str]


def converted(
    lines: Sequence[ForecastLine], base: str, rates: Mapping[str, str]
) -> Converted | None:
    """The sum of `lines` in `base`; None where there is nothing to convert.

    A rate is how many units of `base` one unit of the currency buys.
    """
    if not base or all(line.currency == base for line in lines):
        return None
    missing = sorted({line.currency for line in lines} - {*rates, base})
    if missing:
        return Converted(base, None, None, missing)

    def in_base(amounts: Iterable[tuple[int, str]]) -> int:
        return sum(figures.convert(*amount, base, rates) or 0 for amount in amounts)

    amount = in_base((line.amount, line.currency) for line in lines)
    return Converted(base, amount, in_base((line.weighted, line.currency) for line in lines), [])


class LikelyClosed(Frozen):
    """What a period may bring in one currency: closed for sure, and with the open deals.

    `weighted` is the sum of the open ones at their learnt win rates, with what is closed;
    `mean` is that of the draws, and the others what 10, 50 and 90 % of them stay below.
    """

    currency: str
    closed: int
    open: int
    weighted: int
    p10: int
    p50: int
    p90: int
    mean: int


def likely(
    entries: Iterable[ForecastDeal], period: Period | None, rates: Mapping[str, float]
) -> list[LikelyClosed]:
    """The simulated range of a period, a line a currency; `rates` are the win rates by stage.

    A deal in a stage without a rate is drawn by its own probability.
    """
    from acctcli.domain.simulation import simulate

    closed: dict[str, int] = {}
    chances: dict[str, list[tuple[int, float]]] = {}
    for entry in entries:
        if entry.category not in CATEGORIES or not _closes_in(entry, period):
            continue
        if entry.amount is None or entry.currency is None:
            continue
        drawn = chances.setdefault(entry.currency, [])
        if entry.closed:
            closed[entry.currency] = closed.get(entry.currency, 0) + entry.amount
        else:
            drawn.append((entry.amount, rates.get(entry.stage, (entry.probability or 0) / 100)))
    found = []
    for currency in sorted(chances, key=lambda code: (-len(chances[code]), code)):
        certain, drawn = closed.get(currency, 0), chances[currency]
        weighted = certain + round(sum(amount * chance for amount, chance in drawn))
        spread = simulate(certain, drawn)
        found.append(LikelyClosed(currency, certain, len(drawn), weighted, *spread))
    return found


class Retrospect(Frozen):
    """What a period was to bring in one currency when it began, and what it brought.

    Of the `deals` that make the forecast, `estimated` came in closed: their amount and close
    date of that time are not known, so they count with what won deals brought on average.
    `opened_since` is what of `became` is from deals that were opened in the period.
    """

    currency: str
    deals: int
    estimated: int
    forecast: int
    became: int
    opened_since: int

    @property
    def error(self) -> float | None:
        """By how much it came out otherwise, in percent of the forecast."""
        return figures.percent(self.became - self.forecast, self.forecast)


def looking_back(
    known: Sequence[History],
    chosen: Sequence[History],
    period: Period,
    stages: Sequence[Stage],
) -> list[Retrospect]:
    """The forecast for a past period, made of what was known at the end of the day before it.

    `known` is the whole book, which the win rates are learnt from; `chosen` the deals that
    the forecast is about. A deal that came in closed counts as win rate times average amount
    won so far times the chance to close in time, which is the share of the won deals so far
    that took so many days more, of those that took longer than it had been open.
    """
    from acctcli.domain import asof, funnel

    before = iso(period.start - timedelta(days=1))
    first, last = iso(period.start), iso(period.end)
    rates = funnel.win_rates(funnel.passages(known, before, stages), stages)
    won = [one for one in asof.standings(known, before) if one.outcome == asof.WON]
    cycles = sorted(
        _days(one.deal.opened_on, one.since)
        for one in won
        if one.deal.opened_on is not None and one.since != asof.EVER
    )
    brought: dict[str, list[int]] = {}
    for one in won:
        if one.amount is not None and one.deal.currency is not None:
            brought.setdefault(one.deal.currency, []).append(one.amount)
    sums: dict[str, list[float]] = {}
    for history in chosen:
        deal, then = history.deal, asof.standing(history, before)
        if deal.currency is None:
            continue
        parts = sums.setdefault(deal.currency, [0, 0, 0.0, 0, 0])
        if then is not None and then.outcome == asof.OPEN:
            rate = rates.get(then.stage, 0.0)
            if then.hindsight:
                age = _days(deal.opened_on or before, before)
                share = _closing_share(cycles, age, age + _days(before, last))
                amounts = brought.get(deal.currency, [])
                if share and amounts:
                    parts[0] += 1
                    parts[1] += 1
                    parts[2] += rate * share * sum(amounts) / len(amounts)
            elif then.amount is not None and first <= (then.close_date or "") <= last:
                parts[0] += 1
                parts[2] += rate * then.amount
        if deal.category == "closed" and deal.closed_on and first <= deal.closed_on <= last:
            parts[3] += deal.amount or 0
            parts[4] += (deal.amount or 0) if (deal.opened_on or "") >= first else 0
    found = [
        Retrospect(currency, *(round(part) for part in parts)) for currency, parts in sums.items()
    ]
    found = [line for line in found if line.deals or line.became]
    return sorted(found, key=lambda line: (-line.deals, line.currency))


def _closing_share(cycles: Sequence[int], age: int, until: int) -> float:
    """Of the cycles (sorted days) longer than an age, the share that is over by then."""
    longer = len(cycles) - bisect_right(cycles, age)
    over = bisect_right(cycles, until) - bisect_right(cycles, age)
    return figures.quotient(over, longer) or 0.0


def _days(earlier: str, later: str) -> int:
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days


class Target(Frozen):
    """What is closed of a quota, in minor units of its currency; `closed` None without a rate."""

    owner: str | None
    quota: int
    closed: int | None

    @property
    def share(self) -> float | None:
        """Closed of the quota, in percent."""
        return None if self.closed is None else figures.percent(self.closed, self.quota)

    @property
    def gap(self) -> int | None:
        """What is missing; below zero, how far it is passed."""
        return None if self.closed is None else self.quota - self.closed


def targets(
    entries: Iterable[ForecastDeal],
    period: Period,
    quota: Quota,
    owners: Sequence[str | None],
    rates: Mapping[str, str],
) -> list[Target]:
    """Attainment in a period of whole quarters, of each of `owners` that has a quota in them.

    None among `owners` is everybody. `rates` are units of the quota's currency.
    """
    from acctcli.domain.performance import quarters
    from acctcli.text import key
    from acctcli.values.periods import quarter_of

    if quarter_of(period.start).start != period.start or quarter_of(period.end).end != period.end:
        return []
    closed = [
        entry
        for entry in entries
        if entry.closed and entry.category == "closed" and _closes_in(entry, period)
    ]
    found = []
    for owner in owners:
        target = sum(quota.of(quarter, owner) or 0 for quarter in quarters(period))
        if not target:
            continue
        own: dict[str, int] = {}
        for entry in closed:
            mine = owner is None or key(entry.owner or "") == key(owner)
            if mine and entry.amount is not None and entry.currency is not None:
                own[entry.currency] = own.get(entry.currency, 0) + entry.amount
        sum_of_all = figures.total(own, quota.currency, rates)
        amount = own.get(quota.currency, 0) if sum_of_all is None else sum_of_all.amount
        found.append(Target(owner, target, amount))
    return found
