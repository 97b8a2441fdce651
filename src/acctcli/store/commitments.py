"""What the seller promised to win in a period: kept once per week, read with its forecast."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from acctcli.frozen import FrozenRow
from acctcli.store import records
from acctcli.store.facts.reading import columns, read
from acctcli.text import key

if TYPE_CHECKING:
    from acctcli.store.journal import Writing


class CommitmentRow(FrozenRow):
    """A promise of a week in minor units, `expected` in whole ones; days are ISO texts."""

    id: str
    week: str
    owner: str | None
    amount: int
    currency: str
    expected: int | None


def of_period(
    con: sqlite3.Connection, first: str, last: str, owner: str | None
) -> list[CommitmentRow]:
    """The promises for a period of one owner (None: everybody together), by week."""
    found = read(
        con,
        CommitmentRow,
        f"SELECT {columns(CommitmentRow)} FROM commitment t WHERE t.starts_on = ? "
        "AND t.ends_on = ? AND t.week IS NOT NULL AND t.amount IS NOT NULL "
        "AND t.currency IS NOT NULL ORDER BY t.week, t.id",
        (first, last),
    )
    return [row for row in found if key(row.owner or "") == key(owner or "")]


def keep(
    tx: Writing,
    week: str,
    period: tuple[str, str],
    owner: str | None,
    promised: tuple[int, str],
    expected: int | None,
) -> tuple[str, CommitmentRow | None]:
    """Keep what was promised in a week; return its id, and what it was before.

    A second promise of the same week and period takes the place of the first.
    """
    amount, currency = promised
    values = {"amount": amount, "currency": currency, "expected": expected}
    known = of_period(tx.con, *period, owner)
    before = next((row for row in known if row.week == week), None)
    if before is not None:
        records.update(tx, "commitment", before.id, values)
        return before.id, before
    values |= {"week": week, "starts_on": period[0], "ends_on": period[1], "owner": owner}
    return records.insert(tx, "commitment", values), None
