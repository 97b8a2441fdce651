"""What an import would do, row by row: the values that `judging` judges, and what it finds.

As many rows as a file has: they are kept in spools and walked, never held as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from acctcli.drafts import Draft, Recipe
from acctcli.frozen import Frozen, FrozenRow
from acctcli.model import Row, Values
from acctcli.spool import Spool

Advance = Callable[[int], None]
"""Is told how many rows more are done."""


class Refusal(FrozenRow):
    """A row that cannot be written, and why."""

    line: int
    reason: str


class Source(Frozen):
    """The rows of one file, as far as they could be read."""

    name: str
    recipe: Recipe
    drafts: Sequence[Draft] | Spool[Draft]
    refused: Sequence[Refusal] = ()


class Entry:
    """A row with its record: `before` is the record as it stands, None for a new one.

    `values` are those to write, references as ids: all of a new record, of one
    that stands those that differ.
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
    """Rows with their records, as many as there may be: they are walked, not held."""

    def __init__(self) -> None:
        self._spool = Spool[Entry](_packed, _unpacked)
        self._refused: set[str] = set()

    def append(self, entry: Entry) -> None:
        """Add a row at the end."""
        self._spool.append(entry)

    def refuse(self, ids: Collection[str]) -> None:
        """Leave out the rows of these records, which must be among them."""
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
    """What would become of the rows of one file: each row is put where it belongs.

    `given_ids` are the ids that were given to new records to which others may point, those
    of refused rows included.
    """

    def __init__(self, source: Source, refused: list[Refusal], given_ids: set[str]) -> None:
        self.source = source
        self.new = Entries()
        self.changed = Entries()
        self.same = Entries()
        self.refused = refused
        self.given_ids = given_ids

    def take(self, entry: Entry) -> None:
        """Put a row that was compared where it belongs."""
        if entry.before is None:
            self.new.append(entry)
        elif entry.values or entry.custom:
            self.changed.append(entry)
        else:
            self.same.append(entry)


class Judgement(Frozen):
    """What would become of all files.

    `created` are the accounts that are made up, by id, and `near` those of the book whose
    names are much like theirs; `read_as` is what was taken for a name in part.
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
    """When a row of an export of ours was written, by a clock that may be ahead of this one."""
    # Only our own exports have both columns.
    return str(draft.values.get("updated_at") or "") if "id" in draft.typed else ""
