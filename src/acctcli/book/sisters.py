"""Who is known at the other accounts of a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.domain import coverage
from acctcli.store import groups
from acctcli.store.facts import groups as sql
from acctcli.store.facts.groups import KnownPersonRow

if TYPE_CHECKING:
    import sqlite3

    from acctcli.shapes.groups import SisterJson, SisterPersonJson


def sisters(con: sqlite3.Connection, account_id: str) -> list[SisterJson]:
    """Return who is known at the other accounts of a group, those who are for us first.

    Archived accounts, and accounts without contacts, are left out.
    """
    others = [
        row
        for row in groups.below(con, groups.top(con, account_id))
        if row["id"] != account_id and not row["archived_at"]
    ]
    if not others:
        return []
    here = {person.id for person in sql.people_at(con, [account_id])}
    people: dict[str, list[KnownPersonRow]] = {}
    for person in sql.people_at(con, [row["id"] for row in others]):
        if person.id not in here:
            people.setdefault(person.account_id, []).append(person)
    return [
        {
            "account": row["name"],
            "account_id": row["id"],
            "number": row["number"],
            "people": [
                _person_json(person) for person in sorted(people[row["id"]], key=_most_for_us)
            ],
        }
        for row in others
        if row["id"] in people
    ]


def _person_json(person: KnownPersonRow) -> SisterPersonJson:
    return {
        "id": person.id,
        "name": person.name,
        "title": person.title,
        "role": person.role,
        "influence": person.influence,
        "stance": person.stance,
        "do_not_contact": person.do_not_contact,
        "last_touch": person.last_touch,
    }


def _most_for_us(person: KnownPersonRow) -> tuple[bool, bool, bool, bool]:
    """Sort champions first, then supporters, and those who are against us last."""
    role, stance = person.role, person.stance
    return (
        not coverage.is_champion(role, stance),
        not coverage.for_us(role, stance),
        coverage.against_us(role, stance),
        not coverage.counts(role, person.influence),
    )
