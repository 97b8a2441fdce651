"""`acct sync member` and `hub-sql`: a shared book that a PostgreSQL database keeps for a team."""

from __future__ import annotations

from typing import Annotated

import typer

from acctcli import model, text
from acctcli.cli.kit import offers
from acctcli.cli.kit.options import Yes
from acctcli.cli.kit.session import Session
from acctcli.cli.sync import noun
from acctcli.errors import UsageError
from acctcli.model import Field
from acctcli.results import Done, Lines, Table

ACTIONS = ("add", "list", "remove")

FIELDS = model.declare(
    book=Field(model.TEXT, "the shared book"),
    login=Field(model.TEXT, "who"),
    role=Field(model.TEXT, "read, write or own"),
)


@noun.command(
    "member",
    tool=False,
    examples=[
        "acct sync member list",
        "acct sync member add ben",
        "acct sync member add kim --role read --book west",
        "acct sync member remove ben --yes",
    ],
)
def member(
    session: Session,
    action: Annotated[
        str,
        typer.Argument(
            metavar="add|list|remove",
            help="What to do.",
            show_default=False,
            autocompletion=offers.words(ACTIONS),
        ),
    ],
    login: Annotated[
        str | None,
        typer.Argument(help="Name with which they log in to the database.", show_default=False),
    ] = None,
    role: Annotated[
        str,
        typer.Option(
            "--role",
            metavar="ROLE",
            help="read, write, or own (may let others in).",
            autocompletion=offers.words(("read", "write", "own")),
        ),
    ] = "write",
    book: Annotated[
        str | None,
        typer.Option(
            "--book",
            metavar="BOOK",
            help="Which shared book. Default: the home book of this machine.",
            show_default=False,
            autocompletion=offers.shared_books,
        ),
    ] = None,
    yes: Yes = False,
) -> Done | Table:
    """List the members of a shared book, add or remove one.

    Only owners let people in and take them out. What was on somebody's machine before stays
    there.
    """
    from acctcli.book.sync import members

    if action not in ACTIONS:
        raise UsageError(text.unknown("action", action, ACTIONS))
    if action == "list":
        if login is not None:
            raise UsageError("member list takes no login")
        return _listed(session, book)
    if not login:
        raise UsageError(f"name the login: acct sync member {action} ben")
    who = text.safe(login)
    if action == "add":
        of = members.add(session, login, role, book)
        says = f"{who} may {_allowed(role)} the shared book {of}."
        hint = "On their machine: acct sync join, with the address of the database"
        return Done([login], {}, says, [{"book": of, "login": login, "role": role}], hint=hint)
    of = members.book_of(session, book)
    session.confirm(f"Take {who} out of the shared book {of}?", yes=yes)
    members.remove(session, login, book)
    says = (
        f"{who} is not a member of the shared book {of} any more, and gets nothing new. What was "
        "on their machine stays there."
    )
    return Done([login], {}, says, [{"book": of, "login": login, "role": None}])


def _allowed(role: str) -> str:
    return {"read": "read", "write": "read and write", "own": "read, write and manage"}[role]


def _listed(session: Session, book: str | None) -> Table:
    from acctcli.book.sync import members

    of, found = members.listed(session, book)
    rows = [{"id": one, "book": of, "login": one, "role": role} for one, role in found.items()]
    names = list(FIELDS)
    return Table(
        "member", "members", FIELDS, rows, names, names, {}, empty="No members.", has_ids=True
    )


@noun.command(
    "hub-sql",
    tool=False,
    plain=True,
    examples=["acct sync hub-sql", "acct sync hub-sql | psql acct"],
)
def hub_sql(session: Session) -> Lines:
    """Print the SQL that sets up a PostgreSQL database."""
    from acctcli.carriers.postgres import hub_sql as sql

    return Lines(sql().splitlines())
