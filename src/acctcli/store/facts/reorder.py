"""One-off orders of accounts; `domain.reorder` says how often they come, and which is late."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from acctcli.domain.reorder import OrderDay, OrderFacts
from acctcli.store.columns import one_off_orders
from acctcli.store.facts.reading import columns, read


def orders(con: sqlite3.Connection, accounts: Sequence[str]) -> list[OrderFacts]:
    """Return what these accounts ordered once, by account and day."""
    own = "account_id IN (SELECT value FROM json_each(:accounts))"
    return read(
        con,
        OrderFacts,
        f"SELECT {columns(OrderFacts)} FROM {one_off_orders(own)} t ORDER BY t.account_id, t.day",
        {"accounts": json.dumps(accounts)},
    )


def days_of_all(con: sqlite3.Connection) -> list[OrderDay]:
    """Return the days on which all accounts ordered once."""
    # The rows stay the tuples that SQLite makes: there may be a hundred thousand.
    return con.execute(
        f"SELECT account_id, coalesce(deal_id, day), day FROM {one_off_orders()}"
    ).fetchall()
