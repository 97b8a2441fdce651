"""From the cells of a file to the values of records, before the book is read.

A `Recipe` says how the columns of one file become the fields of one kind; a `Draft` is one row
after that: stored values by field name, with references still as the text in the file. Every value
goes through `values.read_values`, so that a cell means what the same text means on the command
line. The store decides which record a row is about, and whether it may be written.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from acctcli import model, text
from acctcli.cellforms import forms, name_in_address, translated
from acctcli.errors import AcctError, Invalid
from acctcli.frozen import Frozen
from acctcli.model import Field
from acctcli.values.date_columns import read_day_in, read_moment_in
from acctcli.values.dates import iso
from acctcli.values.fields import Reading, Stored, read_values, split
from acctcli.values.money import DIGITS
from acctcli.values.number_columns import Decimal, figures
from acctcli.values.times import is_time_alone
from acctcli.values.vocabulary import plain_word

Cells = Mapping[str, str]

JOINERS = {"name": " ", "street": ", "}
"""What joins the columns of a field, by its type; lists are joined by `; `."""

REPEATING = (
    *(model.CHOICE, model.COUNTRY, model.DAY, model.FLAG, model.MOMENT),
    *(model.PERCENT, model.SHARE, model.REF, model.STAGE, model.TIER),
)
"""Types whose columns repeat a few values."""


class Recipe(Frozen):
    """How the rows of one file are read.

    `columns` names the columns of each field; a reference has a second entry, under its `id_name`,
    for the column of ids. `translations` map the key of their word to ours, by field, and `foreign`
    the words of other systems in the form of `plain_word`; `units` are added to amounts (`m`);
    `defaults` fill empty cells of new records; `orders` has the order of year, month and day in a
    column, `decimals` the decimal sign of a column of numbers, and `shares` are columns of
    percentages as shares of one; `key` is the column of foreign ids. `lists_added` are lists to
    which a row adds, instead of replacing them. `country` is the column of the country for the
    phones of a row, and `home` the country of all others; `name_parts` are the columns of first and
    last name, if there is no column of the whole name; `outcome` is the column that says whether a
    deal is won or lost, beside its stage. A file of our `own` export has values that are taken as
    they are. With `lenient`, an unreadable cell is left out, unless the record needs it.
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
    foreign: Mapping[str, Mapping[str, str]] = {}
    decimals: Mapping[str, Decimal] = {}
    shares: frozenset[str] = frozenset()
    country: str | None = None
    home: str | None = None
    outcome: str | None = None
    lenient: bool = False
    own: bool = False
    key_found: bool = False
    name_parts: tuple[str | None, str | None] | None = None


_REMEMBERED = 10_000  # values of a file that are read once

Say = Callable[[str, str], None]
"""Reports a change that was made to a cell of the current row, with the cell."""

Remark = Callable[[str, int, str], None]
"""Reports a change to a cell that nobody asked for: what, the line, the cell."""


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

        def say(what: str, cell: str) -> None:
            remark(what, line, cell)

        if recipe.own:
            # An export of ours holds values in our own forms: they are taken as they are.
            given = {**recipe.defaults, **typed}
            return Draft(line, typed, _read_all(recipe, given, typed, read_given, say), ids, key)
        if recipe.outcome is not None:
            _close(recipe, typed, cells.get(recipe.outcome, ""))
        if any(name in typed for name in phones):
            country = _country(recipe, typed, ids, cells, country_of)
            for name in filter(typed.__contains__, phones):
                _dial(recipe, typed, name, country or reading.config["me.country"], say)
        if recipe.kind == "account":
            _pages(recipe, typed, say)
        given = {**recipe.defaults, **typed}
        if recipe.kind == "log" and "score" not in given and "scale" not in typed:
            given.pop("scale", None)  # its default is for rows with a score
        if recipe.kind == "deal" and "title" not in given:
            _entitle(given, key)
        if recipe.kind == "contact" and "name" not in given and given.get("emails"):
            given["name"] = name_in_address(given["emails"])
            say("contacts got their names from their addresses", given["name"])
        if recipe.kind == "log" and "\n" in given.get("summary", ""):
            _summarise(given, typed)
        values = _read_all(recipe, given, typed, read_given, say)
        _say_rounded(recipe, values, typed, say)
        if recipe.kind == "deal":
            _opened_before(recipe, reading, values, typed, say)
        return Draft(line, typed, values, ids, key, _part_of_name(recipe, cells))

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


def _say_rounded(
    recipe: Recipe, values: Mapping[str, Stored], typed: Mapping[str, str], say: Say
) -> None:
    """Report an amount with more decimals than its currency has."""
    for name, cell in typed.items():
        if recipe.fields[name].type != model.MONEY:
            continue
        decimals = figures(cell).partition(".")[2].rstrip("0")
        exact = any(char.isalpha() for char in cell[-2:]) and not cell[-3:].isalpha()  # 1.2345m
        places = DIGITS.get(str(values.get("currency")), 2)
        if len(decimals) > places and not exact:
            say("amounts were rounded to what their currency keeps", cell)


def _with_cure(recipe: Recipe, name: str, value: str, error: AcctError) -> AcctError:
    """Return the error with the option that fixes it for the whole file, if there is one."""
    words = recipe.foreign.get(name, {})
    if not words:
        return error
    ours = next(iter(error.candidates), None) or next(iter(words.values()))
    option = shlex.quote(f"{name}:{value}={ours}")
    message = f"{error.message.rstrip('.')}. To read it as {ours}: --value {option}"
    return Invalid(message, candidates=error.candidates)


def _close(recipe: Recipe, typed: dict[str, str], outcome: str) -> None:
    """Set the stage of a deal from a column that says whether it is won or lost."""
    word = plain_word(outcome)
    ours = recipe.foreign.get("outcome", {}).get(word)
    if ours:
        typed["stage"] = ours


def _country(
    recipe: Recipe,
    typed: Mapping[str, str],
    ids: Mapping[str, tuple[str, ...]],
    cells: Cells,
    country_of: Callable[[str], str | None],
) -> str | None:
    """Return the country for the phones of a row, from the row or its account."""
    from acctcli.values import addresses

    column = recipe.country
    said = typed.get("country") or (cells.get(column, "") if column else "")
    if said.strip():
        try:
            return addresses.country(said)
        except AcctError:
            pass  # it is refused, or left out, under its own name
    named = (typed.get("account"), *ids.get("account", ()))
    found = (country_of(account) for account in named if account)
    return next(filter(None, found), None) or recipe.home


def _dial(
    recipe: Recipe,
    typed: dict[str, str],
    name: str,
    country: str | None,
    say: Say,
) -> None:
    """Read the phones of a row; a text that is no phone number goes to the notes."""
    from acctcli.values import addresses

    field = recipe.fields[name]
    notes = "description" if recipe.kind == "account" else "notes"
    good: list[str] = []
    for one in filter(None, map(str.strip, split(field, typed.pop(name)))):
        try:
            good.append(addresses.phone(one, country, recipe.columns[name][0]))
        except Invalid:
            if not country and "+" not in one and any(map(str.isdigit, one)) and not recipe.lenient:
                raise Invalid(
                    f"{recipe.columns[name][0]} {text.quoted(one)} has no country code. To give it "
                    "for all of them, as in Germany: --default country=DE"
                ) from None
            if notes not in recipe.fields:
                good.append(one)
                continue
            typed[notes] = text.joined(typed.get(notes), f"Phone: {one}") or ""
            say(f"phones could not be read and are kept in the {notes}", one)
    if good:
        typed[name] = "; ".join(good)


def _pages(recipe: Recipe, typed: dict[str, str], say: Say) -> None:
    """Keep a company's page on a shared host as a link: the host identifies nobody."""
    from acctcli.values import addresses, identity

    for name, field in recipe.fields.items():
        if field.type != model.WEBSITE or name not in typed:
            continue
        own = []
        for one in filter(None, map(str.strip, typed.pop(name).split(";"))):
            page = one if "://" in one else f"https://{one}"
            try:
                shared = not identity.identifies(model.WEBSITE, addresses.website(one))
            except AcctError:
                shared = False
            if shared and "/" in page.partition("://")[2].strip("/"):
                typed["links"] = "; ".join(filter(None, (typed.get("links", ""), page)))
                say("pages on a host that many share are kept as links", one)
            else:
                own.append(one)
        if own:
            typed[name] = "; ".join(own)


def _part_of_name(recipe: Recipe, cells: Cells) -> str:
    """Return `first` or `last` if a row has only that part of a person's name, else ""."""
    if not recipe.name_parts:
        return ""
    first, last = (bool(column and cells.get(column, "").strip()) for column in recipe.name_parts)
    return "first" if first and not last else "last" if last and not first else ""


def _summarise(given: dict[str, str], typed: dict[str, str]) -> None:
    """Keep a summary of several lines: its first line as the summary, all of it as the body."""
    whole = given["summary"]
    first = next(line.strip() for line in whole.splitlines() if line.strip())
    given["summary"] = typed["summary"] = first
    if not given.get("body"):
        given["body"] = typed["body"] = whole


def _opened_before(
    recipe: Recipe,
    reading: Reading,
    values: dict[str, Stored],
    typed: Mapping[str, str],
    say: Say,
) -> None:
    """Make the opening day of a closed deal its closing day, if it was entered later."""
    stage = reading.config.stage(str(values.get("stage") or ""))
    if stage is None or stage.open or "opened_on" not in typed:
        return
    closed, opened = values.get("closed_on") or values.get("close_date"), values["opened_on"]
    today = iso(reading.clock.today)  # a deal entered on a day to come is refused by the rules
    if isinstance(closed, str) and isinstance(opened, str) and closed < opened <= today:
        values["opened_on"] = closed
        say("deals were entered after they closed and count as opened that day", opened)


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


def _plan(
    recipe: Recipe, target: str, reading: Reading, remark: Remark
) -> tuple[str, Callable[[Cells], str]]:
    """Return the function that takes the text of one field from the cells of a row."""
    columns = recipe.columns[target]
    field = recipe.fields.get(target)
    words = recipe.translations.get(target)
    steps: list[Callable[[str], str]] = []
    if words:
        steps.append(partial(translated, words, field is not None and field.many))
    if field is not None:
        steps += (
            []
            if recipe.own
            else forms(
                field,
                decimal=recipe.decimals.get(columns[0], "point"),
                share=columns[0] in recipe.shares,
            )
        )
        if field.flag == "tag" and not recipe.own:
            steps.insert(0, partial(_say_groups, columns[0], remark))
        foreign = {} if recipe.own else recipe.foreign.get(target)
        if foreign:
            star = (words or {}).get("*")
            steps.append(_memoised(partial(_foreign, foreign, star, columns[0], remark)))
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


def _foreign(
    words: Mapping[str, str], star: str | None, column: str, remark: Remark, value: str
) -> str:
    """Return our word for a foreign one; `star` is for all unknown ones."""
    ours = words.get(plain_word(value), star if value else None)
    if ours is None:
        return value
    if plain_word(ours) != plain_word(value):
        remark(f"{column} {text.quoted(value)} was read as {ours}", 0, "")
    return ours


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
