"""The agenda of a day: facts of the book in, ranked accounts with their lines out.

Every rule of `acct today` is here: what puts an account on the list, how many
points that is worth, and how the points make a rank; `agenda_words` puts it into words.
docs/how-scores-work.md explains the same to users.

Facts hold days as they are stored, in ISO form, which compare like days: a book
has tens of thousands of them, and only those that end up in a line are parsed.
Nothing here may ask a clock, a book or a setting: they are passed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from math import sqrt
from typing import TYPE_CHECKING

from acctcli.domain import agenda_signals, agenda_stakes
from acctcli.domain.agenda_facts import AgendaFacts, FallFacts, ReviewFacts, TaskFacts
from acctcli.domain.agenda_points import (
    CLOSING_WORTH,
    FALL,
    FALLS_COUNTED,
    LAPSED_GRACE,
    LAST_DAYS,
    MISSING,
    NO_BUYER,
    NO_STEP,
    NOT_CARRIED,
    POINTS,
    PUSH,
    PUSHES_COUNTED,
    SLIPPED_FADES,
    SLIPPED_LEAST,
    AgendaLine,
    line_of,
    reweighed,
)
from acctcli.domain.agenda_stakes import Stake, Stakes
from acctcli.domain.cadence import AccountFacts, cadence_of, overdue_days
from acctcli.domain.contracts import DUE, Contract, needs_someone
from acctcli.domain.coverage import is_champion, supports
from acctcli.frozen import FrozenRow
from acctcli.text import plural

if TYPE_CHECKING:
    from acctcli.config import Config

TIER_SPAN = 0.5  # the first tier counts one and a half times, the last one once
OTHERS, OTHERS_SHARE = 3, 10  # this many further lines of an account add 10 % of their points

PUSHES_SHOWN = 2  # pushed this many times, a deal is worth a look
FIRST_TIERS = 2  # customers of these tiers are reviewed even if they never were


class Attention(FrozenRow):
    """An account on the list (or a task of none): its lines, strongest first, and its score."""

    account: AccountFacts | None
    lines: list[AgendaLine]
    tier_factor: float
    stake: Stake | None
    score: float

    def score_of(self, line: AgendaLine) -> float:
        """Return the score of one of the lines alone."""
        return line.points * self.tier_factor * (self.stake.factor if self.stake else 1.0)


# Judging


def judge(facts: AgendaFacts, config: Config, today: date) -> list[Attention]:
    """Return the accounts that need attention on that day, the most urgent first."""
    needing = [one for one in facts.contracts if needs_someone(one, facts.renewals, today)]
    stakes = agenda_stakes.stakes(facts, needing, config)
    found: dict[str, list[AgendaLine]] = {}
    own_weights = config.own_weights
    for line in _lines(facts, needing, stakes, config, today):
        if own_weights:
            line = reweighed(line, config)
        found.setdefault(line.key, []).append(line)
    tiers = tier_factors(config.tiers, config.weight("agenda.tier_span", TIER_SPAN))
    more = int(config.weight("agenda.others", OTHERS)), others_share(config)
    entries = [
        _entry(lines, tiers, stakes.of_accounts.get(key), *more) for key, lines in found.items()
    ]
    entries.sort(key=_order)
    return entries


def others_share(config: Config) -> float:
    """Return the share of their points that further lines of an account add."""
    return config.weight("agenda.others_share", OTHERS_SHARE) / 100


def joining(facts: AgendaFacts, config: Config, today: date, entries: Sequence[Attention]) -> int:
    """Return how many accounts will need attention tomorrow that do not need it today."""

    def met_today(line: AgendaLine) -> bool:
        # Nobody has yet forgotten to say that today's appointment is over.
        return isinstance(line.fact, TaskFacts) and is_appointment(line.fact, today)

    now = {entry.lines[0].key for entry in entries}
    tomorrow = judge(facts, config, today + timedelta(days=1))
    return sum(
        entry.lines[0].key not in now and not all(map(met_today, entry.lines)) for entry in tomorrow
    )


def is_appointment(task: TaskFacts, today: date) -> bool:
    """Whether it is an appointment of that day: those head the list and have no rank."""
    return task.at is not None and task.due == today.isoformat()


def appointments(facts: AgendaFacts, today: date) -> list[TaskFacts]:
    """The appointments of that day, the first to begin first."""
    found = [
        task
        for task in facts.tasks
        if is_appointment(task, today)
        and (task.snoozed_until or "") <= today.isoformat()
        and (task.account_id is None or task.account_id in facts.accounts)
    ]
    return sorted(found, key=lambda task: (task.at or "", task.id))


def tier_factors(tiers: Sequence[str], span: float = TIER_SPAN) -> dict[str | None, float]:
    """Return the factor of each tier: 1.5 for the first, evenly down to 1 for the last."""
    steps = max(len(tiers) - 1, 1)
    return {tier: 1 + span * (len(tiers) - 1 - n) / steps for n, tier in enumerate(tiers)}


def _entry(
    lines: list[AgendaLine],
    tiers: Mapping[str | None, float],
    stake: Stake | None,
    others: int,
    share: float,
) -> Attention:
    points = lines[0].points
    if len(lines) > 1:
        lines.sort(key=_strength)
        points = lines[0].points
        for other in lines[1 : 1 + others]:
            points += share * other.points
    account = lines[0].account
    tier = tiers.get(account.tier, 1.0) if account else 1.0
    score = points * tier * (stake.factor if stake else 1.0)
    return Attention(account, lines, tier, stake, score)


def _strength(line: AgendaLine) -> tuple[float, date]:
    return -line.points, line.due


def _order(entry: Attention) -> tuple[float, date, str]:
    return -entry.score, entry.lines[0].due, entry.account.name if entry.account else ""


class _Steps:
    """The planned steps of the book, by account and by deal."""

    def __init__(self, facts: AgendaFacts) -> None:
        self.days: dict[str, list[str]] = {}  # account → the days of its planned steps
        self.only: dict[str, str] = {}  # account → its only open deal, empty if it has several
        self.deals: set[str] = set()  # deals that have a step
        loose = set()  # accounts with a step that names no deal
        for task in facts.tasks:
            if task.account_id is None:
                continue
            self.days.setdefault(task.account_id, []).append(task.comes_up)
            if task.deal_id is None:
                loose.add(task.account_id)
            else:
                self.deals.add(task.deal_id)
        for deal in facts.deals:
            self.only[deal.account_id] = "" if deal.account_id in self.only else deal.id
        # Where only one deal is open nobody names it each time: what names none is about that one.
        self.deals |= {self.only[account] for account in loose if account in self.only}


def _lines(
    facts: AgendaFacts, needing: Sequence[Contract], stakes: Stakes, config: Config, today: date
) -> Iterator[AgendaLine]:
    steps = _Steps(facts)
    yield from _tasks(facts, config, today)
    yield from _touches(facts, config, today, steps)
    yield from _deals(facts, config, today, steps, stakes)
    yield from _renewals(facts, needing, config, today)
    yield from _reviews(facts, config, today)
    yield from _objectives(facts, today)
    yield from _champions(facts, config, today)
    yield from agenda_signals.lines(facts, config, today)


def _tasks(facts: AgendaFacts, config: Config, today: date) -> Iterator[AgendaLine]:
    now = today.isoformat()
    until = (today + timedelta(days=config["today.task_days"])).isoformat()
    for task in facts.tasks:
        if task.due > until or (task.snoozed_until or "") > now or is_appointment(task, today):
            continue
        account = facts.accounts.get(task.account_id) if task.account_id else None
        if account is not None or task.account_id is None:
            kind = "waiting" if task.owed_by == "them" else "promise"
            yield line_of(kind, account, date.fromisoformat(task.due), today, task)


def _touches(
    facts: AgendaFacts, config: Config, today: date, steps: _Steps
) -> Iterator[AgendaLine]:
    now = today.isoformat()
    for account in facts.accounts.values():
        if account.tier is None and account.cadence_days is None:
            continue  # most accounts of a large book
        cadence = cadence_of(account.tier, account.cadence_days, config.cadence)
        if cadence is None or account.status == "former":
            continue
        # A step that is further off than the next contact should be does not stand for it.
        within = (today + timedelta(days=cadence)).isoformat()
        if any(now <= step <= within for step in steps.days.get(account.id, ())):
            continue
        last = date.fromisoformat(account.last_touch) if account.last_touch else None
        since = date.fromisoformat(account.since) if account.since else None
        late = overdue_days(last, since, cadence, today)
        if late:
            due = today - timedelta(days=late)
            yield line_of("touch", account, due, today, None)


def _deals(
    facts: AgendaFacts, config: Config, today: date, steps: _Steps, stakes: Stakes
) -> Iterator[AgendaLine]:
    now = today.isoformat()
    window, patience = config["today.closing_days"], config["today.step_days"]
    closing_until = (today + timedelta(days=window)).isoformat()
    quiet_since = (today - timedelta(days=patience)).isoformat()
    pushes = {push.deal_id: push for push in facts.pushes}
    carried, weight = _carried(facts), config.weight
    each_push = weight("agenda.push", PUSH)
    most_pushes = weight("agenda.pushes", PUSHES_COUNTED)
    lacking = weight("agenda.missing", MISSING)
    worth_most = weight("agenda.closing_worth", CLOSING_WORTH)
    for deal in facts.deals:
        account = facts.accounts.get(deal.account_id)
        if account is None:
            continue
        id, close = deal.id, deal.close_date
        prepared, push = id in steps.deals, pushes.get(id)
        more = each_push * min(push.times, most_pushes) if push else 0.0
        pushed = (f"pushed {_times(push.times)}",) if push else ()
        if close is not None and close <= closing_until:
            kind, counting = ("closing", window) if close >= now else ("slipped", 0)
            missing: tuple[str, ...] = () if prepared else (NO_STEP,)
            if close >= now and not deal.buyer_known:
                missing += (NO_BUYER,)
            if close >= now and carried.get(deal.account_id) is False:
                missing += (NOT_CARRIED,)
            more += lacking * len(missing)
            due = date.fromisoformat(close)
            if kind == "slipped":
                more += _faded((today - due).days, config)
            share = stakes.shares.get(deal.id) if kind == "closing" else None
            worth = 0 if share is None else worth_most * (2 * sqrt(share) - 1)
            found = missing + pushed
            yield line_of(kind, account, due, today, deal, counting, found, more, worth)
            continue
        touched = account.last_touch if steps.only[account.id] else deal.last_touch
        moved = max(deal.opened_on or "", touched or "")
        if moved and not prepared and moved <= quiet_since:
            due = date.fromisoformat(moved) + timedelta(days=patience)
            yield line_of("stalled", account, due, today, deal, 0, pushed, more)
        elif push and push.times >= PUSHES_SHOWN and push.last >= quiet_since:
            due = date.fromisoformat(close or now)
            yield line_of("pushed", account, due, today, deal, 0, pushed, more)


def _faded(days: int, config: Config) -> float:
    """Return the points, below zero, that a close date loses once it is long past."""
    points = POINTS["slipped"]
    full = points.base + points.a_day * points.most
    fades = config.weight("agenda.slipped_fades", SLIPPED_FADES)
    least = config.weight("agenda.slipped_least", SLIPPED_LEAST)
    return max(-fades * max(days - points.most, 0), least - full)


def _carried(facts: AgendaFacts) -> dict[str, bool]:
    """By account whether somebody whose word counts is for us; only where stances are known."""
    found: dict[str, bool] = {}
    for person in facts.people:
        friend = supports(person.role, person.influence, person.stance)
        found[person.account_id] = found.get(person.account_id, False) or friend
    return found


def _renewals(
    facts: AgendaFacts, needing: Sequence[Contract], config: Config, today: date
) -> Iterator[AgendaLine]:
    """The contracts of an account that somebody should see to: those due and those lapsed."""
    rests = int(config.weight("agenda.lapsed_days", LAPSED_GRACE))
    last_days = config.weight("agenda.last_days", LAST_DAYS)
    ending: dict[tuple[str, str], list[Contract]] = {}
    for contract in needing:
        kind = "renewal" if contract.standing(today) == DUE else "lapsed"
        ending.setdefault((contract.facts.account_id, kind), []).append(contract)
    for (account_id, kind), found in ending.items():
        account = facts.accounts.get(account_id)
        if account is None or account.status == "former":
            continue
        first = found[0]
        if len(found) > 1:
            first = min(found, key=lambda one: (one.deadline(today), -(one.worth or 0)))
        findings = (f"{len(found) - 1} more",) if len(found) > 1 else ()
        due = first.deadline(today)
        if kind == "lapsed":
            yield line_of(kind, account, due, today, first, -rests, findings)
            continue
        last = max(last_days - (due - today).days, 0)
        yield line_of(kind, account, due, today, first, first.window, findings, last)


def _reviews(facts: AgendaFacts, config: Config, today: date) -> Iterator[AgendaLine]:
    """Reviews that are due and healths that fell: one line for both, as the review asks why."""
    held = {review.account_id: review for review in facts.reviews}
    healths = {health.account_id: health for health in facts.healths}
    each_fall = config.weight("agenda.fall", FALL)
    most_fall = config.weight("agenda.falls", FALLS_COUNTED)
    for account in facts.accounts.values():
        review, health = held.get(account.id), healths.get(account.id)
        if account.tier is None and review is None and health is None:
            continue  # nobody asked for a review, as at most accounts of a large book
        fall = _fall(health, config) if health and account.status != "former" else 0
        more = each_fall * min(fall, most_fall)
        due = review_due(account, review, config)
        if due is not None and due <= today:
            news = (health.moved,) if health and health.now != health.was else ()
            yield line_of("review", account, due, today, review, 0, news, more)
        elif fall:
            findings = (f"{plural(fall, 'point')} lost",)
            yield line_of("health", account, today, today, health, 0, findings, more)


def _fall(health: FallFacts, config: Config) -> int:
    """Return the points lost since the last review, if they are enough to be shown."""
    least, fall = config["today.health_fall"], health.was - health.now
    return fall if least and fall >= least else 0


def _objectives(facts: AgendaFacts, today: date) -> Iterator[AgendaLine]:
    now = today.isoformat()
    for objective in facts.objectives:
        account = facts.accounts.get(objective.account_id)
        if account is not None and objective.due < now:
            due = date.fromisoformat(objective.due)
            yield line_of("objective", account, due, today, objective)


def heard_since(config: Config, today: date) -> str | None:
    """Return the day since which people count as in touch; None if champions are not watched."""
    patience = config["today.champion_days"]
    return (today - timedelta(days=patience)).isoformat() if patience else None


def _champions(facts: AgendaFacts, config: Config, today: date) -> Iterator[AgendaLine]:
    """Yield champions who are silent while others at the account talk with us.

    If nobody does, the missed cadence says so. A planned step counts as contact, unless it is with
    somebody else.
    """
    heard = heard_since(config, today)
    if heard is None or not facts.champions:
        return
    now = today.isoformat()
    planned = {(task.account_id, task.person) for task in facts.tasks if task.comes_up >= now}
    for person in facts.champions:
        account = facts.accounts.get(person.account_id)
        last = person.spoke or person.since
        if account is None or last is None or not is_champion(person.role, person.stance):
            continue
        if last > heard or (account.last_touch or "") <= heard:
            continue
        if planned.isdisjoint({(account.id, person.name), (account.id, None)}):
            due = date.fromisoformat(last) + timedelta(days=config["today.champion_days"])
            yield line_of("champion", account, due, today, person)


def review_due(account: AccountFacts, last: ReviewFacts | None, config: Config) -> date | None:
    """When an account should next be reviewed; None where nobody asked for it.

    The day that the last review set; else, for customers, the cadence of the tier
    from the last review on. One that never was reviewed is due only in the two
    first tiers, a whole cadence after it came into the book.
    """
    if account.status == "former":
        return None
    if last is not None and last.next_review is not None:
        return date.fromisoformat(last.next_review)
    cadence = config.review_cadence.get(account.tier or "")
    if cadence is None or account.status != "customer":
        return None
    if last is None and account.tier not in config.tiers[:FIRST_TIERS]:
        return None
    begins = last.held_on if last else account.since
    return date.fromisoformat(begins) + timedelta(days=cadence) if begins else None


def _times(n: int) -> str:
    return {1: "once", 2: "twice"}.get(n, f"{n} times")
