"""Turn a test of one field into an SQL condition, by the type of the field.

A value in a filter is read like the same value anywhere else, so `close_date < eoq` and `amount >
120k` mean what they mean in an option. Names and texts compare without case and accents.
`where_sql` compiles the text of `--where`; this module knows no syntax.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from acctcli import model, text
from acctcli.errors import UsageError
from acctcli.frozen import Frozen
from acctcli.model import Field, Look
from acctcli.store.columns import expression, list_expression
from acctcli.values import fields, money
from acctcli.values.dates import iso
from acctcli.values.fields import Reading

MOST_TESTS = 100
"""The most tests in a filter: each one is computed for every record."""

_EQUALS = "{=}"  # the place of the comparison in a pattern


class Equal(Frozen):
    """A test for one value, or for any other: `pattern` has `{=}` for the comparison."""

    pattern: str
    value: Any
    negated: bool = False


class Condition(Frozen):
    """An SQL condition over the table aliased t, with its parameters.

    `tests` counts its parts. Parts that are `equal` except for their value are joined into one test
    for any of the values, however many there are.
    """

    sql: str
    parameters: Sequence[Any]
    tests: int = 1
    equal: Equal | None = None


def negated(condition: Condition) -> Condition:
    """Return the condition that this one does not hold."""
    equal = condition.equal
    if equal is not None:
        equal = equal.replace(negated=not equal.negated)
    return condition.replace(sql=f"NOT {condition.sql}", equal=equal)


def any_of(conditions: Sequence[Condition]) -> Condition:
    """Return the condition that at least one of these holds."""
    return _joined(" OR ", _with_alternatives(conditions, turned=False))


def all_of(conditions: Sequence[Condition]) -> Condition:
    """Return the condition that all of these hold; without any, one that always holds."""
    if not conditions:
        return Condition("1", [])
    return _joined(" AND ", _with_alternatives(conditions, turned=True))


def _with_alternatives(conditions: Sequence[Condition], *, turned: bool) -> list[Condition]:
    """Return the conditions, with tests joined that differ only in their value.

    Joined by `or`, those are the tests for a value; joined by `and` (`turned`), the tests for any
    other.
    """
    alike: dict[str, dict[Any, Condition]] = {}
    parts = []
    for condition in conditions:
        equal = condition.equal
        if equal is None or equal.negated != turned:
            parts.append(condition)
        else:
            alike.setdefault(equal.pattern, {})[equal.value] = condition
    for pattern, tests in alike.items():
        if len(tests) == 1:
            parts += tests.values()
            continue
        sql = pattern.replace(_EQUALS, "IN (SELECT value FROM json_each(?))")
        wanted = [json.dumps(list(tests))] * pattern.count(_EQUALS)
        together = Condition(sql, wanted)
        parts.append(negated(together) if turned else together)
    return parts


def _joined(word: str, conditions: Sequence[Condition]) -> Condition:
    if len(conditions) == 1:
        return conditions[0]
    tests = sum(condition.tests for condition in conditions)
    if tests > MOST_TESTS:
        raise UsageError(
            f"the filters make {tests:,} tests; {MOST_TESTS} at most. "
            "Several values of one field are one test: tier in (key, growth)"
        )
    return Condition(
        _balanced(word, [c.sql for c in conditions]),
        [p for c in conditions for p in c.parameters],
        tests,
    )


def _balanced(word: str, parts: Sequence[str]) -> str:
    # A chain nests one level per part, and SQLite goes down no more than 1,000 levels.
    if len(parts) > 50:
        half = len(parts) // 2
        parts = (_balanced(word, parts[:half]), _balanced(word, parts[half:]))
    return f"({word.join(parts)})"


def _equal(pattern: str, value: Any) -> Condition:
    """Return the test for one value; the pattern has `{=}` in place of the comparison."""
    values = [value] * pattern.count(_EQUALS)
    return Condition(pattern.replace(_EQUALS, "= ?"), values, equal=Equal(pattern, value))


def is_empty(kind: str, field: Field) -> str:
    """Return the SQL condition that a field has no value."""
    if field.many:
        return f"NOT EXISTS ({list_expression(kind, field, '1')})"
    return f"({expression(kind, field)} IS NULL)"


def test(kind: str, field: Field, op: str, value: str, reading: Reading, *, what: str) -> Condition:
    """Return the condition that one field is in relation `op` to a typed value.

    `op` is one of `=` `!=` `<` `>` `<=` `>=` `~` (contains) `!~`. A missing value satisfies only
    `!=` and `!~`. `what` begins the message of an error.
    """
    if op in ("!=", "!~"):
        return negated(test(kind, field, "=" if op == "!=" else "~", value, reading, what=what))
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
            return _moment(sql, op, value, reading, what, field.look)
        case model.DAY:
            return _day(sql, op, value, reading, what, field.look)
        case (
            model.INTEGER | model.NUMBER | model.PERCENT | model.SHARE | model.FLAG | model.MINUTES
        ):
            wanted = fields.read_field(field, value, reading, what=what)
            if field.custom:
                sql = f"CAST({sql} AS REAL)"
            return _compared(sql, op, wanted, sql)
        case model.REF if op == "=":
            return _reference(kind, field, value, reading)
        case model.PHONE | model.WEBSITE | model.LINKEDIN | model.COUNTRY | model.CURRENCY:
            return _compared(sql, op, fields.read_field(field, value, reading, what=what), sql)
        case model.CHOICE | model.TIER | model.STAGE if op == "=":
            return _compared(sql, op, fields.read_field(field, value, reading, what=what), sql)
        case _:
            return _compared(f"key({sql})", op, text.key(value), sql)


def points_to(kind: str, field: Field, id: str) -> Condition:
    """Return the condition that a reference (or an item of a list of them) names this record.

    People linked to an account from elsewhere count as people of that account too.
    """
    if field.many and field.rows:
        table, column = field.rows
        # From the record that is named: an EXISTS would look into the list of every record.
        rows = f'SELECT "{kind}_id" FROM "{table}" WHERE "{column}" {_EQUALS}'
        return _equal(f't.id IN ({rows} AND "{kind}_id" IS NOT NULL)', id)
    own = f't."{field.column}"'
    own = f"({own} IS NOT NULL AND {own} {_EQUALS})"
    if (kind, field.name) == ("contact", "account"):
        linked = f"SELECT contact_id FROM affiliation WHERE account_id {_EQUALS} AND to_on IS NULL"
        return _equal(f"({own} OR t.id IN ({linked}))", id)
    return _equal(own, id)


_FIGURES = {
    model.MONEY: "an amount",
    model.INTEGER: "a number",
    model.NUMBER: "a number",
    model.PERCENT: "a number",
    model.SHARE: "a number",
    model.MINUTES: "a duration",
    model.FLAG: "yes or no",
}
"""Types whose values have no parts for `~` to find."""


def _some(condition: str, sql: str, parameters: list[Any]) -> Condition:
    # Never NULL, so that NOT of it is true for a missing value.
    return Condition(f"({sql} IS NOT NULL AND {condition})", parameters)


def _compared(left: str, op: str, value: Any, sql: str) -> Condition:
    """Return the test of one value against an expression made of the field's SQL."""
    if op == "=":
        return _equal(f"({sql} IS NOT NULL AND {left} {_EQUALS})", value)
    return _some(f"{left} {op} ?", sql, [value])


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
        value = str(fields.read_field(field, value, reading, what=what))
    condition = f"key({item}) {_EQUALS}" if op == "=" else f"instr(key({item}), ?) > 0"
    sql = f"EXISTS ({list_expression(kind, field, '1', condition)})"
    return _equal(sql, text.key(value)) if op == "=" else Condition(sql, [text.key(value)])


def _reference(kind: str, field: Field, value: str, reading: Reading) -> Condition:
    if reading.find is not None and not model.KINDS[field.target].shared:
        return points_to(kind, field, reading.find(field.target, value))
    by_id = f't."{field.column}"'
    return _compared(f"key({expression(kind, field)})", "=", text.key(value), by_id)


def _day(sql: str, op: str, value: str, reading: Reading, what: str, look: Look) -> Condition:
    """Compare a day with a day, or with a month, quarter or year as a whole."""
    from acctcli.values.periods import span_of  # most lists have no filter by day

    span = span_of(value, reading.clock.today, what, look, reading.config["fiscal.start"])
    if op == "=" and span.start < span.end:
        return _some(f"{sql} BETWEEN ? AND ?", sql, [iso(span.start), iso(span.end)])
    day = span.start if op in ("<", ">=") else span.end
    return _compared(sql, op, iso(day), sql)


def _moment(sql: str, op: str, value: str, reading: Reading, what: str, look: Look) -> Condition:
    """Compare by whole local days like `_day`, unless the value has a time of day."""
    from acctcli.values.periods import span_of
    from acctcli.values.typed_moments import read_moment

    try:
        span = span_of(value, reading.clock.today, what, look, reading.config["fiscal.start"])
    except UsageError:
        return _some(f"{sql} {op} ?", sql, [iso(read_moment(value, reading.clock, what, look))])
    first = iso(fields.bounds_of_day(span.start)[0])
    after = iso(fields.bounds_of_day(span.end)[1])
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
    """Compare amounts in all currencies by face value, unless the value names a currency."""
    minor, currency = money.read_amount(value, what=what, default="USD")
    if currency in value.upper():
        return _some(f"{sql} {op} ? AND t.currency = ?", sql, [minor, currency])
    # Without a currency, the value has two decimals; both sides are scaled to four, the most there
    # are.
    scaled = minor * 100
    if abs(scaled) > fields.MAX_INTEGER:
        return _some(f"{face_value(sql)} {op} ?", sql, [float(scaled)])
    return _some(f"{face_value(sql)} {op} ?", sql, [scaled])


def face_value(sql: str) -> str:
    """Return the SQL of an amount at face value, times 10,000, which compares across currencies."""
    return f"{sql} * power_of_ten(4 - minor_digits(t.currency))"
