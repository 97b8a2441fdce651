"""Promises 4, 5 and 9, and waiting: several processes on one book."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from tests import books
from tests.conftest import Program
from tests.promises.processes import LONG, adding, ended

from acctcli.store import backup

pytestmark = pytest.mark.slow

POSIX = pytest.mark.skipif(os.name != "posix", reason="fork and signals are POSIX's")

RACE = """
import os, sys
from acctcli.cli import account
from acctcli.main import run

processes, commands = int(sys.argv[1]), int(sys.argv[2])
ready, go = os.pipe()
children = []
for process in range(processes):
    child = os.fork()
    if child == 0:
        os.close(go)
        os.read(ready, 1)  # ends for all at once, when the parent closes its end
        status = 0
        for number in range(commands):
            name = f"Racer {process} {number}"
            status = status or run(["account", "add", name, "-f", "ids"])
            status = status or run(["account", "edit", name, "--tier", "key", "-f", "ids"])
            status = status or run(["account", "list", "--limit", "1", "-f", "ids"])
        os._exit(status)
    children.append(child)
os.close(go)
sys.exit(max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))
"""
"""Processes that all begin at the same moment, each with commands that read and write."""


def race(processes: int, commands: int) -> None:
    """Run the race in the default book; no process may fail or complain."""
    end = ended([sys.executable, "-c", RACE, str(processes), str(commands)], timeout=300)
    complaints = [
        line
        for line in end.said.splitlines()
        if line.startswith("acct:") and "waiting for another program" not in line
    ]
    assert (end.status, complaints) == (0, [])


@POSIX
def test_eight_processes_lose_nothing(book: Path) -> None:
    commands = 50 if LONG else 12
    race(8, commands)
    assert books.sound(book)
    numbers = [row[4] for row in books.dump(book)["account"]]
    assert sorted(numbers) == [f"A-{n:04d}" for n in range(1, 8 * commands + 1)]
    assert books.value(book, "SELECT count(*) FROM account WHERE tier = 'key'") == 8 * commands
    assert books.value(book, "SELECT count(*) FROM command") == 16 * commands


@POSIX
def test_eight_processes_make_one_book(book: Path) -> None:
    for _ in range(10 if LONG else 3):
        race(8, 1)
        assert len(books.dump(book)["account"]) == 8
        assert books.sound(book)
        for file in book.parent.iterdir():
            file.unlink()


@POSIX
def test_backups_under_a_busy_writer_are_each_a_sound_book(tmp_path: Path, run: Program) -> None:
    path = tmp_path / "book.db"
    books.create(path)
    with subprocess.Popen(adding(path, 0, 10_000), stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        made = [backup.make(path, "import") for _ in range(12)]
        assert writer.poll() is None, "the writer had finished: nothing was busy"
        writer.terminate()
        writer.communicate()
    sizes = []
    for copy in made:
        assert books.sound(copy)
        held = books.dump(copy)
        assert len(held["account"]) == len(held["tag"])
        sizes.append(len(held["account"]))
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0]
    # The last one, restored elsewhere, is the same book to the last byte of its export.
    assert run("--db", path, "db", "restore", made[-1], "--yes").code == 0
    new = tmp_path / "new.db"
    assert run("--db", path, "db", "restore", made[-1], "--to", new).code == 0
    for book, folder in ((path, "a"), (new, "b")):
        assert run("--db", book, "export", "--all", tmp_path / folder, "-f", "json").code == 0
    exported = {file.name: file.read_bytes() for file in (tmp_path / "a").iterdir()}
    assert exported == {file.name: file.read_bytes() for file in (tmp_path / "b").iterdir()}
    assert b"Account 0" in exported["accounts.json"]


@POSIX
def test_a_restore_beside_two_writers_loses_nothing_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    books.create(path)
    empty = tmp_path / "empty.db"
    backup.export(path, empty)
    seen: set[str] = set()
    out = [tmp_path / f"writer-{number}" for number in (1, 2)]
    with ExitStack() as running:
        writers = []
        for number, file in enumerate(out):
            stream = running.enter_context(file.open("w"))
            command = adding(path, number * 1_000_000, 1_000_000)
            writers.append(running.enter_context(subprocess.Popen(command, stdout=stream)))
            running.callback(writers[-1].terminate)
        for _ in range(20 if LONG else 5):
            before = [file.stat().st_size for file in out]
            while any(f.stat().st_size <= size for f, size in zip(out, before, strict=True)):
                time.sleep(0.01)  # both have added something to the book as it is now
                assert all(writer.poll() is None for writer in writers)
            kept = backup.restore(empty, path)
            assert kept is not None
            seen |= accounts(kept)
        assert all(writer.poll() is None for writer in writers)
    seen |= accounts(path)
    # The last line may be cut off: a writer was ended while it printed.
    acknowledged = {id for file in out for id in file.read_text().split() if len(id) == 36}
    assert len(acknowledged) > 10
    assert acknowledged - seen == set()
    assert books.sound(path)


def accounts(path: Path) -> set[str]:
    """The ids of all accounts in a book."""
    return {row[0] for row in books.dump(path)["account"]}


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the book locked, as another program may."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@POSIX
@pytest.mark.parametrize("words", [["account", "list"], ["account", "add", "Acme"]])
def test_waiting_is_announced_after_a_second_and_ends_at_once_with_ctrl_c(
    tmp_path: Path, words: list[str]
) -> None:
    path = tmp_path / "book.db"
    books.create(path)
    command = [sys.executable, "-m", "acctcli", "--db", str(path), *words]
    with locked(path):
        started = time.monotonic()
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as waiting:
            assert waiting.stderr is not None
            announced = waiting.stderr.readline()
            assert time.monotonic() - started > 1
            assert announced == f"acct: waiting for another program that is writing to {path}\n"
            waiting.send_signal(signal.SIGINT)
            sent = time.monotonic()
            out, said = waiting.communicate(timeout=10)
            took = time.monotonic() - sent
    assert (waiting.returncode, out) == (130, "")
    assert said == "acct: interrupted; nothing was changed\n"
    assert took < 0.5
    assert books.dump(path)["account"] == []


def test_who_gets_the_lock_late_still_succeeds(
    run: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "book.db"
    books.create(path)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    threading.Timer(0.4, other.close).start()
    assert run("--db", path, "account", "add", "Acme") == (
        *(0, run("--db", path, "account", "list", "-f", "ids").out[-5:]),
        "Added account A-0001 Acme.\n",
    )


@POSIX
def test_a_disk_without_locks_is_not_another_program(
    run: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def none(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    path = tmp_path / "book.db"
    books.create(path)
    # SQLite says of both that the book is busy.
    monkeypatch.setattr(fcntl, "lockf", none)
    with locked(path):
        started = time.monotonic()
        done = run("--db", path, "account", "add", "Acme")
        assert time.monotonic() - started < 10
    assert (done.code, done.err) == (
        6,
        f"acct: the system cannot lock {path}: the disk that it lies on may not know locks, "
        "as some network disks do not. Nothing was changed.\n",
    )


def test_a_book_that_stays_locked_is_status_five(
    run: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from acctcli.store import connection

    path = tmp_path / "book.db"
    books.create(path)
    monkeypatch.setattr(connection, "WAIT_SECONDS", 0.2)
    with locked(path):
        for words in (["account", "list"], ["account", "add", "Acme"], ["undo"], ["db", "backup"]):
            end = run("--db", path, *words)
            assert (end.code, end.out) == (5, ""), words
            assert end.err.count("\n") == 1
            assert "in use by another program" in end.err
