"""Everything that was sold, for retention, repeat revenue and RFM."""

from __future__ import annotations

import sqlite3

from acctcli.domain.retention import Sale
from acctcli.store.columns import UNRECORDED
from acctcli.store.facts.reading import columns
from acctcli.store.facts.reports import Conditions, fitting
from acctcli.store.filters import Condition
from acctcli.values.dates import FIRST_DAY


def sales(
    con: sqlite3.Connection, conditions: Conditions, *, recurring: bool = False
) -> list[Sale]:
    """Return everything that was sold: purchases, and won deals that no purchase points to.

    With `recurring`, only monthly and yearly purchases. A sale is left out if a part of it cannot
    be read.
    """
    again = [Condition("p.recurring != 'none'", [])] if recurring else []
    chosen = columns(
        Sale,
        "p",
        **{"account": "t.id", "day": "p.purchased_on", "starts": "p.starts_on"},
        **{"ends": "p.ends_on", "recurring": "p.recurring != 'none'"},
    )
    found = fitting(
        con,
        Sale,
        f"SELECT {chosen} FROM purchase p JOIN account t ON t.id = p.account_id "
        "WHERE p.amount IS NOT NULL "
        "AND p.currency IS NOT NULL AND p.purchased_on IS NOT NULL AND",
        [*again, *conditions],
    )
    return found if recurring else found + _won_deals(con, conditions)


def _won_deals(con: sqlite3.Connection, conditions: Conditions) -> list[Sale]:
    """Return each won deal with an amount that no purchase points to, as a one-off sale."""
    none = dict.fromkeys(("starts", "ends"), "NULL")
    chosen = columns(Sale, "d", account="t.id", day="d.closed_on", recurring="0", **none)
    return fitting(
        con,
        Sale,
        f"SELECT {chosen} FROM deal d JOIN account t ON t.id = d.account_id "
        f"WHERE {UNRECORDED} AND d.closed_on > ? "
        "AND d.amount IS NOT NULL AND d.currency IS NOT NULL AND",
        conditions,
        (FIRST_DAY,),
    )
