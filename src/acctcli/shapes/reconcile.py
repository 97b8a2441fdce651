"""The page of `acct purchase reconcile`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict


class BankLineJson(TypedDict):
    """A line of a bank statement; money that came in is above zero."""

    day: str
    amount: str
    currency: str
    text: str


class OpenPurchaseJson(TypedDict):
    """A purchase that is not reconciled; `amount` includes the tax."""

    id: str
    account: str
    account_id: str
    product: str | None
    amount: str
    currency: str
    purchased_on: str
    invoice: str | None


class PaymentJson(TypedDict):
    """A line and the purchases that it pays, with what speaks for it.

    `days` are those from the last of the purchases to the payment; `others` is how many other
    purchases or lines fit as well.
    """

    line: BankLineJson
    purchases: Sequence[OpenPurchaseJson]
    sure: bool
    reasons: Sequence[str]
    days: int
    others: int


class ReconcilePage(TypedDict):
    """What a statement pays: proposals, and what is left on both sides.

    `taken` is how many lines had paid a purchase before.
    """

    file: str
    lines: int
    taken: int
    pairs: Sequence[PaymentJson]
    unmatched_lines: Sequence[BankLineJson]
    unmatched_purchases: Sequence[OpenPurchaseJson]
