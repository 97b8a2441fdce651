"""`acct db`: the book's file: where it is, whether it is sound, its backups, its SQL."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from acctcli import model, paths, text
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.options import Yes
from acctcli.cli.kit.session import Session
from acctcli.errors import AcctError, Invalid, NotFound, StorageError, UsageError
from acctcli.model import Field
from acctcli.results import Done, Failed, Lines, Table
from acctcli.store import backup as store
from acctcli.store import check as checks
from acctcli.store import connection, lookup, opening, restoring, shell
from acctcli.store.sync import machine
from acctcli.values import dates

noun = Noun("db", "The book's file: locate, check, back up, restore.")


BACKUP_FIELDS = model.declare(
    name=Field(model.TEXT, "what acct db restore takes"),
    made_at=Field(model.MOMENT, "when it was made", day="made_at"),
    reason=Field(model.TEXT, "before what"),
    bytes=Field(model.INTEGER, "its size"),
    path=Field(model.TEXT, "its file"),
)

FINDING_FIELDS = model.declare(
    severity=Field(model.TEXT, "damage, problem or warning"),
    check=Field(model.TEXT, "what was looked at"),
    what=Field(model.TEXT, "what is wrong"),
    kind=Field(model.TEXT, "kind of the record, if it is one"),
    record_id=Field(model.TEXT, "id of the record"),
    fixable=Field(model.FLAG, "whether --fix repairs it"),
)

TABLE_FIELDS = model.declare(
    table=Field(model.TEXT, "its name"),
    rows=Field(model.INTEGER, "how many there are"),
    points_to=Field(model.TEXT, "tables whose rows it names", many=True),
    columns=Field(model.TEXT, "its columns", many=True),
)


@noun.command("path", tool=False, examples=["acct db path", 'ls -l "$(acct db path)"'])
def path(session: Session) -> Lines:
    """Print the path of the book."""
    book = session.book
    data = {
        "path": str(book),
        "exists": book.exists(),
        "backups": str(paths.backups(book)),
    }
    return Lines([text.safe(str(book))], data)


@noun.command("init", tool=False, examples=["acct --db ~/books/2027.db db init"])
def init(session: Session) -> Done:
    """Create an empty book. An existing book is left as it is."""
    session.refuse_if_reading_only()
    book = session.book
    new = not book.exists() or book.stat().st_size == 0
    opening.open_book(book, create=True, notice=session.notice).close()
    shown = text.safe(str(book))
    says = f"Created a book at {shown}." if new else f"There is already a book at {shown}."
    return Done([shown], {}, says, [{"path": str(book), "created": new}])


@noun.command("check", reads=True, examples=["acct db check", "acct db check --fix"])
def check(
    session: Session,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix",
            "--repair",
            help="Repair what can be repaired safely: index, keys, leftovers, modes, and "
            "triggers, views and indexes that acct did not make.",
        ),
    ] = False,
) -> Table | Done | Failed:
    """Check the book for damage, contradictions and risks.

    The exit status is 6 if the file is damaged (restore a backup), 4 if records contradict
    each other, and 0 otherwise, even with warnings.
    """
    repaired = checks.repair_schema(session.book, session.notice) if fix else []
    found = _findings(session)
    repairable = [f for f in found if f.fixable]
    if fix and repairable and not any(f.severity == checks.DAMAGE for f in found):
        with session.write() as tx:
            checks.repair(tx, session.book)
            tx.says = f"Repaired: {text.sentence_list([f.what for f in repairable])}."
        repaired += [f.what for f in repairable]
        found = _findings(session)
    if repaired:
        session.notice(f"repaired: {text.sentence_list(repaired)}")
    if not found:
        return Done([], {}, f"{session.book} is sound.")
    rows = [{"id": f.record_id, **f.as_dict()} for f in found]
    shown = ["severity", "what", "kind", "record_id"]
    table = Table(
        "finding",
        "findings",
        FINDING_FIELDS,
        rows,
        shown,
        list(FINDING_FIELDS),
        _short(session, found),
        "Repair what can be: acct db check --fix" if any(f.fixable for f in found) else "",
        has_ids=True,
    )
    error = _verdict(session.book, found)
    return table if error is None else Failed(table, error)


def _short(session: Session, found: list[checks.Finding]) -> dict[str, str]:
    """Return short ids of the records, if the file can be read without trouble."""
    if any(f.severity == checks.DAMAGE for f in found):
        return {}
    ids: dict[str, list[str]] = {}
    for one in found:
        if one.kind in model.KINDS and one.record_id:
            ids.setdefault(one.kind, []).append(one.record_id)
    with session.read() as con:
        named = [lookup.short_ids(con, kind, of_kind) for kind, of_kind in ids.items()]
    return {id: short for of_kind in named for id, short in of_kind.items()}


def _findings(session: Session) -> list[checks.Finding]:
    with session.read() as con:
        return checks.find_all(con, session.book, session.config, session.file[0])


def _verdict(book: Path, found: list[checks.Finding]) -> AcctError | None:
    damage = [f for f in found if f.severity == checks.DAMAGE]
    problems = [f for f in found if f.severity == checks.PROBLEM]
    if damage:
        return StorageError(f"{book} is damaged. To restore a backup: acct db restore")
    if problems:
        count = text.plural(len(problems), "problem")
        repairable = sum(f.fixable for f in problems)
        which = "Repair" if repairable == len(problems) else f"Repair {repairable:,} of them"
        hint = f" {which}: acct db check --fix" if repairable else ""
        return Invalid(f"{book} has {count}.{hint}")
    return None


@noun.command(
    "backup",
    examples=["acct db backup", "acct db backup --to /media/usb/book.db", "acct db backup --list"],
)
def backup(
    session: Session,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Copy to this new file instead.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", "-l", help="List the backups.")] = False,
) -> Done | Table:
    """Back up the book into the folder next to it.

    The newest twelve backups are kept, and the last of each of 12 days, 10 weeks and 9
    months. Upgrades, imports and merges make one automatically; for a book over 64 MB,
    imports of up to 100 rows make one per day.
    """
    if list_:
        return _backups(session)
    connection.check_file(session.book, may_be_empty=False)
    if to is not None:
        made = paths.typed(to)
        store.export(session.book, made, notice=session.notice)
    else:
        made = store.make(session.book, "manual", notice=session.notice)
    shown = text.safe(str(made))
    size = made.stat().st_size
    record = {"path": str(made), "bytes": size}
    return Done([shown], {}, f"Backed up to {shown} ({_size(size)}, checked).", [record])


def _backups(session: Session) -> Table:
    rows = [
        {
            "id": found.path.name,
            "name": found.path.name,
            "made_at": dates.iso(found.made_at),
            "reason": found.reason,
            "bytes": found.path.stat().st_size,
            "path": str(found.path),
        }
        for found in store.listed(session.book)
    ]
    names = list(BACKUP_FIELDS)
    return Table(
        "backup",
        "backups",
        BACKUP_FIELDS,
        rows,
        names[:4],
        names,
        {},
        "Go back to the newest: acct db restore latest",
        "No backups yet. To make one: acct db backup",
        session.clock.today,
        has_ids=True,
    )


def _size(count: int) -> str:
    return text.megabytes(count)


@noun.command(
    "restore",
    tool=False,
    examples=[
        "acct db restore",
        "acct db restore latest",
        "acct db restore 20261122T091500Z --to look.db",
        "acct db restore latest --for-all",
    ],
)
def restore(
    session: Session,
    backup: Annotated[
        str | None,
        typer.Argument(
            help="Backup name, latest, or a file. With --to, part of a name is enough.",
            show_default=False,
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", metavar="FILE", help="Restore to this new file, and leave the book alone."
        ),
    ] = None,
    for_all: Annotated[
        bool,
        typer.Option(
            "--for-all",
            help="Edit the book to what the backup holds, with history and undo. In a shared book "
            "the edit reaches the other machines.",
        ),
    ] = False,
    yes: Yes = False,
) -> Done | Table:
    """Restore a backup. The current book is backed up first.

    In a shared book the next sync brings back what the other machines have, your own edits
    included. To go back for everybody: --for-all
    """
    if for_all and to is not None:
        raise UsageError("--for-all edits the book, and --to leaves it alone. Use one of them")
    session.refuse_if_reading_only()
    if backup is None:
        if not store.listed(session.book):
            raise store.none_yet(session.book)
        return _backups(session)
    source = store.find(session.book, backup, whole=to is None)
    name = text.safe(source.name)
    if to is not None:
        target = paths.typed(to)
        store.verify(source, thorough=True)
        store.export(source, target, notice=session.notice)
        return Done(
            [text.safe(str(target))],
            {},
            f"Restored {name} to {text.safe(str(target))}.",
            [{"path": str(target), "kept": None}],
        )
    if for_all:
        return _restore_for_all(session, source, yes=yes)
    if machine.is_shared(session.book):
        session.notice(
            "this book is shared: the next sync brings back what the others have, your own edits "
            "included. To go back for everybody: --for-all"
        )
    session.confirm(f"Replace {session.book} with {name}?", yes=yes)
    kept = store.restore(source, session.book, notice=session.notice)
    shown = text.safe(str(session.book))
    says = f"Restored {name} to {shown}."
    if kept is not None:
        says += f" The previous book is in {text.safe(str(kept))}."
    return Done(
        [shown], {}, says, [{"path": str(session.book), "kept": str(kept) if kept else None}]
    )


def _restore_for_all(session: Session, source: Path, *, yes: bool) -> Done:
    name = text.safe(source.name)
    connection.check_file(session.book, may_be_empty=False)
    with restoring.opened(source) as held:
        if not yes:
            with session.write(keep=False) as tx:
                would = restoring.edit_to(tx, held, source)
            if would.says:
                question = f"Edit {session.book} to what {name} holds: {would.would}?"
                session.confirm(question, yes=yes)
        kept = store.make(session.book, store.RESTORE, notice=session.notice)
        with session.write() as tx:
            done = restoring.edit_to(tx, held, source)
            tx.says = f"Went back to {name}: {done.says}."
    if not done.says:
        return Done([], {}, f"{session.book} already holds what {name} has. Nothing was changed.")
    says = f"Went back to {name}: {done.says}. The previous book is in {text.safe(str(kept))}."
    record = {"path": str(session.book), "kept": str(kept), "command": tx.command}
    return Done([], {}, says, [record | done.as_dict()], hint="To reverse it: acct undo")


@noun.command("tables", reads=True, examples=["acct db tables", "acct db tables -f json"])
def tables(session: Session) -> Table:
    """List the tables of the book with their rows, columns and references."""
    rows = [
        {"id": row["table"], **row} for row in shell.tables(session.book, notice=session.notice)
    ]
    names = list(TABLE_FIELDS)
    shown = [name for name in names if name != "columns"]
    return Table(
        "table",
        "tables",
        TABLE_FIELDS,
        rows,
        shown,
        names,
        {},
        "Columns: acct db schema",
        has_ids=True,
    )


@noun.command("schema", reads=True, examples=["acct db schema", "acct db schema deal purchase"])
def schema(
    session: Session,
    tables: Annotated[
        list[str] | None,
        typer.Argument(help="Tables. Default: all.", show_default=False),
    ] = None,
) -> Lines:
    """Print the SQL that creates the tables and their indexes."""
    found = shell.schema(session.book, tables or [], notice=session.notice)
    lines = [line for sql in found.values() for line in sql.splitlines()]
    return Lines([text.safe(line) for line in lines], found)


@noun.command(
    "query",
    reads=True,
    examples=[
        'acct db query "SELECT tier, count(*) AS accounts FROM account GROUP BY tier"',
        'acct db query "SELECT id FROM deal WHERE amount IS NULL" -f ids',
    ],
)
def query(
    session: Session,
    sql: Annotated[str, typer.Argument(help="SQL query, read-only.", show_default=False)],
) -> Table:
    """Query the book in SQL. Amounts are in minor units (cents), lists in tables of their own."""
    names, rows = shell.ask(session.book, sql, notice=session.notice)
    return _rows(session, names, rows)


@noun.command("shell", tool=False, examples=["acct db shell", "acct db shell --write"], plain=True)
def shell_(
    session: Session,
    sql: Annotated[str | None, typer.Argument(hidden=True)] = None,
    write: Annotated[
        bool,
        typer.Option(
            "--write", help="Allow changes. They are not in the history and cannot be undone."
        ),
    ] = False,
) -> None:
    """Open the book in the sqlite3 shell, read-only. For a single query: acct db query."""
    if sql is not None:
        raise UsageError(f"a query has a command of its own: acct db query {shlex.quote(sql)}")
    # Somebody who writes by hand may be about to drop triggers or views.
    opening.open_book(session.book, reading=True, notice=session.notice).close()
    command = _sqlite_program(session.book, write)
    if write:
        session.refuse_if_reading_only()
        kept = store.make(session.book, "shell", notice=session.notice)
        session.notice(f"changes made here cannot be undone; a backup is in {kept}")
        if machine.is_shared(session.book):
            session.notice(
                "this book is shared: what you change here stays on this machine until "
                "acct sync now --full"
            )
    status = subprocess.run(command, check=False).returncode
    if status:
        raise Invalid(f"{command[0]} ended with status {status}")
    if write:
        session.notice("if names or texts were changed: acct db check --fix")


def _rows(session: Session, names: list[str], rows: list[dict[str, Any]]) -> Table:
    if session.output.format == "ids" and "id" not in names:
        raise UsageError("--format ids needs a column named id: SELECT id FROM …")
    fields = {name: Field(model.TEXT, "", name=name) for name in names}
    return Table("row", "rows", fields, rows, names, names, {}, empty="No rows.")


def _sqlite_program(book: Path, write: bool) -> list[str]:
    """Return the command of an SQL shell on the book. Raises `NotFound` if there is none."""
    program = shutil.which("sqlite3")
    if program is not None:
        return [program, *([] if write else ["-readonly"]), str(book.absolute())]
    if write and sys.version_info >= (3, 12):
        return [sys.executable, "-m", "sqlite3", str(book.absolute())]
    raise NotFound(
        "the sqlite3 program is not installed. Without it, one query at a time: acct help db query"
    )
