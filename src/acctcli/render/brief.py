"""The brief for a meeting: one page, for a terminal or as a Markdown document.

Both consist of the same sections of plain lines, so that they say the same. A terminal gets days as
people say them, a document in ISO form, because it outlives today. Text of the book is made safe
for each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal

from rich.console import Group, RenderableType
from rich.text import Text

from acctcli import text
from acctcli.render import groups, health, parts, plan, prose, theme
from acctcli.render.prose import Days, ProseLine
from acctcli.render.theme import View
from acctcli.values import dates

if TYPE_CHECKING:
    from acctcli.shapes.account import EventJson, KeptPromisesJson, TicketJson
    from acctcli.shapes.brief import BriefPage, LastReviewJson, ReviewText
    from acctcli.shapes.groups import GroupJson
    from acctcli.shapes.health import ReasonJson, StandingJson
    from acctcli.shapes.people import CarriedDealJson, MapPersonJson
    from acctcli.shapes.plan import PlanJson
    from acctcli.shapes.records import TaskJson

SIDES: tuple[Literal["us", "them"], ...] = ("us", "them")

FOUND: Sequence[ReviewText] = ("summary", "strengths", "risks", "opportunities")
"""The texts of a review, in this order."""


def draw(data: BriefPage, view: View) -> RenderableType:
    """Draw the brief for a terminal."""
    found: list[RenderableType] = [parts.heading(data["name"], standing(data), view)]
    found += [theme.cell(line) for line in about(data)]
    found.append(health.figure(data["health"], view))
    amber = data["health"]["amber"]
    found += [prose.hanging(Text(" "), health.arrow(reason, amber)) for reason in _strongest(data)]
    found += prose.drawn(_sections(data, Days(view.today, view.today)))
    return Group(*found)


def markdown(data: BriefPage, today: date) -> str:
    """Return the brief as a Markdown document."""
    lines = [f"# {prose.escaped(data['name'])}", "", prose.escaped(standing(data)), ""]
    for line in about(data):
        lines += [prose.escaped(line), ""]
    lines += ["## Health", "", f"- {prose.escaped(figure(data['health']))}"]
    lines += [f"- {prose.escaped(reason['text'])}" for reason in _strongest(data)]
    lines += prose.markdown(_sections(data, Days(today, None)))
    lines += ["", f"As of {dates.iso(today)}."]
    return "\n".join(lines) + "\n"


def figure(found: StandingJson) -> str:
    """Return `84 of 100, green; 71 on 2026-10-11`."""
    if found["score"] is None:
        return "Not known yet"
    says = health.says(found, " of 100,").plain
    last = found["last_review"]
    return f"{says}; {last['health']} on {last['held_on']}" if last else says


def standing(data: BriefPage) -> str:
    """Return `A-0001 · key · customer`."""
    return parts.dotted([data["number"], data["tier"], data["status"]])


def about(data: BriefPage) -> Iterator[str]:
    """Yield who they are, and what to know about them."""
    people = theme.headcount(data["employees"])
    place = ", ".join(dict.fromkeys(p for p in (data["city"], theme.country(data["country"])) if p))
    owner = f"owner: {data['owner']}" if data["owner"] else None
    who = parts.dotted([data["industry"], place, data["website"], people, owner])
    for line in (who, data["description"]):
        if line:
            yield line


def _strongest(data: BriefPage) -> list[ReasonJson]:
    by_code = {reason["code"]: reason for reason in data["health"]["reasons"]}
    return [by_code[code] for code in data["health"]["strongest"]]


def _sections(data: BriefPage, days: Days) -> Iterator[tuple[str, list[ProseLine]]]:
    """Yield the sections that have lines, in the order of a meeting."""
    held = data["review"]["last"]
    since = f"Since the review of {days.day(held['held_on'])}" if held else "So far"
    sections: tuple[tuple[str, Iterable[ProseLine]], ...] = (
        (since, _review(data["review"])),
        ("People", people_of(data["people"], days)),
        ("Missing", [ProseLine(gap["text"], "risk") for gap in data["gaps"]]),
        ("Deals", _deals(data["deals"], days)),
        ("Bought", bought(data, days)),
        ("Group", _group(data["group"], days)),
        ("Promises", kept(data["kept"])),
        ("We owe", promised(data["promises"]["us"], days)),
        ("They owe", promised(data["promises"]["them"], days)),
        ("Open tickets", tickets(data["tickets"], days)),
        ("Plan", planned(data["plan"], days)),
        ("Lately", _lately(data["timeline"], days)),
    )
    for title, lines in sections:
        if found := list(lines):
            yield title, found


def _review(review: LastReviewJson) -> Iterator[ProseLine]:
    """Yield what happened since the last review, counted, and the texts of that review."""
    counts = review["since"]
    said = [
        text.plural(counts["interactions"], "interaction"),
        text.plural(counts["changes"], "deal change"),
        text.plural(counts["purchases"], "purchase"),
        text.plural(counts["kept"], "promise kept", "promises kept"),
        f"{counts['late']} late",
    ]
    yield ProseLine(", ".join(said))
    held = review["last"]
    if held is None:
        return
    for name in FOUND:
        if held[name]:
            yield ProseLine(f"{name}: {held[name]}")


def people_of(people: Sequence[MapPersonJson], days: Days) -> Iterator[ProseLine]:
    """Yield `Mei Tan, CFO: economic buyer, high influence, supporter, last contact 2 days ago`."""
    for person, level in parts.walk(people, "reports"):
        influence = person["influence"]
        known = [
            parts.spoken(person["role"]),
            f"{influence} influence" if influence else "",
            person["stance"],
            "do not contact" if person["do_not_contact"] else days.last(person["last_touch"]),
            parts.strength(person["strength"]),
            parts.level_said(level),
        ]
        name = ", ".join(filter(None, (person["name"], person["title"])))
        yield ProseLine(f"{name}: {', '.join(filter(None, known))}", "", min(level, parts.DEEPEST))


def _deals(deals: Iterable[CarriedDealJson], days: Days) -> Iterator[ProseLine]:
    """Yield `Rollout, 120,000 SGD, proposal, closes Tue 15 Dec; support green: Mei decides …`."""
    for deal in deals:
        closes = f"closes {days.due(deal['close_date'])}" if deal["close_date"] else None
        amount = theme.amount(deal["amount"], deal["currency"])
        said = ", ".join(filter(None, (deal["title"], amount, deal["stage"], closes)))
        yield ProseLine(f"{said}; support {deal['rating']}: {deal['reason']}")


def bought(data: BriefPage, days: Days) -> Iterator[ProseLine]:
    """Yield purchases of the last year and the year before, and ending contracts."""
    for spent in data["purchases"]["totals"]:
        amount = theme.amount(spent["amount"], spent["currency"])
        before = theme.amount(spent["before"], spent["currency"])
        yield ProseLine(f"{amount} in 12 months, {before} in the 12 months before")
    for term in data["renewals"]:
        lapsed = term["standing"] in ("lapsed", "missed")
        ends = f"{'lapsed since' if lapsed else 'ends'} {days.day(term['ends_on'])}"
        renewal = "no renewal deal" if term["due"] and not lapsed else ""
        if term["deal"]:
            renewal = f"renewal: {term['deal']}"
        amount = theme.amount(term["amount"], term["currency"])
        said = filter(None, (f"{term['product'] or 'Contract'} {ends}", amount, renewal))
        yield ProseLine(", ".join(said), "risk" if term["due"] else "")


def _group(group: GroupJson | None, days: Days) -> Iterator[ProseLine]:
    """Yield what the account and everything below it come to, and one figure of each member."""
    if group:
        yield ProseLine(", ".join(groups.in_words(group, days.today)))
        for member in group["members"]:
            yield ProseLine(groups.said_of_member(member))


def kept(found: KeptPromisesJson) -> Iterator[ProseLine]:
    """Yield how both sides kept their promises, if any was due."""
    if said := parts.kept(found):
        missed = any(found[side]["kept"] < found[side]["due"] for side in SIDES)
        yield ProseLine(said, "risk" if missed else "")


def promised(tasks: Iterable[TaskJson], days: Days) -> Iterator[ProseLine]:
    """Yield `Send quote (Mei Tan): Fri 20 Nov, late`, the nearest day first."""
    for task in sorted(tasks, key=lambda task: task["due"] or "~"):
        whose = f" ({task['contact']})" if task["contact"] else ""
        due = days.due(task["due"]) or "no date"
        yield ProseLine(
            f"{task['text']}{whose}: {due}", "overdue" if due.endswith(", late") else ""
        )


def tickets(found: Iterable[TicketJson], days: Days) -> Iterator[ProseLine]:
    """Yield `Login fails: opened Mon 2 Nov (20 days), we owe the answer`."""
    for ticket in found:
        opened = f"opened {days.day(ticket['opened'])} ({text.plural(ticket['days'], 'day')})"
        yield ProseLine(f"{ticket['summary']}: {opened}{parts.owes(ticket)}", "risk")


def planned(found: PlanJson, days: Days) -> Iterator[ProseLine]:
    """Yield the texts of the plan, then open objectives: `Pilot signed: Thu 31 Dec`."""
    for name in plan.TEXTS:
        if found[name]:
            yield ProseLine(f"{name}: {found[name]}")
    for objective in found["objectives"]:
        if objective["state"] == "open":
            due = days.due(objective["due"]) or "no date"
            style = "overdue" if objective["overdue"] else ""
            yield ProseLine(f"objective: {objective['text']}: {due}", style)
    if found["objectives"]:
        yield ProseLine(plan.standing(found["progress"]))


def _lately(entries: Iterable[EventJson], days: Days) -> Iterator[ProseLine]:
    for entry in entries:
        names = f" ({', '.join(entry['contacts'])})" if entry["contacts"] else ""
        yield ProseLine(f"{days.day(entry['day'])}, {parts.arrow(entry)}: {entry['text']}{names}")
