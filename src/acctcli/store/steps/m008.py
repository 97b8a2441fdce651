"""The step for how purchases are paid and what the ledger says about them."""

from __future__ import annotations

import sqlite3


def m008(con: sqlite3.Connection) -> None:
    """Prepare the book for payments, each part in its own function."""
    _payments(con)


def _payments(con: sqlite3.Connection) -> None:
    """Add the invoice of a purchase, the day it was paid, and the bank line that paid it."""
    for column in ("invoice", "paid_on", "paid_ref"):
        con.execute(f"ALTER TABLE purchase ADD COLUMN {column} TEXT")
    # An import of bank lines asks which of them are taken; most purchases name none.
    con.execute(
        "CREATE INDEX purchase_by_paid_ref ON purchase (paid_ref) WHERE paid_ref IS NOT NULL"
    )
