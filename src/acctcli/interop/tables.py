"""Read a file of rows, whatever its format.

Each format is a module of its own, loaded only when such a file is read; `rows` has what they are
read into.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, Literal

from acctcli.errors import Invalid, UsageError
from acctcli.interop.rows import FileTable
from acctcli.interop.textfile import TextFile, open_text, stream_text
from acctcli.text import safe

TableFormat = Literal["csv", "json", "jsonl"]
ComponentFormat = Literal["cards", "calendar"]

_KIND_OF_SUFFIX: dict[str, TableFormat] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}


_COMPONENT_OF_SUFFIX: dict[str, ComponentFormat] = {
    ".vcf": "cards",
    ".vcard": "cards",
    ".ics": "calendar",
    ".ical": "calendar",
}


def open_file(
    path: Path | Literal["-"],
    stream: BinaryIO | None = None,
    *,
    name: str,
    encoding: str | None = None,
) -> TextFile:
    """Open the text of `path`, or of `stream` if the caller has it open (stdin: `-`).

    `name` is what messages call the file. Raises `NotFound` and `StorageError` for a file that
    cannot be opened, and `UsageError` for an unknown encoding.
    """
    name = safe(name)
    return stream_text(stream, name, encoding) if stream else open_text(Path(path), name, encoding)


def components_of(text: TextFile, path: Path | Literal["-"]) -> ComponentFormat | None:
    """Return which format other than a table a file has, by its name or else its first line."""
    suffix = "" if path == "-" else path.suffix.lower()
    if suffix in _COMPONENT_OF_SUFFIX or suffix in _KIND_OF_SUFFIX:
        return _COMPONENT_OF_SUFFIX.get(suffix)
    try:
        first = next((line for line in text.by_bytes().lines() if line.strip()), "")
    except Invalid:  # a line without an end: its own reader says so
        return None
    named = first.strip().upper().removeprefix("\xef\xbb\xbf")
    begins: dict[str, ComponentFormat] = {"BEGIN:VCARD": "cards", "BEGIN:VCALENDAR": "calendar"}
    return begins.get(named)


def read_text(
    text: TextFile,
    path: Path | Literal["-"],
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    kind: TableFormat | None = None,
) -> FileTable:
    """Read a table from the text of the file `path` (stdin: `-`).

    Encoding, delimiter and kind are detected unless they are given; the kind comes from the suffix,
    else from the content.

    Raises `UsageError` for an unknown delimiter or kind of file, and `Invalid`, with the place, for
    a file that cannot be read as a whole.
    """
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
        table = table.replace(notes=[text.encoding, *table.notes])
    return table


def _kind_of_text(text: TextFile) -> TableFormat:
    """Return the format of a file whose name does not say it."""
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
