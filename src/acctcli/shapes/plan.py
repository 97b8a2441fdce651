"""The plan of an account, as its own page, the account's and the brief have it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

from acctcli.shapes.records import AccountHeadJson, ObjectiveJson

PlanText = Literal["needs", "goals", "challenges", "competitors", "strategy"]
"""What a plan says in words."""


class PlanTextsJson(TypedDict):
    """What is wanted, in words."""

    needs: str | None
    goals: str | None
    challenges: str | None
    competitors: str | None
    strategy: str | None


class PlannedObjectiveJson(ObjectiveJson):
    """An objective, and whether its day has passed."""

    overdue: bool


class ProgressJson(TypedDict):
    """How many of the objectives are met, and how many are late."""

    met: int
    of: int
    overdue: int


class PlanJson(PlanTextsJson):
    """The texts of a plan, and its objectives in the order they matter."""

    objectives: Sequence[PlannedObjectiveJson]
    progress: ProgressJson


class PlanPage(AccountHeadJson, PlanJson):
    """The page of `acct account plan NAME`."""
