"""What a command has changed so far: each row before and after, out of its journal."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, TypedDict

from acctcli.model import Row
from acctcli.store import added, remembered


class ChangeJson(TypedDict):
    """A row that a command changes, as stored: None before it is there, and after it is gone.

    `kind` and `record_id` name the record that it is part of; of a record's own row, itself.
    """

    table: str
    id: str
    kind: str
    record_id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def changes(con: sqlite3.Connection, command: int, limit: int) -> tuple[list[ChangeJson], int]:
    """Return the first changed rows of a command, whole and as stored, and how many there are.

    A row that changed several times is there once: as it was before the command, and as it is now.
    """
    count = _count(con, command)
    found: list[ChangeJson] = []
    for table, id, kind, record, before in islice(_rows(con, command, limit), limit):
        after = remembered.current_row(con, table, id) or None
        if before == {} and after is None:
            count -= 1
            continue
        found.append(
            {
                "table": table,
                "id": id,
                "kind": kind,
                "record_id": record,
                "before": {**(after or {}), **before} if before else None,
                "after": after,
            }
        )
    return found, count


def _rows(
    con: sqlite3.Connection, command: int, limit: int
) -> Iterator[tuple[str, str, str, str, Row]]:
    """Yield the changed rows, each with what it was: {} for a new one."""
    first: dict[tuple[str, str], tuple[str, str, Row]] = {}
    # An import may change more rows than fit in memory.
    journal = con.execute(
        'SELECT tbl, "row", kind, record, op, before FROM change '
        'JOIN (SELECT tbl, "row" FROM change WHERE command = :command '
        'GROUP BY tbl, "row" ORDER BY min(seq) LIMIT :limit) USING (tbl, "row") '
        "WHERE command = :command ORDER BY seq",
        {"command": command, "limit": limit},
    )
    for table, id, kind, record, op, before in journal:
        kept = remembered.row_of(before) if op != "insert" else {}
        known = first.get((table, id))
        if known is None:
            first[table, id] = (kind, record, kept)
        elif known[2]:
            first[table, id] = (kind, record, {**kept, **known[2]})
    for (table, id), (kind, record, before) in first.items():
        yield table, id, kind, record, before
    listed = con.execute(
        "SELECT tbl, kind, rows FROM added WHERE command = ? ORDER BY seq", (command,)
    )
    for table, kind, kept in listed:
        for id, record in added.pairs_of(table, kind, kept):
            yield table, id, kind, record, {}


def _count(con: sqlite3.Connection, command: int) -> int:
    (changed,) = con.execute(
        'SELECT count(*) FROM (SELECT DISTINCT tbl, "row" FROM change WHERE command = ?)',
        (command,),
    ).fetchone()
    (new,) = con.execute(
        f"SELECT count(*) FROM {added.EACH} WHERE a.command = ?", (command,)
    ).fetchone()
    return int(changed) + int(new)
