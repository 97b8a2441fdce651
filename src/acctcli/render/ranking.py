"""Accounts by a figure: one line each, with the main reason below.

Shared by the lists of scores and of health. On a terminal too narrow for columns, everything is
below the name. Every text of the book goes through `theme.cell`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from acctcli import text
from acctcli.frozen import Frozen
from acctcli.render import theme
from acctcli.render.theme import View

NAME = "account"

LEAST_NAME = 16
"""With fewer columns left for a name, the rest of the line is below it."""

UNKNOWN = theme.NONE


class Ranked(Frozen):
    """An account with its figure, further columns, its tier and the reason.

    None means unknown.
    """

    figure: int | None
    name: str
    others: Mapping[str, Text | None]
    tier: Text
    why: str | None


def draw(figure: str, lines: Sequence[Ranked], view: View) -> RenderableType:
    """Draw the accounts in their order; `figure` heads the first column."""
    wide = {
        head: max(len(head), *(_cell(line.others[head]).cell_len for line in lines))
        for head in lines[0].others
    }
    taken = len(f"{figure}    ") + sum(2 + columns for columns in wide.values())
    left = view.width - taken - max(line.tier.cell_len for line in lines)
    widest = max(text.width(text.safe(line.name)) for line in lines)
    if left < min(widest, LEAST_NAME):
        return Group(*(part for line in lines for part in _stacked(line)))
    room = max(min(widest, left), len(NAME))
    others = "".join(f"  {head:>{columns}}" for head, columns in wide.items())
    found: list[RenderableType] = [
        theme.cell(f"{figure}  {NAME:<{room}}{others}  tier", "quiet"),
    ]
    for line in lines:
        found += [_beside(line, len(figure), room, wide), *_why(line, len(figure) + 2)]
    return Group(*found)


def _beside(line: Ranked, first: int, room: int, wide: Mapping[str, int]) -> Text:
    name = text.clip(text.safe(line.name), room)
    gap = " " * (room - text.width(name))
    drawn = theme.cell(f"{_said(line.figure):>{first}}  {name}{gap}  ")
    for head, columns in wide.items():
        cell = _cell(line.others[head])
        drawn.append(" " * (columns - cell.cell_len)).append_text(cell).append("  ")
    return drawn.append_text(line.tier)


def _stacked(line: Ranked) -> Iterator[RenderableType]:
    yield theme.cell(f"{_said(line.figure)} {line.name}")
    known = [
        theme.cell(f"{head} ").append_text(cell)
        for head, cell in line.others.items()
        if cell is not None
    ]
    if known:
        yield theme.cell("  ").append_text(Text(", ").join(known))
    yield theme.cell("  ").append_text(line.tier)
    yield from _why(line, 2)


def _why(line: Ranked, indent: int) -> Iterator[RenderableType]:
    """Yield the reason, with further lines aligned."""
    if line.why:
        yield Padding(theme.cell(line.why, "quiet"), (0, 0, 0, indent))


def _cell(known: Text | None) -> Text:
    return theme.cell(UNKNOWN) if known is None else known


def _said(figure: int | None) -> str:
    return UNKNOWN if figure is None else str(figure)
