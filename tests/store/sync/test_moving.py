from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Program
from tests.store.sync.pairing import Paired, paired, settle

from acctcli.carriers.folder import Folder
from acctcli.errors import Invalid
from acctcli.store.sync import moving

Team = tuple[Paired, Paired, Paired]


@pytest.fixture
def team(run: Program, tmp_path: Path) -> Team:
    """A manager of two books, and one person in each."""
    (ann,) = paired(run, tmp_path, "ann", books=("west",))
    for book in ("east",):
        Folder(tmp_path / "shared").create(book)
    ben = Paired(run, tmp_path, "ben", "0000000b", ["east"])
    kim = Paired(run, tmp_path, "kim", "0000000c", ["west", "east"])
    return ann, ben, kim


def hand_over(machine: Paired, name: str, to: str) -> int:
    id = machine.value("SELECT id FROM account WHERE name = ?", name)
    return moving.hand_over(
        machine.book, machine.me, [id], to, who=machine.me.name, clock=machine.clock()
    )


def test_an_account_goes_with_all_that_is_of_it(team: Team) -> None:
    ann, ben, kim = team
    ann("account", "add", "Acme", "--city", "Rome")
    ann("account", "add", "Globex")
    ann("contact", "add", "Pat", "--account", "Acme", "--email", "pat@acme.com")
    ann("deal", "add", "Acme", "Licence", "--amount", "1000")
    settle(*team)
    assert kim.value("SELECT count(*) FROM account") == 2
    assert ben.value("SELECT count(*) FROM account") == 0
    assert hand_over(kim, "Acme", "east") == 4
    settle(*team)
    assert ann.rows("SELECT name FROM account") == [("Globex",)]
    assert ann.rows("SELECT name FROM contact") == []
    assert ann.rows("SELECT kept FROM sync_row WHERE kept LIKE '%pat@acme%'") == []
    assert ben.rows("SELECT name, city FROM account") == [("Acme", "Rome")]
    assert ben.rows("SELECT address FROM email") == [("pat@acme.com",)]
    assert kim.value("SELECT count(*) FROM account") == 2


def test_a_late_edit_in_the_old_book_is_passed_on(team: Team) -> None:
    ann, ben, kim = team
    ann("account", "add", "Acme")
    settle(*team)
    hand_over(kim, "Acme", "east")
    ann("account", "edit", "Acme", "--city", "Oslo")
    ann("log", "call", "Acme", "late call")
    settle(*team)
    assert ben.rows("SELECT name, city FROM account") == [("Acme", "Oslo")]
    assert ben.rows("SELECT summary FROM log") == [("late call",)]
    assert ann.rows("SELECT name FROM account") == []


def test_there_and_back_loses_nothing(team: Team) -> None:
    ann, ben, kim = team
    ann("account", "add", "Acme", "--city", "Rome")
    ann("log", "note", "Acme", "before")
    settle(*team)
    hand_over(kim, "Acme", "east")
    settle(*team)
    ben("log", "note", "Acme", "with ben")
    settle(*team)
    hand_over(kim, "Acme", "west")
    settle(*team)
    assert ann.rows("SELECT summary FROM log ORDER BY at") == [("before",), ("with ben",)]
    assert ann.rows("SELECT name, city FROM account") == [("Acme", "Rome")]
    assert ben.value("SELECT count(*) FROM account") == 0


def test_only_members_of_the_new_book_hand_over_to_it(team: Team) -> None:
    ann, *_ = team
    ann("account", "add", "Acme")
    with pytest.raises(Invalid, match=r"takes part in west, and not in east"):
        hand_over(ann, "Acme", "east")
