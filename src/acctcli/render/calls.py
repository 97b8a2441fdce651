"""My call: each week's promise beside the forecast of that day and what was closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import RenderableType

from acctcli.render import parts, theme
from acctcli.render.parts import TextRow
from acctcli.render.theme import View

if TYPE_CHECKING:
    from acctcli.shapes.forecast import CallsJson


def table(found: CallsJson | None, view: View) -> list[RenderableType]:
    """Draw a line per week, and the result so far; nothing without a promise."""
    if found is None:
        return []
    heads = ("week of", "my call", "forecast", "closed")
    rows: list[TextRow] = [tuple(theme.cell(head, "quiet") for head in heads)]
    for week in found["weeks"]:
        currency = week["currency"]
        amounts = (
            theme.amount(week["call"], currency),
            theme.estimate(week["forecast"], currency) or theme.NONE,
            theme.amount(week["closed"], currency),
        )
        cells = (theme.day(week["week"], view.today), *amounts)
        rows.append(tuple(theme.cell(value) for value in cells))
    said = "outcome" if found["over"] else "so far"
    outcome = theme.amount(found["outcome"], found["currency"])
    rows.append(tuple(theme.cell(value, "heading") for value in (said, "", "", outcome)))
    return [theme.cell(""), parts.grid(rows, view, right=(1, 2, 3))]
