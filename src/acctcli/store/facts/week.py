"""The SQL of `acct report week`: what happened in a period, and what is ahead.

Rows are tuples in the order of the classes of `domain.week`, days in ISO form where the user
is. Conditions narrow down the accounts, under the alias t; `owners` are as in `reports`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import Any

from acctcli.store.columns import LAST_TERM, RENEWS, TWO_WAY
from acctcli.store.facts.activity import moments
from acctcli.store.facts.reports import Conditions, owned
from acctcli.store.queries import add_functions
from acctcli.values.dates import iso

Facts = list[tuple[Any, ...]]

_OWNER = "coalesce(d.owner, t.owner)"

_WHY = (
    "(SELECT note FROM deal_change WHERE deal_id = d.id AND field = 'stage' AND note IS NOT NULL "
    "AND changed_on = d.closed_on ORDER BY id DESC LIMIT 1)"
)
"""What was said when a deal d moved to the stage in which it closed."""


def select(
    con: sqlite3.Connection,
    sql: str,
    conditions: Conditions,
    before: Sequence[Any] = (),
    *,
    then: str = "",
) -> Facts:
    """The rows of a query that ends in WHERE or AND, of what fits; `then` follows the conditions.

    `before` are the parameters of the query itself.
    """
    add_functions(con)
    where = " AND ".join(c.sql for c in conditions) or "1"
    parameters = [*before, *(p for c in conditions for p in c.parameters)]
    return con.execute(f"{sql} {where} {then}", parameters).fetchall()


def talks(
    con: sqlite3.Connection,
    start: date,
    end: date,
    conditions: Conditions,
    owners: Sequence[str],
) -> Facts:
    """The interactions of a period but for notes: nobody was talked to in those."""
    rows = select(
        con,
        "SELECT l.id, l.account_id, t.name, l.kind, l.direction, l.attempt, l.two_way, l.at, "
        "date(l.at, 'localtime'), l.duration, l.summary, "
        "(SELECT group_concat(c.name, char(10)) FROM log_contact w "
        "JOIN contact c ON c.id = w.contact_id WHERE w.log_id = l.id) "
        f"FROM (SELECT *, {TWO_WAY} AS two_way FROM log WHERE at >= ? AND at < ? "
        "AND kind IS NOT NULL AND kind != 'note') l "
        "JOIN account t ON t.id = l.account_id LEFT JOIN deal d ON d.id = l.deal_id WHERE",
        [*owned(_OWNER, owners), *conditions],
        moments(start, end),
    )
    return [(*row[:5], bool(row[5]), bool(row[6]), *row[7:]) for row in rows]


def changes(
    con: sqlite3.Connection,
    start: date,
    end: date,
    conditions: Conditions,
    owners: Sequence[str],
) -> Facts:
    """What changed in a period at deals that are open, in the order in which it did."""
    return select(
        con,
        "SELECT d.id, d.account_id, t.name, d.title, d.stage, d.amount, d.currency, "
        "x.changed_on, x.field, x.old, x.new, x.note "
        "FROM deal_change x JOIN deal d ON d.id = x.deal_id JOIN account t ON t.id = d.account_id "
        "WHERE x.changed_on BETWEEN ? AND ? AND d.closed_on IS NULL AND x.field IS NOT NULL AND",
        [*owned(_OWNER, owners), *conditions],
        (iso(start), iso(end)),
        then="ORDER BY x.changed_on, x.id",
    )


def closed(
    con: sqlite3.Connection,
    start: date,
    end: date,
    conditions: Conditions,
    owners: Sequence[str],
) -> Facts:
    """The deals that were won or lost in a period, in the order in which they were."""
    rows = select(
        con,
        "SELECT d.id, d.account_id, t.name, d.title, d.amount, d.currency, "
        "d.category = 'closed', d.opened_on, d.closed_on, d.lost_reason, d.competitor, "
        f"{_WHY} FROM deal d JOIN account t ON t.id = d.account_id "
        "WHERE d.closed_on BETWEEN ? AND ? AND",
        [*owned(_OWNER, owners), *conditions],
        (iso(start), iso(end)),
        then="ORDER BY d.closed_on, d.name_key, d.id",
    )
    return [(*row[:6], bool(row[6]), *row[7:]) for row in rows]


def opened(
    con: sqlite3.Connection,
    start: date,
    end: date,
    conditions: Conditions,
    owners: Sequence[str],
) -> Facts:
    """The deals that were opened in a period: id, account and its name, title, amount, stage."""
    return select(
        con,
        "SELECT d.id, d.account_id, t.name, d.title, d.amount, d.currency, d.stage, d.opened_on "
        "FROM deal d JOIN account t ON t.id = d.account_id WHERE d.opened_on BETWEEN ? AND ? AND",
        [*owned(_OWNER, owners), *conditions],
        (iso(start), iso(end)),
        then="ORDER BY d.opened_on, d.name_key, d.id",
    )


def new_accounts(con: sqlite3.Connection, start: date, end: date, conditions: Conditions) -> Facts:
    """The accounts that were added in a period: id, name, tier, source, day."""
    return select(
        con,
        "SELECT t.id, t.name, t.tier, t.source, date(t.created_at, 'localtime') FROM account t "
        "WHERE t.created_at >= ? AND t.created_at < ? AND",
        conditions,
        moments(start, end),
        then="ORDER BY t.created_at, t.name_key, t.id",
    )


def new_contacts(con: sqlite3.Connection, start: date, end: date, conditions: Conditions) -> Facts:
    """The people who were added in a period: id, name, title, account and its name, day."""
    return select(
        con,
        "SELECT c.id, c.name, c.title, c.account_id, t.name, date(c.created_at, 'localtime') "
        "FROM contact c JOIN account t ON t.id = c.account_id "
        "WHERE c.created_at >= ? AND c.created_at < ? AND",
        conditions,
        moments(start, end),
        then="ORDER BY c.created_at, c.name_key, c.id",
    )


def promises(con: sqlite3.Connection, start: date, end: date, conditions: Conditions) -> Facts:
    """The tasks that are due in a period, done or not, the first due first.

    Those of no account as well, if nothing narrows the accounts down.
    """
    join = "JOIN" if conditions else "LEFT JOIN"
    return select(
        con,
        "SELECT k.id, k.account_id, t.name, k.text, k.owed_by, k.due, k.at, "
        "date(k.done_at, 'localtime'), (SELECT name FROM contact WHERE id = k.contact_id) "
        f"FROM task k {join} account t ON t.id = k.account_id WHERE k.due BETWEEN ? AND ? AND",
        conditions,
        (iso(start), iso(end)),
        then="ORDER BY k.due, k.at, k.id",
    )


def closing(
    con: sqlite3.Connection,
    start: date,
    end: date,
    conditions: Conditions,
    owners: Sequence[str],
) -> Facts:
    """The open deals that are to close in a period, as `opened` has them, with that day."""
    return select(
        con,
        "SELECT d.id, d.account_id, t.name, d.title, d.amount, d.currency, d.stage, d.close_date "
        "FROM deal d JOIN account t ON t.id = d.account_id "
        "WHERE d.closed_on IS NULL AND d.close_date BETWEEN ? AND ? AND",
        [*owned(_OWNER, owners), *conditions],
        (iso(start), iso(end)),
        then="ORDER BY d.close_date, d.name_key, d.id",
    )


def ending(con: sqlite3.Connection, start: date, end: date, conditions: Conditions) -> Facts:
    """The contracts that end in a period: id, account, its name, product, amount, last day.

    Only the last of each product; at the end of a row stands the open deal that is to renew it.
    """
    # The conditions are on accounts, under the alias t: so is the purchase in those of a term.
    rows = select(
        con,
        "SELECT p.id, p.account_id, t.name, (SELECT name FROM product WHERE id = p.product_id), "
        "p.amount, p.currency, p.ends_on, p.renewal FROM ("
        f"SELECT *, (SELECT title FROM deal WHERE {RENEWS} AND +closed_on IS NULL LIMIT 1) "
        f"AS renewal FROM purchase t WHERE t.ends_on BETWEEN ? AND ? AND {LAST_TERM}) p "
        "JOIN account t ON t.id = p.account_id WHERE",
        conditions,
        (iso(start), iso(end)),
        then="ORDER BY p.ends_on, p.id",
    )
    return rows


def reviews(con: sqlite3.Connection, start: date, end: date, conditions: Conditions) -> Facts:
    """The accounts whose next review is due in a period: id, name, day."""
    return select(
        con,
        "SELECT t.id, t.name, r.next_review FROM review r JOIN account t ON t.id = r.account_id "
        "WHERE r.next_review BETWEEN ? AND ? AND NOT EXISTS (SELECT 1 FROM review n "
        "WHERE n.account_id = r.account_id AND (n.held_on, n.id) > (r.held_on, r.id)) AND",
        conditions,
        (iso(start), iso(end)),
        then="ORDER BY r.next_review, t.name_key, t.id",
    )
