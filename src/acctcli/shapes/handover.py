"""What came of a bundle, and the dossier of accounts that are handed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from acctcli.shapes.account import EventJson
from acctcli.shapes.brief import BriefPage
from acctcli.shapes.deal import RiskJson


class BundleAccountJson(TypedDict):
    """An account of a bundle, as it is called in this book."""

    number: str
    name: str


class ClashJson(TypedDict):
    """A field that both books changed: both values, and which one stands (`here` or `there`).

    Without a field, the record was deleted in the other book and changed in this one.
    """

    kind: str
    record_id: str
    record: str
    field: str | None
    here: Any
    there: Any
    stands: str


class RenumberedJson(TypedDict):
    """A record whose number was taken here: its number in the other book, and in this one."""

    kind: str
    record_id: str
    record: str
    there: str
    here: str


class UnlinkedJson(TypedDict):
    """A field that stays empty, because the record that it names is not in this book."""

    kind: str
    record_id: str
    record: str
    field: str


class SimilarJson(TypedDict):
    """An account that came, and one that was here before and may be the same: their numbers."""

    account: str
    similar: str


class BundleOutcomeJson(TypedDict):
    """The outcome of `acct import FILE.acct`; counts are records by kind."""

    sender: str
    receiver: str
    written: bool
    accounts: Sequence[BundleAccountJson]
    new: Mapping[str, int]
    changed: Mapping[str, int]
    deleted: Mapping[str, int]
    stays_deleted: Mapping[str, int]
    left_out: Mapping[str, int]
    erased: int
    commands: int
    conflicts: Sequence[ClashJson]
    kept: Sequence[str]
    renumbered: Sequence[RenumberedJson]
    unlinked: Sequence[UnlinkedJson]
    no_longer_primary: Sequence[str]
    similar: Sequence[SimilarJson]


class YearJson(TypedDict):
    """A year in the story of an account; `more` counts events that are not among these."""

    year: str
    interactions: int
    events: Sequence[EventJson]
    more: int


class DossierAccountJson(TypedDict):
    """An account in a dossier: its brief, what to do first, and the risk of deals by id."""

    brief: BriefPage
    first: Sequence[str]
    risks: Mapping[str, RiskJson]
    story: Sequence[YearJson]


DossierPage = TypedDict(
    "DossierPage", {"from": str, "to": str, "accounts": Sequence[DossierAccountJson]}
)
"""What a colleague must know about the accounts that they take over."""
