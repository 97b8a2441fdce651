"""The pages of `acct account merge` and `acct contact merge`, and the rows of `dupes`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, final


class NamedRecordJson(TypedDict):
    """A record: its id, its name, what it can be typed as, and where a person works."""

    id: str
    name: str
    key: str
    at: str | None


MergedFieldJson = TypedDict(
    "MergedFieldJson",
    {"field": str, "values": Sequence[Any], "becomes": Any, "from": int | None},
)
"""A field with its value in each record, and what it becomes.

`from` is the place of the record whose value stays; None if all values stay. (It is a keyword of
Python, so this shape cannot be declared as a class.)
"""


class TakenValueJson(TypedDict):
    """A value that the record takes over from another one."""

    field: str
    value: Any
    of: str


class LeftValueJson(TypedDict):
    """Two values of one field: the one that was kept, and the one that was not.

    `where` says of which link or deal they are, `noted_in` which text keeps the second one.
    """

    field: str
    kept: str | None
    left: str
    where: str | None
    of: str
    id: str
    noted_in: str | None


class NoteJson(TypedDict):
    """A text that is added to a field of a record."""

    id: str
    name: str
    field: str
    text: str


class MergeOutcomeJson(TypedDict):
    """What a merge moves, counted by table, what the record takes over, and what is not kept."""

    moved: Mapping[str, int]
    joined: Mapping[str, int]
    taken: Sequence[TakenValueJson]
    texts_joined: Sequence[str]
    left: Sequence[LeftValueJson]
    noted: Sequence[NoteJson]
    no_longer_primary: Sequence[str]
    told_apart: Sequence[str]


class MergePage(MergeOutcomeJson):
    """What a merge would do: `keep` stays, `others` are merged into it."""

    kind: str
    likeness: int | None
    reasons: Sequence[str]
    keep: NamedRecordJson
    others: Sequence[NamedRecordJson]
    fields: Sequence[MergedFieldJson]


class PairJson(TypedDict):
    """Two records that may be the same: `likeness` of 100, and the command that merges them.

    `id` is the record that would go.
    """

    id: str
    likeness: int
    key: str
    other: str
    other_id: str
    other_key: str
    reasons: Sequence[str]
    command: str


@final  # its keys distinguish it from `ContactPairRow`
class AccountPairRow(PairJson):
    """Two accounts that may be the same."""

    account: str
    account_id: str


@final
class ContactPairRow(PairJson):
    """Two people who may be the same, and where each works."""

    contact: str
    contact_id: str
    at: str | None
    other_at: str | None
