"""What the SQL of every report shares: which accounts it is about, and whose.

Days of facts are dates, those of moments where the user is. Conditions narrow down the accounts,
under the alias t. `owners` are names as `text.key` makes them: what has an owner of
its own (a deal, an interaction about one) is looked at by that, before its account's.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any, TypeVar

from acctcli import text
from acctcli.frozen import FrozenRow
from acctcli.store.facts.reading import columns, read
from acctcli.store.filters import Condition
from acctcli.store.queries import add_functions

F = TypeVar("F", bound=tuple[Any, ...])

Conditions = Sequence[Condition]

WON = "(d.closed_on IS NOT NULL AND d.category = 'closed')"
"""Condition on a deal d: it was won."""


def fitting(
    con: sqlite3.Connection,
    shape: type[F],
    sql: str,
    conditions: Conditions,
    before: Sequence[Any] = (),
    *,
    then: str = "",
) -> list[F]:
    """The rows of a query that ends in WHERE or AND, of what fits; `then` follows the conditions.

    `before` are the parameters of the query itself.
    """
    add_functions(con)
    where = " AND ".join(c.sql for c in conditions) or "1"
    parameters = [*before, *(p for c in conditions for p in c.parameters)]
    return read(con, shape, f"{sql} {where} {then}", parameters)


def owned(owner: str, owners: Sequence[str]) -> Conditions:
    """The condition that the SQL `owner` gives one of these; none if there are none."""
    if not owners:
        return []
    names = json.dumps([text.key(name) for name in owners])
    return [Condition(f"key({owner}) IN (SELECT value FROM json_each(?))", [names])]


class AccountRow(FrozenRow):
    """An account by what reports group it by."""

    id: str
    name: str
    industry: str | None
    tier: str | None
    status: str


def accounts(con: sqlite3.Connection, conditions: Conditions) -> list[AccountRow]:
    """The accounts, by name."""
    sql = f"SELECT {columns(AccountRow)} FROM account t WHERE"
    found = fitting(con, AccountRow, sql, conditions)
    return sorted(found, key=lambda account: (text.key(account.name), account.id))
