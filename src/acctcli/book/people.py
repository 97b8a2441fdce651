"""The people of an account: who decides, who supports us, and who is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

from acctcli.book import reading
from acctcli.book.context import Context
from acctcli.domain import stakeholders, strength, trees
from acctcli.domain.stakeholders import Gone, Player
from acctcli.domain.strength import Strength, StrengthRules, Touch
from acctcli.model import KINDS, Row
from acctcli.store import deals as deal_sql
from acctcli.store import filters, queries
from acctcli.store import groups as group_sql
from acctcli.store import people as sql
from acctcli.store.facts import pages as page_sql
from acctcli.store.facts import touches as touch_sql
from acctcli.values.fields import as_json, known

if TYPE_CHECKING:
    import sqlite3

    from acctcli.shapes.groups import SisterJson
    from acctcli.shapes.people import (
        AccountContactJson,
        CampaignOfPersonJson,
        CarriedDealJson,
        ContactPage,
        GapJson,
        LinkJson,
        MapPage,
        MapPersonJson,
        StrengthJson,
    )
    from acctcli.shapes.records import ContactJson, DealJson, WholeContactJson, WholeDealJson


ACCOUNT = KINDS["account"].fields

HALVES = 12
"""A touch that halved so often counts for nothing that one decimal shows."""

LAST_INTERACTIONS = 10
"""How many interactions a person's page shows."""


def of_account(context: Context, con: sqlite3.Connection, id: str) -> list[AccountContactJson]:
    """Return the people of an account, primary and influential ones first, then by last touch."""
    fields = context.fields("contact")
    found: list[AccountContactJson] = [
        {**cast("ContactJson", as_json(fields, row)), "last_touch": row["last_touch"]}
        for row in page_sql.people(con, fields, id)
    ]
    found.sort(key=lambda person: person["last_touch"] or "", reverse=True)
    weight = {"high": 0, "medium": 1, None: 2, "low": 3}
    found.sort(key=lambda person: (not person["primary"], weight.get(person["influence"], 2)))
    return found


def page(context: Context, con: sqlite3.Connection, account_id: str) -> MapPage:
    """Return the people of an account as a tree, the gaps among them, and its open deals."""
    today = context.clock.today
    account = queries.get(con, "account", ACCOUNT, account_id, as_stored=True)
    people = of_account(context, con, account_id)
    spoke = sql.spoken_with(con, account_id)
    strengths = strengths_of(context, con, [person["id"] for person in people])
    players = [_player(person, spoke, strengths) for person in people]
    silent = context.config["people.silent_days"]
    gone = [
        Gone(row["id"], row["name"], row["role"], row["stance"], date.fromisoformat(row["on"]))
        for row in sql.who_left(con, account_id)
    ]
    return {
        **reading.head(account),
        "people": _nested(people, spoke, strengths),
        "gaps": [_gap(gap) for gap in stakeholders.gaps(players, gone, today, silent)],
        "sisters": _sisters(con, account),
        "deals": _deals(context, con, account_id, players),
    }


def _sisters(con: sqlite3.Connection, account: Row) -> list[SisterJson]:
    """Return who is known at other accounts of the group, if the account is in one."""
    if not account["parent_id"] and not group_sql.children(con, account["id"]):
        return []
    from acctcli.book.sisters import sisters  # most accounts are in no group

    return sisters(con, account["id"])


def _gap(gap: stakeholders.Gap) -> GapJson:
    return {"code": gap.code, "text": gap.text, "contact_id": gap.contact_id}


def strengths_of(
    context: Context, con: sqlite3.Connection, ids: Sequence[str]
) -> dict[str, Strength]:
    """Return how strong the relationship with each of these people is, by id.

    People without any touch are left out.
    """
    return strengths(context, touch_sql.with_people(con, ids, _counted_since(context)))


def strengths(context: Context, touches: Iterable[Touch]) -> dict[str, Strength]:
    """Return the same of touches that were read already, whatever their age."""
    since = _counted_since(context)
    counted = (touch for touch in touches if touch.day >= since)
    return strength.by_person(counted, _rules(context), context.clock.today)


def _rules(context: Context) -> StrengthRules:
    return StrengthRules(
        **{name: context.config[f"people.{name}"] for name in StrengthRules.__match_args__}
    )


def _counted_since(context: Context) -> date:
    return context.clock.today - timedelta(days=HALVES * _rules(context).half_life)


def _player(
    person: AccountContactJson, spoke: dict[str, str], strengths: dict[str, Strength]
) -> Player:
    day = spoke.get(person["id"])
    return Player(
        person["id"],
        person["name"],
        known(person["role"]),
        known(person["influence"]),
        known(person["stance"]),
        date.fromisoformat(day) if day else None,
        strengths.get(person["id"], strength.NONE),
    )


def _nested(
    people: Sequence[AccountContactJson], spoke: dict[str, str], strengths: dict[str, Strength]
) -> list[MapPersonJson]:
    """Return people as a tree: each with those who report to them under `reports`."""
    by_id = {
        person["id"]: _on_map(person, spoke.get(person["id"]), strengths.get(person["id"]))
        for person in people
    }
    managers = {person["id"]: person["reports_to_id"] for person in people}
    tops: list[MapPersonJson] = []
    above = [tops]
    for id, depth in trees.from_the_top(managers):
        del above[depth + 1 :]
        above[depth].append(by_id[id])
        above.append(by_id[id]["reports"])
    return tops


def _strength(found: Strength | None) -> StrengthJson:
    """Return the strength as JSON; it is 0 without any touch."""
    known = found or strength.NONE
    return {"now": known.now, "before": known.before, "cooling": known.cooling}


def _on_map(
    person: AccountContactJson, spoke_on: str | None, found: Strength | None
) -> MapPersonJson:
    return {
        "id": person["id"],
        "name": person["name"],
        "title": person["title"],
        "role": person["role"],
        "influence": person["influence"],
        "stance": person["stance"],
        "primary": person["primary"],
        "do_not_contact": person["do_not_contact"],
        "last_touch": person["last_touch"],
        "spoke_on": spoke_on,
        "strength": _strength(found),
        "reports": [],
    }


def _deals(
    context: Context, con: sqlite3.Connection, account_id: str, players: Sequence[Player]
) -> list[CarriedDealJson]:
    """Return the open deals, each with how its people support it."""
    own = queries.by_id("account_id", account_id)
    parts = sql.parts_in_deals(con, account_id)
    deals: list[DealJson] = reading.whole(context, con, "deal", own, deal_sql.OPEN)
    found: list[CarriedDealJson] = []
    for deal in deals:
        part = stakeholders.in_deal(players, parts.get(deal["id"]))
        met_days = context.config["people.met_days"]
        carried = stakeholders.carried(part, context.clock.today, met_days)
        found.append(
            {
                "id": deal["id"],
                "title": deal["title"],
                "stage": deal["stage"],
                "amount": deal["amount"],
                "currency": deal["currency"],
                "close_date": deal["close_date"],
                "everybody": deal["id"] not in parts,
                "rating": carried.rating,
                "reason": carried.reason,
                "supporters": carried.supporters,
            }
        )
    return found


def person(context: Context, con: sqlite3.Connection, id: str) -> ContactPage:
    """Return a person with their accounts, deals, last interactions and open tasks."""
    fields = context.fields("contact")
    row = queries.get(con, "contact", fields, id, as_stored=True)
    parts = sql.roles_on_deals(con, id)
    named = queries.by_ids("id", list(parts))
    deals: list[WholeDealJson] = reading.whole(context, con, "deal", named)
    with_them = filters.points_to("log", KINDS["log"].fields["contacts"], id)
    own_tasks = (queries.by_id("contact_id", id), queries.OPEN_TASKS)
    return {
        **cast("WholeContactJson", as_json(fields, row)),
        "last_touch": row["last_touch"],
        "strength": _strength(strengths_of(context, con, [id]).get(id)),
        "links": [cast("LinkJson", link) for link in sql.links(con, row)],
        "deals": [{**deal, "role": parts[deal["id"]]} for deal in deals],
        "interaction_count": queries.count(con, "log", [with_them]),
        "interactions": reading.whole(context, con, "log", with_them, limit=LAST_INTERACTIONS),
        "tasks": reading.whole(context, con, "task", *own_tasks),
        "account_archived_at": reading.archived_at(con, row["account_id"]),
        "campaigns": _campaigns(context, con, id),
    }


def _campaigns(
    context: Context, con: sqlite3.Connection, person: str
) -> list[CampaignOfPersonJson]:
    """Return the campaigns that a person is in, and how far each got with them."""
    there = sql.campaigns_of(con, person)
    if not there:
        return []
    from acctcli.book import campaigns  # most people are in none

    found = campaigns.judged(context, con, list(there))
    return [
        {"id": id, "name": name, "state": one.state}
        for id, name in there.items()
        for one in found[id].members
        if one.member.contact_id == person
    ]
