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

`from` is the place of the record whose value stays; None where all values do. (A key that is
a keyword of Python cannot be declared in a class.)
"""


class TakenValueJson(TypedDict):
    """A value that the record that stays takes over from another one."""

    field: str
    value: Any
    of: str


class LeftValueJson(TypedDict):
    """Two values of one field: the one that was kept, and the one that was not.

    `where` says of which link or deal they are, `noted_in` which text keeps the other one.
    """

    field: str
    kept: str | None
    left: str
    where: str | None
    of: str
    id: str
    noted_in: str | None


class NoteJson(TypedDict):
    """What is added to the text of a record."""

    id: str
    name: str
    field: str
    text: str


class MergeOutcomeJson(TypedDict):
    """What a merge moves, counted by table, what it takes over, and what it does not keep."""

    moved: Mapping[str, int]
    joined: Mapping[str, int]
    taken: Sequence[TakenValueJson]
    texts_joined: Sequence[str]
    left: Sequence[LeftValueJson]
    noted: Sequence[NoteJson]
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

    The row has the id of the record that would go.
    """

    id: str
    likeness: int
    key: str
    other: str
    other_id: str
    other_key: str
    reasons: Sequence[str]
    command: str


@final  # its keys tell it from `ContactPairRow`
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
