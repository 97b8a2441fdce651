"""`acct account qualify`: a lead becomes a prospect, and a prospect a customer."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

import typer

from acctcli import text
from acctcli.book import qualify
from acctcli.cli.account import Accounts, noun
from acctcli.cli.kit import nouns, offers
from acctcli.cli.kit.session import Session
from acctcli.errors import UsageError
from acctcli.model import KINDS
from acctcli.results import Done
from acctcli.store import lookup, queries
from acctcli.values import fields


@noun.command(
    "qualify",
    examples=[
        'acct account qualify konex --intent "Asked for pricing" --opportunity "Pilot" '
        "--amount 50k --close eoq",
        "acct account qualify konex --as customer",
        'acct account list --status lead --tag expo -f ids | acct account qualify - --intent "Came '
        'to our booth" --anyway',
        "acct account qualify konex",
    ],
)
def qualify_(
    session: Session,
    accounts: Accounts,
    target: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="STATUS",
            help="New status: prospect or customer.",
            autocompletion=offers.words(qualify.TARGETS),
        ),
    ] = "prospect",
    fit_note: Annotated[
        list[str],
        typer.Option(
            "--fit-note", metavar="TEXT", help="Why the account is a good fit. Repeat for more."
        ),
    ] = [],
    intent: Annotated[
        str | None, typer.Option("--intent", metavar="TEXT", help="Evidence that they want to buy.")
    ] = None,
    opportunity: Annotated[
        str | None,
        typer.Option("--opportunity", metavar="TITLE", help="Title of the deal to open."),
    ] = None,
    amount: Annotated[
        str | None, typer.Option("--amount", metavar="AMOUNT", help="Amount of the deal.")
    ] = None,
    close: Annotated[
        str | None,
        typer.Option(
            "--close",
            metavar="DAY",
            help="Expected close date of the deal.",
            autocompletion=offers.values("deal", qualify.DEAL["close_date"]),
        ),
    ] = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Qualify even if something is not verified.")
    ] = False,
) -> Done:
    """Qualify leads as prospects, or prospects as customers.

    A prospect needs fit (your ideal customer profile, [icp] in the settings), intent (an
    inbound contact, meeting or demo in the last 90 days) and an opportunity (an open deal).
    A customer needs a purchase or a won deal. On a terminal you are asked for what is
    missing. The evidence is saved as a note.
    """
    if target not in qualify.TARGETS:
        raise UsageError(text.unknown("--as", target, qualify.TARGETS))
    typed = {"title": opportunity, "amount": amount, "close_date": close}
    deal = {name: value for name, value in typed.items() if value is not None}
    if deal and opportunity is None:
        raise UsageError("--amount and --close are of the deal that --opportunity TITLE names")
    grounds = qualify.Grounds(
        [text.one_line(note, "--fit-note") for note in fit_note],
        "" if intent is None else text.one_line(intent, "--intent"),
        deal,
    )
    named = session.names_given("account", accounts)
    if deal and len(named) > 1:
        raise UsageError("--opportunity is for one account; qualify the others without it")
    if len(named) == 1 and grounds.empty and not anyway and session.interactive:
        return _interview(session, named[0], target)
    return _qualify(session, named, target, grounds, anyway=anyway)


def _qualify(
    session: Session, named: Sequence[str], target: str, grounds: qualify.Grounds, *, anyway: bool
) -> Done:
    deal = qualify.read_deal(session, grounds)
    with session.write() as tx:
        ids = [account.id for account in session.find_all(tx.con, "account", named)]
        done = qualify.qualify(session, tx, ids, target, grounds, deal, anyway=anyway)
        says = f"Qualified {text.plural(len(ids), 'account')} as {target}s."
        score = "acct account score"
        if len(ids) == 1:
            score += f" {done.rows[0]['number']}"
            on = text.safe(done.grounds[0]).removesuffix(".")
            says = f"Qualified {text.safe(done.rows[0]['name'])} as {target}{on}."
        hint = "" if target == "customer" else f"Score it: {score}"
        return nouns.done(session, tx, "account", ids, says, hint=hint)


# The interview

QUESTIONS = {
    "fit": {"--fit-note": "Why is it a good fit?"},
    "intent": {"--intent": "What do they want, and how do you know?"},
    "opportunity": {
        "--opportunity": "What could you sell? (title of the deal)",
        "--amount": "Amount?",
        "--close": "Expected close date?",
    },
}
"""The question for each gap, by the option that would close it."""

NEEDED = tuple(next(iter(questions)) for questions in QUESTIONS.values())
"""The first answer for a gap: without it, the rest is not asked."""


def _interview(session: Session, account: str, target: str) -> Done:
    """Show what is verified, ask for the rest, and continue with the answers."""
    from acctcli.cli.kit.questions import ask, kept_if_refused
    from acctcli.render.emit import say

    with session.read() as con:
        found = session.find(con, "account", account)
        row = queries.get(con, "account", session.fields("account"), found.id)
        checks = qualify.checked(session, con, row, target, qualify.Grounds(), None)
        (name,) = lookup.handles(con, [found.id]).values()
    say(f"{row['name']}, {row['status']}, as a {target}:")
    for check in checks:
        mark = {True: "verified", False: "not verified", None: "left out"}[check.holds]
        say(f"  {check.said} ({mark})")
    gaps = [check.code for check in checks if check.holds is False]
    typed: dict[str, str] = {}
    with kept_if_refused(
        session, "qualify", "nothing was changed", lambda: _command(name, target, typed)
    ):
        if any(code in QUESTIONS for code in gaps):
            say("Press Enter to skip a question, Ctrl-C to stop and save your answers.")
        for code in gaps:
            for option, question in QUESTIONS.get(code, {}).items():
                answer = ask(question, _reader(session, option))
                if answer:
                    typed[option] = answer
                elif option in NEEDED:
                    break
        left = [code for code in gaps if not typed.keys() & QUESTIONS.get(code, {}).keys()]
        if left:
            question = f"Not verified: {', '.join(left)}. Make it a {target} anyway?"
            session.confirm(question, yes=False)
        return _qualify(session, [found.id], target, _said(typed), anyway=True)


def _reader(session: Session, option: str) -> Callable[[str], object]:
    """Return the reader of an answer, which refuses what could not be stored."""
    by_option = {flag: qualify.DEAL[name] for name, flag in qualify.DEAL_OPTIONS.items()}
    field = by_option.get(option, KINDS["log"].fields["summary"])
    return lambda typed: fields.read_field(field, typed, session.reading, what=option)


def _said(typed: Mapping[str, str]) -> qualify.Grounds:
    """Return the answers as if they had been given as options."""
    notes = [typed["--fit-note"]] if "--fit-note" in typed else []
    deal = {name: typed[flag] for name, flag in qualify.DEAL_OPTIONS.items() if flag in typed}
    return qualify.Grounds(notes, typed.get("--intent", ""), deal)


def _command(account: str, target: str, typed: Mapping[str, str]) -> str:
    """Return the command line with the same answers; "" without any."""
    options = [f"{option}={answer}" for option, answer in typed.items()]
    words = ["acct", "account", "qualify", account, f"--as={target}", *options]
    return shlex.join(words) if options else ""
