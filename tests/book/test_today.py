"""The agenda of a day, on the sample book."""

from __future__ import annotations

from acctcli.book import today
from acctcli.book.context import Context
from acctcli.store import queries


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
