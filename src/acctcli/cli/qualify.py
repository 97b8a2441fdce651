"""`acct account qualify`: a lead becomes a prospect, and a prospect a customer.

Of a prospect three things should hold: it fits, it wants something, and there is something
to sell. What the book does not show of them is given or asked for. A customer has bought. The
account keeps its source and its history; a note tells on what grounds its status changed.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from acctcli import text
from acctcli.book import writing
from acctcli.book.asked import Given
from acctcli.book.score import fit
from acctcli.cli.account import Accounts, noun
from acctcli.cli.kit import nouns, offers
from acctcli.cli.kit.session import Session
from acctcli.domain.fit import SIGNAL_DAYS
from acctcli.errors import Invalid, UsageError
from acctcli.frozen import Frozen
from acctcli.model import KINDS
from acctcli.results import Done
from acctcli.store import deals as deal_sql
from acctcli.store import lookup, queries
from acctcli.store import records as store
from acctcli.store.facts import score as sql
from acctcli.values import dates, fields, money
from acctcli.values.fields import Row

if TYPE_CHECKING:
    import sqlite3

    from acctcli.store.journal import Writing

TARGETS = ("prospect", "customer")

DEAL = KINDS["deal"].fields

DEAL_OPTIONS = {"title": "--opportunity", "amount": "--amount", "close_date": "--close"}


class Grounds(Frozen):
    """What the user says for it: why it fits, what they want, and the deal by field as typed."""

    fits: Sequence[str] = ()
    intent: str = ""
    deal: Mapping[str, str] = {}

    @property
    def empty(self) -> bool:
        """Whether nothing was said at all."""
        return not self.fits and not self.intent and not self.deal


class Check(Frozen):
    """One of the three things: what is known of it, and the option that would give it.

    `holds` is None where it does not matter: there is nothing to judge it by, or no need.
    """

    code: str
    holds: bool | None
    said: str
    give: str


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
def qualify(
    session: Session,
    accounts: Accounts,
    target: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="STATUS",
            help="What they become: prospect or customer.",
            autocompletion=offers.words(TARGETS),
        ),
    ] = "prospect",
    fit_note: Annotated[
        list[str],
        typer.Option("--fit-note", metavar="TEXT", help="Why they fit. Repeat it for more."),
    ] = [],
    intent: Annotated[
        str | None, typer.Option("--intent", metavar="TEXT", help="What they want.")
    ] = None,
    opportunity: Annotated[
        str | None,
        typer.Option("--opportunity", metavar="TITLE", help="What may be sold: becomes a deal."),
    ] = None,
    amount: Annotated[
        str | None, typer.Option("--amount", metavar="AMOUNT", help="How much that may bring.")
    ] = None,
    close: Annotated[
        str | None,
        typer.Option(
            "--close",
            metavar="DAY",
            help="When it should close.",
            autocompletion=offers.values("deal", DEAL["close_date"]),
        ),
    ] = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Also if not all of it is verified.")
    ] = False,
) -> Done:
    """Make leads prospects, or prospects customers, once fit, intent and an opportunity show.

    Fit comes from your ideal customer ([icp] in config.toml), intent from what was logged in
    90 days (they came to you, a meeting, a demo), the opportunity from open deals. Of a
    customer one thing is asked: it has bought. On a terminal you are asked for what is
    missing. A note keeps the grounds.
    """
    if target not in TARGETS:
        raise UsageError(f"--as {text.quoted(target)} is not known. Known: {', '.join(TARGETS)}")
    typed = {"title": opportunity, "amount": amount, "close_date": close}
    deal = {name: value for name, value in typed.items() if value is not None}
    if deal and opportunity is None:
        raise UsageError("--amount and --close are of the deal that --opportunity TITLE names")
    grounds = Grounds(
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
    session: Session, named: Sequence[str], target: str, grounds: Grounds, *, anyway: bool
) -> Done:
    """Change the status of all of them, with a note each, or of none."""
    deal = _read_deal(session, grounds)
    known = session.fields("account")
    with session.write() as tx:
        found = session.find_all(tx.con, "account", named)
        rows = [queries.get(tx.con, "account", known, one.id) for one in found]
        checks = [checked(session, tx.con, row, target, grounds, deal) for row in rows]
        if not anyway:
            _refuse_gaps(rows, checks, target)
        for row, own in zip(rows, checks, strict=True):
            _make(session, tx, row, target, _on_grounds(own), deal)
        says = f"Qualified {text.plural(len(rows), 'account')} as {target}s."
        score = "acct account score"
        if len(rows) == 1:
            score += f" {rows[0]['number']}"
            on = text.safe(_on_grounds(checks[0])).removesuffix(".")
            says = f"Qualified {text.safe(rows[0]['name'])} as {target}{on}."
        hint = "" if target == "customer" else f"How much time it deserves: {score}"
        return nouns.done(session, tx, "account", [one.id for one in found], says, hint=hint)


def _read_deal(session: Session, grounds: Grounds) -> writing.Read | None:
    """The deal that was given, read as `deal add` reads one."""
    if not grounds.deal:
        return None
    return writing.read_given(session, "deal", Given(dict(grounds.deal), DEAL_OPTIONS))


def _make(
    session: Session,
    tx: Writing,
    row: Row,
    target: str,
    on_grounds: str,
    deal: writing.Read | None,
) -> None:
    """Change the status of one account, with a note of the grounds and the deal that was given."""
    deal_id = None
    if deal is not None:
        own = writing.Read({**deal.values, "account": row["id"]}, deal.custom)
        along = {name: f"{option} …" for name, option in DEAL_OPTIONS.items()}
        deal_id = writing.insert(tx, "deal", own, options=along)
    note = f"Qualified as {target}{on_grounds}"
    summary = text.clip(note, text.MAX_LINE // 2)
    log = {
        "account": row["id"],
        "deal": deal_id,
        "kind": "note",
        "at": dates.iso(session.clock.now),
        "summary": summary,
        "body": None if summary == note else note,
    }
    store.insert(tx, "log", log, typed=False)
    store.update(tx, "account", row["id"], {"status": target})


def _on_grounds(checks: Iterable[Check]) -> str:
    """`: fit 78; intent: Asked for pricing; not verified: opportunity`; empty without any."""
    parts = [check.said for check in checks if check.holds]
    gaps = [check.code for check in checks if check.holds is False]
    if gaps:
        parts.append(f"not verified: {', '.join(gaps)}")
    return f": {'; '.join(parts)}" if parts else ""


# What is verified


def checked(
    session: Session,
    con: sqlite3.Connection,
    row: Row,
    target: str,
    grounds: Grounds,
    deal: writing.Read | None,
) -> list[Check]:
    """Fit, intent and opportunity of one account, by the book and by what was given.

    For a customer they are only told, and all that must hold is that it has bought. Raises
    `Invalid` for an account that is that much already.
    """
    _refuse_status(row, target)
    sold = sql.sold(con, row["id"])
    as_prospect = target == "prospect"
    found = [
        _fit(session, con, row["id"], grounds.fits),
        _intent(session, con, row["id"], grounds.intent, sold=sold and as_prospect),
        _opportunity(con, row["id"], deal, sold=sold and as_prospect),
    ]
    if as_prospect:
        return found
    return [*(one if one.holds else one.replace(holds=None) for one in found), _sale(row, sold)]


def _refuse_status(row: Row, target: str) -> None:
    name, status = text.safe(row["name"]), row["status"]
    if status == "former":
        again = f"acct account edit {row['number']} --status prospect"
        raise Invalid(f"{name} is a former customer. To begin anew: {again}")
    if status == "customer":
        raise Invalid(f"{name} is a customer already; there is nothing to qualify")
    if status == target:
        next_one = f"acct account qualify {row['number']} --as customer"
        raise Invalid(f"{name} is a prospect already. Once they bought: {next_one}")


def _fit(session: Session, con: sqlite3.Connection, account_id: str, notes: Sequence[str]) -> Check:
    """Verified from the bound of the settings on, or by what was said."""
    give = "--fit-note TEXT"
    part = fit(session, con, account_id)
    said = f"fit {part.score}" if part.score is not None else "fit"
    if notes:
        return Check("fit", True, f"{said}: {', '.join(notes)}", give)
    if part.score is None:
        return Check("fit", False if part.reasons else None, f"fit: {part.evidence}", give)
    bound = session.config["score.qualified_fit"]
    if part.score < bound:
        return Check("fit", False, f"{said}, below {bound}", give)
    return Check("fit", True, said, give)


def _intent(
    session: Session, con: sqlite3.Connection, account_id: str, given: str, *, sold: bool
) -> Check:
    """Verified by what was said, by the last buying signal in the log, or by having bought."""
    give = "--intent TEXT"
    if given:
        return Check("intent", True, f"intent: {given}", give)
    today = session.clock.today
    first, _ = fields.bounds_of_day(today - timedelta(days=SIGNAL_DAYS))
    signal = sql.last_signal(con, account_id, dates.iso(first))
    if signal is not None:
        kind, direction, at, summary = signal
        day = dates.say_day(dates.day_of(dates.parse_iso_moment(at)), today)
        came = " from them" if direction == "in" else ""
        return Check("intent", True, f"intent: {kind}{came} {day}, {summary}", give)
    if sold:
        return Check("intent", True, "intent: has bought", give)
    return Check("intent", False, f"intent: no buying signal in {SIGNAL_DAYS} days", give)


def _opportunity(
    con: sqlite3.Connection, account_id: str, deal: writing.Read | None, *, sold: bool
) -> Check:
    """Verified by the deal that was given, an open one, or by having bought."""
    give = "--opportunity TITLE --amount AMOUNT --close DAY"
    if deal is not None:
        return Check("opportunity", True, f"opportunity: {_described(deal.values)}", give)
    listing = queries.Listing([queries.by_id("account_id", account_id), deal_sql.OPEN])
    open_ones = [_described(one) for one in queries.select(con, "deal", DEAL, listing)]
    if open_ones:
        return Check("opportunity", True, f"opportunity: {text.sentence_list(open_ones)}", give)
    if sold:
        return Check("opportunity", True, "opportunity: has bought", give)
    return Check("opportunity", False, "opportunity: no open deal", give)


def _sale(row: Row, sold: bool) -> Check:
    """A customer has bought: nothing that is said takes its place."""
    give = f"acct deal win TITLE, or acct purchase add {row['number']} AMOUNT"
    said = "has bought" if sold else "nothing won or bought yet"
    return Check("sale", sold, said, give)


def _described(deal: Row) -> str:
    """`Platform rollout 120,000 SGD`."""
    if deal.get("amount") is None:
        return str(deal["title"])
    return f"{deal['title']} {money.say(deal['amount'], deal['currency'])}"


def _refuse_gaps(rows: Sequence[Row], checks: Sequence[Sequence[Check]], target: str) -> None:
    """Refuse what is not verified, naming it with the options that would give it."""
    lacking = [
        (row, [check for check in found if check.holds is False])
        for row, found in zip(rows, checks, strict=True)
    ]
    lacking = [(row, gaps) for row, gaps in lacking if gaps]
    if not lacking:
        return
    row, gaps = lacking[0]
    anyway = "Nothing was changed; to go ahead all the same: --anyway"
    if len(rows) == 1:
        missing = "; ".join(f"{text.safe(gap.said)} ({gap.give})" for gap in gaps)
        name = text.safe(row["name"])
        raise Invalid(f"{name} is not verified as a {target}: {missing}. {anyway}")
    each = [
        f"{text.safe(row['name'])} ({', '.join(gap.code for gap in gaps)})" for row, gaps in lacking
    ]
    raise Invalid(
        f"{len(lacking)} of {len(rows)} accounts are not verified as {target}s: "
        f"{text.sentence_list(each)}. {anyway}"
    )


# The interview

QUESTIONS = {
    "fit": {"--fit-note": "Why does it fit?"},
    "intent": {"--intent": "What do they want, and how do you know?"},
    "opportunity": {
        "--opportunity": "What may be sold? The title of a deal",
        "--amount": "For how much?",
        "--close": "When should it close?",
    },
}
"""What is asked for each gap, by the option that would give it."""

NEEDED = tuple(next(iter(questions)) for questions in QUESTIONS.values())
"""The first answer for a gap: without it the rest is not asked."""


def _interview(session: Session, account: str, target: str) -> Done:
    """Show what is verified, ask for the rest, and go ahead with what there is."""
    from acctcli.cli.kit.questions import ask, kept_if_refused
    from acctcli.render.emit import say

    with session.read() as con:
        found = session.find(con, "account", account)
        row = queries.get(con, "account", session.fields("account"), found.id)
        checks = checked(session, con, row, target, Grounds(), None)
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
            say("Enter leaves a question out; Ctrl-C stops, and keeps what you answered.")
        for code in gaps:
            for option, question in QUESTIONS.get(code, {}).items():
                answer = ask(question, _reader(session, option))
                if answer:
                    typed[option] = answer
                elif option in NEEDED:
                    break
        left = [code for code in gaps if not typed.keys() & QUESTIONS.get(code, {}).keys()]
        if left:
            question = f"Not verified: {', '.join(left)}. Make it a {target} all the same?"
            session.confirm(question, yes=False)
        return _qualify(session, [found.id], target, _said(typed), anyway=True)


def _reader(session: Session, option: str) -> Callable[[str], object]:
    """What refuses an answer that could not be kept."""
    by_option = {flag: DEAL[name] for name, flag in DEAL_OPTIONS.items()}
    field = by_option.get(option, KINDS["log"].fields["summary"])
    return lambda typed: fields.read_field(field, typed, session.reading, what=option)


def _said(typed: Mapping[str, str]) -> Grounds:
    """The answers as if they had been given as options."""
    notes = [typed["--fit-note"]] if "--fit-note" in typed else []
    deal = {name: typed[flag] for name, flag in DEAL_OPTIONS.items() if flag in typed}
    return Grounds(notes, typed.get("--intent", ""), deal)


def _command(account: str, target: str, typed: Mapping[str, str]) -> str:
    """The command line that gives the same answers; empty without any."""
    options = [f"{option}={answer}" for option, answer in typed.items()]
    words = ["acct", "account", "qualify", account, f"--as={target}", *options]
    return shlex.join(words) if options else ""
