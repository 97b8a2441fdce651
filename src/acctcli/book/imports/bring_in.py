"""Bring the records of a file, or of a folder of files, into the book: all of them or none.

Four steps, each in a place of its own:

1. *parse* (`interop`): bytes → rows of cells, or the reason why not
2. *plan* (`recipe`): which column is which field, in what form
3. *read* (`drafts`): cells → values, as the command line reads them
4. *judge* and *write* (`store.judging`, `store.bulk`): which record each row is about, what
   would change, what is refused; then all of it in one transaction

What came of it is put into words by `outcome`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from acctcli import files, model, paths, text
from acctcli.book.context import Context
from acctcli.book.imports import options, outcome, parts, recipe, roundtrip, spreadsheets
from acctcli.book.imports.recipe import Asked, Loaded
from acctcli.drafts import Draft, reader
from acctcli.errors import AcctError, Invalid, NotFound, UsageError
from acctcli.interop.mailfile import is_mail
from acctcli.interop.rows import BadRow, FileTable, texts
from acctcli.interop.tables import components_of, open_file, read_text
from acctcli.model import KINDS, NOUNS
from acctcli.spool import Spool
from acctcli.store import bulk, judging, kinds, people, presets, queries, settings
from acctcli.store.judgement import Advance, JudgedFile, Judgement, Refusal, Remarks, Source

if TYPE_CHECKING:
    import sqlite3

    from acctcli.book.imports.mail import Watched
    from acctcli.interop.textfile import TextFile
    from acctcli.shapes.importing import PlaybookTasksJson
    from acctcli.store.journal import Writing

Reads = Callable[[], AbstractContextManager["sqlite3.Connection"]]
"""Opens the book for reading, or gives what has it open."""

SMALL = 100
"""The most rows of a small import."""

LARGE_BOOK = 64_000_000
"""The size in bytes from which copying a book takes a second or more."""

SUFFIXES = (".csv", ".json", ".jsonl")


class Brought(NamedTuple):
    """The result of an import: verdicts, files with skipped rows, a sentence, what it set off."""

    judgement: Judgement
    rejects: Sequence[Path]
    says: str
    playbooks: Sequence[PlaybookTasksJson] = ()


def _nobody(count: int) -> None:
    """Ignore progress, for callers that show none."""


def load(
    context: Context,
    names: Sequence[str],
    asked: Asked,
    stdin: BinaryIO | None = None,
    watched: Watched | None = None,
) -> list[Loaded]:
    """Read files, or those of an export's folder, and find out how their rows are read.

    `-` is `stdin`, if that is open. Several files come in the order in which they refer to each
    other, whatever the order in which they are named. `watched` shows the progress of mail.
    """
    of_mail = [
        path for path in (paths.typed(name) for name in names if name != "-") if is_mail(path)
    ]
    if of_mail:
        if len(of_mail) < len(names):
            raise UsageError("import mail by itself: its people are looked up in the book first")
        from acctcli.book.imports import mail

        return mail.load(context, of_mail, asked, watched or mail.unwatched)
    if asked.create_contacts:
        raise UsageError("--create-contacts: only mail names people who can be added")
    if len(names) > 1:
        return _load_several(context, names, asked)
    [file] = names
    path = None if file == "-" else paths.typed(file)
    if path is None or not path.is_dir():
        return _load_file(context, path, asked, stdin)
    said = set(asked.given()) - _OF_ALL_FILES
    if said:
        raise UsageError(f"{options.flags(said)}: for one file, and {file} is a folder")
    loaded = []
    for kind, member in _members(context, path):
        asked_of = asked.replace(kind=kind)
        [one] = _load_tables(context, member, _opened(member, asked, None), asked_of)
        loaded.append(one)
        if kind == "setting":
            _go_by(context, one)
    return loaded


_OF_ALL_FILES = frozenset(
    ("date_format", "encoding", "delimiter", "decimal", "duplicate", "lenient", "theirs", "system")
)
"""Options that count for every file of several."""

_OF_FIELDS = frozenset(("map", "value", "default", "unit", "create_accounts"))
"""Options that count for the files that have their fields."""


def _load_several(context: Context, names: Sequence[str], asked: Asked) -> list[Loaded]:
    """Read several files of one system; the ids of their rows link them."""
    said = set(asked.given()) - _OF_ALL_FILES - _OF_FIELDS
    if said:
        raise UsageError(f"{options.flags(said)}: for one file, and {len(names)} are given")
    opened = []
    for name in names:
        path = paths.typed(name)
        if name == "-" or path.is_dir():
            raise UsageError(f"{text.safe(name)}: give files, or one folder, or - alone")
        opened += _load_file(context, path, asked, linked=True)
    for pair in (*asked.map, *asked.value, *asked.default, *asked.unit):
        about = options.about(pair).partition(":")[0]
        home = about == "country" and any(one.plan.recipe.home for one in opened)
        if not home and not any(model.named(one.plan.recipe.fields, about) for one in opened):
            raise UsageError(f"{text.quoted(pair)}: none of the files has rows with this field")
    return _in_order(opened)


def _in_order(loaded: Sequence[Loaded]) -> list[Loaded]:
    """Put files first that others refer to."""
    order = [*kinds.in_order_of_import()]
    return sorted(loaded, key=lambda one: order.index(one.plan.recipe.kind))


def _load_file(
    context: Context,
    path: Path | None,
    asked: Asked,
    stdin: BinaryIO | None = None,
    *,
    linked: bool = False,
) -> list[Loaded]:
    """Read a file, or each sheet of a workbook; `--sheet` names one of them."""
    from acctcli.interop import workbook

    if path is None or path.suffix.lower() not in workbook.SUFFIXES:
        if asked.sheet:
            raise UsageError("--sheet: only a workbook (.xlsx) has sheets")
        source = _opened(path, asked, stdin)
        match components_of(source, path or "-"):
            case "cards":
                from acctcli.book.imports import cards

                return cards.load(context, path, source, asked)
            case "calendar":
                from acctcli.book.imports import meetings

                return meetings.load(context, path, source, asked)
        return _in_order(_load_tables(context, path, source, asked, linked=linked))
    names = [asked.sheet] if asked.sheet else workbook.sheets(path)
    if not names:
        raise Invalid(f"{text.safe(path.name)} is empty: none of its sheets has a cell")
    if len(names) > 1 and (asked.kind or asked.key):
        raise UsageError(
            f"{text.safe(path.name)} has several sheets: {text.one_of(names)}. Choose one: --sheet"
        )
    tables = {sheet: workbook.read_sheet(path, sheet) for sheet in names}
    ours = {KINDS[kind].plural: kind for kind in kinds.in_order_of_import()}
    own = all("id" in recipe.own_columns(table, None) for table in tables.values())
    if own and len(names) > 1 and ours.keys() >= {*names}:
        by_kind = {kind: tables[sheet] for sheet, kind in ours.items() if sheet in tables}
        return _load_book(context, path, by_kind, asked)
    linked = linked or len(names) > 1
    loaded = []
    for table in tables.values():
        name = table.text.name
        for part, plan in parts.of(context, name, table, asked, linked=linked):
            loaded.append(Loaded(path, name, part, plan))
    return _in_order(loaded)


def _load_book(
    context: Context, path: Path, tables: Mapping[str, FileTable], asked: Asked
) -> list[Loaded]:
    """Read the sheets of an export of ours, by kind, in the order of an import."""
    loaded = []
    for kind, table in tables.items():
        name = table.text.name
        plan = recipe.plan(context, name, table, asked.replace(kind=kind), linked=True)
        loaded.append(Loaded(path, name, table, plan))
        if kind == "setting":
            _go_by(context, loaded[-1])
    return loaded


def _go_by(context: Context, loaded: Loaded) -> None:
    """Read the other files with the settings of their own book, which are imported with them."""
    brought = {}
    for row in loaded.table.records():
        if not isinstance(row, BadRow):
            cells = texts(row)
            brought[cells.get("key", "")] = cells.get("value", "")
    # A book that brings its settings takes none from this machine's file.
    own = context.file[0]
    context.file = own, {}
    rows = {**dict(context.stored.rows), **brought}
    config, wrong = settings.leniently(tuple(rows.items()), own)
    if wrong:
        raise Invalid(f"{loaded.name}: {next(iter(wrong.values()))}")
    context.go_by(config)


def _members(context: Context, folder: Path) -> list[tuple[str, Path]]:
    """Return the files of an export, with those that others refer to first."""
    found = []
    for kind in kinds.in_order_of_import():
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
        context.notice(f"{folder}: left out: {', '.join(sorted(others))}")
    return found


def _opened(path: Path | None, asked: Asked, stdin: BinaryIO | None) -> TextFile:
    if path is None and stdin is None:
        raise UsageError("stdin is closed")
    name = path.name if path else "stdin"
    encoding = asked.encoding or None
    return open_file(path or "-", None if path else stdin, name=name, encoding=encoding)


def _load_tables(
    context: Context, path: Path | None, source: TextFile, asked: Asked, *, linked: bool = False
) -> list[Loaded]:
    """Read a file whose rows are of one kind, or of several (`parts`)."""
    table = read_text(
        source,
        path or "-",
        encoding=asked.encoding or None,
        delimiter=asked.delimiter or None,
    )
    found = parts.of(context, source.name, table, asked, linked=linked)
    return [Loaded(path, source.name, part, plan) for part, plan in found]


def _read(
    context: Context,
    loaded: Loaded,
    advance: Advance,
    countries: dict[str, str],
    reading_book: Reads,
    *,
    theirs: bool,
) -> Source:
    """Return the drafts of a file's rows, and the refusals of those that cannot be read.

    `countries` are those of the accounts, by the key of their name; the accounts of this file
    are added to them.
    """
    remarks = Remarks()
    recipe_ = loaded.plan.recipe

    def country_of(account: str) -> str | None:
        return countries.get(text.key(account))

    # Digits too many are dust of another system's sums; in an export of ours they are an edit.
    reading = context.reading_of_files.replace(rounds=not recipe_.own)
    read = read_new = reader(recipe_, reading, remarks.add, country_of)
    if spreadsheets.is_ours(recipe_):
        # A row that somebody added to an export is written as people write.
        read_new = reader(recipe_.replace(own=False), reading, remarks.add, country_of)
    trip = roundtrip.Trip(context, loaded, remarks, reading_book, theirs=theirs)
    is_account = recipe_.kind == "account"
    drafts = Spool[Draft](tuple, Draft._make)
    refused: list[Refusal] = []
    for row, cells, error in trip.rows():
        advance(1)
        if isinstance(row, BadRow):
            refused.append(Refusal(row.line, row.reason))
            continue
        try:
            if error is not None:
                raise error
            is_new = read_new is not read and not cells.get(recipe_.columns["id"][0], "").strip()
            draft = (read_new if is_new else read)(row.line, cells)
            drafts.append(draft)
            if is_account and draft.values.get("country"):
                name = text.key(str(draft.values.get("name") or ""))
                countries[name] = str(draft.values["country"])
                if draft.key:
                    countries[text.key(draft.key)] = countries[name]
        except AcctError as error:
            refused.append(Refusal(row.line, error.message))
    loaded.table.text.refuse_if_changed()
    return Source(loaded.name, recipe_, drafts, refused, remarks, trip.conflicts)


def _read_all(
    context: Context,
    loaded: Sequence[Loaded],
    asked: Asked,
    advance: Advance,
    reading_book: Reads | None = None,
) -> list[Source]:
    """Return the rows of all files, in order; phones without a country get the account's."""
    reading_book = reading_book or context.read
    countries: dict[str, str] = {}
    of_people = any(one.plan.recipe.kind == "contact" for one in loaded)
    if of_people and context.book.exists():
        with reading_book() as con:
            countries = queries.countries(con)
    return [
        _read(context, one, advance, countries, reading_book, theirs=asked.theirs) for one in loaded
    ]


def judge(
    context: Context, loaded: Sequence[Loaded], asked: Asked, advance: Advance = _nobody
) -> Judgement:
    """Find out what an import would do."""
    sources = _read_all(context, loaded, asked, advance)
    with context.read() as con:
        return judging.judge(con, sources, _rules(context, asked), advance)


def set_off(context: Context, judgement: Judgement) -> Sequence[PlaybookTasksJson]:
    """Return what an import would set off: the tasks of each playbook."""
    if not context.rules.watched:
        return []
    from acctcli.book import playbooks  # most books have none

    return playbooks.of_import(context, judgement)


def write(
    context: Context,
    loaded: Sequence[Loaded],
    asked: Asked,
    *,
    skip_invalid: bool = False,
    save_as: str | None = None,
    advance: Advance = _nobody,
) -> Brought:
    """Write what was loaded, in one transaction that one `undo` reverses.

    Raises `Invalid`, naming the rows, if any is refused and they are not to be skipped.
    """
    compares = any(spreadsheets.is_ours(one.plan.recipe) for one in loaded)
    sources = [] if compares else _read_all(context, loaded, asked, advance)
    with context.write() as tx:
        if compares:  # nobody may change a record between the comparison and the writing
            sources = _read_all(context, loaded, asked, advance, lambda: nullcontext(tx.con))
        judgement = judging.judge(tx.con, sources, _rules(context, asked), advance)
        if not skip_invalid:
            outcome.refuse(loaded, judgement)
        _back_up(context, tx.con, judgement)
        bulk.write(tx, judgement, advance)
        _say_primaries(context, tx, judgement)
        if save_as is not None:
            name = text.one_line(save_as, "--save-preset")
            presets.save(tx, name, asked.given())
        rejects = [
            _keep_rejects(one, judged) for one, judged in outcome.with_refusals(loaded, judgement)
        ]
        says = outcome.sentence(loaded, judgement, rejects)
        started = []
        if tx.set_off:
            from acctcli.book import starting  # most books have no playbooks

            started = starting.start_set_off(tx, context.clock.today)
            says = " ".join(filter(None, (says, starting.said(started, context.clock.today))))
        tx.says = says
    return Brought(judgement, rejects, says, [one.as_json for one in started])


def _say_primaries(context: Context, tx: Writing, judgement: Judgement) -> None:
    """Leave one primary contact per account, the imported one, and say whose place it took.

    Two that are primary in the same import both stay: nobody can say which one is meant.
    """
    made = [
        entry.id
        for file in judgement.files
        if file.source.recipe.kind == "contact"
        for entry in chain(file.new, file.changed, file.same)
        if entry.draft.values.get("primary")
    ]
    gone = people.take_over_together(tx, made) if made else []
    if gone:
        names = text.sentence_list([text.safe(name) for name in gone], 5)
        context.notice(f"no longer primary contact, because the import has another: {names}")


def _rules(context: Context, asked: Asked) -> judging.ImportRules:
    needed = context.config.required_fields("account", None)
    if asked.create_accounts and needed:
        raise UsageError(
            f"--create-accounts knows only names, and an account needs {', '.join(needed)} (the "
            "[required] rules of the book). Import the accounts first"
        )
    complete = context.rules.complete
    return judging.ImportRules(
        context.reading_of_files, complete, asked.create_accounts, asked.duplicate
    )


def _back_up(context: Context, con: sqlite3.Connection, judgement: Judgement) -> None:
    """Back up the book before an import that changes it, unless the book is empty.

    Before a small import into a large book, a backup of the last day is enough.
    """
    rows = judgement.writes
    if not rows or not any(queries.count(con, kind) for kind in NOUNS):
        return
    from acctcli.store import backup

    costly = context.book.stat().st_size > LARGE_BOOK
    if rows <= SMALL and costly and backup.is_fresh(context.book):
        return
    backup.make(context.book, "import", notice=context.notice)


def _keep_rejects(loaded: Loaded, judged: JudgedFile) -> Path:
    """Write the skipped rows into a file beside the imported one; return its path."""
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
