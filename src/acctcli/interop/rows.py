"""What every format of rows is read into, and how cells and names of columns are read.

A cell stays as it is in the file: `007`, `1E5` and `TRUE` are text, and a JSON number with a point
is its digits. The caller decides what a cell means.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from acctcli.frozen import Frozen
from acctcli.text import key


class Original(Protocol):
    """The file that rows come from; `name` is what messages call it, `encoding` a name to show."""

    name: str
    encoding: str

    def refuse_if_changed(self) -> None:
        """Raise `Conflict` if another program has written to the file since it was opened."""


class KeptRows:
    """A file whose rows were kept when it was read: what happens to it later does not matter."""

    def __init__(self, name: str, encoding: str) -> None:
        self.name = name
        self.encoding = encoding

    def refuse_if_changed(self) -> None:
        """Do nothing."""


class FileRow(NamedTuple):
    """One record of a file.

    `line` is its first line in the file, counted from 1; in a JSON array, its place in the
    array, counted from 1. `cells` has the text of every column for CSV; for JSON only the
    keys that the object has, each a text, a whole number, a flag, None or a list of these.
    """

    line: int
    cells: dict[str, object]


class BadRow(NamedTuple):
    """A record that cannot be read, although the records after it can.

    `cells` are its cells as far as they can be separated; `text` is the record as it is in the
    file, including quotation marks, without its line end (None for JSON).
    """

    line: int
    reason: str
    cells: list[str]
    text: str | None


class FileTable(Frozen):
    """A file that was read once completely; `records` reads it again each time.

    `encoding` is a name to show, which Python accepts too; `delimiter` is None for JSON. `notes`
    are findings about the file that the user did not specify, and `count` is the number of records,
    including unreadable ones. `again` are repeated columns, such as `Phone (2)`, with their name in
    the header. `counted_in` is what messages count the records in, such as lines, if not as usual.
    `form` is what a file is that is no text, such as a workbook.
    """

    columns: Sequence[str]
    encoding: str
    delimiter: str | None
    notes: Sequence[str]
    count: int
    records: Callable[[], Iterator[FileRow | BadRow]]
    text: Original
    again: Mapping[str, str] = {}
    counted_in: str = ""
    form: str = ""

    def rows(self) -> Iterator[FileRow]:
        """Yield the records that can be read."""
        return (record for record in self.records() if isinstance(record, FileRow))


def header_key(name: str) -> str:
    """Return the comparable form of a column's name: `E-Mail_Adresse` equals `e mail adresse`.

    It is folded like other names, and every run of other characters than letters and digits is one
    space.
    """
    # A vowel sign of an Indic script is no letter by itself, but part of its word.
    words = (
        char if char.isalnum() or unicodedata.category(char).startswith("M") else " "
        for char in key(name)
    )
    return " ".join("".join(words).split())


def cell_text(value: object) -> str:
    """Return a cell as text for a CSV file; a list is `a; b`."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return "; ".join(cell_text(item) for item in value)
    import json  # late, because writing CSV needs this module but not this

    return json.dumps(value, ensure_ascii=False)


def texts(row: FileRow) -> Mapping[str, str]:
    """Return the readable cells of a row as texts by column."""
    cells: Mapping[str, Any] = row.cells
    if all(type(cell) is str for cell in cells.values()):
        return cells
    return {column: cell_text(cell) for column, cell in cells.items()}
