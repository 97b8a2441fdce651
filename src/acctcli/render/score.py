"""The score of accounts: a list, and one account in three lines or with every input.

Drawn from the JSON of the page and nothing else. Every text of the book goes through `theme.cell`;
nothing here may open the book or judge anything.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from acctcli.render import parts, ranking, theme
from acctcli.render.hints import Hint
from acctcli.render.theme import View

if TYPE_CHECKING:
    from acctcli.shapes.health import ReasonJson
    from acctcli.shapes.lists import RowsOf
    from acctcli.shapes.score import Part, ScorePage, ScoreRow

PARTS: Sequence[Part] = ("fit", "value", "engagement")


def table(data: RowsOf[ScoreRow], view: View) -> RenderableType:
    """Draw one line per account, the best first, with its main reason below."""
    return ranking.draw("score", [_ranked(row) for row in data["rows"]], view)


def _ranked(row: ScoreRow) -> ranking.Ranked:
    known: dict[str, Text | None] = {
        part: None if row[part] is None else theme.cell(row[part]) for part in PARTS
    }
    # Add how few inputs are known, if they are few.
    why = row["why"] and row["why"] + parts.rests_on(row["known"], row["inputs"])
    return ranking.Ranked(row["score"], row["account"], known, _tiers(row), why)


def _tiers(row: ScoreRow) -> Text:
    """Draw today's tier, and after an arrow the suggested one if it differs."""
    tier = theme.cell(row["tier"] or theme.NONE)
    if row["suggested_tier"] not in (None, row["tier"]):
        tier.append_text(theme.cell(f" {theme.ARROW} ", "quiet"))
        tier.append_text(theme.cell(row["suggested_tier"], "risk"))
    return tier


def short(data: ScorePage, view: View) -> RenderableType:
    """Draw the score with its parts, the strongest reasons, and the suggested tier."""
    return Group(
        *_head(data, view),
        *(theme.cell(f"  {said}") for said in data["strongest"]),
        _tier(data),
        Hint(f"Why: acct account score {data['number']} --explain"),
    )


def explained(data: ScorePage, view: View) -> RenderableType:
    """Draw the score with a line for each part and its inputs, missing ones too."""
    head = [theme.cell(word, "quiet") for word in ("weight", "score", "what", "evidence")]
    table = parts.grid([head, *_lines(data)], view, right=(0, 1), least=(6, 5, 14, 0))
    return Group(*_head(data, view), table, _tier(data), *_next(data))


def _head(data: ScorePage, view: View) -> Iterator[RenderableType]:
    beside = parts.dotted([data["number"], data["tier"], data["status"]])
    yield parts.heading(data["name"], beside, view)
    if data["score"] is None:
        yield theme.cell("Score unknown: no data yet", "quiet")
        return
    by_part = ", ".join(part["text"] for part in data["parts"])
    line = theme.cell(f"Score {data['score']} of 100", "heading")
    line.append(parts.rests_on(data["known"], data["inputs"]), "quiet")
    yield line.append_text(theme.cell(f": {by_part}"))


def _lines(data: ScorePage) -> Iterator[parts.TextRow]:
    """Yield each part, with its inputs indented below it."""
    for part in data["parts"]:
        yield _line(part, "heading")
        for reason in part["reasons"]:
            yield _line(reason, "", indent="  ")


def _line(reason: ReasonJson, style: str, *, indent: str = "") -> parts.TextRow:
    what = theme.cell(f"{indent}{reason['code'].replace('_', ' ')}", style)
    if reason["score"] is None:
        evidence = theme.cell(f"{reason['evidence']} (left out)", "quiet")
        return theme.cell(theme.NONE, "quiet"), theme.cell(theme.NONE, "quiet"), what, evidence
    left_out = "" if reason["weight"] > 0 else " (weight 0: left out)"
    evidence = theme.cell(f"{reason['evidence']}{left_out}", "quiet" if left_out else "")
    weight = theme.cell(f"{reason['weight']:g}")
    return weight, theme.cell(f"{reason['score']:g}", style), what, evidence


def _tier(data: ScorePage) -> Text:
    """Draw `Suggested tier: key (score 66 is within 60 to 79 for key; now growth)`."""
    if data["suggested_tier"] is None:
        return theme.cell(data["tier_reason"].capitalize(), "quiet")
    said = (
        data["suggested_tier"] if data["tier_differs"] else f"{data['suggested_tier']}, same as now"
    )
    line = theme.cell("Suggested tier: ")
    line.append_text(theme.cell(said, "risk" if data["tier_differs"] else "good"))
    return line.append_text(theme.cell(f" ({data['tier_reason']})"))


def _next(data: ScorePage) -> Iterator[RenderableType]:
    if data["tier_differs"]:
        tier = shlex.quote(data["suggested_tier"] or "")
        command = f"acct account edit {data['number']} --tier {tier}"
        yield Hint(f"To apply it: {command}")
