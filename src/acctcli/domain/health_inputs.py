"""The inputs of health: one function each, whose docstring is its formula.

Each comes to a score from 0 to 100 (None: not known), with words and evidence.
Pure, as all of `health`; settings of the user come in as rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from acctcli.domain import figures
from acctcli.domain.cadence import overdue_days
from acctcli.domain.coverage import TAKING_SIDES, counts, for_us, opposes, supports
from acctcli.domain.health_facts import (
    DecidedDeal,
    HealthFacts,
    HealthRules,
    Message,
    OpenDeal,
    Promise,
    RunningTerm,
    Spending,
)
from acctcli.domain.reasons import Unweighed
from acctcli.frozen import Frozen
from acctcli.text import plural, sentence_list
from acctcli.values.dates import say_ago, say_day

GRACE_DAYS = 30
"""Days after its end in which a contract counts as being renewed, while a deal for that is open."""


SIDES = ("us", "them")


class Keeping(Frozen):
    """How many promises were due, and how many of those were kept on time."""

    kept: int
    due: int


def messages(events: Iterable[tuple[date, bool]]) -> list[Message]:
    """Return each run of sent messages with its answer; `events` are in order of time.

    Each event is a day and whether they wrote to us or spoke with us on it. If they did, that
    answers everything sent since their last answer, which is one run.
    """
    found: list[Message] = []
    run: list[date] = []
    for day, touch in events:
        if not touch:
            run.append(day)
        elif run:
            found.append(Message(run[0], day, run[-1]))
            run = []
    return [*found, Message(run[0], None, run[-1])] if run else found


def _finding(code: str, score: float | None, text: str, evidence: str) -> Unweighed:
    """Return an input with its score limited to 0 to 100."""
    bounded = None if score is None else figures.nearest(min(max(score, 0), 100))
    return code, text, bounded, evidence


def touch(facts: HealthFacts, today: date) -> Unweighed:
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


def replies(facts: HealthFacts, rules: HealthRules, today: date) -> Unweighed:
    """100 where three of four messages were answered, evenly down to 0 for none.

    What we sent in a row before they came back counts as one message. An answer counts in
    full until the day after the last one of the row, evenly down to half after 14 days. Not
    known with fewer than 3 messages in 90 days; one without an answer counts after 3 days.
    """
    waits: list[int | None] = []
    for message in facts.messages:
        wait = (message.answered - message.last).days if message.answered is not None else None
        if wait is not None and wait > rules.answer_days:
            wait = None
        waited = (today - message.sent).days >= rules.waiting_days
        recent = 0 <= (today - message.last).days <= rules.message_days
        if recent and (wait is not None or waited):
            waits.append(wait)
    if len(waits) < rules.least_messages:
        sent = plural(len(waits), "message")
        within = plural(rules.message_days, "day")
        evidence = f"{sent} in {within}; at least {rules.least_messages} are needed"
        return _finding("replies", None, "too few messages", evidence)
    days = [wait for wait in waits if wait is not None]
    share = sum(_answer(wait, rules.answer_days) for wait in days) / len(waits)
    evidence = f"{len(days)} of {len(waits)} messages answered"
    if days:
        evidence += f", in {sum(days) / len(days):.1f} days"
    text = f"{len(days)} of {len(waits)} messages answered" if days else "no message answered"
    return _finding("replies", 10_000 * share / rules.answered, text, evidence)


def _answer(days: int, most: int) -> float:
    """Return the value of an answer after this many days, from 1 to 0.5."""
    return 1 - 0.5 * max(days - 1, 0) / max(most - 1, 1)


def promises(facts: HealthFacts, rules: HealthRules, today: date) -> Unweighed:
    """The share of due promises, of both sides, that were kept on time.

    Those count that were due in the last 90 days, or are still open and late. Not known without
    any.
    """
    kept = {side: keeping(facts.promises, side, rules.promise_days, today) for side in SIDES}
    due = sum(one.due for one in kept.values())
    if not due:
        evidence = f"no promise was due in {plural(rules.promise_days, 'day')}"
        return _finding("promises", None, "no promises due", evidence)
    on_time = sum(one.kept for one in kept.values())
    missed = {side: one.due - one.kept for side, one in kept.items()}
    if missed["us"]:
        text = f"{plural(missed['us'], 'promise')} of ours not kept on time"
    elif missed["them"]:
        text = f"{plural(missed['them'], 'promise')} of theirs not kept on time"
    else:
        text = "promises kept on time"
    of_each = [
        f"{one.kept} of {one.due} of {'ours' if side == 'us' else 'theirs'}"
        for side, one in kept.items()
        if one.due
    ]
    evidence = f"{' and '.join(of_each)} kept on time in {plural(rules.promise_days, 'day')}"
    return _finding("promises", figures.points(on_time, due), text, evidence)


def keeping(promises: Iterable[Promise], owed_by: str, days: int, today: date) -> Keeping:
    """Return how one side kept its promises in the last `days`.

    What is still open is missed from the day after it was due, however long ago that was.
    What is done before it is due counts from that day on; what was entered and done on one
    day is a record of work and no promise.
    """
    kept = due = 0
    for one in promises:
        if one.owed_by != owed_by or (one.done is not None and one.done == one.entered):
            continue
        gone = (today - one.due).days
        if one.done is None:
            due += gone > 0
        elif 0 <= gone <= days:
            due += 1
            kept += one.done <= one.due
    return Keeping(kept, due)


def stakeholders(facts: HealthFacts, rules: HealthRules, today: date) -> Unweighed:
    """10, 50, 80 or 100 for none, one, two or more people of weight on our side.

    Less 20 for each person of weight who is against us; `coverage` says who counts. Known
    once it is known of anybody whose side they are on and how much they count, and for 180
    days after somebody left who was for us.
    """
    weighed = [
        p
        for p in facts.people
        if (p.influence is not None or counts(p.role, None))
        and (p.stance is not None or p.role in TAKING_SIDES)
    ]
    gone = [
        one
        for one in facts.left
        if for_us(one.role, one.stance) and 0 <= (today - one.on).days <= rules.left_days
    ]
    if not weighed and not gone:
        return _finding(
            "stakeholders", None, "stances unknown", "no contact with influence has a stance"
        )
    friends = sum(supports(p.role, p.influence, p.stance) for p in weighed)
    against = sum(opposes(p.role, p.influence, p.stance) for p in weighed)
    by_friends = rules.no_supporter, rules.one_supporter, rules.two_supporters, 100
    score = by_friends[min(friends, 3)] - rules.opponent * against
    if against:
        text = f"{plural(against, 'opponent')} with influence"
    elif friends == 0:
        text = "no supporter with influence"
    elif friends == 1:
        text = "only one supporter"
    else:
        text = f"{friends} supporters with influence"
    evidence = f"{plural(friends, 'supporter')} and {plural(against, 'opponent')} with influence"
    if gone and not friends:
        evidence += f"; the last supporter left {say_ago(max(one.on for one in gone), today)}"
    return _finding("stakeholders", score, text, evidence)


def deals(facts: HealthFacts, rules: HealthRules, today: date) -> Unweighed:
    """The mean of the open deals: 100, less 40 past its close date, 30 stalled, 15 a push.

    Three pushes count at most. A deal without a next step stalls when nothing
    happened for 30 days. A deal that was decided in the last 90 days counts too: 100 if it was
    won; 40 if it was lost, or what it came to on that day if that was less.
    """
    judged = [_deal(deal, rules, today) for deal in facts.deals]
    judged += [
        _decided(deal, rules, today)
        for deal in facts.decided
        if 0 <= (today - deal.on).days <= rules.lost_days
    ]
    if not judged:
        return _finding("deals", None, "no open deal", "no open deal")
    worst, finding = min(judged, key=lambda found: found[0])
    text = finding if worst < 100 else "deals on course"
    found = [finding for score, finding in judged if score < 100]
    evidence = "; ".join(found[:3]) or f"{plural(len(judged), 'deal')} on course"
    return _finding("deals", sum(score for score, _ in judged) / len(judged), text, evidence)


def _deal(deal: OpenDeal, rules: HealthRules, today: date) -> tuple[int, str]:
    score, findings = 100, []
    if deal.close_date is not None and deal.close_date < today:
        score -= rules.overdue_deal
        findings.append(f"past its close date {say_day(deal.close_date, today)}")
    quiet = (today - deal.moved_on).days if deal.moved_on else 0
    if not deal.has_step and quiet >= rules.stalled_days:
        score -= rules.stalled_deal
        findings.append(f"stalled for {plural(quiet, 'day')}")
    if deal.pushes:
        score -= rules.push * min(deal.pushes, rules.pushes)
        findings.append("pushed once" if deal.pushes == 1 else f"pushed {deal.pushes} times")
    return score, f'"{deal.title}" {", ".join(findings)}'


def _decided(deal: DecidedDeal, rules: HealthRules, today: date) -> tuple[int, str]:
    if deal.won:
        return 100, f'"{deal.stood.title}" won'
    stood, _ = _deal(deal.stood, rules, deal.on)
    lost_on = say_day(deal.on, today)
    return min(rules.lost_deal, stood), f'"{deal.stood.title}" lost {lost_on}'


def purchases(facts: HealthFacts, rules: HealthRules) -> Unweighed:
    """70 for as much as a year before, evenly down to 0 for nothing.

    And up to 100 for a quarter more, or for a first year. With several currencies the mean of
    theirs: they are never added up. Not known if nothing was bought in two years.
    """
    bought = [s for s in facts.spending if s.year > 0 or s.before > 0]
    if not bought:
        return _finding("purchases", None, "no purchases", "nothing bought in two years")
    score = sum(_spending(s, rules.same_purchases) for s in bought) / len(bought)
    if any(s.before <= 0 for s in bought):
        return _finding("purchases", score, "new purchases", "first purchases in two years")
    change = figures.nearest(sum(s.year / s.before - 1 for s in bought) * 100 / len(bought))
    way = "as before" if change == 0 else f"{'up' if change > 0 else 'down'} {abs(change)} %"
    return _finding("purchases", score, f"purchases {way}", f"{way} on the twelve months before")


def _spending(spending: Spending, same: int) -> float:
    ratio = figures.quotient(max(spending.year, 0), spending.before)
    if ratio is None:
        return 100
    return same * ratio if ratio <= 1 else min(same + 4 * (100 - same) * (ratio - 1), 100)


def renewals(facts: HealthFacts, rules: HealthRules, today: date) -> Unweighed:
    """The worst of the contracts: 100 with a renewal deal, or while there is time.

    Without a deal down evenly from 70, when its window begins, to 0 at the end. One that
    lapsed counts 0 for a year. Not known without contracts.
    """
    terms = [
        t for t in facts.terms if t.window is None or (today - t.ends_on).days <= rules.lapsed_days
    ]
    if not terms:
        return _finding("renewals", None, "no contracts", "no contracts")
    term = min(terms, key=lambda t: (_term(t, rules, today), t.ends_on))
    score = _term(term, rules, today)
    ends = f"{'ends' if term.ends_on >= today else 'ended'} {say_day(term.ends_on, today)}"
    if score < 100:
        text = f"no renewal deal, {ends}"
    else:
        text = f"{term.product} runs on" if not term.renewing else f"{term.product} being renewed"
    return _finding(
        "renewals", score, text, f"{term.product} {ends} ({say_ago(term.ends_on, today)})"
    )


def _term(term: RunningTerm, rules: HealthRules, today: date) -> float:
    left = (term.ends_on - today).days
    window = term.window
    if window is None or left > window or (term.renewing and left >= -GRACE_DAYS):
        return 100
    return max(rules.renewal_due * left / max(window, 1), 0)


def tickets(facts: HealthFacts, rules: HealthRules, today: date) -> Unweighed:
    """100, less 20 for each open ticket and 1 for each day of the oldest, 40 at most.

    Not known for an account that never had a ticket.
    """
    if facts.tickets is None:
        return _finding("tickets", None, "no tickets", "no tickets yet")
    if not facts.tickets:
        return _finding("tickets", 100, "no ticket open", "all tickets are resolved")
    count, oldest = len(facts.tickets), max((today - min(facts.tickets)).days, 0)
    score = 100 - rules.ticket * count - min(oldest, rules.ticket_days)
    opened = plural(count, "open ticket")
    return _finding("tickets", score, opened, f"{opened}, the oldest for {plural(oldest, 'day')}")


def nps_points(answer: int, rules: HealthRules) -> float:
    """Return the score of an answer from 0 to 10: 100 for a promoter, 70 for a passive.

    A detractor (0 to 6) comes to 40 at most, falling evenly to 0. The groups are those of
    F. Reichheld, *The One Number You Need to Grow* (Bain, 2003).
    """
    if answer >= 9:
        return rules.nps_promoter
    return rules.nps_passive if answer >= 7 else rules.nps_detractor * answer / 6


def csat_points(answer: int, rules: HealthRules) -> float:
    """Return the score of an answer from 1 to 5: 0, 25, 50, 75, 100."""
    return rules.csat_step * (answer - 1)


def satisfaction(facts: HealthFacts, rules: HealthRules, today: date) -> Unweighed:
    """The last answer to a survey, for a year: by `nps_points`, or by `csat_points`."""
    if facts.survey is None or (today - facts.survey.on).days > rules.survey_days:
        return _finding("satisfaction", None, "no survey", "no survey in the last year")
    survey = facts.survey
    evidence = f"{survey.said}, {say_ago(survey.on, today)}"
    return _finding("satisfaction", survey.percent, f"satisfaction {survey.said}", evidence)


def record(facts: HealthFacts) -> Unweighed:
    """The share of the required fields that are filled.

    Not known without required fields: the user decides what should be filled in.
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
