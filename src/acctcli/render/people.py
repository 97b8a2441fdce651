"""The pages of a person and of one interaction.

Drawn from the JSON of the page and nothing else. Every text of the book goes
through `theme.cell` or `theme.paragraph`; nothing here may open the book.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from acctcli import dates
from acctcli.model import KINDS
from acctcli.render import theme
from acctcli.render.theme import View

Data = Mapping[str, Any]
Row = Sequence[Text]

BESIDE_EACH_OTHER = 40
"""Below this many columns the parts of a line stand below each other."""

_ID_TAIL = 4  # as much of an id as can be typed


def contact(data: Data, view: View) -> RenderableType:
    """A person: who they are, where they are and were, deals, open tasks, last interactions."""
    today = view.today
    place = _dotted([data["title"], data["account"]])
    parts: list[RenderableType] = [_heading(data["name"], place, view)]
    if data["do_not_contact"]:
        parts.append(theme.cell("asked not to be contacted", "overdue"))
    influence = f"{data['influence']} influence" if data["influence"] else None
    part = [_spoken(data["role"]), influence, data["stance"]]
    part.append("first to call" if data["primary"] else None)
    parts.append(theme.cell(_dotted(part)))
    facts = [
        ("email", data["emails"]),
        ("phone", data["phones"]),
        ("linkedin", data["linkedin"]),
        ("department", data["department"]),
        ("reports to", data["reports_to"]),
        ("last touch", theme.ago(data["last_touch"], today)),
        *_custom(data, "contact"),
        ("notes", data["notes"]),
    ]
    parts.append(_facts(facts, view))
    links: list[Row] = [
        (
            theme.cell(link["account"]),
            theme.cell(_dotted([link["title"], _spoken(link["role"])])),
            theme.cell(_span(link, view), "" if link["current"] else "quiet"),
        )
        for link in data["links"]
    ]
    deals: list[Row] = [
        (
            theme.cell(deal["title"]),
            theme.cell(_spoken(deal["role"])),
            theme.cell(deal["stage"]),
            theme.cell(theme.amount(deal["amount"], deal["currency"])),
            theme.cell(theme.day(deal["closed_on"] or deal["close_date"], today)),
        )
        for deal in data["deals"]
    ]
    said: list[Row] = [
        (
            theme.cell(theme.day(theme.day_of(log["at"]), today), "quiet"),
            theme.cell(_arrow(log)),
            theme.cell(log["summary"]),
            theme.cell(log["id"][-_ID_TAIL:], "quiet"),
        )
        for log in data["interactions"]
    ]
    if data["interaction_count"] > len(said):
        tail = data["id"][-_ID_TAIL:]
        rest = f"… {data['interaction_count'] - len(said):,} more: acct log list --with {tail}"
        said.append((theme.cell(""), theme.cell(""), theme.cell(rest, "quiet"), theme.cell("")))
    parts.append(_section("Accounts", links, view))
    parts.append(_section("Deals", deals, view))
    parts.append(_section("Open tasks", _tasks(data["tasks"], view), view))
    parts.append(_section("Last words", said, view))
    return Group(*parts)


def log(data: Data, view: View) -> RenderableType:
    """An interaction: what was said, with whom, and what came of it."""
    when = theme.moment(data["at"], view.today)
    duration = dates.say_duration(data["duration"]) if data["duration"] else None
    resolved = theme.moment(data["resolved_at"], view.today) if data["resolved_at"] else None
    facts = [
        ("with", data["contacts"]),
        (
            "direction",
            {"in": "in: they came to us", "out": "out: we went to them"}.get(data["direction"]),
        ),
        ("deal", data["deal"]),
        ("duration", duration),
        ("outcome", data["outcome"]),
        ("score", data["score"]),
        ("resolved", resolved),
        *_custom(data, "log"),
    ]
    parts: list[RenderableType] = [
        _heading(data["summary"], "", view),
        theme.cell(_dotted([data["kind"], data["account"], when])),
        _facts(facts, view),
    ]
    if data["body"]:
        parts.append(Padding(theme.paragraph(data["body"]), (1, 0, 0, 0)))
    parts.append(_section("What came of it", _tasks(data["tasks"], view), view))
    return Group(*parts)


def _heading(name: str, beside: str, view: View) -> RenderableType:
    """The name, with where and what at the right-hand end of the line if there is room."""
    title, place = theme.cell(name, "heading"), theme.cell(beside)
    gap = view.width - title.cell_len - place.cell_len
    if not beside or gap < 2:
        return Group(title, place) if beside else title
    return Text.assemble(title, " " * gap, place)


def _facts(facts: Iterable[tuple[str, Any]], view: View) -> RenderableType:
    """Labels and values, those that there are."""
    rows = [
        (theme.cell(label, "quiet"), theme.paragraph(_said(value)))
        for label, value in facts
        if value not in (None, "", [], ())
    ]
    return _grid(rows, view)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)


def _custom(data: Data, kind: str) -> list[tuple[str, Any]]:
    """The user's own fields: what the page has beside our fields and parts."""
    ours = KINDS[kind].fields
    known = {*ours, *(field.id_name for field in ours.values())}
    known |= {"links", "deals", "interactions", "interaction_count", "tasks"}
    return [(name.replace("_", " "), v) for name, v in data.items() if name not in known]


def _tasks(tasks: Iterable[Data], view: View) -> list[Row]:
    """A line a task: when, what, who owes it, and the id to finish it with."""
    rows: list[Row] = []
    for task in tasks:
        late = task["due"] and not task["done_at"] and task["due"] < dates.iso(view.today)
        due = theme.day(task["due"], view.today) or "no date"
        state = "done" if task["done_at"] else "they owe" if task["owed_by"] == "them" else ""
        rows.append(
            (
                theme.cell(f"{due} !" if late else due, "overdue" if late else ""),
                theme.cell(task["text"]),
                theme.cell(state, "quiet"),
                theme.cell(task["id"][-_ID_TAIL:], "quiet"),
            )
        )
    return rows


def _section(title: str, rows: Sequence[Row], view: View) -> RenderableType:
    """A heading with lines below it; nothing at all without lines."""
    if not rows:
        return Text("", end="")
    return Group(Text(""), theme.cell(title, "heading"), Padding(_grid(rows, view), (0, 0, 0, 1)))


def _grid(rows: Sequence[Row], view: View) -> RenderableType:
    """Cells in columns; below each other where the terminal is too narrow. Nothing is cut off."""
    if not rows:
        return Text("", end="")
    if view.width < BESIDE_EACH_OTHER:
        filled = [Text("  ").join(cell for cell in row if cell.plain) for row in rows]
        return Group(*filled)
    grid = Table.grid(padding=(0, 2, 0, 0))
    for _ in rows[0]:
        grid.add_column(overflow="fold")
    for row in rows:
        grid.add_row(*row)
    return grid


def _span(link: Data, view: View) -> str:
    """`since 14 Jan 2024`, `until Sun 22 Nov`, `14 Jan 2019 to 31 Mar 2022`."""
    first, last = theme.day(link["from"], view.today), theme.day(link["to"], view.today)
    if first and last:
        return f"{first} to {last}"
    if last:
        return f"until {last}"
    return f"since {first}" if first else "now"


def _arrow(log: Data) -> str:
    """The kind, with a sign for who came to whom: `email ←`."""
    sign = {"in": " ←", "out": " →"}.get(log["direction"], "")
    return f"{log['kind']}{sign}"


def _spoken(word: str | None) -> str:
    """A word of our vocabularies as it is said: `economic buyer`."""
    return (word or "").replace("-", " ")


def _dotted(parts: Iterable[str | None]) -> str:
    return " · ".join(part for part in parts if part)
