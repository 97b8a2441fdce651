"""The queries that only deals need, and the terms that renewal deals are made for.

Conditions are over a record's table under the alias t, for `queries.select`.
What a stage decides along with it is `domain.pipeline`'s knowledge: a won deal's
category is `closed`, and a deal that is won or lost has a `closed_on`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from acctcli.store.columns import LAST_TERM
from acctcli.store.filters import Condition, all_of
from acctcli.store.queries import add_functions
from acctcli.values.dates import iso

if TYPE_CHECKING:
    from acctcli.values.periods import Period

OPEN = Condition("t.closed_on IS NULL", [])
WON = Condition("(t.closed_on IS NOT NULL AND t.category = 'closed')", [])
LOST = Condition("(t.closed_on IS NOT NULL AND t.category IS NOT 'closed')", [])

LATEST_TERM = Condition(LAST_TERM, [])
"""Of the terms that an account has of one product, only the one that ends last."""


def closing_in(period: Period) -> Condition:
    """Deals that closed in the period, or that are open and should close in it."""
    days = [iso(period.start), iso(period.end)]
    return Condition("coalesce(t.closed_on, t.close_date) BETWEEN ? AND ?", days)


def closed_since(day: str) -> Condition:
    """Deals that are open, or closed on that day or later."""
    return Condition("(t.closed_on IS NULL OR t.closed_on >= ?)", [day])


def about_product(product_id: str) -> Condition:
    """Deals that are mainly about a product, or have it in a line."""
    return Condition(
        "(t.product_id = ? OR t.id IN (SELECT deal_id FROM item WHERE product_id = ?))",
        [product_id, product_id],
    )


def ending_in(today: date, days: int) -> Condition:
    """Purchases whose term ends from today until so many days on."""
    return Condition("t.ends_on BETWEEN ? AND ?", [iso(today), iso(today + timedelta(days=days))])


def stages_before(con: sqlite3.Connection, deal_id: str) -> list[str]:
    """The stages that a deal has left, the last one first."""
    rows = con.execute(
        "SELECT old FROM deal_change WHERE deal_id = ? AND field = 'stage' AND old IS NOT NULL "
        "ORDER BY changed_on DESC, id DESC",
        (deal_id,),
    )
    return [row[0] for row in rows]


def fitting(con: sqlite3.Connection, conditions: Sequence[Condition]) -> set[str]:
    """The ids of the deals that fit the conditions."""
    add_functions(con)
    where = all_of(conditions)
    rows = con.execute(f"SELECT t.id FROM deal t WHERE {where.sql}", where.parameters)
    return {row[0] for row in rows}


def planned(con: sqlite3.Connection, day: str) -> set[str]:
    """The ids of the deals that had, at the end of a day, a task open and due then or later.

    A task is taken as it is now: what it was due before has no history.
    """
    rows = con.execute(
        "SELECT deal_id FROM task WHERE deal_id IS NOT NULL AND due >= :day "
        "AND date(created_at, 'localtime') <= :day "
        "AND (done_at IS NULL OR date(done_at, 'localtime') > :day)",
        {"day": day},
    )
    return {row[0] for row in rows}


def renewal_deal(
    con: sqlite3.Connection, account_id: str, product_id: str | None
) -> tuple[str, str] | None:
    """Id and title of the open deal that renews a term: the product's own before another one."""
    found: tuple[str, str] | None = con.execute(
        "SELECT id, title FROM deal WHERE account_id = ? AND type = 'renewal' "
        "AND closed_on IS NULL ORDER BY product_id IS ? DESC, product_id, close_date, id LIMIT 1",
        (account_id, product_id),
    ).fetchone()
    return found


def uses_of_product(con: sqlite3.Connection, product_id: str) -> dict[str, int]:
    """How many records of each kind name the product."""
    counts = {
        kind: con.execute(
            f'SELECT count(*) FROM "{kind}" WHERE product_id = ?', (product_id,)
        ).fetchone()[0]
        for kind in ("deal", "item", "purchase")
    }
    return {kind: count for kind, count in counts.items() if count}
