"""The page of `acct today`, and its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict


class AgendaReasonJson(TypedDict):
    """A reason why an account needs attention, with the command for it.

    An appointment has its time in `at`, and neither rank nor score.
    """

    rank: int | None
    kind: str
    account: str | None
    account_id: str | None
    reason: str
    due: str | None
    score: int | None
    command: str
    at: str | None


class AgendaLineJson(AgendaReasonJson, total=False):
    """The same with the parts of its score, with `--explain`."""

    explain: Sequence[str]


class BriefJson(TypedDict):
    """A reason for one line of a screen: `text` may be clipped, `rest` and `note` may not."""

    text: str
    rest: str
    note: str


class AgendaEntryJson(TypedDict):
    """An account on the list; `brief` is its first reason in short, `also` its second."""

    rank: int
    account: str | None
    tier: str | None
    lines: Sequence[AgendaLineJson]
    brief: BriefJson
    also: str | None


class MeetingOfDayJson(TypedDict):
    """An appointment of the day: its time, who takes part, its text, and its short id."""

    time: str
    account: str | None
    text: str
    beside: str
    over: bool
    id: str


class NextStepJson(TypedDict):
    """The nearest future step."""

    day: str
    text: str
    account: str


class FirstContactsJson(TypedDict):
    """How many accounts have had no contact yet, and the commands that list and start them."""

    count: int
    list: str
    start: str


class TodayPage(TypedDict):
    """Which accounts need attention today, and how many more there are today and tomorrow.

    `room` is how many lines of a window it has, None for no limit. `detail` asks for full reasons,
    `commands` for their commands.
    """

    appointments: Sequence[MeetingOfDayJson]
    accounts: Sequence[AgendaEntryJson]
    needing: int
    tomorrow: int
    known: int
    next: NextStepJson | None
    first_contacts: FirstContactsJson | None
    room: int | None
    detail: bool
    commands: bool
