"""What every format of rows is read into, and how cells and the names of columns are taken.

A cell stays what the file says: `007`, `1E5` and `TRUE` are text, and a JSON number with a
point is handed over as its digits. What a cell means is for the caller to judge.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from acctcli.frozen import Frozen
from acctcli.interop.textfile import TextFile
from acctcli.text import key


class FileRow(NamedTuple):
    """One record of a file.

    `line` is its first line in the file, counted from 1; in a JSON array, its place in the
    array, counted from 1. `cells` has the text of every column for CSV; for JSON only the
    keys that the object has, each a text, a whole number, a flag, None or a list of these.
    """

    line: int
    cells: dict[str, object]


class BadRow(NamedTuple):
    """One record that cannot be read, while the ones after it can.

    `cells` are its cells as far as they can be told apart; `text` is the record as it stands
    in the file, quotation marks and all, without its line end (None for JSON).
    """

    line: int
    reason: str
    cells: list[str]
    text: str | None


class FileTable(Frozen):
    """A file, read through once, and read again for its rows: `records` begins anew each time.

    `encoding` is a name to show that Python takes as well; `delimiter` is None for JSON.
    `notes` are the things found out about the file that the user did not say, and `count` is
    how many records it has, with those that cannot be read.
    """

    columns: Sequence[str]
    encoding: str
    delimiter: str | None
    notes: Sequence[str]
    count: int
    records: Callable[[], Iterator[FileRow | BadRow]]
    text: TextFile

    def rows(self) -> Iterator[FileRow]:
        """The records that can be read."""
        return (record for record in self.records() if isinstance(record, FileRow))


def header_key(name: str) -> str:
    """How the names of columns compare: `E-Mail_Adresse` and `e mail adresse` are the same.

    They compare like other names, and whatever is neither letter nor digit is one space.
    """
    # A vowel sign of an Indic script is no letter by itself, but it is part of its word.
    words = (
        char if char.isalnum() or unicodedata.category(char).startswith("M") else " "
        for char in key(name)
    )
    return " ".join("".join(words).split())


def cell_text(value: object) -> str:
    """One cell as the text that a CSV file holds for it; a list is `a; b`."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return "; ".join(cell_text(item) for item in value)
    import json  # late: writing CSV needs this module, but not this line

    return json.dumps(value, ensure_ascii=False)
