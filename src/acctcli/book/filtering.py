"""Completion of a `--where` that is being typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from acctcli import model
from acctcli.begun import begun
from acctcli.model import Field

Offered = Sequence[str | tuple[str, str]]
"""Suggestions, some with a word of explanation."""

_DAYS = ("today", "yesterday", "-7d", "-30d", "last month", "this quarter", "eoq")
_WORDS = (model.CHOICE, model.TIER, model.STAGE, model.REF)
_TEXTS = (model.TEXT, model.LONG, model.EMAIL, model.PHONE, model.WEBSITE)


def next_parts(
    typed: str,
    fields: Mapping[str, Field],
    values: Callable[[Field, str], Offered],
    quote: str = "",
) -> Offered:
    """Return the filters that may be meant, each as typed so far with its next part.

    `values` returns the values of a field that start so; `quote` is the shell's open quotation
    mark.
    """
    now = begun(typed)
    if now is None:
        return []
    field = model.named(fields, now.field) if now.field else None
    found: Offered = ()
    match now.part:
        case "field":
            found = _fields_or_tests(fields, now.word)
        case "operator" if field is not None:
            found = _operators(field)
        case "list":
            found = ["("]
        case "value" | "item" if field is not None and "~" not in now.op:
            # Two ways to continue: after a single candidate, a shell would close the quotation
            # mark.
            ends = ("",) if now.part == "value" else (")", ",")
            found = [
                (f"{typed[: now.at]}{_in_quotes(one, quote)}{end}", said)
                for one, said in _pairs(_of_type(field, now.word, values))
                for end in ends
            ]
            return found
        case "next item":
            found = [",", ")"]
        case "empty":
            found = ["empty", "not empty"]
        case "joint":
            found = ["and", "or"]
    begins = now.word.lower()
    return [(typed[: now.at] + one, said) for one, said in _pairs(found) if one.startswith(begins)]


def _pairs(found: Offered) -> list[tuple[str, str]]:
    return [(one, "") if isinstance(one, str) else one for one in found]


def _fields_or_tests(fields: Mapping[str, Field], word: str) -> Offered:
    """Return the fields that start so; if only one is left, the tests for it.

    A shell closes the quotation mark after the only candidate, which would end the filter there.
    """
    begin = [name for name in fields if name.startswith(word.lower().replace("-", "_"))]
    if len(begin) != 1 and word not in fields:
        return [*((name, fields[name].help) for name in begin), ("not", "")]
    name = word if word in fields else begin[0]
    tests = [(f"{name} {operator}", fields[name].help) for operator in _operators(fields[name])]
    return [*tests, *((other, fields[other].help) for other in begin if other != name)]


def _operators(field: Field) -> list[str]:
    """Return the operators that make sense for a field, the most usual first."""
    if field.many:
        return ["=", "~", "in (", "is empty", "is not empty"]
    if field.type == model.FLAG:
        return ["=", "!="]
    if field.type in _WORDS:
        return ["=", "!=", "in (", "not in (", "is empty", "is not empty"]
    if field.type in _TEXTS:
        return ["=", "~", "!=", "in (", "is empty", "is not empty"]
    return ["=", "<", ">", "<=", ">=", "is empty", "is not empty"]


def _of_type(field: Field, word: str, values: Callable[[Field, str], Offered]) -> Offered:
    if field.type in (model.DAY, model.MOMENT):
        return [one for one in _DAYS if one.startswith(word.lower())]
    return values(field, word)


def _in_quotes(value: str, outer: str) -> str:
    """Return a value for a filter, in quotes if it needs them.

    In the shell's `outer` quotation marks, others are used: a shell would close the word with its
    own.
    """
    if value and not any(char.isspace() or char in "=!<>~(),\"'" for char in value):
        return value
    quote = "'" if outer == '"' or (outer != "'" and '"' in value) else '"'
    escaped = value.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    return f"{quote}{escaped}{quote}"
