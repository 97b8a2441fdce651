from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from tests.conftest import Program

import acctcli
from acctcli import main


def test_the_version_is_said_without_a_command(acct: Program) -> None:
    for words in (["--version"], ["--db", "/nowhere", "--version"], ["--version", "today"]):
        done = acct(*words)
        assert (done.code, done.out, done.err) == (0, f"acct {acctcli.__version__}\n", "")


@pytest.mark.parametrize("words", [[], ["account"], ["config"], ["--db", "x.db"]])
def test_without_a_command_help_goes_to_stderr(words: list[str], run: Program) -> None:
    done = run(*words)
    assert (done.code, done.out) == (2, "")
    if words == ["--db", "x.db"]:
        assert done.err == "acct: no command given. Help: acct --help\n"
    else:
        assert "Usage\n  acct" in done.err


def test_both_programs_and_the_module_are_the_same() -> None:
    from importlib.metadata import entry_points

    found = {e.name: e.value for e in entry_points(group="console_scripts") if "acct" in e.name}
    assert found in ({}, {"acct": "acctcli.main:main", "acctcli": "acctcli.main:main"})
    done = subprocess.run(
        [sys.executable, "-m", "acctcli", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("acct ")


def test_the_program_leaves_at_once_but_not_before_what_waits_for_the_exit() -> None:
    program = (
        "import atexit, sys; sys.argv = ['acct', 'today', '--nonsense']; "
        "from acctcli.main import main; atexit.register(print, 'registered', end=''); main()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "registered")
    assert done.stderr.startswith("acct: ")


@pytest.mark.parametrize(
    ("leaving", "says"), [("main()", ""), ("sys.exit(run())", "taken apart\n")]
)
def test_only_who_calls_run_takes_python_apart(leaving: str, says: str) -> None:
    program = (
        "import sys; sys.argv = ['acct', '--version']\n"
        "class Last:\n"
        "    def __del__(self): print('taken apart')\n"
        f"from acctcli.main import main, run; last = Last(); {leaving}"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == f"acct {acctcli.__version__}\n{says}"


# The table of commands


def test_everything_at_the_top_stands_once_under_a_heading() -> None:
    names = [name for heading in main.HEADINGS.values() for name in heading]
    assert sorted(names) == sorted(main.COMMANDS)


@pytest.mark.parametrize("name", main.COMMANDS)
def test_every_entry_leads_to_a_module_with_that_command(name: str) -> None:
    module, help = main.COMMANDS[name]
    noun = import_module(f"acctcli.cli.{module}").noun
    assert help.endswith(".")
    if noun.name:
        assert noun.name == name
        assert noun.names
    else:
        assert noun.find(name) is not None


def test_asking_for_help_at_the_top_imports_no_command() -> None:
    program = (
        "import sys; from acctcli.main import run; run(['--help']); "
        "print([m for m in sys.modules if m.startswith('acctcli.cli.')], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(eval(done.stderr))
    names = ["bundles", "commands", "helptext", "offers", "output", "root"]
    names += ["session", "typer_inside", "wording"]
    kit = {f"acctcli.cli.kit.{name}" for name in names}
    assert loaded == kit | {"acctcli.cli.kit"}


# Mistakes on the command line


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["acount"], 'unknown command "acount". Did you mean account? All: acct --help'),
        (["accounts", "list"], 'unknown command "accounts". Did you mean account?'),
        (["contact", "export"], 'unknown command "export". Did you mean acct export? All: acct c'),
        (
            ["account", "win"],
            'unknown command "win". Did you mean acct deal win? All: acct account',
        ),
        (["redo"], 'unknown command "redo". Did you mean acct undo --redo? All: acct --help'),
        (
            ["dupes"],
            'unknown command "dupes". Did you mean acct account dupes or acct contact dupes? All',
        ),
        (
            ["account", "lst"],
            'unknown command "lst". Did you mean list? All: acct account',
        ),
        (["account", "zzz"], 'unknown command "zzz". All: acct account --help'),
        (["\x1b[31m"], 'unknown command "\\x1b[31m". All: acct --help'),
        (
            ["account", "list", "--teir", "x"],
            "unknown option --teir. Did you mean --tier? Help",
        ),
        (
            ["account", "list", "--limit", "x"],
            '--limit "x" is not a whole number. Help',
        ),
        (
            ["account", "list", "--limit"],
            "--limit needs a value (--limit N). Help",
        ),
        (["account", "add"], "NAME is missing. Help: acct account add --help"),
        (["account", "list", "--limit", "-1"], "--limit -1 is negative"),
        (["account", "list", "--offset", "-1"], "--offset -1 is negative"),
        (["account", "list", "--limit", str(2**63)], f"--limit {2**63} is too large"),
        (["account", "list", "-f", "xml"], 'unknown --format "xml" (use table, tsv'),
        (["account", "list", "--excel-safe"], "--excel-safe goes with --format csv"),
        (["account", "list", "--sort", "(select 1)"], '--sort: no account field "(select 1)"'),
        (["account", "list", "--columns", "nmae"], '--columns: no column "nmae". Did you mean n'),
        (["account", "list", "--columns", ","], "--columns needs at least one column. Columns: id"),
        (["account", "list", "--where", "x = 1"], 'no account field "x". Fields: id, number'),
        (["--today", "soon", "account", "add", "x"], "--today soon is not an ISO day."),
        (["account", "edit", "-", "-", "--tier", "key"], "- (ids from stdin) can be given once"),
        (["account", "edit", "x", "--set", "tier"], '--set "tier" must be written field=value'),
        (["account", "edit", "x", "--set", "number=1"], 'no account field "number" to set.'),
    ],
)
def test_a_mistake_is_one_line_and_exit_2(words: list[str], says: str, run: Program) -> None:
    run("account", "add", "x")
    done = run(*words)
    assert (done.code, done.out) == (2, "")
    assert says in done.err
    assert done.err.startswith("acct: ")
    assert done.err.count("\n") == (3 if "--where" in words else 1)
    assert "?." not in done.err


def test_arguments_that_are_not_utf8_are_refused(acct: Program) -> None:
    for words in (["account", "show", "caf\udce9"], ["account", "add", "x", "--owner", "\udcff"]):
        done = acct(*words)
        assert (done.code, done.out) == (2, "")
        assert "is not valid UTF-8. Check the encoding of the terminal or the script" in done.err


# Errors for programs


@pytest.mark.parametrize(
    ("words", "kind", "code", "candidates"),
    [
        ("acount -f json", "usage", 2, ["account"]),
        ("account list --teir x -f json", "usage", 2, ["--tier"]),
        ("account edit grentech --tier key -f json", "not_found", 3, ["GreenTech Ltd (A-0001)"]),
        (
            "account edit ko --tier key --format=json",
            "ambiguous",
            4,
            ["Konex (A-0002)", "Kova (A-0003)"],
        ),
        ("account edit konex --tier x -fjson", "invalid", 4, []),
        ("account add x --website greentech.sg -f json", "conflict", 4, None),
        ("--db /nowhere/x.db account list -f json", "not_found", 3, []),
    ],
)
def test_errors_are_json_where_json_was_asked_for(
    words: str, kind: str, code: int, candidates: list[str] | None, run: Program
) -> None:
    run("account", "add", "GreenTech Ltd", "--website", "greentech.sg")
    run("account", "add", "Konex")
    run("account", "add", "Kova")
    done = run(*words.split())
    assert (done.code, done.out) == (code, "")
    error = json.loads(done.err)["error"]
    assert list(error) == ["code", "kind", "message", "candidates"]
    assert (error["code"], error["kind"]) == (code, kind)
    assert candidates is None or error["candidates"] == candidates


@pytest.mark.parametrize(
    ("words", "as_json"),
    [
        (["a", "-f", "json"], True),
        (["a", "--format", "json", "b"], True),
        (["a", "--format=json"], True),
        (["a", "-fjson"], True),
        (["a", "-f", "jsonl"], False),
        (["a", "json"], False),
        (["a", "--", "-f", "json"], False),
        (["a", "-f"], False),
    ],
)
def test_json_is_asked_for_by_the_option_alone(words: list[str], as_json: bool) -> None:
    assert main._wants_json(words) is as_json


def test_a_fault_of_ours_is_one_line_and_a_traceback_only_if_wanted(
    run: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(words: list[str]) -> None:
        raise ZeroDivisionError("by\nzero")

    monkeypatch.setattr(main, "_invoke", fail)
    done = run("account", "list")
    assert done.code == 1
    assert done.err == (
        "acct: this is a bug in acct: ZeroDivisionError: by. "
        "Please report it, with the output of ACCTCLI_DEBUG=1\n"
    )
    with pytest.raises(ZeroDivisionError):
        run("account", "list", env={"ACCTCLI_DEBUG": "1"})


def test_a_path_that_the_system_refuses_is_not_called_output(
    run: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(words: list[str]) -> None:
        raise PermissionError(13, "Permission denied", "/some/place")

    monkeypatch.setattr(main, "_invoke", refuse)
    done = run("account", "list")
    assert (done.code, done.err) == (6, "acct: /some/place: Permission denied\n")


@pytest.mark.parametrize("words", [("import",), ("export", "--all"), ("db", "restore", "--yes")])
def test_a_name_that_is_too_long_for_the_system(run: Program, words: tuple[str, ...]) -> None:
    run("account", "add", "GreenTech Ltd")
    done = run(*words, "x" * 5000)
    assert done.code == 6
    assert done.err.startswith("acct: xxx")
    assert done.err.endswith("too long\n")
    assert len(done.err) < 300


def test_a_day_of_the_environment_is_named_as_such(run: Program) -> None:
    done = run("account", "list", env={"ACCTCLI_TODAY": "soon"})
    assert done.code == 2
    assert done.err.startswith("acct: ACCTCLI_TODAY soon is not an ISO day.")
    assert run("--today", "soon", "account", "list").err.startswith("acct: --today soon is not")


@pytest.mark.parametrize("words", [("move",), ("move", "pilot")])
def test_of_several_and_one_the_one_is_missing(run: Program, words: tuple[str, ...]) -> None:
    done = run("deal", *words)
    assert done.code == 2
    assert done.err == ("acct: STAGE is missing after DEAL. Help: acct deal move --help\n")


# Encodings


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "cp1252"},
    ],
)
def test_what_goes_to_a_pipe_is_utf8_whatever_the_machine_says(
    env: dict[str, str], acct: Program, book: Path
) -> None:
    from tests.store.making import add, writing

    with writing(book) as tx:
        add(tx, "account", name="Zoë 株式会社")
    assert json.loads(acct("account", "list", "-f", "json", env=env).out)[0]["name"] == (
        "Zoë 株式会社"
    )
    assert acct("account", "list", "-f", "csv", "--columns", "name", env=env).out == (
        "name\r\nZoë 株式会社\r\n"
    )
    done = acct("account", "show", "Zxxx", env=env)
    assert done.code == 3
    assert "Traceback" not in done.err


def test_the_next_command_of_a_process_finds_its_command_made() -> None:
    def made() -> object:
        group = main.root().get_command(None, "account")
        return group.get_command(None, "list")

    assert made() is made()


def test_the_tree_can_be_walked_without_running_anything() -> None:
    every = [words for words, _ in main.root().every()]
    assert {"today", "account list", "deal quote"} <= {*every}
    assert len(every) == len({*every})
