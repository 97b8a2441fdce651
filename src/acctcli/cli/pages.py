"""The account's page, timeline and family, put together: rows in, JSON objects out.

Each part stands under its own key, records in their JSON form. What the parts
mean is judged in `domain`, how they look in `render`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from acctcli.book import health, plan, reading
from acctcli.cli.kit.session import Session
from acctcli.domain import coverage, stakeholders
from acctcli.domain import timeline as events
from acctcli.domain.cadence import overdue_days
from acctcli.model import DAY, ENTRY_KINDS, FLAG, KINDS, MOMENT, TEXT, Field
from acctcli.results import Table
from acctcli.store import deals as deal_sql
from acctcli.store import lookup, queries
from acctcli.store.facts import pages as sql
from acctcli.values import dates
from acctcli.values.fields import Exact, Json, Row, as_json, exact

if TYPE_CHECKING:
    import sqlite3

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


def account(session: Session, con: sqlite3.Connection, id: str) -> Json:
    """Everything that the page of one account shows."""
    today = session.clock.today
    fields = session.fields("account")
    row = queries.get(con, "account", fields, id, as_stored=True)
    own = queries.by_id("account_id", id)
    touch = sql.last_touch(con, session.fields("log"), id)
    found_people = people(session, con, id)
    tasks = reading.whole(session, con, "task", own, queries.OPEN_TASKS)
    entries = sql.timeline(con, id, kinds=ENTRY_KINDS, open_tasks=False, limit=LAST_ENTRIES)
    data = {
        **as_json(fields, row),
        "health": {},
        "cadence": {},
        "next_step": _next_step(tasks),
        "last_touch": as_json(session.fields("log"), touch) if touch else None,
        "contacts": found_people,
        "gaps": coverage.gaps(coverage.Part(p["role"], p["stance"]) for p in found_people),
        "deals": _deals(session, con, id, tasks),
        "purchases": _purchases(con, id, today),
        "renewals": _renewals(con, id, today, session.config["today.renewal_days"]),
        "promises": {
            side: [task for task in tasks if (task["owed_by"] == "them") == (side == "them")]
            for side in ("us", "them")
        },
        "plan": plan.page(session, con, id),
        "reviews": reading.whole(session, con, "review", own, limit=LAST_REVIEWS),
        "children": [_member(child) for child in sql.children(con, id)],
        "timeline": [_entry_json(entry) for entry in events.entries(entries, LAST_ENTRIES)],
        "timeline_count": sql.count_entries(con, id, ENTRY_KINDS),
    }
    found = health.one(session, con, id)
    facts = found.facts
    data["health"] = health.as_json(found.health)
    data["cadence"] = {
        "days": facts.rhythm,
        "own": data["cadence_days"] is not None,
        "overdue_days": overdue_days(facts.last_touch, facts.since, facts.rhythm, today),
    }
    return data


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
    trees = _trees(sql.family(con, session.find(con, "account", account).id))
    # A family has one top, except for a circle that an import brought about.
    return trees[0] if len(trees) == 1 else {"families": trees}


def _trees(rows: Sequence[Row]) -> list[Json]:
    """Accounts as trees: those whose parent is not among them, with their children below."""
    members = {row["id"]: {**_member(row), "children": []} for row in rows}
    tops: list[Json] = []
    above = [tops]
    for id, depth in stakeholders.tree({row["id"]: row["parent_id"] for row in rows}):
        del above[depth + 1 :]
        above[depth].append(members[id])
        above.append(members[id]["children"])
    return tops


def _member(row: Row) -> Json:
    member = {name: row[name] for name in ("id", "number", "name", "tier", "status")}
    return {**member, "archived": row["archived_at"] is not None}


def people(session: Session, con: sqlite3.Connection, id: str) -> list[Json]:
    """The people of an account, those who decide first, then those spoken to last."""
    fields = session.fields("contact")
    found = [
        {**as_json(fields, row), "last_touch": row["last_touch"]}
        for row in sql.people(con, fields, id)
    ]
    found.sort(key=lambda person: person["last_touch"] or "", reverse=True)
    weight = {"high": 0, "medium": 1, None: 2, "low": 3}
    found.sort(key=lambda person: (not person["primary"], weight.get(person["influence"], 2)))
    return found


def _deals(session: Session, con: sqlite3.Connection, id: str, tasks: Sequence[Json]) -> list[Json]:
    """The open deals with their signs of life; a step without a deal is one of the only deal."""
    own = queries.by_id("account_id", id)
    deals = reading.whole(session, con, "deal", own, deal_sql.OPEN)
    signs = sql.signs_of_life(con, id)
    loose = len(deals) == 1 and any(task["due"] and not task["deal_id"] for task in tasks)
    for deal in deals:
        sign = signs[deal["id"]]
        deal |= {"moved_on": sign["moved_on"], "pushes": sign["pushes"]}
        deal["has_step"] = bool(sign["has_step"]) or loose
    return deals


def _purchases(con: sqlite3.Connection, id: str, today: date) -> Json:
    """What was bought in the twelve months that end today, and in the twelve before."""
    year = dates.add_months(today, -12) + timedelta(days=1)
    before = dates.add_months(year, -12)
    totals = sql.spending(con, id, dates.iso(year), dates.iso(before), dates.iso(today))
    for total in totals:
        for name in ("amount", "before"):
            total[name] = _digits(total[name], total["currency"])
    return {"since": dates.iso(year), "totals": totals}


def _renewals(con: sqlite3.Connection, id: str, today: date, window: int) -> list[Json]:
    """The terms that end; one is `due` when it should be renewed by now and nobody sees to it."""
    terms = sql.terms(con, id, dates.iso(today - timedelta(days=health.ENDED_DAYS)))
    for term in terms:
        term["amount"] = _digits(term["amount"], term["currency"])
        term["days"] = (date.fromisoformat(term["ends_on"]) - today).days
        term["due"] = term["days"] <= window and term["deal_id"] is None
    return terms


def _next_step(tasks: Iterable[Json]) -> Json | None:
    """The first thing to do: of ours, by date; else what they owe."""
    ordered = sorted(tasks, key=lambda t: (t["owed_by"] != "us", t["due"] is None, t["due"] or ""))
    return ordered[0] if ordered else None


def _digits(minor: int, currency: str | None) -> Exact | None:
    return exact(minor, currency)
