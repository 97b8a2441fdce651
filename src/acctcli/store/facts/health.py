"""The SQL of health: one query per kind of fact, over the whole book or some accounts.

Each row names its account; days are in ISO form, and days of moments are local. The list of all
accounts and the page of one use the same queries, so they cannot disagree. `domain.health` judges
what a fact means.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from acctcli.frozen import FrozenRow
from acctcli.store.columns import (
    MOVED_BEFORE_CLOSING,
    MOVED_ON,
    ONE_OFF,
    PUSHES,
    TAKES_SIDES,
    TWO_WAY,
    sold,
    won,
)
from acctcli.store.facts.reading import columns, read
from acctcli.values.dates import iso

F = TypeVar("F", bound=tuple[Any, ...])

Only = Sequence[str] | None
"""The ids of the accounts to read; None means all."""

DAY = "date(t.at, 'localtime')"


class TaskRow(FrozenRow):
    """A task with a due day: open, or due recently; `owed_by` is us or them.

    `done` and `entered` are the days on which it was done and added.
    """

    account_id: str
    due: str
    owed_by: str
    deal_id: str | None
    done: str | None
    entered: str | None


class PersonRow(FrozenRow):
    """A person who may count at an account, with their role there."""

    account_id: str
    id: str
    influence: str | None
    stance: str | None
    role: str | None


class LeftRow(FrozenRow):
    """A person who left an account on a day: moved away, or deleted."""

    account_id: str
    day: str
    role: str | None
    stance: str | None


class DealRow(FrozenRow):
    """An open deal, the last day something happened, and how often its close date was pushed."""

    account_id: str
    id: str
    title: str
    close_date: str | None
    moved_on: str | None
    pushes: int


class DecidedRow(FrozenRow):
    """A won or lost deal; `moved_on` is the last day something happened before it closed."""

    account_id: str
    title: str
    closed_on: str
    won: bool
    close_date: str | None
    moved_on: str | None
    pushes: int


class SpendingRow(FrozenRow):
    """Purchases in one currency, in minor units: in the last year, and in the year before."""

    account_id: str
    currency: str
    year: float
    before: float


class TicketRow(FrozenRow):
    """A ticket, with the day on which it came in."""

    account_id: str
    day: str
    open: bool


class SurveyRow(FrozenRow):
    """An answer to a survey: score, text, and scale if it was entered."""

    account_id: str
    day: str
    score: int
    summary: str
    scale: str | None


class MessageRow(FrozenRow):
    """A message that we sent, or a two-way touch, which answers the messages before it."""

    account_id: str
    day: str
    touch: bool


class Past(FrozenRow):
    """The health that a review kept, and its inputs.

    The inputs are in one text: `touch=62 promises=100`.
    """

    account_id: str
    held_on: str
    health: int
    inputs: str | None

    @property
    def scores(self) -> dict[str, float]:
        """Return the score of each known input, by code; ignores codes that do not exist."""
        written = (one.partition("=") for one in (self.inputs or "").split())
        return {code: int(score) for code, _, score in written if score in _SCORES}


_SCORES = frozenset(map(str, range(101)))


def _all(con: sqlite3.Connection, shape: type[F], sql: str, only: Only, *given: str) -> list[F]:
    """Return the rows of a query in which `{these}` is the condition on the account."""
    these = "1" if only is None else "account_id IN (SELECT value FROM json_each(:accounts))"
    named = {f"p{place}": value for place, value in enumerate(given)}
    accounts = None if only is None else json.dumps(only)
    return read(con, shape, sql.format(these=these), {"accounts": accounts, **named})


def tasks(con: sqlite3.Connection, only: Only, since: date, today: date) -> list[TaskRow]:
    """Return open tasks with a due day, and done ones that were due from `since` to today."""
    chosen = columns(
        TaskRow,
        done="date(t.done_at, 'localtime')",
        entered="date(t.created_at, 'localtime')",
    )
    return _all(
        con,
        TaskRow,
        f"SELECT {chosen} FROM task t "
        "WHERE {these} AND account_id IS NOT NULL AND due IS NOT NULL "
        "AND (done_at IS NULL OR due BETWEEN :p0 AND :p1)",
        only,
        iso(since),
        iso(today),
    )


def people(con: sqlite3.Connection, only: Only) -> list[PersonRow]:
    """Return people with a known side at an account; those linked to it have the link's role."""
    own = TAKES_SIDES.format(link="t", person="t")
    linked = TAKES_SIDES.format(link="l", person="c")
    of_link = columns(PersonRow, "c", account_id="l.account_id", role="l.role")
    return _all(
        con,
        PersonRow,
        f"SELECT {columns(PersonRow)} FROM contact t "
        f"WHERE {{these}} AND account_id IS NOT NULL AND {own} "
        f"UNION SELECT {of_link} FROM (SELECT account_id, contact_id, role FROM affiliation "
        "WHERE {these} AND to_on IS NULL) l "
        # A person who works there has a role there; a further link to the same account repeats it.
        "JOIN contact c ON c.id = l.contact_id AND c.account_id IS NOT l.account_id "
        f"WHERE {linked}",
        only,
    )


def left(con: sqlite3.Connection, only: Only, since: date) -> list[LeftRow]:
    """Return people who left an account since a day and have not come back (moved or deleted)."""
    kept = {name: f"json_extract(t.before, '$.{name}')" for name in ("role", "stance")}
    deleted = {"day": "date(m.at, 'localtime')", **kept}
    return _all(
        con,
        LeftRow,
        f"SELECT {columns(LeftRow, 'l', day='l.to_on', stance='c.stance')} "
        "FROM (SELECT account_id, contact_id, role, to_on FROM affiliation "
        "WHERE {these} AND to_on >= :p0) l JOIN contact c ON c.id = l.contact_id "
        "AND c.account_id IS NOT l.account_id AND NOT EXISTS (SELECT 1 FROM affiliation n "
        "WHERE n.contact_id = c.id AND n.account_id = l.account_id AND n.to_on IS NULL) "
        f"UNION ALL SELECT {columns(LeftRow, **deleted)} "
        "FROM (SELECT * FROM change WHERE {these} AND account_id IS NOT NULL) t "
        "JOIN command m ON m.seq = t.command WHERE t.tbl = 'contact' AND t.op = 'delete' "
        # A merge keeps the person where they were, and an undo brings them back.
        "AND t.after IS NULL AND json_valid(t.before) AND m.undone_by IS NULL AND m.at >= :p0",
        only,
        iso(since),
    )


def deals(con: sqlite3.Connection, only: Only) -> list[DealRow]:
    """Return the open deals, by close date."""
    return _all(
        con,
        DealRow,
        f"SELECT {columns(DealRow, moved_on=MOVED_ON, pushes=PUSHES)} "
        "FROM deal t WHERE {these} AND +t.closed_on IS NULL ORDER BY t.close_date, t.id",
        only,
    )


def decided(con: sqlite3.Connection, only: Only, since: date) -> list[DecidedRow]:
    """Return the deals that were won or lost since a day."""
    chosen = columns(
        DecidedRow,
        won=won("t"),
        moved_on=MOVED_BEFORE_CLOSING,
        pushes=PUSHES,
    )
    return _all(
        con,
        DecidedRow,
        f"SELECT {chosen} FROM deal t WHERE {{these}} AND t.closed_on >= :p0 "
        "ORDER BY t.closed_on, t.id",
        only,
        iso(since),
    )


def spending(
    con: sqlite3.Connection, only: Only, year: date, before: date, today: date
) -> list[SpendingRow]:
    """Return purchases since the day `year`, and from `before` until then, by currency.

    Without recurring contracts, which count with their yearly revenue. A won deal without a
    purchase is a sale. Purchases dated after today do not count yet.
    """
    chosen = columns(
        SpendingRow,
        "sold",
        year="total(CASE WHEN purchased_on >= :p0 THEN amount END)",
        before="total(CASE WHEN purchased_on < :p0 THEN amount END)",
    )
    return _all(
        con,
        SpendingRow,
        f"SELECT {chosen} FROM {sold('{these}', ONE_OFF)} sold "
        "WHERE purchased_on BETWEEN :p1 AND :p2 AND currency IS NOT NULL "
        "GROUP BY account_id, currency",
        only,
        iso(year),
        iso(before),
        iso(today),
    )


def tickets(con: sqlite3.Connection, only: Only) -> list[TicketRow]:
    """Return all tickets."""
    return _all(
        con,
        TicketRow,
        f"SELECT {columns(TicketRow, day=DAY, open='t.resolved_at IS NULL')} FROM log t "
        "WHERE {these} AND kind = 'ticket' AND at IS NOT NULL",
        only,
    )


def surveys(con: sqlite3.Connection, only: Only) -> list[SurveyRow]:
    """Return the answers to surveys that have a score, oldest first."""
    return _all(
        con,
        SurveyRow,
        f"SELECT {columns(SurveyRow, day=DAY)} FROM log t "
        "WHERE {these} AND kind = 'survey' AND score IS NOT NULL AND at IS NOT NULL "
        "ORDER BY t.at, t.id",
        only,
    )


def messages(con: sqlite3.Connection, only: Only, since: str) -> list[MessageRow]:
    """Return our messages and all two-way touches since a moment, in order of time."""
    return _all(
        con,
        MessageRow,
        f"SELECT {columns(MessageRow, day=DAY, touch=TWO_WAY)} FROM log t "
        f"WHERE {{these}} AND at >= :p0 AND ({TWO_WAY} "
        "OR (direction = 'out' AND kind IN ('email', 'social'))) ORDER BY t.at, t.id",
        only,
        since,
    )


def reviews(con: sqlite3.Connection, only: Only) -> list[Past]:
    """Return the reviews that have a health, oldest first."""
    inputs = "(SELECT group_concat(input, ' ') FROM review_input WHERE review_id = t.id)"
    return _all(
        con,
        Past,
        f"SELECT {columns(Past, inputs=inputs)} FROM review t WHERE {{these}} "
        "AND health IS NOT NULL AND held_on IS NOT NULL ORDER BY held_on, t.id",
        only,
    )
