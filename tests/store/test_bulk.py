from __future__ import annotations

from pathlib import Path

from tests import books
from tests.store.imported import counts, judged, source
from tests.store.making import add, writing

from acctcli.store import bulk


def test_what_was_judged_is_written(tmp_path: Path) -> None:
    book = tmp_path / "book.db"
    with writing(book) as tx:
        add(tx, "account", name="Beta", kind="company", status="lead", tier="key")
        done: list[int] = []
        rows = [{"name": "Beta", "tier": "smb"}, {"name": "New", "tier": "key"}]
        bulk.write(tx, judged(tx, source("account", rows)), done.append)
    assert sum(done) == 2
    names = "SELECT group_concat(name || ' ' || tier, ', ') FROM (SELECT * FROM account ORDER BY 1)"
    assert sorted(books.value(book, names).split(", ")) == ["Beta smb", "New key"]
    assert books.sound(book)


def test_a_row_may_name_what_an_earlier_file_adds(tmp_path: Path) -> None:
    book = tmp_path / "book.db"
    with writing(book) as tx:
        found = judged(
            tx,
            source("account", [{"name": "Acme"}]),
            source("contact", [{"name": "Mei", "account": "Acme"}]),
        )
        bulk.write(tx, found, lambda count: None)
    linked = "SELECT a.name FROM contact c JOIN account a ON a.id = c.account_id"
    assert books.value(book, linked) == "Acme"


def test_accounts_that_are_not_there_are_made_up_only_where_that_is_asked(tmp_path: Path) -> None:
    with writing(tmp_path / "book.db") as tx:
        rows = source("contact", [{"name": "Mei", "account": "Acme"}])
        assert counts(judged(tx, rows)) == [(0, 0, 0)]
        found = judged(tx, rows, create_accounts=True)
        assert list(found.created.values()) == ["Acme"]
        bulk.write(tx, found, lambda count: None)
        assert tx.con.execute("SELECT name FROM account").fetchall() == [("Acme",)]


def test_their_ids_are_kept_and_found_again(tmp_path: Path) -> None:
    with writing(tmp_path / "book.db") as tx:
        first = judged(tx, source("account", [{"name": "Acme", "Id": "7"}], key="Id"))
        bulk.write(tx, first, lambda count: None)
        again = judged(tx, source("account", [{"name": "Renamed", "Id": "7"}], key="Id"))
        assert counts(again) == [(0, 1, 0)]
        assert [entry.values for entry in again.files[0].changed] == [{"name": "Renamed"}]
