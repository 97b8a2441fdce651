"""The page of a playbook: what sets it off, its tasks, its runs, and what it is due for.

Drawn from the JSON of the page and nothing else; nothing here may open the book.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from acctcli import text
from acctcli.render import parts, theme
from acctcli.render.hints import Hint
from acctcli.render.theme import View

if TYPE_CHECKING:
    from acctcli.shapes.playbook import (
        DuePlaybookJson,
        PlaybookPage,
        PlaybookRunJson,
        PlaybookTaskJson,
    )

SHOWN = 10
"""How many runs, and how many records that it is due for, are drawn."""


def page(data: PlaybookPage, view: View) -> RenderableType:
    """Draw a playbook, and what to do next."""
    when = data["when"] or "not in the settings any more"
    found: list[RenderableType] = [parts.heading(data["playbook"], when, view)]
    found.append(parts.section("Tasks", [_task(task) for task in data["tasks"]], view))
    runs = data["runs"]
    found.append(parts.section("Runs", [_run(run, view) for run in runs[:SHOWN]], view))
    found += _more(len(runs), "run")
    due = data["due"]
    found.append(parts.section("Due", [_due(one, view) for one in due[:SHOWN]], view))
    found += _more(len(due), "record")
    if due:
        found += [Text(""), Hint("To start what is due: acct playbook run --due")]
    elif data["when"]:
        found += [Text(""), Hint("To change it: acct config edit")]
    return Group(*found)


def _more(count: int, what: str) -> list[RenderableType]:
    if count <= SHOWN:
        return []
    return [theme.cell(f" {theme.MORE} and {text.plural(count - SHOWN, f'more {what}')}", "quiet")]


def _task(task: PlaybookTaskJson) -> parts.TextRow:
    beside = parts.dotted(
        [
            "they owe" if task["owed_by"] == "them" else "",
            f"every {task['every']}" if task["every"] else "",
        ]
    )
    return (
        theme.cell(task["due"] or "no date"),
        theme.cell(task["text"]),
        theme.cell(beside, "quiet"),
    )


def _run(run: PlaybookRunJson, view: View) -> parts.TextRow:
    if run["stopped_on"]:
        state = f"stopped {theme.day(run['stopped_on'], view.today)}"
    elif run["open"]:
        state = f"{run['done']} of {run['open'] + run['done']} done"
    else:
        state = "done"
    next = f"next {theme.day(run['next'], view.today)}" if run["next"] else ""
    return (
        theme.cell(theme.day(run["started_on"], view.today), "quiet"),
        theme.cell(parts.dotted([run["account"], run["deal"], _ends(run["ends_on"], view)])),
        theme.cell(state, "quiet" if state == "done" or run["stopped_on"] else ""),
        theme.cell(next, "quiet"),
    )


def _due(one: DuePlaybookJson, view: View) -> parts.TextRow:
    said = parts.dotted([one["account"], one["deal"], _ends(one["ends_on"], view)])
    return (theme.cell(said), theme.cell(one["id"][-parts.ID_TAIL :], "quiet"))


def _ends(day: str | None, view: View) -> str:
    return f"contract to {theme.day(day, view.today)}" if day else ""
