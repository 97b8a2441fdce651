"""The pages of a person and of one interaction.

Drawn from the JSON of the page and nothing else. Every text of the book goes
through `theme.cell` or `theme.paragraph`; nothing here may open the book.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding

from acctcli.render import parts, theme
from acctcli.render.parts import TextRow
from acctcli.render.theme import View
from acctcli.values.durations import say_duration

if TYPE_CHECKING:
    from acctcli.shapes.log import LogPage
    from acctcli.shapes.people import ContactPage, LinkJson, PersonDealJson, StrengthJson

CONTACT_PARTS = (
    *("strength", "links", "deals", "interactions", "interaction_count", "tasks"),
    *("account_archived_at", "campaigns"),
)
"""What the page of a person has beside the fields of a person."""


def contact(data: ContactPage, view: View) -> RenderableType:
    """Draw a person: who they are, their accounts, deals, open tasks, last interactions."""
    place = parts.dotted([data["title"], parts.with_mark(data)])
    lines: list[RenderableType] = [parts.heading(data["name"], place, view)]
    if data["do_not_contact"]:
        lines.append(theme.cell("asked not to be contacted", "overdue"))
    influence = f"{data['influence']} influence" if data["influence"] else None
    standing = [parts.spoken(data["role"]), influence, data["stance"]]
    standing.append("primary contact" if data["primary"] else None)
    lines.append(theme.cell(parts.dotted(standing)))
    facts = [
        ("also", data["aliases"]),
        ("email", data["emails"]),
        ("phone", [theme.phone(one) for one in data["phones"]]),
        ("linkedin", data["linkedin"]),
        ("profiles", data["profiles"]),
        ("birthday", theme.day(data["birthday"], view.today)),
        ("tags", data["tags"]),
        ("department", data["department"]),
        ("reports to", data["reports_to"]),
        ("last touch", theme.ago(data["last_touch"], view.today)),
        ("strength", _strength(data["strength"])),
        ("campaigns", [f"{one['name']} ({one['state']})" for one in data["campaigns"]]),
        *parts.custom(data, "contact", CONTACT_PARTS),
        ("notes", data["notes"]),
    ]
    lines.append(parts.facts(facts, view))
    said = parts.last_words(data, "--with", view)
    lines.append(parts.section("Accounts", _links(data["links"], view), view))
    lines.append(parts.section("Deals", _deals(data["deals"], view), view))
    lines.append(parts.section("Open tasks", parts.task_lines(data["tasks"], view), view))
    lines.append(parts.section("Latest interactions", said, view))
    return Group(*lines)


def log(data: LogPage, view: View) -> RenderableType:
    """Draw an interaction: what was said, with whom, and the promises made."""
    when = theme.moment(data["at"], view.today)
    duration = say_duration(data["duration"]) if data["duration"] else None
    resolved = theme.moment(data["resolved_at"], view.today) if data["resolved_at"] else None
    facts = [
        ("with", data["contacts"]),
        (
            "direction",
            {"in": "in: they came to us", "out": "out: we went to them"}.get(
                data["direction"] or ""
            ),
        ),
        ("deal", data["deal"]),
        ("campaign", data["campaign"]),
        ("duration", duration),
        ("outcome", data["outcome"]),
        ("attempt", "no answer" if data["attempt"] else None),
        ("score", data["score"]),
        ("scale", data["scale"]),
        ("resolved", resolved),
        *parts.custom(data, "log", ("tasks",)),
    ]
    lines: list[RenderableType] = [
        parts.heading(data["summary"], "", view),
        theme.cell(parts.dotted([data["kind"], data["account"], when])),
        parts.facts(facts, view),
    ]
    if data["body"]:
        lines.append(Padding(theme.paragraph(data["body"]), (1, 0, 0, 0)))
    lines.append(parts.section("Outcome", parts.task_lines(data["tasks"], view), view))
    return Group(*lines)


def _strength(found: StrengthJson) -> str | None:
    """Return `4.2, cooling (was 9.1)`; None of somebody who was not spoken with lately."""
    if not found["now"] and not found["before"]:
        return None
    cooling = ", cooling" if found["cooling"] else ""
    return f"{found['now']:g}{cooling} (was {found['before']:g})"


def _links(links: Iterable[LinkJson], view: View) -> list[TextRow]:
    """Return one line per account: which, as what, and its days."""
    return [
        (
            theme.cell(link["account"]),
            theme.cell(parts.dotted([link["title"], parts.spoken(link["role"])])),
            theme.cell(_span(link, view), "" if link["current"] else "quiet"),
        )
        for link in links
    ]


def _deals(deals: Iterable[PersonDealJson], view: View) -> list[TextRow]:
    """Return one line per deal: title, the person's part, stage, amount, day."""
    return [
        (
            theme.cell(deal["title"]),
            theme.cell(parts.spoken(deal["role"])),
            theme.cell(deal["stage"]),
            theme.cell(theme.amount(deal["amount"], deal["currency"])),
            theme.cell(theme.day(deal["closed_on"] or deal["close_date"], view.today)),
        )
        for deal in deals
    ]


def _span(link: LinkJson, view: View) -> str:
    """Return `since 14 Jan 2024`, `until Sun 22 Nov`, `14 Jan 2019 to 31 Mar 2022`."""
    first, last = theme.day(link["from"], view.today), theme.day(link["to"], view.today)
    if first and last:
        return f"{first} to {last}"
    if last:
        return f"until {last}"
    return f"since {first}" if first else "now"
