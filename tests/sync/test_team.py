"""A team on PostgreSQL: who reads what, accounts handed over, and those who may not.

west: ann, and max, who owns all books. east: bob and max. ron only reads west. eve is in no book.
Products are in a book that all share.
"""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from tests.conftest import Program
from tests.hub import Server
from tests.syncing import Clock, Machine, sound

from acctcli.carriers.opened import opened
from acctcli.errors import AcctError

pytestmark = pytest.mark.slow

BOOKS = {"ann": "west,common", "bob": "east,common", "max": "west,east,common"}


class Team:
    """The machines of a team, and the server between them."""

    def __init__(self, run: Program, folder: Path, hub: Server) -> None:
        self.run = run
        self.folder = folder
        self.hub = hub
        self.clock = Clock()
        self.machines: dict[str, Machine] = {}
        owner = opened(hub.url("max"))
        for book in ("west", "east", "common"):
            owner.create(book)
        owner.close()
        boss = self.join("max", BOOKS["max"])
        for book, rep, role in (
            ("west", "ann", "write"),
            ("east", "bob", "write"),
            ("west", "ron", "read"),
            ("common", "ann", "write"),
            ("common", "bob", "write"),
            ("common", "ron", "read"),
        ):
            boss("sync", "member", "add", rep, "--role", role, "--book", book)
        for name in ("ann", "bob"):
            self.join(name, BOOKS[name])

    def machine(self, name: str) -> Machine:
        made = Machine(self.run, self.folder, name, self.clock)
        self.machines[name] = made
        return made

    def join(self, name: str, books: str) -> Machine:
        made = self.machine(name)
        home = books.partition(",")[0]
        words = ("--book", books, "--home", home, "--common", "common")
        made.join(self.hub.url(name), *words)
        return made

    def __getitem__(self, name: str) -> Machine:
        return self.machines[name]

    def sync(self, *names: str) -> None:
        for name in names:
            self[name].sync()


@pytest.fixture
def team(run: Program, tmp_path: Path, hub: Server) -> Team:
    """A team with three accounts: Acme and Globex of ann, Initech of bob."""
    made = Team(run, tmp_path, hub)
    for name, owner in (("Acme", "ann"), ("Globex", "ann"), ("Initech", "bob")):
        one = made[owner]
        one("account", "add", name)
        one("contact", "add", f"Pat {name}", "--account", name)
        one("log", "call", name, f"call {name}", "--next", "Send quote", "--due", "2026-12-15")
        one("deal", "add", name, f"{name} licence", "--amount", "1000")
    made["max"]("product", "add", "Widget", "--price", "100")
    made.sync("max", "ann", "bob", "ann", "bob", "max")
    made["ann"]("deal", "item", "Acme licence", "--add", "Widget")
    made.sync("ann", "max", "bob")
    return made


def test_each_has_what_is_in_their_books(team: Team) -> None:
    assert team["ann"].names() == ["Acme", "Globex"]
    assert team["bob"].names() == ["Initech"]
    assert team["max"].names() == ["Acme", "Globex", "Initech"]
    assert team["bob"].names("product") == ["Widget"]
    assert team["bob"].names("contact") == ["Pat Initech"]


def test_a_stranger_gets_nothing_and_sends_nothing(team: Team) -> None:
    eve = team.machine("eve")
    refused = eve.tries("sync", "join", team.hub.url("eve"), "--book", "west", "--name", "eve")
    assert refused.code in (3, 4)
    assert team.hub.sql("eve", "SELECT count(*) FROM acct.file") == [(0,)]
    assert team.hub.sql("eve", "SELECT count(*) FROM acct.book") == [(0,)]
    assert eve.names() == []


def test_who_was_a_member_is_refused_afterwards(team: Team) -> None:
    team["max"]("sync", "member", "remove", "ann", "--book", "west", "--yes")
    team["ann"]("account", "edit", "Acme", "--city", "Oslo")
    refused = team["ann"].tries("sync", "now")
    assert refused.code == 4
    assert "member" in refused.err
    team.sync("max")
    assert team["max"].value("SELECT city FROM account WHERE name = 'Acme'") is None
    assert team["ann"].names() == ["Acme", "Globex"]


def test_a_reader_reads_and_what_they_edit_stays_with_them(team: Team) -> None:
    ron = team.join("ron", "west,common")
    ron.sync()
    assert ron.names() == ["Acme", "Globex"]
    ron.tries("log", "note", "Acme", "ron was here")
    said = ron.tries("sync", "now", "-f", "json")
    team.sync("max")
    assert "ron was here" not in team["max"].names("log")
    if "ron was here" in ron.names("log"):
        assert "read" in said.out + said.err


def test_nobody_writes_past_the_function_or_under_another_machine(team: Team) -> None:
    [(device,)] = team.hub.sql("postgres", "SELECT dev FROM acct.device WHERE rep = 'ann'")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        team.hub.sql("ann", "INSERT INTO acct.member SELECT * FROM acct.member LIMIT 1")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        team.hub.sql("ann", "DELETE FROM acct.file")
    carrier = opened(team.hub.url("bob"))
    before = team.hub.sql("postgres", "SELECT count(*) FROM acct.file")
    with pytest.raises(AcctError):
        carrier.put("common", device, 99, b"x")
    carrier.close()
    assert team.hub.sql("postgres", "SELECT count(*) FROM acct.file") == before


def test_an_account_handed_over_goes_with_all_of_it_and_with_late_edits(team: Team) -> None:
    ann, bob, boss = (team[name] for name in ("ann", "bob", "max"))
    ann("log", "call", "Acme", "late call by ann")
    ann("account", "edit", "Acme", "--city", "Oslo")
    boss("sync", "hand-over", "Acme", "--to", "east", "--yes")
    team.sync("bob")
    assert bob.names() == ["Acme", "Initech"]
    assert bob.names("log") == ["call Acme", "call Initech"]
    team.sync("ann")
    assert ann.names() == ["Globex"]
    assert ann.names("log") == ["call Globex"]
    left = "SELECT count(*) FROM sync_row WHERE kept LIKE '%late call%' OR kept LIKE '%Oslo%'"
    assert ann.value(left) == 0
    team.sync("max", "bob")
    assert "late call by ann" in bob.names("log")
    assert bob.value("SELECT city FROM account WHERE name = 'Acme'") == "Oslo"
    assert bob.value("SELECT count(*) FROM item") == 1
    assert bob.names("task").count("Send quote") == 2
    assert [one for name in BOOKS for one in team[name].conflicts()] == []
    quiet(team)


def test_back_again_nothing_has_vanished(team: Team) -> None:
    ann, bob, boss = (team[name] for name in ("ann", "bob", "max"))
    boss("sync", "hand-over", "Acme", "--to", "east", "--yes")
    team.sync("bob", "ann")
    bob("log", "call", "Acme", "bob's call")
    team.sync("bob", "max")
    boss("sync", "hand-over", "Acme", "--to", "west", "--yes")
    team.sync("ann", "bob", "max")
    assert ann.names() == ["Acme", "Globex"]
    assert "bob's call" in ann.names("log")
    assert bob.names() == ["Initech"]
    assert boss.names() == ["Acme", "Globex", "Initech"]
    assert ann.value("SELECT count(*) FROM item") == 1
    quiet(team)


def quiet(team: Team) -> None:
    """Nobody has anything to do after some rounds, and every book is sound."""
    for _ in range(3):
        team.sync(*BOOKS)
    for name in BOOKS:
        assert team[name].sync()["quiet"]
        sound(team[name])
