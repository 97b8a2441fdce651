"""The plan of an account: its texts, and the objectives with their days.

Drawn from the JSON of the page and nothing else. Every text of the book goes through `theme.cell`
or `theme.paragraph`; nothing here may open the book.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from acctcli import text
from acctcli.render import parts, theme
from acctcli.render.hints import Hint
from acctcli.render.theme import View

if TYPE_CHECKING:
    from acctcli.shapes.plan import PlannedObjectiveJson, PlanPage, PlanText, ProgressJson

TEXTS: Sequence[PlanText] = ("needs", "goals", "challenges", "competitors", "strategy")
"""The texts of a plan, in this order."""

STATES = {"open": "", "met": "good", "dropped": "quiet"}


def draw(data: PlanPage, view: View) -> RenderableType:
    """Draw the texts, the objectives, their progress, and what to do next."""
    beside = parts.dotted([data["number"], data["tier"], data["status"]])
    found: list[RenderableType] = [parts.heading(data["name"], beside, view)]
    if data["objectives"]:
        found.append(progress(data["progress"]))
    if any(data[name] for name in TEXTS):
        found += [Text(""), parts.facts([(name, data[name]) for name in TEXTS], view)]
    rows = [_objective(objective, view) for objective in data["objectives"]]
    found.append(parts.section("Objectives", rows, view))
    return Group(*found, *_next(data))


def standing(progress: ProgressJson) -> str:
    """Return `1 of 3 objectives met, 1 overdue`."""
    met = f"{progress['met']} of {text.plural(progress['of'], 'objective')} met"
    return f"{met}, {progress['overdue']} overdue" if progress["overdue"] else met


def progress(found: ProgressJson) -> Text:
    """Draw the progress, with a sign if something is overdue."""
    late = found["overdue"]
    return theme.cell(
        theme.flagged(standing(found)) if late else standing(found), "risk" if late else ""
    )


def due(objective: PlannedObjectiveJson, view: View) -> Text:
    """Draw when an open objective is due; an overdue one has a sign."""
    said = theme.day(objective["due"], view.today) or "no date"
    if objective["overdue"]:
        return theme.cell(theme.flagged(said), "overdue")
    return theme.cell(said, "" if objective["due"] else "quiet")


def _objective(objective: PlannedObjectiveJson, view: View) -> parts.TextRow:
    """Return a line: when, what, its state, and the id to name it by."""
    state = objective["state"]
    day = due(objective, view)
    if state != "open":
        day = theme.cell(theme.day(objective["closed_on"], view.today), "quiet")
    return (
        day,
        theme.cell(objective["text"]),
        theme.cell("" if state == "open" else state, STATES.get(state, "quiet")),
        theme.cell(objective["id"][-parts.ID_TAIL :], "quiet"),
    )


def _next(data: PlanPage) -> Iterator[RenderableType]:
    """Yield the command for the next step of the plan."""
    command = f"acct account plan {data['number']}"
    still = [one for one in data["objectives"] if one["state"] == "open"]
    yield Text("")
    if still:
        yield Hint(f"If one is met: {command} --met {still[0]['id'][-parts.ID_TAIL :]}")
    elif any(data[name] for name in TEXTS):
        yield Hint(f"Add what to reach next: {command} --edit")
    elif data["objectives"]:
        yield Hint(f"No open objectives. Continue with: {command} --edit")
    else:
        yield Hint(f"No plan yet. Write one: {command} --edit")
