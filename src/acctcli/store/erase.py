r"""Erasing a person: nothing of them stays in the book, its history or its backups.

Deleting keeps the deleted rows for undo. Erasing does not: the person's rows are removed from every
copy of the book, and from the journal. Where other texts name the person (`known` finds those
places), `[erased]` replaces the name. Then each file is rewritten, so that no page keeps old bytes.

An account or another person with the same name stays, and so do the user's own files; both are
reported.
"""

from __future__ import annotations

import json
import shlex
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from acctcli import model, paths, text
from acctcli.bookheader import MAGIC
from acctcli.errors import AcctError, StorageError
from acctcli.frozen import Frozen
from acctcli.model import KINDS, LISTS
from acctcli.store import doubts, erased_journal, migrations, schema, search
from acctcli.store.backup import DAMAGED, UNFINISHED
from acctcli.store.commit import commit, end, reason
from acctcli.store.connection import (
    Notice,
    check_file,
    connect,
    our_errors,
    patiently,
    silent,
)
from acctcli.store.erased_journal import Scrub, free_texts
from acctcli.store.kinds import KEYED, LOOSE, OWNED
from acctcli.store.known import ERASING, Known
from acctcli.store.moments import remember_erased
from acctcli.store.opening import open_book
from acctcli.store.remembered import row_of
from acctcli.store.sanity import key_of
from acctcli.store.sync import machine

_FEWEST_LETTERS = 4  # of a custom value that may identify somebody


Cell = tuple[str, str, str]
"""A value of the book: table, id and column; for a removed row, the column is `GONE`."""

GONE = "@"


class Erased(Frozen):
    """What was erased: how many other texts named a person, and how many files were rewritten.

    `left` names records with such a name of their own, `elsewhere` files of the user that name a
    person: exports, rejects, copies of the book. `cells` are the changed values of the book: other
    machines still have them. `also` names people who were erased only because a merge says that
    they are one of these.
    """

    mentions: int
    backups: int
    left: tuple[str, ...]
    elsewhere: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()
    also: tuple[str, ...] = ()


def contacts(
    path: Path,
    ids: Sequence[str],
    *,
    now: str,
    who: str,
    common: Collection[str] = (),
    first: bool = True,
    notice: Notice = silent,
) -> Erased:
    """Erase people, by id, from the book and all its backups. This cannot be undone.

    Backups come first: if it is interrupted, the people are still in the book and it can be run
    again. `common` are words of the settings that identify nobody. `first` is false for
    people whom another machine of a shared book erased. Raises `StorageError` naming a
    backup that cannot be rewritten; then the book is unchanged.
    """
    con = open_book(path, notice=notice)
    try:
        patiently(con, path, "BEGIN IMMEDIATE", notice)
        with our_errors(path):
            doubts.settle(con)
            says = f"Erased {text.plural(len(ids), 'contact')}."
            asked, ids = set(ids), _same_people(con, ids)
            also = _named(con, set(ids) - asked)
            known = _known_as(con, ids, common)
            folders = _folders_named(con, path)
            done: set[Path] = set()
            for copy in _copies(path):
                _erase_copy(copy, ids, known, now, who)
                done.add(copy)
            shared = machine.is_shared(path)
            if shared:
                from acctcli.store.sync import erasing  # most books are not shared

                erasing.capture(con, path, now, who)
            mentions, cells = _erase_rows(con, ids, known, now, who)
            if shared:
                erasing.tell(con, path, ids, cells, now, who, first=first)
            number = con.execute(
                "INSERT INTO command (at, who, typed, says) VALUES (?, ?, ?, ?)",
                (now, who, ERASING, says),
            ).lastrowid
            left = _left(con, known)

        def stands(look: sqlite3.Connection) -> bool:
            sql = "SELECT 1 FROM command WHERE seq = ? AND at = ? AND says = ?"
            return look.execute(sql, (number, now, says)).fetchone() is not None

        commit(con, path, notice, stands)
        try:
            # A backup that another command made meanwhile has the book as it was before.
            while new := [copy for copy in _copies(path) if copy not in done]:
                for copy in new:
                    _erase_copy(copy, ids, known, now, who)
                    done.add(copy)
            _drop_kept_texts(path, known)
            doubts.lift(con)
            patiently(con, path, "VACUUM", notice)
        except (AcctError, OSError) as error:
            raise StorageError(
                f"Erased for good, but not all was cleared away after it: {reason(error)}"
            ) from error
    finally:
        end(con, path)
    elsewhere = tuple(_elsewhere(path, folders, ids, known))
    return Erased(mentions, len(done), tuple(left), elsewhere, tuple(cells), also)


def as_told(
    path: Path, ids: Sequence[str], now: str, who: str, common: Collection[str], notice: Notice
) -> None:
    """Erase people whom another machine erased, and name those who are one person with them."""
    done = contacts(path, ids, now=now, who=who, common=common, first=False, notice=notice)
    if done.also:
        names = text.sentence_list([text.safe(name) for name in done.also])
        notice(
            f"erased {names} too: merged with somebody whom another machine erased, so they are "
            "the same person"
        )


def _same_people(con: sqlite3.Connection, ids: Iterable[str]) -> list[str]:
    """Return these people with all records that were merged into them, or they into.

    A merge says that two records are the same person. Where another machine of a shared book merged
    them, the record that stays may be one that nobody named here. A merge that was undone does not
    count: the record is there again.
    """
    from acctcli.store.sync import erasing

    found = con.execute(
        "SELECT c.record, json_extract(c.after, '$.merged_into') FROM change c "
        "JOIN command k ON k.seq = c.command AND k.undone_by IS NULL "
        "WHERE c.kind = 'contact' AND c.tbl = 'contact' AND c.op = 'delete' "
        "AND CASE WHEN json_valid(c.after) THEN json_extract(c.after, '$.merged_into') END "
        "IS NOT NULL AND NOT EXISTS (SELECT 1 FROM contact t WHERE t.id = c.record)"
    ).fetchall()
    pairs = [{*pair} for pair in (*found, *erasing.merged_with(con))]
    people: set[str] = set()
    more = set(ids)
    while more:
        people |= more
        more = {id for pair in pairs if pair & more for id in pair} - people
    return sorted(people)


def _named(con: sqlite3.Connection, ids: Collection[str]) -> tuple[str, ...]:
    """Return the names of those of these people whom the book shows."""
    rows = con.execute(
        "SELECT name FROM contact WHERE id IN (SELECT value FROM json_each(?)) ORDER BY name_key",
        (json.dumps(sorted(ids)),),
    )
    return tuple(name for (name,) in rows)


def _copies(path: Path) -> list[Path]:
    """Return every book in the backup folder, damaged ones too; remove unfinished files."""
    folder = paths.backups(path)
    if not folder.is_dir():
        return []
    books = sorted([*folder.glob("*.db"), *folder.glob(f"*{DAMAGED}")])
    journals = {book.with_name(f"{book.name}-journal") for book in books}
    for file in (*folder.glob(f"*{UNFINISHED}*"), *folder.glob("*-journal")):
        if file not in journals:
            file.unlink(missing_ok=True)
    return books


def _erase_copy(copy: Path, ids: Sequence[str], known: Known, now: str, who: str) -> None:
    try:
        check_file(copy, may_be_empty=False)
        with closing(connect(copy)) as con, our_errors(copy):
            if strange := schema.strange(con):
                raise schema.refusal(copy, strange)
            con.execute("PRAGMA foreign_keys = OFF")  # for the steps of an upgrade
            con.execute("BEGIN IMMEDIATE")
            migrations.migrate(con)
            doubts.settle(con)
            _erase_rows(con, ids, known.plus(_known_as(con, ids)), now, who)
            con.execute("COMMIT")
            doubts.lift(con)
            con.execute("VACUUM")
    except AcctError as error:
        raise StorageError(
            f"the backup {copy} cannot be rewritten ({error.message}). Remove it, and erase again. "
            "The book was not changed"
        ) from error


def _known_as(con: sqlite3.Connection, ids: Iterable[str], common: Collection[str] = ()) -> Known:
    """Return everything that named these people, now or at any time in the journal."""
    found: dict[str, set[str]] = {name: set() for name in Known.__match_args__}
    for id in ids:
        for row in _rows_ever(con, id):
            for column, place in _NAMING.items():
                if row.get(column):
                    found[place].add(row[column])
            if row.get("notes") and " " in row["notes"]:
                found["texts"].add(row["notes"])
            if "field" in row and _is_theirs_alone(con, id, row) and row["value"] not in common:
                found["texts"].add(row["value"])
    return Known(*(frozenset(found[name]) for name in Known.__match_args__))


_NAMING = {
    "name": "names",
    "address": "addresses",
    "number": "numbers",
    "linkedin": "handles",
    "alias": "names",
    "profile": "texts",
}
"""Columns with names of a person, and what kind of name each holds."""


def _is_theirs_alone(con: sqlite3.Connection, id: str, row: Mapping[str, Any]) -> bool:
    """Whether a custom value identifies somebody: it is text, and nobody else has the same."""
    letters = sum(map(str.isalpha, row["value"]))
    sql = "SELECT 1 FROM custom WHERE field = ? AND value = ? AND record_id <> ?"
    shared = con.execute(sql, (row["field"], row["value"], id)).fetchone()
    return letters >= _FEWEST_LETTERS and shared is None


def _rows_ever(con: sqlite3.Connection, id: str) -> Iterator[dict[str, Any]]:
    """Yield the person's rows as they are, and as the journal says they were."""
    for table, column in _OWN_ROWS:
        cursor = con.execute(f'SELECT * FROM "{table}" WHERE "{column}" = ?', (id,))
        names = [name for name, *_ in cursor.description]
        yield from (dict(zip(names, row, strict=True)) for row in cursor)
    # The journal keeps an added row only when it is changed or deleted later.
    journal = con.execute(
        "SELECT before, after FROM change WHERE kind = 'contact' AND record = ?", (id,)
    )
    for values in journal:
        yield from map(row_of, values)


_OWN_ROWS = (
    ("contact", "id"),
    *((table, "contact_id") for table, (kind, _) in LISTS.items() if kind == "contact"),
    ("custom", "record_id"),
)


def _erase_rows(
    con: sqlite3.Connection, ids: Sequence[str], known: Known, now: str, who: str
) -> tuple[int, list[Cell]]:
    """Erase people in one copy of the book, inside its transaction.

    Returns how many other records mentioned them, and the changed cells.
    """
    con.execute("PRAGMA defer_foreign_keys = ON")
    scrub = known.scrub
    erased_journal.clear(con, ids, scrub)
    cells: list[Cell] = []
    for id in ids:
        for table, column in LOOSE["contact"]:
            changed = con.execute(
                f'UPDATE main."{table}" SET "{column}" = NULL, updated_at = ?, updated_by = ? '
                f'WHERE "{column}" = ? RETURNING id',
                (now, who, id),
            )
            cells += [(table, row, column) for (row,) in changed]
        for table, column in (
            *OWNED["contact"],
            ("custom", "record_id"),
            ("external_id", "record_id"),
        ):
            went = con.execute(
                f'DELETE FROM main."{table}" WHERE "{column}" = ? RETURNING id', (id,)
            )
            cells += [(table, row, GONE) for (row,) in went]
        con.execute("DELETE FROM main.contact WHERE id = ?", (id,))
        remember_erased(con, id)
        cells.append(("contact", id, GONE))
    mentions = 0
    for kind in KINDS:
        if kind == "setting":
            continue  # the result would no longer be JSON
        scrubbed = _scrub_kind(con, kind, scrub, now, who)
        mentions += len({id for _, id, _ in scrubbed})
        cells += scrubbed
    cells += [("custom", id, "value") for id in _scrub_column(con, "custom", "value", scrub)]
    _scrub_column(con, "preset", "options", scrub)
    for table, (_, field) in LISTS.items():
        if field.rows is None or field.type not in (model.TEXT, model.LINK, model.PROFILE):
            continue
        listed = con.execute(f'SELECT id, "{field.rows[1]}" FROM main."{table}"').fetchall()
        for id, item in listed:
            if scrub(item) != item:
                # Its id is made from its content, so it cannot be rewritten in place.
                con.execute(f'DELETE FROM main."{table}" WHERE id = ?', (id,))
                cells.append((table, id, GONE))
                mentions += 1
    if con.execute("SELECT 1 FROM main.sync_row LIMIT 1").fetchone():
        from acctcli.store.sync import erasing  # most books are not shared

        cells += erasing.clear(con, ids, cells, scrub)
    search.rebuild(con)
    # The index keeps the words of deleted texts until it is rebuilt.
    con.execute("INSERT INTO search (search) VALUES ('rebuild')")
    return mentions, cells


def _scrub_kind(con: sqlite3.Connection, kind: str, scrub: Scrub, now: str, who: str) -> list[Cell]:
    columns = free_texts(kind)
    if not columns:
        return []
    listed = ", ".join(f'"{column}"' for column in columns)
    cells: list[Cell] = []
    for id, *found in con.execute(f'SELECT id, {listed} FROM "{kind}"').fetchall():
        changed: dict[str, Any] = {
            column: scrub(value)
            for column, value in zip(columns, found, strict=True)
            if value and scrub(value) != value
        }
        if not changed:
            continue
        cells += [(kind, id, column) for column in changed]
        title = changed.get(KINDS[kind].title)
        if kind in KEYED and title is not None:
            changed["name_key"] = text.key(title)
        changed |= {"updated_at": now, "updated_by": who}
        assignments = ", ".join(f'"{column}" = ?' for column in changed)
        con.execute(f'UPDATE main."{kind}" SET {assignments} WHERE id = ?', (*changed.values(), id))
    return cells


def _scrub_column(con: sqlite3.Connection, table: str, column: str, scrub: Scrub) -> list[str]:
    """Scrub one column; return what identifies the changed rows."""
    key, changed = key_of(table), []
    for name, value in con.execute(f'SELECT "{key}", "{column}" FROM main."{table}"').fetchall():
        if scrub(value) != value:
            con.execute(
                f'UPDATE main."{table}" SET "{column}" = ? WHERE "{key}" = ?', (scrub(value), name)
            )
            changed.append(name)
    return changed


def _left(con: sqlite3.Connection, known: Known) -> list[str]:
    """Describe records that have one of the names themselves, or belong to such a record."""
    scrub = known.scrub
    found = []
    for kind in KEYED:
        owner = "owner" if "owner" in KINDS[kind].fields else "NULL"
        for name, owned_by in con.execute(f'SELECT "{KINDS[kind].title}", {owner} FROM "{kind}"'):
            if scrub(name) != name:
                found.append(f"{KINDS[kind].one} {text.safe(name)}")
            elif owned_by and scrub(owned_by) != owned_by:
                found.append(f"owner of {KINDS[kind].one} {text.safe(name)}")
    # Tables of other programs in the file were not checked.
    tables = [one for one in schema.differences(con) if one.type == "table"]
    return [*found, *(f"whatever is in {one.says}" for one in tables if one.how == "foreign")]


def _drop_kept_texts(path: Path, known: Known) -> None:
    """Remove refused texts that were kept for the user, if they name the people."""
    folder = paths.kept_texts(path)
    for file in folder.iterdir() if folder.is_dir() else ():
        if file.is_file() and known.named_in(file.read_text("utf-8", errors="replace")):
            file.unlink()


# Files that are not ours to change


def _folders_named(con: sqlite3.Connection, path: Path) -> set[Path]:
    """Return the folders where acct may have written: book, working folder, import sources."""
    found = {path.absolute().parent, Path.cwd()}
    for (typed,) in con.execute("SELECT typed FROM command WHERE typed LIKE 'acct%import%'"):
        with suppress(ValueError):
            found |= {Path(word).absolute().parent for word in shlex.split(typed)[1:]}
    return {folder for folder in found if folder.is_dir()}


def _elsewhere(
    path: Path, folders: Iterable[Path], ids: Sequence[str], known: Known
) -> Iterator[str]:
    """Yield the files in these folders that name the people: exports, rejects, pages, copies."""
    for folder in sorted(folders):
        try:
            files = sorted(folder.iterdir())[:_MOST_FILES]
        except OSError:
            continue
        for file in files:
            with suppress(OSError):
                if file.is_file() and not file.samefile(path) and _names(file, ids, known):
                    yield str(file)


def _names(file: Path, ids: Sequence[str], known: Known) -> bool:
    """Whether a file that acct may have written names the people."""
    if file.stat().st_size > _LARGEST:
        return False
    if file.suffix.lower() in _WRITTEN:
        return known.named_in(file.read_text("utf-8", errors="replace"))
    with file.open("rb") as opened:
        if not opened.read(16).startswith(MAGIC):
            return False
        opened.seek(0)
        content = opened.read()
    return any(id.encode() in content for id in ids)


_WRITTEN = (".csv", ".html", ".json", ".jsonl")
_LARGEST = 200_000_000  # bytes; larger files would take too long
_MOST_FILES = 1000  # per folder
