"""Purchases and the bank lines that paid them: what is proposed, and what is recorded.

A reconciled purchase keeps the day and the text of its line (`paid_on`, `paid_ref`). A line that a
purchase has is never proposed again, so the same statement, or one that overlaps it, changes
nothing the second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

from acctcli import text
from acctcli.book import reading
from acctcli.book.context import Context
from acctcli.book.imports.bank import Statement
from acctcli.domain import reconcile
from acctcli.domain.quotes import tax_on
from acctcli.domain.reconcile import BankLine, OpenPurchase, Proposal
from acctcli.errors import Conflict
from acctcli.frozen import Frozen
from acctcli.model import Row
from acctcli.store import lookup, queries, records, where_sql
from acctcli.values import money
from acctcli.values.dates import iso, parse_iso_day
from acctcli.values.fields import exact

if TYPE_CHECKING:
    import sqlite3

    from acctcli.shapes.reconcile import BankLineJson, OpenPurchaseJson, PaymentJson, ReconcilePage
    from acctcli.store.journal import Writing

OPEN = "reconciled = no and paid_ref is empty"
TAKEN = "paid_ref is not empty"


class Reconciling(Frozen):
    """What a statement pays, as proposals, and as the page that shows them."""

    proposals: Sequence[Proposal]
    page: ReconcilePage

    @property
    def sure(self) -> list[Proposal]:
        """The proposals beside which nothing else fits."""
        return [one for one in self.proposals if one.sure]


def look(context: Context, con: sqlite3.Connection, statement: Statement, days: int) -> Reconciling:
    """Return which open purchases the lines of a statement pay."""
    paid = {row["paid_ref"] for row in _rows(context, con, TAKEN, ("id", "paid_ref"))}
    lines = [line for line in statement.lines if line.ref not in paid]
    rows = {row["id"]: row for row in _rows(context, con, OPEN)}
    names = _names(context, con)
    purchases = [one for row in rows.values() if (one := _open(row, names)) is not None]
    found = reconcile.propose(lines, purchases, days)
    matched = {one.line.ref for one in found}
    taken = {purchase.id for one in found for purchase in one.purchases}
    page: ReconcilePage = {
        "file": statement.name,
        "lines": len(statement.lines),
        "taken": len(statement.lines) - len(lines),
        "pairs": [_pair(one, rows) for one in found],
        "unmatched_lines": [_line(line) for line in lines if line.ref not in matched],
        "unmatched_purchases": [
            _purchase(one, rows[one.id]) for one in purchases if one.id not in taken
        ],
    }
    return Reconciling(found, page)


def record(context: Context, tx: Writing, proposals: Iterable[Proposal]) -> list[str]:
    """Record which lines paid which purchases; return the ids of the purchases.

    Raises `Conflict` if a purchase was reconciled, changed or deleted since it was proposed.
    """
    names = _names(context, tx.con)
    rows = {row["id"]: row for row in _rows(context, tx.con, OPEN)}
    ids = []
    for proposal in proposals:
        for purchase in proposal.purchases:
            row = rows.get(purchase.id)
            if row is None or _open(row, names) != purchase:
                raise Conflict(
                    f"the purchase of {text.safe(purchase.names[0])}, "
                    f"{money.say(purchase.gross, purchase.currency)}, was changed meanwhile. "
                    "Nothing was changed here; run the command again"
                )
            line = proposal.line
            values = {"paid_on": iso(line.day), "paid_ref": line.ref, "reconciled": True}
            records.update(tx, "purchase", purchase.id, values)
            ids.append(purchase.id)
    return ids


def says(found: Proposal, con: sqlite3.Connection) -> str:
    """Return a proposal as one line: `1,200 SGD on 2026-11-03 "ACME" pays 3f9a of Acme`."""
    line = found.line
    short = lookup.short_ids(con, "purchase", [one.id for one in found.purchases])
    paid = text.sentence_list(
        [
            f"{short[one.id]} of {text.safe(one.names[0])} ({iso(one.day)})"
            for one in found.purchases
        ],
        reconcile.TOGETHER,
    )
    amount = money.say(line.amount, line.currency)
    return f"{amount} on {iso(line.day)} {text.quoted(line.text)} pays {paid}"


def _rows(
    context: Context, con: sqlite3.Connection, where: str, names: Sequence[str] | None = None
) -> list[Row]:
    """Return the purchases that match, oldest first."""
    fields = context.fields("purchase")
    condition = where_sql.compile_text(where, "purchase", fields, reading.reading_in(context, con))
    return queries.select(
        con, "purchase", fields, queries.Listing([condition], "purchased_on,id"), names=names
    )


def _names(context: Context, con: sqlite3.Connection) -> dict[str, Sequence[str]]:
    """Return the name and the aliases of each account, by id."""
    fields = context.fields("account")
    found = queries.each(con, "account", fields, names=("id", "name", "aliases"))
    return {row["id"]: (row["name"], *row["aliases"]) for row in found}


def _open(row: Row, names: dict[str, Sequence[str]]) -> OpenPurchase | None:
    """Return a purchase as it can be matched; None if an invalid value is in the way."""
    amount, currency, day = row["amount"], row["currency"], row["purchased_on"]
    if amount is None or currency is None or day is None:
        return None
    tax = tax_on(amount, row["tax_rate"]) if row["tax_rate"] is not None else 0
    called = tuple(names.get(row["account_id"], (row["account"] or "",)))
    return OpenPurchase(
        row["id"],
        row["account_id"],
        called,
        row["invoice"],
        amount + tax,
        currency,
        parse_iso_day(day),
    )


def _line(line: BankLine) -> BankLineJson:
    return {
        "day": iso(line.day),
        "amount": cast("str", exact(line.amount, line.currency)),
        "currency": line.currency,
        "text": line.text,
    }


def _purchase(one: OpenPurchase, row: Row) -> OpenPurchaseJson:
    return {
        "id": one.id,
        "account": one.names[0],
        "account_id": one.account_id,
        "product": row["product"],
        "amount": cast("str", exact(one.gross, one.currency)),
        "currency": one.currency,
        "purchased_on": iso(one.day),
        "invoice": one.invoice,
    }


def _pair(found: Proposal, rows: dict[str, Row]) -> PaymentJson:
    last = max(one.day for one in found.purchases)
    return {
        "line": _line(found.line),
        "purchases": [_purchase(one, rows[one.id]) for one in found.purchases],
        "sure": found.sure,
        "reasons": found.reasons,
        "days": (found.line.day - last).days,
        "others": found.others,
    }
