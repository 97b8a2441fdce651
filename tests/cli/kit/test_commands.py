from __future__ import annotations

import inspect
import shlex
import subprocess
import sys
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
import typer
from tests.conftest import Program
from typer.core import TyperArgument, TyperOption

from acctcli import main
from acctcli.cli.kit import helptext
from acctcli.cli.kit.bundles import Bundle, Together, option
from acctcli.cli.kit.commands import Command, CommandSpec, LazyGroup, Noun, build
from acctcli.cli.kit.session import Session
from acctcli.frozen import Frozen
from acctcli.model import KINDS, NOUNS
from acctcli.results import Lines


def all_commands() -> Iterator[tuple[str, CommandSpec]]:
    return ((path, command.spec) for path, command in main.root().every())


every_command = pytest.mark.parametrize(
    ("path", "spec"), [pytest.param(*one, id=one[0].replace(" ", "-")) for one in all_commands()]
)


@pytest.fixture(autouse=True)
def eighty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


# Help of every command


@every_command
def test_every_command_says_what_it_is_for_and_shows_an_example(
    path: str, spec: CommandSpec, run: Program
) -> None:
    done = run(*path.split(), "--help")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0]
    assert f"Usage\n  acct {path}" in done.out
    assert max(map(len, lines)) <= 80
    assert "Examples\n  $ acct" in done.out or path == "completion"
    assert "[required]" not in done.out
    assert "\x1b" not in done.out


@pytest.mark.slow
def test_without_docstrings_help_says_the_same() -> None:
    # The pages of the groups have the first line of each of their commands.
    paths = [[name, "--help"] for name in main.COMMANDS]
    paths += [[*path.split(), "--help"] for path, _ in list(all_commands())[::9]]
    program = f"from acctcli.main import run\nfor words in {paths}: run(words)"
    said = [
        subprocess.run(
            [sys.executable, *options, "-c", program], capture_output=True, check=True
        ).stdout
        for options in ([], ["-OO"])
    ]
    assert said[0] == said[1]
    assert len(said[0]) > 20_000


@every_command
def test_every_example_is_a_command_line_of_this_command(path: str, spec: CommandSpec) -> None:
    assert spec.examples
    called = [part for example in spec.examples for part in example.split(" | ")]
    ours = [words_of(part) for part in called if part.startswith("acct ")]
    names = path.split()
    assert any(words[: len(names)] == names for words in ours) or path == "completion"
    tree = main.root()
    for words in ours:
        # It can be parsed: every option exists and takes such a value.
        command: Any = tree.get_command(None, words[0])
        rest = words[1:]
        if isinstance(command, LazyGroup):
            command, rest = command.get_command(None, rest[0]), rest[1:]
        command.make_context("acct", rest)


def words_of(example: str) -> list[str]:
    """Return the words after `acct`, without shell syntax and without options of `acct` itself."""
    words = shlex.split(example)[1:]
    for place, word in enumerate(words):
        if word in ("<", ">"):
            del words[place:]
            break
    while words[0].startswith("--"):
        words = words[2:]
    return words


@every_command
def test_every_option_is_explained(path: str, spec: CommandSpec) -> None:
    for param in build(spec).params:
        assert isinstance(param, TyperArgument | TyperOption)
        if not param.hidden:
            assert param.help, param.name
            assert param.help.endswith("."), param.name


def test_help_groups_options_and_breaks_long_examples_so_that_they_can_be_pasted(
    run: Program,
) -> None:
    shown = run("contact", "add", "--help").out
    order = [shown.index(heading) for heading in ("Usage", "Arguments", "Fields", "Output")]
    assert order == sorted(order)
    assert "  --[no-]primary  " in shown
    assert "  --in, --out  " in run("log", "call", "--help").out
    assert (
        '  $ acct contact add "Mei Tan" --account greentech --title CFO \\\n      --email' in shown
    )


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_help_fits_the_terminal(columns: str, run: Program) -> None:
    shown = run("deal", "add", "--help", env={"COLUMNS": columns}).out
    widest = max(map(len, shown.splitlines()))
    assert widest <= max(int(columns), 48)
    assert widest <= 96


@pytest.mark.parametrize(
    ("example", "width", "lines"),
    [
        ("acct a --b c", 80, ["  $ acct a --b c"]),
        ("acct a --bb 'c d' --ee f", 24, ["  $ acct a --bb 'c d' \\", "      --ee f"]),
        ("acct a -f ids | acct b -", 22, ["  $ acct a -f ids \\", "      | acct b -"]),
    ],
)
def test_an_option_stays_with_its_value(example: str, width: int, lines: list[str]) -> None:
    assert helptext._example(example, width) == lines
    joined = "\n".join(lines).replace("\\\n", " ").removeprefix("  $ ")
    assert shlex.split(joined) == shlex.split(example)


def test_headings_are_bold_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    class Screen:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdout", Screen())
    monkeypatch.setattr("sys.stderr", Screen())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert helptext._heading("Usage") == "\x1b[1mUsage\x1b[0m"
    monkeypatch.setenv("NO_COLOR", "1")
    assert helptext._heading("Usage") == "Usage"


# No value is lost if an option is given twice


def test_what_holds_one_value_is_refused_when_it_is_given_twice(run: Program) -> None:
    """Tests every option of every command, and those before the command."""
    tried = 0
    built = {path: build(spec) for path, spec in all_commands()}
    for path, params in {"": main.root().params, **{p: c.params for p, c in built.items()}}.items():
        for param in params:
            if isinstance(param, TyperOption) and not (param.is_flag or param.multiple):
                one, other = (" ".join([value] * param.nargs) for value in ("5", "6"))
                first, second = (param.opts[0], *one.split()), (param.opts[-1], *other.split())
                done = run(*path.split(), *first, *second)
                assert done.code == 2, (path, param.opts, done.err)
                says = f'{param.opts[0]} is given twice: "{one}" and "{other}". Give one'
                assert says in done.err
                tried += 1
    assert tried > 200


def test_a_flag_may_be_given_twice_but_not_both_ways(run: Program) -> None:
    run("account", "add", "Acme")
    assert run("account", "delete", "Acme", "-y", "--yes").code == 0
    both = run("contact", "add", "Mei Tan", "--primary", "--no-primary")
    assert (both.code, both.err) == (
        2,
        "acct: --primary and --no-primary are both given. Give one\n",
    )
    assert run("contact", "add", "Mei Tan", "--no-primary", "--no-primary").code == 0


def test_what_holds_several_values_takes_them_all(run: Program) -> None:
    run("account", "add", "Acme", "--tag", "a", "--tag", "b")
    run("account", "add", "Konex", "--tier", "key")
    assert run("account", "show", "acme", "-f", "json").json()["tags"] == ["a", "b"]
    listed = run("account", "list", "--tag", "a", "--where", "name = acme", "--where", "tag = b")
    assert "\tAcme\t" in listed.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ("--set", "tier=key", "--set", "tier=smb"),
            'tier is given twice: "key" (--set tier) and "smb"',
        ),
        (
            ("--tier", "key", "--set", "tier=smb"),
            'tier is given twice: "key" (--tier) and "smb" (--set tier)',
        ),
        (
            ("--tag", "a", "--tag", "b", "--set", "tags=c"),
            'tags is given twice: "a; b" (--tag) and "c"',
        ),
    ],
)
def test_a_field_is_not_given_twice_by_different_options(
    run: Program, words: tuple[str, ...], says: str
) -> None:
    refused = run("account", "add", "Acme", *words)
    assert refused.code == 2
    assert says in refused.err


# Fields become options by being declared


@pytest.mark.parametrize("noun", NOUNS)
def test_every_field_that_can_be_set_has_an_option_to_edit_it(noun: str) -> None:
    command = main.root().get_command(None, noun).get_command(None, "edit")
    flags = {flag for param in command.params for flag in param.opts}
    missing = {
        name
        for name, field in KINDS[noun].fields.items()
        if not field.fixed and flags.isdisjoint(field.options)
    }
    # Set by other commands of the noun.
    elsewhere = {"task": {"done_at", "first_due", "log", "review"}, "review": {"account"}}
    assert missing == elsewhere.get(noun, set())


# How a function becomes a command


class Pair(Bundle):
    """Two options that come as one value."""

    def parameters(self) -> list[inspect.Parameter]:
        return [option("one", ("--one",), "One."), option("two", ("--two",), "Two.", default="b")]

    def collect(self, given: dict[str, Any], session: Session) -> Any:
        return given


PAIR = Pair()


def run_command(noun: Noun, *words: str) -> Any:
    group = noun.group()
    session = Session(words)
    with group.make_context("test", list(words), obj=session) as ctx:
        return group.invoke(ctx)


def test_a_command_gets_the_session_its_parameters_and_its_bundles() -> None:
    noun = Noun("thing", "Things.")
    seen: list[Any] = []

    @noun.command("do", examples=["acct thing do x"])
    def do(
        session: Session,
        what: str,
        often: Annotated[int, typer.Option("--often", help="How often.")] = 1,
        pair: Any = PAIR,
    ) -> Lines:
        """Do it. And more."""
        seen.append((session, what, often, pair))
        return Lines(["done"])

    result, output = run_command(noun, "do", "x", "--often", "3", "--one", "a")
    assert result == Lines(["done"])
    assert output.format is None
    ((session, what, often, pair),) = seen
    assert isinstance(session, Session)
    assert (what, often, pair) == ("x", 3, {"one": "a", "two": "b"})


class Speed(Frozen):
    """Options that several commands share."""

    slow: Annotated[bool, typer.Option("--slow", help="Slowly.")] = False
    often: Annotated[int, typer.Option("--often", help="How often.")] = 1


SPEED = Together(Speed)


@pytest.mark.parametrize(
    ("words", "given"), [([], Speed()), (["--slow", "--often", "3"], Speed(True, 3))]
)
def test_fields_of_a_class_are_options_that_come_as_one_object(
    words: list[str], given: Speed
) -> None:
    noun = Noun("thing", "Things.")
    seen: list[Speed] = []

    @noun.command("do", examples=[])
    def do(session: Session, speed: Any = SPEED) -> Lines:
        """Do it."""
        seen.append(speed)
        return Lines(["done"])

    run_command(noun, "do", *words)
    assert seen == [given]


def test_a_command_is_built_once_and_only_when_it_is_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    noun = Noun("thing", "Things.")
    for name in ("one", "two"):
        noun.command(name, examples=[])(lambda session: None)
    built = []

    def noted(spec: CommandSpec) -> Command:
        built.append(spec.name)
        return build(spec)

    monkeypatch.setattr("acctcli.cli.kit.commands.build", noted)
    group = noun.group()
    assert group.list_commands(None) == ["one", "two"]
    assert built == []
    assert group.get_command(None, "two") is group.get_command(None, "two")
    assert built == ["two"]
    assert group.get_command(None, "three") is None


def test_a_hidden_command_works_and_is_not_listed() -> None:
    noun = Noun("thing", "Things.")

    @noun.command("secret", examples=[], hidden=True)
    def secret(session: Session) -> Lines:
        """Do it quietly."""
        return Lines(["done"])

    assert noun.group().summaries() == []
    assert run_command(noun, "secret")[0] == Lines(["done"])
