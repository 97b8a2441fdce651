"""Output taller than the window goes through a pager: on a terminal, and nowhere else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.books import configure
from tests.conftest import Program
from tests.terminals import needs_terminal, on_a_terminal

from acctcli.render import pager

MARKING = "sed s/^/P:/"
"""A pager that marks each line."""


@pytest.fixture(autouse=True)
def _sample(sample_book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCTCLI_DB", str(shutil.copy(sample_book, tmp_path / "sample.db")))
    monkeypatch.setenv("PAGER", MARKING)


def is_paged(*words: str, rows: int = 12, **env: str) -> bool:
    seen = on_a_terminal(*words, rows=rows, env=env)
    assert seen.status == 0
    marked = [line.startswith("P:") for line in seen.lines]
    assert any(marked) is all(marked), "only some of it went through the pager"
    return marked[0]


@needs_terminal
@pytest.mark.parametrize(
    "words",
    [
        ("account", "list"),
        ("account", "list", "-f", "csv"),
        ("account", "list", "-f", "json"),
        ("account", "list", "-f", "ids"),
        ("account", "list", "-f", "md"),
        ("account", "show", "greentech"),
        ("account", "show", "greentech", "-f", "json"),
        ("deal", "forecast"),
        ("config", "list"),
        ("today", "--all"),
        ("help", "deal", "list"),
        ("deal", "list", "--help"),
        ("deal", "--help"),
        ("--help",),
    ],
    ids=" ".join,
)
def test_what_is_taller_than_the_window(words: tuple[str, ...]) -> None:
    assert is_paged(*words)
    assert not is_paged(*words, rows=2000)


@needs_terminal
def test_what_stands_below_a_list_is_read_in_the_pager_too() -> None:
    assert on_a_terminal("account", "list", rows=12).lines[-1].startswith("P:Details: ")


@needs_terminal
def test_a_window_that_is_just_tall_enough_needs_none() -> None:
    # Ten rows, the heading, and the line for the prompt.
    assert not is_paged("account", "list", "--limit", "10", rows=12)
    assert is_paged("account", "list", "--limit", "10", rows=11)


@needs_terminal
@pytest.mark.parametrize("rows", [4, 8, 24])
def test_never_for_the_default_of_today(rows: int) -> None:
    assert not is_paged("today", rows=rows)
    assert not is_paged("today", "--commands", rows=rows)


@needs_terminal
def test_who_wants_none() -> None:
    assert not is_paged("--no-pager", "account", "list")
    assert not is_paged("account", "list", "--no-pager")
    assert not is_paged("account", "list", TERM="dumb")
    assert not is_paged("account", "list", PAGER="cat")
    assert not is_paged("account", "list", PAGER="")
    assert not is_paged("account", "list", ACCTCLI_PAGER="off")
    assert not is_paged("account", "list", ACCTCLI_PAGER="")


@needs_terminal
def test_the_setting(home: Path) -> None:
    configure(home, "[me]\npager = 'off'\n")
    assert not is_paged("account", "list")
    assert is_paged("account", "list", ACCTCLI_PAGER=MARKING)
    configure(home, f"[me]\npager = '{MARKING}'\n")
    assert is_paged("account", "list", PAGER="cat")
    assert not is_paged("account", "list", ACCTCLI_PAGER="cat")


def test_never_in_a_pipe(acct: Program) -> None:
    done = acct("account", "list", env={"LINES": "5"})
    assert done.code == 0
    assert "P:" not in done.out


@needs_terminal
@pytest.mark.parametrize("leaving", ["head -1", "true", "false"])
def test_leaving_early_is_quiet(leaving: str) -> None:
    seen = on_a_terminal("log", "list", rows=12, env={"PAGER": leaving})
    assert seen.status == 0
    assert len(seen.lines) == (leaving == "head -1")


@needs_terminal
def test_ctrl_c_belongs_to_the_pager() -> None:
    interrupting = "sh -c 'cat > /dev/null; kill -INT $PPID; sleep 0.2; echo left'"
    seen = on_a_terminal("account", "list", rows=12, env={"PAGER": interrupting})
    assert (seen.status, seen.text) == (0, "left\n")


@needs_terminal
@pytest.mark.parametrize("missing", ["no-such-pager -x", "'"])
def test_a_pager_that_cannot_be_started(missing: str) -> None:
    seen = on_a_terminal("account", "list", rows=12, env={"PAGER": missing})
    assert seen.status == 0
    assert seen.lines[0].startswith(f'acct: cannot start the pager "{missing.split()[0]}"')
    assert "GreenTech Ltd" in seen.text


@needs_terminal
def test_what_pagers_go_by() -> None:
    asking = "sh -c 'cat > /dev/null; echo $LESS $LV'"
    assert on_a_terminal("account", "list", rows=12, env={"PAGER": asking}).text == "FRX -c\n"
    mine = on_a_terminal("account", "list", rows=12, env={"PAGER": asking, "LESS": "-S"})
    assert mine.text == "-S -c\n"


@needs_terminal
@pytest.mark.skipif(shutil.which("less") is None, reason="less is missing")
def test_less_is_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PAGER")
    seen = on_a_terminal("log", "list", rows=12, typed="q")
    assert seen.status == 0
    assert "summary" in seen.text
    assert len(seen.lines) < 20
    monkeypatch.setenv("PATH", "")
    assert len(on_a_terminal("log", "list", rows=12).lines) > 200


@pytest.mark.parametrize(
    ("shown", "tall"),
    [
        ("one\ntwo\n", False),
        ("one\ntwo\nthree\n", True),
        ("a" * 10 + "\n" + "b" * 10 + "\n", False),
        ("a" * 11 + "\nb\n", True),  # a line that wraps takes two
        ("\x1b[2m" + "a" * 10 + "\x1b[0m\nb\n", False),  # colours take no room
        ("", False),
    ],
)
def test_tall(shown: str, tall: bool) -> None:
    assert pager.is_tall(shown, 10, 2) is tall
