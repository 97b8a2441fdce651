"""Compare an edited export with the book: as exported, as edited, and as it is now.

Only cells that were edited in the file count. A value that changed in the book after the export
stays, unless the file's value is asked for. What a spreadsheet changes by itself (dates turned, a
`+` or leading zeros lost) is not an edit. `updated_at` and the journal tell what was exported; for
an export of another book that is unknown, and then every cell of the file counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from acctcli import model, text
from acctcli.book.context import Context
from acctcli.book.imports import spreadsheets
from acctcli.book.imports.recipe import Loaded
from acctcli.errors import AcctError, Invalid
from acctcli.interop.rows import BadRow, FileRow, texts
from acctcli.model import KINDS, Field, Row
from acctcli.recipes import Cells, Recipe
from acctcli.store import exported, queries
from acctcli.store.judgement import Conflicting, Remarks
from acctcli.values.fields import cell

if TYPE_CHECKING:
    import sqlite3

_ALWAYS = ("id", "updated_at")
"""Columns of an export that identify the record and the state that was exported."""


class EditedRow(NamedTuple):
    """A row of a file, and its cells that count; or why it cannot be read."""

    row: FileRow | BadRow
    cells: Cells
    error: AcctError | None = None


class Trip:
    """Compares the rows of one file with the book.

    `reads` opens the book. `conflicts` are the cells that were edited in the file and changed in
    the book as well.
    """

    def __init__(
        self,
        context: Context,
        loaded: Loaded,
        remarks: Remarks,
        reads: Callable[[], AbstractContextManager[sqlite3.Connection]],
        *,
        theirs: bool,
    ) -> None:
        self._context = context
        self._loaded = loaded
        self._recipe = loaded.plan.recipe
        self._remarks = remarks
        self._reads = reads
        self._theirs = theirs
        self.conflicts: list[Conflicting] = []
        self._known = 0  # rows about records of the book

    def rows(self) -> Iterator[EditedRow]:
        """Yield every row of the file, those of our exports with their edited cells only."""
        records = self._loaded.table.records()
        if not spreadsheets.is_ours(self._recipe) or not self._context.book.exists():
            for row in records:
                yield EditedRow(row, {} if isinstance(row, BadRow) else texts(row))
            return
        while chunk := list(islice(records, spreadsheets.CHUNK)):
            with self._reads() as con:
                now = spreadsheets.current(con, self._recipe, chunk)
                for row in chunk:
                    yield self._edited(con, row, now)
        self._say_what_stays()

    def _say_what_stays(self) -> None:
        """Say how many records of the book the file does not have: no row is no deletion."""
        if not self._known:
            return
        if "updated_at" not in self._recipe.columns:
            self._remarks.add(
                "without updated_at, what changed here after the export counts as edited", 0, ""
            )
        with self._reads() as con:
            others = queries.count(con, self._recipe.kind) - self._known
        kind = KINDS[self._recipe.kind]
        if others > 0:
            what = text.plural(others, kind.one, kind.several)
            they = "it stays" if others == 1 else "they stay"
            self._remarks.add(f"{what} not in the file: {they}, an import deletes nothing", 0, "")

    def _edited(
        self, con: sqlite3.Connection, row: FileRow | BadRow, now: Mapping[str, Row]
    ) -> EditedRow:
        if isinstance(row, BadRow):
            return EditedRow(row, {})
        cells = texts(row)
        is_now = now.get(cells.get(self._recipe.columns["id"][0], "").lower())
        if is_now is None:
            return EditedRow(row, cells)
        self._known += 1
        [written] = self._recipe.columns.get("updated_at", ("",))
        at = cells.get(written, "")
        was: Row | None = is_now
        if at and at != is_now["updated_at"]:
            kind, fields = self._recipe.kind, self._recipe.fields
            was = exported.as_of(con, kind, is_now["id"], at, fields)
        if was is None:
            return EditedRow(row, cells)
        try:
            return EditedRow(row, self._compare(con, row.line, cells, was, is_now))
        except AcctError as error:
            return EditedRow(row, cells, error)

    def _compare(
        self, con: sqlite3.Connection, line: int, cells: Cells, was: Row, is_now: Row
    ) -> Cells:
        """Return the cells that were edited in the file, and may be taken."""
        recipe = self._recipe
        kept = {recipe.columns[name][0] for name in _ALWAYS if name in recipe.columns}
        edited: dict[str, str] = {column: cells.get(column, "") for column in kept}
        money = False
        for target, columns in recipe.columns.items():
            field = _field_of(recipe, target)
            column = columns[0]
            if len(columns) > 1 or column in kept:
                edited |= {name: cells.get(name, "") for name in columns}
                continue
            typed = cells.get(column, "")
            exported_as = text_of(recipe, target, was)
            stands = text_of(recipe, target, is_now)
            if not typed.strip():
                if exported_as:
                    self._remarks.add("emptied cells change nothing", line, f"{column}")
                continue
            order = recipe.orders.get(column)
            if self._is_same(con, field, target, was, typed, exported_as, order):
                if typed != exported_as and typed.strip() != exported_as.strip():
                    self._damaged(field, line, typed)
                continue
            if self._is_same(con, field, target, is_now, typed, stands, order):
                continue
            if re.fullmatch(r"-?[0-9][.,]?[0-9]*[Ee]\+[0-9]+", typed.strip(), re.ASCII):
                raise Invalid(
                    f"{column} {text.quoted(typed.strip())} lost its digits in a spreadsheet. It "
                    f"was {text.quoted(exported_as)}: format the column as Text or Number there"
                )
            if stands != exported_as and not self._theirs:
                name = str(is_now.get(KINDS[recipe.kind].title) or "")
                where = (line, is_now["id"], name, field.label)
                self.conflicts.append(Conflicting(*where, exported_as, stands, typed))
                continue
            edited[column] = typed
            if field.target and field.id_name in recipe.columns:
                # An id that disagrees with the name beside it is refused, not ignored.
                [beside] = recipe.columns[field.id_name]
                edited[beside] = cells.get(beside, "")
            money = money or field.type == model.MONEY
        if money and "currency" in recipe.columns:
            [column] = recipe.columns["currency"]
            edited[column] = cells.get(column, "")
        return edited

    def _is_same(
        self,
        con: sqlite3.Connection,
        field: Field,
        target: str,
        row: Row,
        typed: str,
        stored: str,
        order: str | None,
    ) -> bool:
        """Whether a cell says what a record held, as exported or as a spreadsheet shows it."""
        if typed == stored or spreadsheets.same(
            field, stored, typed, order, self._context.clock.today
        ):
            return True
        if not field.target or target == field.id_name:
            return False
        # A record that is referred to may have been renamed since.
        ids = row.get(field.id_name) or ()
        names = [one.strip() for one in typed.split(";")] if field.many else [typed.strip()]
        ids = (ids,) if isinstance(ids, str) else tuple(ids)
        return len(ids) == len(names) and all(
            name in exported.earlier_names(con, field.target, id)
            for name, id in zip(names, ids, strict=True)
        )

    def _damaged(self, field: Field, line: int, typed: str) -> None:
        if self._loaded.table.form and field.type in spreadsheets.NUMBERS:
            return
        what = f"{field.label}: what a spreadsheet changes by itself is not an edit"
        self._remarks.add(what, line, text.clip(typed, 40))


def _field_of(recipe: Recipe, target: str) -> Field:
    """Return the field of a column; that of ids has the field of the reference."""
    if target in recipe.fields:
        return recipe.fields[target]
    return next(field for field in recipe.fields.values() if field.id_name == target)


def text_of(recipe: Recipe, target: str, row: Row) -> str:
    """Return the cell of a field, or of the ids of a reference, as an export writes it."""
    field = _field_of(recipe, target)
    value = row.get(target)
    if target == field.id_name and target not in recipe.fields:
        return "; ".join(value or ()) if field.many else str(value or "")
    if field.type == model.MONEY and value is not None and not row.get("currency"):
        return ""
    return cell(field, value, row)
