"""The rows of `acct account segments`."""

from __future__ import annotations

from typing import TypedDict


class SegmentRow(TypedDict):
    """A segment with the number of its accounts, or the problem why it has none."""

    id: str
    name: str
    filters: str
    accounts: int | None
    problem: str | None
