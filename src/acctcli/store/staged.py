"""A bundle as tables: an empty book of its own, filled with the lines of a bundle.

The tables of a book accept only what a book can hold, so a line that no book of ours has written is
refused here, with its number, before anything of it reaches the user's book. The stage lies in a
temporary file that SQLite removes, so a bundle need not fit in memory.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from acctcli import text
from acctcli.errors import Invalid
from acctcli.model import KINDS, REF, Row
from acctcli.store import handed, migrations, sanity
from acctcli.store.kinds import KEYED
from acctcli.store.moments import NEVER, Moment, Moments

Refuse = Callable[[int, str], Invalid]
"""Makes the error for a line, from its number and what is wrong with it."""


class StagedRow:
    """A row of a bundle: its values by column, and the moments at which they were changed."""

    __slots__ = ("at", "id", "line", "part", "table", "values")

    def __init__(self, table: str, values: Row, line: int, part: bool, at: Moments) -> None:
        self.table = table
        self.id: str = values["id"]
        self.values = values
        self.line = line
        self.part = part
        self.at = at


class StagedBundle:
    """The lines of one bundle, as rows of the tables that they belong to."""

    def __init__(self) -> None:
        self.con = sqlite3.connect("", isolation_level=None)
        self.con.execute("PRAGMA foreign_keys = OFF")
        self.con.execute("PRAGMA journal_mode = OFF")
        self.con.execute("BEGIN")
        migrations.migrate(self.con)
        self.con.execute(
            "CREATE TABLE cell (tbl TEXT, id TEXT, line INTEGER, part INTEGER, at TEXT, "
            "PRIMARY KEY (tbl, id)) WITHOUT ROWID"
        )
        self.con.execute(
            "CREATE TABLE gone (tbl TEXT, id TEXT, into_id TEXT, at TEXT, who TEXT, "
            "PRIMARY KEY (tbl, id)) WITHOUT ROWID"
        )
        self._columns = {
            table: {
                name: (declared, bool(needed))
                for _, name, declared, needed, *_ in self.con.execute(
                    f'PRAGMA table_info("{table}")'
                )
            }
            for table in handed.tables()
        }

    def close(self) -> None:
        """Remove the stage."""
        self.con.close()

    def fill(self, lines: Iterable[tuple[int, Mapping[str, Any]]], refuse: Refuse) -> None:
        """Read the lines. Raises what `refuse` makes for one that no book has written."""
        for number, line in lines:
            try:
                if "row" in line:
                    self._add_row(number, line)
                elif "gone" in line:
                    self._add_gone(line)
                elif "command" in line:
                    self._add_command(line)
                elif "change" in line:
                    self._add_change(line)
                else:
                    raise _Strange("it is of no known sort")
            except _Strange as error:
                raise refuse(number, str(error)) from None
            except (KeyError, TypeError, AttributeError):
                raise refuse(number, "something is missing, or of another type") from None
            except (sqlite3.Error, UnicodeError, OverflowError) as error:
                raise refuse(number, _said(error)) from None
        self._check(refuse)

    def _add_row(self, number: int, line: Mapping[str, Any]) -> None:
        table, id, cells = line["row"], line["id"], line["cells"]
        columns = self._columns.get(table) if isinstance(table, str) else None
        if columns is None:
            raise _Strange(f"{text.quoted(str(table))} is not a kind of record that a bundle has")
        if not isinstance(id, str) or not _IS_ID(id):
            raise _Strange("its id is none")
        part = line.get("part", False)
        if part and (part is not True or table != "contact"):
            raise _Strange("only a person can be known in part")
        for column, value in cells.items():
            left_out = ("id", "name_key", *handed.LEFT_OUT.get(table, ()))
            if column not in columns or column in left_out:
                raise _Strange(f"{table} has no column {text.quoted(column)}")
            if not isinstance(value, str | int | float | None) or isinstance(value, bool):
                raise _Strange(f"{column} has several values, or is of another type")
        row = {"id": id, **cells}
        if table in KEYED:
            row["name_key"] = text.key(cells[KINDS[table].title])
        for column, (_, needed) in columns.items():
            if needed and column not in row:
                row[column] = _default(table, column)
        at = line.get("at", {})
        if not all(column in columns and _is_moment(when) for column, when in at.items()):
            raise _Strange("the moments of its changes are none")
        listed = ", ".join(f'"{column}"' for column in row)
        marks = ", ".join("?" * len(row))
        self.con.execute(f'INSERT INTO "{table}" ({listed}) VALUES ({marks})', tuple(row.values()))
        self.con.execute(
            "INSERT INTO cell VALUES (?, ?, ?, ?, ?)",
            (table, id, number, int(part), json.dumps(at) if at else None),
        )

    def _add_gone(self, line: Mapping[str, Any]) -> None:
        table, id, into = line["gone"], line["id"], line.get("into")
        if table not in self._columns or not _IS_ID(id) or not (into is None or _IS_ID(into)):
            raise _Strange("it deletes what no bundle has")
        if not _is_moment(line["at"]):
            raise _Strange("the moment of its deletion is none")
        self.con.execute("INSERT INTO gone VALUES (?, ?, ?, ?, ?)", (table, id, into, *line["at"]))

    def _add_command(self, line: Mapping[str, Any]) -> None:
        self.con.execute(
            "INSERT INTO command (seq, at, who, typed, says, version, undoes, undone_by, origin) "
            "VALUES (?, ?, ?, '', ?, ?, ?, ?, ?)",
            (
                *(line[name] for name in ("command", "at", "who", "says")),
                *(line.get(name) for name in ("version", "undoes", "undone_by", "origin")),
            ),
        )
        self._command = line["command"]

    def _add_change(self, line: Mapping[str, Any]) -> None:
        if line["change"] not in self._columns:
            raise _Strange("it changes what no bundle has")
        names = ("change", "id", "kind", "record", "account", "op", "before", "after")
        self.con.execute(
            'INSERT INTO change (command, tbl, "row", kind, record, account_id, op, before, after) '
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (self._command, *(line.get(name) for name in names)),
        )

    def _check(self, refuse: Refuse) -> None:
        """Refuse values that `db check` would report, and rows under accounts that did not come."""
        lines = "SELECT line FROM cell WHERE tbl = ? AND id = ?"
        for wrong in sanity.all_wrong(self.con):
            found = self.con.execute(lines, (wrong.table, wrong.id)).fetchone()
            value = f"{wrong.column} {text.quoted(wrong.stored)}"
            raise refuse(found[0] if found else 1, f"{wrong.table}: {value} {wrong.why}")
        for table, columns in self._columns.items():
            if "account_id" not in columns or table == "tag":
                continue
            found = self.con.execute(
                f'SELECT c.line FROM "{table}" t JOIN cell c ON c.tbl = ? AND c.id = t.id '
                "WHERE t.account_id IS NOT NULL "
                "AND t.account_id NOT IN (SELECT id FROM account) LIMIT 1",
                (table,),
            ).fetchone()
            if found:
                raise refuse(found[0], "its account is not in the bundle")

    # What is in it

    def rows(self, table: str) -> Iterator[StagedRow]:
        """Yield the rows of a table."""
        cursor = self.con.execute(
            f'SELECT c.line, c.part, c.at, t.* FROM "{table}" t '
            f"JOIN cell c ON c.tbl = '{table}' AND c.id = t.id ORDER BY c.line"
        )
        names = [column[0] for column in cursor.description][3:]
        for line, part, at, *values in cursor:
            row = dict(zip(names, values, strict=True))
            moments = {c: (when[0], when[1]) for c, when in json.loads(at or "{}").items()}
            yield StagedRow(table, row, line, bool(part), moments)

    def ids(self, table: str) -> set[str]:
        """Return the ids of the rows of a table."""
        return {id for (id,) in self.con.execute("SELECT id FROM cell WHERE tbl = ?", (table,))}

    def gone(self) -> list[tuple[str, str, str | None, Moment]]:
        """Return what was deleted: table, id, what it was merged into, and when."""
        rows = self.con.execute("SELECT tbl, id, into_id, at, who FROM gone ORDER BY tbl, id")
        return [(table, id, into, (at, who)) for table, id, into, at, who in rows]

    def words(self) -> handed.Used:
        """Return the words of the settings that occur in it."""
        stages = self.con.execute(
            "SELECT stage FROM deal UNION SELECT old FROM deal_change WHERE field = 'stage' "
            "UNION SELECT new FROM deal_change WHERE field = 'stage'"
        )
        tiers = self.con.execute("SELECT DISTINCT tier FROM account")
        fields = self.con.execute("SELECT DISTINCT kind, field FROM custom ORDER BY kind, field")
        return handed.Used(
            tuple(sorted(word for (word,) in stages if word is not None)),
            tuple(sorted(word for (word,) in tiers if word is not None)),
            tuple(fields.fetchall()),
        )

    def values_of(self, kind: str, field: str) -> list[str]:
        """Return the different values of a custom field."""
        sql = "SELECT DISTINCT value FROM custom WHERE kind = ? AND field = ? ORDER BY value"
        return [value for (value,) in self.con.execute(sql, (kind, field))]

    def call_stage(self, theirs: str, ours: str) -> None:
        """Put another stage in place of one."""
        self.con.execute("UPDATE deal SET stage = ? WHERE stage = ?", (ours, theirs))
        for column in ("old", "new"):
            self.con.execute(
                f"UPDATE deal_change SET {column} = ? WHERE field = 'stage' AND {column} = ?",
                (ours, theirs),
            )

    def call_tier(self, theirs: str, ours: str) -> None:
        """Put another tier in place of one."""
        self.con.execute("UPDATE account SET tier = ? WHERE tier = ?", (ours, theirs))

    def call_field(self, kind: str, theirs: str, ours: str) -> None:
        """Put another custom field in place of one of a kind."""
        self.con.execute(
            "UPDATE custom SET field = ? WHERE kind = ? AND field = ?", (ours, kind, theirs)
        )


class _Strange(Exception):
    """What is wrong with a line."""


_IS_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch


def _is_moment(when: object) -> bool:
    return (
        isinstance(when, Sequence)
        and len(when) == len(NEVER)
        and all(isinstance(part, str) for part in when)
        and _WHEN(when[0]) is not None
    )


_WHEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z").fullmatch


def _default(table: str, column: str) -> Any:
    """Return what a book of today has in a column that an older one did not have."""
    if table in KINDS:
        for field in KINDS[table].fields.values():
            if field.column == column and field.type != REF and field.default is not None:
                return int(field.default) if isinstance(field.default, bool) else field.default
    raise _Strange(f"{column} is missing")


def _said(error: Exception) -> str:
    """Return what SQLite says about a value, in words."""
    said = str(error)
    if said.startswith("UNIQUE"):
        return "this record is in the bundle twice"
    column = re.search(r"(?:failed: |column )(?:\w+\.)?(\w+)", said)
    about = f" ({column[1]})" if column else ""
    return f"a value is not one that a book can hold{about}"
