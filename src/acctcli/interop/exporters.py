"""The tables that other systems export, recognised by their columns.

`exporters.toml` has them: which columns show what a file is, and the column of each field. A file
that is none of them is matched by the words of `headers.toml`. A file may hold rows of two kinds,
such as done and open activities; then several tables share it, and each row belongs to one.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from acctcli import packaged
from acctcli.frozen import Frozen
from acctcli.interop.headers import squeezed
from acctcli.values.vocabulary import plain_word

LEAST_KNOWN = 2
"""The fewest columns by which the table of a system is found that the user names."""

_REMEMBERED = 1000

PAST = "past"
"""The condition of a column of moments: rows whose moment is over."""


class Exported(Frozen):
    """A table that a system exports.

    `columns` are alternatives for each field, and each alternative has the columns that are joined;
    all names are `squeezed`. `values` are those of every row. `rows` has the condition on the first
    column that is there of some: words, whether these are the excluded ones, or `past`. A table
    with `rest` takes the rows that no other takes; one `beside` others also takes those of their
    rows that have a cell in one of these columns. `begins` has the beginnings of the ids of a
    field; `about` are the kinds that the column of the account may name. Durations may be in
    `seconds`, and the amounts of a column in `cents`. An import says what `says` has.
    """

    system: str
    object: str
    kind: str
    marks: Sequence[frozenset[str]]
    columns: Mapping[str, Sequence[Sequence[str]]]
    ids: Sequence[str] = ()
    ignore: frozenset[str] = frozenset()
    values: Mapping[str, str] = {}
    rows: Sequence[RowCondition] = ()
    rest: bool = False
    begins: Mapping[str, tuple[str, ...]] = {}
    about: tuple[str, ...] = ()
    seconds: bool = False
    beside: frozenset[str] = frozenset()
    cents: frozenset[str] = frozenset()
    says: str = ""

    @property
    def called(self) -> str:
        """The name for people: `HubSpot deals`."""
        return f"{self.system} {self.object}"

    def notes(self) -> list[str]:
        """Return what an import says of a file with this table."""
        return [f"read as {self.called}", *filter(None, [self.says])]


class RowCondition(Frozen):
    """What the cell of a column must be: one of `words`, or with `other`, none of them.

    A cell that begins with one of `begins` counts as a word.
    """

    columns: Sequence[str]
    words: frozenset[str]
    other: bool = False
    past: bool = False
    begins: tuple[str, ...] = ()

    def holds(self, cell: str) -> bool:
        """Whether a cell is as it must be."""
        word = plain_word(cell)
        return (word in self.words or word.startswith(self.begins)) != self.other


class Fitted(Frozen):
    """A table, and the columns of a file for its fields, its id and its conditions.

    Fields in `either` take the first of their columns that is filled, row by row.
    """

    table: Exported
    columns: Mapping[str, tuple[str, ...]]
    either: frozenset[str]
    id: str | None
    ignored: frozenset[str]
    conditions: Sequence[tuple[str, RowCondition]]
    beside: frozenset[str] = frozenset()
    cents: frozenset[str] = frozenset()


@functools.cache
def known() -> tuple[Exported, ...]:
    """Return all tables, in the order of the file."""
    return tuple(map(_table, packaged.table("acctcli.interop", "exporters")["table"]))


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",")]


def _table(said: Mapping[str, object]) -> Exported:
    texts: dict[str, str] = {name: value for name, value in said.items() if isinstance(value, str)}
    tables: dict[str, Mapping[str, str]] = {
        name: value for name, value in said.items() if isinstance(value, dict)
    }
    marks = said["marks"]
    assert isinstance(marks, list), said
    return Exported(
        texts["system"],
        texts["object"],
        texts["kind"],
        [frozenset(map(squeezed, _names(one))) for one in marks],
        {
            field: [[part.strip() for part in one.split("+")] for one in _names(listed)]
            for field, listed in tables["columns"].items()
        },
        ids=_names(texts["id"]) if "id" in texts else (),
        ignore=frozenset(map(squeezed, _names(texts.get("ignore", "")))),
        values=tables.get("values", {}),
        rows=[_condition(names, words) for names, words in tables.get("rows", {}).items()],
        rest=bool(said.get("rest")),
        begins={field: tuple(_names(ids)) for field, ids in tables.get("begins", {}).items()},
        about=tuple(_names(texts["about"])) if "about" in texts else (),
        seconds=bool(said.get("seconds")),
        beside=frozenset(map(squeezed, _names(texts.get("beside", "")))) - {""},
        cents=frozenset(map(squeezed, _names(texts.get("cents", "")))) - {""},
        says=texts.get("says", ""),
    )


def _condition(names: str, words: str) -> RowCondition:
    other = words.startswith("!")
    listed = _names(words.removeprefix("!"))
    said = frozenset(plain_word(word) for word in listed if not word.endswith("*"))
    begins = tuple(word.removesuffix("*") for word in listed if word.endswith("*"))
    return RowCondition(_names(names), said, other, words == PAST, begins)


def systems() -> list[str]:
    """Return the names of the systems whose tables are known, as typed."""
    return list(dict.fromkeys(table.system.lower() for table in known()))


def recognised(columns: Sequence[str], kind: str = "", system: str = "") -> list[Fitted]:
    """Return the tables whose rows a file with these columns has, all of one system.

    With `kind`, only tables of that kind. A `system` that is named is one with a telling column or
    not: its table is the one that knows most of the columns. None if there is no such table.
    """
    by_key = {squeezed(column): column for column in reversed(columns)}
    tables = [
        table
        for table in known()
        if (not kind or table.kind == kind) and (not system or table.system.lower() == system)
    ]
    found = [
        (max(len(mark) for mark in table.marks if mark <= by_key.keys()), table)
        for table in tables
        if any(mark <= by_key.keys() for mark in table.marks)
    ]
    if not found and system:
        found = [(0, table) for table in tables if _known_of(table, by_key) >= LEAST_KNOWN]
    if not found:
        return []
    # The most telling columns win, and of equal ones the table that knows more of the file.
    best = max(found, key=lambda one: (one[0], _known_of(one[1], by_key)))[1]
    return [_fitted(table, by_key) for _, table in found if table.marks == best.marks]


def _known_of(table: Exported, by_key: Collection[str]) -> int:
    named = {squeezed(one) for ways in table.columns.values() for way in ways for one in way}
    return len((named | table.ignore) & set(by_key))


def _fitted(table: Exported, by_key: Mapping[str, str]) -> Fitted:
    many = _lists(table.kind)
    columns: dict[str, tuple[str, ...]] = {}
    either = set()
    for field, ways in table.columns.items():
        there = [
            tuple(by_key[squeezed(part)] for part in way if squeezed(part) in by_key)
            for way in ways
        ]
        there = [way for way in there if way]
        joined = next((way for way in there if len(way) > 1), None)
        if joined and field not in many:
            columns[field] = joined
        elif there:
            columns[field] = tuple(dict.fromkeys(part for way in there for part in way))
            if len(there) > 1 and field not in many:
                either.add(field)
    ids = [by_key[squeezed(one)] for one in table.ids if squeezed(one) in by_key]
    conditions = []
    for condition in table.rows:
        of = [by_key[squeezed(one)] for one in condition.columns if squeezed(one) in by_key]
        if of:
            conditions.append((of[0], condition))
    ignored, beside, cents = (
        frozenset(by_key[one] for one in names if one in by_key)
        for names in (table.ignore, table.beside, table.cents)
    )
    id = ids[0] if ids else None
    return Fitted(table, columns, frozenset(either), id, ignored, conditions, beside, cents)


@functools.cache
def _lists(kind: str) -> frozenset[str]:
    """Return the fields of a kind that take all their columns."""
    from acctcli.model import KINDS, REF

    fields = KINDS[kind].fields
    return frozenset(name for name, field in fields.items() if field.many and field.type != REF)


def chooser(
    tables: Sequence[Fitted], is_past: Callable[[str, str], bool]
) -> Callable[[Mapping[str, str]], tuple[int, ...]]:
    """Return the function that says which of the tables a row belongs to, by their places.

    That is one of them, and those beside it; none for a row that no table takes. `is_past(column,
    cell)` says whether the moment of a cell is over.
    """
    own = [place for place, one in enumerate(tables) if not (one.table.rest or one.table.beside)]
    beside = [place for place, one in enumerate(tables) if one.table.beside]
    rest = tuple(place for place, one in enumerate(tables) if one.table.rest)

    # The words of such columns repeat themselves.
    remembered = functools.lru_cache(_REMEMBERED)
    meets = [
        [
            (column, partial(is_past, column) if one.past else remembered(one.holds))
            for column, one in fitted.conditions
        ]
        for fitted in tables
    ]

    def holds(place: int, cells: Mapping[str, str]) -> bool:
        return all(met(cells.get(column, "")) for column, met in meets[place])

    def has_more(place: int, cells: Mapping[str, str]) -> bool:
        filled = any(cells.get(column, "").strip() for column in tables[place].beside)
        return filled and holds(place, cells)

    def choose(cells: Mapping[str, str]) -> tuple[int, ...]:
        found = next(((place,) for place in own if holds(place, cells)), rest)
        return (*found, *(place for place in beside if found and has_more(place, cells)))

    return choose
