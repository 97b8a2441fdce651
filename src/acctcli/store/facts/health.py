"""The SQL of health: one query for each kind of fact, over the whole book or some accounts.

Rows come as tuples that begin with the account's id; days in ISO form, those of
moments in local time. The list of all accounts and the page of one read the same
rows, so that they cannot disagree. What a fact means is judged in `domain.health`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import Any

from acctcli.store.columns import LAST_TERM, MOVED_ON, PUSHES, RENEWS, TWO_WAY
from acctcli.values.dates import iso

Facts = list[tuple[Any, ...]]

Only = Sequence[str] | None
"""The ids of the accounts of which rows are read; None: of all."""


def _all(con: sqlite3.Connection, sql: str, only: Only, *given: str) -> Facts:
    """The rows of a query in which `{these}` stands for: of the accounts that are asked for."""
    these = "1" if only is None else "account_id IN (SELECT value FROM json_each(:accounts))"
    named = {f"p{place}": value for place, value in enumerate(given)}
    accounts = None if only is None else json.dumps(only)
    return con.execute(sql.format(these=these), {"accounts": accounts, **named}).fetchall()


def steps(con: sqlite3.Connection, only: Only) -> Facts:
    """Open tasks that have a date: account, day, who owes it, and the deal it is about."""
    return _all(
        con,
        "SELECT account_id, due, owed_by, deal_id FROM task "
        "WHERE {these} AND account_id IS NOT NULL AND done_at IS NULL AND due IS NOT NULL",
        only,
    )


def people(con: sqlite3.Connection, only: Only) -> Facts:
    """Who counts at an account, by own or further link: account, person, influence, stance."""
    return _all(
        con,
        "SELECT account_id, id, influence, stance FROM contact "
        "WHERE {these} AND account_id IS NOT NULL AND influence IS NOT NULL AND stance IS NOT NULL "
        "UNION SELECT l.account_id, c.id, c.influence, c.stance "
        "FROM (SELECT account_id, contact_id FROM affiliation WHERE {these} AND to_on IS NULL) l "
        "JOIN contact c ON c.id = l.contact_id "
        "WHERE c.influence IS NOT NULL AND c.stance IS NOT NULL",
        only,
    )


def deals(con: sqlite3.Connection, only: Only) -> Facts:
    """Open deals: account, id, title, close date, last sign of life, times it was put off."""
    return _all(
        con,
        f"SELECT t.account_id, t.id, t.title, t.close_date, {MOVED_ON}, {PUSHES} "
        "FROM deal t WHERE {these} AND +t.closed_on IS NULL ORDER BY t.close_date, t.id",
        only,
    )


def spending(con: sqlite3.Connection, only: Only, year: date, before: date, today: date) -> Facts:
    """What was bought since the day `year`, and from `before` until then, by currency.

    Account, minor units of the year and of the time before it. What is dated after today
    is not bought yet.
    """
    return _all(
        con,
        "SELECT account_id, total(CASE WHEN purchased_on >= :p0 THEN amount END), "
        "total(CASE WHEN purchased_on < :p0 THEN amount END) FROM purchase "
        "WHERE {these} AND purchased_on BETWEEN :p1 AND :p2 GROUP BY account_id, currency",
        only,
        iso(year),
        iso(before),
        iso(today),
    )


def terms(con: sqlite3.Connection, only: Only, since: date) -> Facts:
    """The last term of each product that ends on a day or later.

    Account, product, last day, and whether an open deal is to renew it.
    """
    return _all(
        con,
        "SELECT t.account_id, (SELECT name FROM product WHERE id = t.product_id), t.ends_on, "
        f"EXISTS (SELECT 1 FROM deal WHERE {RENEWS} AND +closed_on IS NULL) "
        f"FROM purchase t WHERE {{these}} AND t.ends_on >= :p0 AND {LAST_TERM} "
        "GROUP BY t.account_id, t.product_id, t.ends_on ORDER BY t.ends_on, t.id",
        only,
        iso(since),
    )


def tickets(con: sqlite3.Connection, only: Only) -> Facts:
    """All tickets: account, the day on which it came in, whether it is open."""
    return _all(
        con,
        "SELECT account_id, date(at, 'localtime'), resolved_at IS NULL FROM log "
        "WHERE {these} AND kind = 'ticket' AND at IS NOT NULL",
        only,
    )


def surveys(con: sqlite3.Connection, only: Only) -> Facts:
    """Answers to surveys that have a score, oldest first.

    Account, day, score, what was said, and the scale if it was given.
    """
    return _all(
        con,
        "SELECT account_id, date(at, 'localtime'), score, summary, scale FROM log "
        "WHERE {these} AND kind = 'survey' AND score IS NOT NULL AND at IS NOT NULL "
        "ORDER BY at, id",
        only,
    )


def messages(con: sqlite3.Connection, only: Only, since: str) -> Facts:
    """Messages that were sent, and all two-way touches, since a moment, in order of time.

    Account, day, and whether it is a touch, which answers what was sent before it.
    """
    return _all(
        con,
        f"SELECT account_id, date(at, 'localtime'), {TWO_WAY} FROM log "
        f"WHERE {{these}} AND at >= :p0 AND ({TWO_WAY} "
        "OR (direction = 'out' AND kind IN ('email', 'social'))) ORDER BY at, id",
        only,
        since,
    )


def reviews(con: sqlite3.Connection, only: Only) -> Facts:
    """Reviews that have a health, oldest first: account, day, health, and its inputs in one text.

    An input is written as it was kept: `touch=62`.
    """
    return _all(
        con,
        "SELECT account_id, held_on, health, (SELECT group_concat(input, ' ') "
        "FROM review_input WHERE review_id = t.id) FROM review t "
        "WHERE {these} AND health IS NOT NULL AND held_on IS NOT NULL ORDER BY held_on, id",
        only,
    )
