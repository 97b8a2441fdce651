"""What a spreadsheet changes in an export by itself: it turns days, and drops zeros and `+`.

A cell that only the spreadsheet changed is not an edit. The days that nobody edited show which way
it turned those of the column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from acctcli import model
from acctcli.book.context import Context
from acctcli.cellforms import FLAGS, whole_year
from acctcli.errors import AcctError
from acctcli.interop.rows import BadRow, FileRow, texts
from acctcli.model import Field, Row
from acctcli.recipes import Recipe
from acctcli.store import queries
from acctcli.values.date_columns import read_day_in
from acctcli.values.number_columns import figures
from acctcli.values.vocabulary import plain_word

if TYPE_CHECKING:
    import sqlite3

NUMBERS = frozenset((model.MONEY, model.INTEGER, model.NUMBER, model.SHARE, model.PERCENT))
"""Types of which a workbook holds the value, and not its digits."""

CHUNK = 500
"""Rows that are compared at a time."""


def is_ours(recipe: Recipe) -> bool:
    """Whether a file is an export of ours whose records may be in the book."""
    return recipe.own and "id" in recipe.columns and recipe.kind in model.NOUNS


def current(
    con: sqlite3.Connection, recipe: Recipe, chunk: Sequence[FileRow | BadRow]
) -> dict[str, Row]:
    """Return the records of some rows as they are now, by id."""
    column = recipe.columns["id"][0]
    ids = [texts(row).get(column, "").lower() for row in chunk if not isinstance(row, BadRow)]
    listing = queries.Listing([queries.by_ids("id", list(filter(None, ids)))], "created_at")
    rows = queries.select(con, recipe.kind, recipe.fields, listing)
    return {row["id"]: row for row in rows}


def same(field: Field, stored: str, typed: str, order: str | None, today: date) -> bool:
    """Whether a spreadsheet by itself turns a stored value into this cell.

    `order` is that of the days of the column, `today` the user's day.
    """
    typed, stored = _lines(typed), _lines(stored)
    if typed == stored:
        return True
    if not stored or not typed:
        return False
    if typed.startswith(("#NAME?", "#REF!", "#VALUE!")):
        return stored.startswith(("=", "+", "-", "@"))
    match field.type:
        case model.DAY:
            return _same_day(stored, typed, order, today)
        case model.FLAG:
            return FLAGS.get(plain_word(typed), plain_word(typed)) in (stored, _TRUTHS[stored])
        case type_ if type_ in NUMBERS:
            return _same_number(stored, typed)
        case model.PHONE:
            pairs = zip(typed.split(";"), stored.split(";"), strict=False)
            as_many = typed.count(";") == stored.count(";")
            return as_many and all(_same_digits(was, one) for one, was in pairs)
        case model.TEXT if stored.isdecimal():
            return _same_digits(stored, typed)
        case model.TEXT if re.fullmatch(r"[0-9]{1,2}[-/][0-9]{1,2}", stored):
            return bool(re.fullmatch(r"[0-9]{1,2}-[A-Z][a-z]{2}", typed))  # 3-4 is 04-Mar there
    return False


_TRUTHS = {"yes": "true", "no": "false"}


def _lines(value: str) -> str:
    return "\n".join(map(str.rstrip, value.strip().splitlines()))


def _same_day(stored: str, typed: str, order: str | None, today: date) -> bool:
    try:
        return read_day_in(whole_year(typed), order or "text", today).isoformat() == stored
    except AcctError:
        return False


def _same_number(stored: str, typed: str) -> bool:
    """Whether two numbers are equal, whatever groups, signs and decimals the second is shown with.

    One in E-notation equals what it was rounded from.
    """
    number = typed.strip().rstrip("%").replace("\xa0", " ")
    if re.search("[Ee]", number) and _same_digits(stored, number):
        return True
    bare = figures(number)
    sign = "-" if number.startswith(("-", "(")) else ""
    for decimal, group in ((".", ","), (",", ".")):
        try:
            if float(sign + bare.replace(group, "").replace(decimal, ".")) == float(stored):
                return True
        except ValueError:
            continue
    return False


def _same_digits(stored: str, typed: str) -> bool:
    """Whether a spreadsheet made a number of digits: it drops zeros and `+`, and rounds."""
    was = re.sub(r"[^0-9.]", "", stored).lstrip("0")
    lost = re.fullmatch(r"([0-9])(?:[.,]([0-9]+))?[Ee]\+?([0-9]+)", typed.strip(), re.ASCII)
    if lost and was:
        digits = len(lost[2] or "")
        shown = f"{float(was):.{digits}E}"
        mantissa, _, exponent = shown.partition("E+")
        same_mantissa = mantissa == lost[1] + (f".{lost[2]}" if digits else "")
        return same_mantissa and int(exponent or 0) == int(lost[3])
    return bool(was) and re.sub(r"[ ()\-]", "", typed.strip()).lstrip("+0") == was


def day_orders(context: Context, loaded_rows: Iterator[FileRow], recipe: Recipe) -> dict[str, str]:
    """Return the order of the days of each column, as the records in the book tell it.

    A spreadsheet turns every day of a column the same way, so the days that nobody edited show
    which. Columns that keep ISO days have none.
    """
    if not is_ours(recipe) or not context.book.exists():
        return {}
    days = {
        target: columns[0]
        for target, columns in recipe.columns.items()
        if target in recipe.fields and recipe.fields[target].type == model.DAY
    }
    votes: dict[str, dict[str, int]] = {}
    today = context.clock.today
    while chunk := list(islice(loaded_rows, CHUNK)):
        turned = [row for row in chunk if any(_is_turned(row, column) for column in days.values())]
        if not turned:
            continue
        with context.read() as con:
            now = current(con, recipe, turned)
        for row in turned:
            cells = texts(row)
            is_now = now.get(cells.get(recipe.columns["id"][0], "").lower())
            if is_now is None:
                continue
            for target, column in days.items():
                for order in ("dmy", "mdy", "ymd"):
                    stored = str(is_now.get(target) or "")
                    if stored and _same_day(stored, cells.get(column, ""), order, today):
                        tally = votes.setdefault(column, {})
                        tally[order] = tally.get(order, 0) + 1
    return {column: max(tally, key=lambda order: tally[order]) for column, tally in votes.items()}


def _is_turned(row: FileRow, column: str) -> bool:
    value = texts(row).get(column, "").strip()
    return bool(value) and not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)
