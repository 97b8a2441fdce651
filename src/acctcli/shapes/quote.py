"""The page of `acct quote show`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from acctcli.shapes.records import QuoteJson, QuoteLineJson


class QuotedLineJson(QuoteLineJson):
    """A line with its amounts: `before` less its discount is `net`, before tax."""

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

    `standing` is its status, or `expired`. `sent_lines` are the lines that the customer got, as
    text, if a change on another machine gave the quote others; else it is empty.
    """

    standing: str
    deal_open: bool
    lines: Sequence[QuotedLineJson]
    sent_lines: Sequence[str]
    totals: QuoteTotalsJson | None
    versions: Sequence[QuoteVersionJson]


class QuoteDocument(QuotePage, total=False):
    """What an HTML document is made of: a quote, and the seller's logo as a data URI."""

    logo: str
