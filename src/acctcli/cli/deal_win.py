"""`acct deal win`: close deals as won, and record what follows: the purchase, the customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from acctcli.book import winning
from acctcli.book.deals import named
from acctcli.cli.deal import Deals, On, WhyNote, came, close, described, noun, when
from acctcli.cli.kit import offers
from acctcli.cli.kit.session import Session
from acctcli.domain import pipeline
from acctcli.errors import UsageError
from acctcli.model import RECURRENCES, Row
from acctcli.results import Done

if TYPE_CHECKING:
    from acctcli.store.journal import Writing


RecordPurchases = Annotated[
    bool | None,
    typer.Option(
        "--purchase/--no-purchase",
        help="Record the purchases, or not. Default: ask on a terminal, else not.",
        show_default=False,
    ),
]
Recurring = Annotated[
    str | None,
    typer.Option(
        "--recurring",
        metavar="WORD",
        help="How often the purchases recur: none, monthly or yearly.",
        autocompletion=offers.words(RECURRENCES),
        show_default=False,
    ),
]
Starts = Annotated[
    str | None,
    typer.Option("--starts", metavar="DAY", help="First day of the contract.", show_default=False),
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until",
        metavar="DAY",
        help="Last day of the contract, or its length: 1y.",
        show_default=False,
    ),
]
KeepStatus = Annotated[
    bool, typer.Option("--keep-status", help="Do not make the account a customer.")
]


@noun.command(
    "win",
    sets_off=True,
    examples=[
        "acct deal win 'platform rollout'",
        "acct deal win 3f9a --on yesterday --amount 118k --no-purchase",
        "acct deal win 3f9a --purchase --recurring yearly",
    ],
)
def win(
    session: Session,
    deals: Deals,
    on: On = None,
    amount: Annotated[
        str | None, typer.Option("--amount", metavar="AMOUNT", help="Final amount.")
    ] = None,
    note: WhyNote = None,
    purchase: RecordPurchases = None,
    recurring: Recurring = None,
    starts: Starts = None,
    until: Until = None,
    keep_status: KeepStatus = False,
) -> Done:
    """Close deals as won, today or on another day.

    The account becomes a customer. With --purchase, the deal is recorded as a purchase: its items
    if they add up to its amount, else the amount. A deal of type renewal renews the contract that
    it is about.
    """
    typed_term = term_of(recurring, starts, until, purchase)
    if purchase is None and typed_term:
        purchase = True
    if purchase is None and len(deals) == 1 and deals[0] != "-" and session.interactive:
        purchase, typed_term = _asked(session, deals[0])
    typed = {"stage": pipeline.won(session.config.stages).name, "closed_on": on, "amount": amount}

    def says(before: Row, after: Row) -> str:
        return f"Won {described(after)}{came(before, after)}{when(session, before, after)}"

    def then(tx: Writing, moved: Sequence[Row]) -> str:
        became = "" if keep_status else winning.make_customers(session, tx, moved)
        bought = winning.record(session, tx, moved, typed_term) if purchase else ""
        return " ".join(filter(None, (became, bought)))

    return close(
        session,
        deals,
        lambda con, row: typed,
        says,
        "Won",
        note=note,
        then=then,
    )


def term_of(
    recurring: str | None, starts: str | None, until: str | None, purchase: bool | None
) -> dict[str, str]:
    """Return what was typed of the term of a purchase, by field.

    Raises `UsageError` if there is to be no purchase.
    """
    term = {"recurring": recurring, "starts_on": starts, "ends_on": until}
    typed = {name: value for name, value in term.items() if value is not None}
    if typed and purchase is False:
        raise UsageError("--recurring, --starts and --until are about the purchase: drop one side")
    return typed


def ask_recurrence(session: Session, question: str) -> str | None:
    """Ask how often a purchase recurs; return the word of the vocabulary, None for no purchase."""
    answers = {"o": "once", "m": "monthly", "y": "yearly", "n": "no"}
    letter = session.choose(question, answers)
    return {"o": "none", "m": "monthly", "y": "yearly"}.get(letter)


def _asked(session: Session, deal: str) -> tuple[bool, dict[str, str]]:
    """Ask whether to record the purchase of a deal, and how often it recurs."""
    with session.read() as con:
        found = winning.offer(session, con, deal)
    if found is None:
        return False, {}
    question = f"Record the purchase of {named(found.deal)}?"
    if found.renews:
        answers = {"y": f"yes, {found.renews}", "n": "no"}
        return session.choose(question, answers) == "y", {}
    recurring = ask_recurrence(session, question)
    return recurring is not None, {"recurring": recurring} if recurring else {}
