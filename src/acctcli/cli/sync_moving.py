"""`acct sync hand-over`, `compact` and `new-key`: accounts for another book, files made anew."""

from __future__ import annotations

from typing import Annotated

import typer

from acctcli import text
from acctcli.book.sync import moving
from acctcli.cli.kit import nouns, offers, options
from acctcli.cli.kit.options import Yes
from acctcli.cli.kit.session import Session
from acctcli.cli.sync import noun, shown_progress, synced_as
from acctcli.results import Done, Failed


@noun.command(
    "hand-over", tool=False, examples=["acct sync hand-over greentech kan-code --to west --yes"]
)
def hand_over(
    session: Session,
    accounts: Annotated[list[str], options.arguments("account")],
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="BOOK",
            help="Shared book that they belong to from now on.",
            show_default=False,
            autocompletion=offers.shared_books,
        ),
    ],
    yes: Yes = False,
) -> Done | Failed:
    """Move accounts to another shared book.

    Everything that belongs to them goes along. People who may not read that book lose them with
    their next sync. To change only the owner: acct account handover
    """
    typed = session.names_given("account", accounts)
    with session.read() as con:
        found = nouns.condemned(session, con, "account", typed)
        what = nouns.with_belongings(con, "account", found)
    moving.check(session, to)
    session.confirm(f"Move {what} to the shared book {text.safe(to)}?", yes=yes)
    with shown_progress(session) as progress:
        rows, synced = moving.hand_over(session, [one.id for one in found], to, progress)
    if not rows:
        listed = text.sentence_list([text.safe(one.name) for one in found], 3)
        return Done([], {}, f"{listed}: in the shared book {text.safe(to)} already.", [])
    session.notice(f"moved {what} to the shared book {text.safe(to)}")
    return synced_as(session, synced)


@noun.command("compact", tool=False, examples=["acct sync compact"])
def compact(session: Session) -> Done:
    """Rewrite the shared book as few files, and remove the old ones.

    New machines then read less. It also brings back what a folder or hub lost.
    """
    with shown_progress(session) as progress:
        done = moving.compact(session, progress)
    said = [
        f"{text.safe(book)}: {text.plural(changes, 'change')} in {text.plural(files, 'file')}."
        for book, changes, files in done
    ]
    records = [{"book": book, "changes": changes, "files": files} for book, changes, files in done]
    return Done([], {}, " ".join(said), records, one=False)


@noun.command("new-key", tool=False, examples=["acct sync new-key", "acct sync new-key --yes"])
def new_key(session: Session, yes: Yes = False) -> Done:
    """Give a sealed book a new key, after somebody has left.

    Rewrites the shared book with the new key, and removes what the old key opens. Each other
    machine syncs again once it has the new key file. Nobody can take back what was read or copied
    with the old key.
    """
    from acctcli.book.sync import keys

    this = keys.check(session)
    listed = text.safe(text.sentence_list(list(this.books), len(this.books)))
    session.confirm(
        f"Give the shared book {listed} a new key? Other machines sync again when they have the "
        "new key file.",
        yes=yes,
    )
    with shown_progress(session) as progress:
        done = keys.replace(session, progress)
    shown = text.safe(str(done.file))
    machines = [text.safe(one) for one in done.machines]
    if machines:
        session.notice(
            f"until {text.sentence_list(machines, 5)} {'has' if len(machines) == 1 else 'have'} "
            "that file in place of the old one, nothing is sent or taken in there. Keep a copy in "
            "a safe place"
        )
    says = f"Gave {listed} a new key, and rewrote it. The key file: {shown}"
    records = [{"books": list(this.books), "key": str(done.file), "machines": list(done.machines)}]
    return Done(list(this.books), {}, says, records)
