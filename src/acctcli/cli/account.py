"""`acct account`: the companies and people that are sold to."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from acctcli import text
from acctcli.cli import options, records
from acctcli.cli.kernel import Noun
from acctcli.cli.options import Duplicate, Given, Query, Yes
from acctcli.cli.session import Session
from acctcli.render.results import Done, Table
from acctcli.store import lookup, queries
from acctcli.store import records as store
from acctcli.store.filters import Condition

noun = Noun("account", "Companies and people you sell to.")

Accounts = Annotated[list[str], options.arguments("account")]
OneAccount = Annotated[str, options.argument("account", "Its name, number, domain or id.")]

NOT_ARCHIVED = Condition("t.archived_at IS NULL", [])


@noun.command(
    "add",
    examples=[
        'acct account add "GreenTech Ltd" --tier strategic --industry energy --country SG',
        'acct account add "Kim Lee" --kind individual --tag expo --set region=north',
    ],
)
def add(
    session: Session,
    name: Annotated[str, typer.Argument(help="What it is called.", show_default=False)],
    given: Given = options.fields("account", skip=("name",)),
    duplicate: Duplicate = False,
    output: Any = options.output(),
) -> Done:
    """Add an account. Only the name is needed."""
    read = records.read_given(session, "account", given.plus(name=name))
    with session.write() as tx:
        records.resolve(tx.con, "account", read.values)
        near = lookup.near_accounts(tx.con, read.values["name"])
        id = records.insert(session, tx, "account", read, duplicate=duplicate)
        number = tx.con.execute("SELECT number FROM account WHERE id = ?", (id,)).fetchone()[0]
        says = f"Added account {number} {text.safe(read.values['name'])}."
        if near:
            says += f" Near by name: {'; '.join(near)}."
        return records.done(session, tx, "account", [id], says)


@noun.command(
    "list",
    examples=[
        "acct account list --tier strategic,key --sort -annual_revenue",
        'acct account list --where "country = SG and not tag = expo" -f csv > singapore.csv',
        "acct account list --tag expo -f ids | acct account edit - --tier growth",
    ],
)
def list_(
    session: Session,
    query: Query = options.listing(
        "account", "tier", "status", "industry", "country", "owner", "parent", "tags", "kind"
    ),
    archived: Annotated[
        bool, typer.Option("--archived", help="Also those that are archived.")
    ] = False,
) -> Table:
    """List accounts; archived ones are left out."""
    more = [] if archived else [NOT_ARCHIVED]
    footer = "One in full: acct account show NAME"
    return records.table(session, "account", query, more=more, footer=footer)


@noun.command(
    "edit",
    examples=[
        "acct account edit greentech --tier key --owner Kim",
        "acct account edit A-0007 --set region=north",
        "acct account edit greentech",
    ],
)
def edit(
    session: Session,
    accounts: Accounts,
    given: Given = options.fields("account"),
    duplicate: Duplicate = False,
    output: Any = options.output(),
) -> Done:
    """Change fields; without options, the account opens as a form in your editor."""
    return records.edit(session, "account", accounts, given, duplicate=duplicate)


@noun.command(
    "tag",
    examples=["acct account tag greentech kan-code --add expo,vip", "acct account tag - --remove expo"],
)
def tag(
    session: Session,
    accounts: Accounts,
    add: Annotated[list[str], typer.Option("--add", "-a", help="Tags to add; a,b for several.")] = [],  # noqa: B006
    remove: Annotated[
        list[str], typer.Option("--remove", "-r", help="Tags to take away; a,b for several.")
    ] = [],  # noqa: B006
    output: Any = options.output(),
) -> Done:
    """Add and remove tags of accounts."""
    raise NotImplementedError


@noun.command("delete", examples=["acct account delete A-0012 --yes"])
def delete(session: Session, accounts: Accounts, yes: Yes = False, output: Any = options.output()) -> Done:
    """Delete accounts with everything that belongs to them; `undo` brings them back."""
    return records.delete(session, "account", accounts, yes=yes)
