"""The SQL of the account score: what each account is worth, and how it engages.

One query per kind of fact; each row names its account. Worth is read of the whole book, because
accounts are ranked in it; signals only of the accounts asked for. Open deals and surveys come from
`health`. `domain.fit` judges what a fact means.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import date
from typing import Any

from acctcli.frozen import FrozenRow
from acctcli.store.columns import ONE_OFF, TWO_WAY, WON, sold, summed
from acctcli.store.facts.health import Only
from acctcli.store.facts.reading import columns, read
from acctcli.values.dates import iso

MET = "(kind IN ('meeting', 'demo') AND attempt = 0)"

# Tickets and surveys say nothing about wanting to buy.
CAME_TO_US = (
    "(direction = 'in' AND attempt = 0 AND kind IN ('call', 'email', 'meeting', 'demo', 'social'))"
)


class RevenueRow(FrozenRow):
    """Purchases of an account in one currency, in minor units, by year."""

    account_id: str
    currency: str
    year: int
    before: int


class AmountRow(FrozenRow):
    """An amount of one account in one currency, in minor units."""

    account_id: str
    currency: str
    amount: int


class SignalRow(FrozenRow):
    """Two-way touches, how often they contacted us, meetings and demos."""

    account_id: str
    touches: int
    inbound: int
    meetings: int


class LastSignal(FrozenRow):
    """The last buying signal of an account; `at` is its moment."""

    kind: str
    direction: str | None
    at: str
    summary: str


def _of(only: Only) -> tuple[str, dict[str, Any]]:
    """Return the end of a condition that an id is one of these accounts, with its parameters."""
    if only is None:
        return "IS NOT NULL", {}
    return "IN (SELECT value FROM json_each(:accounts))", {"accounts": json.dumps(only)}


def spending(con: sqlite3.Connection, year: date, before: date, today: date) -> list[RevenueRow]:
    """Return purchases by account since the day `year`, and from `before` until then.

    Without recurring contracts, which count with their yearly revenue. Purchases dated after today
    do not count yet.
    """
    in_year = "CASE WHEN purchased_on >= :year THEN amount END"
    in_time_before = "CASE WHEN purchased_on >= :before AND purchased_on < :year THEN amount END"
    chosen = columns(RevenueRow, year=summed(in_year), before=summed(in_time_before))
    return read(
        con,
        RevenueRow,
        f"SELECT {chosen} FROM {sold(purchases=ONE_OFF)} t "
        "WHERE purchased_on <= :today AND currency IS NOT NULL GROUP BY account_id, currency",
        {"year": iso(year), "before": iso(before), "today": iso(today)},
    )


def pipeline(con: sqlite3.Connection) -> list[AmountRow]:
    """The weighted amount of the open deals of every account, by currency."""
    weighted = "CAST(round(total(t.amount * t.probability) / 100) AS INTEGER)"
    return read(
        con,
        AmountRow,
        f"SELECT {columns(AmountRow, amount=weighted)} FROM deal t WHERE t.closed_on IS NULL "
        "AND t.amount IS NOT NULL AND t.currency IS NOT NULL AND t.probability IS NOT NULL "
        "GROUP BY t.account_id, t.currency",
    )


def potential(con: sqlite3.Connection) -> list[AmountRow]:
    """Return the known revenue of accounts."""
    return read(
        con,
        AmountRow,
        f"SELECT {columns(AmountRow, account_id='t.id', amount='t.annual_revenue')} "
        "FROM account t WHERE t.annual_revenue IS NOT NULL AND t.currency IS NOT NULL",
    )


def signals(con: sqlite3.Connection, only: Only, since: str) -> list[SignalRow]:
    """Return accounts with any interaction but a note, and what happened since a moment."""
    these, named = _of(only)
    chosen = columns(
        SignalRow,
        account_id="a.id",
        touches="coalesce(n.touches, 0)",
        inbound="coalesce(n.inbound, 0)",
        meetings="coalesce(n.meetings, 0)",
    )
    return read(
        con,
        SignalRow,
        f"SELECT {chosen} FROM account a LEFT JOIN (SELECT account_id, "
        f"count(*) FILTER (WHERE {TWO_WAY}) AS touches, "
        f"count(*) FILTER (WHERE {CAME_TO_US}) AS inbound, "
        f"count(*) FILTER (WHERE {MET}) AS meetings "
        # The + makes SQLite search interactions by moment, not by account: most of them are old.
        f"FROM log WHERE at >= :since AND account_id {these} GROUP BY +account_id) n "
        f"ON n.account_id = a.id WHERE a.id {these} AND "
        "EXISTS (SELECT 1 FROM log WHERE account_id = a.id AND kind != 'note')",
        {**named, "since": since},
    )


def people(con: sqlite3.Connection, only: Only, since: str) -> dict[str, int]:
    """Return how many people took part in two-way touches since a moment, by account."""
    these, named = _of(only)
    return dict(
        con.execute(
            "SELECT l.account_id, count(DISTINCT c.contact_id) FROM "
            "(SELECT id, account_id FROM log "
            f"WHERE at >= :since AND {TWO_WAY} AND account_id {these}) l "
            "JOIN log_contact c ON c.log_id = l.id GROUP BY l.account_id",
            {**named, "since": since},
        ).fetchall()
    )


def has_bought(con: sqlite3.Connection, account_id: str) -> bool:
    """Whether the account ever bought something or won deal exists."""
    (found,) = con.execute(
        "SELECT EXISTS (SELECT 1 FROM purchase WHERE account_id = :account) OR EXISTS "
        f"(SELECT 1 FROM deal d WHERE account_id = :account AND {WON})",
        {"account": account_id},
    ).fetchone()
    return bool(found)


def last_signal(con: sqlite3.Connection, account_id: str, since: str) -> LastSignal | None:
    """Return the last buying signal since a moment: a meeting, a demo, or they came to us."""
    found = read(
        con,
        LastSignal,
        f"SELECT {columns(LastSignal)} FROM log t WHERE account_id = ? AND at >= ? "
        f"AND ({MET} OR {CAME_TO_US}) ORDER BY at DESC, id DESC LIMIT 1",
        (account_id, since),
    )
    return found[0] if found else None
