"""The page of `acct account score NAME`, and the rows of its list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

from acctcli.shapes.health import ReasonJson
from acctcli.shapes.records import AccountHeadJson

Part = Literal["fit", "value", "engagement"]
"""The parts of a score."""


class ScorePartsJson(TypedDict):
    """The parts of a score, each from 0 to 100; None where nothing is known."""

    fit: float | None
    value: float | None
    engagement: float | None


class InputsJson(TypedDict):
    """How many of the inputs of a score are known."""

    known: int
    inputs: int


class ScoredJson(ScorePartsJson, InputsJson):
    """The score of an account (0 to 100), and the tier that it suggests."""

    score: int | None
    suggested_tier: str | None
    tier_reason: str


class ScorePartJson(ReasonJson):
    """A part of the score with its inputs."""

    reasons: Sequence[ReasonJson]


class ScorePage(AccountHeadJson, ScoredJson):
    """The score of one account; `strongest` are its main reasons in words."""

    tier_differs: bool
    strongest: Sequence[str]
    parts: Sequence[ScorePartJson]


class ScoreRow(ScoredJson):
    """An account in the list of `acct account score`."""

    id: str
    account: str
    account_id: str
    number: str
    tier: str | None
    status: str
    why: str | None
