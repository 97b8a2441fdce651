"""SQL that the user typed: one query, on a book that is opened for reading only.

What it reads is given back as rows of whatever columns it names. Nothing else
in the program runs SQL that is not its own.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from acctcli.errors import Cancelled, UsageError
from acctcli.store.connection import (
    Notice,
    check_file,
    check_version,
    connect,
    storage_error,
)
from acctcli.text import legible

_STEPS = 100_000  # of SQLite's machine between two looks at Ctrl-C

_MISTAKES = ("SQLITE_ERROR", "SQLITE_MISUSE", "SQLITE_AUTH", "")


def ask(path: Path, sql: str, *, notice: Notice) -> tuple[list[str], list[dict[str, Any]]]:
    """Run one query; returns its column names, each once, and its rows.

    Raises `UsageError` for a mistake in it or for anything that would write.
    """
    check_file(path, may_be_empty=False)
    with closing(connect(path, notice=notice)) as con:
        check_version(con, path, notice)
        con.execute("PRAGMA query_only = ON")
        con.text_factory = legible  # bytes that are no UTF-8 are shown, too
        # Python hears Ctrl-C between its own steps only: give it some.
        con.set_progress_handler(lambda: None, _STEPS)
        try:
            cursor = con.execute(sql)
            found = cursor.fetchall()
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise _told(path, error) from error
        if cursor.description is None:
            raise UsageError("that is not a query: nothing came back. Nothing was changed")
        names = _unique([column[0] for column in cursor.description])
    return names, [dict(zip(names, map(_shown, row), strict=True)) for row in found]


def _told(path: Path, error: Exception) -> Exception:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name == "SQLITE_INTERRUPT":
        return Cancelled("interrupted; nothing was changed")
    if name == "SQLITE_READONLY":
        return UsageError(
            "a query can only read: nothing was changed. To write by hand: acct db shell --write"
        )
    if name in _MISTAKES or not isinstance(error, sqlite3.Error):
        return UsageError(f"the query has a mistake: {error}. Tables: docs/data-model.md")
    return storage_error(path, error)


def _unique(names: list[str]) -> list[str]:
    """`id, id` as `id, id_2`: a row must not lose a column."""
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
