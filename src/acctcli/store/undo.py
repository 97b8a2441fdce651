"""Undo: the changes of one command, replayed backwards in one transaction.

An undo is a command like any other, journalled by the same `Writing`, so it can be undone too.
Nothing newer is ever overwritten: a record that a later command changed, or that other records
depend on by now, stops the undo, or is kept as a whole with `keep_edited`. Only the sequence of
commands counts here, never their time: a clock can be set back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from acctcli import text
from acctcli.errors import Conflict, NotFound
from acctcli.frozen import Frozen
from acctcli.model import KINDS, Row
from acctcli.store import added, remembered
from acctcli.store.journal import Writing
from acctcli.store.kinds import PART_OF
from acctcli.store.known import ERASING

RecordKey = tuple[str, str]  # kind and id
Place = tuple[str, Any]  # table and id of a row


_UNREADABLE = ""  # the operation of a change that is no longer in the journal


class Kept(Frozen):
    """A record that was not undone, and why."""

    kind: str
    id: str
    name: str
    why: str


class Undone(Frozen):
    """The result of an undo: the command it undid, how many records changed, what it kept."""

    command: int
    says: str
    records: int
    kept: tuple[Kept, ...]


class _Change(Frozen):
    table: str
    row: str
    kind: str
    record: str
    op: str
    before: str | None


def last_undoable(con: sqlite3.Connection, *, but: int | None = None) -> int:
    """Return the last command of this machine that is neither an undo nor undone.

    `but` is a command to skip: one that the undo's own transaction began with. Raises `NotFound` if
    there is none.
    """
    return _last(
        con,
        f"undoes IS NULL AND origin IS NULL AND k.seq IS NOT {but or 'NULL'}",
        "nothing to undo: no command has changed a record",
    )


def erased_since(con: sqlite3.Connection, seq: int, *, but: int | None = None) -> str | None:
    """Return the sentence of an erasing if it is the last command, after the one given.

    Nobody can undo it, and an undo goes to the command before it, which may be a whole import.
    `but` is a command to skip, as in `last_undoable`.
    """
    last = con.execute(
        "SELECT typed, says FROM command WHERE seq > ? AND seq IS NOT ? ORDER BY seq DESC LIMIT 1",
        (seq, but),
    ).fetchone()
    return last[1] if last is not None and last[0] == ERASING else None


def last_undo(con: sqlite3.Connection) -> int:
    """Return the last undo of this machine that was not undone itself.

    Raises `NotFound` if there is none.
    """
    undone = "origin IS NULL AND undoes IN (SELECT seq FROM command WHERE undoes IS NULL)"
    return _last(
        con, undone, "nothing to redo: the last undo was already redone, or there was none"
    )


def _last(con: sqlite3.Connection, condition: str, otherwise: str) -> int:
    row = con.execute(
        f"SELECT seq FROM command k WHERE {condition} AND undone_by IS NULL "
        "AND (EXISTS (SELECT 1 FROM change WHERE command = k.seq) "
        "OR EXISTS (SELECT 1 FROM added WHERE command = k.seq)) ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    if row is None:
        raise NotFound(f"{otherwise}. All commands: acct history")
    return int(row[0])


def undo(tx: Writing, seq: int, *, keep_edited: bool = False) -> Undone:
    """Undo one command exactly; undoing an undo does the command again.

    Raises `NotFound` for an unknown number, and `Conflict` if it is undone already, or if records
    are in the way and `keep_edited` is false. Sets the sentence of this undo in the history.
    """
    seq = _original(tx.con, seq)
    says, is_undo = _described(tx.con, seq)
    changes = _changes(tx.con, seq)
    if not changes:
        raise Conflict(f"command {seq} changed nothing that can be undone")
    columns = _columns(tx.con, {change.table for change in changes})
    if not all(_readable(change, columns.get(change.table, set())) for change in changes):
        raise Conflict(
            f"what command {seq} changed cannot be read, so it cannot be undone. "
            "Look with: acct db check; to restore a backup: acct db restore"
        )
    kept = _not_as_left(tx.con, seq, changes) | _edited_since(tx.con, seq)
    _refuse(kept, says, keep_edited, again=is_undo)
    tx.undoes = seq
    own = tx.number()
    while True:
        tx.con.execute("SAVEPOINT attempt")
        # Another program may have written values that violate a constraint: they are restored too.
        tx.con.execute("PRAGMA ignore_check_constraints = ON")
        _replay(tx, changes, kept)
        tx.con.execute("PRAGMA ignore_check_constraints = OFF")
        in_the_way = _in_the_way(tx.con, own)
        if not in_the_way:
            break
        tx.con.execute("ROLLBACK TO attempt")
        kept |= in_the_way
        kept |= _dragged_along(tx.con, changes, kept)
        _refuse(kept, says, keep_edited, again=is_undo)
    tx.con.execute("RELEASE attempt")
    taken = {(c.kind, c.record) for c in changes} - kept.keys()
    if not taken:
        raise Conflict(f"none of it can be undone.  {_listed(kept)}")
    tx.con.execute("UPDATE command SET undone_by = NULL WHERE undone_by = ?", (seq,))
    tx.con.execute("UPDATE command SET undone_by = ? WHERE seq = ?", (own, seq))
    for kind, id in taken:
        tx.touch(kind, [id])
    verb = "Redid" if is_undo else "Undid"
    records = text.plural(len(taken), "record")
    one_sentence = says.rstrip(".?!").count(". ") == 0
    tx.says = (
        f"{verb}: {says.rstrip('.')} ({records})." if one_sentence else f"{verb} {records}: {says}"
    )
    if kept:
        tx.says += f" {_listed(kept)}"
    return Undone(seq, tx.says, len(taken), tuple(kept.values()))


def _original(con: sqlite3.Connection, seq: int) -> int:
    """Return the command to replay: undoing a redo means replaying the redone command."""
    row = con.execute("SELECT undone_by, undoes FROM command WHERE seq = ?", (seq,)).fetchone()
    if row is None:
        raise NotFound(f"there is no command {seq}. All commands: acct history")
    undone_by, undoes = row
    if undone_by is not None:
        raise Conflict(
            f"command {seq} was already undone by command {undone_by}. "
            f"To redo it: acct undo {undone_by}"
        )
    if undoes is not None:
        earlier = con.execute("SELECT undoes FROM command WHERE seq = ?", (undoes,)).fetchone()
        # An undo comes after what it undoes: this loop ends whatever a journal says.
        if earlier is not None and earlier[0] is not None and earlier[0] < seq:
            return _original(con, earlier[0])
    return seq


def _described(con: sqlite3.Connection, seq: int) -> tuple[str, bool]:
    """Return what the command did, in words, and whether it was an undo."""
    says, typed, undoes = con.execute(
        "SELECT says, typed, undoes FROM command WHERE seq = ?", (seq,)
    ).fetchone()
    if undoes is not None and undoes < seq and _is_there(con, undoes):
        return _described(con, undoes)[0], True
    return says or typed, undoes is not None


def _is_there(con: sqlite3.Connection, seq: int) -> bool:
    return con.execute("SELECT 1 FROM command WHERE seq = ?", (seq,)).fetchone() is not None


def _changes(con: sqlite3.Connection, seq: int) -> list[_Change]:
    """Return the changes of a command, last first."""
    cursor = con.execute(
        'SELECT tbl, "row", kind, record, op, before FROM change WHERE command = ? '
        "ORDER BY seq DESC",
        (seq,),
    )
    found = [_Change(*row) for row in cursor]
    cursor = con.execute(
        "SELECT tbl, kind, rows FROM added WHERE command = ? ORDER BY seq DESC", (seq,)
    )
    for table, kind, kept in cursor:
        pairs = added.pairs_of(table, kind, kept)
        found += [_Change(table, row, kind, id, "insert", None) for row, id in reversed(pairs)]
        if not pairs:
            found.append(_Change(table, "", kind, "", _UNREADABLE, None))
    return found


def _replay(tx: Writing, changes: Iterable[_Change], kept: Mapping[RecordKey, Kept]) -> None:
    for change in changes:
        if (change.kind, change.record) in kept:
            continue
        match change.op:
            case "insert":
                tx.delete(change.table, change.row)
            case "delete":
                tx.insert(change.table, remembered.row_of(change.before))
            case _:
                tx.revert(change.table, change.row, remembered.row_of(change.before))


def _columns(con: sqlite3.Connection, tables: Iterable[str]) -> dict[str, set[str]]:
    """Return the columns of those of the tables that hold records."""
    return {
        table: {row[1] for row in con.execute(f'PRAGMA main.table_info("{table}")')}
        for table in tables
        if table in remembered.TABLES
    }


def _readable(change: _Change, columns: Set[str]) -> bool:
    """Whether the journal says what is to be restored, and of which row."""
    if change.kind not in KINDS or not columns:
        return False
    row = remembered.row_of(change.before)
    if not all(value is None or isinstance(value, str | int | float) for value in row.values()):
        return False
    match change.op:
        case "insert":
            return True
        case "update":
            return bool(row) and row.keys() <= columns - {"id"}
        case "delete":
            return {"id"} <= row.keys() <= columns
    return False


def _edited_since(con: sqlite3.Connection, seq: int) -> dict[RecordKey, Kept]:
    """Return records of a command that a later, still effective command changed."""
    later: dict[RecordKey, dict[int, int | None]] = {}
    cursor = con.execute(
        # Each record once: joined by change, a list of n items would take n times n.
        "WITH own AS MATERIALIZED (SELECT kind, record FROM change WHERE command = ? "
        f"UNION SELECT a.kind, {added.RECORD} FROM {added.EACH} WHERE a.command = ?) "
        "SELECT DISTINCT l.kind, l.record, l.command, k.undoes FROM own "
        "CROSS JOIN change l ON l.record = own.record AND l.kind = own.kind AND l.command > ? "
        "JOIN command k ON k.seq = l.command",
        (seq, seq, seq),
    )
    for kind, record, command, undoes in cursor:
        later.setdefault((kind, record), {})[command] = undoes
    return {
        key: _kept(con, key, f"changed since by command {max(standing)}")
        for key, commands in later.items()
        if (standing := _standing(commands))
    }


def _standing(commands: Mapping[int, int | None]) -> set[int]:
    """Return which of the commands on one record are still in effect, after all undos.

    `commands` maps each to the one it undoes. An undo that kept the record is not among them, so
    that what it left in force counts.
    """
    left = dict(commands)
    for seq in sorted(commands, reverse=True):
        undoes = left.get(seq)
        if undoes in left:
            del left[seq], left[undoes]
    return set(left)


def _not_as_left(
    con: sqlite3.Connection, seq: int, changes: Iterable[_Change]
) -> dict[RecordKey, Kept]:
    """Return records that are missing, or exist again, other than the command left them."""
    last: dict[tuple[str, str], _Change] = {}
    for change in changes:
        last.setdefault((change.table, change.row), change)
    there = {
        (table, row)
        for table in {table for table, _ in last}
        for (row,) in con.execute(
            f'SELECT t.id FROM change c JOIN "{table}" t ON t.id = c."row" '
            "WHERE c.command = :command AND c.tbl = :table "
            f'UNION ALL SELECT t.id FROM {added.EACH} JOIN "{table}" t ON t.id = {added.ROW} '
            "WHERE a.command = :command AND a.tbl = :table",
            {"command": seq, "table": table},
        )
    }
    found = {}
    for place, change in last.items():
        if (place in there) == (change.op == "delete"):
            key = (change.kind, change.record)
            why = "is there again" if place in there else "is not there any more"
            found[key] = _kept(con, key, why)
    return found


def _in_the_way(con: sqlite3.Connection, own: int) -> dict[RecordKey, Kept]:
    """Return records that the undo so far (command `own`) must not change, for consistency.

    Either something still refers to what it removed, or what it restored refers to something that
    is gone.
    """
    found: dict[RecordKey, Kept] = {}
    for table, column, target in _references(con):
        of_target, parameters = ("AND g.tbl = ?", (own, target)) if target else ("", (own,))
        dependants = con.execute(
            f"SELECT g.kind, g.record, c.id FROM change g "
            f'JOIN "{table}" c ON c."{column}" = g."row" '
            f"WHERE g.command = ? AND g.op = 'delete' {of_target}",
            parameters,
        ).fetchall()
        for kind, record, row in dependants:
            key = (kind, record)
            found[key] = _kept(con, key, f"{_described_row(con, table, row)} belongs to it now")
        if target is None:
            continue
        orphans = con.execute(
            f'SELECT g.kind, g.record FROM change g JOIN "{table}" c ON c.id = g."row" '
            f'WHERE g.command = ? AND g.tbl = ? AND c."{column}" IS NOT NULL AND NOT EXISTS '
            f'(SELECT 1 FROM "{target}" WHERE id = c."{column}")',
            (own, table),
        ).fetchall()
        for key in orphans:
            found[key] = _kept(con, key, f"the {target} it belongs to is gone")
    return found


def _dragged_along(
    con: sqlite3.Connection, changes: Sequence[_Change], kept: Mapping[RecordKey, Kept]
) -> dict[RecordKey, Kept]:
    """Return records that cannot be undone because those in `kept` stay as they are.

    What a kept record refers to has to stay, and so on up the chain: a thousand nested accounts are
    found in one walk, not in a thousand attempts.
    """
    columns: dict[str, list[tuple[str, str]]] = {}
    for table, column, target in _references(con):
        if target is not None:
            columns.setdefault(table, []).append((column, target))
    owner = {(c.table, c.row): (c.kind, c.record) for c in changes}
    places: dict[RecordKey, list[Place]] = {}
    for place, key in owner.items():
        places.setdefault(key, []).append(place)
    first = {(c.table, c.row): c.op for c in changes}  # they come last first
    taken_out = {place for place, op in first.items() if op == "insert"}
    earlier = _rows_as_they_were(changes)
    pointing: dict[Place, list[Place]] = {}  # refers to rows that only an undo would restore
    for (table, id), row in earlier.items():
        for column, target in columns.get(table, ()):
            if row.get(column) is not None:
                pointing.setdefault((target, row[column]), []).append((table, id))

    found: dict[RecordKey, Kept] = {}
    waiting = list(kept)
    while waiting:
        for table, id in places.get(waiting.pop(), ()):
            stands = remembered.current_row(con, table, id)
            needed = [(target, stands.get(column)) for column, target in columns.get(table, ())]
            dragged = [
                (place, f"{_described_row(con, table, id)} belongs to it now")
                for place in needed
                if place in taken_out
            ]
            if not stands:
                gone = f"the {table} it belongs to is gone"
                dragged += [(place, gone) for place in pointing.get((table, id), ())]
            for place, why in dragged:
                key = owner[place]
                if key not in kept and key not in found:
                    found[key] = _kept(con, key, why)
                    waiting.append(key)
    return found


def _rows_as_they_were(changes: Iterable[_Change]) -> dict[Place, Row]:
    """Return the columns that the changes, last first, would restore in each row."""
    rows: dict[Place, Row] = {}
    for change in changes:
        place = (change.table, change.row)
        if change.op == "insert":
            rows.pop(place, None)
        else:
            rows.setdefault(place, {}).update(remembered.row_of(change.before))
    return rows


def _references(con: sqlite3.Connection) -> list[tuple[str, str, str | None]]:
    """Return every reference, as (table, column, table referred to; None for any)."""
    tables = con.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' "
        "AND name NOT IN ('added', 'change', 'command')"
    ).fetchall()
    found: list[tuple[str, str, str | None]] = [
        (table, column, target)
        for (table,) in tables
        for _, _, target, column, *_ in con.execute(f'PRAGMA main.foreign_key_list("{table}")')
    ]
    found += [(table, column, None) for table, column in PART_OF.items() if column == "record_id"]
    return found


def _described_row(con: sqlite3.Connection, table: str, row: str) -> str:
    column = PART_OF.get(table)
    if column is None:
        name = text.safe(remembered.name_of(con, table, row))
        return f"{table.replace('_', ' ')} {name}"
    return f"one more {table.replace('_', ' ')}"


def _kept(con: sqlite3.Connection, key: RecordKey, why: str) -> Kept:
    return Kept(*key, text.safe(remembered.name_of(con, *key)), why)


def _refuse(kept: Mapping[RecordKey, Kept], says: str, keep_edited: bool, *, again: bool) -> None:
    if kept and not keep_edited:
        cannot, rest = (
            ("cannot be redone", "To redo the rest")
            if again
            else ("cannot be undone", "To undo the rest")
        )
        raise Conflict(
            f'"{says.rstrip(".")}" {cannot} as a whole: {_named(kept)}. {rest}: --keep-edited',
            candidates=[k.name for k in kept.values()],
        )


def _listed(kept: Mapping[RecordKey, Kept]) -> str:
    return f"Kept: {_named(kept)}."


def _named(kept: Mapping[RecordKey, Kept]) -> str:
    return text.sentence_list(
        [f"{k.kind.replace('_', ' ')} {k.name} ({k.why})" for k in kept.values()], 5
    )
