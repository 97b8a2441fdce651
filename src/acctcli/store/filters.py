"""From a test of one field to an SQL condition, by the field's own type.

A value in a filter is read the way the same value is read anywhere else, so
`close_date < eoq` and `amount > 120k` mean what they mean in an option. Names
and texts compare without case and accents. The text of `--where` is compiled
in `where_sql`; this module knows no syntax.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from acctcli import model, money, text, values
from acctcli.dates import iso, read_day, read_moment
from acctcli.errors import UsageError
from acctcli.frozen import Frozen
from acctcli.model import Field
from acctcli.store.columns import expression, list_expression
from acctcli.values import Reading


class Condition(Frozen):
    """An SQL condition over the table aliased t, with its parameters."""

    sql: str
    parameters: list[Any]


def any_of(conditions: Sequence[Condition]) -> Condition:
    """The condition that at least one of these holds."""
    return _joined(" OR ", conditions)


def all_of(conditions: Sequence[Condition]) -> Condition:
    """The condition that all of these hold; without any, that of everything."""
    return _joined(" AND ", conditions) if conditions else Condition("1", [])


def _joined(word: str, conditions: Sequence[Condition]) -> Condition:
    return Condition(
        _balanced(word, [c.sql for c in conditions]), [p for c in conditions for p in c.parameters]
    )


def _balanced(word: str, parts: Sequence[str]) -> str:
    # In one long chain each part lies a level deeper, and SQLite goes down no more than 1,000.
    if len(parts) > 50:
        half = len(parts) // 2
        parts = (_balanced(word, parts[:half]), _balanced(word, parts[half:]))
    return f"({word.join(parts)})"


def is_empty(kind: str, field: Field) -> str:
    """The SQL condition that a field has no value."""
    if field.many:
        return f"NOT EXISTS ({list_expression(kind, field, '1')})"
    return f"({expression(kind, field)} IS NULL)"


def test(kind: str, field: Field, op: str, value: str, reading: Reading, *, what: str) -> Condition:
    """The condition that one field stands in relation `op` to a typed value.

    `=` `!=` `<` `>` `<=` `>=` `~` (contains) `!~`. A missing value satisfies only
    `!=` and `!~`. `what` begins the message of an error.
    """
    if op in ("!=", "!~"):
        inner = test(kind, field, "=" if op == "!=" else "~", value, reading, what=what)
        return Condition(f"NOT {inner.sql}", inner.parameters)
    if field.many:
        return _list_test(kind, field, op, value, reading, what)
    sql = expression(kind, field)
    if op == "~":
        if field.type in _FIGURES:
            raise UsageError(
                f"{what} is {_FIGURES[field.type]}: compare it with = < > instead of ~"
            )
        return _some(f"instr(key({sql}), ?) > 0", sql, [text.key(value)])
    match field.type:
        case model.MONEY:
            return _money(sql, op, value, reading, what)
        case model.MOMENT:
            return _moment(sql, op, value, reading, what)
        case model.DAY:
            day = iso(read_day(value, reading.clock.today, what))
            return _some(f"{sql} {op} ?", sql, [day])
        case model.INTEGER | model.NUMBER | model.PERCENT | model.FLAG | model.MINUTES:
            wanted = values.read_field(field, value, reading, what=what)
            if field.custom:
                sql = f"CAST({sql} AS REAL)"
            return _some(f"{sql} {op} ?", sql, [wanted])
        case model.REF if op == "=":
            return _reference(kind, field, value, reading)
        case model.PHONE | model.WEBSITE | model.LINKEDIN | model.COUNTRY | model.CURRENCY:
            wanted = values.read_field(field, value, reading, what=what)
            return _some(f"{sql} {op} ?", sql, [wanted])
        case model.CHOICE | model.TIER | model.STAGE if op == "=":
            wanted = values.read_field(field, value, reading, what=what)
            return _some(f"{sql} = ?", sql, [wanted])
        case _:
            return _some(f"key({sql}) {op} ?", sql, [text.key(value)])


def points_to(kind: str, field: Field, id: str) -> Condition:
    """The condition that a reference names this record; of a list, that one of its items does.

    A person also counts among the people of an account they are linked to beside their own.
    """
    if field.many and field.rows:
        table, column = field.rows
        rows = f'SELECT 1 FROM "{table}" r WHERE r."{kind}_id" = t.id AND r."{column}" = ?'
        return Condition(f"EXISTS ({rows})", [id])
    own = f't."{field.column}" IS ?'  # never NULL, as in `_some`
    if (kind, field.name) == ("contact", "account"):
        linked = "SELECT contact_id FROM affiliation WHERE account_id = ? AND to_on IS NULL"
        return Condition(f"({own} OR t.id IN ({linked}))", [id, id])
    return Condition(own, [id])


_FIGURES = {
    model.MONEY: "an amount",
    model.INTEGER: "a number",
    model.NUMBER: "a number",
    model.PERCENT: "a number",
    model.MINUTES: "a duration",
    model.FLAG: "yes or no",
}
"""Types whose values have no parts that `~` could look for."""


def _some(condition: str, sql: str, parameters: list[Any]) -> Condition:
    # Never NULL, so that NOT of it is true for a missing value.
    return Condition(f"({sql} IS NOT NULL AND {condition})", parameters)


def _list_test(
    kind: str, field: Field, op: str, value: str, reading: Reading, what: str
) -> Condition:
    if op not in ("=", "~"):
        raise UsageError(f"{what} is a list: ask with = or ~")
    assert field.rows
    item = f'r."{field.rows[1]}"'
    if field.type == model.REF:
        if op == "=" and reading.find is not None:
            return points_to(kind, field, reading.find(field.target, value))
        item = "x.name"
    elif op == "=" and field.type != model.TEXT:
        value = str(values.read_field(field, value, reading, what=what))
    condition = f"key({item}) = ?" if op == "=" else f"instr(key({item}), ?) > 0"
    sql = list_expression(kind, field, "1", condition)
    return Condition(f"EXISTS ({sql})", [text.key(value)])


def _reference(kind: str, field: Field, value: str, reading: Reading) -> Condition:
    if reading.find is not None:
        return points_to(kind, field, reading.find(field.target, value))
    by_id = f't."{field.column}"'
    return _some(f"key({expression(kind, field)}) = ?", by_id, [text.key(value)])


def _moment(sql: str, op: str, value: str, reading: Reading, what: str) -> Condition:
    """Compare by whole local days, unless a time of day is given."""
    try:
        day = read_day(value, reading.clock.today, what)
    except UsageError:
        return _some(f"{sql} {op} ?", sql, [iso(read_moment(value, reading.clock, what))])
    first, after = (iso(moment) for moment in values.bounds_of_day(day))
    match op:
        case "=":
            return _some(f"{sql} >= ? AND {sql} < ?", sql, [first, after])
        case "<" | ">=":
            return _some(f"{sql} {op} ?", sql, [first])
        case "<=":
            return _some(f"{sql} < ?", sql, [after])
        case _:
            return _some(f"{sql} >= ?", sql, [after])


def _money(sql: str, op: str, value: str, reading: Reading, what: str) -> Condition:
    """Compare amounts of every currency by face value; a currency in the text restricts to it."""
    minor, currency = money.read_amount(value, what=what, default="USD")
    if currency in value.upper():
        return _some(f"{sql} {op} ? AND t.currency = ?", sql, [minor, currency])
    # Read without one, it has two digits; both sides are scaled to four, the most there are.
    scaled = minor * 100
    if abs(scaled) > values.MAX_INTEGER:
        return _some(f"{face_value(sql)} {op} ?", sql, [float(scaled)])
    return _some(f"{face_value(sql)} {op} ?", sql, [scaled])


def face_value(sql: str) -> str:
    """The SQL of an amount as it is read, times 10,000: what compares across currencies."""
    return f"{sql} * power_of_ten(4 - minor_digits(t.currency))"
