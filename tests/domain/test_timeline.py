from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from acctcli.domain.timeline import entries


def log(id: str, at: str, **more: Any) -> dict[str, Any]:
    row = {
        "source": "log",
        "account_id": "a1",
        "kind": "call",
        "direction": "out",
        "summary": "Spoke",
        "contacts": "[]",
    }
    return {**row, "id": id, "at": at, **more}


def change(field: str, old: str | None, new: str | None, **more: Any) -> dict[str, Any]:
    row = {
        "source": "change",
        "account_id": "a1",
        "id": "c1",
        "day": "2026-11-16",
        "deal_id": "d1",
        "title": "Rollout",
    }
    worth = {"currency": "SGD", "amount": 12_000_000, "category": "best-case", "closing": 0}
    return {**row, **worth, "field": field, "old": old, "new": new, **more}


def told(row: dict[str, Any]) -> str:
    return entries([row])[0].text


def test_newest_first_and_days_without_a_time_before_the_talks_of_that_day() -> None:
    found = entries(
        [
            log("l1", "2026-11-16T08:00:00Z"),
            log("l2", "2026-11-16T10:00:00Z"),
            change("stage", "proposal", "negotiation"),
            log("l3", "2026-11-17T08:00:00Z"),
        ]
    )
    assert [entry.id for entry in found] == ["l3", "d1", "l2", "l1"]
    assert found[0].day == date(2026, 11, 17)


def test_what_is_beyond_the_limit_is_the_oldest() -> None:
    rows = [log(f"l{n}", f"2026-11-0{n}T08:00:00Z") for n in range(1, 6)]
    assert [entry.id for entry in entries(rows, 2)] == ["l5", "l4"]


def test_a_talk_has_its_kind_direction_and_people() -> None:
    row = log("l1", "2026-11-16T08:00:00Z", kind="email", contacts='["Mei Tan", "Raj Nair"]')
    entry = entries([row])[0]
    assert (entry.kind, entry.direction, entry.record) == ("email", "out", "log")
    assert entry.contacts == ("Mei Tan", "Raj Nair")
    assert entry.done is None


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (change("stage", "proposal", "negotiation"), "Rollout: proposal → negotiation"),
        (
            change("stage", "negotiation", "won", closing=1, category="closed"),
            "Rollout: negotiation → won, 120,000 SGD",
        ),
        (
            change("stage", "negotiation", "lost", closing=1, category="omitted"),
            "Rollout: negotiation → lost",
        ),
        (change("stage", None, "won", closing=1, category="closed"), "Rollout: won, 120,000 SGD"),
        (change("amount", "10000000", "12000050"), "Rollout: 100,000 SGD → 120,000.50 SGD"),
        (change("amount", "10000000", None), "Rollout: no amount any more"),
        (
            change("close_date", "2026-11-30", "2026-12-15"),
            "Rollout: closes 30 Nov 2026 → 15 Dec 2026",
        ),
        (change("close_date", None, "2026-12-15"), "Rollout: closes 15 Dec 2026"),
    ],
)
def test_changes_of_a_deal(row: dict[str, Any], text: str) -> None:
    assert told(row) == text
    assert entries([row])[0].record == "deal"
    assert entries([row])[0].id == "d1"


def test_deals_that_came_without_a_history() -> None:
    opened = {
        "source": "opened",
        "account_id": "a1",
        "id": "d1",
        "day": "2026-01-01",
        "title": "Rollout",
    }
    closed = {**opened, "source": "closed", "stage": "won", "amount": 500, "currency": "JPY"}
    assert told(opened) == "Rollout: opened"
    assert told(closed) == "Rollout: won, 500 JPY"
    assert told({**closed, "amount": None}) == "Rollout: won"


def test_purchases() -> None:
    row: dict[str, Any] = {
        "source": "purchase",
        "account_id": "a1",
        "id": "p1",
        "day": "2026-01-01",
        "product": "Support",
    }
    row |= {"quantity": 3.0, "amount": 900_000, "currency": "SGD", "ends_on": "2026-12-31"}
    assert told(row) == "3 x Support, 9,000 SGD, until 31 Dec 2026"
    bare = {**row, "product": None, "quantity": None, "ends_on": None}
    assert told(bare) == "Purchase, 9,000 SGD"


@pytest.mark.parametrize(
    ("rating", "health", "summary", "text"),
    [
        ("amber", 64, "Single champion", "amber, health 64: Single champion"),
        (None, None, "On track", "On track"),
        ("green", None, None, "green"),
        (None, None, None, "held"),
    ],
)
def test_reviews(rating: str | None, health: int | None, summary: str | None, text: str) -> None:
    row = {"source": "review", "account_id": "a1", "id": "r1", "day": "2026-10-12"}
    assert told({**row, "rating": rating, "health": health, "summary": summary}) == text


def test_tasks_are_done_or_open() -> None:
    done = {
        "source": "done",
        "account_id": "a1",
        "id": "t1",
        "at": "2026-11-10T09:00:00Z",
        "text": "Send deck",
    }
    opened = {
        "source": "open",
        "account_id": "a1",
        "id": "t2",
        "day": "2026-12-01",
        "text": "Reference call",
    }
    first, second = entries([{**done, "owed_by": "us"}, {**opened, "owed_by": "them"}])
    assert (first.text, first.done, first.at) == ("they owe: Reference call", False, None)
    assert (second.text, second.done) == ("Send deck", True)
    assert second.record == "task"
