"""What the file holds beside rows: tables, indexes, and things that acct never makes.

A book from somebody else may hold triggers, which change what a command writes, and views, which
replace a table in queries. `strange` finds both at every opening with one query; `differences`
compares everything with what the migrations make.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from acctcli import text
from acctcli.errors import StorageError
from acctcli.frozen import Frozen
from acctcli.store import migrations

DROPPED = ("trigger", "view", "index")
"""What can be dropped, or made again, without losing a row."""


class Difference(Frozen):
    """A difference from what the migrations make: `how` is foreign, changed or missing.

    `harmful` means that reading and writing rows can fail, because a column is missing.
    """

    type: str
    name: str
    how: str
    harmful: bool = False

    @property
    def says(self) -> str:
        """The difference in words."""
        called = f"{self.type} {text.quoted(self.name)}"
        match self.how:
            case "foreign":
                return f"{_a(called)} was not made by acct"
            case "missing":
                return f"the {called} is missing"
        return f"the {called} is not as acct made it"

    @property
    def fixable(self) -> bool:
        """Whether `repair` can put it right."""
        return self.type in DROPPED


def _a(called: str) -> str:
    return f"an {called}" if called[0] in "aeiou" else f"a {called}"


STRANGE = "SELECT type, name FROM main.sqlite_schema WHERE type IN ('trigger', 'view')"
"""The query for triggers and views; acct makes neither."""


def strange_in(rows: Iterable[tuple[str, str]]) -> list[Difference]:
    """Return the differences from the rows of `STRANGE`."""
    return [Difference(type, name, "foreign") for type, name in rows]


def strange(con: sqlite3.Connection) -> list[Difference]:
    """Return the triggers and views of a book."""
    return strange_in(con.execute(STRANGE))


def notice_about(path: Path, found: Iterable[Difference]) -> str:
    """Return the notice about these differences."""
    return f"in {path} {text.sentence_list([one.says for one in found])}"


def refusal(path: Path, found: Iterable[Difference]) -> StorageError:
    """Return the error for a change that could run triggers that acct did not make."""
    return StorageError(
        f"{notice_about(path, found)}: nothing is written to it. Check with: acct db check; "
        "drop what was not made by acct with: acct db check --fix"
    )


def differences(con: sqlite3.Connection) -> list[Difference]:
    """Return where the schema is not what the migrations make, tables first."""
    wanted, there = _made(), _statements(con)
    found = []
    for (type, name), sql in there.items():
        if (type, name) not in wanted:
            found.append(Difference(type, name, "foreign"))
        elif wanted[type, name] != sql:
            with closing(_fresh()) as fresh:
                wants = _columns(fresh, name)
            harmful = type == "table" and not wants <= _columns(con, name)
            found.append(Difference(type, name, "changed", harmful))
    for type, name in wanted:
        if (type, name) not in there:
            found.append(Difference(type, name, "missing", type == "table"))
    return sorted(found, key=lambda one: (one.type != "table", one.type, one.name))


def fixable(con: sqlite3.Connection) -> list[Difference]:
    """Return what `repair` can repair; in a book of an earlier version, only triggers and views."""
    (version,) = con.execute("PRAGMA user_version").fetchone()
    if version != migrations.LATEST:
        return strange(con)
    return [one for one in differences(con) if one.fixable]


def repair(con: sqlite3.Connection) -> None:
    """Drop triggers, views and indexes that acct did not make, and recreate its own indexes.

    Runs inside the caller's transaction. Tables are left alone: they may hold rows.
    """
    mended = fixable(con)
    for one in mended:
        if one.how != "missing":
            quoted = one.name.replace('"', '""')
            con.execute(f'DROP {one.type.upper()} IF EXISTS "{quoted}"')
    for one in mended:
        if one.how != "foreign":
            con.execute(_made()[one.type, one.name])


Statements = dict[tuple[str, str], str]


def _statements(con: sqlite3.Connection) -> Statements:
    """Return the statement of each table, index, trigger and view, by type and name."""
    rows = con.execute("SELECT type, name, sql FROM main.sqlite_schema").fetchall()
    # SQLite makes and drops its own (sqlite_stat1, indexes of keys) as needed.
    return {
        (type, name): " ".join((sql or "").split())
        for type, name, sql in rows
        if not name.startswith("sqlite_")
    }


def _columns(con: sqlite3.Connection, table: str) -> set[tuple[str, str]]:
    """Return names and types of a table's columns."""
    rows = con.execute("SELECT name, type FROM pragma_table_xinfo(?, 'main')", (table,))
    return {(name.lower(), type.upper()) for name, type in rows}


def _fresh() -> sqlite3.Connection:
    """Open an empty book in memory."""
    con = sqlite3.connect(":memory:", isolation_level=None)
    con.execute("BEGIN")
    migrations.migrate(con)
    con.execute("COMMIT")
    return con


def _made() -> Statements:
    """Return the statements that the migrations make."""
    with closing(_fresh()) as con:
        return _statements(con)
