"""Lines of the agenda that somebody's words or silence set off.

A message of theirs that nobody answered, an open ticket, a deal whose people fell silent, a quote
without an answer, somebody who mattered and left, and a customer whose next order is late.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from acctcli.domain.agenda_facts import AgendaFacts, LeftFacts, SaidFacts, TicketFacts
from acctcli.domain.agenda_points import (
    NO_ANSWER,
    QUOTE_PAST,
    UNANSWERED,
    AgendaLine,
    line_of,
)
from acctcli.domain.cadence import cadence_of
from acctcli.domain.coverage import supports

if TYPE_CHECKING:
    from acctcli.config import Config

GHOSTED_MESSAGES = 2
"""This many messages of ours in a row without an answer make somebody silent."""

BUYERS = ("economic-buyer", "executive-sponsor")
"""Roles whose holders are missed when they leave, whatever their stance was."""

SATURDAY = 5


def lines(facts: AgendaFacts, config: Config, today: date) -> Iterator[AgendaLine]:
    """Yield the lines of an account that come from its conversation, or from silence."""
    talks = _talks(facts.said)
    yield from _answers(facts, talks, today)
    yield from _ghosted(facts, talks, config, today)
    yield from _tickets(facts, talks, config, today)
    yield from _quotes(facts, config, today)
    yield from _left(facts, config, today)
    yield from _orders(facts, config, today)


def _talks(known: Iterable[SaidFacts]) -> dict[str, list[SaidFacts]]:
    talks: dict[str, list[SaidFacts]] = {}
    for said in known:
        talks.setdefault(said.account_id, []).append(said)
    return talks


def waiting(known: Iterable[SaidFacts]) -> list[SaidFacts]:
    """Return the messages that wait for an answer: of each account the first since we spoke."""
    return list(_waiting(_talks(known)))


def _waiting(talks: Mapping[str, Sequence[SaidFacts]]) -> Iterator[SaidFacts]:
    for talk in talks.values():
        first = None
        for said in reversed(talk):
            if said.side != "in":
                break
            first = said
        if first is not None:
            yield first


def _answers(
    facts: AgendaFacts, talks: Mapping[str, Sequence[SaidFacts]], today: date
) -> Iterator[AgendaLine]:
    """The first message since we last spoke, if they spoke last: due a working day later."""
    for message in _waiting(talks):
        account = facts.accounts.get(message.account_id)
        due = next_working_day(date.fromisoformat(message.day))
        if account is not None and due <= today:
            sender = facts.senders.get(message.id, "")
            yield line_of("answer", account, due, today, None, 0, (sender,))


def next_working_day(day: date) -> date:
    """Return the first day after this one that is neither Saturday nor Sunday."""
    day += timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day


def _ghosted(
    facts: AgendaFacts, talks: dict[str, list[SaidFacts]], config: Config, today: date
) -> Iterator[AgendaLine]:
    """Accounts with an open deal where our messages find no answer."""
    patience = config["today.ghosted_days"]
    many = config.weight("agenda.ghosted_messages", GHOSTED_MESSAGES)
    if not patience:
        return
    seen = set()
    for deal in facts.deals:
        account = facts.accounts.get(deal.account_id)
        if account is None or deal.account_id in seen:
            continue
        seen.add(deal.account_id)
        silent: list[SaidFacts] = []
        for said in reversed(talks.get(deal.account_id, [])):
            if said.side != "out":
                break
            silent.append(said)
        if len(silent) < many:
            continue
        # Nobody answered since the first of them.
        due = date.fromisoformat(silent[-1].day) + timedelta(days=patience)
        if due <= today:
            sent = (f"{len(silent)} messages without an answer",)
            yield line_of("ghosted", account, due, today, deal, 0, sent)


def _tickets(
    facts: AgendaFacts, talks: Mapping[str, list[SaidFacts]], config: Config, today: date
) -> Iterator[AgendaLine]:
    """The oldest open ticket of each account; it counts more while nothing of ours went out."""
    unanswered = config.weight("agenda.unanswered", UNANSWERED)
    oldest: dict[str, TicketFacts] = {}
    count: dict[str, int] = {}
    for ticket in facts.tickets:
        count[ticket.account_id] = count.get(ticket.account_id, 0) + 1
        first = oldest.get(ticket.account_id)
        if first is None or (ticket.day, ticket.id) < (first.day, first.id):
            oldest[ticket.account_id] = ticket
    for account_id, ticket in oldest.items():
        account = facts.accounts.get(account_id)
        if account is not None:
            talk = talks.get(account_id, ())
            answered = any(
                said.day >= ticket.day and said.side != "in" and not said.attempt for said in talk
            )
            findings: tuple[str, ...] = () if answered else (NO_ANSWER,)
            if count[account_id] > 1:
                findings += (f"{count[account_id] - 1} more",)
            due = date.fromisoformat(ticket.day)
            more = 0 if answered else unanswered
            yield line_of("ticket", account, due, today, ticket, 0, findings, more)


def _quotes(facts: AgendaFacts, config: Config, today: date) -> Iterator[AgendaLine]:
    """Quotes that end their validity soon, or ended it lately, without an answer."""
    window = config["today.quote_days"]
    if not window:
        return
    first = (today - timedelta(days=QUOTE_PAST)).isoformat()
    last = (today + timedelta(days=window)).isoformat()
    for quote in facts.quotes:
        account = facts.accounts.get(quote.account_id)
        if account is not None and first <= quote.valid_until <= last:
            yield line_of(
                "quote", account, date.fromisoformat(quote.valid_until), today, quote, window
            )


def mattered(left: LeftFacts) -> bool:
    """Whether somebody who left was for us and counted, or signed."""
    return left.role in BUYERS or supports(left.role, left.influence, left.stance)


def _left(facts: AgendaFacts, config: Config, today: date) -> Iterator[AgendaLine]:
    """Somebody who mattered and left, where a deal is open or a contract runs."""
    if not facts.left:
        return
    since = (today - timedelta(days=config["today.left_days"])).isoformat()
    concerned = {deal.account_id for deal in facts.deals}
    concerned |= {one.facts.account_id for one in facts.contracts if one.live(today)}
    for left in facts.left:
        account = facts.accounts.get(left.account_id)
        if account is None or left.account_id not in concerned or left.day <= since:
            continue
        if mattered(left):
            yield line_of("left", account, date.fromisoformat(left.day), today, left)


STEP_DAYS = 30
"""Within how many days a next step answers a late order, where an account has no cadence."""


def _orders(facts: AgendaFacts, config: Config, today: date) -> Iterator[AgendaLine]:
    """Customers whose next order is late, unless a deal is open or a step is planned soon.

    One that is late for longer than `today.reorder_days` is history: the retention report has it.
    """
    if not facts.orders:
        return
    now, patience = today.isoformat(), config["today.reorder_days"]
    no_cadence = config.weight("agenda.step_days", STEP_DAYS)
    selling = {deal.account_id for deal in facts.deals}
    steps: dict[str, list[str]] = {}
    for task in facts.tasks:
        if task.account_id is not None:
            steps.setdefault(task.account_id, []).append(task.comes_up)
    for order in facts.orders:
        account = facts.accounts.get(order.account_id)
        if account is None or account.status == "former" or account.id in selling:
            continue
        cadence = cadence_of(account.tier, account.cadence_days, config.cadence) or no_cadence
        within = (today + timedelta(days=cadence)).isoformat()
        if any(now <= step <= within for step in steps.get(account.id, ())):
            continue
        due = date.fromisoformat(order.late_from)
        if due <= today < due + timedelta(days=patience):
            yield line_of("reorder", account, due, today, order)
