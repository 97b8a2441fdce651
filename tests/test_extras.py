"""The extras, and how they are installed."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest

from acctcli import extras

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def test_the_libraries_are_those_of_the_package() -> None:
    declared = tomllib.loads(PROJECT.read_text("utf-8"))["project"]["optional-dependencies"]
    names = {
        extra: tuple(re.split(r"[<>=~!]", one)[0] for one in libraries)
        for extra, libraries in declared.items()
    }
    assert names == extras.LIBRARIES


@pytest.mark.parametrize("extra", extras.LIBRARIES)
def test_each_way_is_a_line_of_its_own_that_fits_a_terminal(extra: str) -> None:
    lines = extras.missing("they need", extra, "Or do it by hand.").message.splitlines()
    assert lines[0].endswith("Or do it by hand. To install:")
    assert [line.split()[:2] for line in lines[1:]] == [["pip", "install"], ["pipx", "inject"]]
    assert max(map(len, lines[1:])) < 80


def test_where_pipx_installed_the_program_only_pipx_reaches_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "prefix", "/home/kim/.local/share/pipx/venvs/acctcli")
    assert extras.to_install("xlsx") == "  pipx inject acctcli openpyxl"


def test_brackets_are_quoted_for_the_shell_and_left_out_of_the_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "prefix", "/home/kim/venv")
    assert extras.missing("teams need", "team").message == (
        "teams need psycopg. To install:\n"
        "  pip install 'acctcli[team]'\n"
        "  pipx inject acctcli 'psycopg[binary]'"
    )
