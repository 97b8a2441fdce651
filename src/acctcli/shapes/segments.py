"""The rows of `acct account segments` and its like."""

from __future__ import annotations

from typing import TypeAlias, TypedDict


class SegmentRow(TypedDict):
    """A segment, or the problem why it has no count."""

    id: str
    name: str
    filters: str
    problem: str | None


class AccountSegmentRow(SegmentRow):
    """A segment with the number of its accounts."""

    accounts: int | None


class ContactSegmentRow(SegmentRow):
    """A segment with the number of its contacts."""

    contacts: int | None


class DealSegmentRow(SegmentRow):
    """A segment with the number of its deals."""

    deals: int | None


AnySegmentRow: TypeAlias = AccountSegmentRow | ContactSegmentRow | DealSegmentRow
