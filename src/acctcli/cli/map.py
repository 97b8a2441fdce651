"""`acct contact map`: who decides at an account, who is for us, and who is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

from acctcli.book import reading
from acctcli.cli import pages
from acctcli.cli.contact import noun
from acctcli.cli.kit import options
from acctcli.cli.kit.session import Session
from acctcli.domain import stakeholders
from acctcli.domain.stakeholders import Gone, Player
from acctcli.model import KINDS
from acctcli.results import Page
from acctcli.store import deals as deal_sql
from acctcli.store import people as sql
from acctcli.store import queries
from acctcli.values.fields import Json, known

if TYPE_CHECKING:
    import sqlite3

ACCOUNT = KINDS["account"].fields

PERSON = (
    *("id", "name", "title", "role", "influence", "stance", "primary", "do_not_contact"),
    "last_touch",
)
"""What the map holds of a person."""

DEAL = ("id", "title", "stage", "amount", "currency", "close_date")


@noun.command(
    "map", examples=["acct contact map greentech", "acct contact map greentech -f json | jq .gaps"]
)
def map_(
    session: Session,
    account: Annotated[str, options.argument("account", "Its number, name or id.")],
) -> Page:
    """Draw the buying group of an account: who reports to whom, their part, weight and stance.

    Says what is missing in words, and how each open deal is carried: red without a
    supporting key player, amber with one, green with one who decides.
    """
    with session.read() as con:
        data = page(session, con, session.find(con, "account", account).id)
    return Page(data, "map:draw", session.clock.today)


def page(session: Session, con: sqlite3.Connection, account_id: str) -> Json:
    """The people of an account as a tree, the gaps among them, and its open deals."""
    today = session.clock.today
    account = queries.get(con, "account", ACCOUNT, account_id, as_stored=True)
    people = pages.people(session, con, account_id)
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
        "deals": _deals(session, con, account_id, players),
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
    session: Session, con: sqlite3.Connection, account_id: str, players: Sequence[Player]
) -> list[Json]:
    """The open deals, each with how it is carried."""
    own = queries.by_id("account_id", account_id)
    parts = sql.parts_in_deals(con, account_id)
    found = []
    for deal in reading.whole(session, con, "deal", own, deal_sql.OPEN):
        carried = stakeholders.carried(stakeholders.in_deal(players, parts.get(deal["id"])))
        shown = {name: deal[name] for name in DEAL}
        found.append({**shown, "everybody": deal["id"] not in parts, **carried.as_dict()})
    return found
