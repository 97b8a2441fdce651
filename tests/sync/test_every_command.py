"""Whatever a command changes on one machine is the same on the others after a sync.

The examples in the help of all commands run in the sample book, which two machines share, so a new
command is among them.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
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


MORE: Mapping[str, tuple[str, ...]] = {
    "account": (
        "account tag {account} --add north",
        "account merge {account} {account:1} --yes",
        "account handover {account} --to Lee",
        "undo",
    ),
    "contact": (
        "contact add Lee --account {account} --email lee@x.com",
        "contact link {contact:1} --account {account:3}",
        "contact unlink {contact:1} --account {account:3}",
        "contact move {contact} --to {account:3}",
        "contact merge {contact:1} {contact:2} --yes",
        "contact dupes --not-same {contact:3} {contact:4}",
        "contact delete {contact:5} --yes",
        "undo",
    ),
    "log": ("log edit {log} --outcome Agreed", "log delete {log:1} --yes", "undo"),
    "task": (
        "task add {account} Often --every 1w --due 2026-11-23",
        "task done Often",
        "task reopen {task:done}",
        "task edit {task} --text Otherwise",
        "task delete {task:1} --yes",
        "undo",
    ),
    "deal": (
        "deal add {account} Pilot --amount 5kSGD",
        "deal edit Pilot --competitor Rival",
        "deal tag Pilot --add north",
        "deal contact Pilot {contact} --role champion",
        "deal item Pilot --add {product} --quantity 2",
        "deal quote Pilot --tax 9",
        "deal move Pilot negotiation",
        "deal win Pilot",
        "deal reopen Pilot",
        "deal lose Pilot --reason price",
        "deal delete Pilot --yes",
        "undo",
    ),
    "quote": (
        "deal add {account} Pilot --amount 5kSGD",
        "deal item Pilot --add {product} --quantity 2",
        "deal quote Pilot --tax 9",
        "quote edit {quote:-1} --title Otherwise",
        "quote send {quote:-1}",
        "quote accept {quote:-1}",
        "undo",
        "quote decline {quote:-1} --reason price",
        "deal quote Pilot --tax 7",
        "quote delete {quote:-1} --yes",
    ),
    "purchase": (
        "purchase add {account} 5kSGD --on 2026-11-21 --recurring yearly",
        "purchase renew {purchase:-1}",
        "purchase edit {purchase} --amount 7kSGD",
        "purchase delete {purchase:1} --yes",
    ),
    "campaign": ("campaign delete {campaign} --yes", "undo"),
    "review": ("review edit {review} --summary Otherwise", "review delete {review:1} --yes"),
    "config": ("config set cadence.key 27", "config unset cadence.key"),
}
"""Commands whose examples are about records that the sample book does not have."""


def examples() -> dict[str, list[str]]:
    """Return the examples of what may write, by noun."""
    found: dict[str, list[str]] = defaultdict(list)
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
        found[noun] += lines
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


def filled(line: str, rows: Rows) -> list[str]:
    """Return words with ids for kinds in braces: `{deal:1}` is the second deal.

    `{task:done}` is the one that repeats: its successor's id may come before or after its own.
    """
    found = []
    for word in line.split():
        kind, _, place = word.strip("{}").partition(":")
        if place == "done":
            chosen = next(row for row in rows[kind] if row["done_at"] and row["text"] == "Often")
        elif word.startswith("{"):
            chosen = rows[kind][int(place or 0)]
        found.append(chosen["id"] if word.startswith("{") else word)
    return found


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


def reaches(ann: Machine, ben: Machine, words: list[str]) -> bool:
    """Run a command on one machine, and sync if it changed anything: the other must have it."""
    before = shared_rows(ann)
    ann.tries(*words)
    ran = shared_rows(ann)
    if ran != before:
        ann.sync()
        ben.sync()
        assert shared_rows(ann) == ran, words
        assert shared_rows(ben) == ran, words
    return ran != before


@pytest.mark.slow
@pytest.mark.parametrize("noun", EXAMPLES)
def test_what_a_command_changes_reaches_the_other_machine(
    pair: tuple[Machine, Machine], tmp_path: Path, noun: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = pair
    work = tmp_path / "work"
    shutil.copytree(ROOT / "docs" / "data", work)
    monkeypatch.chdir(work)
    for line in EXAMPLES[noun]:
        reaches(ann, ben, words_of(line))
    for line in MORE.get(noun, ()):
        assert reaches(ann, ben, filled(line, shared_rows(ann))), line
    assert ann.exports() == ben.exports()
    sound(ann)
    sound(ben)
