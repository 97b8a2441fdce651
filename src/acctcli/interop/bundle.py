"""Bundles (`.acct`): JSON Lines that one book writes and another takes in, with a checksum.

The first line is the head: what the file is, its version, and who wrote it for whom. The last line
counts the others and has the SHA-256 of every byte before it, so that a bundle that was cut off or
changed is refused before any of it is used. Between them are objects that only the book knows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from acctcli import files, text
from acctcli.errors import Invalid, NotFound, StorageError

SUFFIX = ".acct"

FORMAT = 1
"""The version of the format: readers refuse a later one."""

MOST = 8 << 20
"""The most bytes of a line. A text of the book has at most one MiB; the history keeps two of it."""

_AGAIN = "Ask for it again, or copy it again"


def parts(head: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the text of a bundle in parts, the last line with its count and checksum."""
    found = hashlib.sha256()
    count = -1  # the first line is not counted
    for one in chain([{"acct": "bundle", "format": FORMAT, **head}], lines):
        line = _written(one)
        found.update(line.encode())
        count += 1
        yield line
    yield _last(count, found.hexdigest())


def _written(line: Mapping[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"


def _last(count: int, sum: str) -> str:
    return _written({"end": {"lines": count, "sha256": sum}})


def is_bundle(path: Path) -> bool:
    """Whether a file is meant as a bundle: by its name, or by how it begins."""
    if path.suffix.lower() == SUFFIX:
        return True
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(_MARK)) == _MARK
    except OSError:
        return False  # the one who reads it says why


_MARK = b'{"acct":"bundle"'


class BundleFile:
    """A bundle that was read to its end and has the checksum that it names.

    `head` is the first line, `sum` the checksum.
    """

    def __init__(self, path: Path) -> None:
        """Read the whole file once, keeping nothing of it.

        Raises `NotFound`, `StorageError`, or `Invalid` for a file that is not a whole bundle.
        """
        self.path = path
        self.name = text.safe(path.name)
        self.head: dict[str, Any] = {}
        self.sum = ""
        self._check()

    def lines(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield the lines between the first and the last, with their numbers, from 2 on.

        Raises `Invalid` for a line that is no object, and if the file was changed meanwhile.
        """
        found = hashlib.sha256()
        for number, line, is_last in self._raw():
            if is_last:
                break
            found.update(line)
            if number > 1:
                yield number, self._object(number, line)
        if found.hexdigest() != self.sum:
            raise Invalid(f"{self.name} was changed while it was read. {_AGAIN}")

    def refuse(self, number: int, why: str) -> Invalid:
        """Return the error for a line that cannot be used."""
        return Invalid(f"{self.name}, line {number}: {why}. Ask its sender for a new one")

    def _check(self) -> None:
        found = hashlib.sha256()
        count = 0
        whole = False
        for number, line, is_last in self._raw():
            if number == 1:
                self.head = self._head(line)
            if is_last and number > 1:
                whole = line == _last(count - 1, found.hexdigest()).encode()
                if not whole and line.startswith(b'{"end":'):
                    raise Invalid(
                        f"{self.name} was changed after it was written: its checksum does not fit. "
                        f"{_AGAIN}"
                    )
                break
            found.update(line)
            count += 1
        if not count:
            raise Invalid(f"{self.name} is empty, and no bundle. {_AGAIN}")
        if not whole:
            raise Invalid(f"{self.name} is cut off: its last line is missing. {_AGAIN}")
        self.sum = found.hexdigest()

    def _head(self, line: bytes) -> dict[str, Any]:
        strange = Invalid(
            f"{self.name} is not a bundle of acct. For a CSV, JSON or other file, give it the "
            "ending of its format"
        )
        try:
            head = json.loads(line)
        except (ValueError, RecursionError):
            raise strange from None
        if not isinstance(head, dict) or head.get("acct") != "bundle":
            raise strange
        format = head.get("format")
        if not isinstance(format, int) or isinstance(format, bool) or format < 1:
            raise strange
        if format > FORMAT:
            raise StorageError(
                f"{self.name} was written by a newer acct (format {format}; this one reads up to "
                f"{FORMAT}). Upgrade acct, and import it again"
            )
        return head

    def _object(self, number: int, line: bytes) -> dict[str, Any]:
        try:
            found = json.loads(line, parse_constant=_refused)
        except (ValueError, RecursionError):
            raise self.refuse(number, "this is not JSON") from None
        if not isinstance(found, dict):
            raise self.refuse(number, "this is not a JSON object")
        return found

    def _raw(self) -> Iterator[tuple[int, bytes, bool]]:
        """Yield the lines as bytes, with their numbers and whether nothing follows."""
        try:
            with files.open_file(self.path) as file:
                number, line = 1, file.readline(MOST + 1)
                while line:
                    if len(line) > MOST:
                        raise Invalid(f"{self.name}, line {number} is longer than {MOST:,} bytes")
                    following = file.readline(MOST + 1)
                    yield number, line, not following
                    number, line = number + 1, following
        except FileNotFoundError as error:
            raise NotFound(f"there is no file {text.safe(str(self.path))}") from error
        except OSError as error:
            raise StorageError(
                f"{text.safe(str(self.path))} cannot be read: {error.strerror or error}"
            ) from error


def _refused(word: str) -> None:
    """Refuse NaN and Infinity, which are no JSON."""
    raise ValueError(word)
