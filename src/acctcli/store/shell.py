"""The book as a database: its tables, its schema, and one query typed by the user.

All of it on a read-only connection. A query returns rows with whatever columns it names. Nothing
else in the program runs SQL that is not its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from acctcli import text
from acctcli.errors import Cancelled, NotFound, UsageError
from acctcli.store.connection import (
    Notice,
    check_file,
    check_version,
    connect,
    storage_error,
)
from acctcli.text import legible

_STEPS = 100_000  # instructions of SQLite's machine between two checks for Ctrl-C

_MISTAKES = ("SQLITE_ERROR", "SQLITE_MISUSE", "")


@contextmanager
def _reading(path: Path, notice: Notice) -> Iterator[sqlite3.Connection]:
    """Open a connection that cannot write."""
    check_file(path, may_be_empty=False)
    with closing(connect(path, notice=notice)) as con:
        check_version(con, path, notice)
        con.execute("PRAGMA query_only = ON")
        yield con


def tables(path: Path, *, notice: Notice) -> list[dict[str, Any]]:
    """Return the tables of the book by name: rows, columns, and the tables they refer to."""
    from sqlite_utils import Database

    found = []
    with _reading(path, notice) as con:
        for table in sorted(Database(con).tables, key=lambda one: one.name):
            if not _is_ours(table.name):
                continue
            found.append(
                {
                    "table": table.name,
                    "rows": table.count,
                    "columns": tuple(column.name for column in table.columns),
                    "points_to": tuple(sorted({key.other_table for key in table.foreign_keys})),
                }
            )
    return found


def schema(path: Path, names: list[str], *, notice: Notice) -> dict[str, str]:
    """Return the SQL of each table with its indexes, by name; all tables unless `names`.

    Raises `NotFound` for a name that no table has.
    """
    from sqlite_utils import Database

    with _reading(path, notice) as con:
        book = Database(con)
        known = sorted(filter(_is_ours, book.table_names()))
        for name in names:
            if name not in known:
                near = text.near(name, known, limit=1)
                hint = text.did_you_mean(near)
                raise NotFound(f"no table {text.quoted(name)}.{hint} All: acct db tables")
        return {name: _making(con, name) for name in names or known}


def _making(con: sqlite3.Connection, table: str) -> str:
    parts = con.execute(
        "SELECT sql FROM sqlite_schema WHERE tbl_name = ? AND sql IS NOT NULL "
        "ORDER BY type = 'table' DESC, name",
        (table,),
    )
    return "\n".join(f"{sql};" for (sql,) in parts)


def _is_ours(table: str) -> bool:
    """Whether a table holds data of the book, and not SQLite's statistics or the index."""
    return not table.startswith(("search_", "sqlite_"))


def ask(path: Path, sql: str, *, notice: Notice) -> tuple[list[str], list[dict[str, Any]]]:
    """Run one query; return its column names, each once, and its rows.

    Raises `UsageError` for an SQL error, and for anything that would write.
    """
    with _reading(path, notice) as con:
        con.text_factory = legible  # bytes that are no UTF-8 are shown too
        # Python notices Ctrl-C only between its own steps, so give it some.
        con.set_progress_handler(lambda: None, _STEPS)
        con.set_authorizer(_no_other_file)
        try:
            cursor = con.execute(sql)
            found = cursor.fetchall()
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise _our_error(path, error) from error
        if cursor.description is None:
            raise UsageError("that is not a query: nothing came back. Nothing was changed")
        names = _unique([column[0] for column in cursor.description])
    return names, [dict(zip(names, map(_shown, row), strict=True)) for row in found]


def _no_other_file(action: int, *_: str | None) -> int:
    """Refuse what opens or creates a file beside the book: ATTACH, and VACUUM INTO."""
    return sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_ATTACH else sqlite3.SQLITE_OK


def _our_error(path: Path, error: Exception) -> Exception:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name == "SQLITE_INTERRUPT":
        return Cancelled("interrupted; nothing was changed")
    if name == "SQLITE_AUTH":
        return UsageError("a query reads this book alone: it opens and creates no other file")
    if name == "SQLITE_READONLY":
        return UsageError(
            "a query can only read: nothing was changed. To write by hand: acct db shell --write"
        )
    if name in _MISTAKES or not isinstance(error, sqlite3.Error):
        return UsageError(f"the query has a mistake: {error}. Tables: acct db tables")
    return storage_error(path, error)


def _unique(names: list[str]) -> list[str]:
    """Return `id, id_2` for `id, id`, so that no column of a row is lost."""
    known: dict[str, None] = {}
    for name in names:
        number, unique = 1, name
        while unique in known:
            number += 1
            unique = f"{name}_{number}"
        known[unique] = None
    return list(known)


def _shown(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value
