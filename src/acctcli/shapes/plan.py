"""The plan of an account, on its own page, the account's page and the brief."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

from acctcli.shapes.records import AccountHeadJson, ObjectiveJson

PlanText = Literal["needs", "goals", "challenges", "competitors", "strategy"]
"""The texts of a plan."""


class PlanTextsJson(TypedDict):
    """The texts of a plan by name."""

    needs: str | None
    goals: str | None
    challenges: str | None
    competitors: str | None
    strategy: str | None


class PlannedObjectiveJson(ObjectiveJson):
    """An objective, and whether its day has passed."""

    overdue: bool


class ProgressJson(TypedDict):
    """How many objectives are met, and how many are overdue."""

    met: int
    of: int
    overdue: int


class PlanJson(PlanTextsJson):
    """The texts of a plan, and its objectives by importance."""

    objectives: Sequence[PlannedObjectiveJson]
    progress: ProgressJson


class PlanPage(AccountHeadJson, PlanJson):
    """The page of `acct account plan NAME`."""
