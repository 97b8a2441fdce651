"""The page of a review.

Drawn from the JSON of the page and nothing else. Every text of the book goes
through `theme.cell` or `theme.paragraph`; nothing here may open the book.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType

from acctcli.render import parts, theme
from acctcli.render.theme import View

if TYPE_CHECKING:
    from acctcli.shapes.review import ReviewPage


def review(data: ReviewPage, view: View) -> RenderableType:
    """Draw the rating of a review, its texts, and its tasks."""
    today = view.today
    held_on = theme.day(data["held_on"], today)
    outcome = theme.cell(_outcome(data, view), theme.RATINGS.get(data["rating"] or "", ""))
    facts = [
        ("summary", data["summary"]),
        ("strengths", data["strengths"]),
        ("risks", data["risks"]),
        ("opportunities", data["opportunities"]),
        ("next review", theme.day(data["next_review"], today)),
        *parts.custom(data, "review", ("actions", "previous")),
    ]
    return Group(
        parts.heading(data["account"], f"review of {held_on}", view),
        outcome,
        parts.facts(facts, view),
        parts.section("Actions", parts.task_lines(data["actions"], view), view),
    )


def _outcome(data: ReviewPage, view: View) -> str:
    """Return `amber · health 58, 71 on Mon 12 Oct`."""
    health = data["health"]
    said = None if health is None else f"health {health}"
    before = data["previous"]
    if said and before and before["health"] is not None:
        said += f", {before['health']} on {theme.day(before['held_on'], view.today)}"
    return parts.dotted([data["rating"], said])
