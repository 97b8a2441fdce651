"""`acct account handover`: give accounts to a colleague, with a pack of files to go with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from acctcli import files, paths, text
from acctcli.book import handover, pack
from acctcli.cli.account import Accounts, noun
from acctcli.cli.kit import nouns, offers
from acctcli.cli.kit.session import Session
from acctcli.errors import Conflict, UsageError
from acctcli.model import KINDS, Row
from acctcli.render import emit
from acctcli.results import Done, Table

if TYPE_CHECKING:
    from acctcli.store.journal import Writing


@noun.command(
    "handover",
    sets_off=True,
    examples=[
        "acct account handover greentech --to Kim",
        "acct account handover greentech --to Kim --pack greentech-pack",
        "acct account list --owner Ann -f ids | acct account handover - --to Kim --keep-deals",
    ],
)
def handover_(
    session: Session,
    accounts: Accounts,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="NAME",
            help="The colleague who takes over.",
            show_default=False,
            autocompletion=offers.values("account", KINDS["account"].fields["owner"]),
        ),
    ],
    keep_deals: Annotated[
        bool | None,
        typer.Option(
            "--keep-deals/--with-deals",
            help="Keep open deals, or hand them over too. Default: ask on a terminal, else hand "
            "them over.",
            show_default=False,
        ),
    ] = None,
    pack_: Annotated[
        Path | None,
        typer.Option(
            "--pack",
            metavar="DIR",
            help="Write a dossier, contact cards, a calendar, CSV files and a bundle into DIR.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that exist.")] = False,
) -> Done:
    """Hand accounts over to a colleague: the owner changes, and the log says so.

    Closed deals, and open deals that you keep, stay with their owner. --pack writes what the
    colleague needs: a dossier to read, and a bundle (.acct) to bring into their own book with
    `acct import`. To move an account to another shared book: acct sync hand-over
    """
    if force and pack_ is None:
        raise UsageError("--force is about the files of --pack: name a folder too")
    folder = paths.typed(pack_) if pack_ is not None else None
    named = session.names_given("account", accounts)
    if keep_deals is None and session.interactive and "-" not in accounts:
        keep_deals = _asked(session, named, to)
    written: list[Path] = []
    try:
        with session.write() as tx:
            found = session.find_all(tx.con, "account", named)
            name = handover.receiver(session, tx.con, to)
            going = handover.look(session, tx.con, found, name)
            done = handover.hand_over(
                tx, going, name, keep_deals=bool(keep_deals), asked=len(found)
            )
            ids = [one.id for one in found]
            hint = "To undo: acct undo" if going else ""
            answer = nouns.done(session, tx, "account", ids, done.says, hint=hint)
            if folder is not None:
                giver = text.sentence_list(
                    list(dict.fromkeys(one.giver for one in going)) or [session.who]
                )
                written += _write(session, tx, ids, (giver, name), folder, force=force)
    except BaseException:
        # The files show what the book would have been.
        for path in written:
            path.unlink(missing_ok=True)
        raise
    if folder is None:
        return answer
    where = text.safe(str(folder))
    says = f"{answer.says} Wrote {text.plural(len(written), 'file')} to {where}."
    return answer.replace(says=says)


def _write(
    session: Session,
    tx: Writing,
    ids: Sequence[str],
    names: tuple[str, str],
    folder: Path,
    *,
    force: bool,
) -> list[Path]:
    """Write the files of the pack: all of them, or none; return their paths.

    `names` are those of who hands over and who takes over.
    """
    from acctcli.book import dossier  # most handovers have no pack
    from acctcli.render import dossier as drawn
    from acctcli.render.html import dossier as document

    taken = [name for name in pack.names() if files.is_there(folder / name)]
    if taken and not force:
        raise Conflict(
            f"{text.safe(str(folder))} has {text.sentence_list(taken)} already. To overwrite it: "
            "--force"
        )
    written: list[Path] = []

    def contents() -> Iterator[tuple[Path, Iterable[str]]]:
        data = dossier.page(session, tx.con, ids, *names)
        today = session.clock.today
        for name, whole in zip(pack.DOSSIER, (drawn.markdown, document.page), strict=True):
            written.append(folder / name)
            yield folder / name, [whole(data, today)]
        for name, parts in pack.files(session, tx, ids, names[1], _csv):
            written.append(folder / name)
            yield folder / name, parts

    is_new = not folder.exists()
    files.make_private_folder(folder)
    try:
        files.write_all(contents(), force=force)
    except BaseException:
        if is_new:
            with suppress(OSError):
                folder.rmdir()
        raise
    return written


def _csv(table: Table, rows: Iterable[Row]) -> Iterable[str]:
    return emit.file_text(table, "csv", rows=rows)


def _asked(session: Session, accounts: Sequence[str], to: str) -> bool | None:
    """Ask whether open deals go along, if there are any."""
    with session.read() as con:
        found = session.find_all(con, "account", accounts)
        name = handover.receiver(session, con, to)
        question = handover.question(handover.look(session, con, found, name), name)
    if not question:
        return None
    return session.choose(question, {"y": "yes", "n": "no, they stay"}) == "n"
