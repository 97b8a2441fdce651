"""The page of `acct import --dry-run`; with `-f json`, an import answers with the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict


class RefusalJson(TypedDict):
    """A row that is refused, and why."""

    line: int
    reason: str


class DifferenceJson(TypedDict):
    """A field as stored, and as in the file."""

    ours: str
    theirs: str


class ImportChangeJson(TypedDict):
    """A record that a row changes, with the fields that differ."""

    line: int
    id: str
    name: str | None
    fields: Mapping[str, DifferenceJson]


class ConflictJson(TypedDict):
    """A field that was edited in an export and changed in the book: all three values.

    `exported` is the value in the export, `ours` the one in the book now, which stays, and `theirs`
    the one in the file.
    """

    line: int
    id: str
    name: str
    field: str
    exported: str
    ours: str
    theirs: str


class CountsJson(TypedDict):
    """How many rows are new, changed, the same or refused."""

    new: int
    changed: int
    same: int
    refused: int


class StrangerJson(TypedDict):
    """A domain or address in mail that nobody in the book has, and the command that adds it."""

    address: str
    messages: int
    command: str


class MailJson(TypedDict):
    """What is in a file of mail beside its rows; `left_out` counts messages by kind."""

    messages: int
    left_out: Mapping[str, int]
    strangers: Sequence[StrangerJson]


class ImportFileJson(CountsJson):
    """A file: how it was read, and the verdicts on its rows.

    `place` is what the numbers of its rows count: lines, items or messages.
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
    mail: MailJson | None
    conflicts: Sequence[ConflictJson]


class PlaybookTasksJson(TypedDict):
    """The tasks that a playbook adds, and for how many records."""

    playbook: str
    records: int
    tasks: int


class ImportOutcomeJson(CountsJson):
    """The verdicts on all rows.

    `near` has similar names in the book for accounts that are added; `read_as` maps partial names
    to the names they were read as.
    """

    accounts_added: Sequence[str]
    near: Mapping[str, Sequence[str]]
    read_as: Mapping[str, str]
    files: Sequence[ImportFileJson]


class ImportPage(ImportOutcomeJson):
    """The outcome, whether it was written, what it sets off, and the files with refused rows."""

    written: bool
    playbooks: Sequence[PlaybookTasksJson]
    rejects: Sequence[str]
