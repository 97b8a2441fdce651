"""Import options that are saved under a name, in the book they were used on.

A preset is the words of a command line, so it always means what it means when typed. It belongs to
this machine: it is not in the journal, and `undo` does not change it.
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
    """Save options under a name, replacing those saved before."""
    tx.con.execute(
        "INSERT INTO preset (name, options) VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET options = excluded.options",
        (name, json.dumps(options, ensure_ascii=False)),
    )


def load(con: sqlite3.Connection, name: str) -> Options:
    """Return the options saved under a name. Raises `NotFound`, naming the presets that exist."""
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
    """Return saved options; None if they cannot be read."""
    try:
        options = json.loads(kept)
    except ValueError:
        return None
    return options if isinstance(options, dict) else None


def every(con: sqlite3.Connection) -> dict[str, Options]:
    """Return all presets by name; an unreadable one has None."""
    con.text_factory = text.legible
    rows = con.execute("SELECT name, options FROM preset ORDER BY name")
    return {name: _options(options) or {} for name, options in rows}


def delete(tx: Writing, name: str) -> Options:
    """Delete a preset and return its options. Raises `NotFound`, naming the presets that exist."""
    options = every(tx.con).get(name)
    if options is None:
        options = load(tx.con, name)
    tx.con.execute("DELETE FROM preset WHERE name = ?", (name,))
    return options
