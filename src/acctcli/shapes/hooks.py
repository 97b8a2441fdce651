"""The JSON that a hook reads from stdin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict


class ChangeJson(TypedDict):
    """A row that a command changes, as stored: None before it is there, and after it is gone.

    `kind` and `record_id` name the record that it is part of; of a record's own row, itself.
    """

    table: str
    id: str
    kind: str
    record_id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


class HappeningJson(TypedDict):
    """A command, what it says, and the first of the rows that it changes; `count` is all of them.

    `number` is that of the command in the history.
    """

    hook: str
    command: str
    typed: str
    book: str
    today: str
    who: str
    number: int
    says: str
    count: int
    changes: Sequence[ChangeJson]
