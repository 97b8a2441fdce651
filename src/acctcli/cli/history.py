"""`acct undo` and `acct history`: take commands back, and read what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from acctcli import text
from acctcli.book import history
from acctcli.cli.kit import offers
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.session import Session
from acctcli.errors import UsageError
from acctcli.model import SUBJECTS
from acctcli.render.emit import format_of
from acctcli.results import Done, Table
from acctcli.store import history as journal
from acctcli.store import undo as store
from acctcli.values import dates, periods
from acctcli.values.fields import bounds_of_day

noun = Noun("", "")

SHOWN = 30
"""How many lines of history people see unless they ask for more; files and pipes get all."""


@noun.command(
    "undo",
    examples=[
        "acct undo",
        "acct undo 41 --dry-run",
        "acct undo 41 --keep-edited",
        "acct undo --redo",
    ],
)
def undo(
    session: Session,
    command: Annotated[
        int | None,
        typer.Argument(help="Its number in acct history; else the last.", show_default=False),
    ] = None,
    redo: Annotated[
        bool, typer.Option("--redo", help="Take back the last undo: do the command again.")
    ] = False,
    keep_edited: Annotated[
        bool,
        typer.Option("--keep-edited", help="Keep what was changed since, take back the rest."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it would do, and change nothing.")
    ] = False,
) -> Done:
    """Take back the last command as a whole; again, and it goes further back.

    An import or a merge is one command. What was changed since stops the undo
    and is named. An undo can be taken back too: --redo.
    """
    if redo and command is not None:
        raise UsageError(
            f"--redo is about the last undo. To take back one by number: acct undo {command}"
        )
    with session.write(keep=not dry_run) as tx:
        if command is None:
            command = store.last_undo(tx.con) if redo else store.last_undoable(tx.con, but=tx.first)
        undone = store.undo(tx, command, keep_edited=keep_edited)
        says = undone.says
        if dry_run:
            for verb, would in (("Took back", "Would take back"), ("Did again", "Would do again")):
                if says.startswith(verb):
                    says = f"{would}{says.removeprefix(verb)}"
        record = {
            "command": None if dry_run else tx.number(),
            "undoes": undone.command,
            "records": undone.records,
            "kept": [
                {"kind": k.kind, "id": k.id, "name": k.name, "why": k.why} for k in undone.kept
            ],
            "says": says,
        }
    return Done([], {}, says, [record])


@noun.command(
    "history",
    examples=[
        "acct history",
        "acct history greentech --since 2w",
        "acct history greentech --kind deal -f json",
    ],
)
def tell(
    session: Session,
    record: Annotated[
        str | None,
        typer.Argument(
            help="An account, or any record; else the commands.",
            show_default=False,
            autocompletion=offers.records("account"),
        ),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DAY", help="Not older than this day.")
    ] = None,
    kind: Annotated[
        list[str],
        typer.Option(
            "--kind",
            "-k",
            help="Only changes of this kind; repeat it for more.",
            autocompletion=offers.words(SUBJECTS),
        ),
    ] = [],
    limit: Annotated[
        int | None,
        typer.Option("--limit", "-n", min=1, help=f"Show at most N; {SHOWN} on a terminal."),
    ] = None,
) -> Table:
    """Tell what was changed, newest first: the commands, or what became of one record.

    The history of an account has everything that belongs to it. The number of
    a command is what acct undo takes.
    """
    for name in kind:
        if name not in SUBJECTS:
            raise UsageError(f"--kind {text.safe(name)} is not known. Known: {', '.join(SUBJECTS)}")
    first = ""
    if since is not None:
        day = periods.read_since(since, session.clock.today)
        first = dates.iso(bounds_of_day(day)[0])
    people = format_of(session.output) in ("table", "md")
    most = SHOWN if limit is None and people else limit
    if record is None:
        return _commands(session, first, kind, most)
    return _changes(session, record, first, kind, most, merged=people)


def _commands(session: Session, since: str, kinds: Sequence[str], limit: int | None) -> Table:
    fields = journal.COMMAND_FIELDS
    names = ["seq", "at", "who", "what"]
    whole = session.output.format in ("json", "jsonl", "csv")
    with session.read() as con:
        rows = journal.commands(con, since=since, kinds=kinds, limit=limit, counted=whole)
    return Table(
        *("command", "commands", fields, rows, names, list(fields), {}),
        footer="Take one back: acct undo NUMBER",
        today=session.clock.today,
    )


def _changes(
    session: Session,
    record: str,
    since: str,
    kinds: Sequence[str],
    limit: int | None,
    *,
    merged: bool,
) -> Table:
    """What became of one record; `merged` puts the changes of one command on one line."""
    today = session.clock.today
    with session.read() as con:
        kind, id = journal.find(con, record)
        rows = history.changes(
            *(con, kind, id), today=today, since=since, kinds=kinds, limit=limit, merged=merged
        )
    fields = history.CHANGE_FIELDS
    shown = ["at", "who", "kind", "record", "what", "command"]
    return Table(*("change", "changes", fields, rows, shown, list(fields), {}), today=today)
