"""The people of an account, on the sample book."""

from __future__ import annotations

from datetime import date
from typing import Any

from acctcli.book import people
from acctcli.book.context import Context
from acctcli.store.facts import touches


def below(found: Any) -> dict[str, Any]:
    return {person["name"]: below(person["reports"]) for person in found}


def test_those_who_decide_come_first(sample: Context) -> None:
    with sample.read() as con:
        account = sample.find(con, "account", "greentech ltd")
        found = people.of_account(sample, con, account.id)
    assert [person["name"] for person in found] == ["Mei Tan", "Raj Nair", "Ana Lim"]
    assert found[0]["primary"]


def test_people_stand_below_whom_they_report_to(sample: Context) -> None:
    with sample.read() as con:
        account = sample.find(con, "account", "greentech ltd")
        data = people.page(sample, con, account.id)
    assert data["name"] == "GreenTech Ltd"
    assert below(data["people"]) == {"Mei Tan": {"Raj Nair": {"Ana Lim": {}}}}
    assert {deal["rating"] for deal in data["deals"]} == {"green"}


def test_a_person_comes_with_all_that_belongs_to_them(sample: Context) -> None:
    with sample.read() as con:
        page = people.person(sample, con, sample.find(con, "contact", "mei tan").id)
    assert (page["name"], page["account"]) == ("Mei Tan", "GreenTech Ltd")
    assert len(page["interactions"]) <= people.LAST_INTERACTIONS
    assert page["interaction_count"] >= len(page["interactions"]) > 0
    assert all("Mei Tan" in log["contacts"] for log in page["interactions"])
    assert {deal["role"] for deal in page["deals"]} != {None}
    assert all(task["done_at"] is None for task in page["tasks"])


def test_the_strength_is_the_same_with_touches_of_all_times(sample: Context) -> None:
    with sample.read() as con:
        ids = [id for (id,) in con.execute("SELECT id FROM contact")]
        every = touches.with_people(con, ids, date(2000, 1, 1))
        found = people.strengths_of(sample, con, ids)
    assert found
    assert people.strengths(sample, every) == found
    assert people.strengths(sample, every) != people.strengths(sample, [])
    assert min(touch.day for touch in every) < date(2025, 12, 1)
