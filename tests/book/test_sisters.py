"""Who is known at the other accounts of a group."""

from __future__ import annotations

import pytest
from tests.commands import do
from tests.conftest import Program


def known(run: Program, account: str) -> dict[str, list[str]]:
    """Return the names that the map of an account has for each sister company."""
    found = run("contact", "map", account, "-f", "json").json()["sisters"]
    return {one["account"]: [person["name"] for person in one["people"]] for one in found}


@pytest.fixture
def people(run: Program) -> Program:
    """Fill a book: three people at UK, one at Iberia, one at an archived account, one beside."""
    do(
        run,
        ("account", "add", "Northgate"),
        ("account", "add", "UK", "--parent", "northgate"),
        ("account", "add", "Old", "--parent", "uk"),
        ("account", "add", "Iberia", "--parent", "northgate"),
        ("account", "add", "Lisboa", "--parent", "iberia", "--status", "former"),
        ("account", "add", "Beside"),
        ("account", "archive", "old"),
        ("contact", "add", "Ann Low", "--account", "uk", "--stance", "opponent"),
        ("contact", "add", "Bo Tan", "--account", "uk", "--title", "CTO"),
        ("contact", "add", "Mei Tan", "--account", "uk", "--stance", "champion"),
        ("contact", "add", "Ines Sa", "--account", "iberia", "--role", "legal"),
        ("contact", "add", "Old Hand", "--account", "old"),
        ("contact", "add", "Far Off", "--account", "beside"),
    )
    return run


def test_who_is_known_at_a_sister_is_named_on_the_map(people: Program) -> None:
    assert known(people, "lisboa") == {
        "Iberia": ["Ines Sa"],
        "UK": ["Mei Tan", "Bo Tan", "Ann Low"],
    }
    shown = people("contact", "map", "lisboa").out
    assert "Known at UK: Mei Tan (champion), Bo Tan (CTO) and Ann Low (opponent)\n" in shown
    assert "Known at Iberia: Ines Sa (legal)\n" in shown


def test_nobody_is_known_twice_or_at_oneself(people: Program) -> None:
    assert known(people, "uk") == {"Iberia": ["Ines Sa"]}
    do(people, "contact", "link", "mei tan", "--account", "iberia", "--role", "coach")
    assert known(people, "iberia") == {"UK": ["Bo Tan", "Ann Low"]}
    assert known(people, "northgate")["Iberia"] == ["Mei Tan", "Ines Sa"]
    assert known(people, "beside") == {}


def test_many_sisters_and_people_are_counted(run: Program) -> None:
    do(run, ("account", "add", "Top"), ("account", "add", "Here", "--parent", "top"))
    for n in range(7):
        do(run, "account", "add", f"Site {n}", "--parent", "top")
        do(run, *(("contact", "add", f"Kim {n}{m}", "--account", f"site {n}") for m in range(6)))
    shown = run("contact", "map", "here").out
    assert "Known at Site 0: Kim 00, Kim 01, Kim 02 and 3 more\n" in shown
    assert "2 more accounts of the group: acct contact list --group A-0002" in shown
    assert "Site 5" not in shown
