"""How deals pass through the stages: how many move on, how long it takes, what is stuck.

All as of a day, from the history of deals until then (`asof`):

- Conversion of a stage = deals that moved on from it ÷ deals that moved on or were lost
  there. Moving on means reaching a later stage or being won. Stages that a deal skipped
  do not count it. Win rate of a stage = won ÷ closed, of the deals that were ever in it.
- Time in a stage = median of all days that deals spent there, of those that left.
- Velocity = open deals times win rate times average amount won ÷ cycle: what the pipeline
  brings per day if it continues as in the last 365 days. By currency, with the win rate, the
  average and the mean days from open to won of the deals closed in those days.
- A deal is rotting if it has been in its stage for longer than the norm of the stage, had no
  two-way touch lately, and has no dated future step. The norm is `days` of the stage in the
  settings, else the median of the days that won deals spent there, once there are `MIN_WON` of
  them; without either, no deal of the stage is rotting.

Pure: amounts are integer minor units, days ISO texts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from acctcli.domain import figures
from acctcli.domain.asof import EVER, History, Standing, steps_until
from acctcli.domain.pipeline import LOST, OPEN, WON
from acctcli.frozen import Frozen
from acctcli.values.dates import iso

if TYPE_CHECKING:
    from acctcli.config import Stage

WINDOW = 365
"""Days before a day of which closed deals make its velocity."""

MIN_WON = 5
"""Won deals that a median needs to be the norm of a stage."""


QUIET_DAYS = 14
"""A deal that was talked about more lately is not rotting, however long it is in its stage."""


class Passage(Frozen):
    """What became of the deals that were in a stage; `days` and `won_days` have one value per deal.

    `onward`, `lost` and `still` add up to `entered`; `won` are of `closed`, which were won or lost
    at any stage.
    """

    stage: str
    entered: int
    onward: int
    lost: int
    still: int
    won: int
    closed: int
    days: Sequence[int]
    won_days: Sequence[int]
    few: int = figures.FEW

    @property
    def conversion(self) -> float | None:
        """Share of the deals that moved on, of those that left, in percent; None for a few."""
        return figures.rate(self.onward, self.onward + self.lost, self.few)

    @property
    def win_rate(self) -> float | None:
        """Won of those closed, in percent; None for a few."""
        return figures.rate(self.won, self.closed, self.few)

    @property
    def median_days(self) -> float | None:
        """Median of the days in the stage."""
        return figures.median(self.days)


class Velocity(Frozen):
    """What the pipeline in one currency brings per day, and the figures behind it.

    `won` and `closed` are of the window, `amount` is what the `priced` of the won brought,
    `cycle_days` the days from open to won of all of them.
    """

    currency: str
    deals: int
    won: int
    closed: int
    priced: int
    amount: int
    cycle_days: int
    few: int = figures.FEW

    @property
    def win_rate(self) -> float | None:
        """Won of those closed, in percent; None for a few."""
        return figures.rate(self.won, self.closed, self.few)

    @property
    def average(self) -> int | None:
        """The mean amount of a won deal, in minor units."""
        return figures.average(self.amount, self.priced)

    @property
    def cycle(self) -> float | None:
        """Mean days from open to won."""
        return figures.each(self.cycle_days, self.won)

    @property
    def per_day(self) -> int | None:
        """Minor units per day; None while nothing was won, or all within the day."""
        # deals * (won/closed) * (amount/priced) / (cycle_days/won), rounded once.
        brought = self.deals * self.won**2 * self.amount
        return figures.average(brought, self.closed * self.priced * self.cycle_days)


class Norm(Frozen):
    """The usual days in a stage, and where that figure is from."""

    days: float
    source: str


class Rotting(Frozen):
    """A deal that has been in its stage for longer than the norm, without contact for `quiet`.

    Without any contact that is known, `quiet` counts from the day it was opened.
    """

    standing: Standing
    days: int
    norm: float
    quiet: int


def passages(
    known: Iterable[History], day: str, stages: Sequence[Stage], few: int = figures.FEW
) -> list[Passage]:
    """Return what became of the deals in each stage, by the end of a day.

    Open stages of the settings in order, then removed stages that deals were in.
    """
    rank = {stage.name: place for place, stage in enumerate(s for s in stages if s.open)}
    counts: dict[str, list[int]] = {name: [0] * 6 for name in rank}
    days: dict[str, list[int]] = {name: [] for name in rank}
    won_days: dict[str, list[int]] = {name: [] for name in rank}
    for history in known:
        steps = steps_until(history, day)
        if not steps:
            continue
        visits = {step.stage: 0 for step in steps if step.outcome == OPEN}
        timeless = {step.stage for step in steps if step.entered == EVER}
        for step, following in pairwise(steps):
            if step.outcome == OPEN:
                visits[step.stage] += max(_days(step.entered, following.entered), 0)
        last = steps[-1]
        furthest = max((rank.get(name, -1) for name in visits), default=-1)
        for name, spent in visits.items():
            count = counts.setdefault(name, [0] * 6)
            further = last.outcome == WON or furthest > rank.get(name, len(rank))
            count[0] += 1
            count[1] += further
            count[2] += not further and last.outcome == LOST
            count[3] += not further and last.outcome == OPEN
            count[4] += last.outcome == WON
            count[5] += last.outcome != OPEN
            if name not in timeless and (last.outcome != OPEN or last.stage != name):
                days.setdefault(name, []).append(spent)
                if last.outcome == WON:
                    won_days.setdefault(name, []).append(spent)
    found = []
    for name, (entered, onward, lost, still, won, closed) in counts.items():
        spent_by = days.get(name, ()), won_days.get(name, ())
        found.append(Passage(name, entered, onward, lost, still, won, closed, *spent_by, few))
    return found


def norms(
    found: Iterable[Passage], stages: Sequence[Stage], least: int = MIN_WON
) -> dict[str, Norm]:
    """Return the usual days in each stage, where they are known."""
    set_days = {stage.name: stage.days for stage in stages if stage.days is not None}
    norms = {name: Norm(days, "settings") for name, days in set_days.items()}
    for passage in found:
        middle, enough = figures.median(passage.won_days), len(passage.won_days) >= least
        if passage.stage not in norms and middle is not None and enough:
            norms[passage.stage] = Norm(middle, "won deals")
    return norms


def rotting(
    standings: Iterable[Standing],
    norms: dict[str, Norm],
    planned: Collection[str],
    touched: Mapping[str, str],
    day: str,
    quiet_days: int = QUIET_DAYS,
) -> list[Rotting]:
    """Open deals longer in their stage than its norm and without contact, the furthest first.

    `planned` are the ids of deals with a dated future step, `touched` has the day of the
    last two-way contact about a deal by its id.
    """
    found = []
    for one in standings:
        norm = norms.get(one.stage)
        if one.outcome != OPEN or norm is None or one.deal.id in planned or one.since == EVER:
            continue
        days = _days(one.since, day)
        last = max(touched.get(one.deal.id, ""), one.deal.opened_on or "") or one.since
        quiet = _days(last, day)
        if rots(days, norm.days, quiet, quiet_days):
            found.append(Rotting(one, days, norm.days, quiet))
    found.sort(key=lambda one: (one.norm - one.days, one.standing.deal.id))
    return found


def rots(days: int, norm: float | None, quiet: int, quiet_days: int) -> bool:
    """Whether a deal is longer in its stage than usual, with no contact for `quiet_days`."""
    return norm is not None and days > norm and quiet >= quiet_days


def velocities(
    standings: Sequence[Standing], day: str, few: int = figures.FEW, window: int = WINDOW
) -> list[Velocity]:
    """Return the velocity as of a day, one line per currency with open deals, the most deals first.

    While all deals have one currency, those without an amount count with it.
    """
    after = iso(date.fromisoformat(day) - timedelta(days=window))
    currencies = {one.deal.currency for one in standings if one.deal.currency is not None}
    single = next(iter(currencies)) if len(currencies) == 1 else None
    sums = {currency: [0] * 6 for currency in currencies}
    for one in standings:
        parts = sums.get(one.deal.currency or single or "")
        if parts is None:
            continue
        if one.outcome == OPEN:
            parts[0] += 1
        elif one.since > after and one.deal.opened_on is not None:
            parts[2] += 1
            if one.outcome == WON:
                parts[1] += 1
                parts[3] += one.amount is not None
                parts[4] += one.amount or 0
                parts[5] += _days(one.deal.opened_on, one.since)
    found = [
        Velocity(currency, deals, won, closed, priced, amount, days, few)
        for currency, (deals, won, closed, priced, amount, days) in sums.items()
        if deals
    ]
    return sorted(found, key=lambda line: (-line.deals, line.currency))


def _days(earlier: str, later: str) -> int:
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days
