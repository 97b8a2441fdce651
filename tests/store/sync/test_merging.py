from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from tests.store.sync.pairing import Paired, settle

from acctcli.store.sync import changefile

Two = tuple[Paired, Paired]


def with_acme(two: Two) -> Two:
    two[0]("account", "add", "Acme")
    settle(*two)
    return two


def test_history_tells_whose_command_it_was_and_on_which_machine(two: Two) -> None:
    ann, ben = with_acme(two)
    ann("account", "edit", "Acme", "--city", "Rome")
    settle(*two)
    last = "SELECT who, says, typed, origin FROM command ORDER BY seq DESC LIMIT 1"
    (row,) = ben.rows(last)
    assert row == ("ann", "Changed city of Acme.", "acct sync now", "ann")
    assert ben.rows("SELECT at FROM command WHERE who = 'ann' ORDER BY seq DESC LIMIT 1") == (
        ann.rows("SELECT at FROM command ORDER BY seq DESC LIMIT 1")
    )


def test_undo_passes_over_others_and_refuses_what_they_changed_since(two: Two) -> None:
    ann, ben = with_acme(two)
    ann("account", "edit", "Acme", "--city", "Rome")
    settle(*two)
    ben("account", "edit", "Acme", "--city", "Oslo")
    settle(*two)
    assert "cannot be undone" in ann("undo", code=4)
    assert ben("undo")
    settle(*two)
    assert ann.value("SELECT city FROM account") == "Rome"


def test_what_comes_is_found_by_search(two: Two) -> None:
    ann, ben = with_acme(two)
    ann("log", "note", "Acme", "the budget is frozen")
    settle(*two)
    assert "frozen" in ben("search", "frozen", "-f", "json")
    ann("contact", "add", "Mei Tan", "--account", "Acme", "--email", "mei@acme.com")
    settle(*two)
    assert "Mei Tan" in ben("search", "mei@acme.com", "-f", "json")


def test_the_same_conflict_is_on_every_machine_and_told_once(two: Two) -> None:
    ann, ben = with_acme(two)
    ann("account", "edit", "Acme", "--city", "Rome")
    ben("account", "edit", "Acme", "--city", "Oslo", "--country", "NO")
    settle(*two)
    for one in two:
        assert one.conflicts() == [("both", {"city": "Oslo"}, {"city": "Rome"})]
        assert one.rows("SELECT city, country FROM account") == [("Oslo", "NO")]
    ids = [one.value("SELECT id FROM sync_conflict") for one in two]
    assert ids[0] == ids[1]


def test_a_word_of_a_later_version_waits_and_is_passed_on(two: Two) -> None:
    ann, ben = with_acme(two)
    with closing(sqlite3.connect(ann.book)) as con, con:
        # What a later version would do: one more word, and one more column.
        con.execute("PRAGMA ignore_check_constraints = ON")
        con.execute("UPDATE account SET status = 'partner'")
    ann.sync(full=True)
    told = ben.sync()
    assert told.aside == 1
    assert ben.value("SELECT status FROM account") == "prospect"
    ben("account", "edit", "Acme", "--city", "Rome")
    settle(*two)
    assert ann.rows("SELECT status, city FROM account") == [("partner", "Rome")]
    ann("account", "edit", "Acme", "--status", "customer")
    assert [one.sync().aside for one in (ann, ben)] == [0, 0]
    assert ben.value("SELECT status FROM account") == "customer"


def test_values_that_cannot_be_read_leave_other_books_sound(two: Two) -> None:
    ann, ben = with_acme(two)
    ann("task", "add", "Acme", "call", "--due", "2026-12-01")
    settle(*two)
    with closing(sqlite3.connect(ann.book)) as con, con:
        con.execute("UPDATE task SET due = 'soonish'")
    ann.sync(full=True)
    assert ben.sync().aside == 1
    assert "cannot be read" not in ben("task", "list")
    assert ben.value("SELECT due FROM task") is None
    ann("task", "edit", "call", "--due", "2026-12-02")
    settle(*two)
    assert [one.value("SELECT due FROM task") for one in two] == ["2026-12-02"] * 2
    assert ben.sync().aside == 0


def test_a_command_that_came_in_several_files_is_one(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = with_acme(two)
    monkeypatch.setattr(changefile, "MOST", 40)
    file = ann.home / "accounts.csv"
    file.write_text("name\n" + "".join(f"Firm {n}\n" for n in range(150)))
    ann("import", str(file), "--as", "accounts")
    settle(*two)
    (said,) = ben.rows("SELECT seq, says FROM command WHERE says LIKE 'Imported%'")
    ben("undo", str(said[0]))
    settle(*two)
    assert [one.value("SELECT count(*) FROM account") for one in two] == [1, 1]
