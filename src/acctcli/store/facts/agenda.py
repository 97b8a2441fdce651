"""What `acct today` and the reviews read: one query for each kind of fact, over the whole book.

Rows come as tuples, in the order of the fields of the same kind of fact in
`domain.agenda`; days in ISO form, those of moments in local time. One query
each, however large the book: asking account by account would take seconds.
What a fact means for today is judged there, not here.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import Any

from acctcli.store.columns import DERIVED, LAST_TERM, RENEWS, TWO_WAY
from acctcli.store.filters import Condition, all_of
from acctcli.store.queries import NOT_ARCHIVED
from acctcli.values.dates import iso

Facts = list[tuple[Any, ...]]

LAST_TOUCH = DERIVED["account", "last_touch"]  # a step into the index log_touch


def awake(today: date) -> list[Condition]:
    """The conditions on accounts of being neither archived nor snoozed."""
    not_snoozed = "(t.snoozed_until IS NULL OR t.snoozed_until <= ?)"
    return [NOT_ARCHIVED, Condition(not_snoozed, [iso(today)])]


def accounts(con: sqlite3.Connection, conditions: Sequence[Condition]) -> Facts:
    """The accounts that fit.

    The last touch is looked up where something may follow from it: a rhythm, or an open deal.
    """
    where = all_of(conditions)
    return con.execute(
        "SELECT t.id, t.name, t.number, t.tier, t.status, t.cadence_days, "
        "date(t.created_at, 'localtime'), "
        "CASE WHEN t.tier IS NOT NULL OR t.cadence_days IS NOT NULL "
        "OR t.id IN (SELECT account_id FROM deal WHERE closed_on IS NULL) "
        f"THEN date({LAST_TOUCH}, 'localtime') END "
        f"FROM account t WHERE {where.sql}",
        where.parameters,
    ).fetchall()


def tasks(con: sqlite3.Connection) -> Facts:
    """The open tasks that have a date, those still to come too: they are next steps."""
    return con.execute(
        "SELECT t.id, t.account_id, t.deal_id, t.text, t.due, t.snoozed_until, t.owed_by, "
        "(SELECT name FROM contact WHERE id = t.contact_id) "
        "FROM task t WHERE t.done_at IS NULL AND t.due IS NOT NULL"
    ).fetchall()


def deals(con: sqlite3.Connection, closing_until: date, signing: Sequence[str]) -> Facts:
    """The open deals; for those closing until that day also whether one of the roles is known."""
    roles = ", ".join(f"'{role}'" for role in signing)
    # All that is selected of a deal stands in the index deal_open: the table is not read.
    return con.execute(
        "SELECT t.id, t.account_id, t.title, t.amount, t.currency, t.close_date, t.opened_on, "
        f"(SELECT date(max(at), 'localtime') FROM log WHERE deal_id = t.id AND {TWO_WAY}), "
        "CASE WHEN t.close_date <= :until THEN "
        f"EXISTS (SELECT 1 FROM contact WHERE account_id = t.account_id AND role IN ({roles})) "
        "OR EXISTS (SELECT 1 FROM affiliation "
        f"WHERE account_id = t.account_id AND to_on IS NULL AND role IN ({roles})) "
        f"OR EXISTS (SELECT 1 FROM deal_contact WHERE deal_id = t.id AND role IN ({roles})) "
        "END FROM deal t WHERE t.closed_on IS NULL",
        {"until": iso(closing_until)},
    ).fetchall()


def people(con: sqlite3.Connection, first: date, last: date) -> Facts:
    """Whose stance is known at the accounts with an open deal that closes from `first` to `last`.

    By own or further link: account, role, influence, stance.
    """
    closing = (
        "SELECT account_id FROM deal "
        "WHERE closed_on IS NULL AND close_date BETWEEN :first AND :last"
    )
    return con.execute(
        "SELECT account_id, role, influence, stance FROM contact "
        f"WHERE account_id IN ({closing}) AND stance IS NOT NULL "
        "UNION ALL SELECT l.account_id, l.role, c.influence, c.stance FROM affiliation l "
        "JOIN contact c ON c.id = l.contact_id "
        f"WHERE l.account_id IN ({closing}) AND l.to_on IS NULL AND c.stance IS NOT NULL",
        {"first": iso(first), "last": iso(last)},
    ).fetchall()


def champions(con: sqlite3.Connection, accounts: Sequence[str]) -> Facts:
    """Who speaks for us at these accounts, by own or further link, and may be contacted.

    Person, account, name, since when they are in the book, the last two-way touch with them.
    """
    return con.execute(
        "SELECT DISTINCT t.id, l.account_id, t.name, date(t.created_at, 'localtime'), "
        "(SELECT date(max(at), 'localtime') FROM log_contact w JOIN log ON log.id = w.log_id "
        f"WHERE w.contact_id = t.id AND {TWO_WAY}) FROM ("
        "SELECT id AS contact_id, account_id, role FROM contact "
        "WHERE account_id IN (SELECT value FROM json_each(:accounts)) "
        "UNION ALL SELECT contact_id, account_id, role FROM affiliation "
        "WHERE account_id IN (SELECT value FROM json_each(:accounts)) AND to_on IS NULL"
        ") l JOIN contact t ON t.id = l.contact_id "
        "WHERE (l.role = 'champion' OR t.stance = 'champion') AND t.do_not_contact = 0",
        {"accounts": json.dumps(accounts)},
    ).fetchall()


def objectives(con: sqlite3.Connection, until: date) -> Facts:
    """The open objectives of plans that were due on that day or before."""
    return con.execute(
        "SELECT id, account_id, text, due FROM objective WHERE state = 'open' AND due <= ?",
        (iso(until),),
    ).fetchall()


def pushes(con: sqlite3.Connection) -> Facts:
    """How often the close date of each deal was moved to a later day, and when last."""
    return con.execute(
        "SELECT deal_id, count(*), max(changed_on) FROM deal_change "
        "WHERE field = 'close_date' AND new > old AND changed_on IS NOT NULL GROUP BY deal_id"
    ).fetchall()


def terms(con: sqlite3.Connection, first: date, last: date, decided_since: date) -> Facts:
    """Terms that end from `first` to `last`, with no term after them and no renewal deal.

    A term after it is a later one of the same product at that account. A renewal deal
    of the account, for that product or for none in particular, counts while it is
    open and if it was decided since that day.
    """
    return con.execute(
        "SELECT t.account_id, (SELECT name FROM product WHERE id = t.product_id), "
        "t.amount, t.currency, t.ends_on FROM purchase t "
        f"WHERE t.ends_on BETWEEN :first AND :last AND {LAST_TERM} "
        f"AND NOT EXISTS (SELECT 1 FROM deal WHERE {RENEWS} "
        "AND (+closed_on IS NULL OR closed_on >= :decided)) "
        "ORDER BY t.ends_on, t.id",
        {"first": iso(first), "last": iso(last), "decided": iso(decided_since)},
    ).fetchall()


def reviews(con: sqlite3.Connection) -> Facts:
    """The last review of each account that had one."""
    # Found here, not by GROUP BY: that would go through the table in the order of an index.
    last: dict[str, tuple[Any, ...]] = {}
    for row in con.execute(
        "SELECT account_id, held_on, next_review, rating, health, id FROM review "
        "WHERE held_on IS NOT NULL"
    ):
        stood = last.get(row[0])
        if stood is None or (row[1], row[5]) > (stood[1], stood[5]):
            last[row[0]] = row
    return [row[:5] for row in last.values()]


def reviews_before(account_id: str, held_on: str | None, id: str) -> Condition:
    """The condition on reviews of being an earlier one of the same account.

    Without a day there is none: which came earlier is not known.
    """
    sql = "t.account_id = ? AND (t.held_on, t.id) < (?, ?)"
    return Condition(sql, [account_id, held_on, id])


def happened_since(
    con: sqlite3.Connection, account_id: str, day: date, today: date
) -> dict[str, int]:
    """What there was at an account after a day, counted by kind: what a review looks at.

    `kept` are the promises that were done since then, `late` those that are overdue today.
    """
    counts = {
        "interactions": "log WHERE account_id = :account AND date(at, 'localtime') > :day",
        "changes": "deal_change WHERE account_id = :account AND changed_on > :day",
        "purchases": "purchase WHERE account_id = :account AND purchased_on > :day",
        "kept": "task WHERE account_id = :account AND date(done_at, 'localtime') > :day",
        "late": "task WHERE account_id = :account AND done_at IS NULL AND due < :today",
    }
    given = {"account": account_id, "day": iso(day), "today": iso(today)}
    return {
        name: con.execute(f"SELECT count(*) FROM {what}", given).fetchone()[0]
        for name, what in counts.items()
    }
