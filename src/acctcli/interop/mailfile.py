"""Files of mail: one message (`.eml`), an mbox, or a folder (Maildir, or `.eml` files).

Messages are read one by one from where they are, never all at once and never completely: what an
attachment holds is left out while reading, so that a message of any size takes little memory.
`mailmessage` knows what a message says.

The standard library's `mailbox` opens an mbox for writing, takes every line that begins with
"From " for a new message, and reads a message as a whole. So the places of the messages are found
here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from acctcli.errors import Invalid, NotFound, StorageError
from acctcli.frozen import Frozen
from acctcli.text import plural, safe, sentence_list

SMALL = 256 * 1024
"""Bytes of a message that is read as it is."""

LARGEST_PART = 256 * 1024
"""Bytes of a header or part that are read; a longer one is an attachment, or no text."""

LARGEST = 4 * 1024 * 1024
"""Bytes of a message that are read, without what is left out of its parts."""

_BLOCK = 1024 * 1024
_LINE = 64 * 1024

# `From mei@greentech.sg Mon Nov  2 10:12:11 2026`; some programs write a dash or a number.
_ENVELOPE = rb"From [^\n]*\d\d:\d\d[^\n]*\d{4}[^\n]*\n"
_BETWEEN = re.compile(rb"\n\r?\n(?=" + _ENVELOPE + rb")")
_FIRST = re.compile(_ENVELOPE)
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)

_UNSENT_FLAGS = frozenset("DT")
"""Maildir's flags of drafts and of messages in the trash."""


class MailFile(Frozen):
    """The messages of a file or folder; `form` is what it is called: mbox, Maildir or message.

    `open_messages` yields, for each message, a function that reads it, and whether its place says
    that it is a draft or was deleted. `notes` are findings about the folder.
    """

    name: str
    form: str
    count: int
    open_messages: Callable[[], Iterator[tuple[Callable[[], bytes], bool]]]
    notes: tuple[str, ...] = ()


def is_mail(path: Path) -> bool:
    """Whether a file or folder holds mail, by its name or by how it begins."""
    if path.is_dir():
        return _is_maildir(path) or _mbox_within(path) is not None or bool(_messages_in(path))
    if path.suffix.lower() in (".eml", ".mbox"):
        return True
    if path.suffix.lower() in (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".xlsx", ".xlsm"):
        return False
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return _FIRST.match(file.read(1000)) is not None
    except OSError:
        return False  # reading it says what is wrong


def read_mail(path: Path) -> MailFile:
    """Find the messages of a file or folder.

    Raises `NotFound` and `StorageError` if it cannot be opened, and `Invalid` for a file that is
    no mail.
    """
    name = safe(path.name or str(path))
    if path.is_dir():
        within = _mbox_within(path)
        if within is not None:
            return _read_mbox(within, name)
        if _is_maildir(path):
            return _read_maildir(path, name)
        found = _messages_in(path)
        return MailFile(
            *(name, "folder", len(found)),
            lambda: _of_files([(one, False) for one in found]),
            _others(path, len(found)),
        )
    with _open(path, name) as file:
        first = _FIRST.match(_head(file, name, 4096))
    if path.suffix.lower() == ".eml":
        return MailFile(name, "message", 1, lambda: _of_files([(path, False)]))
    if first is None and path.stat().st_size:
        raise Invalid(
            f"{name} is not an mbox: its first line is not like "
            "From mei@greentech.sg Mon Nov 2 10:12:11 2026. If it is one message, name it .eml"
        )
    return _read_mbox(path, name)


# Places


def _is_maildir(path: Path) -> bool:
    return (path / "cur").is_dir() and (path / "new").is_dir()


def _mbox_within(path: Path) -> Path | None:
    """Return the mbox of a folder in which Apple Mail exports it."""
    mbox = path / "mbox"
    return mbox if path.suffix.lower() == ".mbox" and mbox.is_file() else None


def _messages_in(path: Path) -> list[Path]:
    """Return the messages in a folder; none if it holds tables, too: then it is an export."""
    try:
        found = sorted(one for one in path.iterdir() if not one.name.startswith("."))
    except OSError:
        return []
    suffixes = {one.suffix.lower() for one in found}
    if not suffixes.isdisjoint((".csv", ".json", ".jsonl")):
        return []
    return [one for one in found if one.suffix.lower() == ".eml"]


def _others(path: Path, messages: int) -> tuple[str, ...]:
    """Return what else is in a folder of messages, as a note."""
    count = sum(not one.name.startswith(".") for one in path.iterdir()) - messages
    verb = "is" if count == 1 else "are"
    others = plural(count, "other file or folder", "other files and folders")
    return (f"{others} in it {verb} not read",) if count else ()


def _read_maildir(path: Path, name: str) -> MailFile:
    try:
        found = [
            one
            for part in ("cur", "new")
            for one in (path / part).iterdir()
            if not one.name.startswith(".") and one.is_file()
        ]
        folders = sorted(
            one.name for one in path.iterdir() if one.name.startswith(".") and _is_maildir(one)
        )
    except OSError as error:
        raise _unreadable(name, error) from None
    found.sort(key=lambda one: one.name)
    notes = []
    if folders:
        listed = sentence_list([safe(folder) for folder in folders], 5)
        notes.append(
            f"{plural(len(folders), 'folder')} in it {'is' if len(folders) == 1 else 'are'} not "
            f"read: {listed}. Import each by its path"
        )
    places = [(one, _is_unsent(one.name)) for one in found]
    return MailFile(name, "Maildir", len(found), lambda: _of_files(places), tuple(notes))


def _is_unsent(name: str) -> bool:
    return ":2," in name and not _UNSENT_FLAGS.isdisjoint(name.rpartition(":2,")[2])


def _of_files(places: list[tuple[Path, bool]]) -> Iterator[tuple[Callable[[], bytes], bool]]:
    for path, unsent in places:
        yield partial(_read_file, path), unsent


def _read_file(path: Path) -> bytes:
    name = safe(path.name)
    with _open(path, name) as file:
        try:
            data = _bounded(file, path.stat().st_size)
        except OSError as error:
            raise _unreadable(name, error) from None
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    first = _FIRST.match(data)
    return data[first.end() :] if first else data


def _read_mbox(path: Path, name: str) -> MailFile:
    with _open(path, name) as file:
        try:
            places = _places(file)
        except OSError as error:
            raise _unreadable(name, error) from None
    size = path.stat().st_size

    def open_messages() -> Iterator[tuple[Callable[[], bytes], bool]]:
        with _open(path, name) as file:
            for start, end in pairwise((*places, size)):
                yield partial(_message_at, file, start, end, name), False

    return MailFile(name, "mbox", len(places), open_messages)


def _places(file: BinaryIO) -> list[int]:
    """Return where the messages of an mbox begin."""
    found = []
    at = 0
    tail = b""
    while block := file.read(_BLOCK):
        if not at and not tail and _FIRST.match(block):
            found.append(0)
        text = tail + block
        for match in _BETWEEN.finditer(text):
            place = at + match.end()
            if not found or place > found[-1]:
                found.append(place)
        # A separator may go on in the next block.
        kept = text[-_LINE // 16 :]
        at += len(text) - len(kept)
        tail = kept
    return found


def _message_at(file: BinaryIO, start: int, end: int, name: str) -> bytes:
    try:
        file.seek(start)
        first = file.readline(_LINE)
        data = _bounded(file, end - start - len(first))
    except OSError as error:
        raise _unreadable(name, error) from None
    return _QUOTED_FROM.sub(rb"\1", data)


# Reading


def _bounded(file: BinaryIO, size: int) -> bytes:
    """Read a message of `size` bytes, without most of what its large parts hold."""
    if size <= SMALL:
        return file.read(size)
    kept: list[bytes] = []
    total = of_part = 0
    in_header = whole = True
    left = size
    while left > 0 and (line := file.readline(min(left, _LINE))):
        left -= len(line)
        if whole and in_header:
            if not line.strip(b"\r\n"):
                in_header, of_part = False, 0
            elif not line[:1].isspace():
                of_part = 0
        elif whole and line.startswith(b"--"):
            of_part = 0
        whole = line.endswith(b"\n")
        of_part += len(line)
        if of_part <= LARGEST_PART and total <= LARGEST:
            kept.append(line)
            total += len(line)
        elif kept and not kept[-1].endswith(b"\n"):
            kept[-1] += b"\n"
    return b"".join(kept)


def _open(path: Path, name: str) -> BinaryIO:
    try:
        if path.exists() and not path.is_file():
            raise Invalid(f"{name} is not a file. Name a file of mail, or a folder")
        return path.open("rb")
    except FileNotFoundError:
        raise NotFound(f"no file {name}. Check the name and the folder") from None
    except OSError as error:
        raise _unreadable(name, error) from None


def _head(file: BinaryIO, name: str, size: int) -> bytes:
    try:
        return file.read(size)
    except OSError as error:
        raise _unreadable(name, error) from None


def _unreadable(name: str, error: OSError) -> StorageError:
    return StorageError(f"{name} cannot be read: {error.strerror}")
