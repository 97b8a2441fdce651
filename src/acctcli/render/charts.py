"""Numbers as text graphics: bars, sparklines and shades.

Each is plain text made of the blocks of `theme`, which replaces them on terminals without Unicode.
The number itself is always beside its graphic. Nothing here may colour, print or import Rich.
"""

from __future__ import annotations

from collections.abc import Sequence

from acctcli.render import theme


def bar(value: float, maximum: float, width: int) -> str:
    """Return a bar of up to `width` columns, in eighths of a column; "" for zero.

    A value above zero always shows, and never takes more than `width`.
    """
    if value <= 0 or maximum <= 0 or width <= 0:
        return ""
    eighths = max(round(min(value / maximum, 1) * width * 8), 1)
    full, rest = divmod(eighths, 8)
    return theme.BLOCK * full + (theme.EIGHTHS[rest] if rest else "")


def sparkline(values: Sequence[float | None], least: float = 0, most: float | None = None) -> str:
    """Return one column per value, between `least` and `most` (by default, the highest value).

    An unknown value is a blank.
    """
    known = [value for value in values if value is not None]
    top = most if most is not None else max(known, default=least)
    return "".join(" " if value is None else _height(value, least, top) for value in values)


def _height(value: float, least: float, most: float) -> str:
    if most <= least:
        return theme.HEIGHTS[0]
    share = (min(max(value, least), most) - least) / (most - least)
    return theme.HEIGHTS[round(share * (len(theme.HEIGHTS) - 1))]


def shade(value: float, most: float) -> str:
    """Return one column for a cell of a heat map, in four steps up to `most`; a dot for zero."""
    if value <= 0 or most <= 0:
        return theme.SPECK
    steps = len(theme.SHADES)
    return theme.SHADES[min(int(value / most * steps), steps - 1)]
