"""The dossier of a handover as Markdown: what a colleague reads before the first call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.render import brief, prose, theme
from acctcli.render.prose import Days, ProseLine, Section
from acctcli.values import dates

if TYPE_CHECKING:
    from acctcli.shapes.handover import DossierAccountJson, DossierPage, YearJson


def title(data: DossierPage) -> str:
    """Return `GreenTech Ltd`, or `12 accounts`."""
    found = data["accounts"]
    return found[0]["brief"]["name"] if len(found) == 1 else text.plural(len(found), "account")


def summary(data: DossierPage, today: date) -> str:
    """Return from whom to whom, and on which day."""
    return f"Handed over from {data['from']} to {data['to']} on {dates.iso(today)}"


def markdown(data: DossierPage, today: date) -> str:
    """Return the dossier as a Markdown document."""
    several = len(data["accounts"]) > 1
    lines = [f"# {prose.escaped(title(data))}", "", prose.escaped(summary(data, today))]
    for one in data["accounts"]:
        if several:
            lines += ["", f"## {prose.escaped(one['brief']['name'])}"]
        lines += prose.markdown(sections(one, today), level=3 if several else 2)
    return "\n".join(lines) + "\n"


def sections(one: DossierAccountJson, today: date) -> Iterator[Section]:
    """Yield the sections of an account that have lines, what to do first at the head."""
    data, days = one["brief"], Days(today, None)
    parts: tuple[tuple[str, Iterable[ProseLine]], ...] = (
        ("First things to do", [ProseLine(reason) for reason in one["first"]]),
        ("Who they are", _who(one)),
        ("People and politics", brief.people_of(data["people"], days)),
        ("Missing", [ProseLine(gap["text"], "risk") for gap in data["gaps"]]),
        ("We owe", brief.promised(data["promises"]["us"], days)),
        ("They owe", brief.promised(data["promises"]["them"], days)),
        ("Open tickets", brief.tickets(data["tickets"], days)),
        ("Deals", _deals(one, days)),
        ("Contracts and renewals", brief.bought(data, days)),
        ("Plan", brief.planned(data["plan"], days)),
        ("Story so far", _story(one["story"], days)),
    )
    for heading, lines in parts:
        if found := list(lines):
            yield heading, found


def _who(one: DossierAccountJson) -> Iterator[ProseLine]:
    data = one["brief"]
    yield ProseLine(brief.standing(data))
    yield from map(ProseLine, brief.about(data))
    if data["tags"]:
        yield ProseLine(f"tags: {', '.join(data['tags'])}")
    yield ProseLine(f"health: {brief.figure(data['health'])}")
    yield from brief.kept(data["kept"])


def _deals(one: DossierAccountJson, days: Days) -> Iterator[ProseLine]:
    """Yield each open deal, with its risk and the reasons for it."""
    for deal in one["brief"]["deals"]:
        closes = f"closes {days.due(deal['close_date'])}" if deal["close_date"] else "no close date"
        amount = theme.amount(deal["amount"], deal["currency"])
        said = ", ".join(filter(None, (deal["title"], amount, deal["stage"], closes)))
        risk = one["risks"].get(deal["id"])
        if risk is None:
            yield ProseLine(said)
            continue
        why = "; ".join(reason["text"] for reason in risk["reasons"])
        yield ProseLine(f"{said}; risk {risk['score']} of 100{f': {why}' if why else ''}")


def _story(years: Iterable[YearJson], days: Days) -> Iterator[ProseLine]:
    """Yield each year with its count, and below it what was decided, bought and reviewed."""
    for year in years:
        count = year["interactions"]
        said = f": {text.plural(count, 'interaction')}" if count else ""
        yield ProseLine(f"{year['year']}{said}")
        for entry in year["events"]:
            yield ProseLine(f"{days.day(entry['day'])}, {entry['kind']}: {entry['text']}", "", 1)
        if year["more"]:
            yield ProseLine(text.plural(year["more"], "more event"), "", 1)
