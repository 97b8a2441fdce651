"""The account's page, timeline and family, put together: rows in, JSON objects out.

Each part stands under its own key, records in their JSON form. What the parts
mean is judged in `domain`, how they look in `render`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from acctcli import dates, money, values
from acctcli.cli import records
from acctcli.cli.session import Session
from acctcli.domain import coverage
from acctcli.domain import health as judging
from acctcli.domain import timeline as events
from acctcli.domain.cadence import cadence_of, overdue_days
from acctcli.model import DAY, ENTRY_KINDS, FLAG, KINDS, MOMENT, TEXT, Field
from acctcli.render.results import Table
from acctcli.store import deals as deal_sql
from acctcli.store import lookup, queries
from acctcli.store import pages as sql
from acctcli.values import Exact

if TYPE_CHECKING:
    import sqlite3

Json = dict[str, Any]
Row = Mapping[str, Any]

ENTRY_FIELDS = {
    field.name: field
    for field in (
        Field(TEXT, "the record's id", name="id"),
        Field(TEXT, "the kind of record: log, deal, purchase, review, task", name="record"),
        Field(DAY, "the day", name="day"),
        Field(MOMENT, "the moment, where it is known", name="at"),
        Field(TEXT, "the kind of interaction, or of record", name="kind"),
        KINDS["log"].fields["direction"],
        Field(TEXT, "what happened", name="text"),
        Field(TEXT, "who was there", name="contacts", many=True),
        Field(FLAG, "of a task: whether it was done", name="done"),
    )
}

LAST_ENTRIES = 24
"""How many entries of the timeline the page holds; a narrow terminal shows fewer."""

LAST_REVIEWS = 6
ENDED_DAYS = 30  # a term that ran out is shown so many days longer


def account(session: Session, con: sqlite3.Connection, id: str) -> Json:
    """Everything that the page of one account shows."""
    today = session.clock.today
    fields = session.fields("account")
    row = queries.get(con, "account", fields, id)
    own = queries.by_id("account_id", id)
    touch = sql.last_touch(con, session.fields("log"), id)
    people = _people(session, con, id)
    deals = records.whole(session, con, "deal", own, deal_sql.OPEN)
    tasks = records.whole(session, con, "task", own, queries.OPEN_TASKS)
    reviews = records.whole(session, con, "review", own, limit=LAST_REVIEWS)
    purchases = _purchases(con, id, today)
    renewals = _renewals(con, id, today)
    signs = sql.signs_of_life(con, id)
    since = _day(row["created_at"])
    rhythm = cadence_of(row["tier"], row["cadence_days"], session.config.cadence)
    touched_on = _day(touch["at"]) if touch else None
    facts = judging.HealthFacts(
        since=since,
        last_touch=touched_on,
        rhythm=rhythm,
        promises=[judging.Promise(_iso_day(task["due"]), task["owed_by"]) for task in tasks],
        people=[judging.Person(person["influence"], person["stance"]) for person in people],
        deals=_open_deals(deals, tasks, signs),
        spending=[judging.Spending(s["amount"], s["before"]) for s in purchases],
        terms=[
            judging.Term(
                t["product"] or "a term", date.fromisoformat(t["ends_on"]), bool(t["deal"])
            )
            for t in renewals
        ],
        tickets=_tickets(con, id),
        survey=_survey(con, id),
        renewal_days=session.config["today.renewal_days"],
    )
    entries = sql.timeline(con, id, kinds=ENTRY_KINDS, open_tasks=False, limit=LAST_ENTRIES)
    return {
        **values.as_json(fields, row),
        "health": _health(judging.health(facts, today)),
        "cadence": {
            "days": rhythm,
            "own": row["cadence_days"] is not None,
            "overdue_days": overdue_days(touched_on, since, rhythm, today),
        },
        "next_step": _next_step(tasks),
        "last_touch": values.as_json(session.fields("log"), touch) if touch else None,
        "contacts": people,
        "gaps": coverage.gaps(coverage.Part(p["role"], p["stance"]) for p in people),
        "deals": [{**deal, "pushes": signs[deal["id"]]["pushes"]} for deal in deals],
        "purchases": {
            "since": dates.iso(_year_before(today)),
            "totals": [_spending_json(spent) for spent in purchases],
        },
        "renewals": [
            _renewal_json(t, today, session.config["today.renewal_days"]) for t in renewals
        ],
        "promises": {
            side: [task for task in tasks if task["owed_by"] == side] for side in ("us", "them")
        },
        "reviews": reviews,
        "children": [_member(child) for child in sql.children(con, id)],
        "timeline": [_entry_json(entry) for entry in events.entries(entries, LAST_ENTRIES)],
        "timeline_count": sql.count_entries(con, id, ENTRY_KINDS),
    }


def timeline(
    session: Session,
    con: sqlite3.Connection,
    id: str,
    kinds: Sequence[str],
    since: date | None,
    limit: int | None,
) -> Table:
    """The entries of an account as a list, open tasks that are still to come on top."""
    found = sql.timeline(con, id, kinds=kinds, since=since, limit=limit)
    rows = [_entry_json(entry) for entry in events.entries(found, limit)]
    short = {row["id"]: row["id"][-lookup.TAIL :] for row in rows}
    return Table(
        "entry",
        "entries",
        ENTRY_FIELDS,
        rows,
        ("day", "kind", "direction", "text", "contacts"),
        list(ENTRY_FIELDS),
        short,
        empty="Nothing there.",
        today=session.clock.today,
        drawing="timeline:draw",
    )


def _entry_json(entry: events.Entry) -> Json:
    return {**entry.as_dict(), "day": dates.iso(entry.day), "contacts": list(entry.contacts)}


def tree(session: Session, con: sqlite3.Connection, account: str | None) -> Json:
    """The family of an account as nested objects, or all families."""
    if account is None:
        return {"families": _trees(sql.families(con))}
    return _trees(sql.family(con, session.find(con, "account", account).id))[0]


def _trees(rows: Sequence[Row]) -> list[Json]:
    """Accounts as trees: those whose parent is not among them, with their children below."""
    members = {row["id"]: {**_member(row), "children": []} for row in rows}
    tops: list[Json] = []
    for row in rows:
        above = members.get(row["parent_id"])
        (above["children"] if above else tops).append(members[row["id"]])
    return tops


def _member(row: Row) -> Json:
    member = {name: row[name] for name in ("id", "number", "name", "tier", "status")}
    return {**member, "archived": row["archived_at"] is not None}


def _people(session: Session, con: sqlite3.Connection, id: str) -> list[Json]:
    """The people of an account, those who decide first, then those spoken to last."""
    fields = session.fields("contact")
    people = [
        {**values.as_json(fields, row), "last_touch": row["last_touch"]}
        for row in sql.people(con, fields, id)
    ]
    people.sort(key=lambda person: person["last_touch"] or "", reverse=True)
    weight = {"high": 0, "medium": 1, None: 2, "low": 3}
    people.sort(key=lambda person: (not person["primary"], weight[person["influence"]]))
    return people


def _purchases(con: sqlite3.Connection, id: str, today: date) -> Sequence[Row]:
    """What was bought in twelve months and in the twelve before, by currency."""
    year = _year_before(today)
    return sql.spending(con, id, dates.iso(year), dates.iso(dates.add_months(year, -12)))


def _year_before(today: date) -> date:
    """The first of the twelve months that end today."""
    return dates.add_months(today, -12) + timedelta(days=1)


def _spending_json(row: Row) -> Json:
    return {
        "currency": row["currency"],
        "amount": _digits(row["amount"], row["currency"]),
        "before": _digits(row["before"], row["currency"]),
    }


def _renewals(con: sqlite3.Connection, id: str, today: date) -> Sequence[Row]:
    return sql.terms(con, id, dates.iso(today - timedelta(days=ENDED_DAYS)))


def _renewal_json(row: Row, today: date, window: int) -> Json:
    """A term as JSON; it is `due` when it should be renewed by now and nobody sees to it."""
    days = (date.fromisoformat(row["ends_on"]) - today).days
    due = days <= window and row["deal_id"] is None
    return {**row, "amount": _digits(row["amount"], row["currency"]), "days": days, "due": due}


def _open_deals(
    deals: Iterable[Json], tasks: Iterable[Json], signs: Mapping[str, Row]
) -> list[judging.OpenDeal]:
    """Open deals as health sees them; a step without a deal is a step of the only deal."""
    known = list(deals)
    loose = len(known) == 1 and any(task["due"] and not task["deal_id"] for task in tasks)
    return [
        judging.OpenDeal(
            deal["title"],
            _iso_day(deal["close_date"]),
            date.fromisoformat(signs[deal["id"]]["moved_on"]),
            signs[deal["id"]]["pushes"],
            bool(signs[deal["id"]]["has_step"]) or loose,
        )
        for deal in known
    ]


def _tickets(con: sqlite3.Connection, id: str) -> list[date] | None:
    opened = sql.open_tickets(con, id)
    return None if opened is None else [_day(at) for at in opened]


def _survey(con: sqlite3.Connection, id: str) -> judging.Survey | None:
    """The last answer; a score up to 5 is of 5 only where the answer says CSAT."""
    row = sql.last_survey(con, id)
    if row is None:
        return None
    score = row["score"]
    if score <= 5 and "csat" in row["summary"].lower():
        return judging.Survey((score - 1) * 25, f"{score} of 5", _day(row["at"]))
    return judging.Survey(score * 10, f"{score} of 10", _day(row["at"]))


def _health(health: judging.Health) -> Json:
    strongest = [reason.code for reason in judging.strongest(health)]
    return {
        "score": health.score,
        "band": health.band,
        "known": health.known,
        "strongest": strongest,
        "reasons": [reason.as_dict() for reason in health.reasons],
    }


def _next_step(tasks: Iterable[Json]) -> Json | None:
    """The first thing to do: of ours, by date; else what they owe."""
    ordered = sorted(tasks, key=lambda t: (t["owed_by"] != "us", t["due"] is None, t["due"] or ""))
    return ordered[0] if ordered else None


def _digits(minor: int, currency: str) -> Exact:
    return Exact(money.plain(minor, currency))


def _day(moment: str) -> date:
    return dates.day_of(dates.parse_iso_moment(moment))


def _iso_day(stored: str | None) -> date | None:
    return dates.parse_iso_day(stored) if stored else None
