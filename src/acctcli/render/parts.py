"""Parts of pages: a heading, facts, sections of lines, tasks, words.

Every text of the book goes through `theme.cell` or `theme.paragraph`. Parts know the shape of a
record's JSON, but no page: the module of a page decides what is on it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from acctcli.model import KINDS
from acctcli.render import theme
from acctcli.render.theme import View
from acctcli.render.unbroken import Unbroken
from acctcli.text import plural
from acctcli.values import dates
from acctcli.values.durations import say_duration
from acctcli.values.fields import known

if TYPE_CHECKING:
    from acctcli.shapes.account import EventJson, KeptPromisesJson, TicketJson
    from acctcli.shapes.deal import DealPage
    from acctcli.shapes.people import ContactPage, StrengthJson
    from acctcli.shapes.records import LogJson, TaskJson

Data = Mapping[str, Any]
T = TypeVar("T", bound=Data)
TextRow = Sequence[Text]

BESIDE_EACH_OTHER = 40
"""Below this many columns, the parts of a line are below each other."""

ID_TAIL = 4  # as much of an id as can be typed

NOTHING = Text("", end="")

DEEPEST = 12
"""Levels of a tree that are indented; deeper ones follow at the last level."""


def heading(name: str, beside: str, view: View) -> RenderableType:
    """Draw the name, with a place at the right end of the line if there is room."""
    title, place = theme.cell(name, "heading"), theme.cell(beside)
    gap = view.width - title.cell_len - place.cell_len
    if not beside or gap < 2:
        return Group(title, place) if beside else title
    return Text.assemble(title, " " * gap, place)


def walk(tops: Sequence[T], below: str) -> Iterator[tuple[T, int]]:
    """Yield each member of some trees with its level, top down; `below` names its children."""
    waiting = [(top, 0) for top in reversed(tops)]
    while waiting:  # not recursive, because a tree may be deep
        one, level = waiting.pop()
        yield one, level
        children: Sequence[T] = one[below]
        waiting += [(child, level + 1) for child in reversed(children)]


def level_said(level: int, deepest: int = DEEPEST) -> str:
    """Return `level 14` for a level that is not indented, else ""."""
    return f"level {level + 1}" if level > deepest else ""


def trees(
    tops: Sequence[T], below: str, label: Callable[[T, bool], Text], view: View
) -> list[Tree]:
    """Return a tree for each top; `label` gets a member, and whether it is at the top."""
    deepest = max(1, min(DEEPEST, view.width // 6 - 1))  # a level takes four columns
    found: list[Tree] = []
    above: list[Tree] = []
    for one, level in walk(tops, below):
        says = label(one, level == 0)
        if deep := level_said(level, deepest):
            says.append(f"  {deep}", "quiet")
        del above[min(level, deepest) :]
        if above:
            above.append(above[-1].add(says))
        else:
            above.append(Tree(says, guide_style="quiet"))
            found += above
    return found


def facts(found: Iterable[tuple[str, Any]], view: View) -> RenderableType:
    """Draw labels and values, without empty ones."""
    rows = [
        (theme.cell(label, "quiet"), theme.paragraph(said(value)))
        for label, value in found
        if value not in (None, "", [], ())
    ]
    return grid(rows, view)


def rests_on(known: int, of: int) -> str:
    """Return `, on 2 of 10 inputs` if fewer than half are known: such a figure says little."""
    return f", on {known} of {of} inputs" if 2 * known < of else ""


def kept(found: KeptPromisesJson) -> str:
    """Return `Kept on time in 90 days: 4 of 5 of ours, 1 of 2 of theirs`; empty if none was due."""
    sides = (("ours", found["us"]), ("theirs", found["them"]))
    said = [f"{one['kept']} of {one['due']} of {whose}" for whose, one in sides if one["due"]]
    return f"Kept on time in {plural(found['days'], 'day')}: {', '.join(said)}" if said else ""


def strength(found: StrengthJson) -> str:
    """Return `strength 4.2, cooling`; nothing of somebody who was not spoken with lately."""
    if not found["now"]:
        return ""
    return f"strength {found['now']:g}{', cooling' if found['cooling'] else ''}"


def said(value: Any) -> str:
    """Return a value of a record for people: `yes`, `a, b`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)


def custom(data: Data, kind: str, parts: Collection[str]) -> list[tuple[str, Any]]:
    """Return the custom fields on a page: everything beside our fields and its `parts`."""
    ours = KINDS[kind].fields
    known = {*ours, *(field.id_name for field in ours.values()), *parts}
    return [(name.replace("_", " "), v) for name, v in data.items() if name not in known]


def section(
    title: str, rows: Sequence[TextRow], view: View, *, right: Collection[int] = ()
) -> RenderableType:
    """Draw a heading with lines below it; nothing without lines."""
    if not rows:
        return NOTHING
    lines = Padding(grid(rows, view, right=right), (0, 0, 0, 1))
    return Group(Text(""), theme.cell(title, "heading"), lines)


def grid(
    rows: Sequence[TextRow],
    view: View,
    *,
    right: Collection[int] = (),
    least: Sequence[int] = (),
) -> RenderableType:
    """Draw cells in columns; below each other on a narrow terminal. Nothing is cut off.

    `right` are the columns that are right-aligned; `least` is the minimum width of each column, for
    grids that align with others.
    """
    if not rows:
        return NOTHING
    if view.width < BESIDE_EACH_OTHER:
        return Group(*(Unbroken("  ").join(cell for cell in row if cell.plain) for row in rows))
    table = Table.grid(padding=(0, 2, 0, 0))
    for place, _ in enumerate(rows[0]):
        justify: Literal["left", "right"] = "right" if place in right else "left"
        wide = least[place] if least else None
        table.add_column(overflow="fold", justify=justify, min_width=wide)
    for row in rows:
        table.add_row(*row)
    return table


def stacked(values: Sequence[str], view: View, style: str = "") -> Text:
    """Draw values for one cell of a grid, below each other if its cells are in columns."""
    beside = view.width < BESIDE_EACH_OTHER
    return Text(", " if beside else "\n").join(theme.cell(value, style) for value in values)


def task_lines(tasks: Iterable[TaskJson], view: View) -> list[TextRow]:
    """Return one line per task: when, what, who owes it, and the id to finish it with."""
    rows: list[TextRow] = []
    for task in tasks:
        day = known(task["due"])
        late = day and not task["done_at"] and day < dates.iso(view.today)
        due = theme.day(task["due"], view.today) or "no date"
        state = "done" if task["done_at"] else "they owe" if task["owed_by"] == "them" else ""
        rows.append(
            (
                theme.cell(theme.flagged(due) if late else due, "overdue" if late else ""),
                theme.cell(dotted([task["text"], appointment(task), origin(task)])),
                theme.cell(state, "quiet"),
                theme.cell(task["id"][-ID_TAIL:], "quiet"),
            )
        )
    return rows


def origin(task: TaskJson) -> str:
    """Return `from playbook onboarding` for a task that a playbook added."""
    return f"from playbook {task['playbook']}" if task["playbook"] else ""


def appointment(task: TaskJson) -> str:
    """Return when and where an appointment is: `14:30, 1h, Room 4`."""
    at = known(task["at"])
    time = f"{dates.local(dates.parse_iso_moment(at)):%H:%M}" if at else ""
    duration = known(task["duration"])
    takes = say_duration(duration) if duration else ""
    return ", ".join(filter(None, (time, takes, task["place"])))


def last_words(data: Data, option: str, view: View) -> list[TextRow]:
    """Return the last interactions on a page, and how many more `acct log list` has."""
    rows = log_lines(data["interactions"], view)
    more = data["interaction_count"] - len(rows)
    if more > 0:
        rest = f"{theme.MORE} {more:,} more: acct log list {option} {data['id'][-ID_TAIL:]}"
        rows.append((theme.cell(""), theme.cell(""), theme.cell(rest, "quiet"), theme.cell("")))
    return rows


def log_lines(logs: Iterable[LogJson], view: View) -> list[TextRow]:
    """Return one line per interaction: when, what it was, what was said, and its id."""
    return [
        (
            theme.cell(theme.day_of_moment(log["at"], view.today), "quiet"),
            theme.cell(arrow(log)),
            theme.cell(log["summary"]),
            theme.cell(log["id"][-ID_TAIL:], "quiet"),
        )
        for log in logs
    ]


def arrow(log: LogJson | EventJson) -> str:
    """Return the kind of an interaction, with a sign for its direction: `email ←`."""
    sign = {"in": f" {theme.BACK}", "out": f" {theme.ARROW}"}.get(log["direction"] or "", "")
    return f"{log['kind']}{sign}"


def spoken(word: str | None) -> str:
    """Return a word of our vocabularies for people: `economic buyer`."""
    return (word or "").replace("-", " ")


def with_mark(data: DealPage | ContactPage) -> str | None:
    """Return the account of a page, marked if it is archived: `GreenTech Ltd (archived)`."""
    mark = " (archived)" if data["account_archived_at"] else ""
    return f"{data['account']}{mark}" if data["account"] else None


def dotted(parts: Iterable[str | None]) -> str:
    """Return the parts that are not empty, with dots between: `strategic · customer`."""
    return theme.BETWEEN.join(part for part in parts if part)


def owes(ticket: TicketJson) -> str:
    """Return `, we owe the answer` for a ticket; "" if nobody knows."""
    who = {"us": "we owe", "them": "they owe"}.get(ticket["answer_by"] or "")
    return f", {who} the answer" if who else ""
