"""The SQL of the reports: what the whole book says, read in one pass a table.

Rows are tuples in the order of the classes of the same name in `domain`, with days
as dates; days of moments are where the user is. Conditions narrow down the accounts,
under the alias t. `owners` are names as `text.key` makes them: what has an owner of
its own (a deal, an interaction about one) is looked at by that, before its account's.
What the rows mean is judged in `domain`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from acctcli import text
from acctcli.store.columns import TWO_WAY
from acctcli.store.filters import Condition
from acctcli.store.queries import add_functions
from acctcli.values.dates import FIRST_DAY, iso
from acctcli.values.fields import bounds_of_day

Facts = list[tuple[Any, ...]]
Conditions = Sequence[Condition]

_WON = "(d.closed_on IS NOT NULL AND d.category = 'closed')"

_PRODUCT = (
    "coalesce(d.product_id, (SELECT product_id FROM item WHERE deal_id = d.id ORDER BY "
    "quantity * coalesce(unit_price, 0) * (100 - coalesce(discount, 0)) DESC, id LIMIT 1))"
)
"""The product of a deal d: the one it is mainly about, else that of its dearest line."""


def select(
    con: sqlite3.Connection,
    sql: str,
    conditions: Conditions,
    before: Sequence[Any] = (),
    *,
    then: str = "",
) -> list[tuple[Any, ...]]:
    """The rows of a query that ends in WHERE or AND, of what fits; `then` follows the conditions.

    `before` are the parameters of the query itself.
    """
    add_functions(con)
    where = " AND ".join(c.sql for c in conditions) or "1"
    parameters = [*before, *(p for c in conditions for p in c.parameters)]
    return con.execute(f"{sql} {where} {then}", parameters).fetchall()


def owned(owner: str, owners: Sequence[str]) -> Conditions:
    """The condition that the SQL `owner` gives one of these; none if there are none."""
    if not owners:
        return []
    names = json.dumps([text.key(name) for name in owners])
    return [Condition(f"key({owner}) IN (SELECT value FROM json_each(?))", [names])]


def _dated(rows: Iterable[tuple[Any, ...]], *places: int) -> Facts:
    """The rows with the days at these places as dates."""
    found = []
    for row in rows:
        cells = list(row)
        for place in places:
            cells[place] = date.fromisoformat(cells[place]) if cells[place] else None
        found.append(tuple(cells))
    return found


def accounts(con: sqlite3.Connection, conditions: Conditions) -> Facts:
    """Id, name, industry, tier and status of the accounts, by name."""
    found = select(
        con, "SELECT t.id, t.name, t.industry, t.tier, t.status FROM account t WHERE", conditions
    )
    return sorted(found, key=lambda row: (text.key(row[1]), row[0]))


# Retention


def has_purchases(con: sqlite3.Connection) -> bool:
    """Whether there is a purchase in the book at all."""
    (found,) = con.execute("SELECT EXISTS (SELECT 1 FROM purchase)").fetchone()
    return bool(found)


def has_both(con: sqlite3.Connection) -> bool:
    """Whether some purchases come again and others do not."""
    (kinds,) = con.execute("SELECT count(DISTINCT recurring != 'none') FROM purchase").fetchone()
    return bool(kinds == 2)


def purchases(con: sqlite3.Connection, conditions: Conditions, *, recurring: bool = False) -> Facts:
    """Every purchase: account, amount, currency, day, first and last day of its term.

    With `recurring`, only those that come again. One of which a part cannot be read is not
    counted.
    """
    again = [Condition("p.recurring != 'none'", [])] if recurring else []
    rows = select(
        con,
        "SELECT t.id, p.amount, p.currency, p.purchased_on, p.starts_on, p.ends_on "
        "FROM purchase p JOIN account t ON t.id = p.account_id WHERE p.amount IS NOT NULL "
        "AND p.currency IS NOT NULL AND p.purchased_on IS NOT NULL AND",
        [*again, *conditions],
    )
    return _dated(rows, 3, 4, 5)


def won_deals(con: sqlite3.Connection, conditions: Conditions) -> Facts:
    """Every won deal that has an amount, as `purchases` has a purchase without a term."""
    rows = select(
        con,
        "SELECT t.id, d.amount, d.currency, d.closed_on, NULL, NULL "
        "FROM deal d JOIN account t ON t.id = d.account_id "
        f"WHERE {_WON} AND d.closed_on > ? "
        "AND d.amount IS NOT NULL AND d.currency IS NOT NULL AND",
        conditions,
        (FIRST_DAY,),
    )
    return _dated(rows, 3)


def terms(con: sqlite3.Connection, today: date, days: int, conditions: Conditions) -> Facts:
    """The last term of each product that ends from today until so many days on.

    Amount, currency, last day, and whether there is an open renewal deal for that product
    or for none in particular. A former customer has no renewals.
    """
    rows = select(
        con,
        "SELECT p.amount, p.currency, p.ends_on, EXISTS (SELECT 1 FROM deal d "
        "WHERE d.account_id = p.account_id AND d.type = 'renewal' AND +d.closed_on IS NULL "
        "AND (d.product_id IS NULL OR d.product_id IS p.product_id)) "
        "FROM purchase p JOIN account t ON t.id = p.account_id "
        "WHERE p.ends_on BETWEEN ? AND ? AND t.status != 'former' "
        # The + has the later terms looked for by account, not among all that end some day.
        "AND NOT EXISTS (SELECT 1 FROM purchase n WHERE n.account_id = p.account_id "
        "AND +n.product_id IS p.product_id AND +n.ends_on > p.ends_on) AND",
        conditions,
        (iso(today), iso(today + timedelta(days=days))),
    )
    return [(*row[:3], bool(row[3])) for row in _dated(rows, 2)]


# Whitespace


def products(con: sqlite3.Connection) -> Facts:
    """Id, family, price, currency and whether it is still sold, of every product; and its name."""
    rows = con.execute(
        "SELECT id, family, price, currency, active, name FROM product ORDER BY family, name_key"
    )
    return [(*row[:4], bool(row[4]), row[5]) for row in rows]


def bought(con: sqlite3.Connection) -> set[tuple[str, str]]:
    """Account and product of every purchase and every line of a won deal."""
    found = con.execute(
        "SELECT account_id, product_id FROM purchase WHERE product_id IS NOT NULL"
    ).fetchall()
    return set(found) | _in_deals(con, _WON)


def in_open_deals(con: sqlite3.Connection) -> set[tuple[str, str]]:
    """Account and product of every open deal and its lines."""
    return _in_deals(con, "d.closed_on IS NULL")


def _in_deals(con: sqlite3.Connection, condition: str) -> set[tuple[str, str]]:
    rows = con.execute(
        "SELECT d.account_id, d.product_id FROM deal d "
        f"WHERE d.product_id IS NOT NULL AND {condition} "
        "UNION SELECT d.account_id, i.product_id FROM item i JOIN deal d ON d.id = i.deal_id "
        f"WHERE {condition}"
    )
    return set(rows)


# Activity


def interactions(
    con: sqlite3.Connection,
    start: date,
    end: date,
    conditions: Conditions,
    owners: Sequence[str],
) -> Facts:
    """Interactions of a period, counted by week (its Monday), kind, two-way, owner and account."""
    rows = select(
        con,
        "SELECT date(l.at, 'localtime', 'weekday 0', '-6 days') AS week, l.kind, l.two_way, "
        "coalesce(d.owner, t.owner) AS owner, l.account_id, count(*), sum(coalesce(l.duration, 0)) "
        f"FROM (SELECT *, {TWO_WAY} AS two_way FROM log WHERE at >= ? AND at < ? "
        "AND kind IS NOT NULL) l "
        "JOIN account t ON t.id = l.account_id LEFT JOIN deal d ON d.id = l.deal_id WHERE",
        [*owned("coalesce(d.owner, t.owner)", owners), *conditions],
        moments(start, end),
        then="GROUP BY 1, 2, 3, 4, 5 ORDER BY 1",
    )
    return [(*row[:2], bool(row[2]), *row[3:]) for row in _dated(rows, 0)]


def rhythms(con: sqlite3.Connection, day: date, conditions: Conditions) -> Facts:
    """Accounts that have a rhythm of their own or a tier, with the last two-way touch by a day."""
    _, after = moments(day, day)
    rows = select(
        con,
        "SELECT t.id, t.tier, t.cadence_days, (SELECT date(max(at), 'localtime') FROM log "
        f"WHERE account_id = t.id AND at < ? AND {TWO_WAY}) FROM account t WHERE",
        conditions,
        (after,),
    )
    return _dated(rows, 3)


def moments(start: date, end: date) -> tuple[str, str]:
    """The first moment of the first day, and the first after the last one."""
    return iso(bounds_of_day(start)[0]), iso(bounds_of_day(end + timedelta(days=1))[0])


# Performance


def deals(con: sqlite3.Connection, conditions: Conditions, owners: Sequence[str]) -> Facts:
    """Every deal, as `domain.performance` has it; owner and tier are the account's if need be.

    Touches are interactions about it, people those who were there or have a part in it.
    """
    rows = select(
        con,
        "SELECT d.id, coalesce(d.owner, t.owner), "
        f"(SELECT name FROM product WHERE id = {_PRODUCT}), t.tier, t.industry, "
        f"d.amount, d.currency, d.opened_on, d.closed_on, {_WON} "
        "FROM deal d JOIN account t ON t.id = d.account_id WHERE",
        [*owned("coalesce(d.owner, t.owner)", owners), *conditions],
    )
    touches = dict(
        con.execute("SELECT deal_id, count(*) FROM log WHERE deal_id IS NOT NULL GROUP BY deal_id")
    )
    people = dict(
        con.execute(
            "SELECT deal_id, count(*) FROM ("
            "SELECT deal_id, contact_id FROM deal_contact UNION "
            "SELECT l.deal_id, c.contact_id FROM log l JOIN log_contact c ON c.log_id = l.id "
            "WHERE l.deal_id IS NOT NULL) GROUP BY deal_id"
        )
    )
    prices = {
        id: (listed, charged)
        for id, listed, charged in con.execute(
            "SELECT deal_id, CAST(round(sum(quantity * unit_price)) AS INTEGER), "
            "CAST(round(sum(quantity * unit_price * (100 - coalesce(discount, 0)) / 100)) "
            "AS INTEGER) FROM item WHERE unit_price IS NOT NULL GROUP BY deal_id"
        )
    }
    return [
        (
            *row[:9],
            bool(row[9]),
            touches.get(row[0]),
            people.get(row[0]),
            *prices.get(row[0], (None, None)),
        )
        for row in _dated(rows, 7, 8)
    ]


# Sources


def origins(con: sqlite3.Connection, conditions: Conditions) -> Facts:
    """Every account with its source, tags, status and the days of its way through the book."""
    tags: dict[str, list[str]] = {}
    for account_id, tag in con.execute("SELECT account_id, tag FROM tag ORDER BY position, id"):
        tags.setdefault(account_id, []).append(tag)
    rows = select(
        con,
        "SELECT t.id, t.source, t.id, t.status, date(t.created_at, 'localtime'), "
        "(SELECT date(min(at), 'localtime') FROM log WHERE account_id = t.id), "
        "min(d.opened_on), min(CASE WHEN d.category = 'closed' THEN d.closed_on END), "
        "(SELECT min(purchased_on) FROM purchase WHERE account_id = t.id) "
        "FROM account t LEFT JOIN deal d ON d.account_id = t.id WHERE",
        conditions,
        then="GROUP BY t.id",
    )
    return [(*row[:2], tags.get(row[0], []), *row[3:]) for row in _dated(rows, 4, 5, 6, 7, 8)]


def closed_deals(con: sqlite3.Connection, conditions: Conditions) -> Facts:
    """Every closed deal: its account, its own source, whether it was won, amount and currency."""
    rows = select(
        con,
        f"SELECT d.account_id, d.source, {_WON}, d.amount, d.currency "
        "FROM deal d JOIN account t ON t.id = d.account_id WHERE d.closed_on IS NOT NULL AND",
        conditions,
    )
    return [(*row[:2], bool(row[2]), *row[3:]) for row in rows]
