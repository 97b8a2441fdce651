"""Invalid values: readers get NULL to judge by, and the stored text to show.

Another program may have written anything into the book. Before a command reads, `settle` makes sure
that our queries find only valid values: each table with an invalid value is hidden behind a
temporary view of the same name, in which that value is NULL. So no query and no judgement has to
check. Lists and pages show the stored text, which `Doubts` keeps.

Checking every row takes time, and there is nearly never anything to find. So each command that
writes stores the file's change counter when it ends: while nobody else has written, nothing is
checked.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from acctcli import text
from acctcli.model import KINDS, MONEY
from acctcli.text import legible
from acctcli.values.fields import Unreadable
from acctcli.values.money import DIGITS, plain

if TYPE_CHECKING:
    from acctcli.store.sanity import Wrong

_OTHERS_MAY_HAVE_WRITTEN = 1000
"""How many commands of this program may end between reading the file's header and the lock."""


class Book(sqlite3.Connection):
    """A connection to a book, with what is known about the values in it."""

    file_change: int | None = None
    """The file's change counter before it was opened; None if it says nothing."""

    new: bool = False
    """Whether this connection made the file, so that nobody else has written to it."""

    marked: int | None = None
    """The counter that the last command stored, if nobody else has written since."""

    doubts: Doubts | None = None
    """The invalid values, if there are any."""


class Doubts:
    """The invalid values by table, column and row id."""

    def __init__(self, found: Iterable[Wrong]) -> None:
        self._stored: dict[str, dict[str, dict[str, str]]] = {}
        self.tables: dict[str, None] = {}
        self.count = 0
        for wrong in found:
            self.count += 1
            self.tables[wrong.table] = None
            if wrong.reads_as == wrong.stored:
                continue  # shown as it was read, with escapes
            columns = self._stored.setdefault(wrong.table, {})
            columns.setdefault(wrong.column, {})[wrong.id] = wrong.stored

    def columns(self, table: str) -> dict[str, dict[str, str]]:
        """Return the stored texts of a table's invalid values, by column and row id."""
        return self._stored.get(table, {})

    def forget(self, table: str, id: str, columns: Iterable[str]) -> None:
        """Note that this program has overwritten columns of a row with valid values."""
        for column in columns:
            self._stored.get(table, {}).get(column, {}).pop(id, None)


def settle(con: Book, notice: Callable[[str], None] = lambda _: None) -> None:
    """Hide invalid values from every query of this connection, inside its transaction.

    If there are any, `notice` says so: the command's answer is based on less.
    """
    con.marked = _marked(con)
    if con.marked is None:
        con.text_factory = legible
        hide(con, _unread(con))
    if con.doubts is not None:
        values = text.plural(con.doubts.count, "stored value")
        counts = "counts" if con.doubts.count == 1 else "count"
        notice(f"{values} cannot be read and {counts} as unknown. Which: acct db check")


def renew(con: Book) -> None:
    """Check every row again, after values from elsewhere were written."""
    con.marked = None
    lift(con)
    con.text_factory = legible
    hide(con, _unread(con))


def lift(con: Book) -> None:
    """Drop the views, because VACUUM fails while they exist."""
    if con.doubts is None:
        return
    for table in con.doubts.tables:
        con.execute(f'DROP VIEW temp."{table}"')
    con.execute("DROP TABLE temp.unread")
    con.doubts = None


def hide(con: sqlite3.Connection, found: Sequence[Wrong]) -> None:
    """Create views in front of the tables with these values, unless they exist."""
    if not found or not isinstance(con, Book) or con.doubts is not None:
        return
    con.doubts = Doubts(found)
    con.execute(
        'CREATE TEMP TABLE unread (tbl TEXT, col TEXT, "row" INTEGER, reads_as TEXT, '
        'PRIMARY KEY (tbl, col, "row")) WITHOUT ROWID'
    )
    con.executemany(
        "INSERT INTO unread VALUES (?, ?, ?, ?)",
        [(wrong.table, wrong.column, wrong.row, wrong.reads_as) for wrong in found],
    )
    for table in dict.fromkeys(wrong.table for wrong in found):
        _cover(con, table, {wrong.column for wrong in found if wrong.table == table})


def _cover(con: Book, table: str, hidden: set[str]) -> None:
    columns = [row[1] for row in con.execute(f'PRAGMA main.table_info("{table}")')]
    listed = ", ".join(
        _covered(table, name) if name in hidden else f't."{name}"' for name in columns
    )
    con.execute(f'CREATE TEMP VIEW "{table}" AS SELECT {listed} FROM main."{table}" t')


def _covered(table: str, column: str) -> str:
    rows = f"FROM temp.unread WHERE tbl = '{table}' AND col = '{column}'"
    return (
        f'CASE WHEN t.rowid IN (SELECT "row" {rows}) '
        f'THEN (SELECT reads_as {rows} AND "row" = t.rowid) ELSE t."{column}" END AS "{column}"'
    )


def none(con: sqlite3.Connection) -> bool:
    """Whether every value that this connection reads is as stored."""
    return getattr(con, "doubts", None) is None


@contextmanager
def keeping_bytes(con: sqlite3.Connection) -> Iterator[None]:
    """Read texts so that they can be written back exactly: stray bytes become surrogates."""
    factory = con.text_factory
    if factory is str:  # the book is sound, so there are no stray bytes
        yield
        return
    con.text_factory = exact
    try:
        yield
    finally:
        con.text_factory = factory


def exact(stored: bytes) -> str:
    """Read a text so that it can be written back exactly: stray bytes become surrogates."""
    return stored.decode("utf-8", "surrogateescape")


def changed(con: sqlite3.Connection, table: str, id: str, columns: Iterable[str]) -> None:
    """Let readers see what this program has just written."""
    if not isinstance(con, Book) or con.doubts is None:
        return
    if table in con.doubts.tables:
        con.executemany(
            "DELETE FROM temp.unread WHERE tbl = ? AND col = ? "
            f'AND "row" = (SELECT rowid FROM main."{table}" WHERE id = ?)',
            [(table, column, id) for column in columns],
        )
        con.doubts.forget(table, id, columns)


def of_row(con: sqlite3.Connection, table: str, id: str) -> dict[str, str]:
    """Return the stored texts of the invalid values of one row, by column."""
    doubts = getattr(con, "doubts", None)
    if doubts is None:
        return {}
    return {column: stored[id] for column, stored in doubts.columns(table).items() if id in stored}


def as_stored(con: sqlite3.Connection, kind: str, rows: Sequence[dict[str, Any]]) -> None:
    """Put the stored texts of invalid values into rows of a kind, in place."""
    doubts = getattr(con, "doubts", None)
    if doubts is None or not rows:
        return
    fields = KINDS[kind].fields
    for column, stored in doubts.columns(kind).items():
        if column not in rows[0]:
            continue
        money = column in fields and fields[column].type == MONEY
        for row in rows:
            if row["id"] in stored:
                row[column] = Unreadable(_as_text(stored[row["id"]], money, row))


def _as_text(stored: str, money: bool, row: Mapping[str, Any]) -> str:
    """Return a stored text; an amount in the units of its currency, if it has one."""
    if money and isinstance(row.get("currency"), str) and row["currency"] in DIGITS:
        with suppress(ValueError):
            return plain(int(stored), row["currency"])
    return stored


def mark(con: Book, command: int) -> None:
    """Store, as the last write before the commit, that every value in the book is valid.

    If that was not so when the command began, every row is checked once more.
    """
    if con.file_change is None:
        return
    if con.marked is None and _unread(con):
        return
    left = max(con.marked or 0, con.file_change) + 1
    con.execute(
        "UPDATE command SET file_change = ?, file_schema = ? WHERE seq = ?",
        (left, _schema(con), command),
    )


def _unread(con: Book) -> Sequence[Wrong]:
    from acctcli.store import sanity  # a book that nobody else wrote to is not checked

    return sanity.unread(con)


def _marked(con: Book) -> int | None:
    """Return the counter that the last command stored, if no other program has written since.

    Of a new book it is the file's own.
    """
    if con.new or con.file_change is None:
        return con.file_change
    row = con.execute(
        "SELECT file_change, file_schema FROM main.command ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    if row is None or not isinstance(row[0], int):
        return None
    left, schema = row
    # We read the header before we locked the book: other commands may have ended in between.
    fresh = con.file_change <= left <= con.file_change + _OTHERS_MAY_HAVE_WRITTEN
    return left if fresh and schema == _schema(con) else None


def _schema(con: Book) -> int:
    (version,) = con.execute("PRAGMA main.schema_version").fetchone()
    return int(version)
