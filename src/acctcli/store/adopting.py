"""A new built-in field takes over the values of a custom field of that name.

A book may have had a custom field `birthday` before `acct` had one. After the steps of an upgrade
its values move to where the new field keeps them. A value that the new field cannot read stays in
the custom field and is reported.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from acctcli import ids, model, text
from acctcli.config import Config
from acctcli.errors import AcctError
from acctcli.model import KINDS, Field
from acctcli.store import search
from acctcli.values import dates
from acctcli.values.fields import Reading, read_field, read_list


def adopt(con: sqlite3.Connection, version: int) -> list[str]:
    """Move the values of fields added after `version`; return sentences about what was moved."""
    reading = Reading(dates.clock(), Config())
    touched: dict[str, str] = {}
    left: dict[tuple[str, str], int] = {}
    for kind in KINDS:
        for name, field in model.adopted(kind).items():
            if field.came <= version:
                continue
            rows = con.execute(
                "SELECT id, record_id, value FROM custom WHERE kind = ? AND field = ?",
                (kind, name),
            ).fetchall()
            for id, record, stored in rows:
                try:
                    value = _read(field, stored, reading)
                except AcctError:
                    left[kind, name] = left.get((kind, name), 0) + 1
                    continue
                _keep(con, kind, record, field, value)
                con.execute("DELETE FROM custom WHERE id = ?", (id,))
                touched[record] = kind
    search.refresh(con, touched)
    return [
        f"{text.plural(count, 'value')} of your own {KINDS[kind].one} field {name} "
        f"cannot be read as the new field {name}: still there as before, see acct db check"
        for (kind, name), count in left.items()
    ]


def _read(field: Field, stored: str, reading: Reading) -> Any:
    if field.type == model.REF:
        raise AcctError("a record is not named by a text")
    if field.many:
        return read_list(field, [stored], reading)
    return read_field(field, stored, reading)


def _keep(con: sqlite3.Connection, kind: str, record: str, field: Field, value: Any) -> None:
    if field.rows is None:
        con.execute(
            f'UPDATE "{kind}" SET "{field.column}" = ? WHERE id = ?',
            (value, record),
        )
        return
    table, column = field.rows
    con.executemany(
        f'INSERT INTO "{table}" (id, "{kind}_id", "{column}", position) VALUES (?, ?, ?, ?)',
        [
            (ids.fact_id(table, record, item), record, item, place)
            for place, item in enumerate(value)
        ],
    )
