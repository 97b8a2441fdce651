"""`acct import`: records out of CSV, JSON and JSON Lines, all of them or none.

An import is four steps, each in a place of its own:

1. *parse* (`interop`): bytes → rows of cells, or the reason why not
2. *plan* (`recipes`): which column is which field, in what form
3. *read* (`drafts`): cells → values, as the command line reads them
4. *judge* and *write* (`store.bulk`): which record each row is about, what
   would change, what is refused; then all of it in one transaction

Here they are put in a row, for one file or for a folder of an export, and what
came of it is told.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from acctcli import files, paths, text
from acctcli.cli import outcome, recipes
from acctcli.cli.kit import offers
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.session import Session
from acctcli.cli.recipes import Asked, Loaded
from acctcli.drafts import Draft, reader
from acctcli.errors import AcctError, NotFound, UsageError
from acctcli.interop.rows import BadRow
from acctcli.interop.tables import read_file
from acctcli.model import KINDS, NOUNS, TEXT, Field
from acctcli.results import Done, Page, Table
from acctcli.spool import Spool
from acctcli.store import bulk, matching, presets, queries
from acctcli.store.bulk import Advance
from acctcli.store.judgement import Judged, Judgement, Refusal, Source

if TYPE_CHECKING:
    import sqlite3

noun = Noun("", "")

MANY = 2000
"""From so many rows on, a bar shows how far it is."""

SMALL = 100
"""The most rows that a small import has."""

LARGE_BOOK = 64_000_000
"""The size in bytes from which copying a book takes a second or more."""

ASKED: Any = recipes.AskedOptions()

PRESET_FIELDS = {
    "name": Field(TEXT, "the preset", name="name"),
    "options": Field(TEXT, "the options that it stands for", name="options"),
}

SUFFIXES = (".csv", ".json", ".jsonl")


@noun.command(
    "import",
    examples=[
        "acct import contacts.csv --dry-run",
        "acct import opportunities.csv --as deal --key opportunity_id --create-accounts "
        "--value stage:Engaging=needs-analysis --default currency=USD --save-preset pipeline",
        "acct import opportunities.csv --preset pipeline --skip-invalid",
        "jq '.people' export.json | acct import - --as contact",
        "acct --db new.db import backup-folder --create",
        "acct import --presets",
    ],
)
def import_(
    session: Session,
    file: Annotated[
        str | None,
        typer.Argument(
            help="A CSV, JSON or JSONL file, - for stdin, or a folder of acct export --all.",
            show_default=False,
        ),
    ] = None,
    asked: Asked = ASKED,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be done, and do nothing.")
    ] = False,
    skip_invalid: Annotated[
        bool,
        typer.Option(
            "--skip-invalid", help="Leave refused rows out, and keep them in a file to be mended."
        ),
    ] = False,
    preset: Annotated[
        str | None,
        typer.Option(
            "--preset",
            metavar="NAME",
            help="Options kept before.",
            autocompletion=offers.presets,
        ),
    ] = None,
    save_preset: Annotated[
        str | None, typer.Option("--save-preset", metavar="NAME", help="Keep these options.")
    ] = None,
    list_presets: Annotated[
        bool, typer.Option("--presets", help="List the options kept before, and import nothing.")
    ] = False,
    delete_preset: Annotated[
        str | None,
        typer.Option(
            "--delete-preset",
            metavar="NAME",
            help="Forget options kept before.",
            autocompletion=offers.presets,
        ),
    ] = None,
    create: Annotated[
        bool, typer.Option("--create", help="Start the book that --db names, if it is not there.")
    ] = False,
) -> Done | Page | Table:
    """Bring records in: all of a file, or nothing of it if a row is refused.

    Columns are found by their names; those that are not known are left out and
    said. A row that is about a record of the book changes it, in the columns of
    the file; an empty cell leaves the field as it is.
    """
    if list_presets or delete_preset is not None:
        if file is not None:
            raise UsageError("--presets and --delete-preset import nothing: leave out the file")
        if list_presets and delete_preset is not None:
            raise UsageError("--presets and --delete-preset are two things: give one of them")
        others = (dry_run, skip_invalid, create, preset, save_preset)
        if any(others) or asked.given():
            raise UsageError(
                "--presets and --delete-preset import nothing: leave out the other options"
            )
        return _presets(session) if delete_preset is None else _forget(session, delete_preset)
    if file is None:
        raise UsageError("name the file to import, or - for stdin. Help: acct import --help")
    if create and not dry_run:
        session.may_create = True
    if preset is not None:
        with session.read() as con:
            asked = asked.over(presets.load(con, preset))
    loaded = load(session, file, asked)
    if dry_run:
        return _shown(session, loaded, asked)
    return bring_in(session, loaded, asked, skip_invalid=skip_invalid, save_as=save_preset)


# Options kept under a name


def _presets(session: Session) -> Table:
    with session.read() as con:
        kept = presets.every(con)
    rows = [{"id": name, "name": name, "options": Asked(**kept[name]).words()} for name in kept]
    names = list(PRESET_FIELDS)
    return Table(
        "preset",
        "presets",
        PRESET_FIELDS,
        rows,
        names,
        names,
        {},
        "Use one: acct import FILE --preset NAME",
        "No presets yet: acct import FILE --save-preset NAME keeps its options.",
    )


def _forget(session: Session, name: str) -> Done:
    with session.write() as tx:
        options = presets.delete(tx, name)
    was = text.safe(Asked(**options).words())
    return Done([], {}, f"Forgot preset {text.quoted(name)}. It was: {was}")


# Reading files


def load(session: Session, file: str, asked: Asked) -> list[Loaded]:
    """Read a file, or the files of an export's folder, and find out how their rows are read."""
    path = None if file == "-" else paths.typed(file)
    if path is None or not path.is_dir():
        return [_load_one(session, path, asked)]
    said = set(asked.given()) - {"date_format", "encoding", "delimiter", "duplicate"}
    if said:
        flags = ", ".join(f"--{name.replace('_', '-')}" for name in sorted(said))
        raise UsageError(f"{flags.replace('--kind', '--as')}: for one file, and {file} is a folder")
    return [
        _load_one(session, member, asked.replace(kind=kind))
        for kind, member in _members(session, path)
    ]


def _members(session: Session, folder: Path) -> list[tuple[str, Path]]:
    """The files of an export, those that others refer to first."""
    found = []
    for kind in matching.IDENTITY:
        there = [folder / f"{KINDS[kind].plural}{suffix}" for suffix in SUFFIXES]
        there = [path for path in there if path.is_file()]
        if len(there) > 1:
            names = " and ".join(path.name for path in there)
            raise UsageError(f"{folder} has {names}: import one of them")
        found += [(kind, path) for path in there]
    if not found:
        raise NotFound(f"{folder} has no file of an export, such as accounts.csv. Name a file")
    others = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    others -= {path.name for _, path in found}
    if others:
        session.notice(f"{folder}: left out: {', '.join(sorted(others))}")
    return found


def _load_one(session: Session, path: Path | None, asked: Asked) -> Loaded:
    name = text.safe(str(path.name)) if path else "stdin"
    table = read_file(
        path or "-",
        None if path else _stdin(),
        name=name,
        encoding=asked.encoding or None,
        delimiter=asked.delimiter or None,
    )
    return Loaded(path, name, table, recipes.plan(session, name, table, asked))


def _stdin() -> BinaryIO:
    if sys.stdin is None:
        raise UsageError("stdin is closed")
    return sys.stdin.buffer


def _read(session: Session, loaded: Loaded, advance: Advance) -> Source:
    """The drafts of a file's rows, and the refusals of those that cannot be read."""
    read = reader(loaded.plan.recipe, session.reading)
    drafts = Spool[Draft](tuple, Draft._make)
    refused: list[Refusal] = []
    for row in loaded.table.records():
        advance(1)
        if isinstance(row, BadRow):
            refused.append(Refusal(row.line, row.reason))
            continue
        try:
            drafts.append(read(row.line, recipes.texts(row)))
        except AcctError as error:
            refused.append(Refusal(row.line, error.message))
    loaded.table.text.refuse_if_changed()
    return Source(loaded.name, loaded.plan.recipe, drafts, refused)


# Judging and writing


def bring_in(
    session: Session,
    loaded: Sequence[Loaded],
    asked: Asked,
    *,
    skip_invalid: bool = False,
    save_as: str | None = None,
) -> Done:
    """Write what was loaded, in one transaction that one `undo` takes back.

    Raises `Invalid`, naming the rows, if any is refused and they are not to be skipped.
    """
    with _progress(loaded, steps=3) as advance:
        sources = [_read(session, one, advance) for one in loaded]
        with session.write() as tx:
            judgement = bulk.judge(tx.con, sources, _rules(session, asked), advance)
            if not skip_invalid:
                outcome.refuse(loaded, judgement)
            _back_up(session, tx.con, judgement)
            bulk.write(tx, judgement, advance)
            if save_as is not None:
                name = text.one_line(save_as, "--save-preset")
                presets.save(tx, name, asked.given())
            rejects = [
                _keep_rejects(one, judged)
                for one, judged in outcome.with_refusals(loaded, judgement)
            ]
            says = outcome.sentence(judgement, rejects)
            tx.says = says
    for note in outcome.notes(loaded, judgement):
        session.notice(note)
    # A large import has a large outcome: it is put together for those alone who asked for it.
    data, ids = [], []
    match session.output.format:
        case "json" | "jsonl":
            paths_of_rejects = [str(path) for path in rejects]
            whole = outcome.data(loaded, judgement)
            data = [{**whole, "written": True, "rejects": paths_of_rejects}]
        case "ids":
            ids = [e.id for file in judgement.files for e in chain(file.new, file.changed)]
    hint = "Take it back with: acct undo" if judgement.writes else ""
    return Done(ids, {}, says, data, one=True, hint=hint)


def _shown(session: Session, loaded: Sequence[Loaded], asked: Asked) -> Page:
    """What an import would do."""
    with _progress(loaded, steps=2) as advance:
        sources = [_read(session, one, advance) for one in loaded]
        with session.read() as con:
            judgement = bulk.judge(con, sources, _rules(session, asked), advance)
    return Page(
        {**outcome.data(loaded, judgement), "written": False, "rejects": []},
        "importing:dry_run",
        session.clock.today,
    )


def _rules(session: Session, asked: Asked) -> bulk.Rules:
    needed = session.config.required_fields("account", None)
    if asked.create_accounts and needed:
        raise UsageError(
            f"--create-accounts knows only names, and an account needs {', '.join(needed)} (the "
            "[required] rules of config.toml). Import the accounts first"
        )
    complete = session.rules.complete
    return bulk.Rules(session.reading, complete, asked.create_accounts, asked.duplicate)


@contextmanager
def _progress(loaded: Sequence[Loaded], steps: int) -> Iterator[Callable[[int], None]]:
    rows = sum(one.table.count for one in loaded)
    if rows < MANY or sys.stderr is None or not sys.stderr.isatty():
        yield lambda count: None
        return
    from acctcli.render.importing import progress

    with progress(rows * steps, loaded[0].name) as advance:
        yield advance


def _back_up(session: Session, con: sqlite3.Connection, judgement: Judgement) -> None:
    """Back up the book before an import that changes it, unless there is nothing to lose.

    Before a small import into a large book, a backup of the last day is enough.
    """
    rows = judgement.writes
    if not rows or not any(queries.count(con, kind) for kind in NOUNS):
        return
    from acctcli.store import backup

    costly = session.book.stat().st_size > LARGE_BOOK
    if rows <= SMALL and costly and backup.is_fresh(session.book):
        return
    backup.make(session.book, "import", notice=session.notice)


def _keep_rejects(loaded: Loaded, judged: Judged) -> Path:
    """Write the rows that are left out into a file beside theirs; returns its path."""
    from acctcli.interop.csvfile import rejects_csv

    why = dict(judged.refused)

    def parts() -> Iterator[str]:
        rows = (row for row in loaded.table.records() if row.line in why)
        return rejects_csv(loaded.table, ((row, why[row.line]) for row in rows))

    folder = loaded.path.parent if loaded.path else Path.cwd()
    stem = loaded.path.stem if loaded.path else "stdin"
    kept = files.write_new(folder, f"{stem}.rejects", ".csv", parts)
    loaded.table.text.refuse_if_changed()
    return kept
