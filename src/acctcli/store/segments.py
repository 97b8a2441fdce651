"""Saved lists of accounts: filters under a name, as they were typed.

A segment stores filters and not accounts: they apply anew each time, and `-30d` in them means
thirty days before the day of use. It is a record like any other: in the journal, exported, and
undone by `undo`. Options read the words of its filters.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.frozen import Frozen
from acctcli.model import KINDS
from acctcli.store import lookup, queries, records

if TYPE_CHECKING:
    from acctcli.store.journal import Writing

ALL = "All: acct account segments"


class SavedSegment(Frozen):
    """A saved list: `filters` are the words of a command line."""

    id: str
    name: str
    filters: str


def every(con: sqlite3.Connection) -> list[SavedSegment]:
    """Return all segments by name."""
    rows = queries.select(con, "segment", KINDS["segment"].fields)
    return [SavedSegment(row["id"], row["name"], row["filters"]) for row in rows]


def find(con: sqlite3.Connection, typed: str, *, whole: bool = False) -> SavedSegment:
    """Return the named segment. Raises `NotFound` with similar names, and `Ambiguous`."""
    found = lookup.find(con, "segment", typed, advice=ALL, whole=whole)
    row = queries.get(con, "segment", KINDS["segment"].fields, found.id)
    return SavedSegment(row["id"], row["name"], row["filters"])


def save(tx: Writing, name: str, filters: str) -> SavedSegment | None:
    """Save filters under a name; return what was saved under exactly this name before.

    Saving the same filters again leaves no trace.
    """
    before = next(iter(tx.rows("segment", "name_key", text.key(name))), None)
    if before is None:
        records.insert(tx, "segment", {"name": name, "filters": filters})
        return None
    records.update(tx, "segment", before["id"], {"name": name, "filters": filters})
    return SavedSegment(before["id"], before["name"], before["filters"])
