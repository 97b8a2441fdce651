"""The lines that a customer got, on machines of which one changed them meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Program
from tests.syncing import Machine, rest, same, shared

Two = tuple[Machine, Machine]
NUMBER = "Q-2026-0001"


@pytest.fixture
def two(run: Program, tmp_path: Path) -> Two:
    """Two machines that share a draft of a quote."""
    ann, ben = shared(run, tmp_path, "ann", "ben")
    ann("account", "add", "Acme")
    ann("deal", "add", "Acme", "licence", "--amount", "1000", "--currency", "SGD")
    ann("deal", "quote", "licence", "--valid", "2026-12-31", "--tax", "9", "--recurring", "yearly")
    rest((ann, ben))
    return ann, ben


def proposals(machine: Machine) -> list[tuple[str, str]]:
    return machine.rows(
        "SELECT substr(at, 1, 10), body FROM log WHERE kind = 'proposal' ORDER BY at"
    )


def test_the_proposal_keeps_the_lines_in_a_form_that_stays(two: Two) -> None:
    ann, _ = two
    ann("quote", "line", NUMBER, "1", "--discount", "10", "--starts", "2027-01-01", "--ends", "1y")
    ann("quote", "line", NUMBER, "--add", "Setup", "--unit-price", "100.50", "--quantity", "2.5")
    ann("quote", "send", NUMBER)
    (proposal,) = proposals(ann)
    assert proposal[1].splitlines() == [
        "1. licence: 1 x 1,000 SGD, less 10 %, tax 9 %, yearly, from 2027-01-01 until 2027-12-31",
        "2. Setup: 2.5 x 100.50 SGD, tax 9 %",
    ]
    assert ann("quote", "show", NUMBER, "-f", "json").json()["sent_lines"] == []


@pytest.mark.parametrize("edit", ["--quantity=5", "--text=another licence"])
@pytest.mark.parametrize("first", [0, 1])
def test_a_line_changed_while_another_machine_sent_the_quote_is_told(
    two: Two, edit: str, first: int
) -> None:
    ann, ben = two
    if first:
        ben("quote", "line", NUMBER, "1", edit)
        ann("quote", "send", NUMBER)
    else:
        ann("quote", "send", NUMBER)
        ben("quote", "line", NUMBER, "1", edit)
    ann.sync()
    told = [one("sync", "now").err for one in (ben, ann)]
    assert all(f"{NUMBER} was sent, and has other lines than the customer got" in e for e in told)
    same(two)
    for one in two:
        page = one("quote", "show", NUMBER, "-f", "json").json()
        assert page["sent_lines"] == ["1. licence: 1 x 1,000 SGD, tax 9 %, yearly"]
        assert "The customer got other lines" in one("quote", "show", NUMBER).out
    accepted = ann("quote", "accept", NUMBER).err
    assert "Its lines are not those that the customer got. Those were: 1. licence: 1 x" in accepted


def test_a_quote_sent_twice_on_one_day_is_one_proposal(two: Two) -> None:
    for one in two:
        one("quote", "send", NUMBER)
    same(two)
    for one in two:
        assert len(proposals(one)) == 1
    assert {conflict["fields"][0] for conflict in two[0].conflicts()} <= {"at"}


def test_a_quote_sent_on_two_days_was_proposed_twice(two: Two) -> None:
    ann, ben = two
    ann("quote", "send", NUMBER, "--on", "2026-11-20")
    ben("quote", "send", NUMBER)
    same(two)
    assert [day for day, _ in proposals(ann)] == ["2026-11-20", "2026-11-22"]
    assert ann("quote", "show", NUMBER, "-f", "json").json()["sent_lines"] == []


def test_what_is_sent_again_after_an_undo_that_kept_the_proposal(two: Two) -> None:
    ann, _ = two
    ann("quote", "send", NUMBER)
    log = ann.value("SELECT id FROM log WHERE kind = 'proposal'")
    ann("log", "edit", log, "--outcome", "they like it")
    sending = ann.value("SELECT seq FROM command WHERE says LIKE 'Sent Q%'")
    ann("undo", str(sending), "--keep-edited")
    assert ann.value("SELECT status FROM quote") == "draft"
    assert len(proposals(ann)) == 1
    ann("quote", "line", NUMBER, "1", "--quantity", "2")
    ann("quote", "send", NUMBER)
    assert [body for _, body in proposals(ann)] == ["1. licence: 2 x 1,000 SGD, tax 9 %, yearly"]


def test_a_proposal_of_tomorrow_is_refused(two: Two) -> None:
    refused = two[0].tries("quote", "send", NUMBER, "--on", "2026-11-23")
    assert refused.code == 4
    assert "in the future" in refused.err
    assert proposals(two[0]) == []
