"""Campaigns: who is in one, how far it got with them, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from acctcli import text
from acctcli.book.context import Context
from acctcli.book.reports import scope
from acctcli.book.reports.scope import Report
from acctcli.domain import campaigns as judging
from acctcli.domain import figures
from acctcli.domain.campaigns import CampaignDeal, CampaignFigures, CampaignTouch, MemberStanding
from acctcli.frozen import Frozen
from acctcli.model import (
    CHOICE,
    CURRENCY,
    DAY,
    FLAG,
    INTEGER,
    MEMBER_STATES,
    MONEY,
    NUMBER,
    REF,
    TEXT,
    Field,
    Row,
    declare,
)
from acctcli.results import Table
from acctcli.store import queries
from acctcli.store.facts import campaigns as sql
from acctcli.store.facts.campaigns import Member
from acctcli.values import dates
from acctcli.values.fields import as_json, exact

if TYPE_CHECKING:
    import sqlite3

    from acctcli.shapes.campaign import (
        CampaignDealJson,
        CampaignFiguresJson,
        CampaignMemberJson,
        CampaignPage,
        CampaignsPage,
        CampaignStateJson,
        DealsOfCampaignJson,
        MailingJson,
    )
    from acctcli.shapes.records import CampaignJson

MEMBER_FIELDS = declare(
    id=Field(TEXT, "id of the person, or of the account"),
    contact=Field(REF, "the person; empty for an account", target="contact"),
    account=Field(REF, "the account, or that of the person", target="account"),
    number=Field(TEXT, "number of the account"),
    state=Field(CHOICE, "how far the campaign got", choices=MEMBER_STATES),
    by_hand=Field(CHOICE, "the state that was set by hand", choices=MEMBER_STATES),
    follows=Field(CHOICE, "the state that the records show", choices=MEMBER_STATES),
    since=Field(DAY, "since when the records show it"),
    record=Field(TEXT, "the kind of record that shows it: log or deal"),
    record_id=Field(TEXT, "its id"),
    joined_on=Field(DAY, "day it was chosen"),
    do_not_contact=Field(FLAG, "asked not to be contacted"),
)
"""A member of a campaign, with its state."""

MEMBER_COLUMNS = ("id", "contact", "account", "state", "since", "by_hand")

COMPARED_FIELDS = declare(
    name=Field(TEXT, "the campaign"),
    source=Field(TEXT, "what it is called as a source of deals"),
    starts_on=Field(DAY, "its first day"),
    ends_on=Field(DAY, "its last day"),
    members=Field(INTEGER, "accounts and people in it"),
    reached=Field(INTEGER, "those that it reached, or got further with"),
    replied=Field(INTEGER, "those that replied, or got further"),
    meeting=Field(INTEGER, "those that were met, or got further"),
    opportunity=Field(INTEGER, "those with a deal that names it"),
    customer=Field(INTEGER, "those with a won deal that names it"),
    reached_rate=Field(NUMBER, "reached of all members, in percent"),
    reply_rate=Field(NUMBER, "replied of those reached, in percent"),
    meeting_rate=Field(NUMBER, "met of those reached, in percent"),
    deals=Field(INTEGER, "deals that name it"),
    open=Field(INTEGER, "those still open"),
    won=Field(INTEGER, "those won"),
    lost=Field(INTEGER, "those lost"),
    maybe=Field(INTEGER, "deals that may have come from it, and name no campaign"),
    currency=Field(CURRENCY, "currency of the amounts; a row for each"),
    won_value=Field(MONEY, "what the won deals brought"),
    open_value=Field(MONEY, "what the open deals are worth"),
)
"""A campaign beside others, in one currency of its deals."""

_COUNTED = tuple(name for name, f in COMPARED_FIELDS.items() if f.type in (INTEGER, NUMBER))


class JudgedMember(Frozen):
    """A member with how far the campaign got, by the records; `state` is the one that counts."""

    member: Member
    standing: MemberStanding

    @property
    def state(self) -> str:
        """The state set by hand, if there is one; else the one that the records show."""
        return self.member.by_hand or self.standing.state


class JudgedCampaign(Frozen):
    """A campaign: its members, the deals that name it, and those that may have come from it."""

    members: Sequence[JudgedMember]
    deals: Sequence[CampaignDeal]
    maybe: Sequence[CampaignDeal]
    figures: CampaignFigures


def judged(
    context: Context, con: sqlite3.Connection, ids: Sequence[str]
) -> dict[str, JudgedCampaign]:
    """Return campaigns with how far each got with its members, by id."""
    reply_days = context.config["campaign.reply_days"]
    deal_days = context.config["campaign.deal_days"]
    few = context.config["report.few"]
    members: dict[str, list[Member]] = {id: [] for id in ids}
    for member in sql.members(con, ids):
        members[member.campaign_id].append(member)
    said: dict[tuple[str, str], dict[str, CampaignTouch]] = {}
    for one in sql.touches(con, ids):
        for whom in {one.account_id, one.contact_id or one.account_id}:
            said.setdefault((one.campaign_id, whom), {})[one.id] = one.touch
    came: dict[str, list[CampaignDeal]] = {id: [] for id in ids}
    for deal in sql.deals(con, ids):
        came[str(deal.campaign_id)].append(deal)
    at = sorted({m.account_id for of in members.values() for m in of if m.account_id})
    loose = sql.deals_without(con, at)
    found = {}
    for id in ids:
        of_members = []
        for member in members[id]:
            touches = said.get((id, member.contact_id or member.account_id or ""), {}).values()
            deals = [deal for deal in came[id] if deal.account_id == member.account_id]
            of_members.append(JudgedMember(member, judging.standing(touches, deals, reply_days)))
        reached = {
            account: judging.reached_between(said.get((id, account), {}).values())
            for account in {member.account_id for member in members[id] if member.account_id}
        }
        maybe = [
            deal
            for deal in loose
            if judging.may_come_from(deal, reached.get(deal.account_id), deal_days)
        ]
        states = [one.state for one in of_members]
        counted = judging.counted(states, came[id], maybe, few)
        found[id] = JudgedCampaign(of_members, came[id], maybe, counted)
    return found


def page(context: Context, con: sqlite3.Connection, id: str) -> CampaignPage:
    """Return a campaign: how far it got with its members, and what came of it."""
    fields = context.fields("campaign")
    row = queries.get(con, "campaign", fields, id, as_stored=True)
    found = judged(context, con, [id])[id]
    counted = found.figures
    won, open = ([d for d in found.deals if d.standing == one] for one in ("won", "open"))
    own = {name: field for name, field in fields.items() if not field.derived}
    return {
        **cast("CampaignJson", as_json(own, row)),
        "states": _states(found, counted.few),
        "figures": _figures(counted),
        "members": [_member_json(one) for one in found.members],
        "deals": [_deal_json(deal) for deal in found.deals],
        "won_value": scope.amounts_as_json(counted.won_value.items()),
        "open_value": scope.amounts_as_json(counted.open_value.items()),
        "converted": scope.converted(context.config, judging.value([*won, *open])),
        "sources": _grouped((deal.source, deal) for deal in found.deals),
        "accounts": _grouped((deal.account, deal) for deal in found.deals),
        "maybe": [_deal_json(deal) for deal in found.maybe],
        "maybe_value": scope.amounts_as_json(counted.maybe_value.items()),
        "mail": mailing(con, [one.member.id for one in found.members]).as_json,
    }


def _states(found: JudgedCampaign, few: int) -> list[CampaignStateJson]:
    states = [one.state for one in found.members]
    so_far = {
        state: sum(judging.rank(one) >= judging.rank(state) for one in states)
        for state in MEMBER_STATES
    }
    return [
        {
            "state": state,
            "members": states.count(state),
            "so_far": so_far[state],
            "rate": figures.rate(so_far[state], len(states), few),
        }
        for state in MEMBER_STATES
    ]


def _figures(counted: CampaignFigures) -> CampaignFiguresJson:
    return cast("CampaignFiguresJson", {name: getattr(counted, name) for name in _COUNTED})


def _member_row(one: JudgedMember) -> Row:
    member, shown = one.member, one.standing
    return {
        "id": member.contact_id or member.account_id,
        "contact": member.contact,
        "contact_id": member.contact_id,
        "account": member.account,
        "account_id": member.account_id,
        "number": member.number,
        "state": one.state,
        "by_hand": member.by_hand,
        "follows": shown.state,
        "since": dates.iso(shown.on) if shown.on else None,
        "record": shown.kind or None,
        "record_id": shown.id or None,
        "joined_on": member.joined_on,
        "do_not_contact": member.do_not_contact,
    }


def _member_json(one: JudgedMember) -> CampaignMemberJson:
    return cast("CampaignMemberJson", as_json(MEMBER_FIELDS, _member_row(one)))


def members(
    context: Context, con: sqlite3.Connection, id: str, states: Sequence[str] = ()
) -> Table:
    """Return the members of a campaign, or those in some of the states."""
    found = [
        one for one in judged(context, con, [id])[id].members if not states or one.state in states
    ]
    rows = [_member_row(one) for one in found]
    short = {str(row["id"]): str(row["id"])[-4:] for row in rows}
    return Table(
        *("member", "members", MEMBER_FIELDS, rows, MEMBER_COLUMNS, list(MEMBER_FIELDS), short),
        today=context.clock.today,
    )


def _deal_json(deal: CampaignDeal) -> CampaignDealJson:
    return {
        "id": deal.id,
        "account": deal.account,
        "account_id": deal.account_id,
        "title": deal.title,
        "standing": deal.standing,
        "stage": deal.stage,
        "source": deal.source,
        "amount": exact(deal.amount, deal.currency) if _has_value(deal) else None,
        "currency": deal.currency,
        "opened_on": _iso(deal.opened_on),
        "closed_on": _iso(deal.closed_on),
    }


def _has_value(deal: CampaignDeal) -> bool:
    return deal.amount is not None and deal.currency is not None


def _iso(day: date | None) -> str | None:
    return dates.iso(day) if day else None


def _grouped(named: Iterable[tuple[str | None, CampaignDeal]]) -> list[DealsOfCampaignJson]:
    """Return what deals came to by source or account, those with most won deals first."""
    groups: dict[str | None, list[CampaignDeal]] = {}
    for name, deal in named:
        groups.setdefault(name, []).append(deal)
    found: list[DealsOfCampaignJson] = [
        {
            "name": name,
            "deals": len(deals),
            "won": sum(deal.won for deal in deals),
            "won_value": _value(deals, "won"),
            "open_value": _value(deals, "open"),
        }
        for name, deals in groups.items()
    ]
    return sorted(found, key=lambda one: (-one["won"], -one["deals"], one["name"] or "~"))


def _value(deals: Sequence[CampaignDeal], standing: str) -> Any:
    return scope.amounts_as_json(
        judging.value(deal for deal in deals if deal.standing == standing).items()
    )


def compared(context: Context, con: sqlite3.Connection, ids: Sequence[str]) -> Report:
    """Return campaigns beside each other: all of them without ids."""
    fields = context.fields("campaign")
    among = [queries.by_ids("id", ids)] if ids else []
    listed = queries.select(con, "campaign", fields, queries.Listing(among), as_stored=True)
    found = judged(context, con, [row["id"] for row in listed])
    heads = ("id", "name", "source", "starts_on", "ends_on")
    rows: list[Row] = []
    data: CampaignsPage = {"campaigns": []}
    of_each = []
    for row in listed:
        one = found[row["id"]]
        counted = one.figures
        head = {name: row[name] for name in heads}
        valued = judging.value(deal for deal in one.deals if deal.standing != "lost")
        of_each.append(
            {
                **head,
                **_figures(counted),
                "won_value": scope.amounts_as_json(counted.won_value.items()),
                "open_value": scope.amounts_as_json(counted.open_value.items()),
                "converted": scope.converted(context.config, valued),
            }
        )
        own = {name: row[name] for name in heads[1:]} | dict(_figures(counted))
        currencies: Sequence[str | None] = list(valued) or [None]
        for currency in currencies:
            rows.append(
                {
                    **own,
                    "id": row["id"],
                    "currency": currency,
                    "won_value": _of(counted.won_value, currency),
                    "open_value": _of(counted.open_value, currency),
                }
            )
    data["campaigns"] = cast("Any", of_each)
    return Report(data, scope.table("campaign", COMPARED_FIELDS, rows, context.clock.today))


def _of(value: Mapping[str, int], currency: str | None) -> int | None:
    return value.get(currency, 0) if currency else None


MAIL_FIELDS = declare(
    email=Field(TEXT, "main email address"),
    first_name=Field(TEXT, "all of the name before its last word"),
    last_name=Field(TEXT, "last word of the name"),
    name=Field(TEXT, "whole name"),
    company=Field(TEXT, "the account"),
    title=Field(TEXT, "job title"),
    country=Field(TEXT, "country of the account"),
    campaign=Field(TEXT, "the campaign"),
    id=Field(TEXT, "id of the person"),
)
"""A line of the list for a mail program."""


class Mailing(Frozen):
    """The list for a mail program: its people, and how many are left out by reason."""

    people: Sequence[judging.MailMember]
    left_out: Mapping[str, int]
    without_primary: Sequence[str]

    @property
    def as_json(self) -> MailingJson:
        """How many there are, for a page."""
        return {
            "addresses": len(self.people),
            "left_out": dict(self.left_out),
            "without_primary": list(self.without_primary),
        }


def mailing(con: sqlite3.Connection, members: Sequence[str]) -> Mailing:
    """Return who of these members gets mail.

    An account gets it through its primary contact. Who asked not to be contacted, left the company
    or has no address is left out, and counted.
    """
    people, left_out, taken = [], dict.fromkeys(judging.REASONS, 0), set[str]()
    for person in sql.for_mail(con, members):
        why = judging.kept_from_mail(person, taken)
        if why:
            left_out[why] += 1
        else:
            people.append(person)
            taken.add(str(person.email))
    counted = {why: count for why, count in left_out.items() if count}
    return Mailing(people, counted, sql.without_primary(con, members))


def mailing_said(found: MailingJson) -> str:
    """Return `42 addresses. Left out: 3 asked not to be contacted.`, for people."""
    says = f"{text.plural(found['addresses'], 'address', 'addresses')}."
    reasons = [f"{count} {judging.REASONS[why]}" for why, count in found["left_out"].items()]
    alone = found["without_primary"]
    if alone:
        who = text.sentence_list([text.safe(name) for name in alone], 3)
        reasons.append(f"{text.plural(len(alone), 'account')} without a primary contact ({who})")
    return f"{says} Left out: {', '.join(reasons)}." if reasons else says


def mail_table(found: Mailing, campaign: str) -> Table:
    """Return the list for a mail program, without totals and short ids."""
    rows = []
    for person in found.people:
        first, _, last = person.name.rpartition(" ")
        rows.append(
            {
                "email": person.email,
                "first_name": first or last,
                "last_name": last if first else None,
                "name": person.name,
                "company": person.account,
                "title": person.title,
                "country": person.country,
                "campaign": campaign,
                "id": person.id,
            }
        )
    names = list(MAIL_FIELDS)
    return Table("address", "addresses", MAIL_FIELDS, rows, names, names, {})
