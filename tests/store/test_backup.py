from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import books

from acctcli.errors import Ambiguous, Busy, Conflict, NotFound, StorageError
from acctcli.store import backup, connection, migrations, opening, records
from acctcli.store.journal import writing
from acctcli.store.opening import open_book
from acctcli.values import dates
from acctcli.values.dates import Clock

POSIX = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")


def add(path: Path, *names: str) -> None:
    moment = "2026-11-22T09:00:00Z"
    with writing(path, now=moment, today="2026-11-22", who="kim", typed="acct", notice=print) as tx:
        for name in names:
            records.insert(tx, "account", {"name": name, "kind": "company", "status": "lead"})


def names(path: Path) -> list[str]:
    return [row[5] for row in books.dump(path)["account"]]


def folder(path: Path) -> list[str]:
    return sorted(file.name for file in (path.parent / "book-backups").iterdir())


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(dates, "clock", lambda: Clock(moment.date(), moment))


class TestMaking:
    def test_a_copy_is_the_book_and_is_private(self, path: Path) -> None:
        add(path, "Acme")
        made = backup.make(path, "import")
        assert books.dump(made) == books.dump(path)
        assert books.sound(made)
        assert folder(path) == [made.name]
        assert made.name.endswith("Z-import.db")
        if os.name == "posix":
            assert stat.S_IMODE(made.stat().st_mode) == 0o600
            assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700

    def test_copies_of_the_same_second_have_different_names(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at(monkeypatch, datetime(2026, 11, 22, 9, tzinfo=UTC))
        for number in range(3):
            add(path, str(number))
            backup.make(path, "import")
        assert [len(names(b.path)) for b in backup.listed(path)] == [3, 2, 1]
        assert folder(path) == [
            "20261122T090000Z-2-import.db",
            "20261122T090000Z-3-import.db",
            "20261122T090000Z-import.db",
        ]

    def test_a_name_that_is_taken_by_then_is_left_alone(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at(monkeypatch, datetime(2026, 11, 22, 9, tzinfo=UTC))
        made = backup.make(path, "import")
        half = made.with_name("20261122T090000Z-2-merge.db.partial")
        half.write_bytes(b"of a backup that is under way")
        # A number that is free: used by no backup, finished or not.
        assert backup.make(path, "merge").name == "20261122T090000Z-3-merge.db"
        assert half.read_bytes() == b"of a backup that is under way"

    def test_inside_a_transaction_it_has_what_was_committed(self, path: Path) -> None:
        add(path, "Acme")
        moment = "2026-11-22T09:00:00Z"
        with writing(path, now=moment, today="2026-11-22", who="kim", typed="", notice=print) as tx:
            records.insert(tx, "account", {"name": "B", "kind": "company", "status": "lead"})
            made = backup.make(path, "merge")
        assert names(made) == ["Acme"]
        assert names(path) == ["Acme", "B"]

    def test_a_damaged_book_gives_no_copy_and_costs_none(self, path: Path) -> None:
        good = backup.make(path, "manual")
        damage(path)
        with pytest.raises(StorageError, match="damaged"):
            backup.make(path, "manual")
        assert folder(path) == [good.name]

    def test_what_a_killed_backup_left_goes_in_time(self, path: Path) -> None:
        backup.make(path, "manual")
        left = path.parent / "book-backups" / "20260101T000000Z-manual.db.partial"
        fresh = path.parent / "book-backups" / "20260101T000001Z-manual.db.partial"
        for file in (left, fresh):
            file.write_bytes(b"half")
        os.utime(left, (0, 0))
        backup.make(path, "manual")
        assert not left.exists()
        assert fresh.exists()

    def test_old_files_of_others_stay(self, path: Path) -> None:
        inside = backup.make(path, "manual").parent
        others = ["notes.txt", "20260101T000000Z-book.damaged", "20260101T000000Z-x.db-journal"]
        for name in others:
            (inside / name).write_bytes(b"mine")
            os.utime(inside / name, (0, 0))
        backup.make(path, "manual")
        assert set(others) < set(folder(path))

    def test_a_copy_is_on_the_disk_before_it_is_told(
        self, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        synced: list[int] = []
        fsync = os.fsync

        def watched(handle: int) -> None:
            synced.append(stat.S_IFMT(os.fstat(handle).st_mode))
            fsync(handle)

        monkeypatch.setattr(os, "fsync", watched)
        backup.export(path, tmp_path / "copy.db")
        in_order = [stat.S_IFREG, stat.S_IFDIR] if os.name == "posix" else [stat.S_IFREG]
        assert synced == in_order

    def test_with_the_clock_set_back_the_one_just_made_stays(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for day in range(1, 29):
            for hour in (9, 10):
                at(monkeypatch, datetime(2026, 11, day, hour, tzinfo=UTC))
                backup.make(path, "import")
        at(monkeypatch, datetime(2026, 11, 2, 8, tzinfo=UTC))
        made = backup.make(path, "import")
        assert made.exists()
        assert backup.to_drop(folder(path)) == [made.name]

    def test_the_twelve_newest_of_one_day_are_kept(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for minute in range(14):
            at(monkeypatch, datetime(2026, 11, 22, 9, minute, tzinfo=UTC))
            backup.make(path, "import")
        assert len(folder(path)) == 12


class TestExporting:
    def test_to_a_new_file_anywhere(self, path: Path, tmp_path: Path) -> None:
        add(path, "Acme")
        backup.export(path, tmp_path / "copy.db")
        assert books.dump(tmp_path / "copy.db") == books.dump(path)

    def test_never_over_a_file(self, path: Path, tmp_path: Path) -> None:
        target = tmp_path / "copy.db"
        target.write_text("mine")
        with pytest.raises(Conflict, match="is there already"):
            backup.export(path, target)
        assert target.read_text() == "mine"
        assert list(tmp_path.glob("copy.db*")) == [target]

    @POSIX
    def test_never_through_a_link_that_leads_nowhere(self, path: Path, tmp_path: Path) -> None:
        target = tmp_path / "copy.db"
        target.symlink_to(tmp_path / "gone.db")
        with pytest.raises(Conflict, match="is there already"):
            backup.export(path, target)
        assert target.is_symlink()
        assert not (tmp_path / "gone.db").exists()
        assert not list(tmp_path.glob(".copy*"))


class TestFinding:
    def test_by_name_part_latest_or_file(
        self, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at(monkeypatch, datetime(2026, 11, 22, 9, tzinfo=UTC))
        first = backup.make(path, "import")
        at(monkeypatch, datetime(2026, 11, 23, 9, tzinfo=UTC))
        second = backup.make(path, "merge")
        assert backup.find(path, "latest") == second
        assert backup.find(path, first.name) == first
        assert backup.find(path, "20261122") == first
        assert backup.find(path, "merge") == second
        elsewhere = tmp_path / "elsewhere.db"
        elsewhere.touch()
        assert backup.find(path, str(elsewhere)) == elsewhere
        with pytest.raises(Ambiguous, match="2 backups") as error:
            backup.find(path, "2026")
        assert set(error.value.candidates) == {first.name, second.name}
        with pytest.raises(NotFound, match='no backup "nope"'):
            backup.find(path, "nope")

    def test_the_whole_name_is_meant_before_a_part(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at(monkeypatch, datetime(2026, 11, 22, 9, tzinfo=UTC))
        first, second = (backup.make(path, "import") for _ in "ab")
        # The stamp is the start of both names; each whole name means one of them.
        for made in (first, second):
            assert backup.find(path, made.name) == backup.find(path, made.stem) == made
        with pytest.raises(Ambiguous, match="matches 2 backups"):
            backup.find(path, "20261122T090000Z")
        assert [b.place for b in backup.listed(path)] == [2, 1]

    def test_five_of_many_are_named(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for minute in range(6):
            at(monkeypatch, datetime(2026, 11, 22, 9, minute, tzinfo=UTC))
            backup.make(path, "import")
        with pytest.raises(Ambiguous, match="matches 6 backups") as error:
            backup.find(path, "import")
        assert len(error.value.candidates) == 5

    def test_a_book_without_backups(self, path: Path) -> None:
        assert backup.listed(path) == []
        with pytest.raises(NotFound):
            backup.find(path, "latest")

    def test_other_files_in_the_folder_are_not_backups(self, path: Path) -> None:
        backup.make(path, "manual")
        inside = path.parent / "book-backups"
        for name in ("notes.txt", "20269999T999999Z-manual.db", "20261122T090000Z-a.db.partial"):
            (inside / name).touch()
        assert len(backup.listed(path)) == 1


class TestRestoring:
    def test_the_book_becomes_what_it_was_and_what_stood_is_kept(self, path: Path) -> None:
        add(path, "Acme")
        made = backup.make(path, "manual")
        before = books.dump(path)
        add(path, "Later")
        kept = backup.restore(made, path)
        assert books.dump(path) == before
        assert kept is not None
        assert names(kept) == ["Acme", "Later"]
        assert books.sound(path)
        add(path, "And on")
        assert names(path) == ["Acme", "And on"]

    def test_to_a_place_where_no_book_is(self, path: Path, tmp_path: Path) -> None:
        add(path, "Acme")
        made = backup.make(path, "manual")
        new = tmp_path / "new" / "book.db"
        assert backup.restore(made, new) is None
        assert books.dump(new) == books.dump(path)

    def test_over_a_damaged_book_which_is_set_aside(self, path: Path) -> None:
        add(path, "Acme")
        made = backup.make(path, "manual")
        before = books.dump(path)
        damage(path)
        journal = path.with_name("book.db-journal")
        journal.write_bytes(b"of the damaged file")
        broken = path.read_bytes()
        kept = backup.restore(made, path)
        assert books.dump(path) == before
        assert kept is not None
        assert kept.read_bytes() == broken
        # It is not a backup: not offered, and not thinned out.
        assert [b.path for b in backup.listed(path)] == [made]
        assert backup.find(path, "latest") == made
        assert backup.to_drop(folder(path)) == []
        assert not journal.exists()
        assert books.sound(path)

    def test_a_backup_of_a_smaller_or_larger_book(self, path: Path) -> None:
        small = backup.make(path, "manual")
        add(path, *(f"Account {number}" * 20 for number in range(300)))
        large = backup.make(path, "manual")
        whole = books.dump(path)
        backup.restore(small, path)
        assert names(path) == []
        assert path.stat().st_size == small.stat().st_size
        backup.restore(large, path)
        assert books.dump(path) == whole
        assert books.sound(path)

    def test_nothing_that_is_no_sound_book_is_taken(self, path: Path, tmp_path: Path) -> None:
        before = path.read_bytes()
        text = tmp_path / "notes.txt"
        text.write_text("hello")
        damaged = backup.make(path, "manual")
        damage(damaged)
        for source in (text, damaged, tmp_path / "missing.db", path):
            with pytest.raises((StorageError, NotFound, Conflict)):
                backup.restore(source, path)
        assert path.read_bytes() == before

    def test_no_other_file_is_overwritten(self, path: Path, tmp_path: Path) -> None:
        made = backup.make(path, "manual")
        text = tmp_path / "notes.txt"
        text.write_text("hello")
        with pytest.raises(StorageError, match="not a book"):
            backup.restore(made, text)
        assert text.read_text() == "hello"

    def test_a_book_of_a_newer_program_is_not_overwritten(self, path: Path) -> None:
        made = backup.make(path, "manual")
        books.change(path, f"PRAGMA user_version = {migrations.LATEST + 1}")
        before = path.read_bytes()
        with pytest.raises(StorageError, match="newer"):
            backup.restore(made, path)
        assert path.read_bytes() == before

    def test_what_a_killed_restore_left_hinders_nobody(self, path: Path, tmp_path: Path) -> None:
        add(path, "Acme")
        new = tmp_path / "new.db"
        (tmp_path / "new.db.partial").write_bytes(b"half")
        (tmp_path / ".new.db.x.partial").write_bytes(b"half")
        assert backup.restore(path, new) is None
        assert names(new) == ["Acme"]

    def test_a_book_that_another_command_starts_meanwhile_is_kept(
        self, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        new = tmp_path / "new" / "book.db"
        copied = backup._copied

        def slower(*words: Any) -> Path:
            open_book(new, create=True).close()
            add(new, "Mine")
            return copied(*words)

        monkeypatch.setattr(backup, "_copied", slower)
        kept = backup.restore(path, new)
        assert names(new) == []
        assert kept is not None
        assert names(kept) == ["Mine"]

    def test_a_sound_book_is_never_set_aside_for_want_of_room(self, path: Path) -> None:
        made = backup.make(path, "manual")
        aside = made.rename(path.with_name("made.db"))
        add(path, "Acme")
        made.parent.rmdir()
        made.parent.write_text("in the way")
        before = path.read_bytes()
        with pytest.raises(StorageError, match="book-backups cannot be made"):
            backup.restore(aside, path)
        assert path.read_bytes() == before

    def test_a_book_whose_changes_lie_beside_it_waits(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = backup.make(path, "manual")
        with closing(sqlite3.connect(path)) as other:
            other.execute("PRAGMA journal_mode = WAL")
            with other:
                other.execute("INSERT INTO preset VALUES ('mine', '{}')")
            with pytest.raises(Busy):
                backup.restore(made, path)
            assert other.execute("SELECT name FROM preset").fetchall() == [("mine",)]
        kept = backup.restore(made, path)
        assert kept is not None
        assert books.value(kept, "SELECT name FROM preset") == "mine"

    @POSIX
    def test_a_link_to_a_damaged_book_stays_one(self, path: Path) -> None:
        made = backup.make(path, "manual")
        real = path.parent / "elsewhere" / "real.db"
        real.parent.mkdir()
        path.rename(real)
        path.symlink_to(real)
        with real.open("r+b") as file:  # the size of a page is in the header: nothing opens
            file.seek(16)
            file.write(b"\0\7")
        journal = real.with_name("real.db-journal")
        journal.write_bytes(b"of the damaged file")
        kept = backup.restore(made, path)
        assert kept is not None
        assert kept.name.endswith("-book.damaged")
        assert path.is_symlink()
        assert names(path) == []
        assert not journal.exists()

    def test_it_waits_for_readers_and_gives_up_without_harm(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = backup.make(path, "manual")
        add(path, "Acme")
        monkeypatch.setattr(connection, "WAIT_SECONDS", 0.4)
        with opening.snapshot(path), pytest.raises(Busy):
            backup.restore(made, path)
        assert names(path) == ["Acme"]
        monkeypatch.undo()
        reading, done = threading.Event(), threading.Event()

        def read() -> None:
            with opening.snapshot(path):
                reading.set()
                done.wait(0.5)

        reader = threading.Thread(target=read)
        reader.start()
        reading.wait(5)
        backup.restore(made, path)
        done.set()
        reader.join(5)
        assert names(path) == []


def damage(path: Path) -> None:
    """Overwrite the first page of some tables; the header and the schema are left intact."""
    with closing(sqlite3.connect(path)) as con:
        roots = con.execute("SELECT rootpage FROM sqlite_schema WHERE rootpage > 1").fetchall()
    with path.open("r+b") as file:
        for (page,) in roots[::7]:
            file.seek((page - 1) * 4096)
            file.write(b"\xff" * 512)


moments = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)


def named(moments: Sequence[datetime]) -> list[str]:
    return [f"{moment:%Y%m%dT%H%M%SZ}-import.db" for moment in sorted(set(moments))]


class TestThinning:
    """Property tests: what is removed, whatever the backups are."""

    @given(st.lists(moments, max_size=80))
    def test_never_the_newest_nor_any_of_the_last_twelve(self, made: list[datetime]) -> None:
        known = named(made)
        assert not set(known[-12:]) & set(backup.to_drop(known))

    @given(st.lists(moments, max_size=80))
    def test_what_is_kept_has_a_limit_and_is_kept_again(self, made: list[datetime]) -> None:
        known = named(made)
        left = [name for name in known if name not in backup.to_drop(known)]
        assert len(left) <= 12 + 12 + 10 + 9
        assert backup.to_drop(left) == []

    @given(st.lists(moments, min_size=1, max_size=80))
    def test_the_last_of_each_of_the_last_days_weeks_and_months_is_kept(
        self, made: list[datetime]
    ) -> None:
        known = named(made)
        kept = set(known) - set(backup.to_drop(known))
        for count, key in ((12, "%Y%m%d"), (9, "%Y%m")):
            last = {f"{moment:{key}}": moment for moment in sorted(made)}
            for moment in sorted(last.values())[-count:]:
                assert named([moment])[0] in kept

    @given(st.lists(st.text(max_size=30), max_size=20))
    def test_what_is_no_backup_is_never_dropped(self, others: list[str]) -> None:
        known = named([datetime(2026, 1, day) for day in range(1, 29)])
        dropped = backup.to_drop([*others, *known])
        assert set(dropped) <= set(known)

    def test_a_year_of_daily_backups_thinned_every_day(self) -> None:
        known: list[str] = []
        for day in range(365):
            known += named([datetime(2026, 1, 1, 9) + timedelta(days=day)])
            dropped = backup.to_drop(known)
            known = [name for name in known if name not in dropped]
        days = [
            f"2026{month:02}{day:02}"
            for month, day in [
                *[(4, 30), (5, 31), (6, 30), (7, 31), (8, 31), (9, 30), (10, 31)],  # months
                *[(11, 1), (11, 8), (11, 15), (11, 22), (11, 29)],  # Sundays: weeks
                (11, 30),
                *[(12, 6), (12, 13)],
                *[(12, day) for day in range(20, 32)],
            ]
        ]
        assert [name[:8] for name in known] == days
