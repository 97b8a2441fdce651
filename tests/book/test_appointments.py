"""What appointments are called, and which of them overlap."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from acctcli.book import appointments
from acctcli.book.context import Context
from acctcli.errors import Invalid
from acctcli.store import records

TODAY = date(2026, 11, 22)


def add(context: Context, text: str, at: str, **values: Any) -> str:
    with context.write() as tx:
        return records.insert(tx, "task", {"text": text, "at": f"2026-11-{at}:00Z", **values})


def said(context: Context, id: str) -> list[str]:
    with context.read() as con:
        return [one.rpartition(" (")[0] for one in appointments.overlaps(con, [id], TODAY)]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({}, "tomorrow 09:00"),
        ({"duration": 90, "place": "Room 4"}, "tomorrow 09:00 to 10:30, Room 4"),
        ({"duration": 24 * 60}, "tomorrow 09:00 to Tue 24 Nov 09:00"),
    ],
)
def test_when_and_where_an_appointment_is(values: dict[str, Any], says: str) -> None:
    row = {"at": "2026-11-23T09:00:00Z", "duration": None, "place": None, **values}
    assert appointments.said(row, TODAY) == says


@pytest.mark.parametrize(
    ("at", "duration", "overlaps"),
    [
        ("23T09:30", None, True),
        ("23T09:00", None, True),
        ("23T08:30", 45, True),
        ("22T08:30", 48 * 60, True),
        ("23T08:00", 60, False),  # it ends when the other begins
        ("23T10:00", 60, False),
        ("23T08:30", None, False),  # how long it takes is not known
    ],
)
def test_what_overlaps(context: Context, at: str, duration: int | None, overlaps: bool) -> None:
    add(context, "QBR", "23T09:00", duration=60, place="Room 4")
    new = add(context, "Demo", at, duration=duration)
    assert said(context, new) == (
        ['"Demo" overlaps "QBR", tomorrow 09:00 to 10:00, Room 4'] if overlaps else []
    )


def test_what_is_done_or_has_no_time_overlaps_nothing(context: Context) -> None:
    add(context, "QBR", "20T09:00", done_at="2026-11-20T10:00:00Z")
    new = add(context, "Demo", "20T09:00")
    assert said(context, new) == []
    with context.write() as tx:
        task = records.insert(tx, "task", {"text": "Call", "due": "2026-11-20"})
    assert said(context, task) == []


def test_two_that_are_given_are_told_once(context: Context) -> None:
    ids = [add(context, "QBR", "23T09:00"), add(context, "Demo", "23T09:00")]
    with context.read() as con:
        assert len(list(appointments.overlaps(con, ids, TODAY))) == 1


def test_an_appointment_is_moved_at_its_own_time_or_another(context: Context) -> None:
    id = add(context, "QBR", "23T09:00")
    with context.write() as tx:
        to = date(2026, 11, 27)
        assert appointments.moved_to(context, tx, id, "fri", to) == "2026-11-27T09:00:00Z"
        assert appointments.moved_to(context, tx, id, "fri 3pm", to) == "2026-11-27T15:00:00Z"
        with pytest.raises(Invalid, match="QBR: 09:00 on that day is in the past"):
            appointments.moved_to(context, tx, id, "today", TODAY)
        task = records.insert(tx, "task", {"text": "Call", "due": "2026-11-20"})
        assert appointments.moved_to(context, tx, task, "fri", to) is None
