"""The SQL of an account's page and its timeline.

Everything is looked up by account, through an index: the page of one account must not get slower as
the book grows. Rows are dicts of stored values. Whole records come from `queries`; this module has
only what a list cannot show.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from acctcli.model import KINDS, LOG_KINDS, Field, Row
from acctcli.store import filters, queries
from acctcli.store.columns import MOVED_ON, PUSHES, TWO_WAY, sold, summed
from acctcli.store.filters import Condition
from acctcli.store.queries import Listing
from acctcli.values.dates import FIRST_DAY, FIRST_MOMENT, iso
from acctcli.values.fields import bounds_of_day


def _rows(con: sqlite3.Connection, sql: str, *values: Any, **named: Any) -> list[Row]:
    cursor = con.execute(sql, named or values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, found, strict=True)) for found in cursor]


# The page


def last_touch(con: sqlite3.Connection, fields: Mapping[str, Field], account_id: str) -> Row | None:
    """Return the last two-way touch of an account as a whole row of `log`, or None."""
    conditions = [queries.by_id("account_id", account_id), Condition(TWO_WAY, [])]
    found = queries.select(con, "log", fields, Listing(conditions, "-at", 1), as_stored=True)
    return found[0] if found else None


def people(con: sqlite3.Connection, fields: Mapping[str, Field], account_id: str) -> list[Row]:
    """Return the people of an account and those linked to it, with their last touch.

    A person who is linked from another account has the title and role of the link.
    """
    at_account = filters.points_to("contact", KINDS["contact"].fields["account"], account_id)
    listing = Listing([at_account])
    found = queries.select(con, "contact", fields, listing, names=fields, as_stored=True)
    links = {
        link["contact_id"]: link
        for link in _rows(
            con,
            "SELECT contact_id, title, role FROM affiliation "
            "WHERE account_id = ? AND to_on IS NULL",
            account_id,
        )
    }
    for row in found:
        if row["account_id"] != account_id and row["id"] in links:
            row["title"] = links[row["id"]]["title"]
            row["role"] = links[row["id"]]["role"]
    return found


def signs_of_life(con: sqlite3.Connection, account_id: str) -> dict[str, Row]:
    """Return for each open deal of an account: last movement, pushes, whether it has a next step.

    `moved_on` is the last day it was opened, changed or talked about; `pushes` counts how often its
    close date was moved to a later day.
    """
    rows = _rows(
        con,
        f"SELECT t.id, {MOVED_ON} AS moved_on, {PUSHES} AS pushes, "
        "EXISTS (SELECT 1 FROM task WHERE deal_id = t.id "
        "AND done_at IS NULL AND due IS NOT NULL) AS has_step "
        "FROM deal t WHERE t.account_id = ? AND +t.closed_on IS NULL",
        account_id,
    )
    return {row["id"]: row for row in rows}


def spending(
    con: sqlite3.Connection, account_id: str, year: str, before: str, today: str
) -> list[Row]:
    """Return purchases from the day `year` to today, and from `before` until then, by currency."""
    return _rows(
        con,
        f"SELECT currency, {summed('CASE WHEN purchased_on >= :year THEN amount END')} AS amount, "
        f"{summed('CASE WHEN purchased_on < :year THEN amount END')} AS before "
        f"FROM {sold('account_id = :account')} WHERE purchased_on BETWEEN :before AND :today "
        "AND currency IS NOT NULL GROUP BY currency ORDER BY 2 DESC",
        account=account_id,
        year=year,
        before=before,
        today=today,
    )


# The timeline


def timeline(
    con: sqlite3.Connection,
    account_id: str,
    *,
    kinds: Sequence[str],
    open_tasks: bool = True,
    since: date | None = None,
    limit: int | None = None,
) -> list[Row]:
    """Return what happened at an account, newest first: rows of several sources, with `source`.

    Every source is cut to `limit`; the caller cuts the merged rows. Days of moments are local. Rows
    without a readable day are left out.
    """
    found: list[Row] = []
    for source, sql in _sources(kinds, open_tasks).items():
        day, first = ("at", _since) if source in _MOMENTS else ("day", iso)
        rows = _rows(
            con,
            f"SELECT * FROM ({sql}) WHERE {_dated(source)} AND {day} >= ? "
            f"ORDER BY {day} DESC, id DESC LIMIT ?",
            account_id,
            first(since) if since else "",
            -1 if limit is None else limit,
        )
        found += [{"source": source, "account_id": account_id, **row} for row in rows]
    return found


def _since(day: date) -> str:
    """Return the first moment of a day."""
    return iso(bounds_of_day(day)[0])


def count_entries(con: sqlite3.Connection, account_id: str, kinds: Sequence[str]) -> int:
    """Return how many entries the timeline of an account has, without open tasks."""
    counted = [
        con.execute(
            f"SELECT count(*) FROM ({sql}) WHERE {_dated(source)}", (account_id,)
        ).fetchone()[0]
        for source, sql in _sources(kinds, open_tasks=False).items()
    ]
    return sum(counted)


def _dated(source: str) -> str:
    """Return the condition that a row of a source has a known day."""
    return f"at > '{FIRST_MOMENT}'" if source in _MOMENTS else f"day > '{FIRST_DAY}'"


_MOMENTS = ("log", "done")
"""Sources with a moment; the others have only a day."""

_SOURCES = {
    "change": (
        "SELECT c.id, c.changed_on AS day, c.field, c.old, c.new, d.id AS deal_id, d.title, "
        "d.currency, d.amount, d.category, d.closed_on = c.changed_on AS closing "
        "FROM deal_change c JOIN deal d ON d.id = c.deal_id WHERE c.account_id = ?"
    ),
    # An imported deal has no changes: it was opened, and may have closed.
    "closed": (
        "SELECT id, closed_on AS day, title, stage, amount, currency FROM deal d "
        "WHERE account_id = ? AND closed_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM deal_change "
        "WHERE deal_id = d.id AND field = 'stage' AND changed_on = d.closed_on)"
    ),
    "opened": "SELECT id, opened_on AS day, title FROM deal WHERE account_id = ?",
    "purchase": (
        "SELECT id, purchased_on AS day, quantity, amount, currency, ends_on, "
        "(SELECT name FROM product WHERE id = product_id) AS product "
        "FROM purchase WHERE account_id = ?"
    ),
    "review": (
        "SELECT id, held_on AS day, rating, health, summary FROM review WHERE account_id = ?"
    ),
    "done": (
        "SELECT id, done_at AS at, text, owed_by FROM task "
        "WHERE account_id = ? AND done_at IS NOT NULL"
    ),
    "open": (
        "SELECT id, due AS day, text, owed_by FROM task "
        "WHERE account_id = ? AND done_at IS NULL AND due IS NOT NULL"
    ),
}


def _sources(kinds: Sequence[str], open_tasks: bool) -> dict[str, str]:
    """Return the queries for entries of these kinds, by source."""
    of_kind = {
        "deal": ("change", "closed", "opened"),
        "purchase": ("purchase",),
        "review": ("review",),
        "task": ("done", "open") if open_tasks else ("done",),
    }
    found = {source: _SOURCES[source] for kind in kinds for source in of_kind.get(kind, ())}
    logged = [kind for kind in kinds if kind in LOG_KINDS]
    if logged:
        listed = ", ".join(f"'{kind}'" for kind in logged)
        every = len(set(logged)) == len(LOG_KINDS)
        found["log"] = (
            "SELECT id, at, kind, direction, summary, (SELECT json_group_array(name) FROM ("
            "SELECT c.name FROM log_contact r JOIN contact c ON c.id = r.contact_id "
            "WHERE r.log_id = l.id ORDER BY r.position, r.id)) AS contacts FROM log l "
            f"WHERE account_id = ? {'' if every else f'AND kind IN ({listed})'}"
        )
    return found
