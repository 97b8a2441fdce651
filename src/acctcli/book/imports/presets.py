"""Import options that are saved under a name."""

from __future__ import annotations

from acctcli.book.context import Context
from acctcli.book.imports.recipe import Asked
from acctcli.interop import exporters
from acctcli.store import presets


def over(context: Context, name: str, asked: Asked) -> Asked:
    """Return the options with a preset's below them. Raises `NotFound` for an unknown name.

    The name of a system is the preset that reads its exports, unless one of that name is saved.
    """
    system = name.strip().lower()
    if system in exporters.systems() and name not in every(context):
        return asked.replace(system=system)
    with context.read() as con:
        return asked.over(presets.load(con, name))


def every(context: Context) -> dict[str, Asked]:
    """Return all presets, by name."""
    with context.read() as con:
        return {name: _asked(kept) for name, kept in presets.every(con).items()}


def forget(context: Context, name: str) -> Asked:
    """Delete a preset and return its options."""
    with context.write() as tx:
        return _asked(presets.delete(tx, name))


def _asked(kept: presets.Options) -> Asked:
    """Return the saved options; keys unknown here, from another program, are ignored."""
    return Asked(**{name: kept[name] for name in Asked.__match_args__ if name in kept})
