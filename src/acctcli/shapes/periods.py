"""A period, on every page that has one."""

from __future__ import annotations

from typing import TypedDict


class PeriodJson(TypedDict):
    """First and last day, and the label: `Q4 2026`."""

    label: str
    start: str
    end: str
