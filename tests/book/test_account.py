"""The page, the timeline and the family of an account, on the sample book."""

from __future__ import annotations

from datetime import date
from typing import Any

from acctcli.book import account, health
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


def test_a_family_has_its_top_above_the_others(sample: Context) -> None:
    with sample.read() as con:
        family: Any = account.tree(sample, con, "suria")
        every: Any = account.tree(sample, con, None)
    assert family["name"] == "GreenTech Ltd"
    assert "Suria Atap Sdn Bhd" in [child["name"] for child in family["children"]]
    assert family in every["families"]
