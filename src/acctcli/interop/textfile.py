"""A text file that is read in parts, and as often as needed.

An import reads its rows more than once, and a file may be larger than memory. So bytes stay in the
file; a pipe, which cannot be read twice, is first copied into a private temporary file. Encodings
are detected and checked here. The formats know what the text means.
"""

from __future__ import annotations

import codecs
import copy
import io
import os
import shutil
import stat
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from acctcli import bookheader
from acctcli.errors import Conflict, Invalid, NotFound, StorageError, UsageError
from acctcli.text import quoted

LONGEST = 16 * 1024 * 1024
"""Characters of a row or record. A longer one is an unclosed quotation mark, or no table."""

_PART = 256 * 1024  # bytes read at a time
_HEAD = 1024 * 1024  # bytes that are used to detect the encoding

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)

# The first bytes of files that are often taken for a table: a workbook (a zip file), an old
# workbook, a PDF.
_NOT_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-")


# DATEV's format is that of Windows; programs that imitate it write UTF-8 too.
_DATEV = (b'"EXTF";', b"EXTF;", b'"DTVF";', b"DTVF;")


class TextFile:
    """The text of an open file; `name` is what messages call it.

    `encoding` is a name to show, which Python accepts too.
    """

    def __init__(self, file: BinaryIO, name: str, encoding: str | None = None) -> None:
        self.name = name
        self._file = file
        # Several readers may use the file: it is closed with the last of them.
        weakref.finalize(self, file.close)
        head = self._read(0, _HEAD)
        if head.startswith(_NOT_TEXT):
            raise UsageError(f"{name} is not a text file. Save it as CSV and import that")
        self._codec, self.encoding, self._advice = _codec_of(head, name, encoding)
        self._state = self._as_it_is()
        self._whole: TextFile | None = None

    def by_bytes(self) -> TextFile:
        """Return the same file with one character per byte, if its lines name their encodings.

        A file with the mark of an encoding stays as it is.
        """
        if self._codec != "utf-8" or self._read(0, 3) == codecs.BOM_UTF8:
            return self
        other = copy.copy(self)
        other._codec = "latin-1"
        other._whole = self  # whose end closes the file
        return other

    def parts(self) -> Iterator[str]:
        """Yield the text from its start. Raises `Invalid`, with the place, for other bytes."""
        decoder = codecs.getincrementaldecoder(self._codec)()
        at = 0
        first = True
        while True:
            data = self._read(at, _PART)
            try:
                text = decoder.decode(data, not data)
                # Some codecs accept half a character, which nothing after this could store.
                text.encode()
            except UnicodeDecodeError as error:
                before = at - (len(error.object) - len(data))  # of a character that began earlier
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
        r"""Yield the lines with their ends: LF, CR or CR LF; with `only_lf`, only LF ends a line.

        Raises `Invalid` for a line that is longer than any row may be.
        """
        number = 0
        pending = ""
        ends = "\n" if only_lf else ""
        for part in self.parts():
            pending += part
            # A CR at the very end may be the first half of a line end.
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
    """Open a file of text. Raises `NotFound` and `StorageError` if it cannot be opened."""
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
    """Read text from a pipe into a nameless file (0600)."""
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
    """Return the error for a row without an end."""
    return Invalid(
        f"{name} line {line}: a row of more than {LONGEST:,} characters begins here. "
        "Close its quotation mark, or take the row out"
    )


def _codec_of(head: bytes, name: str, encoding: str | None) -> tuple[str, str, str]:
    """Return the codec of a file, its name to show, and the advice if it does not fit."""
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
    if head.startswith(_DATEV) and not _is_utf8(head):
        return "cp1252", "cp1252", "Name another --encoding"
    _refuse_database(head, name)
    _refuse_unmarked_utf16(head, name)
    return "utf-8", "UTF-8", "Give --encoding; for a file from Windows it is often cp1252"


def _is_utf8(head: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _codec(encoding: str) -> str:
    try:
        codec = codecs.lookup(encoding)
        "".encode(codec.name)  # refuses codecs that are not for text, such as hex
        if codec.incrementaldecoder is None:
            raise LookupError
    except (LookupError, ValueError):
        raise UsageError(
            f"unknown --encoding {quoted(encoding)} (use one such as utf-8, cp1252 or utf-16)"
        ) from None
    return codec.name


def _refuse_database(head: bytes, name: str) -> None:
    """Refuse SQLite files, and say of a book how its accounts are brought in."""
    if bookheader.is_ours(head):
        raise Invalid(
            f"{name} is a book of acct. To bring in accounts of it, hand them over there: "
            "acct account handover, with --pack"
        )
    if head.startswith(bookheader.MAGIC):
        raise Invalid(f"{name} is a database. Export its tables as CSV, and import those")


def _refuse_unmarked_utf16(head: bytes, name: str) -> None:
    # UTF-16 text without a mark is mostly valid UTF-8 with NULs in it. A NUL in the first line
    # shows that; one further down is an error of its row.
    first_line = head.lstrip(b"\r\n\0 ").partition(b"\n")[0]
    if b"\0" in first_line:
        offset = head.index(b"\0")
        codec = "utf-16-le" if offset % 2 else "utf-16-be"
        raise Invalid(
            f"{name}: NUL at byte offset {offset}. If this is UTF-16 without its mark, "
            f"give --encoding {codec}"
        )
