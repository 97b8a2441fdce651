"""The language of ``--where``: text in, syntax tree out.

``tier in (key, strategic) and annual_revenue > 1m and not tag = expo``

A test is a field, an operator and a value; tests are joined by ``and``, ``or``, ``not`` and
parentheses. The compiler of the tree knows fields and values: here, names and values stay exactly
as they were typed, with their place in the text, so that later errors get a caret too (`mistake`).
There must never be SQL, a record or a date in here.

Scanned by hand and not with a parser library or a table of regexes: the language has a handful of
operators, and start-up time is a feature.
"""

from __future__ import annotations

from typing import TypeAlias

from acctcli.errors import UsageError
from acctcli.frozen import Frozen
from acctcli.text import quoted, safe, width

OPERATORS = ("=", "!=", ">", "<", ">=", "<=", "~", "!~")

# No field can have one of these names, because a filter could not name it.
RESERVED = frozenset({"and", "or", "not", "in", "is"})

_OPERATOR_CHARS = "=!<>~"
_ENDS_A_WORD = _OPERATOR_CHARS + "()"
_WRITE_A_TEST = "write a field, an operator and a value, such as tier = key"
_WRITE_A_LIST = "several values go in a list, such as tier in (key, growth)"
_WRITE_QUOTES = f"quotes around a value with a space or any of {_ENDS_A_WORD}"

# Nesting of parentheses and ``not``. Far more than anyone types, and far below Python's own limit,
# also for code that walks the tree.
_DEEPEST = 100

# Characters of a long filter that an error shows: with the indent and the dots on both sides they
# fill 80 columns. In a wrapped line, the caret would be in the wrong place.
_SHOWN = 72


class Compare(Frozen):
    """`field` `op` `value`, as in ``amount >= 1m``.

    `op` is one of `OPERATORS`; `value` is never empty (that becomes `Empty`).
    `at` and `value_at` are offsets in the text; a quoted value begins at its quote.
    """

    field: str
    op: str
    value: str
    at: int
    value_at: int


class OneOf(Frozen):
    """``field in (a, b)`` or, negated, ``field not in (a, b)``: one value or more, none empty."""

    field: str
    values: tuple[str, ...]
    at: int
    value_ats: tuple[int, ...]
    negated: bool


class Empty(Frozen):
    """``field is empty`` (also ``field = ""``) or, negated, ``field is not empty``."""

    field: str
    at: int
    negated: bool


class And(Frozen):
    """Two parts or more that must all hold."""

    parts: tuple[Expr, ...]


class Or(Frozen):
    """Two parts or more of which one must hold."""

    parts: tuple[Expr, ...]


class Not(Frozen):
    """A part that must not hold."""

    part: Expr


Expr: TypeAlias = Compare | OneOf | Empty | And | Or | Not


def parse(text: str) -> Expr:
    """Return the tree of a filter; parentheses become nesting, nothing is simplified.

    Raises `UsageError`, with a caret under the place, for anything that is not a filter.
    """
    return _Parser(text).whole()


def fields_of(expr: Expr) -> list[tuple[str, int]]:
    """Return every field that the filter names, with its offset, in reading order, with repeats."""
    match expr:
        case And(parts) | Or(parts):
            return [found for part in parts for found in fields_of(part)]
        case Not(part):
            return fields_of(part)
        case Compare() | OneOf() | Empty():
            return [(expr.field, expr.at)]


def mistake(text: str, at: int, message: str) -> UsageError:
    """Return the error for offset `at` of the filter `text`.

    It has three lines: the message, the filter (a long one cut around the place) and a caret.
    Message and filter are made safe to print.
    """
    start = max(0, min(at - _SHOWN // 2, len(text) - _SHOWN))
    end = start + _SHOWN
    before = ("..." if start else "") + _one_line(text[start:at])
    after = _one_line(text[at:end]) + ("..." if end < len(text) else "")
    caret = " " * width(before) + "^"
    return UsageError(f"{_one_line(message)}\n  {before}{after}\n  {caret}")


def _one_line(text: str) -> str:
    """Return `text` as one safe line: each line break or tab becomes a space."""
    return safe("".join(" " if char.isspace() else char for char in text))


class _Parser:
    """A position in the text that only moves forward; a method per rule of the grammar."""

    __slots__ = ("at", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    # -- the grammar, from the outside in

    def whole(self) -> Expr:
        expr = self.any_of(depth=0)
        if self.next_char() == ")":
            raise self.error("this ) closes nothing; take it out, or open it with ( further left")
        if self.next_char():
            raise self.error_between_tests()
        return expr

    def any_of(self, depth: int) -> Expr:
        parts = [self.all_of(depth)]
        while self.skip_keyword("or"):
            parts.append(self.all_of(depth))
        return Or(tuple(parts)) if len(parts) > 1 else parts[0]

    def all_of(self, depth: int) -> Expr:
        parts = [self.part(depth)]
        while self.skip_keyword("and"):
            parts.append(self.part(depth))
        return And(tuple(parts)) if len(parts) > 1 else parts[0]

    def part(self, depth: int) -> Expr:
        if depth > _DEEPEST:
            raise self.error(f"more than {_DEEPEST} levels of ( and of not; write a simpler filter")
        if self.skip_keyword("not"):
            return Not(self.part(depth + 1))
        if self.next_char() != "(":
            return self.test()
        opened = self.at
        self.at += 1
        expr = self.any_of(depth + 1)
        if not self.next_char():
            raise self.error("this ( is never closed; write ) where it ends", at=opened)
        if self.next_char() != ")":
            raise self.error_between_tests()
        self.at += 1
        return expr

    def test(self) -> Expr:
        field = self.next_name()
        if not field or field.lower() in RESERVED:
            raise self.error(f"a field name (without quotes) is missing here; {_WRITE_A_TEST}")
        at = self.at
        self.at += len(field)
        if self.skip_keyword("is"):
            return self.emptiness(field, at)
        if self.skip_keyword("not"):
            if not self.skip_keyword("in"):
                raise self.error('after "not" comes "in (...)"; for one value write != or !~')
            return self.choice(field, at, negated=True)
        if self.skip_keyword("in"):
            return self.choice(field, at, negated=False)
        return self.comparison(field, at)

    def emptiness(self, field: str, at: int) -> Empty:
        negated = self.skip_keyword("not")
        if not self.skip_keyword("empty"):
            raise self.error('after "is" comes "empty" or "not empty"; for a value write = or !=')
        return Empty(field, at, negated)

    def choice(self, field: str, at: int, *, negated: bool) -> OneOf:
        if self.next_char() != "(":
            raise self.error("a list in parentheses is missing here, such as tier in (key, growth)")
        opened = self.at
        values: list[str] = []
        value_ats: list[int] = []
        while not values or self.next_char() == ",":
            self.at += 1  # skip the parenthesis or the comma
            if self.next_char() in _ENDS_A_WORD + ",":  # or the text ends
                raise self.error(
                    "a value is missing here; write a list such as tier in (key, growth)"
                )
            value_ats.append(self.at)
            values.append(self.value(ends=_ENDS_A_WORD + ","))
            if not values[-1]:
                raise self.error(
                    'a list cannot hold an empty value; join another test, such as "tier is empty"',
                    at=value_ats[-1],
                )
        if not self.next_char():
            raise self.error("this list is never closed; write ) where it ends", at=opened)
        if self.next_char() != ")":
            raise self.error(
                f"the list breaks off here; write a comma between two values, and {_WRITE_QUOTES}"
            )
        self.at += 1
        return OneOf(field, tuple(values), at, tuple(value_ats), negated)

    def comparison(self, field: str, at: int) -> Compare | Empty:
        op = self.run_of(_OPERATOR_CHARS)
        if op not in OPERATORS:
            wrong = f"{quoted(op)} is not an operator" if op else "an operator is missing here"
            known = " ".join(OPERATORS)
            raise self.error(f"{wrong}; write {known} or in (...), not in (...), is empty")
        self.at += len(op)
        if self.next_char() == "(":
            raise self.error(_WRITE_A_LIST)
        if self.next_char() in _ENDS_A_WORD:  # or the text ends
            raise self.error(f"a value is missing after {op}; {_WRITE_A_TEST}")
        value_at = self.at
        value = self.value(ends=_ENDS_A_WORD)
        if value:
            self.refuse_a_slip(value_at)
            return Compare(field, op, value, at, value_at)
        if op not in ("=", "!="):
            raise self.error(
                f'{op} needs a value; for an empty field write "is empty"', at=value_at
            )
        return Empty(field, at, negated=op == "!=")

    def refuse_a_slip(self, value_at: int) -> None:
        """Refuse the value just read if it was surely not meant as one."""
        typed = self.text[value_at : self.at]
        if typed.endswith(","):
            raise self.error(f"{_WRITE_A_LIST}; or put quotes around the value", at=self.at - 1)
        # OR is Oregon in ``region = OR``, but a missing value in ``region = or tier = key``.
        if typed.lower() in ("and", "or"):
            joined = self.next_name().lower() in ("and", "or")
            if not joined and self.next_char() not in ("", ")"):
                raise self.error(
                    f'a value is missing before "{typed}"; {_WRITE_A_TEST}', at=value_at
                )

    # -- words and characters

    def value(self, ends: str) -> str:
        """Read a quoted value, or a bare one up to a space or a character of `ends`."""
        first = self.text[self.at]
        if first in "\"'":
            return self.quoted_value(first)
        if first in "“”":
            raise self.error("these quotes are not read; write straight ones: \" or '")
        start = self.at
        while self.at < len(self.text):
            char = self.text[self.at]
            if char.isspace() or char in ends:
                break
            self.at += 1
        return self.text[start : self.at]

    def quoted_value(self, quote: str) -> str:
        """Read up to the closing quote; a backslash escapes that quote and itself."""
        opened = self.at
        chars: list[str] = []
        self.at += 1
        while self.text[self.at : self.at + 1] != quote:
            if self.text[self.at : self.at + 2] in ("\\" + quote, "\\\\"):
                self.at += 1
            if self.at >= len(self.text):
                raise self.error(
                    f"this {quote} is never closed; write another after the value", at=opened
                )
            chars.append(self.text[self.at])
            self.at += 1
        self.at += 1
        return "".join(chars)

    def skip_space(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def skip_keyword(self, word: str) -> bool:
        """Skip `word` if it comes next, in any case; return whether it did."""
        if self.next_name().lower() != word:
            return False
        self.at += len(word)
        return True

    def next_char(self) -> str:
        """Return the next character that is no space, or "" at the end."""
        self.skip_space()
        return self.text[self.at : self.at + 1]

    def next_name(self) -> str:
        """Return the next field name or keyword without skipping it; "" if there is none."""
        first = self.next_char()
        if not (first.isalpha() or first == "_"):
            return ""
        end = self.at
        while end < len(self.text):
            char = self.text[end]
            if not char.isascii() or not (char.isalnum() or char in "_.-"):
                break
            end += 1
        return self.text[self.at : end]

    def run_of(self, chars: str) -> str:
        end = self.at
        while end < len(self.text) and self.text[end] in chars:
            end += 1
        return self.text[self.at : end]

    def error(self, message: str, *, at: int | None = None) -> UsageError:
        return mistake(self.text, self.at if at is None else at, message)

    def error_between_tests(self) -> UsageError:
        return self.error(
            'the filter breaks off here; write "and" or "or" between two tests, '
            f"and {_WRITE_QUOTES}"
        )
