"""An empty option is an error of a script, and so is an excessive number: status 2.

`--db "$BOOK"` with BOOK unset must not mean another book, nor `--owner "$ME"` everybody. Every
command of the program is tested, so a new one is included automatically.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.kit.test_commands import all_commands
from tests.conftest import Program

from acctcli.cli.kit.commands import Command, CommandSpec, build
from acctcli.values.fields import MAX_INTEGER

EVERY = [pytest.param(path, spec, id=path.replace(" ", "-")) for path, spec in all_commands()]


def needed(command: Command, *, but: str | None = None) -> list[str]:
    """Return words for the required arguments of a command, which never gets to read them."""
    words = []
    for param in command.params:
        if param.required and param.name != but:
            words += ["x"] if param.param_type_name == "argument" else [param.opts[0], "x"]
    return words


@pytest.mark.parametrize(("path", "spec"), EVERY)
def test_an_option_that_is_left_empty_is_refused(
    path: str, spec: CommandSpec, run: Program, book: Path
) -> None:
    command = build(spec)
    for param in command.params:
        if getattr(param, "is_flag", False) or param.name == "help":
            continue
        if param.param_type_name == "argument":
            if param.required:
                continue  # the reader of it has its own words
            words = [*needed(command), ""]
        elif param.name in command.clearing:
            continue
        else:
            empty = [f"{param.opts[0]}="] if param.nargs == 1 else [param.opts[0], "", ""]
            words = [*needed(command, but=param.name), *empty]
        done = run(*path.split(), *words)
        assert (done.code, done.out) == (2, ""), words
        assert "is empty" in done.err, (words, done.err)
    assert not book.exists()


def numbers(spec: CommandSpec) -> list[str]:
    """The options and arguments of a command that are whole numbers, arguments as nothing."""
    return [
        param.opts[0] if param.param_type_name == "option" else ""
        for param in build(spec).params
        if getattr(param.type, "name", "") in ("int", "int range")
    ]


COUNTING = [pytest.param(p, s, id=p.replace(" ", "-")) for p, s in all_commands() if numbers(s)]


@pytest.mark.parametrize(("path", "spec"), COUNTING)
def test_a_number_that_nothing_can_hold_is_refused(
    path: str, spec: CommandSpec, run: Program
) -> None:
    assert run("account", "add", "Acme").code == 0
    for name in numbers(spec):
        for number in (MAX_INTEGER, 2**63, -(2**63), 10**30):
            words = [*needed(build(spec)), *filter(None, [name]), f"{number}"]
            done = run(*path.split(), *words)
            assert "bug in acct" not in done.err, (words, done.err)
            if abs(number) > MAX_INTEGER:
                assert (done.code, done.out) == (2, ""), (words, done.err)


def test_only_a_record_that_is_there_can_be_cleared() -> None:
    clearing = {path: build(spec).clearing for path, spec in all_commands()}
    edits = {path for path, _ in all_commands() if path.endswith(" edit") and path != "config edit"}
    # The day of the next review has a default; empty means none.
    assert clearing.pop("review run") == {"next_review"}
    # So have the texts of a quote and its last valid day.
    texts = {"intro", "recipient", "sender", "terms"}
    assert clearing.pop("deal quote") == {"valid_until", *texts}
    assert {path for path, names in clearing.items() if names} == {
        *edits,
        "account plan",
        "quote line",
    }


@pytest.mark.parametrize("variable", ["ACCTCLI_DB", "ACCTCLI_CONFIG", "ACCTCLI_TODAY"])
def test_a_variable_that_is_set_but_empty_is_refused(
    variable: str, run: Program, book: Path
) -> None:
    for empty in ("", " "):
        done = run("account", "add", "Acme", env={variable: empty})
        assert (done.code, done.out) == (2, "")
        said = "is set, but empty. Unset it, or give it a value"
        assert done.err == f"acct: {variable} {said}\n"
    assert not book.exists()


@pytest.mark.parametrize("option", ["--db", "--today"])
def test_an_empty_option_before_the_command_is_refused(option: str, run: Program) -> None:
    run("account", "add", "Mine")
    for empty in ("", " "):
        done = run(option, empty, "account", "list")
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith(f"acct: {option} is empty. Leave it out")


def test_a_home_that_nobody_has_is_refused(run: Program) -> None:
    for words in (["--db", "~nobody-here/x.db", "today"], ["import", "~nobody-here/x.csv"]):
        done = run(*words)
        assert done.code == 2
        assert "there is no such home folder" in done.err


def test_search_needs_a_word(run: Program) -> None:
    run("account", "add", "Acme")
    for words in ([""], [" "], ["", ""]):
        done = run("search", *words)
        assert (done.code, done.out) == (2, "")
