"""`acct search`: words anywhere in the book."""

from __future__ import annotations

from typing import Annotated

import typer

from acctcli import text
from acctcli.cli.kit import offers
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.session import Session
from acctcli.errors import UsageError
from acctcli.model import REF, SUBJECTS, TEXT, Field, declare
from acctcli.results import Table
from acctcli.store import lookup, search

noun = Noun("", "")

FIELDS = declare(
    id=Field(TEXT, "the record's id"),
    kind=Field(TEXT, "what it is"),
    account=Field(REF, "whose it is", target="account"),
    title=Field(TEXT, "its name or summary"),
    excerpt=Field(TEXT, "the words around the match"),
)


@noun.command(
    "search",
    reads=True,
    examples=[
        "acct search pricing",
        "acct search mei greentech",
        'acct search "phased quote" --kind log --account greentech',
    ],
)
def find(
    session: Session,
    words: Annotated[list[str], typer.Argument(help="Words, or the start of words.")],
    kind: Annotated[
        str | None,
        typer.Option("--kind", "-k", help="Only this kind.", autocompletion=offers.words(SUBJECTS)),
    ] = None,
    account: Annotated[
        str | None,
        typer.Option(
            "--account",
            help="Only this account.",
            autocompletion=offers.records("account"),
        ),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="Show at most N.")] = 50,
) -> Table:
    """Find records that contain every word, best match first.

    An account's name also finds its contacts, deals and everything else that belongs to it:
    `acct search jane acme` finds Jane at Acme.
    """
    if kind is not None and kind not in SUBJECTS:
        raise UsageError(text.unknown("--kind", kind, SUBJECTS))
    typed = " ".join(words)
    if not typed.strip():
        raise UsageError("there is no word to search for. Write one, or the start of one")
    with session.read() as con:
        account_id = session.find(con, "account", account).id if account else None
        hits = search.find(con, typed, kind=kind, account_id=account_id, limit=limit)
        empty = ""
        if not hits:
            from acctcli.book import finding  # most searches find something

            empty = finding.why_empty(con, typed, kind=kind, account_id=account_id)
        short: dict[str, str] = {}
        for noun_name in {hit.kind for hit in hits}:
            ids = [hit.id for hit in hits if hit.kind == noun_name]
            short |= lookup.short_ids(con, noun_name, ids)
        accounts = lookup.account_names(con, [hit.account_id for hit in hits if hit.account_id])
    rows = [{**hit.as_dict(), "account": accounts.get(hit.account_id or "")} for hit in hits]
    names = list(FIELDS)
    return Table("record", "records", FIELDS, rows, names, names, short, empty=empty)
