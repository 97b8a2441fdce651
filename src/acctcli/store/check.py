"""Checks of the book: the file itself, whether its rows agree, and where the file is.

Checks only read. `repair` fixes what leaves no choice: the search index, the name keys, rows of
records that are gone, and file permissions.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from acctcli import paths, text
from acctcli.config import Config
from acctcli.frozen import Frozen
from acctcli.model import KINDS
from acctcli.store import backup, doubts, sanity, schema, search, settings
from acctcli.store.commit import commit, end
from acctcli.store.connection import (
    Notice,
    check_file,
    check_version,
    connect,
    our_errors,
    patiently,
)
from acctcli.store.journal import Writing
from acctcli.store.kinds import KEYED, OF_DEAL, PART_OF
from acctcli.store.sanity import Wrong
from acctcli.values.fields import read_custom

DAMAGE, PROBLEM, WARNING = "damage", "problem", "warning"
"""Damage: the file is broken. Problem: rows contradict each other. Warning: worth a look."""

NOTHING: Mapping[str, Any] = {}
_MOST = 20  # findings of one kind that are listed one by one


class Finding(Frozen):
    """One finding; `fixable` ones are repaired by `--fix`."""

    severity: str
    check: str
    what: str
    kind: str = ""
    record_id: str = ""
    fixable: bool = False


def find_all(
    con: sqlite3.Connection, path: Path, config: Config, own: Mapping[str, Any] = NOTHING
) -> list[Finding]:
    """Return everything that is wrong with the book, the worst first; empty if it is sound.

    `own` is the content of the person's settings file, which some settings of the book refer to.
    """
    damage = list(_file(con))
    if damage:
        # In a damaged file, checks of rows would prove nothing.
        return [*damage, *_place(path)]
    found = list(_schema(con))
    if any(finding.severity == DAMAGE for finding in found):
        return [*found, *_place(path)]  # a column that is missing cannot be checked
    wrong = sanity.all_wrong(con)
    # Only readable values can be checked against each other.
    doubts.hide(con, [one for one in wrong if one.unread and one.table in sanity.RECORDS])
    con.create_function("key", 1, text.key, deterministic=True)
    found += [
        finding
        for checks in (_references, _segments, _orphans, _parts, _repeats, _keys, _search)
        for finding in checks(con)
    ]
    found += [*_values(wrong), *_settings(con, own), *_unknown_words(con, config)]
    found += [*_custom(con, config), *_place(path)]
    return sorted(found, key=lambda f: (DAMAGE, PROBLEM, WARNING).index(f.severity))


def repair_schema(path: Path, notice: Notice) -> list[str]:
    """Repair the schema, after a backup; return what was repaired.

    No other command can write to the book until that is done.
    """
    check_file(path, may_be_empty=False)
    con = connect(path, notice=notice)
    try:
        check_version(con, path, notice)
        patiently(con, path, "BEGIN IMMEDIATE", notice)
        with our_errors(path):
            found = schema.fixable(con)
            if not found:
                return []
            kept = backup.make(path, "repair", notice=notice)
            schema.repair(con)
        commit(con, path, notice, lambda look: not schema.fixable(look))
    finally:
        end(con, path)
    notice(f"the book as it was is in {kept}")
    return [one.says for one in found]


def repair(tx: Writing, path: Path) -> None:
    """Repair the fixable findings of `find_all`; undo brings back rows that are removed."""
    con = tx.con
    con.create_function("key", 1, text.key, deterministic=True)
    for table, sql in _ORPHANS.items():
        for (id,) in con.execute(f"SELECT r.id {sql}").fetchall():
            tx.delete(table, id)
    for kind in KEYED:
        title = KINDS[kind].title
        wrong = con.execute(
            f'SELECT id, key("{title}") FROM "{kind}" WHERE name_key IS NOT key("{title}")'
        ).fetchall()
        con.executemany(
            f'UPDATE main."{kind}" SET name_key = ? WHERE id = ?', [(key, id) for id, key in wrong]
        )
    search.rebuild(con)
    con.execute("INSERT INTO search (search) VALUES ('rebuild')")
    for file, mode in _private(path):
        file.chmod(mode)


def _file(con: sqlite3.Connection) -> Iterator[Finding]:
    # A violated constraint is not damage to the file: `_values` reports it.
    con.execute("PRAGMA ignore_check_constraints = ON")
    try:
        rows = con.execute(f"PRAGMA integrity_check({_MOST})").fetchall()
    except sqlite3.DatabaseError as error:
        rows = [(str(error),)]
    con.execute("PRAGMA ignore_check_constraints = OFF")
    for (line,) in rows:
        if line != "ok":
            yield Finding(DAMAGE, "integrity", f"{line}. To restore a backup: acct db restore")


def _schema(con: sqlite3.Connection) -> Iterator[Finding]:
    """Find foreign objects in the file, and tables and indexes that are not as acct makes them."""
    for one in schema.differences(con):
        severity = DAMAGE if one.harmful else PROBLEM
        yield Finding(severity, "schema", one.says, fixable=one.fixable)


def _references(con: sqlite3.Connection) -> Iterator[Finding]:
    columns: dict[str, dict[int, str]] = {}
    counts: dict[tuple[str, str], int] = {}
    for table, rowid, target, number in con.execute("PRAGMA foreign_key_check").fetchall():
        if rowid is None:
            continue
        if table not in columns:
            listed = con.execute(f'PRAGMA main.foreign_key_list("{table}")')
            columns[table] = {row[0]: row[3] for row in listed}
        column = columns[table][number]
        counts[table, column] = counts.get((table, column), 0) + 1
        if counts[table, column] > _MOST:
            continue
        key = sanity.key_of(table)
        (id,) = con.execute(
            f'SELECT "{key}" FROM main."{table}" WHERE rowid = ?', (rowid,)
        ).fetchone()
        what = f"{table}.{column} points to {_a(target)} that does not exist"
        yield Finding(PROBLEM, "references", what, table, text.legible(id))


def _values(wrong: Iterable[Wrong]) -> Iterator[Finding]:
    """Find values that their column cannot have; each finding names column, record and value."""
    counts: dict[tuple[str, str], int] = {}
    for one in wrong:
        place = (one.table, one.column)
        counts[place] = counts.get(place, 0) + 1
        if counts[place] <= _MOST:
            what = f"{one.table}.{one.column} {text.quoted(one.stored)} {one.why}"
            yield Finding(PROBLEM, one.check, what, one.table, one.id)
    for (table, column), count in counts.items():
        if count > _MOST:
            more = text.plural(count - _MOST, "more row")
            yield Finding(PROBLEM, "values", f"{table}.{column} is wrong in {more}", table)


def _settings(con: sqlite3.Connection, own: Mapping[str, Any]) -> Iterator[Finding]:
    """Find settings that are ignored because they are invalid, and settings that exist twice."""
    rows = settings.stored(con).rows
    ids = dict(con.execute("SELECT key, id FROM main.setting").fetchall())
    wrong = settings.leniently(rows, own)[1] if rows else {}
    for key, why in wrong.items():
        what = f"the setting {text.safe(key)} is ignored: {text.safe(why)}"
        yield Finding(PROBLEM, "settings", what, "setting", text.legible(ids.get(key, "")))
    if len(ids) < len(rows):
        yield Finding(PROBLEM, "duplicates", "a setting exists twice", "setting")


def _custom(con: sqlite3.Connection, config: Config) -> Iterator[Finding]:
    """Find values of custom fields that do not have the type in the settings."""
    for kind, fields in config.custom.items():
        for name, field in fields.items():
            cursor = con.execute(
                "SELECT record_id, value FROM custom WHERE kind = ? AND field = ?", (kind, name)
            )
            for id, value in cursor:
                if read_custom(field, value) is None:
                    named = f"{KINDS[kind].one} field {text.safe(name)} {text.quoted(value)}"
                    what = f"{named} is not of type {field.type}"
                    yield Finding(WARNING, "settings", what, kind, id)


def _segments(con: sqlite3.Connection) -> Iterator[Finding]:
    """Find saved lists whose words are not a command line, such as an open quotation mark."""
    import shlex

    for id, filters in con.execute("SELECT id, filters FROM segment").fetchall():
        try:
            shlex.split(filters)
        except ValueError:
            what = f"segment.filters {text.quoted(filters)} has an open quotation mark"
            yield Finding(PROBLEM, "values", what, "segment", id)


def _a(kind: str) -> str:
    called = text.safe(_called(kind))
    return f"{'an' if called[:1] in tuple('aeiou') else 'a'} {called}"


def _called(table: str) -> str:
    return table.replace("_", " ")


_EXISTS = " OR ".join(
    f"(r.kind = '{kind}' AND EXISTS (SELECT 1 FROM \"{kind}\" WHERE id = r.record_id))"
    for kind in KINDS
)
_ORPHANS = {table: f'FROM "{table}" r WHERE NOT ({_EXISTS})' for table in ("custom", "external_id")}
"""Rows of records that are gone, in tables without a foreign key."""


def _orphans(con: sqlite3.Connection) -> Iterator[Finding]:
    for table, sql in _ORPHANS.items():
        for kind, id in con.execute(f"SELECT r.kind, r.id {sql} LIMIT {_MOST}"):
            what = f"{table}.record_id points to {_a(kind)} that does not exist"
            yield Finding(PROBLEM, "orphans", what, table, id, fixable=True)


def _parts(con: sqlite3.Connection) -> Iterator[Finding]:
    """Find what belongs to a deal but to another account than the deal."""
    for table in OF_DEAL:
        cursor = con.execute(
            f'SELECT r.id FROM "{table}" r JOIN deal d ON d.id = r.deal_id '
            f"WHERE r.account_id <> d.account_id LIMIT {_MOST}"
        )
        for (id,) in cursor:
            what = f"{_called(table)} belongs to another account than its deal"
            yield Finding(PROBLEM, "parts", what, table, id)


def _repeats(con: sqlite3.Connection) -> Iterator[Finding]:
    """Find what should exist once. Shared addresses may be meant: `--duplicate` allows them."""
    for kind in ("account", "quote"):
        cursor = con.execute(
            f"SELECT number, min(id), count(*) FROM {kind} "
            f"GROUP BY number HAVING count(*) > 1 LIMIT {_MOST}"
        )
        for number, id, count in cursor:
            what = f"{count} {KINDS[kind].several} have the number {text.safe(number)}"
            yield Finding(PROBLEM, "duplicates", what, kind, id)
    for table, column in PART_OF.items():
        if table not in _LISTS:
            continue
        value = _LISTS[table]
        cursor = con.execute(
            f'SELECT "{column}", count(*) FROM "{table}" '
            f'GROUP BY "{column}", "{value}" HAVING count(*) > 1 LIMIT {_MOST}'
        )
        for id, count in cursor:
            kind = column.removesuffix("_id")
            yield Finding(
                PROBLEM,
                "duplicates",
                f"{KINDS[kind].one} has the same {_called(table)} {count} times",
                kind,
                id,
            )
    cursor = con.execute(
        "SELECT account_id, count(*) FROM plan "
        f"GROUP BY account_id HAVING count(*) > 1 LIMIT {_MOST}"
    )
    for id, count in cursor:
        yield Finding(PROBLEM, "duplicates", f"account has {count} plans", "account", id)
    cursor = con.execute(
        "SELECT campaign_id, count(*) FROM campaign_member GROUP BY campaign_id, contact_id, "
        "CASE WHEN contact_id IS NULL THEN account_id END "
        f"HAVING count(*) > 1 LIMIT {_MOST}"
    )
    for id, count in cursor:
        what = f"campaign has the same member {count} times"
        yield Finding(PROBLEM, "duplicates", what, "campaign", id)
    for kind, column, sql in _SHARED:
        for value, id, count in con.execute(f"{sql} LIMIT {_MOST}"):
            what = f"{count} {KINDS[kind].several} share the {column} {text.safe(value)}"
            yield Finding(WARNING, "duplicates", what, kind, id)


_LISTS = {table: column for table, (column, _) in sanity.LISTS.items()} | {
    name: kind.fields[item].column
    for name, kind in KINDS.items()
    if kind.unique and kind.part_of
    for item in kind.identity
    if item != kind.part_of
}
"""Tables of parts that a record has only once each, with the column that identifies the part."""

_SHARED = (
    (
        "account",
        "website",
        "SELECT website, min(id), count(DISTINCT id) FROM (SELECT website, id FROM account "
        "UNION ALL SELECT website, account_id FROM account_website) WHERE website IS NOT NULL "
        "GROUP BY website HAVING count(DISTINCT id) > 1",
    ),
    (
        "contact",
        "email",
        "SELECT address, min(contact_id), count(DISTINCT contact_id) FROM email "
        "GROUP BY address HAVING count(DISTINCT contact_id) > 1",
    ),
)


def _keys(con: sqlite3.Connection) -> Iterator[Finding]:
    for kind in KEYED:
        cursor = con.execute(
            f'SELECT id, name_key FROM "{kind}" '
            f'WHERE name_key IS NOT key("{KINDS[kind].title}") LIMIT {_MOST}'
        )
        for id, key in cursor:
            what = f"{kind}.name_key {text.quoted(key or '')} does not match the name"
            yield Finding(PROBLEM, "names", what, kind, id, fixable=True)


def _search(con: sqlite3.Connection) -> Iterator[Finding]:
    wrong = search.disagreeing(con)
    if wrong:
        what = f"the search index is wrong about {text.plural(wrong, 'record')}"
        yield Finding(PROBLEM, "search", what, fixable=True)


def _unknown_words(con: sqlite3.Connection, config: Config) -> Iterator[Finding]:
    """Find stages, tiers and custom fields that the settings do not have (any more)."""
    stages = {stage.name for stage in config.stages}
    for kind, column, known in (("deal", "stage", stages), ("account", "tier", set(config.tiers))):
        cursor = con.execute(
            f'SELECT "{column}", count(*), min(id) FROM "{kind}" '
            f'WHERE "{column}" IS NOT NULL GROUP BY "{column}"'
        )
        for word, count, id in cursor:
            if word not in known:
                records = text.plural(count, kind)
                what = f"{column} {text.safe(word)} is not in the settings: {records}"
                yield Finding(WARNING, "settings", what, kind, id)
    cursor = con.execute(
        "SELECT kind, field, count(*), min(record_id) FROM custom GROUP BY kind, field"
    )
    for kind, name, count, id in cursor:
        if kind in KINDS and name not in config.custom.get(kind, {}):
            records = text.plural(count, KINDS[kind].one, KINDS[kind].several)
            what = f"{KINDS[kind].one} field {text.safe(name)} is not in the settings: {records}"
            yield Finding(WARNING, "settings", what, kind, id)


def _place(path: Path) -> Iterator[Finding]:
    for file, mode in _private(path):
        what = f"others can read {file}: its mode should be {mode:o}"
        yield Finding(WARNING, "privacy", what, fixable=True)
    risk = risk_of_place(path.absolute(), _mounts())
    if risk:
        what = f"{path} is {risk}: two writers there can damage it. Keep it on this machine's disk"
        yield Finding(WARNING, "place", what)


def _private(path: Path) -> Iterator[tuple[Path, int]]:
    """Find files of the book that others can read; yield each with the mode it should have."""
    if os.name != "posix":
        return
    folder = paths.backups(path)
    files = [path, *(folder.iterdir() if folder.is_dir() else ())]
    wanted = [(folder, 0o700)] if folder.is_dir() else []
    for file, mode in (*wanted, *((file, 0o600) for file in files)):
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            yield file, mode


_NETWORK = (
    *("9p", "afs", "ceph", "cifs", "davfs", "drvfs", "glusterfs", "ncpfs", "nfs", "nfs4"),
    *("smb3", "smbfs", "vboxsf", "fuse.ceph", "fuse.davfs2", "fuse.glusterfs", "fuse.gvfsd-fuse"),
    *("fuse.rclone", "fuse.s3fs", "fuse.sshfs"),
)
_SYNCED = (
    *("box", "box sync", "dropbox", "google drive", "googledrive", "icloud", "icloud drive"),
    *("mega", "mobile documents", "my drive", "nextcloud", "onedrive", "owncloud", "pcloud"),
    *("pclouddrive", "seafile", "sync", "syncthing", "tresorit", "yandex.disk"),
)


def risk_of_place(path: Path, mounts: str) -> str:
    """Return why a file should not be there, or ""; `mounts` is the text of /proc/mounts."""
    # Names vary: "Dropbox (Personal)", "OneDrive - GreenTech".
    for part in path.parts[:-1]:
        name = part.lower()
        if name.startswith("\\\\"):
            return "on a network share"
        if any(name == s or name.startswith((f"{s} (", f"{s} - ")) for s in _SYNCED):
            return f"in a folder that is synchronised ({text.safe(part)})"
    best, kind = "", ""
    for line in mounts.splitlines():
        _, folder, type, *_ = (*line.split(), "", "", "")
        folder = folder.replace("\\040", " ")
        inside = path.is_relative_to(folder) if folder else False
        if inside and len(folder) >= len(best):
            best, kind = folder, type
    if kind in _NETWORK:
        return f"on a network file system ({kind})"
    return ""


def _mounts() -> str:
    """Return the text of /proc/mounts, or "" on systems without it."""
    try:
        return Path("/proc/self/mounts").read_text("utf-8", errors="replace")
    except OSError:
        return ""
