"""The agenda of a day: which accounts need attention, why, and what to do.

Rows become facts here; `domain.agenda` judges them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from acctcli import model
from acctcli.book import contracts, reading
from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.domain import agenda, agenda_facts, agenda_signals, agenda_words, figures
from acctcli.domain.agenda import Attention
from acctcli.domain.agenda_facts import AgendaFacts, TaskFacts
from acctcli.domain.agenda_points import QUOTE_PAST
from acctcli.domain.cadence import AccountFacts
from acctcli.domain.coverage import SIGNING
from acctcli.frozen import Frozen
from acctcli.model import Field
from acctcli.store import lookup, queries
from acctcli.store.facts import accounts as account_sql
from acctcli.store.facts import agenda as sql
from acctcli.store.filters import Condition
from acctcli.values.dates import iso, local, parse_iso_moment

if TYPE_CHECKING:
    import sqlite3

    from acctcli.config import Config
    from acctcli.shapes.today import (
        AgendaEntryJson,
        AgendaLineJson,
        FirstContactsJson,
        MeetingOfDayJson,
        NextStepJson,
        TodayPage,
    )


FIELDS = {
    field.name: field
    for field in (
        Field(model.INTEGER, "place of the account on the list", name="rank"),
        Field(model.TEXT, "promise, waiting, touch, renewal, review …", name="kind"),
        Field(model.TEXT, "the account's name", name="account"),
        Field(model.TEXT, "the account's id", name="account_id"),
        Field(model.TEXT, "why", name="reason"),
        Field(model.DAY, "when it is or was due", name="due"),
        Field(model.INTEGER, "what the rank rests on", name="score"),
        Field(model.TEXT, "what answers it", name="command"),
        Field(model.MOMENT, "when an appointment begins", name="at"),
        Field(model.TEXT, "how the score came about", name="explain", many=True),
    )
}

COLUMNS = [name for name in FIELDS if name != "explain"]

READABLE = 200  # accounts: nobody reads a longer list line by line


SAID_DAYS = 60
"""How far back messages are looked at: an older one without an answer is history."""

FEW = 3
"""Up to this many accounts without any contact are listed one by one; more share one sentence."""

UNTOUCHED = "last_touch is empty and status != former"


class Agenda(Frozen):
    """The agenda: facts, accounts that need attention, and the rows of those shown.

    `appointments` are those of the day with their rows, the first to begin first. `gathered` are
    the accounts without any contact, if they are not listed one by one.
    """

    facts: AgendaFacts
    entries: Sequence[Attention]
    ranked: Sequence[tuple[Attention, list[AgendaLineJson]]]
    gathered: Sequence[Attention] = ()
    appointments: Sequence[tuple[TaskFacts, AgendaLineJson]] = ()

    @property
    def needing(self) -> int:
        """How many accounts need attention, without the gathered ones."""
        return len(self.entries) - len(self.gathered)

    @property
    def rows(self) -> list[AgendaLineJson]:
        """All rows, in order: appointments first."""
        own = [row for _, row in self.appointments]
        return own + [row for _, of_account in self.ranked for row in of_account]


def judge(
    context: Context,
    con: sqlite3.Connection,
    conditions: Sequence[Condition],
    *,
    limit: int | None = None,
    everything: bool = False,
    explain: bool = False,
    gather: bool = False,
) -> Agenda:
    """Return which of the accounts that match need attention today, with rows for `limit` of them.

    A row is the strongest reason of an account with its total score, or with `everything` each
    reason with its own. With `explain`, it has the parts of its score. With `gather`, accounts
    whose only reason is that they never had a contact get no rows, unless there are few.
    """
    queries.add_functions(con)
    config, day = context.config, context.clock.today
    facts = _load(context, con, conditions)
    # A task without an account is in no selection of accounts.
    if conditions:
        facts = facts.replace(tasks=[task for task in facts.tasks if task.account_id])
    entries = agenda.judge(facts, config, day)
    gathered = [entry for entry in entries if _never_heard(entry)] if gather else []
    if len(gathered) <= FEW:
        gathered = []
    shown = [entry for entry in entries if entry not in gathered] if gathered else entries
    shown = shown[:limit]
    names = _names(con, shown, everything)
    ranked = [
        (entry, _rows(rank, entry, names, config, day, everything=everything, explain=explain))
        for rank, entry in enumerate(shown, 1)
    ]
    met = agenda.appointments(facts, day)
    return Agenda(facts, entries, ranked, gathered, _appointments(con, met, facts, explain=explain))


def _appointments(
    con: sqlite3.Connection, met: Sequence[TaskFacts], facts: AgendaFacts, *, explain: bool
) -> list[tuple[TaskFacts, AgendaLineJson]]:
    """Return the appointments of the day, each with its row."""
    short = lookup.short_ids(con, "task", [task.id for task in met]) if met else {}
    found: list[tuple[TaskFacts, AgendaLineJson]] = []
    for task in met:
        account = facts.accounts[task.account_id] if task.account_id else None
        row: AgendaLineJson = {
            "rank": None,
            "kind": "appointment",
            "account": account.name if account else None,
            "account_id": task.account_id,
            "reason": agenda_words.appointment_of(task),
            "due": task.due,
            "score": None,
            "command": f"acct task done {short[task.id]}",
            "at": task.at,
        }
        if explain:
            row["explain"] = ()
        found.append((task, row))
    return found


def _shown(
    context: Context, found: Sequence[tuple[TaskFacts, AgendaLineJson]]
) -> list[MeetingOfDayJson]:
    """Return the appointments for the screen, in the user's time zone."""
    shown: list[MeetingOfDayJson] = []
    for task, row in found:
        begins = parse_iso_moment(task.at or "")
        ends = begins + timedelta(minutes=task.duration or 0)
        shown.append(
            {
                "time": f"{local(begins):%H:%M}",
                "account": row["account"],
                "text": task.text,
                "beside": agenda_words.beside(task),
                "over": ends < context.clock.now,
                "id": row["command"].rpartition(" ")[2],
            }
        )
    return shown


def _never_heard(entry: Attention) -> bool:
    if len(entry.lines) > 1 or entry.account is None:
        return False
    return entry.lines[0].kind == "touch" and entry.account.last_touch is None


def _load(
    context: Context, con: sqlite3.Connection, conditions: Sequence[Condition]
) -> AgendaFacts:
    """Read what today and tomorrow are judged by, for the accounts that match."""
    config, day = context.config, context.clock.today
    closing_until = day + timedelta(days=config["today.closing_days"] + 1)
    due_until = day + timedelta(days=config["today.renewal_days"] + 1)
    quoted_until = day + timedelta(days=config["today.quote_days"] + 1)
    left = sql.left(con, day - timedelta(days=config["today.left_days"]))
    # Who left matters where a contract runs, whenever that ends.
    besides = {one.account_id for one in left if agenda_signals.mattered(one)}
    ending = contracts.ending(con, config, due_until, besides=besides)
    chosen = [*account_sql.awake(day), *conditions]
    accounts = {one.id: one for one in account_sql.accounts(con, chosen)}
    deals = sql.deals(con, closing_until, SIGNING)
    reviews = sql.reviews(con)
    said = sql.said(con, day - timedelta(days=SAID_DAYS))
    return AgendaFacts(
        accounts=accounts,
        tasks=sql.tasks(con),
        deals=deals,
        people=sql.people(con, day, closing_until),
        pushes=sql.pushes(con),
        contracts=ending.known,
        renewals=ending.deals,
        reviews=reviews,
        objectives=sql.objectives(con, day),
        champions=_champions(context, con, accounts, deals),
        healths=_healths(context, con, accounts, reviews),
        said=said,
        senders=sql.senders(con, [one.id for one in agenda_signals.waiting(said)]),
        tickets=sql.tickets(con),
        quotes=sql.quotes(con, day - timedelta(days=QUOTE_PAST), quoted_until),
        left=left,
        orders=_late_orders(context, con, accounts, deals),
    )


def _champions(
    context: Context,
    con: sqlite3.Connection,
    accounts: Mapping[str, AccountFacts],
    deals: Sequence[agenda_facts.OpenDealFacts],
) -> list[agenda_facts.ChampionFacts]:
    """Return the champions at accounts that are in contact and have an open deal."""
    heard = agenda.heard_since(context.config, context.clock.today)
    if heard is None:
        return []
    deciding = dict.fromkeys(deal.account_id for deal in deals)
    ids = [id for id in deciding if id in accounts and (accounts[id].last_touch or "") > heard]
    return sql.champions(con, ids) if ids else []


def _healths(
    context: Context,
    con: sqlite3.Connection,
    accounts: Mapping[str, AccountFacts],
    reviews: Sequence[agenda_facts.ReviewFacts],
) -> list[agenda_facts.FallFacts]:
    """Return the health of accounts whose last review stored one; only those can have fallen."""
    kept = {
        review.account_id: accounts[review.account_id]
        for review in reviews
        if review.health is not None and review.account_id in accounts
    }
    if not kept or not context.config["today.health_fall"]:
        return []
    from acctcli.book import health  # not needed in a book without reviews
    from acctcli.domain.health import low

    found = []
    least = context.config["today.health_fall"]
    for one in health.judge(context, con, list(kept.values()), list(kept)):
        if one.health.score is not None:
            last, was = one.past[-1], one.trend[-1][1]
            fell = was - one.health.score >= least
            reasons = (one.falls or low(one.health)) if fell else []  # only for a fall
            why = reasons[0].text if reasons else None
            stood = (last.held_on, was, one.health.score, why)
            found.append(agenda_facts.FallFacts(one.account.id, *stood))
    return found


def _late_orders(
    context: Context,
    con: sqlite3.Connection,
    accounts: Mapping[str, AccountFacts],
    deals: Sequence[agenda_facts.OpenDealFacts],
) -> list[agenda_facts.LateOrderFacts]:
    """Return the customers whose next order is late today, or will be tomorrow."""
    config, tomorrow = context.config, context.clock.today + timedelta(days=1)
    patience, selling = config["today.reorder_days"], {deal.account_id for deal in deals}
    waited_for = accounts.keys() - selling
    if not patience:
        return []
    from acctcli.book import reorders  # not needed where nobody buys again and again

    return [
        agenda_facts.LateOrderFacts(
            one.account_id,
            figures.nearest(one.gap),
            iso(one.last),
            iso(one.late_from),
            one.amount,
            one.currency,
        )
        for one in reorders.late(con, config, waited_for, tomorrow, patience)
    ]


class _WholeIds(dict[str, str]):
    """Numbers of accounts by id; every other record is named by its whole id."""

    def __missing__(self, id: str) -> str:
        return id


def _names(
    con: sqlite3.Connection, entries: Sequence[Attention], everything: bool
) -> Mapping[str, str]:
    """Return how commands name the accounts and records of the lines, by id.

    By a word or a short id if people will read them. Finding those reads every record, so long
    lists get numbers and whole ids.
    """
    accounts = {entry.account.id: entry.account.number for entry in entries if entry.account}
    if len(entries) > READABLE:
        return _WholeIds(accounts)
    named: dict[str, list[str]] = {}
    for entry in entries:
        for line in entry.lines if everything else entry.lines[:1]:
            if line.named is not None:
                kind, id = line.named
                named.setdefault(kind, []).append(id)
    found = lookup.handles(con, list(accounts))
    for kind, ids in named.items():
        found |= lookup.short_ids(con, kind, ids)
    return found


def _rows(
    rank: int,
    entry: Attention,
    names: Mapping[str, str],
    config: Config,
    day: date,
    *,
    everything: bool,
    explain: bool,
) -> list[AgendaLineJson]:
    """Return the rows of one account: its strongest reason with the total score, or all."""
    id, name = (entry.account.id, entry.account.name) if entry.account else (None, None)
    rows: list[AgendaLineJson] = []
    for line in entry.lines if everything else entry.lines[:1]:
        score = entry.score_of(line) if everything else entry.score
        row: AgendaLineJson = {
            "rank": rank,
            "kind": line.kind,
            "account": name,
            "account_id": id,
            "reason": agenda_words.reason_of(line, config, day),
            "due": iso(line.due),
            "score": figures.nearest(score),
            "command": agenda_words.command_of(line, names, config, day),
            "at": None,
        }
        if explain:
            counted = [line] if everything else entry.lines
            row["explain"] = tuple(agenda_words.explained(entry, counted, score, config))
        rows.append(row)
    return rows


def page(
    context: Context,
    found: Agenda,
    *,
    first_contacts: FirstContactsJson | None = None,
    room: int | None = None,
    detail: bool = False,
    commands: bool = False,
) -> TodayPage:
    """Return what a terminal shows: accounts with their lines, and how many more there are."""
    config, day = context.config, context.clock.today
    shown: list[AgendaEntryJson] = []
    for rank, (entry, rows) in enumerate(found.ranked, 1):
        # With one line per account, the second reason is shown too, without its command.
        also = entry.lines[1] if len(rows) == 1 < len(entry.lines) else None
        text, rest, note = agenda_words.brief_of(entry.lines[0], config, day)
        shown.append(
            {
                "rank": rank,
                "account": rows[0]["account"],
                "tier": entry.account.tier if entry.account else None,
                "lines": rows,
                "brief": {"text": text, "rest": rest, "note": note},
                "also": agenda_words.reason_of(also, config, day) if also else None,
            }
        )
    return {
        "appointments": _shown(context, found.appointments),
        "accounts": shown,
        "needing": found.needing,
        "tomorrow": agenda.joining(found.facts, config, day, found.entries),
        "known": len(found.facts.accounts),
        "next": None if found.entries else _next_step(found.facts, day),
        "first_contacts": first_contacts,
        "room": room,
        "detail": detail,
        "commands": commands,
    }


def first_contacts(
    context: Context,
    con: sqlite3.Connection,
    found: Agenda,
    query: Query,
    chosen: Sequence[str] = (),
) -> FirstContactsJson | None:
    """Return the accounts of the query without any contact, when it is time to mention them.

    That is when there is nothing else to do, or when many of them are late. `chosen` are conditions
    besides the query.
    """
    if chosen or (found.entries and not found.gathered):
        return None
    query = query.replace(where=(*query.where, UNTOUCHED))
    conditions = [queries.NOT_ARCHIVED, *reading.conditions_of(context, con, "account", query)]
    listing = queries.Listing(conditions, limit=1)
    known = context.fields("account")
    ids = [row["id"] for row in queries.select(con, "account", known, listing, names=["id"])]
    if not ids:
        return None
    (name,) = lookup.handles(con, ids).values()
    return {
        "count": queries.count(con, "account", conditions),
        "list": f"acct account list {query.words}",
        "start": f"acct log call {name}",
    }


def _next_step(facts: AgendaFacts, today: date) -> NextStepJson | None:
    """Return the nearest future step, for a day with nothing to do."""
    ahead = [
        task
        for task in facts.tasks
        if task.account_id in facts.accounts and not agenda.is_appointment(task, today)
    ]
    if not ahead:
        return None
    nearest = min(ahead, key=lambda task: task.comes_up)
    account = facts.accounts[nearest.account_id or ""]
    return {"day": nearest.comes_up, "text": nearest.text, "account": account.name}
