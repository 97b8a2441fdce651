"""Names for completion: one small query on a book that is only looked at.

Opened read-only and without the checks and waits of a real command: the shell
is waiting for a TAB. Whatever is wrong with the book, there is just nothing to offer.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from acctcli import text
from acctcli.model import KINDS
from acctcli.store.records import KEYED

_LIMIT = 50  # more than a person reads through


def starting(book: Path, kind: str, typed: str) -> list[str]:
    """Names of records that start with what is typed, else that contain it; open tasks only.

    Kinds without names give the tails of their newest ids.
    """
    if kind not in KEYED:
        sql = (
            f"SELECT substr(id, -4) FROM \"{kind}\" WHERE substr(id, -4) LIKE ?1 || '%' "
            "ORDER BY id DESC LIMIT ?2"
        )
        return _ask(book, sql, typed.lower())
    title = KINDS[kind].title
    open_only = " AND done_at IS NULL" if kind == "task" else ""
    select = f'SELECT "{title}" FROM "{kind}" WHERE'
    end = f"{open_only} ORDER BY name_key LIMIT ?2"
    key = text.key(typed)
    return _ask(
        book, f"{select} name_key >= ?1 AND name_key < ?1 || char(1114111){end}", key
    ) or _ask(book, f"{select} instr(name_key, ?1){end}", key)


def used(book: Path, table: str, column: str, typed: str) -> list[str]:
    """The values that a column holds already and that start with what is typed."""
    sql = (
        f'SELECT DISTINCT "{column}" FROM "{table}" WHERE substr("{column}", 1, length(?1)) = ?1 '
        f'ORDER BY "{column}" LIMIT ?2'
    )
    return _ask(book, sql, typed)


def _ask(book: Path, sql: str, typed: str) -> list[str]:
    if not book.is_file():
        return []
    try:
        con = sqlite3.connect(f"{book.absolute().as_uri()}?mode=ro", uri=True, timeout=0.2)
        try:
            rows = con.execute(sql, (typed, _LIMIT)).fetchall()
        finally:
            con.close()
    except sqlite3.Error:
        return []
    return [text.safe(row[0]) for row in rows]
