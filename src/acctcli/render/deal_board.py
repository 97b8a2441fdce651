"""The board of deals, and changes of deals.

Drawn from the JSON of the page and nothing else. Every text of the book goes through `theme.cell`
or `theme.paragraph`; nothing here may open the book.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from acctcli import text
from acctcli.render import deals, parts, theme
from acctcli.render.hints import Hint
from acctcli.render.parts import TextRow
from acctcli.render.theme import View
from acctcli.values import money
from acctcli.values.fields import Unreadable

if TYPE_CHECKING:
    from acctcli.shapes.deal import BoardDealJson, BoardPage, BoardStageJson, MovementRow
    from acctcli.shapes.lists import RowsOf

SHOWN_PER_STAGE = 8
"""Deals shown per stage on the board; further ones are counted."""

NARROWEST_COLUMN = 15
"""The fewest columns of a stage on the board; with less, stages are below each other."""

TITLE, NARROWEST_TITLE = 1, 12
"""The place of a deal's title in a line of the board, and its fewest columns."""


def board(data: BoardPage, view: View) -> RenderableType:
    """Draw the stages beside each other if there is room, else below each other."""
    stages = [stage for stage in data["stages"] if stage["count"]]
    if not stages:
        return Hint("No deals yet: acct deal add", "")
    quarter = data["closed_in"]["label"].split()[0]
    currencies = {total["currency"] for stage in stages for total in stage["totals"]}
    code = len(currencies) > 1
    gaps = 2 * (len(stages) - 1)
    column = (view.width - gaps) // len(stages)
    if column >= NARROWEST_COLUMN:
        drawn: RenderableType = _columns(stages, min(column, 30), quarter, view, code=code)
    else:
        drawn = _lists(stages, quarter, view)
    empty = [stage["stage"] for stage in data["stages"] if not stage["count"]]
    nothing = f"Nothing in {text.sentence_list(empty, len(empty))}. " if empty else ""
    last = Hint(f"{nothing}Move one on: acct deal move")
    return Group(drawn, Text(""), last)


def _titled(stage: BoardStageJson, quarter: str) -> str:
    """Return the name of a stage; won and lost ones have the quarter in which deals closed."""
    closed = stage["category"] in ("closed", "omitted")
    return f"{stage['stage']} ({quarter})" if closed else str(stage["stage"])


def _columns(
    stages: Sequence[BoardStageJson], width: int, quarter: str, view: View, *, code: bool
) -> RenderableType:
    heads = [
        [theme.cell(text.clip(f"{_titled(stage, quarter)} {stage['count']}", width), "heading")]
        for stage in stages
    ]
    for stage, head in zip(stages, heads, strict=True):
        for total in stage["totals"]:
            amount = theme.amount(total["amount"], total["currency"])
            head.append(theme.cell(text.clip(amount, width).rjust(width)))
    rule = [theme.cell(theme.RULE * width, "quiet") for _ in stages]
    bodies = []
    for stage in stages:
        lines = [
            line for d in stage["deals"][:SHOWN_PER_STAGE] for line in _card(d, width, view, code)
        ]
        if stage["count"] > SHOWN_PER_STAGE:
            lines.append(
                theme.cell(f"{theme.MORE} {stage['count'] - SHOWN_PER_STAGE:,} more", "quiet")
            )
        bodies.append(lines)
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in stages:
        table.add_column(width=width, no_wrap=True)
    for row in (*zip_longest(*heads), rule, *zip_longest(*bodies)):
        table.add_row(*(cell or Text("") for cell in row))
    return table


def _card(found: BoardDealJson, width: int, view: View, code: bool) -> list[Text]:
    """Draw a deal on the board: account and amount, title, and when."""
    amount = _short(found, code=code)
    account = text.clip(text.safe(found["account"] or ""), max(width - text.width(amount) - 1, 4))
    gap = " " * max(width - text.width(account) - text.width(amount), 1)
    day, style = _when(found, view)
    return [
        Text(f"{account}{gap}{amount}"),
        theme.cell(text.clip(f" {text.safe(found['title'])}", width), "quiet"),
        theme.cell(text.clip(f" {day}", width), style or "quiet"),
        *([theme.cell(" ").append_text(risk)] if (risk := _risk(found)) else []),
    ]


def _when(found: BoardDealJson, view: View) -> tuple[str, str]:
    if found["closed_on"]:
        return theme.day(found["closed_on"], view.today), ""
    day, style = deals.closing(found, view)
    return day or "no date", style


def _risk(found: BoardDealJson) -> Text:
    """Return `risk 45` where it is worth a look."""
    risk = found["risk"] or 0
    style = deals.risk_style(risk)
    return theme.cell(f"risk {risk}" if style else "", style)


def _short(found: BoardDealJson, *, code: bool) -> str:
    """Return `120k`, with the currency if there are several."""
    amount, currency = found["amount"], found["currency"]
    if amount is None or currency is None or isinstance(amount, Unreadable):
        return theme.as_it_stands(amount)
    said = money.short(theme.minor(amount), currency)
    return f"{said} {currency}" if code else said


def _lists(stages: Sequence[BoardStageJson], quarter: str, view: View) -> RenderableType:
    """Draw the stages below each other with aligned columns; titles are clipped if necessary."""
    lines = [[_line(found, view) for found in s["deals"][:SHOWN_PER_STAGE]] for s in stages]
    every = [row for rows in lines for row in rows]
    widths = [max(cell.cell_len for cell in column) for column in zip(*every, strict=True)]
    room = view.width - 1 - sum(widths) - 2 * len(widths) + widths[TITLE]
    in_line = room >= NARROWEST_TITLE
    if in_line and room < widths[TITLE]:
        widths[TITLE] = room
        for row in every:
            row[TITLE].truncate(room, overflow="ellipsis")
    drawn: list[RenderableType] = []
    for stage, rows in zip(stages, lines, strict=True):
        totals = [theme.amount(t["amount"], t["currency"]) for t in stage["totals"]]
        title = parts.dotted([f"{_titled(stage, quarter)} {stage['count']}", *totals])
        listed = parts.grid(rows, view, right=(2,), least=widths if in_line else ())
        drawn += [theme.cell(title, "heading"), Padding(listed, (0, 0, 0, 1))]
        more = stage["count"] - len(rows)
        if more:
            rest = f" {theme.MORE} {more:,} more: acct deal list --stage {stage['stage']}"
            drawn.append(theme.cell(rest, "quiet"))
    return Group(*drawn)


def _line(found: BoardDealJson, view: View) -> TextRow:
    """Draw a deal in the list of its stage: account, title, amount, when."""
    day, style = _when(found, view)
    return (
        theme.cell(found["account"]),
        theme.cell(found["title"]),
        theme.cell(theme.amount(found["amount"], found["currency"])),
        theme.cell(day, style or "quiet"),
        _risk(found),
    )


def changes(data: RowsOf[MovementRow], view: View) -> RenderableType:
    """Draw a block for each kind of change, with its deals and their total."""
    drawn: list[RenderableType] = []
    by_what: dict[str, list[MovementRow]] = {}
    for row in data["rows"]:
        by_what.setdefault(row["what"], []).append(row)
    for what, rows in by_what.items():
        sums: dict[str, int] = {}
        for row in rows:
            minor = row["amount"] if row["difference"] is None else row["difference"]
            if minor is not None and row["currency"]:
                sums[row["currency"]] = sums.get(row["currency"], 0) + minor
        totals = [money.say(sums[code], code) for code in sorted(sums)]
        title = parts.dotted([f"{what.capitalize()} {len(rows)}", *totals])
        lines = [_happened(row, view) for row in rows]
        if drawn:
            drawn.append(Text(""))
        drawn += [theme.cell(title, "heading"), Padding(parts.grid(lines, view), (0, 0, 0, 1))]
    return Group(*drawn)


def _happened(row: MovementRow, view: View) -> TextRow:
    """Draw a change: account, title, what changed, and when."""
    return (
        theme.cell(row["account"]),
        theme.cell(row["title"]),
        theme.cell(_change_said(row, view.today)),
        theme.cell(theme.day(row["day"], view.today), "quiet"),
    )


def _change_said(row: MovementRow, today: date) -> str:
    """Return what changed, and why."""
    note = text.quoted(row["note"]) if row["note"] else None
    return parts.dotted([_moved(row, today), note])


def _moved(row: MovementRow, today: date) -> str | None:
    old, new, currency = row["old"], row["new"], row["currency"]
    amount = row["amount"]
    worth = None if amount is None or currency is None else money.say(amount, currency)
    match row["what"]:
        case "pushed" | "pulled in":
            days = text.plural(abs(row["days"] or 0), "day")
            often = f"pushed {row['pushes']} times" if row["pushes"] > 1 else None
            moved = f"{theme.day(old, today)} {theme.ARROW} {theme.day(new, today)}"
            return parts.dotted([f"{moved}, {days}", often])
        case "grown" | "shrunk":
            before, after = (
                theme.amount(v, currency, code=False) or theme.NONE for v in (old, new)
            )
            return f"{before} {theme.ARROW} {after} {currency or ''}".rstrip()
        case "new":
            return parts.dotted([str(new), worth])
        case _:
            return parts.dotted([f"{old} {theme.ARROW} {new}" if old else None, worth])
