"""The page of a campaign, and campaigns beside each other.

Drawn from the JSON of the page and nothing else; nothing here may judge. Every text of the book
goes through `theme.cell`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from acctcli import text
from acctcli.render import charts, figures, parts, theme
from acctcli.render.hints import Hint
from acctcli.render.parts import TextRow
from acctcli.render.theme import View

if TYPE_CHECKING:
    from acctcli.shapes.campaign import (
        CampaignDealJson,
        CampaignMemberJson,
        CampaignPage,
        CampaignsPage,
        CampaignStateJson,
        ComparedCampaignJson,
        DealsOfCampaignJson,
        MailingJson,
    )
    from acctcli.shapes.records import TotalJson

SHOWN = 12
"""Members of a state, and deals, that are drawn; further ones are counted."""

LEFT_OUT = {
    "opted out": "asked not to be contacted",
    "left": "left the company",
    "archived": "at an archived account",
    "no email": "without an email address",
    "repeated": "with the address of another one",
}


def page(data: CampaignPage, view: View) -> RenderableType:
    """Draw a campaign: its funnel, its members by state, its deals, and its mail."""
    short = data["id"][-parts.ID_TAIL :]
    found: list[RenderableType] = [
        parts.heading(data["name"], parts.dotted([_days(data, view), short]), view),
    ]
    if data["source"]:
        found.append(theme.cell(f"source {data['source']}", "quiet"))
    if data["notes"]:
        found.append(theme.paragraph(data["notes"]))
    members = data["members"]
    if not members:
        how = "No members yet. How to add some: acct help campaign member"
        return Group(*found, Text(""), Hint(how))
    found.append(_funnel(data["states"], view))
    for one in reversed(data["states"]):
        found.append(_members(one, members, view))
    found += _came(data, view)
    found += _mail(data["mail"], short)
    return Group(*found)


def _days(data: CampaignPage, view: View) -> str:
    first, last = (theme.day(data[name], view.today) for name in ("starts_on", "ends_on"))
    if first and last:
        return f"{first} to {last}"
    return f"from {first}" if first else f"until {last}" if last else ""


def _funnel(states: Sequence[CampaignStateJson], view: View) -> RenderableType:
    """Draw a bar for each state: how many members got that far, or further."""
    most = states[0]["so_far"]
    rows: list[TextRow] = [
        figures.cells(
            one["state"] if place else "members",
            f"{one['so_far']:,}",
            "" if not place else figures.rate(one["rate"], one["so_far"], most),
            charts.bar(one["so_far"], most, figures.room(view, 42)),
        )
        for place, one in enumerate(states)
    ]
    return parts.section("How far it got", rows, view, right=(1,))


def _members(
    state: CampaignStateJson, members: Sequence[CampaignMemberJson], view: View
) -> RenderableType:
    here = [member for member in members if member["state"] == state["state"]]
    rows = [_member(member, view) for member in here[:SHOWN]]
    if len(here) > SHOWN:
        more = f"{theme.MORE} and {len(here) - SHOWN:,} more"
        rows.append(figures.head(more, "", "", ""))
    return parts.section(f"{state['state'].capitalize()} ({len(here):,})", rows, view)


def _member(member: CampaignMemberJson, view: View) -> TextRow:
    by = ""
    if member["by_hand"] and member["by_hand"] != member["follows"]:
        by = f"set by hand; the records say {member['follows']}"
    elif member["by_hand"]:
        by = "set by hand"
    day = theme.day(member["since"], view.today) if member["since"] and not by else ""
    asked = "asked not to be contacted" if member["do_not_contact"] else ""
    return (
        theme.cell(member["contact"] or member["account"] or theme.NONE),
        theme.cell((member["account"] or "") if member["contact"] else member["number"] or ""),
        theme.cell(parts.dotted([day, by, asked]), "quiet"),
        theme.cell(member["id"][-parts.ID_TAIL :], "quiet"),
    )


def _came(data: CampaignPage, view: View) -> Iterator[RenderableType]:
    """Draw what came of it: the deals, and what they come to by source and account."""
    rows = [_deal(deal, view) for deal in data["deals"][:SHOWN]]
    if len(data["deals"]) > SHOWN:
        rows.append(
            figures.head(f"{theme.MORE} and {len(data['deals']) - SHOWN:,} more", *[""] * 4)
        )
    if rows:
        yield parts.section("What came of it", rows, view, right=(3,))
        worth = [
            f"won {_amounts(data['won_value'])}" if data["won_value"] else "",
            f"open {_amounts(data['open_value'])}" if data["open_value"] else "",
        ]
        yield theme.cell(f" {parts.dotted(worth)}" if any(worth) else "", "heading")
        yield from figures.note(figures.together(data["converted"], "won and open"))[1:]
    else:
        yield Text("")
        yield Hint("No deal names it yet: acct deal edit --campaign")
    for title, unnamed, lines in (
        ("By source of the deal", "no source", data["sources"]),
        ("By account", "", data["accounts"]),
    ):
        if len(lines) > 1 or (lines and title.startswith("By source") and lines[0]["name"]):
            yield parts.section(title, [_group(one, unnamed) for one in lines[:SHOWN]], view)
    if data["maybe"]:
        maybe = [_deal(deal, view) for deal in data["maybe"][:SHOWN]]
        count = len(data["maybe"])
        title = f"Maybe ({count:,}): opened since, but they name no campaign and do not count"
        yield parts.section(title, maybe, view, right=(3,))
        first = data["maybe"][0]["id"][-parts.ID_TAIL :]
        name = text.shell_word(data["name"], data["id"])
        yield Hint(f"If one came from it: acct deal edit {first} --campaign {name}")


def _deal(deal: CampaignDealJson, view: View) -> TextRow:
    day = deal["closed_on"] or deal["opened_on"]
    verb = deal["standing"] if deal["closed_on"] else "opened"
    return (
        theme.cell(deal["title"]),
        theme.cell(deal["account"]),
        theme.cell(f"{verb} {theme.day(day, view.today)}" if day else verb, "quiet"),
        theme.cell(theme.amount(deal["amount"], deal["currency"])),
        theme.cell(deal["id"][-parts.ID_TAIL :], "quiet"),
    )


def _group(one: DealsOfCampaignJson, unnamed: str) -> TextRow:
    counts = f"{text.plural(one['deals'], 'deal')}, {one['won']:,} won"
    worth = [
        f"won {_amounts(one['won_value'])}" if one["won_value"] else "",
        f"open {_amounts(one['open_value'])}" if one["open_value"] else "",
    ]
    return figures.cells(one["name"] or unnamed, counts, parts.dotted(worth))


def _amounts(values: Sequence[TotalJson]) -> str:
    return " + ".join(figures.amount(one["amount"], one["currency"]) for one in values)


def _mail(mail: MailingJson, short: str) -> Iterator[RenderableType]:
    """Say how many addresses a mail program would get, and who is left out."""
    left = [f"{count} {LEFT_OUT[why]}" for why, count in mail["left_out"].items()]
    alone = len(mail["without_primary"])
    if alone:
        left.append(f"{text.plural(alone, 'account')} without a primary contact")
    addresses = text.plural(mail["addresses"], "address", "addresses")
    yield Text("")
    yield theme.cell(f"Mail: {addresses}{'; left out: ' + ', '.join(left) if left else ''}")
    yield Hint(f"To write the list: acct campaign export {short}")


def compared(data: CampaignsPage, view: View) -> RenderableType:
    """Draw a line for each campaign: how far it got, and what it brought."""
    found = data["campaigns"]
    if not found:
        return Hint("No campaigns yet. Start with: acct campaign add", "")
    heads = ("", "members", "reached", "replied", "meetings", "deals", "won")
    rows: list[TextRow] = [figures.head(*heads), *(_compared(one) for one in found)]
    worth: list[TextRow] = [
        figures.cells(one["name"], _worth(one)) for one in found if one["deals"]
    ]
    maybe = sum(one["maybe"] for one in found)
    said = ""
    if maybe:
        names = "names" if maybe == 1 else "name"
        said = (
            f"{text.plural(maybe, 'more deal')} may have come from them, but {names} no campaign."
        )
    return Group(
        parts.heading("Campaigns", "replied and meetings: of those reached", view),
        Text(""),
        parts.grid(rows, view, right=(1,)),
        parts.section("What they brought", worth, view),
        *figures.note(said, "Details: acct campaign show"),
    )


def _compared(one: ComparedCampaignJson) -> TextRow:
    return figures.cells(
        one["name"],
        f"{one['members']:,}",
        figures.rate(one["reached_rate"], one["reached"], one["members"]),
        figures.rate(one["reply_rate"], one["replied"], one["reached"]),
        figures.rate(one["meeting_rate"], one["meeting"], one["reached"]),
        f"{one['deals']:,}",
        f"{one['won']:,}",
    )


def _worth(one: ComparedCampaignJson) -> str:
    worth = [
        f"won {_amounts(one['won_value'])}" if one["won_value"] else "",
        f"open {_amounts(one['open_value'])}" if one["open_value"] else "",
        figures.together(one["converted"], "won and open"),
    ]
    return parts.dotted(worth) or theme.NONE
