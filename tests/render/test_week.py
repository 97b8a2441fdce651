"""The week in words: sentences with any figures, and readable sections."""

from __future__ import annotations

from datetime import date
from typing import Any

from rich.console import Console

from acctcli.render import week
from acctcli.render.prose import Days
from acctcli.render.theme import View

TODAY = date(2026, 11, 20)
DAYS = Days(TODAY, TODAY)

NOTHING: Any = {
    "filters": [],
    "period": {"label": "", "start": "2026-11-16", "end": "2026-11-22"},
    "is_over": False,
    "talked": {
        **{"interactions": 0, "two_way": 0, "accounts": 0, "attempts": 0, "minutes": 0},
        "before": {"interactions": 3},
        "by_account": [],
    },
    **{"moved": [], "won": [], "lost": [], "at_risk": []},
    "totals": {"won": [], "lost": []},
    "promises": {"due": 0, "on_time": None, "kept": [], "late": [], "missed": [], "owed_to_us": []},
    "new": {"accounts": [], "contacts": [], "deals": []},
    "next": {
        **{"start": "2026-11-20", "end": "2026-11-29"},
        **{"appointments": [], "tasks": [], "closing": [], "ending": [], "reviews": []},
    },
}


def but(**other: Any) -> Any:
    """Return the page of a week with nothing but these."""
    return {**NOTHING, **other}


def deal(title: str, **more: Any) -> dict[str, Any]:
    return {
        **{"id": title, "deal": title, "account": "Acme", "amount": None, "currency": None},
        **{"opened_on": None, "closed_on": "2026-11-18", "note": None},
        **{"lost_reason": None, "competitor": None, "stage": "proposal"},
        **more,
    }


def test_a_week_of_nothing_is_one_sentence() -> None:
    assert list(week.summary(NOTHING)) == [
        "No conversations logged (the week before, same days: 3)."
    ]
    assert list(week.sections(NOTHING, DAYS)) == []


def test_the_days_of_the_week_are_not_named_by_today() -> None:
    for last in ("2026-11-20", "2026-11-21"):
        data = but(period={"label": "", "start": "2026-11-19", "end": last})
        said = {"2026-11-20": "Fri 20 Nov", "2026-11-21": "Sat 21 Nov"}[last]
        console = Console(width=80)
        with console.capture() as captured:
            console.print(week.draw(data, View(80, TODAY)))
        assert captured.get().splitlines()[0].endswith(f"Thu 19 Nov to {said}")


def test_only_lost_deals_begin_the_sentence_with_them() -> None:
    data = but(lost=[deal("A"), deal("B")])
    assert "Lost 2 deals." in list(week.summary(data))


def test_a_period_that_is_no_week_is_called_one() -> None:
    data = but(is_over=True, period={"start": "2026-10-01", "end": "2026-12-31"})
    assert week.title(data) == "Period"
    assert next(iter(week.summary(data))) == "No conversations logged (the period before: 3)."


def test_a_long_section_counts_the_rest() -> None:
    data = but(won=[deal(f"D{number}") for number in range(30)])
    ((heading, lines),) = week.sections(data, DAYS)
    assert (heading, len(lines), lines[-1].says) == ("Won", week.LONG, "and 19 more")


def test_a_deal_that_moved_says_each_change() -> None:
    changes = [
        {"field": "stage", "old": "proposal", "new": None},
        {"field": "close_date", "old": None, "new": "2026-12-15"},
        {"field": "amount", "old": None, "new": "120000.00"},
    ]
    moved = {**deal("A", currency="SGD", amount="120000.00"), "changes": changes, "notes": ["a\nb"]}
    ((_, (line,)),) = week.sections(but(moved=[moved]), DAYS)
    assert line.says == (
        "A, Acme, 120,000 SGD: proposal → none; closes no date → Tue 15 Dec; "
        "no amount → 120,000 SGD (a ↵ b)"
    )


def test_a_lost_deal_without_a_reason_says_so() -> None:
    ((_, (line,)),) = week.sections(but(lost=[deal("A")]), DAYS)
    assert line.says == "A, Acme: no reason kept"
