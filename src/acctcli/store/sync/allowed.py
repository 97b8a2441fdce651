"""What a file of another machine may say: anything else makes it no file of changes.

A member of a shared book may set any cell of it, and nothing more. So nothing of a file reaches the
database, a file name or a screen before its form is checked. Raises `ValueError`.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping
from typing import Any

from acctcli.carriers.carrier import MOST_NUMBER, is_book, is_device
from acctcli.store.kinds import OWNED
from acctcli.store.sync.cells import BOOK, ERASED, INTO, REST, THERE, CellChange
from acctcli.values.fields import MAX_INTEGER

AHEAD = 100 * 366 * 24 * 60 * 60 * 1000
"""How far ahead of this clock a version may be, in milliseconds: no clock is so wrong.

An edit that saw another always beats it, however late that one says it is, as it is set a
millisecond later. With a fixed end, nothing could beat a version at that end.
"""

OF_PEOPLE = frozenset(
    ("contact", "custom", "external_id", *(table for table, _ in OWNED["contact"]))
)
"""Tables whose rows may be marked as those of somebody who was erased."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
_MOST_ID = 100


def moment(value: Any) -> str:
    """Return a moment (ISO, UTC), or nothing."""
    if value == "" or (isinstance(value, str) and _MOMENT.fullmatch(value)):
        return str(value)
    raise ValueError("no moment")


def words(value: Any) -> str:
    """Return a text that can be stored; stray bytes become escapes."""
    if not isinstance(value, str):
        raise ValueError("no text")
    return value.encode(errors="backslashreplace").decode().replace("\0", "\\x00")


def numbers(value: Any) -> dict[str, int]:
    """Return the last file by machine."""
    found = dict(mapping(value))
    if not all(is_device(device) and _is_number(n) for device, n in found.items()):
        raise ValueError("no numbers of files")
    return found


def _is_number(n: Any) -> bool:
    return type(n) is int and 0 <= n <= MOST_NUMBER


def change(value: Any) -> CellChange:
    """Return one change."""
    made = CellChange(*value)
    cells, replaced = made.cells, made.replaced
    sound = (
        isinstance(made.table, str)
        and _NAME.fullmatch(made.table)
        and _is_id(made.id)
        and _is_version((made.at, made.device))
        and isinstance(cells, dict)
        and isinstance(replaced, dict)
        and (made.command is None or type(made.command) is int)
        and all(_is_cell(column, cell) for column, cell in cells.items())
        and (ERASED not in cells or made.table in OF_PEOPLE)
        and all(_is_replaced(column, version) for column, version in replaced.items())
    )
    if not sound:
        raise ValueError("no change of a row")
    return made


def _is_id(value: Any) -> bool:
    if not isinstance(value, str) or not 0 < len(value) <= _MOST_ID or "\0" in value:
        return False
    return value.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in value)


def _is_version(value: Any) -> bool:
    if not isinstance(value, list | tuple) or len(value) != 2:
        return False
    at, device = value
    latest = time.time() * 1000 + AHEAD
    return type(at) is int and 0 <= at <= latest and (device == "" or is_device(device))


def _is_replaced(column: str, version: Any) -> bool:
    known = column in (REST, THERE, INTO, BOOK) or _NAME.fullmatch(column)
    return bool(known) and (version == [] or _is_version(version))


def _is_cell(column: str, value: Any) -> bool:
    match column:
        case _ if column == THERE:
            return type(value) is int and value in (0, 1)
        case _ if column == ERASED:
            return type(value) is int and value == 1
        case _ if column == BOOK:
            return value is None or (isinstance(value, str) and is_book(value))
        case _ if column == INTO or column.endswith("_id"):
            return value is None or _is_id(value)
    if not _NAME.fullmatch(column):
        return False
    match value:
        case None:
            return True
        case str():
            return value.isascii() or bool(value.encode(errors="surrogateescape"))
        case bool():
            return False
        case int():
            return -MAX_INTEGER - 1 <= value <= MAX_INTEGER
        case float():
            return math.isfinite(value)
    return False


def mapping(value: Any) -> Mapping[str, Any]:
    """Return an object of JSON."""
    if not isinstance(value, dict):
        raise ValueError("no object")
    return value
