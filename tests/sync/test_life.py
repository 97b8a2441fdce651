"""What goes wrong in life: an old backup, a copied book, two syncs at once, half a file."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from tests import books
from tests.conftest import Program
from tests.forking import Forks
from tests.syncing import Clock, Machine, carried, rest, same, share, shared, sound, together

from acctcli.carriers.folder import Folder
from acctcli.values import dates

Two = tuple[Machine, Machine]


@pytest.fixture
def two(run: Program, tmp_path: Path) -> Two:
    """Two machines that share a book with three accounts."""
    ann, ben = shared(run, tmp_path, "ann", "ben")
    for name in ("Acme", "Globex", "Initech"):
        ann("account", "add", name)
    rest((ann, ben))
    return ann, ben


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with Forks() as made:
        yield made


def cities(machine: Machine) -> dict[str, str]:
    return dict(machine.rows("SELECT name, city FROM account"))


def files(folder: Path) -> list[Path]:
    """Return the files of changes in a shared folder, by machine and number."""
    return sorted(folder.rglob("*.acct"))


def test_an_old_backup_takes_back_in_what_was_shared_since(two: Two) -> None:
    ann, ben = two
    ann("db", "backup")
    ann("account", "edit", "Acme", "--city", "Oslo")
    ann("log", "note", "Acme", "after the backup")
    rest(two)
    ben("account", "edit", "Globex", "--city", "Rome")
    ben.sync()
    done = ann("db", "restore", "latest", "--yes")
    assert "sync" in done.err
    assert ann.value("SELECT count(*) FROM log") == 0
    ann("account", "edit", "Initech", "--city", "Bern")
    same(two)
    for one in two:
        assert cities(one) == {"Acme": "Oslo", "Globex": "Rome", "Initech": "Bern"}
        assert one.names("log") == ["after the backup"]


def test_an_edit_after_a_restore_that_is_sent_at_once_wins(two: Two) -> None:
    ann, ben = two
    copy = ann.book.read_bytes()
    ann("account", "edit", "Acme", "--city", "Oslo")
    rest(two)
    ann.book.write_bytes(copy)
    ann("account", "edit", "Acme", "--city", "Graz")
    ann.sync()
    same(two)
    assert cities(ben)["Acme"] == "Graz"


def test_a_book_restored_for_everybody_is_an_edit_of_the_shared_book(two: Two) -> None:
    ann, ben = two
    ann("account", "edit", "Acme", "--city", "Oslo")
    rest(two)
    ann("db", "backup")
    ben("account", "edit", "Acme", "--city", "Rome")
    ben("account", "add", "Mistake")
    rest(two)
    ann("db", "restore", "latest", "--for-all", "--yes")
    same(two)
    assert cities(ben)["Acme"] == "Oslo"
    assert "Mistake" not in ben.names()
    ann("undo")
    same(two)
    assert "Mistake" in ben.names()


def test_of_a_copied_home_nothing_is_lost(two: Two, tmp_path: Path) -> None:
    """The copy has the book and the file that says who the machine is; it becomes another."""
    ann, ben = two
    twin = Machine(ann.run, tmp_path, "twin", ann.clock)
    shutil.rmtree(twin.home)
    shutil.copytree(ann.home, twin.home)
    ann("account", "add", "From Ann")
    twin("account", "add", "From the twin")
    said = twin("sync", "now").err
    assert "machine" in said, said
    rest((ann, ben, twin))
    assert ann.exports() == ben.exports() == twin.exports()
    assert {"From Ann", "From the twin"} <= set(ben.names())
    # Both gave the same number before they knew of each other.
    number = "SELECT number FROM account WHERE name = ?"
    assert ben.value(number, "From Ann") == "A-0004"
    assert ben.value(number, "From the twin") == "C-0001"
    sound(ben)
    twin("account", "add", "Later")
    assert twin.value(number, "Later") == "C-0002"


def test_of_two_machines_with_one_id_nothing_is_lost(two: Two, tmp_path: Path) -> None:
    """A disk that was cloned has the same computer's name and the same path."""
    ann, ben = two
    copy, marked = ann.book.read_bytes(), (ann.home / "book.db.sync.toml").read_bytes()
    ann("account", "add", "From Ann")
    ann.sync()
    ours = ann.book.read_bytes()
    ann.book.write_bytes(copy)
    (ann.home / "book.db.sync.toml").write_bytes(marked)
    ann("account", "add", "From the twin")
    ann.sync()
    theirs = ann.book.read_bytes()
    ann.book.write_bytes(ours)
    ann("account", "add", "Later")
    ann.sync()
    ben.sync()
    ann.book.write_bytes(theirs)
    rest(two)
    assert ann.exports() == ben.exports()
    assert {"From Ann", "From the twin", "Later"} <= set(ben.names())
    assert len(ben.names()) == 6
    # Both gave the same number, which nobody could know.
    numbers = "SELECT name, number FROM account WHERE number > 'A-0003' ORDER BY number"
    assert ben.rows(numbers) == [
        ("From Ann", "A-0004"),
        ("From the twin", "A-0005"),
        ("Later", "A-0006"),
    ]
    sound(ben)


@pytest.mark.slow
def test_a_writer_at_work_while_three_syncs_run(
    two: Two, forks: Forks, run: Program, tmp_path: Path
) -> None:
    ann, ben = two
    busy = ann.job(*(("log", "note", "Acme", f"busy {n}") for n in range(25)))
    syncs = [
        one.job(*[("sync", "now", "-q")] * 4) for one in (ann, ann, ben)
    ]  # two of one machine wait for each other
    together(forks, busy, *syncs)
    same(two)
    assert len([text for text in ben.names("log") if text.startswith("busy")]) == 25


def test_half_a_file_waits_until_it_is_whole(two: Two, tmp_path: Path) -> None:
    ann, ben = two
    before = set(files(tmp_path / "shared"))
    ann("account", "add", "Halfway")
    ann.sync()
    [new] = set(files(tmp_path / "shared")) - before
    whole = new.read_bytes()
    new.chmod(0o600)
    new.write_bytes(whole[: len(whole) // 2])
    ben.sync()
    assert "Halfway" not in ben.names()
    new.write_bytes(whole)
    ben.sync()
    assert "Halfway" in ben.names()


def test_what_rests_on_a_file_that_is_late_waits_and_is_no_conflict(
    two: Two, run: Program, tmp_path: Path
) -> None:
    ann, ben = two
    cat = Machine(run, tmp_path, "cat", ann.clock)
    cat.join(tmp_path / "shared")
    ann("account", "edit", "Acme", "--industry", "one")
    rest((ann, ben))
    ben("account", "edit", "Acme", "--industry", "two")
    ben.sync()
    [folder] = {path.parent for path in files(tmp_path / "shared") if b"x" and is_of(ann, path)}
    away = tmp_path / "away"
    shutil.move(folder, away)
    said = cat.sync()
    assert said["waiting"] > 0
    shutil.move(away, folder)
    same((ann, ben, cat))
    assert cat.value("SELECT industry FROM account WHERE name = 'Acme'") == "two"
    for one in (ann, ben, cat):
        assert one.conflicts() == []


def is_of(machine: Machine, path: Path) -> bool:
    """Whether a file of changes was written by this machine."""
    text = (machine.home / "book.db.sync.toml").read_text()
    return path.parent.name in text


def test_a_clock_that_is_days_ahead_sends_nothing(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = two
    ann("account", "edit", "Acme", "--city", "Oslo")
    ahead = dates.clock().now + timedelta(days=3)
    with monkeypatch.context() as patched:
        patched.setattr(dates, "clock", lambda: dates.Clock(ahead.date(), ahead, ahead))
        refused = ann.tries("sync", "now")
    assert refused.code != 0
    assert f"{ahead:%Y-%m-%d}" in refused.err
    assert "clock" in refused.err
    ben.sync()
    assert cities(ben)["Acme"] is None


def test_accounts_added_on_two_machines_have_numbers_of_their_own(two: Two) -> None:
    ann, ben = two
    for n in range(3):
        ann("account", "add", f"Of Ann {n}")
        ben("account", "add", f"Of Ben {n}")
    same(two)
    numbers = [number for (number,) in ann.rows("SELECT number FROM account")]
    assert len(set(numbers)) == len(numbers) == 9
    of_ben = ann.rows("SELECT number FROM account WHERE name LIKE 'Of Ben%' ORDER BY 1")
    assert of_ben == [("B-0001",), ("B-0002",), ("B-0003",)]
    assert ann("account", "show", "b-0002", "-f", "json").json()["name"] == "Of Ben 1"


def test_quotes_made_on_two_machines_have_numbers_of_their_own(two: Two) -> None:
    ann, _ = two
    for one in two:
        one("deal", "add", "Acme", f"licence of {one.name}", "--amount", "1000")
        one("deal", "quote", f"licence of {one.name}", "--valid", "2026-12-31")
    same(two)
    numbers = [number for (number,) in ann.rows("SELECT number FROM quote")]
    assert len(set(numbers)) == len(numbers) == 2


def test_versions_of_a_quote_made_on_two_machines_have_numbers_of_their_own(two: Two) -> None:
    ann, ben = two
    ann("deal", "add", "Acme", "licence", "--amount", "1000")
    ann("deal", "quote", "licence", "--valid", "2026-12-31")
    rest(two)
    for one in two:
        one("deal", "quote", "licence", "--copy")
    same(two)
    numbers = [number for (number,) in ben.rows("SELECT number FROM quote ORDER BY 1")]
    assert numbers == ["Q-2026-0001", "Q-2026-0001-2", "Q-2026-0001-B2"]
    ben("deal", "quote", "licence", "--copy")
    assert ben.value("SELECT max(number) FROM quote") == "Q-2026-0001-B3"


def test_accounts_of_two_books_that_had_a_number_before_they_met(
    run: Program, tmp_path: Path
) -> None:
    """Both had an A-0001: both accounts are kept, and that of who joined gets another number."""
    clock = Clock()
    ann, ben = (Machine(run, tmp_path, name, clock) for name in ("ann", "ben"))
    ann("account", "add", "Acme")
    ben("account", "add", "Globex")
    share((ann, ben), str(tmp_path / "shared"))
    same((ann, ben))
    numbers = [("Acme", "A-0001"), ("Globex", "B-0001")]
    assert ann.rows("SELECT name, number FROM account ORDER BY name") == numbers


def with_column(machine: Machine, value: str) -> None:
    """Give a book a column as a later version would, and set it by a journalled command."""
    id = machine.value("SELECT id FROM account WHERE name = 'Acme'")
    with closing(sqlite3.connect(machine.book)) as con, con:
        con.execute("ALTER TABLE account ADD COLUMN vibe TEXT")
        seq = con.execute(
            "INSERT INTO command (at, who, typed, says) "
            "VALUES ('2026-11-22T06:00:30.000Z', 'ben', 'acct x', 'Edited.')"
        ).lastrowid
        con.execute("UPDATE account SET vibe = ? WHERE id = ?", (value, id))
        con.execute(
            'INSERT INTO change (command, tbl, "row", kind, record, account_id, op, before, after) '
            "VALUES (?, 'account', ?, 'account', ?, ?, 'update', '{\"vibe\": null}', ?)",
            (seq, id, id, id, f'{{"vibe": "{value}"}}'),
        )


def test_a_column_that_this_version_does_not_know_is_kept_and_passed_on(
    two: Two, run: Program, tmp_path: Path
) -> None:
    ann, ben = two
    with_column(ben, "good")
    rest(two)
    assert ann.value("SELECT count(*) FROM sync_row WHERE kept LIKE '%good%'") == 1
    ann("account", "edit", "Acme", "--city", "Ulm")
    rest(two)
    assert ben.rows("SELECT city, vibe FROM account WHERE name = 'Acme'") == [("Ulm", "good")]
    # A machine that joins from a snapshot of the one that does not know it gets it too.
    ann("sync", "compact")
    cat = Machine(run, tmp_path, "cat", ann.clock)
    with closing(sqlite3.connect(cat.book)) as con, con:
        con.execute("ALTER TABLE account ADD COLUMN vibe TEXT")
    cat.join(tmp_path / "shared")
    rest((cat,))
    assert cat.value("SELECT vibe FROM account WHERE name = 'Acme'") == "good"


def test_a_word_that_this_version_refuses_waits_for_the_upgrade(two: Two) -> None:
    ann, ben = two
    ben("log", "note", "Acme", "seen on video")
    ben.sync()
    rest((ann,))
    id = ben.value("SELECT id FROM log")
    with closing(sqlite3.connect(ben.book)) as con, con:
        con.execute("PRAGMA ignore_check_constraints = ON")
        seq = con.execute(
            "INSERT INTO command (at, who, typed, says) "
            "VALUES ('2026-11-22T06:00:30.000Z', 'ben', 'acct x', 'Edited.')"
        ).lastrowid
        con.execute("UPDATE log SET kind = 'video' WHERE id = ?", (id,))
        con.execute(
            'INSERT INTO change (command, tbl, "row", kind, record, op, before, after) '
            "VALUES (?, 'log', ?, 'log', ?, 'update', '{\"kind\": \"note\"}', "
            '\'{"kind": "video"}\')',
            (seq, id, id),
        )
    ben.sync()
    said = ann.sync()
    assert said["aside"] == 1
    assert "newer" in ann("sync", "status", "-f", "table").out
    ann("account", "edit", "Acme", "--city", "Ulm")
    rest((ann, ben))
    assert cities(ben)["Acme"] == "Ulm"
    ben("log", "edit", id, "--kind", "call")
    same(two)
    assert ann.value("SELECT kind FROM log") == "call"
    assert ann.sync()["aside"] == 0


def test_one_snapshot_stands_for_all_files(two: Two, run: Program, tmp_path: Path) -> None:
    ann, ben = two
    for n in range(5):
        ann("account", "edit", "Acme", "--city", f"City {n}")
        ann.sync()
    ben("account", "edit", "Initech", "--city", "Away")  # while it was away
    ann("log", "note", "Acme", "while ben was away")
    rest((ann,))
    assert len(files(tmp_path / "shared")) > 5
    ann("sync", "compact")
    assert len(files(tmp_path / "shared")) == 1
    cat = Machine(run, tmp_path, "cat", ann.clock)
    cat.join(tmp_path / "shared")
    rest((cat,))
    assert cat.exports() == ann.exports()
    same((ann, ben, cat))
    assert cities(cat)["Initech"] == "Away"
    assert ann.conflicts() == ben.conflicts() == cat.conflicts() == []


def test_a_carrier_that_was_lost_is_restored_from_any_machine(
    two: Two, run: Program, tmp_path: Path
) -> None:
    ann, ben = two
    shutil.rmtree(tmp_path / "shared")
    (tmp_path / "shared").mkdir()
    ben("account", "edit", "Globex", "--city", "Rome")
    ben("sync", "compact")
    cat = Machine(run, tmp_path, "cat", ann.clock)
    cat.join(tmp_path / "shared")
    same((ann, ben, cat))
    assert cities(cat) == {"Acme": None, "Globex": "Rome", "Initech": None}


def test_a_folder_that_is_not_there_loses_nothing(two: Two, tmp_path: Path) -> None:
    ann, ben = two
    ann("account", "edit", "Acme", "--city", "Oslo")
    (tmp_path / "shared").rename(tmp_path / "unplugged")
    refused = ann.tries("sync", "now")
    assert refused.code in (3, 6)
    (tmp_path / "unplugged").rename(tmp_path / "shared")
    same(two)
    assert cities(ben)["Acme"] == "Oslo"


def sealed(tmp_path: Path, ann: Machine, ben: Machine) -> tuple[Path, Path]:
    """Share Acme of Ann's book with Ben in a sealed folder; return the folder, and Ann's key."""
    folder = tmp_path / "shared"
    folder.mkdir()
    ann("account", "add", "Acme")
    ann("sync", "init", str(folder), "--seal")
    [key] = [path for path in ann.home.rglob("*.key") if path.is_file()]
    shutil.copy(key, ben.home / "my.key")
    ben.join(folder, "--key", ben.home / "my.key")
    same((ann, ben))
    return folder, key


def test_a_sealed_folder_cannot_be_read_without_the_key(run: Program, tmp_path: Path) -> None:
    pytest.importorskip("pyrage")
    clock = Clock()
    ann, ben = (Machine(run, tmp_path, name, clock) for name in ("ann", "ben"))
    folder = tmp_path / "shared"
    folder.mkdir()
    ann("account", "add", "Secretive Ltd")
    ann("sync", "init", str(folder), "--seal")
    [key] = [path for path in ann.home.rglob("*.key") if path.is_file()]
    ben.join(folder, "--key", key)
    same((ann, ben))
    assert ben.names() == ["Secretive Ltd"]
    assert b"Secretive" not in carried(folder)


def test_who_has_left_reads_nothing_that_is_sealed_with_a_new_key(
    run: Program, tmp_path: Path
) -> None:
    pyrage = pytest.importorskip("pyrage")
    clock = Clock()
    ann, ben, eve = (Machine(run, tmp_path, name, clock) for name in ("ann", "ben", "eve"))
    folder = tmp_path / "shared"
    folder.mkdir()
    ann("account", "add", "Acme")
    ann("sync", "init", str(folder), "--seal")
    [key] = [path for path in ann.home.rglob("*.key") if path.is_file()]
    for one in (ben, eve):
        shutil.copy(key, one.home / "my.key")
        one.join(folder, "--key", one.home / "my.key")
    same((ann, ben, eve))
    old = [pyrage.x25519.Identity.from_str(line) for line in keys_of(key)]
    asked = ann.tries("sync", "new-key")
    assert (asked.code, keys_of(key)) == (2, [str(one) for one in old])
    done = ann("sync", "new-key", "--yes")
    assert "until ben and eve have that file in place of the old one" in done.err
    assert keys_of(key)[1:] == [str(one) for one in old]
    ann("account", "add", "Secretive Ltd")
    ann.sync()
    # No file that is left there opens with the key that Eve has, and hers sends and takes nothing.
    ben("account", "add", "Discreet Ltd")
    files = sorted(folder.rglob("*.acct"))
    assert files
    for one in (ben, eve):
        refused = one.tries("sync", "now")
        assert refused.code == 4
        assert "The book may have a new key: copy the key file from another" in refused.err
        again = one.tries("sync", "new-key", "--yes")
        assert again.code == 4
        assert len(keys_of(one.home / "my.key")) == 1
    assert sorted(folder.rglob("*.acct")) == files
    for file in files:
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(file.read_bytes()[32:], old)
    # With the new file, Ben goes on where he was.
    shutil.copy(key, ben.home / "my.key")
    same((ann, ben))
    assert ann.names() == ben.names() == ["Acme", "Discreet Ltd", "Secretive Ltd"]
    assert eve.names() == ["Acme"]


def test_a_file_with_an_unknown_key_is_named_and_the_rest_goes_on(
    run: Program, tmp_path: Path
) -> None:
    """Cid had another key. The others take in what they can, and send nothing until it is clear."""
    pytest.importorskip("pyrage")
    from acctcli.carriers import seal

    clock = Clock()
    ann, ben = (Machine(run, tmp_path, name, clock) for name in ("ann", "ben"))
    folder, key = sealed(tmp_path, ann, ben)
    seal.new_key(tmp_path / "other.key")
    cid = seal.Sealed(Folder(folder), tmp_path / "other.key")
    cid._inner.register("book", "cccc0003", "cid")
    cid.put("book", "cccc0003", 1, b"whatever")
    ann("account", "add", "From Ann")
    # Ann's file went out before: here she is one who had not seen that of Cid.
    aside = tmp_path / "aside"
    shutil.move(folder / "book" / "cccc0003", aside)
    ann.sync()
    shutil.move(aside, folder / "book" / "cccc0003")
    ben("account", "add", "From Ben")
    before = files(folder)
    for _ in range(2):
        done = ben.tries("sync", "now")
        assert done.code == 4
        assert "does not open file 1 of machine cccc0003" in done.err
        assert ben.names() == ["Acme", "From Ann", "From Ben"]
        assert files(folder) == before
        assert "does not open file 1 of machine cccc0003" in ben("sync", "status").out
    # With that key as a further line, all goes on; what is in the file is not one of ours.
    for path in (key, ben.home / "my.key"):
        path.write_text(path.read_text() + (tmp_path / "other.key").read_text())
    done = ben.tries("sync", "now")
    assert done.code == 6
    assert "not a file of changes" in done.err
    assert len(files(folder)) == len(before) + 1
    shutil.rmtree(folder / "book" / "cccc0003")
    same((ann, ben))
    assert ann.names() == ["Acme", "From Ann", "From Ben"]
    assert ben("sync", "status", "-f", "json").json()["unreadable"] == ""


def test_a_machine_that_still_seals_with_the_old_key_is_named(run: Program, tmp_path: Path) -> None:
    """It had no file with the new key when it sent, as a folder may be late."""
    pytest.importorskip("pyrage")
    clock = Clock()
    ann, ben = (Machine(run, tmp_path, name, clock) for name in ("ann", "ben"))
    folder, key = sealed(tmp_path, ann, ben)
    shutil.copytree(folder, tmp_path / "late")
    ann("sync", "new-key", "--yes")
    ben("account", "add", "Late Ltd")
    (folder).rename(tmp_path / "new")
    (tmp_path / "late").rename(folder)
    ben.sync()
    shutil.copytree(folder, tmp_path / "new", dirs_exist_ok=True)
    shutil.rmtree(folder)
    (tmp_path / "new").rename(folder)
    told = ann("sync", "now")
    assert "ben sent changes with an older key" in told.err
    assert "sync compact" in told.err
    shutil.copy(key, ben.home / "my.key")
    ben.sync()
    ann("sync", "compact")
    assert "older key" not in ann("sync", "now").err
    same((ann, ben))


def keys_of(file: Path) -> list[str]:
    """Return the keys in a key file, the one that seals first."""
    return [line for line in file.read_text().splitlines() if line.startswith("AGE-SECRET-KEY-1")]


def test_what_changed_without_a_journal_is_found_by_a_full_sync(two: Two) -> None:
    """As the sqlite3 program changes a book, or `db shell --write`."""
    ann, ben = two
    books.change(ann.book, "UPDATE account SET city = 'Rome' WHERE name = 'Acme'")
    rest(two)
    assert cities(ben)["Acme"] is None
    ann.sync("--full")
    ben.sync()
    assert cities(ben)["Acme"] == "Rome"
    same(two)


def test_the_same_file_imported_on_both_machines_is_there_once(two: Two, tmp_path: Path) -> None:
    ann, ben = two
    file = tmp_path / "theirs.csv"
    file.write_text("ref,name,city\nX1,Umbrella,Rome\nX2,Hooli,Oslo\n")
    words = ("import", str(file), "--as", "account", "--key", "ref")
    ann(*words)
    rest(two)
    ben(*words)
    same(two)
    assert sorted(ben.names()) == ["Acme", "Globex", "Hooli", "Initech", "Umbrella"]
    file.write_text("ref,name,city\nX1,Umbrella,Graz\n")
    ben(*words)
    same(two)
    assert cities(ann)["Umbrella"] == "Graz"


def test_settings_of_the_book_travel_and_personal_ones_do_not(two: Two) -> None:
    ann, ben = two
    ann("config", "set", "cadence.key", "28")
    ann("config", "set", "me.currency", "SGD")
    rest(two)
    assert ben("config", "get", "cadence.key").out == "28\n"
    assert ben.tries("config", "get", "me.currency").out != "SGD\n"
    ann("config", "set", "rates.EUR", "1.1")
    ben("config", "set", "rates.EUR", "1.2")
    same(two)
    assert ann("config", "get", "rates.EUR").out == "1.2\n"
    assert len(ann.conflicts()) == len(ben.conflicts()) == 1


def test_a_stage_that_is_removed_there_and_used_here(two: Two) -> None:
    ann, ben = two
    ann("deal", "add", "Acme", "licence", "--stage", "proposal")
    rest(two)
    same(two)
    assert ben.value("SELECT stage FROM deal") == "proposal"


def test_a_campaign_goes_on_on_both_machines(two: Two) -> None:
    ann, ben = two
    ann("contact", "add", "Mei Tan", "--account", "Acme")
    ann("campaign", "add", "Push", "Acme", "Mei Tan")
    rest(two)
    ann("campaign", "member", "Push", "Globex")
    ben("campaign", "member", "Push", "Globex")
    ben("campaign", "log", "Push", "Mei Tan", "email", "Sent")
    ann("campaign", "member", "Push", "Mei Tan", "--state", "replied")
    same(two)
    assert ben.value("SELECT count(*) FROM campaign_member") == 3


def test_a_bundle_taken_in_on_two_machines_of_a_book(
    two: Two, run: Program, tmp_path: Path
) -> None:
    ann, ben = two
    kim = Machine(run, tmp_path, "kim", ann.clock)
    kim("account", "add", "Hooli", "--owner", "kim")
    kim("contact", "add", "Gavin", "--account", "Hooli", "--email", "g@hooli.com")
    kim("log", "call", "Hooli", "hello")
    kim("account", "handover", "Hooli", "--to", "ann", "--pack", str(tmp_path / "pack"))
    for one in two:
        one("import", tmp_path / "pack" / "handover.acct")
    same(two)
    assert ben.names().count("Hooli") == 1
    assert ben.names("contact") == ["Gavin"]
    assert "hello" in ben.names("log")


def test_a_folder_that_went_back_says_so_until_the_book_is_written_anew(
    two: Two, run: Program, tmp_path: Path
) -> None:
    ann, ben = two
    shared, before = tmp_path / "shared", tmp_path / "before"
    shutil.copytree(shared, before)
    ann("account", "edit", "Acme", "--city", "Oslo")
    rest(two)
    shutil.rmtree(shared)
    before.rename(shared)
    refused = ann.tries("sync", "now")
    assert refused.code == 4
    assert "has lost file 2 of this machine" in refused.err
    ann("account", "edit", "Globex", "--city", "Rome")
    assert ann.tries("sync", "now").code == 4
    ben("account", "edit", "Initech", "--city", "Bonn")
    ben("sync", "now")
    ann("sync", "compact")
    cat = Machine(run, tmp_path, "cat", ann.clock)
    cat.join(shared)
    same((ann, ben, cat))
    assert cities(cat) == {"Acme": "Oslo", "Globex": "Rome", "Initech": "Bonn"}


def test_a_copied_book_that_joins_goes_on_from_where_it_was_copied(
    run: Program, two: Two, tmp_path: Path
) -> None:
    ann, ben = two
    cat = Machine(run, tmp_path, "cat", ann.clock)
    shutil.copyfile(ann.book, cat.book)
    ann("account", "edit", "Acme", "--city", "Oslo")
    ann.sync()
    ben("account", "edit", "Acme", "--region", "East")
    cat("account", "edit", "Acme", "--industry", "Ships")
    cat("account", "add", "Hooli")
    cat.join(tmp_path / "shared")
    same((ann, ben, cat))
    acme = "SELECT city, region, industry FROM account WHERE name = 'Acme'"
    for one in (ann, ben, cat):
        assert one.rows(acme) == [("Oslo", "East", "Ships")]
        assert one.conflicts() == []
        assert len(one.names()) == 4


def test_who_was_erased_in_a_copy_that_joins_later_is_erased_everywhere(
    run: Program, two: Two, tmp_path: Path
) -> None:
    ann, ben = two
    ann("contact", "add", "Mei Tanaka", "--account", "Acme")
    rest(two)
    cat = Machine(run, tmp_path, "cat", ann.clock)
    shutil.copyfile(ann.book, cat.book)
    cat("contact", "delete", "Mei Tanaka", "--erase", "--yes")
    cat.join(tmp_path / "shared")
    same((ann, ben, cat))
    for one in (ann, ben, cat):
        assert one.names("contact") == []
        assert b"Tanaka" not in one.book.read_bytes()
