"""Hooks, as real programs: what they get, what they may refuse, and how they fail."""

from __future__ import annotations

import json
import os
import shlex
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests import books
from tests.conftest import Program

from acctcli import paths
from acctcli.cli.kit import hooks
from acctcli.main import root

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the hooks here are scripts")

Hook = Callable[..., Path]


@pytest.fixture
def hook(run: Program, tmp_path: Path) -> Hook:
    """Return a function that installs a script in Python as a hook of a book with a deal."""
    assert run("account", "add", "Acme").code == 0
    assert run("deal", "add", "acme", "Rollout", "--amount", "SGD 12,000").code == 0

    def install(name: str, script: str, seconds: int = 10) -> Path:
        file, program = tmp_path / name, tmp_path / f"{name}.py"
        told = tmp_path / f"{name}.json"
        head = "import json, os, subprocess, sys, time\n"
        head += f"told = json.load(sys.stdin)\nopen({str(told)!r}, 'w').write(json.dumps(told))\n"
        program.write_text(head + script)
        # The first line of a program cannot name an interpreter whose path has a space.
        file.write_text(f"#!/bin/sh\nexec {shlex.join([sys.executable, str(program)])}\n")
        file.chmod(0o700)
        with paths.config_file().open("a") as config:
            if not paths.config_file().read_text():
                config.write(f"[hooks]\nseconds = {seconds}\n")
            config.write(f"{name} = {json.dumps(str(file))}\n")
        return told

    return install


def book() -> Path:
    return paths.book()[0]


def stage(run: Program) -> str:
    (row,) = run("deal", "list", "--all", "-f", "json").json()
    return str(row["stage"])


def test_a_hook_is_told_what_happens_before_it_is_saved(run: Program, hook: Hook) -> None:
    told = hook("pre-deal-win", "")
    assert run("deal", "win", "rollout", "--keep-status").code == 0
    data: dict[str, Any] = json.loads(told.read_text())
    assert (data["hook"], data["command"]) == ("pre-deal-win", "deal win")
    assert data["typed"] == "acct deal win rollout --keep-status"
    assert data["says"].startswith('Won "Rollout"')
    assert (data["book"], data["today"]) == (str(book()), "2026-11-22")
    by_table = {change["table"]: change for change in data["changes"]}
    assert data["count"] == len(data["changes"]) == 2
    deal = by_table["deal"]
    assert (deal["before"]["stage"], deal["after"]["stage"]) == ("prospecting", "won")
    assert deal["before"]["title"] == deal["after"]["title"] == "Rollout"
    assert by_table["deal_change"]["before"] is None


def test_a_hook_that_refuses_gives_the_reason_and_nothing_is_written(
    run: Program, hook: Hook
) -> None:
    hook("pre-deal-win", "sys.exit('name the competitor first\\x1b[31m\\n')")
    before = books.dump(book())
    refused = run("deal", "win", "rollout")
    assert refused.code == 4
    assert refused.err == (
        "acct: pre-deal-win: name the competitor first\\x1b[31m. Nothing was changed\n"
    )
    assert books.dump(book()) == before
    as_json = run("deal", "win", "rollout", "-f", "json")
    assert json.loads(as_json.err)["error"]["kind"] == "conflict"


@pytest.mark.parametrize("off", ["option", "at the top", "environment"])
def test_hooks_can_be_turned_off(run: Program, hook: Hook, off: str) -> None:
    hook("pre-deal-win", "sys.exit(1)")
    env = {"ACCTCLI_NO_HOOKS": "1"} if off == "environment" else {}
    first = ["--no-hooks"] if off == "at the top" else []
    last = ["--no-hooks"] if off == "option" else []
    assert run(*first, "deal", "win", "rollout", *last, env=env).code == 0
    assert stage(run) == "won"


def test_a_hook_of_another_command_and_a_command_without_changes_run_none(
    run: Program, hook: Hook
) -> None:
    told = hook("pre-deal-win", "sys.exit(1)")
    assert run("deal", "move", "rollout", "won").code == 0
    assert run("deal", "win", "rollout").code == 0  # nothing to change
    assert run("deal", "list").code == 0
    assert not told.exists()


def test_a_post_hook_sees_the_saved_book_and_may_change_it(run: Program, hook: Hook) -> None:
    script = """
assert os.environ["ACCTCLI_NO_HOOKS"] == "1" and told["number"] > 0
words = ["log", "note", "acme", "Won it"]
subprocess.run([sys.executable, "-m", "acctcli", *words], check=True, capture_output=True)
print("on stdout: not shown")
sys.stderr.write("told the channel\\n")
"""
    hook("post-deal-win", script)
    hook("post-log-note", "sys.exit('a hook of a hook')")
    done = run("deal", "win", "rollout")
    assert (done.code, len(done.out.split())) == (0, 1)
    assert "post-deal-win: told the channel" in done.err
    assert "a hook of a hook" not in done.err
    assert [row["summary"] for row in run("log", "list", "-f", "json").json()] == ["Won it"]


def test_a_post_hook_that_fails_is_named_and_the_command_is_done(run: Program, hook: Hook) -> None:
    hook("post-deal-win", "sys.stderr.write('no network'); sys.exit(3)")
    done = run("deal", "win", "rollout")
    assert done.code == 0
    assert (
        "post-deal-win: the hook failed (it ended with status 3), but the command is done. "
        "no network" in done.err
    )
    assert stage(run) == "won"


def test_a_pre_hook_may_read_the_book_and_sees_it_as_it_was(run: Program, hook: Hook) -> None:
    script = """
listed = [sys.executable, "-m", "acctcli", "deal", "list", "--all", "-f", "json"]
found = json.loads(subprocess.run(listed, check=True, capture_output=True).stdout)
sys.exit(f"it is at {found[0]['stage']}")
"""
    hook("pre-deal-win", script)
    assert "it is at prospecting" in run("deal", "win", "rollout").err


def test_a_pre_hook_that_would_write_is_refused_at_once(run: Program, hook: Hook) -> None:
    script = """
words = [sys.executable, "-m", "acctcli", "log", "note", "acme", "No"]
done = subprocess.run(words, capture_output=True, text=True)
sys.exit(f"{done.returncode}: {done.stderr}")
"""
    hook("pre-deal-win", script)
    began = time.monotonic()
    refused = run("deal", "win", "rollout")
    assert "5: acct: pre-deal-win cannot change the book" in refused.err
    assert time.monotonic() - began < 8


def test_a_hook_that_takes_too_long_is_ended_with_all_it_started(
    run: Program, hook: Hook, tmp_path: Path
) -> None:
    late = tmp_path / "late"
    child = f"import time; time.sleep(4); open({str(late)!r}, 'w')"
    script = f"subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(60)"
    hook("pre-deal-win", script, seconds=1)
    refused = run("deal", "win", "rollout")
    assert refused.code == 4
    assert "it took longer than 1 second (hooks.seconds)" in refused.err
    assert stage(run) == "prospecting"
    time.sleep(4)
    assert not late.exists()


def test_a_hook_may_leave_a_child_behind_that_holds_its_output(run: Program, hook: Hook) -> None:
    hook("pre-deal-win", "subprocess.Popen(['sleep', '9'])")
    began = time.monotonic()
    assert run("deal", "win", "rollout").code == 0
    assert time.monotonic() - began < 8


def test_a_hook_that_talks_without_end_is_cut(run: Program, hook: Hook) -> None:
    hook("pre-deal-win", "sys.stdout.write('x' * 10**7); sys.stderr.write('y ' * 5 * 10**6)")
    done = run("deal", "win", "rollout")
    assert done.code == 0
    assert len(done.err) < 1_000


def test_a_hook_that_does_not_read_what_it_is_told_may_still_agree(
    run: Program, hook: Hook, tmp_path: Path
) -> None:
    file = tmp_path / "deaf"
    file.write_text("#!/bin/sh\nexit 0\n")
    file.chmod(0o700)
    paths.config_file().write_text(f"[hooks]\npre-account-edit = '{file}'\n")
    assert run("account", "edit", "acme", "--description", "x" * 20_000).code == 0


@pytest.mark.parametrize(
    ("script", "mode", "says"),
    [
        ("#!/bin/sh\n", 0o600, "cannot be run: Permission denied"),
        (None, 0, "cannot be run: No such file or directory"),
        ("#!/no/such/shell\n", 0o700, "cannot be run: No such file or directory"),
        ("#!/bin/sh\nkill -9 $$\n", 0o700, "it was ended by signal 9"),
    ],
)
def test_a_hook_that_cannot_run_refuses_before_and_is_named_after(
    run: Program, hook: Hook, tmp_path: Path, script: str | None, mode: int, says: str
) -> None:
    file = tmp_path / "broken hook"
    if script is not None:
        file.write_text(script)
        file.chmod(mode)
    for when, code in (("pre", 4), ("post", 0)):
        paths.config_file().write_text(f"[hooks]\n{when}-deal-win = \"'{file}' x\"\n")
        done = run("deal", "win", "rollout")
        assert (done.code, says in done.err) == (code, True), done.err


def test_a_hook_has_the_day_of_the_command_only_where_that_was_chosen(
    run: Program, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ACCTCLI_TODAY")
    hook("pre-account-edit", "sys.exit(os.environ.get('ACCTCLI_TODAY', 'the machine'))")
    assert "the machine" in run("account", "edit", "acme", "--city", "Bonn").err
    chosen = run("--today", "2026-12-01", "account", "edit", "acme", "--city", "Bonn")
    assert "2026-12-01" in chosen.err


def test_no_shell_reads_the_line(run: Program, hook: Hook, tmp_path: Path) -> None:
    made = tmp_path / "made"
    paths.config_file().write_text(
        f'[hooks]\npre-deal-win = "true; touch {made} $(touch {made})"\n'
    )
    refused = run("deal", "win", "rollout")
    assert refused.code == 4
    assert not made.exists()


def test_a_hook_begins_in_the_folder_of_the_settings(
    run: Program, hook: Hook, tmp_path: Path
) -> None:
    folder = paths.config_file().parent
    script = folder / "check"
    script.write_text("#!/bin/sh\npwd >&2\nexit 1\n")
    script.chmod(0o700)
    paths.config_file().write_text("[hooks]\npre-deal-win = './check'\n")
    assert str(folder) in run("deal", "win", "rollout").err


def test_a_dry_run_runs_no_hook(run: Program, hook: Hook, tmp_path: Path) -> None:
    told = hook("pre-import", "sys.exit(1)")
    file = tmp_path / "more.csv"
    file.write_text("name\nZed\n")
    assert run("import", file, "--as", "account", "--dry-run").code == 0
    assert not told.exists()
    assert run("import", file, "--as", "account").code == 4
    assert told.exists()


def test_a_large_import_tells_the_first_changes_and_their_number(
    run: Program, hook: Hook, tmp_path: Path
) -> None:
    told = hook("post-import", "")
    file = tmp_path / "many.csv"
    file.write_text("name\n" + "".join(f"Company {n}\n" for n in range(1_200)))
    assert run("import", file, "--as", "account").code == 0
    data = json.loads(told.read_text())
    assert (data["count"], len(data["changes"])) == (1_200, hooks.MOST_CHANGES)
    assert data["changes"][0]["after"]["name"].startswith("Company")


def test_no_book_brings_a_hook(run: Program, hook: Hook, tmp_path: Path) -> None:
    """Neither an import of somebody's settings nor a row that another program wrote is code."""
    made = tmp_path / "made"
    value = json.dumps(f"touch {made}")
    folder = tmp_path / "theirs"
    folder.mkdir()
    (folder / "settings.csv").write_text(
        'id,key,value,position\nx,hooks.pre-account-add,"' + value.replace('"', '""') + '",0\n'
    )
    assert run("import", folder).code == 4
    books.change(
        book(),
        "INSERT INTO setting VALUES ('x', '', '', '', 'hooks.pre-account-add', ?, 0)",
        value,
    )
    assert run("account", "add", "Zed").code in (0, 4)
    assert not made.exists()
    form = tmp_path / "form.toml"
    form.write_text(f"[hooks]\npre-account-add = 'touch {made}'\n")
    assert run("config", "edit", "--form", form).code == 4


def test_a_name_that_is_no_command_is_said(run: Program, hook: Hook) -> None:
    hook("pre-deal-wn", "")
    done = run("deal", "win", "rollout")
    assert "hooks.pre-deal-wn is not a command" in done.err
    assert run("config", "set", "hooks.pre-deal-wen", "true").code == 4
    assert run("config", "set", "hooks.pre-deal-lose", "true").code == 4  # the other is still wrong


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("pre-deal-win = ''", "is empty"),
        ('pre-deal-win = "a \'b"', "no closing quotation"),
        ("pre-deal-win = 3", "must be text in quotes"),
        ("deal-win = 'x'", "is not a hook"),
        ("second = 3", "unknown setting hooks.second"),
        ("seconds = 0", "must be 1 to 60"),
        ("seconds = 61", "must be 1 to 60"),
    ],
)
def test_wrong_hooks_are_refused_with_their_place(
    run: Program, hook: Hook, line: str, says: str
) -> None:
    paths.config_file().write_text(f"[hooks]\n{line}\n")
    refused = run("deal", "win", "rollout")
    assert (refused.code, says in refused.err) == (4, True), refused.err


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("pre-deal-win", True),
        ("post-import", True),
        ("post-undo", True),
        ("pre-deal", False),
        ("pre-deal-wn", False),
        ("pre-import-x", False),
        ("pre-nothing", False),
    ],
)
def test_the_commands_that_a_hook_can_have(name: str, expected: bool) -> None:
    assert hooks.is_known(root(), name) is expected
