"""`acct import`: records from files of many formats, all of them or none.

The options, the progress bar, and the answer; everything else is in `book.imports`.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Annotated, Any

import typer

from acctcli import text
from acctcli.book.imports import bring_in, outcome, presets
from acctcli.book.imports.bring_in import Brought
from acctcli.book.imports.recipe import Asked, Loaded
from acctcli.cli.kit import offers
from acctcli.cli.kit.bundles import Bundle, option
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.session import Session
from acctcli.errors import UsageError
from acctcli.model import EXCHANGED, TEXT, Field
from acctcli.results import Done, Page, Table

noun = Noun("", "")

MANY = 2000
"""From this many rows on, there is a progress bar."""

PRESET_FIELDS = {
    "name": Field(TEXT, "the preset", name="name"),
    "options": Field(TEXT, "the options that it stands for", name="options"),
}


class AskedOptions(Bundle):
    """The options that say how to read the rows of a file."""

    def parameters(self) -> list[inspect.Parameter]:
        """Return one option for each setting of `Asked`."""
        kinds = offers.words(EXCHANGED)
        return [
            option(
                "as_",
                ("--as",),
                f"Kind of the rows: {', '.join(EXCHANGED)}. Needed if the columns match several.",
                metavar="KIND",
                complete=kinds,
            ),
            _several(
                "map",
                "Column for a field, if their names differ. FIELD= without a column leaves the "
                "field out.",
                "FIELD=COLUMN",
            ),
            _several(
                "value",
                "Translate a value, e.g. stage:Engaging=needs-analysis.",
                "FIELD:THEIRS=OURS",
            ),
            _several(
                "default",
                "Value for new records where the file has none.",
                "FIELD=VALUE",
            ),
            _several(
                "unit",
                "Unit of an amount column: k, m or bn.",
                "FIELD=UNIT",
            ),
            option(
                "key",
                ("--key",),
                "Column with the file's own id, so that importing it again updates records.",
                metavar="COLUMN",
            ),
            option(
                "create_accounts",
                ("--create-accounts",),
                "Add accounts that rows name and that do not exist yet.",
                type=bool,
                default=False,
            ),
            option(
                "create_contacts",
                ("--create-contacts",),
                "For mail: add people at known accounts who are not contacts yet.",
                type=bool,
                default=False,
            ),
            option(
                "duplicate",
                ("--duplicate",),
                "Add records even if another one has the same name, email, phone or domain.",
                type=bool,
                default=False,
            ),
            option(
                "date_format",
                ("--date-format",),
                "Order of dates: dmy, mdy, ymd or a pattern such as %d.%m.%Y.",
                metavar="FORMAT",
                complete=offers.words(("dmy", "mdy", "ymd", "iso")),
            ),
            option(
                "decimal",
                ("--decimal",),
                "Decimal sign: comma or point. Needed if the columns do not show it.",
                metavar="SIGN",
                complete=offers.words(("comma", "point")),
            ),
            option(
                "lenient",
                ("--lenient",),
                "Leave out a cell that cannot be read, unless the record needs it.",
                type=bool,
                default=False,
            ),
            option(
                "theirs",
                ("--theirs",),
                "For an edited export: also overwrite what was changed here after the export.",
                type=bool,
                default=False,
            ),
            option("sheet", ("--sheet",), "Sheet of a workbook. Default: all of them."),
            option(
                "encoding", ("--encoding",), "Encoding of the file, e.g. cp1252. Default: UTF-8."
            ),
            option("delimiter", ("--delimiter",), "Character between cells: , ; tab or |."),
        ]

    def collect(self, given: dict[str, Any], session: Session) -> Asked:
        """Return what the options ask for."""
        typed: dict[str, Any] = {"kind": given.pop("as_")} | given
        said: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in typed.items()
            if value
        }
        return Asked(**said)


def _several(name: str, help: str, metavar: str) -> inspect.Parameter:
    """Declare an option that may be repeated."""
    return option(name, (f"--{name}",), help, type=list[str], default=[], metavar=metavar)


ASKED: Any = AskedOptions()


@noun.command(
    "import",
    tool=False,
    sets_off=True,
    examples=[
        "acct import contacts.csv --dry-run",
        "acct import opportunities.csv --as deal --key opportunity_id --create-accounts "
        "--value stage:Engaging=needs-analysis --default currency=USD --save-preset pipeline",
        "acct import accounts.csv contacts.csv opportunities.csv",
        "acct import opportunities.csv --preset pipeline --skip-invalid",
        "acct import archive.mbox --create-contacts --dry-run",
        "jq '.people' export.json | acct import - --as contact",
        "acct import handover.acct --dry-run",
        "acct --db new.db import backup-folder --create",
        "acct import --presets",
    ],
)
def import_(
    session: Session,
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE...",
            help="CSV, TSV, JSON, JSONL or XLSX files, vCards (.vcf), calendars (.ics), mail "
            "(.eml, mbox, Maildir), a bundle (.acct), - for stdin, or a folder of acct export "
            "--all.",
            show_default=False,
        ),
    ] = None,
    asked: Asked = ASKED,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be imported, and change nothing.")
    ] = False,
    skip_invalid: Annotated[
        bool,
        typer.Option(
            "--skip-invalid", help="Skip rows with errors, and save them to a file for fixing."
        ),
    ] = False,
    preset: Annotated[
        str | None,
        typer.Option(
            "--preset",
            metavar="NAME",
            help="Use the options saved under this name. Or read the file as an export of a system "
            "(salesforce, hubspot, pipedrive, zoho, dynamics), where its header does not tell.",
            autocompletion=offers.presets,
        ),
    ] = None,
    save_preset: Annotated[
        str | None,
        typer.Option("--save-preset", metavar="NAME", help="Save these options under this name."),
    ] = None,
    list_presets: Annotated[
        bool, typer.Option("--presets", help="List the saved presets, and import nothing.")
    ] = False,
    delete_preset: Annotated[
        str | None,
        typer.Option(
            "--delete-preset",
            metavar="NAME",
            help="Delete a saved preset.",
            autocompletion=offers.presets,
        ),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Name every column that is left out.")
    ] = False,
    create: Annotated[
        bool, typer.Option("--create", help="Create the book that --db names if it does not exist.")
    ] = False,
) -> Done | Page | Table:
    """Import records from a file. If any row has an error, nothing is imported.

    Columns are matched by name; unknown columns are left out and listed. A row about an existing
    record updates it; an empty cell leaves the field as it is. Messages become interactions of the
    accounts whose people sent or received them.
    """
    if list_presets or delete_preset is not None:
        if files:
            raise UsageError("--presets and --delete-preset take no file")
        if list_presets and delete_preset is not None:
            raise UsageError("--presets and --delete-preset exclude each other: give only one")
        others = (dry_run, skip_invalid, create, preset, save_preset)
        if any(others) or asked.given():
            raise UsageError("--presets and --delete-preset take no other options")
        return _presets(session) if delete_preset is None else _forget(session, delete_preset)
    if not files:
        raise UsageError("give the file to import, or - for stdin. Help: acct import --help")
    if create and not dry_run:
        session.may_create = True
    from acctcli.cli import bundles  # most imports are none

    if bundles.named(files):
        more = bool(skip_invalid or preset or save_preset or verbose)
        return bundles.take_in(session, files, asked, dry_run=dry_run, others=more)
    if preset is not None:
        asked = presets.over(session, preset, asked)
    stdin = sys.stdin.buffer if files == ["-"] and sys.stdin else None
    loaded = bring_in.load(session, files, asked, stdin, _watched)
    if dry_run:
        return _shown(session, loaded, asked)
    with _progress(loaded, steps=3) as advance:
        done = bring_in.write(
            session, loaded, asked, skip_invalid=skip_invalid, save_as=save_preset, advance=advance
        )
    return _done(session, loaded, done, verbose=verbose)


# Presets


def _presets(session: Session) -> Table:
    kept = presets.every(session)
    rows = [{"id": name, "name": name, "options": kept[name].words()} for name in kept]
    names = list(PRESET_FIELDS)
    return Table(
        "preset",
        "presets",
        PRESET_FIELDS,
        rows,
        names,
        names,
        {},
        "About presets: acct help import",
        "No presets yet. How to save one: acct help import",
        has_ids=True,
    )


def _forget(session: Session, name: str) -> Done:
    was = text.safe(presets.forget(session, name).words())
    return Done([], {}, f"Deleted preset {text.quoted(name)}. It was: {was}")


# Answers


def _done(
    session: Session, loaded: Sequence[Loaded], done: Brought, *, verbose: bool = False
) -> Done:
    """Return the answer after an import."""
    judgement = done.judgement
    for note in outcome.notes(loaded, judgement, verbose=verbose):
        session.notice(note)
    # The outcome of a large import is large: it is only built if it is asked for.
    data, ids = [], []
    match session.output.format:
        case "json" | "jsonl":
            paths_of_rejects = [str(path) for path in done.rejects]
            whole = outcome.data(loaded, judgement)
            data = [
                {
                    **whole,
                    "written": True,
                    "playbooks": done.playbooks,
                    "rejects": paths_of_rejects,
                }
            ]
        case "ids":
            ids = [e.id for file in judgement.files for e in chain(file.new, file.changed)]
    hint = "To undo: acct undo" if judgement.writes else ""
    if done.playbooks:
        hint += ". To import without playbooks: --no-playbooks"
    return Done(ids, {}, done.says, data, one=True, hint=hint)


def _shown(session: Session, loaded: Sequence[Loaded], asked: Asked) -> Page:
    """Return the page of what an import would do."""
    with _progress(loaded, steps=2) as advance:
        judgement = bring_in.judge(session, loaded, asked, advance)
    playbooks = bring_in.set_off(session, judgement)
    return Page(
        {
            **outcome.data(loaded, judgement),
            "written": False,
            "playbooks": playbooks,
            "rejects": [],
        },
        "importing:dry_run",
        session.clock.today,
    )


@contextmanager
def _progress(loaded: Sequence[Loaded], steps: int) -> Iterator[Callable[[int], None]]:
    rows = sum(one.table.count for one in loaded)
    with _bar(rows, rows * steps, loaded[0].name) as advance:
        yield advance


@contextmanager
def _watched(messages: int, name: str) -> Iterator[Callable[[int], None]]:
    with _bar(messages, messages, name) as advance:
        yield advance


@contextmanager
def _bar(count: int, steps: int, name: str) -> Iterator[Callable[[int], None]]:
    """Show a bar on a terminal, if there is much to do."""
    if count < MANY or sys.stderr is None or not sys.stderr.isatty():
        yield lambda done: None
        return
    from acctcli.render.importing import progress

    with progress(steps, name) as advance:
        yield advance
