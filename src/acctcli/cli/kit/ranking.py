"""What the lists of health and of scores share: all accounts in order, or one of them.

The command decides how accounts are judged, and what a row has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from acctcli.book.asked import Query
from acctcli.cli.kit import nouns
from acctcli.cli.kit.session import Session
from acctcli.errors import UsageError
from acctcli.model import Field
from acctcli.results import Table

Explain = Annotated[
    bool,
    typer.Option("--explain", help="Show every input with its weight, score and evidence."),
]
Limit = Annotated[
    int | None, typer.Option("--limit", "-n", metavar="N", min=0, help="Show at most N.")
]


def one_of(
    session: Session,
    account: str | None,
    query: Query,
    *,
    explain: bool,
    limit: int | None,
    command: str,
) -> str | None:
    """Return the account that is asked for; None for the list of all.

    `command` shows the list: `acct review health`. Raises `UsageError` for options of a list
    beside an account, and the other way round.
    """
    if account is None and explain:
        raise UsageError(f"--explain needs an account. All: {command}")
    if account is not None and (query.narrows or session.output.columns or limit is not None):
        raise UsageError("filters, columns and --limit are for the list, not for one account")
    return account


def table(
    session: Session,
    fields: Mapping[str, Field],
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    query: Query,
    limit: int | None,
    *,
    command: str,
    drawing: str,
) -> Table:
    """Return the first rows of the list, with the command that explains one of its lines."""
    total, rows = len(rows), rows[:limit]
    return Table(
        "account",
        "accounts",
        fields,
        rows,
        columns,
        list(fields),
        {},
        f"Why: {command} {rows[0]['number']} --explain" if rows else "",
        nouns.none_in_view("account", total, limit)
        or nouns.empty_sentence("account", filtered=query.narrows),
        session.clock.today,
        drawing=drawing,
        has_ids=True,
    )
