"""The page of `report pipeline`: stages then and now, stage conversion, rotting deals.

Drawn from the JSON of the page and nothing else; nothing here may open the book.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from acctcli import text
from acctcli.render import charts, figures, parts, theme
from acctcli.render.hints import Hint
from acctcli.render.parts import TextRow
from acctcli.render.theme import View

if TYPE_CHECKING:
    from acctcli.shapes.pipeline import (
        CreatedJson,
        OpenDealsJson,
        PassageJson,
        PipelinePage,
        StandingStageJson,
        VelocityJson,
    )

BAR = 20
SHOWN = 10
"""Rotting deals on the page; further ones are counted."""


def pipeline(data: PipelinePage, view: View) -> RenderableType:
    """Draw open deals by stage with bars, then conversion and time, velocity, rotting deals."""
    past = data["as_of"] != data["today"]
    day = theme.day(data["as_of"], view.today)
    title = f"Pipeline as of {day}" if past else "Pipeline"
    beside = text.plural(data["deals"], "open deal")
    return Group(
        parts.heading(title, beside, view),
        parts.grid(_stage_lines(data, view, past=past), view, right=(1, 3, 4, 5)),
        *_total(data),
        _came_in_closed(data["came_in_closed"]),
        parts.section(
            "Stage conversion", _passage_lines(data["stages"]), view, right=(1, 2, 3, 4, 5)
        ),
        _created(data["creation"], view),
        parts.section("Velocity", _velocity_lines(data["velocity"]), view),
        _rotting(data, view),
    )


def _stage_lines(data: PipelinePage, view: View, *, past: bool) -> list[TextRow]:
    """Return one line per stage, and one for all; with today's figures if the day is past."""
    most = max((stage["deals"] for stage in data["stages"]), default=0)
    # The bar is of the deals, so it stands beside their number and not beside the amounts.
    head = ["stage", "deals", "", "amount", *(("today", "amount") if past else ())]
    rows: list[TextRow] = [tuple(theme.cell(word, "quiet") for word in head)]
    room = min(BAR, max(view.width - (60 if past else 42), 5))
    for stage in data["stages"]:
        picture = charts.bar(stage["deals"], most, room)
        rows.append(_stage_line(stage["stage"], stage, picture, view, past=past))
    rows.append(_stage_line("all", data, "", view, past=past, style="heading"))
    return rows


def _stage_line(
    name: str,
    sums: PipelinePage | StandingStageJson,
    picture: str,
    view: View,
    *,
    past: bool,
    style: str = "",
) -> TextRow:
    found = [name, f"{sums['deals']:,}", picture]
    cells = [*(theme.cell(value, style) for value in found), _amounts(sums, view, style)]
    if past:
        now = theme.cell(f"{sums['now']['deals']:,}", style)
        cells += [now, _amounts(sums["now"], view, style)]
    return tuple(cells)


def _total(data: PipelinePage) -> list[RenderableType]:
    """Draw what the open deals are worth in the base currency of the rates."""
    said = figures.together(data["converted"], "open")
    return [Hint(said)] if said else []


def _came_in_closed(count: int) -> RenderableType:
    """Draw a note on deals whose earlier stage and amount are unknown."""
    if not count:
        return parts.NOTHING
    deals = text.plural(count, "deal")
    said = f"{deals} imported as closed: counted as open in the first stage, at their final amount"
    return theme.cell(said, "quiet")


def _amounts(sums: OpenDealsJson, view: View, style: str) -> Text:
    """Draw the amount of each currency on a line of its own."""
    return parts.stacked(_worth(sums) or [theme.NONE], view, style)


def _passage_lines(stages: Sequence[StandingStageJson]) -> list[TextRow]:
    head = ("stage", "entered", "moved on", "won", "days", "norm", "rotting")
    rows: list[TextRow] = []
    for stage in stages:
        passage = stage["passage"]
        if not passage or not passage["entered"]:
            continue
        rows.append(
            (
                theme.cell(stage["stage"]),
                theme.cell(f"{passage['entered']:,}"),
                theme.cell(_moved_on(passage)),
                theme.cell(_won(passage)),
                theme.cell(_days(passage["median_days"])),
                theme.cell(_days(stage["norm_days"])),
                theme.cell(
                    theme.flagged(f"{stage['rotting']:,}") if stage["rotting"] else "", "risk"
                ),
            )
        )
    return [tuple(theme.cell(word, "quiet") for word in head), *rows] if rows else []


def _moved_on(passage: PassageJson) -> str:
    left = passage["onward"] + passage["lost"]
    return figures.rate(passage["conversion"], passage["onward"], left)


def _won(passage: PassageJson) -> str:
    return figures.rate(passage["win_rate"], passage["won"], passage["closed"])


def _days(days: float | None) -> str:
    return theme.NONE if days is None else f"{days:g}"


def _created(found: CreatedJson, view: View) -> RenderableType:
    """Draw what was opened lately, what in as many days before, and what the quota needs."""
    days = text.plural(found["days"], "day")
    if not found["deals"] and not found["before"]["deals"]:
        return parts.NOTHING
    rows: list[TextRow] = [
        (
            theme.cell(said),
            theme.cell(text.plural(opened["deals"], "deal")),
            theme.cell(", ".join(_worth(opened)) or theme.NONE),
        )
        for said, opened in ((f"last {days}", found), (f"the {days} before", found["before"]))
    ]
    quota, currency = found["quota"], found["currency"]
    if quota and currency and quota["needed"] is not None:
        deals = quota["needed_deals"]
        rows.append(
            (
                theme.cell("for the quota"),
                theme.cell(text.plural(deals, "deal") if deals else theme.NONE),
                theme.cell(f"{theme.estimate(quota['needed'], currency)}, at the usual win rate"),
            )
        )
    return parts.section("New deals", rows, view, right=(1,))


def _worth(found: OpenDealsJson) -> list[str]:
    return [theme.amount(total["amount"], total["currency"]) for total in found["totals"]]


def _won_of(line: VelocityJson) -> str:
    rate = "won" if line["win_rate"] is None else f"{figures.whole_percent(line['win_rate'])} won"
    return f"{rate} ({line['won']:,} of {line['closed']:,})"


def _velocity_lines(lines: Sequence[VelocityJson]) -> list[TextRow]:
    """Return what the pipeline brings per day, with the figures behind it."""
    rows: list[TextRow] = []
    for line in lines:
        currency = line["currency"]
        if line["per_day"] is None:
            rows.append((theme.cell(currency), theme.cell("nothing won in the past year")))
            continue
        average = figures.average(line["average"], currency)
        deals = text.plural(line["deals"], "deal")
        times = f" {theme.TIMES} ".join((deals, _won_of(line), average))
        took = figures.days(line["cycle_days"])
        made = f"{times} {theme.DIVIDED} {took}"
        per_day = f"{figures.average(line['per_day'], currency, code=True)} a day"
        rows.append((theme.cell(per_day, "heading"), theme.cell(made, "quiet")))
    return rows


def _rotting(data: PipelinePage, view: View) -> RenderableType:
    """Draw the deals that are too long in their stage, or why there are none to name."""
    if not any(stage["norm_days"] is not None for stage in data["stages"]):
        least = data["judged_by"]["won_deals"]
        said = f"Rotting deals show once {least} deals were won from a stage, or its days are set"
        return Group(Text(""), theme.cell(said, "quiet"))
    rows: list[TextRow] = [
        (
            theme.cell(theme.flagged(text.plural(one["days"], "day")), "risk"),
            theme.cell(one["stage"]),
            theme.cell(one["account"]),
            theme.cell(one["title"]),
            theme.cell(f"quiet {one['quiet_days']}", "quiet"),
            theme.cell(theme.amount(one["amount"], one["currency"])),
            theme.cell(one["id"][-parts.ID_TAIL :], "quiet"),
        )
        for one in data["rotting"][:SHOWN]
    ]
    drawn = [
        parts.section(
            "Rotting: too long in stage, no contact, no next step", rows, view, right=(0, 5)
        )
    ]
    more = len(data["rotting"]) - len(rows)
    if more:
        drawn.append(Hint(f" {theme.MORE} {more:,} more: acct report pipeline -f json"))
    return Group(*drawn)
