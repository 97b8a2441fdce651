"""`acct quote`: what was offered in writing, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from acctcli import text
from acctcli.book.asked import Given, Query
from acctcli.cli.kit import nouns, offers, options
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.options import Yes
from acctcli.cli.kit.session import Session
from acctcli.cli.kit.wording import Question
from acctcli.errors import UsageError
from acctcli.model import KINDS
from acctcli.results import Done, Page, Table
from acctcli.store import lookup, queries

if TYPE_CHECKING:
    import sqlite3

    from acctcli.store.journal import Writing

noun = Noun(
    "quote",
    "Quotes of your deals, and their answers.",
    elsewhere={"line": "quote_lines", "accept": "quote_accept"},
)

Quotes = Annotated[list[str], options.arguments("quote")]
OneQuote = Annotated[str, options.argument("quote", "Quote number or id.")]


@noun.command(
    "list",
    reads=True,
    examples=[
        "acct quote list --status sent",
        "acct quote list --account greentech --sort -gross",
        "acct quote list --where 'status = sent and valid_until < today' -f csv > expired.csv",
    ],
)
def list_(
    session: Session,
    query: Query = options.listing("quote", "status", "account", "deal", "contact"),
) -> Table:
    """List quotes, newest first."""
    table = nouns.table(session, "quote", query, footer="Details: acct quote show")
    if not table.totals:  # nobody reads the footer
        return table
    from acctcli.book.quote_versions import expired

    with session.read() as con:
        count = expired(session, con, query)
    if not count:
        return table
    from acctcli.render.theme import BETWEEN

    return table.replace(footer=f"{count} expired without an answer{BETWEEN}{table.footer}")


@noun.command(
    "show",
    reads=True,
    html=True,
    examples=[
        "acct quote show Q-2026-0001",
        "acct quote show Q-2026-0001 -f md",
        "acct quote show Q-2026-0001 --html quote.html",
    ],
)
def show(session: Session, quote: OneQuote) -> Page:
    """Show a quote: its lines, totals and versions.

    With --html, it is a document to print or to send, with your name, address and logo from the
    settings (acct config edit).
    """
    from acctcli.book import quotes  # a list does not need it

    with session.read() as con:
        id = session.find(con, "quote", quote).id
        data: dict[str, Any] = {**quotes.page(session, con, id)}
        _tell_without_sender(session, con, [id])
    if session.output.html is not None and session.own["quote.logo"]:
        from acctcli.book.logos import data_uri

        data["logo"] = data_uri(session.own["quote.logo"])
    return Page(
        data,
        "quotes:quote",
        session.clock.today,
        markdown="quotes:markdown",
        html="html.quote:quote",
    )


def _tell_without_sender(session: Session, con: sqlite3.Connection, ids: Sequence[str]) -> None:
    from acctcli.book import quote_versions  # a list does not need it

    for id in ids:
        if said := quote_versions.without_sender(quote_versions.row_of(session, con, id)):
            session.notice(said)


@noun.command(
    "edit",
    examples=[
        "acct quote edit Q-2026-0001 --valid 2026-12-31 --contact mei",
        "acct quote edit Q-2026-0001",
    ],
)
def edit(
    session: Session,
    quotes: Quotes,
    given: Given = options.fields("quote", skip=("deal",), clears=True),
) -> Done:
    """Edit a draft. Without options, the quote opens as a form in your editor.

    A quote that was sent stays as it is; acct deal quote makes the next version.
    """
    return nouns.edit(session, "quote", quotes, given)


@noun.command(
    "send",
    examples=[
        "acct quote send Q-2026-0001",
        "acct quote send Q-2026-0001 --on yesterday --valid 30d",
    ],
)
def send(
    session: Session,
    quotes: Quotes,
    on: Annotated[
        str | None,
        typer.Option(
            "--on", metavar="DAY", help="Day it was sent. Default: today.", show_default=False
        ),
    ] = None,
    valid: Annotated[
        str | None,
        typer.Option(
            "--valid", metavar="DAY", help="New last day it is valid.", show_default=False
        ),
    ] = None,
) -> Done:
    """Mark drafts as sent, and log each as a proposal. acct sends nothing by itself."""
    from acctcli.book import quote_answers

    names = session.names_given("quote", quotes)
    with session.write() as tx:
        found = session.find_all(tx.con, "quote", names)
        says = [quote_answers.send(session, tx, one.id, on, valid) for one in found]
        _tell_without_sender(session, tx.con, [one.id for one in found])
        return nouns.done(session, tx, "quote", [one.id for one in found], " ".join(says))


@noun.command(
    "decline",
    examples=[
        'acct quote decline Q-2026-0001 --reason "Too expensive"',
        "acct quote decline Q-2026-0001 --reason Price --on yesterday",
    ],
)
def decline(
    session: Session,
    quotes: Quotes,
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            help="Reason.",
            show_default=False,
            autocompletion=offers.values("quote", KINDS["quote"].fields["reason"]),
        ),
        Question("Why was it declined?"),
    ],
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DAY", help="Day they declined. Default: today."),
    ] = None,
) -> Done:
    """Mark quotes as declined, with the reason. Their deals stay as they are."""
    from acctcli.book import quote_answers

    if not reason.strip():
        raise UsageError("--reason is empty. Write why the quote was declined")
    why = text.one_line(reason, "--reason")
    names = session.names_given("quote", quotes)
    with session.write() as tx:
        found = session.find_all(tx.con, "quote", names)
        says, deals = list[str](), list[str]()
        for one in found:
            row = quote_answers.answerable(session, tx.con, one.id)
            quote_answers.answer(session, tx, row, "declined", on=on, reason=why)
            says.append(text.ended(f"{row['number']} was declined: {text.safe(why)}"))
            deals.append(row["deal_id"])
        done = nouns.done(
            *(session, tx, "quote", [one.id for one in found], " ".join(says)),
            beside=_stay_open(tx, deals),
        )
    return done


def _stay_open(tx: Writing, ids: Sequence[str]) -> str:
    """Return a sentence about those of the deals that are still open; "" if none is."""
    from acctcli.book import outcomes
    from acctcli.domain import pipeline

    fields = KINDS["deal"].fields
    deals = [queries.get(tx.con, "deal", fields, id) for id in dict.fromkeys(ids)]
    still = [deal for deal in deals if outcomes.outcome(deal) == pipeline.OPEN]
    if len(still) != 1:
        return f"{len(still)} deals stay open." if still else ""
    (deal,) = still
    short = lookup.short_ids(tx.con, "deal", [deal["id"]])[deal["id"]]
    return f"{text.quoted(deal['title'])} stays open. To close it: acct deal lose {short}"


@noun.command("delete", examples=["acct quote delete Q-2026-0001 --yes"])
def delete(
    session: Session,
    quotes: Annotated[list[str], options.whole_names("quote")],
    yes: Yes = False,
) -> Done:
    """Delete quotes; `undo` brings them back. The previous version is open again."""
    from acctcli.book import quote_answers

    deals: dict[str, None] = {}

    def remember(con: sqlite3.Connection, quote: lookup.Found) -> None:
        deals[quote_answers.deal_of(con, quote.id)] = None

    def reopen(tx: Writing) -> str:
        back = quote_answers.bring_back(session, tx, list(deals))
        return f"{text.sentence_list(back)} is open again." if back else ""

    return nouns.delete(session, "quote", quotes, yes=yes, refuse=remember, then=reopen)
