"""What the health of an account is judged from: promises, people, deals, contracts; the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from acctcli.frozen import Frozen


class HealthRules(Frozen):
    """How much each input counts, by code, and the bounds; see `[health]` in the settings.

    Below `red` a health is red, below `amber` amber. It starts from `prior`, which counts
    `prior_weight`, and has a colour once `least_known` percent of the weights are known.
    `left_days`, `lost_days` and `lapsed_days` say how long bad news is remembered, `lost_deal`
    what a lost deal comes to; the other days are how far back the inputs look. From `overdue_deal`
    on these are the points and bounds within an input, which few books change.
    """

    weights: Mapping[str, float]
    red: int
    amber: int
    prior: int = 60
    prior_weight: int = 20
    least_known: int = 40
    left_days: int = 180
    lost_deal: int = 40
    lost_days: int = 90
    lapsed_days: int = 365
    promise_days: int = 90
    stalled_days: int = 30
    message_days: int = 90
    answer_days: int = 14
    survey_days: int = 365
    overdue_deal: int = 40
    stalled_deal: int = 30
    push: int = 15
    pushes: int = 3
    no_supporter: int = 10
    one_supporter: int = 50
    two_supporters: int = 80
    opponent: int = 20
    same_purchases: int = 70
    renewal_due: int = 70
    ticket: int = 20
    ticket_days: int = 40
    nps_promoter: int = 100
    nps_passive: int = 70
    nps_detractor: int = 40
    csat_step: int = 25
    least_messages: int = 3
    waiting_days: int = 3
    answered: int = 75


class Promise(Frozen):
    """Something that was promised for a day; `done` is the day on which it was done.

    `entered` is the day on which it came into the book, as far as that is known.
    """

    due: date
    owed_by: str  # us or them
    done: date | None = None
    entered: date | None = None


class Stakeholder(Frozen):
    """Somebody at the account, as far as they count."""

    influence: str | None
    stance: str | None
    role: str | None = None


class Leaver(Frozen):
    """Somebody who was at the account until that day."""

    on: date
    role: str | None
    stance: str | None


class OpenDeal(Frozen):
    """An open deal; `moved_on` is its last sign of life, `pushes` how often it was put off."""

    title: str
    close_date: date | None
    moved_on: date | None
    pushes: int
    has_step: bool


class DecidedDeal(Frozen):
    """A deal that was won or lost on a day; `stood` is how it was before that."""

    on: date
    won: bool
    stood: OpenDeal


class Spending(Frozen):
    """What an account brings a year in one currency, and what it brought a year ago.

    That is the ARR of its contracts on the day, and its other purchases in the twelve months
    before.
    """

    year: float
    before: float


class RunningTerm(Frozen):
    """A contract that nothing succeeded, and whether an open deal is to renew it.

    It counts down to `ends_on`, the end or the last day for notice, for the `window` days before;
    without a window it does not.
    """

    product: str
    ends_on: date
    renewing: bool
    window: int | None = 90


class Survey(Frozen):
    """The last answer to a survey: how content, from 0 to 100, and what was said."""

    percent: float
    said: str
    on: date


class Message(Frozen):
    """A run of messages that we sent, and the day on which they came back; None if they did not.

    `sent` is the day of the first one, `last` that of the last one.
    """

    sent: date
    answered: date | None
    last: date


class RequiredFields(Frozen):
    """How many fields the user's own rules ask of an account, and which of them are empty."""

    asked: int
    missing: Sequence[str]


class HealthFacts(Frozen):
    """What is known of one account; what is left empty is not known.

    `since` is the day it came into the book, `cadence` its days between touches.
    `tickets` are the days on which the open ones came in; None if there never
    was one. `messages`
    may go back further than they count.
    """

    since: date | None
    last_touch: date | None = None
    cadence: int | None = None
    promises: Sequence[Promise] = ()
    people: Sequence[Stakeholder] = ()
    left: Sequence[Leaver] = ()
    deals: Sequence[OpenDeal] = ()
    decided: Sequence[DecidedDeal] = ()
    spending: Sequence[Spending] = ()
    terms: Sequence[RunningTerm] = ()
    tickets: Sequence[date] | None = None
    survey: Survey | None = None
    messages: Sequence[Message] = ()
    record: RequiredFields | None = None
