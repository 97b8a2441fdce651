"""`acct today`: which accounts need you, why, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from acctcli.book import reading, today
from acctcli.book.asked import Query
from acctcli.cli.kit import options
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.session import Session
from acctcli.errors import UsageError
from acctcli.render.emit import format_of, is_terminal
from acctcli.render.theme import window
from acctcli.results import Done, Output, Page, Table
from acctcli.store import queries

if TYPE_CHECKING:
    import sqlite3

    from acctcli.store.filters import Condition

noun = Noun("", "")


@noun.command(
    "today",
    reads=True,
    examples=[
        "acct today",
        "acct today --commands",
        "acct today -i",
        "acct today --tier strategic,key --explain",
        "acct today --account greentech --all",
        "acct today --html today.html",
        "acct today -f json | jq -r '.[] | select(.kind == \"renewal\") | .account'",
    ],
)
def today_(
    session: Session,
    query: Query = options.filters(
        "account", "tier", "owner", "tags", table=True, html=True, columns=list(today.FIELDS)
    ),
    accounts: options.OnlyAccounts = [],
    everything: Annotated[
        bool,
        typer.Option("--all", help="Show every reason for every account, each with its command."),
    ] = False,
    commands: Annotated[
        bool, typer.Option("--commands", help="Show under each account the command to run.")
    ] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Explain each rank.")] = False,
    interactive: Annotated[
        bool,
        typer.Option(
            "--interactive", "-i", help="Walk through the accounts one at a time, with single keys."
        ),
    ] = False,
    limit: Annotated[
        int | None,
        typer.Option(
            *("--limit", "-n"),
            metavar="N",
            min=0,
            help="Show at most N accounts. Default: what fits the window; in a pipe, all.",
        ),
    ] = None,
) -> Table | Page | Done:
    """Show who needs you today, and why: one line per account, most urgent first.

    Reasons are due and overdue promises, missed cadences, deals closing soon or without a
    next step, renewals, reviews, late objectives, champions without contact, and falling
    health. --commands shows the command that answers each, --explain how each line is
    ranked; the rules are in docs/how-scores-work.md

    --interactive walks through the list on a terminal: each key logs, finishes, snoozes or adds a
    next step with the ordinary command, which is shown and can be undone by itself.
    """
    if interactive:
        if everything or commands or explain or session.output.replace(pager=None) != Output():
            raise UsageError(
                "--interactive shows one account at a time: leave out --all, --commands, "
                "--explain, --format and --columns"
            )
        from acctcli.cli import walk

        return walk.through(session, lambda con: _conditions(session, con, query, accounts), limit)
    drawn = session.output.columns is None and (
        session.output.html is not None or format_of(session.output) in ("table", "md")
    )
    room = None
    document = session.output.html is not None
    if limit is None and drawn and not everything:
        limit = session.own["today.limit"] or None
        if limit is None and not document and session.output.format != "md" and is_terminal():
            _, room = window()
            limit = room
    if drawn and session.config.playbook_settings:
        from acctcli.book import playbooks  # most books have none

        if waiting := playbooks.of_today(session):
            session.notice(waiting)
    with session.read() as con:
        conditions = _conditions(session, con, query, accounts)
        found = today.judge(
            session,
            con,
            conditions,
            limit=limit,
            everything=everything,
            explain=explain,
            gather=drawn and not everything,
        )
        if drawn:
            if session.is_shared(con):
                from acctcli.book.sync import reminders  # most books are not shared

                for notice in reminders.of_today(session, con):
                    session.notice(notice)
            page = today.page(
                session,
                found,
                first_contacts=today.first_contacts(session, con, found, query, accounts),
                room=room,
                detail=everything or commands or explain or document,
                commands=everything or commands,
            )
            return Page(
                page, "agenda:today", session.clock.today, html="html.today:today", paged=not room
            )
    rows: Sequence[Mapping[str, Any]] = found.rows
    by_ids = session.output.format == "ids"
    if by_ids:
        rows = [{"id": id} for id in dict.fromkeys(row["account_id"] for row in rows) if id]
    all_names = list(today.FIELDS) if explain else today.COLUMNS
    return Table("line", "lines", today.FIELDS, rows, all_names, all_names, {}, has_ids=by_ids)


def _conditions(
    session: Session, con: sqlite3.Connection, query: Query, accounts: Sequence[str]
) -> list[Condition]:
    """Return the conditions of the accounts: those of the filters, or the named ones."""
    conditions = reading.conditions_of(session, con, "account", query)
    if accounts:
        named = session.find_all(con, "account", accounts)
        conditions.append(queries.by_ids("id", [account.id for account in named]))
    return conditions
