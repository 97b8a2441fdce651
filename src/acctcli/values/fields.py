"""The one way from what people type to what is stored, and back to what machines read.

Options, `--set`, the edit form and every import read text through `read_field`;
JSON, CSV and TSV write through `machine` and `cell`, which `read_field` takes
back unchanged. A stored value is what SQLite keeps: text (days and moments in
ISO form), integers (money in minor units, flags as 0 and 1), floats, or a
tuple of texts for lists. References stay text here: only the store can say
which record a name means.

How a value looks to a person is the renderer's business, not this module's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from math import isfinite
from typing import Any, overload

from acctcli import model, text
from acctcli.config import Config
from acctcli.errors import Invalid, UsageError
from acctcli.frozen import Frozen
from acctcli.model import Field, Record, Ref
from acctcli.values import money
from acctcli.values.dates import (
    FIRST_DAY,
    LAST_MOMENT,
    Clock,
    iso,
    local,
    parse_iso_day,
    parse_iso_moment,
)

Stored = str | int | float | tuple[str, ...] | None

YES = ("yes", "y", "true", "1", "on")
NO = ("no", "n", "false", "0", "off")
MAX_INTEGER = 2**63 - 1
MAX_DIGITS = 15  # what a float keeps of any number

# Commas part thousands and nothing else: `1,5` is one and a half to half of Europe.
_DIGITS = "(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)"


class Reading(Frozen):
    """What the reading of a value depends on besides its text.

    `find(kind, name)` gives the id of the record that a name means; only filters use it.
    `of_file`: the values are cells of a file, in which the start of a word is not the word.
    """

    clock: Clock
    config: Config
    find: Callable[[str, str], str] | None = None
    of_file: bool = False


class Exact(str):
    """Digits that go into JSON as a number, exactly as they stand: `120000.00`."""

    __slots__ = ()


class Unreadable(str):
    """What stands in the book where no value of the field does: shown as it is, never judged."""

    __slots__ = ()


def known(value: Any) -> Any:
    """The value, for those who count or compare: None where it is `Unreadable`."""
    return None if isinstance(value, Unreadable) else value


@overload
def exact(minor: int, currency: str) -> Exact: ...


@overload
def exact(minor: int | None, currency: str | None) -> Exact | None: ...


def exact(minor: int | None, currency: str | None) -> Exact | None:
    """An amount in minor units as JSON has it; None where there is none, or no currency to it."""
    return None if minor is None or currency is None else Exact(money.plain(minor, currency))


def read_field(
    field: Field, typed: str, reading: Reading, *, currency: str | None = None, what: str = ""
) -> Stored:
    """Turn one typed value into its stored form; `what` begins the message of an error.

    Money needs the `currency` it is in. Raises `UsageError` for text that is
    not a value of this kind and `Invalid` for a value that cannot be kept.
    """
    what = what or field.label
    if not typed.strip():
        return None
    reader = _READERS.get(field.type)
    if reader is not None:
        return reader(typed, what, reading)
    match field.type:
        case model.DAY:
            return _day(field, typed, what, reading)
        case model.MOMENT:
            return _moment(field, typed, what, reading)
        case model.MONEY:
            default = currency or reading.config["me.currency"]
            return money.read_amount(typed, what=what, default=default)[0]
        case model.CHOICE | model.TIER | model.STAGE:
            from acctcli.values import vocabulary  # most lists are not asked by a word

            words = vocabulary.words_of(field, reading.config)
            return vocabulary.one_of(typed, words, what, whole=reading.of_file)
        case _:
            return text.one_line(typed, what)


def read_list(field: Field, typed: Iterable[str], reading: Reading, what: str = "") -> Stored:
    """Read a list: every item may itself be `a; b`. Order is kept, repeats are dropped."""
    items: dict[str, str] = {}
    for part in typed:
        for item in split(field, part):
            value = read_field(field, item, reading, what=what)
            if value is not None:
                # Of `Expo` and `expo` the first is kept: no filter could tell them apart.
                kept = str(value)
                items.setdefault(text.key(kept) if field.type == model.TEXT else kept, kept)
    return tuple(items.values())


def split(field: Field, part: str) -> list[str]:
    """The items of a list that are written as one text, `a; b`; tags are parted by commas too."""
    items = re.split("[;,]", part) if field.flag == "tag" else part.split(";")
    if field.type == model.PHONE:
        # `+6561234567;ext=12` is how a number with an extension is written.
        for place in range(len(items) - 1, 0, -1):
            if items[place].startswith("ext="):
                items[place - 1] += ";" + items.pop(place)
    return items


def read_values(
    fields: Mapping[str, Field],
    given: Mapping[str, str | list[str]],
    reading: Reading,
    *,
    currency: str | None = None,
    stands: Mapping[str, Any] | None = None,
    says: Mapping[str, str] | None = None,
) -> dict[str, Stored]:
    """Read what was given for one record. An empty text clears the field.

    `currency` is the one the record has already; a currency given along, in its
    own field or with the amount (`SGD 1200`), wins and is part of the result. A time
    alone, of an appointment, is meant of the day it is due: as given, else as it `stands`.
    A change of what stands (`+5k`, `+2w`) is added to it: see `relative`.
    `says` maps a field to the words that errors begin with (`--due`, `column Due`).
    """
    says = says or {}
    values: dict[str, Stored] = {}
    typed_currency = given.get("currency")
    if isinstance(typed_currency, str) and typed_currency.strip():
        currency = money.read_currency(typed_currency, says.get("currency", "currency"))
        values["currency"] = currency
    for name, typed in given.items():
        field = fields[name]
        what = says.get(name, field.label)
        if field.many:
            values[name] = read_list(
                field, [typed] if isinstance(typed, str) else typed, reading, what
            )
        elif not isinstance(typed, str):
            raise Invalid(f"{what}: a list is given where one value is kept")
        elif field.type == model.MONEY and typed.strip():
            given_currency = currency if typed_currency else None
            default = currency or reading.config["me.currency"]
            minor, found = money.read_amount(typed, given_currency, what, default=default)
            if stands is not None and not reading.of_file:
                from acctcli.values import relative  # an edit of an amount

                minor = relative.amount(field, stands, typed, minor, found, what)
            values[name], values["currency"] = minor, found
            currency = found
        elif name != "currency":
            if field.type == model.DAY and stands is not None and not reading.of_file:
                from acctcli.values import relative

                typed = relative.day(known(stands.get(name)), typed, what)
            if field.day and typed.strip():
                typed = _on_its_day(typed, given.get(field.day), stands and stands.get(field.day))
            values[name] = read_field(field, typed, reading, what=what)
        elif not typed.strip():
            values.setdefault(name, None)  # an amount that is given along has its currency
    return values


def _on_its_day(typed: str, given: object, stands: object) -> str:
    """The moment as typed; a time alone with the day that is given along, or stands."""
    from acctcli.values.times import is_time_alone

    day = given if isinstance(given, str) and given.strip() else stands
    return f"{day} {typed}" if isinstance(day, str) and is_time_alone(typed) else typed


def follow_currency(
    fields: Mapping[str, Field], row: Mapping[str, Any], found: Mapping[str, Any]
) -> dict[str, Any]:
    """`found` with the amounts of `row` that a change of currency touches: 1,200 stays 1,200.

    Amounts are kept in minor units, and not every currency has as many. Raises `Invalid`
    where the new one has fewer digits than an amount needs, or an amount is left without one.
    """
    result = dict(found)
    old, new = row["currency"], found.get("currency", row["currency"])
    for name, field in fields.items():
        amount = found.get(name, row.get(name)) if field.type == model.MONEY else None
        if amount is None:
            continue
        if new is None:
            raise Invalid(f"the currency cannot be empty: the {field.label} needs one")
        if name not in found and old and money.digits(old) != money.digits(new):
            result[name] = money.read_amount(money.plain(amount, old), new, field.label)[0]
    return result


def _integer(typed: str, what: str) -> int:
    if not re.fullmatch(f"-?{_DIGITS}", typed.strip()):
        raise UsageError(
            f"{what} {text.quoted(typed)} is not a whole number. Write it like 1200 or 1,200"
        )
    digits = typed.strip().replace(",", "")
    if len(digits) > 20 or abs(int(digits)) > MAX_INTEGER:
        raise Invalid(f"{what} {text.quoted(typed)} is too large. The most is {MAX_INTEGER}")
    return int(digits)


def _not_negative(typed: str, what: str, _: Reading) -> int:
    number = _integer(typed, what)
    if number < 0:
        raise Invalid(f"{what} {number} is below zero")
    return number


def _percent(typed: str, what: str, _: Reading) -> int:
    number = _integer(typed.strip().removesuffix("%"), what)
    if not 0 <= number <= 100:
        raise Invalid(f"{what} {number} is not between 0 and 100")
    return number


def _number(typed: str, what: str, _: Reading) -> float:
    if not re.fullmatch(rf"-?(?:{_DIGITS}(?:\.[0-9]*)?|\.[0-9]+)", typed.strip()):
        raise UsageError(f"{what} {text.quoted(typed)} is not a number. Write it like 1.5 or 1,200")
    bare = typed.strip().replace(",", "")
    if sum(map(str.isdigit, bare)) > MAX_DIGITS:
        raise Invalid(f"{what} {text.quoted(typed)} has more digits than are kept ({MAX_DIGITS})")
    return float(bare)


def _flag(typed: str, what: str, _: Reading) -> int:
    word = typed.strip().lower()
    if word in YES:
        return 1
    if word in NO:
        return 0
    raise UsageError(f'{what} "{text.safe(typed)}" is neither yes nor no')


def _minutes(typed: str, what: str, _: Reading) -> int:
    from acctcli.values.durations import read_duration

    return read_duration(typed, what)


def _every(typed: str, what: str, _: Reading) -> str:
    from acctcli.values.repeats import read_every

    return read_every(typed, what)


def _email(typed: str, what: str, _: Reading) -> str:
    from acctcli.values import addresses

    return addresses.email(typed, what)


def _phone(typed: str, what: str, reading: Reading) -> str:
    from acctcli.values import addresses

    return addresses.phone(typed, reading.config["me.country"] or None, what)


def _website(typed: str, what: str, _: Reading) -> str:
    from acctcli.values import addresses

    return addresses.website(typed, what)


def _linkedin(typed: str, what: str, _: Reading) -> str:
    from acctcli.values import addresses

    return addresses.linkedin(typed, what)


def _profile(typed: str, what: str, _: Reading) -> str:
    from acctcli.values import addresses

    return addresses.profile(typed, what)


def _link(typed: str, what: str, _: Reading) -> str:
    from acctcli.values import addresses

    return addresses.link(typed, what)


def _day(field: Field, typed: str, what: str, reading: Reading) -> str:
    if field.spans:
        from acctcli.values import periods

        return iso(periods.read_last_day(typed, reading.clock.today, what, field.look))
    from acctcli.values.typed_dates import read_day  # most lists are not asked by a day

    return iso(read_day(typed, reading.clock.today, what, field.look))


def _moment(field: Field, typed: str, what: str, reading: Reading) -> str:
    from acctcli.values.typed_moments import read_moment

    return iso(read_moment(typed, reading.clock, what, field.look))


def _country(typed: str, what: str, _: Reading) -> str:
    from acctcli.values import addresses

    return addresses.country(typed, what)


_READERS: dict[str, Callable[[str, str, Reading], Stored]] = {
    model.LONG: lambda typed, what, _: text.paragraph(typed, what),
    model.INTEGER: _not_negative,
    model.NUMBER: _number,
    model.PERCENT: _percent,
    model.CURRENCY: lambda typed, what, _: money.read_currency(typed, what),
    model.FLAG: _flag,
    model.MINUTES: _minutes,
    model.EVERY: _every,
    model.EMAIL: _email,
    model.PHONE: _phone,
    model.WEBSITE: _website,
    model.LINKEDIN: _linkedin,
    model.PROFILE: _profile,
    model.LINK: _link,
    model.COUNTRY: _country,
    # A part of a list of names, `a; b`, may show nothing: the ids beside it say who is meant.
    model.REF: lambda typed, what, _: text.one_line(typed, what, shown=False),
}


def bounds_of_day(day: date) -> tuple[datetime, datetime]:
    """The first moment (UTC) of a local day, and the first of the day after."""
    after = day + timedelta(days=1)
    first, end = (local(datetime(one.year, one.month, one.day)) for one in (day, after))
    return first.astimezone(UTC), end.astimezone(UTC)


def number_text(value: float) -> str:
    """A quantity without empty decimals and without an exponent: `3`, `1.5`, `0.00001`."""
    if value == int(value):
        return str(int(value))
    shortest = repr(value)
    if "e" not in shortest:
        return shortest
    from decimal import Decimal

    return f"{Decimal(shortest):f}"


def is_value(field: Field, value: Any, row: Mapping[str, Any]) -> bool:
    """Whether a stored value is one of its field; of an amount also that its currency is one."""
    match field.type:
        case model.DAY:
            return isinstance(value, str) and _parses(parse_iso_day, value)
        case model.MOMENT:
            return isinstance(value, str) and _parses(parse_iso_moment, value)
        case model.MONEY:
            return isinstance(value, int) and row.get("currency") in money.DIGITS
        case model.NUMBER:
            return isinstance(value, int | float) and isfinite(value)
        case model.INTEGER | model.PERCENT | model.MINUTES | model.FLAG:
            return isinstance(value, int)
        case _:
            return isinstance(value, str)


def _parses(parse: Callable[[str], date], value: str) -> bool:
    try:
        return FIRST_DAY <= iso(parse(value)) <= LAST_MOMENT
    except Invalid:
        return False


def read_custom(field: Field, stored: str) -> Stored:
    """The value of one of the user's own fields, all of which are kept as text.

    None for what was entered while the settings gave the field another type.
    """
    value: Any = stored
    with suppress(ValueError):
        if field.type in (model.INTEGER, model.PERCENT, model.FLAG):
            value = int(stored)
        elif field.type == model.NUMBER:
            value = float(stored)
    return value if is_value(field, value, {}) else None


def machine(field: Field, value: Any, row: Mapping[str, Any]) -> Any:
    """The JSON form of a stored value; money becomes `Exact` digits of the row's currency."""
    if value is None or isinstance(value, Unreadable):
        return value
    if field.type == model.MONEY:
        return Exact(money.plain(value, row["currency"]))
    if field.type == model.FLAG:
        return bool(value)
    if field.type == model.NUMBER:
        return Exact(number_text(value))
    return value


def cell(field: Field, value: Any, row: Mapping[str, Any]) -> str:
    """The CSV and TSV form of a stored value: the same text that `read_field` takes."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if field.many:
        return "; ".join(value)
    if field.type == model.MONEY:
        return money.plain(value, row["currency"])
    if field.type == model.FLAG:
        return "yes" if value else "no"
    if field.type == model.NUMBER:
        return number_text(value)
    return str(value)


def columns_of(fields: Mapping[str, Field], names: Iterable[str]) -> list[tuple[str, Field]]:
    """Output columns for the field names: a reference takes two, by name and by id."""
    columns = []
    for name in names:
        field = fields[name]
        columns.append((name, field))
        if field.type == model.REF:
            columns.append((field.id_name, field))
    return columns


def as_json(fields: Mapping[str, Field], row: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON object of a row: every field but the derived ones, references twice."""
    names = [name for name, field in fields.items() if not field.derived]
    return {key: machine(field, row.get(key), row) for key, field in columns_of(fields, names)}


def decode(record: type[Record], row: Mapping[str, Any]) -> Any:
    """Make a typed record of a stored row: days become dates, references `Ref`.

    What is no value of its field is None in it.
    """
    values: dict[str, Any] = {}
    for name, field in record.fields.items():
        value = known(row.get(name))
        if field.type == model.REF:
            ids = row.get(field.id_name)
            if field.many:
                value = tuple(map(Ref, ids or (), value or ()))
            else:
                value = Ref(ids, value or "") if ids else None
        elif field.type == model.DAY and value is not None:
            value = parse_iso_day(value)
        elif field.type == model.MOMENT and value is not None:
            value = parse_iso_moment(value)
        elif field.type == model.FLAG:
            value = bool(value)
        elif field.many:
            value = tuple(value or ())
        values[name] = value
    return record(**values)
