"""The buying group of an account as a tree, with its gaps and their effect on the deals.

Drawn from the JSON of the page and nothing else. Every text of the book goes through `theme.cell`;
nothing here may open the book or judge anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from acctcli import text
from acctcli.domain.coverage import is_champion
from acctcli.render import parts, theme
from acctcli.render.hints import Hint
from acctcli.render.theme import View

if TYPE_CHECKING:
    from acctcli.shapes.groups import SisterJson, SisterPersonJson
    from acctcli.shapes.people import CarriedDealJson, GapJson, MapPage, MapPersonJson

DOTS = {
    word: theme.DOT * full + theme.RING * (3 - full)
    for word, full in (("high", 3), ("medium", 2), ("low", 1))
}

STANCES = {"champion": "good", "supporter": "good", "skeptic": "risk", "opponent": "overdue"}
SISTERS, PEOPLE = 5, 4
"""Accounts of the group that are shown, and people at each; further ones are counted."""

FILLED_BY = {
    "nobody": "economic-buyer",
    "economic-buyer": "economic-buyer",
    "champion": "champion",
    "champion-left": "champion",
}
"""The role of a person who would close a gap."""


def draw(data: MapPage, view: View) -> RenderableType:
    """Draw the people by reporting line, the gaps, and how people support each open deal."""
    beside = parts.dotted([data["number"], data["tier"], data["status"]])
    return Group(
        parts.heading(data["name"], beside, view),
        *trees(data["people"], view),
        *gaps(data["gaps"]),
        *sisters(data["sisters"], data["number"]),
        deals(data["deals"], view),
        *_next(data),
    )


def trees(people: Sequence[MapPersonJson], view: View) -> Iterator[RenderableType]:
    """Yield a tree for each person without a manager here."""
    yield from parts.trees(people, "reports", lambda person, _: _person(person, view), view)


def _person(person: MapPersonJson, view: View) -> Text:
    """Draw `Mei Tan · CFO ─ economic buyer ●●● supporter, 2 days`."""
    line = theme.cell(person["name"], "heading")
    if person["title"]:
        line.append_text(theme.cell(f"{theme.BETWEEN}{person['title']}"))
    line.append(f" {theme.RULE} ", "quiet")
    known = [parts.spoken(person["role"]), DOTS.get(person["influence"] or "", "")]
    said = " ".join(word for word in known if word)
    if said:
        line.append(f"{said} ")
    if person["stance"]:
        line.append(person["stance"], STANCES.get(person["stance"]))
        line.append(", ")
    elif not said:
        line.append("part not known, ", "quiet")
    if person["do_not_contact"]:
        return line.append("do not contact", "overdue")
    touched = person["last_touch"]
    line.append(theme.short_ago(touched, view.today) if touched else "no contact yet")
    if found := parts.strength(person["strength"]):
        line.append(f", {found}", "risk" if person["strength"]["cooling"] else "")
    return line


def gaps(found: Sequence[GapJson]) -> Iterator[RenderableType]:
    """Yield `Gaps: no economic buyer · no contact with champion Mei Tan for 40 days`."""
    if found:
        line = theme.cell("Gaps: ", "quiet")
        said = theme.BETWEEN.join(gap["text"] for gap in found)
        yield line.append_text(theme.cell(said, "risk"))


def sisters(found: Sequence[SisterJson], number: str) -> Iterator[RenderableType]:
    """Yield `Known at Northgate UK: Mei Tan (champion)` for each other account of the group."""
    for one in found[:SISTERS]:
        line = theme.cell(f"Known at {one['account']}: ", "quiet")
        people = [_at_sister(person) for person in one["people"]]
        yield line.append_text(theme.cell(text.sentence_list(people, PEOPLE)))
    if len(found) > SISTERS:
        rest = f"{theme.MORE} {len(found) - SISTERS:,} more accounts of the group"
        yield Hint(f"{rest}: acct contact list --group {number}")


def _at_sister(person: SisterPersonJson) -> str:
    """Return `Mei Tan (champion)`: the part that says most, or the title."""
    part = "champion" if is_champion(person["role"], person["stance"]) else person["role"]
    said = parts.spoken(part) or person["stance"] or person["title"]
    if person["do_not_contact"]:
        said = "do not contact"
    return f"{person['name']} ({said})" if said else person["name"]


def deals(found: Sequence[CarriedDealJson], view: View) -> RenderableType:
    """Draw one line per deal: its colour as a word, and why."""
    rows = [
        (
            theme.cell(deal["rating"], theme.RATINGS[deal["rating"]]),
            theme.cell(deal["title"]),
            theme.cell(theme.amount(deal["amount"], deal["currency"])),
            theme.cell(theme.day(deal["close_date"], view.today)),
            theme.cell(deal["reason"]),
        )
        for deal in found
    ]
    return parts.section("Deals", rows, view, right=(2,))


def _next(data: MapPage) -> Iterator[RenderableType]:
    """Yield the command that closes the first gap which a new person can close."""
    roles = [FILLED_BY[gap["code"]] for gap in data["gaps"] if gap["code"] in FILLED_BY]
    if roles:
        add = f"acct contact add --account {data['number']} --role {roles[0]}"
        yield Hint(f"If you know who it is: {add}")
