"""Looking for trouble: in the file, in what the rows say of each other, in where the file lies.

Reading only, but for `mend`, which repairs what can be repaired without a
choice: the search index, the keys that names are found by, leftovers of
records that are gone, and who may read the file.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

from acctcli import model, money, paths, text
from acctcli.config import Config
from acctcli.frozen import Frozen
from acctcli.model import KINDS
from acctcli.store import search
from acctcli.store.journal import PART_OF, Writing
from acctcli.store.records import KEYED

DAMAGE, PROBLEM, WARNING = "damage", "problem", "warning"
"""Damage: the file is broken. Problem: the rows contradict each other. Warning: look at it."""

_MOST = 20  # findings of one kind that are named one by one


class Finding(Frozen):
    """One thing that is not as it should be; `mendable` ones are repaired by `--fix`."""

    severity: str
    check: str
    what: str
    kind: str = ""
    record_id: str = ""
    mendable: bool = False


def find_all(con: sqlite3.Connection, path: Path, config: Config) -> list[Finding]:
    """Everything that is wrong with the book, the worst first; empty if it is sound."""
    damage = list(_file(con))
    if damage:
        # What a damaged file says about its rows is worth nothing.
        return [*damage, *_place(path)]
    con.create_function("key", 1, text.key, deterministic=True)
    found = [
        finding
        for checks in (_references, _orphans, _parts, _repeats, _days, _amounts, _keys, _search)
        for finding in checks(con)
    ]
    found += [*_unknown_words(con, config), *_place(path)]
    return sorted(found, key=lambda f: (DAMAGE, PROBLEM, WARNING).index(f.severity))


def mend(tx: Writing, path: Path) -> None:
    """Repair what `find_all` calls mendable; rows that go can come back by undo."""
    con = tx.con
    con.create_function("key", 1, text.key, deterministic=True)
    for table, sql in _ORPHANS.items():
        for (id,) in con.execute(f"SELECT r.id {sql}").fetchall():
            tx.delete(table, id)
    for kind in KEYED:
        title = KINDS[kind].title
        con.execute(
            f'UPDATE "{kind}" SET name_key = key("{title}") WHERE name_key <> key("{title}")'
        )
    search.rebuild(con)
    con.execute("INSERT INTO search (search) VALUES ('rebuild')")
    for file, mode in _private(path):
        file.chmod(mode)


def _file(con: sqlite3.Connection) -> Iterator[Finding]:
    try:
        rows = con.execute(f"PRAGMA integrity_check({_MOST})").fetchall()
    except sqlite3.DatabaseError as error:
        rows = [(str(error),)]
    for (line,) in rows:
        if line != "ok":
            yield Finding(DAMAGE, "integrity", f"{line}. Go back with: acct db restore")


def _references(con: sqlite3.Connection) -> Iterator[Finding]:
    for table, rowid, target, _ in con.execute("PRAGMA foreign_key_check").fetchmany(_MOST):
        if rowid is None:
            continue
        found = con.execute(f'SELECT id FROM "{table}" WHERE rowid = ?', (rowid,)).fetchone()
        id = str(found[0]) if found else ""
        what = f"{_called(table)} points to {_a(target)} that is not there"
        yield Finding(PROBLEM, "references", what, table, id)


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {_called(kind)}"


def _called(table: str) -> str:
    return table.replace("_", " ")


_EXISTS = " OR ".join(
    f"(r.kind = '{kind}' AND EXISTS (SELECT 1 FROM \"{kind}\" WHERE id = r.record_id))"
    for kind in KINDS
)
_ORPHANS = {table: f'FROM "{table}" r WHERE NOT ({_EXISTS})' for table in ("custom", "external_id")}
"""Rows of a record that is gone, which no foreign key watches."""


def _orphans(con: sqlite3.Connection) -> Iterator[Finding]:
    for table, sql in _ORPHANS.items():
        for kind, id in con.execute(f"SELECT r.kind, r.record_id {sql} LIMIT {_MOST}"):
            name = "a custom value" if table == "custom" else "an id of another system"
            what = f"{name} is left of {_a(kind)} that is gone"
            yield Finding(PROBLEM, "orphans", what, kind, id, mendable=True)


def _parts(con: sqlite3.Connection) -> Iterator[Finding]:
    """Parts of a deal that stand under another account than the deal."""
    for table in ("item", "deal_contact", "deal_change"):
        cursor = con.execute(
            f'SELECT r.id FROM "{table}" r JOIN deal d ON d.id = r.deal_id '
            f"WHERE r.account_id <> d.account_id LIMIT {_MOST}"
        )
        for (id,) in cursor:
            what = f"{_called(table)} stands under another account than its deal"
            yield Finding(PROBLEM, "parts", what, table, id)


def _repeats(con: sqlite3.Connection) -> Iterator[Finding]:
    """What should be there once. Shared addresses may be meant: `--duplicate` allows them."""
    cursor = con.execute(
        "SELECT number, min(id), count(*) FROM account "
        f"GROUP BY number HAVING count(*) > 1 LIMIT {_MOST}"
    )
    for number, id, count in cursor:
        what = f"{count} accounts have the number {number}"
        yield Finding(PROBLEM, "duplicates", what, "account", id)
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
                PROBLEM, "duplicates", f"{kind} has one {_called(table)} {count} times", kind, id
            )
    cursor = con.execute(
        "SELECT account_id, count(*) FROM plan "
        f"GROUP BY account_id HAVING count(*) > 1 LIMIT {_MOST}"
    )
    for id, count in cursor:
        yield Finding(PROBLEM, "duplicates", f"account has {count} plans", "account", id)
    for kind, column, sql in _SHARED:
        for value, id, count in con.execute(f"{sql} LIMIT {_MOST}"):
            what = f"{count} {KINDS[kind].plural} share the {column} {text.safe(value)}"
            yield Finding(WARNING, "duplicates", what, kind, id)


_LISTS = {
    "tag": "tag",
    "deal_contact": "contact_id",
    "email": "address",
    "phone": "number",
    "log_contact": "contact_id",
    "review_input": "input",
}
_SHARED = (
    (
        "account",
        "website",
        "SELECT website, min(id), count(*) FROM account WHERE website IS NOT NULL "
        "GROUP BY website HAVING count(*) > 1",
    ),
    (
        "contact",
        "email",
        "SELECT address, min(contact_id), count(DISTINCT contact_id) FROM email "
        "GROUP BY address HAVING count(DISTINCT contact_id) > 1",
    ),
)


_FORMS = {
    model.DAY: """date("{0}", '+0 days')""",
    model.MOMENT: """strftime('%Y-%m-%dT%H:%M:%SZ', "{0}", '+0 days')""",
}
"""What SQLite makes of a day or moment: the same again if it is real (30 February is 2 March)."""


def _days(con: sqlite3.Connection) -> Iterator[Finding]:
    for kind, noun in KINDS.items():
        wrong = {
            field.name: f'"{field.name}" IS NOT {_FORMS[field.type].format(field.name)}'
            for field in noun.fields.values()
            if field.type in _FORMS and not field.derived
        }
        # One pass a table: a book has few wrong days, and many rows.
        cursor = con.execute(
            f'SELECT id, {", ".join(wrong.values())} FROM "{kind}" '
            f"WHERE {' OR '.join(wrong.values())} LIMIT {_MOST}"
        )
        for id, *flags in cursor:
            names = [name for name, flag in zip(wrong, flags, strict=True) if flag]
            what = f"{_called(kind)} has no real day in {', '.join(names)}"
            yield Finding(PROBLEM, "days", what, kind, id)


def _amounts(con: sqlite3.Connection) -> Iterator[Finding]:
    for kind, noun in KINDS.items():
        amounts = [f.name for f in noun.fields.values() if f.type == model.MONEY]
        if not amounts:
            continue
        cursor = con.execute(
            f'SELECT currency, min(id), count(*) FROM "{kind}" '
            "WHERE currency IS NOT NULL GROUP BY currency"
        )
        for code, id, count in cursor:
            if code not in money.DIGITS:
                what = f"{count} of {noun.plural} are in {text.safe(code)}, which is no currency"
                yield Finding(PROBLEM, "money", what, kind, id)
        given = " OR ".join(f'"{name}" IS NOT NULL' for name in amounts)
        cursor = con.execute(
            f'SELECT id FROM "{kind}" WHERE currency IS NULL AND ({given}) LIMIT {_MOST}'
        )
        for (id,) in cursor:
            yield Finding(
                PROBLEM, "money", f"{_called(kind)} has an amount of no currency", kind, id
            )


def _keys(con: sqlite3.Connection) -> Iterator[Finding]:
    for kind in KEYED:
        cursor = con.execute(
            f'SELECT id FROM "{kind}" WHERE name_key <> key("{KINDS[kind].title}") LIMIT {_MOST}'
        )
        for (id,) in cursor:
            what = f"{kind} is not found by its name"
            yield Finding(PROBLEM, "names", what, kind, id, mendable=True)


def _search(con: sqlite3.Connection) -> Iterator[Finding]:
    wrong = search.disagreeing(con)
    if wrong:
        what = f"the search index is wrong about {text.plural(wrong, 'record')}"
        yield Finding(PROBLEM, "search", what, mendable=True)


def _unknown_words(con: sqlite3.Connection, config: Config) -> Iterator[Finding]:
    """Stages, tiers and custom fields that the settings do not know (any more)."""
    stages = {stage.name for stage in config.stages}
    for kind, column, known in (("deal", "stage", stages), ("account", "tier", set(config.tiers))):
        cursor = con.execute(
            f'SELECT "{column}", count(*), min(id) FROM "{kind}" '
            f'WHERE "{column}" IS NOT NULL GROUP BY "{column}"'
        )
        for word, count, id in cursor:
            if word not in known:
                records = text.plural(count, kind)
                what = f"the settings have no {column} {text.safe(word)}, which {records} have"
                yield Finding(WARNING, "settings", what, kind, id)
    cursor = con.execute(
        "SELECT kind, field, count(*), min(record_id) FROM custom GROUP BY kind, field"
    )
    for kind, name, count, id in cursor:
        if kind in KINDS and name not in config.custom.get(kind, {}):
            records = text.plural(count, kind, KINDS[kind].plural)
            what = f"the settings have no {kind} field {text.safe(name)}, which {records} have"
            yield Finding(WARNING, "settings", what, kind, id)


def _place(path: Path) -> Iterator[Finding]:
    for file, mode in _private(path):
        what = f"{file} can be read by others: its mode should be {mode:o}"
        yield Finding(WARNING, "privacy", what, mendable=True)
    risk = risk_of_place(path.absolute(), _mounts())
    if risk:
        what = f"{path} is {risk}: two writers there can damage it. Keep it on this machine's disk"
        yield Finding(WARNING, "place", what)


def _private(path: Path) -> Iterator[tuple[Path, int]]:
    """Files of the book that others may read, with the mode they should have."""
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
    """Why a file should not lie there, or nothing; `mounts` is the text of /proc/mounts."""
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
    """What is mounted where, on systems that say so in a file."""
    try:
        return Path("/proc/self/mounts").read_text("utf-8", errors="replace")
    except OSError:
        return ""
