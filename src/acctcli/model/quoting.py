"""What is offered in writing: a quote of a deal, in versions, and its lines."""

from __future__ import annotations

from datetime import date

from acctcli.model.field import (
    BY_NUMBER,
    CURRENCY,
    DAY,
    INTEGER,
    LONG,
    MONEY,
    NUMBER,
    SHARE,
    TEXT,
    Record,
    Ref,
    Row,
    choice,
    column,
    ref,
)
from acctcli.model.nouns import RECURRENCES
from acctcli.text import safe

QUOTE_STATUSES = ("draft", "sent", "accepted", "declined", "superseded")
"""A quote is a draft until it is sent; a newer version supersedes what was not answered."""


def sealed(quote: Row) -> str:
    """Return why a quote cannot be changed any more, and what to do instead; "" for a draft."""
    if quote.get("status") in (None, "draft"):
        return ""
    return (
        f"{safe(quote['number'])} is {quote['status']} and cannot be changed. "
        f"For a new version: acct deal quote {quote['deal_id'][-4:]} --copy"
    )


class Quote(Record):
    """One version of the offer for a deal; once it was sent, only its answer changes."""

    number: str = column(
        *(TEXT, "number, assigned automatically; from version 2 on with the version at its end"),
        required=True,
        fixed=True,
        finds=BY_NUMBER,
        came=7,
    )
    version: int = column(
        INTEGER, "version of the offer, 1 for the first", default=1, fixed=True, came=7
    )
    deal: Ref = ref("deal", "deal that it offers", required=True, stays=True, came=7)
    account: Ref = ref("account", "the deal's account", required=True, fixed=True, came=7)
    title: str = column(TEXT, "title; default: that of the deal", required=True, came=7)
    status: str = choice("where it stands", QUOTE_STATUSES, default="draft", fixed=True, came=7)
    contact: Ref | None = ref("contact", "person it is addressed to", came=7)
    valid_until: date | None = column(DAY, "last day it is valid", flag="valid", came=7)
    sent_on: date | None = column(DAY, "day it was sent", fixed=True, past=True, came=7)
    answered_on: date | None = column(
        DAY, "day it was accepted or declined", fixed=True, past=True, came=7
    )
    reason: str | None = column(TEXT, "reason it was declined", came=7)
    net: int | None = column(MONEY, "total before tax", signed=False, fixed=True, came=7)
    tax: int | None = column(MONEY, "total tax", signed=False, fixed=True, came=7)
    gross: int | None = column(MONEY, "total with tax", signed=False, fixed=True, came=7)
    currency: str | None = column(CURRENCY, "currency of the amounts", fixed=True, came=7)
    recipient: str | None = column(LONG, "name and address of the customer", came=7)
    sender: str | None = column(LONG, "your name and address", came=7)
    intro: str | None = column(LONG, "text above the lines", came=7)
    terms: str | None = column(LONG, "your terms, below the lines", came=7)


class QuoteLine(Record):
    """A line of a quote: what is offered, for how much, with which tax and for which term."""

    quote: Ref = ref("quote", "the quote", required=True, stays=True, came=7)
    position: int = column(INTEGER, "its place among the lines", fixed=True, default=0, came=7)
    product: Ref | None = ref("product", "the product", came=7)
    text: str = column(TEXT, "what is offered", required=True, came=7)
    quantity: float = column(NUMBER, "quantity", default=1, came=7)
    unit_price: int = column(MONEY, "unit price", required=True, signed=False, came=7)
    currency: str | None = column(CURRENCY, "the quote's currency", fixed=True, came=7)
    discount: float | None = column(SHARE, "discount in percent", came=7)
    tax_rate: float | None = column(SHARE, "tax on top, in percent", flag="tax", came=7)
    starts_on: date | None = column(
        DAY, "first day of the contract", flag="starts", look="near", came=7
    )
    ends_on: date | None = column(
        DAY,
        "last day of the contract, or its length: 1y",
        flag="ends",
        spans=True,
        counts_from=("starts_on",),
        came=7,
    )
    recurring: str = choice("how often it recurs", RECURRENCES, default="none", came=7)
