"""What travels between machines: tables, columns, references, and cells that belong together.

Everything follows from the declarations in `model`. A table that is not listed by them must be
named in `LOCAL`, with the reason; a test compares both with the schema.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from acctcli.frozen import Frozen
from acctcli.model import KINDS, LISTS, REF
from acctcli.store import kinds, moments
from acctcli.store.kinds import OF_DEAL, PART_OF

LOCAL = {
    "command": "the journal of this machine; the sentences of commands travel in the files",
    "change": "the journal of this machine",
    "added": "the journal of this machine",
    "bundle": "says which commands of this machine took in a bundle; its records travel",
    "erased": "each machine makes its own marks when it takes in that somebody was erased",
    "preset": "saved options of an import name files and columns of this machine",
    "search": "the index of this machine, made from its records",
    "search_doc": "the index of this machine",
}
"""Tables that never travel, and why; besides, what begins with `search_` or `sync_`."""

COMMON = ("product", "segment", "setting", "campaign", "commitment")
"""Kinds that belong to no account: they are in the book that all members share."""

QUIET = frozenset(("created_at", "updated_at", "updated_by", "position", "@book", "@into"))
"""Cells that nobody needs to decide about: a difference in them is not a conflict."""

THERE, INTO, BOOK = "@", "@into", "@book"
"""Cells that are no columns: whether a row is there (1 or 0), what it was merged into, and which
book an account belongs to."""


class Reference(Frozen):
    """A column that refers to a record of a kind ("" for any); `owns` if the row needs it."""

    column: str
    target: str
    owns: bool


class SyncTable(Frozen):
    """A table that travels, as this version of the program knows it."""

    name: str
    columns: tuple[str, ...]  # all but `id`, in the order of the table
    cells: tuple[str, ...]  # of these, what travels: what follows from others does not
    needed: tuple[str, ...]  # of these, what a row must have
    references: tuple[Reference, ...]
    groups: Mapping[str, tuple[str, ...]]  # column → all columns that say one thing with it
    unique: tuple[str, ...]  # columns of which no two rows may have the same values …
    either: tuple[str, ...]  # … of these, only the first that has one counts
    titled: str  # the column whose text `name_key` compares; "" without one


def names() -> list[str]:
    """Return the tables that travel, each after those that it refers to."""
    listed: dict[str, list[str]] = {}
    for table, (kind, _) in LISTS.items():
        listed.setdefault(kind, []).append(table)
    ordered = kinds.in_order_of_import()
    # A list may refer to another kind, which may come after its own.
    lists = [table for kind in ordered for table in listed.get(kind, ())]
    return [*ordered, *lists, "custom", "external_id"]


def tables(con: sqlite3.Connection) -> dict[str, SyncTable]:
    """Return the tables of a book that travel, in the order of `names`."""
    return {name: _table(con, name) for name in names()}


def _table(con: sqlite3.Connection, name: str) -> SyncTable:
    rows = con.execute("SELECT name, \"notnull\" FROM pragma_table_info(?, 'main')", (name,))
    required = {column: bool(needed) for column, needed in rows.fetchall()}
    columns = tuple(column for column in required if column != "id")
    follows = {"name_key"} | ({"account_id"} if name in OF_DEAL else set())
    cells = tuple(column for column in columns if column not in follows)
    groups = {
        column: group for group in moments.groups(name, cells) if len(group) > 1 for column in group
    }
    return SyncTable(
        name=name,
        columns=columns,
        cells=cells,
        needed=tuple(column for column in cells if required[column]),
        references=tuple(_references(name)),
        groups=groups,
        unique=_unique(name),
        either=tuple(KINDS[name].fields[one].column for one in KINDS[name].either)
        if name in KINDS
        else (),
        titled=KINDS[name].title if name in kinds.KEYED else "",
    )


def _references(table: str) -> list[Reference]:
    if table in ("custom", "external_id"):
        return [Reference("record_id", "", True)]
    if table in LISTS:
        owner, field = LISTS[table]
        found = [Reference(PART_OF[table], owner, True)]
        if field.type == REF and field.rows:
            found.append(Reference(field.rows[1], field.target, True))
        return found
    kind = KINDS[table]
    return [
        # A task or person needs no account, but goes with the one it has.
        Reference(
            field.column,
            field.target,
            field.required or field.name == "account" or field.name in kind.fact,
        )
        for field in kind.fields.values()
        if field.type == REF and not field.many and not field.derived
        if not (table in OF_DEAL and field.name == "account")
    ]


def _unique(table: str) -> tuple[str, ...]:
    """Return the columns that make a row one of its kind; its id is made from them."""
    if table == "custom":
        return ("record_id", "field")
    if table in LISTS:
        _, field = LISTS[table]
        assert field.rows
        return (PART_OF[table], field.rows[1])
    if table in kinds.FACTS and table != "setting":  # two of a key have the same id
        kind = KINDS[table]
        return tuple(kind.fields[name].column for name in kind.fact)
    if table == "deal_contact":
        return ("deal_id", "contact_id")
    return ()
