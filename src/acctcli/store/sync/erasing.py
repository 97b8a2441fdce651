"""Erase a person from a shared book: nothing about them stays, here or on other machines.

What the book stores for the exchange is cleared like its rows. A mark stays in place of each row of
the person: whatever comes of them later is dropped. Other machines erase the person in their books
and backups before they take in anything else. Then the whole book is written anew, so that the old
files of the carrier can go.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from acctcli.store import doubts
from acctcli.store.journal import Writing
from acctcli.store.kinds import OWNED
from acctcli.store.moments import mark_of_erased
from acctcli.store.sync import changefile, keeping, machine
from acctcli.store.sync.books import book_of
from acctcli.store.sync.capture import Capture, moment_of
from acctcli.store.sync.cells import ERASED, FIRST, INTO, REST, THERE, CellChange
from acctcli.store.sync.changefile import RemoteCommand
from acctcli.store.sync.keeping import Shelf
from acctcli.store.sync.tables import tables

Scrub = Callable[[str], str]
Cell = tuple[str, str, str]
"""A changed value: table, row, and column (`@` for a row that went)."""


def is_shared(con: sqlite3.Connection) -> bool:
    """Whether a copy of a book was ever shared."""
    there = "SELECT 1 FROM sqlite_schema WHERE name = 'sync_row'"
    return (
        con.execute(there).fetchone() is not None
        and con.execute("SELECT 1 FROM main.sync_row LIMIT 1").fetchone() is not None
    )


def capture(con: sqlite3.Connection, path: Path, now: str, who: str) -> None:
    """Capture what was changed before: it is cleared with the rest, and sent without the person."""
    me = machine.read(path)
    if me is None:
        return
    with doubts.keeping_bytes(con):
        tx = Writing(con, now=now, today="", who=who, typed="")
        Capture(tx, Shelf(con, me)).run()


def clear(
    con: sqlite3.Connection, ids: Sequence[str], cells: Iterable[Cell], scrub: Scrub
) -> list[Cell]:
    """Clear what a copy of a book keeps for the exchange of everything about people, by id.

    Returns the cells that were changed beside the book, such as those of deleted rows.
    """
    marked = {id for table, id, column in cells if column == THERE and _is_theirs(table)}
    marked |= set(ids) | _kept_parts(con, ids)
    for id in sorted(marked):
        row = con.execute("SELECT tbl, ver, book FROM main.sync_row WHERE id = ?", (id,)).fetchone()
        if row is not None or id in ids:
            table, versions, book = row or ("contact", "{}", None)
            latest = max([FIRST, *map(tuple, json.loads(versions).values())])
            con.execute(
                "INSERT OR REPLACE INTO main.sync_row VALUES (?, ?, ?, ?, ?, NULL)",
                (id, table, json.dumps({REST: latest}), json.dumps({ERASED: 1}), book),
            )
        con.execute('DELETE FROM main.sync_ref WHERE "row" = ?', (id,))
        con.execute('DELETE FROM main.sync_conflict WHERE "row" = ?', (id,))
    people = set(ids)
    kept = con.execute("SELECT id, tbl, kept FROM main.sync_row WHERE kept IS NOT NULL").fetchall()
    beside: list[Cell] = []
    for id, table, stored in kept:
        before = json.loads(stored)
        cleared = _cleared(before, people, scrub)
        if cleared != before:
            beside += [
                (table, id, column) for column in before if before[column] != cleared[column]
            ]
            con.execute(
                "UPDATE main.sync_row SET kept = ? WHERE id = ?",
                (json.dumps(cleared, separators=(",", ":")), id),
            )
    con.executemany("DELETE FROM main.sync_ref WHERE target = ?", [(id,) for id in ids])
    for id, won, lost in con.execute("SELECT id, won, lost FROM main.sync_conflict").fetchall():
        texts = [json.dumps(_cleared(json.loads(one), people, scrub)) for one in (won, lost)]
        con.execute("UPDATE main.sync_conflict SET won = ?, lost = ? WHERE id = ?", (*texts, id))
    _clear_waiting(con, marked, people, scrub)
    _sum_anew(con, cells)
    return beside


def _is_theirs(table: str) -> bool:
    return table == "contact" or table in {one for one, _ in OWNED["contact"]}


def _kept_parts(con: sqlite3.Connection, ids: Sequence[str]) -> set[str]:
    """Return the rows that belong to the people and are only kept beside the book."""
    found = con.execute(
        "SELECT r.id, r.tbl, r.kept FROM json_each(?) j JOIN main.sync_ref f ON f.target = j.value "
        'JOIN main.sync_row r ON r.id = f."row" AND r.kept IS NOT NULL',
        (json.dumps(list(ids)),),
    )
    owned = dict.fromkeys(
        [*OWNED["contact"], ("custom", "record_id"), ("external_id", "record_id")]
    )
    return {
        id
        for id, table, kept in found
        for one, column in owned
        if one == table and json.loads(kept).get(column) in ids
    }


def _cleared(values: dict[str, Any], people: set[str], scrub: Scrub) -> dict[str, Any]:
    return {
        column: None
        if value in people
        else scrub(value)
        if isinstance(value, str)
        else _cleared(value, people, scrub)
        if isinstance(value, dict)
        else value
        for column, value in values.items()
    }


def _clear_waiting(
    con: sqlite3.Connection, marked: set[str], people: set[str], scrub: Scrub
) -> None:
    """Clear the files that were not carried yet."""
    waiting = con.execute("SELECT book, dev, n, blob FROM main.sync_out").fetchall()
    for book, device, n, blob in waiting:
        file = changefile.read(bytes(blob), f"file {n} of {device}")
        changes = [
            change._replace(cells=_cleared(change.cells, people, scrub))
            for change in file.changes
            if change.id not in marked
        ]
        commands = {
            number: RemoteCommand(one.at, one.who, scrub(one.says))
            for number, one in file.commands.items()
        }
        head = {
            "schema": file.schema,
            "name": file.name,
            "who": file.who,
            "series": file.series,
            "at": file.at,
            "seen": file.seen,
            **({"covers": file.covers} if file.covers else {}),
        }
        con.execute(
            "UPDATE main.sync_out SET blob = ? WHERE book = ? AND dev = ? AND n = ?",
            (changefile.written(changes, head=head, commands=commands), book, device, n),
        )


def _sum_anew(con: sqlite3.Connection, cells: Iterable[Cell]) -> None:
    known = tables(con)
    rows: dict[str, set[str]] = {}
    for table, id, column in cells:
        if column != THERE and table in known:
            rows.setdefault(table, set()).add(id)
    for table, ids in rows.items():
        for row in keeping.rows_of(con, table, ids):
            con.execute(
                "UPDATE main.sync_row SET sum = ? WHERE id = ?",
                (keeping.sum_of(known[table], row), row["id"]),
            )


def tell(
    con: sqlite3.Connection,
    path: Path,
    ids: Sequence[str],
    cells: Iterable[Cell],
    now: str,
    who: str,
    *,
    first: bool,
) -> None:
    """Tell the other machines which people were erased, and what else that changed.

    `first` if they were erased on this machine, and not because another one said so.
    """
    me = machine.read(path)
    if me is None:
        return
    with doubts.keeping_bytes(con):
        tx = Writing(con, now=now, today="", who=who, typed="")
        shelf = Shelf(con, me)
        capture = Capture(tx, shelf)
        changed: dict[tuple[str, str], set[str]] = {}
        for table, id, column in cells:
            if table in shelf.tables:
                changed.setdefault((table, id), set()).add(column)
        for id in ids:
            changed.setdefault(("contact", id), set())
        shelf.load({id: table for table, id in changed})
        for (_, id), columns in changed.items():
            row = shelf.rows[id]
            row.visible, row.new = row.shown is not None, row.shown
            at = max(moment_of(now), row.latest()[0] + 1)
            replaced = {c: v for c in (*columns, THERE) if (v := row.version(c)) is not None}
            if ERASED in row.values:
                row.base, row.versions = (at, me.device), {}
            elif row.shown is None and THERE in columns:
                row.values = {THERE: 0}
                row.set(THERE, 0, (at, me.device))
            else:
                stands = {**row.values, **(row.shown or {})}
                for column in columns & row.values.keys():
                    row.set(column, stands[column], (at, me.device))
            told = {c: v for c, v in row.values.items() if row.version(c) == (at, me.device)}
            row.book = book_of(shelf, row)
            capture.pass_on(
                row.book, [CellChange(row.table, id, at, me.device, told, replaced, None)]
            )
        capture.post()
        shelf.save([shelf.rows[id] for _, id in changed])
    for book in me.books:
        keeping.set_state(con, f"compact {book}", now)
    if first:
        keeping.set_state(con, "erased_at", now)


def merged_with(con: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return the contacts that machines merged, each with the one that it was merged into.

    One of them may have been erased meanwhile, or both.
    """
    kept = con.execute(
        'SELECT DISTINCT r.id, r.kept FROM main.sync_ref f JOIN main.sync_row r ON r.id = f."row" '
        "WHERE r.tbl = 'contact' AND r.kept IS NOT NULL"
    )
    cells = [(id, json.loads(found)) for id, found in kept]
    return [
        (id, found[INTO])
        for id, found in cells
        if found.get(INTO) and (ERASED in found or found.get(THERE) == 0)
    ]


def to_erase(con: sqlite3.Connection) -> list[str]:
    """Return people who were erased, and are one person with contacts that are still here.

    Another machine merged them before it heard of the erasing.
    """
    if not is_anybody_erased(con):
        return []
    pairs = merged_with(con)
    done = erased(con, {id for pair in pairs for id in pair})
    return sorted({id for pair in pairs if not done >= {*pair} for id in pair} & done)


def is_anybody_erased(con: sqlite3.Connection) -> bool:
    """Whether a person was ever erased from the book."""
    return con.execute("SELECT 1 FROM main.erased LIMIT 1").fetchone() is not None


def erased(con: sqlite3.Connection, ids: Iterable[str]) -> set[str]:
    """Return which of these contacts were erased."""
    marks = {mark_of_erased(id): id for id in ids}
    known = con.execute(
        "SELECT id FROM main.erased WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(marks)),),
    )
    return {marks[mark] for (mark,) in known}


def not_yet(con: sqlite3.Connection, changes: Iterable[CellChange]) -> list[str]:
    """Return the people of whom these changes say that they were erased, and who are not here."""
    marked = {one.id for one in changes if one.table == "contact" and ERASED in one.cells}
    return sorted(marked - erased(con, marked))
