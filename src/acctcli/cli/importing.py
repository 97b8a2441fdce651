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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from acctcli import dates, files, text, values
from acctcli.cli import options, recipes
from acctcli.cli.kernel import Noun
from acctcli.cli.log import DIRECTIONS
from acctcli.cli.recipes import Asked, Plan
from acctcli.cli.session import Session
from acctcli.domain import pipeline, terms
from acctcli.drafts import Draft, reader
from acctcli.errors import AcctError, Invalid, NotFound, UsageError
from acctcli.frozen import Frozen
from acctcli.interop.tables import BadRow, Row, Table, read_file
from acctcli.model import KINDS
from acctcli.render.results import Done, Page
from acctcli.store import bulk, presets, queries
from acctcli.store.bulk import Advance, Entry, Judged, Judgement, Refusal, Source

if TYPE_CHECKING:
    import sqlite3

noun = Noun("", "")

MANY = 2000
"""From so many rows on, a bar shows how far it is."""

BACKED_UP = 100
"""A book that is not empty is backed up before so many rows are written."""

REFUSALS_SHOWN = 20
CREATED_SHOWN = 5

ASKED: Any = recipes.AskedOptions()

SUFFIXES = (".csv", ".json", ".jsonl")


class Loaded(Frozen):
    """One file: its place (None for stdin), its table, and how it is read."""

    path: Path | None
    name: str
    table: Table
    plan: Plan


@noun.command(
    "import",
    examples=[
        "acct import contacts.csv --dry-run",
        "acct import opportunities.csv --as deal --key opportunity_id --create-accounts "
        "--value stage:Engaging=needs-analysis --default currency=USD --save-preset pipeline",
        "acct import opportunities.csv --preset pipeline --skip-invalid",
        "jq '.people' export.json | acct import - --as contact",
        "acct --db new.db import backup-folder --create",
    ],
)
def import_(
    session: Session,
    file: Annotated[
        str,
        typer.Argument(
            help="A CSV, JSON or JSONL file, - for stdin, or a folder of acct export --all.",
            show_default=False,
        ),
    ],
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
        str | None, typer.Option("--preset", metavar="NAME", help="Options kept before.")
    ] = None,
    save_preset: Annotated[
        str | None, typer.Option("--save-preset", metavar="NAME", help="Keep these options.")
    ] = None,
    create: Annotated[
        bool, typer.Option("--create", help="Start the book that --db names, if it is not there.")
    ] = False,
    output: Any = options.output(),
) -> Done | Page:
    """Bring records in: all of a file, or nothing of it if a row is refused.

    Columns are found by their names; those that are not known are left out and
    said. A row that is about a record of the book changes it, in the columns of
    the file; an empty cell leaves the field as it is.
    """
    if create and not dry_run:
        session.may_create = True
    if preset is not None:
        with session.read() as con:
            asked = asked.over(presets.load(con, preset))
    loaded = load(session, file, asked)
    if dry_run:
        return _shown(session, loaded, asked)
    return bring_in(session, loaded, asked, skip_invalid=skip_invalid, save_as=save_preset)


# Reading files


def load(session: Session, file: str, asked: Asked) -> list[Loaded]:
    """Read a file, or the files of an export's folder, and find out how their rows are read."""
    path = None if file == "-" else Path(file).expanduser()
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
    for kind in bulk.IDENTITY:
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


def _stdin() -> bytes:
    if sys.stdin is None:
        raise UsageError("stdin is closed")
    return sys.stdin.buffer.read()


def _read(session: Session, loaded: Loaded, advance: Advance) -> Source:
    """The drafts of a file's rows, and the refusals of those that cannot be read."""
    read = reader(loaded.plan.recipe, session.reading)
    drafts: list[Draft] = []
    refused = [Refusal(row.line, row.reason) for row in loaded.table.bad]
    for line, cells in loaded.plan.rows:
        advance(1)
        try:
            drafts.append(read(line, cells))
        except AcctError as error:
            refused.append(Refusal(line, error.message))
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
                _refuse(loaded, judgement)
            _back_up(session, tx.con, judgement)
            bulk.write(tx, judgement, advance)
            if save_as is not None:
                presets.save(tx, save_as, asked.given())
            rejects = [
                _keep_rejects(one, judged) for one, judged in _with_refusals(loaded, judgement)
            ]
            says = _sentence(judgement, rejects)
            tx.says = says
    for note in _notes(loaded, judgement):
        session.notice(note)
    data = {**_data(loaded, judgement), "written": True, "rejects": [str(path) for path in rejects]}
    written = [e.id for file in judgement.files for e in (*file.new, *file.changed)]
    ids = written if session.output.format == "ids" else []
    hint = "Take it back with: acct undo" if written else ""
    return Done(ids, {}, says, [data], one=True, hint=hint)


def _shown(session: Session, loaded: Sequence[Loaded], asked: Asked) -> Page:
    """What an import would do."""
    with _progress(loaded, steps=2) as advance:
        sources = [_read(session, one, advance) for one in loaded]
        with session.read() as con:
            judgement = bulk.judge(con, sources, _rules(session, asked), advance)
    return Page(
        {**_data(loaded, judgement), "written": False, "rejects": []},
        "importing:dry_run",
        session.clock.today,
    )


def _rules(session: Session, asked: Asked) -> bulk.Rules:
    today, now = session.clock.today, dates.iso(session.clock.now)

    def complete(kind: str, found: dict[str, Any], current: Mapping[str, Any]) -> dict[str, Any]:
        if kind == "deal":
            return pipeline.deal_values(found, current, session.config.stages, today)
        if kind == "purchase":
            return terms.purchase_values(found, current, today)
        if kind == "log":
            if found.get("at", now) > now:
                raise Invalid(f"at {found['at']} is still to come: a plan is a task")
            if not current and "id" not in found:
                found.setdefault("direction", DIRECTIONS.get(found.get("kind", "")))
        return found

    return bulk.Rules(session.reading, complete, asked.create_accounts, asked.duplicate)


@contextmanager
def _progress(loaded: Sequence[Loaded], steps: int) -> Iterator[Callable[[int], None]]:
    rows = sum(len(one.plan.rows) for one in loaded)
    if rows < MANY or sys.stderr is None or not sys.stderr.isatty():
        yield lambda count: None
        return
    from acctcli.render.importing import progress

    with progress(rows * steps, loaded[0].name) as advance:
        yield advance


def _back_up(session: Session, con: sqlite3.Connection, judgement: Judgement) -> None:
    rows = sum(len(file.new) + len(file.changed) for file in judgement.files)
    if rows <= BACKED_UP or not any(queries.count(con, kind) for kind in ("account", "product")):
        return
    from acctcli.store import backup

    backup.make(session.book, "import", notice=session.notice)


def _with_refusals(loaded: Sequence[Loaded], judgement: Judgement) -> list[tuple[Loaded, Judged]]:
    pairs = zip(loaded, judgement.files, strict=True)
    return [(one, judged) for one, judged in pairs if judged.refused]


def _keep_rejects(loaded: Loaded, judged: Judged) -> Path:
    """Write the rows that are left out into a file beside theirs; returns its path."""
    from acctcli.interop.csvfile import rejects_csv

    by_line: dict[int, Row | BadRow] = {row.line: row for row in loaded.table.rows}
    by_line |= {row.line: row for row in loaded.table.bad}
    reasons = [(by_line[line], reason) for line, reason in sorted(judged.refused)]
    folder = loaded.path.parent if loaded.path else Path.cwd()
    stem = loaded.path.stem if loaded.path else "stdin"
    path = files.free_name(folder, f"{stem}.rejects", ".csv")
    files.write_private(path, [rejects_csv(loaded.table, reasons)])
    return path


# Telling


def _refuse(loaded: Sequence[Loaded], judgement: Judgement) -> None:
    """Raise `Invalid` if any row is refused, one line a reason."""
    troubled = _with_refusals(loaded, judgement)
    refused = [(one.name, refusal) for one, file in troubled for refusal in sorted(file.refused)]
    if not refused:
        return
    if len(refused) == 1:
        [(name, refusal)] = refused
        reason = refusal.reason.rstrip(".")
        raise Invalid(
            f"{name} line {refusal.line}: {reason}. Nothing was imported. "
            "Mend it, or leave it out with --skip-invalid"
        )
    rows = sum(len(one.table.rows) + len(one.table.bad) for one in loaded)
    names = text.sentence_list([one.name for one, _ in troubled])
    reasons = [
        f"  {name + ' ' if len(loaded) > 1 else ''}{lines}  {reason}"
        for name, lines, reason in grouped(refused)
    ]
    more = len(reasons) - REFUSALS_SHOWN
    if more > 0:
        reasons[REFUSALS_SHOWN:] = [f"  and {text.plural(more, 'more reason')}"]
    raise Invalid(
        f"{names}: {len(refused):,} of {rows:,} rows are refused, and nothing was imported. "
        "Mend them, or leave them out with --skip-invalid\n" + "\n".join(reasons)
    )


def grouped(refused: Sequence[tuple[str, Refusal]]) -> list[tuple[str, str, str]]:
    """Refusals by reason, as (file, lines, reason): `lines 2, 7 and 411 more`."""
    by_reason: dict[tuple[str, str], list[int]] = {}
    for name, (line, reason) in refused:
        by_reason.setdefault((name, reason), []).append(line)
    return [(name, _lines(lines), reason) for (name, reason), lines in by_reason.items()]


def _lines(lines: Sequence[int]) -> str:
    if len(lines) == 1:
        return f"line {lines[0]}"
    return f"lines {text.sentence_list([str(line) for line in lines])}"


def _sentence(judgement: Judgement, rejects: Sequence[Path]) -> str:
    """One sentence on what came of it: `Imported 8,800 deals: 8,800 new`."""
    parts = []
    for file in judgement.files:
        taken = len(file.new) + len(file.changed) + len(file.same)
        counts = [
            f"{len(entries):,} {word}"
            for entries, word in (
                (file.new, "new"),
                (file.changed, "changed"),
                (file.same, "the same"),
            )
            if entries
        ]
        kind = KINDS[file.source.recipe.kind]
        what = text.plural(taken, *(name.replace("_", " ") for name in (kind.name, kind.plural)))
        if taken or len(judgement.files) == 1:
            parts.append(f"{what}: {', '.join(counts) or 'nothing to do'}")
    says = f"Imported {'; '.join(parts) or 'nothing'}."
    if judgement.created:
        names = [text.safe(name) for name in judgement.created.values()]
        count = text.plural(len(names), "account")
        says += f" Added {count} that rows name: {text.sentence_list(names, CREATED_SHOWN)}."
    refused = sum(len(file.refused) for file in judgement.files)
    if refused:
        kept = text.sentence_list([text.safe(str(path)) for path in rejects])
        says += f" Left out {text.plural(refused, 'row')}, kept in {kept}."
    return says


def _notes(loaded: Sequence[Loaded], judgement: Judgement) -> list[str]:
    """What was found out or decided that nobody asked for."""
    notes = []
    for one in loaded:
        notes += [f"{one.name}: {note}" for note in (*one.table.notes, *one.plan.notes)]
        if one.plan.left_out:
            left_out = ", ".join(map(text.safe, one.plan.left_out))
            notes.append(f"{one.name}: left out: {left_out}")
    read_as = [
        f"{text.quoted(typed)} was read as {text.safe(name)}"
        for typed, name in judgement.read_as.items()
    ]
    near = [
        f"{text.safe(name)} was added beside {text.sentence_list(found)}"
        for name, found in judgement.near.items()
    ]
    return notes + read_as + near


def _data(loaded: Sequence[Loaded], judgement: Judgement) -> dict[str, Any]:
    """The whole outcome for machines, and for the page of a dry run."""
    counted = [_file_data(one, judged) for one, judged in zip(loaded, judgement.files, strict=True)]
    return {
        **{name: sum(f[name] for f in counted) for name in ("new", "changed", "same", "refused")},
        "accounts_added": list(judgement.created.values()),
        "near": judgement.near,
        "read_as": judgement.read_as,
        "files": counted,
    }


def _file_data(loaded: Loaded, judged: Judged) -> dict[str, Any]:
    table, plan = loaded.table, loaded.plan
    columns = {column for names in plan.recipe.columns.values() for column in names}
    return {
        "file": loaded.name,
        "kind": plan.recipe.kind,
        "rows": len(table.rows) + len(table.bad),
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "columns_read": [c for c in table.columns if c in columns or c == plan.recipe.key],
        "columns_left_out": list(plan.left_out),
        "notes": [*table.notes, *plan.notes],
        "new": len(judged.new),
        "changed": len(judged.changed),
        "same": len(judged.same),
        "refused": len(judged.refused),
        "refusals": [{"line": line, "reason": why} for line, why in sorted(judged.refused)],
        "changes": [_change(judged, entry) for entry in judged.changed],
    }


def _change(judged: Judged, entry: Entry) -> dict[str, Any]:
    """One record that would change: each field as it stands, and as the row has it."""
    recipe = judged.source.recipe
    before = entry.before or {}
    changed = {**entry.values, **entry.custom}
    after = {**before, **changed}
    differences = {}
    for name, value in changed.items():
        field = recipe.fields[name]
        theirs = values.cell(field, value, after)
        if field.target:
            theirs = entry.draft.typed.get(name, theirs)
        ours = values.cell(field, before.get(name), before)
        if ours != theirs:
            differences[name] = {"ours": ours, "theirs": theirs}
    return {
        "line": entry.draft.line,
        "id": entry.id,
        "name": before.get(KINDS[recipe.kind].title),
        "fields": differences,
    }
