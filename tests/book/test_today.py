"""The agenda of a day, on the sample book."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.conftest import Program

from acctcli.book import contracts, reorders, today
from acctcli.book.context import Context
from acctcli.domain import agenda
from acctcli.domain.agenda_facts import AgendaFacts, LateOrderFacts
from acctcli.domain.figures import nearest
from acctcli.store import queries
from acctcli.store.facts import agenda as sql
from acctcli.values.dates import iso


def test_one_row_an_account_or_all_its_lines(sample: Context) -> None:
    with sample.read() as con:
        strongest = today.judge(sample, con, [])
        every = today.judge(sample, con, [], everything=True, explain=True)
    assert len(strongest.rows) == len(strongest.entries)
    assert len(every.rows) == sum(len(entry.lines) for entry in every.entries)
    assert all(row.keys() == set(today.COLUMNS) for row in strongest.rows)
    assert all(row.keys() == today.FIELDS.keys() for row in every.rows)
    assert [row["rank"] for row in strongest.rows] == [*range(1, len(strongest.rows) + 1)]


def test_a_limit_leaves_out_rows_and_counts_all(sample: Context) -> None:
    with sample.read() as con:
        found = today.judge(sample, con, [], limit=2)
    page = today.page(sample, found)
    assert len(page["accounts"]) == len(found.rows) == 2
    assert page["needing"] == len(found.entries) > 2
    assert page["next"] is None


def test_of_some_accounts_there_is_no_task_without_an_account(sample: Context) -> None:
    with sample.read() as con:
        id = sample.find(con, "account", "greentech ltd").id
        found = today.judge(sample, con, [queries.by_id("id", id)])
    assert [row["account"] for row in found.rows] == ["GreenTech Ltd"]
    assert all(task.account_id for task in found.facts.tasks)


def test_a_day_without_anything_says_what_comes_next(context: Context) -> None:
    with context.read() as con:
        page = today.page(context, today.judge(context, con, []))
    assert page == {
        "appointments": [],
        "accounts": [],
        "needing": 0,
        "tomorrow": 0,
        "known": 0,
        "next": None,
        "first_contacts": None,
        "room": None,
        "detail": False,
        "commands": False,
    }


# Narrowed down


def everything(
    context: Context, con: sqlite3.Connection, facts: AgendaFacts, day: date
) -> AgendaFacts:
    """Return the same facts, with all that queries leave out because it cannot matter."""
    config, known = context.config, contracts.read(con, context.config)
    selling = {deal.account_id for deal in facts.deals}
    orders = [
        LateOrderFacts(
            *(one.account_id, nearest(one.gap), iso(one.last), iso(one.late_from)),
            *(one.amount, one.currency),
        )
        for one in reorders.cadences(con, config, sorted(facts.accounts.keys() - selling))
        if 0 < (one.days_late(day + timedelta(days=1)) or 0) <= config["today.reorder_days"] + 1
    ]
    senders = sql.senders(con, [one.id for one in facts.said])
    return facts.replace(
        contracts=known.known, renewals=known.deals, orders=orders, senders=senders
    )


@pytest.mark.parametrize("months", [-9, -2, 0, 5, 11, 23])
def test_what_is_narrowed_down_is_judged_as_everything_would_be(
    sample: Context, home: Path, months: int
) -> None:
    kinds = set()
    first = sample.clock.today + timedelta(days=30 * months)
    for day in (first + timedelta(days=n) for n in range(0, 30, 3)):
        context = Context(db=str(home / "own.db"), today=iso(day))
        with context.read() as con:
            facts = today.judge(context, con, []).facts
            whole = everything(context, con, facts, day)
        for judged in (day, day + timedelta(days=1)):
            found = agenda.judge(facts, context.config, judged)
            assert found == agenda.judge(whole, context.config, judged)
            kinds |= {line.kind for entry in found for line in entry.lines}
    assert kinds


def test_who_left_matters_where_a_contract_runs_for_long(run: Program) -> None:
    run("account", "add", "Acme")
    run("contact", "add", "Mei Tan", "--account", "Acme", "--role", "champion")
    year = ("--starts", "2026-06-01", "--ends", "2028-05-31", "--recurring", "yearly")
    run("purchase", "add", "Acme", "1200 SGD", "--on", "2026-06-01", *year)
    run("account", "add", "Other")
    run("contact", "move", "Mei Tan", "--to", "Other")
    (line,) = run("today", "-f", "json").json()
    assert (line["kind"], line["account"]) == ("left", "Acme")
