"""The page of `acct report quality`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict


class FlawJson(TypedDict):
    """One flaw of a record, what it costs, and the command that fixes it."""

    group: str
    code: str
    text: str
    points: int
    command: str


class FlawedAccountJson(TypedDict):
    """An account with its score (of 100) and its flaws."""

    account: str
    account_id: str
    number: str
    tier: str | None
    score: int
    flaws: Sequence[FlawJson]


class FlawCountJson(TypedDict):
    """How many flaws there are, and what they cost all accounts together."""

    flaws: int
    points: int


class FlawKindJson(FlawCountJson):
    """The same for one kind of flaw, with the accounts that have it."""

    code: str
    group: str
    says: str
    accounts: int


class QualityPage(TypedDict):
    """How good the data of accounts is: `score` is the mean of all, None without accounts."""

    filters: Sequence[str]
    score: int | None
    count: int
    groups: Mapping[str, FlawCountJson]
    flaws: Sequence[FlawKindJson]
    accounts: Sequence[FlawedAccountJson]
