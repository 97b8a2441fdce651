"""Import options kept under a name, in the book they were used on.

A preset is the words of a command line, so that it means tomorrow what it means
when it is typed. It belongs to this machine: it is not journalled, and `undo`
leaves it alone.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from acctcli import text
from acctcli.errors import NotFound
from acctcli.store.journal import Writing

Options = dict[str, Any]


def save(tx: Writing, name: str, options: Mapping[str, Any]) -> None:
    """Keep options under a name; what was kept under it before is replaced."""
    tx.con.execute(
        "INSERT INTO preset (name, options) VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET options = excluded.options",
        (name, json.dumps(options, ensure_ascii=False)),
    )


def load(con: sqlite3.Connection, name: str) -> Options:
    """The options kept under a name. Raises `NotFound`, naming those that there are."""
    row = con.execute("SELECT options FROM preset WHERE name = ?", (name,)).fetchone()
    if row is None:
        names = [name for (name,) in con.execute("SELECT name FROM preset ORDER BY name")]
        known = f"Known: {', '.join(map(text.safe, names))}" if names else "None is saved yet"
        raise NotFound(
            f"no preset {text.quoted(name)}. {known}: --save-preset NAME keeps one",
            candidates=names,
        )
    options: Options = json.loads(row[0])
    return options


def every(con: sqlite3.Connection) -> dict[str, Options]:
    """All presets by name."""
    rows = con.execute("SELECT name, options FROM preset ORDER BY name")
    return {name: json.loads(options) for name, options in rows}


def delete(tx: Writing, name: str) -> Options:
    """Forget a preset; returns what it was. Raises `NotFound`, naming those that there are."""
    options = load(tx.con, name)
    tx.con.execute("DELETE FROM preset WHERE name = ?", (name,))
    return options
