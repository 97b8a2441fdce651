"""When each cell of a record was last changed, and by whom: read from the journal.

Two books that have the same record merge it cell by cell, and the later change wins. A command that
took in a bundle changed nothing by itself: the changes that it brought are in the journal too, with
the moments that they had in the other book.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping

from acctcli.ids import fact_id
from acctcli.model import KINDS
from acctcli.store.remembered import row_of
from acctcli.values.fields import MAX_INTEGER

Moment = tuple[str, str]
"""When a command ran (ISO, UTC, with milliseconds), and who ran it."""

NEVER: Moment = ("", "")
"""The moment of a cell that has the value with which its record was added."""

OF_ROW = ("created_at", "updated_at", "updated_by", "name_key")
"""Columns that follow from the changes of others."""

TAKEN = (
    "(WITH RECURSIVE taken (seq) AS (SELECT command FROM main.bundle UNION "
    "SELECT k.seq FROM main.command k JOIN taken ON k.undoes = taken.seq) SELECT seq FROM taken)"
)
"""SQL for the commands that took in a bundle, undid that, or did it again."""

Moments = dict[str, Moment]
"""The moments of the changed cells of one row, by column."""


def moment(at: str, who: str) -> Moment:
    """Return the moment of a command; those of old books have no milliseconds."""
    return (at if "." in at else at.replace("Z", ".000Z"), who)


def of_records(
    con: sqlite3.Connection, ids: Iterable[str], *, until: int = MAX_INTEGER
) -> dict[tuple[str, str], Moments]:
    """Return by table and row id which cells of these records were changed, and when last.

    Only the commands with numbers of at most `until` count.
    """
    found: dict[tuple[str, str], Moments] = {}
    changes = con.execute(
        'SELECT c.tbl, c."row", c.after, k.at, k.who FROM json_each(?) j '
        "CROSS JOIN change c ON c.record = j.value JOIN command k ON k.seq = c.command "
        f"WHERE c.op = 'update' AND c.command <= ? AND c.command NOT IN {TAKEN}",
        (json.dumps(list(ids)), until),
    )
    for table, row, after, at, who in changes:
        cells = found.setdefault((table, row), {})
        when = moment(at, who)
        for column in row_of(after):
            if column not in OF_ROW and when > cells.get(column, NEVER):
                cells[column] = when
    return found


def mark_of_erased(id: str) -> str:
    """Return what stays of the id of an erased person: only who has the id can find it."""
    return fact_id("erased", id)


def remember_erased(con: sqlite3.Connection, id: str) -> None:
    """Keep the mark of a person: another book may still have them, and hand them over."""
    con.execute("INSERT OR IGNORE INTO main.erased VALUES (?)", (mark_of_erased(id),))


def groups(table: str, columns: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the columns of a table in groups that say one thing and are merged as one."""
    left = [column for column in columns if column not in OF_ROW and column != "id"]
    grouped: list[tuple[str, ...]] = []
    if table in KINDS:
        fields = KINDS[table].fields
        for names in KINDS[table].together:
            group = tuple(fields[name].column for name in names if fields[name].column in left)
            if group:
                grouped.append(group)
    together = {column for group in grouped for column in group}
    return [*grouped, *((column,) for column in left if column not in together)]


def latest(cells: Mapping[str, Moment], columns: Iterable[str]) -> Moment:
    """Return the last moment at which one of these cells was changed."""
    return max((cells.get(column, NEVER) for column in columns), default=NEVER)
