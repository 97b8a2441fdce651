"""`acct purchase reconcile`: which purchases a bank statement pays."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from acctcli import paths, text
from acctcli.book import reconcile
from acctcli.book.imports import bank
from acctcli.book.reconcile import Reconciling
from acctcli.cli.kit import nouns, offers
from acctcli.cli.kit.bundles import Together
from acctcli.cli.kit.session import Session
from acctcli.cli.purchase import noun
from acctcli.domain.reconcile import DAYS, Proposal
from acctcli.errors import Cancelled, UsageError
from acctcli.frozen import Frozen
from acctcli.interop import bankcolumns
from acctcli.render.emit import STDOUT, preview
from acctcli.results import Done, Page


class HowToRead(Frozen):
    """How the statement is read, where it does not tell."""

    map: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="FIELD=COLUMN",
            help=f"Column for a field: {', '.join(bankcolumns.FIELDS)}.",
        ),
    ] = None
    currency: Annotated[
        str | None,
        typer.Option("--currency", metavar="CODE", help="Currency of the amounts."),
    ] = None
    date_format: Annotated[
        str | None,
        typer.Option(
            "--date-format", metavar="ORDER", help="Order of days: dmy, mdy, ymd, or a pattern."
        ),
    ] = None
    decimal: Annotated[
        str | None,
        typer.Option(
            "--decimal",
            metavar="SIGN",
            help="Decimal sign of amounts: comma or point.",
            autocompletion=offers.words(("comma", "point")),
        ),
    ] = None
    encoding: Annotated[
        str | None,
        typer.Option("--encoding", metavar="NAME", help="Encoding of the file, such as cp1252."),
    ] = None
    delimiter: Annotated[
        str | None,
        typer.Option("--delimiter", metavar="CHAR", help="Separator of the file's cells."),
    ] = None

    def asked(self) -> bank.AskedOfBank:
        """Return what was asked. Raises `UsageError` for a word that is none."""
        pairs = []
        for one in self.map or ():
            field, equals, column = one.partition("=")
            if not equals or not column:
                raise UsageError(f"--map {text.quoted(one)} names no column. Write FIELD=COLUMN")
            pairs.append((field.strip().lower(), column))
        sign = (self.decimal or "").strip().lower()
        if self.decimal is not None and sign not in ("comma", "point"):
            raise UsageError(text.unknown("--decimal", self.decimal, ("comma", "point")))
        decimal = {"comma": bank.COMMA, "point": bank.POINT}.get(sign)
        return bank.AskedOfBank(
            pairs, self.currency, self.date_format, decimal, self.encoding, self.delimiter
        )


HOW: Any = Together(HowToRead)


@noun.command(
    "reconcile",
    tool=False,
    examples=[
        "acct purchase reconcile november.csv",
        "acct purchase reconcile november.csv --dry-run -f json",
        "acct purchase reconcile november.csv --days 60 --yes",
        "acct purchase reconcile konto.csv --currency EUR --map text=Zweck",
    ],
)
def reconcile_(
    session: Session,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="Statement as CSV, or - for stdin.", show_default=False
        ),
    ],
    days: Annotated[
        int,
        typer.Option(
            "--days", metavar="N", min=0, max=3650, help="At most N days from purchase to payment."
        ),
    ] = DAYS,
    how: HowToRead = HOW,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what it would do, and change nothing.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Record only sure matches, and do not ask.")
    ] = False,
) -> Page | Done:
    """Find the purchases that the lines of a bank statement pay, and mark them as paid.

    The amount, with tax, and the currency must be exact. Then the invoice number in the text
    decides, else the name or an alias of the account. A match is sure if nothing else fits as well;
    you confirm all others. A line may pay several purchases of one account. Each purchase keeps the
    day and the text of its line, so the same file changes nothing the second time.
    """
    if file == STDOUT and not (dry_run or yes):
        raise UsageError("stdin holds the statement, so nobody can answer. Add --dry-run or --yes")
    stdin = sys.stdin.buffer if file == STDOUT and sys.stdin else None
    statement = bank.read(
        session, None if file == STDOUT else paths.typed(file), how.asked(), stdin
    )
    for note in statement.notes:
        session.notice(f"{statement.name}: {note}")
    with session.read() as con:
        found = reconcile.look(session, con, statement, days)
    page = Page(found.page, "reconcile:draw", session.clock.today)
    if dry_run:
        return page
    chosen = found.sure if yes else _chosen(session, found, page)
    return _recorded(session, found, chosen)


def _chosen(session: Session, found: Reconciling, page: Page) -> Sequence[Proposal]:
    """Return the proposals that a person takes."""
    count = len(found.proposals)
    if not count:
        return ()
    if not session.interactive:
        raise UsageError(
            f"{text.plural(count, 'payment')} found, {len(found.sure):,} of them sure. Nothing was "
            "changed. To look: --dry-run; to record what is sure: --yes"
        )
    preview(page)
    sure = len(found.sure)
    answers = {"a": f"all {count:,}"}
    if 0 < sure < count:
        answers["s"] = f"only the {sure:,} sure"
    answers |= {"o": "one by one", "q": "stop"}
    try:
        match session.choose("Record them?", answers):
            case "a":
                return found.proposals
            case "s":
                return found.sure
            case "o":
                return _one_by_one(session, found)
    except KeyboardInterrupt:
        pass
    raise Cancelled("nothing was changed")


def _one_by_one(session: Session, found: Reconciling) -> list[Proposal]:
    """Ask about one proposal after the other."""
    taken: list[Proposal] = []
    with session.read() as con:
        said = [reconcile.says(one, con) for one in found.proposals]
    for place, proposal in enumerate(found.proposals, 1):
        question = f"{place} of {len(said)}: {said[place - 1]}?"
        match session.choose(question, {"y": "yes", "n": "no", "q": "stop"}):
            case "y":
                taken.append(proposal)
            case "q":
                break
    return taken


def _recorded(session: Session, found: Reconciling, chosen: Sequence[Proposal]) -> Done:
    """Record the payments in one transaction, and say what is left."""
    page = found.page
    received = sum(not line["amount"].startswith("-") for line in page["unmatched_lines"])
    open_ones = len(found.proposals) - len(chosen)
    left = [
        f"{text.plural(open_ones, 'payment')} to confirm" if open_ones else "",
        f"{text.plural(received, 'bank line')} without a purchase" if received else "",
        f"{text.plural(len(page['unmatched_purchases']), 'purchase')} without a bank line"
        if page["unmatched_purchases"]
        else "",
    ]
    rest = text.sentence_list([one for one in left if one])
    beside = f"Left: {rest}." if rest else ""
    if not chosen:
        before = f" {text.plural(page['taken'], 'bank line')} reconciled already."
        says = f"Nothing to record from {page['file']}.{before if page['taken'] else ''} {beside}"
        return Done([], {}, says.strip())
    with session.write() as tx:
        ids = reconcile.record(session, tx, chosen)
        says = f"Reconciled {text.plural(len(ids), 'purchase')} with {page['file']}."
        return nouns.done(session, tx, "purchase", ids, says, beside=beside)
