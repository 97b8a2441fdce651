"""JSON and JSON Lines: text → rows.

A file is one array of objects, one object with such an array in it, or one object a line.
Numbers with a point or an exponent stay the digits that were typed, so that an amount never
passes through a binary float. Rows keep what `tables.Row` says and nothing deeper.
"""

from __future__ import annotations

import json
from collections import Counter

from acctcli.errors import Invalid
from acctcli.interop.tables import BadRow, Row, Table, cell_text
from acctcli.text import quoted

# Python refuses to read integers of thousands of digits; no field of ours has 40.
_LONGEST_INTEGER = 40


def read_json(text: str, *, name: str, encoding: str = "UTF-8") -> Table:
    """Read an array of objects, or the only array in an object.

    `Row.line` is the place in the array, from 1. Raises `Invalid` for text that is not JSON
    and for every other shape.
    """
    top = _parse(text, name, 1)
    notes = []
    if isinstance(top, dict):
        _refuse_repeated(top, name)
        holder = _holder(top)
        if holder is None:
            raise Invalid(
                f"{name}: an object, and not one that holds just one array of objects. "
                "Write the objects in [ ]"
            )
        notes.append(f"the array {quoted(holder)} was read")
        top = top[holder]
    if not isinstance(top, list):
        raise Invalid(f"{name}: a single value. Write objects in [ ]")
    items = [(place, f"item {place}", item) for place, item in enumerate(top, start=1)]
    return _table(items, name, encoding, notes)


def read_jsonl(text: str, *, name: str, encoding: str = "UTF-8") -> Table:
    """Read one object a line; empty lines are left out.

    Raises `Invalid`, with line and column, for a line that is not a JSON object.
    """
    # Only a line feed ends a line: JSON allows the other separators inside a text.
    lines = enumerate(text.split("\n"), start=1)
    items = [(at, f"line {at}", _parse(line, name, at)) for at, line in lines if line.strip()]
    return _table(items, name, encoding, [])


def is_jsonl(text: str) -> bool:
    """Whether text that begins with `{` is objects line by line rather than one document."""
    first, _, rest = text.strip().partition("\n")
    try:
        value = json.loads(first, parse_int=str)
    except (ValueError, RecursionError):
        return False
    return bool(rest) or not isinstance(value, dict) or _holder(value) is None


def _holder(top: dict[str, object]) -> str | None:
    """The key of the array of rows in an object around it.

    An empty array beside other keys does not count: it is rather a record without tags.
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
    """`NaN`, `Infinity` or `-Infinity`: Python reads them, JSON does not know them."""

    __slots__ = ()


def _object(pairs: list[tuple[str, object]]) -> _Object:
    made = _Object(pairs)
    if len(made) < len(pairs):
        made.repeated = Counter(key for key, _ in pairs).most_common(1)[0][0]
    return made


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else digits


def _parse(text: str, name: str, line: int) -> object:
    """Read one JSON value that begins on `line` of the file."""
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=str,
            parse_constant=_NoNumber,
        )
    except json.JSONDecodeError as error:
        where = f"{name} line {line - 1 + error.lineno} column {error.colno}"
        hint = ". In .jsonl, each object has its line" if error.msg == "Extra data" else ""
        raise Invalid(f"{where}: not JSON ({error.msg}){hint}") from None
    except RecursionError:
        raise _too_deep(f"{name} line {line}") from None


def _too_deep(where: str) -> Invalid:
    return Invalid(f"{where}: brackets nested too deeply. Records are flat")


def _table(
    items: list[tuple[int, str, object]], name: str, encoding: str, notes: list[str]
) -> Table:
    """Make rows of the parsed values; each comes with its number and what to call its place."""
    records: list[tuple[int, str, _Object]] = []
    columns: dict[str, None] = {}
    for number, place, item in items:
        if not isinstance(item, _Object):
            raise Invalid(f"{name} {place}: not an object. Write it in {{ }}")
        _refuse_repeated(item, f"{name} {place}")
        if any(not key.strip() or _is_unfit(key) for key in item):
            raise Invalid(f"{name} {place}: a key that is empty or broken. Name it")
        columns.update(dict.fromkeys(item))
        records.append((number, place, item))

    rows: list[Row] = []
    bad: list[BadRow] = []
    for number, place, item in records:
        reasons = [f"{quoted(key)} {why}" for key, value in item.items() if (why := _fault(value))]
        if reasons:
            try:
                cells = [_shown(item.get(column)) for column in columns]
            except RecursionError:  # what could just be read may be too deep to be written
                raise _too_deep(f"{name} {place}") from None
            bad.append(BadRow(number, "; ".join(reasons), cells, None))
        else:
            rows.append(Row(number, dict(item)))
    return Table(list(columns), rows, encoding, None, notes, bad)


def _refuse_repeated(item: dict[str, object], where: str) -> None:
    if isinstance(item, _Object) and item.repeated is not None:
        raise Invalid(f"{where}: the key {quoted(item.repeated)} is there twice. Keep one")


def _fault(value: object) -> str:
    """What keeps a value from being a cell, or nothing."""
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
    """Whether an escape (backslash, u) has put in what no file and no database can keep."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return "\0" in text


def _shown(value: object) -> str:
    shown = cell_text(value)
    return json.dumps(shown) if _is_unfit(shown) else shown
