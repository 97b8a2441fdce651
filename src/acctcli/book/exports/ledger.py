"""Purchases as a journal for plain-text accounting: sales, tax, what is owed and what was paid.

A purchase credits `Income:Sales`, and `Liabilities:Tax` where its rate is known. It debits
`Assets:Cash`, or for a purchase on credit what the customer owes (`Assets:Receivable`). The day of
payment moves that to `Assets:Bank` if a bank line is known, else to `Assets:Cash`. Nothing is
converted: each entry has the currency of its purchase.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from acctcli import files, text
from acctcli.book.context import Context
from acctcli.book.exports import records
from acctcli.domain.quotes import tax_on
from acctcli.frozen import Frozen
from acctcli.interop.ledgerfile import LedgerAccount, LedgerEntry, LedgerFormat, Posting, journal
from acctcli.model import Row
from acctcli.store import queries
from acctcli.values.fields import known

if TYPE_CHECKING:
    import sqlite3

SALES = "Income:Sales"
TAX = LedgerAccount("Liabilities:Tax")
CASH = LedgerAccount("Assets:Cash")
BANK = LedgerAccount("Assets:Bank")
RECEIVABLE = "Assets:Receivable"
UNKNOWN = "Assets:Payment-Unknown"
"""What a purchase debits that says neither cash nor credit."""


class Posted(Frozen):
    """The entries of a journal, how many purchases they are of, and what to know about them."""

    entries: Sequence[LedgerEntry]
    purchases: int
    notices: Sequence[str]

    def text(self, format: LedgerFormat) -> Iterator[str]:
        """Yield the journal in parts."""
        return journal(self.entries, format)


def post(context: Context, where: Sequence[str] = ()) -> Posted:
    """Return the entries of the purchases that match."""
    with context.read() as con:
        rows = list(records.rows(context, con, "purchase", where))
        numbers = _numbers(context, con)
    return posted(rows, numbers)


def posted(rows: Iterable[Row], numbers: Mapping[str, str]) -> Posted:
    """Return the entries of purchases; `numbers` has the number of each account, by id."""
    entries: list[LedgerEntry] = []
    count = unreadable = unknown = 0
    for stored in rows:
        row = {name: known(value) for name, value in stored.items()}
        if None in (row["amount"], row["currency"], row["purchased_on"]):
            unreadable += 1
            continue
        count += 1
        unknown += row["payment"] is None
        entries += _entries(row, numbers)
    notices = []
    if unreadable:
        notices.append(
            f"{text.plural(unreadable, 'purchase')} left out: amount, currency or day cannot be "
            "read. See acct db check"
        )
    if unknown:
        says, debits = ("says", "debits") if unknown == 1 else ("say", "debit")
        notices.append(
            f"{text.plural(unknown, 'purchase')} {says} neither cash nor credit and {debits} "
            f"{UNKNOWN}. See acct purchase "
            "list --where 'payment is empty'"
        )
    return Posted(entries, count, notices)


def write(
    context: Context,
    format: LedgerFormat,
    where: Sequence[str],
    target: Path,
    *,
    force: bool = False,
) -> Posted:
    """Write the journal of the purchases that match into a file; return what is in it."""
    found = post(context, where)
    files.write_private(target, found.text(format), force=force)
    return found


def _numbers(context: Context, con: sqlite3.Connection) -> dict[str, str]:
    """Return the number of each account, by id."""
    fields = context.fields("account")
    found = queries.each(con, "account", fields, names=("id", "number"))
    return {row["id"]: row["number"] for row in found}


def _entries(row: Row, numbers: Mapping[str, str]) -> Iterable[LedgerEntry]:
    """Yield the sale, and the payment that followed it, if it is known."""
    customer = row["account"] or ""
    rate = row["tax_rate"]
    net = row["amount"]
    tax = tax_on(net, rate) if rate is not None else 0
    debited = _debited(row, f"{numbers.get(row['account_id']) or ''} {customer}".strip())
    sales = (
        LedgerAccount(SALES, row["product"], row["product_id"])
        if row["product"]
        else LedgerAccount(SALES)
    )
    postings = [Posting(debited, net + tax), Posting(sales, -net)]
    if tax:
        postings.append(Posting(TAX, -tax))
    code = row["invoice"] or row["id"][-8:]
    cleared, currency, id = bool(row["reconciled"]), row["currency"], row["id"]
    what = row["product"] or ""
    yield LedgerEntry(row["purchased_on"], customer, what, code, cleared, currency, postings, id)
    line = row["paid_ref"]
    # A cash sale is paid; a bank line says that the cash was brought to the bank.
    if row["paid_on"] is None or (debited == CASH and not line):
        return
    received = BANK if line else CASH
    postings = [Posting(received, net + tax), Posting(debited, -net - tax)]
    note = f"Paid: {line}" if line else "Paid"
    yield LedgerEntry(row["paid_on"], customer, note, code, cleared, currency, postings, id)


def _debited(row: Row, customer: str) -> LedgerAccount:
    """Return the account that a sale debits."""
    match row["payment"]:
        case "cash":
            return CASH
        case "credit":
            return LedgerAccount(RECEIVABLE, customer, row["account_id"])
    return LedgerAccount(UNKNOWN, customer, row["account_id"])
