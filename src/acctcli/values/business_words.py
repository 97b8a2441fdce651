"""Words of company names that do not tell one company from another, or that tell them apart.

They are listed in `business_words.toml`, in lower case and without accents.
"""

from __future__ import annotations

import functools
from typing import Any

from acctcli import packaged


@functools.cache
def _table() -> dict[str, Any]:
    return packaged.table("acctcli.values", "business_words")


@functools.cache
def whole() -> dict[str, str]:
    """Return the whole word for each usual abbreviation and each other spelling."""
    return {short: word for word, all in _table()["whole"].items() for short in all.split()}


@functools.cache
def linking() -> frozenset[str]:
    """Return the words between others: names with and without them are the same."""
    return frozenset(_table()["words"]["linking"].split())


@functools.cache
def common() -> frozenset[str]:
    """Return words that many companies have in their names: alone they name none."""
    return frozenset((*_table()["whole"], *_table()["words"]["common"].split()))


@functools.cache
def _meanings() -> dict[str, tuple[str, str]]:
    """Return by word its class (direction, ordinal, country) and what it means there."""
    from acctcli.values import addresses

    groups = _table()["groups"]
    found = {
        name: ("country", code)
        for name, code in addresses.country_codes().items()
        if len(name) > _CODE and " " not in name
    }
    for kind in ("region", "direction", "ordinal"):
        for group in groups[kind].split(","):
            words = group.split()
            said = "country" if kind == "region" else kind
            found |= {word: (said, words[0]) for word in words if word not in found}
    return found


_CODE = 3  # letters of a country's code, which may be anything in a name


def meaning(word: str) -> tuple[str, str] | None:
    """Return which direction, ordinal or country a word is, as its class and what it means."""
    if word.isdecimal():
        return "ordinal", word.lstrip("0")
    return _meanings().get(word)
