"""Turn the options of an import into the recipe for reading the rows of its file.

Options are checked against the columns of the file: an unknown name is refused with similar ones,
before any row is read. A preset stores the same options.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from acctcli import ids, text
from acctcli.book.asked import ONE_OF_NOUNS, kind_named
from acctcli.book.context import Context
from acctcli.book.imports import options, spreadsheets
from acctcli.cellforms import FLAGS
from acctcli.errors import Invalid, UsageError
from acctcli.frozen import Frozen, FrozenRow
from acctcli.interop import headers, vocabularies
from acctcli.interop.exporters import Fitted
from acctcli.interop.headers import squeezed
from acctcli.interop.rows import FileTable, header_key, texts
from acctcli.model import DAY, KINDS, MOMENT, MONEY, NOUNS, PHONE, SCALES, Field, named
from acctcli.recipes import FURTHER, Recipe
from acctcli.survey import survey
from acctcli.values.vocabulary import plain_word

_OUR_NUMBER = r"[A-Z]+-[0-9]{4,}"
_OF_QUOTES = {"number", "version", "deal_id"}
_OF_EXPORTS = {"created_at", "updated_at"}


class Asked(Frozen):
    """How to read a file, as typed; anything else is detected, or has our defaults."""

    kind: str = ""
    map: tuple[str, ...] = ()
    value: tuple[str, ...] = ()
    default: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    key: str = ""
    date_format: str = ""
    encoding: str = ""
    delimiter: str = ""
    create_accounts: bool = False
    duplicate: bool = False
    decimal: str = ""
    lenient: bool = False
    sheet: str = ""
    create_contacts: bool = False
    theirs: bool = False
    system: str = ""

    def over(self, preset: Mapping[str, Any]) -> Asked:
        """Return these options on top of a preset's, which lose where both set the same."""
        merged: dict[str, Any] = {}
        for name, said in self.as_dict().items():
            kept = preset.get(name)
            if isinstance(said, tuple):
                own = {options.about(pair) for pair in said}
                said = (*(pair for pair in kept or () if options.about(pair) not in own), *said)
            merged[name] = said or kept
        return Asked(**{name: value for name, value in merged.items() if value is not None})

    def given(self) -> dict[str, Any]:
        """Return the options that were given: those that a preset stores."""
        return {name: value for name, value in self.as_dict().items() if value}

    def words(self) -> str:
        """Return the given options as the words of a command line."""
        words: list[str] = []
        for name, said in self.given().items():
            flag = options.flag(name)
            several = said if isinstance(said, list | tuple) else (said,)
            for one in several:
                words += [flag] if one is True else [flag, one]
        return shlex.join(words)


class Stranger(FrozenRow):
    """A domain or address in mail that nobody in the book has.

    `messages` is how many messages it is in, and `command` adds it.
    """

    address: str
    messages: int
    command: str


class FoundMail(Frozen):
    """What is in a file of mail beside its rows.

    `left_out` counts, by kind, the messages that no person wrote; `strangers` are those with most
    messages first.
    """

    messages: int
    left_out: Mapping[str, int]
    strangers: Sequence[Stranger]


class ImportPlan(Frozen):
    """The recipe of a file, the columns without a field, and what to say about its columns.

    `filled` says in how many rows the columns that are left out have a cell.
    """

    recipe: Recipe
    left_out: Sequence[str]
    notes: Sequence[str]
    filled: Mapping[str, int] = {}
    mail: FoundMail | None = None


class Loaded(Frozen):
    """A file: its path (None for stdin), its table, and how it is read."""

    path: Path | None
    name: str
    table: FileTable
    plan: ImportPlan


def plan(
    context: Context,
    name: str,
    table: FileTable,
    asked: Asked,
    *,
    linked: bool = False,
    exported: Fitted | None = None,
) -> ImportPlan:
    """Return how the rows of a file are read.

    A file that comes with others (`linked`) has the ids of its system as its key, so that the
    others can name its records by them; options then count for the files that have their field.
    `exported` is the table of another system that the file is.

    Raises `UsageError` for an option that does not fit the file or its kind, and `Invalid` for days
    with two readings.
    """
    columns = options.FileColumns(name, table.columns)
    key = columns.named("--key", asked.key) if asked.key else None
    fixed = own_columns(table, key)
    kind = (
        exported.table.kind if exported else _kind(context, name, table.columns, asked, key, fixed)
    )
    fields = context.fields(kind)
    theirs = None if key or "id" in fixed else _their_id(kind, table, exported)
    if linked:
        key = key or theirs
        asked = of_kind(asked, fields)

    bare = _called(table.columns)
    mapped = options.mapped(asked.map, kind, fields, columns)
    chosen = {column for names in mapped.values() for column in names}
    known: dict[str, tuple[str, ...]] = {}
    if exported:
        known = {
            target: names
            for target, names in exported.columns.items()
            if target not in mapped and not chosen & {*names}
        }
    spoken_for = chosen | {column for names in known.values() for column in names}
    if exported:
        spoken_for |= exported.ignored | ({exported.id} if exported.id else set())
    rest = [column for column in table.columns if column not in spoken_for]
    found = headers.match(kind, fields, rest, fixed=fixed, called=bare, again=table.again)
    others = {t: found.columns[t] for t in found.columns if t not in mapped and t not in known}
    if not fixed:
        others = _without_flags(table, others, fields)
    notes = exported.table.notes() if exported else []
    if kind == "contact" and (titled := _titles(context, table, others, fields)) != others:
        column = text.quoted(titled["title"][0])
        notes.append(f"{column} is read as the job title. To leave it out: --map title=")
        others = titled
    matched = known | others
    notes += _abroad(kind, others)
    _refuse_twice(name, table, others, fields)
    used = {column for names in (mapped | matched).values() for column in names}
    unused = {*table.columns} - used - {key}
    defaults, home = options.defaults(asked.default, kind, fields)
    values = exported.table.values if exported else {}
    if kind == "log" and "kind" not in {*mapped, *matched, *values, *defaults}:
        named = headers.kind_of_logs(table.columns)
        values = {"kind": named} if named else {}
    currencies: dict[str, str] = {}
    if "currency" not in {*mapped, *matched, *defaults}:
        for target, (column, code) in _currencies(fields, mapped | matched).items():
            currencies[target] = code
            notes.append(f"amounts are in {code}, as {text.quoted(column)} says")
    recipe = Recipe(
        kind=kind,
        fields=fields,
        columns={target: names for target, names in (mapped | matched).items() if names},
        translations=options.translations(asked.value, kind, fields),
        units=options.units(asked.unit, kind, fields),
        currencies=currencies,
        defaults=_scale(mapped | matched) | dict(values) | defaults,
        key=key,
        foreign=_foreign(context, kind, fields),
        country=() if "country" in fields else headers.country_columns(table.columns),
        region=() if "region" in fields else headers.region_columns(table.columns),
        home=home,
        outcome=_outcome(table, unused) if kind == "deal" else None,
        lenient=asked.lenient,
        own="id" in fixed,
        either=frozenset(exported.either & known.keys()) if exported else frozenset(),
        begins=exported.table.begins if exported else {},
        about=exported.table.about if exported else (),
        exported=exported.table.system if exported else "",
        seconds=exported.table.seconds if exported else False,
        cents=exported.cents - chosen if exported else frozenset(),
    )
    if table.columns and not recipe.columns:
        raise UsageError(
            f"{name}: none of its columns is known for {KINDS[kind].several}. "
            f"Name them with --map: {', '.join(table.columns)}"
        )
    seen = survey(
        recipe,
        (texts(row) for row in table.rows()),
        context.reading_of_files,
        file=name,
        order=options.date_format(asked.date_format),
        decimal=options.decimal(asked.decimal),
        exact=table.delimiter is None or "id" in fixed,
        counted=unused,
        abroad=[column for column, _ in headers.read_abroad(kind, others)],
        known=spreadsheets.day_orders(context, table.rows(), recipe),
    )
    lists_added = {
        target
        for target, names in recipe.columns.items()
        if target in fields and fields[target].many and squeezed(names[0]) != squeezed(target)
    }
    recipe = recipe.replace(
        orders=seen.orders,
        decimals=seen.decimals,
        shares=seen.shares,
        lists_added=frozenset(lists_added | ({*FURTHER} - recipe.columns.keys())),
        key_found=linked and not asked.key and key is not None,
        name_parts=headers.name_parts(recipe.columns.get("name", ()))
        if kind == "contact"
        else None,
    )
    left_out = [column for column in table.columns if column in unused - {recipe.outcome}]
    notes += seen.notes
    if theirs and key is None:
        notes.append(
            f"every row has its own {text.quoted(theirs)}: with --key {shlex.quote(theirs)} the "
            "same rows are found again"
        )
    recipe = recipe.replace(unused=tuple(left_out))
    return ImportPlan(recipe, left_out, notes, {c: seen.filled.get(c, 0) for c in left_out})


def _called(columns: Sequence[str]) -> dict[str, str]:
    """Return the names of columns that are called after their table, or end in a currency."""
    _, bare = headers.without_prefix(columns)
    return {column: name for column, (name, _) in headers.with_currency(columns).items()} | bare


def _abroad(kind: str, matched: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Say which columns were read by a name in another language: the table may be wrong there."""
    found = headers.read_abroad(kind, matched)
    said = [f"{text.quoted(column)} as {target.replace('_', ' ')}" for column, target in found]
    return [f"read {text.sentence_list(said, len(said))}"] if said else []


def _currencies(
    fields: Mapping[str, Field], matched: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, str]]:
    """Return the column of each amount whose name has its currency, with the code."""
    found = {}
    for target, columns in matched.items():
        if target in fields and fields[target].type == MONEY and len(columns) == 1:
            named = headers.with_currency(columns).get(columns[0])
            if named:
                found[target] = (columns[0], named[1])
    return found


_ENDS = {
    "won": ("won", "true", "yes", "1", "closed won"),
    "lost": ("lost", "closed lost", "canceled", "cancelled", "deleted"),
    "": ("open", "false", "no", "0", "", "in progress", "new"),
}
"""Words of a column that says how deals ended; those that leave it to the stage have no word."""


def _outcome(table: FileTable, unused: Collection[str]) -> str | None:
    """Return the column that says how a deal ended, if all of its words say that."""
    column = headers.outcome_column(unused)
    if column is None:
        return None
    known = {word for words in _ENDS.values() for word in words}
    said = (plain_word(texts(row).get(column, "")) for row in table.rows())
    return column if all(word in known for word in said) else None


def _titles(
    context: Context,
    table: FileTable,
    matched: dict[str, tuple[str, ...]],
    fields: Mapping[str, Field],
) -> dict[str, tuple[str, ...]]:
    """Return the columns with `Role` as the job title, if few of its words are roles of ours."""
    if "role" not in matched or "title" in matched or context.config.required:
        return matched
    from acctcli.values.vocabulary import words_of

    own = words_of(fields["role"], context.config)
    known = {*map(plain_word, own), *vocabularies.translations("contact", "role", own)}
    [column] = matched["role"]
    said = {plain_word(texts(row).get(column, "")) for row in table.rows()} - {""}
    if not said or 2 * len(said & known) >= len(said):
        return matched
    return {("title" if name == "role" else name): of for name, of in matched.items()}


def _without_flags(
    table: FileTable, matched: Mapping[str, tuple[str, ...]], fields: Mapping[str, Field]
) -> dict[str, tuple[str, ...]]:
    """Return the columns without those of days that only say yes or no, such as `Closed`."""
    dated = {
        target: columns[0]
        for target, columns in matched.items()
        if target in fields and fields[target].type in (DAY, MOMENT)
    }
    doubtful = dict(dated)
    if not doubtful:
        return dict(matched)
    seen = dict.fromkeys(doubtful, False)
    for row in table.rows():
        cells = texts(row)
        for target in list(doubtful):
            cell = cells.get(doubtful[target], "").strip()
            if cell and plain_word(cell) not in _FLAG_WORDS:
                del doubtful[target]
            seen[target] = seen[target] or bool(cell)
        if not doubtful:
            break
    flags = {target for target in doubtful if seen[target]}
    return {target: columns for target, columns in matched.items() if target not in flags}


_FLAG_WORDS = frozenset(("0", "1", "true", "false", "yes", "no", "y", "n", *FLAGS))


def _their_id(kind: str, table: FileTable, exported: Fitted | None) -> str | None:
    """Return the column with ids of another system: filled in every row, and unique."""
    _, bare = headers.without_prefix(table.columns)
    column = exported.id if exported else headers.own_id(kind, table.columns, bare)
    if column is None:
        return None
    seen = set[str]()
    for row in table.rows():
        value = texts(row).get(column, "").strip()
        if not value or value in seen:
            return None
        seen.add(value)
    return column if seen else None


def of_kind(asked: Asked, fields: Mapping[str, Field]) -> Asked:
    """Return the options given for several files that name fields of this one."""

    def own(pairs: Iterable[str]) -> tuple[str, ...]:
        return tuple(pair for pair in pairs if named(fields, options.about(pair).partition(":")[0]))

    dials = any(field.type == PHONE for field in fields.values())
    country = [one for one in asked.default if dials and options.about(one) == "country"]
    default = dict.fromkeys((*own(asked.default), *country))
    return asked.replace(
        map=own(asked.map), value=own(asked.value), unit=own(asked.unit), default=tuple(default)
    )


def _refuse_twice(
    file: str,
    table: FileTable,
    matched: Mapping[str, tuple[str, ...]],
    fields: Mapping[str, Field],
) -> None:
    """Refuse a file that has two columns of one name for a field that has one value."""
    names = set(table.again.values())
    for target, columns in matched.items():
        twice = names & set(columns)
        if twice and target in fields and not fields[target].many:
            column = next(iter(twice))
            other = next(again for again, once in table.again.items() if once == column)
            raise Invalid(
                f"{file}: two columns are named {text.quoted(column)}. Rename one, or choose: "
                f"--map {target}={shlex.quote(other)}"
            )


def _foreign(
    context: Context, kind: str, fields: Mapping[str, Field]
) -> dict[str, Mapping[str, str]]:
    """Our words by those of other systems, by field; of deals also those that end them."""
    from acctcli.values.vocabulary import words_of

    stages = context.config.stages
    won = next((stage.name for stage in stages if stage.won), "")
    lost = next((stage.name for stage in stages if stage.lost), "")
    found: dict[str, Mapping[str, str]] = {}
    for name, field in fields.items():
        own = words_of(field, context.config)
        if own and not field.many:
            words = vocabularies.translations(kind, name, own, won=won, lost=lost)
            if words:
                found[name] = words
    if kind == "deal":
        ends = dict.fromkeys(_ENDS["won"], won) | dict.fromkeys(_ENDS["lost"], lost)
        found["outcome"] = {word: ours for word, ours in ends.items() if ours}
    return found


def _scale(columns: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the scale of a score whose column is named after it, such as `NPS`."""
    named = {header_key(name) for name in columns.get("score", ())} & {*SCALES}
    return {"scale": named.pop()} if len(named) == 1 and "scale" not in columns else {}


def own_columns(table: FileTable, key: str | None) -> frozenset[str]:
    """Return which columns with the name of a fixed field come from an export of ours."""

    def others(column: str, is_ours: Callable[[str], object]) -> tuple[int, int]:
        """Return how many filled cells are in our form, and how many are not."""
        cells = (texts(row).get(column, "") for row in table.rows())
        fit = Counter(bool(is_ours(cell)) for cell in cells if cell)
        return fit[True], fit[False]

    found = set[str]()
    if "number" in table.columns and not others("number", re.compile(_OUR_NUMBER).fullmatch)[1]:
        found.add("number")
    if key == "id" or "id" not in table.columns:
        return frozenset(found)
    ours, theirs = others("id", ids.is_id)
    # An id that was typed into an export of ours does not make the others foreign.
    if not theirs or (ours and (ours >= theirs or {*table.columns} >= _OF_EXPORTS)):
        found |= {"id", "created_at", "updated_at", "archived_at", "playbook"}
        if set(table.columns) >= _OF_QUOTES:
            found.add("number")  # quotes have a form of their own
    return frozenset(found)


_PREFIXED = {
    "deal": "deal",
    "person": "contact",
    "organization": "account",
    "activity": "log",
    "lead": "contact",
    "product": "product",
}
"""The kind of rows whose columns all begin with the name of their table."""


def _kind(
    context: Context,
    name: str,
    columns: Sequence[str],
    asked: Asked,
    key: str | None,
    fixed: frozenset[str],
) -> str:
    if asked.kind:
        return kind_named(asked.kind)
    mapped = [pair.partition("=")[2].strip() for pair in asked.map]
    others = [*mapped, *([key] if key else [])]
    prefix, _ = headers.without_prefix(columns)
    bare = _called(columns)
    own = _PREFIXED.get(prefix)
    if own:
        return own
    fields_of = {kind: context.fields(kind) for kind in NOUNS}
    fitting = headers.fitting_kinds(columns, fields_of, fixed=fixed, others=others, called=bare)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        several = text.one_of(fitting)
        raise UsageError(f"{name}: its rows could be {several}. Give --as: {ONE_OF_NOUNS}")
    best = headers.fits(columns, fields_of, fixed=fixed, others=others, called=bare)[0]
    known = (
        f"The nearest is {best.kind}, which lacks {' and '.join(best.lacks)}" if best.weight else ""
    )
    one = ""
    if len(columns) == 1 and "@" in columns[0]:
        one = " Begin the file with a line that names the column, such as Email."
    elif len(columns) == 1:
        one = " It has one column: is --delimiter missing, or are there lines above its header?"
    why = f"its columns do not show what its rows are. {known or 'None of them is known'}.{one}"
    raise UsageError(f"{name}: {why} Give --as: {ONE_OF_NOUNS}")
