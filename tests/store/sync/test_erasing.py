from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.store.sync.pairing import Paired, settle

from acctcli.store.sync import overview, snapshot

Two = tuple[Paired, Paired]


def with_mei(two: Two) -> Two:
    ann, _ben = two
    ann("account", "add", "Acme")
    ann("contact", "add", "Mei Tan", "--account", "Acme", "--email", "mei.tan@acme.com")
    ann("log", "call", "Acme", "Mei Tan said yes", "--with", "Mei Tan")
    settle(*two)
    return two


def named_in(folder: Path, two: Two) -> list[str]:
    """Return the files that still name the person, files of the carrier opened."""
    import zlib

    found = []
    for file in sorted(folder.rglob("*")):
        if not file.is_file():
            continue
        data = file.read_bytes()
        if file.suffix == ".acct":
            data = zlib.decompress(data[32:])
        if b"Mei Tan" in data or b"mei.tan" in data:
            found.append(str(file.relative_to(folder)))
    return found


def erased_at(machine: Paired) -> str:
    with closing(sqlite3.connect(machine.book)) as con:
        return overview.erased_at(con)


def finish(*machines: Paired) -> None:
    """Sync all, and write the shared book anew where somebody was erased."""
    for _ in range(3):
        for one in machines:
            one.sync()
            for book in snapshot.due(one.book):
                snapshot.compact(
                    one.book, one.me, one.carrier, book, who=one.me.name, clock=one.clock()
                )
    settle(*machines)


def test_nothing_of_an_erased_person_stays_anywhere(two: Two, tmp_path: Path) -> None:
    ann, ben = with_mei(two)
    ben("db", "backup")
    ben("log", "note", "Acme", "Mei Tan called back")  # ann has not seen it
    ann("account", "edit", "Acme", "--set", "description=ask Mei Tan")  # not sent yet
    ann("contact", "delete", "Mei Tan", "--erase", "--yes")
    assert [bool(erased_at(one)) for one in two] == [True, False]
    finish(ann, ben)
    assert [bool(erased_at(one)) for one in two] == [True, False]
    assert named_in(tmp_path, two) == []
    for one in two:
        assert one.value("SELECT count(*) FROM contact") == 0
        assert one.value("SELECT description FROM account") == "ask [erased]"
        summaries = [text for (text,) in one.rows("SELECT summary FROM log ORDER BY at")]
        assert summaries == ["[erased] said yes", "[erased] called back"]
        assert one("db", "check", "-f", "json")


def test_an_edit_that_comes_later_does_not_bring_them_back(two: Two, tmp_path: Path) -> None:
    ann, ben = with_mei(two)
    ben("contact", "edit", "Mei Tan", "--title", "Buyer")
    ben("contact", "edit", "Mei Tan", "--add-email", "mei.tan@home.example")
    ann("contact", "delete", "Mei Tan", "--erase", "--yes")
    ann.sync()
    finish(ben, ann)
    assert named_in(tmp_path, two) == []
    cid = Paired(ann.run, tmp_path, "cid", "0000000c", ["book"])
    settle(ann, ben, cid)
    assert cid.value("SELECT count(*) FROM contact") == 0
    assert cid.value("SELECT count(*) FROM email") == 0


def test_a_conflict_about_them_goes_too(two: Two, tmp_path: Path) -> None:
    ann, ben = with_mei(two)
    ann("contact", "edit", "Mei Tan", "--title", "Buyer")
    ben("contact", "edit", "Mei Tan", "--title", "Head of Mei Tan")
    settle(*two)
    assert ann.conflicts() != []
    ann("contact", "delete", "Mei Tan", "--erase", "--yes")
    finish(ann, ben)
    assert [one.conflicts() for one in two] == [[], []]
    assert named_in(tmp_path, two) == []
