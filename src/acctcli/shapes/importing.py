"""The page of `acct import --dry-run`; with `-f json`, an import answers with the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict


class RefusalJson(TypedDict):
    """A row that is refused, and why."""

    line: int
    reason: str


class DifferenceJson(TypedDict):
    """A field as the book has it, and as the file has it."""

    ours: str
    theirs: str


class ImportChangeJson(TypedDict):
    """A record that a row changes, with the fields that differ."""

    line: int
    id: str
    name: str | None
    fields: Mapping[str, DifferenceJson]


class CountsJson(TypedDict):
    """How many rows are new, changed, the same or refused."""

    new: int
    changed: int
    same: int
    refused: int


class ImportFileJson(CountsJson):
    """One file: how it was read, and what becomes of its rows.

    `place` is what the numbers of its rows count: lines or items.
    """

    file: str
    kind: str
    place: str
    rows: int
    encoding: str
    delimiter: str | None
    columns_read: Sequence[str]
    columns_left_out: Sequence[str]
    notes: Sequence[str]
    refusals: Sequence[RefusalJson]
    changes: Sequence[ImportChangeJson]


class ImportOutcomeJson(CountsJson):
    """What becomes of all rows; `near` and `read_as` are names of the files by what they mean."""

    accounts_added: Sequence[str]
    near: Mapping[str, Sequence[str]]
    read_as: Mapping[str, str]
    files: Sequence[ImportFileJson]


class ImportPage(ImportOutcomeJson):
    """The outcome, whether it was written, and the files that refused rows went to."""

    written: bool
    rejects: Sequence[str]
