"""Whatever a command changes on one machine is the same on the others after a sync.

The examples in the help of all commands run in the sample book, which two machines share, so a new
command is among them.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from tests.conftest import TODAY, Program
from tests.promises.test_examples import ELSEWHERE, words_of
from tests.promises.test_hints import shown
from tests.syncing import Clock, Machine, rest, share, sound
from tests.test_documentation import ROOT

from acctcli.main import root
from acctcli.store.sync import tables

Rows = dict[str, list[dict[str, Any]]]

NOT_HERE = {"sync", "mcp", "demo", "init", "completion", "db"}
"""Nouns that make or share books, or write elsewhere."""


def examples() -> dict[str, dict[str, list[str]]]:
    """Return what may write, by noun and command."""
    found: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for name, command in root().every():
        noun = name.split()[0]
        if noun in NOT_HERE or (command.spec.reads and name != "import"):
            continue
        lines = [
            part
            for example in command.spec.examples
            for part in example.split(" | ")
            if part.startswith("acct ") and not part.startswith(tuple(ELSEWHERE))
        ]
        found[noun][name] = lines
    return found


EXAMPLES = examples()


def shared_rows(machine: Machine) -> Rows:
    """Return all rows of all tables that travel."""
    with closing(sqlite3.connect(machine.book)) as con:
        con.row_factory = sqlite3.Row
        return {
            table: [dict(row) for row in con.execute(f'SELECT * FROM "{table}" ORDER BY id')]
            for table in tables.names()
        }


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample book."""
    home = tmp_path_factory.mktemp("sample")
    places = {"HOME": str(home), "XDG_DATA_HOME": str(home), "ACCTCLI_TODAY": TODAY}
    with mock.patch.dict(os.environ, {**places, "ACCTCLI_CONFIG": str(home / "config.toml")}):
        assert shown("demo", str(home / "book.db")).code == 0
    return home / "book.db"


@pytest.fixture
def pair(run: Program, tmp_path: Path, sample: Path) -> tuple[Machine, Machine]:
    """Two machines that share the sample book."""
    clock = Clock()
    ann, ben = (Machine(run, tmp_path, name, clock) for name in ("ann", "ben"))
    for one in (ann, ben):
        shutil.copyfile(sample, one.book)
    share((ann, ben), str(tmp_path / "shared"))
    rest((ann, ben))
    return ann, ben


@pytest.mark.parametrize("noun", EXAMPLES)
def test_what_a_command_changes_reaches_the_other_machine(
    pair: tuple[Machine, Machine], tmp_path: Path, noun: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = pair
    work = tmp_path / "work"
    shutil.copytree(ROOT / "docs" / "data", work)
    monkeypatch.chdir(work)
    for lines in EXAMPLES[noun].values():
        for line in lines:
            before = shared_rows(ann)
            ann.tries(*words_of(line))
            ran = shared_rows(ann)
            if ran == before:
                continue
            ann.sync()
            ben.sync()
            assert shared_rows(ann) == ran, line
            assert shared_rows(ben) == ran, line
    assert ann.exports() == ben.exports()
    sound(ann)
    sound(ben)
