"""What a past period was expected to bring when it began, and what the same deals brought.

The forecast is made of the deals that were open at the end of the day before the period, and it
is compared with those deals only: what was opened since, pulled in or pushed out stands apart.

- A deal whose stages were recorded counts with amount times chance, if it should close in the
period. One without an amount counts with the average of deals won until then. - A deal that was
imported as closed has no close date from that time. It counts with amount times chance times the
share of won deals of its age that closed within as many days. Its own amount counts where the lost
deals that were imported have amounts too; where only winning brought one, an amount would give the
outcome away, so the average counts instead. - error = (actual - forecast) ÷ forecast; accuracy = 1
- |forecast - actual| ÷ actual. Neither for fewer than `FEW` deals.

Pure: histories in, lines out. Amounts are integer minor units, days ISO texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from acctcli.domain import asof, figures, pipeline, win_rates
from acctcli.domain.forecast import FEW
from acctcli.frozen import Frozen
from acctcli.values.dates import iso
from acctcli.values.periods import Period

if TYPE_CHECKING:
    from acctcli.config import Stage
    from acctcli.domain.asof import History, Standing


class Retrospect(Frozen):
    """What the deals known on the first day were expected to bring in a currency, and did bring.

    Of the `deals` in the forecast, `estimated` were imported as closed. `became` is what they
    brought in the period. The others are in neither figure: opened and won since, won although
    they should have closed at another time (pulled in), and still open when the period was
    over (pushed out; part of the forecast), each as the number of deals and their amount.
    """

    currency: str
    deals: int
    estimated: int
    forecast: int
    became: int
    opened_since: tuple[int, int]
    pulled_in: tuple[int, int]
    pushed_out: tuple[int, int]
    few: int

    @property
    def error(self) -> float | None:
        """By how much it came out otherwise, in percent of the forecast."""
        off = self.became - self.forecast
        return figures.rate(off, self.forecast, self.few, cases=self.deals)

    @property
    def accuracy(self) -> float | None:
        """1 - |forecast - actual| ÷ actual, in percent; below zero for worse than nothing."""
        right = self.became - abs(self.forecast - self.became)
        return figures.rate(right, self.became, self.few, cases=self.deals)


class _Sums:
    """What is added up for one currency."""

    def __init__(self) -> None:
        self.deals = self.estimated = self.became = 0
        self.forecast = 0.0
        self.opened_since, self.pulled_in, self.pushed_out = [0, 0], [0, 0], [0, 0]


def looking_back(
    known: Sequence[History],
    chosen: Sequence[History],
    period: Period,
    stages: Sequence[Stage],
    *,
    chances: Mapping[str, float] | None = None,
    prior: int = win_rates.PRIOR,
    few: int = FEW,
) -> list[Retrospect]:
    """Compare the forecast of the day before a past period with what its deals brought.

    `known` is the whole book, which rates and averages are learnt from; `chosen` the deals
    that the forecast is about. `chances` are those that the seller gave deals by hand, by
    id. One line per currency, the one with the most deals first.
    """
    before = iso(period.start - timedelta(days=1))
    last = iso(period.end)
    rates = win_rates.learn(known, before, stages, prior)
    whole = win_rates.cycles(known, before).whole
    usual = _usual_currency(known)
    averages = _averages(known, before)
    own_amounts = _with_lost_amounts(known, usual)
    found: dict[str, _Sums] = {}
    for history in chosen:
        deal, then = history.deal, asof.standing(history, before)
        currency = deal.currency or usual
        if currency is None:
            continue
        sums = found.setdefault(currency, _Sums())
        won = _won_in(history, iso(period.start), last)
        if then is None:
            if won:
                _add(sums.opened_since, deal.amount)
            continue
        if then.outcome != pipeline.OPEN:
            continue
        learnt = rates[win_rates.business_of(deal.type)]
        # A deal that was imported as closed was in a stage that nobody knows.
        rate = learnt.base if then.hindsight else learnt.rate(then.stage) or 0.0
        chance = (chances or {}).get(deal.id, rate)
        amount = then.amount
        if then.hindsight and (currency not in own_amounts or not amount):
            amount = None
        worth = averages.get(currency) if amount is None else amount
        share = _share(then, before, last, whole)
        if not share or worth is None:
            if won:
                _add(sums.pulled_in, deal.amount)
            continue
        sums.deals += 1
        sums.estimated += then.hindsight
        sums.forecast += chance * share * worth
        if won:
            sums.became += deal.amount or 0
        elif not then.hindsight and _open_after(history, last):
            _add(sums.pushed_out, amount)
    lines = [
        Retrospect(
            currency,
            sums.deals,
            sums.estimated,
            figures.nearest(sums.forecast),
            sums.became,
            opened_since=(sums.opened_since[0], sums.opened_since[1]),
            pulled_in=(sums.pulled_in[0], sums.pulled_in[1]),
            pushed_out=(sums.pushed_out[0], sums.pushed_out[1]),
            few=few,
        )
        for currency, sums in found.items()
        if sums.deals or any(counted[0] for counted in _apart(sums))
    ]
    return sorted(lines, key=lambda line: (-line.deals, line.currency))


def _apart(sums: _Sums) -> tuple[list[int], list[int], list[int]]:
    return sums.opened_since, sums.pulled_in, sums.pushed_out


def _add(counted: list[int], amount: int | None) -> None:
    counted[0] += 1
    counted[1] += amount or 0


def _share(then: Standing, before: str, last: str, whole: Sequence[int]) -> float:
    """Return the share of a deal in the forecast: by its date, or by the age of others."""
    if not then.hindsight:
        return float(before < (then.close_date or "") <= last)
    opened = then.deal.opened_on or before
    return win_rates.closing_share(whole, _days(opened, before), _days(opened, last))


def _won_in(history: History, first: str, last: str) -> bool:
    deal = history.deal
    return deal.outcome == pipeline.WON and first <= (deal.closed_on or "") <= last


def _open_after(history: History, last: str) -> bool:
    then = asof.standing(history, last)
    return then is not None and then.outcome == pipeline.OPEN


def _averages(known: Sequence[History], day: str) -> dict[str, float]:
    """Return the mean amount of a won deal by the end of a day, by currency."""
    brought: dict[str, list[int]] = {}
    for one in asof.standings(known, day):
        if one.outcome == pipeline.WON and one.amount and one.deal.currency is not None:
            brought.setdefault(one.deal.currency, []).append(one.amount)
    return {currency: sum(amounts) / len(amounts) for currency, amounts in brought.items()}


def _usual_currency(known: Sequence[History]) -> str | None:
    """The currency of most deals: that of one without an amount, which names none."""
    counts = Counter(history.deal.currency for history in known if history.deal.currency)
    return counts.most_common(1)[0][0] if counts else None


def _with_lost_amounts(known: Sequence[History], usual: str | None) -> set[str]:
    """Return the currencies in which at least half of the imported lost deals have amounts."""
    lost: dict[str, list[bool]] = {}
    for history in known:
        deal = history.deal
        currency = deal.currency or usual
        if history.came_in_closed and deal.outcome == pipeline.LOST and currency is not None:
            lost.setdefault(currency, []).append(bool(deal.amount))
    return {currency for currency, has in lost.items() if 2 * sum(has) >= len(has)}


def _days(earlier: str, later: str) -> int:
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days
