"""SQL that every report shares: which accounts it covers, and by which owner.

Days of facts are dates; days of moments are local. Conditions narrow down the accounts, under the
alias t. `owners` are names as `text.key` makes them: a deal, or an interaction about one, has an
owner of its own, which counts before that of its account.
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


def fitting(
    con: sqlite3.Connection,
    shape: type[F],
    sql: str,
    conditions: Conditions,
    before: Sequence[Any] = (),
    *,
    then: str = "",
) -> list[F]:
    """Return the rows of a query that ends in WHERE or AND; `then` follows the conditions.

    `before` are the parameters of the query itself.
    """
    add_functions(con)
    where = " AND ".join(c.sql for c in conditions) or "1"
    parameters = [*before, *(p for c in conditions for p in c.parameters)]
    return read(con, shape, f"{sql} {where} {then}", parameters)


def owned(owner: str, owners: Sequence[str]) -> Conditions:
    """Return the condition that the owner (SQL) is one of these; none without owners."""
    if not owners:
        return []
    names = json.dumps([text.key(name) for name in owners])
    return [Condition(f"key({owner}) IN (SELECT value FROM json_each(?))", [names])]


class AccountRow(FrozenRow):
    """An account with the fields that reports group by."""

    id: str
    name: str
    industry: str | None
    tier: str | None
    status: str


def accounts(con: sqlite3.Connection, conditions: Conditions) -> list[AccountRow]:
    """Return the accounts, by name."""
    sql = f"SELECT {columns(AccountRow)} FROM account t WHERE"
    found = fitting(con, AccountRow, sql, conditions)
    return sorted(found, key=lambda account: (text.key(account.name), account.id))
