"""Everything in a folder: a file for each kind, all from one moment, all of them or none."""

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
    """Write every record of the book, a file for each kind; returns how many each has.

    Raises `Conflict` if a file is there already and `force` is not given. One transaction
    reads it all, and no more than some rows are in memory at a time: other commands that
    write wait for so long.
    """
    targets = {kind: folder / f"{KINDS[kind].plural}.{suffix}" for kind in KINDS}
    taken = [path.name for path in targets.values() if files.is_there(path)]
    if taken and not force:
        names = text.sentence_list(taken)
        raise Conflict(f"{text.safe(str(folder))} has {names} already. To overwrite it: --force")
    counted: dict[str, Counted] = {}

    def contents() -> Iterator[tuple[Path, Iterable[str]]]:
        for kind, path in targets.items():
            counted[kind] = Counted(records.rows(context, con, kind))
            yield path, text_of(records.columns(context, kind), counted[kind])

    with context.read() as con:
        is_new = not folder.exists()
        files.make_private_folder(folder)
        try:
            files.write_all(contents(), force=force)
        except BaseException:
            if is_new:
                with suppress(OSError):
                    folder.rmdir()
            raise
    return {kind: found.count for kind, found in counted.items()}
