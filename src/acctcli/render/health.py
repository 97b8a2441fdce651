"""The health of accounts: a list, and one account in three lines or with every input.

Drawn from the JSON of the page and nothing else. Every text of the book goes through `theme.cell`;
nothing here may open the book or judge anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from acctcli.render import charts, parts, ranking, theme
from acctcli.render.hints import Hint
from acctcli.render.theme import View

if TYPE_CHECKING:
    from acctcli.shapes.health import (
        CauseJson,
        HealthJson,
        HealthPage,
        HealthRow,
        ReasonJson,
        StandingJson,
    )
    from acctcli.shapes.lists import RowsOf

LABELS = {
    "touch": "contact vs. cadence",
    "replies": "replies",
    "promises": "promises",
    "stakeholders": "stakeholders",
    "deals": "movement of deals",
    "purchases": "purchases",
    "renewals": "renewals",
    "tickets": "tickets",
    "satisfaction": "satisfaction",
    "record": "record",
}
"""The names of inputs for people, by code."""

SHOWN_REVIEWS = 12
"""Columns of the sparkline: past reviews, and today."""

SHOWN_LOSSES = 3


def table(data: RowsOf[HealthRow], view: View) -> RenderableType:
    """Draw one line per account, the worst first, with its main reason below."""
    return ranking.draw("health", [_ranked(row) for row in data["rows"]], view)


def _ranked(row: HealthRow) -> ranking.Ranked:
    band = theme.cell(row["band"], theme.RATINGS[row["band"]]) if row["band"] else None
    change = None if row["change"] is None else theme.cell(_signed(row["change"]))
    others = {"band": band, "change": change}
    tier = theme.cell(row["tier"] or ranking.UNKNOWN)
    return ranking.Ranked(row["health"], row["account"], others, tier, row["reason"])


def _signed(points: int) -> str:
    return f"{points:+}".replace("-", theme.MINUS) if points else "0"


def short(data: HealthPage, view: View) -> RenderableType:
    """Draw the figure, the previous one, and its strongest reasons."""
    by_code = {reason["code"]: reason for reason in data["reasons"]}
    reasons = [by_code[code] for code in data["strongest"]]
    lines = [Text("  ").append_text(arrow(reason, data["amber"])) for reason in reasons]
    why = f"Why: acct review health {data['number']} --explain"
    return Group(*_head(data, view), *lines, Hint(why))


def explained(data: HealthPage, view: View) -> RenderableType:
    """Draw the figure with a line for each input, missing ones too, and what lowers it most."""
    head = [theme.cell(word, "quiet") for word in ("weight", "score", "what", "evidence")]
    rows = [_line(reason, data) for reason in data["reasons"]]
    table = parts.grid([head, *rows], view, right=(0, 1), least=(6, 5, 12, 0))
    return Group(*_head(data, view), table, *_losses(data), *_causes(data, view), *_next(data))


def arrow(reason: ReasonJson, amber: int) -> Text:
    """Draw `↓ one supporter only`: below the bound of green, the arrow points down."""
    falls = reason["score"] is not None and reason["score"] < amber
    sign = theme.cell(f"{theme.DOWN} " if falls else f"{theme.UP} ", "risk" if falls else "good")
    return sign.append_text(theme.cell(reason["text"]))


def says(data: HealthJson, of: str = "") -> Text:
    """Draw `84 of 100, green`; without a colour, `61, on 2 of 10 inputs: too little to say`.

    `of` follows a figure with a colour. The figure must be known.
    """
    known, inputs = data["known"], len(data["reasons"])
    if data["band"] is None:
        on = f"{data['score']}, on {known} of {inputs} inputs: too little to say"
        return theme.cell(on, "quiet")
    line = theme.cell(f"{data['score']}{of} {data['band']}", theme.RATINGS[data["band"]])
    line.append(parts.rests_on(known, inputs), "quiet")
    return line


def figure(data: StandingJson, view: View) -> Text:
    """Draw `Health 58 of 100, amber (71 on Mon 12 Oct, down 13)  ▂▄▆▅▃`."""
    if data["score"] is None:
        return theme.cell("Health unknown: no data yet", "quiet")
    line = theme.cell("Health ").append_text(says(data, " of 100,"))
    last, change = data["last_review"], data["change"]
    if last and change is not None:
        day = theme.day(last["held_on"], view.today)
        line.append(f" ({last['health']} on {day}, {_moved(change)})")
        past = [review["health"] for review in data["trend"][-SHOWN_REVIEWS:]]
        line.append(f"  {charts.sparkline([*past, data['score']], 0, 100)}")
    return line


def _moved(points: int) -> str:
    if points == 0:
        return "unchanged"
    return f"{'up' if points > 0 else 'down'} {abs(points)}"


def _head(data: HealthPage, view: View) -> Sequence[RenderableType]:
    beside = parts.dotted([data["number"], data["tier"], data["status"]])
    return parts.heading(data["name"], beside, view), figure(data, view)


def _line(reason: ReasonJson, data: HealthJson) -> parts.TextRow:
    what = theme.cell(LABELS[reason["code"]])
    score = reason["score"]
    if score is None:
        evidence = theme.cell(f"{reason['evidence']} (left out)", "quiet")
        return theme.cell(theme.NONE, "quiet"), theme.cell(theme.NONE, "quiet"), what, evidence
    if reason["weight"] <= 0:
        evidence = theme.cell(f"{reason['evidence']} (left out)", "quiet")
    else:
        evidence = theme.cell(reason["evidence"])
    style = "overdue" if score < data["red"] else "risk" if score < data["amber"] else ""
    weight = theme.cell(f"{reason['weight']:g}")
    return weight, theme.cell(f"{score}", style), what, evidence


def _losses(data: StandingJson) -> Iterator[RenderableType]:
    """Yield how many of the 100 points are missing, and through which inputs."""
    lost = [(code, round(points)) for code, points in data["lost"].items() if round(points)]
    if not lost:
        return
    said = ", ".join(
        f"{LABELS[code]} ({theme.MINUS}{points})" for code, points in lost[:SHOWN_LOSSES]
    )
    yield theme.cell(f"Pulling it down: {said}")


def _causes(data: StandingJson, view: View) -> Iterator[RenderableType]:
    """Yield what caused the change since the last review, as far as that stored its inputs."""
    telling = [cause for cause in data["causes"] if round(cause["points"])]
    last = data["last_review"]
    if telling and last:
        day = theme.day(last["held_on"], view.today)
        said = ", ".join(map(_cause, telling[:SHOWN_LOSSES]))
        yield theme.cell(f"Changed since the review of {day}: {said}")


def _cause(cause: CauseJson) -> str:
    """Return `contact vs. cadence −8 (78 → 40)`."""
    sign = theme.MINUS if cause["points"] < 0 else "+"
    scores = f" {theme.ARROW} ".join(
        "unknown" if score is None else f"{score:.0f}" for score in (cause["was"], cause["now"])
    )
    return f"{LABELS[cause['code']]} {sign}{abs(round(cause['points']))} ({scores})"


def _next(data: HealthPage) -> Iterator[RenderableType]:
    yield Hint(f"Look at it as a whole: acct review brief {data['number']}")
