"""Whether stored values are valid: the rules, and the search through every row.

This program writes only valid values, but other programs may write anything, whatever the
constraints of the file say. `unread` finds values that cannot be used, `all_wrong` also those that
can be read but break a rule. `doubts` decides what readers see; `check` reports them.

A rule is an SQL condition that is true for a wrong value, so that a million rows are checked inside
SQLite. Nothing here raises because of what it finds.
"""

from __future__ import annotations

import json
import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from string import ascii_uppercase

from acctcli import model
from acctcli.frozen import Frozen
from acctcli.model import KINDS, Field
from acctcli.text import MAX_LINE, legible
from acctcli.values import money
from acctcli.values.dates import FIRST_DAY, FIRST_MOMENT, LAST_DAY, LAST_MOMENT

LISTS = {
    table: (field.rows[1], field.type) for table, (_, field) in model.LISTS.items() if field.rows
}
"""Tables of list values, one value per row: the column of the value, and its type."""

RECORDS = (*KINDS, *LISTS, "custom")
"""The tables that hold records."""

LOCAL = (
    *("command", "added", "change", "external_id", "preset", "search_doc"),
    *("bundle", "erased"),
)
"""The tables of this machine: journal, foreign ids, presets, index, bundles, erased people."""

_KEYS = {
    "command": "seq",
    "added": "seq",
    "change": "seq",
    "preset": "name",
    "bundle": "command",
    "search_doc": "doc",
}
"""The key column of a table, where it is not `id`."""

OVER = {
    (name, field.column): FIRST_DAY if field.type == model.DAY else FIRST_MOMENT
    for name, kind in KINDS.items()
    for field in kind.fields.values()
    if field.ends
}
"""Columns whose value means that something is over, and what a wrong value is read as.

The time is unknown, but it is over: without a value, a closed deal would count as open. So it is
read as a day before any that a judgement looks at.
"""


class Wrong(Frozen):
    """One stored value that its column cannot have.

    `stored` is its text (bytes that are no UTF-8 as escapes). With `unread`, readers get `reads_as`
    instead, usually None.
    """

    table: str
    row: int  # its rowid
    id: str  # the value of its key column
    column: str
    stored: str
    why: str
    check: str
    unread: bool
    reads_as: str | None


class Rule(Frozen):
    """A rule: an SQL condition for wrong values, its words, and whether they are unreadable."""

    sql: str
    why: str
    check: str = "values"
    unread: bool = True
    text: bool = False  # readers get the text with escapes instead


class LookedAt(Frozen):
    """The rows of a table that are looked at: what follows FROM, and its parameters."""

    sql: str
    parameters: Mapping[str, str]


def unread(con: sqlite3.Connection) -> list[Wrong]:
    """Return the values of records that cannot be used."""
    return [wrong for table in RECORDS for wrong in _look(con, table) if wrong.unread]


def wrong_among(con: sqlite3.Connection, table: str, ids: Iterable[str]) -> list[Wrong]:
    """Return the wrong values of some rows of a table."""
    return list(_look(con, table, json.dumps(list(ids))))


def all_wrong(con: sqlite3.Connection) -> list[Wrong]:
    """Return every wrong value of every table."""
    return [wrong for table in (*RECORDS, *LOCAL) for wrong in _look(con, table)]


def key_of(table: str) -> str:
    """Return the key column of a table."""
    return _KEYS.get(table, "id")


def _look(con: sqlite3.Connection, table: str, ids: str | None = None) -> Iterator[Wrong]:
    """Yield the wrong values of one table, each once, as stored, ignoring views in front of it.

    `ids` is a JSON list of the rows to look at; all rows without it.
    """
    among = "" if ids is None else " WHERE id IN (SELECT value FROM json_each(:ids))"
    rows = LookedAt(f'main."{table}"{among}', {} if ids is None else {"ids": ids})
    columns = con.execute(f'PRAGMA main.table_info("{table}")').fetchall()
    key = key_of(table)
    rules = {
        name: found
        for _, name, declared, needed, *_ in columns
        if (found := _rules_of(table, name, declared, bool(needed)))
    }
    strict, con.text_factory = con.text_factory, legible
    try:
        broken = list(_breaking(con, table, key, rules, rows))
    finally:
        con.text_factory = strict
    texts = [name for _, name, declared, *_ in columns if declared == "TEXT"]
    illegible = {(w.row, w.column): w for w in _not_utf8(con, table, key, texts, rows)}
    for wrong in broken:
        place = (wrong.row, wrong.column)
        if wrong.unread:
            illegible.pop(place, None)
        if place not in illegible:
            yield wrong
    yield from illegible.values()


def _breaking(
    con: sqlite3.Connection,
    table: str,
    key: str,
    rules: Mapping[str, Sequence[Rule]],
    rows: LookedAt,
) -> Iterator[Wrong]:
    """Yield the values that break a rule, each with the first rule it breaks."""
    flags = []
    for name, own in rules.items():
        cases = " ".join(f"WHEN {rule.sql} THEN {place}" for place, rule in enumerate(own))
        flags.append(f'CASE {cases} END AS "{name}"')
    broken = " OR ".join(f'"{name}" IS NOT NULL' for name in rules)
    found = con.execute(
        f'SELECT * FROM (SELECT rowid AS "the row", "{key}" AS "the key", {", ".join(flags)} '
        f"FROM {rows.sql}) WHERE {broken}",
        rows.parameters,
    ).fetchall()
    for row, id, *places in found:
        for (name, own), place in zip(rules.items(), places, strict=True):
            if place is None:
                continue
            rule = own[place]
            (stored,) = con.execute(
                f'SELECT "{name}" FROM main."{table}" WHERE rowid = ?', (row,)
            ).fetchone()
            said = legible(stored)
            reads_as = said if rule.text else OVER.get((table, name)) if said else None
            yield Wrong(
                table, row, legible(id), name, said, rule.why, rule.check, rule.unread, reads_as
            )


def _not_utf8(
    con: sqlite3.Connection, table: str, key: str, texts: Sequence[str], rows: LookedAt
) -> Iterator[Wrong]:
    """Yield the texts that are no UTF-8. Usually there are none, and one query shows that."""
    listed = ", ".join(f'"{name}"' for name in texts)
    strict = con.text_factory
    con.text_factory = str
    try:
        deque(con.execute(f"SELECT {listed} FROM {rows.sql}", rows.parameters), maxlen=0)
        return
    except sqlite3.OperationalError:  # the text of this error in Python's sqlite3 module
        con.text_factory = bytes
        found = con.execute(
            f'SELECT rowid, "{key}", {listed} FROM {rows.sql}', rows.parameters
        ).fetchall()
    finally:
        con.text_factory = strict
    for row, id, *values in found:
        for name, stored in zip(texts, values, strict=True):
            if isinstance(stored, bytes) and (said := legible(stored)).encode() != stored:
                yield Wrong(
                    table, row, legible(id), name, said, "is not UTF-8", "values", True, said
                )


@cache
def _rules_of(table: str, column: str, declared: str, needed: bool) -> Sequence[Rule]:
    """Return the rules of a column, from its declaration and its use."""
    name = f'"{column}"'
    rules = []
    if needed:
        rules.append(Rule(f"{name} IS NULL", "is missing"))
    kind = {"TEXT": "text", "INTEGER": "integer", "REAL": "real"}.get(declared, "")
    if kind:
        rules.append(Rule(f"typeof({name}) NOT IN ('{kind}', 'null')", f"is not stored as {kind}"))
    rules += _rules_for(table, column, name, needed)
    if kind == "text":
        rules.append(Rule(f"instr({name}, char(0)) > 0", "has a NUL character", text=True))
    # Only the first broken rule is reported, so rules for unreadable values come first.
    return tuple(sorted(rules, key=lambda rule: not rule.unread))


def _rules_for(table: str, column: str, name: str, needed: bool) -> Iterable[Rule]:
    special = _SPECIAL.get((table, column))
    if special is not None:
        yield special
    if column in ("created_at", "updated_at"):
        yield _moment(name)
    field = field_of(table, column)
    if field is not None:
        yield from _rules_of_type(field.type, field, name, needed)
        if field.type == model.MONEY:
            yield Rule(
                f"{name} IS NOT NULL AND (currency IS NULL OR {_no_currency('currency')})",
                "is an amount without a currency",
                "money",
            )
        if field.most is not None:
            yield Rule(f"{name} > {field.most}", f"is above {field.most}")
        if not field.signed:
            yield Rule(f"{name} < 0", "is below zero", "money")
    elif table in LISTS and LISTS[table][0] == column:
        yield from _rules_of_type(LISTS[table][1], None, name, needed)
    elif column == "position":
        yield Rule(f"{name} < 0", "is below zero", unread=False)
    elif table in RECORDS and needed:
        yield _blank(name, unread=False)
    if column == "id" and table in RECORDS:
        # Ids of another form work, except that their tail cannot be typed.
        is_id = f"length({name}) = 36 AND {name} NOT GLOB '*[^0-9a-f-]*'"
        yield Rule(f"NOT ({is_id})", "is not an id", unread=False)


def field_of(table: str, column: str) -> Field | None:
    """Return the field of a record that a column stores, or None."""
    if table not in KINDS:
        return None
    fields = KINDS[table].fields.values()
    return next((f for f in fields if f.column == column and not (f.many or f.derived)), None)


def _rules_of_type(type: str, field: Field | None, name: str, needed: bool) -> Iterator[Rule]:
    match type:
        case model.DAY:
            yield Rule(f"{name} IS NOT date({name}, '+0 days')", "is not a real day", "days")
            yield Rule(
                f"{name} NOT BETWEEN '{FIRST_DAY}' AND '{LAST_DAY}'",
                f"is not a day from {FIRST_DAY[:4]} to {LAST_DAY[:4]}",
                "days",
            )
        case model.MOMENT:
            yield _moment(name)
        case model.INTEGER | model.MINUTES:
            yield Rule(f"{name} < 0", "is below zero")
        case model.PERCENT | model.SHARE:
            yield Rule(f"{name} NOT BETWEEN 0 AND 100", "is not from 0 to 100")
        case model.NUMBER:
            # As many digits as can be read; infinity is above that too.
            yield Rule(f"abs({name}) >= 1e{15}", "is a number too large to count with")
        case model.FLAG:
            yield Rule(f"{name} NOT IN (0, 1)", "is neither 0 nor 1")
        case model.CHOICE if field is not None:
            listed = ", ".join(f"'{word}'" for word in field.choices)
            yield Rule(f"{name} NOT IN ({listed})", f"is not one of: {', '.join(field.choices)}")
        case model.CURRENCY:
            yield Rule(_no_currency(name), "is not a currency", "money")
        case model.COUNTRY:
            yield Rule(f"{name} NOT GLOB '[A-Z][A-Z]'", "is not a two-letter country code")
        case model.EVERY:
            yield Rule(
                f"{name} NOT GLOB '[1-9]*[dwmy]' AND {name} NOT GLOB 'FREQ=[A-Z]*'",
                "is not a repetition",
            )
        case model.REF:
            return
        case _:
            yield from _rules_of_text(type, name, needed)


def _rules_of_text(type: str, name: str, needed: bool) -> Iterator[Rule]:
    yield _blank(name, unread=not needed)
    if type == model.EMAIL:
        yield Rule(f"{name} NOT GLOB '?*@?*'", "is not an email address", unread=False)
    if type == model.PHONE:
        yield Rule(f"{name} NOT GLOB '+[0-9]*'", "is not a phone number", unread=False)
    if type != model.LONG:
        yield Rule(f"instr({name}, char(10)) > 0", "has a line break", unread=False)
        yield Rule(
            f"length({name}) > {MAX_LINE}",
            f"is longer than {MAX_LINE} characters",
            unread=False,
        )


def _blank(name: str, *, unread: bool) -> Rule:
    return Rule(f"trim({name}, char(32, 9, 10, 13)) = ''", "is empty", unread=unread)


def _moment(name: str) -> Rule:
    real = f"{name} IS strftime('%Y-%m-%dT%H:%M:%SZ', {name}, '+0 days')"
    within = f"({name} IS NULL OR {name} BETWEEN '{FIRST_MOMENT}' AND '{LAST_MOMENT}')"
    return Rule(f"NOT ({real} AND {within})", "is not a real moment", "days")


def _no_currency(name: str) -> str:
    # One text to search: a list of that many words would be built anew for every query.
    return f"(length({name}) <> 3 OR instr('{' '.join(money.DIGITS)}', {name}) = 0)"


def _is_not(name: str, kind: str) -> str:
    """Return the condition of being no JSON of a kind; `json_type` raises for invalid JSON."""
    return f"CASE WHEN json_valid({name}) THEN json_type({name}) <> '{kind}' ELSE 1 END"


def _kept(column: str) -> Rule:
    """Return the rule for a value in the history of a deal: text that its field can read."""
    return Rule(
        f'"{column}" IS NOT NULL AND CASE field '
        f"WHEN 'close_date' THEN \"{column}\" IS NOT date(\"{column}\", '+0 days') "
        f"OR \"{column}\" NOT BETWEEN '{FIRST_DAY}' AND '{LAST_DAY}' "
        f'WHEN \'amount\' THEN "{column}" IS NOT CAST(CAST("{column}" AS INTEGER) AS TEXT) '
        f"ELSE trim(\"{column}\") = '' END",
        "is not a value of the field that changed",
    )


_IN_SECONDS = (
    "CASE WHEN at GLOB '*:[0-9][0-9].[0-9][0-9][0-9]Z' THEN substr(at, 1, 19) || 'Z' ELSE at END"
)
"""The form of a command's time: newer ones have milliseconds, which two machines need."""

_KINDS = ", ".join(f"'{kind}'" for kind in KINDS)

_PARTS = ", ".join(f"'{table}'" for table in (*LISTS, "custom", "external_id"))

_SPECIAL = {
    ("account", "number"): Rule(
        f"NOT (number GLOB '[A-Z]*' AND ltrim(number, '{ascii_uppercase}') GLOB '-[0-9]*')",
        "is not an account number",
        unread=False,
    ),
    ("command", "at"): _moment(_IN_SECONDS),
    ("log", "score"): Rule(
        f"score NOT BETWEEN 0 AND {model.HIGHEST_SCORE}", f"is not from 0 to {model.HIGHEST_SCORE}"
    ),
    ("deal_change", "old"): _kept("old"),
    ("deal_change", "new"): _kept("new"),
    ("review_input", "input"): Rule(
        "input NOT GLOB '[a-z]*=[0-9]*'", "is not an input of a health score", unread=False
    ),
    ("setting", "value"): Rule("NOT json_valid(value)", "is not JSON"),
    ("custom", "kind"): Rule(f"kind NOT IN ({_KINDS})", "is not a kind of record", unread=False),
    ("external_id", "kind"): Rule(f"kind NOT IN ({_KINDS})", "is not a kind of record"),
    ("preset", "options"): Rule(_is_not("options", "object"), "is not a JSON object"),
    ("added", "kind"): Rule(f"kind NOT IN ({_KINDS})", "is not a kind of record"),
    ("added", "tbl"): Rule(f"tbl NOT IN ({_KINDS}, {_PARTS})", "is not a table of records"),
    ("added", "rows"): Rule(
        "CASE WHEN json_valid(rows) "
        "THEN json_type(rows) <> iif(tbl = kind, 'array', 'object') "
        "OR NOT EXISTS (SELECT 1 FROM json_each(rows)) "
        "OR EXISTS (SELECT 1 FROM json_each(rows) WHERE type <> 'text') ELSE 1 END",
        "is not a list of ids, which undo needs",
    ),
    ("change", "kind"): Rule(f"kind NOT IN ({_KINDS})", "is not a kind of record"),
    ("change", "tbl"): Rule(f"tbl NOT IN ({_KINDS}, {_PARTS})", "is not a table of records"),
    ("change", "op"): Rule(
        "op NOT IN ('insert', 'update', 'delete')", "is not one of: insert, update, delete"
    ),
    ("change", "before"): Rule(
        f"CASE WHEN before IS NOT NULL THEN {_is_not('before', 'object')} "
        "OR before = '{}' ELSE op IN ('update', 'delete') END",
        "is not a JSON object, which undo needs",
    ),
    ("change", "after"): Rule(
        f"after IS NOT NULL AND {_is_not('after', 'object')}", "is not a JSON object"
    ),
}
"""The rules of columns that need their own."""
