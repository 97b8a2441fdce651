"""The dossier of a handover: what a colleague must know about each account, on some pages.

It says nothing about other accounts: not what a group comes to, and not who knows whom at a sister.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, cast

from acctcli.book import account, brief, risks, today
from acctcli.book.context import Context
from acctcli.domain.coverage import SIGNING
from acctcli.model import ENTRY_KINDS
from acctcli.store import queries

if TYPE_CHECKING:
    import sqlite3

    from acctcli.shapes.account import EventJson
    from acctcli.shapes.brief import BriefPage
    from acctcli.shapes.handover import DossierAccountJson, DossierPage, YearJson
    from acctcli.shapes.people import MapPersonJson

FIRST_THINGS = 3

MILESTONES = 24
"""How many deals, purchases and reviews the story of an account names; others are counted."""


def page(
    context: Context, con: sqlite3.Connection, ids: Sequence[str], giver: str, to: str
) -> DossierPage:
    """Return the dossier of accounts, by name."""
    agenda = today.judge(context, con, [queries.by_ids("id", ids)], everything=True)
    first = {
        rows[0]["account_id"]: [row["reason"] for row in rows[:FIRST_THINGS]]
        for _, rows in agenda.ranked
        if rows
    }
    risk = risks.of_deals(context, con, ids)
    found: list[DossierAccountJson] = []
    for id in ids:
        whole = brief.page(context, con, id)
        whole["group"] = None
        found.append(
            {
                "brief": whole,
                "first": list(_first(first.get(id, []), whole))[:FIRST_THINGS],
                "risks": {
                    deal["id"]: judged
                    for deal in whole["deals"]
                    if (judged := risks.as_json(risk.get(deal["id"]))) is not None
                },
                "story": _story(account.entries(con, id, ENTRY_KINDS, None, None)),
            }
        )
    found.sort(key=lambda one: one["brief"]["name"].casefold())
    return {"from": giver, "to": to, "accounts": found}


def _first(reasons: Sequence[str], whole: BriefPage) -> Iterator[str]:
    """Yield what to do first: what needs attention today, then who to meet, then what is next."""
    yield from reasons
    people = sorted(whole["people"], key=_rank)
    if people:
        name = ", ".join(filter(None, (people[0]["name"], people[0]["title"])))
        yield f"Introduce yourself to {name}"
    said = " ".join(reasons)
    for task in sorted(whole["promises"]["us"], key=lambda task: task["due"] or "~"):
        if task["text"] not in said:
            yield f"{task['text']}: due {task['due']}" if task["due"] else task["text"]
    if whole["review"]["last"] is None:
        yield "Hold a first review of the account"


def _rank(person: MapPersonJson) -> tuple[bool, bool, int]:
    """Return a key that puts first who signs, then who has most influence."""
    order = {"high": 0, "medium": 1, "low": 2}
    return (
        person["do_not_contact"],
        person["role"] not in SIGNING,
        order.get(person["influence"] or "", len(order)),
    )


def _story(entries: Sequence[EventJson]) -> list[YearJson]:
    """Return what happened in each year, the last first: its milestones, the rest counted."""
    years: dict[str, YearJson] = {}
    named = 0
    for entry in entries:
        year = years.setdefault(
            entry["day"][:4], {"year": entry["day"][:4], "interactions": 0, "events": [], "more": 0}
        )
        if entry["record"] == "log":
            year["interactions"] += 1
        elif entry["record"] != "task":
            if named < MILESTONES:
                cast("list[EventJson]", year["events"]).append(entry)
                named += 1
            else:
                year["more"] += 1
    return [year for year in years.values() if year["interactions"] or year["events"]]
