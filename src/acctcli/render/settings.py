"""The list of settings: for a terminal within its width, for a pipe one line per setting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from acctcli import text
from acctcli.render import theme
from acctcli.render.emit import is_terminal

WIDEST = 28
"""The widest column of settings on a terminal; the purpose of a longer one is below it."""

LEAST = 20
"""The fewest columns of a purpose; with less, it is below its setting."""

SettingLine = tuple[str, str, str]
"""A setting with its value (`cadence.key = 21`), its origin, and its purpose."""


def lines(found: Sequence[SettingLine]) -> list[str]:
    """Return the lines of all settings, as stdout needs them."""
    if is_terminal():
        return fitted(found, theme.window()[0])
    width = max(len(said) for said, _, _ in found)
    return [
        f"{said:{width}}  # {source}{f'; {purpose}' if purpose else ''}"
        for said, source, purpose in found
    ]


def fitted(found: Sequence[SettingLine], columns: int) -> list[str]:
    """Return the lines in at most `columns` columns; only a value may be longer."""
    width = min(max(text.width(said) for said, _, _ in found), WIDEST)
    origin = max(text.width(source) for _, source, _ in found)
    return [line for setting in found for line in _lines(setting, (width, origin), columns)]


def _lines(setting: SettingLine, widths: tuple[int, int], columns: int) -> Iterator[str]:
    said, source, purpose = setting
    width, origin = widths
    left = width + 2 + origin + 2
    if columns - left < LEAST:
        yield f"{said}  # {source}"
        left = 2
    elif text.width(said) > width:
        yield said
        yield from _beside(" " * (width + 2), source, purpose, origin, columns)
        return
    else:
        start = said + " " * (width - text.width(said) + 2)
        yield from _beside(start, source, purpose, origin, columns)
        return
    for one in text.wrapped(purpose, max(columns - left, 1)) if purpose else ():
        yield " " * left + one


def _beside(start: str, source: str, purpose: str, origin: int, columns: int) -> Iterator[str]:
    """Yield the origin of a setting with its purpose beside it, after the start of a line."""
    start += source + " " * (origin - text.width(source) + 2)
    left = text.width(start)
    for one in text.wrapped(purpose, columns - left):
        yield (start + one).rstrip()
        start = " " * left
