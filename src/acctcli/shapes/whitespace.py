"""The page of `acct report whitespace`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict


class MinimumJson(TypedDict):
    """What a rule must exceed to count; shares are from 0 to 1."""

    customers: int
    buyers: int
    confidence: float
    certainty: int


class SmallGroupJson(TypedDict):
    """An industry or tier with too few customers to compare."""

    by: str
    group: str
    customers: int


class GridProductJson(TypedDict):
    """A product of the grid, with its list price."""

    product: str
    product_id: str
    family: str | None
    price: str | None
    currency: str | None
    active: bool


class GridAccountJson(TypedDict):
    """An account of the grid, with the products it bought and those in open deals."""

    account: str
    account_id: str
    industry: str | None
    tier: str | None
    bought: Sequence[str]
    open: Sequence[str]


class CandidateJson(TypedDict):
    """A product that an account has not bought, and why it may buy it.

    `bought_by` are the accounts of its group that bought it. The figures are those of the rule
    behind it; None if only its group speaks for it.
    """

    account: str
    account_id: str
    industry: str | None
    tier: str | None
    product: str
    product_id: str
    kind: str
    bought_by: Sequence[str]
    by: str | None
    group: str | None
    buyers: int | None
    peers: int | None
    support: str | None
    confidence: str | None
    lower: str | None
    base_rate: str | None
    lift: str | None
    price: str | None
    currency: str | None


class WhitespacePage(TypedDict):
    """Accounts by products, and the candidates, the best first."""

    filters: Sequence[str]
    customers: int
    minimum: MinimumJson
    names_products: bool
    book_too_small: bool
    too_small: Sequence[SmallGroupJson]
    products: Sequence[GridProductJson]
    accounts: Sequence[GridAccountJson]
    candidates: Sequence[CandidateJson]
