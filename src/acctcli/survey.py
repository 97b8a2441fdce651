"""What all cells of a file's columns say together, before any row is read.

A date, an amount or a share may have several readings by itself; the other cells of its column
decide. If none does, the user is asked.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterable, Mapping, Sequence

from acctcli import model, text
from acctcli.cellforms import BLANKS
from acctcli.errors import Invalid
from acctcli.frozen import Frozen
from acctcli.recipes import Cells, Recipe
from acctcli.values.date_columns import SERIAL, column_order, is_serial, read_day_in
from acctcli.values.fields import Reading
from acctcli.values.number_columns import Decimal, NumberColumn

ORDER_NAMES = {"dmy": "day/month/year", "mdy": "month/day/year", "ymd": "year/month/day"}

NUMBERS = (model.INTEGER, model.MONEY, model.NUMBER, model.PERCENT, model.SHARE)

_ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?Z?", re.ASCII)

_CURRENCY = re.compile(
    r"[^\W\d_]{2,}|[$\u20ac\xa3\xa5\u20b9\u20a9\u20ab\u0e3f\u20b1\u20aa\u20ba\u20b4\u20a6]"
)


_DAY = re.compile(r"[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{4}\b", re.ASCII)

_ENOUGH = 1000  # days of a column that is not read


class Surveyed(Frozen):
    """How the columns of a file read, by column, and notices about it.

    `orders` are those of year, month and day; `decimals` the decimal sign of numbers; `shares`
    are columns of percentages that are written as shares of one. `filled` is in how many rows
    the columns have a cell that were only to be counted.
    """

    orders: Mapping[str, str]
    decimals: Mapping[str, Decimal]
    shares: frozenset[str]
    notes: Sequence[str]
    filled: Mapping[str, int]


def survey(
    recipe: Recipe,
    rows: Iterable[Cells],
    reading: Reading,
    *,
    file: str = "",
    order: str | None = None,
    decimal: Decimal | None = None,
    exact: bool = False,
    counted: Iterable[str] = (),
    known: Mapping[str, str] | None = None,
    abroad: Collection[str] = (),
) -> Surveyed:
    """Return how each column of days and of numbers reads, by all its values.

    Messages begin with the name of the `file`. `order` is that of `--date-format`, `decimal` that
    of `--decimal`; with `exact`, the format has numbers of its own; `known` are orders that
    something else than the columns tells, and columns `abroad` have names of other languages:
    there, days with points begin with the day. Raises `Invalid` for a column with two readings.
    Cells that are no date or number at all make their own rows fail later.
    """
    dated = {column: set[str]() for column in _columns(recipe, (model.DAY, model.MOMENT))}
    numbers = {column: NumberColumn() for column in _columns(recipe, NUMBERS)}
    amounts = {*_columns(recipe, (model.MONEY,))}
    full = dict.fromkeys(counted, 0)
    aside = {column: set[str]() for column in full}
    named = False
    filled = 0
    for cells in rows:
        for column in full:
            value = cells.get(column, "").strip()
            full[column] += bool(value)
            # Days that nobody reads still show the order of those that are.
            if value and len(aside[column]) < _ENOUGH and (day := _DAY.match(value)):
                aside[column].add(day[0])
        for column, seen in dated.items():
            value = cells.get(column, "")
            # For moments in ISO form, only the days: they are few, however long the file.
            seen.add(value[:10] if _ISO_MOMENT.fullmatch(value) else value)
        for column, found in numbers.items():
            value = cells.get(column, "")
            if value:
                found.see(value)
                if column in amounts and text.key(value) not in BLANKS:
                    filled += 1
                    named = named or bool(_CURRENCY.search(value))
    try:
        orders, notes = _date_orders(dated, aside, reading, order, known or {}, abroad)
        decimals = {
            column: _exact_decimal(found) if exact else _decimal(column, found, decimal)
            for column, found in numbers.items()
        }
    except Invalid as error:
        raise Invalid(f"{file}: {error.message}" if file else error.message) from error
    notes += [
        f"{text.quoted(column)} has decimal commas"
        for column, sign in decimals.items()
        if sign == "comma" and decimal is None
    ]
    percents = {*_columns(recipe, (model.PERCENT, model.SHARE))}
    shares = {c for c, found in numbers.items() if c in percents and found.is_fraction}
    notes += [f"{text.quoted(column)} has shares of one: 0.75 is 75 %" for column in sorted(shares)]
    notes += _amounts_and_terms(recipe)
    given = {*recipe.columns, *recipe.defaults}
    if filled and not (named or recipe.currencies or "currency" in given):
        own = reading.config["me.currency"]
        if own:
            notes.append(f"amounts are taken as {own} (me.currency): --default currency=EUR")
    return Surveyed(orders, decimals, frozenset(shares), notes, full)


def _amounts_and_terms(recipe: Recipe) -> list[str]:
    """Say what is known of the amounts, and not of the contracts, although no cell shows it."""
    notes = [
        f"{text.quoted(column)} is in cents: 1200 is 12. To take it as it stands: "
        f"--map {shlex.quote(f'amount={column}')}"
        for column in recipe.columns.get("amount", ())[:1]
        if column in recipe.cents
    ]
    given = {*recipe.columns, *recipe.defaults}
    is_contract = recipe.kind == "purchase" and "ends_on" in given and not recipe.own
    if is_contract and "recurring" not in given:
        notes.append(
            "contracts count as one-off sales, because no column says how often they recur: "
            "--default recurring=yearly"
        )
    return notes


def _columns(recipe: Recipe, types: Sequence[str]) -> list[str]:
    """Return the columns of the fields of these types that a file may set."""
    return [
        column
        for target, columns in recipe.columns.items()
        if target in recipe.fields
        and recipe.fields[target].type in types
        and not recipe.fields[target].fixed
        for column in columns
    ]


def _date_orders(
    dated: Mapping[str, set[str]],
    aside: Mapping[str, set[str]],
    reading: Reading,
    given: str | None,
    known: Mapping[str, str],
    abroad: Collection[str],
) -> tuple[dict[str, str], list[str]]:
    """Return the order of each column of days that has one of its own.

    A column with two possible orders has that of the other columns in the file, if they have one;
    `aside` are the days of columns that are not read.
    """
    today = reading.clock.today
    columns = {}
    for column, seen in dated.items():
        readable = [value for value in sorted(seen) if _is_date(value, reading)]
        columns[column] = column_order(readable, today)
    others = {column: column_order(sorted(seen), today) for column, seen in aside.items() if seen}
    read = {**others, **columns}
    settled = {found.order: column for column, found in read.items() if not found.ambiguous}
    settled = {order: column for order, column in settled.items() if order in ("dmy", "mdy")}
    orders: dict[str, str] = {}
    notes = []
    for column, found in columns.items():
        if found.order in ("iso", "text"):
            continue  # no other order is possible
        numbers = [value for value in sorted(dated[column]) if value.strip()]
        if given is not None:
            orders[column] = given
        elif numbers and all(map(is_serial, numbers)):
            orders[column] = SERIAL
            day = read_day_in(numbers[0], SERIAL, today)
            notes.append(
                f"{text.quoted(column)} has the day numbers of a spreadsheet: {numbers[0]} is {day}"
            )
        elif column in known and (found.ambiguous or found.order is None):
            orders[column] = known[column]
            name = ORDER_NAMES[known[column]]
            notes.append(f"{text.quoted(column)} reads as {name}, as the records in the book say")
        elif found.ambiguous and len(settled) == 1:
            [(order, like)] = settled.items()
            orders[column] = str(order)
            name = ORDER_NAMES[str(order)]
            notes.append(f"{text.quoted(column)} reads as {name}, as {text.quoted(like)} does")
        elif (
            found.ambiguous and column in abroad and all("." in one for one in dated[column] if one)
        ):
            orders[column] = "dmy"
            notes.append(
                f"{text.quoted(column)} reads as {ORDER_NAMES['dmy']}, as days with points do"
            )
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
    return orders, notes


def _is_date(value: str, reading: Reading) -> bool:
    found = column_order([value], reading.clock.today)
    return found.order is not None or found.ambiguous


def _exact_decimal(found: NumberColumn) -> Decimal:
    """Return the decimal sign of a column of ours: a spreadsheet may have turned it."""
    return "comma" if "comma" in found.seen and "point" not in found.seen else "point"


def _decimal(column: str, found: NumberColumn, given: Decimal | None) -> Decimal:
    """Return the decimal sign of a column. Raises `Invalid` if its values have two or none."""
    if given is not None:
        return given
    if len(found.seen) > 1:
        raise Invalid(
            f"{text.quoted(column)}: {text.quoted(found.seen['comma'])} has a decimal comma and "
            f"{text.quoted(found.seen['point'])} a decimal point. Choose one: --decimal comma or "
            "point"
        )
    if found.seen:
        return next(iter(found.seen))
    if found.ambiguous:
        whole, _, rest = found.ambiguous.strip().rpartition(".")
        raise Invalid(
            f"{text.quoted(column)}: {text.quoted(found.ambiguous)} reads as {whole}{rest} or as "
            f"{whole}.{rest}, and so does every other value. Choose one: --decimal comma or point"
        )
    return "point"
