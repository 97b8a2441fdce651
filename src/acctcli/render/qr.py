"""A QR code in the terminal: two rows of squares in each line, dark on light."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from acctcli.interop.qrcode import squares
from acctcli.render import parts, theme
from acctcli.render.theme import View

if TYPE_CHECKING:
    from acctcli.shapes.people import CardPage

_HALVES = {
    (False, False): " ",
    (True, False): theme.UPPER_HALF,
    (False, True): theme.LOWER_HALF,
    (True, True): theme.BLOCK,
}


def draw(data: CardPage, view: View) -> RenderableType:
    """Draw the card of a person as a code, or say how wide a window it needs."""
    rows = squares(data["card"])
    across = len(rows[0]) * (1 if view.unicode else 2)
    heading = parts.heading(data["name"], "scan it with the camera of a phone", view)
    if across > view.width:
        return Group(heading, Text(f"The code needs a window of {across} columns."))
    return Group(heading, *(Text(line, style="inked") for line in _lines(rows, view)))


def _lines(rows: list[list[bool]], view: View) -> list[str]:
    # Without colour, the signs are drawn in the light colour of a dark terminal.
    dark = view.color
    if not view.unicode:
        return ["".join("  " if square else "##" for square in row) for row in rows]
    pairs = zip(rows[::2], [*rows[1::2], [False] * len(rows[0])], strict=False)
    return [
        "".join(_HALVES[top == dark, low == dark] for top, low in zip(upper, lower, strict=True))
        for upper, lower in pairs
    ]
