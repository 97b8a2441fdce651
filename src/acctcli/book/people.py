"""The people of an account: who decides, who is for us, and who is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from acctcli.book import reading
from acctcli.book.context import Context
from acctcli.domain import stakeholders
from acctcli.domain.stakeholders import Gone, Player
from acctcli.model import KINDS
from acctcli.store import deals as deal_sql
from acctcli.store import filters, queries
from acctcli.store import people as sql
from acctcli.store.facts import pages as page_sql
from acctcli.values.fields import Json, as_json, known

if TYPE_CHECKING:
    import sqlite3


ACCOUNT = KINDS["account"].fields

PERSON = (
    *("id", "name", "title", "role", "influence", "stance", "primary", "do_not_contact"),
    "last_touch",
)
"""What the map holds of a person."""

DEAL = ("id", "title", "stage", "amount", "currency", "close_date")


LAST_INTERACTIONS = 10
"""How many interactions a person's page shows."""


def of_account(context: Context, con: sqlite3.Connection, id: str) -> list[Json]:
    """The people of an account, those who decide first, then those spoken to last."""
    fields = context.fields("contact")
    found = [
        {**as_json(fields, row), "last_touch": row["last_touch"]}
        for row in page_sql.people(con, fields, id)
    ]
    found.sort(key=lambda person: person["last_touch"] or "", reverse=True)
    weight = {"high": 0, "medium": 1, None: 2, "low": 3}
    found.sort(key=lambda person: (not person["primary"], weight.get(person["influence"], 2)))
    return found


def page(context: Context, con: sqlite3.Connection, account_id: str) -> Json:
    """The people of an account as a tree, the gaps among them, and its open deals."""
    today = context.clock.today
    account = queries.get(con, "account", ACCOUNT, account_id, as_stored=True)
    people = of_account(context, con, account_id)
    spoke = sql.spoken_with(con, account_id)
    players = [_player(person, spoke) for person in people]
    gone = [
        Gone(row["id"], row["name"], row["role"], row["stance"], date.fromisoformat(row["on"]))
        for row in sql.who_left(con, account_id)
    ]
    return {
        **{name: account[name] for name in ("id", "number", "name", "tier", "status")},
        "people": _nested(people, spoke),
        "gaps": [gap.as_dict() for gap in stakeholders.gaps(players, gone, today)],
        "deals": _deals(context, con, account_id, players),
    }


def _player(person: Json, spoke: dict[str, str]) -> Player:
    day = spoke.get(person["id"])
    return Player(
        person["id"],
        person["name"],
        known(person["role"]),
        known(person["influence"]),
        known(person["stance"]),
        date.fromisoformat(day) if day else None,
    )


def _nested(people: Sequence[Json], spoke: dict[str, str]) -> list[Json]:
    """People as a tree: each with those who report to them under `reports`."""
    by_id = {
        person["id"]: {
            **{name: person[name] for name in PERSON},
            "spoke_on": spoke.get(person["id"]),
            "reports": [],
        }
        for person in people
    }
    managers = {person["id"]: person["reports_to_id"] for person in people}
    tops: list[Json] = []
    above = [tops]
    for id, depth in stakeholders.tree(managers):
        del above[depth + 1 :]
        above[depth].append(by_id[id])
        above.append(by_id[id]["reports"])
    return tops


def _deals(
    context: Context, con: sqlite3.Connection, account_id: str, players: Sequence[Player]
) -> list[Json]:
    """The open deals, each with how it is carried."""
    own = queries.by_id("account_id", account_id)
    parts = sql.parts_in_deals(con, account_id)
    found = []
    for deal in reading.whole(context, con, "deal", own, deal_sql.OPEN):
        carried = stakeholders.carried(stakeholders.in_deal(players, parts.get(deal["id"])))
        shown = {name: deal[name] for name in DEAL}
        found.append({**shown, "everybody": deal["id"] not in parts, **carried.as_dict()})
    return found


def person(context: Context, con: sqlite3.Connection, id: str) -> Json:
    """A person: where they are and were, their deals, the last words, open tasks."""
    fields = context.fields("contact")
    row = queries.get(con, "contact", fields, id, as_stored=True)
    parts = sql.roles_on_deals(con, id)
    deals = reading.whole(context, con, "deal", queries.by_ids("id", list(parts)))
    with_them = filters.points_to("log", KINDS["log"].fields["contacts"], id)
    own_tasks = (queries.by_id("contact_id", id), queries.OPEN_TASKS)
    return {
        **as_json(fields, row),
        "last_touch": row["last_touch"],
        "links": sql.links(con, row),
        "deals": [{**deal, "role": parts[deal["id"]]} for deal in deals],
        "interaction_count": queries.count(con, "log", [with_them]),
        "interactions": reading.whole(context, con, "log", with_them, limit=LAST_INTERACTIONS),
        "tasks": reading.whole(context, con, "task", *own_tasks),
    }
