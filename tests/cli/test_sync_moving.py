"""`acct sync hand-over` and `compact` as they are typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests import books
from tests.conftest import Program, Result

from acctcli.carriers.folder import Folder

Typed = Callable[..., Result]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("ACCTCLI_TODAY", raising=False)
    (tmp_path / "hub").mkdir()
    return tmp_path / "hub"


def on(run: Program, path: Path) -> Typed:
    books.create(path)
    return lambda *words: run("--db", path, *words)


@pytest.fixture
def team(run: Program, tmp_path: Path, hub: Path) -> tuple[Typed, Typed, Typed]:
    """Return Ann, who has the books west and east, and a colleague in each of them."""
    west, east, ann = (on(run, tmp_path / f"{one}.db") for one in ("west", "east", "ann"))
    west("account", "add", "GreenTech Ltd")
    west("account", "add", "GreenTech Labs")
    assert west("sync", "init", hub).code == 0
    east("account", "add", "Acme")
    assert east("sync", "init", hub).code == 0
    assert ann("sync", "join", hub, "--book", "west,east", "--home", "west").code == 0
    return ann, west, east


def names(typed: Typed) -> list[str]:
    return typed("account", "list", "--columns", "name").out.splitlines()


def test_an_account_goes_to_the_members_of_another_book(
    team: tuple[Typed, Typed, Typed],
) -> None:
    ann, west, east = team
    asked = ann("sync", "hand-over", "GreenTech Ltd", "--to", "east")
    assert asked.code == 2
    assert "Move GreenTech Ltd to the shared book east?" in asked.err
    done = ann("sync", "hand-over", "GreenTech Ltd", "--to", "east", "--yes")
    assert done.code == 0, done.err
    assert "moved GreenTech Ltd" in done.err
    for one in (west, east, ann):
        one("sync", "now")
    assert names(west) == ["GreenTech Labs"]
    assert names(east) == ["Acme", "GreenTech Ltd"]
    assert names(ann) == ["Acme", "GreenTech Labs", "GreenTech Ltd"]
    again = ann("sync", "hand-over", "GreenTech Ltd", "--to", "east", "--yes")
    assert again.code == 0
    assert "in the shared book east already" in again.err


def test_it_needs_the_whole_name_and_a_book_that_one_takes_part_in(
    team: tuple[Typed, Typed, Typed], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, west, _ = team
    assert ann("sync", "hand-over", "GreenTech L", "--to", "east", "--yes").code == 3
    unknown = ann("sync", "hand-over", "GreenTech Ltd", "--to", "north", "--yes")
    assert unknown.code == 3
    assert "Its books: west and east" in unknown.err
    assert west("sync", "hand-over", "GreenTech Ltd", "--to", "east", "--yes").code == 3
    roles = {"west": "own", "east": "read"}
    monkeypatch.setattr(Folder, "books", lambda self: roles)
    refused = ann("sync", "hand-over", "GreenTech Ltd", "--to", "east", "--yes")
    assert refused.code == 4
    assert "you may only read the shared book east" in refused.err
    assert "GreenTech Ltd" in names(west)


def test_files_become_one_that_others_read(team: tuple[Typed, Typed, Typed], hub: Path) -> None:
    ann, west, _ = team
    for city in ("Lyon", "Rome", "Oslo"):
        west("account", "edit", "GreenTech Ltd", "--city", city)
        west("sync", "now")
    assert len(list((hub / "west").rglob("*.acct"))) > 3
    done = west("sync", "compact", "-f", "json")
    assert done.code == 0, done.err
    [west_anew] = done.json()
    assert (west_anew["book"], west_anew["files"]) == ("west", 1)
    assert west_anew["changes"] >= 2
    assert len(list((hub / "west").rglob("*.acct"))) == 1
    assert ann("sync", "now").code == 0
    assert "Oslo" in ann("account", "show", "GreenTech Ltd").out


def test_who_may_only_read_replaces_nothing(
    team: tuple[Typed, Typed, Typed], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, west, _ = team
    monkeypatch.setattr(Folder, "books", lambda self: {"west": "read"})
    refused = west("sync", "compact")
    assert refused.code == 4
    assert "only read" in refused.err
