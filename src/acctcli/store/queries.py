"""Read records in bulk: lists with filters, order and pages, as plain rows.

A row is a dict of stored values by output name (a reference gives its name and its id, a list a
tuple); `values.decode` makes a typed record of one. Every list, export and page of every kind comes
through `select`. What single screens need beyond that is in `facts`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from acctcli import model, text
from acctcli.errors import UsageError
from acctcli.frozen import Frozen
from acctcli.model import KINDS, Field, Row
from acctcli.store import doubts
from acctcli.store.columns import FIGURES, custom_text, expression, list_expression, summed, won
from acctcli.store.filters import Condition, all_of, face_value
from acctcli.store.kinds import KEYED
from acctcli.values import money
from acctcli.values.fields import Unreadable, read_custom

_ALONG = ("id", "currency", "done_at", "closed_on")

AT_A_TIME = 1000
"""How many rows `each` reads at a time."""


class Listing(Frozen):
    """The order, filters and page of a list; the defaults give everything in the kind's own order.

    `ranks` has the user's own order of tiers and stages, by type of field.
    """

    conditions: Sequence[Condition] = ()
    sort: str = ""
    limit: int | None = None
    offset: int = 0
    ranks: Mapping[str, Sequence[str]] = {}


def _digits(currency: str | None) -> int:
    return money.digits(currency) if currency else 2


def add_functions(con: sqlite3.Connection) -> None:
    """Register the SQL functions that conditions and orders use."""
    con.create_function("key", 1, _key, deterministic=True)
    con.create_function("minor_digits", 1, _digits, deterministic=True)
    con.create_function("power_of_ten", 1, lambda n: 10**n, deterministic=True)


def _key(value: object) -> str | None:
    return None if value is None else text.key(str(value))


def select(
    con: sqlite3.Connection,
    kind: str,
    fields: Mapping[str, Field],
    listing: Listing = Listing(),  # noqa: B008 - an immutable tuple
    *,
    names: Iterable[str] | None = None,
    as_stored: bool = False,
) -> list[Row]:
    """Return the rows of a kind that match, with the named fields (by default, all not derived).

    Invalid stored values are None; with `as_stored`, for showing, they are `values.Unreadable`.

    `fields` are the kind's built-in and custom fields. `id`, the currency of an amount and the
    field that says whether a record is done are always included, and so is the time of a day.
    Raises `UsageError` for an unknown sort field, and for too many tests.
    """
    cursor, rows_of = _selected(con, kind, fields, listing, names, as_stored)
    return rows_of(cursor)


def each(
    con: sqlite3.Connection,
    kind: str,
    fields: Mapping[str, Field],
    listing: Listing = Listing(),  # noqa: B008 - an immutable tuple
    *,
    names: Iterable[str] | None = None,
    as_stored: bool = False,
) -> Iterator[Row]:
    """Yield the rows that `select` returns, in parts, for results that do not fit in memory."""
    cursor, rows_of = _selected(con, kind, fields, listing, names, as_stored)
    while found := cursor.fetchmany(AT_A_TIME):
        yield from rows_of(found)


def _selected(
    con: sqlite3.Connection,
    kind: str,
    fields: Mapping[str, Field],
    listing: Listing,
    names: Iterable[str] | None,
    as_stored: bool,
) -> tuple[sqlite3.Cursor, Callable[[Iterable[Sequence[Any]]], list[Row]]]:
    """Return the cursor of `select`, and the function that turns its tuples into rows."""
    add_functions(con)
    wanted = list(names) if names is not None else [n for n, f in fields.items() if not f.derived]
    # The day of an appointment is shown with its time.
    timed = [name for name, field in fields.items() if field.day and field.day in wanted]
    extra = [n for n in (*_ALONG, *timed) if n in fields and n not in wanted]
    columns: list[tuple[str, str, Callable[[Any], Any] | None]] = []
    for name in (*wanted, *extra):
        columns += _columns(kind, fields[name], as_stored)
    where = all_of(listing.conditions)
    parameters = list(where.parameters)
    order = order_by(kind, fields, listing.sort or KINDS[kind].order, listing.ranks)
    page = ""
    if listing.limit is not None or listing.offset:
        page = " LIMIT ? OFFSET ?"
        parameters += [-1 if listing.limit is None else listing.limit, listing.offset]
    cursor = con.execute(
        f"SELECT {', '.join(sql for _, sql, _ in columns)} "
        f'FROM "{kind}" t WHERE {where.sql} ORDER BY {order}{page}',
        parameters,
    )
    keys = [key for key, _, _ in columns]
    readers = [(key, read) for key, _, read in columns if read is not None]

    def rows_of(found: Iterable[Sequence[Any]]) -> list[Row]:
        rows = []
        for stored in found:
            row = dict(zip(keys, stored, strict=True))
            for key, read in readers:
                row[key] = read(row[key])
            rows.append(row)
        if as_stored:
            doubts.as_stored(con, kind, rows)
        return rows

    return cursor, rows_of


def _columns(
    kind: str, field: Field, as_stored: bool
) -> list[tuple[str, str, Callable[[Any], Any] | None]]:
    """Return output name, SQL and reader for each output column of a field."""
    if field.many and field.rows:
        if field.type == model.REF:
            return [
                (field.name, _as_array(list_expression(kind, field, "x.name AS v")), _tuple),
                (field.id_name, _as_array(list_expression(kind, field, "x.id AS v")), _tuple),
            ]
        item = list_expression(kind, field, f'r."{field.rows[1]}" AS v')
        return [(field.name, _as_array(item), _tuple)]
    if field.type == model.REF:
        return [
            (field.name, expression(kind, field), None),
            (field.id_name, f't."{field.column}"', None),
        ]
    if field.custom:
        return [(field.name, custom_text(field), _custom_reader(field, as_stored))]
    return [(field.name, expression(kind, field), None)]


def _as_array(listed: str) -> str:
    return f"(SELECT json_group_array(v) FROM ({listed}))"


def _tuple(array: str) -> tuple[str, ...]:
    return () if array == "[]" else tuple(json.loads(array))


def _custom_reader(field: Field, as_stored: bool) -> Callable[[Any], Any]:
    def read(stored: str | None) -> Any:
        value = None if stored is None else read_custom(field, stored)
        if value is None and stored is not None and as_stored:
            return Unreadable(stored)
        return value

    return read


def order_by(
    kind: str, fields: Mapping[str, Field], sort: str, ranks: Mapping[str, Sequence[str]] = {}
) -> str:
    """Return the ORDER BY of `-amount,name`: empty values last, ties in order of entry.

    Vocabularies sort in their own order, amounts by face value.
    """
    parts = [
        f"{_sortable(kind, field, ranks)} {'DESC' if down else 'ASC'} NULLS LAST"
        for field, down in sorted_by(kind, fields, sort)
    ]
    return ", ".join((*parts, "t.id"))


def sorted_by(called: str, fields: Mapping[str, Field], sort: str) -> Iterator[tuple[Field, bool]]:
    """Yield the fields of `-amount,name`, and whether each sorts descending.

    `called` is what a row is. Raises `UsageError` for an unknown field, and one with many values.
    """
    for item in sort.split(","):
        name = item.strip()
        down = name.startswith("-")
        name = name.removeprefix("-")
        field = model.named(fields, name)
        if field is None or field.many:
            known = [n for n, f in fields.items() if not f.many]
            near = text.near(name, known, limit=1)
            hint = text.did_you_mean(near)
            raise UsageError(
                f'--sort: no {called} field "{text.safe(name)}".{hint} Fields: {", ".join(known)}'
            )
        yield field, down


def _sortable(kind: str, field: Field, ranks: Mapping[str, Sequence[str]]) -> str:
    sql = expression(kind, field)
    if field.custom and field.type in FIGURES:
        return f"CAST({sql} AS REAL)"
    if field.type == model.MONEY:
        return face_value(sql)
    if field.name == KINDS[kind].title and kind in KEYED:
        return "t.name_key"
    words = field.choices or ranks.get(field.type, ())
    if words:
        ranked = " ".join(f"WHEN {_literal(word)} THEN {at}" for at, word in enumerate(words))
        return f"CASE {sql} {ranked} ELSE CASE WHEN {sql} IS NOT NULL THEN {len(words)} END END"
    if field.type in (model.TEXT, model.REF, model.TIER, model.STAGE):
        return f"key({sql})"
    return sql


def _literal(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


def get(
    con: sqlite3.Connection,
    kind: str,
    fields: Mapping[str, Field],
    id: str,
    *,
    as_stored: bool = False,
) -> Row:
    """Return the whole row of one record, with derived fields; the id must exist."""
    listing = Listing([by_id("id", id)])
    return select(con, kind, fields, listing, names=fields, as_stored=as_stored)[0]


def by_id(column: str, id: str) -> Condition:
    """Return the condition that an id column has this value."""
    return Condition(f't."{column}" = ?', [id])


def by_ids(column: str, ids: Sequence[str]) -> Condition:
    """Return the condition that an id column has one of these values."""
    return Condition(f't."{column}" IN (SELECT value FROM json_each(?))', [json.dumps(list(ids))])


def begins_between(first: str, last: str) -> Condition:
    """The condition that an appointment begins from one stored moment to another, both included."""
    return Condition("t.at BETWEEN ? AND ?", [first, last])


NOT_ARCHIVED = Condition("t.archived_at IS NULL", [])
NOT_FORMER = Condition("t.status != 'former'", [])
SOLD_TO = Condition("t.status IN ('prospect', 'customer')", [])
"""Conditions on accounts: not archived, not lost, and those in active work."""

OF_NO_ARCHIVED_ACCOUNT = Condition(
    "(t.account_id IS NULL "
    "OR t.account_id NOT IN (SELECT id FROM account WHERE archived_at IS NOT NULL))",
    [],
)
"""A condition on what belongs to an account, or to none."""

OPEN_TASKS = Condition("t.done_at IS NULL", [])
OPEN_TICKETS = Condition("t.kind = 'ticket' AND t.resolved_at IS NULL", [])
DONE_TASKS = Condition("t.done_at IS NOT NULL", [])


def count(con: sqlite3.Connection, kind: str, conditions: Sequence[Condition] = ()) -> int:
    """Return how many records of a kind match."""
    add_functions(con)
    where = all_of(conditions)
    found: int = con.execute(
        f'SELECT count(*) FROM "{kind}" t WHERE {where.sql}', where.parameters
    ).fetchone()[0]
    return found


class Sum(NamedTuple):
    """How many records of one standing and currency there are, and what they come to."""

    standing: str | None
    currency: str | None
    number: int
    without_amount: int
    amount: int


def sums(con: sqlite3.Connection, kind: str, conditions: Sequence[Condition] = ()) -> list[Sum]:
    """The records of a kind that fit, counted and summed by currency; the most frequent first.

    Deals also by whether they are open, won or lost. A kind without amounts has one sum.
    """
    add_functions(con)
    where = all_of(conditions)
    standing = STANDING if kind == "deal" else "NULL"
    money, known, amount = "NULL", "1", "0"
    if "amount" in KINDS[kind].fields:
        money = "CASE WHEN typeof(t.amount) = 'integer' THEN t.currency END"
        known, amount = f"({money}) IS NOT NULL", summed("t.amount")
    return [
        Sum(*row)
        for row in con.execute(
            f"SELECT {standing}, {money}, count(*), sum(NOT {known}), {amount} "
            f'FROM "{kind}" t WHERE {where.sql} GROUP BY 1, 2 ORDER BY 3 DESC, 2',
            where.parameters,
        )
    ]


STANDING = f"CASE WHEN t.closed_on IS NULL THEN 'open' WHEN {won('t')} THEN 'won' ELSE 'lost' END"
"""Whether a deal is open, won or lost."""


def is_carried_on(con: sqlite3.Connection, id: str) -> bool:
    """Whether an open task continues the series of a repeating task that is done.

    It has the same text, and counts from the same first day or was made when that one was done; the
    rest may have been edited since. With another text, it must not be the continuation of another
    series whose first task has that text.
    """
    return (
        con.execute(
            "SELECT 1 FROM task done JOIN task t ON t.account_id IS done.account_id "
            "WHERE done.id = ? AND t.id <> done.id AND t.done_at IS NULL AND t.every IS NOT NULL "
            "AND (t.name_key = done.name_key OR (t.created_at = done.done_at "
            "OR t.first_due = coalesce(done.first_due, done.due)) AND NOT EXISTS "
            "(SELECT 1 FROM task root WHERE root.account_id IS done.account_id "
            "AND root.id <> done.id AND root.name_key = t.name_key "
            "AND root.done_at IS NOT NULL AND root.first_due IS NULL))",
            (id,),
        ).fetchone()
        is not None
    )


def countries(con: sqlite3.Connection) -> dict[str, str]:
    """Return the countries of accounts, by the key of their name and by their id elsewhere."""
    found = dict(con.execute("SELECT name_key, country FROM account WHERE country IS NOT NULL"))
    elsewhere = con.execute(
        "SELECT e.value, a.country FROM external_id e JOIN account a ON a.id = e.record_id "
        "WHERE e.kind = 'account' AND a.country IS NOT NULL"
    )
    return {text.key(theirs): country for theirs, country in elsewhere} | found


def foreign_ids(con: sqlite3.Connection, kind: str, key: str) -> dict[str, str]:
    """Return our ids by those of another system, as imports with this `--key` stored them."""
    sql = "SELECT value, record_id FROM external_id WHERE kind = ? AND key = ?"
    return dict(con.execute(sql, (kind, text.key(key))).fetchall())
