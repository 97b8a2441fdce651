"""Going back with everybody: the book is edited to what a backup holds, as one ordinary command.

A restored file would be behind the other machines of a shared book, and the next sync would bring
back what they have. An edit is newer than what they have, so it reaches them; it is in the history
and can be undone. Each row that differs is added, changed back or deleted through `Writing`.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from acctcli import text
from acctcli.errors import Conflict
from acctcli.frozen import Frozen
from acctcli.model import KINDS, Row
from acctcli.store import backup, doubts, kinds, migrations, opening
from acctcli.store.connection import check_version, connect, our_errors, quote_for_shell
from acctcli.store.journal import Writing
from acctcli.store.kinds import PART_OF
from acctcli.store.moments import mark_of_erased

_Held = tuple[Any, ...]  # the values of a row, in the order of the columns
_AT_ONCE = 500  # rows that are read by id together


class Restored(Frozen):
    """How many records of each kind came back, were deleted, and were changed."""

    added: Mapping[str, int]
    deleted: Mapping[str, int]
    changed: Mapping[str, int]

    @property
    def says(self) -> str:
        """All of it in words, without a subject: `added 2 accounts, changed 1 deal`; may be ""."""
        return self._said("added", "deleted", "changed")

    @property
    def would(self) -> str:
        """The same before it is done: `add 2 accounts, change 1 deal`."""
        return self._said("add", "delete", "change")

    def _said(self, *verbs: str) -> str:
        counted = zip(verbs, (self.added, self.deleted, self.changed), strict=True)
        return ", ".join(f"{verb} {_listed(counts)}" for verb, counts in counted if counts)


@contextmanager
def opened(source: Path) -> Iterator[sqlite3.Connection]:
    """Open a backup to read it, as this version of the program knows a book.

    A backup of an earlier version is upgraded in a copy. Raises `StorageError` if it is no sound
    book.
    """
    backup.verify(source, thorough=True)
    with TemporaryDirectory(prefix="acct-") as folder:
        read = source
        with closing(connect(source)) as con:
            if check_version(con, source) < migrations.LATEST:
                read = Path(folder) / "book.db"
        if read != source:
            backup.export(source, read)
            opening.open_book(read).close()
        with closing(connect(read)) as con, our_errors(read):
            con.text_factory = doubts.exact
            con.execute("BEGIN")
            yield con


def edit_to(tx: Writing, held: sqlite3.Connection, source: Path) -> Restored:
    """Make the rows of the book what `held`, the backup at `source`, has; return what changed.

    The journal, the search index and what belongs to this machine stay as they are. Raises
    `Conflict` if the backup still has a person who was erased.
    """
    _refuse_erased(tx.con, held, source)
    done: dict[str, dict[tuple[str, str], None]] = {"insert": {}, "delete": {}, "update": {}}
    # A backup has everything that the book had, even values that violate a constraint.
    tx.con.execute("PRAGMA ignore_check_constraints = ON")
    with doubts.keeping_bytes(tx.con):
        for table in _tables():
            for op, row in _edited(tx, held, table):
                kind, record = _record_of(table, row)
                done[op if table == kind else "update"][kind, record] = None
                tx.touch(kind, [record])
    tx.con.execute("PRAGMA ignore_check_constraints = OFF")
    if isinstance(tx.con, doubts.Book):
        doubts.renew(tx.con)
    whole = done["insert"].keys() | done["delete"].keys()
    changed = [key for key in done["update"] if key not in whole]
    return Restored(_counted(done["insert"]), _counted(done["delete"]), _counted(changed))


def _tables() -> list[str]:
    """Return the tables with what a book says, each after those that it refers to."""
    return list(dict.fromkeys((*kinds.in_order_of_import(), *PART_OF)))


def _record_of(table: str, row: Row) -> tuple[str, str]:
    """Return kind and id of the record that a row is, or is a part of."""
    column = PART_OF.get(table)
    if column is None:
        return table, row["id"]
    return row["kind"] if column == "record_id" else column.removesuffix("_id"), row[column]


def _counted(keys: Collection[tuple[str, str]]) -> Mapping[str, int]:
    counts = Counter(kind for kind, _ in keys)
    return {kind: counts[kind] for kind in KINDS if kind in counts}


def _listed(counts: Mapping[str, int]) -> str:
    named = [
        text.plural(count, KINDS[kind].one, KINDS[kind].several) for kind, count in counts.items()
    ]
    return text.sentence_list(named, len(named))


def _refuse_erased(con: sqlite3.Connection, held: sqlite3.Connection, source: Path) -> None:
    marks = {mark for (mark,) in con.execute("SELECT id FROM main.erased")}
    if not marks:
        return
    known = [id for (id,) in held.execute("SELECT id FROM contact ORDER BY id")]
    erased = [id for id in known if mark_of_erased(id) in marks]
    if erased:
        people = text.plural(len(erased), "person who was", "people who were")
        erase = f"contact delete {' '.join(erased)} --erase"
        raise Conflict(
            f"{source.name} has {people} erased from the book since. Erase there as well: "
            f"acct --db {quote_for_shell(source)} {erase}"
        )


def _edited(tx: Writing, held: sqlite3.Connection, table: str) -> Iterator[tuple[str, Row]]:
    """Make a table what the backup has; yield each operation with the row as it is or was."""
    columns = [row[1] for row in tx.con.execute(f'PRAGMA main.table_info("{table}")')]
    gone: list[str] = []
    lacking: list[str] = []
    changed: list[tuple[Row, Row]] = []
    for id, ours, theirs in _compared(tx.con, held, table, columns):
        if theirs is None:
            gone.append(id)
        elif ours is None:
            lacking.append(id)
        elif ours != theirs:
            row = dict(zip(columns, theirs, strict=True))
            before = zip(columns, ours, strict=True)
            changed.append((row, {name: row[name] for name, old in before if row[name] != old}))
    # Only now: what is read while it is written may be read twice.
    for id in gone:
        yield "delete", tx.delete(table, id)
    for row, values in changed:
        tx.revert(table, row["id"], values)
        yield "update", row
    for start in range(0, len(lacking), _AT_ONCE):
        ids = lacking[start : start + _AT_ONCE]
        for found in _rows(
            held, table, columns, "WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),)
        ):
            row = dict(zip(columns, found, strict=True))
            tx.insert(table, row)
            yield "insert", row


def _compared(
    con: sqlite3.Connection, held: sqlite3.Connection, table: str, columns: Sequence[str]
) -> Iterator[tuple[str, _Held | None, _Held | None]]:
    """Yield each id of a table with its row in the book and its row in the backup."""
    place = columns.index("id")
    ours = _rows(con, f"main.{table}", columns, "ORDER BY id")
    theirs = _rows(held, f"main.{table}", columns, "ORDER BY id")
    one, other = next(ours, None), next(theirs, None)
    while one is not None or other is not None:
        here = None if one is None else one[place]
        there = None if other is None else other[place]
        id = min(id for id in (here, there) if id is not None)
        yield id, one if here == id else None, other if there == id else None
        if here == id:
            one = next(ours, None)
        if there == id:
            other = next(theirs, None)


def _rows(
    con: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    rest: str,
    given: Sequence[str] = (),
) -> Iterator[_Held]:
    listed = ", ".join(f'"{column}"' for column in columns)
    yield from con.execute(f"SELECT {listed} FROM {table} {rest}", given)
