"""The screen of `acct today`.

Drawn from the rows that JSON gives, and nothing else. A command is never cut
or broken where it can be helped: it is there to be copied.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from acctcli.render import theme
from acctcli.render.theme import View
from acctcli.text import plural, safe, width
from acctcli.values.dates import MONTHS, WEEKDAYS

if TYPE_CHECKING:
    from acctcli.shapes.today import AgendaEntryJson, TodayPage

BESIDE_EACH_OTHER = 60
"""Below this many columns the reason stands below the account, not beside it."""

COMMAND_BESIDE = 140
"""From here on the command stands beside the reason, not below it."""

NUMBER, NAME, GAP = 2, 20, 2

NOBODY = "(no account)"

STYLES = {"promise": "overdue", "slipped": "overdue", "waiting": "risk", "closing": "risk"}
"""How a reason looks, by the kind of line; the others are plain."""


def today(data: TodayPage, view: View) -> RenderableType:
    """Accounts by rank, each with its reason and the command that answers it."""
    return Group(*_parts(data, view))


def _parts(data: TodayPage, view: View) -> Iterator[RenderableType]:
    day = f"{WEEKDAYS[view.today.weekday()]} {view.today.day} {MONTHS[view.today.month - 1]}"
    yield theme.cell(f"{day}{theme.BETWEEN}{_headline(data)}", "heading")
    names = [width(safe(entry["account"] or NOBODY)) for entry in data["accounts"]]
    tiers = [width(safe(entry["tier"] or "")) for entry in data["accounts"]]
    longest = min(max(view.width // 4, NAME), 2 * NAME)
    columns = (NUMBER, min(max(names, default=0), longest), max(tiers, default=0))
    if data["accounts"]:
        yield Text("")
    for entry in data["accounts"]:
        yield from _entry(entry, columns, view)
    notes = list(_notes(data, view))
    if notes:
        yield Text("")
        yield theme.cell(theme.BETWEEN.join(notes), "quiet")


def _headline(data: TodayPage) -> str:
    needing = data["needing"]
    if needing == 0:
        return "nobody needs you today" if data["known"] else "the book is empty"
    return f"{plural(needing, 'account')} {'needs' if needing == 1 else 'need'} you"


def _notes(data: TodayPage, view: View) -> Iterator[str]:
    more = data["needing"] - len(data["accounts"])
    if more:
        yield f"{more:,} more today: acct today --all"
    if data["tomorrow"]:
        yield f"{data['tomorrow']:,} more tomorrow"
    if data["needing"]:
        yield "why this order: acct today --explain"
    elif data["next"]:
        step = data["next"]
        yield f"Next: {theme.day(step['day'], view.today)}, {step['text']} ({step['account']})"
    elif not data["known"]:
        yield "Start with: acct account add NAME, or try the sample book: acct demo"


def _entry(entry: AgendaEntryJson, columns: Sequence[int], view: View) -> Iterator[RenderableType]:
    head = [
        theme.cell(entry["rank"]),
        theme.cell(entry["account"] or NOBODY),
        theme.cell(entry["tier"], "quiet"),
    ]
    beside = view.width >= BESIDE_EACH_OTHER
    left = sum(columns) + GAP * len(columns) if beside else min(NUMBER, view.width // 8)
    if not beside:
        yield Text.assemble(
            head[0], "  ", Text(theme.BETWEEN).join(part for part in head[1:] if part)
        )
        head = []
    for line in entry["lines"]:
        command = theme.cell(line["command"], "quiet")
        # A command that does not fit below the reason begins below the name, to stay in one piece.
        fits = left + command.cell_len <= view.width
        indent = left if fits else min(left, NUMBER + GAP)
        reason = theme.cell(line["reason"], STYLES.get(line["kind"], ""))
        if beside:
            wide = view.width >= COMMAND_BESIDE
            cells = [*(head or [Text("")] * len(columns)), reason, *([command] if wide else [])]
            yield _row(cells, columns)
            head = []
            if not wide:
                yield Padding(command, (0, 0, 0, indent))
        else:
            yield Padding(reason, (0, 0, 0, left))
            yield Padding(command, (0, 0, 0, indent))
        for step in line.get("explain", ()):
            yield Padding(theme.cell(step, "quiet"), (0, 0, 0, left))
    if entry["also"]:
        yield Padding(theme.cell(f"also: {entry['also']}", "quiet"), (0, 0, 0, left))


def _row(cells: Sequence[Text], columns: Sequence[int]) -> RenderableType:
    """Number, account and tier in columns of their own width, then the rest."""
    grid = Table.grid(padding=(0, GAP, 0, 0), expand=True)
    for place, wide in enumerate(columns):
        grid.add_column(width=wide, justify="right" if place == 0 else "left", overflow="fold")
    for _ in cells[len(columns) :]:
        grid.add_column(ratio=1, overflow="fold")
    grid.add_row(*cells)
    return grid
