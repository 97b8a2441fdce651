"""What tests ask of a table that was read: its rows, and the unreadable ones."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, BinaryIO, Literal

from acctcli.interop.rows import BadRow, FileRow, FileTable
from acctcli.interop.tables import TableFormat, open_file, read_text


def read_file(
    path: Path | Literal["-"],
    stream: BinaryIO | None = None,
    *,
    name: str,
    encoding: str | None = None,
    delimiter: str | None = None,
    kind: TableFormat | None = None,
) -> FileTable:
    """Open a file and read its table."""
    opened = open_file(path, stream, name=name, encoding=encoding)
    return read_text(opened, path, encoding=encoding, delimiter=delimiter, kind=kind)


def read_bytes(file: str, data: bytes, **options: Any) -> FileTable:
    """Read these bytes as a table, in a file of this name (`-` for a pipe)."""
    path = Path(file)
    return read_file("-" if file == "-" else path, io.BytesIO(data), **{"name": file, **options})


def rows_of(table: FileTable) -> list[FileRow]:
    return list(table.rows())


def bad_of(table: FileTable) -> list[BadRow]:
    return [row for row in table.records() if isinstance(row, BadRow)]


def all_of(table: FileTable) -> dict[str, Any]:
    """Return everything about a table, for comparison."""
    told = table.as_dict()
    return {
        **{name: told[name] for name in ("columns", "encoding", "delimiter", "notes", "count")},
        "rows": rows_of(table),
        "bad": bad_of(table),
    }
