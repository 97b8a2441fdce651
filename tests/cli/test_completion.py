from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.books import configure
from tests.conftest import Program
from tests.filling import filled_once
from tests.store.making import add, writing

from acctcli import main, shells
from acctcli.cli import completion
from acctcli.shells import FILES, SCRIPTS, Word, split

NAMES = (
    "GreenTech Ltd",
    "O'Neil & Sons",
    'Café "Best"',
    "Cash $HOME",
    "Ratio 3:4 = x",
    "株式会社サンプル",
    "Ünïon Bank",
    "back\\slash `tick`",
    "Star * [x]; (y) <z> #?",
    "A/S Møller",
    "~tilde!",
    "-dash",
    "a@b, c%",
)


def offers(tree_words: list[str], typed: str) -> list[str] | None:
    found = completion.candidates(main.root(), tree_words, typed)
    return None if found is None else [value for value, _ in found]


@pytest.fixture
def names(book: Path) -> None:
    with writing(book) as tx:
        accounts = [add(tx, "account", name=name) for name in NAMES]
        add(tx, "contact", name="Mei Tan", account=accounts[0])


# Candidates


@pytest.mark.parametrize(
    ("before", "typed", "expected"),
    [
        ("", "acc", ["account"]),
        ("account", "t", ["timeline", "tree", "tag"]),
        ("account edit x", "--emp", ["--employees"]),
        ("account edit x", "--annual", ["--annual-revenue"]),
        ("account edit x", "--reg", ["--region"]),
        ("account edit x --tier key", "--ti", []),
        ("account edit x --tag a", "--ta", ["--tag"]),
        ("contact edit x", "--no-p", ["--no-primary"]),
        ("account edit x --tier", "s", ["strategic", "smb"]),
        ("contact edit x --influence", "", ["high", "medium", "low"]),
        ("account edit x", "--tier=s", ["--tier=strategic", "--tier=smb"]),
        ("account list --tier", "key,s", ["key,strategic", "key,smb"]),
        ("account list --columns", "number,annual", ["number,annual_revenue"]),
        ("account list --sort", "-emp", ["-employees"]),
        ("account list", "--sort=-emp", ["--sort=-employees"]),
        ("account list -f", "js", ["json", "jsonl"]),
        ("account edit x --set", "emp", ["employees="]),
        ("account edit x --set", "status=c", ["status=customer"]),
        ("account edit x --set", "tier=k", ["tier=key"]),
        ("deal add x y --stage", "pro", ["prospecting", "proposal"]),
        ("config get", "me.cou", ["me.country"]),
        ("completion", "z", ["zsh"]),
        ("nothing", "", []),
        ("account nothing", "", []),
        ("account edit x --no-such-option", "", []),
        ("account edit x --", "--", []),
        ("account list --limit", "", []),
        ("db backup --to", "", None),
        ("import", "", None),
        ("--db", "", None),
    ],
)
def test_commands_options_and_values_are_offered(
    before: str, typed: str, expected: list[str] | None
) -> None:
    assert offers(before.split(), typed) == expected


@pytest.mark.parametrize(
    ("before", "typed", "expected"),
    [
        ("account edit", "gr", ["GreenTech Ltd"]),
        ("account edit", "LT", ["GreenTech Ltd"]),
        ("account edit", "tech", []),
        ("account edit", "cafe", ['Café "Best"']),
        ("account edit x", "o'n", ["O'Neil & Sons"]),
        ("account edit", "a-000", [f"A-000{number}" for number in range(1, 10)]),
        ("contact add x --account", "union", ["Ünïon Bank"]),
        ("contact add x", "--account=uni", ["--account=Ünïon Bank"]),
        ("contact edit", "m", ["Mei Tan"]),
        ("account edit x --set", "parent=green", ["parent=GreenTech Ltd"]),
        ("deal list --group", "gre", ["GreenTech Ltd"]),
        ("account timeline --group", "mol", ["A/S Møller"]),
        ("account edit", "zzz", []),
    ],
)
def test_names_of_records_are_offered(
    before: str, typed: str, expected: list[str], names: None
) -> None:
    found = offers(before.split(), typed)
    assert found is not None
    assert sorted(found) == sorted(expected)


@pytest.fixture
@filled_once
def two_accounts(run: Program) -> None:
    """People and deals at two accounts, a person linked to both, and a closed deal."""
    for account, people, deals in (
        ("GreenTech Ltd", ("Mei Tan", "Raj O'Neil"), ("Platform rollout", "Pilot")),
        ("Kan-code", ("Mika Berg", "Max Lee"), ("Product audit",)),
    ):
        assert run("account", "add", account, "--owner", "Kim Lee").code == 0
        for name in people:
            assert run("contact", "add", name, "--account", account).code == 0
        for title in deals:
            assert run("deal", "add", account, title, "--tag", "q4").code == 0
    assert run("contact", "link", "max lee", "--account", "greentech").code == 0


@pytest.mark.parametrize(
    ("before", "typed", "expected"),
    [
        ("log call greentech --with", "m", ["Max Lee", "Mei Tan"]),
        ("log call kan --with", "m", ["Max Lee", "Mika Berg"]),
        ("log call kan --with", "raj", ["Raj O'Neil"]),  # nobody there begins so
        ("log call nowhere --with", "mi", ["Mika Berg"]),
        ("log call --with", "mi", ["Mika Berg"]),
        ("log call greentech Talked --deal", "p", ["Pilot", "Platform rollout"]),
        ("task add kan x --deal", "p", ["Product audit"]),
        ("task add kan x", "--contact=m", ["--contact=Max Lee", "--contact=Mika Berg"]),
        ("deal contact pilot", "r", ["Raj O'Neil"]),
        ("deal contact pilot", "", ["Max Lee", "Mei Tan", "Raj O'Neil"]),
        ("deal list --account kan --contact", "", ["Max Lee", "Mika Berg"]),
        ("contact edit mei --reports-to", "", ["Max Lee", "Mei Tan", "Raj O'Neil"]),
        ("contact edit mei", "m", ["Max Lee", "Mei Tan", "Mika Berg"]),
        ("deal move pilot", "n", ["needs-analysis", "negotiation"]),
        ("deal move pilot audit", "wo", ["won"]),
        ("deal move pilot", "prod", ["Product audit"]),
        ("deal move", "pi", ["Pilot"]),
        ("task snooze x", "tom", ["tomorrow"]),
        ("deal tag pilot --remove", "", ["q4"]),
        ("deal list --tag", "q", ["q4"]),
        ("account list --owner", "k", ["Kim Lee"]),
        ("deal list --closing", "next q", ["next quarter"]),
    ],
)
def test_what_stands_on_the_line_already_decides_what_is_offered(
    before: str, typed: str, expected: list[str], two_accounts: None
) -> None:
    found = offers(before.split(), typed)
    assert found is not None
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize(
    ("kind", "typed", "expected"),
    [
        ("deal", "close_", ["close_date =", "close_date <", "close_date >"]),
        ("deal", "sta", ["stage =", "stage !=", "stage in ("]),
        ("deal", "c", ["currency", "category", "close_date", "competitor", "closed_on"]),
        ("deal", "stage ", ["stage =", "stage !=", "stage in ("]),
        ("deal", "stage=", ["stage=prospecting", "stage=qualification"]),
        ("deal", "stage = ne", ["stage = needs-analysis", "stage = negotiation"]),
        ("deal", "stage in (ne", ["stage in (needs-analysis)", "stage in (needs-analysis,"]),
        ("deal", "stage in (won, l", ["stage in (won, lost)", "stage in (won, lost,"]),
        ("deal", "stage in ", ["stage in ("]),
        ("deal", "stage = won a", ["stage = won and"]),
        ("deal", "(stage = won) ", ["(stage = won) and", "(stage = won) or"]),
        ("deal", "not acc", ["not account =", "not account !="]),
        ("deal", "account = gre", ['account = "GreenTech Ltd"']),
        ("deal", 'account = "gre', ['account = "GreenTech Ltd"']),
        ("deal", "contact = raj", ['contact = "Raj O\'Neil"']),
        ("deal", "owner is ", ["owner is empty", "owner is not empty"]),
        ("deal", "tag = q", ["tag = q4"]),
        ("deal", "close_date < -3", ["close_date < -30d"]),
        ("contact", "primary = y", ["primary = yes"]),
        ("contact", "name ~ m", []),
        ("deal", "stage = = ", []),
        ("deal", "nothing = x", []),
        ("deal", "stage = won stage", []),
    ],
)
def test_a_filter_is_completed_part_by_part(
    kind: str, typed: str, expected: list[str], two_accounts: None
) -> None:
    found = offers([kind, "list", "--where"], typed)
    assert found is not None
    assert found[: len(expected)] == expected
    assert bool(found) is bool(expected)


def test_the_commands_that_can_be_undone_are_offered_newest_first(run: Program) -> None:
    for name in ("A", "B", "C"):
        run("account", "add", name)
    run("undo", "2")
    assert completion.candidates(main.root(), ["undo"], "") == [
        ("3", "Added account A-0003 C."),
        ("1", "Added account A-0001 A."),
    ]
    assert offers(["undo"], "3") == ["3"]
    assert offers(["undo"], "x") == []


def test_what_the_book_holds_already_is_offered_for_free_text(run: Program) -> None:
    run("account", "add", "A", "--industry", "Solar", "--tag", "expo; vip")
    assert offers(["account", "add", "x", "--industry"], "so") == ["Solar"]
    assert offers(["account", "list", "--tag"], "") == ["expo", "vip"]


def test_records_without_a_name_are_offered_by_short_id_with_what_they_are(run: Program) -> None:
    run("account", "add", "GreenTech")
    id = run("log", "call", "greentech", "Talked").out.split()[0]
    assert completion.candidates(main.root(), ["log", "edit"], "") == [
        (id, "2026-11-22 GreenTech: Talked")
    ]


def test_only_open_tasks_are_offered(run: Program) -> None:
    run("account", "add", "GreenTech")
    for text in ("Send quote", "Send thanks"):
        run("task", "add", "greentech", text)
    run("task", "done", "send quote")
    assert offers(["task", "edit"], "send") == ["Send thanks"]


def test_the_users_own_fields_and_tiers_are_offered(home: Path) -> None:
    configure(
        home,
        "[cadence]\ngold = 7\n"
        '[fields.account.segment]\ntype = "choice"\nchoices = ["north", "south"]\n'
        '[fields.account.region]\ntype = "choice"\nchoices = ["EMEA"]\n',
    )
    assert offers(["account", "edit", "x", "--tier"], "") == ["gold"]
    assert offers(["account", "edit", "x", "--set"], "seg") == ["segment="]
    assert offers(["account", "edit", "x", "--set"], "segment=n") == ["segment=north"]
    assert offers(["account", "edit", "x", "--region"], "e") == ["EMEA"]
    assert offers(["account", "list", "--columns"], "seg") == ["segment"]


def test_a_name_that_could_drive_the_terminal_is_not_offered(run: Program) -> None:
    run("account", "add", "Evil\x1b[31m")
    run("account", "add", "Evil twin")
    assert offers(["account", "edit"], "evil") == ["Evil twin"]


def test_the_book_that_is_named_on_the_line_is_asked(run: Program, tmp_path: Path) -> None:
    other = str(tmp_path / "other.db")
    run("--db", other, "db", "init")
    run("--db", other, "account", "add", "Elsewhere")
    assert offers(["--db", other, "account", "edit"], "else") == ["Elsewhere"]
    assert offers(["account", "edit"], "else") == []


# On any trouble there are no candidates and no errors


@pytest.fixture
def asked(acct: Program) -> Callable[..., str]:
    def ask(*words: str, shell: str = "zsh", **env: str) -> str:
        done = acct(*words, env={"_ACCT_COMPLETE": shell, **env})
        assert (done.code, done.err) == (0, "")
        return done.out

    return ask


def test_without_a_book_there_is_nothing(asked: Callable[..., str], book: Path) -> None:
    assert asked("account", "edit", "gr") == ""
    assert not book.exists(), "a TAB makes no file"


@pytest.mark.parametrize("content", [b"", b"not a book", b"SQLite format 3\0" + b"x" * 200])
def test_with_a_wrong_file_there_is_nothing(
    content: bytes, asked: Callable[..., str], tmp_path: Path
) -> None:
    file = tmp_path / "x.db"
    file.write_bytes(content)
    assert asked("account", "edit", "gr", ACCTCLI_DB=str(file)) == ""
    assert file.read_bytes() == content
    assert asked("account", "edit", "gr", ACCTCLI_DB=str(tmp_path)) == ""


def test_with_a_locked_book_there_is_nothing_and_soon(
    asked: Callable[..., str], run: Program, book: Path
) -> None:
    run("account", "add", "GreenTech")
    con = sqlite3.connect(book, isolation_level=None)
    con.execute("BEGIN EXCLUSIVE")
    started = time.monotonic()
    assert asked("account", "edit", "gr") == ""
    assert time.monotonic() - started < 5
    con.close()
    assert asked("account", "edit", "gr") == "GreenTech\tA-0001\n"


def test_with_broken_settings_the_defaults_are_offered(
    asked: Callable[..., str], home: Path
) -> None:
    (home / "config.toml").write_text("[broken")
    assert asked("account", "edit", "x", "--tier", "st") == "strategic\t\n"
    assert (
        asked("account", "edit", "x", "--set", "own")
        == "owner=\taccount owner (the colleague in charge)\n"
    )


@pytest.mark.parametrize(("shell", "words"), [("tcsh", ["a"]), ("bash", ["a"]), ("zsh", [])])
def test_what_no_script_of_ours_asks_gets_no_answer(
    shell: str, words: list[str], asked: Callable[..., str]
) -> None:
    assert asked(*words, shell=shell) == ""


def test_an_answer_loads_nothing_that_draws_or_writes(tmp_path: Path) -> None:
    program = (
        "import sys; from acctcli.main import run; run(sys.argv[1:]); "
        "heavy = {'rich', 'tomlkit', 'rapidfuzz', 'phonenumbers', 'iso3166', 'dateutil', 'csv'}; "
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "account", "edit", "gr"],
        env={**os.environ, "_ACCT_COMPLETE": "zsh"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"


# The command line as shells split it


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", [Word()]),
        ("acct ", [Word("acct", "acct"), Word()]),
        ("acct  Mei\\ T", [Word("acct", "acct"), Word("Mei\\ T", "Mei T")]),
        ('a "Mei T', [Word("a", "a"), Word('"Mei T', "Mei T", '"', "")]),
        ("a 'Mei T", [Word("a", "a"), Word("'Mei T", "Mei T", "'", "")]),
        ('--o="Mei T', [Word('--o="Mei T', "--o=Mei T", '"', "--o=")]),
        ("a'b c'd", [Word("a'b c'd", "ab cd")]),
        ("'' x", [Word("''", ""), Word("x", "x")]),
        (r'"a\"b\c\$', [Word(r'"a\"b\c\$', r'a"b\c$', '"', "")]),
        (r"'a\'b", [Word(r"'a\'b", r"a\b")]),
        ("a\\", [Word("a\\", "a")]),
    ],
)
def test_a_line_is_split_as_shells_do(line: str, words: list[Word]) -> None:
    assert split(line) == words


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_quoted_words_come_out_of_a_line_as_they_were(words: list[str]) -> None:
    assert [word.value for word in split(f"{shlex.join(words)} ")[:-1]] == words


@pytest.mark.parametrize(
    ("typed", "values", "expected"),
    [
        ("gre", ["GreenTech", "Green Co"], ["GreenTech", "Green Co"]),
        ("gre", ["GreenTech", "GREEN Co"], ["greenTech", "greEN Co"]),
        ("gre", ["GreenTech", "Agree"], ["greenTech"]),
        ("gre", ["Agree"], ["Agree"]),
        ("ee", ["Agree", "Freeman"], []),
        ("", ["a", "b"], ["a", "b"]),
    ],
)
def test_no_letter_that_was_typed_is_taken_away(
    typed: str, values: list[str], expected: list[str]
) -> None:
    found = shells._without_loss(typed, [(value, "") for value in values])
    assert [value for value, _ in found] == expected


# The scripts


def test_the_script_is_printed_and_another_shell_refused(run: Program) -> None:
    for shell, script in SCRIPTS.items():
        assert run("completion", shell).out.strip() == script.strip()
    refused = run("completion", "tcsh")
    assert refused.code == 2
    assert refused.err == ('acct: unknown shell "tcsh" (use bash, zsh or fish)\n')


@pytest.mark.parametrize("shell", SCRIPTS)
def test_a_script_is_valid(shell: str, tmp_path: Path) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    file = tmp_path / "script"
    file.write_text(SCRIPTS[shell])
    subprocess.run([shell, "-n", str(file)], check=True)


# Real shells

F = TypeVar("F", bound=Callable[..., None])


class Terminal:
    """An interactive shell that has loaded its script."""

    def __init__(self, shell: str, folder: Path) -> None:
        import pexpect

        self.shell = shell
        self.shown = folder / "line"
        (folder / "script").write_text(SCRIPTS[shell], encoding="utf-8")
        start = folder / "start"
        start.write_text(_START[shell].format(folder=folder), encoding="utf-8")
        arguments = {
            "bash": ["--noprofile", "--rcfile", str(start), "-i"],
            "zsh": ["-f", "-i"],
            "fish": ["--no-config", "-i", "-C", f"source {start}"],
        }
        self.process: Any = pexpect.spawn(
            shell,
            arguments[shell],
            env={**os.environ, "TERM": "dumb", "PATH": f"{folder}:{os.environ['PATH']}"},
            encoding="utf-8",
            dimensions=(60, 200),
            timeout=20,
        )
        if shell == "zsh":
            self.process.sendline(f"source {start}")
        self.process.expect("READY")
        self.process.expect("> ")

    def after_tab(self, typed: str) -> str:
        """Return the line on the screen after TAB."""
        self.shown.unlink(missing_ok=True)
        # Ctrl-O writes the line to a file; Ctrl-U clears it.
        self.process.send(f"{typed}\t\x0f\x15")
        ends = time.monotonic() + 20
        while time.monotonic() < ends:
            if self.shown.exists() and self.shown.read_bytes().endswith(b"\n"):
                return self.shown.read_text(encoding="utf-8").removesuffix("\n")
            time.sleep(0.02)
        raise AssertionError(f"{self.shell} did not answer to {typed!r}")

    def words_after_tab(self, typed: str) -> list[str]:
        """Return the arguments that the program would get."""
        line = self.after_tab(typed)
        for quote in "'\"":
            # The shell leaves an open quote to be closed.
            if split(line)[-1].quote == quote:
                line += quote
        said = subprocess.run(
            [self.shell, "-c", line.replace("acct", "printf '%s\\n'", 1)],
            capture_output=True,
            text=True,
            check=True,
        )
        return said.stdout.splitlines()


_START = {
    "bash": """
PS1='> '
bind 'set bell-style none'
bind 'set show-all-if-ambiguous off'
_show() {{ printf '%s\\n' "$READLINE_LINE" > {folder}/line; }}
bind -x '"\\C-o": _show'
source {folder}/script
echo READY
""",
    "zsh": """
PS1='> '
unsetopt BEEP
autoload -Uz compinit && compinit -u -D
_show() {{ print -r -- "$BUFFER" > {folder}/line }}
zle -N _show
bindkey '^O' _show
bindkey '^U' kill-whole-line
source {folder}/script
echo READY
""",
    "fish": """
function fish_prompt; echo -n '> '; end
function fish_greeting; end
bind \\co 'commandline > {folder}/line'
bind \\cu 'commandline ""'
source {folder}/script
echo READY
""",
}


@pytest.fixture(scope="module")
def terminals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Terminal]]:
    """Yield shells that share a book with `NAMES` in it, started when they are first used."""
    folder = tmp_path_factory.mktemp("terminals")
    for name in ("acct", "acctcli"):
        program = folder / name
        program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m acctcli "$@"\n')
        program.chmod(0o755)
    places = {
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "ACCTCLI_CONFIG": str(folder / "config.toml"),
        "ACCTCLI_DB": str(folder / "book.db"),
        "LC_ALL": "C.UTF-8",
    }
    started: dict[str, Terminal] = {}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in places.items():
            patch.setenv(name, value)
        with writing(folder / "book.db") as tx:
            accounts = {name: add(tx, "account", name=name) for name in NAMES}
            green, oneil = accounts["GreenTech Ltd"], accounts["O'Neil & Sons"]
            add(tx, "contact", name="Raj O'Neil", account=green)
            add(tx, "contact", name="Raja Berg", account=oneil)
            add(tx, "contact", name='Rob\'s "Bob" Lee', account=oneil)
            add(tx, "deal", title="Pilot", account=green)

        def terminal(shell: str) -> Terminal:
            if not shutil.which(shell):
                pytest.skip(f"{shell} is not installed")
            if shell not in started:
                for name, value in places.items():
                    patch.setenv(name, value)
                own = folder / f"of-{shell}"
                own.mkdir()
                for name in ("acct", "acctcli"):
                    shutil.copy(folder / name, own)
                started[shell] = Terminal(shell, own)
            return started[shell]

        yield terminal
        for one in started.values():
            one.process.close(force=True)


def every_shell(test: F) -> F:
    """Run a test in every shell, which takes a while."""
    return pytest.mark.slow(pytest.mark.parametrize("shell", SCRIPTS)(test))


if os.name != "posix":  # pragma: no cover
    pytestmark = pytest.mark.skip(reason="these shells, and pexpect, need a POSIX system")


@every_shell
def test_tab_completes_commands_options_and_values(
    shell: str, terminals: Callable[[str], Terminal]
) -> None:
    terminal = terminals(shell)
    assert terminal.after_tab("acct acc") == "acct account "
    assert terminal.after_tab("acctcli acc") == "acctcli account "
    assert terminal.after_tab("acct account edit x --tie") == "acct account edit x --tier "
    assert terminal.after_tab("acct account edit x --tier=str").rstrip() == (
        "acct account edit x --tier=strategic"
    )
    assert terminal.after_tab("acct account edit x --set status=cus").rstrip() == (
        "acct account edit x --set status=customer"
    )
    assert terminal.after_tab("acct account edit x --set stat") == (
        "acct account edit x --set status="
    )


@every_shell
@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("gre", "GreenTech Ltd"),
        ("O\\'N", "O'Neil & Sons"),
        ("Café\\ ", 'Café "Best"'),
        ("Ratio\\ 3:4\\ =", "Ratio 3:4 = x"),
        ("株", "株式会社サンプル"),
        ("back", "back\\slash `tick`"),
        ("Star", "Star * [x]; (y) <z> #?"),
        ("a@", "a@b, c%"),
        ("\"O'N", "O'Neil & Sons"),
        ('"Cash ', "Cash $HOME"),
        ("'Ratio 3:", "Ratio 3:4 = x"),
    ],
)
def test_tab_completes_every_name_so_that_it_arrives_whole(
    shell: str, typed: str, name: str, terminals: Callable[[str], Terminal]
) -> None:
    assert terminals(shell).words_after_tab(f"acct account edit {typed}") == [
        "account",
        "edit",
        name,
    ]


@every_shell
@pytest.mark.parametrize("typed", ["--parent=O\\'N", "--parent=\"O'N", "--parent O\\'N"])
def test_tab_completes_a_name_as_the_value_of_an_option(
    shell: str, typed: str, terminals: Callable[[str], Terminal]
) -> None:
    words = terminals(shell).words_after_tab(f"acct account edit x {typed}")
    assert "=".join(words[3:]) == "--parent=O'Neil & Sons"


@every_shell
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("log call 'GreenTech Ltd' --with raj", ["--with", "Raj O'Neil"]),
        ("log call GreenTech\\ Ltd --with=Raj", ["--with=Raj O'Neil"]),
        ("log call o\\'n --with \"Ro", ["--with", 'Rob\'s "Bob" Lee']),
        ("deal move Pilot nego", ["Pilot", "negotiation"]),
        ("deal list --where 'stage = nego", ["--where", "stage = negotiation"]),
        ("deal list --where 'account = \"gree", ["--where", 'account = "GreenTech Ltd"']),
        ("deal list --where \"account = 'gree", ["--where", "account = 'GreenTech Ltd'"]),
        ("deal list --where \"contact = 'Raj ", ["--where", "contact = 'Raj O\\'Neil'"]),
        ("deal list --where 'contact = \"rob", ["--where", 'contact = "Rob\'s \\"Bob\\" Lee"']),
        ("deal list --where stage=nego", ["--where", "stage=negotiation"]),
        ("deal list --where 'sta", ["--where", "stage "]),
        ("deal list --where 'stage in (nego", ["--where", "stage in (negotiation"]),
    ],
)
def test_tab_completes_by_what_stands_on_the_line(
    shell: str, typed: str, words: list[str], terminals: Callable[[str], Terminal]
) -> None:
    found = terminals(shell).words_after_tab(f"acct {typed}")
    assert found[-len(words) :] == words


@every_shell
def test_tab_leaves_files_to_the_shell(shell: str, terminals: Callable[[str], Terminal]) -> None:
    terminal = terminals(shell)
    folder = terminal.shown.parent
    (folder / "my deals.csv").write_text("")
    words = terminal.words_after_tab(f"acct import {folder}/my")
    assert words == ["import", f"{folder}/my deals.csv"]
    assert FILES.startswith("\t")


@every_shell
def test_tab_on_nothing_known_changes_nothing(
    shell: str, terminals: Callable[[str], Terminal]
) -> None:
    assert terminals(shell).after_tab("acct account edit zzz") == "acct account edit zzz"
    assert terminals(shell).after_tab("acct foo b") == "acct foo b"
