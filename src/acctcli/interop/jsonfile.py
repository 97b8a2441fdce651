"""JSON and JSON Lines: text → rows.

A file is one array of objects, one object that contains such an array, or one object per line.
Numbers with a point or an exponent stay the digits in the file, so that an amount never becomes a
binary float. Rows hold what `rows.FileRow` says and nothing deeper.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from acctcli.errors import Invalid
from acctcli.interop.rows import BadRow, FileRow, FileTable, cell_text
from acctcli.interop.textfile import LONGEST, TextFile, too_long
from acctcli.text import quoted

# Python refuses to read integers of thousands of digits; no field of ours has 40.
_LONGEST_INTEGER = 40

_Item = tuple[int, str, object]  # its number, what to call its place, and what it is


def read_json(text: TextFile) -> FileTable:
    """Read an array of objects, or the only array in an object.

    `FileRow.line` is the position in the array, from 1. Raises `Invalid` for text that is not JSON
    and for any other structure.
    """
    document = _Document(text)
    survey = _Survey(document.items(), text.name)
    notes = []
    if document.holder is not None:
        notes.append(f"the array {quoted(document.holder)} was read")
    return _table(text, survey, lambda: _Document(text, document.holder).items(), notes)


def read_jsonl(text: TextFile) -> FileTable:
    """Read one object per line, skipping empty lines.

    Raises `Invalid`, with line and column, for a line that is not a JSON object.
    """

    def items() -> Iterator[_Item]:
        # Only a line feed ends a line: JSON allows other separators inside texts.
        for at, line in enumerate(text.lines(only_lf=True), start=1):
            if line.strip():
                yield at, f"line {at}", _parse(line, text.name, at)

    return _table(text, _Survey(items(), text.name), items, [])


def is_jsonl(text: TextFile) -> bool:
    """Whether text that begins with `{` has one object per line and is not a single document."""
    lines = (line for line in text.lines(only_lf=True) if line.strip())
    try:
        value = json.loads(next(lines, ""), parse_int=str)
    except (ValueError, RecursionError):
        return False
    return bool(next(lines, "")) or not isinstance(value, dict) or _holder(value) is None


def _holder(top: dict[str, object]) -> str | None:
    """Return the key of the array of rows in an object around it.

    An empty array next to other keys does not count: the object is more likely a record without
    tags.
    """
    arrays = [(key, value) for key, value in top.items() if isinstance(value, list)]
    if len(arrays) != 1:
        return None
    key, items = arrays[0]
    of_objects = all(isinstance(item, dict) for item in items)
    return key if of_objects and (items or len(top) == 1) else None


class _Object(dict[str, object]):
    """An object of the file; `repeated` is a key that it has twice."""

    repeated: str | None = None


class _NoNumber(str):
    """`NaN`, `Infinity` or `-Infinity`: Python reads them, but JSON does not have them."""

    __slots__ = ()


def _object(pairs: list[tuple[str, object]]) -> _Object:
    made = _Object(pairs)
    if len(made) < len(pairs):
        made.repeated = Counter(key for key, _ in pairs).most_common(1)[0][0]
    return made


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else digits


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=str, parse_constant=_NoNumber
)


def _parse(text: str, name: str, line: int) -> object:
    """Read the JSON value of one line of the file."""
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _not_json(name, line - 1 + error.lineno, error.colno, error.msg) from None
    except RecursionError:
        raise _too_deep(f"{name} line {line}") from None


def _not_json(name: str, line: int, column: int, what: str) -> Invalid:
    hint = ". In .jsonl, each object has its line" if what == "Extra data" else ""
    return Invalid(f"{name} line {line} column {column}: not JSON ({what}){hint}")


def _too_deep(where: str) -> Invalid:
    return Invalid(f"{where}: brackets nested too deeply. Records are flat")


class _Document:
    """One JSON document, read item by item: only the current item is in memory.

    `holder` is the key of the array of items, if there is an object around it. The first walk over
    the document finds it, and it can be passed to the next.
    """

    def __init__(self, text: TextFile, holder: str | None = None) -> None:
        self.holder = holder
        self._name = text.name
        self._parts = text.parts()
        self._text = ""
        self._at = 0
        self._done = False  # the whole file is in `_text`
        self._line = 1  # the line at which `_text` begins, and how much of that line is before it
        self._column = 0

    def items(self) -> Iterator[_Item]:
        """Yield the items of the array of rows, each with its number and a name for its place."""
        match self._next():
            case "[":
                yield from self._array()
                self._end()
            case "{":
                yield from self._object()
            case _:
                self._value()
                self._end()
                raise Invalid(f"{self._name}: a single value. Write objects in [ ]")

    def _object(self) -> Iterator[_Item]:
        known = self.holder
        keys: Counter[str] = Counter()
        arrays = filled = 0
        fitting = True
        self._at += 1
        more = self._next() != "}"
        while more:
            if self._next() != '"':
                raise self._error("Expecting property name enclosed in double quotes")
            key = str(self._value())
            keys[key] += 1
            self._step(":", "Expecting ':' delimiter")
            if self._next() != "[":
                self._value()
            elif known is not None and key != known:
                for _ in self._array():
                    pass
            else:
                arrays += 1
                for item in self._array():
                    filled += 1
                    fitting = fitting and isinstance(item[2], _Object)
                    if fitting and arrays == 1:
                        yield item
                self.holder = key
            more = self._step(",}", "Expecting ',' delimiter") == ","
        if not keys:
            self._at += 1
        self._end()
        repeated, times = keys.most_common(1)[0] if keys else ("", 0)
        if times > 1:
            raise _twice(self._name, repeated)
        if arrays != 1 or not fitting or not (filled or len(keys) == 1):
            raise Invalid(
                f"{self._name}: an object, and not one that holds just one array of objects. "
                "Write the objects in [ ]"
            )

    def _array(self) -> Iterator[_Item]:
        self._at += 1
        if self._next() == "]":
            self._at += 1
            return
        number = 0
        while True:
            number += 1
            yield number, f"item {number}", self._value()
            if self._step(",]", "Expecting ',' delimiter") == "]":
                return

    def _value(self) -> object:
        """Read the value that begins here, to its end."""
        self._next()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                # For a value that is cut off, the error is at its end, or in an unclosed text.
                cut_off = error.pos >= len(self._text) - 16 or error.msg.startswith("Unterminated")
                if self._done or not cut_off:
                    raise self._error(error.msg, error.pos) from None
            except RecursionError:
                raise _too_deep(f"{self._name} line {self._place(self._at)[0]}") from None
            else:
                if end < len(self._text) or self._done:
                    self._at = end
                    return value
            if len(self._text) - self._at > LONGEST:
                raise too_long(self._name, self._place(self._at)[0])
            # Twice as much each time, because the value is read again from its start.
            self._fill(len(self._text) - self._at)

    def _next(self) -> str:
        """Return the next character that is no space, or "" at the end."""
        while True:
            space = _SPACE.match(self._text, self._at)
            assert space is not None
            self._at = space.end()
            if self._at < len(self._text) or self._done:
                return self._text[self._at : self._at + 1]
            self._fill(1)

    def _step(self, expected: str, otherwise: str) -> str:
        """Skip the next character, which must be one of these."""
        char = self._next()
        if not char or char not in expected:
            raise self._error(otherwise)
        self._at += 1
        return char

    def _end(self) -> None:
        if self._next():
            raise self._error("Extra data")

    def _fill(self, least: int) -> None:
        """Read more of the file into the text, and drop what is done."""
        self._line, self._column = self._place(self._at, column_from=0)
        parts = [self._text[self._at :]]
        self._at = 0
        added = 0
        while added < least:
            part = next(self._parts, "")
            if not part:
                self._done = True
                break
            parts.append(part)
            added += len(part)
        self._text = "".join(parts)

    def _place(self, at: int, *, column_from: int = 1) -> tuple[int, int]:
        """Return line and column of a position in the text, for a message."""
        breaks = self._text.count("\n", 0, at)
        if breaks:
            return self._line + breaks, at - self._text.rindex("\n", 0, at) - 1 + column_from
        return self._line, self._column + at + column_from

    def _error(self, what: str, at: int | None = None) -> Invalid:
        line, column = self._place(self._at if at is None else at)
        return _not_json(self._name, line, column, what)


_SPACE = re.compile(r"[ \t\n\r]*")


class _Survey:
    """A walk over all items, which counts them and collects their columns."""

    def __init__(self, items: Iterable[_Item], name: str) -> None:
        self.columns: dict[str, None] = {}
        self.count = 0
        for _, place, item in items:
            if not isinstance(item, _Object):
                raise Invalid(f"{name} {place}: not an object. Write it in {{ }}")
            if item.repeated is not None:
                raise _twice(f"{name} {place}", item.repeated)
            if not self.columns.keys() >= item.keys():
                if any(not key.strip() or _is_unfit(key) for key in item):
                    raise Invalid(f"{name} {place}: a key that is empty or broken. Name it")
                self.columns.update(dict.fromkeys(item))
            self.count += 1


def _table(
    text: TextFile, survey: _Survey, items: Callable[[], Iterator[_Item]], notes: list[str]
) -> FileTable:
    """Make a table whose records are made from the items, anew each time."""
    columns = list(survey.columns)

    def records() -> Iterator[FileRow | BadRow]:
        for number, place, item in items():
            assert isinstance(item, _Object)
            reasons = [f"{quoted(key)} {why}" for key, v in item.items() if (why := _fault(v))]
            if not reasons:
                yield FileRow(number, dict(item))
                continue
            try:
                cells = [_shown(item.get(column)) for column in columns]
            except RecursionError:  # readable values may be nested too deeply to be written
                raise _too_deep(f"{text.name} {place}") from None
            yield BadRow(number, "; ".join(reasons), cells, None)

    return FileTable(columns, text.encoding, None, notes, survey.count, records, text)


def _twice(where: str, key: str) -> Invalid:
    return Invalid(f"{where}: the key {quoted(key)} exists twice. Keep one")


def _fault(value: object) -> str:
    """Return why a value cannot be a cell, or ""."""
    if isinstance(value, dict):
        return "holds an object"
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict | list):
            return "holds a list of more than plain values"
        if isinstance(item, _NoNumber):
            return f"is {item}, which is not a number"
        if isinstance(item, str) and _is_unfit(item):
            return "holds a NUL or half a character"
    return ""


def _is_unfit(text: str) -> bool:
    """Whether an escape (backslash, u) is a character that no file or database can store."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return "\0" in text


def _shown(value: object) -> str:
    shown = cell_text(value)
    return json.dumps(shown) if _is_unfit(shown) else shown
