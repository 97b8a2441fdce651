"""What was bought per month, account, currency and way of payment, and what of it is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from acctcli.book.context import Context
from acctcli.domain.quotes import tax_on
from acctcli.model import CHOICE, CURRENCY, INTEGER, KINDS, MONEY, TEXT, Field, Row, declare
from acctcli.model.nouns import PAYMENTS
from acctcli.store import queries
from acctcli.store.filters import Condition
from acctcli.values import money
from acctcli.values.dates import iso

if TYPE_CHECKING:
    import sqlite3

    from acctcli.values.periods import Period

FIELDS = declare(
    month=Field(TEXT, "month of the purchases, as 2026-11"),
    account=KINDS["purchase"].fields["account"],
    payment=Field(CHOICE, "how they are paid; none: they do not say", choices=PAYMENTS),
    purchases=Field(INTEGER, "how many purchases"),
    net=Field(MONEY, "their amounts"),
    tax=Field(MONEY, "tax on top, where the rate is known"),
    gross=Field(MONEY, "amounts and tax together"),
    open=Field(MONEY, "what of it is not paid yet: neither cash, nor with a day of payment"),
    currency=Field(CURRENCY, "currency of the amounts; a row for each"),
)
"""A total: the order of JSON keys and CSV columns."""

_SUMS = ("net", "tax", "gross", "open")


def totals(
    context: Context,
    con: sqlite3.Connection,
    conditions: Sequence[Condition],
    period: Period | None = None,
) -> list[Row]:
    """Return a row per month, account, currency and payment, the latest month first.

    Amounts are in minor units and never added across currencies. Purchases without a valid day,
    amount or currency are in no row.
    """
    fields = context.fields("purchase")
    found: dict[tuple[str, str, str, str], Row] = {}
    for row in queries.each(con, "purchase", fields, queries.Listing(conditions)):
        day, net, currency = row["purchased_on"], row["amount"], row["currency"]
        if day is None or net is None or currency is None:
            continue
        if period is not None and not iso(period.start) <= day <= iso(period.end):
            continue
        tax = tax_on(net, row["tax_rate"]) if row["tax_rate"] is not None else 0
        is_paid = row["payment"] == "cash" or row["paid_on"] is not None
        key = (day[:7], row["account_id"], currency, row["payment"] or "")
        total = found.setdefault(
            key,
            {
                **{"month": day[:7], "account": row["account"], "account_id": row["account_id"]},
                **{"payment": row["payment"], "currency": currency, "purchases": 0},
                **dict.fromkeys(_SUMS, 0),
            },
        )
        amounts = (net, tax, net + tax, 0 if is_paid else net + tax)
        total["purchases"] += 1
        for name, amount in zip(_SUMS, amounts, strict=True):
            total[name] += amount
    rows = sorted(
        found.values(),
        key=lambda one: (
            (one["account"] or "").casefold(),
            one["account_id"],
            one["currency"],
            one["payment"] or "~",
        ),
    )
    return sorted(rows, key=lambda one: one["month"], reverse=True)


def said(rows: Sequence[Row]) -> list[str]:
    """Return the totals over all rows in words, per currency: `1,308 SGD, of it 109 SGD open`."""
    sums: dict[str, list[int]] = {}
    for row in rows:
        gross, still = sums.setdefault(row["currency"], [0, 0])
        sums[row["currency"]] = [gross + row["gross"], still + row["open"]]
    return [
        money.say(gross, currency) + (f", of it {money.say(still, currency)} open" if still else "")
        for currency, (gross, still) in sorted(sums.items())
    ]
