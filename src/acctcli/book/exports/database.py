"""The whole book as a plain SQLite file for other programs."""

from __future__ import annotations

from pathlib import Path

from acctcli.book.context import Context
from acctcli.book.exports import records
from acctcli.model import KINDS


def write(context: Context, target: Path, *, force: bool = False) -> dict[str, int]:
    """Write every record of the book, one table per kind; return the number of records by kind.

    All records are from one moment. Raises `Conflict` if the file exists, unless `force`.
    """
    from acctcli.interop import sqlitefile

    with context.read() as con:
        parts = ((kind, context.fields(kind), records.rows(context, con, kind)) for kind in KINDS)
        return sqlitefile.write(target, parts, force=force)
