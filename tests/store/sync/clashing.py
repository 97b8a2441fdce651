"""Conflicts and machines in a book, as an exchange leaves them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from tests import books

OURS, LAPTOP = "0a1b2c3d", "ffff0001"
"""The id of this machine, and of Ann's laptop."""


def id_of(book: Path, kind: str, name: str) -> str:
    """Return the id of a record by its title."""
    column = {"deal": "title", "log": "summary", "task": "text"}.get(kind, "name")
    with closing(sqlite3.connect(book)) as con:
        sql = f'SELECT id FROM "{kind}" WHERE "{column}" = ?'
        return str(con.execute(sql, (name,)).fetchone()[0])


def clash(
    book: Path,
    id: str,
    table: str,
    row: str,
    won: Mapping[str, Any],
    lost: Mapping[str, Any],
    *,
    why: str = "both",
    won_at: str = "2026-11-22T10:00:00.000Z",
    seen_at: str | None = None,
) -> None:
    """Note a conflict between this machine, which was later, and Ann's laptop."""
    books.change(
        book,
        "INSERT INTO sync_conflict VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        *(id, table, row, json.dumps(won), json.dumps(lost)),
        *(won_at, OURS, "2026-11-22T09:00:00.000Z", LAPTOP, why, seen_at),
    )


def laptop(book: Path) -> None:
    """Let Ann's laptop be known."""
    books.change(
        book,
        "INSERT INTO sync_device VALUES (?, 'laptop', 'Ann', 'B', '2026-11-22T09:30:00Z')",
        LAPTOP,
    )


def keep(book: Path, table: str, row: str, kept: Mapping[str, Any], of: str = "book") -> None:
    """Keep cells of a row that the book does not show."""
    books.change(
        book,
        "INSERT OR REPLACE INTO sync_row (id, tbl, ver, kept, book) VALUES (?, ?, '{}', ?, ?)",
        *(row, table, json.dumps(kept), of),
    )
