"""Lines and columns of a page that fit the terminal: the least important part is clipped.

Every text of the book is a `theme.cell` already; nothing here knows what is on a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from acctcli.render import parts, theme
from acctcli.render.theme import View

SHOWN_LINES = 6
"""Lines shown per part; further ones are counted."""

LABEL = 9
"""Columns of the labels before single lines."""

GAP, NARROW = 2, 8
"""Blanks between two columns, and the narrowest clipped column."""


def line(label: str, text: Text, view: View) -> Text:
    """Draw a label and its value on one line."""
    return clipped(Text.assemble((f"{label:<{LABEL}}", "heading"), text), view.width)


def rest(count: int, command: str) -> Iterator[RenderableType]:
    """Yield how many lines were left out of a part, and the command that shows them."""
    if count > SHOWN_LINES:
        yield theme.cell(f"{theme.MORE} {count - SHOWN_LINES:,} more: {command}", "quiet")


def clipped(line: Text, width: int) -> Text:
    """Clip a line; a very narrow terminal wraps it instead and loses nothing."""
    if width >= parts.BESIDE_EACH_OTHER:
        line.truncate(width, overflow="ellipsis")
    return line


def columns(
    head: Sequence[str],
    rows: Sequence[Sequence[Text]],
    view: View,
    *,
    give: Sequence[int],
    right: Sequence[int] = (),
) -> RenderableType:
    """Draw rows under a heading, one line each; columns in `give` are clipped, in that order.

    If that is not enough, the cells of a row follow each other over several lines.
    """
    headings = [
        theme.cell(word, "quiet" if place else "heading") for place, word in enumerate(head)
    ]
    used = [n for n in range(len(head)) if n == 0 or any(row[n].plain for row in rows)]
    lines = [[row[n] for n in used] for row in (headings, *rows)]
    widths = [max(line[n].cell_len for line in lines) for n in range(len(used))]
    room = view.width - GAP * (len(used) - 1)
    for place in (used.index(n) for n in give if n in used):
        over = sum(widths) - room
        if over > 0:
            widths[place] = max(widths[place] - over, min(widths[place], NARROW))
    if sum(widths) > room:
        return Group(*(Text("  ").join(cell for cell in line if cell.plain) for line in lines))
    table = Table.grid(padding=(0, GAP, 0, 0))
    for n, width in zip(used, widths, strict=True):
        justify: Literal["left", "right"] = "right" if n in right else "left"
        table.add_column(width=width, no_wrap=True, overflow="ellipsis", justify=justify)
    for line in lines:
        table.add_row(*line)
    return table
