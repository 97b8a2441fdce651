"""`report quality`: a score for the book and each account, every flaw with a command that works."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest
from tests import books
from tests.books import change, configure
from tests.conftest import Program
from tests.filling import filled_once

RULES = """
[fields.account.segment]
type = "text"

[required.strategic]
account = ["owner", "segment"]
contact = ["title"]
deal = ["source"]
purchase = ["quantity"]
"""


@pytest.fixture
@filled_once
def messy(run: Program, home: Path, book: Path) -> None:
    """Make a book with many errors."""
    acme = ("account", "add", "Acme Corp", "--tier", "strategic", "--country", "US")
    run(*acme, "--phone", "+65 6123 4567", "--status", "customer")
    run("account", "add", "Kan-code")
    run("account", "add", "Mother")
    run("account", "add", "Daughter", "--parent", "mother")
    silent = ("contact", "add", "Mei Tan", "--account", "acme", "--role", "economic-buyer")
    run(*silent, "--do-not-contact", "--primary")
    run("contact", "add", "Raj Nair", "--account", "kan", "--email", "raj@kan.com", "--primary")
    run("contact", "add", "Ann Lee", "--account", "acme", "--email", "ann@acme.com")
    # One file may make two people primary; commands leave only one.
    rows = "Ann Lee,Acme Corp,yes\nMei Tan,Acme Corp,yes\n"
    (home / "primary.csv").write_text(f"name,account,primary\n{rows}")
    assert run("import", home / "primary.csv", "--as", "contact").code == 0
    run("deal", "add", "acme", "Rockets", "--amount", "10k", "--close", "2026-11-01")
    run("deal", "contact", "rockets", "raj")
    run("deal", "add", "kan", "Nothing")
    run("purchase", "add", "kan", "5k", "--recurring", "yearly")
    run("review", "run", "kan", "--summary", "Fine")
    # Data that the program refuses may come from elsewhere.
    books.change(
        book,
        "UPDATE account SET parent_id = (SELECT id FROM account WHERE name = "
        "'Daughter') WHERE name = 'Mother'",
    )
    books.change(book, "UPDATE purchase SET ends_on = '2026-01-01'")
    books.change(book, "UPDATE review SET next_review = '2026-01-01'")
    configure(home, RULES)


def report(run: Program, *words: str) -> dict[str, Any]:
    found = run("report", "quality", *words, "-f", "json")
    assert found.code == 0, found.err
    data: dict[str, Any] = found.json()
    return data


def account(data: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [one for one in data["accounts"] if one["account"] == name]
    return dict(found)


def codes(found: dict[str, Any]) -> set[str]:
    return {flaw["code"] for flaw in found["flaws"]}


def test_every_account_has_its_score_and_flaws(run: Program, messy: None) -> None:
    data = report(run)
    assert data["count"] == 4
    assert [one["score"] for one in data["accounts"]] == sorted(
        one["score"] for one in data["accounts"]
    )
    assert data["score"] == sum(one["score"] for one in data["accounts"]) // 4
    acme, kan = account(data, "Acme Corp"), account(data, "Kan-code")
    assert codes(acme) == {
        *("required", "required-below", "recommended", "address", "role", "slipped"),
        *("bought-nothing", "gone", "silent-buyer", "two-primaries", "phone-country"),
    }
    assert codes(kan) == {
        *("tier", "recommended", "amount", "close-date", "has-bought", "term", "review", "role"),
    }
    assert "circle" in codes(account(data, "Mother")) & codes(account(data, "Daughter"))
    assert acme["score"] == max(100 - sum(flaw["points"] for flaw in acme["flaws"]), 0)


def test_flaws_are_added_up(run: Program, messy: None) -> None:
    data = report(run)
    flaws = [flaw for one in data["accounts"] for flaw in one["flaws"]]
    by_code = {same["code"]: same for same in data["flaws"]}
    assert sum(same["flaws"] for same in data["flaws"]) == len(flaws)
    assert sum(group["points"] for group in data["groups"].values()) == sum(
        flaw["points"] for flaw in flaws
    )
    assert by_code["circle"]["accounts"] == 2
    points = [same["points"] for same in data["flaws"]]
    assert points == sorted(points, reverse=True)


def test_every_command_is_one_of_ours_with_options_that_are_there(
    run: Program, messy: None
) -> None:
    commands = {flaw["command"] for one in report(run)["accounts"] for flaw in one["flaws"]}
    assert len(commands) > 10
    for command in commands:
        _, noun, verb, *words = shlex.split(command)
        help = run(noun, verb, "--help")
        assert help.code == 0
        for option in (word for word in words if word.startswith("--")):
            plain = option.replace("--no-", "--[no-]") if "--no-" in option else option
            assert f"{plain} " in help.out, command


def test_a_command_mends_what_it_says(run: Program, messy: None) -> None:
    values = {"owner is empty": "--owner=Kim", "segment is empty": "--set=segment=big"}
    values |= {"phone ": "--phone=+12025550123", "close date": "--close=2026-12-24"}
    values |= {"source": "--source=expo", " title": "--title=CFO"}
    before = account(report(run), "Acme Corp")
    mended = 0
    for flaw in before["flaws"]:
        for said, option in values.items():
            if said in flaw["text"] and " edit " in flaw["command"]:
                done = run(*shlex.split(flaw["command"])[1:], option)
                assert done.code == 0, done.err
                mended += 1
    for flaw in before["flaws"]:
        if flaw["code"] in ("gone", "two-primaries"):
            assert run(*shlex.split(flaw["command"])[1:]).code == 0
    after = account(report(run), "Acme Corp")
    assert mended == 8
    assert codes(after) == {
        *("recommended", "address", "role", "bought-nothing", "silent-buyer"),
    }
    assert after["score"] > before["score"]


def test_one_account_or_those_of_a_tier(run: Program, messy: None) -> None:
    assert [one["account"] for one in report(run, "--account", "kan")["accounts"]] == ["Kan-code"]
    assert report(run, "--tier", "strategic")["count"] == 1
    assert report(run, "--tier", "smb") == {
        "filters": ["tier smb"],
        "score": None,
        "count": 0,
        "groups": {g: {"flaws": 0, "points": 0} for g in ("missing", "stale", "contradiction")},
        "flaws": [],
        "accounts": [],
    }
    limited = report(run, "--limit", "1")
    assert (limited["count"], len(limited["accounts"])) == (4, 1)
    assert run("report", "quality", "--account", "nobody").code == 3


def test_archived_accounts_are_left_out(run: Program, messy: None) -> None:
    run("account", "archive", "acme")
    assert report(run)["count"] == 3


def test_what_becomes_old_and_fresh_again(run: Program, messy: None) -> None:
    def stale(day: str) -> set[str]:
        found = run("--today", day, "report", "quality", "--account", "acme", "-f", "json").json()
        return codes(found["accounts"][0]) & {"stale", "long-stale"}

    # A strategic account hears from us every 14 days; all of it was noted on 22 November.
    assert stale("2027-01-03") == set()
    assert stale("2027-01-04") == {"stale"}
    assert stale("2027-02-15") == {"long-stale"}
    run("--today", "2027-01-04", "log", "note", "acme", "Still there")
    assert stale("2027-02-15") == set()


def test_csv_has_a_line_for_every_flaw(run: Program, messy: None) -> None:
    lines = run("report", "quality", "-f", "csv").out.splitlines()
    assert lines[0] == "account,account_id,number,tier,score,group,code,text,points,command"
    assert len(lines) == 1 + sum(len(one["flaws"]) for one in report(run)["accounts"])
    whole_book = run("account", "list", "-f", "ids").out
    assert run("account", "delete", "-", "--yes", input=whole_book).code == 0
    whole = ("account", "add", "Fine", "--tier", "smb", "--industry", "x", "--country", "SG")
    run(*whole, "--website", "fine.com", "--source", "expo")
    run("contact", "add", "A", "--account", "fine", "--email", "a@fine.com", "--role", "coach")
    (line,) = run("report", "quality", "-f", "csv").out.splitlines()[1:]
    assert line.endswith(",A-0005,smb,100,,,,,")


def test_a_page_for_people(run: Program, messy: None) -> None:
    drawn = run("report", "quality", "-f", "table").out
    first, *rest = drawn.splitlines()
    assert first.startswith("Data quality ")
    assert first.endswith("4 accounts")
    assert "What to fix first" in rest
    assert "acct account edit acme\n" in drawn
    one = run("report", "quality", "--account", "acme", "-f", "table").out
    assert "What to fix first" not in one
    shown = [line for line in one.splitlines() if line.strip().startswith("acct ")]
    assert len(shown) == len(account(report(run), "Acme Corp")["flaws"])
    for width in (8, 30, 200):
        narrow = run("report", "quality", "-f", "table", env={"COLUMNS": str(width)})
        assert narrow.code == 0
        assert "Kan-code" in narrow.out.replace("\n", "")


def test_no_account(run: Program) -> None:
    assert run("account", "list").code == 0
    drawn = run("report", "quality", "-f", "table")
    assert (drawn.code, drawn.out) == (0, "No accounts match.\n")


def test_hostile_names(run: Program) -> None:
    name = "\x1b[31mRed [/bold]\u202e"
    run("account", "add", name)
    run("contact", "add", name, "--account", "A-0001")
    run("deal", "add", "A-0001", name)
    for format in ("table", "json", "csv", "tsv", "md"):
        printed = run("report", "quality", "-f", format).out
        assert "\x1b" not in printed or format == "csv"
        assert "[/bold]" in printed


def test_an_account_whose_last_change_cannot_be_read_is_not_stale(run: Program, book: Path) -> None:
    run("account", "add", "Acme", "--tier", "strategic")
    change(book, "UPDATE account SET updated_at = 'soon'")
    found = run("report", "quality", "-f", "json")
    assert found.code == 0, found.err
    assert "nothing was noted" not in found.out
