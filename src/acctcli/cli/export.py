"""`acct export`: records as files that `acct import` reads back unchanged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from acctcli import paths, text
from acctcli.book.asked import ONE_OF_NOUNS, kind_named
from acctcli.book.exports import database, folder, ledger, records, systems, workbook
from acctcli.cli.kit import offers
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.session import Session
from acctcli.errors import UsageError
from acctcli.interop import ledgerfile
from acctcli.interop.ledgerfile import LedgerFormat
from acctcli.interop.wizards import PRESETS
from acctcli.model import EXCHANGED, KINDS, NOUNS, Row
from acctcli.render import emit
from acctcli.results import Done, FileText, Output, Table

noun = Noun("", "")

FORMATS = ("csv", "json", "jsonl")

LEDGERS: tuple[LedgerFormat, ...] = ("hledger", "beancount")
"""Formats of purchases only."""

WORKBOOK = "xlsx"
"""A format for files only, because it is not text."""

DATABASES = (".db", ".sqlite", ".sqlite3")
"""Endings of a name for `--all` that is one SQLite file and not a folder."""


@noun.command(
    "export",
    reads=True,
    examples=[
        "acct export --as deal > deals.csv",
        'acct export --as account --where "tier = key" --output key.csv --excel-safe',
        "acct export --as log -f jsonl | jq .summary",
        "acct export --all backup-folder -f json",
        "acct export --all look.db --force",
        "acct export --as contact --output people.xlsx",
        "acct export --preset hubspot hubspot-files",
        "acct export --calendar ahead.ics --force",
        "acct export -f hledger > sales.journal",
        "acct export -f beancount -w 'purchased_on >= 2026-01-01' -o sales.beancount",
    ],
    formats=(WORKBOOK, *LEDGERS),
    usual=FORMATS,
)
def export(
    session: Session,
    folder_: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="Folder of --preset.", show_default=False),
    ] = None,
    as_: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="KIND",
            help=f"Kind of records: {', '.join(EXCHANGED)}.",
            autocompletion=offers.words(EXCHANGED),
        ),
    ] = None,
    all_: Annotated[
        Path | None,
        typer.Option(
            "--all",
            metavar="DIR",
            help="Export everything into folder DIR, a file per kind; NAME.db: one SQLite file; "
            "NAME.xlsx: one workbook.",
        ),
    ] = None,
    calendar: Annotated[
        Path | None,
        typer.Option(
            "--calendar",
            metavar="FILE",
            help="Write upcoming tasks, appointments, reviews and renewals as a calendar (.ics).",
        ),
    ] = None,
    where: Annotated[
        list[str],
        typer.Option(
            "--where", "-w", metavar="FILTER", help="Only records that match, as in lists."
        ),
    ] = [],
    to: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write to FILE. Default, and -: stdout."
        ),
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option(
            "--preset",
            metavar="SYSTEM",
            help="Write files for the import of another CRM into folder DIR: "
            f"{', '.join(PRESETS)}.",
            autocompletion=offers.words(PRESETS),
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that exist.")] = False,
    excel_safe: Annotated[
        bool,
        typer.Option(
            "--excel-safe", help="Make CSV safe for spreadsheets: add a BOM and escape formulas."
        ),
    ] = False,
) -> Table | Done | FileText:
    """Export records for other programs: CSV, JSON, Excel, SQLite, a calendar, a journal.

    Every field is included. `acct import` finds the same records again by their ids, and
    importing a folder of `--all` into a new book recreates the book. A SQLite file is only
    for reading: names in place of ids, amounts as decimals, full-text search.

    The formats hledger and beancount write purchases as a journal for plain-text accounting:
    sales, tax, what customers owe, and what they paid.
    """
    if calendar is not None:
        if any((as_, all_, preset, folder_, where, to, excel_safe, session.output.format)):
            raise UsageError("--calendar writes a calendar: leave out all but --force")
        return _calendar(session, calendar, force=force)
    as_database = all_ is not None and all_.suffix.lower() in DATABASES
    if as_database and (session.output.format or excel_safe):
        raise UsageError("a SQLite file has no other format: leave out --format and --excel-safe")
    asked_format = session.output.format
    to, all_ = (path and paths.typed(path) for path in (to, all_))
    format = _format(session.output.format, to or all_, excel_safe)
    if all_ is not None and format in LEDGERS:
        raise UsageError(f"--format {format} writes purchases: leave out --all, or write --output")
    if all_ == emit.STDOUT:
        raise UsageError("--all - : everything is a folder of files. Name a folder, or NAME.db")
    if to == emit.STDOUT:
        to = None
    # From here on the format is that of the file; the answer of the command has none.
    session.output = Output()

    def text_of(table: Table, rows: Iterable[Row]) -> Iterable[str]:
        return emit.file_text(table, format, rows=rows, excel_safe=excel_safe)

    if preset is not None:
        if as_ or where or to or all_ or excel_safe or asked_format:
            raise UsageError("--preset takes only a folder and --force: it knows its own files")
        return _for_system(session, preset, folder_, force=force)
    if folder_ is not None and as_ is None and all_ is None and str(folder_) in NOUNS:
        raise UsageError(f"to export these records: acct export --as {folder_}")
    if folder_ is not None:
        raise UsageError(f"{text.safe(str(folder_))}: for a folder write --all DIR, or --preset")
    if all_ is not None:
        if as_ or where or to:
            raise UsageError("--all writes everything: leave out --as, --where and --output")
        as_one = as_database or format == WORKBOOK
        if as_database:
            counts = database.write(session, all_, force=force)
        elif as_one:
            counts = workbook.write(session, all_, force=force)
        else:
            counts = folder.write(session, all_, format, text_of, force=force)
        said = [_count(kind, counts[kind]) for kind in NOUNS if counts[kind]]
        what = text.sentence_list(said, len(said)) or "an empty book"
        where_to = text.safe(str(all_))
        number = text.plural(len(counts), "table" if as_database else "file")
        if format == WORKBOOK:
            number = text.plural(sum(map(bool, counts.values())), "sheet")
        return Done([], {}, f"Wrote {what} to {where_to}, {number}.")
    for journal in LEDGERS:
        if format == journal:
            return _ledger(session, journal, as_, where, to, force=force)
    if as_ is None:
        what = ONE_OF_NOUNS
        raise UsageError(f"choose what to export: --as {what}; or --all DIR for everything")
    kind = kind_named(as_)
    if format == WORKBOOK:
        if to is None:
            raise UsageError(f"a workbook is not text: --output {KINDS[kind].plural}.xlsx")
        [count] = workbook.write(session, to, [kind], where, force=force).values()
        return Done([], {}, f"Wrote {_count(kind, count)} to {text.safe(str(to))}.")
    if to is None:
        session.output = Output(format, None, excel_safe)
        return records.table(session, kind, where)
    count = records.to_file(session, kind, where, to, text_of, force=force)
    return Done([], {}, f"Wrote {_count(kind, count)} to {text.safe(str(to))}.")


def _for_system(session: Session, typed: str, target: Path | None, *, force: bool) -> Done:
    """Write the files of another system, and say what they do not hold."""
    preset = typed.strip().lower()
    if preset not in PRESETS:
        raise UsageError(text.unknown("--preset", typed, PRESETS))
    if target is None:
        raise UsageError(f"name a folder: acct export --preset {preset} {preset}-files")
    target = paths.typed(target)
    if target == emit.STDOUT:
        raise UsageError(f"--preset {preset} writes several files. Name a folder")
    done = systems.write(session, target, preset, force=force)
    said = [f"{name}.csv ({count:,})" for name, count in done.counts.items()]
    what = text.sentence_list(said, len(said)) or "nothing: the book is empty"
    shown = done.lacking[: systems.LACKING_SHOWN]
    more = len(done.lacking) - len(shown)
    if shown:
        rest = f", and {more} more" if more > 0 else ""
        session.notice(f"not in the files: {', '.join(shown)}{rest}")
    return Done([], {}, f"Wrote {what} to {text.safe(str(target))}. Import them in this order.")


def _calendar(session: Session, typed: Path, *, force: bool) -> Done | FileText:
    from acctcli.book.exports import calendar  # other exports do not need it

    target = paths.typed(typed)
    if target == emit.STDOUT:
        return FileText(list(calendar.everything(session).text()))
    ahead = calendar.write(session, target, force=force)
    counts = (
        text.plural(len(ahead.tasks), "task"),
        text.plural(len(ahead.reviews), "review"),
        text.plural(len(ahead.renewals), "renewal"),
    )
    return Done([], {}, f"Wrote {text.sentence_list(counts)} to {text.safe(str(target))}.")


def _ledger(
    session: Session,
    format: LedgerFormat,
    as_: str | None,
    where: Sequence[str],
    to: Path | None,
    *,
    force: bool,
) -> Done | FileText:
    """Write purchases as a journal, and say what is not as it should be."""
    if as_ is not None and kind_named(as_) != "purchase":
        raise UsageError(
            f"--format {format} writes purchases: leave out --as, or say --as purchase"
        )
    if to is None:
        posted = ledger.post(session, where)
        result: Done | FileText = FileText(list(posted.text(format)))
    else:
        posted = ledger.write(session, format, where, to, force=force)
        said = _count("purchase", posted.purchases)
        result = Done([], {}, f"Wrote {said} to {text.safe(str(to))}.")
    for notice in posted.notices:
        session.notice(notice)
    return result


def _format(asked: str | None, to: Path | None, excel_safe: bool) -> str:
    suffix = to.suffix.lower().removeprefix(".") if to else ""
    if asked is None and suffix in ("vcf", "ics"):
        way = "contact list -f vcf" if suffix == "vcf" else "export --calendar FILE"
        raise UsageError(f"{text.safe(str(to))}: a .{suffix} file is written by acct {way}")
    journal = ledgerfile.SUFFIXES.get(f".{suffix}")
    format = asked or journal or (suffix if suffix in (*FORMATS, WORKBOOK) else "csv")
    if format not in (*FORMATS, WORKBOOK, *LEDGERS):
        raise UsageError(
            f"--format {format} cannot be imported again. Write {text.one_of((*FORMATS, WORKBOOK))}"
        )
    if WORKBOOK in (suffix, format) and suffix != format and to is not None:
        raise UsageError(f"--format {format} and {text.safe(to.name)} disagree: name an .xlsx file")
    if excel_safe and format != "csv":
        raise UsageError("--excel-safe goes with --format csv")
    return format


def _count(kind: str, count: int) -> str:
    return text.plural(count, KINDS[kind].one, KINDS[kind].several)
