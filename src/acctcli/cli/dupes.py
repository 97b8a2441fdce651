"""Duplicates: `dupes` finds them, `merge` merges them.

The same for accounts and contacts; the commands are registered on both nouns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from acctcli import text
from acctcli.book import dupes, merging
from acctcli.cli import account, contact
from acctcli.cli.kit import nouns, offers, options
from acctcli.cli.kit.bundles import Together
from acctcli.cli.kit.options import Yes
from acctcli.cli.kit.session import Session
from acctcli.domain import dedupe
from acctcli.errors import Cancelled, Invalid, UsageError
from acctcli.frozen import Frozen
from acctcli.model import KINDS
from acctcli.model.counting import counted
from acctcli.render.emit import preview
from acctcli.results import Done, Page, Table
from acctcli.store import lookup

if TYPE_CHECKING:
    import sqlite3

    from acctcli.store.journal import Writing


KEEP, OTHER = "keep", "other"


class PairOptions(Frozen):
    """Which pairs to find, and whether to review them one by one."""

    likeness: Annotated[
        int | None,
        typer.Option(
            "--likeness",
            min=1,
            max=100,
            metavar="N",
            help=f"Only pairs at least this similar, 1 to 100. Default: {dedupe.LEAST}, or "
            "dupes.likeness.",
        ),
    ] = None
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", min=0, metavar="N", help="Show at most N.")
    ] = None
    review: Annotated[
        bool,
        typer.Option(
            "--review", help="Go through the pairs one by one: merge, not the same, or skip."
        ),
    ] = False


def _not_same(kind: str) -> Any:
    """Declare the option that marks two records of a kind as different."""
    return typer.Option(
        "--not-same",
        metavar="ONE OTHER",
        help="Mark two records as not the same, so that they are not shown again.",
        show_default=False,
        autocompletion=offers.records(kind),
    )


class Merging(Frozen):
    """How to merge records, and whether to ask before."""

    prefer: Annotated[
        str,
        typer.Option(
            "--prefer",
            metavar="WHICH",
            help="Whose values win where both have one: keep or other.",
            autocompletion=offers.words((KEEP, OTHER)),
        ),
    ] = KEEP
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what it would do, and change nothing.")
    ] = False
    yes: Yes = False


FINDING: Any = Together(PairOptions)
MERGING: Any = Together(Merging)

ANSWERS = {
    "m": "merge",
    "o": "swap, keep the other one",
    "n": "not the same",
    "s": "skip",
    "q": "stop",
}
"""The answers to a pair under review."""

# Accounts


@account.noun.command(
    "dupes",
    examples=[
        "acct account dupes",
        "acct account dupes --likeness 40 -f csv > dupes.csv",
        "acct account dupes --review",
        "acct account dupes --not-same A-0001 A-0007",
    ],
)
def account_dupes(
    session: Session,
    wanted: PairOptions = FINDING,
    not_same: Annotated[tuple[str, str] | None, _not_same("account")] = None,
) -> Table | Done:
    """Find possible duplicate accounts: by name, website, phone or email domain.

    Each pair comes with its reasons, the account with more data first. Pairs that you
    mark as not the same, here or in --review, are not shown again.
    """
    return _dupes(session, "account", wanted, not_same)


@account.noun.command(
    "merge",
    sets_off=True,
    examples=[
        "acct account merge A-0001 A-0007 --dry-run",
        "acct account merge greentech.sg 'Greentech Pte' --yes",
        "acct account merge A-0001 A-0007 A-0012 --prefer other",
    ],
)
def account_merge(
    session: Session,
    keep: Annotated[str, options.argument("account", "The account to keep, by whole name or id.")],
    others: Annotated[
        list[str],
        options.arguments(
            "account", "Accounts to merge into it, by whole name or id, or - for stdin."
        ),
    ],
    how: Merging = MERGING,
) -> Done | Page:
    """Merge accounts: contacts, deals, history and everything else move to the first one.

    The first account keeps its values, and the others fill in what is empty; tags are
    combined, and all descriptions are kept. A value that does not fit anywhere is noted in
    the description. The book is backed up first, and `undo` reverses the merge.
    """
    return _merge(session, "account", keep, others, how)


# Contacts


@contact.noun.command(
    "dupes",
    examples=[
        "acct contact dupes",
        "acct contact dupes --review",
        "acct contact dupes -f json",
        "acct contact dupes --not-same mei@greentech.sg mei.lim@greentech.sg",
    ],
)
def contact_dupes(
    session: Session,
    wanted: PairOptions = FINDING,
    not_same: Annotated[tuple[str, str] | None, _not_same("contact")] = None,
) -> Table | Done:
    """Find possible duplicate contacts: by name, email, phone or LinkedIn page.

    Each pair comes with its reasons, the contact with more data first. Pairs that you
    mark as not the same, here or in --review, are not shown again.
    """
    return _dupes(session, "contact", wanted, not_same)


@contact.noun.command(
    "merge",
    examples=[
        "acct contact merge mei@greentech.sg m.tan@greentech.sg --dry-run",
        "acct contact merge 'Mei Tan' 3f9a --yes",
    ],
)
def contact_merge(
    session: Session,
    keep: Annotated[str, options.argument("contact", "The contact to keep, by whole name or id.")],
    others: Annotated[
        list[str],
        options.arguments(
            "contact", "Contacts to merge into it, by whole name or id, or - for stdin."
        ),
    ],
    how: Merging = MERGING,
) -> Done | Page:
    """Merge contacts: addresses, interactions, deals and tasks move to the first one.

    The first contact keeps its values, and the others fill in what is empty; all notes are
    kept. A value that does not fit anywhere is added to the notes. Other accounts become
    links. The book is backed up first, and `undo` reverses the merge.
    """
    return _merge(session, "contact", keep, others, how)


# Finding duplicates


def _dupes(
    session: Session, kind: str, wanted: PairOptions, not_same: tuple[str, str] | None
) -> Table | Done:
    if not_same is not None:
        return _marked(session, kind, not_same)
    if wanted.review and not session.interactive:
        raise UsageError(
            f"--review needs a terminal. In a script: acct {kind} dupes -f json, acct {kind} merge"
        )
    with session.read() as con:
        least = dupes.least_likeness(session) if wanted.likeness is None else wanted.likeness
        likely = dupes.likely(con, kind, least)
        pairs = likely[: wanted.limit]
        rows = [] if wanted.review else dupes.rows(session, con, kind, pairs)
    if wanted.review:
        return _review(session, kind, pairs)
    fields = dupes.fields(kind)
    return Table(
        *("pair", "pairs", fields, rows, list(fields), list(fields), {}),
        empty=f"Showing 0 of {text.plural(len(likely), 'pair')} (--limit 0)."
        if likely
        else _nobody_twice(kind),
        today=session.clock.today,
        drawing="quality:pairs",
        has_ids=True,
    )


def _marked(session: Session, kind: str, pair: tuple[str, str]) -> Done:
    """Mark two records as not the same."""
    with session.write() as tx:
        one, other = (nouns.condemned(session, tx.con, kind, [typed])[0] for typed in pair)
        if one.id == other.id:
            raise Invalid(f"{text.quoted(pair[0])} and {text.quoted(pair[1])} are one {kind}")
        return _told_apart(session, tx, kind, one.id, other.id)


def _told_apart(session: Session, tx: Writing, kind: str, one: str, other: str) -> Done:
    named = dupes.names(session, tx.con, kind, (one, other))
    dupes.tell_apart(tx, kind, one, other)
    says = f"{dupes.called([named[one], named[other]])} are not the same."
    return nouns.done(session, tx, kind, [one, other], says, hint="To undo: acct undo")


def _nobody_twice(kind: str) -> str:
    return f"No duplicate {KINDS[kind].several} found."


# Merging


def _merge(
    session: Session, kind: str, keep: str, others: Sequence[str], how: Merging
) -> Done | Page:
    if how.prefer not in (KEEP, OTHER):
        raise UsageError(text.unknown("--prefer", how.prefer, ("keep", "other")))
    typed = session.names_given(kind, others)
    with session.read() as con:
        ids = _found(session, con, kind, keep, typed)
        named = dupes.names(session, con, kind, ids)
    what = dupes.called([named[id] for id in ids[1:]])
    if how.yes and not how.dry_run:
        return _done(session, kind, ids, how.prefer)
    page = _shown(session, kind, ids, how.prefer)
    if how.dry_run:
        return page
    if session.interactive:
        preview(page)
    moving = counted(page.data["moved"])
    along = f", moving {moving}" if moving else ""
    session.confirm(f"Merge {what} into {dupes.called([named[ids[0]]])}{along}?", yes=False)
    return _done(session, kind, ids, how.prefer)


def _found(
    session: Session, con: sqlite3.Connection, kind: str, keep: str, others: Sequence[str]
) -> list[str]:
    """Return the ids, the kept one first. Raises `Invalid` if a record is named twice."""
    (first,) = nouns.condemned(session, con, kind, [keep])
    rest = nouns.condemned(session, con, kind, others)
    if any(record.id == first.id for record in rest):
        raise Invalid(
            f"{text.safe(first.name)} cannot be merged with itself: "
            f"{text.quoted(keep)} is named again among the others"
        )
    return [first.id, *(record.id for record in rest)]


def _shown(
    session: Session,
    kind: str,
    ids: Sequence[str],
    prefer: str,
    pair: dupes.LikelyPair | None = None,
) -> Page:
    """Return the page of what a merge would do."""
    data = dupes.preview(session, kind, ids, prefer_other=prefer == OTHER, pair=pair)
    return Page(data, "quality:merge", session.clock.today)


def _done(
    session: Session, kind: str, ids: Sequence[str], prefer: str, *, back_up: bool = True
) -> Done:
    """Merge, after a backup."""
    fields = session.fields(kind)
    with session.write() as tx:
        found = _found(session, tx.con, kind, ids[0], ids[1:])
        outcome = dupes.merge(
            session, tx, kind, found, prefer_other=prefer == OTHER, back_up=back_up
        )
        merged, named = outcome.merged, outcome.named
        says = f"Merged {dupes.called([named[id] for id in found[1:]])} into "
        says += f"{dupes.called([named[found[0]]])}{merging.moves(merged)}."
        # The history of the record says what became of each value.
        done = nouns.done(session, tx, kind, found[:1], says, hint="To undo: acct undo")
    data = {"merge": merging.data(kind, fields, merged, named)}
    return done.replace(
        says=says + merging.sentences(kind, fields, merged),
        records=[{**record, **data} for record in done.records],
    )


# Reviewing


class _Answered:
    """The answers in a review: how many of each, the current pair, and who was merged."""

    def __init__(self) -> None:
        self.counts = dict.fromkeys(("merged", "not the same", "skipped"), 0)
        self.pairs: set[frozenset[str]] = set()
        self.merged_into: dict[str, str] = {}

    def now(self, id: str) -> str:
        """Return the id of the record that this one has become a part of."""
        while id in self.merged_into:
            id = self.merged_into[id]
        return id

    def says(self) -> str:
        """Return all of it in a few words."""
        return ", ".join(f"{count:,} {what}" for what, count in self.counts.items())


def _review(session: Session, kind: str, pairs: Sequence[dupes.LikelyPair]) -> Done:
    """Ask about one pair after the other; each answer is a command of its own for undo."""
    if not pairs:
        return Done([], {}, _nobody_twice(kind))
    answered = _Answered()
    try:
        for place, pair in enumerate(pairs, 1):
            if not _ask(session, kind, pair, f"{place} of {len(pairs)}:", answered):
                break
    except KeyboardInterrupt:
        raise Cancelled(f"stopped. Saved so far: {answered.says()}") from None
    kept = list(dict.fromkeys(map(answered.now, answered.merged_into)))
    with session.read() as con:
        return Done(kept, lookup.short_ids(con, kind, kept), f"{answered.says()}.")


def _ask(
    session: Session, kind: str, pair: dupes.LikelyPair, where: str, answered: _Answered
) -> bool:
    """Show a pair and do what is answered; return whether to continue."""
    one, other = answered.now(pair.keep), answered.now(pair.other)
    about = frozenset((one, other))
    if one == other or about in answered.pairs:
        return True
    answered.pairs.add(about)
    preview(_shown(session, kind, (one, other), KEEP, pair))
    match session.choose(where, ANSWERS):
        case "m" | "o" as answer:
            keep, gone = (one, other) if answer == "m" else (other, one)
            # One backup per review: its merges must not push out the backup from before it.
            back_up = not answered.merged_into
            session.notice(_done(session, kind, (keep, gone), KEEP, back_up=back_up).says)
            answered.merged_into[gone] = keep
            answered.counts["merged"] += 1
        case "n":
            with session.write() as tx:
                _told_apart(session, tx, kind, one, other)
            answered.counts["not the same"] += 1
        case "s":
            answered.counts["skipped"] += 1
        case _:
            return False
    return True
