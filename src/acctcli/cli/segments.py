"""`acct account segments` and its like: saved lists of accounts, contacts and deals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from acctcli import text
from acctcli.book import segments
from acctcli.cli.account import noun as accounts
from acctcli.cli.contact import noun as contacts
from acctcli.cli.deal import noun as deals
from acctcli.cli.kit import offers
from acctcli.cli.kit.session import Session
from acctcli.model import KINDS
from acctcli.results import Done, Table
from acctcli.store import records as store
from acctcli.store import segments as sql


def _deleting(kind: str) -> Any:
    return typer.Option(
        "--delete",
        metavar="NAME",
        help=f"Delete this segment. Its {KINDS[kind].several} stay.",
        autocompletion=offers.segments(kind),
    )


@accounts.command(
    "segments",
    reads=True,
    examples=[
        "acct account segments",
        'acct account segments --delete "Singapore energy"',
        "acct account segments -f json | jq '.[].filters'",
    ],
)
def of_accounts(
    session: Session, delete: Annotated[str | None, _deleting("account")] = None
) -> Table | Done:
    """List your segments (saved account lists) with their size today, or delete one.

    To save one, add --save NAME to acct account list with filters. Use it with --segment
    NAME in every list and report that filters accounts.
    """
    return _segments(session, "account", delete)


@contacts.command(
    "segments",
    reads=True,
    examples=[
        "acct contact segments",
        'acct contact segments --delete "quiet champions"',
        "acct contact segments -f json | jq '.[].filters'",
    ],
)
def of_contacts(
    session: Session, delete: Annotated[str | None, _deleting("contact")] = None
) -> Table | Done:
    """List your segments (saved contact lists) with their size today, or delete one.

    To save one, add --save NAME to acct contact list with filters. Use it with --segment
    NAME there.
    """
    return _segments(session, "contact", delete)


@deals.command(
    "segments",
    reads=True,
    examples=[
        "acct deal segments",
        'acct deal segments --delete "big ones"',
        "acct deal segments -f json | jq '.[].filters'",
    ],
)
def of_deals(
    session: Session, delete: Annotated[str | None, _deleting("deal")] = None
) -> Table | Done:
    """List your segments (saved deal lists) with their size today, or delete one.

    To save one, add --save NAME to acct deal list with filters. Use it with --segment NAME
    in every list and report that filters deals.
    """
    return _segments(session, "deal", delete)


def _segments(session: Session, kind: str, delete: str | None) -> Table | Done:
    if delete is not None:
        with session.write() as tx:
            segment = sql.find(tx.con, kind, delete, whole=True)
            store.delete(tx, "segment", segment.id)
            tx.says = f"Deleted segment {text.safe(segment.name)}."
        return Done([], {}, f"{tx.says} To undo: acct undo")
    with session.read() as con:
        rows = segments.rows(session, con, kind)
    for row in rows:
        if row["problem"]:
            session.notice(row["problem"])
    fields = segments.fields(kind)
    return Table(
        "segment",
        "segments",
        fields,
        rows,
        ("name", KINDS[kind].plural, "filters"),
        list(fields),
        {},
        _one_of_them(kind, rows),
        f"No segments yet. Start with: {segments.start_with(kind)}",
    )


def _one_of_them(kind: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the command that lists the first segment that a shell can name."""
    names = (text.shell_word(row["name"]) for row in rows if not row["problem"])
    name = next(filter(None, names), "")
    return f"One of them: acct {kind} list --segment {name}" if name else ""
