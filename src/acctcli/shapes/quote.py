"""The page of `acct quote show`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NotRequired, TypedDict

from acctcli.shapes.records import QuoteJson


class QuoteLineJson(TypedDict):
    """A line of a quote: `before` less its discount is `net`, before tax."""

    id: str
    position: int
    product: str | None
    text: str
    quantity: str | int | None
    unit_price: str | None
    currency: str | None
    discount: str | None
    tax_rate: str | None
    starts_on: str | None
    ends_on: str | None
    recurring: str
    before: str | None
    net: str | None


class TaxOfRateJson(TypedDict):
    """The tax of all lines with one rate (percent), and what it is charged on."""

    rate: str
    net: str
    tax: str


class QuoteTotalsJson(TypedDict):
    """The totals of a quote: `before` less `discount` is `net`; with `tax` it is `gross`."""

    before: str
    discount: str
    net: str
    taxes: Sequence[TaxOfRateJson]
    tax: str
    gross: str


class QuoteVersionJson(TypedDict):
    """One version of a quote among the others of its deal."""

    id: str
    number: str
    version: int
    standing: str
    sent_on: str | None
    gross: str | None
    currency: str | None


class QuotePage(QuoteJson):
    """A quote with its lines and totals; no totals if a value cannot be read.

    `standing` is its status, or `expired`. `logo` is only there for an HTML document: the picture
    as a data URI.
    """

    standing: str
    deal_open: bool
    lines: Sequence[QuoteLineJson]
    totals: QuoteTotalsJson | None
    versions: Sequence[QuoteVersionJson]
    logo: NotRequired[str]
