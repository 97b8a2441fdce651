from __future__ import annotations

from datetime import date
from typing import Any

from acctcli.config import STAGES
from acctcli.domain import asof, movement
from acctcli.domain.asof import ChangeFacts, DealFacts, History

FIRST, TODAY = date(2026, 11, 15), date(2026, 11, 22)


def deal(**changes: Any) -> DealFacts:
    values = {
        "id": "d",
        "account": "GreenTech",
        "account_id": "a",
        "title": "Rollout",
        "stage": "proposal",
        "category": "best-case",
        "amount": 100,
        "currency": "SGD",
        "close_date": "2026-12-15",
        "opened_on": "2026-10-01",
        "closed_on": None,
        "owner": None,
        "tier": None,
    }
    return DealFacts._make({**values, **changes}.values())


def history(now: DealFacts, *changes: tuple[str | None, ...]) -> History:
    """Return a deal with its changes: day, field, old, new, and perhaps a note."""
    (found,) = asof.histories(
        [now], [ChangeFacts._make((now.id, *change, None)[:6]) for change in changes], STAGES
    )
    return found


def told(*known: History) -> list[tuple[str, str, str | int | None, str | int | None]]:
    found = movement.since(known, FIRST, TODAY)
    return [(one.what, one.day, one.old, one.new) for one in found]


def test_a_deal_that_did_not_change_is_no_news() -> None:
    assert told(history(deal())) == []


def test_a_deal_opened_on_the_first_day_is_new_and_one_opened_before_is_not() -> None:
    assert told(history(deal(opened_on="2026-11-15"))) == [("new", "2026-11-15", None, "proposal")]
    assert told(history(deal(opened_on="2026-11-14"))) == []
    assert told(history(deal(opened_on="2026-11-23"))) == []


def test_the_note_is_that_of_the_last_change_of_its_field() -> None:
    first = ("2026-11-18", "stage", "prospecting", "proposal", "They asked for it")
    moved = history(deal(), first)
    (found,) = movement.since([moved], FIRST, TODAY)
    assert found.note == "They asked for it"
    again = history(
        deal(stage="negotiation"), first, ("2026-11-19", "stage", "proposal", "x", None)
    )
    assert movement.since([again], FIRST, TODAY)[0].note is None
    before = history(deal(), ("2026-11-01", "stage", "prospecting", "proposal", "Old"))
    assert movement.since([before], FIRST, TODAY) == []


def test_a_close_date_goes_one_way_or_the_other() -> None:
    out = ("2026-11-20", "close_date", "2026-12-01", "2026-12-15")
    assert told(history(deal(), out)) == [("pushed", "2026-11-20", "2026-12-01", "2026-12-15")]
    back = ("2026-11-20", "close_date", "2026-12-31", "2026-12-15")
    assert told(history(deal(), back)) == [("pulled in", "2026-11-20", "2026-12-31", "2026-12-15")]


def test_a_close_date_moved_out_and_back_is_no_news_but_a_push() -> None:
    both = (
        ("2026-11-18", "close_date", "2026-12-15", "2026-12-31"),
        ("2026-11-20", "close_date", "2026-12-31", "2026-12-15"),
    )
    assert told(history(deal(), *both)) == []
    assert movement.pushes(history(deal(), *both), "2026-11-22") == 1


def test_pushes_count_to_the_end_of_a_day_and_only_later_days() -> None:
    known = history(
        deal(),
        ("2026-11-01", "close_date", None, "2026-11-10"),
        ("2026-11-02", "close_date", "2026-11-10", "2026-11-20"),
        ("2026-11-03", "amount", "1", "2"),
        ("2026-11-10", "close_date", "2026-11-20", "2026-12-15"),
    )
    assert movement.pushes(known, "2026-11-09") == 1
    assert movement.pushes(known, "2026-11-10") == 2


def test_an_amount_grows_or_shrinks() -> None:
    grown = ("2026-11-20", "amount", "60", "100")
    assert told(history(deal(), grown)) == [("grown", "2026-11-20", 60, 100)]
    shrunk = ("2026-11-20", "amount", "160", "100")
    assert told(history(deal(), shrunk)) == [("shrunk", "2026-11-20", 160, 100)]
    first = ("2026-11-20", "amount", None, "100")
    assert told(history(deal(), first)) == [("grown", "2026-11-20", None, 100)]


def test_what_is_told_stands_in_its_order() -> None:
    moved = history(
        deal(id="m", title="Moved"), ("2026-11-20", "stage", "qualification", "proposal")
    )
    new = history(deal(id="n", title="New", opened_on="2026-11-21"))
    newer = history(deal(id="o", title="Newer", opened_on="2026-11-22"))
    assert told(moved, new, newer) == [
        ("new", "2026-11-22", None, "proposal"),
        ("new", "2026-11-21", None, "proposal"),
        ("moved", "2026-11-20", "qualification", "proposal"),
    ]
