"""`acct deal quote`: a quote of a deal, or the next version of its quote."""

from __future__ import annotations

from typing import Annotated

import typer

from acctcli.book.asked import Given
from acctcli.cli.deal import OneDeal, noun
from acctcli.cli.kit import nouns, offers, options
from acctcli.cli.kit.session import Session
from acctcli.model import RECURRENCES
from acctcli.results import Done


@noun.command(
    "quote",
    examples=[
        "acct deal quote 'platform rollout'",
        "acct deal quote 3f9a --valid 30d --tax 9% --contact mei",
        "acct deal quote 3f9a --recurring yearly --starts 2027-01-01",
        "acct deal quote 3f9a --copy --tax 0",
    ],
)
def quote(
    session: Session,
    deal: OneDeal,
    given: Given = options.fields(
        "quote",
        skip=("deal", "reason"),
        clears=("valid_until", "recipient", "sender", "intro", "terms"),
    ),
    tax: Annotated[
        str | None,
        typer.Option(
            "--tax",
            metavar="PERCENT",
            help="Tax on top of each line. Default: that of the last version, or quote.tax.",
            show_default=False,
        ),
    ] = None,
    recurring: Annotated[
        str | None,
        typer.Option(
            "--recurring",
            metavar="WORD",
            help="How often each line recurs: none, monthly or yearly.",
            autocompletion=offers.words(RECURRENCES),
            show_default=False,
        ),
    ] = None,
    starts: Annotated[
        str | None,
        typer.Option(
            "--starts", metavar="DAY", help="First day of each line's contract.", show_default=False
        ),
    ] = None,
    ends: Annotated[
        str | None,
        typer.Option(
            "--ends",
            metavar="DAY",
            help="Last day of each line's contract, or its length: 1y.",
            show_default=False,
        ),
    ] = None,
    copy: Annotated[
        bool, typer.Option("--copy", help="Copy the lines of the last version, not the deal's.")
    ] = False,
) -> Done:
    """Quote a deal: its items, or its amount as one line.

    A deal has one quote number. Quoting it again makes the next version, which keeps the texts of
    the last one and supersedes it. Change the draft with acct quote edit and acct quote line, and
    mark it as sent with acct quote send.
    """
    from acctcli.book import quote_versions, quotes  # completion and help do without

    typed = {"tax_rate": tax, "recurring": recurring, "starts_on": starts, "ends_on": ends}
    of_lines = {name: value for name, value in typed.items() if value is not None}
    with session.write() as tx:
        found = session.find(tx.con, "deal", deal)
        made = quotes.add(session, tx, found.id, given, of_lines, copy=copy)
        if said := quote_versions.without_sender(quote_versions.row_of(session, tx.con, made.id)):
            session.notice(said)
        return nouns.done(session, tx, "quote", [made.id], made.says, hint=made.hint)
