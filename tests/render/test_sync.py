from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from rich.console import Console

from acctcli.render import sync, theme
from acctcli.shapes.sync import MachineJson, SyncStatusPage

HERE: MachineJson = {
    "device": "0a1b2c3d",
    "name": "desktop",
    "rep": "Ben",
    "series": "B",
    "last_at": "2026-11-22T09:00:00Z",
    "files": 0,
    "here": True,
}
PAGE: SyncStatusPage = {
    "where": "/home/ben/Dropbox/acct",
    "books": ["west"],
    "home": "west",
    "common": "west",
    "sealed": False,
    "device": "0a1b2c3d",
    "name": "desktop",
    "series": "B",
    "last_sync": "2026-11-22T09:00:00Z",
    "unsent": 0,
    "conflicts": 0,
    "newer": 0,
    "not_erased": [],
    "missing": 0,
    "refused": "",
    "unreadable": "",
    "problem": "",
    "clock_ahead": 3,
    "machines": [HERE],
}


def drawn(page: SyncStatusPage, width: int = 80) -> str:
    view = theme.View(width, date(2026, 11, 22))
    console = Console(width=width, record=True, file=None, color_system=None)
    with console.capture() as captured:
        console.print(sync.status(page, view))
    return captured.get()


def with_more(**more: Any) -> SyncStatusPage:
    found: Any = {**PAGE, **more}
    return found


def test_a_machine_that_has_nothing_to_do() -> None:
    said = drawn(PAGE)
    assert "Shared book: west" in said
    assert "nothing" in said
    assert "this machine" in said
    assert "!" not in said
    assert "conflict" not in said
    assert "acct sync now" in said


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"unsent": 3}, "3 changes"),
        ({"conflicts": 1}, "1 conflict: acct sync conflicts"),
        ({"newer": 1}, "! 1 record waits for a newer acct"),
        ({"missing": 1}, "! 1 record waits for what it belongs to:"),
        ({"missing": 2}, "! 2 records wait for what they belong to:"),
        ({"problem": "the folder is away"}, "! the folder is away"),
        ({"refused": "you may only read the shared book west"}, "! you may only read"),
        ({"unreadable": "the key does not open file 1"}, "the key does not open file 1"),
        ({"clock_ahead": 600}, "10 minutes ahead of"),
        ({"clock_ahead": -600}, "10 minutes behind"),
        ({"last_sync": None}, "never"),
        ({"sealed": True}, "with a key file"),
        ({"books": ["west", "common"], "common": "common"}, "Products in"),
    ],
)
def test_what_a_person_should_know_is_said(more: dict[str, Any], says: str) -> None:
    assert says in " ".join(drawn(with_more(**more)).split())


@pytest.mark.parametrize("width", [40, 80])
def test_other_machines_say_when_they_were_seen(width: int) -> None:
    other = {**HERE, "name": "laptop", "rep": "Ann", "series": "A", "here": False, "files": 2}
    silent = {**other, "name": "", "rep": "", "device": "ffff0001", "last_at": None, "files": None}
    said = drawn(with_more(machines=[HERE, other, silent]), width)
    assert max(map(len, said.splitlines())) <= width
    words = " ".join(said.split())
    assert "laptop" in words
    assert "Ann" in words
    assert "ffff0001" in words
    if width == 80:
        assert "2 files to take in" in words
        assert "nothing sent yet" in words


def test_a_conflict_that_was_read_says_so() -> None:
    row = {
        "id": "x",
        "short": "3f2a",
        "account": "GreenTech Ltd",
        "kind": "deal",
        "record": "Rollout",
        "fields": ["amount"],
        "stands": "45,000 USD",
        "set_aside": "4,000 EUR",
        "stands_by": "this machine",
        "stands_at": "2026-11-22T10:00:00Z",
        "set_aside_by": "Ann, laptop",
        "set_aside_at": "2026-11-20T09:00:00Z",
        "seen_at": None,
    }
    view = theme.View(80, date(2026, 11, 22))
    console = Console(width=80, record=True, file=None, color_system=None)
    with console.capture() as captured:
        console.print(sync.conflicts({"rows": [row, {**row, "seen_at": "2026-11-22"}]}, view))
    first, stands, aside, between, read, *_ = captured.get().splitlines()
    assert first.startswith("GreenTech Ltd: deal Rollout, amount")
    assert first.endswith("3f2a")
    assert stands.split() == ["stands", "45,000", "USD", "this", "machine,", "today", "10:00"]
    assert "Ann, laptop, Fri 20 Nov" in aside
    assert between.strip() == ""
    assert read.endswith("3f2a (read)")
