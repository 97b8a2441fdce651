"""Deals as they stood on any day, read backwards from today through their history.

The value of a field at the end of a day is `old` of the first change after that
day, else what it is now. A deal is there from the day it was opened. Two rules
put right what a history cannot know:

- A deal that was imported as closed has one change, from
  nothing to the stage it ended in: until then it counts as open in the first stage.
  Its amount and close date of that time are not known either; they are read as
  those it closed with, and the standing says so (`hindsight`).
- A closed deal ended on its `closed_on`, whenever that was written down.

Owner, title, tier and probability have no history: they are today's. Days are ISO
texts, which compare like days. Pure; rows come from the store in the order of `Deal`
and `Change`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from acctcli.domain import figures, pipeline
from acctcli.domain.pipeline import LOST, OPEN, WON, outcome
from acctcli.frozen import Frozen, FrozenRow
from acctcli.values.dates import FIRST_DAY

if TYPE_CHECKING:
    from acctcli.config import Stage

EVER = FIRST_DAY
"""The start of anything whose beginning is unknown; no length of time counts from it."""


class DealFacts(FrozenRow):
    """A deal as it is now; `amount` in minor units, owner and tier of its account if it has none.

    A deal without a readable opening day counts as always open. `entered_on` is the day on which it
    was written down.
    """

    id: str
    account: str
    account_id: str
    title: str
    stage: str
    category: str | None
    amount: int | None
    currency: str | None
    close_date: str | None
    opened_on: str | None
    closed_on: str | None
    owner: str | None
    tier: str | None
    type: str | None
    probability: float | None
    entered_on: str | None = None

    @property
    def outcome(self) -> str:
        """Whether it is open, won or lost."""
        return outcome(self.category, self.closed_on)


class ChangeFacts(FrozenRow):
    """A change of a deal's stage, amount or close date, and why, as its history keeps it."""

    deal: str
    day: str
    field: str
    old: str | None
    new: str | None
    note: str | None = None


class Step(FrozenRow):
    """A stage that a deal was in, from which day on, and whether it was open, won or lost there."""

    stage: str
    entered: str
    outcome: str


class History(Frozen):
    """A deal with its steps through the stages, at least one, and its changes in order."""

    deal: DealFacts
    steps: Sequence[Step]
    changes: Sequence[ChangeFacts]
    came_in_closed: bool


class Standing(Frozen):
    """A deal at the end of a day: its stage and since when, its amount and close date.

    `hindsight` says that amount and close date are those it closed with later.
    """

    deal: DealFacts
    stage: str
    since: str
    outcome: str
    amount: int | None
    close_date: str | None
    hindsight: bool


def histories(
    deals: Iterable[DealFacts], changes: Iterable[ChangeFacts], stages: Sequence[Stage]
) -> list[History]:
    """Return every deal with its steps through the stages; `changes` come oldest first."""
    by_deal: dict[str, list[ChangeFacts]] = {}
    for change in changes:
        by_deal.setdefault(change.deal, []).append(change)
    first = pipeline.first_open(stages).name
    ends = {s.name: WON if s.won else LOST for s in stages if not s.open}
    return [_history(deal, by_deal.get(deal.id, ()), first, ends) for deal in deals]


def _history(
    deal: DealFacts, changes: Sequence[ChangeFacts], first: str, ends: Mapping[str, str]
) -> History:
    moves = [change for change in changes if change.field == "stage"] if changes else []
    if not moves:  # most deals of many books
        steps = [Step(deal.stage, deal.opened_on or EVER, deal.outcome)]
        return History(deal, steps, changes, False)
    names = [*(move.old or first for move in moves), deal.stage]
    entered = [deal.opened_on or EVER, *(move.day for move in moves)]
    if deal.closed_on is not None:
        entered[-1] = deal.closed_on
        # A win that is dated back ends what was written down after it.
        for place in range(len(entered) - 2, -1, -1):
            entered[place] = min(entered[place], entered[place + 1])
    outcomes = [*(ends.get(name, OPEN) for name in names[:-1]), deal.outcome]
    steps = [Step._make(parts) for parts in zip(names, entered, outcomes, strict=True)]
    return History(deal, steps, changes, moves[0].old is None)


def standing(history: History, day: str) -> Standing | None:
    """Return the state of the deal at the end of a day; None if it was not open yet."""
    deal = history.deal
    if (deal.opened_on or EVER) > day:
        return None
    step = history.steps[0]
    for later in history.steps[1:]:
        if later.entered > day:
            break
        step = later
    amount, close_date = deal.amount, deal.close_date
    for change in reversed(history.changes):
        if change.day <= day:
            break
        if change.field == "amount":
            amount = None if change.old is None else int(change.old)
        elif change.field == "close_date":
            close_date = change.old
    hindsight = history.came_in_closed and step is history.steps[0]
    return Standing(deal, step.stage, step.entered, step.outcome, amount, close_date, hindsight)


def in_currency(known: Iterable[History], base: str, rates: Mapping[str, str]) -> list[History]:
    """The same deals with all amounts in `base`, so that one line may have all of them.

    A deal whose currency has no rate stays as it is; one without an amount gets `base`. A rate
    is how many units of `base` one unit of the currency buys.
    """

    def converted(history: History) -> History:
        deal = history.deal
        code = deal.currency or base
        if code == base:
            return history.replace(deal=deal._replace(currency=base))
        if code not in rates:
            return history

        def amount(minor: int | None) -> int | None:
            return None if minor is None else figures.convert(minor, code, base, rates)

        def text(minor: str | None) -> str | None:
            return None if minor is None else str(amount(int(minor)))

        changes = [
            change._replace(old=text(change.old), new=text(change.new))
            if change.field == "amount"
            else change
            for change in history.changes
        ]
        return history.replace(
            deal=deal._replace(amount=amount(deal.amount), currency=base), changes=changes
        )

    return [converted(history) for history in known]


def standings(known: Iterable[History], day: str) -> list[Standing]:
    """All deals that were there at the end of a day, open and closed."""
    return [found for history in known if (found := standing(history, day)) is not None]


def steps_until(history: History, day: str) -> list[Step]:
    """Return the steps of a deal up to the end of a day; none if it was not opened yet."""
    if (history.deal.opened_on or EVER) > day:
        return []
    first, *rest = history.steps
    return [first, *[step for step in rest if step.entered <= day]]
