"""`acct quote accept`: win the deal of a quote, and record what was bought."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from acctcli.book import outcomes, quote_answers, quote_lines, winning
from acctcli.cli.deal import On, WhyNote, came, closed, described, noted, when
from acctcli.cli.deal_win import (
    KeepStatus,
    Recurring,
    Starts,
    Until,
    ask_recurrence,
    term_of,
)
from acctcli.cli.kit import nouns
from acctcli.cli.kit.session import Session
from acctcli.cli.quote import OneQuote, noun
from acctcli.domain import pipeline
from acctcli.model import Row
from acctcli.results import Done
from acctcli.store import lookup
from acctcli.values import money

if TYPE_CHECKING:
    from acctcli.store.journal import Writing


@noun.command(
    "accept",
    sets_off=True,
    examples=[
        "acct quote accept Q-2026-0001",
        "acct quote accept Q-2026-0001 --on yesterday --recurring yearly",
        "acct quote accept Q-2026-0001 --no-purchase",
    ],
)
def accept(
    session: Session,
    quote: OneQuote,
    on: On = None,
    note: WhyNote = None,
    purchase: Annotated[
        bool | None,
        typer.Option(
            "--purchase/--no-purchase",
            help="Record the purchases, or not. Default: record them; a terminal may ask.",
            show_default=False,
        ),
    ] = None,
    recurring: Recurring = None,
    starts: Starts = None,
    until: Until = None,
    keep_status: KeepStatus = False,
) -> Done:
    """Win the deal of a quote that was sent, and record a purchase for each line.

    The deal gets the quote's amount before tax, its account becomes a customer, and each purchase
    has the term and the tax rate of its line. If no line has a term, a terminal asks how often the
    purchases recur.
    """
    term = term_of(recurring, starts, until, purchase)
    if purchase is None and not term and session.interactive:
        purchase, term = _asked(session, quote)
    kept = noted(note)
    with session.write() as tx:
        tx.note = kept
        found = session.find(tx.con, "quote", quote)
        row, deal = quote_answers.acceptable(session, tx.con, found.id)
        day = quote_answers.answer(session, tx, row, "accepted", on=on)

        def then(tx: Writing, won: Sequence[Row]) -> str:
            became = "" if keep_status else winning.make_customers(session, tx, won)
            lines = quote_lines.purchases(tx.con, row)
            bought = "" if purchase is False else winning.record(session, tx, won, term, lines)
            return " ".join(filter(None, (became, bought)))

        if deal["closed_on"] is not None:
            done = f"{outcomes.closed_already(session, deal)}."
            followed = [done, then(tx, [deal])]
        else:
            followed = [_won(session, tx, deal, row, day, then)]
        late = quote_answers.though_expired(session, row, day)
        changed = quote_answers.though_changed(tx.con, row)
        says = " ".join(filter(None, (f"{row['number']} was accepted{late}.", changed, *followed)))
        return nouns.done(session, tx, "quote", [found.id], says)


def _won(
    session: Session,
    tx: Writing,
    deal: Row,
    quote: Row,
    day: str,
    then: Callable[[Writing, Sequence[Row]], str],
) -> str:
    """Win an open deal for the amount of its quote, through the same door as `acct deal win`."""
    amount = money.plain(quote["net"], quote["currency"])
    typed = {
        "stage": pipeline.won(session.config.stages).name,
        "closed_on": day,
        "amount": f"{quote['currency']} {amount}",
    }

    def says(before: Row, after: Row) -> str:
        return f"Won {described(after)}{came(before, after)}{when(session, before, after)}"

    found = lookup.Found(deal["id"], deal["title"], deal["account_id"])
    return closed(session, tx, [found], lambda con, row: typed, says, "Won", then)


def _asked(session: Session, quote: str) -> tuple[bool | None, dict[str, str]]:
    """Ask how often the purchases recur, unless a line of the quote says it."""
    with session.read() as con:
        row, _ = quote_answers.acceptable(session, con, session.find(con, "quote", quote).id)
        if quote_lines.has_terms(con, row):
            return None, {}
    recurring = ask_recurrence(session, f"Record the purchases of {row['number']}?")
    return recurring is not None, {"recurring": recurring} if recurring else {}
