"""The risk that an open deal slips or is lost, from 0 to 100, with its reasons.

Each problem adds its points; the sum is capped at 100. Unknown facts add nothing.
docs/how-scores-work.md explains it to users.

Pure: facts, the user's points and bounds, and a day in, reasons out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from acctcli.domain import figures
from acctcli.domain.asof import EVER, History
from acctcli.domain.funnel import rots
from acctcli.domain.pipeline import OPEN, WON
from acctcli.domain.stakeholders import Player, single_thread
from acctcli.frozen import Frozen
from acctcli.text import plural
from acctcli.values.dates import say_day

CODES = (
    *("ghosted", "quiet", "no_step", "signer_not_met", "single_threaded"),
    *("pushed", "rotting", "short_of_time", "idle"),
)
"""The codes of the reasons, which are also the names of the settings for their points."""

MOST = 100


class RiskRules(Frozen):
    """The points of each reason by code, and the bounds; see `[risk]` in the settings.

    `least_won` is the number of won deals from which usual durations are learnt.
    """

    points: Mapping[str, int]
    ghosted_messages: int = 2
    ghosted_days: int = 10
    quiet_days: int = 14
    pushes: int = 2
    least_won: int = 5


class Pace(Frozen):
    """How long won deals took: from open to won, and by stage from entering it to won.

    Medians in days; None with fewer won deals than the rules require.
    """

    cycle: float | None = None
    to_win: Mapping[str, float] = {}


class RiskFacts(Frozen):
    """The facts of an open deal.

    `entered` is the day on which it entered its stage, `norm` how many days that usually takes.
    `touched` is the day of the last two-way contact about it, `active` of anything about it.
    `unanswered` messages were sent since their last answer, the first on `asked`. `people` are
    those with a part in it, or everybody at the account.
    """

    stage: str
    opened: date | None = None
    closes: date | None = None
    entered: date | None = None
    norm: float | None = None
    touched: date | None = None
    active: date | None = None
    unanswered: int = 0
    asked: date | None = None
    has_step: bool = False
    pushes: int = 0
    people: Sequence[Player] = ()


class RiskReason(Frozen):
    """A problem of a deal, in words, and its points."""

    code: str
    text: str
    points: int


class Risk(Frozen):
    """The points of a deal, 100 at most, and its reasons, the heaviest first."""

    score: int
    reasons: Sequence[RiskReason]


def risk(facts: RiskFacts, pace: Pace, rules: RiskRules, today: date) -> Risk:
    """Judge an open deal."""
    found = [
        RiskReason(code, text, rules.points[code])
        for code, text in _findings(facts, pace, rules, today)
        if rules.points[code] > 0
    ]
    found.sort(key=lambda reason: -reason.points)
    return Risk(min(sum(reason.points for reason in found), MOST), found)


def _findings(
    facts: RiskFacts, pace: Pace, rules: RiskRules, today: date
) -> Iterator[tuple[str, str]]:
    if ghosted(facts, rules, today):
        sent = plural(facts.unanswered, "message")
        yield "ghosted", f"{sent} unanswered, {_since(facts.asked, today)}"
    last = max(filter(None, (facts.touched, facts.opened)), default=None)
    quiet = (today - last).days if last else 0
    if quiet >= rules.quiet_days:
        yield (
            "quiet",
            f"no two-way contact for {plural(quiet, 'day')}"
            if facts.touched
            else f"no two-way contact since it was opened, {plural(quiet, 'day')} ago",
        )
    if not facts.has_step:
        yield "no_step", "no next step"
    yield from _signer(facts)
    if (only := single_thread(facts.people)) is not None:
        yield "single_threaded", f"single-threaded: only {only.name}"
    if facts.pushes >= rules.pushes:
        times = {1: "once", 2: "twice"}.get(facts.pushes, f"{facts.pushes} times")
        yield "pushed", f"pushed {times}"
    spent = (today - facts.entered).days if facts.entered else 0
    if rots(spent, facts.norm, quiet, rules.quiet_days):
        yield "rotting", f"in {facts.stage} for {plural(spent, 'day')} (usual: {facts.norm:g})"
    yield from _time(facts, pace, today)
    active = max(filter(None, (facts.active, facts.opened)), default=None)
    idle = (today - active).days if active else 0
    if pace.cycle is not None and idle > pace.cycle / 2:
        yield "idle", f"nothing happened for {plural(idle, 'day')}, half of the usual cycle"


def ghosted(facts: RiskFacts, rules: RiskRules, today: date) -> bool:
    """Whether they do not answer: several messages from us, none from them since the first."""
    if facts.unanswered < rules.ghosted_messages or facts.asked is None:
        return False
    return (today - facts.asked).days >= rules.ghosted_days


def _signer(facts: RiskFacts) -> Iterator[tuple[str, str]]:
    signing = [person for person in facts.people if person.decides]
    if not signing:
        yield "signer_not_met", "no known signer"
    elif not any(person.spoke for person in signing):
        yield "signer_not_met", f"{signing[0].name}, who signs, was not met"


def _time(facts: RiskFacts, pace: Pace, today: date) -> Iterator[tuple[str, str]]:
    needs = pace.to_win.get(facts.stage)
    if facts.closes is None:
        return
    left = (facts.closes - today).days
    if needs is None:
        if left < 0:
            yield "short_of_time", f"past its close date {say_day(facts.closes, today)}"
        return
    if left >= needs:
        return
    needed = (
        f"half of the won deals needed more than {plural(figures.nearest(needs), 'day')} from here"
    )
    if left < 0:
        yield "short_of_time", f"past its close date {say_day(facts.closes, today)}; {needed}"
    else:
        yield "short_of_time", f"{plural(left, 'day')} left; {needed}"


def _since(day: date | None, today: date) -> str:
    return f"the first {plural((today - day).days, 'day')} ago" if day else ""


def pace(known: Iterable[History], least: int) -> Pace:
    """Return how long the won deals of the book took, if there are enough of them."""
    cycles: list[int] = []
    to_win: defaultdict[str, list[int]] = defaultdict(list)
    for history in known:
        last = history.steps[-1]
        if last.outcome != WON or history.deal.opened_on is None:
            continue
        cycles.append(_days(history.deal.opened_on, last.entered))
        if history.came_in_closed:
            continue  # nobody recorded when it entered its stages
        first: dict[str, str] = {}
        for step in history.steps:
            if step.outcome == OPEN and step.entered != EVER:
                first.setdefault(step.stage, step.entered)
        for stage, entered in first.items():
            to_win[stage].append(_days(entered, last.entered))
    found = {
        stage: middle
        for stage, days in to_win.items()
        if len(days) >= least and (middle := figures.median(days)) is not None
    }
    return Pace(figures.median(cycles) if len(cycles) >= least else None, found)


def _days(earlier: str, later: str) -> int:
    return max((date.fromisoformat(later) - date.fromisoformat(earlier)).days, 0)
