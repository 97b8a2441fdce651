"""A deal and its quote, made without a command line."""

from __future__ import annotations

from acctcli.book import quotes
from acctcli.book.asked import Given
from acctcli.book.context import Context
from acctcli.store import records


def deal_of(context: Context) -> str:
    """Return the id of a deal of 1,000 SGD."""
    with context.write() as tx:
        account = records.insert(tx, "account", {"name": "Acme"}, {})
        values = {"account": account, "title": "Pilot", "amount": 100_000, "currency": "SGD"}
        return records.insert(tx, "deal", {**values, "stage": "proposal"}, {})


def made(context: Context, deal: str = "") -> str:
    """Return the id of a new quote of a deal, with 9 % tax."""
    deal = deal or deal_of(context)
    with context.write() as tx:
        return quotes.add(context, tx, deal, Given({}, {}), {"tax_rate": "9"}).id
