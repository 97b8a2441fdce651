"""Taking what a conflict set aside: an ordinary edit, which travels and can be undone.

Values go through `records`, the one place that writes records, and so through its rules. A record
that was deleted comes back as an undo would bring it back, with everything that went with it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from acctcli import text
from acctcli.errors import Conflict
from acctcli.frozen import Frozen
from acctcli.model import KINDS, LISTS, REF, Row
from acctcli.store import records
from acctcli.store.journal import Writing
from acctcli.store.kinds import OF_DEAL, PART_OF
from acctcli.store.remembered import TABLES, current_row, name_of, row_of
from acctcli.store.sync.overview import Clashed
from acctcli.store.sync.tables import INTO, SyncTable, tables

Place = tuple[str, str]
"""A table and the id of a row."""


class PutBack(Frozen):
    """What came of it: the record, how many records came back, and whether a value changed."""

    kind: str
    record: str
    revived: int
    changed: bool


def take(tx: Writing, clashed: Clashed) -> PutBack:
    """Put back what the conflict set aside. Raises `Conflict` if what it needs is gone."""
    table, id = clashed.table, clashed.row
    if table not in TABLES:
        raise Conflict("a newer acct wrote this. Upgrade acct on this machine, then take it")
    kind, record = clashed.kind, clashed.record
    revived = 0
    if not current_row(tx.con, table, id):
        into = _merged_into(tx.con, table, id)
        if into:
            kind, id = table, into  # an edit of what was merged belongs to what stayed
            record = into
        elif table not in LISTS and table != "custom":
            revived = _revive(tx, clashed)
    changed = _apply(tx, table, id, (kind, record), clashed)
    return PutBack(kind, record, revived, changed)


def _merged_into(con: sqlite3.Connection, table: str, id: str) -> str:
    """Return the record that a row was merged into, however often; "" if it was not."""
    passed: set[str] = set()
    while id not in passed:
        passed.add(id)
        found = con.execute("SELECT kept FROM main.sync_row WHERE id = ?", (id,)).fetchone()
        id = str(row_of(found[0] if found else None).get(INTO) or "")
        if id and current_row(con, table, id):
            return id
    return ""


# Values


def _apply(tx: Writing, table: str, id: str, of: tuple[str, str], clashed: Clashed) -> bool:
    """Write what was set aside; return whether it changed anything."""
    kind, record = of
    lost = clashed.lost
    if table == "custom":
        field = clashed.values.get("field")
        before = records.update(tx, kind, record, {}, {str(field): lost.get("value")})
    elif table in LISTS:
        kind, listed = LISTS[table]
        assert listed.rows
        item = {**clashed.values, **lost}.get(listed.rows[1])
        rows = sorted(
            tx.rows(table, PART_OF[table], record), key=lambda r: (r["position"], r["id"])
        )
        items = [row[listed.rows[1]] for row in rows]
        if item is None or item in items:
            return False
        before = records.update(tx, kind, record, {listed.name: [*items, item]})
    else:
        fields = {field.column: field for field in KINDS[table].fields.values()}
        values = {}
        for column, value in lost.items():
            found = fields.get(column)
            if found is None:
                continue
            if found.type == REF and value is not None:
                _refuse_if_gone(tx.con, found.target, value)
            values[found.name] = value
        before = records.update(tx, table, id, values)
    return bool(before)


def _refuse_if_gone(con: sqlite3.Connection, kind: str, id: str) -> None:
    if not current_row(con, kind, id):
        raise Conflict(
            f"it belongs to the {KINDS[kind].one} {text.quoted(name_of(con, kind, id))}, which is "
            "not there any more. If it was deleted, undo that first: acct history"
        )


# Deleted records


def _revive(tx: Writing, clashed: Clashed) -> int:
    """Bring a deleted record back, with all that was deleted with it; return how many records.

    One that belonged to another deleted record comes back with that one.
    """
    place = (clashed.table, clashed.row)
    command = _deleted_by(tx.con, place)
    if command is None:
        return _insert_kept(tx, clashed, tables(tx.con)[clashed.table])
    return _undelete(tx, place, command)


def _deleted_by(con: sqlite3.Connection, place: Place) -> int | None:
    """Return the last command that deleted a row in this book; None if none did."""
    sql = "SELECT max(command) FROM change WHERE tbl = ? AND \"row\" = ? AND op = 'delete'"
    found: int | None = con.execute(sql, place).fetchone()[0]
    return found


def _undelete(tx: Writing, place: Place, command: int) -> int:
    """Bring a row back with all that a command deleted with it; return how many records."""
    con = tx.con
    known = tables(con)
    deleted: dict[Place, Row] = {}
    updated: dict[Place, tuple[Row, Row]] = {}
    for table, row, op, before, after in con.execute(
        'SELECT tbl, "row", op, before, after FROM change WHERE command = ? ORDER BY seq',
        (command,),
    ).fetchall():
        earlier, _ = updated.get((table, row), ({}, {}))
        if op == "delete" and not current_row(con, table, row):
            # Before it was deleted, it may have lost references to what went with it.
            deleted[table, row] = row_of(before) | earlier
        elif op == "update":
            updated[table, row] = (row_of(before) | earlier, row_of(after))
    back, revived = _with_owners(tx, known, deleted, place)
    changed: dict[Place, Row] = {}

    def is_here(place: Place) -> bool:
        return place in back or bool(current_row(con, *place))

    while more := {
        place
        for place, row in deleted.items()
        if place not in back and (owners := _owners(known, place[0], row)) & {*back, *changed}
        if all(map(is_here, owners))
    } | {
        place
        for place, (before, _) in updated.items()
        if place not in changed and _pointing(known, place[0], before) & back
    }:
        back |= more & deleted.keys()
        changed |= {place: updated[place][0] for place in more & updated.keys()}
    for place in (place for place in deleted if place in back):
        row = deleted[place]
        lost = {
            one.column
            for one in known[place[0]].references
            if one.column in row
            if row[one.column]
            and not is_here((one.target or str(row.get("kind")), row[one.column]))
        }
        tx.insert(place[0], row | dict.fromkeys(lost))
    for (table, id), before in changed.items():
        _turn_back(tx, table, id, before, updated[table, id][1])
    whole = [(table, deleted[table, id]) for table, id in back if table not in PART_OF]
    for table, row in whole:
        tx.touch(table, [row["id"]])
    return revived + len(whole)


def _with_owners(
    tx: Writing,
    known: Mapping[str, SyncTable],
    deleted: Mapping[Place, Row],
    place: Place,
) -> tuple[set[Place], int]:
    """Return a deleted row with those that it belonged to, as far as they are gone too.

    Those that another command deleted come back at once; the number says how many records did.
    """
    back: set[Place] = set()
    revived = 0
    todo = [place]
    while todo:
        at = todo.pop()
        back.add(at)
        for owner in _owners(known, at[0], deleted[at]) - back:
            if owner in deleted:
                todo.append(owner)
                continue
            if not current_row(tx.con, *owner) and (command := _deleted_by(tx.con, owner)):
                revived += _undelete(tx, owner, command)
            _refuse_if_gone(tx.con, *owner)
    return back, revived


def _owners(known: Mapping[str, SyncTable], table: str, row: Row) -> set[Place]:
    """Return the rows that a row cannot be without."""
    return {place for place, owns in _references(known, table, row) if owns}


def _pointing(known: Mapping[str, SyncTable], table: str, row: Row) -> set[Place]:
    return {place for place, _ in _references(known, table, row)}


def _references(
    known: Mapping[str, SyncTable], table: str, row: Row
) -> Iterable[tuple[Place, bool]]:
    if table in known:
        for one in known[table].references:
            id = row.get(one.column)
            if id:
                yield (one.target or str(row.get("kind")), id), one.owns


def _turn_back(tx: Writing, table: str, id: str, before: Row, after: Row) -> None:
    """Give a row what it had before the deletion, where nobody has changed it since."""
    stands = current_row(tx.con, table, id)
    values = {c: v for c, v in before.items() if stands and stands.get(c) == after.get(c)}
    values = {c: v for c, v in values.items() if not c.startswith("updated_")}
    if values:
        tx.update(table, id, values)
        kind, column = table, PART_OF.get(table)
        if column is None:
            tx.touch(kind, [id])


def _insert_kept(tx: Writing, clashed: Clashed, table: SyncTable) -> int:
    """Add a record that this book never showed, from what is kept of it.

    It was added to a record that was deleted here meanwhile: that one comes back first.
    """
    row: Row = {"id": clashed.row, **{c: clashed.values.get(c) for c in table.columns}}
    if any(row[column] is None for column in table.needed):
        raise Conflict("nothing is known here of the record but that it was deleted")
    revived = 1
    for owner in sorted(_owners({table.name: table}, table.name, row)):
        if not current_row(tx.con, *owner) and (command := _deleted_by(tx.con, owner)):
            revived += _undelete(tx, owner, command)
        _refuse_if_gone(tx.con, *owner)
    if table.name in OF_DEAL and row["deal_id"]:
        row["account_id"] = current_row(tx.con, "deal", row["deal_id"]).get("account_id")
    if table.titled:
        row["name_key"] = text.key(str(row[table.titled]))
    tx.insert(table.name, row)
    tx.touch(table.name, [clashed.row])
    return revived
