"""How far a campaign got with each member, and what came of it.

The state of a member follows from the records, and is never stored: it is as true as they are, and
an undone or deleted record takes its state back with it. Only a state that somebody set by hand is
stored, and it stays.

What counts is what names the campaign. An interaction that names it reaches the member; a message
from them, or a meeting, that follows within `reply_days` of being reached answers it, even if it
names no campaign: mail that is imported cannot. A deal counts if it names the campaign. One that
names none and was opened after the campaign reached its account is only a candidate, because
nobody knows whether it came from there.

Pure: facts in, standings out. Sums never cross a currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from acctcli.domain import figures
from acctcli.frozen import Frozen, FrozenRow
from acctcli.model import MEMBER_STATES, TWO_WAY_KINDS

PLANNED, REACHED, REPLIED, MEETING, OPPORTUNITY, CUSTOMER = MEMBER_STATES

REPLY_DAYS = 30
"""How long a message or a meeting may come after the campaign and still answer it."""

DEAL_DAYS = 90
"""How long after the campaign a deal may be opened and still have come from it."""

_MESSAGES = ("email", "social", "proposal")
_RANK = {state: rank for rank, state in enumerate(MEMBER_STATES)}


class CampaignTouch(FrozenRow):
    """An interaction with a member; `named` if it names the campaign. `at` is a stored moment."""

    id: str
    at: str
    day: date
    kind: str
    direction: str | None
    attempt: bool
    named: bool


class CampaignDeal(FrozenRow):
    """A deal that names a campaign, or that may have come from one (`campaign_id` is None)."""

    id: str
    campaign_id: str | None
    account_id: str
    account: str
    title: str
    stage: str
    source: str | None
    amount: int | None
    currency: str | None
    opened_on: date | None
    closed_on: date | None
    won: bool

    @property
    def standing(self) -> str:
        """Whether it is open, won or lost."""
        return "won" if self.won else "lost" if self.closed_on else "open"


class MemberStanding(Frozen):
    """How far a campaign got with a member: the state, since when, and the record that shows it.

    `kind` is that of the record, log or deal; "" for a member that is only planned.
    """

    state: str = PLANNED
    on: date | None = None
    kind: str = ""
    id: str = ""


def rank(state: str) -> int:
    """Return the place of a state among all, 0 for planned."""
    return _RANK[state]


def furthest(states: Iterable[str | None]) -> str | None:
    """Return the furthest of these states; None if there is none."""
    return max((state for state in states if state), key=rank, default=None)


def standing(
    touches: Iterable[CampaignTouch], deals: Iterable[CampaignDeal], reply_days: int = REPLY_DAYS
) -> MemberStanding:
    """Return how far a campaign got with a member, by these interactions and deals."""
    found = MemberStanding()
    reached: date | None = None
    for touch in sorted(touches, key=lambda touch: (touch.at, touch.id)):
        if touch.named:
            state = _of_campaign(touch)
        elif reached is not None and touch.day <= reached + timedelta(days=reply_days):
            state = _answering(touch)
        else:
            state = PLANNED
        if touch.named and state != PLANNED:
            reached = touch.day
        if rank(state) > rank(found.state):
            found = MemberStanding(state, touch.day, "log", touch.id)
    for deal in sorted(deals, key=lambda deal: (not deal.won, deal.closed_on or date.max, deal.id)):
        state = CUSTOMER if deal.won else OPPORTUNITY
        if rank(state) > rank(found.state):
            found = MemberStanding(
                state, deal.closed_on if deal.won else deal.opened_on, "deal", deal.id
            )
    return found


def reached_between(touches: Iterable[CampaignTouch]) -> tuple[date, date] | None:
    """Return the first and the last day on which a campaign reached a member, or an account."""
    days = [touch.day for touch in touches if touch.named and _of_campaign(touch) != PLANNED]
    return (min(days), max(days)) if days else None


def may_come_from(
    deal: CampaignDeal, reached: tuple[date, date] | None, deal_days: int = DEAL_DAYS
) -> bool:
    """Whether a deal that names no campaign was opened after one that reached its account."""
    if reached is None or deal.opened_on is None or deal.campaign_id is not None:
        return False
    first, last = reached
    return first <= deal.opened_on <= last + timedelta(days=deal_days)


def _of_campaign(touch: CampaignTouch) -> str:
    """Return how far an interaction that names the campaign brings a member."""
    if touch.attempt:
        return PLANNED  # nobody was reached
    if touch.kind in ("meeting", "demo"):
        return MEETING
    if touch.kind in (*_MESSAGES, *TWO_WAY_KINDS):
        return REPLIED if touch.direction == "in" else REACHED
    return PLANNED  # a note or a ticket reaches nobody


def _answering(touch: CampaignTouch) -> str:
    """Return how far an interaction without a campaign brings a member who was reached."""
    state = _of_campaign(touch)
    return PLANNED if state == REACHED else state  # an answer is theirs


class CampaignFigures(Frozen):
    """A campaign in figures: its members by how far it got with them, and its deals.

    Each count of members includes those who got further. `won_value`, `open_value` and
    `maybe_value` are in minor units by currency; a deal without an amount is in none of them.
    """

    members: int
    reached: int
    replied: int
    meeting: int
    opportunity: int
    customer: int
    deals: int
    open: int
    won: int
    lost: int
    won_value: Mapping[str, int]
    open_value: Mapping[str, int]
    maybe: int
    maybe_value: Mapping[str, int]
    few: int = figures.FEW

    @property
    def reached_rate(self) -> float | None:
        """Reached of all members, in percent; None for a few."""
        return figures.rate(self.reached, self.members, self.few)

    @property
    def reply_rate(self) -> float | None:
        """Replied of those reached, in percent; None for a few."""
        return figures.rate(self.replied, self.reached, self.few)

    @property
    def meeting_rate(self) -> float | None:
        """Met of those reached, in percent; None for a few."""
        return figures.rate(self.meeting, self.reached, self.few)


def counted(
    states: Sequence[str],
    deals: Sequence[CampaignDeal],
    maybe: Sequence[CampaignDeal] = (),
    few: int = figures.FEW,
) -> CampaignFigures:
    """Return the figures of a campaign with members in these states, and with these deals."""
    at_least = {state: sum(rank(one) >= rank(state) for one in states) for state in MEMBER_STATES}
    by_standing = {
        name: [deal for deal in deals if deal.standing == name] for name in ("open", "won", "lost")
    }
    return CampaignFigures(
        members=len(states),
        **{state: at_least[state] for state in MEMBER_STATES[1:]},
        deals=len(deals),
        **{name: len(found) for name, found in by_standing.items()},
        won_value=value(by_standing["won"]),
        open_value=value(by_standing["open"]),
        maybe=len(maybe),
        maybe_value=value(maybe),
        few=few,
    )


def value(deals: Iterable[CampaignDeal]) -> dict[str, int]:
    """Return what deals are worth, in minor units by currency."""
    found: dict[str, int] = {}
    for deal in deals:
        if deal.amount is not None and deal.currency is not None:
            found[deal.currency] = found.get(deal.currency, 0) + deal.amount
    return dict(sorted(found.items()))


class MailMember(FrozenRow):
    """A person who may get mail of a campaign, through being a member or for an account.

    `moved_on` says that they do not work any more at the account that they were chosen at.
    """

    id: str
    name: str
    email: str | None
    title: str | None
    account_id: str | None
    account: str | None
    country: str | None
    do_not_contact: bool
    archived: bool
    moved_on: bool


REASONS = {
    "opted out": "asked not to be contacted",
    "left": "left the company",
    "archived": "at an archived account",
    "no email": "without an email address",
    "repeated": "with the address of another one",
}
"""Why somebody gets no mail, and how a sentence says it of some people."""


def kept_from_mail(person: MailMember, taken: frozenset[str] | set[str] = frozenset()) -> str:
    """Return why a person gets no mail, one of `REASONS`; "" if they do.

    `taken` are the addresses of the people before them.
    """
    if person.do_not_contact:
        return "opted out"
    if person.moved_on:
        return "left"
    if person.archived:
        return "archived"
    if not person.email:
        return "no email"
    return "repeated" if person.email in taken else ""
