"""Records as an Excel workbook: one kind, or a sheet for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from acctcli.book.context import Context
from acctcli.book.exports import records
from acctcli.model import KINDS


def write(
    context: Context,
    target: Path,
    kinds: Iterable[str] = KINDS,
    where: Sequence[str] = (),
    *,
    force: bool = False,
) -> dict[str, int]:
    """Write the records of these kinds that match; return the number of records by kind.

    All records are from one moment. Of all kinds, those without a record have no sheet. Raises
    `Conflict` if the file exists, unless `force`.
    """
    from acctcli.interop import sheets

    chosen = tuple(kinds)
    with context.read() as con:
        parts = (
            (kind, context.fields(kind), records.rows(context, con, kind, where)) for kind in chosen
        )
        return sheets.write(target, parts, force=force, whole=len(chosen) > 1)
