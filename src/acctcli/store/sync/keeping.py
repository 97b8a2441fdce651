"""What the book keeps for the exchange, and the rows of one exchange in memory.

The book shows most rows as their cells are; then only their versions are kept beside them. `kept`
has the cells that the book does not show: those of deleted rows and of rows that wait for others,
columns of a later version of the program, references to records that are not here.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from acctcli.model import Row
from acctcli.store.sync.cells import BOOK, INTO, REST, THERE, RowCells
from acctcli.store.sync.tables import SyncTable, tables

if TYPE_CHECKING:
    from acctcli.store.sync.machine import Machine

By = tuple[str, str, str, str]
"""A command of another machine: the machine's id, when it ran, who ran it, its sentence."""


class SharedRow(RowCells):
    """A row of the book, or one that the book only keeps: its cells, and what it looks like."""

    __slots__ = ("book", "by", "fresh", "hot", "instead", "new", "refused", "shown", "visible")

    def __init__(self, id: str, table: str) -> None:
        super().__init__(id, table)
        self.shown: Row | None = None  # as the book has it; None if it has not
        self.new: Row | None = None  # as the book should have it
        self.visible = False
        self.book: str | None = None  # whose members read it
        self.by: By | None = None  # the last command of another machine that changed it
        self.fresh = True  # nothing is known of it yet
        self.hot = False  # what refers to it may look otherwise now
        self.refused = False  # this version of the program cannot hold it
        self.instead: dict[str, tuple[Any, Any]] = {}  # cells that cannot be shown, and what is


class Shelf:
    """The rows that one exchange works on, loaded as they are needed."""

    def __init__(self, con: sqlite3.Connection, machine: Machine) -> None:
        self.con = con
        self.machine = machine
        self.tables: Mapping[str, SyncTable] = tables(con)
        self.rows: dict[str, SharedRow] = {}
        self.gone: set[str] = set()  # rows that nobody needs to know of any more

    def load(self, wanted: Mapping[str, str]) -> None:
        """Load rows (id → table) that are not loaded yet."""
        missing = {id: table for id, table in wanted.items() if id not in self.rows}
        if not missing:
            return
        for id, table in missing.items():
            self.rows[id] = SharedRow(id, table)
        listed = json.dumps(list(missing))
        for id, table, versions, kept, book in self.con.execute(
            "SELECT r.id, r.tbl, r.ver, r.kept, r.book FROM json_each(?) j "
            "CROSS JOIN main.sync_row r ON r.id = j.value",
            (listed,),
        ):
            row = self.rows[id]
            row.fresh, row.table, row.book = False, table, book
            row.versions = {column: tuple(one) for column, one in json.loads(versions).items()}
            row.base = row.versions.pop(REST, None)
            row.values = json.loads(kept) if kept else {}
            if table == "account" and book:
                row.values[BOOK] = book
        by_table: dict[str, list[str]] = {}
        for id in missing:
            by_table.setdefault(self.rows[id].table, []).append(id)
        for table, ids in by_table.items():
            if table in self.tables:
                self._show(table, ids)

    def _show(self, table: str, ids: Collection[str]) -> None:
        known = self.tables[table]
        for values in rows_of(self.con, table, ids):
            row = self.rows[values.pop("id")]
            row.shown = values
            row.values = {**{c: values[c] for c in known.cells}, THERE: 1, **row.values}

    def look(self, id: str, table: str = "") -> SharedRow:
        """Load and return a row; an unknown row has no cells."""
        if id not in self.rows:
            if not table:
                found = self.con.execute("SELECT tbl FROM main.sync_row WHERE id = ?", (id,))
                table = (found.fetchone() or ("",))[0]
            self.load({id: table})
        return self.rows[id]

    def save(self, rows: Iterable[SharedRow]) -> None:
        """Keep the versions of rows, and the cells that the book does not show."""
        kept_rows: list[tuple[Any, ...]] = []
        references: list[tuple[str, str]] = []
        cleared: list[tuple[str]] = []
        for row in rows:
            if row.id in self.gone:
                continue
            row.settle_base()
            kept = self._kept(row)
            if kept or not row.fresh:
                cleared.append((row.id,))
            references += [(target, row.id) for target in self._targets(row, kept)]
            kept_rows.append(
                (
                    row.id,
                    row.table,
                    _compact(row.all_versions()),
                    _compact(kept) if kept else None,
                    row.book,
                    self.sum(row.table, row.new) if row.visible and row.new else None,
                )
            )
            row.fresh = False
        self.con.executemany('DELETE FROM main.sync_ref WHERE "row" = ?', cleared)
        self.con.executemany("INSERT OR REPLACE INTO main.sync_row VALUES (?,?,?,?,?,?)", kept_rows)
        self.con.executemany("INSERT OR IGNORE INTO main.sync_ref VALUES (?,?)", references)
        dead = [(id,) for id in self.gone]
        self.con.executemany("DELETE FROM main.sync_row WHERE id = ?", dead)
        self.con.executemany('DELETE FROM main.sync_ref WHERE "row" = ?', dead)

    def _kept(self, row: SharedRow) -> Row:
        shown = row.new if row.visible and row.new is not None else None
        if shown is None:
            return {c: v for c, v in row.values.items() if c != BOOK}
        return {
            column: value
            for column, value in row.values.items()
            if not (column in shown and shown[column] == value) and column != BOOK
            if not (column == THERE and value == 1)
        }

    def _targets(self, row: SharedRow, kept: Row) -> Iterator[str]:
        """Yield the ids that kept cells refer to, by which the row is found when they change."""
        if not kept:
            return
        known = self.tables.get(row.table)
        for reference in known.references if known else ():
            if kept.get(reference.column):
                yield kept[reference.column]
        if kept.get(INTO):
            yield kept[INTO]

    def sum(self, table: str, row: Row) -> int:
        """Return a checksum of a row as the book shows it.

        `acct sync now --full` finds by it what another program changed.
        """
        return sum_of(self.tables[table], row)

    def referring(self, ids: Collection[str]) -> dict[str, str]:
        """Return the rows (id → table) that refer to these, in the book or kept beside it."""
        if not ids:
            return {}
        listed = json.dumps(list(ids))
        found: dict[str, str] = dict(
            self.con.execute(
                'SELECT f."row", r.tbl FROM json_each(?) j CROSS JOIN main.sync_ref f '
                'ON f.target = j.value JOIN main.sync_row r ON r.id = f."row"',
                (listed,),
            ).fetchall()
        )
        # To a row that the book has not, only kept cells refer.
        listed = json.dumps([id for id in ids if self.rows[id].shown])
        kinds = {self.rows[id].table for id in ids if self.rows[id].shown}
        for name, table in self.tables.items():
            for column, target, _ in table.references:
                if target in kinds or not target:
                    rows = self.con.execute(
                        f'SELECT t.id FROM json_each(?) j CROSS JOIN main."{name}" t '
                        f'ON t."{column}" = j.value',
                        (listed,),
                    )
                    found.update((id, name) for (id,) in rows)
        return found

    def present(self, table: str, ids: Collection[str]) -> set[str]:
        """Return which of these rows the book has."""
        rows = self.con.execute(
            f'SELECT t.id FROM json_each(?) j CROSS JOIN main."{table}" t ON t.id = j.value',
            (json.dumps(list(ids)),),
        )
        return {id for (id,) in rows}


def sum_of(table: SyncTable, row: Row) -> int:
    """Return the checksum of a row of a table."""
    values = [row[column] for column in table.cells]
    return zlib.crc32(repr(values).encode("utf-8", "surrogateescape"))


def rows_of(con: sqlite3.Connection, table: str, ids: Collection[str]) -> Iterator[Row]:
    """Yield these rows of the book, as they are stored."""
    cursor = con.execute(
        f'SELECT t.* FROM json_each(?) j CROSS JOIN main."{table}" t ON t.id = j.value',
        (json.dumps(list(ids)),),
    )
    names = [column[0] for column in cursor.description]
    for values in cursor:
        yield dict(zip(names, values, strict=True))


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


# State, and the files seen


def state(con: sqlite3.Connection, key: str, otherwise: str = "") -> str:
    """Return a value of the state of the exchange."""
    row = con.execute("SELECT v FROM main.sync_state WHERE k = ?", (key,)).fetchone()
    return str(row[0]) if row else otherwise


def set_state(con: sqlite3.Connection, key: str, value: str) -> None:
    """Keep a value of the state of the exchange."""
    con.execute("INSERT OR REPLACE INTO main.sync_state VALUES (?, ?)", (key, value))


def seen(con: sqlite3.Connection, book: str) -> dict[str, int]:
    """Return the last file of each machine that this book has taken in, its own included."""
    rows = con.execute("SELECT dev, n FROM main.sync_seen WHERE book = ?", (book,))
    return dict(rows.fetchall())


def note_covered(con: sqlite3.Connection, book: str, covers: Mapping[str, int]) -> None:
    """Note the files that the newest snapshot of a book stands for: they are gone."""
    key = f"covered {book}"
    set_state(con, key, str(max(sum(covers.values()), int(state(con, key, "0")))))


def files(con: sqlite3.Connection, book: str) -> int:
    """Return roughly how many files of a book the carrier has, as far as this machine has seen."""
    return max(sum(seen(con, book).values()) - int(state(con, f"covered {book}", "0")), 0)


def see(con: sqlite3.Connection, book: str, device: str, n: int) -> None:
    """Note that the files of a machine are here up to this number."""
    con.execute(
        "INSERT INTO main.sync_seen VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET "
        "n = max(n, excluded.n)",
        (book, device, n),
    )
