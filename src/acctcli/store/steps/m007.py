"""The step for what leaves the book, and what runs by itself."""

from __future__ import annotations

import sqlite3


def m007(con: sqlite3.Connection) -> None:
    """Prepare the book for what goes out and runs by itself, each part in its own function."""
    _taxes(con)


def _taxes(con: sqlite3.Connection) -> None:
    """Add the rate of the tax that a purchase was charged with; it may have decimals."""
    con.execute(
        "ALTER TABLE purchase ADD COLUMN tax_rate ANY CHECK (tax_rate BETWEEN 0 AND 100 "
        "AND typeof(tax_rate) IN ('integer', 'real', 'null'))"
    )
