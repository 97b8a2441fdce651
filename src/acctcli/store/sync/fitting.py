"""Values that came from another machine and that a sound book cannot hold.

The tables refuse some of them. Others, such as a line break in a name or a day that is none, were
written by another program, or by hand into a file of changes. The book shows such a cell as readers
would see it, else empty, and keeps what came beside it: so nothing is lost, and a book that was
sound stays so. A row that cannot be without the cell waits.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from acctcli.model import Row
from acctcli.store import sanity
from acctcli.store.sanity import Wrong
from acctcli.store.sync.keeping import SharedRow
from acctcli.store.sync.tables import SyncTable
from acctcli.text import MAX_LINE, legible

CHECKED = frozenset((*sanity.RECORDS, "external_id"))


class Fitting:
    """What was found among rows that were just written."""

    def __init__(self, con: sqlite3.Connection, tables: Mapping[str, SyncTable]) -> None:
        self.con = con
        self.tables = tables
        self.again = False  # some rows must be shown otherwise
        self.unread = False  # values that cannot be read were in the book before, and stay

    def look(self, rows: Iterable[SharedRow]) -> None:
        """Look at rows as they were written, and note in them what is to be shown otherwise."""
        by_table: dict[str, dict[str, SharedRow]] = {}
        for row in rows:
            if row.table in CHECKED:
                by_table.setdefault(row.table, {})[legible(row.id)] = row
        for table, found in by_table.items():
            for wrong in sanity.wrong_among(self.con, table, [row.id for row in found.values()]):
                self._note(found[wrong.id], self.tables[table], wrong)

    def _note(self, row: SharedRow, table: SyncTable, wrong: Wrong) -> None:
        column = wrong.column
        was_here = row.shown is not None and row.new is not None
        was_here = was_here and (column == "id" or row.shown[column] == row.new[column])  # type: ignore[index]
        if was_here or (column != "id" and column not in table.cells):
            self.unread = self.unread or wrong.unread
            return
        self.again = True
        value = row.values.get(column)
        tried = row.instead.get(column)
        if tried is None or tried[0] != value:
            better = _better(value, wrong)
            if better is not None and better != value:
                row.instead[column] = (value, better)
                return
        if column == "id" or column in table.needed or value is None or _is_empty(tried, value):
            row.refused = True
        else:
            row.instead[column] = (value, None)


def _is_empty(tried: tuple[Any, Any] | None, value: Any) -> bool:
    return tried is not None and tried == (value, None)


def _better(value: Any, wrong: Wrong) -> str | None:
    """Return a text that may be shown for a wrong value; None for a value of another type."""
    if wrong.reads_as is not None:
        return wrong.reads_as
    return " ".join(wrong.stored.split())[:MAX_LINE] if isinstance(value, str) else None


def fit(row: SharedRow, shown: Row) -> None:
    """Show what fits in place of values that do not."""
    for column, (value, better) in row.instead.items():
        if shown.get(column) == value:
            shown[column] = better
