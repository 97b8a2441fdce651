"""From the text of `--where` to an SQL condition.

The parser (`where`) knows no fields, `filters` knows no syntax; this module turns the parser's tree
into tests of `filters`. It is a module of its own so that a list without `--where` loads no parser.
"""

from __future__ import annotations

from collections.abc import Mapping

from acctcli import model, text
from acctcli.errors import AcctError
from acctcli.model import Field
from acctcli.store.filters import Condition, all_of, any_of, is_empty, negated, test
from acctcli.values.fields import Reading
from acctcli.where import And, Compare, Empty, Expr, Not, OneOf, Or, mistake, parse


def compile_text(typed: str, kind: str, fields: Mapping[str, Field], reading: Reading) -> Condition:
    """Compile a `--where` text. Raises `UsageError` with a caret under the mistake."""
    return _compile(parse(typed), typed, kind, fields, reading)


def _compile(
    expr: Expr, typed: str, kind: str, fields: Mapping[str, Field], reading: Reading
) -> Condition:
    match expr:
        case And(parts) | Or(parts):
            join = all_of if isinstance(expr, And) else any_of
            return join([_compile(part, typed, kind, fields, reading) for part in parts])
        case Not(part):
            return negated(_compile(part, typed, kind, fields, reading))
        case Empty(name, at, turned):
            field = _field(name, at, typed, kind, fields)
            empty = Condition(is_empty(kind, field), [])
            return negated(empty) if turned else empty
        case OneOf(name, wanted, at, value_ats, turned):
            field = _field(name, at, typed, kind, fields)
            tests = [
                _test_at(kind, field, "=", value, reading, typed, value_at)
                for value, value_at in zip(wanted, value_ats, strict=True)
            ]
            one = any_of(tests)
            return negated(one) if turned else one
        case Compare(name, op, value, at, value_at):
            field = _field(name, at, typed, kind, fields)
            return _test_at(kind, field, op, value, reading, typed, value_at)


def _field(name: str, at: int, typed: str, kind: str, fields: Mapping[str, Field]) -> Field:
    field = model.named(fields, name)
    if field is None:
        near = text.near(name, fields, limit=1)
        hint = text.did_you_mean(near)
        raise mistake(
            typed,
            at,
            f'no {model.KINDS[kind].one} field "{text.safe(name)}".{hint} '
            f"Fields: {', '.join(fields)}",
        )
    return field


def _test_at(
    kind: str, field: Field, op: str, value: str, reading: Reading, typed: str, at: int
) -> Condition:
    try:
        return test(kind, field, op, value, reading, what=field.label)
    except AcctError as error:
        pointed = mistake(typed, at, error.message)
        pointed.candidates = error.candidates
        raise pointed from error
