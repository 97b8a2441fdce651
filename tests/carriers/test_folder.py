"""A shared folder: what lies in it, what syncing programs do to it, and what must not."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli import files
from acctcli.carriers import carrier, folder
from acctcli.carriers.carrier import Refused, Taken, Unreachable
from acctcli.carriers.folder import Folder
from acctcli.errors import Conflict, Invalid, NotFound

ANN, BOB = "aaaa0001", "bbbb0002"

posix = pytest.mark.skipif(os.name != "posix", reason="file modes and links are POSIX's")


@pytest.fixture
def shared(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "shared")
    made.create("west")
    return made


def numbers(shared: Folder, **seen: int) -> list[tuple[str, int]]:
    return sorted((device, n) for device, n, _ in shared.fetch("west", seen))


def names_in(path: Path) -> list[str]:
    return sorted(one.relative_to(path).as_posix() for one in path.rglob("*"))


def test_a_file_is_its_checksum_and_its_bytes(shared: Folder) -> None:
    shared.put("west", ANN, 7, b"changes", whole=True)
    assert (shared.root / "west" / ANN / "00000007.acct").read_bytes() == (
        hashlib.sha256(b"changes").digest() + b"changes"
    )


def test_each_device_writes_into_its_own_folder_only(shared: Folder) -> None:
    before = names_in(shared.root)
    shared.register("west", ANN, "laptop")
    shared.put("west", ANN, 1, b"changes")
    new = set(names_in(shared.root)) - set(before)
    assert new == {f"west/{ANN}", f"west/{ANN}/00000001.acct", f"west/{ANN}/device.json"}


@posix
def test_everything_is_private(shared: Folder) -> None:
    shared.register("west", ANN, "laptop")
    shared.put("west", ANN, 1, b"changes")
    shared.put("west", ANN, 2, b"everything")
    shared.drop("west", {ANN: 1})
    for path in (shared.root, *shared.root.rglob("*")):
        assert path.stat().st_mode & 0o77 == 0, path


def test_a_device_that_stays_as_it_is_gives_a_syncing_program_no_work(shared: Folder) -> None:
    shared.register("west", ANN, "laptop")
    before = (shared.root / "west" / ANN / "device.json").stat()
    shared.register("west", ANN, "laptop")
    after = (shared.root / "west" / ANN / "device.json").stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)


@pytest.mark.parametrize("kept", [0, 10, 32, 40])
def test_a_device_stops_at_an_incomplete_file_until_it_is_whole(shared: Folder, kept: int) -> None:
    for n in (1, 2, 3):
        shared.put("west", ANN, n, b"changes of one day")
    shared.put("west", BOB, 1, b"others")
    half = shared.root / "west" / ANN / "00000002.acct"
    whole = half.read_bytes()
    half.write_bytes(whole[:kept])
    assert numbers(shared) == [(ANN, 1), (BOB, 1)]
    assert shared.read("west", ANN, 2) is None
    half.write_bytes(whole)
    assert numbers(shared) == [(ANN, 1), (ANN, 2), (ANN, 3), (BOB, 1)]


def test_a_file_that_is_late_is_waited_for(shared: Folder) -> None:
    """A syncing program brings files in any order: the third before the second."""
    for n in (1, 2, 3):
        shared.put("west", ANN, n, b"changes")
    late = shared.root / "west" / ANN / "00000002.acct"
    data = late.read_bytes()
    late.unlink()
    assert numbers(shared) == [(ANN, 1)]
    assert numbers(shared, **{ANN: 1}) == []
    late.write_bytes(data)
    assert numbers(shared, **{ANN: 1}) == [(ANN, 2), (ANN, 3)]


@given(st.data())
def test_in_any_order_of_arrival_no_file_is_passed_over(data: st.DataObject) -> None:
    """A syncing program brings new files and deletions one by one, in any order."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")) as place:
        there, here = Folder(Path(place) / "there"), Folder(Path(place) / "here")
        for one in (there, here):
            one.create("west")
        there.put("west", BOB, 1, b"everything")
        events: list[tuple[Path, bytes | None]] = []  # a file, and what it holds; None: it went
        dropped: set[int] = set()
        kept: dict[Path, bytes] = {}
        for n in range(1, data.draw(st.integers(1, 6)) + 1):
            there.put("west", ANN, n, str(n).encode())
            if data.draw(st.booleans()):
                covered = data.draw(st.integers(1, n))
                there.drop("west", {ANN: covered})
                dropped.update(range(1, covered + 1))
            now = {one: one.read_bytes() for one in (there.root / "west" / ANN).iterdir()}
            events += [(one, None) for one in kept if one not in now]
            events += [(one, blob) for one, blob in now.items() if one not in kept]
            kept = now
        seen: dict[str, int] = {}
        (here.root / "west" / ANN).mkdir()
        for file, blob in data.draw(st.permutations(events)):
            target = here.root / file.relative_to(there.root)
            if blob is None:
                target.unlink(missing_ok=True)
            elif file in kept:  # what went at last is not brought after that
                target.write_bytes(blob)
            for device, n, _ in here.fetch("west", seen):
                passed = set(range(seen.get(device, 0) + 1, n))
                assert passed <= dropped
                seen[device] = n
        assert seen.get(ANN, 0) == max((n for n in range(1, 7) if wanted(kept, n)), default=0)


def wanted(kept: dict[Path, bytes], n: int) -> bool:
    """Whether a file is there at the end."""
    return any(file.name == f"{n:08d}.acct" for file in kept)


def test_a_drop_that_was_killed_keeps_nobody_waiting(
    shared: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in (1, 2, 3, 4):
        shared.put("west", ANN, n, b"changes")

    unlink = Path.unlink

    def killed(path: Path, missing_ok: bool = False) -> None:
        if path.name == "00000002.acct":
            raise KeyboardInterrupt
        unlink(path, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", killed)
        with pytest.raises(KeyboardInterrupt):
            shared.drop("west", {ANN: 3})
    assert (shared.root / "west" / ANN / "00000003.acct").exists()
    assert numbers(shared) == [(ANN, 4)]
    shared.drop("west", {ANN: 3, BOB: 0})
    assert not (shared.root / "west" / ANN / "00000003.acct").exists()


def test_what_a_killed_put_left_is_completed(shared: Folder) -> None:
    shared.put("west", ANN, 1, b"first")
    own = shared.root / "west" / ANN
    (own / ".acct-00000002.acct.k1ll3d").write_bytes(b"half")
    (own / "00000002.acct").write_bytes(b"")
    assert numbers(shared) == [(ANN, 1)]
    shared.put("west", ANN, 2, b"second")
    assert [blob for _, _, blob in shared.fetch("west", {})] == [b"first", b"second"]
    assert names_in(own) == ["00000001.acct", "00000002.acct"]


PUTTING = """
import sys
from pathlib import Path
from acctcli.carriers.folder import Folder
shared, n = Folder(Path(sys.argv[1])), int(sys.argv[2])
while True:
    shared.put("west", "aaaa0001", n, f"file {n}".encode() * 1000)
    print(n, flush=True)
    n += 1
"""


@pytest.mark.slow
@posix
def test_a_kill_at_any_moment_loses_nothing_that_was_kept(shared: Folder) -> None:
    confirmed = 0
    for pause in (0.2, 0.25, 0.3, 0.35):
        with subprocess.Popen(
            [sys.executable, "-c", PUTTING, str(shared.root), str(max(confirmed, 1))],
            stdout=subprocess.PIPE,
            text=True,
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(pause)
            writer.send_signal(signal.SIGKILL)
            confirmed = max(map(int, writer.stdout.read().split()), default=confirmed)
        got = list(shared.fetch("west", {}))
        assert [n for _, n, _ in got] == list(range(1, len(got) + 1))
        assert all(blob == f"file {n}".encode() * 1000 for _, n, blob in got)
        assert len(got) - confirmed in (0, 1)
    assert confirmed > 4


def test_a_name_that_another_process_takes_meanwhile_is_compared(
    shared: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    give = files.give_name

    def second(finished: Path, target: Path) -> None:
        target.write_bytes(hashlib.sha256(b"theirs").digest() + b"theirs")
        give(finished, target)

    monkeypatch.setattr(folder, "give_name", second)
    shared.put("west", ANN, 1, b"theirs")
    with pytest.raises(Taken):
        shared.put("west", ANN, 2, b"ours")
    assert not list((shared.root / "west" / ANN).glob(".*"))


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS])
def test_a_file_system_without_hard_links_will_do(
    shared: Folder, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def none(path: Path, to: Path) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "hardlink_to", none)
    shared.put("west", ANN, 1, b"changes")
    shared.put("west", ANN, 1, b"changes")
    with pytest.raises(Taken):
        shared.put("west", ANN, 1, b"other")
    assert names_in(shared.root / "west" / ANN) == ["00000001.acct"]


STRANGE = [
    "west/.DS_Store",
    "west/.stfolder/x",
    "west/desktop.ini",
    f"west/{ANN}/00000002 (Kim's conflicted copy 2026-11-22).acct",
    f"west/{ANN}/00000002.sync-conflict-20261122-101112-ABCDEFG.acct",
    f"west/{ANN}/.00000002.acct.icloud",
    f"west/{ANN}/.syncthing.00000002.acct.tmp",
    f"west/{ANN}/~$00000002.acct",
    f"west/{ANN}/00000002.acct.part",
    f"west/{ANN}/2.acct",
    f"west/{ANN}/000000002.acct",
    f"west/{ANN}/0000000\u0662.acct",
    f"west/{ANN}/00000002.ACCT",
    f"west/{ANN} (conflicted copy)/00000001.acct",
    "west/AAAA0001/00000001.acct",
    "west/notes/00000001.acct",
    "photos/2026/beach.jpg",
    "desktop.ini",
    ".stversions/west/aaaa0001/00000001.acct",
]


def test_what_others_leave_in_the_folder_is_passed_over(shared: Folder) -> None:
    shared.register("west", ANN, "laptop")
    shared.put("west", ANN, 1, b"changes")
    for name in STRANGE:
        path = shared.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(hashlib.sha256(b"strange").digest() + b"strange")
    assert numbers(shared) == [(ANN, 1)]
    assert shared.books() == {"west": "own"}
    assert [one.id for one in shared.devices("west")] == [ANN]
    shared.put("west", ANN, 2, b"more")
    shared.drop("west", {ANN: 1})
    assert numbers(shared) == [(ANN, 2)]
    assert all((shared.root / name).exists() for name in STRANGE)


def test_a_folder_where_a_file_should_be_is_passed_over(shared: Folder) -> None:
    shared.put("west", ANN, 1, b"changes")
    (shared.root / "west" / ANN / "00000002.acct").mkdir()
    (shared.root / "west" / ANN / "00000009.gone").mkdir()
    (shared.root / "west" / BOB).write_text("no folder")
    assert numbers(shared) == [(ANN, 1)]


def test_a_file_that_is_too_large_is_never_read(
    shared: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.put("west", ANN, 1, b"x" * 11)
    monkeypatch.setattr(carrier, "MOST_BYTES", 10)
    assert numbers(shared) == []


@pytest.mark.parametrize(
    "written",
    ["", "{", "[]", "null", '{"name": 7, "series": "a/../b"}', '{"series": ["A"]}', "[" * 60_000],
)
def test_what_says_who_a_device_is_may_be_anything(shared: Folder, written: str) -> None:
    shared.put("west", BOB, 1, b"changes")
    (shared.root / "west" / BOB / "device.json").write_text(written)
    (device,) = shared.devices("west")
    assert (device.id, device.name, device.series) == (BOB, "", "")
    assert shared.register("west", ANN, "laptop") == "A"


def test_two_that_took_a_series_offline_settle_it_at_the_next_sync(tmp_path: Path) -> None:
    """The one with the smaller id keeps it, whichever comes first."""
    here, there = Folder(tmp_path / "here"), Folder(tmp_path / "there")
    for one, device in ((here, ANN), (there, BOB)):
        one.create("west")
        assert one.register("west", device, "machine") == "A"
    for one, other, device in ((here, there, BOB), (there, here, ANN)):
        target = one.root / "west" / device
        target.mkdir()
        about = (other.root / "west" / device / "device.json").read_bytes()
        (target / "device.json").write_bytes(about)
    assert here.register("west", ANN, "machine") == "A"
    assert there.register("west", BOB, "machine") == "B"


@posix
def test_a_series_is_waited_for_but_not_without_end(
    shared: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    monkeypatch.setattr(folder, "_PATIENCE", 0.2)
    other = os.open(shared.root, os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    began = time.monotonic()
    assert shared.register("west", ANN, "laptop") == "A"
    assert time.monotonic() - began >= 0.2
    os.close(other)


@posix
def test_a_file_system_without_locks_will_do(
    shared: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def none(handle: int, how: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", none)
    assert shared.register("west", ANN, "laptop") == "A"


def test_a_book_whose_own_file_is_late_is_known_by_its_devices(shared: Folder) -> None:
    shared.put("west", ANN, 1, b"changes")
    (shared.root / "west" / "book.json").unlink()
    assert shared.books() == {"west": "own"}
    assert numbers(shared) == [(ANN, 1)]


def test_a_folder_of_other_files_becomes_no_book(shared: Folder) -> None:
    (shared.root / "photos").mkdir()
    (shared.root / "photos" / "beach.jpg").write_bytes(b"")
    with pytest.raises(Conflict, match="holds other files"):
        shared.create("photos")
    assert names_in(shared.root / "photos") == ["beach.jpg"]


def test_no_folder_is_made_where_a_disk_is_missing(tmp_path: Path) -> None:
    gone = Folder(tmp_path / "disk" / "shared")
    with pytest.raises(Unreachable, match="is not there"):
        gone.create("west")
    assert names_in(tmp_path) == ["home"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Invalid, match="is a file"):
        Folder(tmp_path / "file").create("west")


CALLS: dict[str, Callable[[Folder], object]] = {
    "put": lambda shared: shared.put("west", ANN, 2, b"more"),
    "fetch": lambda shared: list(shared.fetch("west", {})),
    "read": lambda shared: shared.read("west", ANN, 1),
    "drop": lambda shared: shared.drop("west", {ANN: 1}),
    "register": lambda shared: shared.register("west", ANN, "laptop"),
    "devices": lambda shared: shared.devices("west"),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_folder_that_is_gone_is_said_so_and_not_made(shared: Folder, call: str) -> None:
    shared.put("west", ANN, 1, b"changes")
    shared.root.rename(shared.root.with_name("moved"))
    with pytest.raises(Unreachable) as error:
        CALLS[call](shared)
    assert error.value.exit_code == 6
    assert error.value.message == (
        f"{shared.root} is not there. Connect its disk, or start the program that syncs it"
    )
    assert not shared.root.exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
def test_a_folder_that_takes_nothing_more_is_said_so(
    shared: Folder, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    shared.put("west", ANN, 1, b"changes")

    def full(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unreachable) as error:
        shared.put("west", ANN, 2, b"more")
    assert error.value.exit_code == 6
    assert error.value.message == (f"{shared.root} cannot be written: {os.strerror(number)}")
    monkeypatch.undo()
    assert numbers(shared) == [(ANN, 1)]
    assert names_in(shared.root / "west" / ANN) == ["00000001.acct"]


def test_a_disk_that_cannot_be_read_is_said_so(
    shared: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.put("west", ANN, 1, b"changes")

    def broken(path: Path, most: int) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(folder, "read_whole", broken)
    with pytest.raises(Unreachable, match="cannot be read: Input/output error"):
        list(shared.fetch("west", {}))


def test_a_read_only_folder_tells_no_time(tmp_path: Path) -> None:
    assert Folder(tmp_path / "nowhere").now() is None


@posix
def test_a_link_leads_no_write_elsewhere(shared: Folder, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shared.put("west", BOB, 1, b"everything")
    (shared.root / "west" / ANN).symlink_to(elsewhere)
    for call in (
        lambda: shared.put("west", ANN, 1, b"changes"),
        lambda: shared.register("west", ANN, "laptop"),
        lambda: shared.drop("west", {ANN: 5}),
    ):
        with pytest.raises(Refused, match=f"{ANN} is a link"):
            call()
    (shared.root / "east").symlink_to(elsewhere)
    with pytest.raises(Refused, match="east is a link"):
        shared.create("east")
    assert names_in(elsewhere) == []


@posix
def test_a_link_in_a_devices_folder_is_replaced_and_not_followed(
    shared: Folder, tmp_path: Path
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    own = shared.root / "west" / ANN
    own.mkdir()
    (own / "device.json").symlink_to(precious)
    shared.register("west", ANN, "laptop")
    shared.put("west", BOB, 1, b"everything")
    (own / "00000001.gone").symlink_to(precious)
    shared.drop("west", {ANN: 1})
    (own / "00000002.acct").symlink_to(precious)
    with pytest.raises(Taken):
        shared.put("west", ANN, 2, b"changes")
    assert precious.read_text() == "mine"
    assert not (own / "device.json").is_symlink()


@posix
def test_a_link_is_not_read(shared: Folder, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(hashlib.sha256(b"secret").digest() + b"secret")
    own = shared.root / "west" / ANN
    own.mkdir()
    (own / "00000001.acct").symlink_to(secret)
    (own / "device.json").symlink_to(secret)
    (shared.root / "west" / BOB).symlink_to(own)
    assert numbers(shared) == []
    assert shared.read("west", ANN, 1) is None
    assert [one.id for one in shared.devices("west")] == [ANN]


@posix
def test_a_pipe_keeps_nobody_waiting(shared: Folder) -> None:
    own = shared.root / "west" / ANN
    own.mkdir()
    os.mkfifo(own / "00000001.acct")
    os.mkfifo(own / "device.json")
    assert numbers(shared) == []
    assert [one.name for one in shared.devices("west")] == [""]


@posix
def test_the_folder_itself_may_be_a_link(shared: Folder, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(shared.root)
    linked = Folder(tmp_path / "link")
    linked.put("west", ANN, 1, b"changes")
    assert numbers(shared) == [(ANN, 1)]


def test_who_has_the_folder_is_a_member(shared: Folder) -> None:
    for call in (
        lambda: shared.members("west"),
        lambda: shared.add_member("west", "ann", "read"),
        lambda: shared.remove_member("west", "ann"),
    ):
        with pytest.raises(Invalid, match="everybody who can read it is a member"):
            call()


def test_a_sealed_book_is_used_with_its_key_only(shared: Folder) -> None:
    assert json.loads((shared.root / "west" / "book.json").read_text())["sealed"] is False
    shared.sealed = True
    with pytest.raises(Invalid, match="is not sealed"):
        shared.put("west", ANN, 1, b"changes")
    shared.create("secret")
    shared.sealed = False
    with pytest.raises(Invalid, match="is sealed"):
        shared.put("secret", ANN, 1, b"changes")
    with pytest.raises(Invalid, match="is sealed"):
        list(shared.fetch("secret", {}))


def test_a_missing_book_comes_with_those_that_are_there(shared: Folder) -> None:
    with pytest.raises(NotFound) as error:
        shared.devices("wets")
    assert error.value.candidates == ("west",)
