"""The judgement of a plan: which objectives are overdue, and its progress.

Pure: objectives and a day in. Dropped objectives do not count at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from acctcli.frozen import Frozen
from acctcli.model import Objective
from acctcli.values.dates import iso

OPEN, MET, DROPPED = "open", "met", "dropped"


class Progress(Frozen):
    """The progress of a plan: how many objectives are met, of how many, and how many are late."""

    met: int
    of: int
    overdue: int


def is_overdue(objective: Objective, today: date) -> bool:
    """Whether it should have been reached before today, and was not given up."""
    return objective.state == OPEN and objective.due is not None and objective.due < today


def ordered(objectives: Iterable[Objective]) -> list[Objective]:
    """Open ones by the day they are due, those without one last; then the closed, latest first."""
    known = list(objectives)
    still = [one for one in known if one.state == OPEN]
    closed = [one for one in known if one.state != OPEN]
    still.sort(key=lambda one: (one.due or date.max, one.id))
    closed.sort(key=lambda one: (one.closed_on or date.min, one.id), reverse=True)
    return [*still, *closed]


def progress(objectives: Iterable[Objective], today: date) -> Progress:
    """Return how many of these objectives are met, and how many are overdue."""
    aimed_at = [one for one in objectives if one.state != DROPPED]
    met = sum(one.state == MET for one in aimed_at)
    return Progress(met, len(aimed_at), sum(is_overdue(one, today) for one in aimed_at))


def objective_values(
    found: Mapping[str, Any], current: Mapping[str, Any], today: date
) -> dict[str, Any]:
    """The stored values of an objective with the day it was closed, which follows its state.

    `current` is the objective as it stands, empty for a new one.
    """
    state = found.get("state")
    if state is None or state == current.get("state"):
        return dict(found)
    closed_on = None if state == OPEN else found.get("closed_on") or iso(today)
    return {**found, "closed_on": closed_on}
