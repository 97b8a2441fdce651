"""A seller's week in words and numbers, for the talk with the manager."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from acctcli.book import contracts, reading, today
from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.book.reports import scope
from acctcli.book.reports.scope import Report
from acctcli.domain import agenda_words
from acctcli.domain import week as judging
from acctcli.model import CHOICE, CURRENCY, DAY, MONEY, TEXT, Field, Row, declare
from acctcli.store import lookup
from acctcli.store.facts import week as sql
from acctcli.values import dates, fields, periods

if TYPE_CHECKING:
    import sqlite3
    from datetime import date

    from acctcli.shapes.records import TotalJson
    from acctcli.shapes.week import (
        AccountTalksJson,
        AheadJson,
        AtRiskJson,
        ClosedDealJson,
        DuePromiseJson,
        EndingJson,
        FieldChangeJson,
        MovedDealJson,
        NewAccountJson,
        NewContactJson,
        NewJson,
        NextReviewJson,
        OpenDealJson,
        SpokenJson,
        WeekPage,
    )
    from acctcli.store.filters import Condition

AT_RISK = (
    *("lapsed", "left", "ticket", "health", "champion", "ghosted"),
    *("renewal", "slipped", "pushed"),
)
"""Kinds of lines of `today` about business at risk."""

SECTIONS = (
    *("talked", "moved", "won", "lost", "kept", "late", "missed", "new account", "new contact"),
    *("new deal", "at risk", "appointment", "task", "closing", "ending", "review"),
)

FIELDS = declare(
    section=Field(CHOICE, "which part of the report", choices=SECTIONS),
    day=Field(DAY, "when it was or will be"),
    account=Field(TEXT, "at which account"),
    account_id=Field(TEXT, "the account's id"),
    text=Field(TEXT, "what it is"),
    amount=Field(MONEY, "for how much"),
    currency=Field(CURRENCY, "currency of the amount"),
)


def report(context: Context, query: Query, period: str | None = None) -> Report:
    """Return what happened in a period (this week by default), what is at risk, and what is ahead.

    Deals and interactions count for their owner, everything else for the owner of the account.
    """
    day = context.clock.today
    span = periods.period(
        period or "this week", day, "PERIOD", fiscal=context.config["fiscal.start"]
    )
    until = min(span.end, day) if span.start <= day else span.end
    ahead = judging.ahead(span, day)
    with context.read() as con:
        whose = scope.by_owner(context, con, query)
        accounts = reading.conditions_of(context, con, "account", query)
        of_deals = (whose.conditions, whose.owners)
        so_far = (con, span.start, until)
        talks = sql.talks(*so_far, *of_deals)
        before = sql.talks(con, *judging.before(span, until), *of_deals)
        changes = sql.changes(*so_far, *of_deals)
        closed = sql.closed(*so_far, *of_deals)
        opened = sql.opened(*so_far, *of_deals)
        closing = sql.closing(con, *ahead, *of_deals)
        ending = _ending(context, con, *ahead, accounts)
        new: NewJson = {
            "accounts": [_account(row) for row in sql.new_accounts(*so_far, accounts)],
            "contacts": [_contact(row) for row in sql.new_contacts(*so_far, accounts)],
            "deals": [{**_deal(row), "opened_on": row.day} for row in opened],
        }
        due = sql.promises(con, span.start, span.end, accounts)
        open = [one for one in sql.promises(con, *ahead, accounts) if one.done_on is None]
        next: AheadJson = {
            "start": dates.iso(ahead[0]),
            "end": dates.iso(ahead[1]),
            "appointments": [{**_promise(one), "at": one.at} for one in open if one.at],
            "tasks": [{**_promise(one), "owed_by": one.owed_by} for one in open if not one.at],
            "closing": [{**_deal(row), "close_date": row.day} for row in closing],
            "ending": [ending_row for ending_row, _ in ending],
            "reviews": [_review(row) for row in sql.reviews(con, *ahead, accounts)],
        }
        at_risk = _at_risk(context, con, accounts)
    few = context.config["report.few"]
    ours = judging.promises([one for one in due if one.owed_by == "us"], span, day, few)
    theirs = judging.promises([one for one in due if one.owed_by == "them"], span, day, few)
    won, lost = ([one for one in closed if one.won is wanted] for wanted in (True, False))
    minor = {row.id: row.amount for row in (*opened, *closing)}
    minor |= {ending_row["id"]: amount for ending_row, amount in ending}
    minor |= {one.id: one.amount for one in closed} | {one.deal_id: one.amount for one in changes}
    data: WeekPage = {
        "filters": scope.asked(query),
        "period": periods.span(span),
        "until": dates.iso(until),
        "is_over": span.end < day,
        "talked": {
            **_spoken(judging.spoken(talks)),
            "before": _spoken(judging.spoken(before)),
            "by_account": [_talked(one) for one in judging.talked(talks)],
        },
        "moved": [_moved(one) for one in judging.moved(changes)],
        "won": [_closed(one) for one in won],
        "lost": [_closed(one) for one in lost],
        "totals": {
            "won": _totals((one.amount, one.currency) for one in won),
            "lost": _totals((one.amount, one.currency) for one in lost),
        },
        "promises": {
            "due": ours.due,
            "on_time": ours.on_time,
            "kept": [_promise(one) for one in ours.kept],
            "late": [_promise(one) for one in ours.late],
            "missed": [_promise(one) for one in ours.missed],
            "owed_to_us": [_promise(one) for one in theirs.missed],
        },
        "new": new,
        "at_risk": at_risk,
        "next": next,
    }
    return Report(data, scope.table("week", FIELDS, list(_rows(data, minor)), day))


def _spoken(found: judging.Spoken) -> SpokenJson:
    return {
        "interactions": found.interactions,
        "two_way": found.two_way,
        "accounts": found.accounts,
        "attempts": found.attempts,
        "minutes": found.minutes,
    }


def _talked(one: judging.Talked) -> AccountTalksJson:
    return {
        "account": one.account,
        "account_id": one.account_id,
        "interactions": one.interactions,
        "two_way": one.two_way,
        "kinds": [{"kind": kind, "count": count} for kind, count in one.kinds],
        "people": list(one.people),
        "last": {"day": one.last.day, "kind": one.last.kind, "summary": one.last.summary},
    }


def _moved(one: judging.MovedDeal) -> MovedDealJson:
    deal = one.deal
    return {
        "id": deal.deal_id,
        "deal": deal.title,
        "account": deal.account,
        "account_id": deal.account_id,
        "stage": deal.stage,
        "amount": fields.exact(deal.amount, deal.currency),
        "currency": deal.currency,
        "day": deal.day,
        "changes": [
            _change(name, old, new, deal.currency) for name, (old, new) in one.fields.items()
        ],
        "notes": list(one.notes),
    }


def _change(name: str, old: str | None, new: str | None, currency: str | None) -> FieldChangeJson:
    """Return a change of a field; amounts have the decimals of the deal's currency."""
    if name == "amount":
        old, new = (
            fields.exact(int(one), currency) if one and one.lstrip("-").isdigit() else None
            for one in (old, new)
        )
    return {"field": name, "old": old, "new": new}


def _closed(one: judging.Closed) -> ClosedDealJson:
    return {
        "id": one.id,
        "deal": one.title,
        "account": one.account,
        "account_id": one.account_id,
        "amount": fields.exact(one.amount, one.currency),
        "currency": one.currency,
        "opened_on": one.opened_on,
        "closed_on": one.closed_on,
        "lost_reason": one.lost_reason,
        "competitor": one.competitor,
        "note": one.note,
    }


def _promise(one: judging.DuePromise) -> DuePromiseJson:
    return {
        "id": one.id,
        "text": one.text,
        "account": one.account,
        "account_id": one.account_id,
        "contact": one.person,
        "due": one.due,
        "done_on": one.done_on,
    }


def _deal(row: sql.DatedDealRow) -> OpenDealJson:
    return {
        "id": row.id,
        "deal": row.title,
        "account": row.account,
        "account_id": row.account_id,
        "stage": row.stage,
        "amount": fields.exact(row.amount, row.currency),
        "currency": row.currency,
    }


def _account(row: sql.NewAccountRow) -> NewAccountJson:
    return {
        "id": row.id,
        "account": row.account,
        "tier": row.tier,
        "source": row.source,
        "day": row.day,
    }


def _contact(row: sql.NewContactRow) -> NewContactJson:
    return {
        "id": row.id,
        "contact": row.contact,
        "title": row.title,
        "account_id": row.account_id,
        "account": row.account,
        "day": row.day,
    }


def _review(row: sql.NextReviewRow) -> NextReviewJson:
    return {"account": row.account, "account_id": row.account_id, "day": row.day}


def _ending(
    context: Context,
    con: sqlite3.Connection,
    start: date,
    end: date,
    conditions: Sequence[Condition],
) -> list[tuple[EndingJson, int | None]]:
    """Return the contracts that end in a period without a next, by day, with minor units."""
    today = context.clock.today
    known = contracts.ending(con, context.config, end, conditions)
    within = [one for one in known.known if start <= one.end(start) <= end and one.to_renew(today)]
    names = lookup.account_names(con, [one.facts.account_id for one in within])
    found: list[tuple[EndingJson, int | None]] = []
    for contract in within:
        facts, deal = contract.facts, known.deal_for(contract)
        ending_row: EndingJson = {
            "id": facts.id,
            "product": facts.product,
            "account": names[facts.account_id],
            "account_id": facts.account_id,
            "amount": fields.exact(facts.amount, facts.currency),
            "currency": facts.currency,
            "ends_on": dates.iso(contract.end(start)),
            "renewal": deal.title if deal else None,
        }
        found.append((ending_row, facts.amount))
    return sorted(found, key=lambda pair: (pair[0]["ends_on"], pair[0]["id"]))


def _totals(amounts: Iterable[tuple[int | None, str | None]]) -> list[TotalJson]:
    return [
        {"currency": currency, "amount": fields.exact(minor, currency)}
        for currency, minor in judging.totals(amounts).items()
    ]


def _at_risk(
    context: Context, con: sqlite3.Connection, conditions: Sequence[Condition]
) -> list[AtRiskJson]:
    """Return the lines of `today` about business at risk, in its order."""
    config, day = context.config, context.clock.today
    found = today.judge(context, con, conditions, limit=0)
    return [
        {
            "account": entry.account.name,
            "account_id": entry.account.id,
            "kind": line.kind,
            "reason": agenda_words.reason_of(line, config, day),
            "due": dates.iso(line.due),
        }
        for entry in found.entries
        if entry.account
        for line in entry.lines
        if line.kind in AT_RISK
    ]


def _rows(data: WeekPage, minor: Mapping[str, int | None]) -> Iterable[Row]:
    """Return a row for everything that the page names; `minor` are amounts of records, by id."""

    def row(section: str, one: Mapping[str, object], text: object, day: object) -> Row:
        return {
            "section": section,
            "day": day,
            "account": one.get("account"),
            "account_id": one.get("account_id"),
            "text": text,
            "amount": minor.get(str(one.get("id"))),
            "currency": one.get("currency"),
        }

    for one in data["talked"]["by_account"]:
        yield row("talked", one, one["last"]["summary"], one["last"]["day"])
    for moved in data["moved"]:
        yield row("moved", moved, moved["deal"], moved["day"])
    for section, deals in (("won", data["won"]), ("lost", data["lost"])):
        for deal in deals:
            yield row(section, deal, deal["deal"], deal["closed_on"])
    ours = data["promises"]
    for section, due in (
        ("kept", ours["kept"]),
        ("late", ours["late"]),
        ("missed", ours["missed"]),
    ):
        for promise in due:
            yield row(section, promise, promise["text"], promise["due"])
    new, next = data["new"], data["next"]
    for account in new["accounts"]:
        whose = {"account": account["account"], "account_id": account["id"]}
        yield row("new account", whose, account["source"], account["day"])
    for person in new["contacts"]:
        yield row("new contact", person, person["contact"], person["day"])
    for opened in new["deals"]:
        yield row("new deal", opened, opened["deal"], opened["opened_on"])
    for risk in data["at_risk"]:
        yield row("at risk", risk, risk["reason"], risk["due"])
    for appointment in next["appointments"]:
        yield row("appointment", appointment, appointment["text"], appointment["due"])
    for task in next["tasks"]:
        yield row("task", task, task["text"], task["due"])
    for closing in next["closing"]:
        yield row("closing", closing, closing["deal"], closing["close_date"])
    for ending in next["ending"]:
        yield row("ending", ending, ending["product"], ending["ends_on"])
    for review in next["reviews"]:
        yield row("review", review, None, review["day"])
