"""Every example runs: in the help of each command, in each topic of help, and in each page.

An example may name a record or a file that only a reader has, but none is a mistake of usage.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from unittest import mock

import pytest
from tests.conftest import TODAY
from tests.promises.test_hints import shown
from tests.test_documentation import PAGES, ROOT, below, commands_in, is_group

from acctcli.main import COMMANDS

TOPICS = sorted((ROOT / "src" / "acctcli" / "topics").glob("*.md"))
WRITTEN = [page for page in PAGES if page.name not in ("CHANGELOG.md", "reference.md", "topics.md")]

USAGE = 2

OPEN_ENDED = re.compile(r"…|\.\.\.|\b[A-Z]{2,}\b(?!')")
"""What a command in a sentence has where the reader puts something of their own."""

ELSEWHERE = {"acct mcp", "acct today -i", "acct today --interactive", "acct db backup --to"}
"""Beginnings of examples that speak with another program, read single keys, or write elsewhere."""

ELSEWHERE |= {f"acct sync {verb} postgresql://" for verb in ("init", "join")}

REFUSED = {
    'acct task add greentech "Call" --due 01/02/2026',
    "acct account list --columns x",
    "acct export --preset hubspot",
}
"""Examples of what is refused, or of what is said about a part of a command line."""


def of_commands() -> Iterator[str]:
    """Yield the examples in the help of every command."""
    for module, _ in COMMANDS.values():
        for spec in import_module(f"acctcli.cli.{module}").noun.specs.values():
            for example in spec.examples:
                yield from (part for part in example.split(" | ") if part.startswith("acct "))


def of_pages() -> Iterator[str]:
    """Yield the examples in texts; those that only name a command, or an option, are none."""
    for page in (*TOPICS, *WRITTEN):
        for line in commands_in(page):
            if not OPEN_ENDED.search(line) and not is_name(words_of(line)):
                yield line


def words_of(example: str) -> list[str]:
    """Return the words after `acct` and `--db`, without what is the shell's."""
    words = shlex.split(example, comments=True)[1:]
    if words[:1] == ["--db"]:
        del words[:2]
    for place, word in enumerate(words):
        if re.fullmatch(r"2?[<>]{1,2}|&&", word):
            return words[:place]
    return words


def is_name(words: list[str]) -> bool:
    """Whether words are the name of a command, or end in an option."""
    if words[-1].startswith("-"):
        return True
    path: list[str] = []
    while len(path) < len(words) and is_group(below(*path)) and below(*path, words[len(path)]):
        path.append(words[len(path)])
    return len(path) == len(words)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The sample book, in a home of its own."""
    home = tmp_path_factory.mktemp("examples")
    places = {"HOME": str(home), "XDG_DATA_HOME": str(home), "ACCTCLI_TODAY": TODAY}
    places["ACCTCLI_CONFIG"] = str(home / "config.toml")
    with mock.patch.dict(os.environ, places):
        os.environ.pop("ACCTCLI_DB", None)
        assert shown("demo", str(home / "book.db")).code == 0
        yield home / "book.db"


@pytest.mark.slow
def test_no_example_is_a_mistake_of_usage(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    examples = [
        line
        for line in dict.fromkeys((*of_commands(), *of_pages()))
        if line not in REFUSED and not line.startswith(tuple(ELSEWHERE))
    ]
    assert len(examples) > 400
    monkeypatch.setenv("HOME", str(tmp_path))
    wrong = []
    for number, example in enumerate(examples):
        folder = tmp_path / str(number)
        shutil.copytree(ROOT / "docs" / "data", folder)
        (folder / "book.db").write_bytes(sample.read_bytes())
        monkeypatch.chdir(folder)
        code, said = shown("--db", "book.db", *words_of(example))
        # Standard input is empty here.
        if code in (1, USAGE, 6) and not re.search("stdin is empty", said):
            wrong.append(f"{example}: {code} {said.strip()}")
        shutil.rmtree(folder)
    assert wrong == []
