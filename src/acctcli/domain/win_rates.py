"""Win rates of the stages, learnt from what the book has seen.

Two kinds of deals teach. A deal whose passage was *seen* (it was open in the book before it
closed) teaches every stage that it passed; a stage that it skipped counts as passed. A deal
that was imported as closed says nothing about stages, so it teaches only the **base rate**:
the share of all closed deals that were won. Renewals and new business are learnt apart.

- base rate = (won + k times m) ÷ (closed + k), where m is the mean of the defaults of the open
  stages and k is `prior`.
- prior of a stage = its default with its odds times one factor for all stages. With that factor
  the stages explain as many wins as there were: a deal that was seen counts with the stage in
  which it came in, and one of unknown passage with the mean of all stages, and so do the k deals
  that speak for the defaults. Taking the base rate for that of the first stage instead would give
  a book of imported deals with a base rate of 63 % a rate of 98 % in negotiation.
- rate = (won + k times prior) ÷ (closed + k), over the closed deals seen in the stage: the mean
  of a beta distribution that starts at the prior with the weight of k deals.
- A rate never falls along the funnel. Where it would, neighbouring stages get their common
  mean (pool adjacent violators: Ayer, Brunk, Ewing, Reid and Silverman, *Ann. Math. Stat.*
  26, 1955), weighted by closed + k.

**In time**: of the won deals that were still open as many days after they entered the stage
as this one is now, the share that was won within the days left. Where fewer than `timed`
such deals are known for the stage, days count from the opening of the deal, over all won
deals; where these are too few as well, the deal is taken to close on its date. So is a deal
that was entered in a later stage on the day of its opening: it began before, nobody knows when.

Pure: histories in, rates out. Days are ISO texts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import exp, log
from typing import TYPE_CHECKING

from acctcli.domain.asof import EVER, History, Step, steps_until
from acctcli.domain.pipeline import OPEN, WON
from acctcli.frozen import Frozen

if TYPE_CHECKING:
    from acctcli.config import Stage

RENEWAL, NEW = "renewal", "new"
BUSINESSES = (NEW, RENEWAL)
"""What is learnt apart: deals of type renewal, and all others."""

PRIOR = 10
"""Deals that the prior of a stage weighs as much as."""

MOST_MOVED = 20.0
"""The most by which the log odds of the defaults are moved, either way: a factor of 500 million."""

TIMED = 5
"""Won deals that it takes to learn whether a deal closes in time."""


class StageRate(Frozen):
    """The chance (0 to 1) of a stage, and how it came about.

    `won` of `closed` deals were seen in it; `learnt` is their rate drawn to the `prior`, and
    `rate` the same after no stage may lie below an earlier one.
    """

    stage: str
    default: float
    prior: float
    won: int
    closed: int
    learnt: float
    rate: float


class Learnt(Frozen):
    """The rates of one business; its base rate is `base`, from `won` of `closed` deals."""

    business: str
    won: int
    closed: int
    base: float
    stages: Sequence[StageRate]

    def rate(self, stage: str) -> float | None:
        """The chance of a stage; None for one that the settings do not have as open."""
        return next((one.rate for one in self.stages if one.stage == stage), None)


def business_of(type: str | None) -> str:
    """Return the business that a deal of a type belongs to."""
    return RENEWAL if type == RENEWAL else NEW


def learn(
    known: Iterable[History], day: str, stages: Sequence[Stage], prior: int = PRIOR
) -> dict[str, Learnt]:
    """Return the rates of each business, from what was closed by the end of a day."""
    opened = [stage for stage in stages if stage.open]
    place = {stage.name: at for at, stage in enumerate(opened)}
    won_of = dict.fromkeys(BUSINESSES, 0)
    entered: dict[str, Counter[int | None]] = {business: Counter() for business in BUSINESSES}
    seen = {business: [[0, 0] for _ in opened] for business in BUSINESSES}
    for history in known:
        steps = steps_until(history, day)
        if not steps or steps[-1].outcome == OPEN:
            continue
        won = steps[-1].outcome == WON
        business = business_of(history.deal.type)
        won_of[business] += won
        if history.came_in_closed:
            entered[business][None] += 1
            continue
        entered[business][place.get(steps[0].stage)] += 1
        for at in range(len(opened) if won else _furthest(steps, place) + 1):
            seen[business][at][0] += won
            seen[business][at][1] += 1
    return {
        name: _learnt(name, won_of[name], entered[name], seen[name], opened, prior)
        for name in BUSINESSES
    }


def _furthest(steps: Iterable[Step], place: Mapping[str, int]) -> int:
    """The last open stage that a deal reached; -1 if the settings know none of its stages."""
    return max((place.get(step.stage, -1) for step in steps if step.outcome == OPEN), default=-1)


def _learnt(
    business: str,
    won_in_all: int,
    entered: Mapping[int | None, int],
    seen: Sequence[Sequence[int]],
    stages: Sequence[Stage],
    prior: int,
) -> Learnt:
    defaults = [stage.probability / 100 for stage in stages]
    closed_in_all = sum(entered.values())
    wins = won_in_all + prior * _usual(defaults, defaults)
    base_rate = wins / (closed_in_all + prior)
    by = _shift(defaults, entered, wins, prior) if closed_in_all else 0.0
    priors = [_moved(default, by) for default in defaults]
    learnt = [
        (won + prior * before) / (closed + prior)
        for (won, closed), before in zip(seen, priors, strict=True)
    ]
    rates = rising(learnt, [closed + prior for _, closed in seen])
    found = [
        StageRate(stage.name, default, before, won, closed, own, rate)
        for stage, default, before, (won, closed), own, rate in zip(
            stages, defaults, priors, seen, learnt, rates, strict=True
        )
    ]
    return Learnt(business, won_in_all, closed_in_all, base_rate, found)


def _usual(chances: Sequence[float], defaults: Sequence[float]) -> float:
    """Return the mean chance of the stages; those that are certain by default say nothing."""
    doubtful = [chance for chance, usual in zip(chances, defaults, strict=True) if 0 < usual < 1]
    return sum(doubtful) / len(doubtful) if doubtful else 0.0


def _shift(
    defaults: Sequence[float], entered: Mapping[int | None, int], wins: float, prior: int
) -> float:
    """Return by how much the log odds of the defaults must move to explain the wins.

    `entered` counts the closed deals by the place of the stage in which they came in, None where
    nobody knows it. The `prior` deals that speak for the defaults are of unknown stage too, and
    their wins are among `wins`.
    """

    def explained(by: float) -> float:
        moved = [_moved(chance, by) for chance in defaults]
        usual = _usual(moved, defaults)
        return prior * usual + sum(
            many * (usual if place is None else moved[place]) for place, many in entered.items()
        )

    low, high = -MOST_MOVED, MOST_MOVED
    for _ in range(50):  # more wins are explained the higher the odds
        middle = (low + high) / 2
        low, high = (middle, high) if explained(middle) < wins else (low, middle)
    return (low + high) / 2


def _moved(chance: float, by: float) -> float:
    """Return a chance after its log odds moved; what is certain stays certain."""
    if chance in (0, 1):
        return chance
    return 1 / (1 + exp(-log(chance / (1 - chance)) - by))


def rising(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Return the nearest values (least squares) that never fall: pool adjacent violators."""
    blocks: list[tuple[float, float, int]] = []  # the mean, its weight, how many values
    for value, weight in zip(values, weights, strict=True):
        mean, total, size = value, weight, 1
        while blocks and blocks[-1][0] > mean:
            before, weighed, many = blocks.pop()
            mean = (before * weighed + mean * total) / (weighed + total)
            total, size = weighed + total, many + size
        blocks.append((mean, total, size))
    return [mean for mean, _, size in blocks for _ in range(size)]


class Cycles(Frozen):
    """Days that won deals took: from entering each stage, and from opening; sorted."""

    stages: Mapping[str, Sequence[int]]
    whole: Sequence[int]


class InTime(Frozen):
    """The share (0 to 1) of won deals that closed within the days left.

    From `deals` in all; `by` is what their days count from, `stage` or `opening`, or None
    where too few are known and the deal is taken to close on its date.
    """

    share: float
    deals: int
    by: str | None


def cycles(known: Iterable[History], day: str) -> Cycles:
    """Return the days that the deals took that were won by the end of a day."""
    by_stage: dict[str, list[int]] = {}
    whole = []
    for history in known:
        steps = steps_until(history, day)
        if not steps or steps[-1].outcome != WON:
            continue
        closed = steps[-1].entered
        if history.deal.opened_on is not None and closed != EVER:
            whole.append(_days(history.deal.opened_on, closed))
        if not history.came_in_closed:
            entered = {s.stage: s.entered for s in steps if s.outcome == OPEN and s.entered != EVER}
            for stage, since in entered.items():
                by_stage.setdefault(stage, []).append(_days(since, closed))
    return Cycles({name: sorted(days) for name, days in by_stage.items()}, sorted(whole))


def opening_known(history: History, first: str) -> bool:
    """Return whether days since its opening say how long a deal has been worked on.

    One that was entered on that day beyond the `first` stage had begun before.
    """
    deal = history.deal
    return history.steps[0].stage == first or deal.opened_on != deal.entered_on


def in_time(
    known: Cycles, stage: str, in_stage: int | None, age: int | None, left: int, timed: int = TIMED
) -> InTime:
    """Return the share of deals like this one that closed within the days `left`.

    `in_stage` and `age` are the days since it entered its stage and since it was opened; None where
    that is unknown.
    """
    if left < 0:
        return InTime(0.0, 0, None)
    for days, spent, by in (
        (known.stages.get(stage, ()), in_stage, "stage"),
        (known.whole, age, "opening"),
    ):
        if spent is None:
            continue
        longer = len(days) - bisect_right(days, spent)
        if longer >= timed:
            return InTime(closing_share(days, spent, spent + left), longer, by)
    return InTime(1.0, 0, None)


def closing_share(days: Sequence[int], age: int, until: int) -> float:
    """Return the share of the cycles (sorted days) longer than an age that is over by then."""
    longer = len(days) - bisect_right(days, age)
    over = bisect_right(days, until) - bisect_right(days, age)
    return over / longer if longer else 0.0


def _days(earlier: str, later: str) -> int:
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days
