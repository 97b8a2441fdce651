"""The page of `acct review show`."""

from __future__ import annotations

from collections.abc import Sequence

from acctcli.shapes.records import ReviewJson, TaskJson


class ReviewPage(ReviewJson):
    """A review with what came out of it, and the one before it."""

    actions: Sequence[TaskJson]
    previous: ReviewJson | None
