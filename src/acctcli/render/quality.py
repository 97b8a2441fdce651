"""Pages about the quality of the book: flaws, likely duplicates, and the preview of a merge.

Drawn from the JSON of the page and nothing else; commands are not broken if possible, so that they
can be copied.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from acctcli import text
from acctcli.model import KINDS
from acctcli.model.counting import counted
from acctcli.render import parts, theme
from acctcli.render.hints import Hint
from acctcli.render.theme import View
from acctcli.values.fields import Exact

if TYPE_CHECKING:
    from acctcli.shapes.lists import RowsOf
    from acctcli.shapes.merging import AccountPairRow, ContactPairRow, MergedFieldJson, MergePage
    from acctcli.shapes.quality import FlawedAccountJson, QualityPage

TAKEN = f"{theme.CHECK} "
"""Precedes a value that stays."""

SHOWN = 10
"""Accounts on the page; JSON and CSV have all of them."""

FLAWS_SHOWN = 3
"""Flaws per account; an account on its own shows all."""

GOOD, FAIR = 80, 60
"""From here on a score looks good; below the second one it looks bad."""

_GROUPS = {
    "missing": ("thing missing", "things missing"),
    "stale": ("account gone stale", "accounts gone stale"),
    "contradiction": ("contradiction", "contradictions"),
}


def report(data: QualityPage, view: View) -> RenderableType:
    """Draw the score of the book, what would raise it most, and the accounts that need it most."""
    return Group(*_report_parts(data, view))


def _report_parts(data: QualityPage, view: View) -> Iterator[RenderableType]:
    accounts = text.plural(data["count"], "account")
    if data["score"] is None:
        yield theme.cell("No accounts match.")
        return
    yield parts.heading(f"Data quality {data['score']} of 100", accounts, view)
    said = [text.plural(data["groups"][g]["flaws"], *words) for g, words in _GROUPS.items()]
    yield theme.cell(theme.BETWEEN.join(said), "quiet")
    if data["count"] > 1:
        rows = [
            (
                _lost(flaw["points"]),
                theme.cell(text.plural(flaw["accounts"], "account"), "quiet"),
                theme.cell(flaw["says"]),
            )
            for flaw in data["flaws"]
            if flaw["points"]
        ]
        yield parts.section("What to fix first", rows, view, right=(0, 1))
    yield Text("")
    alone = data["count"] == 1
    flawed = [account for account in data["accounts"] if account["flaws"]]
    for account in data["accounts"] if alone else flawed[:SHOWN]:
        yield from _account(account, None if alone else FLAWS_SHOWN, view)
    if flawed[SHOWN:]:
        more = text.plural(len(flawed[SHOWN:]), "more account")
        yield Text("")
        yield Hint(f"{more} with flaws: acct report quality -f csv")


def _account(account: FlawedAccountJson, shown: int | None, view: View) -> Iterator[RenderableType]:
    """Yield an account with its score and its most expensive flaws, each with its command."""
    score = account["score"]
    style = "good" if score >= GOOD else "" if score >= FAIR else "risk"
    about = parts.dotted([account["number"], account["tier"]])
    yield Text.assemble(
        theme.cell(f"{score:>3} ", style),
        theme.cell(account["account"], "heading"),
        theme.cell(f"  {about}", "quiet"),
    )
    left = (0, 0, 0, min(4, view.width // 8))
    rows: list[parts.TextRow] = []
    for flaw in account["flaws"][:shown]:
        rows.append((_lost(flaw["points"]), theme.cell(flaw["text"])))
        rows.append((Text(""), theme.cell(flaw["command"], "quiet")))
    hidden = account["flaws"][shown:] if shown is not None else []
    if hidden:
        points = sum(flaw["points"] for flaw in hidden)
        rows.append((_lost(points), theme.cell(f"{len(hidden)} more", "quiet")))
    yield Padding(parts.grid(rows, view, right=(0,)), left)


def _lost(points: int) -> Text:
    return theme.cell(f"-{points:,}" if points else "", "quiet")


def pairs(data: RowsOf[AccountPairRow | ContactPairRow], view: View) -> RenderableType:
    """Draw likely duplicates, with their reasons and the command below."""
    return Group(*(line for row in data["rows"] for line in _pair(row, view)))


def _pair(row: AccountPairRow | ContactPairRow, view: View) -> Iterator[RenderableType]:
    sure = f"{row['likeness']:>3} "
    style = "good" if row["likeness"] >= 90 else ""
    if "contact" in row:
        one = _record(row["contact"], row["key"], row["at"])
        other = _record(row["other"], row["other_key"], row["other_at"])
    else:
        one = _record(row["account"], row["key"], None)
        other = _record(row["other"], row["other_key"], None)
    yield Text.assemble(theme.cell(sure, style), one, theme.cell("  =  ", "quiet"), other)
    left = (0, 0, 0, min(4, view.width // 8))
    yield Padding(theme.cell("; ".join(row["reasons"])), left)
    yield Padding(Hint(row["command"]), left)


def _record(name: str, key: str, at: str | None) -> Text:
    where = f" ({key}, {at})" if at else f" ({key})"
    return Text.assemble(theme.cell(name, "heading"), theme.cell(where, "quiet"))


def merge(data: MergePage, view: View) -> RenderableType:
    """Draw what a merge would make of the records: field by field, then what moves."""
    return Group(*_merge_parts(data, view))


def _merge_parts(data: MergePage, view: View) -> Iterator[RenderableType]:
    records = [data["keep"], *data["others"]]
    if data["likeness"] is not None:
        yield theme.cell(f"{data['likeness']}% similar: {'; '.join(data['reasons'])}", "quiet")
    rows = [_values(field) for field in data["fields"]]
    heads = [theme.cell(""), *(theme.cell(record["key"], "heading") for record in records)]
    if view.width < parts.BESIDE_EACH_OTHER:
        yield parts.grid([heads, *rows], view)
    else:
        table = Table.grid(padding=(0, 2, 0, 0))
        for place, _ in enumerate(heads):
            table.add_column(overflow="fold", ratio=1 if place else None)
        for row in (heads, *rows):
            table.add_row(*row)
        yield table
    gone = text.sentence_list([f"{one['name']} ({one['key']})" for one in data["others"]], 5)
    kept = f"{data['keep']['name']} ({data['keep']['key']})"
    yield Text("")
    yield theme.cell(f"{kept} gets {counted(data['moved']) or 'no rows'} of {gone}")
    lists = {listed for _, listed in KINDS[data["kind"]].further}
    found_by = [
        text.safe(str(item))
        for one in data["taken"]
        if one["field"] in lists
        for item in one["value"]
    ]
    if found_by:
        yield theme.cell(f"It is still found by: {', '.join(found_by)}")
    if data["joined"]:
        yield theme.cell(f"Already there, kept once: {counted(data['joined'])}", "quiet")
    for note in data["noted"]:
        yield theme.cell(f"Noted, in the {note['field']} of {note['name']}:", "quiet")
        yield Padding(theme.paragraph(note["text"]), (0, 0, 0, 1))
    if data["told_apart"]:
        names = text.sentence_list(data["told_apart"], 5)
        yield theme.cell(f"Marked earlier as not the same: {names}", "risk")


def _values(field: MergedFieldJson) -> Sequence[Text]:
    """Return one line: a field, and its value in each record, with a sign at the one that stays."""
    told_apart = any(value != field["becomes"] for value in field["values"])
    cells = [theme.cell(field["field"].replace("_", " "), "quiet")]
    for place, value in enumerate(field["values"]):
        empty = value in (None, "", [], (), False)
        stays = not empty and (field["from"] in (None, place) or value == field["becomes"])
        sign = TAKEN if stays and told_apart else ""
        cells.append(Text.assemble(sign, theme.paragraph(_said(value), "" if stays else "quiet")))
    return cells


def _said(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Exact():
            return theme.amount(value, None)
        case list() | tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value)
