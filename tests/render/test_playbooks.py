from __future__ import annotations

from datetime import date

import pytest
from rich.console import Console

from acctcli.render import playbooks, theme
from acctcli.shapes.playbook import PlaybookPage, PlaybookRunJson

RUN: PlaybookRunJson = {
    "id": "01a21e20-2cc3-73a4-a76e-95e6bc0d228e",
    "about": "deal",
    "account": "Acme\x1b[31m",
    "account_id": "1",
    "deal": "Rollout",
    "deal_id": "2",
    "purchase_id": None,
    "ends_on": None,
    "started_on": "2026-11-20",
    "stopped_on": None,
    "open": 2,
    "done": 1,
    "next": "2026-11-25",
}


def drawn(data: PlaybookPage, width: int = 80) -> str:
    view = theme.View(width, date(2026, 11, 22))
    console = Console(width=width, record=True, file=None, color_system=None)
    with console.capture() as captured:
        console.print(playbooks.page(data, view))
    return captured.get()


def page(**more: object) -> PlaybookPage:
    data = {
        "playbook": "onboarding",
        "when": "deal won",
        "tasks": [
            {"text": "Call {contact}", "due": "+3d", "owed_by": "us", "every": None},
            {"text": "Sign", "due": "", "owed_by": "them", "every": "1m"},
        ],
        "runs": [RUN],
        "due": [],
    }
    return data | more  # type: ignore[return-value]  # a page with other parts


@pytest.mark.parametrize("width", [30, 80])
def test_the_page_says_what_sets_it_off_and_how_far_each_run_is(width: int) -> None:
    said = " ".join(drawn(page(), width).split())
    for part in ("deal won", "+3d", "Call {contact}", "no date", "1 of 3 done", "next Wed 25 Nov"):
        assert part in said
    assert "\x1b" not in said


def test_a_run_that_is_over_or_stopped_says_so() -> None:
    over: PlaybookRunJson = {**RUN, "open": 0, "next": None}
    stopped: PlaybookRunJson = {**RUN, "stopped_on": "2026-11-21"}
    said = drawn(page(runs=[over, stopped]))
    assert "done" in said
    assert "stopped yesterday" in said


def test_only_the_first_runs_are_drawn_and_the_rest_is_counted() -> None:
    assert "and 2 more runs" in drawn(page(runs=[RUN] * 12))


def test_what_is_due_comes_with_the_command_that_starts_it() -> None:
    due = [{"id": "x-1234", "account": "Acme", "deal": None, "ends_on": "2027-01-01"}]
    said = drawn(page(due=due))
    assert "contract to Fri 1 Jan" in said
    assert "acct playbook run --due" in said
