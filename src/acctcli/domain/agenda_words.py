"""The lines of `acct today` in words, and the command for each.

`domain.agenda` decides what stands on the list and where; here it becomes words: a reason short
enough to be read, the command to type, and on request the sum behind the rank.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from acctcli.domain import contract_words, figures, quote_words
from acctcli.domain.agenda import OTHERS, Attention, others_share
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
from acctcli.domain.agenda_points import (
    NO_ANSWER,
    NO_BUYER,
    NO_STEP,
    NOT_CARRIED,
    POINTS,
    SLIPPED_TO_LOSE,
    AgendaLine,
)
from acctcli.domain.cadence import cadence_of
from acctcli.domain.contracts import Contract
from acctcli.frozen import Frozen
from acctcli.text import key, plural
from acctcli.values import money
from acctcli.values.dates import say_ago, say_day

if TYPE_CHECKING:
    from acctcli.config import Config

FINDINGS_SAID = 2
"""Nobody reads a longer reason; `--explain` has all of them."""


class Brief(Frozen):
    """A reason for one line of a screen: `text` may be clipped, `rest` and `note` may not."""

    text: str
    rest: str
    note: str


def brief_of(line: AgendaLine, config: Config, today: date) -> Brief:
    """The line in few words: `Send phased quote`, ` (to Mei Tan)`, `2 days late`."""
    match line.fact:
        case ObjectiveFacts() as objective:
            return Brief(objective.text, " (objective)", _late(line.days))
        case TicketFacts() as ticket:
            others = [found for found in line.findings if found != NO_ANSWER]
            more = f" ({others[0]})" if others else ""
            return Brief(f"Ticket: {ticket.summary}", more, f"open {plural(line.days, 'day')}")
        case QuoteFacts() as quote:
            return Brief(*quote_words.brief(quote, line.due, today))
        case LeftFacts() as left:
            return Brief(_say_left(left, today, short=True), "", say_ago(line.due, today))
        case ChampionFacts() as champion:
            return _brief_champion(champion, today)
        case FallFacts() as health:
            return Brief(_say_health(health, today), "", "")
        case LateOrderFacts() as order:
            return _brief_order(order, today)
        case TaskFacts() as task:
            when = _late(line.days) if line.days > 0 else f"due {say_day(line.due, today)}"
            return Brief(task.text, _other_side(task), when)
        case OpenDealFacts() as deal:
            return _brief_deal(deal, line, config, today)
        case Contract() as contract:
            return Brief(*contract_words.brief(contract, line.days, today))
    if line.kind == "answer":
        said = _say_answer(line, today).partition(",")[0]
        return Brief(said, "", f"{plural(line.days + 1, 'day')}")
    if line.kind == "review":
        return Brief(f"Review due {_since(line, today)}", "", _last_review(line, today))
    cadence = _cadence(line, config)
    return Brief(_silence(line, today), "", f"cadence {cadence}" if cadence else "")


def appointment_of(task: TaskFacts) -> str:
    """An appointment without its time and account: `QBR (Adrian Koh, 1h, Raffles Place 1)`."""
    more = beside(task)
    return f"{task.text} ({more})" if more else task.text


def beside(task: TaskFacts) -> str:
    """Return who an appointment is with, how long it takes and where it is, as far as known."""
    takes = None
    if task.duration:
        from acctcli.values.durations import say_duration  # most days have no appointment

        takes = say_duration(task.duration)
    return ", ".join(part for part in (task.person, takes, task.place) if part)


def _other_side(task: TaskFacts) -> str:
    """` (to Mei Tan)`; nothing where the text of the task names the person already."""
    who = task.person or ""
    first = who.partition(" ")[0]
    if who and key(first) not in key(task.text).split():
        return f" (from {who})" if task.owed_by == "them" else f" (to {who})"
    return " (from them)" if task.owed_by == "them" else ""


def _brief_champion(champion: ChampionFacts, today: date) -> Brief:
    said = f"No contact with champion {champion.name}"
    if champion.spoke is None:
        return Brief(f"{said} yet", "", "")
    silent = (today - date.fromisoformat(champion.spoke)).days
    return Brief(said, "", plural(silent, "day"))


def _last_review(line: AgendaLine, today: date) -> str:
    review = line.fact
    if line.findings:
        return line.findings[0]
    if not isinstance(review, ReviewFacts):
        return "no review yet"
    return f"last {say_day(date.fromisoformat(review.held_on), today)}"


def _brief_deal(deal: OpenDealFacts, line: AgendaLine, config: Config, today: date) -> Brief:
    worth = f" {say_short(deal.amount, deal.currency)}" if deal.amount and deal.currency else ""
    note = line.findings[0] if line.findings else ""
    match line.kind:
        case "slipped":
            note = f"{plural(line.days, 'day')} past close"
        case "closing" if not note:
            note = f"closes {say_day(line.due, today)}"
        case "closing":
            worth += f", closes {say_day(line.due, today)}"
        case "stalled":
            worth += f", {_quiet_since(deal, line, config, today)}"
            note = NO_STEP
        case "ghosted":
            worth += f": {line.findings[0]}"
            note = f"since {say_day(_sent_on(line, config), today)}"
        case _:
            worth += f", {_closes(deal, line, today)}"
    return Brief(f'"{deal.title}"', worth, note)


def reason_of(line: AgendaLine, config: Config, today: date) -> str:
    """The line in words: `Send phased quote — promised Mei Tan, 2 days late`."""
    match line.fact:
        case Contract() as contract:
            return contract_words.reason(contract, line.days, line.findings, today)
        case OpenDealFacts() as deal:
            return _say_deal(deal, line, config, today)
        case TaskFacts() as task:
            return _say_task(task, line, today)
        case LateOrderFacts() as order:
            return _say_order(order, today)
        case ChampionFacts() as champion:
            return _say_champion(champion, line, today)
        case ObjectiveFacts() as objective:
            return f"{objective.text} — objective, {_late(line.days)}"
        case TicketFacts() as ticket:
            more = "".join(f", {finding}" for finding in line.findings)
            return f"Ticket open for {plural(line.days, 'day')}: {ticket.summary}{more}"
        case QuoteFacts() as quote:
            return quote_words.reason(quote, line.due, today)
        case LeftFacts() as left:
            return _say_left(left, today)
        case FallFacts() as health:
            return _say_health(health, today)
    if line.kind == "answer":
        return _say_answer(line, today)
    return _say_review(line, today) if line.kind == "review" else _say_touch(line, config, today)


def _say_answer(line: AgendaLine, today: date) -> str:
    """`Message from Pia Berg not answered, since Thu 26 Nov`."""
    person = line.findings[0] if line.findings else ""
    who = f"Message from {person}" if person else "Their message"
    return f"{who} not answered, due {_since(line, today)}"


def _say_left(left: LeftFacts, today: date, *, short: bool = False) -> str:
    """`Champion Mei Tan left on Mon 9 Nov`."""
    what = (left.role or left.stance or "").replace("-", " ")
    verb = "was deleted" if left.deleted else "left"
    who = f"{what} {left.name}".strip()
    said = f"{who[:1].upper()}{who[1:]} {verb}"
    return said if short else f"{said} {say_ago(date.fromisoformat(left.day), today)}"


def _say_task(task: TaskFacts, line: AgendaLine, today: date) -> str:
    when = _late(line.days) if line.days > 0 else f"due {say_day(line.due, today)}"
    if task.owed_by == "them":
        when = f"owed by {task.person or 'them'}, {when}"
    elif task.person:
        when = f"promised {task.person}, {when}"
    return f"{task.text} — {when}"


def _say_touch(line: AgendaLine, config: Config, today: date) -> str:
    assert line.account is not None
    cadence = _cadence(line, config)
    if line.account.last_touch is None:
        every = f" (cadence: {plural(cadence, 'day')})" if cadence else ""
        return f"{_silence(line, today)}{every}"
    return f"{_silence(line, today)} (cadence: {cadence})"


def _cadence(line: AgendaLine, config: Config) -> int | None:
    assert line.account is not None
    return cadence_of(line.account.tier, line.account.cadence_days, config.cadence)


def _silence(line: AgendaLine, today: date) -> str:
    assert line.account is not None
    if line.account.last_touch is None:
        return "No contact yet"
    silent = (today - date.fromisoformat(line.account.last_touch)).days
    return f"No contact for {plural(silent, 'day')}"


def _say_deal(deal: OpenDealFacts, line: AgendaLine, config: Config, today: date) -> str:
    name = f'"{deal.title}"'
    if deal.amount is not None and deal.currency:
        name += f" {say_short(deal.amount, deal.currency)}"
    day = say_day(line.due, today)
    match line.kind:
        case "slipped":
            ago = f" on {day}, {plural(line.days, 'day')} ago" if line.days > 1 else f" {day}"
            said = f"close date passed{ago}"
            name += ":"
        case "closing":
            said = f"closes {day}"
        case "stalled":
            said = f"has no next step, {_quiet_since(deal, line, config, today)}"
        case "ghosted":
            return f"{name}: {line.findings[0]} since {say_day(_sent_on(line, config), today)}"
        case _:
            said = _closes(deal, line, today)
    return ", ".join((f"{name} {said}", *line.findings[:FINDINGS_SAID]))


def _sent_on(line: AgendaLine, config: Config) -> date:
    """The day of the first message that found no answer."""
    return line.due - timedelta(days=config["today.ghosted_days"])


def _closes(deal: OpenDealFacts, line: AgendaLine, today: date) -> str:
    return f"closes {say_day(line.due, today)}" if deal.close_date else "has no close date"


def _quiet_since(deal: OpenDealFacts, line: AgendaLine, config: Config, today: date) -> str:
    moved = line.due - timedelta(days=config["today.step_days"])
    what = "opened" if moved.isoformat() == deal.opened_on else "last touch"
    return f"{what} {say_ago(moved, today)}"


def _say_champion(champion: ChampionFacts, line: AgendaLine, today: date) -> str:
    if champion.spoke is None:
        return f"No contact with champion {champion.name} yet"
    silent = (today - date.fromisoformat(champion.spoke)).days
    said = f"No contact with champion {champion.name} for {plural(silent, 'day')}"
    if line.account is None or line.account.last_touch is None:
        return said
    return f"{said} (others: {say_ago(date.fromisoformat(line.account.last_touch), today)})"


def _say_health(health: FallFacts, today: date) -> str:
    since = say_day(date.fromisoformat(health.held_on), today)
    why = f": {health.why}" if health.why else ""
    return f"{health.moved.capitalize()} since {since}{why}"


def _say_order(order: LateOrderFacts, today: date) -> str:
    """`Order late: usually 12k USD every 31 days, the last 48 days ago`."""
    worth = f"{say_short(order.amount, order.currency)} " if order.amount and order.currency else ""
    every = f"every {plural(order.gap, 'day')}" if order.gap != 1 else "every day"
    last = say_ago(date.fromisoformat(order.last), today)
    return f"Order late: usually {worth}{every}, the last {last}"


def _brief_order(order: LateOrderFacts, today: date) -> Brief:
    said, _, last = _say_order(order, today).rpartition(", the ")
    return Brief(said, "", last)


def _say_review(line: AgendaLine, today: date) -> str:
    due = _since(line, today)
    if line.findings:
        return f"Review due {due}; {line.findings[0]}"
    review = line.fact
    if not isinstance(review, ReviewFacts):
        return f"Review due {due}; no review yet"
    outcome = [review.rating] if review.rating else []
    outcome += [f"health {review.health}"] if review.health is not None else []
    told = f" ({', '.join(outcome)})" if outcome else ""
    held_on = say_day(date.fromisoformat(review.held_on), today)
    return f"Review due {due}; the last was {held_on}{told}"


def _since(line: AgendaLine, today: date) -> str:
    return "today" if line.days == 0 else f"since {say_day(line.due, today)}"


def _late(days: int) -> str:
    return f"{plural(days, 'day')} late"


def say_short(amount: int, currency: str) -> str:
    """`84k SGD`."""
    return f"{money.short(amount, currency)} {currency}"


def command_of(line: AgendaLine, names: Mapping[str, str], config: Config, today: date) -> str:
    """Return the command for a line, as it can be typed.

    `names` says by id what accounts, tasks and deals are called on a command line. The command asks
    for what only the user knows. It has no text of the book that a shell could read as more than a
    name.
    """
    ask = names[line.account.id] if line.account else ""
    match line.kind:
        case "touch" | "ghosted" | "reorder":
            return f"acct log call {ask}"
        case "answer":
            return f"acct log email {ask}"
        case "left":
            return f"acct contact map {ask}"
        case "review":
            return f"acct review run {ask}"
        case "health":
            return f"acct review health {ask} --explain"
    if isinstance(line.fact, Contract):
        name = line.account.name if line.account else ""
        return contract_words.command(line.fact, name, ask, names, today)
    assert line.named is not None
    short = names[line.named[1]]
    match line.kind:
        case "champion":
            return f"acct log call {ask} --with {short}"
        case "objective":
            return f"acct account plan {ask} --met {short}"
        case "promise" | "waiting":
            return f"acct task done {short}"
        case "quote":
            return f"acct quote show {short}"
    if line.kind == "ticket":
        return f"acct log edit {short} --resolved-at now"
    if line.kind == "slipped":
        late = line.days > config.weight("agenda.slipped_to_lose", SLIPPED_TO_LOSE)
        return f"acct deal {'lose' if late else 'edit'} {short}"
    if line.kind == "stalled" or NO_STEP in line.findings:
        return f"acct task add {ask} --deal {short} --due 3d"
    if NO_BUYER in line.findings:
        return f"acct contact add --account {ask} --role economic-buyer"
    if NOT_CARRIED in line.findings:
        return f"acct contact map {ask}"
    return f"acct deal show {short}"


TIMES, MINUS = "\N{MULTIPLICATION SIGN}", "\N{MINUS SIGN}"


def explained(entry: Attention, lines: list[AgendaLine], score: float, config: Config) -> list[str]:
    """Return how some lines of an entry led to a score, step by step, the result last."""
    steps, of = list[str](), others_share(config)
    for line in lines[: 1 + int(config.weight("agenda.others", OTHERS))]:
        worth = f"{round(line.points, 1):g} = {_sum(line)}"
        share = f"+ {of * line.points:.1f}, {100 * of:g} % of {worth}"
        steps.append(share if steps else worth)
    if entry.tier_factor != 1 and entry.account:
        steps.append(f"{TIMES} {entry.tier_factor:g} for tier {entry.account.tier}")
    if entry.stake:
        amount = say_short(entry.stake.amount, entry.stake.currency)
        share = f"{figures.nearest(100 * entry.stake.share)} % of the largest"
        steps.append(f"{TIMES} {entry.stake.factor:.2f} for a worth of {amount}, {share}")
    return [*steps, f"= {figures.nearest(score)}"]


_BESIDES = {"renewal": "its last days", "slipped": "being long past"}
"""The basis of the points of kinds that have neither days nor findings."""


def _sum(line: AgendaLine) -> str:
    points = POINTS[line.kind]
    parts = [f"{line.base:g} for {points.says}"]
    if line.counted:
        sign = MINUS if line.a_day * line.counted < 0 else "+"
        when = points.days if line.counted > 0 else "ahead"
        cap = " at most" if line.counted in (points.least, points.most) else ""
        days = plural(abs(line.counted), "day")
        parts.append(f"{sign} {abs(line.a_day):g} {TIMES} {days} {when}{cap}")
    if line.for_worth:
        sign = MINUS if line.for_worth < 0 else "+"
        parts.append(f"{sign} {abs(line.for_worth):.1f} for its worth")
    if round(rest := line.points - line.base - line.a_day * line.counted - line.for_worth, 6):
        sign = MINUS if rest < 0 else "+"
        besides = [_BESIDES[line.kind]] if line.kind in _BESIDES else []
        parts.append(f"{sign} {abs(rest):g} for {' and '.join([*line.findings, *besides])}")
    return " ".join(parts)
