"""From the cells of a file to the values of records, before the book is read.

A `Recipe` says how the columns of one file become the fields of one kind; a `Draft` is one row
after that: stored values by field name, with references still as the text in the file. Every value
goes through `values.read_values`, so that a cell means what the same text means on the command
line. The store decides which record a row is about, and whether it may be written.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from acctcli import model, rowforms, text
from acctcli.cellforms import (
    forms,
    has_markup,
    name_in_address,
    of_cents,
    translated,
    whole_id,
    whole_year,
    without_marks,
    without_markup,
    without_page,
)
from acctcli.errors import AcctError, Invalid
from acctcli.ids import is_id
from acctcli.model import Field
from acctcli.recipes import JOINERS, REPEATING, Cells, Recipe, Remark, Say
from acctcli.values.date_columns import read_day_in, read_moment_in
from acctcli.values.dates import iso
from acctcli.values.fields import Reading, Stored, read_values
from acctcli.values.number_columns import tidy
from acctcli.values.times import is_time_alone
from acctcli.values.vocabulary import plain_word

_REMEMBERED = 10_000  # values of a file that are read once


class Draft(NamedTuple):
    """A row, read.

    `typed` are its cells by field name, and `values` what they mean, including defaults; `ids` are
    the ids of its references, and `key` is its foreign id. `part` says which part of a person's
    name it has if that is not complete: `first` or `last`.
    """

    line: int
    typed: dict[str, str]
    values: dict[str, Stored]
    ids: dict[str, tuple[str, ...]]
    key: str | None
    part: str = ""


def reader(
    recipe: Recipe,
    reading: Reading,
    remark: Remark = lambda what, line, cell: None,
    country_of: Callable[[str], str | None] = lambda account: None,
) -> Callable[[int, Cells], Draft]:
    """Return the function that makes the draft of one row: (line, cells) → `Draft`.

    `country_of` returns the country of an account by its name, for the phones of its people. The
    function raises an `AcctError` that begins with the name of the column, for cells that cannot be
    read, and names all such cells of the row.
    """
    says = {
        target: columns[0] if len(columns) == 1 else recipe.fields[target].label
        for target, columns in recipe.columns.items()
        if target in recipe.fields
    }
    says |= {name: f"--default {name}" for name in recipe.defaults if name not in says}
    plans = [_plan(recipe, target, reading, remark) for target in recipe.columns]
    read_given = _remembering(recipe.fields, reading, says)
    id_names = {field.id_name: name for name, field in recipe.fields.items() if field.target}
    phones = [name for name, field in recipe.fields.items() if field.type == model.PHONE]

    def read(line: int, cells: Cells) -> Draft:
        typed: dict[str, str] = {}
        ids: dict[str, tuple[str, ...]] = {}
        for target, take in plans:
            value = take(cells)
            if not value or value.isspace():
                continue
            if target in id_names:
                begins = recipe.begins.get(target, ("",))
                found = (whole_id(id.strip(), target) for id in value.split(";"))
                # Ids of ours, out of an export for that system, have hyphens.
                own = tuple(id for id in found if id and ("-" in id or id.startswith(begins)))
                if own:
                    ids[id_names[target]] = own
            else:
                typed[target] = value
        key = None
        if recipe.key is not None:
            key = cells.get(recipe.key, "").strip() or None
            if key is not None:
                key = whole_id(text.one_line(key, recipe.key), recipe.key)
            elif not recipe.key_optional:
                raise Invalid(f"{recipe.key} is empty: it is the --key of every row")

        def say(what: str, cell: str) -> None:
            remark(what, line, cell)

        if recipe.own:
            _refuse_id(recipe, typed)
            # An export of ours holds values in our own forms: they are taken as they are.
            given = {**recipe.defaults, **typed}
            return Draft(line, typed, _read_all(recipe, given, typed, read_given, say), ids, key)
        if recipe.outcome is not None:
            rowforms.close(recipe, typed, cells.get(recipe.outcome, ""))
        if any(name in typed for name in phones):
            country = rowforms.country(recipe, typed, ids, cells, country_of)
            country = country or rowforms.country_of_state(recipe, typed, phones, cells, say)
            for name in filter(typed.__contains__, phones):
                rowforms.dial(recipe, typed, name, country or reading.config["me.country"], say)
        if recipe.kind == "contact":
            rowforms.born(typed, say)
        elif recipe.kind == "log" and recipe.exported:
            rowforms.find_kind(recipe, typed)
        if recipe.kind == "account":
            rowforms.pages(recipe, typed, say)
        given = {**recipe.defaults, **typed}
        if recipe.kind == "log" and "score" not in given and "scale" not in typed:
            given.pop("scale", None)  # its default is for rows with a score
        if recipe.kind == "deal" and "title" not in given:
            rowforms.entitle(given, key, say)
        if recipe.kind == "contact" and "name" not in given and given.get("emails"):
            given["name"] = name_in_address(given["emails"])
            say("contacts got their names from their addresses", given["name"])
        if recipe.kind == "log" and not given.get("summary", "").strip():
            rowforms.sum_up(given, typed)
        if recipe.kind == "log" and "\n" in given.get("summary", ""):
            rowforms.summarise(given, typed)
        values = _read_all(recipe, given, typed, read_given, say)
        rowforms.say_rounded(recipe, values, typed, say)
        if recipe.kind == "deal":
            rowforms.opened_before(recipe, reading, values, typed, say)
            if recipe.exported:
                rowforms.lost_only(reading, values, typed)
        return Draft(line, typed, values, ids, key, rowforms.part_of_name(recipe, cells))

    return read


def _read_all(
    recipe: Recipe,
    given: dict[str, str],
    typed: dict[str, str],
    read_given: Callable[[dict[str, str]], dict[str, Stored]],
    say: Say,
) -> dict[str, Stored]:
    """Return the values of a row. Raises `Invalid` with the error of each of its cells."""
    try:
        return read_given(given)
    except AcctError as error:
        wrong: dict[str, AcctError] = {}
        for name, value in given.items():
            alone = {name: value}
            if recipe.fields[name].type == model.MONEY and "currency" in given:
                alone["currency"] = given["currency"]
            try:
                read_given(alone)
            except AcctError as of_one:
                wrong[name] = _with_cure(recipe, name, value, of_one)
        left_out = [name for name in wrong if not recipe.fields[name].required]
        if not wrong or not recipe.lenient or len(left_out) < len(wrong):
            if not wrong:
                raise
            reasons = "; ".join(one.message.rstrip(".") for one in wrong.values())
            raise Invalid(reasons) from error
    for name in left_out:
        say(f"{recipe.fields[name].label} could not be read and was left out", given[name])
        given.pop(name)
        typed.pop(name, None)
    return read_given(given)


def _with_cure(recipe: Recipe, name: str, value: str, error: AcctError) -> AcctError:
    """Return the error with the option that fixes it for the whole file, if there is one."""
    words = recipe.foreign.get(name, {})
    if not words:
        return error
    ours = next(iter(error.candidates), None) or next(iter(words.values()))
    option = shlex.quote(f"{name}:{value}={ours}")
    end = "" if error.message.endswith("?") else "."
    message = f"{error.message.rstrip('.')}{end} To read it as {ours}: --value {option}"
    return Invalid(message, candidates=error.candidates)


def _refuse_id(recipe: Recipe, typed: Mapping[str, str]) -> None:
    """Raise `Invalid` for an id that cannot be one of ours."""
    id = typed.get("id", "")
    if id and not is_id(id):
        what = model.KINDS[recipe.kind].one
        raise Invalid(
            f"id {text.quoted(id)} is not an id of acct. Leave it empty for a new {what}. If the "
            "ids are of another system: --key id"
        )


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
            counts = field.counts_from and not typed[-1:].isdecimal()
            if field.type not in REPEATING or field.day or counts:
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


def amounts_in(recipe: Recipe, draft: Draft, currency: str, reading: Reading) -> dict[str, Stored]:
    """Return the amounts of a row again, in the currency of its record unless the row has one."""
    typed = {
        name: text
        for name, text in draft.typed.items()
        if recipe.fields[name].type in (model.MONEY, model.CURRENCY)
    }
    return read_values(recipe.fields, typed, reading, currency=currency)


def _plan(
    recipe: Recipe, target: str, reading: Reading, remark: Remark
) -> tuple[str, Callable[[Cells], str]]:
    """Return the function that takes the text of one field from the cells of a row."""
    columns = recipe.columns[target]
    field = recipe.fields.get(target)
    if target in recipe.either:
        ways = [_steps(recipe, target, column, reading, remark) for column in columns]
    else:
        ways = [_steps(recipe, target, columns[0], reading, remark)]
    steps = ways[0]

    # The first line of a paragraph may be indented; its reader decides about blanks.
    trimmed = str if field is not None and field.type == model.LONG else str.strip

    def of_one(cells: Cells) -> str:
        value = trimmed(cells.get(columns[0], ""))
        for step in steps:
            value = step(value)
        return value

    def of_either(cells: Cells) -> str:
        for column, way in zip(columns, ways, strict=True):
            value = trimmed(cells.get(column, ""))
            for step in way:
                value = step(value)
            if value:
                return value
        return ""

    def of_several(cells: Cells) -> str:
        joiner = "; " if field is not None and field.many else JOINERS.get(target, " ")
        values = [cells.get(column, "").strip() for column in columns]
        if target == "street" and values[-1].isdecimal():
            joiner = " "  # the number of a house
        value = joiner.join(filter(None, values))
        for step in steps:
            value = step(value)
        return value

    if target in recipe.either:
        return target, of_either
    return target, of_one if len(columns) == 1 else of_several


_BARE = re.compile(r"[\d.,' ()+-]*\d[\d.,' ()+-]*(k|m|bn)?", re.IGNORECASE)
"""An amount that names no currency."""


def _steps(
    recipe: Recipe, target: str, column: str, reading: Reading, remark: Remark
) -> list[Callable[[str], str]]:
    """Return the steps, in order, from the cell of a column to the text of a field."""
    field = recipe.fields.get(target)
    words = recipe.translations.get(target)
    steps: list[Callable[[str], str]] = []
    if words:
        steps.append(partial(translated, words, field is not None and field.many))
    if field is not None and not (recipe.own or target in recipe.exact):
        steps += forms(
            field,
            decimal=recipe.decimals.get(column, "point"),
            share=column in recipe.shares,
            column=column,
            exported=bool(recipe.exported),
            seconds=recipe.seconds,
        )
        if column in recipe.cents:
            steps.append(of_cents)
        if field.target or target in ("name", "title"):
            steps.insert(0, without_page)
        if field.target and not field.many:
            steps.insert(0, without_marks)
        if field.flag == "tag":
            steps.insert(0, partial(_say_groups, column, remark))
        if field.type == model.LONG and recipe.exported:
            steps.append(partial(_without_markup, remark))
        foreign = recipe.foreign.get(target)
        if foreign:
            star = (words or {}).get("*")
            steps.append(_memoised(partial(_foreign, foreign, star, column, remark)))
    elif field is not None and field.type == model.DAY:
        steps.append(whole_year)
    elif recipe.own and recipe.decimals.get(column) == "comma":
        steps.append(lambda value: tidy(value, "comma") if value else value)
    unit = recipe.units.get(target)
    if unit:
        steps.append(lambda value: f"{value}{unit}" if value else value)
    code = recipe.currencies.get(target)
    if code:
        steps.append(lambda value: f"{value} {code}" if _BARE.fullmatch(value) else value)
    order = recipe.orders.get(column)
    if order is not None and field is not None:
        steps.append(_memoised(partial(_in_order, field, order, column, reading)))
    return steps


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


def _foreign(
    words: Mapping[str, str], star: str | None, column: str, remark: Remark, value: str
) -> str:
    """Return our word for a foreign one; `star` is for all unknown ones."""
    ours = words.get(plain_word(value))
    if ours is None and ";" in value:
        # Several words where there is one: HubSpot's boxes to tick.
        first = value.partition(";")[0].strip()
        ours = words.get(plain_word(first))
    if ours is None and value:
        ours = star
    if ours is None:
        return value
    if plain_word(ours) != plain_word(value):
        remark(f"{column}: {text.quoted(value)} was read as {ours}", 0, "")
    return ours


def _without_markup(remark: Remark, value: str) -> str:
    """Take the marks of HTML out of a text, and say so."""
    if not has_markup(value):
        return value
    remark("texts were HTML and are kept as plain text", 0, "")
    return without_markup(value)


def _say_groups(column: str, remark: Remark, value: str) -> str:
    """Say that the groups which Google makes itself become no tags."""
    if any(item.strip().startswith("* ") for item in value.split(":::")):
        remark(f"{column}: groups that Google makes itself are left out", 0, "")
    return value


def _in_order(field: Field, order: str, column: str, reading: Reading, value: str) -> str:
    """Return a day or moment in ISO form, which every reader accepts."""
    if not value:
        return value
    if field.type == model.MOMENT:
        if is_time_alone(value):
            return value  # its day is in another column, or it will be refused
        return iso(read_moment_in(value, order, reading.clock, column, field.look))
    return iso(read_day_in(value, order, reading.clock.today, column, field.look))
