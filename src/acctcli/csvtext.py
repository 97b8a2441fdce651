"""Writing CSV, and the mark that stops spreadsheets from running a cell.

It is not part of `interop`, because `render` writes lists with it, too. Nothing here reads a file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}

# A spreadsheet reads a cell that begins with one of these as a formula, and runs it.
_RUNS = ("=", "+", "-", "@", "\t", "\r")


def write_csv(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    excel_safe: bool = False,
    header: bool = True,
    delimiter: str = ",",
) -> Iterator[str]:
    """Yield a CSV file (RFC 4180, lines ending in CR LF) record by record.

    With `excel_safe` it begins with a byte order mark, and a cell that a spreadsheet would run gets
    a `'` before it. `read_csv` removes that again, so both forms are read back exactly. Encode as
    UTF-8.
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
        # In quotation marks, a `;` in a name cannot be mistaken for the delimiter.
        others = set(DELIMITER_NAMES) - {delimiter}
        yield record(columns, doubtful=not others.isdisjoint("".join(columns)))
    for cells in rows:
        # Without quotation marks, a record of blanks would be read as an empty line.
        yield record(cells, doubtful=not any(map(str.strip, cells)))


# The guard. A `'` marks a cell that would run; a cell that already looks marked gets one more `'`
# in either form. So every cell that looks marked in a file has exactly one `'` too many, and the
# file needs no flag.


def _would_run(cell: str) -> bool:
    return cell.lstrip("'").startswith(_RUNS)


def _guarded(cell: str) -> str:
    return "'" + cell if _would_run(cell) else cell


def _doubly_marked(cell: str) -> str:
    return "'" + cell if cell.startswith("'") and _would_run(cell) else cell


def unmarked(cell: str) -> str:
    """Return the cell as it was before either form of `write_csv` marked it."""
    return cell[1:] if cell.startswith("'") and _would_run(cell) else cell


class _Echo:
    """A file for `csv.writer` whose `writerow` returns the line."""

    def write(self, line: str) -> str:
        return line
