"""`acct undo` and `acct history`: undo commands, and show what was changed."""

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
from acctcli.model import SUBJECTS, Row
from acctcli.render.emit import format_of
from acctcli.results import Done, Table
from acctcli.store import history as journal
from acctcli.store import undo as store
from acctcli.values import dates, periods
from acctcli.values.fields import bounds_of_day

noun = Noun("", "")

SHOWN = 30
"""How many lines of history a terminal shows by default; files and pipes get all."""


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
        typer.Argument(
            help="Its number in acct history. Default: the last one.",
            show_default=False,
            autocompletion=offers.commands,
        ),
    ] = None,
    redo: Annotated[
        bool, typer.Option("--redo", help="Redo the command that was undone last.")
    ] = False,
    keep_edited: Annotated[
        bool,
        typer.Option("--keep-edited", help="Keep what was changed since, and undo the rest."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what it would do, and change nothing.")
    ] = False,
) -> Done:
    """Undo the last command. Run it again to go further back.

    A whole import or merge is one command. If a record was changed since, nothing is
    undone and the record is named. To reverse an undo: --redo.
    """
    if redo and command is not None:
        raise UsageError(
            f"--redo is for the last undo and takes no number. Leave out --redo, or {command}"
        )
    with session.write(keep=not dry_run) as tx:
        erased = None
        if command is None:
            command = store.last_undo(tx.con) if redo else store.last_undoable(tx.con, but=tx.first)
            erased = None if redo else store.erased_since(tx.con, command, but=tx.first)
        undone = store.undo(tx, command, keep_edited=keep_edited)
        says = undone.says
        if dry_run:
            for verb, would in (("Undid", "Would undo"), ("Redid", "Would redo")):
                if says.startswith(verb):
                    says = f"{would}{says.removeprefix(verb)}"
        if erased is not None:
            back = "" if dry_run else " To redo what this undid: acct undo --redo"
            says = f"{says} The last command cannot be undone: {erased}{back}"
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
    reads=True,
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
            help="An account or any other record. Default: list the commands.",
            show_default=False,
            autocompletion=offers.records("account"),
        ),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DAY", help="Only from this day on.")
    ] = None,
    kind: Annotated[
        list[str],
        typer.Option(
            "--kind",
            "-k",
            help="Only changes to this kind of record. Repeat for more.",
            autocompletion=offers.words(SUBJECTS),
        ),
    ] = [],
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit", "-n", min=1, help=f"Show at most N. Default on a terminal: {SHOWN}."
        ),
    ] = None,
) -> Table:
    """Show what was changed, newest first: all commands, or the changes to one record.

    The history of an account includes everything that belongs to it. Pass the number of
    a command to acct undo.
    """
    for name in kind:
        if name not in SUBJECTS:
            raise UsageError(text.unknown("--kind", name, SUBJECTS))
    first = ""
    if since is not None:
        day = periods.read_since(since, session.clock.today, fiscal=session.config["fiscal.start"])
        first = dates.iso(bounds_of_day(day)[0])
    people = format_of(session.output) in ("table", "md")
    most = SHOWN if limit is None and people else limit
    if record is None:
        return _commands(session, first, kind, most, people=people)
    return _changes(session, record, first, kind, most, people=people)


def _commands(
    session: Session, since: str, kinds: Sequence[str], limit: int | None, *, people: bool
) -> Table:
    fields = journal.COMMAND_FIELDS
    names = ["seq", "at", "who", "what"]
    whole = session.output.format in ("json", "jsonl", "csv")
    with session.read() as con:
        rows = journal.commands(con, since=since, kinds=kinds, limit=limit, counted=whole)
    rows = [_for_people(row) for row in rows] if people else rows
    return Table(
        *("command", "commands", fields, rows, names, list(fields), {}),
        footer="Undo the last one: acct undo",
        today=session.clock.today,
        has_ids=True,
    )


def _changes(
    session: Session,
    record: str,
    since: str,
    kinds: Sequence[str],
    limit: int | None,
    *,
    people: bool,
) -> Table:
    """Return the changes of one record; for people, those of one command are on one line."""
    today = session.clock.today
    with session.read() as con:
        kind, id = journal.find(con, record)
        rows = history.changes(
            *(con, kind, id), today=today, since=since, kinds=kinds, limit=limit, merged=people
        )
    rows = [_for_people(row) for row in rows] if people else rows
    fields = history.CHANGE_FIELDS
    shown = ["at", "who", "kind", "record", "what", "command"]
    return Table(
        *("change", "changes", fields, rows, shown, list(fields), {}), today=today, has_ids=True
    )


def _for_people(row: Row) -> Row:
    """Return a line of the history with the machine beside the name, if it was another one."""
    return {**row, "who": journal.whose(row["who"], row["origin"])}
