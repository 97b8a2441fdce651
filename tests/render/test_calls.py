"""My call on a screen: week by week beside the forecast, and the outcome below."""

from __future__ import annotations

from datetime import date
from typing import Any

from rich.console import Group

from acctcli.render import calls, theme


def drawn(found: Any) -> str:
    view = theme.View(80, date(2026, 11, 27), unicode=True, color=False)
    return theme.drawn_for(lambda data, view: Group(*calls.table(data["calls"], view)), found, view)


def test_call_forecast_and_outcome_stand_side_by_side() -> None:
    week = {"id": "1", "week": "2026-11-16", "currency": "SGD"}
    found = {
        **{"over": False, "currency": "SGD", "outcome": "40.00"},
        "weeks": [
            {**week, "call": "280.00", "forecast": "457.49", "closed": "27.00"},
            {**week, "week": "2026-11-23", "call": "320.00", "forecast": None, "closed": "40.00"},
        ],
    }
    assert drawn({"calls": found}) == (
        "\n"
        "week of     my call  forecast  closed\n"
        "Mon 16 Nov  280 SGD   457 SGD  27 SGD\n"
        f"Mon 23 Nov  320 SGD         {theme.NONE}  40 SGD\n"
        "so far                         40 SGD\n"
    )
    assert "outcome" in drawn({"calls": {**found, "over": True}})


def test_without_a_promise_nothing_is_drawn() -> None:
    assert drawn({"calls": None}).strip() == ""
