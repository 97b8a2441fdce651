"""The timeline of an account or a group as lines under their days, newest first.

Drawn from the JSON of the entries and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from acctcli.render import parts, theme
from acctcli.render.theme import View

if TYPE_CHECKING:
    from acctcli.shapes.account import EventJson, GroupEventJson
    from acctcli.shapes.lists import RowsOf

SIGNS = {
    "deal": theme.DIAMOND,
    "purchase": theme.MONEY,
    "review": theme.SQUARE,
    "task": theme.RING,
}
"""The sign of an entry; the word is beside it. All others are interactions."""

TALK, DONE = theme.DOT, theme.CHECK


MOST_OF_NAME = 20
"""Columns that the name of an account takes at most; what happened is never cut off."""


def draw(data: RowsOf[EventJson], view: View) -> RenderableType:
    """Draw the whole timeline: nothing is cut off, and each day appears once."""
    return _drawn(data["rows"], [], view)


def of_group(data: RowsOf[GroupEventJson], view: View) -> RenderableType:
    """Draw the timeline of several accounts: the same, with the account of each entry."""
    names = [theme.cell(entry["account"]) for entry in data["rows"]]
    return _drawn(data["rows"], names, view)


def _drawn(entries: Sequence[EventJson], names: Sequence[Text], view: View) -> RenderableType:
    found: list[Sequence[Text]] = list(rows(entries, view))
    if names:
        found = [(*row[:-1], name, row[-1]) for row, name in zip(found, names, strict=True)]
    if view.width < parts.BESIDE_EACH_OTHER:
        lines = [Text(" ").join(cell for cell in row if cell.plain) for row in found]
        return Text("\n").join(lines)
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(3):
        table.add_column(no_wrap=True)
    if names:
        width = min(max(name.cell_len for name in names), MOST_OF_NAME)
        table.add_column(width=width, no_wrap=True, overflow="ellipsis")
    table.add_column(ratio=1)
    table.add_column(no_wrap=True)
    for entry, row in zip(entries, found, strict=True):
        table.add_row(*row, theme.cell(entry["id"][-parts.ID_TAIL :], "quiet"))
    return table


def rows(entries: Iterable[EventJson], view: View) -> list[tuple[Text, Text, Text, Text]]:
    """Return a row per entry: the day (once), its sign, its kind, and what happened."""
    found = []
    previous = ""
    for entry in entries:
        day = "" if entry["day"] == previous else theme.day(entry["day"], view.today)
        previous = entry["day"]
        found.append((theme.cell(day, "quiet"), _sign(entry, view), _kind(entry), _text(entry)))
    return found


def _sign(entry: EventJson, view: View) -> Text:
    if entry["done"]:
        return theme.cell(DONE, "good")
    late = entry["done"] is False and entry["day"] < view.today.isoformat()
    return theme.cell(
        theme.FLAG if late else SIGNS.get(entry["kind"], TALK), "overdue" if late else ""
    )


def _kind(entry: EventJson) -> Text:
    if entry["done"]:
        return theme.cell("done")
    return theme.cell(parts.arrow(entry))


def _text(entry: EventJson) -> Text:
    """Draw what happened, and with whom."""
    text = theme.cell(entry["text"])
    if entry["contacts"]:
        text.append(f"  {theme.listed(entry['contacts'])}", "quiet")
    return text
