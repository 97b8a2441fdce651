"""`acct import FILE.acct`: take in accounts that another book handed over."""

from __future__ import annotations

from collections.abc import Sequence

from acctcli import paths, text
from acctcli.book import bundle_words, bundles
from acctcli.book.bundles import Renames
from acctcli.book.imports.recipe import Asked
from acctcli.cli.kit.session import Session
from acctcli.errors import UsageError
from acctcli.interop.bundle import is_bundle
from acctcli.results import Done

_TAKES = "a bundle is read as it is: it takes only --map, --value, --dry-run and --create"


def named(files: Sequence[str]) -> bool:
    """Whether one of the files is a bundle."""
    return any(name != "-" and is_bundle(paths.typed(name)) for name in files)


def take_in(
    session: Session, files: Sequence[str], asked: Asked, *, dry_run: bool, others: bool
) -> Done:
    """Merge a bundle into the book, or only say what that would do.

    `others` is whether options were given that a bundle does not take.
    """
    if len(files) > 1:
        raise UsageError("import a bundle by itself: it has everything that it needs")
    if others or not {*asked.given()} <= {"map", "value"}:
        raise UsageError(_TAKES)
    came = bundles.take_in(session, paths.typed(files[0]), _renames(asked), keep=not dry_run)
    for note in bundle_words.notes(came):
        session.notice(note)
    says = bundle_words.sentence(came)
    hint = "To undo: acct undo" if came.taken.changes and not dry_run else ""
    if dry_run and came.taken.changes:
        says = f"Nothing was changed. It would be: {says}"
    short = {} if dry_run else {id: number for id, number, _ in came.accounts}
    data = [bundle_words.data(came, written=not dry_run)]
    return Done(list(short), short, says, data, hint=hint)


def _renames(asked: Asked) -> Renames:
    stages: dict[str, str] = {}
    tiers: dict[str, str] = {}
    fields: dict[str, str] = {}
    for pair in asked.value:
        theirs, _, ours = pair.partition("=")
        name, _, word = theirs.partition(":")
        into = {"stage": stages, "tier": tiers}.get(name.strip())
        if into is None or not word.strip() or not ours.strip():
            raise UsageError(
                f"--value {text.quoted(pair)}: of a bundle, write stage:THEIRS=OURS or "
                "tier:THEIRS=OURS"
            )
        into[word.strip()] = ours.strip()
    for pair in asked.map:
        ours, _, theirs = pair.partition("=")
        if not ours.strip() or not theirs.strip():
            raise UsageError(f"--map {text.quoted(pair)}: write OURS=THEIRS")
        fields[theirs.strip()] = ours.strip()
    return Renames(stages, tiers, fields)
