"""`acct deal board` and `acct deal changes`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.books import configure
from tests.cli.dealing import add_accounts, add_eventful, add_several, rollout, shown
from tests.conftest import Program
from tests.filling import filled_once


@pytest.fixture(autouse=True)
@filled_once
def accounts(run: Program) -> None:
    add_accounts(run)


@pytest.fixture
@filled_once
def several(run: Program) -> None:
    add_several(run)


# board


@pytest.mark.usefixtures("several")
def test_the_board_as_data(run: Program) -> None:
    board = run("deal", "board", "-f", "json").json()
    assert board["closed_in"] == {"label": "Q4 2026", "start": "2026-10-01", "end": "2026-12-31"}
    found = {stage["stage"]: stage for stage in board["stages"]}
    assert list(found) == [
        *("prospecting", "qualification", "needs-analysis", "proposal", "negotiation"),
        *("won", "lost"),
    ]
    assert [deal["title"] for deal in found["prospecting"]["deals"]] == ["Starter", "Undated"]
    assert found["prospecting"]["count"] == 2
    assert found["prospecting"]["totals"] == [{"currency": "USD", "amount": 6000}]
    assert [deal["title"] for deal in found["won"]["deals"]] == ["Done"]
    assert found["lost"]["count"] == 0  # it was lost in another quarter
    assert found["won"]["deals"][0]["account"] == "Kan-code"


@pytest.mark.usefixtures("several")
def test_the_board_beside_each_other_and_below(run: Program) -> None:
    wide = run("deal", "board", env={"COLUMNS": "80"}).out
    assert wide.splitlines()[0].split("  ")[0] == "prospecting 2"
    assert "won (Q4) 1" in wide.splitlines()[0]
    assert re.search(r"GreenTech Ltd +120k SGD", wide)
    assert "Thu 12 Nov !" in wide
    assert max(map(len, wide.splitlines())) <= 80
    narrow = run("deal", "board", env={"COLUMNS": "40"}).out.splitlines()
    assert narrow[0] == "prospecting 2 · 6,000 USD"
    assert max(map(len, narrow)) <= 40


@pytest.mark.usefixtures("several")
def test_the_board_of_one_owner(run: Program) -> None:
    board = run("deal", "board", "--owner", "Kim", "-f", "json").json()
    assert [s["stage"] for s in board["stages"] if s["count"]] == ["proposal"]


def test_an_empty_board_says_how_to_begin(run: Program) -> None:
    assert run("deal", "board").out == "No deals yet: acct deal add\n"


def test_a_stage_that_was_taken_out_of_the_settings_is_still_there(
    run: Program, home: Path
) -> None:
    rollout(run)
    stages = (("talk", 20, "pipeline"), ("won", 100, "closed"), ("lost", 0, "omitted"))
    config = "".join(
        f'[[stages]]\nname = "{n}"\nprobability = {p}\ncategory = "{c}"\n' for n, p, c in stages
    )
    configure(home, config)
    board = run("deal", "board", "-f", "json").json()
    assert [(s["stage"], s["count"]) for s in board["stages"]] == [
        *(("talk", 0), ("won", 0), ("lost", 0), ("proposal", 1)),
    ]
    assert run("deal", "move", "platform", "talk").code == 0
    assert shown(run)["probability"] == 20


# changes


@pytest.fixture
@filled_once
def eventful(run: Program) -> None:
    add_eventful(run)


@pytest.mark.usefixtures("eventful")
def test_changes_since_a_day_as_data(run: Program) -> None:
    found = run("deal", "changes", "--since", "2026-11-15", "-f", "json").json()
    names = ("what", "title", "day", "old", "new", "days", "difference", "pushes")
    assert [tuple(row[name] for name in names) for row in found] == [
        ("won", "Support", "2026-11-20", "prospecting", "won", None, None, 0),
        ("lost", "Training", "2026-11-20", "prospecting", "lost", None, None, 0),
        ("new", "More", "2026-11-21", None, "prospecting", None, None, 0),
        ("moved", "Rollout", "2026-11-18", "prospecting", "negotiation", None, None, 2),
        ("pushed", "Rollout", "2026-11-20", "2026-12-15", "2027-01-31", 47, None, 2),
        ("grown", "Rollout", "2026-11-20", "120000.00", "125000.00", None, 5000, 2),
    ]
    assert found == run("deal", "changes", "-f", "json").json()  # the last seven days
    latest = run("deal", "changes", "--since", "2026-11-19", "-f", "json").json()
    assert [row["what"] for row in latest] == ["won", "lost", "new", "pushed", "shrunk"]
    one = run("deal", "changes", "--owner", "kim", "-f", "json").json()
    assert one == []  # the account has another owner than the deal
    words = ("--account", "greentech", "-f", "json")
    assert {row["title"] for row in run("deal", "changes", *words).json()} == {"Rollout"}


@pytest.mark.usefixtures("eventful")
def test_changes_in_every_format(run: Program) -> None:
    page = run("deal", "changes", "-f", "table", env={"COLUMNS": "80"}).out
    assert page.startswith("Won 1 · 20,000 SGD\n Kan-code  Support  prospecting → won · 20,000 SGD")
    assert "Tue 15 Dec → Sun 31 Jan, 47 days" in page
    assert "Grown 1 · 5,000 SGD\n GreenTech Ltd  Rollout  120,000 → 125,000 SGD" in page
    assert max(map(len, page.splitlines())) <= 80
    assert run("deal", "changes", "-f", "csv").out.count("\n") == 7
    assert run("deal", "changes").out.splitlines()[0].split("\t")[1:4] == [
        *("won", "2026-11-20", "Kan-code"),
    ]
    ids = run("deal", "changes", "-f", "ids").out.split()
    assert len(ids) == len(set(ids)) == 4


def test_nothing_happened(run: Program) -> None:
    done = run("deal", "changes", "-f", "table")
    assert (done.code, done.out) == (0, "")
    assert done.err == "No deal changes since Sun 15 Nov.\n"
    back = run("deal", "changes", "--since", "2w", "-f", "table")
    assert back.err == "No deal changes since Sun 8 Nov.\n"
    refused = run("deal", "changes", "--since", "next fri")
    assert refused.code == 2
    assert "--since next fri is Fri 27 Nov 2026, in the future. Write 3m, yesterday" in refused.err
