"""The page and the timeline of an account, on the sample book."""

from __future__ import annotations

from datetime import date

import pytest
from tests.conftest import Program

from acctcli.book import account, chances, health, reading
from acctcli.book.context import Context


def test_the_page_agrees_with_the_judgement(sample: Context) -> None:
    with sample.read() as con:
        id = sample.find(con, "account", "greentech ltd").id
        data = account.page(sample, con, id)
        judged = health.one(sample, con, id)
    assert data["health"] == health.as_json(judged)
    assert data["cadence"]["days"] == judged.facts.cadence
    assert len(data["timeline"]) == account.LAST_ENTRIES < data["timeline_count"]
    assert data["contacts"][0]["primary"]
    assert data["plan"]["progress"]["of"] == 4


def test_entries_are_of_some_kinds_since_a_day(sample: Context) -> None:
    with sample.read() as con:
        id = sample.find(con, "account", "greentech ltd").id
        found = account.entries(con, id, ["call", "meeting"], date(2026, 1, 1), 3)
    assert len(found) == 3
    assert all(entry.keys() == account.ENTRY_FIELDS.keys() for entry in found)
    assert {entry["kind"] for entry in found} <= {"call", "meeting"}
    assert [entry["day"] for entry in found] == sorted((e["day"] for e in found), reverse=True)


def test_entries_of_a_group_have_their_accounts(sample: Context) -> None:
    with sample.read() as con:
        ids = reading.in_groups(con, ["greentech ltd"])
        found = account.group_entries(con, ids, ["call"], None, 5)
        own = account.entries(con, ids[0], ["call"], None, None)
    assert [entry["day"] for entry in found] == sorted((e["day"] for e in found), reverse=True)
    assert len(found) == 5
    assert {entry["account"] for entry in found} == {"GreenTech Ltd", "Suria Atap Sdn Bhd"}
    assert all(entry.keys() == {*account.GROUP_ENTRY_FIELDS, "account_id"} for entry in found)
    assert {entry["id"] for entry in found if entry["account_id"] == ids[0]} <= {
        entry["id"] for entry in own
    }


def test_the_page_of_a_large_book_does_not_wait_for_the_rates(
    run: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("account", "add", "Acme")
    run("deal", "add", "Acme", "Rollout")
    [deal] = run("account", "show", "acme", "-f", "json").json()["deals"]
    assert deal["win_rate"] == run("deal", "show", "rollout", "-f", "json").json()["win_rate"]
    monkeypatch.setattr(chances, "QUICK", 0)
    [deal] = run("account", "show", "acme", "-f", "json").json()["deals"]
    assert deal["win_rate"] is None
