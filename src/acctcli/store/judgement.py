"""The plan of an import, row by row: the values that `judging` compares, and its verdicts.

Files may have any number of rows, so rows are kept in spools and iterated, never held in memory as
a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from acctcli.drafts import Draft
from acctcli.frozen import Frozen, FrozenRow
from acctcli.model import Row, Values
from acctcli.recipes import Recipe
from acctcli.spool import Spool

Advance = Callable[[int], None]
"""Called with the number of rows done since the last call."""


class Refusal(FrozenRow):
    """A row that cannot be written, and why."""

    line: int
    reason: str


class Remarked(FrozenRow):
    """How often a kind of change was made to cells, with the first cell and its line."""

    times: int
    line: int
    cell: str


class Remarks:
    """Changes to cells that nobody asked for, by kind of change."""

    def __init__(self) -> None:
        self.found: dict[str, Remarked] = {}

    def add(self, what: str, line: int, cell: str) -> None:
        """Count one more cell."""
        first = self.found.get(what, Remarked(0, line, cell))
        self.found[what] = first._replace(times=first.times + 1)


class Conflicting(FrozenRow):
    """A cell of an export that was edited in the file while its value changed in the book."""

    line: int
    id: str
    name: str
    field: str
    exported: str
    ours: str
    theirs: str


class Source(Frozen):
    """The readable rows of one file.

    `remarks` are the changes to its cells; `conflicts` are the cells that were not taken, because
    the book changed as well.
    """

    name: str
    recipe: Recipe
    drafts: Sequence[Draft] | Spool[Draft]
    refused: Sequence[Refusal]
    remarks: Remarks
    conflicts: Sequence[Conflicting] = ()


class Entry:
    """A row with its record: `before` is the record in the book, None for a new one.

    `values` are the values to write, with references as ids: all of them for a new record, only the
    differing ones for an existing record.
    """

    __slots__ = ("before", "custom", "draft", "id", "values")

    def __init__(
        self,
        draft: Draft,
        id: str,
        values: Values,
        custom: Values | None = None,
        before: Row | None = None,
    ) -> None:
        self.draft = draft
        self.id = id
        self.values = values
        self.custom: Values = custom or {}
        self.before = before


class Entries:
    """Rows with their records; they can be iterated, but need not fit in memory."""

    def __init__(self) -> None:
        self._spool = Spool[Entry](_packed, _unpacked)
        self._refused: set[str] = set()

    def append(self, entry: Entry) -> None:
        """Add a row at the end."""
        self._spool.append(entry)

    def refuse(self, ids: Collection[str]) -> None:
        """Leave out the rows of these records, all of which must be here."""
        self._refused.update(ids)

    def __len__(self) -> int:
        return len(self._spool) - len(self._refused)

    def __iter__(self) -> Iterator[Entry]:
        if not self._refused:
            return iter(self._spool)
        return (entry for entry in self._spool if entry.id not in self._refused)


def _packed(entry: Entry) -> tuple[Any, ...]:
    return tuple(entry.draft), entry.id, entry.values, entry.custom, entry.before


def _unpacked(packed: tuple[Any, ...]) -> Entry:
    draft, *others = packed
    return Entry(Draft._make(draft), *others)


class JudgedFile:
    """The verdicts on the rows of one file.

    `given_ids` are the ids given to new records that other rows may refer to, including those of
    refused rows.
    """

    def __init__(self, source: Source, refused: list[Refusal], given_ids: set[str]) -> None:
        self.source = source
        self.new = Entries()
        self.changed = Entries()
        self.same = Entries()
        self.refused = refused
        self.given_ids = given_ids

    def take(self, entry: Entry) -> None:
        """Add a compared row to the new, the changed or the same ones."""
        if entry.before is None:
            self.new.append(entry)
        elif entry.values or entry.custom:
            self.changed.append(entry)
        else:
            self.same.append(entry)


class Judgement(Frozen):
    """The verdicts on all files.

    `created` are accounts that are added because rows name them, by id; `near` are similar names in
    the book; `read_as` maps partial names to the names they were read as.
    """

    files: Sequence[JudgedFile]
    created: Mapping[str, str]
    near: Mapping[str, Sequence[str]]
    read_as: Mapping[str, str]

    @property
    def writes(self) -> int:
        """How many records would be added or changed."""
        return sum(len(file.new) + len(file.changed) for file in self.files)


def when_written(draft: Draft) -> str:
    """Return when a row of our own export was written, by a clock that may be ahead of ours."""
    # Only our own exports have both columns.
    return str(draft.values.get("updated_at") or "") if "id" in draft.typed else ""
