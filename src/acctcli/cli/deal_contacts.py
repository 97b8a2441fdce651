"""`acct deal contact`: the people on a deal, and the part of each.

A person's part in one deal is independent of their role at the account.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from acctcli import text
from acctcli.book import deals
from acctcli.cli.deal import OneDeal, noun
from acctcli.cli.kit import nouns, offers, options
from acctcli.cli.kit.session import Session
from acctcli.errors import NotFound, UsageError
from acctcli.model import KINDS, ROLES
from acctcli.results import Done, Table
from acctcli.store import lookup
from acctcli.store import records as store
from acctcli.values.fields import read_field

if TYPE_CHECKING:
    from acctcli.store.journal import Writing
    from acctcli.store.lookup import Found


@noun.command(
    "contact",
    examples=[
        "acct deal contact 'platform rollout' mei --role economic-buyer",
        "acct deal contact 3f9a",
        "acct deal contact 3f9a 'Raj Nair' --remove",
    ],
)
def contact(
    session: Session,
    deal: OneDeal,
    people: Annotated[
        list[str] | None,
        options.arguments(
            "contact", "People with a role in the deal, or - for stdin.", of_account=True
        ),
    ] = None,
    role: Annotated[
        str | None,
        typer.Option(
            "--role",
            help="Role in this deal.",
            autocompletion=offers.words(ROLES),
        ),
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take them off the deal.")] = False,
) -> Table | Done:
    """List the people on a deal, or add, change or remove them."""
    if not people:
        if role is not None or remove:
            raise UsageError("--role and --remove need the names of people")
        return _people(session, deal)
    if role is not None and remove:
        raise UsageError("--role and --remove contradict each other: give only one")
    part: dict[str, Any] = {}
    if role is not None:
        field = KINDS["deal_contact"].fields["role"]
        part["role"] = read_field(field, role, session.reading, what="--role")
    named = session.names_given("contact", people)
    with session.write() as tx:
        found = session.find(tx.con, "deal", deal)
        assert found.account_id
        links = tx.rows("deal_contact", "deal_id", found.id)
        link_of = {link["contact_id"]: link["id"] for link in links}
        says = []
        near = (
            lookup.find_near_account(tx.con, "contact", name, found.account_id, whole=remove)
            for name in named
        )
        # A person who is named twice, by name and by id perhaps, counts once.
        people_by_id = {person.id: person for person in near}
        if not remove:
            account = tx.read("account", found.account_id) or {}
            at = {found.account_id: str(account.get("name"))}
            nouns.tell_elsewhere(session, tx.con, list(people_by_id), at)
        for person in people_by_id.values():
            link = link_of.get(person.id)
            if remove:
                says.append(_remove(tx, found, person, link))
            else:
                says.append(_give(tx, found, person, link, part))
        return nouns.done(session, tx, "deal", [found.id], " ".join(says))


def _people(session: Session, deal: str) -> Table:
    with session.read() as con:
        rows = deals.people(con, session.find(con, "deal", deal).id)
        short = lookup.short_ids(con, "contact", [row["id"] for row in rows])
    fields = deals.PERSON_FIELDS
    return Table(
        *("contact", "contacts", fields, rows),
        names=list(fields),
        all_names=list(fields),
        short=short,
        empty="No people yet. How to add one: acct help deal contact",
        today=session.clock.today,
    )


def _give(
    tx: Writing, deal: Found, person: Found, link: str | None, part: Mapping[str, Any]
) -> str:
    """Give a person a part in a deal, or change the one they have; return a sentence."""
    already = ""
    if link is None:
        refs = {"deal": deal.id, "account": deal.account_id, "contact": person.id}
        store.insert(tx, "deal_contact", {**refs, **part})
    elif not store.update(tx, "deal_contact", link, part):
        already = " already"
    as_what = f" as {part['role']}" if part.get("role") else ""
    return f"{text.safe(person.name)} has a part in {text.quoted(deal.name)}{as_what}{already}."


def _remove(tx: Writing, deal: Found, person: Found, link: str | None) -> str:
    """Remove a person from a deal; return a sentence."""
    name = text.safe(person.name)
    if link is None:
        raise NotFound(f"{name} is not on {text.quoted(deal.name)}")
    store.delete(tx, "deal_contact", link)
    return f"{name} is no longer on {text.quoted(deal.name)}."
