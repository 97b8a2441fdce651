"""From typed text to stored values, and back to text for machines.

Options, `--set`, the edit form and every import read text through `read_field`; JSON, CSV and TSV
are written through `machine` and `cell`, whose output `read_field` reads back unchanged. A stored
value is what SQLite keeps: text (days and moments in ISO form), integers (money in minor units,
flags as 0 and 1), floats, or a tuple of texts for lists. References stay text here: only the store
knows which record a name means.

The renderer decides how a value looks to people.
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
from acctcli.values import dates, money
from acctcli.values.dates import (
    Clock,
    iso,
    local,
    parse_iso_day,
    parse_iso_moment,
    parses,
)

Stored = str | int | float | tuple[str, ...] | None

YES = ("yes", "y", "true", "1", "on")
NO = ("no", "n", "false", "0", "off")
MAX_INTEGER = 2**63 - 1
MAX_DIGITS = 15  # a float keeps this many digits of any number

# Commas only group thousands: to half of Europe, `1,5` is one and a half.
_DIGITS = "(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)"


class Reading(Frozen):
    """What reading a value depends on, besides its text.

    `find(kind, name)` returns the id of the record that a name means; only filters use it. With
    `of_file`, values are cells of a file, where words cannot be shortened. With `rounds`, digits
    that a currency does not keep are rounded instead of refused; the caller says so.
    """

    clock: Clock
    config: Config
    find: Callable[[str, str], str] | None = None
    of_file: bool = False
    rounds: bool = False


class Exact(str):
    """Digits that become a JSON number exactly as they are: `120000.00`."""

    __slots__ = ()


class Unreadable(str):
    """The stored text of an invalid value: shown as it is, never used for judgement."""

    __slots__ = ()


def known(value: Any) -> Any:
    """Return the value for counting and comparing: None if it is `Unreadable`."""
    return None if isinstance(value, Unreadable) else value


@overload
def exact(minor: int, currency: str) -> Exact: ...


@overload
def exact(minor: int | None, currency: str | None) -> Exact | None: ...


def exact(minor: int | None, currency: str | None) -> Exact | None:
    """Return an amount in minor units for JSON; None without an amount or currency."""
    return None if minor is None or currency is None else Exact(money.plain(minor, currency))


def read_field(
    field: Field, typed: str, reading: Reading, *, currency: str | None = None, what: str = ""
) -> Stored:
    """Read one typed value into its stored form; `what` begins the message of an error.

    Money needs its `currency`. Raises `UsageError` for text that is no value of this type and
    `Invalid` for a value that cannot be stored.
    """
    what = what or field.label
    if not typed.strip():
        return None
    reader = _READERS.get(field.type)
    if reader is not None:
        value = reader(typed, what, reading)
        if field.most is not None and isinstance(value, int) and value > field.most:
            raise Invalid(f"{what} {value} is too large. The most is {field.most}")
        return value
    match field.type:
        case model.DAY:
            return _day(field, typed, what, reading)
        case model.MOMENT:
            return _moment(field, typed, what, reading)
        case model.MONEY:
            default = currency or reading.config["me.currency"]
            return money.read_amount(typed, what=what, default=default, rounds=reading.rounds)[0]
        case model.CHOICE | model.TIER | model.STAGE:
            from acctcli.values import vocabulary  # most lists have no filter by a word

            words = vocabulary.words_of(field, reading.config)
            return vocabulary.one_of(typed, words, what, whole=reading.of_file)
        case _:
            return text.one_line(typed, what)


def read_list(field: Field, typed: Iterable[str], reading: Reading, what: str = "") -> Stored:
    """Read a list; every item may itself be `a; b`. Order is kept, repetitions are dropped."""
    items: dict[str, str] = {}
    for part in typed:
        for item in split(field, part):
            value = read_field(field, item, reading, what=what)
            if value is not None:
                # Of `Expo` and `expo` the first one is kept: no filter could distinguish them.
                kept = str(value)
                items.setdefault(text.key(kept) if field.type == model.TEXT else kept, kept)
    return tuple(items.values())


def split(field: Field, part: str) -> list[str]:
    """Return the items of a list that is written as `a; b`; commas separate tags too."""
    items = re.split("[;,]", part) if field.flag == "tag" else part.split(";")
    if field.type == model.PHONE:
        # A number with an extension is written `+6561234567;ext=12`.
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
    """Read the values of one record. An empty text clears the field.

    `currency` is the one that the record has; a currency among the values, in its own field or with
    the amount (`SGD 1200`), wins and is part of the result. A time alone, for an appointment, is on
    its due day: the given one, else that of `stands`, the stored values. A relative value (`+5k`,
    `+2w`) is added to the stored one: see `relative`. A length (`1y`) for the end of a term is
    counted from its start: see `Field.counts_from`. `says` maps a field to the words that errors
    begin with (`--due`, `column Due`).
    """
    says = says or {}
    values: dict[str, Stored] = {}
    typed_currency = given.get("currency")
    if isinstance(typed_currency, str) and typed_currency.strip():
        currency = money.read_currency(typed_currency, says.get("currency", "currency"))
        values["currency"] = currency
    # Last what counts from another value.
    for name, typed in sorted(given.items(), key=lambda item: bool(fields[item[0]].counts_from)):
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
            minor, found = money.read_amount(
                typed, given_currency, what, default=default, rounds=reading.rounds
            )
            if stands is not None and not reading.of_file:
                from acctcli.values import relative  # an edit of an amount

                minor = relative.amount(field, stands, typed, minor, found, what)
            values[name], values["currency"] = minor, found
            currency = found
        elif name != "currency":
            if field.type == model.DAY and stands is not None and not reading.of_file:
                from acctcli.values import relative

                typed = relative.day(known(stands.get(name)), typed, what)
            if field.counts_from and not typed[-1:].isdecimal():
                from acctcli.values.term_ends import last_day

                stored = {**(stands or {}), **values}
                typed = last_day(field, typed, stored, reading, what) or typed
            if field.day and typed.strip():
                typed = _on_its_day(typed, given.get(field.day), stands and stands.get(field.day))
            values[name] = read_field(field, typed, reading, what=what)
        elif not typed.strip():
            values.setdefault(name, None)  # an amount among the values has a currency already
    return values


def _on_its_day(typed: str, given: object, stands: object) -> str:
    """Return the typed moment; a time alone gets the day that is given, or stored."""
    from acctcli.values.times import is_time_alone

    day = given if isinstance(given, str) and given.strip() else stands
    return f"{day} {typed}" if isinstance(day, str) and is_time_alone(typed) else typed


def follow_currency(
    fields: Mapping[str, Field], row: Mapping[str, Any], found: Mapping[str, Any]
) -> dict[str, Any]:
    """Return `found` plus the amounts of `row` that a new currency affects: 1,200 stays 1,200.

    Amounts are in minor units, and currencies differ in their number. Raises `Invalid` if the new
    one has fewer decimals than an amount needs, or if an amount would lose its currency.
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


def _share(typed: str, what: str, reading: Reading) -> float:
    """Read a percentage that may have decimals; a whole one stays a whole number."""
    number = _number(typed.strip().removesuffix("%").rstrip(), what, reading)
    if not 0 <= number <= 100:
        raise Invalid(f"{what} {number_text(number)} is not between 0 and 100")
    return int(number) if number == int(number) else number


def _flag(typed: str, what: str, _: Reading) -> int:
    word = typed.strip().lower()
    if word not in YES + NO:
        raise UsageError(f'{what} "{text.safe(typed)}" is neither yes nor no')
    return int(word in YES)


def _minutes(typed: str, what: str, _: Reading) -> int:
    from acctcli.values.durations import read_duration

    return read_duration(typed, what)


def _every(typed: str, what: str, _: Reading) -> str:
    from acctcli.values.repeats import read_every

    return read_every(typed, what)


def _address(kind: str) -> Callable[[str, str, Reading], str]:
    """Return the reader of one kind of address; most commands read none and import no reader."""

    def read(typed: str, what: str, _: Reading) -> str:
        from acctcli.values import addresses

        reader: Callable[[str, str], str] = getattr(addresses, kind)
        return reader(typed, what)

    return read


def _phone(typed: str, what: str, reading: Reading) -> str:
    from acctcli.values import addresses

    return addresses.phone(typed, reading.config["me.country"] or None, what)


def _day(field: Field, typed: str, what: str, reading: Reading) -> str:
    if field.dated:
        dates.refuse_without_year(typed, what)
    if field.spans:
        from acctcli.values import periods

        fiscal = reading.config["fiscal.start"]
        return iso(periods.read_last_day(typed, reading.clock.today, what, field.look, fiscal))
    from acctcli.values.typed_dates import read_day  # most lists are not asked by a day

    return iso(read_day(typed, reading.clock.today, what, field.look))


def _moment(field: Field, typed: str, what: str, reading: Reading) -> str:
    from acctcli.values.typed_moments import read_moment

    return iso(read_moment(typed, reading.clock, what, field.look))


_READERS: dict[str, Callable[[str, str, Reading], Stored]] = {
    model.LONG: lambda typed, what, _: text.paragraph(typed, what),
    model.INTEGER: _not_negative,
    model.NUMBER: _number,
    model.PERCENT: _percent,
    model.SHARE: _share,
    model.CURRENCY: lambda typed, what, _: money.read_currency(typed, what),
    model.FLAG: _flag,
    model.MINUTES: _minutes,
    model.EVERY: _every,
    model.EMAIL: _address("email"),
    model.PHONE: _phone,
    model.WEBSITE: _address("website"),
    model.LINKEDIN: _address("linkedin"),
    model.PROFILE: _address("profile"),
    model.LINK: _address("link"),
    model.COUNTRY: _address("country"),
    # An item in a list of names, `a; b`, may be invisible: the ids beside it identify it.
    model.REF: lambda typed, what, _: text.one_line(typed, what, shown=False),
}


def bounds_of_day(day: date) -> tuple[datetime, datetime]:
    """Return the first moment (UTC) of a local day, and that of the next day."""
    after = day + timedelta(days=1)
    first, end = (local(datetime(one.year, one.month, one.day)) for one in (day, after))
    return first.astimezone(UTC), end.astimezone(UTC)


def number_text(value: float) -> str:
    """Return a quantity without trailing zeros and without an exponent: `3`, `1.5`, `0.00001`."""
    if value == int(value):
        return str(int(value))
    shortest = repr(value)
    if "e" not in shortest:
        return shortest
    from decimal import Decimal

    return f"{Decimal(shortest):f}"


def is_value(field: Field, value: Any, row: Mapping[str, Any]) -> bool:
    """Whether a stored value is valid for its field; for an amount, also its currency."""
    match field.type:
        case model.DAY:
            return isinstance(value, str) and parses(parse_iso_day, value)
        case model.MOMENT:
            return isinstance(value, str) and parses(parse_iso_moment, value)
        case model.MONEY:
            return isinstance(value, int) and row.get("currency") in money.DIGITS
        case model.NUMBER | model.SHARE:
            return isinstance(value, int | float) and isfinite(value)
        case model.INTEGER | model.PERCENT | model.MINUTES | model.FLAG:
            return isinstance(value, int)
        case _:
            return isinstance(value, str)


def read_custom(field: Field, stored: str) -> Stored:
    """Return the value of a custom field, which is stored as text.

    None for a value that was entered while the field had another type.
    """
    value: Any = stored
    with suppress(ValueError):
        if field.type in (model.INTEGER, model.PERCENT, model.FLAG):
            value = int(stored)
        elif field.type == model.NUMBER:
            value = float(stored)
    return value if is_value(field, value, {}) else None


def machine(field: Field, value: Any, row: Mapping[str, Any]) -> Any:
    """Return the JSON form of a stored value; money is `Exact` digits in the row's currency."""
    if value is None or isinstance(value, Unreadable):
        return value
    if field.type == model.MONEY:
        return Exact(money.plain(value, row["currency"]))
    if field.type == model.FLAG:
        return bool(value)
    if field.type in (model.NUMBER, model.SHARE):
        return Exact(number_text(value))
    return value


def cell(field: Field, value: Any, row: Mapping[str, Any]) -> str:
    """Return the CSV and TSV form of a stored value, which `read_field` reads back."""
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
    if field.type in (model.NUMBER, model.SHARE):
        return number_text(value)
    return str(value)


def columns_of(fields: Mapping[str, Field], names: Iterable[str]) -> list[tuple[str, Field]]:
    """Return the output columns of fields: a reference has two, its name and its id."""
    columns = []
    for name in names:
        field = fields[name]
        columns.append((name, field))
        if field.type == model.REF:
            columns.append((field.id_name, field))
    return columns


def as_json(fields: Mapping[str, Field], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON object of a row: all fields that are not derived, references twice."""
    return all_as_json(fields, [row])[0]


def all_as_json(
    fields: Mapping[str, Field], rows: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the JSON object of each row."""
    names = [name for name, field in fields.items() if not field.derived]
    columns = columns_of(fields, names)
    return [{key: machine(field, row.get(key), row) for key, field in columns} for row in rows]


def decode(record: type[Record], row: Mapping[str, Any]) -> Any:
    """Make a typed record of a stored row: days become dates, references `Ref`.

    Invalid values are None.
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
