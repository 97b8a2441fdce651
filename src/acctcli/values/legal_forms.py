"""Legal forms of companies by country, from `legal_forms.toml`.

cleanco has neither the forms of East Asia nor forms in full words, and rigour is a compiled library
of 11 MB. This list is read by commands that must start fast.
"""

from __future__ import annotations

import functools

from acctcli import packaged

Form = tuple[str, ...]
"""A form as its words: `("sp", "z", "oo")`."""


@functools.cache
def _table() -> dict[str, dict[str, str]]:
    return packaged.table("acctcli.values", "legal_forms")


def _listed(forms: str) -> frozenset[Form]:
    return frozenset(tuple(form.split()) for form in forms.split(","))


@functools.cache
def after() -> frozenset[Form]:
    """Return the forms that follow a name."""
    return frozenset[Form]().union(*map(_listed, _table()["after"].values()))


@functools.cache
def before() -> frozenset[Form]:
    """Return the forms that may come before a name."""
    return _listed(_table()["before"]["forms"])


@functools.cache
def joined() -> tuple[str, ...]:
    """Return the forms that a name may have at it without a space, longer ones first."""
    return tuple(form.strip() for form in _table()["joined"]["forms"].split(","))


@functools.cache
def longest() -> int:
    """Return how many words the longest form has."""
    return max(map(len, after() | before()))
