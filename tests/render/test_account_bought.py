"""How often an account orders, in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from acctcli.render.account_bought import ordering, renewal, usual_order
from acctcli.render.theme import View

VIEW = View(80, date(2026, 11, 22))


def cadence(**changes: Any) -> Any:
    days = {"last": "2026-10-08", "expected": "2026-11-07", "late_from": "2026-11-15"}
    worth = {"amount": "1200.00", "currency": "SGD"}
    return {"orders": 4, "every_days": 30, **days, "days_late": None, **worth, **changes}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "1,200 SGD every 30 days"),
        ({"every_days": 1}, "1,200 SGD every day"),
        ({"every_days": 30.5, "amount": None, "currency": None}, "every 31 days"),
    ],
)
def test_a_usual_order(changes: dict[str, Any], said: str) -> None:
    assert usual_order(cadence(**changes)) == said


def test_the_next_order_is_named_or_late() -> None:
    assert ordering(cadence(), VIEW).plain.endswith("last 6 weeks ago, next Sat 7 Nov")
    late = ordering(cadence(days_late=1), VIEW).plain
    assert late.startswith("orders 1,200 SGD every 30 days, last 6 weeks ago: ")
    assert "1 day late" in late


def test_a_day_in_words_is_said_once() -> None:
    term: Any = {"standing": "running", "ends_on": "2026-11-23", "auto_renews": None}
    term |= {"product": "Support", "notice_by": None, "due": False, "deal": None}
    term |= {"amount": "10.00", "currency": "SGD"}
    assert renewal(term, VIEW).plain == "Support ends tomorrow, 10 SGD"
    term["ends_on"] = "2026-12-31"
    assert renewal(term, VIEW).plain == "Support ends Thu 31 Dec (in 5 weeks), 10 SGD"
