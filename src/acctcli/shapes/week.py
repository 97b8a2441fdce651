"""The page of `acct report week`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

from acctcli.shapes.periods import PeriodJson
from acctcli.shapes.records import TotalJson


class SpokenJson(TypedDict):
    """All conversations of some days in figures."""

    interactions: int
    two_way: int
    accounts: int
    attempts: int
    minutes: int


class WayJson(TypedDict):
    """The number of interactions of a kind."""

    kind: str
    count: int


class LastTalkJson(TypedDict):
    """The last interaction with an account."""

    day: str
    kind: str
    summary: str


class AccountTalksJson(TypedDict):
    """The interactions with one account."""

    account: str
    account_id: str
    interactions: int
    two_way: int
    kinds: Sequence[WayJson]
    people: Sequence[str]
    last: LastTalkJson


class TalkedJson(SpokenJson):
    """All conversations of the period and of the one before, and by account."""

    before: SpokenJson
    by_account: Sequence[AccountTalksJson]


class FieldChangeJson(TypedDict):
    """The change of a deal's field."""

    field: str
    old: str | None
    new: str | None


class DealOfAccountJson(TypedDict):
    """What every line about a deal has."""

    id: str
    deal: str
    account: str
    account_id: str
    amount: str | None
    currency: str | None


class ClosedDealJson(DealOfAccountJson):
    """A deal that was won or lost."""

    opened_on: str | None
    closed_on: str
    lost_reason: str | None
    competitor: str | None
    note: str | None


class OpenDealJson(DealOfAccountJson):
    """An open deal."""

    stage: str


class MovedDealJson(OpenDealJson):
    """The changes of an open deal."""

    day: str
    changes: Sequence[FieldChangeJson]
    notes: Sequence[str]


class OpenedDealJson(OpenDealJson):
    """A deal that was opened."""

    opened_on: str


class ClosingDealJson(OpenDealJson):
    """A deal that should close."""

    close_date: str


class TotalsJson(TypedDict):
    """The totals of won and lost deals."""

    won: Sequence[TotalJson]
    lost: Sequence[TotalJson]


class DuePromiseJson(TypedDict):
    """A due task, and when it was done."""

    id: str
    text: str
    account: str | None
    account_id: str | None
    contact: str | None
    due: str
    done_on: str | None


class AppointmentJson(DuePromiseJson):
    """A task with a time of day."""

    at: str


class NextTaskJson(DuePromiseJson):
    """A future task, and who owes it."""

    owed_by: str


PromiseOutcome = Literal["kept", "late", "missed"]
"""The outcomes of a promise."""


class PromisesJson(TypedDict):
    """The outcomes of our promises, and what others owe us."""

    due: int
    on_time: float | None
    kept: Sequence[DuePromiseJson]
    late: Sequence[DuePromiseJson]
    missed: Sequence[DuePromiseJson]
    owed_to_us: Sequence[DuePromiseJson]


class NewAccountJson(TypedDict):
    """An account that was added."""

    id: str
    account: str
    tier: str | None
    source: str | None
    day: str


class NewContactJson(TypedDict):
    """A person who was added."""

    id: str
    contact: str
    title: str | None
    account_id: str
    account: str
    day: str


class NewJson(TypedDict):
    """What was added or opened."""

    accounts: Sequence[NewAccountJson]
    contacts: Sequence[NewContactJson]
    deals: Sequence[OpenedDealJson]


class AtRiskJson(TypedDict):
    """A line of `today` about business at risk."""

    account: str
    account_id: str
    kind: str
    reason: str
    due: str | None


class EndingJson(TypedDict):
    """A contract that ends."""

    id: str
    product: str | None
    account: str
    account_id: str
    amount: str | None
    currency: str | None
    ends_on: str
    renewal: str | None


class NextReviewJson(TypedDict):
    """A review that is due."""

    account: str
    account_id: str
    day: str


class AheadJson(TypedDict):
    """What comes next."""

    start: str
    end: str
    appointments: Sequence[AppointmentJson]
    tasks: Sequence[NextTaskJson]
    closing: Sequence[ClosingDealJson]
    ending: Sequence[EndingJson]
    reviews: Sequence[NextReviewJson]


class WeekPage(TypedDict):
    """What happened in a period, what is at risk, and what is ahead."""

    filters: Sequence[str]
    period: PeriodJson
    until: str
    is_over: bool
    talked: TalkedJson
    moved: Sequence[MovedDealJson]
    won: Sequence[ClosedDealJson]
    lost: Sequence[ClosedDealJson]
    totals: TotalsJson
    promises: PromisesJson
    new: NewJson
    at_risk: Sequence[AtRiskJson]
    next: AheadJson
