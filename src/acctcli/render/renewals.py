"""The contracts that lapsed or end soon, by window: who, what, for how much, who looks after it.

People open this list to see which deal renews a contract, or that none does. So that has a line of
its own below the account, where it fits on any terminal. Every text of the book goes through
`theme.cell`.
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

NO_DEAL, LOST_DEAL = "no renewal deal", "renewal lost"

GAP = 2
"""Blanks between two columns."""


def draw(data: RowsOf[RenewalRow], view: View) -> RenderableType:
    """The contracts under the window that each falls in: what lapsed, then the nearest window."""
    windows: dict[int | None, list[RenewalRow]] = {}
    for row in sorted(data["rows"], key=_place):
        windows.setdefault(LAPSED if _lapsed(row) else row["window"], []).append(row)
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
            found += [Padding(line, (0, 0, 0, 1)), Padding(_whom(row, view), (0, 0, 0, indent))]
    return Group(*found)


LAPSED = -1
"""The window of what is over already."""


def _lapsed(row: RenewalRow) -> bool:
    return row["standing"] in ("lapsed", "missed")


def _place(row: RenewalRow) -> tuple[bool, float]:
    return not _lapsed(row), row["window"] or float("inf")


def _heading(window: int | None, rows: Sequence[RenewalRow]) -> RenderableType:
    """`Within 30 days  2 contracts, 1 without a deal`."""
    bare = sum(row["renewal_id"] is None for row in rows)
    says = text.plural(len(rows), "contract") + (f", {bare} without a deal" if bare else "")
    title = "Later" if window is None else f"Within {text.plural(window, 'day')}"
    if window == LAPSED:
        title = "Lapsed"
    return theme.cell(title, "heading").append_text(theme.cell(f"  {says}", "quiet"))


def _head(row: RenewalRow, view: View) -> parts.TextRow:
    return (
        theme.cell(theme.day(_deadline(row, view), view.today)),
        theme.cell(_left(row), "overdue" if _lapsed(row) else "quiet"),
        theme.cell(row["account"]),
        theme.cell(_amount(row)),
        theme.cell(row["id"][-parts.ID_TAIL :], "quiet"),
    )


def _deadline(row: RenewalRow, view: View) -> str:
    """Return the day that `days_left` count to: the last day for notice, or else the end."""
    by, ends = row["notice_by"], row["ends_on"]
    return by if by and not _lapsed(row) and view.today.isoformat() <= by < ends else ends


def _left(row: RenewalRow) -> str:
    """`12 days`, `12 days ago`, or how long notice can be given."""
    if _lapsed(row):
        return f"{text.plural(-row['days_left'], 'day')} ago"
    return text.plural(row["days_left"], "day")


def _amount(row: RenewalRow) -> str:
    amount, currency = row["amount"], row["currency"]
    if amount is None or known(amount) is None or currency is None:
        return theme.as_it_stands(amount)
    return money.say(amount, currency)


def _whom(row: RenewalRow, view: View) -> Text:
    """Draw product and renewal deal: `Support · deal Renewal 2027`."""
    said = [row["product"] or ""]
    if _deadline(row, view) != row["ends_on"]:
        said.append(f"notice by then, ends {theme.day(row['ends_on'], view.today)}")
    elif row["notice_by"] and not _lapsed(row) and row["notice_by"] < row["ends_on"]:
        said.append(f"notice was possible until {theme.day(row['notice_by'], view.today)}")
    if row["auto_renews"] and not _lapsed(row):
        said.append("renews itself")
    if row["standing"] == "missed":
        said.append("payment missed")
    what = theme.cell("".join(f"{one}{theme.BETWEEN}" for one in said if one), "quiet")
    if row["renewal_id"] is None:
        missing = LOST_DEAL if row["lost"] else NO_DEAL
        return what.append_text(theme.cell(theme.flagged(missing), "risk"))
    what.append_text(theme.cell(f"deal {row['renewal']}", "good"))
    closes = row["renewal_closes"]
    if closes and closes > row["ends_on"] and not _lapsed(row) and not row["auto_renews"]:
        late = f"closes {theme.day(closes, view.today)}, after it ends"
        what.append(theme.BETWEEN, "quiet").append_text(theme.cell(late, "risk"))
    return what
