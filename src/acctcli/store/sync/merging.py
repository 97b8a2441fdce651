"""Taking in what other machines changed: merge, settle, and write through the journal.

Each command of another machine becomes a command of the journal here, with its own moment, person
and sentence. So history tells it, undo refuses what others changed since, and search finds it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from acctcli.ids import fact_id
from acctcli.model import KINDS, Row
from acctcli.store.journal import Writing, bound
from acctcli.store.kinds import PART_OF
from acctcli.store.known import ERASED as SOMEBODY
from acctcli.store.sync import changefile, erasing, keeping
from acctcli.store.sync.arrivals import Arrived
from acctcli.store.sync.books import book_of
from acctcli.store.sync.cells import (
    BOOK,
    ERASED,
    FIRST,
    INTO,
    THERE,
    CellChange,
    CellClash,
    RowCells,
    as_changes,
    as_it_stands,
    take,
)
from acctcli.store.sync.changefile import ChangeFile
from acctcli.store.sync.fitting import Fitting
from acctcli.store.sync.keeping import By, SharedRow, Shelf
from acctcli.store.sync.settle import Settle
from acctcli.store.sync.tables import QUIET

if TYPE_CHECKING:
    from acctcli.store.sync.capture import Capture

SETTLED = "Settled what several machines changed."
"""The sentence of a change that no command of another machine made alone."""


class FileMerge:
    """Merges files into the book in one transaction."""

    def __init__(self, tx: Writing, shelf: Shelf) -> None:
        self.tx = tx
        self.con = tx.con
        self.shelf = shelf
        self.conflicts = 0
        self.written = 0
        self._forward: dict[str, dict[str, set[str]]] = {}  # book → row → cells for its members
        self._waiting: list[CellChange] | None = None
        self._anybody_erased = erasing.is_anybody_erased(tx.con)

    def merge(self, files: Iterable[Arrived]) -> dict[str, int]:
        """Merge files, each after those that its writer had seen; return changes by machine."""
        touched: dict[str, SharedRow] = {}
        taken: dict[str, int] = {}
        for book, device, n, file in files:
            self.shelf.load({change.id: change.table for change in file.changes})
            silent = self._about_erased(file.changes)
            for change in file.changes:
                touched[change.id] = self._merge(change, book, device, file, silent)
            self._clash_with_unsent(file.changes)
            if len(self.shelf.machine.books) > 1:
                self._note_forward(book, file.changes)
            if file.covers:
                keeping.note_covered(self.con, book, file.covers)
            for other, last in {**self._covered(book, file), device: n}.items():
                keeping.see(self.con, book, other, last)
            self._know(device, file)
            if device != self.shelf.machine.device:
                taken[device] = taken.get(device, 0) + len(file.changes)
        self.settle(touched.values())
        return taken

    def _covered(self, book: str, file: ChangeFile) -> dict[str, int]:
        """Return the files that a file stands for; of this machine, none that it never wrote."""
        own = self.shelf.machine.device
        last = int(keeping.state(self.con, f"last {book}", "0"))
        return {
            device: min(n, last) if device == own else n
            for device, n in (file.covers or {}).items()
        }

    def _about_erased(self, changes: Sequence[CellChange]) -> set[int | None]:
        """Return the commands that changed something of a person who was erased.

        Their sentences name the person, and nobody here knows that name any more.
        """
        if not self._anybody_erased:
            return set()
        ids = {change.id for change in changes}
        ids |= {v for one in changes for c, v in one.cells.items() if v and c.endswith("_id")}
        erased = erasing.erased(self.con, ids)
        return {
            one.command
            for one in changes
            if ERASED in self.shelf.rows[one.id].values or erased & {one.id, *one.cells.values()}
        }

    def _merge(
        self,
        change: CellChange,
        book: str,
        device: str,
        file: ChangeFile,
        silent: Set[int | None] = frozenset(),
    ) -> SharedRow:
        row = self.shelf.rows[change.id]
        known = self.shelf.tables.get(row.table)
        if row.fresh and row.base is None:
            row.book = change.cells.get(BOOK, book)
        before = [row.version(cell) for cell in (THERE, INTO, BOOK)]
        for clash in take(row, change, known.groups if known else {}, known.cells if known else ()):
            self._conflict(row, clash)
        if before != [row.version(cell) for cell in (THERE, INTO, BOOK)]:
            row.hot = True
            row.book = row.values.get(BOOK) or row.book
        command = file.commands.get(change.command) if change.command is not None else None
        if command and change.command in silent:
            command = command.replace(says=SOMEBODY)
        if row.by is None or row.shown is not None or THERE in change.cells:
            # The command that added a row tells of it, even if a later one changed it too.
            row.by = (device, *command) if command else (device, file.at, file.who, "")
        return row

    def _clash_with_unsent(self, changes: Sequence[CellChange]) -> None:
        """Note what clashes between rows that came as they stand, and what was not sent yet.

        Their writer had seen everything else that is here, or the one who sends it finds it.
        """
        came: dict[str, list[CellChange]] = {}
        for change in changes:
            if as_it_stands(change):
                came.setdefault(change.id, []).append(change)
        if not came:
            return
        for own in self._unsent():
            if own.id in came:
                row = self.shelf.rows[own.id]
                known = self.shelf.tables.get(row.table)
                groups, cells = (known.groups, known.cells) if known else ({}, ())
                theirs = RowCells(own.id, own.table)
                for change in came[own.id]:
                    take(theirs, change, groups)
                for clash in take(theirs, own, groups, cells):
                    self._conflict(row, clash)

    def _unsent(self) -> Sequence[CellChange]:
        """Return what commands changed here that was not sent yet."""
        if self._waiting is None:
            blobs = self.con.execute("SELECT blob FROM main.sync_out ORDER BY book, dev, n")
            self._waiting = [
                change
                for (blob,) in blobs
                for change in changefile.read(blob, "what waits to be sent").changes
                if change.command is not None
            ]
        return self._waiting

    def _know(self, device: str, file: ChangeFile) -> None:
        self.con.execute(
            "INSERT INTO main.sync_device VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "name = excluded.name, rep = excluded.rep, series = excluded.series, "
            "last_at = max(last_at, excluded.last_at)",
            (device, file.name, file.who, file.series, file.at),
        )

    def _conflict(self, row: SharedRow, clash: CellClash) -> None:
        id = fact_id(
            "conflict", row.id, *sorted(clash.won), str(clash.won_version), str(clash.lost_version)
        )
        cursor = self.con.execute(
            "INSERT OR IGNORE INTO main.sync_conflict VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
            (
                id,
                row.table,
                row.id,
                json.dumps(clash.won),
                json.dumps(clash.lost),
                _iso(clash.won_version[0]),
                clash.won_version[1],
                _iso(clash.lost_version[0]),
                clash.lost_version[1],
                clash.why,
            ),
        )
        self.conflicts += max(cursor.rowcount, 0)

    # What belongs to the members of another book

    def _note_forward(self, book: str, changes: Sequence[CellChange]) -> None:
        machine = self.shelf.machine
        for change in changes:
            lives = book_of(self.shelf, self.shelf.rows[change.id])
            if lives != book and lives in machine.books:
                cells = self._forward.setdefault(lives, {}).setdefault(change.id, set())
                cells.update(change.cells)

    def pass_on(self, capture: Capture) -> None:
        """Send what came with one book, and is another's by now, to the members of that one."""
        for book, rows in self._forward.items():
            for id, cells in rows.items():
                capture.pass_on(book, as_changes(self.shelf.look(id), cells))

    # Settling

    def revive(self, moved: Mapping[str, str], beside: Mapping[str, str] | None = None) -> None:
        """Settle rows (id → table) that came, went or moved here, and those beside them.

        An undo may have brought a row back of which others know more.
        """
        rows = {**moved, **(beside or {})}
        self.shelf.load(rows)
        for id in moved:
            self.shelf.rows[id].hot = True
        self.settle([self.shelf.rows[id] for id in rows])

    def settle(self, touched: Iterable[SharedRow]) -> None:
        """Make the book show what the cells of these rows say, and of all that depend on them."""
        rows = list(touched)
        while True:
            settle = Settle(self.shelf)
            decided = settle.run(rows)
            self.con.execute("SAVEPOINT settled")
            try:
                written = self._write(decided)
            except sqlite3.IntegrityError:
                # A word of a later version, which this one's tables refuse: the row waits.
                self.con.execute("ROLLBACK TO settled")
                if not self._refuse(decided):
                    raise
                continue
            fitting = Fitting(self.con, self.shelf.tables)
            fitting.look(row for row in decided if row.visible and row.shown != row.new)
            if not fitting.again:
                break
            self.con.execute("ROLLBACK TO settled")
        self.con.execute("RELEASE settled")
        self.tx.unread = self.tx.unread or fitting.unread
        for row, clash in settle.aside:
            self._conflict(row, clash)
        self.written += written
        self._note_left_over(decided)
        self._note_refused(decided)
        self._away(decided)
        if len(self.shelf.machine.books) > 1:
            for row in decided:
                row.book = book_of(self.shelf, row)
        self.shelf.save([row for row in decided if row.base is not None or row.versions])
        for row in decided:
            # The next settling of the same transaction begins with the book as it is now.
            row.shown, row.hot = (row.new if row.visible else None), False

    def _write(self, decided: Sequence[SharedRow]) -> int:
        inserts: dict[tuple[By, str], list[SharedRow]] = {}
        updates: list[SharedRow] = []
        deletes: list[SharedRow] = []
        for row in decided:
            if row.shown is None and row.visible:
                inserts.setdefault((_by(row), row.table), []).append(row)
            elif row.shown is not None and not row.visible:
                deletes.append(row)
            elif row.visible and row.shown != row.new:
                updates.append(row)
        commands = Commands(self.tx)
        # The journal tells them in the order in which they ran; tables come in that of `decided`.
        for (by, table), rows in sorted(inserts.items(), key=lambda one: one[0][0][1]):
            writing = commands.of(by)
            made = [{"id": row.id, **(row.new or {})} for row in rows]
            stray = [row for row in made if not all(map(_is_utf8, row.values()))]
            sound = [row for row in made if row not in stray] if stray else made
            writing.insert_all(table, sound, new=True)
            writing.keep_waiting()
            for row_of_bytes in stray:
                writing.insert(table, row_of_bytes)
            self._touch(rows)
        for row in sorted(updates, key=lambda row: _by(row)[1]):
            shown, new = row.shown or {}, row.new or {}
            values = {c: v for c, v in new.items() if shown.get(c) != v or c not in shown}
            commands.of(_by(row)).revert(row.table, row.id, values)
            self._touch([row])
        for row in sorted(deletes, key=lambda row: _by(row)[1]):
            into = row.values.get(INTO) or ""
            commands.of(_by(row)).delete(row.table, row.id, merged_into=into)
            self._touch([row])
        commands.finish()
        return sum(map(len, inserts.values())) + len(updates) + len(deletes)

    def _touch(self, rows: Iterable[SharedRow]) -> None:
        for row in rows:
            stands = row.new if row.new is not None else row.shown
            assert stands is not None
            if row.table in KINDS:
                self.tx.touch(row.table, [row.id])
            column = PART_OF.get(row.table)
            for one in (row.new, row.shown) if column else ():
                if one is not None and column is not None:
                    kind = one["kind"] if column == "record_id" else column.removesuffix("_id")
                    self.tx.touch(kind, [one[column]])
            if row.table == "setting":
                self.tx.settings_changed = True

    def _refuse(self, decided: Iterable[SharedRow]) -> bool:
        """Mark the rows that the tables refuse; whether there was one."""
        found = False
        for row in decided:
            if row.new is None or row.shown == row.new:
                continue
            self.con.execute("SAVEPOINT tried")
            try:
                _try(self.con, row.table, {"id": row.id, **row.new})
            except sqlite3.IntegrityError:
                row.refused = found = True
            self.con.execute("ROLLBACK TO tried")
            self.con.execute("RELEASE tried")
        return found

    def _note_left_over(self, decided: Iterable[SharedRow]) -> None:
        """Note the records that were added on one machine while another deleted their owner."""
        for row in decided:
            new = row.shown is not None or row.fresh
            if row.visible or row.refused or not new or row.values.get(THERE) != 1:
                continue
            if row.table not in KINDS or row.table in PART_OF:
                continue
            for column, kind, owns in self.shelf.tables[row.table].references:
                id = row.values.get(column)
                owner = self.shelf.look(id, kind) if id and owns else None
                if owner and owner.values.get(THERE) == 0 and not owner.values.get(INTO):
                    deleted, added = (one.version(THERE) or FIRST for one in (owner, row))
                    cells = self.shelf.tables[row.table].cells
                    said = {
                        c: v
                        for c, v in row.values.items()
                        if c in cells and c not in QUIET and v is not None
                    }
                    clash = CellClash({THERE: 0}, said, deleted, added, "deleted")
                    self._conflict(row, clash)
                    break

    def _note_refused(self, decided: Iterable[SharedRow]) -> None:
        before = set(json.loads(keeping.state(self.con, "aside", "[]")))
        after = set(before)
        for row in decided:
            if row.refused or row.instead or (row.table not in self.shelf.tables):
                after.add(row.id)
            else:
                after.discard(row.id)
        if after != before:
            keeping.set_state(self.con, "aside", json.dumps(sorted(after)))

    def _away(self, decided: Iterable[SharedRow]) -> None:
        """Forget rows of an account whose book this machine does not read any more."""
        books = self.shelf.machine.books
        for row in decided:
            if row.shown is None or row.visible:
                continue
            if book_of(self.shelf, row, any_book=True) in books:
                continue
            if row.table == "account":
                row.values = {c: v for c, v in row.values.items() if c in (THERE, BOOK)}
            else:
                self.shelf.gone.add(row.id)


_LOOKED_BACK = 100
"""Commands among which one is searched that came in several files, such as a large import."""


class Commands:
    """The commands of other machines in the journal of this one, each once in a transaction."""

    def __init__(self, tx: Writing) -> None:
        self._tx = tx
        self._known: dict[By, Writing] = {}
        rows = tx.con.execute("SELECT dev, name FROM main.sync_device")
        self._names = dict(rows.fetchall())

    def of(self, by: By) -> Writing:
        """Return the writing of a command."""
        if by not in self._known:
            device, at, who, says = by
            tx = self._tx
            name = self._names.get(device) or device
            one = Writing(
                tx.con,
                now=tx.now,
                at=at or tx.at,
                today=tx.today,
                who=who or tx.who,
                typed="acct sync now",
                origin=name or "sync",
            )
            one.says = says or (f"Taken in from {name}." if name else SETTLED)
            one.command = self._begun(one)
            self._known[by] = one
        return self._known[by]

    def _begun(self, one: Writing) -> int | None:
        """Return the command that an earlier file of the same machine began, if one did."""
        found = self._tx.con.execute(
            "SELECT seq FROM main.command WHERE seq > (SELECT max(seq) - ? FROM main.command) "
            "AND at = ? AND who = ? AND says = ? AND origin = ? ORDER BY seq DESC LIMIT 1",
            (_LOOKED_BACK, one.at, one.who, one.says, one.origin),
        ).fetchone()
        return int(found[0]) if found else None

    def finish(self) -> None:
        """Write the sentences of the commands."""
        for one in self._known.values():
            one.finish()


def _by(row: SharedRow) -> By:
    return row.by or ("", "", "", "")


def _try(con: sqlite3.Connection, table: str, row: Row) -> None:
    columns = ", ".join(f'"{column}"' for column in row)
    marks, parameters = bound(row.values())
    sql = f'INSERT OR REPLACE INTO main."{table}" ({columns}) VALUES ({", ".join(marks)})'
    con.execute(sql, parameters)


def _is_utf8(value: object) -> bool:
    """Whether a value has no stray bytes, which another program wrote into a text."""
    if not isinstance(value, str) or value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _iso(milliseconds: int) -> str:
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def kept_rows(con: sqlite3.Connection, *, most: int = -1) -> dict[str, str]:
    """Return the rows (id → table) that the book keeps as it does not show them."""
    sql = "SELECT id, tbl FROM main.sync_row WHERE kept IS NOT NULL LIMIT ?"
    return dict(con.execute(sql, (most,)).fetchall())
