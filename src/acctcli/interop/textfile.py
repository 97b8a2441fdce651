"""A file of text that is read part by part, and as often as needed.

An import looks at its rows more than once, and a file may be larger than memory. So bytes
stay where they are; what cannot be read twice (a pipe) is first copied into a private
temporary file. Encodings are found out and checked here. What the text means is for the
formats to know.
"""

from __future__ import annotations

import codecs
import io
import os
import shutil
import stat
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from acctcli.errors import Conflict, Invalid, NotFound, StorageError, UsageError
from acctcli.text import quoted

LONGEST = 16 * 1024 * 1024
"""Characters of one row or record. More is a quotation mark left open, or no table at all."""

_PART = 256 * 1024  # bytes read at once
_HEAD = 1024 * 1024  # bytes that are looked at to find out what a file is

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


class TextFile:
    """The text of an open file; `name` is what messages call it.

    `encoding` is a name to show that Python takes as well.
    """

    def __init__(self, file: BinaryIO, name: str, encoding: str | None = None) -> None:
        self.name = name
        self._file = file
        # The passes over the file end at different places: it is closed with the last of them.
        weakref.finalize(self, file.close)
        head = self._read(0, _HEAD)
        if head.startswith(_NOT_TEXT):
            raise UsageError(f"{name} is not a text file. Save it as CSV and import that")
        self._codec, self.encoding, self._advice = _codec_of(head, name, encoding)
        self._state = self._as_it_is()

    def parts(self) -> Iterator[str]:
        """The text from its beginning. Raises `Invalid`, with the place, where it is none."""
        decoder = codecs.getincrementaldecoder(self._codec)()
        at = 0
        first = True
        while True:
            data = self._read(at, _PART)
            try:
                text = decoder.decode(data, not data)
                # Some codecs let half a character pass, which nothing after this could store.
                text.encode()
            except UnicodeDecodeError as error:
                before = at - (len(error.object) - len(data))  # of a character begun earlier
                raise self._not_text(before + error.start, error.object[error.start]) from None
            except UnicodeError:
                raise Invalid(
                    f"{self.name} cannot be read as {self.encoding}. Name another --encoding"
                ) from None
            if first and text:
                text = text.removeprefix("\ufeff")
                first = False
            if text:
                yield text
            if not data:
                return
            at += len(data)

    def lines(self, *, only_lf: bool = False) -> Iterator[str]:
        r"""The lines with their ends: LF, CR or CR LF; with `only_lf`, no other ends one.

        Raises `Invalid` for a line that is longer than any row.
        """
        number = 0
        pending = ""
        ends = "\n" if only_lf else ""
        for part in self.parts():
            pending += part
            # A CR at the very end may be the first half of an end of line.
            last = pending.rfind("\n")
            if not only_lf:
                last = max(last, pending.rfind("\r", 0, len(pending) - 1))
            if last >= 0:
                for line in io.StringIO(pending[: last + 1], newline=ends):
                    number += 1
                    yield line
                pending = pending[last + 1 :]
            if len(pending) > LONGEST:
                raise too_long(self.name, number + 1)
        yield from io.StringIO(pending, newline=ends)

    def refuse_if_changed(self) -> None:
        """Raise `Conflict` if another program has written to the file since it was opened."""
        if self._as_it_is() != self._state:
            raise Conflict(f"{self.name} was changed while it was read. Import it again")

    def _as_it_is(self) -> tuple[int, int] | None:
        try:
            found = os.fstat(self._file.fileno())
        except OSError:  # bytes in memory
            return None
        return found.st_size, found.st_mtime_ns

    def _read(self, at: int, size: int) -> bytes:
        try:
            self._file.seek(at)
            return self._file.read(size)
        except OSError as error:
            raise StorageError(f"{self.name} cannot be read: {error.strerror}") from None

    def _not_text(self, offset: int, byte: int) -> Invalid:
        line = 1
        for at in range(0, offset, _PART):
            line += self._read(at, min(_PART, offset - at)).count(b"\n")
        return Invalid(
            f"{self.name} line {line}: byte 0x{byte:02x} at byte offset {offset} "
            f"is not {self.encoding}. {self._advice}"
        )


def open_text(path: Path, name: str, encoding: str | None = None) -> TextFile:
    """The text of a file. Raises `NotFound` and `StorageError` where it cannot be opened."""
    if path.is_dir():
        raise NotFound(f"{name} is a folder. Name a file in it")
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise NotFound(f"no file {name}. Check the name and the folder") from None
    except OSError as error:
        raise StorageError(f"{name} cannot be read: {error.strerror}") from None
    mode = os.fstat(file.fileno()).st_mode
    if (stat.S_ISCHR(mode) or stat.S_ISBLK(mode)) and not file.isatty():
        file.close()
        raise Invalid(f"{name} is a device, which may have no end. Name a file")
    if not file.seekable():
        with file:
            return stream_text(file, name, encoding)
    return TextFile(file, name, encoding)


def stream_text(stream: BinaryIO, name: str, encoding: str | None = None) -> TextFile:
    """The text of what comes through a pipe, kept in a file (0600) that has no name."""
    kept = tempfile.TemporaryFile()  # noqa: SIM115 - it is closed with its text
    try:
        shutil.copyfileobj(stream, kept, _PART)
    except OSError as error:
        kept.close()
        raise StorageError(
            f"{name} cannot be kept in {tempfile.gettempdir()} for reading: {error.strerror}"
        ) from None
    return TextFile(kept, name, encoding)


def too_long(name: str, line: int) -> Invalid:
    """The refusal of a row that has no end in sight."""
    return Invalid(
        f"{name} line {line}: a row of more than {LONGEST:,} characters begins here. "
        "Close its quotation mark, or take the row out"
    )


def _codec_of(head: bytes, name: str, encoding: str | None) -> tuple[str, str, str]:
    """The codec of a file, what it is called, and what to advise where it does not fit."""
    mark = next((found for found in _MARKS if head.startswith(found[0])), None)
    if encoding is not None:
        codec = _codec(encoding)
        if mark and not codec.startswith("utf"):
            raise Invalid(
                f"{name} begins with the mark of {mark[2]}, so it is not {codec}. "
                "Leave --encoding out"
            )
        shown = "UTF-8" if codec in ("utf-8", "utf-8-sig") else codec
        return codec, shown, "Name another --encoding"
    if mark:
        return mark[1], mark[2], "Name another --encoding"
    _refuse_unmarked_utf16(head, name)
    return "utf-8", "UTF-8", "Give --encoding; for a file from Windows it is often cp1252"


def _codec(encoding: str) -> str:
    try:
        codec = codecs.lookup(encoding)
        "".encode(codec.name)  # refuses the codecs that are not about text, such as hex
        if codec.incrementaldecoder is None:
            raise LookupError
    except (LookupError, ValueError):
        raise UsageError(
            f"unknown --encoding {quoted(encoding)} (use one such as utf-8, cp1252 or utf-16)"
        ) from None
    return codec.name


def _refuse_unmarked_utf16(head: bytes, name: str) -> None:
    # Text in UTF-16 without its mark is mostly valid UTF-8 with NULs in it. A NUL in the
    # first line tells; one further down is a fault of its row.
    first_line = head.lstrip(b"\r\n\0 ").partition(b"\n")[0]
    if b"\0" in first_line:
        offset = head.index(b"\0")
        codec = "utf-16-le" if offset % 2 else "utf-16-be"
        raise Invalid(
            f"{name}: NUL at byte offset {offset}. If this is UTF-16 without its mark, "
            f"give --encoding {codec}"
        )
