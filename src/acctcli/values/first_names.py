"""First names and what people are called for short.

English names come from the `nicknames` package, which its own community keeps. It has only English
ones, so those of other languages are in `first_names.toml`. Both are read when the first two names
are compared.
"""

from __future__ import annotations

import functools

from acctcli import packaged


@functools.cache
def called() -> dict[str, frozenset[str]]:
    """Return by name in full what people of this name are called."""
    from nicknames import NickNamer

    table = {name: set(short) for name, short in NickNamer.default_lookup().items()}
    for name, short in packaged.table("acctcli.values", "first_names")["called"].items():
        table.setdefault(name, set()).update(short.split())
    return {name: frozenset(short) for name, short in table.items()}


@functools.cache
def _in_full() -> dict[str, frozenset[str]]:
    """Return by nickname the names in full that it may stand for."""
    found: dict[str, set[str]] = {}
    for name, short in called().items():
        for nickname in short:
            found.setdefault(nickname, set()).add(name)
    return {nickname: frozenset(names) for nickname, names in found.items()}


def is_known(name: str) -> bool:
    """Whether a word is a first name that is listed, in full or for short."""
    return name in called() or name in _in_full()


def may_be_one(one: str, other: str) -> bool:
    """Whether one first name is short for the other, or both are short for the same one.

    >>> may_be_one("bob", "robert"), may_be_one("bob", "rob"), may_be_one("bob", "tom")
    (True, True, False)
    """
    if other in called().get(one, ()) or one in called().get(other, ()):
        return True
    if one in called() or other in called():
        return False  # Alexander and Alexandra are both called Alex
    names = _in_full()
    return not names.get(one, frozenset()).isdisjoint(names.get(other, ()))
