"""A plain SQLite file of the book, for datasette and similar tools: one table per kind.

It is made for reading: references have name and id, amounts are decimal numbers, lists one text. It
has foreign keys, full-text search and a few views. It cannot be imported: use CSV and JSON for
that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acctcli import files, model
from acctcli.errors import StorageError
from acctcli.model import KINDS, Field, Row
from acctcli.values.fields import Exact, columns_of, machine

if TYPE_CHECKING:
    from sqlite_utils import Database

_TYPES: dict[str, type] = {
    **dict.fromkeys((model.INTEGER, model.FLAG, model.PERCENT, model.MINUTES), int),
    **dict.fromkeys((model.NUMBER, model.MONEY, model.SHARE), float),
}

_TWO_WAY = ", ".join(f"'{kind}'" for kind in model.TWO_WAY_KINDS)

_VIEWS = {
    "open_deals": "SELECT account, title, stage, amount, currency, close_date, owner, id "
    "FROM deals WHERE closed_on IS NULL ORDER BY close_date",
    "open_tasks": "SELECT due, owed_by, text, account, contact, id "
    "FROM tasks WHERE done_at IS NULL ORDER BY due",
    "contracts": "SELECT account, product, amount, currency, recurring, starts_on, ends_on, id "
    "FROM purchases WHERE ends_on IS NOT NULL ORDER BY ends_on",
    "last_contact": "SELECT a.name AS account, a.tier, a.status, max(l.at) AS last_at, a.id "
    f"FROM accounts a LEFT JOIN logs l ON l.account_id = a.id AND coalesce(l.attempt, 0) <> 1 "
    f"AND (l.kind IN ({_TWO_WAY}) OR l.direction = 'in' AND l.kind IN ('email', 'social')) "
    "GROUP BY a.id ORDER BY last_at",
}
"""Views for the first questions that people have."""

Part = tuple[str, Mapping[str, Field], Iterable[Row]]
"""A kind, its fields, and its stored records."""


def write(path: Path, parts: Iterable[Part], *, force: bool = False) -> dict[str, int]:
    """Write the file (0600), completely or not at all; return the number of records per kind.

    Raises `Conflict` if the file exists, unless `force`.
    """

    def make(temporary: Path) -> dict[str, int]:
        try:
            return _fill(temporary, parts)
        except sqlite3.Error as error:
            raise StorageError(f"{path} cannot be written: {error}") from error

    return files.write_made(path, make, force=force)


def _fill(path: Path, parts: Iterable[Part]) -> dict[str, int]:
    from sqlite_utils import Database

    counts: dict[str, int] = {}
    keys: list[tuple[str, str, str, str]] = []
    with closing(sqlite3.connect(path)) as con:
        book = Database(con, execute_plugins=False)
        for kind, fields, rows in parts:
            names = [name for name, field in fields.items() if not field.derived]
            columns = columns_of(fields, names)
            called = _names(column for column, _ in columns)
            table = book.table(KINDS[kind].plural)
            types = {called[column]: _TYPES.get(field.type, str) for column, field in columns}
            types |= {field.id_name: str for _, field in columns if field.type == model.REF}
            table.create(types, pk="id")
            table.insert_all(_values(columns, called, rows), batch_size=500)
            counts[kind] = table.count
            keys += [
                (table.name, field.id_name, KINDS[field.target].plural, "id")
                for column, field in columns
                if field.type == model.REF and column == field.name and not field.many
            ]
        book.add_foreign_keys(keys)
        _make_findable(book)
        for name, sql in _VIEWS.items():
            book.create_view(name, sql)
        book.vacuum()
    return counts


def _names(columns: Iterable[str]) -> dict[str, str]:
    """Return a name for each column: SQLite ignores case and reserves some names."""
    called: dict[str, str] = {}
    taken = {"rowid", "oid", "_rowid_"}
    for column in columns:
        name = column
        while name.lower() in taken:
            name += "_"
        taken.add(name.lower())
        called[column] = name
    return called


def _values(
    columns: list[tuple[str, Field]], called: Mapping[str, str], rows: Iterable[Row]
) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {
            called[column]: _plain(machine(field, row.get(column), row))
            for column, field in columns
        }


def _plain(value: Any) -> Any:
    """Return a JSON value for SQLite: amounts become numbers, lists one text."""
    if isinstance(value, Exact):
        return float(value)
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return value


def _make_findable(book: Database) -> None:
    """Index the words of every table that has text, ignoring case and accents."""
    for kind in KINDS.values():
        words = [
            name
            for name, field in kind.fields.items()
            if field.type in (model.TEXT, model.LONG) and not (field.fixed or field.derived)
        ]
        if words and kind.plural in book.table_names():
            book.table(kind.plural).enable_fts(
                words, tokenize="unicode61 remove_diacritics 2", create_triggers=False
            )
