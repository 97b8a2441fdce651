"""What happened to deals since a day: how they are now, compared with how they were.

Only the net change counts: a close date that was moved out and back has not changed, and a deal
that is new and won is both. A new deal has not moved to its stage, and a closed deal can only have
changed its amount besides.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from acctcli.domain.asof import History, Standing, standing
from acctcli.domain.pipeline import LOST, OPEN
from acctcli.frozen import Frozen
from acctcli.values.dates import iso

WHAT = ("won", "lost", "new", "moved", "pushed", "pulled in", "grown", "shrunk")
"""What may have happened to a deal, in the order of the list."""

FIELDS = {"pushed": "close_date", "pulled in": "close_date", "grown": "amount", "shrunk": "amount"}
"""The field that was changed, where it is not the stage."""


class Movement(Frozen):
    """A change of a deal, and its last day; `old` and `new` depend on what it is.

    They are stages for a deal that was won, lost or moved, days for one that was pushed or pulled
    in, minor units for one that has grown or shrunk. `pushes` is how often its close date was ever
    moved to a later day, `note` why it was changed.
    """

    what: str
    day: str
    now: Standing
    old: str | int | None
    new: str | int | None
    pushes: int
    note: str | None


def since(known: Iterable[History], first: date, today: date) -> list[Movement]:
    """Return what happened from `first` to `today`, both included, by kind, the latest first."""
    before, until = iso(first - timedelta(days=1)), iso(today)
    found = []
    for history in known:
        now = standing(history, until)
        if now is not None:
            found += _of_one(history, standing(history, before), now, before, until)
    found.sort(key=lambda one: (one.now.deal.title, one.now.deal.id))
    found.sort(key=lambda one: one.day, reverse=True)
    found.sort(key=lambda one: WHAT.index(one.what))
    return found


def pushes(history: History, until: str) -> int:
    """Return how often the close date was moved to a later day, up to the end of a day."""
    return sum(
        change.field == "close_date" and change.day <= until and (change.new or "") > change.old
        for change in history.changes
        if change.old is not None
    )


def _of_one(
    history: History, then: Standing | None, now: Standing, before: str, until: str
) -> list[Movement]:
    times = pushes(history, until)
    notes = {
        change.field: change.note for change in history.changes if before < change.day <= until
    }
    found: list[Movement] = []

    def tell(what: str, day: str, old: str | int | None, new: str | int | None) -> None:
        field = FIELDS.get(what, "stage")
        found.append(Movement(what, day, now, old, new, times, notes.get(field)))

    if now.outcome != OPEN and (then is None or then.outcome != now.outcome):
        tell(now.outcome, now.since, then.stage if then else None, now.stage)
    if then is None:
        tell("new", now.deal.opened_on or until, None, now.stage)
        return found
    if now.outcome == OPEN:
        if now.stage != then.stage:
            tell("moved", now.since, then.stage, now.stage)
        old, new = then.close_date, now.close_date
        if old and new and old != new:
            day = _last(history, "close_date", until)
            tell("pushed" if new > old else "pulled in", day, old, new)
    if now.outcome != LOST and now.amount != then.amount:
        what = "grown" if (now.amount or 0) > (then.amount or 0) else "shrunk"
        tell(what, _last(history, "amount", until), then.amount, now.amount)
    return found


def _last(history: History, field: str, until: str) -> str:
    """The day of the last change of a field, up to the end of a day."""
    return max(c.day for c in history.changes if c.field == field and c.day <= until)
