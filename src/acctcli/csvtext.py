"""Writing CSV, and the mark that keeps spreadsheets from running a cell.

Beside the reader's package and not in it, because lists on stdout are written
here as well: `render` and `interop` both call this. Nothing here reads a file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}

# A spreadsheet takes a cell that begins with one of these for a formula, and runs it.
_RUNS = ("=", "+", "-", "@", "\t", "\r")


def write_csv(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    excel_safe: bool = False,
    header: bool = True,
    delimiter: str = ",",
) -> Iterator[str]:
    """Give a CSV file (RFC 4180, lines ending in CR LF) record by record.

    With `excel_safe` it begins with a byte order mark, and a cell that a spreadsheet would
    run has a `'` before it. `read_csv` takes that off again, so either form comes back
    exactly. Encode as UTF-8.
    """
    minimal = csv.writer(_Echo(), delimiter=delimiter)
    full = csv.writer(_Echo(), delimiter=delimiter, quoting=csv.QUOTE_ALL)
    mark = _guarded if excel_safe else _doubly_marked

    def record(cells: Sequence[str], *, doubtful: bool) -> str:
        line: str = (full if doubtful else minimal).writerow([mark(cell) for cell in cells])
        return line

    if excel_safe:
        yield "\ufeff"
    if header:
        # Quoted, a `;` in a name cannot be mistaken for the delimiter.
        others = set(DELIMITER_NAMES) - {delimiter}
        yield record(columns, doubtful=not others.isdisjoint("".join(columns)))
    for cells in rows:
        # Unquoted, a record of blanks would read as an empty line.
        yield record(cells, doubtful=not any(map(str.strip, cells)))


# The guard. `'` before a cell that would run is the mark; a cell that already looks marked
# gets one more `'` from either writer. So every cell that looks marked in a file has exactly
# one `'` too many, and no flag has to travel with the file.


def _would_run(cell: str) -> bool:
    return cell.lstrip("'").startswith(_RUNS)


def _guarded(cell: str) -> str:
    return "'" + cell if _would_run(cell) else cell


def _doubly_marked(cell: str) -> str:
    return "'" + cell if cell.startswith("'") and _would_run(cell) else cell


def unmarked(cell: str) -> str:
    """The cell as it was before either form of `write_csv` marked it."""
    return cell[1:] if cell.startswith("'") and _would_run(cell) else cell


class _Echo:
    """A file for `csv.writer` that makes `writerow` return its line."""

    def write(self, line: str) -> str:
        return line
