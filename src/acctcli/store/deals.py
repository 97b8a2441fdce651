"""The queries that only deals need.

Conditions are over a record's table under the alias t, for `queries.select`. What a stage implies
is decided in `domain.pipeline`: the category of a won deal is `closed`, and a won or lost deal has
a `closed_on`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING

from acctcli.store.columns import TWO_WAY, won
from acctcli.store.filters import Condition, all_of
from acctcli.store.queries import add_functions
from acctcli.values.dates import iso

if TYPE_CHECKING:
    from acctcli.values.periods import Period

OPEN = Condition("t.closed_on IS NULL", [])
WON = Condition(won("t"), [])
LOST = Condition(f"(t.closed_on IS NOT NULL AND NOT {won('t')})", [])


def closing_in(period: Period) -> Condition:
    """Deals that closed in the period, or are open and should close in it."""
    days = [iso(period.start), iso(period.end)]
    return Condition("coalesce(t.closed_on, t.close_date) BETWEEN ? AND ?", days)


def closed_since(day: str) -> Condition:
    """Deals that are open, or closed on that day or later."""
    return Condition("(t.closed_on IS NULL OR t.closed_on >= ?)", [day])


def about_product(product_id: str) -> Condition:
    """Deals for a product, or with an item of it."""
    return Condition(
        "(t.product_id = ? OR t.id IN (SELECT deal_id FROM item WHERE product_id = ?))",
        [product_id, product_id],
    )


def stages_before(con: sqlite3.Connection, deal_id: str) -> list[str]:
    """Return the earlier stages of a deal, the latest first."""
    rows = con.execute(
        "SELECT old FROM deal_change WHERE deal_id = ? AND field = 'stage' AND old IS NOT NULL "
        "ORDER BY changed_on DESC, id DESC",
        (deal_id,),
    )
    return [row[0] for row in rows]


def fitting(con: sqlite3.Connection, conditions: Sequence[Condition]) -> set[str]:
    """Return the ids of the deals that match the conditions."""
    add_functions(con)
    where = all_of(conditions)
    rows = con.execute(f"SELECT t.id FROM deal t WHERE {where.sql}", where.parameters)
    return {row[0] for row in rows}


def contacts_until(con: sqlite3.Connection, day: str) -> tuple[dict[str, str], dict[str, str]]:
    """The day of the last two-way contact up to a day, by deal; of those about none, by account."""
    asked = (
        "SELECT {by}, date(max(at), 'localtime') FROM log "
        f"WHERE {TWO_WAY} AND date(at, 'localtime') <= ? AND deal_id IS {{about}} NULL GROUP BY 1"
    )
    of_deal = con.execute(asked.format(by="deal_id", about="NOT"), (day,)).fetchall()
    loose = con.execute(asked.format(by="account_id", about=""), (day,)).fetchall()
    return dict(of_deal), dict(loose)


def planned(con: sqlite3.Connection, day: str) -> set[str]:
    """Return the ids of deals that, at the end of a day, had an open task due then or later.

    A task counts with its due day of today: earlier due days are not recorded.
    """
    rows = con.execute(
        "SELECT deal_id FROM task WHERE deal_id IS NOT NULL AND due >= :day "
        "AND date(created_at, 'localtime') <= :day "
        "AND (done_at IS NULL OR date(done_at, 'localtime') > :day)",
        {"day": day},
    )
    return {row[0] for row in rows}


def uses_of_product(con: sqlite3.Connection, product_id: str) -> dict[str, int]:
    """Return how many records of each kind refer to the product."""
    counts = {
        kind: con.execute(
            f'SELECT count(*) FROM "{kind}" WHERE product_id = ?', (product_id,)
        ).fetchone()[0]
        for kind in ("deal", "item", "purchase")
    }
    return {kind: count for kind, count in counts.items() if count}


def unanswered_quotes(con: sqlite3.Connection, deal_ids: Sequence[str]) -> list[tuple[str, str]]:
    """Return the sent quotes of the closed ones of some deals: number, and `accept` or `decline`.

    What was decided about the deal is the answer to its quote.
    """
    sql = (
        f"SELECT q.number, CASE WHEN {won('d')} THEN 'accept' ELSE 'decline' END "
        "FROM quote q JOIN deal d ON d.id = q.deal_id JOIN json_each(:ids) n ON n.value = d.id "
        "WHERE q.status = 'sent' AND d.closed_on IS NOT NULL ORDER BY q.number"
    )
    found: list[tuple[str, str]] = con.execute(sql, {"ids": json.dumps(list(deal_ids))}).fetchall()
    return found


def bought_unless_won(con: sqlite3.Connection, deal_ids: Sequence[str]) -> list[tuple[str, str]]:
    """Return the purchases of those of some deals that are not won: title of the deal, and id."""
    sql = (
        "SELECT d.title, p.id FROM purchase p JOIN deal d ON d.id = p.deal_id "
        "JOIN json_each(:ids) n ON n.value = d.id "
        f"WHERE NOT coalesce({won('d')}, 0) ORDER BY d.title, p.id"
    )
    found: list[tuple[str, str]] = con.execute(sql, {"ids": json.dumps(list(deal_ids))}).fetchall()
    return found
