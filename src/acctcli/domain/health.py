"""The health of an account: a number from 0 to 100 that can say what it rests on.

Each input is scored from 0 to 100 by one function below, whose docstring is its
formula; health is the mean of the known ones, by weight. What is not known is
left out and never counted as zero: nobody is punished for what they have not
entered. docs/how-scores-work.md tells the same to the reader.

Pure: facts, the user's weights and bounds, and a day in, a score with its reasons
out. Nothing here may know where the facts come from or how the reasons look.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from acctcli.domain import figures
from acctcli.domain.cadence import overdue_days
from acctcli.domain.coverage import FOR_US, WITH_WEIGHT
from acctcli.domain.health_facts import (
    HealthFacts,
    HealthRules,
    Message,
    OpenDeal,
    RunningTerm,
    Spending,
)
from acctcli.domain.reasons import Reason, Unweighed
from acctcli.frozen import Frozen
from acctcli.text import plural, sentence_list
from acctcli.values.dates import say_ago, say_day

STALLED_DAYS = 30
"""A deal without a next step has stalled when nothing happened for so long."""

SURVEY_DAYS = 365
"""An answer to a survey says nothing about today after so many days."""

MESSAGE_DAYS = 90
"""Messages that were sent longer ago say nothing about today."""

ANSWER_DAYS = 14
"""What comes back later than that is no answer to a message."""

WAITING_DAYS = 3
"""So long an answer may take before its absence counts."""

LEAST_MESSAGES = 3
"""Fewer messages say nothing about who answers."""

ANSWERED_SHARE = 0.75
"""Nobody answers everything: this share of the messages is as good as all of them."""

CODES = (
    "touch",
    "replies",
    "promises",
    "stakeholders",
    "deals",
    "purchases",
    "renewals",
    "tickets",
    "satisfaction",
    "record",
)
"""The inputs, in the order in which they are judged and shown."""


class Health(Frozen):
    """The score (None: nothing is known), its band, and every input, known or not."""

    score: int | None
    band: str | None  # red, amber or green
    reasons: tuple[Reason, ...]
    rules: HealthRules

    @property
    def known(self) -> int:
        """How many of the inputs are known."""
        return sum(reason.score is not None for reason in self.reasons)


class Cause(Frozen):
    """What one input did to the health since a review: points of the 100, up or down.

    `was` and `now` are its scores then and now; None where it was not known.
    """

    code: str
    was: float | None
    now: float | None
    points: float


def health(facts: HealthFacts, rules: HealthRules, today: date) -> Health:
    """Judge an account by what is known of it."""
    found = (
        _touch(facts, today),
        _replies(facts, today),
        _promises(facts, today),
        _stakeholders(facts),
        _deals(facts, today),
        _purchases(facts),
        _renewals(facts, today),
        _tickets(facts, today),
        _satisfaction(facts, today),
        _record(facts),
    )
    weighed = tuple(
        Reason(code, text, rules.weights[code], score, evidence)
        for code, text, score, evidence in found
    )
    score = mean(weighed)
    return Health(score, band(score, rules), weighed, rules)


def messages(events: Iterable[tuple[date, bool]]) -> list[Message]:
    """What was sent, with its answer, out of days in order of time.

    With each day stands whether they came to us or spoke with us: that answers
    everything that was sent before and is not answered yet.
    """
    found: list[Message] = []
    waiting: list[date] = []
    for day, touch in events:
        if touch:
            found += [Message(sent, day) for sent in waiting]
            waiting = []
        else:
            waiting.append(day)
    return found + [Message(sent, None) for sent in waiting]


def mean(reasons: Sequence[Reason]) -> int | None:
    """The mean of the known scores by weight, rounded; None if none is known."""
    known = [(r.weight, r.score) for r in reasons if r.score is not None and r.weight > 0]
    if not known:
        return None
    return round(sum(w * s for w, s in known) / sum(w for w, _ in known))


def band(score: int | None, rules: HealthRules) -> str | None:
    """Red below the first bound, amber below the second, green from there on."""
    if score is None:
        return None
    return "red" if score < rules.red else "amber" if score < rules.amber else "green"


def strongest(health: Health, count: int = 2) -> list[Reason]:
    """The reasons that say most: first what pulls the score down, then what holds it up."""
    known = [r for r in health.reasons if r.score is not None and r.weight > 0]
    high = [r for r in known if _score(r) >= health.rules.amber]
    high.sort(key=lambda r: -r.weight * _score(r))
    return (low(health) + high)[:count]


def low(health: Health) -> list[Reason]:
    """The reasons below the bound of green, the one that takes most from the score first."""
    known = [r for r in health.reasons if r.score is not None and r.weight > 0]
    found = [r for r in known if _score(r) < health.rules.amber]
    return sorted(found, key=lambda r: -r.weight * (100 - _score(r)))


def lost(health: Health) -> dict[str, float]:
    """How many of the 100 points each known input takes away, the most first."""
    known = [r for r in health.reasons if r.score is not None and r.weight > 0]
    total = sum(r.weight for r in known)
    points = {r.code: r.weight * (100 - _score(r)) / total for r in known}
    return dict(sorted(points.items(), key=lambda item: -item[1]))


def changes(health: Health, before: Mapping[str, float]) -> list[Cause]:
    """What brought the health from where it was to where it is, the most telling input first.

    `before` has the scores that were known at the time, by code. An input pulls the mean
    by its share of the weights times its distance from the mean of then; its points are
    that pull now, less then. So one that became known counts by whether it lies above or
    below what was there, and where the same are known both times the points add up to
    the whole change.
    """
    now = {r.code: _score(r) for r in health.reasons if r.score is not None and r.weight > 0}
    weights = {r.code: r.weight for r in health.reasons}
    was = {code: score for code, score in before.items() if weights.get(code, 0) > 0}
    if not now or not was:
        return []
    whole_was, whole_now = (sum(weights[code] for code in known) for known in (was, now))
    middle = sum(weights[code] * score for code, score in was.items()) / whole_was

    def pull(known: Mapping[str, float], code: str, whole: float) -> float:
        return weights[code] * (known[code] - middle) / whole if code in known else 0

    found = [
        Cause(
            code,
            was.get(code),
            now.get(code),
            pull(now, code, whole_now) - pull(was, code, whole_was),
        )
        for code in weights
        if was.get(code) != now.get(code)
    ]
    return sorted(found, key=lambda change: -abs(change.points))


def falls(health: Health, before: Mapping[str, float]) -> list[Reason]:
    """The reasons of today that pulled the health down since a review, the most telling first."""
    by_code = {reason.code: reason for reason in health.reasons}
    fallen = [change for change in changes(health, before) if change.points < 0]
    return [by_code[change.code] for change in fallen if change.now is not None]


def _score(reason: Reason) -> float:
    return reason.score or 0


def _finding(code: str, score: float | None, text: str, evidence: str) -> Unweighed:
    """What an input came to, its score kept within 0 and 100."""
    bounded = None if score is None else round(min(max(score, 0), 100))
    return code, text, bounded, evidence


def _touch(facts: HealthFacts, today: date) -> Unweighed:
    """Score 100 while on cadence, falling evenly to 0 at twice the cadence.

    Unknown without a cadence, and for an account too new to be late.
    """
    late = overdue_days(facts.last_touch, facts.since, facts.cadence, today)
    if facts.cadence is None:
        return _finding("touch", None, "no cadence", "neither the tier nor the account has one")
    if late is None:
        return _finding("touch", None, "no contact yet", "the day it was added cannot be read")
    cadence = f"cadence: {plural(facts.cadence, 'day')}"
    if facts.last_touch is None:
        if not late or facts.since is None:
            return _finding("touch", None, "no contact yet", f"new; {cadence}")
        text = f"no contact since it was added {say_ago(facts.since, today)}"
        evidence = f"no two-way touch yet; {cadence}"
    else:
        days = (today - facts.last_touch).days
        ago = say_ago(facts.last_touch, today)
        text = (
            f"no contact for {plural(days, 'day')} (cadence: {facts.cadence})"
            if late
            else f"last contact {ago}"
        )
        evidence = f"last two-way touch {ago}; {cadence}"
    return _finding("touch", 100 - 100 * late / facts.cadence, text, evidence)


def _replies(facts: HealthFacts, today: date) -> Unweighed:
    """100 where three of four messages were answered, evenly down to 0 for none.

    An answer counts in full until the next day, evenly down to half after 14 days. Not
    known with fewer than 3 messages in 90 days; one without an answer counts after 3 days.
    """
    waits: list[int | None] = []
    for message in facts.messages:
        gone = (today - message.sent).days
        wait = (message.answered - message.sent).days if message.answered is not None else None
        if wait is not None and wait > ANSWER_DAYS:
            wait = None
        if 0 <= gone <= MESSAGE_DAYS and (wait is not None or gone >= WAITING_DAYS):
            waits.append(wait)
    if len(waits) < LEAST_MESSAGES:
        sent = plural(len(waits), "message")
        evidence = f"{sent} in {MESSAGE_DAYS} days; at least {LEAST_MESSAGES} are needed"
        return _finding("replies", None, "too few messages", evidence)
    days = [wait for wait in waits if wait is not None]
    share = sum(map(_answer, days)) / len(waits)
    evidence = f"{len(days)} of {len(waits)} messages answered"
    if days:
        evidence += f", in {sum(days) / len(days):.1f} days"
    text = f"{len(days)} of {len(waits)} messages answered" if days else "no message answered"
    return _finding("replies", 100 * share / ANSWERED_SHARE, text, evidence)


def _answer(days: int) -> float:
    """What an answer after so many days is worth, from 1 to 0.5."""
    return 1 - 0.5 * max(days - 1, 0) / (ANSWER_DAYS - 1)


def _promises(facts: HealthFacts, today: date) -> Unweighed:
    """100, less 30 and 2 a day (50 at most) for each of ours that is late, 10 for each of theirs.

    Not known while nothing is promised for a day.
    """
    dated = [p for p in facts.promises if p.due is not None]
    if not dated:
        return _finding("promises", None, "no promises", "no promise has a due day")
    ours, theirs = [
        [(today - p.due).days for p in dated if p.due and p.due < today and p.owed_by == side]
        for side in ("us", "them")
    ]
    score = 100 - sum(min(30 + 2 * days, 50) for days in ours) - 10 * len(theirs)
    if ours:
        text = f"{plural(len(ours), 'promise')} of ours late"
    elif theirs:
        text = f"{plural(len(theirs), 'promise')} of theirs late"
    else:
        text = "promises kept so far"
    late = f"{len(ours)} of ours and {len(theirs)} of theirs late"
    return _finding("promises", score, text, f"{plural(len(dated), 'dated promise')} open, {late}")


def _stakeholders(facts: HealthFacts) -> Unweighed:
    """10, 50, 80 or 100 for none, one, two or more people of weight on our side.

    Less 20 for each person of weight who is against us. Weight is a high or medium
    influence. Not known until somebody's stance and influence are both entered.
    """
    weighed = [p for p in facts.people if p.influence is not None and p.stance is not None]
    if not weighed:
        return _finding(
            "stakeholders", None, "stances unknown", "no contact with influence has a stance"
        )
    heavy = [p for p in weighed if p.influence in WITH_WEIGHT]
    friends = sum(p.stance in FOR_US for p in heavy)
    against = sum(p.stance == "opponent" for p in heavy)
    score = (10, 50, 80, 100)[min(friends, 3)] - 20 * against
    if against:
        text = f"{plural(against, 'opponent')} with influence"
    elif friends == 0:
        text = "no supporter with influence"
    elif friends == 1:
        text = "only one supporter"
    else:
        text = f"{friends} supporters with influence"
    evidence = f"{plural(friends, 'supporter')} and {plural(against, 'opponent')} with influence"
    return _finding("stakeholders", score, text, evidence)


def _deals(facts: HealthFacts, today: date) -> Unweighed:
    """The mean of the open deals: 100, less 40 past its close date, 30 stalled, 15 a push.

    Three pushes count at most. A deal without a next step stalls when nothing
    happened for 30 days. Not known without open deals.
    """
    if not facts.deals:
        return _finding("deals", None, "no open deal", "no open deal")
    judged = [_deal(deal, today) for deal in facts.deals]
    worst, finding = min(judged, key=lambda found: found[0])
    text = finding if worst < 100 else "deals on course"
    found = [finding for score, finding in judged if score < 100]
    evidence = "; ".join(found[:3]) or f"{plural(len(judged), 'open deal')} on course"
    return _finding("deals", sum(score for score, _ in judged) / len(judged), text, evidence)


def _deal(deal: OpenDeal, today: date) -> tuple[int, str]:
    score, findings = 100, []
    if deal.close_date is not None and deal.close_date < today:
        score -= 40
        findings.append(f"past its close date {say_day(deal.close_date, today)}")
    quiet = (today - deal.moved_on).days if deal.moved_on else 0
    if not deal.has_step and quiet >= STALLED_DAYS:
        score -= 30
        findings.append(f"stalled for {plural(quiet, 'day')}")
    if deal.pushes:
        score -= 15 * min(deal.pushes, 3)
        findings.append("pushed once" if deal.pushes == 1 else f"pushed {deal.pushes} times")
    return score, f'"{deal.title}" {", ".join(findings)}'


def _purchases(facts: HealthFacts) -> Unweighed:
    """70 for as much as in the twelve months before, evenly down to 0 for nothing.

    And up to 100 for a quarter more, or for a first year. With several currencies the mean of
    theirs: they are never added up. Not known if nothing was bought in two years.
    """
    bought = [s for s in facts.spending if s.year > 0 or s.before > 0]
    if not bought:
        return _finding("purchases", None, "no purchases", "nothing bought in two years")
    score = sum(_spending(s) for s in bought) / len(bought)
    if any(s.before <= 0 for s in bought):
        return _finding("purchases", score, "new purchases", "first purchases in two years")
    change = round(sum(s.year / s.before - 1 for s in bought) * 100 / len(bought))
    way = "as before" if change == 0 else f"{'up' if change > 0 else 'down'} {abs(change)} %"
    return _finding("purchases", score, f"purchases {way}", f"{way} on the twelve months before")


def _spending(spending: Spending) -> float:
    ratio = figures.quotient(max(spending.year, 0), spending.before)
    if ratio is None:
        return 100
    return 70 * ratio if ratio <= 1 else min(70 + 120 * (ratio - 1), 100)


def _renewals(facts: HealthFacts, today: date) -> Unweighed:
    """The worst of the terms: 100 with a renewal deal, or while there is time.

    Without a deal down evenly from 70, when `renewal_days` are left, to 0 at the
    end of the term. Not known without terms.
    """
    if not facts.terms:
        return _finding("renewals", None, "no contracts", "no contracts")
    term = min(facts.terms, key=lambda t: (_term(t, facts.renewal_days, today), t.ends_on))
    score = _term(term, facts.renewal_days, today)
    ends = f"{'ends' if term.ends_on >= today else 'ended'} {say_day(term.ends_on, today)}"
    if score < 100:
        text = f"no renewal deal, {ends}"
    else:
        text = f"{term.product} runs on" if not term.renewing else f"{term.product} being renewed"
    return _finding(
        "renewals", score, text, f"{term.product} {ends} ({say_ago(term.ends_on, today)})"
    )


def _term(term: RunningTerm, window: int, today: date) -> float:
    left = (term.ends_on - today).days
    if term.renewing or left > window:
        return 100
    return max(70 * left / window, 0)


def _tickets(facts: HealthFacts, today: date) -> Unweighed:
    """100, less 20 for each open ticket and 1 for each day of the oldest, 40 at most.

    Not known for an account that never had a ticket.
    """
    if facts.tickets is None:
        return _finding("tickets", None, "no tickets", "no tickets yet")
    if not facts.tickets:
        return _finding("tickets", 100, "no ticket open", "all tickets are resolved")
    count, oldest = len(facts.tickets), max((today - min(facts.tickets)).days, 0)
    score = 100 - 20 * count - min(oldest, 40)
    opened = plural(count, "open ticket")
    return _finding("tickets", score, opened, f"{opened}, the oldest for {plural(oldest, 'day')}")


def _satisfaction(facts: HealthFacts, today: date) -> Unweighed:
    """The last answer to a survey, for a year: NPS times 10, CSAT from 0 for 1 to 100 for 5."""
    if facts.survey is None or (today - facts.survey.on).days > SURVEY_DAYS:
        return _finding("satisfaction", None, "no survey", "no survey in the last year")
    survey = facts.survey
    evidence = f"{survey.said}, {say_ago(survey.on, today)}"
    return _finding("satisfaction", survey.percent, f"satisfaction {survey.said}", evidence)


def _record(facts: HealthFacts) -> Unweighed:
    """The share of the fields that the user's own rules ask for which are filled.

    Not known where no rule asks for any: what should be filled in is for the user to say.
    """
    record = facts.record
    if record is None or not record.asked:
        return _finding("record", None, "nothing required", "your rules require no fields")
    filled = record.asked - len(record.missing)
    evidence = f"{filled} of {plural(record.asked, 'required field')} filled"
    if not record.missing:
        return _finding("record", 100, "record complete", evidence)
    missing = [name.replace("_", " ") for name in record.missing]
    text = f"no {missing[0]} entered" if len(missing) == 1 else f"{len(missing)} fields empty"
    evidence += f"; empty: {sentence_list(missing, 4)}"
    return _finding("record", figures.points(filled, record.asked), text, evidence)
