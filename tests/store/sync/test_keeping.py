from __future__ import annotations

import sqlite3
from contextlib import closing

from tests.store.sync.pairing import Paired, settle

from acctcli.store.sync import keeping
from acctcli.store.sync.keeping import Shelf

Two = tuple[Paired, Paired]


def test_the_book_keeps_versions_and_only_what_it_does_not_show(two: Two) -> None:
    ann, _ = two
    ann("account", "add", "Acme", "--city", "Rome")
    settle(*two)
    assert ann.rows("SELECT kept, sum IS NULL FROM sync_row") == [(None, 0)]
    ann("account", "delete", "Acme", "--yes")
    settle(*two)
    ((kept, sum),) = ann.rows("SELECT kept, sum FROM sync_row")
    assert '"city":"Rome"' in kept
    assert sum is None


def test_a_row_is_loaded_with_its_cells_and_saved_as_it_was(two: Two) -> None:
    ann, _ = two
    ann("account", "add", "Acme", "--city", "Rome")
    settle(*two)
    before = ann.rows("SELECT * FROM sync_row")
    with closing(sqlite3.connect(ann.book)) as con, con:
        shelf = Shelf(con, ann.me)
        row = shelf.look(before[0][0])
        assert (row.table, row.values["city"], row.values["@"]) == ("account", "Rome", 1)
        assert "name_key" not in row.values
        row.visible, row.new = True, row.shown
        shelf.save([row])
    assert ann.rows("SELECT * FROM sync_row") == before


def test_rows_that_refer_are_found_in_the_book_and_beside_it(two: Two) -> None:
    ann, ben = two
    ann("account", "add", "Acme")
    ann("log", "note", "Acme", "first")
    settle(*two)
    ann("account", "delete", "Acme", "--yes")
    ben("log", "note", "Acme", "second")
    settle(*two)
    ann("undo")
    with closing(sqlite3.connect(ann.book)) as con:
        shelf = Shelf(con, ann.me)
        account = ann.value("SELECT id FROM account")
        shelf.load({account: "account"})
        assert sorted(shelf.referring([account]).values()) == ["log", "log"]
        assert shelf.referring([]) == {}
        assert shelf.present("account", [account, "nobody"]) == {account}


def test_the_state_and_the_files_that_were_seen(two: Two) -> None:
    ann, _ = two
    with closing(sqlite3.connect(ann.book)) as con, con:
        assert keeping.state(con, "nothing", "otherwise") == "otherwise"
        keeping.set_state(con, "nothing", "something")
        assert keeping.state(con, "nothing") == "something"
        keeping.see(con, "book", "0000000b", 7)
        keeping.see(con, "book", "0000000b", 3)
        assert keeping.seen(con, "book") == {"0000000b": 7}
