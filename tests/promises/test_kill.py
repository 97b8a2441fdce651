"""Promises 1 to 3: what was acknowledged is there, whatever happens to the process or the disk."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests import books
from tests.conftest import Program
from tests.promises.processes import (
    LONG,
    Ended,
    adding,
    ended,
    needs_strace,
    under_strace,
)

from acctcli.store import backup
from acctcli.store.opening import open_book

pytestmark = pytest.mark.slow

POSIX = pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    open_book(tmp_path / "book.db", create=True).close()
    return tmp_path / "book.db"


def nothing_lost(path: Path, acknowledged: Iterable[str]) -> int:
    """Check that every acknowledged account exists and is complete; return how many there are.

    At most one more than was acknowledged: the one whose id was about to be printed.
    """
    assert books.sound(path)  # the first command after a crash rolls back in silence
    there = [row[0] for row in books.dump(path)["account"]]
    told = list(acknowledged)
    assert set(told) <= set(there)
    assert len(there) - len(told) in (0, 1)
    tagged = [row[1] for row in books.dump(path)["tag"]]
    assert sorted(tagged) == sorted(there)
    assert books.value(path, "SELECT count(*) FROM command") == len(there)
    return len(there)


POINTS = {
    "pwrite64": range(1, 400, 5) if LONG else (1, 3, 60, 97, 99, 120, 180, 240),
    "fdatasync": range(1, 25) if LONG else (1, 3, 4, 5, 9),
    "unlink,unlinkat": range(1, 4) if LONG else (1, 2),
}
"""Which of the calls of four commands is the last; one command writes some 100 pages and parts."""


@needs_strace
@pytest.mark.parametrize("calls", POINTS)
def test_killed_at_any_write_sync_or_unlink(path: Path, tmp_path: Path, calls: str) -> None:
    def kill_at(point: int) -> Ended:
        book = tmp_path / f"{point}" / "book.db"
        backup.export(path, book)
        command = adding(book, 0, 4)
        return ended(under_strace(calls, f"signal=SIGKILL:when={point}", command))

    for point in POINTS[calls]:
        (tmp_path / f"{point}").mkdir()
    with ThreadPoolExecutor(2) as pool:
        ends = dict(zip(POINTS[calls], pool.map(kill_at, POINTS[calls]), strict=True))
    killed = [point for point, end in ends.items() if end.status != 0]
    assert killed, "no point was ever reached"
    if not LONG:
        assert killed == list(POINTS[calls])
    for point, end in ends.items():
        assert nothing_lost(tmp_path / f"{point}" / "book.db", end.printed) <= 4


@needs_strace
def test_killed_while_the_book_is_made(run: Program, book: Path) -> None:
    """In the default place, where the first command makes it."""
    for calls, point in (("pwrite64", 50), ("fdatasync", 2), ("unlink,unlinkat", 1)):
        end = ended(under_strace(calls, f"signal=SIGKILL:when={point}", adding("", 0, 1)))
        assert (end.status, end.printed) == (-signal.SIGKILL, [])
        assert run("account", "add", "Account 1", "--tag", "x").code == 0
        assert nothing_lost(book, []) == 1
        for file in book.parent.iterdir():
            file.unlink()


@POSIX
def test_killed_at_any_moment(path: Path) -> None:
    chance = random.Random(20261122)
    acknowledged: list[str] = []
    rounds = 40 if LONG else 5
    for number in range(rounds):
        with subprocess.Popen(
            adding(path, number * 1000, 1000), stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            first = process.stdout.readline()
            time.sleep(chance.uniform(0, 0.3))
            process.kill()
            printed = [first, *process.stdout]
        # A line that the kill cut in half was never read by anybody.
        acknowledged += [line.strip() for line in printed if line.endswith("\n")]
        there = nothing_lost_so_far(path, acknowledged)
        acknowledged = there
    assert len(acknowledged) >= rounds


def nothing_lost_so_far(path: Path, acknowledged: list[str]) -> list[str]:
    nothing_lost(path, acknowledged)
    return [row[0] for row in books.dump(path)["account"]]


FAULTS = [
    *(("pwrite64", "ENOSPC", f"{n}+") for n in (range(1, 95, 3) if LONG else (1, 90))),
    *(("pwrite64", "EIO", f"{n}") for n in (range(1, 95, 3) if LONG else (94,))),
    *(("fdatasync", "EIO", f"{n}") for n in (1, 4, 5)),
    ("unlink,unlinkat", "EIO", "1"),
]


@needs_strace
def test_a_full_or_failing_disk_is_one_line_and_nothing_half_saved(
    path: Path, tmp_path: Path, run: Program
) -> None:
    run("--db", path, "account", "add", "Account 0", "--tag", "x")
    before = books.dump(path)

    def fail(number: int) -> Ended:
        calls, error, when = FAULTS[number]
        book = tmp_path / f"{number}.db"
        backup.export(path, book)
        return ended(under_strace(calls, f"error={error}:when={when}", adding(book, 1, 1)))

    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(fail, range(len(FAULTS))))
    for number, (fault, end) in enumerate(zip(FAULTS, ends, strict=True)):
        book = tmp_path / f"{number}.db"
        assert end.status == 6, fault
        assert end.printed == [], fault
        assert end.said.startswith("acct: "), fault
        assert end.said.count("\n") == 1, (fault, end.said)
        assert books.sound(book)
        if "the change was written, but may not last" in end.said:
            assert fault == ("fdatasync", "EIO", "5")  # of the folder: the journal is gone by then
            assert len(books.dump(book)["account"]) == 2
        else:
            assert books.dump(book) == before, fault
        assert run("--db", book, "account", "add", "Account 2", "--tag", "x").code == 0


@needs_strace
def test_a_restore_that_is_killed_or_fails_leaves_the_book_as_it_was(
    path: Path, tmp_path: Path, run: Program
) -> None:
    copy = tmp_path / "copy.db"
    for name in ("A", "B"):
        run("--db", path, "account", "add", name, "--tag", "x")
        if name == "A":
            backup.export(path, copy)
    before, other = books.dump(path), books.dump(copy)
    program = "import sys; from acctcli.main import run; sys.exit(run(sys.argv[1:]))"
    words = ["--db", str(path), "db", "restore", str(copy), "--yes"]
    restoring = [sys.executable, "-c", program, *words]
    # The copy of the replaced book gets its name by a link, while nobody else can write. The
    # journal takes 425 writes, then come the pages.
    for calls, inject in (
        ("link,linkat", "signal=SIGKILL:when=1"),
        ("pwrite64", "signal=SIGKILL:when=300"),
        ("pwrite64", "signal=SIGKILL:when=500"),
        ("pwrite64", "error=ENOSPC:when=500+"),
    ):
        assert ended(under_strace(calls, inject, restoring)).status != 0
        assert books.sound(path)
        assert books.dump(path) == before
    assert ended(restoring).status == 0
    assert books.dump(path) == other


WRITTEN = ("the change was written, but", "was restored, but", "Erased for good, but")
"""How a message says that the change is stored although there was an error."""


@needs_strace
@pytest.mark.parametrize(
    "words",
    [
        ("account", "add", "New"),
        ("db", "restore", "{copy}", "--yes"),
        ("contact", "delete", "Mei Tan", "--erase", "--yes"),
    ],
)
def test_a_lock_that_fails_is_told_as_what_it_is(
    path: Path, tmp_path: Path, run: Program, words: tuple[str, ...]
) -> None:
    copy = tmp_path / "copy.db"
    backup.export(path, copy)
    for first in (("account", "add", "Old"), ("contact", "add", "Mei Tan")):
        assert run("--db", path, *first).code == 0
    before = books.dump(path)

    def command(book: Path) -> list[str]:
        typed = [word.replace("{copy}", str(copy)) for word in words]
        return [sys.executable, "-m", "acctcli", "--db", str(book), *typed]

    def fail(point: int) -> Ended:
        book = tmp_path / f"{point}.db"
        backup.export(path, book)
        inject = f"error=EIO:when={point}"
        return ended(under_strace("fcntl", inject, command(book), on=book))

    whole = tmp_path / "whole.db"
    backup.export(path, whole)
    calls = tmp_path / "calls"
    traced = under_strace("fcntl", "", command(whole), on=whole)
    assert ended([str(calls) if word == os.devnull else word for word in traced]).status == 0
    last = calls.read_text().count("fcntl(")
    # The first locks for reading, the ones around the commit, the unlocks after it.
    points = range(1, last + 1) if LONG else (1, 3, *range(last - 5, last + 1))
    with ThreadPoolExecutor(2) as pool:
        ends = dict(zip(points, pool.map(fail, points), strict=True))
    for point, end in ends.items():
        changed = books.dump(tmp_path / f"{point}.db") != before
        assert end.status in (0, 6), (point, end)
        assert "another program" not in end.said
        assert end.said.count("\n") == 1, end.said
        if end.status == 0:
            assert changed, (point, end)
        elif "Nothing was changed" in end.said:
            assert not changed, (point, end)
        else:
            assert changed, (point, end)
            assert any(said in end.said for said in WRITTEN), (point, end)
    if words[0] != "contact":  # after an erasing the file is written anew
        assert any(said in end.said for end in ends.values() for said in WRITTEN)
