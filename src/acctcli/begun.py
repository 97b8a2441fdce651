"""Completion of a `--where` that is being typed: what may come next.

`where` parses whole filters. This module looks at the beginning of one and never reports an error:
a text that can no longer become a filter gets no suggestions.
"""

from __future__ import annotations

import re
from typing import Literal

from acctcli.frozen import Frozen

Part = Literal["field", "operator", "list", "value", "item", "next item", "empty", "joint"]
"""What is being typed: a field, an operator, the `(` of a list, a value, an item of a list,
what follows an item, `empty` after `is`, or `and` and `or`."""

# A closed quote, an open one, an operator, a sign of its own, a word.
_TOKEN = re.compile(
    r"""\s+|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|["'].*|[=!<>~]+|[(),]|[^\s=!<>~(),]+""", re.DOTALL
)

_AFTER: dict[tuple[Part, str], Part] = {
    ("field", "("): "field",
    ("field", "not"): "field",
    ("operator", "in"): "list",
    ("operator", "not"): "operator",
    ("operator", "is"): "empty",
    ("list", "("): "item",
    ("empty", "not"): "empty",
    ("empty", "empty"): "joint",
    ("next item", ","): "item",
    ("next item", ")"): "joint",
    ("joint", "and"): "field",
    ("joint", "or"): "field",
    ("joint", ")"): "joint",
}
"""What is typed after a part was: by the part and its token in small letters."""


class Begun(Frozen):
    """The part that is being typed, its text so far, and where it starts in the filter.

    `field` and `op` are those of the test that it belongs to; `word` has no quotes.
    """

    part: Part
    word: str
    at: int
    field: str = ""
    op: str = ""


def begun(typed: str) -> Begun | None:
    """Return what is being typed at the end of a filter; None if it cannot become one."""
    tokens = [(match[0], match.start()) for match in _TOKEN.finditer(typed)]
    part: Part | None = "field"
    field = op = ""
    for place, (token, at) in enumerate(tokens):
        if token.isspace():
            continue
        if place == len(tokens) - 1 and not _is_whole(part, token):
            return None if part is None else Begun(part, token.strip("\"'"), at, field, op)
        a_word = token[0] not in "=!<>~(),"
        if part == "field" and a_word and (part, token.lower()) not in _AFTER:
            field, op, part = token, "", "operator"
        elif part == "operator" and token[0] in "=!<>~":
            op, part = token, "value"
        elif part == "value" and a_word:
            part = "joint"
        elif part == "item" and a_word:
            part = "next item"
        else:
            op = token.lower() if part == "operator" else op
            part = _AFTER.get((part, token.lower())) if part else None
        if part is None:
            return None
    return None if part is None else Begun(part, "", len(typed), field, op)


def _is_whole(part: Part | None, token: str) -> bool:
    """Whether a last token cannot go on: a sign, or a text in closed quotes."""
    if token[0] in "\"'":
        return len(token) > 1 and token[-1] == token[0]
    return token in ("(", ")", ",") or (part == "operator" and token[0] in "=!<>~")
