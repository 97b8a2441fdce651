"""Promise 10: whatever was done, as many undos restore each earlier state, to the last byte."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import books
from tests.promises.processes import LONG

from acctcli import main
from acctcli.store import connection

pytestmark = pytest.mark.slow

Words = tuple[str, ...]

NAMES = ("GreenTech", "Kan-code", "Konex")
PEOPLE = ("Mei Tan", "Raj Nair")
DEALS = ("Rollout", "Starter")

account = st.sampled_from(NAMES)
person = st.sampled_from(PEOPLE)
deal = st.sampled_from(DEALS)
tier = st.sampled_from(("key", "growth", ""))
amount = st.sampled_from(("100", "120k", "SGD 5", "JPY 700"))
tags = st.sampled_from(("a", "b", "a; b", "b; a", ""))
emails = st.sampled_from(("m@x.com", "n@x.com; m@x.com", "o@x.com", ""))


def words(*parts: str | st.SearchStrategy[str]) -> st.SearchStrategy[Words]:
    return st.tuples(
        *(part if isinstance(part, st.SearchStrategy) else st.just(part) for part in parts)
    )


ADDITIONS = st.one_of(
    words("account", "add", account, "--tier", tier, "--tag", tags, "--set", "segment=north"),
    words("contact", "add", person, "--account", account, "--email", emails),
    words("account", "add", account, "--tier", tier, "--duplicate"),
    words("contact", "add", person, "--account", account, "--duplicate"),
    words("product", "add", "Support", "--price", amount),
    words("deal", "add", account, deal, "--amount", amount, "--product", "support"),
    words("deal", "add", account, deal, "--stage", "proposal"),
    words("log", "call", account, "Talked", "--with", person, "--next", "Call", "--due", "fri"),
    words("task", "add", account, "Quote", "--every", "1w", "--due", "mon", "--contact", person),
    words("purchase", "add", account, amount, "--product", "support"),
    words("review", "run", account, "--summary", "Fine", "--risk", "None"),
)
CHANGES = st.one_of(
    words("account", "edit", account, "--tier", tier, "--set", "segment=south"),
    words("account", "edit", account, "--tag", tags, "--set", "segment="),
    words("account", "edit", account, "--parent", account),
    words("account", "edit", account, "--name", account, "--revenue", amount),
    words("account", "tag", account, "--add", "c", "--remove", "a"),
    words("account", "archive", account),
    words("account", "edit", *NAMES, "--owner", "Kim"),
    words("contact", "edit", person, "--email", emails, "--reports-to", person),
    words("contact", "move", person, "--to", account),
    words("contact", "link", person, "--account", account),
    words("deal", "edit", deal, "--amount", amount, "--close", "2w"),
    words("deal", "move", deal, "negotiation"),
    words("deal", "win", deal),
    words("deal", "lose", deal, "--reason", "Budget"),
    words("deal", "item", deal, "--add", "support", "--quantity", "2", "--sum"),
    words("deal", "contact", deal, person),
    words("task", "done", "quote"),
    words("task", "edit", "call", "--due", "3w"),
    words("product", "edit", "support", "--price", amount),
)
DELETIONS = st.one_of(
    words("account", "delete", account, "--yes"),
    words("contact", "delete", person, "--yes"),
    words("deal", "delete", deal, "--yes"),
    words("product", "delete", "support", "--yes"),
    words("task", "delete", "quote", "--yes"),
)
MERGES = st.one_of(
    words("account", "merge", account, account, "--yes"),
    words("account", "merge", account, account, "--prefer", "other", "--yes"),
    words("contact", "merge", person, person, "--yes"),
)
IMPORTS = words("import", st.sampled_from(("accounts.csv", "contacts.csv")), "--duplicate")
COMMANDS = st.one_of(ADDITIONS, ADDITIONS, CHANGES, CHANGES, DELETIONS, MERGES, IMPORTS)

# Most of them find what they name.
BEGINNING: tuple[Words, ...] = (
    ("account", "add", "GreenTech", "--tag", "a; b"),
    ("account", "add", "Kan-code"),
    ("contact", "add", "Mei Tan", "--account", "greentech", "--email", "m@x.com"),
    ("product", "add", "Support", "--price", "SGD 100"),
    ("deal", "add", "greentech", "Rollout", "--amount", "SGD 120k", "--stage", "proposal"),
    ("task", "add", "greentech", "Quote", "--due", "fri"),
)

FILES = {
    "config.toml": '[me]\nname = "Kim"\n[fields.account.segment]\ntype = "text"\n',
    "accounts.csv": "Name,Tier,Tags\nGreenTech,key,x\nNewcomer,smb,\nOther,,a; b\n",
    "contacts.csv": "Name,Account,Email\nMei Tan,GreenTech,new@x.com\nAna Lim,Kan-code,ana@x.com\n",
}


class Machine:
    """A book in a folder, and the commands that are typed there, each a minute after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.book = folder / "book.db"
        self.minute = 0
        for name, content in FILES.items():
            (folder / name).write_text(content)
        books.create(self.book)

    def __call__(self, *typed: str) -> int:
        """Run a command; return its status, which must never be an error of ours."""
        self.minute += 1
        now = f"2026-11-22 {8 + self.minute // 60:02}:{self.minute % 60:02}"
        given = [str(self.folder / word) if word in FILES else word for word in typed]
        with mock.patch.dict(os.environ, ACCTCLI_TODAY=now), silence() as said:
            status = main.run(["--db", str(self.book), *given])
        assert status in (0, 2, 3, 4), (typed, said.getvalue())
        return status

    @property
    def commands(self) -> int:
        return int(books.value(self.book, "SELECT count(*) FROM command"))


@contextlib.contextmanager
def silence() -> Iterator[io.StringIO]:
    said = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
        yield said


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Do not wait for the disk, which is no part of this promise, and make no backups."""
    unsafe = tuple(s.replace("EXTRA", "OFF") for s in connection._SETTINGS)
    monkeypatch.setattr(connection, "_SETTINGS", unsafe)
    monkeypatch.setattr("acctcli.store.backup.make", lambda *_, **__: Path())
    books.configure(home, FILES["config.toml"])


limited = settings(
    max_examples=200 if LONG else 10, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@limited
@given(typed=st.lists(COMMANDS, min_size=1, max_size=30))
def test_as_many_undos_bring_back_every_earlier_state(
    typed: list[Words], tmp_path_factory: pytest.TempPathFactory
) -> None:
    machine = Machine(tmp_path_factory.mktemp("undo"))
    states = [books.dump(machine.book)]
    for command in (*BEGINNING, *typed):
        known = machine.commands
        machine(*command)
        if machine.commands > known:
            states.append(books.dump(machine.book))
    latest = states[-1]
    for state in reversed(states[:-1]):
        assert machine("undo") == 0
        assert books.dump(machine.book) == state
    assert machine("undo") == 3
    assert books.sound(machine.book)
    for state in states[1:]:
        assert machine("undo", "--redo") == 0
        assert books.dump(machine.book) == state
    assert machine("undo", "--redo") == 3
    assert books.dump(machine.book) == latest
    assert books.sound(machine.book)


UNDOS = st.one_of(
    words("undo"),
    words("undo", "--redo"),
    words("undo", st.integers(1, 25).map(str)),
    words("undo", st.integers(1, 25).map(str), "--keep-edited"),
)


@limited
@given(typed=st.lists(st.one_of(COMMANDS, UNDOS), min_size=1, max_size=25))
def test_undos_of_anything_in_any_order_leave_a_sound_book_and_can_be_taken_back(
    typed: list[Words], tmp_path_factory: pytest.TempPathFactory
) -> None:
    machine = Machine(tmp_path_factory.mktemp("undo"))
    for command in BEGINNING:
        machine(*command)
    for command in typed:
        before, known = books.dump(machine.book), machine.commands
        status = machine(*command)
        if status != 0:
            assert books.dump(machine.book) == before
        elif command[0] == "undo":
            after, number = books.dump(machine.book), machine.commands
            assert number == known + 1
            assert machine("undo", str(number)) == 0
            assert books.dump(machine.book) == before
            assert machine("undo", str(number + 1)) == 0
            assert books.dump(machine.book) == after
    assert books.sound(machine.book)
