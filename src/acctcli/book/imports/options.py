"""The options of an import as typed, checked against the fields of a kind and the file's columns.

An unknown name is refused with similar ones, before any row is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from acctcli import text
from acctcli.book import writing
from acctcli.errors import UsageError
from acctcli.interop import headers
from acctcli.interop.headers import squeezed
from acctcli.model import KINDS, MONEY, PHONE, Field, named
from acctcli.values.number_columns import Decimal


class FileColumns:
    """The columns of a file, which can be found by any spelling of their names."""

    def __init__(self, file: str, columns: Sequence[str]) -> None:
        self.file = file
        self.columns = columns
        self.by_key = {squeezed(column): column for column in reversed(columns)}

    def named(self, flag: str, typed: str) -> str:
        """Return the column of this name. Raises `UsageError` naming similar ones."""
        typed = typed.strip()
        column = typed if typed in self.columns else self.by_key.get(squeezed(typed))
        if column is None:
            near = text.near(typed, self.columns)
            hint = text.did_you_mean([text.safe(column) for column in near])
            hint = hint or f" Columns: {', '.join(map(text.safe, self.columns))}"
            raise UsageError(f"{flag}: {self.file} has no column {text.quoted(typed)}.{hint}")
        return column


_FLAGS = {"kind": "--as", "system": "--preset"}
"""The options that are not called as what they set."""


def flag(name: str) -> str:
    """Return the option that sets something, as it is typed."""
    return _FLAGS.get(name, f"--{name.replace('_', '-')}")


def flags(names: Iterable[str]) -> str:
    """Return the options that set these, in the order of the alphabet."""
    return ", ".join(sorted(map(flag, names)))


def about(pair: str) -> str:
    """Return the field in a `FIELD=…` of an option, however it is spelled."""
    return pair.partition("=")[0].strip().lower().replace("-", "_")


def has_default(typed: Iterable[str], name: str) -> bool:
    """Whether `--default` gives a field a value."""
    return any(about(pair) == name for pair in typed)


def defaults(
    typed: Iterable[str], kind: str, fields: Mapping[str, Field]
) -> tuple[dict[str, str], str | None]:
    """Return the values of `--default`, and the country of phones if the kind has no country."""
    typed = tuple(typed)
    home = None
    if "country" not in fields and any(field.type == PHONE for field in fields.values()):
        of_country = [pair for pair in typed if about(pair) == "country"]
        if of_country:
            from acctcli.values import addresses

            home = addresses.country(of_country[-1].partition("=")[2], "--default country")
            typed = tuple(pair for pair in typed if pair not in of_country)
    return _pairs("--default", typed, kind, fields), home


def decimal(typed: str) -> Decimal | None:
    """Return the decimal sign of `--decimal`, checked."""
    signs: dict[str, Decimal] = {"comma": "comma", ",": "comma", "point": "point", ".": "point"}
    if typed.strip().lower() in signs:
        return signs[typed.strip().lower()]
    if typed:
        raise UsageError(f"--decimal {text.quoted(typed)}: write comma or point")
    return None


def _field(flag: str, typed: str, kind: str, fields: Mapping[str, Field]) -> Field:
    field = named(fields, typed)
    if field is None or field.fixed:
        known = [name for name, f in fields.items() if not f.fixed]
        near = text.near(typed, known, limit=1)
        hint = text.did_you_mean(near)
        raise UsageError(
            f"{flag}: no {KINDS[kind].one} field {text.quoted(typed)}.{hint} "
            f"Fields: {', '.join(known)}"
        )
    return field


def _split(flag: str, typed: str, form: str) -> tuple[str, str]:
    left, equals, right = typed.partition("=")
    if not equals:
        raise UsageError(f"{flag} {text.quoted(typed)} must be written {form}")
    return left.strip(), right.strip()


def _twice(flag: str, about: str, first: str, second: str) -> UsageError:
    return UsageError(f"{flag} {text.safe(about)} is given twice: {first} and {second}. Give one")


def mapped(
    typed: Iterable[str], kind: str, fields: Mapping[str, Field], columns: FileColumns
) -> dict[str, tuple[str, ...]]:
    """Return the columns that options assign to fields; none where a field is left out."""
    id_names = {field.id_name: field.id_name for field in fields.values() if field.target}
    chosen: dict[str, tuple[str, ...]] = {}
    for pair in typed:
        left, right = _split("--map", pair, "field=Column")
        target = id_names.get(left.lower()) or _field("--map", left, kind, fields).name
        column = (columns.named(f"--map {target}", right),) if right else ()
        joins = target in headers.PARTS.get(kind, {}) or (target in fields and fields[target].many)
        before = chosen.get(target, ())
        if target in chosen and not (joins and column and before):
            both = [text.quoted(", ".join(columns)) for columns in (before, column)]
            raise _twice("--map", target, *both)
        chosen[target] = (*before, *column)
    return chosen


def _pairs(
    flag: str, typed: Iterable[str], kind: str, fields: Mapping[str, Field]
) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for pair in typed:
        left, right = _split(flag, pair, "field=value")
        name = _field(flag, left, kind, fields).name
        if name in pairs:
            raise _twice(flag, name, text.quoted(pairs[name]), text.quoted(right))
        writing.refuse_placeholders({name: right}, {name: f"{flag} {name}"})
        pairs[name] = right
    return {name: value for name, value in pairs.items() if value}


def translations(
    typed: Iterable[str], kind: str, fields: Mapping[str, Field]
) -> dict[str, dict[str, str]]:
    """Return our words of `--value` by the key of theirs, by field."""
    found: dict[str, dict[str, str]] = {}
    for pair in typed:
        left, ours = _split("--value", pair, "field:theirs=ours")
        name, colon, theirs = left.partition(":")
        if not colon:
            raise UsageError(f"--value {text.quoted(pair)} must be written field:theirs=ours")
        words = found.setdefault(_field("--value", name, kind, fields).name, {})
        before = words.setdefault(text.key(theirs), ours)
        if before != ours:
            raise _twice("--value", left, text.quoted(before), text.quoted(ours))
    return found


def units(typed: Iterable[str], kind: str, fields: Mapping[str, Field]) -> dict[str, str]:
    """Return the units of `--unit` by field: k, m or bn."""
    units = _pairs("--unit", typed, kind, fields)
    for name, unit in units.items():
        if fields[name].type != MONEY:
            raise UsageError(f"--unit {name}: only an amount has a unit")
        if unit.lower() not in ("k", "m", "bn"):
            raise UsageError(f"--unit {name}={text.safe(unit)}: write k, m or bn")
    return units


def date_format(typed: str) -> str | None:
    """Return the checked order or pattern of `--date-format`."""
    if not typed:
        return None
    from acctcli.values.date_columns import read_date_format

    return read_date_format(typed)
