"""Write the whole book as files that replace all before: new machines read less, old files go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from acctcli.carriers.carrier import Carrier, Lost
from acctcli.store.connection import Notice, silent
from acctcli.store.sync import changefile, keeping, rounds
from acctcli.store.sync.books import book_of
from acctcli.store.sync.capture import write_file
from acctcli.store.sync.cells import CellChange, as_changes
from acctcli.store.sync.keeping import Shelf
from acctcli.store.sync.machine import Machine
from acctcli.values import dates

_ROWS = 1_000


def compact(
    path: Path,
    machine: Machine,
    carrier: Carrier,
    book: str,
    *,
    who: str = "",
    clock: dates.Clock | None = None,
    notice: Notice = silent,
) -> tuple[int, int]:
    """Write a shared book anew, and remove the files that this covers.

    Returns how many changes the new files hold, and how many they are. Everything is taken in
    first; nothing is removed before the new files are kept for good. What the carrier lost is in
    the new files, and so is what waits behind it.
    """
    with rounds.alone(path):
        exchange = rounds.Exchange(path, machine, carrier, who=who, clock=clock, notice=notice)
        lost = False
        try:
            if left := exchange.run_alone().left:
                raise left
        except Lost:
            lost = True
        with exchange.writing() as tx:
            shelf = Shelf(tx.con, machine)
            covers = keeping.seen(tx.con, book)
            count = files = 0
            if lost:
                tx.con.execute(
                    "DELETE FROM main.sync_out WHERE book = ? AND dev = ?", (book, machine.device)
                )
            for changes in _in_files(_everything(shelf, book)):
                more: dict[str, Any] = {} if files else {"covers": covers}
                write_file(tx, shelf, book, changes, **more)
                count += len(changes)
                files += 1
            keeping.set_state(tx.con, f"compact {book}", "")
            keeping.note_covered(tx.con, book, covers)
        exchange.send()
        carrier.drop(book, covers)
    return count, files


def _everything(shelf: Shelf, book: str) -> Iterator[CellChange]:
    """Yield the cells of every row of a book, owners first, each with the version that it has."""
    order = {table: place for place, table in enumerate(shelf.tables)}
    tables = shelf.con.execute("SELECT DISTINCT tbl FROM main.sync_row").fetchall()
    for (table,) in sorted(tables, key=lambda one: order.get(one[0], len(order))):
        last = ""
        while True:
            some = shelf.con.execute(
                "SELECT id FROM main.sync_row WHERE tbl = ? AND id > ? ORDER BY id LIMIT ?",
                (table, last, _ROWS),
            ).fetchall()
            if not some:
                break
            last = some[-1][0]
            shelf.load({id: table for (id,) in some})
            for (id,) in some:
                row = shelf.rows[id]
                if book_of(shelf, row) == book:
                    yield from as_changes(row)
            if len(shelf.machine.books) == 1:
                shelf.rows.clear()


def _in_files(changes: Iterator[CellChange]) -> Iterator[list[CellChange]]:
    part: list[CellChange] = []
    for change in changes:
        part.append(change)
        if len(part) >= changefile.MOST:
            yield part
            part = []
    yield part


def due(path: Path) -> list[str]:
    """Return the shared books whose old files must go, since somebody was erased."""
    from contextlib import closing

    from acctcli.store.connection import connect

    with closing(connect(path)) as con:
        rows = con.execute(
            "SELECT substr(k, 9) FROM main.sync_state WHERE k LIKE 'compact %' AND v <> ''"
        )
        return [book for (book,) in rows]
