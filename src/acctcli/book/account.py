"""The page and the timeline of an account: rows become JSON objects.

Each part of a page has its own key, with records in their JSON form. `domain` judges what the parts
mean, `render` draws them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

from acctcli.book import contracts, health, people, plan, reading, reorders, tickets
from acctcli.book.context import Context
from acctcli.domain import contracts as judging
from acctcli.domain import coverage, timeline
from acctcli.domain.cadence import overdue_days
from acctcli.model import DAY, ENTRY_KINDS, FLAG, KINDS, MOMENT, REF, TEXT, Field, Row
from acctcli.store import deals as deal_sql
from acctcli.store import groups as group_sql
from acctcli.store import lookup, queries
from acctcli.store.facts import pages as sql
from acctcli.store.facts.contracts import of_accounts
from acctcli.values import dates
from acctcli.values.fields import as_json, exact

if TYPE_CHECKING:
    import sqlite3

    from acctcli.config import Config
    from acctcli.domain.contracts import Contract
    from acctcli.domain.health_facts import HealthFacts
    from acctcli.shapes.account import (
        AccountDealJson,
        AccountPage,
        CadenceJson,
        EndingTermJson,
        EventJson,
        GroupEventJson,
        PurchasesJson,
    )
    from acctcli.shapes.groups import GroupJson
    from acctcli.shapes.records import AccountJson, DealJson, LogJson, TaskJson

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

GROUP_ENTRY_FIELDS = {
    **{name: ENTRY_FIELDS[name] for name in ("id", "record")},
    "account": Field(REF, "where it happened", name="account", target="account"),
    **ENTRY_FIELDS,
}
"""The same for several accounts."""

LAST_ENTRIES = 24
"""How many timeline entries the page holds; a narrow terminal shows fewer."""

LAST_REVIEWS = 6


def page(context: Context, con: sqlite3.Connection, id: str) -> AccountPage:
    """Return everything that the page of an account shows."""
    today = context.clock.today
    fields = context.fields("account")
    row = queries.get(con, "account", fields, id, as_stored=True)
    account = cast("AccountJson", as_json(fields, row))
    own = queries.by_id("account_id", id)
    children = group_sql.children(con, id)
    touch = sql.last_touch(con, context.fields("log"), id)
    found_people = people.of_account(context, con, id)
    tasks: list[TaskJson] = reading.whole(context, con, "task", own, queries.OPEN_TASKS)
    last = sql.timeline(con, id, kinds=ENTRY_KINDS, open_tasks=False, limit=LAST_ENTRIES)
    judged = health.one(context, con, id)
    return {
        **account,
        "health": health.as_json(judged),
        "cadence": _cadence(judged.facts, account["cadence_days"], today),
        "next_step": _next_step(tasks),
        "last_touch": cast("LogJson", as_json(context.fields("log"), touch)) if touch else None,
        "contacts": found_people,
        "gaps": coverage.gaps(coverage.RolePlayed(p["role"], p["stance"]) for p in found_people),
        "deals": _deals(context, con, id, tasks),
        "purchases": _purchases(con, context.config, id, today),
        "renewals": _renewals(con, context.config, id, today),
        "promises": {
            "us": [task for task in tasks if task["owed_by"] != "them"],
            "them": [task for task in tasks if task["owed_by"] == "them"],
        },
        "kept": health.kept_promises(judged, today),
        "tickets": tickets.still_open(context, con, id),
        "plan": plan.page(context, con, id),
        "reviews": reading.whole(context, con, "review", own, limit=LAST_REVIEWS),
        "children": [reading.member(child) for child in children],
        "group": _group(context, con, id, children),
        "timeline": [_entry_json(entry) for entry in timeline.entries(last, LAST_ENTRIES)],
        "timeline_count": sql.count_entries(con, id, ENTRY_KINDS),
    }


def _group(
    context: Context, con: sqlite3.Connection, id: str, children: Sequence[Row]
) -> GroupJson | None:
    """Return the group of an account; None if nothing is below it."""
    if not children:
        return None
    from acctcli.book import groups  # most accounts have nothing below them

    return groups.of_account(context, con, id, children)


def _cadence(facts: HealthFacts, own: int | None, today: date) -> CadenceJson:
    return {
        "days": facts.cadence,
        "own": own is not None,
        "overdue_days": overdue_days(facts.last_touch, facts.since, facts.cadence, today),
    }


def entries(
    con: sqlite3.Connection,
    id: str,
    kinds: Sequence[str],
    since: date | None,
    limit: int | None,
) -> list[EventJson]:
    """Return what happened at an account; open tasks with a future date come first."""
    found = sql.timeline(con, id, kinds=kinds, since=since, limit=limit)
    return [_entry_json(entry) for entry in timeline.entries(found, limit)]


def group_entries(
    con: sqlite3.Connection,
    ids: Sequence[str],
    kinds: Sequence[str],
    since: date | None,
    limit: int | None,
) -> list[GroupEventJson]:
    """Return what happened at several accounts, each entry with its account."""
    found = [
        row for id in ids for row in sql.timeline(con, id, kinds=kinds, since=since, limit=limit)
    ]
    names = lookup.account_names(con, ids)
    return [
        {"account": names[entry.account_id], "account_id": entry.account_id, **_entry_json(entry)}
        for entry in timeline.entries(found, limit)
    ]


def _entry_json(entry: timeline.Event) -> EventJson:
    return {
        "day": dates.iso(entry.day),
        "at": entry.at,
        "kind": entry.kind,
        "direction": entry.direction,
        "text": entry.text,
        "contacts": list(entry.contacts),
        "done": entry.done,
        "record": entry.record,
        "id": entry.id,
    }


def _deals(
    context: Context, con: sqlite3.Connection, id: str, tasks: Sequence[TaskJson]
) -> list[AccountDealJson]:
    """Return open deals with their signs of life; a step without a deal counts for an only deal."""
    own = queries.by_id("account_id", id)
    deals: list[DealJson] = reading.whole(context, con, "deal", own, deal_sql.OPEN)
    signs = sql.signs_of_life(con, id)
    by_deal: dict[str, float] = {}
    if deals:
        from acctcli.book import chances  # many accounts have no open deal

        if queries.count(con, "deal") <= chances.QUICK:
            by_deal = chances.of_open_deals(context, con)
    loose = len(deals) == 1 and any(task["due"] and not task["deal_id"] for task in tasks)
    return [
        {
            **deal,
            "moved_on": signs[deal["id"]]["moved_on"],
            "pushes": signs[deal["id"]]["pushes"],
            "has_step": bool(signs[deal["id"]]["has_step"]) or loose,
            "win_rate": chances.in_percent(by_deal, deal["id"]),
        }
        for deal in deals
    ]


def _purchases(con: sqlite3.Connection, config: Config, id: str, today: date) -> PurchasesJson:
    """Return what was bought in the last twelve months and in the twelve before, and how often."""
    year = dates.add_months(today, -12) + timedelta(days=1)
    before = dates.add_months(year, -12)
    totals = sql.spending(con, id, dates.iso(year), dates.iso(before), dates.iso(today))
    return {
        "since": dates.iso(year),
        "totals": [
            {
                "currency": total["currency"],
                "amount": exact(int(total["amount"]), str(total["currency"])),
                "before": exact(int(total["before"]), str(total["currency"])),
            }
            for total in totals
        ],
        "cadence": reorders.of_account(con, config, id, today),
    }


def _renewals(
    con: sqlite3.Connection, config: Config, id: str, today: date
) -> list[EndingTermJson]:
    """Return the contracts that run or lapsed, next deadline first; `due` ones need action now."""
    known = contracts.read(con, config, of_accounts([id]))
    shown = [one for one in known.known if one.standing(today) not in OVER]
    shown.sort(key=lambda one: (one.deadline(today), one.facts.id))
    return [_renewal(one, known, today) for one in shown]


OVER = (judging.RENEWED, judging.ENDED)
"""Contracts that stand like this need no renewal."""


def _renewal(contract: Contract, known: contracts.Contracts, today: date) -> EndingTermJson:
    facts, deal = contract.facts, known.deal_for(contract)
    notice = contract.notice_by(today)
    return {
        "id": facts.id,
        "product": facts.product,
        "product_id": facts.product_id,
        "amount": exact(facts.amount, facts.currency),
        "arr": exact(contract.arr, facts.currency),
        "currency": facts.currency,
        "ends_on": dates.iso(contract.end(today)),
        "notice_by": dates.iso(notice) if notice else None,
        "auto_renews": facts.auto_renews,
        "standing": contract.standing(today),
        "deal_id": deal.id if deal else None,
        "deal": deal.title if deal else None,
        "days": (contract.deadline(today) - today).days,
        "due": judging.needs_someone(contract, known.deals, today),
    }


def _next_step(tasks: Iterable[TaskJson]) -> TaskJson | None:
    """Return the next task: our first one by date, else what they owe."""
    ordered = sorted(tasks, key=lambda t: (t["owed_by"] != "us", t["due"] is None, t["due"] or ""))
    return ordered[0] if ordered else None
