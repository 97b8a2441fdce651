"""What tests ask of a table that was read: its rows, and those that could not be."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from acctcli.interop.rows import BadRow, FileRow, FileTable
from acctcli.interop.tables import read_file


def read_bytes(file: str, data: bytes, **options: Any) -> FileTable:
    """The table that these bytes are, in a file of this name (`-` for a pipe)."""
    path = Path(file)
    return read_file("-" if file == "-" else path, io.BytesIO(data), **{"name": file, **options})


def rows_of(table: FileTable) -> list[FileRow]:
    return list(table.rows())


def bad_of(table: FileTable) -> list[BadRow]:
    return [row for row in table.records() if isinstance(row, BadRow)]


def all_of(table: FileTable) -> dict[str, Any]:
    """Everything that is known of a table, to compare."""
    told = table.as_dict()
    return {
        **{name: told[name] for name in ("columns", "encoding", "delimiter", "notes", "count")},
        "rows": rows_of(table),
        "bad": bad_of(table),
    }
