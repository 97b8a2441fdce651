"""`acct sync`: one book on several machines, or of a team."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from acctcli import text
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.options import Yes
from acctcli.cli.kit.session import Session
from acctcli.errors import Invalid, UsageError
from acctcli.results import Done, Failed, Page

if TYPE_CHECKING:
    from acctcli.book.sync.exchanging import Synced
    from acctcli.book.sync.sharing import FirstSync
    from acctcli.store.sync.machine import Machine
    from acctcli.store.sync.rounds import TakenInSoFar

noun = Noun(
    "sync",
    "One book on several machines or in a team.",
    elsewhere={
        "conflicts": "sync_conflicts",
        "take": "sync_conflicts",
        "dismiss": "sync_conflicts",
        "hand-over": "sync_moving",
        "compact": "sync_moving",
        "new-key": "sync_moving",
        "member": "sync_hub",
        "hub-sql": "sync_hub",
    },
)

CarrierAddress = Annotated[
    str,
    typer.Argument(
        metavar="FOLDER|URL",
        help="A folder that is on all your machines, or postgresql://USER@HOST/DATABASE.",
        show_default=False,
    ),
]
MachineName = Annotated[
    str | None,
    typer.Option(
        "--name",
        metavar="NAME",
        help="What to call this machine. Default: the name of the computer.",
        show_default=False,
    ),
]


@noun.command(
    "init",
    tool=False,
    examples=[
        "acct sync init ~/Dropbox/acct",
        "acct sync init ~/Dropbox/acct --seal",
        "acct sync init postgresql://ann@hub.example/acct --book west --common common",
    ],
)
def init(
    session: Session,
    address: CarrierAddress,
    book: Annotated[
        str | None,
        typer.Option(
            "--book",
            metavar="BOOK",
            help="Name of the shared book. Default: that of the file.",
            show_default=False,
        ),
    ] = None,
    common: Annotated[
        str | None,
        typer.Option(
            "--common",
            metavar="BOOK",
            help="A second one for products and settings, which several teams share.",
            show_default=False,
        ),
    ] = None,
    seal: Annotated[
        bool,
        typer.Option(
            "--seal", help="Encrypt what is sent, with a new key file that each machine needs."
        ),
    ] = False,
    name: MachineName = None,
) -> Done:
    """Share this book, and send it for the first time.

    Use a folder that another program keeps the same on all machines, such as Dropbox, iCloud,
    Syncthing or git. Your book stays where it is, and every command still works without a network.
    """
    from acctcli.book.sync import sharing

    with shown_progress(session) as progress:
        begun = sharing.init(
            session, address, book=book, common=common, name=name, seal=seal, progress=progress
        )
    called = text.safe(begun.machine.home)
    says = f"Sharing this book as {called} in {text.safe(begun.where)}. {begun.synced.says()}"
    if begun.machine.common != begun.machine.home:
        says += f" Products and settings belong to {text.safe(begun.machine.common)}."
    if begun.machine.key:
        shown = text.safe(begun.machine.key)
        session.notice(
            f"the key is in {shown}. Copy it to your other machines, and keep a copy in a safe "
            "place: nobody can read the shared book without it"
        )
    return _begun(begun, says, _for_others(begun.machine))


@noun.command(
    "join",
    tool=False,
    examples=[
        "acct sync join ~/Dropbox/acct",
        "acct sync join ~/Dropbox/acct --key ~/book.key",
        "acct sync join postgresql://ann@hub.example/acct --book west,common --home west",
    ],
)
def join(
    session: Session,
    address: CarrierAddress,
    book: Annotated[
        str | None,
        typer.Option(
            "--book",
            metavar="BOOK,...",
            help="Shared books to join. Default: the only one there.",
            show_default=False,
        ),
    ] = None,
    home: Annotated[
        str | None,
        typer.Option(
            "--home",
            metavar="BOOK",
            help="The book for new accounts, and for tasks and people without an account.",
            show_default=False,
        ),
    ] = None,
    common: Annotated[
        str | None,
        typer.Option(
            "--common",
            metavar="BOOK",
            help="The book for products and settings. Default: common, else --home.",
            show_default=False,
        ),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            "--key", metavar="FILE", help="Key file of a sealed book.", show_default=False
        ),
    ] = None,
    name: MachineName = None,
) -> Done:
    """Join a book that another machine shares.

    This machine's book may be empty or not: if both have records, both are kept.
    """
    from acctcli.book.sync import sharing

    books = [one.strip() for one in (book or "").split(",") if one.strip()]
    if book is not None and not books:
        raise UsageError("--book is empty. Leave it out, or name a shared book")
    with shown_progress(session) as progress:
        begun = sharing.join(
            session,
            address,
            books=books,
            home=home,
            common=common,
            key=key,
            name=name,
            progress=progress,
        )
    this = begun.machine
    listed = text.safe(text.sentence_list(list(this.books), len(this.books)))
    says = f"Joined {listed} in {text.safe(begun.where)} as {text.safe(this.name)}."
    if len(this.books) > 1:
        says += (
            f" New records belong to {text.safe(this.home)}, products and settings to "
            f"{text.safe(this.common)}."
        )
    if begun.series:
        says += f" New account numbers here start with {begun.series}."
    says += f" {begun.synced.says()}"
    if begun.both:
        session.notice("both had records before. To find what is there twice: acct account dupes")
    return _begun(begun, says, "")


def _for_others(this: Machine) -> str:
    """Return how others take part. An address may have a password, and is of one person."""
    if "://" in this.carrier:
        return "To let a colleague in: acct sync member add"
    where = text.shell_word(text.safe(this.carrier), "")
    return f"On another machine: acct sync join {where}{' --key FILE' if this.key else ''}"


def _begun(begun: FirstSync, says: str, hint: str) -> Done:
    this = begun.machine
    record = {
        "where": begun.where,
        "books": list(this.books),
        "home": this.home,
        "common": this.common,
        "device": this.device,
        "name": this.name,
        "series": begun.series,
        "key": this.key or None,
        **begun.synced.as_json,
    }
    return Done(list(this.books), {}, says, [record], hint=hint)


@noun.command(
    "now",
    tool=False,
    examples=["acct sync now", "acct sync now --dry-run", "acct sync now -q"],
)
def now(
    session: Session,
    full: Annotated[
        bool,
        typer.Option("--full", help="Also find what other programs changed in the book."),
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", "-n", help="Show what would be sent and taken in, and change nothing."
        ),
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing unless something is wrong.")
    ] = False,
) -> Done | Failed:
    """Send what was changed here, and take in what others changed.

    Without a connection the exit status is 6: everything is saved here, and goes out with the next
    sync.
    """
    from acctcli.book.sync import exchanging

    with shown_progress(session) as progress:
        synced = exchanging.now(session, full=full, dry=dry_run, progress=progress)
    return synced_as(session, synced, dry=dry_run, quiet=quiet)


def synced_as(
    session: Session, synced: Synced, *, dry: bool = False, quiet: bool = False
) -> Done | Failed:
    """Return what a sync did, as an error too if this machine may not send all of it."""
    if not quiet:
        for notice in synced.notices:
            session.notice(notice)
    done = Done([], {}, "" if quiet else synced.says(dry=dry), [synced.as_json])
    if synced.exchanged.refused:
        return Failed(
            done,
            Invalid(
                f"{synced.exchanged.refused}: what you changed there stays on this machine. "
                "To see how much: acct sync status"
            ),
        )
    return done


@noun.command(
    "status", reads=True, tool=False, examples=["acct sync status", "acct sync status -f json"]
)
def status(session: Session) -> Page:
    """Show the machines, what is not sent yet, and what is waiting."""
    from acctcli.book.sync import exchanging

    return Page(exchanging.status(session), "sync:status", session.clock.today)


@noun.command("leave", tool=False, examples=["acct sync leave", "acct sync leave --no-sync --yes"])
def leave(
    session: Session,
    no_sync: Annotated[bool, typer.Option("--no-sync", help="Leave without a last sync.")] = False,
    yes: Yes = False,
) -> Done:
    """Stop sharing this book on this machine, after a last sync.

    The book stays as it is.
    """
    from acctcli.book.sync import exchanging, sharing

    this = exchanging.shared(session)
    listed = text.safe(text.sentence_list(list(this.books), len(this.books)))
    where = text.safe(exchanging.where(this))
    session.confirm(f"Stop sharing this book ({listed} in {where}) on this machine?", yes=yes)
    with shown_progress(session) as progress:
        _, left = sharing.leave(session, sync=not no_sync, progress=progress)
    says = f"This machine does not share the book any more. It stays as it is, and so does {where}."
    if left:
        says += f" {text.plural(left, 'change')} made here never reached the others."
    return Done([], {}, says, [{"where": where, "books": list(this.books), "unsent": left}])


@contextmanager
def shown_progress(session: Session) -> Iterator[TakenInSoFar | None]:
    """Show how far a long sync is, to a person."""
    import sys

    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from acctcli.render import waiting

    with waiting.counted("Taking in changes") as progress:
        yield progress
