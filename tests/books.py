"""What tests ask of a book besides the output of the program: its rows, and whether it is sound."""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Mapping
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import platformdirs
import tomlkit

from acctcli import ids
from acctcli.config import Config
from acctcli.store import check, settings
from acctcli.store.connection import create_private
from acctcli.store.opening import open_book

LOCAL = ("command", "added", "bundle", "change", "erased", "preset")
"""Tables that an undo does not restore: journal, bundles, marks of erased people, presets.

Nor does it restore those of the exchange with other machines (`sync_…`).
"""

Dump = Mapping[str, list[tuple[Any, ...]]]


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.db"
        create_private(path)  # `create` may stand for it in `open_book`
        open_book(path, create=True).close()
        return path.read_bytes()


def create(path: Path) -> bool:
    """Create an empty book, as a copy of one; False if there is a file already.

    Making one takes longer than most commands. `tests/store/test_opening.py` tests how.
    """
    created = create_private(path)
    if created:
        path.write_bytes(_empty())
    return created


def dump(path: Path) -> Dump:
    """Return every row of every table of records, with all its columns."""
    with closing(sqlite3.connect(path)) as con:
        names = con.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%'"
        ).fetchall()
        return {
            name: con.execute(f'SELECT * FROM "{name}" ORDER BY id').fetchall()
            for (name,) in names
            if name not in LOCAL and not name.startswith("sync_")
        }


def sound(path: Path) -> bool:
    """Whether `db check` finds neither damage nor a problem; prints what it finds."""
    with closing(open_book(path)) as con:
        found = check.find_all(con, path, Config())
    worse = [finding for finding in found if finding.severity != check.WARNING]
    assert not worse, worse
    return True


def value(path: Path, sql: str, *parameters: Any) -> Any:
    """Return the first column of the first row of a query."""
    with closing(sqlite3.connect(path)) as con:
        return con.execute(sql, parameters).fetchone()[0]


def change(path: Path, sql: str, *parameters: Any) -> None:
    """Change a book with SQL, as another program would."""
    with closing(sqlite3.connect(path)) as con, con:
        con.execute(sql, parameters)


def configure(home: Path, typed: str, *, book: Path | None = None) -> None:
    """Put exactly these settings in force: those of a book into it, all others into the file.

    Without the program, so that an undo in the test reverses what the test does. A missing book is
    created.
    """
    own, of_book = settings.split(tomllib.loads(typed))
    (home / "config.toml").write_text(tomlkit.dumps(own), encoding="utf-8")
    path = book or Path(platformdirs.user_data_dir("acctcli")) / "book.db"
    create(path)
    with closing(open_book(path)) as con, con:
        con.execute("BEGIN")
        con.execute("DELETE FROM setting")
        con.executemany(
            "INSERT INTO setting VALUES (?, '2026-11-22T00:00:00Z', '2026-11-22T00:00:00Z', "
            "'Kim', ?, ?, ?)",
            [
                (ids.fact_id("setting", key), key, value, place)
                for place, (key, value) in enumerate(settings.rows_of(of_book))
            ],
        )
