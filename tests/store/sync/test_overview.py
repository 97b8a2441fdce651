from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import books
from tests.conftest import Program
from tests.store.making import writing
from tests.store.sync import clashing

from acctcli.errors import Ambiguous, NotFound
from acctcli.store import opening, sanity
from acctcli.store.sync import overview
from acctcli.store.sync.overview import KnownDevice, RowsAside

ONE = "00000000-0000-5000-8000-00000000aaaa"
TWO = "00000000-0000-5000-8000-00000001aaaa"
NONE = "00000000-0000-5000-8000-0000deadbeef"


@pytest.fixture
def deal(run: Program, book: Path) -> str:
    """Add two accounts and a deal; return its id."""
    run("account", "add", "GreenTech Ltd", "--tag", "pilot")
    run("account", "add", "Acme")
    run("deal", "add", "greentech", "Rollout", "--amount", "SGD 5k")
    return clashing.id_of(book, "deal", "Rollout")


@pytest.fixture
def con(deal: str, book: Path) -> Iterator[sqlite3.Connection]:
    with opening.snapshot(book) as con:
        con.execute("COMMIT")
        yield con


def test_machines_say_who_uses_them(con: sqlite3.Connection, book: Path) -> None:
    assert overview.devices(con) == {}
    clashing.laptop(book)
    [(id, found)] = overview.devices(con).items()
    assert id == clashing.LAPTOP
    assert found == KnownDevice(clashing.LAPTOP, "laptop", "Ann", "B", "2026-11-22T09:30:00Z")
    assert found.shown == "Ann, laptop"
    assert found.replace(rep="").shown == "laptop"
    assert found.replace(rep="", name="").shown == clashing.LAPTOP


def test_unsent_is_what_was_changed_here_and_what_was_not_carried(
    con: sqlite3.Connection, book: Path, run: Program
) -> None:
    last = books.value(book, "SELECT max(seq) FROM change")
    books.change(book, "INSERT INTO sync_state VALUES ('captured', ?)", str(last))
    assert overview.unsent(con) == 0
    run("account", "edit", "acme", "--tier", "key")
    run("account", "edit", "acme", "--tier", "growth")
    assert overview.unsent(con) == 1
    run("account", "edit", "greentech", "--tier", "growth")
    books.change(book, "UPDATE command SET origin = 'laptop' WHERE seq = 6")
    assert overview.unsent(con) == 1
    books.change(book, "INSERT INTO sync_out VALUES ('book', '0a1b2c3d', 7, 12, 0, x'00')")
    assert overview.unsent(con) == 13


def test_new_records_of_an_import_are_unsent(
    con: sqlite3.Connection, book: Path, run: Program, tmp_path: Path
) -> None:
    last = books.value(book, "SELECT max(seq) FROM change")
    books.change(book, "INSERT INTO sync_state VALUES ('captured', ?)", str(last))
    file = tmp_path / "many.csv"
    file.write_text("name\n" + "".join(f"Company {n}\n" for n in range(150)))
    run("import", file, "--as", "account")
    assert overview.unsent(con) == 150


def test_what_is_kept_aside_is_counted_by_what_it_waits_for(
    con: sqlite3.Connection, book: Path, deal: str
) -> None:
    account = clashing.id_of(book, "account", "Acme")
    assert overview.aside(con, ["book"]) == RowsAside(0, 0)
    clashing.keep(book, "gadget", "g1", {"@": 1, "name": "of a later version"})
    clashing.keep(book, "account", account, {"mood": "of a later version"})
    assert overview.aside(con, ["book"]) == RowsAside(2, 0)
    now = "2026-11-22T09:00:00Z"
    note = {"@": 1, "kind": "note", "at": now, "summary": "Hello", "created_at": now}
    note |= {"updated_at": now, "updated_by": "ann", "attempt": 0}
    clashing.keep(book, "log", "l1", {**note, "account_id": "gone"})
    assert overview.aside(con, ["book"]) == RowsAside(2, 1)
    clashing.keep(book, "log", "l2", {**note, "account_id": account, "kind": "telepathy"})
    assert overview.aside(con, ["book"]) == RowsAside(2, 1)  # the next sync tries to show it
    books.change(book, "INSERT INTO sync_state VALUES ('aside', '[\"l2\"]')")
    assert overview.aside(con, ["book"]) == RowsAside(3, 1)
    # Deleted, erased, of another book, or a reference that shows nothing: nobody waits for these.
    clashing.keep(book, "contact", "c1", {"@erased": 1})
    clashing.keep(book, "log", "l3", {**note, "@": 0, "account_id": account})
    clashing.keep(book, "account", "a9", {"@": 1, "name": "Elsewhere"}, of="other")
    clashing.keep(book, "deal", deal, {"campaign_id": "gone"})
    assert overview.aside(con, ["book"]) == RowsAside(3, 1)


def test_conflicts_come_newest_first_and_by_account(
    con: sqlite3.Connection, book: Path, deal: str
) -> None:
    green, acme = (clashing.id_of(book, "account", one) for one in ("GreenTech Ltd", "Acme"))
    tag = books.value(book, "SELECT id FROM tag")
    clashing.clash(book, ONE, "account", acme, {"city": "Lyon"}, {"city": "Paris"})
    later = "2026-11-23T10:00:00.000Z"
    clashing.clash(book, TWO, "deal", deal, {"stage": "won"}, {"stage": "lost"}, won_at=later)
    clashing.clash(book, "t" * 36, "tag", tag, {"tag": "a"}, {"tag": "b"}, seen_at=later)
    first, second = overview.conflicts(con)
    assert (first.id, second.id) == (TWO, ONE)
    assert (first.kind, first.record, first.account) == ("deal", deal, green)
    assert first.won == {"stage": "won"}
    assert first.lost_by == clashing.LAPTOP
    assert first.values["title"] == "Rollout"
    assert [one.id for one in overview.conflicts(con, account=green)] == [TWO]
    assert [one.id for one in overview.conflicts(con, account=acme)] == [ONE]
    of_green = overview.conflicts(con, account=green, dismissed=True)
    assert {(one.kind, one.record) for one in of_green} == {("deal", deal), ("account", green)}
    assert overview.unread(con) == 2


def test_a_conflict_about_a_deleted_row_still_knows_its_account(
    con: sqlite3.Connection, book: Path, run: Program, deal: str
) -> None:
    green = clashing.id_of(book, "account", "GreenTech Ltd")
    clashing.clash(book, ONE, "deal", deal, {"@": 0}, {"stage": "won"}, why="deleted")
    run("deal", "delete", "Rollout", "--yes")
    [one] = overview.conflicts(con, account=green)
    assert one.values["title"] == "Rollout"
    clashing.keep(book, "deal", deal, {"@": 0, "account_id": green, "title": "Rollout 2"})
    [one] = overview.conflicts(con, account=green)
    assert one.values["title"] == "Rollout 2"


def test_a_conflict_is_found_by_the_end_of_its_id(
    con: sqlite3.Connection, book: Path, deal: str
) -> None:
    for id in (ONE, TWO, NONE):
        clashing.clash(book, id, "deal", deal, {"stage": "won"}, {"stage": "lost"})
    assert overview.short_ids(con) == {ONE: "0aaaa", TWO: "1aaaa", NONE: "beef"}
    assert [one.id for one in overview.find(con, ["BEEF", "0001aaaa", "deadbeef"])] == [NONE, TWO]
    with pytest.raises(Ambiguous):
        overview.find(con, ["aaaa"])
    for typed in ("eef", "nope", ""):
        with pytest.raises(NotFound, match="acct sync conflicts"):
            overview.find(con, [typed])
    assert ("beef", "deal Rollout: stage") in list(overview.offers(con))


def test_a_dismissed_conflict_is_not_listed_any_more(book: Path, deal: str) -> None:
    clashing.clash(book, ONE, "deal", deal, {"stage": "won"}, {"stage": "lost"})
    commands = books.value(book, "SELECT count(*) FROM command")
    with writing(book) as tx:
        assert overview.dismiss(tx, [ONE, NONE]) == 1
        assert overview.dismiss(tx, [ONE]) == 0
        assert overview.conflicts(tx.con) == []
        [one] = overview.conflicts(tx.con, dismissed=True)
        assert one.seen_at == tx.now
        assert overview.unread(tx.con) == 0
    assert books.value(book, "SELECT count(*) FROM command") == commands


def test_a_book_that_is_forgotten_keeps_its_records(book: Path, deal: str) -> None:
    clashing.laptop(book)
    clashing.keep(book, "gadget", "g1", {"@": 1})
    with writing(book) as tx:
        overview.forget(tx)
        assert overview.devices(tx.con) == {}
        assert overview.has_records(tx.con)
    assert books.value(book, "SELECT count(*) FROM sync_row") == 0
    assert books.value(book, "SELECT count(*) FROM deal") == 1


def test_after_a_dismissal_not_every_value_is_checked_again(
    book: Path, deal: str, run: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    clashing.clash(book, ONE, "deal", deal, {"stage": "won"}, {"stage": "lost"})
    run("account", "edit", "acme", "--tier", "key")
    with writing(book) as tx:
        overview.dismiss(tx, [ONE])
    monkeypatch.setattr(sanity, "unread", lambda con: pytest.fail("every value was checked"))
    assert run("account", "list").code == 0


def test_an_empty_book_has_no_records(book: Path, run: Program) -> None:
    run("product", "add", "Platform")
    with opening.snapshot(book) as con:
        assert not overview.has_records(con)
