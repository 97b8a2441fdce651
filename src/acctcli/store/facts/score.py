"""The SQL of the score of accounts: what each is worth, and what they do themselves.

One query for each kind of fact; rows begin with the account's id. What an account is
worth is read of the whole book, because it is ranked in it; signals of the
accounts that are asked for. Open deals and surveys are read as `health` reads them. What a
fact means is judged in `domain.fit`.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import date
from typing import Any

from acctcli.store.columns import TWO_WAY, summed
from acctcli.store.facts.health import Facts, Only
from acctcli.values.dates import iso

MET = "kind IN ('meeting', 'demo')"

# Tickets and surveys say nothing about wanting to buy.
CAME_TO_US = "(direction = 'in' AND kind IN ('call', 'email', 'meeting', 'demo', 'social'))"


def _of(only: Only) -> tuple[str, dict[str, Any]]:
    """The end of a condition that an id is one of these accounts, with its parameters."""
    if only is None:
        return "IS NOT NULL", {}
    return "IN (SELECT value FROM json_each(:accounts))", {"accounts": json.dumps(only)}


def spending(con: sqlite3.Connection, year: date, before: date, today: date) -> Facts:
    """What every account that ever bought did since the day `year`, and from `before` until then.

    Account, currency, minor units of the year and of the time before it. What is dated
    after today is not bought yet.
    """
    return con.execute(
        "SELECT account_id, currency, "
        f"{summed('CASE WHEN purchased_on >= :year THEN amount END')}, "
        f"{summed('CASE WHEN purchased_on >= :before AND purchased_on < :year THEN amount END')} "
        "FROM purchase WHERE purchased_on <= :today AND currency IS NOT NULL "
        "GROUP BY account_id, currency",
        {"year": iso(year), "before": iso(before), "today": iso(today)},
    ).fetchall()


def pipeline(con: sqlite3.Connection) -> Facts:
    """The weighted amount of the open deals of every account, by currency, in minor units."""
    return con.execute(
        "SELECT account_id, currency, CAST(round(total(amount * probability) / 100) AS INTEGER) "
        "FROM deal WHERE closed_on IS NULL AND amount IS NOT NULL AND currency IS NOT NULL "
        "AND probability IS NOT NULL "
        "GROUP BY account_id, currency"
    ).fetchall()


def potential(con: sqlite3.Connection) -> Facts:
    """The revenue of every account of which it is known: account, currency, minor units."""
    return con.execute(
        "SELECT id, currency, annual_revenue FROM account "
        "WHERE annual_revenue IS NOT NULL AND currency IS NOT NULL"
    ).fetchall()


def signals(con: sqlite3.Connection, only: Only, since: str) -> Facts:
    """Accounts with which anything but a note was ever logged, and what happened since a moment.

    Account, two-way touches, how often they came to us, meetings and demos.
    """
    these, named = _of(only)
    return con.execute(
        "SELECT a.id, coalesce(n.touches, 0), coalesce(n.inbound, 0), coalesce(n.met, 0) "
        "FROM account a LEFT JOIN (SELECT account_id, "
        f"count(*) FILTER (WHERE {TWO_WAY}) AS touches, "
        f"count(*) FILTER (WHERE {CAME_TO_US}) AS inbound, "
        f"count(*) FILTER (WHERE {MET}) AS met "
        # The + has the logs looked for by their moment, not by account: those of long ago are most.
        f"FROM log WHERE at >= :since AND account_id {these} GROUP BY +account_id) n "
        f"ON n.account_id = a.id WHERE a.id {these} AND "
        "EXISTS (SELECT 1 FROM log WHERE account_id = a.id AND kind != 'note')",
        {**named, "since": since},
    ).fetchall()


def people(con: sqlite3.Connection, only: Only, since: str) -> Facts:
    """How many different people took part in two-way touches since a moment, by account."""
    these, named = _of(only)
    return con.execute(
        "SELECT l.account_id, count(DISTINCT c.contact_id) FROM "
        "(SELECT id, account_id FROM log "
        f"WHERE at >= :since AND {TWO_WAY} AND account_id {these}) l "
        "JOIN log_contact c ON c.log_id = l.id GROUP BY l.account_id",
        {**named, "since": since},
    ).fetchall()


def sold(con: sqlite3.Connection, account_id: str) -> bool:
    """Whether the account ever bought something, or a deal with it was won."""
    (found,) = con.execute(
        "SELECT EXISTS (SELECT 1 FROM purchase WHERE account_id = :account) OR EXISTS (SELECT 1 "
        "FROM deal WHERE account_id = :account AND closed_on IS NOT NULL AND category = 'closed')",
        {"account": account_id},
    ).fetchone()
    return bool(found)


def last_signal(
    con: sqlite3.Connection, account_id: str, since: str
) -> tuple[str, str | None, str, str] | None:
    """Kind, direction, moment and summary of the last buying signal since a moment, if any.

    That is a meeting or a demo, or that they came to us.
    """
    found: tuple[str, str | None, str, str] | None = con.execute(
        "SELECT kind, direction, at, summary FROM log WHERE account_id = ? AND at >= ? "
        f"AND ({MET} OR {CAME_TO_US}) ORDER BY at DESC, id DESC LIMIT 1",
        (account_id, since),
    ).fetchone()
    return found
