"""Match the columns of a file with fields, by the names that people and other tools use.

Our own names, labels and options come from the model; the words of spreadsheets and other systems
are in `headers.toml`, by kind, and a new one is one more word there. `headers_abroad.toml` has the
words of other languages; an import says which columns it read by them. Names compare as
`header_key` says, without blanks, and `#` is *number*: `Close Date`, `close_date` and `CloseDate`
are the same. Nothing here reads a cell, and similar names do not match: an unknown column is left
out and reported.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from acctcli import packaged
from acctcli.interop.rows import header_key
from acctcli.model import REF, Field
from acctcli.values.money import DIGITS


@functools.cache
def words(table: str = "headers") -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the further names of fields, by kind and field, from `headers.toml` or another."""
    return {
        kind: {field: tuple(map(str.strip, names.split(","))) for field, names in fields.items()}
        for kind, fields in packaged.table("acctcli.interop", table).items()
    }


ABROAD = "headers_abroad"
"""The table of words in other languages."""


def known_names(names: Iterable[str]) -> int:
    """Return how many of these are names of fields, whatever the kind of the rows."""
    return sum(squeezed(name) in _every_name() for name in names)


@functools.cache
def _every_name() -> frozenset[str]:
    own = {name for fields in words().values() for name in fields}
    further = {
        name
        for table in (words(), words(ABROAD))
        for fields in table.values()
        for of in fields.values()
        for name in of
    }
    parts = {
        name
        for fields in PARTS.values()
        for of in fields.values()
        for listed in of
        for name in listed.split(",")
    }
    return frozenset(map(squeezed, own | further | parts))


OUTCOMES = {
    "won": "is won, won, iswon, deal won",
    "status": "status, deal status, opportunity status, statecode, state, opportunity state",
}
"""Columns that say, in addition to the stage, how a deal ended: `won`, `lost` or `open`."""

PARTS: dict[str, dict[str, tuple[str, ...]]] = {
    "contact": {
        "name": (
            "first name, given name, forename, firstname, contact first name, lead first name",
            "middle name, additional name, middlename",
            "last name, surname, family name, lastname, contact last name, lead last name",
        )
    },
    "account": {
        "street": (
            "address line 1, address 1, street 1, address street 1",
            "address line 2, address 2, street 2, address street 2",
        )
    },
}
"""Fields that other tools split over several columns, in the order in which they are joined."""

_NAME_PARTS = PARTS["contact"]["name"]

_PARTS_ABROAD = (
    "vorname, rufname, prénom, nombre de pila, voornaam",
    "weitere vornamen, zweiter vorname, tussenvoegsel, deuxième prénom, segundo nombre",
    "nachname, familienname, nom de famille, apellido, apellidos, primer apellido, achternaam",
)
"""The parts of the names of people in other languages, as in `PARTS`."""

_SURNAMES = {"vorname": "name", "prénom": "nom", "voornaam": "naam"}
"""Columns of first names, and what the column of surnames beside them may be called."""

FIXED = ("id", "number", "created_at", "updated_at", "archived_at", "playbook")
"""Fields that the program sets: a column of that name is only ours in an export of ours."""

_FILLED_IN = {"deal": ("title", "stage", "opened_on")}
"""Required fields that a file may lack, because they are filled in, by kind."""


class HeaderMatch(NamedTuple):
    """The columns of each field (or `account_id`), and the columns without a field."""

    columns: dict[str, tuple[str, ...]]
    left_out: list[str]


@functools.lru_cache(maxsize=10_000)
def squeezed(name: str) -> str:
    """Return the form in which names of columns compare here: `Order #` is an order number."""
    return header_key(name.replace("#", " number ")).replace(" ", "")


def _title_of_people(
    kind: str, columns: Sequence[str], compared: Callable[[str], str]
) -> str | None:
    """Return the column of job titles, if `Title` beside it is a form of address."""
    if kind != "contact":
        return None
    jobs = ("jobtitle", "position", "organizationtitle", "organization1title")
    by_key = {compared(column): column for column in reversed(columns)}
    return next((by_key[job] for job in jobs if job in by_key and "title" in by_key), None)


@functools.cache
def _parts_of_names() -> list[list[str]]:
    """Return the names of the columns of first, further and last names, comparable."""
    pairs = zip(_NAME_PARTS, _PARTS_ABROAD, strict=True)
    return [[squeezed(word) for word in f"{ours},{theirs}".split(",")] for ours, theirs in pairs]


def names_in_parts(columns: Sequence[str]) -> dict[str, str]:
    """Return the columns that are parts of people's names only because of the one beside them.

    `Name` beside `Vorname` is a surname, `Nombre` beside `Apellidos` a first name.
    """
    by_key = {squeezed(column): column for column in reversed(columns)}
    last = by_key.keys() & {*_parts_of_names()[2]}
    if last and "nombre" in by_key and not by_key.keys() & {*_parts_of_names()[0]}:
        return {by_key["nombre"]: "first name"}
    for first, surname in _SURNAMES.items():
        if not last and squeezed(first) in by_key and surname in by_key:
            return {by_key[surname]: "last name"}
    return {}


def read_abroad(kind: str, columns: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Return which of the columns of fields have a name in another language, with the field."""
    theirs = _words(kind).keys() - _words(kind, abroad=False).keys()
    theirs |= {squeezed(word) for listed in _PARTS_ABROAD for word in listed.split(",")}
    return [
        (column, field)
        for field, names in columns.items()
        for column in names
        if squeezed(column) in theirs or column in names_in_parts(names)
    ]


def name_parts(columns: Sequence[str]) -> tuple[str | None, str | None] | None:
    """Return the columns of first and last name; None if one column has the whole name."""
    called = names_in_parts(columns)
    first, _, last = _parts_of_names()
    bare = {
        column: squeezed(called.get(column) or column.partition(" - ")[2] or column)
        for column in columns
    }
    found = [next((c for c in columns if bare[c] in part), None) for part in (first, last)]
    return (found[0], found[1]) if any(found) else None


def country_columns(columns: Iterable[str]) -> tuple[str, ...]:
    """Return the columns with the country of a row, for kinds without a country."""
    of_countries = (*words()["account"]["country"], *words(ABROAD)["account"]["country"], "country")
    names = {squeezed(name) for name in of_countries}
    names |= {"mailingcountry", "homecountry", "othercountry", "businesscountry"}
    return tuple(column for column in columns if squeezed(column) in names)


_KINDS_OF_LOGS = {
    "call": "call, phone call",
    "meeting": "meeting, visit, appointment",
    "email": "email, e mail",
    "ticket": "ticket, case",
}


def kind_of_logs(columns: Iterable[str]) -> str | None:
    """Return the kind of interactions that the names of the columns say: `Call Notes`."""
    named = " ".join(f" {header_key(column)} " for column in columns)
    found = [
        kind
        for kind, words in _KINDS_OF_LOGS.items()
        if any(f" {word.strip()} " in named for word in words.split(","))
    ]
    return found[0] if len(found) == 1 else None


def region_columns(columns: Iterable[str]) -> tuple[str, ...]:
    """Return the columns with the state or province of a row, for kinds without a region."""
    names = {squeezed(name) for name in (*words()["account"]["region"], "region")}
    names |= {"mailingstateprovince", "homestate", "otherstate", "statecode", "mailingstate"}
    return tuple(column for column in columns if squeezed(column) in names)


def outcome_column(columns: Collection[str]) -> str | None:
    """Return the column that says, in addition to the stage, whether a deal was won or lost."""
    for listed in OUTCOMES.values():
        names = set(map(squeezed, listed.split(",")))
        for column in columns:
            bare = column.partition(" - ")[2] or column
            if squeezed(bare) in names:
                return column
    return None


def match(
    kind: str,
    fields: Mapping[str, Field],
    columns: Sequence[str],
    *,
    fixed: Collection[str] = (),
    called: Mapping[str, str] | None = None,
    again: Mapping[str, str] | None = None,
) -> HeaderMatch:
    """Find the field of each column; `fixed` are those of `FIXED` that are ours in this file.

    Our own names win over those of others, and columns further left over columns further right. A
    list takes all its columns, any other field the first. `called` are the names of columns without
    the noun before them, and `again` those that repeat an earlier one.
    """
    names = {**(again or {}), **(called or {})}
    if kind == "contact":
        names |= names_in_parts(columns)

    def compared(column: str) -> str:
        return squeezed(names.get(column, column))

    by_key = {compared(column): column for column in reversed(columns)}
    title = _title_of_people(kind, columns, compared)
    found: dict[str, list[str]] = {}
    taken: set[str] = set()

    def take(target: str, column: str) -> None:
        found.setdefault(target, []).append(column)
        taken.add(column)

    def is_free(target: str) -> bool:
        return target not in found or fields[target].many

    for key, target in own_names(fields, fixed).items():
        column = title if target == "title" and title else by_key.get(key)
        if column is not None and is_free(target):
            take(target, column)
    for column, once in (again or {}).items():
        target = next((target for target, taken_by in found.items() if once in taken_by), "")
        if target and is_free(target):
            take(target, column)
    ids = {field.target: field.id_name for name, field in fields.items() if field.target == name}
    for column in columns:
        target = ids.get(_ID_WORDS.get(compared(column), ""), "")
        if target and target not in found and column not in taken:
            take(target, column)
    by_word = _words(kind)
    for column in columns:
        target = by_word.get(compared(column), "")
        if column not in taken and target in fields and is_free(target):
            take(target, column)
    for target, parts in PARTS.get(kind, {}).items():
        if target not in found:
            of_people = kind == "contact" and target == "name"
            in_keys = (map(squeezed, words_of_part.split(",")) for words_of_part in parts)
            for keys in _parts_of_names() if of_people else in_keys:
                part = next((by_key[key] for key in keys if key in by_key), None)
                if part is not None and part not in taken:
                    take(target, part)
    return HeaderMatch(
        {target: tuple(names) for target, names in found.items()},
        [column for column in columns if column not in taken],
    )


def own_names(fields: Mapping[str, Field], fixed: Collection[str] = ()) -> dict[str, str]:
    """Return our own names by their comparable form: field names, labels and options."""
    names: dict[str, str] = {}
    for name, field in fields.items():
        if field.derived or (name in FIXED and name not in fixed):
            continue
        names[squeezed(name)] = name
        if field.type == REF:
            names[squeezed(field.id_name)] = field.id_name
    for name, field in fields.items():
        if field.flag and not field.derived:
            names.setdefault(squeezed(field.flag), name)
    return names


@functools.cache
def _words(kind: str, *, abroad: bool = True) -> dict[str, str]:
    """Return the field of each further name of a kind, in all languages or in English."""
    tables = (words(ABROAD), words()) if abroad else (words(),)
    return {
        squeezed(word): field
        for table in tables
        for field, names in table.get(kind, {}).items()
        for word in names
    }


TELLING: dict[str, tuple[str, ...]] = {
    "deal": ("amount", "stage", "close_date", "probability", "lost_reason", "category"),
    "log": ("kind", "at", "outcome", "contacts", "direction", "duration", "body"),
    "task": ("due", "done_at", "owed_by", "every"),
    "purchase": ("purchased_on", "amount", "payment", "ends_on", "quantity"),
    "review": ("health", "rating", "next_review"),
}
"""Fields of which rows of a kind must have at least one."""

_OF_DEALS = frozenset(("stage", "close_date", "probability", "lost_reason"))
_SEVERAL = 2
"""Rows with several of these fields are deals, whatever else they name."""

_OF_PEOPLE = """first name, last name, full name, lead name, contact name, given name, surname,
    family name, firstname, lastname, job title, e mail address"""


_IDS = {
    "account": """company id, organization id, organisation id, associated company id,
        associated company ids, primary associated company id, customer id, client id,
        crm account id, parentaccountid, parentcustomerid value, account record id""",
    "contact": """person id, associated contact id, associated contact ids, who id, lead id,
        contact record id, primary contact id""",
    "deal": """opportunity id, associated deal id, associated deal ids, potential id,
        deal record id""",
    "product": "item id, product record id",
}
_ID_WORDS = {squeezed(word): kind for kind, words in _IDS.items() for word in words.split(",")}
"""What other systems call the column of the id of a record that a row names."""


def own_id(kind: str, columns: Sequence[str], called: Mapping[str, str]) -> str | None:
    """The column with the id that the rows of a kind have in another system, by its name."""
    names = {squeezed(word) for word, of in _ID_WORDS.items() if of == kind}
    names |= {"id", "recordid", "systemid", "crmid", "externalid", "guid", f"{kind}id"}
    names |= {"donotmodify" + squeezed(word) for word in (kind, "opportunity", "company")}
    return next((c for c in columns if squeezed(called.get(c, c)) in names), None)


def without_prefix(columns: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Return the noun that nearly all columns begin with, and the columns without it.

    Some systems name each column after its table, as in `Deal - Title`; columns of other tables
    keep theirs. The noun is "" if there is none.
    """
    if {"Connected On", "URL"} <= {*columns}:
        return "", {"URL": "LinkedIn URL"}  # LinkedIn's own export of connections
    for noun in ("deal", "person", "organization", "activity", "lead", "product"):
        own = {c: c.partition(" - ")[2] for c in columns if c.lower().startswith(f"{noun} - ")}
        if len(own) * 2 > len(columns):
            return noun, own
    return "", {}


def with_currency(columns: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return the columns that end in a currency, as `Amount (EUR)`, with the rest and its code."""
    found = {}
    for column in columns:
        named = _CURRENCY.fullmatch(column)
        if named and named[2] in DIGITS:
            found[column] = (named[1], named[2])
    return found


_CURRENCY = re.compile(r"(.*\S)\s*[(\[]([A-Z]{3})[)\]]", re.DOTALL)


def is_of_people(columns: Iterable[str]) -> bool:
    """Whether a row is about a person: a column has a part of a name that only people have."""
    names = {squeezed(column) for column in columns}
    first, _, last = _parts_of_names()
    if not names.isdisjoint((*map(squeezed, _OF_PEOPLE.split(",")), *first, *last)):
        return True
    # A name beside a company is the name of somebody who works there.
    companies = {squeezed(name) for name in words()["contact"]["account"]}
    if "name" in names and not names.isdisjoint(companies):
        return True
    # A list of companies with one person each is a list of these people.
    person = not names.isdisjoint(("contact", "contactname", "contactperson", "person"))
    return person and not names.isdisjoint(map(squeezed, words()["contact"]["emails"]))


class Fit(NamedTuple):
    """How well the columns match a kind: the weight of the known ones, and what is missing."""

    kind: str
    weight: float
    lacks: tuple[str, ...]
    left_out: int


def fits(
    columns: Sequence[str],
    fields_of: Mapping[str, Mapping[str, Field]],
    *,
    fixed: Collection[str] = (),
    others: Iterable[str] = (),
    called: Mapping[str, str] | None = None,
) -> list[Fit]:
    """Return how well the columns fit each kind, the best first.

    A column that only one kind has counts 1, one that several have a share of it: so an export of
    hundreds of columns is recognised as well as one of five. `others` are columns that are
    accounted for otherwise.
    """
    rest = [column for column in columns if column not in set(others)]
    found = {
        kind: match(kind, fields, rest, fixed=fixed, called=called).columns
        for kind, fields in fields_of.items()
    }
    knowing: dict[str, int] = {}
    for matched in found.values():
        for column in {name for names in matched.values() for name in names}:
            knowing[column] = knowing.get(column, 0) + 1
    people = is_of_people(columns)
    deals = len(_OF_DEALS & found.get("deal", {}).keys()) >= _SEVERAL
    says_kind = kind_of_logs(columns) is not None
    fit = []
    for kind, matched in found.items():
        taken = {name for names in matched.values() for name in names}
        weight = sum(1 / knowing[column] for column in taken)
        lacks = _lacks(
            kind, fields_of[kind], matched, people=people, deals=deals, says_kind=says_kind
        )
        fit.append(Fit(kind, weight, lacks, len(rest) - len(taken)))
    return sorted(fit, key=lambda one: (bool(one.lacks), -one.weight, one.left_out))


def _lacks(
    kind: str,
    fields: Mapping[str, Field],
    matched: Mapping[str, tuple[str, ...]],
    *,
    people: bool,
    deals: bool,
    says_kind: bool,
) -> tuple[str, ...]:
    """Return what the columns lack for rows of a kind, as labels of fields."""
    given = {name for name in fields if name in matched or fields[name].id_name in matched}
    filled_in = set(_FILLED_IN.get(kind, ()))
    if "contacts" in given and kind == "log":
        filled_in |= {"account", "kind"}
    if "body" in given and kind == "log":
        filled_in.add("summary")
    if says_kind and kind == "log":
        filled_in.add("kind")
    if "emails" in given and kind == "contact":
        filled_in.add("name")
    lacking = [
        field.label
        for name, field in fields.items()
        if field.required and not field.fixed and name not in given and name not in filled_in
    ]
    telling = TELLING.get(kind, ())
    if telling and not given & set(telling):
        lacking.append(fields[telling[0]].label)
    if people and kind in ("account", "deal", "product") and not given & {"amount", "close_date"}:
        lacking.append("rows without people")
    if deals and kind in ("account", "campaign", "contact", "product"):
        lacking.append("rows without deals")
    return tuple(lacking)


def fitting_kinds(
    columns: Sequence[str],
    fields_of: Mapping[str, Mapping[str, Field]],
    *,
    fixed: Collection[str] = (),
    others: Iterable[str] = (),
    called: Mapping[str, str] | None = None,
) -> list[str]:
    """Return the kinds that the rows may be; one, if the columns are clear."""
    all_of_them = fits(columns, fields_of, fixed=fixed, others=others, called=called)
    fit = [one for one in all_of_them if not one.lacks]
    if not fit:
        return []
    best = fit[0]
    near = [one for one in fit if one.weight * _CLEARLY >= best.weight]
    return [one.kind for one in near]


_CLEARLY = 1.25
"""How many times the weight of the next kind the best one must have."""
