"""What every format of rows is read into, and the one door that reads them.

A cell stays what the file says: `007`, `1E5` and `TRUE` are text, and a JSON number with a
point is handed over as its digits. What a cell means is for the caller to judge. The formats
themselves are in modules of their own, loaded only when a file of theirs is read.
"""

from __future__ import annotations

import codecs
import os
import stat
import unicodedata
from pathlib import Path
from typing import Literal, NamedTuple

from acctcli.errors import Invalid, NotFound, StorageError, UsageError
from acctcli.text import key, quoted, safe

Kind = Literal["csv", "json", "jsonl"]

_KIND_OF_SUFFIX: dict[str, Kind] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}

# UTF-32 first: its little-endian mark begins with the one of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)

# How files begin that are often taken for a table: a workbook (a zip), its ancestor, a PDF.
_NOT_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-")


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


class Table(NamedTuple):
    """A file, read.

    `encoding` is a name to show that Python takes as well; `delimiter` is None for JSON.
    `notes` are the things found out about the file that the user did not say.
    """

    columns: list[str]
    rows: list[Row]
    encoding: str
    delimiter: str | None
    notes: list[str]
    bad: list[BadRow]


def read_file(
    path: Path | Literal["-"],
    data: bytes | None = None,
    *,
    name: str,
    encoding: str | None = None,
    delimiter: str | None = None,
    kind: Kind | None = None,
) -> Table:
    """Read a table from `path`, or from `data` where the caller has the bytes (stdin: `-`).

    `name` is what messages call the file. Encoding, delimiter and kind are found out unless
    they are given; the kind comes from the suffix, else from the content.

    Raises `NotFound` and `StorageError` for a file that cannot be opened, `UsageError` for
    an encoding, delimiter or kind of file that is not known, and `Invalid`, with the place,
    for a file that cannot be read as a whole.
    """
    name = safe(name)
    if data is None:
        data = _bytes_of(Path(path), name)
    if data.startswith(_NOT_TEXT):
        raise UsageError(f"{name} is not a text file. Save it as CSV and import that")
    text, shown = _decode(data, name, encoding)

    suffix = "" if path == "-" else path.suffix.lower()
    if kind is None:
        kind = _KIND_OF_SUFFIX.get(suffix)
    if kind is None:
        kind = "csv" if delimiter else _kind_of_text(text, name)

    if kind == "csv":
        from acctcli.csvtext import DELIMITER_NAMES
        from acctcli.interop.csvfile import read_csv

        candidates = "\t" if suffix == ".tsv" else DELIMITER_NAMES
        table = read_csv(
            text, name=name, encoding=shown, delimiter=delimiter, candidates=candidates
        )
    else:
        from acctcli.interop.jsonfile import read_json, read_jsonl

        table = (read_json if kind == "json" else read_jsonl)(text, name=name, encoding=shown)
    if encoding is None and shown != "UTF-8":
        table.notes.insert(0, shown)
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


def _bytes_of(path: Path, name: str) -> bytes:
    if path.is_dir():
        raise NotFound(f"{name} is a folder. Name a file in it")
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if (stat.S_ISCHR(mode) or stat.S_ISBLK(mode)) and not file.isatty():
                raise Invalid(f"{name} is a device, which may have no end. Name a file")
            return file.read()
    except FileNotFoundError:
        raise NotFound(f"no file {name}. Check the name and the folder") from None
    except OSError as error:
        raise StorageError(f"{name} cannot be read: {error.strerror}") from None


def _decode(data: bytes, name: str, encoding: str | None) -> tuple[str, str]:
    """Turn bytes into text, and say from what: (text, encoding)."""
    mark = next((found for found in _MARKS if data.startswith(found[0])), None)
    if encoding is not None:
        codec = _codec(encoding)
        if mark and not codec.startswith("utf"):
            raise Invalid(
                f"{name} begins with the mark of {mark[2]}, so it is not {codec}. "
                "Leave --encoding out"
            )
        shown = "UTF-8" if codec in ("utf-8", "utf-8-sig") else codec
    elif mark:
        _, codec, shown = mark
    else:
        codec, shown = "utf-8", "UTF-8"
        _refuse_unmarked_utf16(data, name)

    try:
        text = data.decode(codec)
        # Some codecs let half a character pass, which nothing after this could store.
        text.encode()
    except UnicodeDecodeError as error:
        hint = "Name another --encoding"
        if encoding is None and mark is None:
            hint = "Give --encoding; for a file from Windows it is often cp1252"
        byte = error.object[error.start]
        line = data.count(b"\n", 0, error.start) + 1
        raise Invalid(
            f"{name} line {line}: byte 0x{byte:02x} at byte offset {error.start} "
            f"is not {shown}. {hint}"
        ) from None
    except UnicodeError:
        raise Invalid(f"{name} cannot be read as {shown}. Name another --encoding") from None
    return text.removeprefix("\ufeff"), shown


def _codec(encoding: str) -> str:
    try:
        codec = codecs.lookup(encoding).name
        "".encode(codec)  # refuses the codecs that are not about text, such as hex
    except (LookupError, ValueError):
        raise UsageError(
            f"--encoding {quoted(encoding)} is not known. Common ones are utf-8, cp1252, utf-16"
        ) from None
    return codec


def _refuse_unmarked_utf16(data: bytes, name: str) -> None:
    # Text in UTF-16 without its mark is mostly valid UTF-8 with NULs in it. A NUL in the
    # first line tells; one further down is a fault of its row.
    first_line = data.lstrip(b"\r\n\0 ").partition(b"\n")[0]
    if b"\0" in first_line:
        offset = data.index(b"\0")
        codec = "utf-16-le" if offset % 2 else "utf-16-be"
        raise Invalid(
            f"{name}: NUL at byte offset {offset}. If this is UTF-16 without its mark, "
            f"give --encoding {codec}"
        )


def _kind_of_text(text: str, name: str) -> Kind:
    """Tell what a file holds whose name does not say it."""
    start = text.lstrip()
    if start.startswith("["):
        return "json"
    if start.startswith("{"):
        from acctcli.interop.jsonfile import is_jsonl

        return "jsonl" if is_jsonl(text) else "json"

    from acctcli.csvtext import DELIMITER_NAMES

    if not start or any(delimiter in start.partition("\n")[0] for delimiter in DELIMITER_NAMES):
        return "csv"
    raise UsageError(
        f"{name} is neither CSV nor JSON by its name or its content. Give --delimiter if it is CSV"
    )
