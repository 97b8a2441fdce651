"""The SQL of `acct report week`: what happened in a period, and what is ahead.

Days stay in ISO form, as in the classes of `domain.week`; days of moments are local. Conditions
narrow down the accounts, under the alias t; `owners` are as in `reports`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date

from acctcli.domain.week import Change, Closed, DuePromise, Talk
from acctcli.frozen import FrozenRow
from acctcli.store.columns import TWO_WAY, WON
from acctcli.store.facts.activity import moments
from acctcli.store.facts.reading import columns
from acctcli.store.facts.reports import Conditions, fitting, owned
from acctcli.values.dates import iso

_OWNER = "coalesce(d.owner, t.owner)"

_WHY = (
    "(SELECT note FROM deal_change WHERE deal_id = d.id AND field = 'stage' AND note IS NOT NULL "
    "AND changed_on = d.closed_on ORDER BY id DESC LIMIT 1)"
)
"""The note of the change that closed a deal d."""


class DatedDealRow(FrozenRow):
    """A deal, and the day on which it was opened or should close."""

    id: str
    account_id: str
    account: str
    title: str
    amount: int | None
    currency: str | None
    stage: str
    day: str


class NewAccountRow(FrozenRow):
    """An account, and the day on which it was added."""

    id: str
    account: str
    tier: str | None
    source: str | None
    day: str


class NewContactRow(FrozenRow):
    """A person, and the day on which they were added."""

    id: str
    contact: str
    title: str | None
    account_id: str
    account: str
    day: str


class NextReviewRow(FrozenRow):
    """An account, and the day of its next review."""

    account: str
    account_id: str
    day: str


def talks(
    con: sqlite3.Connection,
    start: date,
    end: date,
    conditions: Conditions,
    owners: Sequence[str],
) -> list[Talk]:
    """Return the interactions of a period, without notes."""
    chosen = columns(
        Talk,
        "l",
        account="t.name",
        day="date(l.at, 'localtime')",
        people="(SELECT group_concat(c.name, char(10)) FROM log_contact w "
        "JOIN contact c ON c.id = w.contact_id WHERE w.log_id = l.id)",
    )
    return fitting(
        con,
        Talk,
        f"SELECT {chosen} FROM (SELECT *, {TWO_WAY} AS two_way FROM log WHERE at >= ? AND at < ? "
        "AND kind IS NOT NULL AND kind != 'note') l "
        "JOIN account t ON t.id = l.account_id LEFT JOIN deal d ON d.id = l.deal_id WHERE",
        [*owned(_OWNER, owners), *conditions],
        moments(start, end),
    )


def changes(
    con: sqlite3.Connection,
    start: date,
    end: date,
    conditions: Conditions,
    owners: Sequence[str],
) -> list[Change]:
    """Return the changes to open deals in a period, in order."""
    of_deal = {name: f"d.{name}" for name in ("account_id", "title", "stage", "amount", "currency")}
    chosen = columns(Change, "x", account="t.name", day="x.changed_on", **of_deal)
    return fitting(
        con,
        Change,
        f"SELECT {chosen} FROM deal_change x "
        "JOIN deal d ON d.id = x.deal_id JOIN account t ON t.id = d.account_id "
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
) -> list[Closed]:
    """Return the deals that were won or lost in a period, in order."""
    chosen = columns(Closed, "d", account="t.name", won=WON, note=_WHY)
    return fitting(
        con,
        Closed,
        f"SELECT {chosen} FROM deal d JOIN account t ON t.id = d.account_id "
        "WHERE d.closed_on BETWEEN ? AND ? AND",
        [*owned(_OWNER, owners), *conditions],
        (iso(start), iso(end)),
        then="ORDER BY d.closed_on, d.name_key, d.id",
    )


def opened(
    con: sqlite3.Connection,
    start: date,
    end: date,
    conditions: Conditions,
    owners: Sequence[str],
) -> list[DatedDealRow]:
    """Return the deals that were opened in a period, by day."""
    return _dated(con, "d.opened_on", "TRUE", start, end, [*owned(_OWNER, owners), *conditions])


def new_accounts(
    con: sqlite3.Connection, start: date, end: date, conditions: Conditions
) -> list[NewAccountRow]:
    """Return the accounts that were added in a period, in order."""
    chosen = columns(NewAccountRow, account="t.name", day="date(t.created_at, 'localtime')")
    return fitting(
        con,
        NewAccountRow,
        f"SELECT {chosen} FROM account t WHERE t.created_at >= ? AND t.created_at < ? AND",
        conditions,
        moments(start, end),
        then="ORDER BY t.created_at, t.name_key, t.id",
    )


def new_contacts(
    con: sqlite3.Connection, start: date, end: date, conditions: Conditions
) -> list[NewContactRow]:
    """Return the people who were added in a period, in order."""
    chosen = columns(
        NewContactRow,
        "c",
        contact="c.name",
        account="t.name",
        day="date(c.created_at, 'localtime')",
    )
    return fitting(
        con,
        NewContactRow,
        f"SELECT {chosen} FROM contact c JOIN account t ON t.id = c.account_id "
        "WHERE c.created_at >= ? AND c.created_at < ? AND",
        conditions,
        moments(start, end),
        then="ORDER BY c.created_at, c.name_key, c.id",
    )


def promises(
    con: sqlite3.Connection, start: date, end: date, conditions: Conditions
) -> list[DuePromise]:
    """Return the tasks that are due in a period, done or not, by due day.

    Without conditions on accounts, tasks without an account are included.
    """
    chosen = columns(
        DuePromise,
        "k",
        account="t.name",
        done_on="date(k.done_at, 'localtime')",
        person="(SELECT name FROM contact WHERE id = k.contact_id)",
    )
    join = "JOIN" if conditions else "LEFT JOIN"
    return fitting(
        con,
        DuePromise,
        f"SELECT {chosen} FROM task k {join} account t ON t.id = k.account_id "
        "WHERE k.due BETWEEN ? AND ? AND",
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
) -> list[DatedDealRow]:
    """Return the open deals that should close in a period, by day."""
    fit = [*owned(_OWNER, owners), *conditions]
    return _dated(con, "d.close_date", "d.closed_on IS NULL", start, end, fit)


def _dated(
    con: sqlite3.Connection,
    day: str,
    state: str,
    start: date,
    end: date,
    conditions: Conditions,
) -> list[DatedDealRow]:
    """Return the deals in a state (SQL) whose day (SQL) is in a period, by that day."""
    chosen = columns(DatedDealRow, "d", account="t.name", day=day)
    return fitting(
        con,
        DatedDealRow,
        f"SELECT {chosen} FROM deal d JOIN account t ON t.id = d.account_id "
        f"WHERE {state} AND {day} BETWEEN ? AND ? AND",
        conditions,
        (iso(start), iso(end)),
        then=f"ORDER BY {day}, d.name_key, d.id",
    )


def reviews(
    con: sqlite3.Connection, start: date, end: date, conditions: Conditions
) -> list[NextReviewRow]:
    """Return the accounts whose next review is due in a period, by day."""
    chosen = columns(NextReviewRow, "r", account="t.name", day="r.next_review")
    return fitting(
        con,
        NextReviewRow,
        f"SELECT {chosen} FROM review r JOIN account t ON t.id = r.account_id "
        "WHERE r.next_review BETWEEN ? AND ? AND NOT EXISTS (SELECT 1 FROM review n "
        "WHERE n.account_id = r.account_id AND (n.held_on, n.id) > (r.held_on, r.id)) AND",
        conditions,
        (iso(start), iso(end)),
        then="ORDER BY r.next_review, t.name_key, t.id",
    )
