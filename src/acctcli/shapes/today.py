"""The page of `acct today`, and its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict


class AgendaReasonJson(TypedDict):
    """A reason why an account needs somebody, with the command that answers it."""

    rank: int
    kind: str
    account: str | None
    account_id: str | None
    reason: str
    due: str | None
    score: int
    command: str


class AgendaLineJson(AgendaReasonJson, total=False):
    """The same with how its score came about, if that was asked for."""

    explain: Sequence[str]


class AgendaEntryJson(TypedDict):
    """An account that needs somebody; `also` is its second reason."""

    rank: int
    account: str | None
    tier: str | None
    lines: Sequence[AgendaLineJson]
    also: str | None


class NextStepJson(TypedDict):
    """The nearest step to come."""

    day: str
    text: str
    account: str


class TodayPage(TypedDict):
    """Who needs somebody today, and how many more there are today and tomorrow."""

    accounts: Sequence[AgendaEntryJson]
    needing: int
    tomorrow: int
    known: int
    next: NextStepJson | None
