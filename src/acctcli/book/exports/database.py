"""The whole book as one plain SQLite file, for other programs to read."""

from __future__ import annotations

from pathlib import Path

from acctcli.book.context import Context
from acctcli.book.exports import records
from acctcli.model import KINDS


def write(context: Context, target: Path, *, force: bool = False) -> dict[str, int]:
    """Write every record of the book, a table for each kind; returns how many each has.

    All from one moment. Raises `Conflict` if the name is taken and `force` is not given.
    """
    from acctcli.interop import sqlitefile

    with context.read() as con:
        parts = ((kind, context.fields(kind), records.rows(context, con, kind)) for kind in KINDS)
        return sqlitefile.write(target, parts, force=force)
