"""Facts out of rows: the columns of a SELECT are the fields of the class of its rows.

A class of facts is a `FrozenRow`. `columns` lists its fields in order, so that none can be
forgotten or swapped, and `read` makes its rows, with days and flags as the class has them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

F = TypeVar("F", bound=tuple[Any, ...])


def columns(shape: type[tuple[Any, ...]], table: str = "t", **expressions: str) -> str:
    """Return the columns of a SELECT for rows of `shape`.

    A field is the column of that name in `table`, unless `expressions` has SQL for it.
    """
    names = _fields(shape)
    unknown = expressions.keys() - set(names)
    if unknown:
        raise TypeError(f"{shape.__name__} has no field {', '.join(sorted(unknown))}")
    return ", ".join(
        f"{expressions[name]} AS {name}" if name in expressions else f"{table}.{name}"
        for name in names
    )


def read(
    con: sqlite3.Connection,
    shape: type[F],
    sql: str,
    parameters: Sequence[Any] | Mapping[str, Any] = (),
) -> list[F]:
    """Return the rows of a SELECT of the `columns` of `shape`."""
    cursor = con.execute(sql, parameters)
    make: Callable[[Any], F] = shape._make  # type: ignore[attr-defined]  # of every `FrozenRow`
    readers = _readers(shape)
    if not readers:
        return list(map(make, cursor))
    cells: list[Iterable[Any]] = list(zip(*cursor, strict=True))  # by column, and not by row
    for place, reader in readers if cells else ():
        cells[place] = map(reader, cells[place])
    return list(map(make, zip(*cells, strict=True)))


def _fields(shape: type[tuple[Any, ...]]) -> tuple[str, ...]:
    fields: tuple[str, ...] = shape._fields  # type: ignore[attr-defined]  # of every `FrozenRow`
    return fields


def _readers(shape: type[tuple[Any, ...]]) -> list[tuple[int, Callable[[Any], Any]]]:
    """Return the places of fields that SQLite has no type for, with their readers."""
    written = [
        str(getattr(note, "__forward_arg__", note)) for note in shape.__annotations__.values()
    ]
    return [(place, _READERS[type]) for place, type in enumerate(written) if type in _READERS]


def _day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "bool": bool,
    "date": _day,
    "date | None": _day,
}
"""The reader of a value, by the declared type of its field."""
