"""Cells of files in the form that our readers accept, by the type of their field.

Other programs write `70.0` for a whole number, `(500.00)` for a refund, `x` for yes and several
addresses in one cell. Each of these has one reading, so it is read that way; a value with two
readings is decided by its column (`survey`) or refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from acctcli import model, text
from acctcli.model import Field
from acctcli.values import number_columns
from acctcli.values.number_columns import Decimal
from acctcli.values.vocabulary import plain_word

_BLANKS = """n/a, na, #n/a, none, (none), null, nil, nan, -, --, —, (blank), \\n, 0/0/00,
    00/00/0000, 0000-00-00, 0000-00-00 00:00:00, unknown, not set, tbd, ."""
BLANKS = frozenset(map(str.strip, _BLANKS.split(",")))
"""What other programs write for nothing; in texts it stays."""

_YES = """x, t, checked, ✓, ✔, wahr, ja, oui, si, opted out, optout, opt out, unsubscribed,
    do not email, do not call, do not allow"""
_NO = "f, unchecked, falsch, nein, non, opted in, optin, opt in, subscribed, allow"
FLAGS = {
    plain_word(word): flag
    for flag, words in (("yes", _YES), ("no", _NO))
    for word in words.split(",")
}
"""Further words of yes and no in files."""


def forms(
    field: Field,
    *,
    decimal: Decimal = "point",
    share: bool = False,
) -> Iterator[Callable[[str], str]]:
    """Yield the steps, in order, that bring a cell of a field into its form: text → text.

    `decimal` is the decimal sign of numbers, and a `share` is a percentage as a share of one.
    """
    if field.type not in (model.TEXT, model.LONG, model.REF):
        yield lambda value: "" if text.key(value) in BLANKS else value
    if field.type in (model.INTEGER, model.MONEY, model.NUMBER, model.PERCENT, model.SHARE):
        yield lambda value: number_columns.tidy(value, decimal) if value else value
        if field.type in (model.INTEGER, model.PERCENT, model.SHARE):
            yield partial(number_columns.whole, share=share)
    elif field.type == model.FLAG:
        yield lambda value: FLAGS.get(plain_word(value), value)
    elif field.many and field.type in (model.EMAIL, model.PHONE, model.WEBSITE):
        yield addresses
    elif field.flag == "tag":
        yield tags
    elif field.name == "street":
        yield one_line


def one_line(value: str) -> str:
    """Return a street of several lines as one, separated by commas."""
    return ", ".join(filter(None, map(str.strip, value.splitlines())))


def addresses(value: str) -> str:
    """Return several addresses in one cell, however they are separated, as `a; b`."""
    if "<" in value:
        from email.utils import getaddresses

        return "; ".join(address for _, address in getaddresses([value.replace(";", ",")]))
    items = re.split(r":::|[|,\r\n]+", value)
    return "; ".join(filter(None, map(str.strip, items)))


def tags(value: str) -> str:
    """Return the tags in one cell, however they are separated, without Google's own groups."""
    items = map(str.strip, re.split(r":::|[|;,\r\n]+", value))
    return "; ".join(item for item in items if item and not item.startswith("* "))


def name_in_address(emails: str) -> str:
    """Return the name in an address: `mei.tan@x.sg` is Mei Tan, `mtan@x.sg` mtan."""
    local = emails.split(";")[0].partition("@")[0].strip()
    parts = [part for part in re.split(r"[._-]+", local) if part]
    named = len(parts) > 1 and all(part.isalpha() for part in parts)
    return " ".join(map(str.capitalize, parts)) if named else local


def translated(words: Mapping[str, str], many: bool, value: str) -> str:
    """Return our word for one that the user translated, item by item in a list."""
    if not many:
        return words.get(text.key(value), value)
    items = (item.strip() for item in value.split(";"))
    return "; ".join(words.get(text.key(item), item) for item in items)
