"""The steps of the schema, each loaded only by a book that has not taken it; what they share."""

from __future__ import annotations

from collections.abc import Iterable

RECORD = """
    id TEXT PRIMARY KEY NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL"""
"""The columns that every record begins with."""


def one_of(column: str, choices: Iterable[str], null: bool = True) -> str:
    """Declare a column with a word of a closed vocabulary."""
    listed = ", ".join(f"'{c}'" for c in choices)
    return f'"{column}" TEXT {"" if null else "NOT NULL "}CHECK ("{column}" IN ({listed}))'


def flag(column: str) -> str:
    """Declare a column that is 0 or 1."""
    return f'"{column}" INTEGER NOT NULL CHECK ("{column}" IN (0, 1))'
