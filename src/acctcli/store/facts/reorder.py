"""One-off orders of accounts; `domain.reorder` says how often they come, and which is late."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from acctcli.domain.reorder import OrderFacts
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


def all_orders(con: sqlite3.Connection) -> list[OrderFacts]:
    """Return what all accounts ordered once."""
    return read(con, OrderFacts, f"SELECT {columns(OrderFacts)} FROM {one_off_orders()} t")
