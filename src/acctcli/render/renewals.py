"""Contracts that end soon, by window: account, product, amount, and the renewal deal.

The renewal deal, or its absence, is the point of the list: it is below the account, where it fits
in any width. Every text of the book goes through `theme.cell`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from acctcli import text
from acctcli.render import parts, theme
from acctcli.render.theme import View
from acctcli.values import money
from acctcli.values.fields import known

if TYPE_CHECKING:
    from acctcli.shapes.lists import RowsOf
    from acctcli.shapes.purchase import RenewalRow

NO_DEAL = "no renewal deal"

GAP = 2
"""Blanks between two columns."""


def draw(data: RowsOf[RenewalRow], view: View) -> RenderableType:
    """Draw the contracts under their windows, the nearest window first."""
    windows: dict[int | None, list[RenewalRow]] = {}
    for row in sorted(data["rows"], key=lambda row: row["window"] or float("inf")):
        windows.setdefault(row["window"], []).append(row)
    heads = [_head(row, view) for row in data["rows"]]
    columns = [max(cell.cell_len for cell in column) for column in zip(*heads, strict=True)]
    beside = sum(columns) + GAP * len(columns) < view.width
    indent = 1 + columns[0] + columns[1] + 2 * GAP if beside else 2
    found: list[RenderableType] = []
    for window, rows in windows.items():
        if found:
            found.append(theme.cell(""))
        found.append(_heading(window, rows))
        for row in rows:
            head = _head(row, view)
            line: RenderableType = parts.grid([head], view, right=(1, 3), least=columns)
            if not beside:
                line = Text(theme.BETWEEN).join(head)
            found += [Padding(line, (0, 0, 0, 1)), Padding(_whom(row), (0, 0, 0, indent))]
    return Group(*found)


def _heading(window: int | None, rows: Sequence[RenewalRow]) -> RenderableType:
    """Draw `Within 30 days  2 terms, 1 without a deal`."""
    bare = sum(row["renewal_id"] is None for row in rows)
    says = text.plural(len(rows), "term") + (f", {bare} without a deal" if bare else "")
    title = "Later" if window is None else f"Within {window} days"
    return theme.cell(title, "heading").append_text(theme.cell(f"  {says}", "quiet"))


def _head(row: RenewalRow, view: View) -> parts.TextRow:
    return (
        theme.cell(theme.day(row["ends_on"], view.today)),
        theme.cell(text.plural(row["days_left"], "day"), "quiet"),
        theme.cell(row["account"]),
        theme.cell(_amount(row)),
        theme.cell(row["id"][-parts.ID_TAIL :], "quiet"),
    )


def _amount(row: RenewalRow) -> str:
    amount, currency = row["amount"], row["currency"]
    if amount is None or known(amount) is None or currency is None:
        return theme.as_it_stands(amount)
    return money.say(amount, currency)


def _whom(row: RenewalRow) -> Text:
    """Draw product and renewal deal: `Support · deal Renewal 2027`."""
    what = theme.cell(f"{row['product']}{theme.BETWEEN}" if row["product"] else "", "quiet")
    if row["renewal_id"] is None:
        return what.append_text(theme.cell(theme.flagged(NO_DEAL), "risk"))
    return what.append_text(theme.cell(f"deal {row['renewal']}", "good"))
