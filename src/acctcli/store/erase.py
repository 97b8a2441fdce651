r"""Forgetting a person: nothing of them is left in the book, its history or its backups.

Deleting keeps what was deleted, for undo. Erasing does not: the person's rows
go from every copy of the book, what the journal knows of them goes along, and
where other texts name them in full, by address or by number, `[erased]` takes
its place. Then each file is written anew, so that no page keeps old bytes.

A first name alone is not looked for: "Mei will call" may be any Mei. What
bears the same name in its own right (an account, another person) stays.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from acctcli import model, paths, text
from acctcli.errors import AcctError, StorageError
from acctcli.frozen import Frozen
from acctcli.model import KINDS
from acctcli.store import migrations, search
from acctcli.store.backup import DAMAGED, UNFINISHED
from acctcli.store.connection import (
    Notice,
    check_file,
    connect,
    open_book,
    patiently,
    silent,
    told_plainly,
)
from acctcli.store.history import with_merged
from acctcli.store.records import KEYED, LOOSE, OWNED

ERASED = "[erased]"
"""What stands where the person was named."""

_LINKS = {
    "log_contact": ("contact_id",),
    "deal_contact": ("contact_id",),
    "distinct_contact": ("contact_id", "other_id"),
}
"""Rows about the person that may be parts of other records, and what in them points to them."""

_OWN_NAMES = {("account", "name"), ("contact", "name"), ("product", "name")}

_TYPED_KEPT = 3  # words of a command line that name no one: `acct contact add`

Scrub = Callable[[str], str]


class Erased(Frozen):
    """What was erased: how many other texts named a person, and how many files were rewritten.

    `left` names records that bear such a name in their own right.
    """

    mentions: int
    backups: int
    left: tuple[str, ...]


def contacts(
    path: Path, ids: Sequence[str], *, now: str, who: str, notice: Notice = silent
) -> Erased:
    """Erase people, by id, from the book and all its backups. Nothing brings them back.

    The backups come first: if it is interrupted, the people are still in the
    book and it can be run again. Raises `StorageError` naming a backup that
    cannot be rewritten; then the book is as it was.
    """
    with closing(open_book(path, notice=notice)) as con:
        patiently(con, path, "BEGIN IMMEDIATE", notice)
        try:
            with told_plainly(path):
                says = f"Erased {text.plural(len(ids), 'contact')}."
                # Who was merged into them is them.
                ids = sorted({one for id in ids for one in with_merged(con, "contact", id)})
                known = _known_as(con, ids)
                copies = _copies(path)
                for copy in copies:
                    _erase_copy(copy, ids, known, now, who)
                mentions = _erase_rows(con, ids, known, now, who)
                con.execute(
                    "INSERT INTO command (at, who, typed, says) VALUES (?, ?, ?, ?)",
                    (now, who, f"acct contact delete {ERASED} --erase", says),
                )
                left = _left(con, known)
            _drop_kept_texts(path, known)
            patiently(con, path, "COMMIT", notice)
        finally:
            if con.in_transaction:
                con.execute("ROLLBACK")
        patiently(con, path, "VACUUM", notice)
    return Erased(mentions, len(copies), tuple(left))


def _copies(path: Path) -> list[Path]:
    """Every book in the backup folder, damaged ones too; loose ends of others go."""
    folder = paths.backups(path)
    if not folder.is_dir():
        return []
    books = sorted([*folder.glob("*.db"), *folder.glob(f"*{DAMAGED}")])
    journals = {book.with_name(f"{book.name}-journal") for book in books}
    for file in (*folder.glob(f"*{UNFINISHED}*"), *folder.glob("*-journal")):
        if file not in journals:
            file.unlink(missing_ok=True)
    return books


def _erase_copy(copy: Path, ids: Sequence[str], known: _Known, now: str, who: str) -> None:
    try:
        check_file(copy, may_be_empty=False)
        with closing(connect(copy)) as con, told_plainly(copy):
            con.execute("PRAGMA foreign_keys = OFF")  # for the steps of an upgrade
            con.execute("BEGIN IMMEDIATE")
            migrations.migrate(con)
            _erase_rows(con, ids, known.plus(_known_as(con, ids)), now, who)
            con.execute("COMMIT")
            con.execute("VACUUM")
    except AcctError as error:
        raise StorageError(
            f"the backup {copy} cannot be rewritten ({error.message}). Remove it, and erase again. "
            "The book was not changed"
        ) from error


class _Known(Frozen):
    """By what texts name the people: whole names, addresses, numbers, handles, notes."""

    names: frozenset[str]
    addresses: frozenset[str]
    numbers: frozenset[str]
    texts: frozenset[str]

    def plus(self, other: _Known) -> _Known:
        """What either knows."""
        return _Known(*(mine | theirs for mine, theirs in zip(self, other, strict=True)))

    @property
    def scrub(self) -> Scrub:
        """The function that puts `[erased]` in the place of each of these."""
        parts = [re.escape(passage) for passage in self.texts]
        parts += [rf"(?<![\w.+-]){_anycase(address)}(?![\w-])" for address in self.addresses]
        parts += [
            r"(?<!\d)\+?" + r"[\s().-]*".join(number.removeprefix("+")) + r"(?!\d)"
            for number in self.numbers
        ]
        # What was typed is kept as a shell would quote it: Pat O'"'"'Brien.
        for name in self.names | {name.replace("'", "'\"'\"'") for name in self.names}:
            # A single word may be a common one: only as it is written, "Will" but not "will".
            written = _anycase(name) if " " in name else re.escape(name)
            parts.append(rf"(?<!\w){written}(?!\w)")
        # Longest first, so that a part of a name leaves no rest of it.
        pattern = re.compile("|".join(sorted(parts, key=len, reverse=True)) or r"(?!)")
        return lambda value: pattern.sub(ERASED, value)


def _anycase(value: str) -> str:
    return f"(?i:{re.escape(value)})"


def _known_as(con: sqlite3.Connection, ids: Iterable[str]) -> _Known:
    """Everything that named these people, now or at any time that the journal remembers."""
    found: dict[str, set[str]] = {
        "names": set(),
        "addresses": set(),
        "numbers": set(),
        "texts": set(),
    }
    places = {
        "name": "names",
        "address": "addresses",
        "number": "numbers",
        "notes": "texts",
    }
    for id in ids:
        for row in _rows_ever(con, id):
            for column, place in places.items():
                if row.get(column):
                    found[place].add(row[column])
    return _Known(*(frozenset(found[name]) for name in _Known.__match_args__))


def _rows_ever(con: sqlite3.Connection, id: str) -> Iterator[dict[str, Any]]:
    """The person's own rows as they stand, and what the journal says they were."""
    for table, column in (("contact", "id"), ("email", "contact_id"), ("phone", "contact_id")):
        cursor = con.execute(f'SELECT * FROM "{table}" WHERE "{column}" = ?', (id,))
        names = [name for name, *_ in cursor.description]
        yield from (dict(zip(names, row, strict=True)) for row in cursor)
    journal = con.execute(
        "SELECT before, after FROM change WHERE kind = 'contact' AND record = ?", (id,)
    )
    for values in journal:
        yield from (json.loads(value) for value in values if value)


def _erase_rows(
    con: sqlite3.Connection, ids: Sequence[str], known: _Known, now: str, who: str
) -> int:
    """Erase people in one copy of the book, inside its transaction; returns the mentions."""
    con.execute("PRAGMA defer_foreign_keys = ON")
    scrub = known.scrub
    _erase_journal(con, ids, scrub)
    for id in ids:
        for table, column in LOOSE["contact"]:
            con.execute(
                f'UPDATE "{table}" SET "{column}" = NULL, updated_at = ?, updated_by = ? '
                f'WHERE "{column}" = ?',
                (now, who, id),
            )
        for table, column in (
            *OWNED["contact"],
            ("custom", "record_id"),
            ("external_id", "record_id"),
        ):
            con.execute(f'DELETE FROM "{table}" WHERE "{column}" = ?', (id,))
        con.execute("DELETE FROM contact WHERE id = ?", (id,))
    mentions = sum(_scrub_kind(con, kind, scrub, now, who) for kind in KINDS)
    for table, column in (("custom", "value"), ("preset", "options")):
        _scrub_column(con, table, column, scrub)
    for rowid, tag in con.execute("SELECT rowid, tag FROM tag").fetchall():
        if scrub(tag) != tag:
            # Its id is made of the tag, so it cannot be renamed in place.
            con.execute("DELETE FROM tag WHERE rowid = ?", (rowid,))
            mentions += 1
    search.rebuild(con)
    # The index keeps the words of deleted texts until it is built anew.
    con.execute("INSERT INTO search (search) VALUES ('rebuild')")
    return mentions


def _free_texts(kind: str) -> list[str]:
    """Columns in which people write sentences; not names, nor whose a record is."""
    return [
        field.column
        for field in KINDS[kind].fields.values()
        if field.type in (model.TEXT, model.LONG)
        and not (field.fixed or field.many or field.name == "owner")
        and (kind, field.name) not in _OWN_NAMES
    ]


def _scrub_kind(con: sqlite3.Connection, kind: str, scrub: Scrub, now: str, who: str) -> int:
    columns = _free_texts(kind)
    if not columns:
        return 0
    listed = ", ".join(f'"{column}"' for column in columns)
    mentions = 0
    for id, *found in con.execute(f'SELECT id, {listed} FROM "{kind}"').fetchall():
        changed: dict[str, Any] = {
            column: scrub(value)
            for column, value in zip(columns, found, strict=True)
            if value and scrub(value) != value
        }
        if not changed:
            continue
        mentions += 1
        title = changed.get(KINDS[kind].title)
        if kind in KEYED and title is not None:
            changed["name_key"] = text.key(title)
        changed |= {"updated_at": now, "updated_by": who}
        assignments = ", ".join(f'"{column}" = ?' for column in changed)
        con.execute(f'UPDATE "{kind}" SET {assignments} WHERE id = ?', (*changed.values(), id))
    return mentions


def _scrub_column(con: sqlite3.Connection, table: str, column: str, scrub: Scrub) -> None:
    for rowid, value in con.execute(f'SELECT rowid, "{column}" FROM "{table}"').fetchall():
        if scrub(value) != value:
            con.execute(
                f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (scrub(value), rowid)
            )


def _erase_journal(con: sqlite3.Connection, ids: Sequence[str], scrub: Scrub) -> None:
    """Take the people out of the journal; what is left of it can still be undone."""
    con.execute("CREATE TEMP TABLE IF NOT EXISTS going (change INTEGER PRIMARY KEY)")
    con.execute("DELETE FROM going")
    people = json.dumps(ids)
    con.execute(
        "INSERT INTO going SELECT seq FROM change "
        "WHERE kind = 'contact' AND record IN (SELECT value FROM json_each(?))",
        (people,),
    )
    # A link's row is named where it was deleted, or is there still.
    for table, columns in _LINKS.items():
        for column in columns:
            con.execute(
                "INSERT OR IGNORE INTO going SELECT seq FROM change "
                'WHERE tbl = :table AND "row" IN ('
                f'SELECT id FROM "{table}" '
                f'WHERE "{column}" IN (SELECT value FROM json_each(:people)) '
                "UNION SELECT \"row\" FROM change WHERE tbl = :table AND op = 'delete' "
                "AND json_extract(before, :path) IN (SELECT value FROM json_each(:people)))",
                {"table": table, "people": people, "path": f"$.{column}"},
            )
    commands = con.execute(
        "SELECT DISTINCT command FROM change WHERE seq IN (SELECT change FROM going)"
    ).fetchall()
    con.execute("DELETE FROM change WHERE seq IN (SELECT change FROM going)")
    for seq, table, *values in con.execute(
        "SELECT seq, tbl, before, after FROM change WHERE before IS NOT NULL OR after IS NOT NULL"
    ).fetchall():
        scrubbed = [_scrub_values(table, value, ids, scrub) for value in values]
        if scrubbed != values:
            con.execute("UPDATE change SET before = ?, after = ? WHERE seq = ?", (*scrubbed, seq))
    about_them = {
        seq
        for (seq,) in commands
        if not con.execute("SELECT 1 FROM change WHERE command = ?", (seq,)).fetchone()
    }
    for seq, typed, says in con.execute("SELECT seq, typed, says FROM command").fetchall():
        if seq in about_them:
            new = (" ".join((*typed.split()[:_TYPED_KEPT], ERASED)), ERASED)
        else:
            new = (scrub(typed), scrub(says))
        if new != (typed, says):
            con.execute("UPDATE command SET typed = ?, says = ? WHERE seq = ?", (*new, seq))


def _scrub_values(table: str, value: str | None, ids: Sequence[str], scrub: Scrub) -> str | None:
    """The journal's values of a row of `table`, by the same rules as the row itself."""
    if value is None:
        return None
    row: dict[str, Any] = json.loads(value)
    texts = _free_texts(table) if table in KINDS else ("value", "tag")
    for column, found in row.items():
        if found in ids:
            row[column] = None
        elif isinstance(found, str) and column in texts:
            row[column] = scrub(found)
    title = KINDS[table].title if table in KEYED else ""
    if "name_key" in row and title in texts and title in row:
        row["name_key"] = text.key(row[title])
    scrubbed = json.dumps(row, ensure_ascii=False)
    return scrubbed if row != json.loads(value) else value


def _left(con: sqlite3.Connection, known: _Known) -> list[str]:
    """Records that bear one of the names in their own right, or belong to somebody of that name."""
    scrub = known.scrub
    found = []
    for kind in KEYED:
        owner = "owner" if "owner" in KINDS[kind].fields else "NULL"
        for name, owned_by in con.execute(f'SELECT "{KINDS[kind].title}", {owner} FROM "{kind}"'):
            if scrub(name) != name:
                found.append(f"{kind} {text.safe(name)}")
            elif owned_by and scrub(owned_by) != owned_by:
                found.append(f"owner of {kind} {text.safe(name)}")
    return found


def _drop_kept_texts(path: Path, known: _Known) -> None:
    """Remove texts that were refused, and kept for their writer, if they name the people."""
    folder = paths.kept_texts(path)
    if not folder.is_dir():
        return
    scrub = known.scrub
    for file in folder.iterdir():
        typed = file.read_text("utf-8", errors="replace")
        if scrub(typed) != typed:
            file.unlink()
