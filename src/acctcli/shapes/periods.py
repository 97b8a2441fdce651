"""A span of days, as every page has it."""

from __future__ import annotations

from typing import TypedDict


class PeriodJson(TypedDict):
    """First and last day, and what was asked for: `Q4 2026`."""

    label: str
    start: str
    end: str
