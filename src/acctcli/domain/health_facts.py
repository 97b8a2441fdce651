"""What the health of an account is judged from, as facts: promises, people, deals, terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from acctcli.frozen import Frozen


class HealthRules(Frozen):
    """How much each input counts, by code, and below what a health is red, or amber."""

    weights: Mapping[str, float]
    red: int
    amber: int


class Promise(Frozen):
    """An open promise or next step; without a due day it cannot be late."""

    due: date | None
    owed_by: str  # us or them


class Stakeholder(Frozen):
    """Somebody at the account, as far as they count."""

    influence: str | None
    stance: str | None


class OpenDeal(Frozen):
    """An open deal; `moved_on` is its last sign of life, `pushes` how often it was put off."""

    title: str
    close_date: date | None
    moved_on: date | None
    pushes: int
    has_step: bool


class Spending(Frozen):
    """What was bought in one currency in the last twelve months, and in the twelve before."""

    year: float
    before: float


class RunningTerm(Frozen):
    """The last term of a product, and whether an open deal is to renew it."""

    product: str
    ends_on: date
    renewing: bool


class Survey(Frozen):
    """The last answer to a survey: how content, from 0 to 100, and what was said."""

    percent: float
    said: str
    on: date


class Message(Frozen):
    """A message that was sent, and the day on which they next came back; None if they did not."""

    sent: date
    answered: date | None


class Filled(Frozen):
    """How many fields the user's own rules ask of an account, and which of them are empty."""

    asked: int
    missing: Sequence[str]


class HealthFacts(Frozen):
    """What is known of one account; what is left empty is not known.

    `since` is the day it came into the book, `cadence` its days between touches.
    `tickets` are the days on which the open ones came in; None if there never
    was one. `renewal_days` is how early a renewal should be under way. `messages`
    may go back further than they count.
    """

    since: date | None
    last_touch: date | None = None
    cadence: int | None = None
    promises: Sequence[Promise] = ()
    people: Sequence[Stakeholder] = ()
    deals: Sequence[OpenDeal] = ()
    spending: Sequence[Spending] = ()
    terms: Sequence[RunningTerm] = ()
    tickets: Sequence[date] | None = None
    survey: Survey | None = None
    renewal_days: int = 90
    messages: Sequence[Message] = ()
    record: Filled | None = None
