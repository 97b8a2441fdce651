"""The facts of the agenda: tasks, deals, people, contracts, reviews and health."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from acctcli.domain.cadence import AccountFacts
from acctcli.domain.contracts import Contract, RenewalDeal
from acctcli.frozen import Frozen, FrozenRow


class TaskFacts(FrozenRow):
    """An open task with a date; `person` is the one it was promised to or by.

    An appointment is due on the day on which it begins where the user is; `at` is the moment in
    UTC, `duration` is in minutes.
    """

    id: str
    account_id: str | None
    deal_id: str | None
    text: str
    due: str
    snoozed_until: str | None
    owed_by: str
    person: str | None
    at: str | None = None
    duration: int | None = None
    place: str | None = None

    @property
    def comes_up(self) -> str:
        """The day it comes up: its due day, or the end of its snooze."""
        return max(self.due, self.snoozed_until or "")


class OpenDealFacts(FrozenRow):
    """An open deal; `last_touch` is the day of the last two-way touch that was about it.

    `buyer_known` says whether somebody who may sign is known there; it is None for deals that do
    not close soon.
    """

    id: str
    account_id: str
    title: str
    amount: int | None
    currency: str | None
    close_date: str | None
    opened_on: str | None
    last_touch: str | None
    buyer_known: int | None
    probability: int | None = None


class PersonFacts(FrozenRow):
    """A person with a known side, at an account where a deal closes soon."""

    account_id: str
    role: str | None
    influence: str | None
    stance: str | None


class PushFacts(FrozenRow):
    """How often the close date of a deal was moved to a later day, and when last."""

    deal_id: str
    times: int
    last: str


class ReviewFacts(FrozenRow):
    """The last review of an account."""

    account_id: str
    held_on: str
    next_review: str | None
    rating: str | None
    health: int | None
    id: str


class ObjectiveFacts(FrozenRow):
    """An open objective of an account's plan that has a date."""

    id: str
    account_id: str
    text: str
    due: str


class ChampionFacts(FrozenRow):
    """Somebody who may be a champion at an account with an open deal.

    `since` is the day they came into the book, if that can be read, `spoke` that of the last
    two-way touch with them.
    """

    id: str
    account_id: str
    name: str
    role: str | None
    stance: str | None
    since: str | None
    spoke: str | None


class FallFacts(FrozenRow):
    """The health of an account at its last review and today.

    `why` says what pulled it down; None if the review kept no inputs.
    """

    account_id: str
    held_on: str
    was: int
    now: int
    why: str | None

    @property
    def moved(self) -> str:
        """`health 71 → 58`."""
        return f"health {self.was} → {self.now}"


class SaidFacts(FrozenRow):
    """Something that was said or sent, in order of time; `id` is that of the log.

    `side` is `in` for a message of theirs, `out` for one of ours or a call that reached nobody,
    and `both` for a call, meeting or demo that took place. An `attempt` reached nobody.
    """

    account_id: str
    id: str
    day: str
    side: str
    attempt: bool = False


class TicketFacts(FrozenRow):
    """An open ticket."""

    id: str
    account_id: str
    day: str
    summary: str


class LeftFacts(FrozenRow):
    """Somebody who left an account or was deleted, and their part there."""

    account_id: str
    name: str
    role: str | None
    influence: str | None
    stance: str | None
    day: str
    deleted: int = 0


class LateOrderFacts(FrozenRow):
    """A customer whose next order is late: usually one every `gap` days, the last on `last`.

    `late_from` is the first day on which it was late. `amount` is a usual order, in minor units.
    """

    account_id: str
    gap: int
    last: str
    late_from: str
    amount: int | None
    currency: str | None


class QuoteFacts(FrozenRow):
    """A quote of an open deal that was sent, is valid until a day and has no answer yet.

    `gross` is in minor units of `currency`.
    """

    id: str
    account_id: str
    number: str
    valid_until: str
    gross: int | None
    currency: str | None


class AgendaFacts(Frozen):
    """The facts of the book for one day; those of accounts outside `accounts` are ignored.

    `renewals` are the deals of type renewal, by account. `senders` are the names of those who wrote
    the messages that wait for an answer, by the id of the message.
    """

    accounts: Mapping[str, AccountFacts]
    tasks: Sequence[TaskFacts] = ()
    deals: Sequence[OpenDealFacts] = ()
    people: Sequence[PersonFacts] = ()
    pushes: Sequence[PushFacts] = ()
    contracts: Sequence[Contract] = ()
    renewals: Mapping[str, Sequence[RenewalDeal]] = {}
    reviews: Sequence[ReviewFacts] = ()
    objectives: Sequence[ObjectiveFacts] = ()
    champions: Sequence[ChampionFacts] = ()
    healths: Sequence[FallFacts] = ()
    said: Sequence[SaidFacts] = ()
    senders: Mapping[str, str] = {}
    tickets: Sequence[TicketFacts] = ()
    left: Sequence[LeftFacts] = ()
    orders: Sequence[LateOrderFacts] = ()
    quotes: Sequence[QuoteFacts] = ()
