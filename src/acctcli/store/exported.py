"""Records as an export of ours wrote them: walked back from the rows as they are now.

An export has each record's `updated_at`, and the journal has what every later command changed. The
record as exported is the newest state with that moment.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from acctcli import model
from acctcli.model import Field, Row
from acctcli.store.remembered import current_row, name_of, row_of
from acctcli.values.fields import read_custom

Places = dict[tuple[str, str], Row]
"""The rows of a record, by table and row id."""


def as_of(
    con: sqlite3.Connection, kind: str, id: str, written: str, fields: Mapping[str, Field]
) -> Row | None:
    """Return the stored values of a record when its `updated_at` was `written`.

    The names of the records it refers to are those of today. None if the journal does not know that
    state: the export is from another book, or the record was erased.
    """
    rows = _now(con, kind, id, fields)
    main = rows[kind, id]
    changes = con.execute(
        'SELECT command, tbl, "row", op, before FROM change WHERE record = ? AND kind = ? '
        "ORDER BY seq DESC",
        (id, kind),
    )
    for _, of_command in groupby(changes, lambda change: change[0]):
        if main.get("updated_at") == written:
            break
        for _, table, row, op, before in of_command:
            place = (table, row)
            if op == "insert" and place == (kind, id):
                return None
            if op == "insert":
                rows.pop(place, None)
            elif op == "delete":
                rows[place] = row_of(before)
            else:
                rows.setdefault(place, {}).update(row_of(before))
    if main.get("updated_at") != written:
        return None
    return _values(con, kind, id, fields, rows)


def earlier_names(con: sqlite3.Connection, kind: str, id: str) -> set[str]:
    """Return the names that a record has or had."""
    found = {name_of(con, kind, id)}
    sql = "SELECT before FROM change WHERE record = ? AND tbl = kind AND before IS NOT NULL"
    title = model.KINDS[kind].title
    for (before,) in con.execute(sql, (id,)):
        found.add(str(row_of(before).get(title) or ""))
    return found - {""}


def _now(con: sqlite3.Connection, kind: str, id: str, fields: Mapping[str, Field]) -> Places:
    rows: Places = {(kind, id): current_row(con, kind, id)}
    tables = {field.rows[0] for field in fields.values() if field.rows and not field.derived}
    listed = [(table, f"{kind}_id") for table in tables]
    for table, column in (*listed, ("custom", "record_id")):
        cursor = con.execute(f'SELECT * FROM "{table}" WHERE "{column}" = ?', (id,))
        names = [found[0] for found in cursor.description]
        for values in cursor:
            row = dict(zip(names, values, strict=True))
            rows[table, row["id"]] = row
    return rows


def _values(
    con: sqlite3.Connection, kind: str, id: str, fields: Mapping[str, Field], rows: Places
) -> Row:
    """Return the rows of a record as a query returns it: values by field."""
    main = rows[kind, id]
    custom = {row.get("field"): row.get("value") for (t, _), row in rows.items() if t == "custom"}
    found: Row = {}
    for name, field in fields.items():
        if field.derived:
            continue
        if field.many and field.rows:
            value: Any = _listed(rows, *field.rows)
            if field.type == model.REF:
                found[field.id_name] = value
                value = tuple(name_of(con, field.target, one) for one in value)
        elif field.type == model.REF:
            value = found[field.id_name] = main.get(field.column)
            value = name_of(con, field.target, value) if value else None
        elif field.custom:
            stored = custom.get(name)
            value = None if stored is None else read_custom(field, stored)
        else:
            value = main.get(field.column)
        found[name] = value
    return found


def _listed(rows: Places, table: str, column: str) -> tuple[str, ...]:
    listed = [row for (of, _), row in rows.items() if of == table]
    return tuple(row[column] for row in sorted(listed, key=lambda row: row.get("position") or 0))
