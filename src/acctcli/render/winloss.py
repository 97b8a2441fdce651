"""Why deals are won and lost: what stands out, and a line for each group.

Drawn from the JSON of the page and nothing else. Every text of the book goes through
`theme.cell`; nothing here may open the book.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from acctcli import text
from acctcli.render import charts, figures, parts, theme
from acctcli.render.parts import TextRow
from acctcli.render.theme import View
from acctcli.values import money

if TYPE_CHECKING:
    from acctcli.shapes.winloss import ShareJson, WinLossGroupJson, WinLossPage

SHOWN = 8
"""Lines of a comparison; further ones are counted."""

TITLES = {
    "source": "By source",
    "competitor": "By competitor",
    "type": "By type",
    "size": "By size",
    "people": "By people involved",
    "reason": "Why deals were lost",
}
NOTHING_NAMED = {
    "source": "no source",
    "competitor": "no competitor",
    "type": "no type",
    "reason": "no reason kept",
}
SIZES = {"1": "smallest third", "2": "middle third", "3": "largest third"}


def report(data: WinLossPage, view: View) -> RenderableType:
    """Draw what stands out, then a table for each comparison."""
    period = figures.between(data["period"], view) if data["period"] else "whole book"
    heading = parts.heading("Won and lost", period, view)
    if not data["total"]["of"]:
        return Group(heading, theme.cell("No deal closed: acct deal win, acct deal lose"))
    total = data["total"]
    summary = f"{total['count']:,} of {text.plural(total['of'], 'closed deal')} won"
    drawn: list[RenderableType] = [heading, theme.cell(f"{summary}{_beside(total)}"), Text("")]
    drawn += [theme.cell(sentence) for sentence in sentences(data)]
    for by, title in TITLES.items():
        lines = [group for group in data["groups"] if group["by"] == by]
        if lines:
            drawn.append(_table(title, lines, data["currency"], view))
    few_deals = text.plural(data["few_deals"], "deal")
    few = f"No percentage for fewer than {few_deals}. Intervals: {data['certainty']} %, by Wilson."
    return Group(*drawn, *figures.note(few, _without(data)))


def sentences(data: WinLossPage) -> list[str]:
    """Say what stands out, or that nothing does."""
    said = [_said(group, data["currency"]) for group in data["groups"] if group["parts"]]
    return said or ["Nothing stands out: the intervals of all groups overlap."]


def _without(data: WinLossPage) -> str:
    """Return which comparisons are missing, and what deals need for them."""
    missing = [by for by in data["without"] if by != "reason"]
    if not missing:
        return ""
    return f"Not compared, since closed deals do not tell: {text.sentence_list(missing, 5)}"


def _said(group: WinLossGroupJson, currency: str | None) -> str:
    """Return how a group differs from the others, in words."""
    name = name_of(group, currency)
    if group["by"] == "reason":
        return f"Most often lost for: {name}, {_of(group)}; the next reason {_of(group['rest'])}."
    often = "more" if group["parts"] == "above" else "less"
    return f"Won {often} often: {_subject(group, name)}, {_of(group)}; others {_of(group['rest'])}."


def _subject(group: WinLossGroupJson, name: str) -> str:
    if group["by"] == "people":
        return f"deals with {name} {'person' if name == '1' else 'people'}"
    if group["by"] == "size" or group["name"] is None:
        return f"deals of the {name}" if group["by"] == "size" else f"deals with {name}"
    return f"{group['by']} {name}"


def _of(share: ShareJson) -> str:
    return f"{share['count']:,} of {share['of']:,}{_beside(share)}"


def _beside(share: ShareJson) -> str:
    """Return ` (65 %, 47 to 79 %)`; "" for too few deals."""
    if share["percent"] is None or share["low"] is None or share["high"] is None:
        return ""
    return f" ({share['percent']:.0f} %, {share['low']:.0f} to {share['high']:.0f} %)"


def name_of(group: WinLossGroupJson, currency: str | None) -> str:
    """Return the name of a group; for a size, with its amounts."""
    if group["by"] == "size":
        least, most = (
            money.short(theme.minor(digits or "0"), currency or "")
            for digits in (group["least"], group["most"])
        )
        span = least if least == most else f"{least} to {most}"
        return f"{SIZES[group['name'] or '']}, {span} {currency}"
    return theme.line(group["name"] or NOTHING_NAMED.get(group["by"], ""))


def _table(
    title: str, lines: list[WinLossGroupJson], currency: str | None, view: View
) -> RenderableType:
    won = "lost" if lines[0]["by"] == "reason" else "won"
    rows: list[TextRow] = [figures.head("", won, "", "from", "to", "")]
    for group in lines[:SHOWN]:
        known = group["percent"] is not None
        rows.append(
            figures.cells(
                name_of(group, currency),
                f"{group['count']:,} of {group['of']:,}",
                f"{group['percent']:.0f} %" if known else theme.NONE,
                f"{group['low']:.0f} %" if known else "",
                f"{group['high']:.0f} %" if known else "",
                charts.bar(group["percent"] or 0, 100, figures.room(view, 60)),
            )
        )
    if len(lines) > SHOWN:
        rows.append(figures.head(f"{theme.MORE} {len(lines) - SHOWN:,} more", *[""] * 5))
    return parts.section(title, rows, view, right=(1, 2, 3, 4))
