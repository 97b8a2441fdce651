"""The page of `acct review show`, and the rows of `acct review due`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from acctcli.shapes.records import ReviewJson, TaskJson


class ReviewPage(ReviewJson):
    """A review with what came out of it, and the one before it."""

    actions: Sequence[TaskJson]
    previous: ReviewJson | None


class DueReviewRow(TypedDict):
    """An account whose review is due; `days_late` is below zero until then."""

    id: str
    account: str
    account_id: str
    number: str
    tier: str | None
    last_review: str | None
    next_review: str
    days_late: int
    rating: str | None
    health: int | None
