from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from tests.books import configure
from tests.commands import do
from tests.conftest import Program
from tests.terminals import needs_terminal, on_a_terminal

from acctcli.domain.agenda_points import POINTS
from acctcli.domain.agenda_words import TIMES

KEYS = ["rank", "kind", "account", "account_id", "reason", "due", "score", "command", "at"]
HOSTILE = "\x1b[31mRed\u202e [/bold]:100: O'Neil"


@pytest.fixture
def sample(sample_book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Use a copy of the sample book."""
    copy = shutil.copy(sample_book, tmp_path / "sample.db")
    monkeypatch.setenv("ACCTCLI_DB", str(copy))
    return Path(copy)


def lines(run: Program, *words: str) -> list[dict[str, Any]]:
    done = run("today", "-f", "json", *words)
    assert done.code == 0, done.err
    found: list[dict[str, Any]] = done.json()
    return found


def screen(run: Program, *words: str, columns: int = 80) -> list[str]:
    done = run("today", "-f", "table", *words, env={"COLUMNS": str(columns)})
    assert done.code == 0, done.err
    return done.out.splitlines()


# The sample book


@pytest.mark.usefixtures("sample")
def test_the_sample_book_shows_every_rule(run: Program) -> None:
    found = {(line["account"].split()[0], line["kind"]) for line in lines(run, "--all")}
    assert found == {
        ("GreenTech", "promise"),
        ("GreenTech", "objective"),
        ("Kisarabe", "closing"),
        ("Tessaline", "promise"),
        ("Talibara", "promise"),
        ("Rimbaya", "waiting"),
        ("Pasarini", "slipped"),
        ("Pasarini", "champion"),
        ("Selatmark", "touch"),
        ("Selatmark", "stalled"),
        ("Selatmark", "health"),
        ("Selatmark", "ghosted"),
        ("Tessaline", "ticket"),
        ("Orchidea", "ticket"),
        ("Pantaira", "ticket"),
        ("Lindhafen", "renewal"),
        ("Lindhafen", "review"),
        ("Pantaira", "renewal"),
        ("Orchidea", "review"),
    }


@pytest.mark.usefixtures("sample")
def test_one_line_an_account_the_most_urgent_first(run: Program) -> None:
    found = lines(run)
    assert [line["rank"] for line in found] == list(range(1, 11))
    assert len({line["account_id"] for line in found}) == 10
    scores = [line["score"] for line in found]
    assert scores == sorted(scores, reverse=True)
    assert found[0]["reason"].startswith("Ticket open for 7 days: Gateway 14 in bay C")
    assert found[0]["due"] == "2026-11-15"
    assert found[2]["reason"] == "Send phased quote — promised Mei Tan, 2 days late"
    assert found[2]["due"] == "2026-11-20"


@pytest.mark.usefixtures("sample")
def test_the_shapes_of_machine_formats(run: Program) -> None:
    found = lines(run)
    assert [list(line) for line in found] == [KEYS] * 10
    typed = {key: {type(line[key]) for line in found} for key in KEYS}
    types = {"rank": {int}, "score": {int}, "at": {type(None)}}
    assert typed == {key: types.get(key, {str}) for key in KEYS}
    rows = list(csv.reader(io.StringIO(run("today", "-f", "csv").out)))
    assert rows == [KEYS, *([str(line[key] or "") for key in KEYS] for line in found)]
    tsv = [row.split("\t") for row in run("today").out.splitlines()]
    assert tsv == rows[1:]
    jsonl = [json.loads(row) for row in run("today", "-f", "jsonl").out.splitlines()]
    assert jsonl == found
    ids = run("today", "-f", "ids", "--all").out.split()
    assert ids == [line["account_id"] for line in found]


@pytest.mark.usefixtures("sample")
def test_all_gives_every_line_with_its_own_score(run: Program) -> None:
    found = [line for line in lines(run, "--all") if line["account"].startswith("Selatmark")]
    assert [line["kind"] for line in found] == ["touch", "stalled", "ghosted", "health"]
    assert len({line["rank"] for line in found}) == 1
    (alone,) = [line for line in lines(run) if line["account"].startswith("Selatmark")]
    assert found[1]["score"] < found[0]["score"] < alone["score"]


@pytest.mark.usefixtures("sample")
def test_explained_scores_end_in_the_score(run: Program) -> None:
    for line in lines(run, "--explain") + lines(run, "--explain", "--all"):
        assert list(line) == [*KEYS, "explain"]
        assert line["explain"][-1] == f"= {line['score']}"
        assert POINTS[line["kind"]].says in line["explain"][0]
    shown = "\n".join(screen(run, "--explain", "--limit", "3", columns=120))
    assert f"68 = 65 for your promise + 1.5 {TIMES} 2 days late" in shown
    assert f"{TIMES} 1.5 for tier strategic" in shown
    # A ticket that is open for 18 days counts 15 of them.
    assert f"45 for an open ticket + 3 {TIMES} 15 days open at most" in shown
    assert "acct today --explain" not in shown
    assert "acct today --explain" in "\n".join(screen(run))


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("words", "ranked"),
    [
        (["--tier", "growth"], ["Pasarini", "Lindhafen"]),
        (["--tier", "growth,smb"], ["Pantaira", "Pasarini", "Lindhafen"]),
        (["--account", "greentech", "--account", "A-0005"], ["GreenTech", "Selatmark"]),
        (["--owner", "Nobody"], []),
        (["--tag", "expo"], ["Tessaline", "Lindhafen"]),
        (["--where", "country = JP"], ["Kisarabe"]),
        (["--limit", "2"], ["Tessaline", "Orchidea"]),
        (["--limit", "0"], []),
    ],
)
def test_only_some_accounts(run: Program, words: list[str], ranked: list[str]) -> None:
    assert [line["account"].split()[0] for line in lines(run, *words)] == ranked


@pytest.mark.usefixtures("sample")
def test_a_selection_keeps_the_scores_of_the_whole_book(run: Program) -> None:
    of_all = {line["account"]: line["score"] for line in lines(run)}
    for line in lines(run, "--tier", "growth,smb"):
        assert line["score"] == of_all[line["account"]]


@pytest.mark.usefixtures("sample")
def test_columns(run: Program) -> None:
    done = run("today", "--columns", "rank,reason", "--account", "greentech")
    assert done.out == "1\tSend phased quote — promised Mei Tan, 2 days late\n"
    unknown = run("today", "--columns", "rank,colour")
    assert unknown.code == 2
    assert 'no column "colour"' in unknown.err


# Its commands

FILLED = {
    "promise": [],
    "waiting": [],
    "touch": ["Spoke to them"],
    "slipped": ["--close", "2026-12-30"],
    "closing": ["Ask who signs"],
    "stalled": ["Ask for a date"],
    "renewal": [],
    "review": ["--summary", "On track"],
    "objective": [],
    "champion": ["Ask how the kitchens are"],
    "health": [],
    "ticket": [],
    "ghosted": ["Left a message"],
}
"""What only the user knows, and what the command of a line asks for."""


def typed(line: dict[str, Any]) -> list[str]:
    """Return the words of a printed command, plus what it asks for on a terminal."""
    words, more = shlex.split(line["command"])[1:], FILLED[line["kind"]]
    if "…" in words:
        return [more[0] if word == "…" else word for word in words]
    return words + more


@pytest.mark.usefixtures("sample")
def test_every_printed_command_runs_and_answers_its_line(run: Program) -> None:
    found = lines(run, "--all")
    assert {line["kind"] for line in found} == set(FILLED)
    for line in found:
        done = run(*typed(line))
        assert done.code == 0, (line["command"], done.err)
    left = [(line["account"].split()[0], line["reason"]) for line in lines(run, "--all")]
    # The deal still closes, but the signer is unknown, and Pantaira had two tickets.
    assert [account for account, _ in left] == ["Kisarabe", "Pantaira"]
    assert run(*typed(lines(run, "--all")[1])).code == 0
    assert "no next step" not in left[0][1]
    (line,) = lines(run, "--all")
    assert line["command"] == "acct contact add --account kisarabe --role economic-buyer"
    assert run(*typed(line)).code == 0
    assert lines(run)[0]["reason"].endswith("closes Thu 26 Nov")
    assert run(*shlex.split(lines(run)[0]["command"])[1:]).code == 0


def test_a_name_never_becomes_part_of_a_command(run: Program) -> None:
    for name in ("$(reboot) Ltd", "--yes", "'; ls #", "Face Ltd", "cafe", "Acme", "Acme Two"):
        add = ["account", "add", "--tier", "key", "--cadence", "1", "--", name]
        assert run(*add).code == 0
    with mock.patch.dict(os.environ, ACCTCLI_TODAY="2026-12-24"):
        commands = {line["command"] for line in lines(run)}
    assert commands == {f"acct log call A-000{n}" for n in range(1, 8)}


def test_a_long_list_names_accounts_by_number_and_tasks_by_id(run: Program) -> None:
    rows = "".join(f"Account {n},key\n" for n in range(201))
    assert run("import", "-", "--as", "account", input=f"name,tier\n{rows}").code == 0
    ids = run("account", "list", "-f", "ids").out
    added = run("task", "add", "-", "Call", "--due", "today", input=ids)
    assert added.code == 0, added.err
    for line in lines(run):
        assert line["command"].startswith("acct task done ")
        assert len(line["command"].split()[-1]) == 36
    assert len(lines(run, "--limit", "3")[0]["command"].split()[-1]) < 8


# The screen


FOOT = "Go through them: acct today -i · why this order: acct today --explain"

WIDTHS = [8, 20, 40, 59, 60, 80, 99, 100, 140, 200]


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("columns", WIDTHS)
def test_nothing_is_lost_of_the_reasons_in_full(run: Program, columns: int) -> None:
    shown = screen(run, "--commands", columns=columns)
    commands = [line["command"] for line in lines(run)]
    rest = [line for line in shown if line.strip() not in commands and "acct today" not in line]
    assert max(map(len, rest)) <= columns
    # A command stands on a line of its own, in one piece, however narrow the screen is.
    assert [line.strip() for line in shown if line.strip() in commands] == commands
    squeezed = "".join("".join(rest).split())
    for line in lines(run):
        name, reason = line["account"].split(), line["reason"].split()
        for word in (*name, *reason) if columns < 60 else reason:
            assert word in squeezed or len(word) > columns - 40, word


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("columns", [60, 80, 99, 100, 140, 200])
def test_an_account_has_one_line(run: Program, columns: int) -> None:
    shown = screen(run, columns=columns)
    assert max(map(len, shown)) <= columns
    ranked = shown[2:12]
    assert " · ".join(shown[13:]) == FOOT
    for place, (row, line) in enumerate(zip(ranked, lines(run), strict=True), 1):
        number, name = row[:2], row[4:12]
        assert number == f"{place:>2}"
        assert line["account"].startswith(name)
    assert ranked[2].endswith("  2 days late")


@pytest.mark.usefixtures("sample")
def test_the_screen_at_80_columns(run: Program) -> None:
    shown = screen(run)
    assert shown[0] == "Sunday 22 November · 10 accounts need you"
    assert shown[4] == (
        " 3  GreenTech Ltd             Send phased quote (to Mei Tan)         2 days late"
    )
    # A title is clipped in its quotes, and its amount and day are not.
    assert '…" 9.8m JPY, closes Thu 26 Nov  no next step' in shown[6]
    assert shown[-1] == FOOT


@pytest.mark.usefixtures("sample")
def test_commands_stand_below_the_reasons(run: Program) -> None:
    shown = screen(run, "--commands")
    commands = [line.strip() for line in shown if line.strip().startswith("acct ")]
    assert commands == [line["command"] for line in lines(run)]
    assert (
        'acct deal add lindhafen "Lindhafen Medizintechnik GmbH Standard Support renewal 2027" '
        '--type renewal --product "Standard Support" --amount "14,400 EUR" --close 2027-01-15'
    ) in commands
    assert any(line.strip().startswith("also: ") for line in shown)
    assert not any("acct task" in line for line in screen(run, "--explain"))


@pytest.mark.usefixtures("sample")
def test_a_wide_screen_has_the_tier(run: Program) -> None:
    (narrow,) = [line for line in screen(run, columns=99) if "GreenTech" in line]
    (wide,) = [line for line in screen(run, columns=100) if "GreenTech" in line]
    assert "strategic" in wide
    assert "strategic" not in narrow


@needs_terminal
@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("rows", [5, 8, 12, 24, 50])
@pytest.mark.parametrize("words", [[], ["--commands"], ["--explain"]], ids=" ".join)
def test_a_window_shows_what_fits(run: Program, words: list[str], rows: int) -> None:
    shown = on_a_terminal("today", *words, rows=rows).lines
    ranked = [line for line in shown if re.match(r" ?\d+  \S", line)]
    # The last line of the window is for the prompt; one account is shown in any case.
    assert len(shown) < rows or len(ranked) == 1
    more = 10 - len(ranked)
    assert (f"{more} more: acct today --all" in "\n".join(shown)) is bool(more)


@needs_terminal
@pytest.mark.usefixtures("sample")
def test_a_limit_goes_before_the_window(run: Program, home: Path) -> None:
    assert "7 more: " in on_a_terminal("today", "--limit", "3", rows=40).text
    configure(home, "[today]\nlimit = 4\n")
    assert "6 more: " in on_a_terminal("today", rows=40).text
    assert "more: " not in on_a_terminal("today", "--all", rows=8).text


@pytest.mark.usefixtures("sample")
def test_what_is_left_out_is_counted(run: Program, home: Path) -> None:
    assert "8 more: acct today --all" in screen(run, "--limit", "2")[-2]
    configure(home, "[today]\nlimit = 3\n")
    assert "7 more: acct today --all" in screen(run)[-2]
    assert len(lines(run)) == 10


@pytest.mark.usefixtures("sample")
def test_what_comes_tomorrow_is_counted(run: Program) -> None:
    days = [f"2026-11-{n}" for n in range(25, 31)]
    found, counted = [], []
    for day in days:
        with mock.patch.dict(os.environ, ACCTCLI_TODAY=day):
            found.append({line["account"] for line in lines(run)})
            found_there = re.search(r"(\d+) more tomorrow", screen(run)[0])
            counted.append(int(found_there[1]) if found_there else 0)
    assert counted[:-1] == [len(next - now) for now, next in pairwise(found)]
    assert any(counted)


def test_an_empty_book(run: Program) -> None:
    assert lines(run) == []
    assert run("today").out == ""
    assert screen(run) == [
        "Sunday 22 November · the book is empty",
        "",
        "Start with: acct account add · or try the sample book: acct demo",
    ]


def test_a_day_on_which_nobody_needs_you(run: Program) -> None:
    run("account", "add", "GreenTech Ltd")
    run("log", "call", "greentech", "Kick-off")
    assert screen(run) == ["Sunday 22 November · nobody needs you today"]
    run("task", "add", "greentech", "Send phased quote", "--due", "fri")
    assert screen(run) == [
        "Sunday 22 November · nobody needs you today",
        "",
        "Next: Fri 27 Nov, Send phased quote (GreenTech Ltd)",
    ]


# Accounts that never had a contact


def test_the_first_morning_says_what_to_do(run: Program) -> None:
    rows = "".join(f"Account {n},{'former' if n == 3 else 'lead'}\n" for n in range(1, 60))
    assert run("import", "-", "--as", "account", input=f"name,status\n{rows}").code == 0
    command = "acct account list --where 'last_touch is empty and status != former'"
    assert screen(run) == [
        "Sunday 22 November · nothing is due",
        "",
        "58 accounts have no contact logged yet. To list them, or log the first:",
        f"  {command}",
        "  acct log call A-0001",
    ]
    assert len(run(*shlex.split(command)[1:]).out.splitlines()) == 58
    assert run("log", "call", "A-0001", "Kick-off").code == 0
    assert screen(run)[2].startswith("57 accounts have")
    assert lines(run) == []


def test_many_late_accounts_without_a_contact_are_one_sentence(run: Program) -> None:
    rows = "".join(f"Account {n},key\n" for n in range(1, 7))
    assert run("import", "-", "--as", "account", input=f"name,tier\n{rows}").code == 0
    assert run("task", "add", "A-0001", "Send the offer", "--due", "2026-12-24").code == 0
    with mock.patch.dict(os.environ, ACCTCLI_TODAY="2026-12-24"):
        shown = screen(run)
        assert shown[0] == "Thursday 24 December · 1 account needs you"
        assert re.fullmatch(r" 1  Account 1  Send the offer {10,}due today", shown[2])
        assert shown[4].startswith("6 accounts have no contact logged yet.")
        assert len(lines(run)) == 6
        assert screen(run, "--all")[0] == "Thursday 24 December · 6 accounts need you"
        # Of some accounts alone, the commands are about these.
        some = screen(run, "--where", "name != 'Account 2'")
        assert "  acct account list --where 'name != '\"'\"'Account 2'\"'\"'' " in some[5]
        assert run("log", "call", "A-0002", "Kick-off").code == 0
        assert run("log", "call", "A-0003", "Kick-off").code == 0
        assert screen(run)[0] == "Thursday 24 December · 4 accounts need you"


def test_a_task_of_no_account(run: Program) -> None:
    assert run("task", "add", "-", "Tax papers", "--due", "today", input="").code != 0
    imported = run(
        "import",
        "-",
        "--as",
        "task",
        "--default",
        "due=today",
        input="text,due\nTax papers,today\n",
    )
    assert imported.code == 0, imported.err
    (line,) = lines(run)
    assert (line["account"], line["account_id"], line["kind"]) == (None, None, "promise")
    assert "(no account)" in screen(run)[2]
    assert lines(run, "--tier", "key") == []
    assert run("today", "-f", "ids").out == ""


def test_hostile_names_are_shown_as_typed(run: Program) -> None:
    assert run("account", "add", HOSTILE).code == 0
    assert run("task", "add", "A-0001", HOSTILE, "--due", "today").code == 0
    for words in (["-f", "table"], [], ["-f", "md"], ["-f", "json"]):
        out = run("today", *words).out
        assert "\x1b" not in out
        assert "\u202e" not in out
        assert "[/bold]:100:" in "".join(out.split())
    assert lines(run)[0]["account"] == HOSTILE


# Costs


def test_a_read_in_a_pipe_loads_nothing_that_draws(run: Program) -> None:
    assert run("account", "add", "GreenTech Ltd").code == 0
    code = (
        "import sys; from acctcli.main import run; run(['today', '-f', 'json']); "
        "heavy = {'rich', 'dateutil', 'sqlite_utils', 'phonenumbers', 'rapidfuzz', 'tomlkit'}; "
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[]\n", "[]\n")


@pytest.mark.usefixtures("sample")
def test_the_screen_is_drawn_without_rich() -> None:
    code = (
        "import sys; from acctcli.main import run; run(['today', '-f', 'table']); "
        "print('rich' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "False\n"


# The people, and the health


def test_a_champion_by_a_further_link_is_missed_too(run: Program) -> None:
    with mock.patch.dict(os.environ, ACCTCLI_TODAY="2026-09-01"):
        for name in ("Konex", "Condax"):
            do(run, "account", "add", name)
        do(run, "contact", "add", "Mei Tan", "--account", "konex", "--stance", "champion")
        do(run, "contact", "add", "Raj Nair", "--account", "condax")
        do(run, "contact", "link", "mei", "--account", "condax")
    do(run, "deal", "add", "condax", "Pilot", "--close", "2027-06-01")
    do(run, "log", "call", "condax", "Kick-off", "--with", "raj")
    (line,) = lines(run, "--account", "condax")
    assert line["reason"] == "No contact with champion Mei Tan yet"
    (words,) = [shlex.split(line["command"])]
    do(run, *words[1:], "Hello")  # which the command would ask for
    assert lines(run, "--account", "condax") == []


def test_what_holds_a_health_up_is_no_reason_for_its_fall(run: Program, home: Path) -> None:
    configure(home, "[health]\nsatisfaction = 25\n")
    do(run, "account", "add", "Konex", "--tier", "maintenance", "--status", "customer")
    do(run, "log", "call", "konex", "Kick-off")
    do(run, "log", "survey", "konex", "NPS", "--nps", "7")
    held = "account,held_on,health,next_review\nKonex,2026-11-01,99,2027-05-01\n"
    assert run("import", "-", "--as", "review", input=held).code == 0
    (line,) = lines(run)
    assert line["reason"] == "Health 99 → 76 since Sun 1 Nov"
