"""From the cells of a file to the values of records, before the book is read.

A `Recipe` says how the columns of one file become the fields of one kind; a `Draft` is one row
after that: stored values by field name, with references still as the text in the file. Every value
goes through `values.read_values`, so that a cell means what the same text means on the command
line. The store decides which record a row is about, and whether it may be written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from acctcli import model, text
from acctcli.errors import Invalid
from acctcli.frozen import Frozen
from acctcli.model import Field
from acctcli.values.date_columns import column_order, read_day_in, read_moment_in
from acctcli.values.dates import iso
from acctcli.values.fields import Reading, Stored, read_values
from acctcli.values.times import is_time_alone

Cells = Mapping[str, str]

JOINERS = {"name": " ", "street": ", "}
"""What joins the columns of a field, by its type; lists are joined by `; `."""

REPEATING = (
    *(model.CHOICE, model.COUNTRY, model.DAY, model.FLAG, model.MOMENT),
    *(model.PERCENT, model.REF, model.STAGE, model.TIER),
)
"""Types whose columns repeat a few values."""

ORDER_NAMES = {"dmy": "day/month/year", "mdy": "month/day/year", "ymd": "year/month/day"}


_REMEMBERED = 10_000  # values of a file that are read once

_ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?Z?", re.ASCII)


class Recipe(Frozen):
    """How the rows of one file are read.

    `columns` names the columns of each field; a reference has a second entry, under its `id_name`,
    for the column of ids. `translations` map the key of their word to ours, by field; `units` are
    added to amounts (`m`); `defaults` fill empty cells of new records; `orders` has the order of
    year, month and day in a column; `key` is the column of foreign ids. `lists_added` are lists to
    which a row adds, instead of replacing them.
    """

    kind: str
    fields: Mapping[str, Field]
    columns: Mapping[str, tuple[str, ...]]
    translations: Mapping[str, Mapping[str, str]] = {}
    units: Mapping[str, str] = {}
    defaults: Mapping[str, str] = {}
    orders: Mapping[str, str] = {}
    key: str | None = None
    lists_added: frozenset[str] = frozenset()


class Draft(NamedTuple):
    """A row, read.

    `typed` are its cells by field name, and `values` what they mean, including defaults; `ids` are
    the ids of its references, and `key` is its foreign id.
    """

    line: int
    typed: dict[str, str]
    values: dict[str, Stored]
    ids: dict[str, tuple[str, ...]]
    key: str | None


class DateOrders(Frozen):
    """The order of year, month and day by column, and notices about it."""

    orders: Mapping[str, str]
    notes: Sequence[str]


def date_orders(
    recipe: Recipe, rows: Iterable[Cells], reading: Reading, given: str | None = None
) -> DateOrders:
    """Find the order of each column of days by all its values; `given` is `--date-format`.

    Raises `Invalid` for a column that reads in two orders. Cells that are no date in any order make
    their own rows fail later.
    """
    dated = {
        column: set[str]()
        for target, columns in recipe.columns.items()
        if target in recipe.fields
        and recipe.fields[target].type in (model.DAY, model.MOMENT)
        and not recipe.fields[target].fixed
        for column in columns
    }
    if not dated:
        return DateOrders({}, [])
    for cells in rows:
        for column, seen in dated.items():
            value = cells.get(column, "")
            # For moments in ISO form, only the days: they are few, however long the file.
            seen.add(value[:10] if _ISO_MOMENT.fullmatch(value) else value)
    orders: dict[str, str] = {}
    notes = []
    today = reading.clock.today
    for column, seen in dated.items():
        readable = [v for v in sorted(seen) if _is_date(v, reading)]
        found = column_order(readable, today)
        if found.order in ("iso", "text"):
            continue  # no other order is possible
        if given is not None:
            orders[column] = given
        elif found.ambiguous:
            raise Invalid(
                f"{text.quoted(column)}: {text.quoted(found.example)} reads as day/month or as "
                "month/day, and so does every other value. Choose one: --date-format dmy or mdy"
            )
        elif found.order is not None:
            orders[column] = found.order
            if found.order in ("dmy", "mdy"):
                name = ORDER_NAMES[found.order]
                notes.append(f"{text.quoted(column)} reads as {name}: no other order fits")
    return DateOrders(orders, notes)


def _is_date(value: str, reading: Reading) -> bool:
    found = column_order([value], reading.clock.today)
    return found.order is not None or found.ambiguous


def reader(recipe: Recipe, reading: Reading) -> Callable[[int, Cells], Draft]:
    """Return the function that makes the draft of one row: (line, cells) → `Draft`.

    It raises an `AcctError` that begins with the name of the column, for a cell that cannot be
    read.
    """
    says = {
        target: columns[0] if len(columns) == 1 else recipe.fields[target].label
        for target, columns in recipe.columns.items()
        if target in recipe.fields
    }
    says |= {name: f"--default {name}" for name in recipe.defaults if name not in says}
    plans = [_plan(recipe, target, reading) for target in recipe.columns]
    read_given = _remembering(recipe.fields, reading, says)
    id_names = {field.id_name: name for name, field in recipe.fields.items() if field.target}

    def read(line: int, cells: Cells) -> Draft:
        typed: dict[str, str] = {}
        ids: dict[str, tuple[str, ...]] = {}
        for target, take in plans:
            value = take(cells)
            if not value or value.isspace():
                continue
            if target in id_names:
                found = (id.strip() for id in value.split(";"))
                ids[id_names[target]] = tuple(filter(None, found))
            else:
                typed[target] = value
        key = None
        if recipe.key is not None:
            key = cells.get(recipe.key, "").strip()
            if not key:
                raise Invalid(f"{recipe.key} is empty: it is the --key of every row")
            key = text.one_line(key, recipe.key)
        given = {**recipe.defaults, **typed}
        if recipe.kind == "log" and "score" not in given and "scale" not in typed:
            given.pop("scale", None)  # its default is of rows with a score
        if recipe.kind == "deal" and "title" not in given:
            _entitle(given, key)
        return Draft(line, typed, read_given(given), ids, key)

    return read


def _remembering(
    fields: Mapping[str, Field], reading: Reading, says: Mapping[str, str]
) -> Callable[[dict[str, str]], dict[str, Stored]]:
    """Return `read_values` with a cache for repeated values (days, stages, names of accounts)."""
    known: dict[tuple[str, str], Stored] = {}

    def read_given(given: dict[str, str]) -> dict[str, Stored]:
        values: dict[str, Stored] = {}
        others: dict[str, str] = {}
        for name, typed in given.items():
            field = fields[name]
            if field.type not in REPEATING or field.day:
                others[name] = typed
                continue
            if field.type == model.MOMENT and is_time_alone(typed):
                what = says.get(name, field.label)
                raise Invalid(f"{what} {text.quoted(typed)} has no day. Write 2026-12-15 14:30")
            said = (name, typed)
            if said in known:
                values[name] = known[said]
                continue
            values[name] = read_values(fields, {name: typed}, reading, says=says)[name]
            if len(known) < _REMEMBERED:
                known[said] = values[name]
        return values | read_values(fields, others, reading, stands=values, says=says)

    return read_given


def _entitle(given: dict[str, str], key: str | None) -> None:
    """Give a deal without a title one: its foreign id, else product and account."""
    if key:
        given["title"] = key
    elif given.get("product") and given.get("account"):
        given["title"] = f"{given['product']} for {given['account']}"


def amounts_in(recipe: Recipe, draft: Draft, currency: str, reading: Reading) -> dict[str, Stored]:
    """Return the amounts of a row again, in the currency of its record unless the row has one."""
    typed = {
        name: text
        for name, text in draft.typed.items()
        if recipe.fields[name].type in (model.MONEY, model.CURRENCY)
    }
    return read_values(recipe.fields, typed, reading, currency=currency)


def _plan(recipe: Recipe, target: str, reading: Reading) -> tuple[str, Callable[[Cells], str]]:
    """Return how the text of one field is taken from the cells of a row."""
    columns = recipe.columns[target]
    field = recipe.fields.get(target)
    words = recipe.translations.get(target)
    steps: list[Callable[[str], str]] = []
    if words:
        steps.append(partial(_translate, words, field is not None and field.many))
    unit = recipe.units.get(target)
    if unit:
        steps.append(lambda value: f"{value}{unit}" if value else value)
    order = recipe.orders.get(columns[0])
    if order is not None and field is not None:
        steps.append(_memoised(partial(_in_order, field, order, columns[0], reading)))

    # The first line of a paragraph may be indented; its reader decides about blanks.
    trimmed = str if field is not None and field.type == model.LONG else str.strip

    def of_one(cells: Cells) -> str:
        value = trimmed(cells.get(columns[0], ""))
        for step in steps:
            value = step(value)
        return value

    def of_several(cells: Cells) -> str:
        joiner = "; " if field is not None and field.many else JOINERS.get(target, " ")
        values = (cells.get(column, "").strip() for column in columns)
        value = joiner.join(filter(None, values))
        for step in steps:
            value = step(value)
        return value

    return target, of_one if len(columns) == 1 else of_several


def _memoised(step: Callable[[str], str]) -> Callable[[str], str]:
    """Cache a function: columns of dates repeat themselves."""
    known: dict[str, str] = {}

    def remembered(value: str) -> str:
        if value in known:
            return known[value]
        made = step(value)
        if len(known) < _REMEMBERED:
            known[value] = made
        return made

    return remembered


def _translate(words: Mapping[str, str], many: bool, value: str) -> str:
    if not many:
        return words.get(text.key(value), value)
    items = (item.strip() for item in value.split(";"))
    return "; ".join(words.get(text.key(item), item) for item in items)


def _in_order(field: Field, order: str, column: str, reading: Reading, value: str) -> str:
    """Return a day or moment in ISO form, which every reader accepts."""
    if not value:
        return value
    if field.type == model.MOMENT:
        if is_time_alone(value):
            return value  # its day is in another column, or it will be refused
        return iso(read_moment_in(value, order, reading.clock, column, field.look))
    return iso(read_day_in(value, order, reading.clock.today, column, field.look))
