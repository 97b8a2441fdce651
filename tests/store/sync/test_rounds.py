from __future__ import annotations

import multiprocessing
import shutil
from pathlib import Path

import pytest
from tests.conftest import Program
from tests.store.sync.pairing import Paired, paired, settle

from acctcli.carriers.carrier import Refused, Taken, Unreachable
from acctcli.errors import Busy, StorageError
from acctcli.store.sync import rounds, snapshot
from acctcli.store.sync.machine import Machine

Two = tuple[Paired, Paired]


def test_a_quiet_round_changes_nothing(two: Two) -> None:
    ann, _ben = two
    ann("account", "add", "Acme")
    settle(*two)
    before = ann.book.read_bytes()
    told = ann.sync()
    assert (told.sent, told.captured, told.rows, dict(told.taken)) == (0, 0, 0, {})
    assert ann.book.read_bytes() == before


def test_a_dry_run_says_what_would_come_and_go_and_does_nothing(two: Two) -> None:
    ann, ben = two
    ann("account", "add", "Acme")
    ann.sync()
    ben("account", "add", "Globex")
    before = ben.book.read_bytes()
    told = ben.sync(dry=True)
    assert (told.sent, dict(told.taken), told.rows) == (1, {ann.me.device: 1}, 1)
    assert ben.book.read_bytes() == before
    assert [one.last for one in ben.carrier.devices("book")] == [1, 0]


def test_each_machine_has_a_series_of_its_own(two: Two) -> None:
    ann, ben = two
    ann("account", "add", "Acme")
    ben("account", "add", "Globex")
    settle(*two)
    numbers = [("A-0001", "Acme"), ("B-0001", "Globex")]
    assert [one.rows("SELECT number, name FROM account ORDER BY 1") for one in two] == [numbers] * 2


def test_a_file_waits_for_those_that_its_writer_had_seen(two: Two, tmp_path: Path) -> None:
    ann, ben = two
    ann("account", "add", "Acme")
    settle(*two)
    ann("account", "edit", "Acme", "--city", "one")
    ann.sync()
    hers = tmp_path / "shared" / "book" / ann.me.device / "00000002.acct"
    ben.sync()
    ben("account", "edit", "Acme", "--city", "two")
    ben.sync()
    cid = Paired(ann.run, tmp_path, "cid", "0000000c", ["book"])
    hers.rename(tmp_path / "hidden")
    assert cid.sync().waiting == 1
    assert cid.value("SELECT city FROM account") is None
    (tmp_path / "hidden").rename(hers)
    assert cid.sync().waiting == 0
    assert cid.value("SELECT city FROM account") == "two"
    assert cid.conflicts() == []


def test_a_restored_book_reads_its_own_files_and_keeps_what_is_new(two: Two) -> None:
    ann, _ben = two
    ann("account", "add", "Acme")
    settle(*two)
    old = ann.book.read_bytes()
    ann("account", "edit", "Acme", "--city", "Oslo")
    ann("account", "add", "Globex")
    settle(*two)
    ann.book.write_bytes(old)
    ann("account", "edit", "Acme", "--set", "region=South")
    settle(*two)
    for one in two:
        assert one.rows("SELECT name, city, region FROM account ORDER BY name") == [
            ("Acme", "Oslo", "South"),
            ("Globex", None, None),
        ]


def test_two_machines_of_one_id_lose_nothing(two: Two, tmp_path: Path) -> None:
    ann, ben = two
    ann("account", "add", "Acme")
    settle(*two)
    shutil.copytree(ann.home, tmp_path / "copy")
    twin = object.__new__(Paired)
    twin.__dict__.update(ann.__dict__, home=tmp_path / "copy", book=tmp_path / "copy" / "book.db")
    ann("account", "add", "From Ann")
    twin("account", "add", "From the copy")
    ann.sync()
    settle(ann, twin, ben)
    for one in (ann, twin, ben):
        names = [name for (name,) in one.rows("SELECT name FROM account ORDER BY name")]
        assert names == ["Acme", "From Ann", "From the copy"]


def test_without_the_carrier_everything_is_saved_here(two: Two, tmp_path: Path) -> None:
    ann, ben = two
    ann("account", "add", "Acme")
    (tmp_path / "shared").rename(tmp_path / "away")
    with pytest.raises(Unreachable, match="Everything is saved here and goes out with the next"):
        ann.sync()
    (tmp_path / "away").rename(tmp_path / "shared")
    settle(*two)
    assert ben.value("SELECT name FROM account") == "Acme"


def test_a_file_of_a_later_form_stops_its_machine_only(two: Two, tmp_path: Path) -> None:
    import json
    import zlib

    ann, ben = two
    ann("account", "add", "Acme")
    ann.sync()
    ann.carrier.put("book", ann.me.device, 2, zlib.compress(json.dumps({"format": 2}).encode()))
    ben("account", "add", "Globex")
    left = ben.sync().left
    assert isinstance(left, StorageError)
    assert "written by a newer acct" in left.message
    assert ben.value("SELECT count(*) FROM account") == 2
    ann.carrier.close()
    assert [one.last for one in ben.carrier.devices("book")] == [2, 1]


def _hold(book: Path, ready: object, done: object) -> None:
    with rounds.alone(book):
        ready.set()  # type: ignore[attr-defined]
        done.wait(30)  # type: ignore[attr-defined]


def test_another_sync_is_waited_for(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    ann, _ = two
    spawn = multiprocessing.get_context("spawn")
    ready, done = spawn.Event(), spawn.Event()
    other = spawn.Process(target=_hold, args=(ann.book, ready, done))
    other.start()
    assert ready.wait(30)
    monkeypatch.setattr(rounds, "WAIT_SECONDS", 0)
    with pytest.raises(Busy, match="another sync"):
        ann.sync()
    done.set()
    other.join()
    assert ann.sync().sent == 0


def test_a_restored_book_takes_in_what_it_had_shown_in_the_same_sync(two: Two) -> None:
    ann, ben = two
    ann("account", "add", "Acme")
    settle(*two)
    ann("account", "delete", "Acme", "--yes")
    ben("log", "call", "Acme", "call after")
    settle(*two)
    ann("undo")  # the call is kept beside, and comes back with the account
    old = ann.book.read_bytes()
    ann("account", "edit", "Acme", "--city", "Rome")
    settle(*two)
    ann.book.write_bytes(old)
    settle(*two)
    for one in two:
        assert one.rows("SELECT summary FROM log") == [("call after",)]
        assert one.value("SELECT city FROM account") == "Rome"


def test_who_left_one_of_several_books_syncs_the_others(
    run: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ann,) = paired(run, tmp_path, "ann", books=("west", "east", "common"))
    ann("account", "add", "Acme")
    ann.sync()
    me = {**ann.me.as_dict(), "carrier": "postgresql://hub.example/acct"}
    ann.me = Machine(**me)
    monkeypatch.setattr(ann.carrier, "books", lambda: {"west": "own", "common": "read"})
    said: list[str] = []
    ann("account", "edit", "Acme", "--city", "Rome")
    told = rounds.Exchange(
        ann.book, ann.me, ann.carrier, clock=ann.clock(), notice=said.append
    ).run()
    assert told.sent == 1
    assert said == [
        "you are not a member of the shared book east any more: it stays here as it is, and only "
        "the others are synced"
    ]
    monkeypatch.setattr(ann.carrier, "books", lambda: {"common": "read"})
    with pytest.raises(Refused, match="not a member of the shared book west"):
        ann.sync()


def test_a_file_that_was_sent_before_a_kill_and_dropped_since_is_no_file_to_wait_for(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = two
    ann("account", "add", "Acme")
    settle(*two)
    ann("account", "edit", "Acme", "--city", "Rome")
    with monkeypatch.context() as killed:
        killed.setattr(rounds.Exchange, "_forget_carried", lambda *_: None)
        ann.sync()
    ben.sync()
    snapshot.compact(ben.book, ben.me, ben.carrier, "book", who="ben", clock=ben.clock())
    ann("account", "edit", "Acme", "--set", "region=South")
    with pytest.raises(Taken):
        ann.sync()
    settle(*two)
    for one in two:
        assert one.rows("SELECT city, region FROM account") == [("Rome", "South")]
        assert one.sync().waiting == 0
    seen = "SELECT n FROM sync_seen WHERE dev = ?"
    assert ann.value(seen, ann.me.device) == ben.value(seen, ann.me.device)
