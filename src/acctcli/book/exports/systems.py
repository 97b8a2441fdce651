"""The book as files for the import wizard of another system, and what they cannot hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from acctcli import text
from acctcli.book.context import Context
from acctcli.book.exports import records
from acctcli.book.exports.folder import refuse_taken, write_into
from acctcli.csvtext import write_csv
from acctcli.interop import wizards
from acctcli.interop.wizards import WizardFile
from acctcli.model import KINDS, NOUNS, Row
from acctcli.store import queries

if TYPE_CHECKING:
    import sqlite3

_OURS = frozenset(("id", "number", "created_at", "updated_at", "archived_at", "kind"))
"""Fields that are ours alone, or that the name of a file says."""

_SPECIAL = ("demo", "proposal", "social")
"""Kinds of interactions that other systems have as a meeting or a note."""

LACKING_SHOWN = 12


class Handed(NamedTuple):
    """The number of rows written per file, and sentences about what the files cannot hold."""

    counts: dict[str, int]
    lacking: list[str]


def write(context: Context, folder: Path, preset: str, *, force: bool = False) -> Handed:
    """Write the files of a preset into a folder: all of them, or none.

    Files without a record are not written. Raises `Conflict` if a file exists, unless `force`.
    """
    named: dict[str, list[WizardFile]] = {}
    for file in wizards.files_of(preset):
        named.setdefault(file.name, []).append(file)
    targets = {name: folder / f"{name}.csv" for name in named}
    refuse_taken(folder, targets.values(), force=force)
    with context.read() as con:
        lacking = _Lacking()
        counts = {name: _count(context, con, of, lacking) for name, of in named.items()}
        lacking.look_at_others(con)

        def contents() -> Iterator[tuple[Path, Iterable[str]]]:
            for name, of in named.items():
                if counts[name]:
                    yield targets[name], _text(context, con, of)

        write_into(folder, contents(), force=force)
    return Handed({name: count for name, count in counts.items() if count}, lacking.said())


def _count(
    context: Context, con: sqlite3.Connection, of: list[WizardFile], lacking: _Lacking
) -> int:
    count = 0
    for file in of:
        for row in records.rows(context, con, file.kind):
            if file.takes(row):
                count += 1
                lacking.look(file, row)
    return count


def _text(context: Context, con: sqlite3.Connection, of: list[WizardFile]) -> Iterator[str]:
    header = list(dict.fromkeys(column for file in of for column in file.columns))
    yield from write_csv(header, [])
    stages = {stage.name: stage.category for stage in context.config.stages}

    def stage(name: str) -> str:
        return {"closed": "won", "omitted": "lost"}.get(stages.get(name, ""), "open")

    for file in of:
        places = [header.index(column) for column in file.columns]
        fields = context.fields(file.kind)
        for row in records.rows(context, con, file.kind):
            if file.takes(row):
                cells = [""] * len(header)
                for place, cell in zip(
                    places, wizards.cells(file, fields, row, stage), strict=True
                ):
                    cells[place] = cell
                yield from write_csv([], [cells], header=False)


class _Lacking:
    """What the files of a preset do not hold, counted."""

    def __init__(self) -> None:
        self._fields: Counter[tuple[str, str]] = Counter()
        self._more: Counter[tuple[str, str]] = Counter()
        self._kinds: Counter[str] = Counter()
        self._taken: Counter[str] = Counter()

    def look(self, file: WizardFile, row: Row) -> None:
        """Take one record of a file into account."""
        self._taken[file.kind] += 1
        held = file.held
        if row.get("kind") in _SPECIAL and "kind" not in held:
            self._fields[file.kind, "kind"] += 1
        for name, field in KINDS[file.kind].fields.items():
            value = row.get(name)
            if name in _OURS or field.derived or value in (None, "", (), 0, field.default):
                continue
            if name not in held:
                self._fields[file.kind, field.label] += 1
            elif held[name] and field.many and len(value) > held[name]:
                self._more[file.kind, field.label] += 1

    def look_at_others(self, con: sqlite3.Connection) -> None:
        """Count the records that have no file."""
        for kind in NOUNS:
            others = queries.count(con, kind) - self._taken[kind]
            if others > 0:
                self._kinds[kind] = others

    def said(self) -> list[str]:
        """Return what is lacking in words, the most first."""
        found = [
            text.plural(count, KINDS[kind].one, KINDS[kind].several)
            for kind, count in self._kinds.most_common()
        ]
        found += [
            f"{label} of {text.plural(count, KINDS[kind].one, KINDS[kind].several)}"
            for (kind, label), count in self._fields.most_common()
        ]
        found += [
            f"further {label} of {text.plural(count, KINDS[kind].one, KINDS[kind].several)}"
            for (kind, label), count in self._more.most_common()
        ]
        return found
