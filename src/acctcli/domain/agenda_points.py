"""What a line of the agenda is, and how many points each kind of line has.

`agenda` finds most lines, `agenda_signals` those that somebody's silence or words set off.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from acctcli.domain.agenda_facts import (
    ChampionFacts,
    FallFacts,
    LateOrderFacts,
    LeftFacts,
    ObjectiveFacts,
    OpenDealFacts,
    QuoteFacts,
    ReviewFacts,
    TaskFacts,
    TicketFacts,
)
from acctcli.domain.cadence import AccountFacts
from acctcli.domain.contracts import Contract
from acctcli.frozen import Frozen, FrozenRow

if TYPE_CHECKING:
    from acctcli.config import Config

Fact = (
    TaskFacts
    | OpenDealFacts
    | Contract
    | ReviewFacts
    | ObjectiveFacts
    | ChampionFacts
    | FallFacts
    | TicketFacts
    | LeftFacts
    | LateOrderFacts
    | QuoteFacts
)


# Points


class Points(Frozen):
    """The points of a line of one kind: `base`, and more for each day from `least` to `most`."""

    says: str
    base: float
    a_day: float
    least: int
    most: int
    days: str


POINTS = {
    "promise": Points("your promise", 65, 1.5, -20, 10, "late"),
    "waiting": Points("their promise", 40, 2, -10, 10, "late"),
    "slipped": Points("a close date in the past", 50, 2, 0, 10, "past it"),
    "closing": Points("a deal closing soon", 36, 1.5, 0, 30, "into its last days"),
    "stalled": Points("a deal without a next step", 26, 1, 0, 15, "past the limit"),
    "pushed": Points("a pushed close date", 25, 0, 0, 0, ""),
    "touch": Points("cadence missed", 30, 1, 0, 30, "past cadence"),
    "renewal": Points("a contract without a renewal deal", 35, 0.25, 0, 120, "into its last days"),
    "review": Points("a review due", 25, 0.5, 0, 30, "late"),
    "objective": Points("a plan objective", 30, 1, 0, 15, "late"),
    "champion": Points("a champion without contact", 28, 0.5, 0, 30, "past the limit"),
    "lapsed": Points("a contract that lapsed", 70, -0.5, 0, 60, "past two weeks"),
    "answer": Points("a message without an answer", 60, 4, 0, 10, "waiting"),
    "ticket": Points("an open ticket", 45, 3, 0, 15, "open"),
    "ghosted": Points("a deal without an answer", 30, 1, 0, 30, "past the limit"),
    "quote": Points("a quote without an answer", 40, 2, 0, 10, "into its last days"),
    "left": Points("somebody who left", 50, 0, 0, 0, ""),
    "reorder": Points("a late order", 32, 0.5, 0, 30, "late"),
    "health": Points("falling health", 30, 0, 0, 0, ""),
}
"""Points by kind of line; the kinds are named as in JSON."""

LAST_DAYS = 30
"""Before its deadline, in which a renewal counts a point more for each day that passes."""

SLIPPED_FADES = 0.5  # points for each day after the tenth past its close date
SLIPPED_LEAST = 40
SLIPPED_TO_LOSE = 90  # days past its close date after which a deal should be given up

QUOTE_PAST = 30  # days after its validity in which a quote without an answer is still shown

LAPSED_GRACE = 14  # days after the end of a contract before its line fades

NO_STEP, NO_BUYER = "no next step", "no economic buyer"
NOT_CARRIED = "no supporter with influence"
NO_ANSWER = "not answered yet"
CLOSING_WORTH = 20
"""Points that the largest deal of the book has more when it closes soon, and a tiny one less."""

UNANSWERED = 20  # points for a ticket since which nothing of ours went out
MISSING = 8  # points for each of these that a deal about to close lacks
PUSH, PUSHES_COUNTED = 5, 3  # points for each time that a close date was pushed, three at most
FALL, FALLS_COUNTED = 0.5, 50  # points for each point of health lost, fifty at most


class AgendaLine(FrozenRow):
    """One reason for an account to be on the list.

    `days` are past `due`, or below zero before it; `counted` those that gave
    points; `findings` say what else did, and belong to the reason. `for_worth` are
    the points for what a deal is worth, `base` and `a_day` those of its kind.
    """

    kind: str
    account: AccountFacts | None
    due: date
    days: int
    counted: int
    points: float
    fact: Fact | None
    findings: tuple[str, ...]
    for_worth: float = 0.0
    base: float = 0.0
    a_day: float = 0.0

    @property
    def key(self) -> str:
        """The key of an entry: the account, or a task without one."""
        if self.account is not None:
            return self.account.id
        assert isinstance(self.fact, TaskFacts)
        return self.fact.id

    @property
    def named(self) -> tuple[str, str] | None:
        """The kind and id of the record that the command names in addition to the account."""
        match self.fact:
            case TaskFacts():
                return "task", self.fact.id
            case OpenDealFacts():
                return "deal", self.fact.id
            case ObjectiveFacts():
                return "objective", self.fact.id
            case ChampionFacts():
                return "contact", self.fact.id
            case Contract():
                return "purchase", self.fact.facts.id
            case TicketFacts():
                return "log", self.fact.id
            case QuoteFacts():
                return "quote", self.fact.id
        return None


def line_of(
    kind: str,
    account: AccountFacts | None,
    due: date,
    today: date,
    fact: Fact | None,
    window: int = 0,
    findings: tuple[str, ...] = (),
    more: float = 0,
    for_worth: float = 0,
) -> AgendaLine:
    """A line with its points: days count from `window` days before the due day on."""
    points = POINTS[kind]
    days = (today - due).days
    counted = min(max(days + window, points.least), points.most)
    total = points.base + points.a_day * counted + more + for_worth
    usual = points.base, points.a_day
    return AgendaLine._make(  # ten thousand of them: in half the time of a call by its fields
        (kind, account, due, days, counted, total, fact, findings, for_worth, *usual)
    )


def reweighed(line: AgendaLine, config: Config) -> AgendaLine:
    """Return a line with the points that the book itself gives to its kind."""
    base = config.weight(f"points.{line.kind}", line.base)
    a_day = config.weight(f"daily.{line.kind}", line.a_day)
    more = base - line.base + (a_day - line.a_day) * line.counted
    return line._replace(points=line.points + more, base=base, a_day=a_day)
