from __future__ import annotations

from pathlib import Path

from tests.store.sync.pairing import Paired, settle

from acctcli.store.sync import snapshot

Two = tuple[Paired, Paired]


def files(folder: Path) -> int:
    return len(list(folder.rglob("*.acct")))


def test_one_file_stands_for_all_before(two: Two, tmp_path: Path) -> None:
    ann, ben = two
    ann("account", "add", "Acme")
    settle(*two)
    for n in range(5):
        ann("log", "note", "Acme", f"note {n}")
        ann.sync()
    ben("account", "edit", "Acme", "--city", "Away")  # ben has not seen the notes
    before = files(tmp_path)
    assert ann.sync().files == before
    changes, made = snapshot.compact(
        ann.book, ann.me, ann.carrier, "book", who="ann", clock=ann.clock()
    )
    assert (before, files(tmp_path), made) == (6, 1, 1)
    assert changes >= 6
    cid = Paired(ann.run, tmp_path, "cid", "0000000c", ["book"])
    settle(ann, ben, cid)
    assert {one.sync().files for one in (ann, ben, cid)} == {files(tmp_path)}
    for one in (ann, ben, cid):
        assert one.value("SELECT city FROM account") == "Away"
        assert one.value("SELECT count(*) FROM log") == 5


def test_a_snapshot_brings_back_what_a_carrier_lost(two: Two, tmp_path: Path) -> None:
    ann, ben = two
    ann("account", "add", "Acme")
    settle(*two)
    for file in tmp_path.rglob("*.acct"):
        file.unlink()
    ann("account", "edit", "Acme", "--city", "Rome")
    snapshot.compact(ann.book, ann.me, ann.carrier, "book", who="ann", clock=ann.clock())
    cid = Paired(ann.run, tmp_path, "cid", "0000000c", ["book"])
    settle(ann, ben, cid)
    assert [one.value("SELECT city FROM account") for one in (ann, ben, cid)] == ["Rome"] * 3


def test_deleted_records_stay_deleted(two: Two, tmp_path: Path) -> None:
    ann, ben = two
    for name in ("Acme", "Globex"):
        ann("account", "add", name)
    settle(*two)
    ann("account", "delete", "Acme", "--yes")
    snapshot.compact(ann.book, ann.me, ann.carrier, "book", who="ann", clock=ann.clock())
    settle(*two)
    assert ben.rows("SELECT name FROM account") == [("Globex",)]
    assert snapshot.due(ann.book) == []
