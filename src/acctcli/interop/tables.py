"""What every format of rows is read into, and the one door that reads them.

A cell stays what the file says: `007`, `1E5` and `TRUE` are text, and a JSON number with a
point is handed over as its digits. What a cell means is for the caller to judge. The formats
themselves are in modules of their own, loaded only when a file of theirs is read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

from acctcli.errors import UsageError
from acctcli.frozen import Frozen
from acctcli.interop.textfile import TextFile, open_text, stream_text
from acctcli.text import key, safe

Kind = Literal["csv", "json", "jsonl"]

_KIND_OF_SUFFIX: dict[str, Kind] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}


class Row(NamedTuple):
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


class Table(Frozen):
    """A file, read through once, and read again for its rows: `records` begins anew each time.

    `encoding` is a name to show that Python takes as well; `delimiter` is None for JSON.
    `notes` are the things found out about the file that the user did not say, and `count` is
    how many records it has, with those that cannot be read.
    """

    columns: list[str]
    encoding: str
    delimiter: str | None
    notes: list[str]
    count: int
    records: Callable[[], Iterator[Row | BadRow]]
    text: TextFile

    def rows(self) -> Iterator[Row]:
        """The records that can be read."""
        return (record for record in self.records() if isinstance(record, Row))


def read_file(
    path: Path | Literal["-"],
    stream: BinaryIO | None = None,
    *,
    name: str,
    encoding: str | None = None,
    delimiter: str | None = None,
    kind: Kind | None = None,
) -> Table:
    """Read a table from `path`, or from `stream` where the caller has it open (stdin: `-`).

    `name` is what messages call the file. Encoding, delimiter and kind are found out unless
    they are given; the kind comes from the suffix, else from the content.

    Raises `NotFound` and `StorageError` for a file that cannot be opened, `UsageError` for
    an encoding, delimiter or kind of file that is not known, and `Invalid`, with the place,
    for a file that cannot be read as a whole.
    """
    name = safe(name)
    text = stream_text(stream, name, encoding) if stream else open_text(Path(path), name, encoding)

    suffix = "" if path == "-" else path.suffix.lower()
    if kind is None:
        kind = _KIND_OF_SUFFIX.get(suffix)
    if kind is None:
        kind = "csv" if delimiter else _kind_of_text(text)

    if kind == "csv":
        from acctcli.csvtext import DELIMITER_NAMES
        from acctcli.interop.csvfile import read_csv

        candidates = "\t" if suffix == ".tsv" else DELIMITER_NAMES
        table = read_csv(text, delimiter=delimiter, candidates=candidates)
    else:
        from acctcli.interop.jsonfile import read_json, read_jsonl

        table = (read_json if kind == "json" else read_jsonl)(text)
    if encoding is None and text.encoding != "UTF-8":
        table.notes.insert(0, text.encoding)
    return table


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


def _kind_of_text(text: TextFile) -> Kind:
    """Tell what a file holds whose name does not say it."""
    first = next((line.lstrip() for line in text.lines() if line.strip()), "")
    if first.startswith("["):
        return "json"
    if first.startswith("{"):
        from acctcli.interop.jsonfile import is_jsonl

        return "jsonl" if is_jsonl(text) else "json"

    from acctcli.csvtext import DELIMITER_NAMES

    if not first or any(delimiter in first for delimiter in DELIMITER_NAMES):
        return "csv"
    raise UsageError(
        f"{text.name} is neither CSV nor JSON by its name or its content. "
        "Give --delimiter if it is CSV"
    )
