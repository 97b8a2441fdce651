"""`acct sync member` and `hub-sql`; what a database does is in carriers/test_postgres.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Program

from acctcli.carriers.folder import Folder

MEMBERS = {"ann": "own"}


@pytest.fixture
def team(run: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Share the book in a folder that has members, as a database has."""
    (tmp_path / "hub").mkdir()
    monkeypatch.delenv("ACCTCLI_TODAY", raising=False)
    run("account", "add", "Acme")
    assert run("sync", "init", tmp_path / "hub", "--book", "west").code == 0
    members = dict(MEMBERS)

    def add(self: Folder, book: str, rep: str, role: str) -> None:
        members[rep] = role

    def remove(self: Folder, book: str, rep: str) -> None:
        del members[rep]

    monkeypatch.setattr(Folder, "members", lambda self, book: dict(members))
    monkeypatch.setattr(Folder, "add_member", add)
    monkeypatch.setattr(Folder, "remove_member", remove)
    return members


def test_members_are_listed(run: Program, team: dict[str, str]) -> None:
    assert run("sync", "member", "list").out == "west\tann\town\n"
    listed = run("sync", "member", "list", "-f", "json").json()
    assert listed == [{"book": "west", "login": "ann", "role": "own"}]
    assert run("sync", "member", "list", "ann").code == 2


def test_somebody_is_let_in_and_taken_out(run: Program, team: dict[str, str]) -> None:
    done = run("sync", "member", "add", "ben")
    assert done.err == "ben may read and write the shared book west.\n"
    assert run("sync", "member", "add", "kim", "--role", "read", "--book", "west").code == 0
    assert team == {"ann": "own", "ben": "write", "kim": "read"}
    asked = run("sync", "member", "remove", "ben")
    assert (asked.code, "ben" in team) == (2, True)
    gone = run("sync", "member", "remove", "ben", "--yes")
    assert "What was on their machine stays there." in gone.err
    assert "ben" not in team


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("invite", "ben"), 2, "add"),
        (("add",), 2, "name the login"),
        (("add", "ben", "--role", "chief"), 4, "unknown role"),
        (("add", "ben", "--book", "east"), 3, "does not take part in a shared book"),
        (("remove", "ben", "--book", "east", "--yes"), 3, "does not take part in a shared book"),
    ],
)
def test_what_cannot_be_is_refused(
    run: Program, team: dict[str, str], words: tuple[str, ...], code: int, says: str
) -> None:
    refused = run("sync", "member", *words)
    assert refused.code == code
    assert says in refused.err
    assert team == MEMBERS


def test_where_nothing_may_be_changed(
    run: Program, team: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCTCLI_READ_ONLY", "1")
    assert run("sync", "member", "add", "ben").code == 4
    assert run("sync", "member", "remove", "ann", "--yes").code == 4
    assert team == MEMBERS


def test_a_folder_has_no_members(run: Program, tmp_path: Path) -> None:
    (tmp_path / "hub").mkdir()
    run("account", "add", "Acme")
    run("sync", "init", tmp_path / "hub")
    refused = run("sync", "member", "list")
    assert refused.code == 4


def test_the_sql_of_a_hub_is_printed(run: Program) -> None:
    done = run("sync", "hub-sql")
    assert done.code == 0
    assert "CREATE TABLE" in done.out
    assert "ROW LEVEL SECURITY" in done.out.upper()
