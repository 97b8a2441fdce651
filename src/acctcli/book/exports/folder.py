"""The whole book as a folder: one file per kind, all from one moment, all of them or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from acctcli import files, text
from acctcli.book.context import Context
from acctcli.book.exports import records
from acctcli.book.exports.records import Counted, TextOf
from acctcli.errors import Conflict
from acctcli.model import KINDS


def write(
    context: Context, folder: Path, suffix: str, text_of: TextOf, *, force: bool = False
) -> dict[str, int]:
    """Write every record of the book, one file per kind; return the number of records by kind.

    Raises `Conflict` if a file exists, unless `force`. One transaction reads everything, with only
    some rows in memory at a time; commands that write wait until it ends.
    """
    targets = {kind: folder / f"{KINDS[kind].plural}.{suffix}" for kind in KINDS}
    refuse_taken(folder, targets.values(), force=force)
    counted: dict[str, Counted] = {}

    def contents() -> Iterator[tuple[Path, Iterable[str]]]:
        for kind, path in targets.items():
            counted[kind] = Counted(records.rows(context, con, kind))
            yield path, text_of(records.columns(context, kind), counted[kind])

    with context.read() as con:
        write_into(folder, contents(), force=force)
    return {kind: found.count for kind, found in counted.items()}


def refuse_taken(folder: Path, targets: Iterable[Path], *, force: bool) -> None:
    """Raise `Conflict` if a file that is to be written into a folder exists, unless `force`."""
    taken = [path.name for path in targets if files.is_there(path)]
    if taken and not force:
        names = text.sentence_list(taken)
        raise Conflict(f"{text.safe(str(folder))} has {names} already. To overwrite it: --force")


def write_into(
    folder: Path, contents: Iterable[tuple[Path, Iterable[str]]], *, force: bool
) -> None:
    """Write files into a folder, which is made if there is none: all of them, or nothing."""
    is_new = not folder.exists()
    files.make_private_folder(folder)
    try:
        files.write_all(contents, force=force)
    except BaseException:
        if is_new:
            with suppress(OSError):
                folder.rmdir()
        raise
