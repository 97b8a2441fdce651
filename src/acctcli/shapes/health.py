"""The health of an account, on its own page, the account's page and the brief."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from acctcli.shapes.records import AccountHeadJson


class ReasonJson(TypedDict):
    """One input of a judgement; without a score it is left out."""

    code: str
    text: str
    weight: float
    score: float | None
    evidence: str


class PastHealthJson(TypedDict):
    """The health at a review, by today's rules if the review stored its inputs."""

    held_on: str
    health: int


class HealthJson(TypedDict):
    """Score, band, the bounds of red and amber, and all reasons; the strongest by their codes.

    Without a band, too little is known. `trend` has the health at the reviews, oldest first.
    """

    score: int | None
    band: str | None
    known: int
    red: int
    amber: int
    strongest: Sequence[str]
    reasons: Sequence[ReasonJson]
    trend: Sequence[PastHealthJson]


class CauseJson(TypedDict):
    """How one input changed the health since the last review."""

    code: str
    was: float | None
    now: float | None
    points: float


class StandingJson(HealthJson):
    """The health with its lost points, its change since the last review, and all reviews."""

    lost: Mapping[str, float]
    last_review: PastHealthJson | None
    change: int | None
    causes: Sequence[CauseJson]


class HealthPage(AccountHeadJson, StandingJson):
    """The page of `acct review health NAME`."""


class HealthRow(TypedDict):
    """An account in the list of `acct review health`; `change` is since its last review."""

    id: str
    account: str
    account_id: str
    number: str
    tier: str | None
    status: str
    health: int | None
    band: str | None
    change: int | None
    last_review: str | None
    reason: str | None
