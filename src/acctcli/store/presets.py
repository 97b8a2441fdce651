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
from acctcli.errors import Invalid, NotFound
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
        known = f"Saved: {', '.join(map(text.safe, names))}" if names else "None is saved yet"
        raise NotFound(
            f"no preset {text.quoted(name)}. {known}. To save one: --save-preset NAME",
            candidates=names,
        )
    options = _options(row[0])
    if options is None:
        raise Invalid(
            f"the preset {text.quoted(name)} cannot be read. "
            "Save it again with --save-preset, or drop it with --delete-preset"
        )
    return options


def _options(kept: str) -> Options | None:
    """The options as they were kept; None if that is not what stands there."""
    try:
        options = json.loads(kept)
    except ValueError:
        return None
    return options if isinstance(options, dict) else None


def every(con: sqlite3.Connection) -> dict[str, Options]:
    """All presets by name; one that cannot be read has no options."""
    con.text_factory = text.legible
    rows = con.execute("SELECT name, options FROM preset ORDER BY name")
    return {name: _options(options) or {} for name, options in rows}


def delete(tx: Writing, name: str) -> Options:
    """Forget a preset; returns what it was. Raises `NotFound`, naming those that there are."""
    options = every(tx.con).get(name)
    if options is None:
        options = load(tx.con, name)
    tx.con.execute("DELETE FROM preset WHERE name = ?", (name,))
    return options
