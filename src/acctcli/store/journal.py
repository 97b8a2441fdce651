"""One write transaction, and its journal for undo and history.

Every change of a row goes through `Writing`, which applies the change and keeps the previous
values. A command that changed nothing leaves no trace. `records` knows which rows make up a record.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from acctcli import text
from acctcli.errors import Invalid
from acctcli.model import Field, Playbook, Row
from acctcli.store import added, doubts, search
from acctcli.store.commit import commit, end
from acctcli.store.connection import Notice, our_errors, patiently
from acctcli.store.kinds import PART_OF
from acctcli.store.migrations import LATEST
from acctcli.store.opening import open_book


class RowRules(Protocol):
    """Decides whether a record may be written, and what is written with it."""

    @property
    def asks(self) -> bool:
        """Whether the user's settings require anything of any record."""

    def complete(
        self,
        kind: str,
        values: Row,
        current: Row,
        *,
        typed: bool = True,
        written: str = "",
    ) -> Row:
        """Return what to store; raise `Invalid` for what cannot be."""

    def following(self, kind: str, before: Row, after: Row) -> Row | None:
        """Return the record that a change creates, if any."""

    @property
    def watched(self) -> Collection[str]:
        """The kinds whose changes can set off a playbook; none in most books."""

    def set_off(self, kind: str, before: Row, after: Row) -> Sequence[Playbook]:
        """Return the playbooks that a change of a record sets off."""

    def required(self, kind: str, tier: str | None) -> Sequence[str]:
        """Return the names of fields that the user's settings require."""

    def fields(self, kind: str) -> Mapping[str, Field]:
        """Return the fields of a kind, the user's own included."""


class Writing:
    """The open transaction of a command: `con` to read with, and the only way to change rows.

    `now` is the moment (ISO, UTC), `at` the same to the millisecond, `today` the user's day and
    `who` the name that new and changed rows carry; `typed` is the command line without secrets.
    `rules` complete and check records; without them, records are written as given. `origin` is the
    name of the machine whose command it was, if it was another one.
    """

    def __init__(
        self,
        con: sqlite3.Connection,
        *,
        now: str,
        today: str,
        who: str,
        typed: str,
        at: str = "",
        rules: RowRules | None = None,
        origin: str | None = None,
    ) -> None:
        self.con = con
        self.now = now
        self.at = at or now
        self.today = today
        self.who = _storable(who)
        self.typed = _storable(typed)
        self.rules = rules
        self.origin = origin
        self.says = ""  # a sentence for the history, set by the command
        self.note: str | None = None  # the note for changes of deals
        self.undoes: int | None = None
        self.command: int | None = None
        self.touched: dict[str, str] = {}  # record id → kind, for the search index
        self.last_number: str | None = None  # the highest account number, read once
        self.followed: dict[str, str] = {}  # id of a new record → record that created it
        self.set_off: dict[str, tuple[Playbook, dict[str, None]]] = {}  # by name, with subjects
        self.settings_changed = False
        self.first: int | None = None  # the command that ran ahead of this one
        self.unread = False  # whether it may have written values that cannot be read
        self._waiting = 0  # new rows that are not in the journal yet

    def stands(self, look: sqlite3.Connection) -> bool | None:
        """Whether another connection sees this command in the book.

        None if the command left nothing in the journal, as saving a preset does: then nobody can
        say.
        """
        if self.command is None:
            return None
        sql = "SELECT 1 FROM command WHERE seq = ? AND at = ? AND typed = ?"
        return look.execute(sql, (self.command, self.at, self.typed)).fetchone() is not None

    def number(self) -> int:
        """The number of this command in the journal, assigned on first use."""
        if self.command is None:
            cursor = self.con.execute(
                "INSERT INTO command (at, who, typed, says, undoes, version, origin) "
                "VALUES (?, ?, ?, '', ?, ?, ?)",
                (self.at, self.who, self.typed, self.undoes, LATEST, self.origin),
            )
            self.command = cursor.lastrowid
        assert self.command is not None
        return self.command

    @contextmanager
    def ahead(self) -> Iterator[Writing]:
        """Open a command of its own in the same transaction, with an entry and undo of its own."""
        assert self.command is None
        first = Writing(
            self.con, now=self.now, at=self.at, today=self.today, who=self.who, typed=""
        )
        yield first
        self.first = first.command
        first.finish()

    def finish(self) -> None:
        """Write the rest of this command's journal; called last."""
        if self.command is None:
            return
        self.keep_waiting()
        self.con.execute("UPDATE command SET says = ? WHERE seq = ?", (self.says, self.command))

    def _note(
        self, table: str, row: Mapping[str, Any], op: str, before: Row | None, after: Row | None
    ) -> None:
        if table == "setting":
            self.settings_changed = True
        self.con.execute(
            _NOTE,
            (
                self.number(),
                *_place(table, row),
                op,
                None if before is None else _as_json(before),
                None if after is None else _as_json(after),
            ),
        )

    def read(self, table: str, id: str) -> Row | None:
        """Return one row, or None; invalid values in it are None."""
        return self._row(f'"{table}"', id)

    def _stored(self, table: str, id: str) -> Row:
        """Return one row exactly as stored, which is what undo restores."""
        with doubts.keeping_bytes(self.con):
            row = self._row(f'main."{table}"', id)
        if row is None:
            # It was read a moment ago, under an id that is stored in another form.
            raise Invalid(f"{table} {text.quoted(id)} has a damaged id. Check with: acct db check")
        return row

    def _row(self, table: str, id: str) -> Row | None:
        cursor = self.con.execute(f"SELECT * FROM {table} WHERE id = ?", (id,))
        found = cursor.fetchone()
        return None if found is None else dict(zip(_names(cursor), found, strict=True))

    def rows(self, table: str, column: str, value: str) -> list[Row]:
        """Return the rows of a table where `column` is `value`."""
        cursor = self.con.execute(f'SELECT * FROM "{table}" WHERE "{column}" = ?', (value,))
        names = _names(cursor)
        return [dict(zip(names, found, strict=True)) for found in cursor]

    def insert(self, table: str, row: Row) -> None:
        """Add one row, which may hold values from other programs."""
        marks, parameters = bound(row.values())
        listed = ", ".join(f'"{column}"' for column in row)
        self.con.execute(
            f'INSERT INTO main."{table}" ({listed}) VALUES ({", ".join(marks)})', parameters
        )
        self._note(table, row, "insert", None, None)

    def insert_all(self, table: str, rows: Sequence[Row], *, new: bool = False) -> None:
        """Add rows that all have the same columns.

        With `new`, they are records, or parts of records, that this command adds.
        """
        if not rows:
            return
        columns = list(rows[0])
        listed = ", ".join(f'"{c}"' for c in columns)
        marks = ", ".join("?" * len(columns))
        self.con.executemany(
            f'INSERT INTO main."{table}" ({listed}) VALUES ({marks})',
            [tuple(row[c] for c in columns) for row in rows],
        )
        if table == "setting":
            self.settings_changed = True
        command = self.number()
        places = (_place(table, row) for row in rows)
        if not new or len(rows) < added.MANY:
            self.con.executemany(
                _NOTE, [(command, *place, "insert", None, None) for place in places]
            )
            return
        added.wait(self.con, places)
        self._waiting += len(rows)
        if self._waiting >= added.WAITING:
            self.keep_waiting()

    def keep_waiting(self) -> None:
        """Write new rows that wait into the journal."""
        if self._waiting:
            added.keep(self.con, self.number())
            self._waiting = 0

    def update(self, table: str, id: str, values: Row) -> Row:
        """Change columns of one row; return the previous values of those that really changed.

        Invalid values are None in the result; undo restores them anyway.
        """
        row = self._stored(table, id)
        before = {c: row[c] for c, v in values.items() if row[c] != v}
        if not before:
            return {}
        known = row if doubts.none(self.con) else self.read(table, id) or {}
        after = {c: values[c] for c in before}
        if "updated_at" in row:
            before |= {c: row[c] for c in ("updated_at", "updated_by")}
            after |= {"updated_at": self.now, "updated_by": self.who}
        self.set_columns(table, id, after)
        self._note(table, row, "update", before, after)
        return {c: known[c] for c in before if c in values}

    def set_columns(self, table: str, id: str, values: Row) -> None:
        """Write columns without a journal entry: for `update` and `revert` only."""
        marks, parameters = bound(values.values())
        assignments = ", ".join(f'"{c}" = {mark}' for c, mark in zip(values, marks, strict=True))
        self.con.execute(f'UPDATE main."{table}" SET {assignments} WHERE id = ?', (*parameters, id))
        doubts.changed(self.con, table, id, values)

    def revert(self, table: str, id: str, values: Row) -> None:
        """Put earlier column values back exactly, `updated_at` included, and journal that."""
        row = self._stored(table, id)
        self.set_columns(table, id, values)
        self._note(table, row, "update", {c: row[c] for c in values}, values)

    def delete(self, table: str, id: str, *, merged_into: str = "") -> Row:
        """Delete one row and return it. `merged_into` is the record that it became part of."""
        row = self._stored(table, id)
        self.con.execute(f'DELETE FROM main."{table}" WHERE id = ?', (id,))
        self._note(table, row, "delete", row, {"merged_into": merged_into} if merged_into else None)
        return row

    def note_set_off(self, kind: str, before: Row, after: Row) -> None:
        """Note which playbooks a change sets off; they start when the command has done the rest."""
        for playbook in self.rules.set_off(kind, before, after) if self.rules else ():
            self.set_off.setdefault(playbook.name, (playbook, {}))[1][after["id"]] = None

    def touch(self, kind: str, ids: Iterable[str]) -> None:
        """Mark records for the search index, which reads them again before the commit."""
        for id in ids:
            self.touched[id] = kind
        if len(self.touched) > _INDEXED_AT_ONCE:
            search.refresh(self.con, self.touched)
            self.touched.clear()


_INDEXED_AT_ONCE = 2_000  # records of an import whose ids are kept in memory
_NOTE = (
    'INSERT INTO change (command, tbl, "row", kind, record, account_id, op, before, after) '
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def _place(table: str, row: Mapping[str, Any]) -> added.Place:
    column = PART_OF.get(table)
    if column is None:
        account = row["id"] if table == "account" else row.get("account_id")
        return table, row["id"], table, row["id"], account
    kind = _storable(row["kind"]) if column == "record_id" else column.removesuffix("_id")
    account = row.get("account_id")
    return table, row["id"], kind, row[column], account


def _as_json(row: Row) -> str:
    """Return a row as JSON for the journal; stray bytes, read as surrogates, become escapes."""
    written = json.dumps(row, ensure_ascii=False)
    try:
        written.encode()
    except UnicodeEncodeError:
        return json.dumps(row)
    return written


def bound(values: Iterable[Any]) -> tuple[list[str], list[Any]]:
    """Return placeholders and parameters for these values; stray bytes become bytes again."""
    marks, parameters = [], []
    for value in values:
        mark = "?"
        if isinstance(value, str) and not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                mark, value = "CAST(? AS TEXT)", value.encode("utf-8", "surrogateescape")
        marks.append(mark)
        parameters.append(value)
    return marks, parameters


def _names(cursor: sqlite3.Cursor) -> list[str]:
    return [column[0] for column in cursor.description]


def _storable(given: str) -> str:
    """Replace bytes of a command line that are no UTF-8, such as in a file's name."""
    return given if given.isascii() else given.encode(errors="backslashreplace").decode()


@contextmanager
def writing(
    path: Path,
    *,
    now: str,
    today: str,
    who: str,
    typed: str,
    at: str = "",
    rules: RowRules | None = None,
    create: bool = False,
    keep: bool = True,
    notice: Notice,
) -> Iterator[Writing]:
    """Run one command's changes in one transaction: all of them, or none.

    Unless `keep`, everything is rolled back at the end (a dry run).
    """
    con = open_book(path, create=create, notice=notice)
    try:
        patiently(con, path, "BEGIN IMMEDIATE", notice)
        with our_errors(path):
            con.execute("PRAGMA defer_foreign_keys = ON")
            doubts.settle(con, notice)
            tx = Writing(con, now=now, today=today, who=who, typed=typed, at=at, rules=rules)
            yield tx
            if not keep:
                return
            if tx.undoes is not None or tx.unread:
                # Restored values may have been written by another program.
                doubts.renew(con)
            search.refresh(con, tx.touched)
            tx.finish()
            last = tx.first if tx.command is None else tx.command
            if last is not None:
                doubts.mark(con, last)
        commit(con, path, notice, tx.stands)
    finally:
        end(con, path)
