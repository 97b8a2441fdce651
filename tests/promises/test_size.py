"""Memory and time grow with what is asked for, and not with the size of the book."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from tests import books, strain
from tests.conftest import Program, Result
from tests.filling import filled_once
from tests.promises.processes import ended

from acctcli import drafts
from acctcli.errors import Conflict
from acctcli.interop import textfile
from acctcli.store import connection, queries

WORDS = "pricing rollout renewal support pilot"


def peak(action: Callable[[], object]) -> int:
    """Return the most bytes that the interpreter held at once, beyond what it had before."""
    gc.collect()
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def logs(path: Path, count: int) -> Path:
    """A file of interactions with one account; each says something else."""
    suffix = path.suffix
    rows = [
        ("Acme", "call", f"2026-01-{n % 28 + 1:02}T10:{n % 60:02}:00Z", f"{WORDS} {n}")
        for n in range(count)
    ]
    names = ("account", "kind", "at", "summary")
    if suffix == ".csv":
        lines = [",".join(names), *map(",".join, rows)]
        path.write_text("\n".join(lines) + "\n")
        return path
    objects = [
        "{" + ", ".join(f'"{name}": "{cell}"' for name, cell in zip(names, row, strict=True)) + "}"
        for row in rows
    ]
    path.write_text("\n".join(objects) if suffix == ".jsonl" else f"[{', '.join(objects)}]")
    return path


@pytest.fixture
@filled_once
def acme(run: Program) -> None:
    assert run("account", "add", "Acme").code == 0


@pytest.mark.slow
@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("suffix", "options"), [(".csv", []), (".json", ["--dry-run"]), (".jsonl", ["--dry-run"])]
)
def test_an_import_takes_no_more_memory_for_more_rows(
    run: Program, tmp_path: Path, suffix: str, options: list[str]
) -> None:
    def taking(count: int) -> int:
        file = logs(tmp_path / f"{count}{suffix}", count)
        took = peak(lambda: codes.append(run("import", file, "--as", "log", *options).code))
        if not options:
            assert run("undo").code == 0
        return took

    codes: list[int] = []
    taking(10)  # what is loaded once
    few, many = taking(3_000), taking(15_000)
    assert codes == [0, 0, 0]
    # A few batches of a thousand rows either way, depending on when garbage is collected.
    assert many < few * 2.5, (few, many)


@pytest.mark.usefixtures("acme")
def test_an_import_takes_no_more_memory_in_a_larger_book(run: Program, tmp_path: Path) -> None:
    def taking() -> int:
        return peak(lambda: run("import", tmp_path / "few.csv", "--as", "log"))

    logs(tmp_path / "few.csv", 100)
    taking()
    small = taking()
    assert run("import", logs(tmp_path / "many.csv", 10_000), "--as", "log").code == 0
    # All interactions of one account are compared, by 60 bytes of each.
    assert taking() - small < 80 * 10_000


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("format", ["csv", "json"])
def test_an_export_takes_no_more_memory_for_a_larger_book(
    run: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    def taking() -> int:
        words = ("export", "--all", tmp_path / "all", "--force", "-f", format)
        return peak(lambda: codes.append(run(*words).code))

    codes: list[int] = []
    monkeypatch.setattr(queries, "AT_A_TIME", 100)
    for count in (200, 2_000):
        assert run("import", logs(tmp_path / f"{count}.csv", count), "--as", "log").code == 0
        taking()
    many = taking()
    assert run("undo").code == 0
    few = taking()
    assert set(codes) == {0}
    # All rows at once would take ten times as much; a batch or two wait for the collector.
    assert many < few * 3, (few, many)


@pytest.mark.parametrize(
    ("name", "begun", "says"),
    [
        ("x.csv", 'name,city\nAcme,Bonn\nBeta,"open\n', "line 3: a cell of more than 1,048,576"),
        ("x.csv", "name,city\nAcme,Bonn\nBeta,open", "line 3: a row of more than 16,777,216"),
        ("x.json", '[{"name": "Acme"},\n\n{"name": "open', "line 3: a row of more than 16,777,216"),
        ("x.jsonl", '{"name": "Acme"}\n\n{"name": "open', "line 3: a row of more than 16,777,216"),
    ],
)
@pytest.mark.parametrize("piped", [False, True])
def test_a_cell_without_an_end_is_refused_as_soon_as_it_is_too_long(
    run: Program, tmp_path: Path, name: str, begun: str, says: str, piped: bool
) -> None:
    file = tmp_path / name
    with file.open("w") as behind:
        behind.write(begun)
        for _ in range(500):
            behind.write(("x" * 89 + "\n" * begun.endswith("\n")) * 1000)

    def refused() -> None:
        given = run("import", "-", "--as", "account", input=file.read_bytes()) if piped else None
        ends.append(given or run("import", file, "--as", "account"))

    ends: list[Result] = []
    # The test itself passes the file as bytes, which is not the program's memory.
    own = file.stat().st_size if piped else 0
    assert peak(refused) - own < 80_000_000
    (end,) = ends
    assert (end.code, end.out) == (4, "")
    assert says in end.err
    assert end.err.count("\n") == 1


def test_what_comes_through_a_pipe_waits_in_a_private_file_without_a_name(tmp_path: Path) -> None:
    mask = os.umask(0)
    try:
        text = textfile.stream_text(io.BytesIO(b"a,b\n1,2\n"), "stdin")
    finally:
        os.umask(mask)
    if os.name == "posix":
        found = os.fstat(text._file.fileno())
        assert (found.st_mode & 0o777, found.st_nlink) == (0o600, 0)
    assert ["".join(text.parts()) for _ in range(2)] == ["a,b\n1,2\n"] * 2


def test_a_file_that_changes_while_it_is_read_is_not_imported(
    run: Program, tmp_path: Path, book: Path
) -> None:
    file = tmp_path / "x.csv"
    file.write_text("name,city\nAcme,Bonn\n")
    reader = drafts.reader

    def meanwhile(*given: Any) -> Any:
        with file.open("a") as other:
            other.write("Beta,Oslo\n")
        return reader(*given)

    with mock.patch("acctcli.book.imports.bring_in.reader", meanwhile):
        end = run("import", file, "--as", "account")
    assert end == (4, "", "acct: x.csv was changed while it was read. Import it again\n")
    assert run("account", "list", "-f", "ids").out == ""


# What is written


@pytest.fixture
def spilling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write every change of more than a few pages to the file before its commit."""
    settings = ["cache_spill = 5" if "spill" in s else s for s in connection._SETTINGS]
    settings.append("cache_size = 5")
    monkeypatch.setattr(connection, "_SETTINGS", tuple(settings))


def test_the_pages_that_may_wait_in_memory_are_a_number_that_sqlite_takes_as_one() -> None:
    assert connection.SPILL_PAGES % 256  # it reads the last byte of the number as yes or no


@pytest.mark.usefixtures("acme", "spilling")
def test_what_is_in_the_file_before_its_commit_is_taken_back_with_the_rest(
    run: Program, tmp_path: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, size = books.dump(book), book.stat().st_size
    sizes = []

    def fail(*given: Any, **named: Any) -> None:
        sizes.append(book.stat().st_size)
        raise Conflict("at the very end")

    monkeypatch.setattr("acctcli.book.imports.outcome.sentence", fail)
    file = logs(tmp_path / "logs.csv", 3_000)
    assert run("import", file, "--as", "log").code == 4
    assert sizes[0] > size * 2  # half a transaction was in the file
    monkeypatch.undo()
    assert books.dump(book) == before
    assert books.sound(book)


KILLED = """
import os, signal, sys
from acctcli.book.imports import outcome
from acctcli.main import run
from acctcli.store import connection, queries
connection._SETTINGS = (*connection._SETTINGS, "cache_spill = 5", "cache_size = 5")
outcome.sentence = lambda *given: os.kill(os.getpid(), signal.SIGKILL)
run(sys.argv[1:])
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")
@pytest.mark.usefixtures("acme")
def test_a_kill_after_half_a_transaction_went_into_the_file_loses_nothing(
    run: Program, tmp_path: Path, book: Path
) -> None:
    before = books.dump(book)
    file = logs(tmp_path / "logs.csv", 2_000)
    end = ended([sys.executable, "-c", KILLED, "import", str(file), "--as", "log"])
    assert end.status == -signal.SIGKILL
    assert book.with_name(f"{book.name}-journal").stat().st_size > 0
    assert run("log", "list").out == ""
    assert books.dump(book) == before
    assert books.sound(book)


# Time


def test_a_long_chain_is_judged_in_one_walk(run: Program, tmp_path: Path) -> None:
    def judging(length: int, first: str) -> int:
        file = tmp_path / f"{length}{first}.csv"
        chain = [f"N{n},N{n - 1}" if n else f"N0,{first}" for n in range(length)]
        file.write_text("\n".join(["name,parent", *chain]) + "\n")
        return strain.work(lambda: codes.append(run("import", file, "--dry-run").code))

    codes: list[int] = []
    judging(3, "")
    for first in ("", "nobody", "N5"):  # valid, refused with everything below it, and in a circle
        assert strain.is_linear(judging(60, first), judging(480, first), times=8)
    assert set(codes) == {0}


@pytest.mark.usefixtures("acme")
def test_rows_that_look_alike_are_told_apart_in_one_walk(run: Program, tmp_path: Path) -> None:
    def importing(count: int) -> int:
        file = tmp_path / f"{count}.csv"
        file.write_text("account,text\n" + f"Acme,Call {count}\n" * count)
        assert run("import", file, "--as", "task").code == 0
        return strain.work(lambda: says.append(run("import", file, "--as", "task").err))

    says: list[str] = []
    assert strain.is_linear(importing(200), importing(1600), times=8)
    assert says[-1] == "Nothing to import: 1,600 tasks, already up to date.\n"
