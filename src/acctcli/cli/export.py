"""`acct export`: records as files that `acct import` takes back unchanged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from acctcli import files, paths, text
from acctcli.book import reading
from acctcli.cli.kit import offers, options
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.session import Session
from acctcli.errors import Conflict, UsageError
from acctcli.model import KINDS, NOUNS
from acctcli.render import emit
from acctcli.results import Done, Output, Table
from acctcli.store import queries, where_sql

if TYPE_CHECKING:
    import sqlite3

noun = Noun("", "")

FORMATS = ("csv", "json", "jsonl")


@noun.command(
    "export",
    examples=[
        "acct export --as deal > deals.csv",
        'acct export --as account --where "tier = key" --output key.csv --excel-safe',
        "acct export --as log -f jsonl | jq .summary",
        "acct export --all backup-folder -f json",
    ],
)
def export(
    session: Session,
    as_: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="KIND",
            help=f"What to write: {', '.join(NOUNS)}.",
            autocompletion=offers.words(NOUNS),
        ),
    ] = None,
    all_: Annotated[
        Path | None,
        typer.Option("--all", metavar="DIR", help="Write everything, a file for each kind."),
    ] = None,
    where: Annotated[
        list[str],
        typer.Option("--where", "-w", metavar="FILTER", help="Only what fits, as in lists."),
    ] = [],
    to: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to a file, not to stdout."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over what is there.")] = False,
    excel_safe: Annotated[
        bool,
        typer.Option(
            "--excel-safe", help="CSV for spreadsheets: a BOM, and no cell that they would run."
        ),
    ] = False,
) -> Table | Done:
    """Write records out as CSV, JSON or JSON Lines, for other programs and for another book.

    Every field is there, ids included: `acct import` finds the same records by
    them, and a folder of `--all` brought into a new book is the same book.
    """
    format = _format(session.output.format, to, excel_safe)
    to, all_ = (path and paths.typed(path) for path in (to, all_))
    # From here on the format is that of the file; what is told of it has none.
    session.output = Output()
    if all_ is not None:
        if as_ or where or to:
            raise UsageError("--all writes everything: leave out --as, --where and --output")
        return _export_all(session, all_, format, force=force, excel_safe=excel_safe)
    if as_ is None:
        what = options.ONE_OF_NOUNS
        raise UsageError(f"say what to write: --as {what}; or --all DIR for everything")
    kind = options.kind_named(as_)
    with session.read() as con:
        table = _table(session, con, kind, where)
    if to is None:
        session.output = Output(format, None, excel_safe)
        return table
    files.write_private(to, emit.file_text(table, format, excel_safe=excel_safe), force=force)
    return Done([], {}, f"Wrote {_count(table)} to {text.safe(str(to))}.")


def _format(asked: str | None, to: Path | None, excel_safe: bool) -> str:
    suffix = to.suffix.lower().removeprefix(".") if to else ""
    format = asked or (suffix if suffix in FORMATS else "csv")
    if format not in FORMATS:
        raise UsageError(f"--format {format} cannot be imported again. Write {', '.join(FORMATS)}")
    if excel_safe and format != "csv":
        raise UsageError("--excel-safe goes with --format csv")
    return format


def _table(session: Session, con: sqlite3.Connection, kind: str, where: Sequence[str]) -> Table:
    """All records of a kind that fit, with every field."""
    known = session.fields(kind)
    names = [name for name, field in known.items() if not field.derived]
    values = reading.reading_in(session, con)
    conditions = [where_sql.compile_text(typed, kind, known, values) for typed in where]
    listing = queries.Listing(conditions)
    rows = queries.select(con, kind, known, listing, names=names, as_stored=True)
    return Table(kind, KINDS[kind].plural, known, rows, names, names, {})


def _export_all(
    session: Session, folder: Path, format: str, *, force: bool, excel_safe: bool
) -> Done:
    """Write a file for each kind, all from one moment."""
    targets = {kind: folder / f"{KINDS[kind].plural}.{format}" for kind in KINDS}
    taken = [path.name for path in targets.values() if files.is_there(path)]
    if taken and not force:
        names = text.sentence_list(taken)
        raise Conflict(f"{text.safe(str(folder))} has {names} already. To write over it: --force")
    with session.read() as con:
        tables = {kind: _table(session, con, kind, ()) for kind in KINDS}
    files.make_private_folder(folder)
    for kind, table in tables.items():
        parts = emit.file_text(table, format, excel_safe=excel_safe)
        files.write_private(targets[kind], parts, force=force)
    counts = [_count(tables[kind]) for kind in NOUNS if tables[kind].rows]
    what = text.sentence_list(counts, len(counts)) or "an empty book"
    return Done(
        [], {}, f"Wrote {what} to {text.safe(str(folder))}, {text.plural(len(targets), 'file')}."
    )


def _count(table: Table) -> str:
    names = (name.replace("_", " ") for name in (table.noun, table.plural))
    return text.plural(len(table.rows), *names)
