"""What commands changed here since the last exchange, according to the journal.

The state before the first of them is compared with the current row, so a change that was changed
back counts as none. Each cell gets the version of the last command that set it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from acctcli.model import Row
from acctcli.store import added
from acctcli.store.kinds import ABOVE, PART_OF
from acctcli.store.migrations import LATEST
from acctcli.store.remembered import row_of
from acctcli.store.sync import changefile, keeping
from acctcli.store.sync.books import book_of
from acctcli.store.sync.cells import (
    INTO,
    NEW,
    THERE,
    CellChange,
    Version,
    as_changes,
    left_blank,
)
from acctcli.store.sync.changefile import RemoteCommand
from acctcli.store.sync.keeping import SharedRow, Shelf

if TYPE_CHECKING:
    from acctcli.store.journal import Writing

ELSEWHERE = 0
"""Stands for a command in what another program changed, which no journal knows."""

_ROWS = changefile.MOST


class Touched:
    """What the journal has about one row since the last exchange."""

    __slots__ = ("before", "deleted", "into", "set_by", "there_by", "was_there")

    def __init__(self, was_there: bool) -> None:
        self.was_there = was_there
        self.before: Row = {}  # cells before the first command that changed them
        self.set_by: dict[str, int] = {}  # cell → the last command that set it
        self.there_by: int | None = None  # the last command that added or deleted the row
        self.deleted: Row = {}  # the row when it was deleted last
        self.into: str | None = None  # the record that it was merged into


class _Event(NamedTuple):
    command: int
    table: str
    id: str
    op: str
    before: Row
    after: Row


def moment_of(at: str) -> int:
    """Return a moment (ISO, UTC) in milliseconds since 1970; 0 for one that cannot be read."""
    try:
        return int(datetime.fromisoformat(at.replace("Z", "+00:00")).timestamp() * 1000)
    except ValueError:
        return 0


class Capture:
    """Collects the changes of this machine, and writes them into files that wait to be carried."""

    def __init__(self, tx: Writing, shelf: Shelf) -> None:
        self.tx = tx
        self.con = tx.con
        self.shelf = shelf
        self.machine = shelf.machine
        self.now = moment_of(tx.at)
        self.commands: dict[int, RemoteCommand] = {}
        # Rows (id → table) on which it depends how others are shown: they came, went or moved.
        self.moved: dict[str, str] = {}
        # Rows beside which the book may keep another one that now can be shown.
        self.beside: dict[str, str] = {}
        self.count = 0
        self._above = {
            name: one.column
            for name, table in shelf.tables.items()
            for one in table.references
            if one.target == name and name in ABOVE
        }
        self._by_book: dict[str, list[CellChange]] = {}

    def run(self, *, full: bool = False) -> int:
        """Capture everything since the last time; return how many changes of rows that are."""
        last = keeping.state(self.con, "captured")
        if not last:
            self._everything()
        else:
            self._since(int(last), int(keeping.state(self.con, "captured_added", "0")))
            if full:
                self._by_other_programs()
        self.post()
        self.note_captured()
        return self.count

    def note_captured(self) -> None:
        """Note that what the journal says is captured up to here."""
        for key, table in (("captured", "change"), ("captured_added", "added")):
            (seq,) = self.con.execute(f"SELECT coalesce(max(seq), 0) FROM main.{table}").fetchone()
            keeping.set_state(self.con, key, str(seq))

    # The first time

    def _everything(self) -> None:
        """Send every current row, with the moment of its last change."""
        for name, table in self.shelf.tables.items():
            cursor = self.con.execute(f'SELECT * FROM main."{name}"')
            names = [column[0] for column in cursor.description]
            while some := list(islice(cursor, _ROWS)):
                rows = []
                for values in some:
                    shown = dict(zip(names, values, strict=True))
                    row = SharedRow(shown.pop("id"), name)
                    row.shown = row.new = shown
                    row.visible = True
                    row.values = {**{c: shown[c] for c in table.cells}, THERE: 1}
                    changed = shown.get("updated_at")
                    at = min(moment_of(changed), self.now) if changed else self.now
                    row.base = (at, self.machine.device)
                    self._leave_blank(row, row.values)
                    rows.append(row)
                # Owners come first, but a row of the same table may belong to a later one.
                self.shelf.rows.update((row.id, row) for row in rows)
                for row in rows:
                    row.book = book_of(self.shelf, row)
                    self._whole_and_new(row)
                self.shelf.save(rows)
                if len(self.machine.books) == 1:
                    self.shelf.rows.clear()

    def _leave_blank(self, row: SharedRow, cells: Row) -> None:
        blank = [column for column, value in cells.items() if value is None]
        row.leave_blank(left_blank(row.id, blank, self.shelf.tables[row.table].groups))

    def _whole_and_new(self, row: SharedRow, command: int | None = None) -> None:
        assert row.base is not None
        cells = {column: value for column, value in row.values.items() if value is not None}
        at, device = row.base
        self._add(row.book, CellChange(row.table, row.id, at, device, cells, NEW, command))

    # Since the last exchange

    def _since(self, captured: int, captured_added: int) -> None:
        new, touched = self._touched(captured, captured_added)
        fresh = iter(new.items())
        while some := list(islice(fresh, _ROWS)):
            places = {id: table for (table, id), _ in some}
            self.shelf.load(places)
            for (table, id), command in some:
                row = self.shelf.rows[id]
                one = Touched(was_there=False)
                one.there_by = command
                one.set_by = dict.fromkeys(self.shelf.tables[table].cells, command)
                self._capture(row, one)
            self._keep([self.shelf.rows[id] for id in places])
        rest = iter(touched.items())
        while part := list(islice(rest, _ROWS)):
            self.shelf.load({id: table for (table, id), _ in part})
            for (_, id), one in part:
                self._capture(self.shelf.rows[id], one)
            self._keep([self.shelf.rows[id] for (_, id), _ in part])

    def _keep(self, rows: Sequence[SharedRow]) -> None:
        self.shelf.save(rows)
        self.post()
        self.shelf.rows.clear()

    def _touched(
        self, captured: int, captured_added: int
    ) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], Touched]]:
        """Return rows that were only added, each with its command, and all others."""
        new: dict[tuple[str, str], int] = {}
        found: dict[tuple[str, str], Touched] = {}
        for event in self._events(captured, captured_added):
            place = (event.table, event.id)
            if event.op == "insert" and place not in found and not event.after:
                new[place] = event.command
                continue
            if place in new:
                found[place] = one = Touched(was_there=False)
                self._note(one, _Event(new.pop(place), *place, "insert", {}, {}))
            one = found.setdefault(place, Touched(was_there=event.op != "insert"))
            self._note(one, event)
        return new, found

    def _note(self, one: Touched, event: _Event) -> None:
        table = self.shelf.tables[event.table]
        if event.op != "update":
            one.there_by = event.command
            if event.op == "delete":
                one.deleted = event.before
                one.into = event.after.get("merged_into")
        changed = table.cells if event.op != "update" else event.before
        for column in changed:
            if column in table.cells:
                one.set_by[column] = event.command
                if column in event.before:
                    one.before.setdefault(column, event.before[column])

    def _events(self, captured: int, captured_added: int) -> Iterator[_Event]:
        """Yield what commands of this machine did, in order; new rows of a command come first."""
        additions = self._additions(captured_added)
        waiting = next(additions, None)
        for command, table, id, op, before, after in self._changes(captured):
            while waiting is not None and waiting.command <= command:
                yield waiting
                waiting = next(additions, None)
            yield _Event(command, table, id, op, row_of(before), row_of(after))
        if waiting is not None:
            yield waiting
            yield from additions

    def _additions(self, captured: int) -> Iterator[_Event]:
        cursor = self.con.execute(
            "SELECT a.command, a.tbl, a.kind, a.rows, k.at, k.who, k.says FROM main.added a "
            "JOIN main.command k ON k.seq = a.command WHERE a.seq > ? AND k.origin IS NULL "
            "ORDER BY a.command, a.seq",
            (captured,),
        )
        for command, table, kind, rows, *told in cursor:
            if table in self.shelf.tables:
                self.commands.setdefault(command, RemoteCommand(*told))
                for id, _ in added.pairs_of(table, kind, rows):
                    yield _Event(command, table, id, "insert", {}, {})

    def _changes(self, captured: int) -> Iterator[tuple[Any, ...]]:
        cursor = self.con.execute(
            'SELECT c.command, c.tbl, c."row", c.op, c.before, c.after, k.at, k.who, k.says '
            "FROM main.change c JOIN main.command k ON k.seq = c.command "
            "WHERE c.seq > ? AND k.origin IS NULL ORDER BY c.command, c.seq",
            (captured,),
        )
        for command, table, id, op, before, after, *told in cursor:
            if table in self.shelf.tables:
                self.commands.setdefault(command, RemoteCommand(*told))
                yield command, table, id, op, before, after

    def _capture(self, row: SharedRow, one: Touched) -> None:
        """Give versions to the cells of a row that were set here, and send them."""
        alive = row.shown is not None
        row.visible, row.new = alive, row.shown
        if row.fresh and not alive:
            self.shelf.gone.add(row.id)  # it came and went before anybody saw it
            return
        known = one.before
        if alive and not row.fresh and not one.was_there:
            # An undo brought it back: only what differs from the deleted row was set here.
            known = {**self._as_deleted(row), **one.before} or row.values
        if row.shown is not None:
            for column, value in row.shown.items():
                if column in one.set_by and (column not in known or known[column] != value):
                    row.values[column] = value
        else:
            # As all had it: what was set here just before the deletion does not come back.
            last = {c: one.before.get(c, v) for c, v in one.deleted.items()}
            cells = self.shelf.tables[row.table].cells
            row.values = {**{c: v for c, v in last.items() if c in cells}, **row.values}
        by_command = self._set_here(row, one, known)
        self._note_moved(row, by_command)
        self._together(row, by_command)
        self._send(row, by_command)

    def _note_moved(self, row: SharedRow, by_command: Mapping[int, Row]) -> None:
        if row.fresh:
            return
        above = self._above.get(row.table)
        if any(THERE in cells or above in cells for cells in by_command.values()):
            self.moved[row.id] = row.table
        elif row.table == "contact" or self.shelf.tables[row.table].unique:
            self.beside[row.id] = row.table

    def _as_deleted(self, row: SharedRow) -> Row:
        """Return the cells of a row when it was deleted here last."""
        found = self.con.execute(
            'SELECT before FROM main.change WHERE tbl = ? AND "row" = ? AND record IN '
            "(SELECT record FROM main.change WHERE \"row\" = ?) AND op = 'delete' "
            "ORDER BY seq DESC LIMIT 1",
            (row.table, row.id, row.id),
        ).fetchone()
        return row_of(found[0]) if found else {}

    def _set_here(self, row: SharedRow, one: Touched, known: Mapping[str, Any]) -> dict[int, Row]:
        """Return by command which cells of a row it set."""
        found: dict[int, Row] = {}
        alive = row.shown is not None
        there_by = one.there_by if one.there_by is not None else max(one.set_by.values())
        if one.was_there != alive or row.fresh:
            cells = found.setdefault(there_by, {})
            cells[THERE] = int(alive)
            if not alive and (one.into or row.values.get(INTO)):
                # Of records merged into each other one lives on: deleted, it leads nowhere.
                cells[INTO] = row.values[INTO] = one.into
        if row.shown is None:
            return found
        for column in self.shelf.tables[row.table].cells if row.fresh else one.set_by:
            value = row.shown[column]
            if row.fresh or column not in known or known[column] != value:
                found.setdefault(one.set_by.get(column, there_by), {})[column] = value
        return found

    def _together(self, row: SharedRow, by_command: dict[int, Row]) -> None:
        """Send cells that belong together, as the last command left them."""
        if row.shown is None or row.fresh:
            return
        for group in dict.fromkeys(self.shelf.tables[row.table].groups.values()):
            of = [n for n, cells in by_command.items() if not cells.keys().isdisjoint(group)]
            if of:
                for n in of:
                    for column in group:
                        by_command[n].pop(column, None)
                by_command[max(of)].update({column: row.shown[column] for column in group})

    def _send(self, row: SharedRow, by_command: Mapping[int, Row]) -> None:
        fresh = row.fresh
        for command, cells in sorted(by_command.items()):
            if not cells:
                continue
            replaced: dict[str, Any] = {c: v for c in cells if (v := row.version(c))}
            if cells.get(THERE) == 0:
                replaced = row.all_versions()
            latest = max((v[0] for v in replaced.values()), default=-1)
            at = max(min(moment_of(self.commands[command].at), self.now), latest + 1)
            version: Version = (at, self.machine.device)
            if fresh and row.base is None:
                row.base = version
            for column, value in cells.items():
                row.set(column, value, version)
            if cells.get(THERE) == 1 and fresh:
                replaced = NEW
                self._leave_blank(row, cells)
                cells = {c: v for c, v in cells.items() if v is not None}
            old, row.book = row.book, book_of(self.shelf, row)
            change = CellChange(row.table, row.id, at, version[1], cells, replaced, command)
            if old and old != row.book:
                self._add(old, change)
                for whole in as_changes(row):
                    self._add(row.book, whole)
            else:
                self._add(row.book, change)

    # What another program changed

    def _by_other_programs(self) -> None:
        """Find rows that another program changed, and send their current state."""
        self.commands[ELSEWHERE] = RemoteCommand(
            self.tx.at, self.tx.who, "Changed by another program."
        )
        for name, table in self.shelf.tables.items():
            cursor = self.con.execute(
                f'SELECT t.*, r.sum AS "sync sum" FROM main."{name}" t '
                "LEFT JOIN main.sync_row r ON r.id = t.id"
            )
            names = [column[0] for column in cursor.description]
            differ = []
            for values in cursor:
                shown = dict(zip(names, values, strict=True))
                if shown.pop("sync sum") != self.shelf.sum(name, shown):
                    differ.append(shown["id"])
            gone = self.con.execute(
                "SELECT r.id FROM main.sync_row r WHERE r.tbl = ? AND r.sum IS NOT NULL AND "
                f'NOT EXISTS (SELECT 1 FROM main."{name}" t WHERE t.id = r.id)',
                (name,),
            ).fetchall()
            ids = iter([*differ, *(id for (id,) in gone)])
            while some := list(islice(ids, _ROWS)):
                self.shelf.load(dict.fromkeys(some, name))
                for id in some:
                    self._capture_elsewhere(self.shelf.rows[id], table.cells)
                self._keep([self.shelf.rows[id] for id in some])

    def _capture_elsewhere(self, row: SharedRow, cells: Iterable[str]) -> None:
        one = Touched(was_there=not row.fresh)
        one.there_by = ELSEWHERE
        if row.shown is not None:
            # What the book does not show as it is was not changed by anybody.
            one.set_by = {c: ELSEWHERE for c in cells if row.values.get(c) == row.shown[c]}
        if row.shown is not None and not row.fresh and row.values.get(THERE) == 0:
            one.was_there = False
        self._capture(row, one)
        column = PART_OF.get(row.table)
        if column is None:  # the other program did not index it
            self.tx.touch(row.table, [row.id])
        elif owner := row.values.get(column):
            kind = row.values["kind"] if column == "record_id" else column.removesuffix("_id")
            self.tx.touch(kind, [owner])

    # Files

    def _add(self, book: str | None, change: CellChange) -> None:
        book = book or self.machine.home
        waiting = self._by_book.setdefault(book, [])
        waiting.append(change)
        self.count += 1
        if len(waiting) >= changefile.MOST:
            self._write(book, waiting)
            self._by_book[book] = []

    def pass_on(self, book: str, changes: Iterable[CellChange]) -> None:
        """Send rows as they stand to the members of another book."""
        for change in changes:
            self._add(book, change)

    def post(self) -> None:
        """Write the changes that wait in memory into files."""
        for book, changes in self._by_book.items():
            if changes:
                self._write(book, changes)
        self._by_book.clear()

    def _write(self, book: str, changes: Sequence[CellChange], **more: Any) -> None:
        write_file(self.tx, self.shelf, book, changes, commands=self.commands, **more)


def write_file(
    tx: Writing,
    shelf: Shelf,
    book: str,
    changes: Sequence[CellChange],
    *,
    commands: Mapping[int, RemoteCommand] | None = None,
    **more: Any,
) -> int:
    """Keep a file of changes that waits to be carried; return its number.

    `more` goes into its head: `covers` of a snapshot, `erased` people.
    """
    con, device = tx.con, shelf.machine.device
    seen = keeping.seen(con, book)
    head = {
        "schema": LATEST,
        "name": shelf.machine.name,
        "who": tx.who,
        "series": keeping.state(con, "series", "A"),
        "at": tx.at,
        "seen": seen,
        **more,
    }
    own = f"last {book}"
    n = max(int(keeping.state(con, own, "0")), seen.get(device, 0)) + 1
    keeping.set_state(con, own, str(n))
    blob = changefile.written(changes, head=head, commands=commands)
    con.execute(
        "INSERT INTO main.sync_out VALUES (?, ?, ?, ?, ?, ?)",
        (book, device, n, len(changes), int("covers" in more), blob),
    )
    if n == seen.get(device, 0) + 1:
        # A book that was restored reads its own files first, from where it was.
        keeping.see(con, book, device, n)
    return n
