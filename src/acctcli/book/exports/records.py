"""The records of one kind with every field, as a table, or streamed into a file.

The caller brings a `TextOf`, which knows how rows become the text of a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from acctcli import files
from acctcli.book import reading
from acctcli.book.context import Context
from acctcli.model import KINDS, Row
from acctcli.results import Table
from acctcli.store import queries, where_sql

if TYPE_CHECKING:
    import sqlite3

TextOf = Callable[[Table, Iterable[Row]], Iterable[str]]
"""Yields the text of a file in parts, from the columns of a table and its rows one by one."""


def table(context: Context, kind: str, where: Sequence[str] = ()) -> Table:
    """Return the records of a kind that match, with every field."""
    with context.read() as con:
        return columns(context, kind).replace(rows=list(rows(context, con, kind, where)))


def to_file(
    context: Context,
    kind: str,
    where: Sequence[str],
    target: Path,
    text_of: TextOf,
    *,
    force: bool = False,
) -> int:
    """Write the records of a kind that match into a file; return how many they are."""
    with context.read() as con:
        found = Counted(rows(context, con, kind, where))
        files.write_private(target, text_of(columns(context, kind), found), force=force)
    return found.count


def columns(context: Context, kind: str) -> Table:
    """Return the table of a kind with all its stored fields, without rows."""
    known = context.fields(kind)
    names = [name for name, field in known.items() if not field.derived]
    return Table(kind, KINDS[kind].plural, known, [], names, names, {})


def rows(
    context: Context, con: sqlite3.Connection, kind: str, where: Sequence[str] = ()
) -> Iterator[Row]:
    """Yield the records of a kind that match, reading some at a time."""
    known = context.fields(kind)
    read = reading.reading_in(context, con)
    conditions = [where_sql.compile_text(typed, kind, known, read) for typed in where]
    return queries.each(con, kind, known, queries.Listing(conditions), as_stored=True)


class Counted:
    """Counts rows while they are iterated."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self.rows:
            self.count += 1
            yield row
