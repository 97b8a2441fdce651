"""Facts for `acct today` and the reviews: one query per kind of fact, over the whole book.

Days are in ISO form; days of moments are local. One query each, however large the book: asking
account by account would take seconds. `domain.agenda` judges what a fact means for today.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date

from acctcli.domain.agenda_facts import (
    ChampionFacts,
    LeftFacts,
    ObjectiveFacts,
    OpenDealFacts,
    PersonFacts,
    PushFacts,
    QuoteFacts,
    ReviewFacts,
    SaidFacts,
    TaskFacts,
    TicketFacts,
)
from acctcli.store.columns import TAKES_SIDES, TWO_WAY
from acctcli.store.facts.reading import columns, read
from acctcli.store.filters import Condition
from acctcli.values.dates import iso
from acctcli.values.fields import bounds_of_day


def tasks(con: sqlite3.Connection) -> list[TaskFacts]:
    """Return the open tasks with a date; those in the future too, because they are next steps."""
    chosen = columns(
        TaskFacts,
        due="coalesce(date(t.at, 'localtime'), t.due)",
        person="(SELECT name FROM contact WHERE id = t.contact_id)",
    )
    return read(
        con,
        TaskFacts,
        f"SELECT {chosen} FROM task t WHERE t.done_at IS NULL AND t.due IS NOT NULL",
    )


def deals(
    con: sqlite3.Connection, closing_until: date, signing: Sequence[str]
) -> list[OpenDealFacts]:
    """The open deals that are not left out of the forecast.

    For those closing until that day also whether one of the roles is known.
    """
    roles = ", ".join(f"'{role}'" for role in signing)
    chosen = columns(
        OpenDealFacts,
        last_touch=(
            f"(SELECT date(max(at), 'localtime') FROM log WHERE deal_id = t.id AND {TWO_WAY})"
        ),
        buyer_known=(
            "CASE WHEN t.close_date <= :until THEN EXISTS "
            f"(SELECT 1 FROM contact WHERE account_id = t.account_id AND role IN ({roles})) "
            "OR EXISTS (SELECT 1 FROM affiliation "
            f"WHERE account_id = t.account_id AND to_on IS NULL AND role IN ({roles})) "
            f"OR EXISTS (SELECT 1 FROM deal_contact WHERE deal_id = t.id AND role IN ({roles})) "
            "END"
        ),
    )
    # The index deal_open has every column of this SELECT, so the table is not read.
    return read(
        con,
        OpenDealFacts,
        f"SELECT {chosen} FROM deal t WHERE t.closed_on IS NULL AND t.category IS NOT 'omitted'",
        {"until": iso(closing_until)},
    )


def people(con: sqlite3.Connection, first: date, last: date) -> list[PersonFacts]:
    """Return people with a known side at accounts with an open deal closing in these days.

    Their side is known by stance or role; they work there, or are linked to the account.
    """
    closing = (
        "SELECT account_id FROM deal "
        "WHERE closed_on IS NULL AND close_date BETWEEN :first AND :last"
    )
    linked = columns(PersonFacts, "l", influence="c.influence", stance="c.stance")
    return read(
        con,
        PersonFacts,
        f"SELECT {columns(PersonFacts)} FROM contact t "
        f"WHERE t.account_id IN ({closing}) "
        f"AND {TAKES_SIDES.format(link='t', person='t')} "
        f"UNION ALL SELECT {linked} FROM affiliation l "
        "JOIN contact c ON c.id = l.contact_id "
        f"WHERE l.account_id IN ({closing}) AND l.to_on IS NULL "
        f"AND {TAKES_SIDES.format(link='l', person='c')}",
        {"first": iso(first), "last": iso(last)},
    )


def champions(con: sqlite3.Connection, accounts: Sequence[str]) -> list[ChampionFacts]:
    """Return possible champions at these accounts, by any link, who may be contacted."""
    chosen = columns(
        ChampionFacts,
        account_id="l.account_id",
        role="l.role",
        since="date(t.created_at, 'localtime')",
        spoke=(
            "(SELECT date(max(at), 'localtime') FROM log_contact w JOIN log ON log.id = w.log_id "
            f"WHERE w.contact_id = t.id AND {TWO_WAY})"
        ),
    )
    return read(
        con,
        ChampionFacts,
        f"SELECT DISTINCT {chosen} FROM ("
        "SELECT id AS contact_id, account_id, role FROM contact "
        "WHERE account_id IN (SELECT value FROM json_each(:accounts)) "
        # Tested again below, but then few are left to be found again.
        "AND (role = 'champion' OR stance = 'champion') AND do_not_contact = 0 "
        "UNION ALL SELECT contact_id, account_id, role FROM affiliation "
        "WHERE account_id IN (SELECT value FROM json_each(:accounts)) AND to_on IS NULL"
        ") l JOIN contact t ON t.id = l.contact_id "
        "WHERE (l.role = 'champion' OR t.stance = 'champion') AND t.do_not_contact = 0",
        {"accounts": json.dumps(accounts)},
    )


def said(con: sqlite3.Connection, since: date) -> list[SaidFacts]:
    """Return what was said or sent since a day, in order of time; notes do not count."""
    side = (
        "CASE WHEN t.attempt THEN 'out' "
        "WHEN t.kind IN ('email', 'social') THEN coalesce(t.direction, 'out') "
        "WHEN t.kind IN ('call', 'meeting', 'demo') THEN 'both' ELSE 'out' END"
    )
    chosen = columns(SaidFacts, day="date(t.at, 'localtime')", side=side)
    return read(
        con,
        SaidFacts,
        f"SELECT {chosen} FROM log t WHERE t.at >= ? "
        "AND t.kind IN ('email', 'social', 'call', 'meeting', 'demo', 'proposal') "
        "ORDER BY t.at, t.id",
        (iso(bounds_of_day(since)[0]),),
    )


def senders(con: sqlite3.Connection, messages: Iterable[str]) -> dict[str, str]:
    """Return who wrote these messages, by their ids: the first contact of each, if it has one."""
    found = con.execute(
        "SELECT value, (SELECT c.name FROM log_contact w JOIN contact c ON c.id = w.contact_id "
        "WHERE w.log_id = value ORDER BY w.position LIMIT 1) FROM json_each(?)",
        [json.dumps(list(messages))],
    )
    return {message: name for message, name in found if name is not None}


def tickets(con: sqlite3.Connection) -> list[TicketFacts]:
    """Return the open tickets."""
    chosen = columns(TicketFacts, day="date(t.at, 'localtime')")
    return read(
        con,
        TicketFacts,
        f"SELECT {chosen} FROM log t WHERE t.kind = 'ticket' AND t.resolved_at IS NULL",
    )


def quotes(con: sqlite3.Connection, first: date, last: date) -> list[QuoteFacts]:
    """Return the quotes of open deals without an answer whose validity ends in these days."""
    return read(
        con,
        QuoteFacts,
        f"SELECT {columns(QuoteFacts)} FROM quote t WHERE t.status = 'sent' "
        "AND t.valid_until BETWEEN ? AND ? "
        "AND EXISTS (SELECT 1 FROM deal WHERE id = t.deal_id AND closed_on IS NULL)",
        (iso(first), iso(last)),
    )


def left(con: sqlite3.Connection, since: date) -> list[LeftFacts]:
    """Return who left an account since a day: by a move, or because they were deleted."""
    moved = columns(
        LeftFacts,
        "l",
        name="c.name",
        influence="c.influence",
        stance="c.stance",
        day="l.to_on",
        deleted="0",
    )
    gone = columns(
        LeftFacts,
        "g",
        account_id="g.before ->> '$.account_id'",
        name="g.before ->> '$.name'",
        role="g.before ->> '$.role'",
        influence="g.before ->> '$.influence'",
        stance="g.before ->> '$.stance'",
        day="date(m.at, 'localtime')",
        deleted="1",
    )
    return read(
        con,
        LeftFacts,
        f"SELECT {moved} FROM affiliation l JOIN contact c ON c.id = l.contact_id "
        "WHERE l.to_on > :since "
        f"UNION ALL SELECT {gone} FROM command m JOIN change g ON g.command = m.seq "
        "WHERE m.at >= :moment AND m.undone_by IS NULL AND m.typed LIKE '%contact delete%' "
        "AND g.tbl = 'contact' AND g.op = 'delete' AND json_valid(g.before) "
        "AND g.before ->> '$.account_id' IS NOT NULL AND g.before ->> '$.name' IS NOT NULL",
        {"since": iso(since), "moment": iso(bounds_of_day(since)[0])},
    )


def objectives(con: sqlite3.Connection, until: date) -> list[ObjectiveFacts]:
    """Return the open objectives of plans that are due by a day."""
    return read(
        con,
        ObjectiveFacts,
        f"SELECT {columns(ObjectiveFacts)} FROM objective t WHERE t.state = 'open' AND t.due <= ?",
        (iso(until),),
    )


def pushes(con: sqlite3.Connection) -> list[PushFacts]:
    """Return how often the close date of each deal was moved to a later day, and when last."""
    chosen = columns(PushFacts, times="count(*)", last="max(t.changed_on)")
    return read(
        con,
        PushFacts,
        f"SELECT {chosen} FROM deal_change t WHERE t.field = 'close_date' AND t.new > t.old "
        "AND t.changed_on IS NOT NULL GROUP BY t.deal_id",
    )


def reviews(con: sqlite3.Connection) -> list[ReviewFacts]:
    """Return the last review of each account that has one."""
    # A GROUP BY would walk the table in the order of an index.
    last: dict[str, ReviewFacts] = {}
    for review in read(
        con,
        ReviewFacts,
        f"SELECT {columns(ReviewFacts)} FROM review t WHERE t.held_on IS NOT NULL",
    ):
        stood = last.get(review.account_id)
        if stood is None or (review.held_on, review.id) > (stood.held_on, stood.id):
            last[review.account_id] = review
    return list(last.values())


def reviews_before(account_id: str, held_on: str | None, id: str) -> Condition:
    """Return the condition for earlier reviews of the same account.

    Without a day there are none: nobody knows which came earlier.
    """
    sql = "t.account_id = ? AND (t.held_on, t.id) < (?, ?)"
    return Condition(sql, [account_id, held_on, id])


def happened_since(
    con: sqlite3.Connection, account_id: str, day: date, today: date
) -> dict[str, int]:
    """Return what happened at an account after a day, counted by kind, for a review.

    `kept` are promises that were done since then, `late` those that are overdue today.
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
