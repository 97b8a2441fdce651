"""Reviews: which are due, and what one stores."""

from __future__ import annotations

import pytest

from acctcli.book import reviews
from acctcli.book.context import Context
from acctcli.book.writing import Read
from acctcli.errors import NotFound
from acctcli.model import Values
from acctcli.store import queries, records


@pytest.fixture
def account(context: Context) -> str:
    with context.write() as tx:
        return records.insert(tx, "account", {"name": "GreenTech", "tier": "key"}, {})


def hold(context: Context, account: str, *actions: Values, **values: object) -> str:
    with context.write() as tx:
        return reviews.hold(context, tx, account, Read(dict(values), {}), actions)


def test_a_review_of_today_keeps_the_health_of_today(context: Context, account: str) -> None:
    action = reviews.read_action(context, "Find a champion::fri")
    log = {"account": account, "kind": "call", "at": "2026-11-20T10:00:00Z", "summary": "Talked"}
    with context.write() as tx:
        records.insert(tx, "log", log, {})
    id = hold(context, account, action)
    with context.read() as con:
        data = reviews.page(context, con, id)
        row = queries.get(con, "review", context.fields("review"), id)
    assert (data["held_on"], data["previous"]) == ("2026-11-22", None)
    assert (data["health"], data["rating"]) == (80, None)
    assert row["inputs"] == ("touch=100",)
    assert [(task["text"], task["due"]) for task in data["actions"]] == [
        ("Find a champion", "2026-11-27")
    ]


def test_one_of_an_earlier_day_keeps_none_and_comes_before(context: Context, account: str) -> None:
    early = hold(context, account, held_on="2026-05-01", rating="red")
    late = hold(context, account, next_review=None)
    with context.read() as con:
        assert reviews.page(context, con, early)["health"] is None
        data = reviews.page(context, con, late)
        assert data["previous"]
        assert data["previous"]["id"] == early
        assert data["next_review"] is None
        assert reviews.find(context, con, "greentech") == late
        assert reviews.find(context, con, early) == early


def test_the_tier_says_when_to_look_again(context: Context, account: str) -> None:
    hold(context, account, held_on="2026-05-01")
    with context.read() as con:
        days = context.config.review_cadence["key"]
        (row,) = reviews.due(context, con, [], 0)
        assert row["days_late"] == 205 - days
        assert reviews.due(context, con, [queries.by_id("id", "other")], 0) == []


def test_an_account_without_reviews_says_how_to_hold_one(context: Context, account: str) -> None:
    with context.read() as con, pytest.raises(NotFound, match="acct review run greentech"):
        reviews.find(context, con, "greentech")
