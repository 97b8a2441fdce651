"""Promises 7, 8, 12 and 13: which files are read, which are left alone, and who can read ours."""

from __future__ import annotations

import os
import shlex
import sqlite3
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from shutil import copyfile, which

import pytest
from tests import books
from tests.conftest import Program
from tests.filling import filled_once
from tests.promises.processes import ended, unprivileged, why_no_dropping

from acctcli.main import COMMANDS
from acctcli.store import backup, migrations
from acctcli.store.opening import open_book

POSIX = pytest.mark.skipif(os.name != "posix", reason="only POSIX has it")
DEMO = Path(str(files("acctcli.demo")))
BANKS = Path(__file__).parent.parent / "data" / "banks"


@pytest.fixture
@filled_once
def _filled(home: Path, run: Program) -> None:
    """Make a book with something in it, and a backup beside it."""
    path = home / "own" / "book.db"
    open_book(path, create=True).close()
    for name in ("GreenTech Ltd", "Acme"):
        assert run("--db", path, "account", "add", name, "--tag", "x").code == 0
    backup.make(path, "manual")


@pytest.fixture
def path(_filled: None, home: Path) -> Path:
    return home / "own" / "book.db"


# Promise 7: a newer file


def every_command() -> Iterator[tuple[str, ...]]:
    """Yield the first example of every command, without shell syntax."""
    for name, (module, _) in COMMANDS.items():
        if name == "completion":
            continue  # about no book
        noun = import_module(f"acctcli.cli.{module}").noun
        for verb, spec in noun.specs.items():
            if noun.name or verb == name:
                words = [name, *([verb] if noun.name else [])]
                typed = shlex.split(spec.examples[0].split(" > ")[0].split(" < ")[0])
                yield (*words, *typed[typed.index(words[-1]) + 1 :])


OTHERWISE = {
    ("import", "contacts.csv", "--dry-run"): ("import", str(DEMO / "accounts.csv"), "--dry-run"),
    ("db", "restore"): ("db", "restore", "latest", "--yes"),
    ("purchase", "reconcile", "november.csv"): ("purchase", "reconcile", str(BANKS / "dbs.csv")),
}
"""Examples that would end earlier, because their file is missing or they only list."""

WITHOUT_BOOK = {("db", "path"), ("demo",), ("sync", "hub-sql"), ("config", "path"), ("help",)}
WITHOUT_BOOK |= {("config", "get"), ("config", "set"), ("config", "unset")}  # of one's own settings
"""Commands that do not open the book that is named."""


@pytest.mark.parametrize("words", list(every_command()), ids=" ".join)
def test_every_command_refuses_a_newer_book_and_leaves_it_alone(
    path: Path, run: Program, words: tuple[str, ...]
) -> None:
    books.change(path, f"PRAGMA user_version = {migrations.LATEST + 7}")
    before = path.read_bytes()
    names = sorted(path.parent.iterdir())
    end = run("--db", path, *OTHERWISE.get(words, words), env={"EDITOR": "true"}, input="x")
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == names
    if words[:1] in WITHOUT_BOOK or words[:2] in WITHOUT_BOOK:
        assert "newer" not in end.err
    else:
        assert (end.code, end.out) == (6, "")
        assert end.err == (
            f"acct: {path} was written by a newer acct: its schema is version "
            f"{migrations.LATEST + 7}, this program knows up to {migrations.LATEST}. "
            "Upgrade acctcli; the file was left untouched.\n"
        )


# Promise 8: a wrong file


def text_file(path: Path) -> None:
    path.write_text("Dear diary, the name of this file is book.db\n" * 500)


def another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as con:
        con.execute("PRAGMA application_id = 252006673")
        con.execute("CREATE TABLE account (id, name)")
        con.commit()


def plain_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as con:
        con.execute("CREATE TABLE account (id, name)")
        con.commit()


def empty(path: Path) -> None:
    path.touch()


def only_a_header(path: Path) -> None:
    made(path)
    path.write_bytes(path.read_bytes()[:100])


def truncated(path: Path) -> None:
    made(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2 + 17])


def damaged_page(path: Path) -> None:
    """Damage the pages that every command reads: those of the schema."""
    made(path)
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 200)


def made(path: Path) -> None:
    open_book(path, create=True).close()


def folder(path: Path) -> None:
    path.mkdir()


def fifo(path: Path) -> None:
    os.mkfifo(path)


def dangling_link(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere.db"))


def link_in_a_circle(path: Path) -> None:
    path.symlink_to(path)


WRONG = [text_file, another_program, plain_sqlite, empty, only_a_header, truncated, damaged_page]
if os.name == "posix":
    WRONG += [folder, fifo, dangling_link, link_in_a_circle]


def content(path: Path) -> tuple[int, bytes]:
    info = path.lstat()
    return info.st_mode, path.read_bytes() if stat.S_ISREG(info.st_mode) else b""


@pytest.mark.parametrize("make", WRONG, ids=lambda make: make.__name__)
def test_a_wrong_file_is_never_harmed(
    tmp_path: Path, run: Program, make: Callable[[Path], None]
) -> None:
    place = tmp_path / "there"
    place.mkdir()
    path = place / "book.db"
    make(path)
    before = content(path)
    for words in (
        ["account", "list"],
        ["account", "add", "Acme"],
        ["undo"],
        ["history"],
        ["search", "x"],
        ["db", "check"],
        ["db", "backup"],
        ["db", "query", "SELECT 1 FROM account"],
        ["export", "--as", "account"],
        ["import", str(DEMO / "accounts.csv")],
    ):
        started = time.monotonic()
        end = run("--db", path, *words)
        assert time.monotonic() - started < 20, words  # a fifo must not be waited for
        assert end.code in (3, 6), (words, end)
        assert end.out == "" or words == ["db", "check"], words
        assert end.err.count("\n") == 1, words
        assert content(path) == before, words
        assert [f for f in place.iterdir() if f.is_file() and f != path] == []
    # Starting a book there is refused too, unless nothing can be lost.
    started_one = run("--db", path, "db", "init").code
    if make is empty:
        assert started_one == 0
    else:
        assert started_one in (3, 6)
        assert content(path) == before


# Promise 12: read-only media

needs_modes = pytest.mark.skipif(bool(why_no_dropping()), reason=why_no_dropping() or "-")


def acct_unprivileged(path: Path, *words: str) -> tuple[int, list[str], str]:
    end = ended([*unprivileged(), sys.executable, "-m", "acctcli", "--db", str(path), *words])
    return end.status, end.printed, end.said


@contextmanager
def modes(path: Path, file: int, folder: int) -> Iterator[None]:
    path.chmod(file)
    path.parent.chmod(folder)
    yield
    path.parent.chmod(0o700)
    path.chmod(0o600)


@needs_modes
@pytest.mark.parametrize(("file", "folder"), [(0o444, 0o700), (0o600, 0o555), (0o444, 0o555)])
def test_what_cannot_be_written_can_be_read(path: Path, file: int, folder: int) -> None:
    before = path.read_bytes()
    with modes(path, file, folder):
        status, printed, said = acct_unprivileged(path, "account", "list", "--columns", "name")
        assert (status, printed, said) == (0, ["Acme", "GreenTech", "Ltd"], "")
        status, printed, said = acct_unprivileged(path, "account", "add", "Konex")
        assert (status, printed) == (6, [])
        assert said == f"acct: {path} can be read but not written. Nothing was changed.\n"
    assert path.read_bytes() == before


@needs_modes
def test_a_book_that_cannot_even_be_read(path: Path) -> None:
    with modes(path, 0o000, 0o700):
        status, _, said = acct_unprivileged(path, "account", "list")
    assert (status, said) == (6, f"acct: {path}: Permission denied\n")


@needs_modes
def test_an_interrupted_change_that_cannot_be_taken_back_is_said(path: Path) -> None:
    journal = path.with_name("book.db-journal")
    interrupt(path)
    journal.chmod(0o444)
    with modes(path, 0o444, 0o555):
        status, _, said = acct_unprivileged(path, "account", "list")
    journal.chmod(0o600)  # or nobody but root could take the change back below
    assert status == 6
    assert "an interrupted change in its journal that must be undone first" in said
    assert len(books.dump(path)["account"]) == 2


@needs_modes
def test_a_book_of_an_earlier_version_that_cannot_be_written_is_said(path: Path) -> None:
    program = (
        "import sys; from acctcli.store import migrations; migrations.LATEST += 1; "
        "migrations.STEPS += (lambda con: con.execute('CREATE TABLE more (a TEXT) STRICT'),); "
        "from acctcli.main import run; sys.exit(run(sys.argv[1:]))"
    )
    words = ["--db", str(path), "account", "list"]
    with modes(path, 0o444, 0o555):
        end = ended([*unprivileged(), sys.executable, "-c", program, *words])
    assert end.status == 6
    assert end.said.count("\n") == 1
    before = f"from version {migrations.LATEST} before it is used"
    assert f"{path} has to be upgraded {before}" in end.said
    assert "Permission denied" in end.said or "can be read but not written" in end.said


MOUNT = """
mount -t tmpfs -o mode=700 none "$1" && cp "$2" "$1/book.db" && mount -o remount,bind,ro "$1" && \
exec \
"$3" -m acctcli --db "$1/book.db" account {words}
"""


@POSIX
@pytest.mark.parametrize(("words", "status"), [("list --columns name", 0), ("add Konex", 6)])
def test_a_file_system_that_is_mounted_read_only(
    path: Path, tmp_path: Path, words: str, status: int
) -> None:
    # Root is needed to mount; other users are root in a small namespace of their own.
    unshare = [which("unshare") or "unshare", "--mount"]
    unshare += [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    if which("unshare") is None or ended([*unshare, "true"]).status != 0:
        pytest.skip("nothing can be mounted here")
    place = tmp_path / "mounted"
    place.mkdir()
    script = MOUNT.format(words=words)
    arguments = ["mount", str(place), str(path), sys.executable]
    end = ended([*unshare, "sh", "-c", script, *arguments])
    if "mount:" in end.said:
        pytest.skip(f"nothing can be mounted here: {end.said.strip()}")
    assert end.status == status
    assert end.printed == ([] if status else ["Acme", "GreenTech", "Ltd"])


# Files as the database: what a crash left, and names


def interrupt(path: Path) -> None:
    """Leave the book as a crash in the middle of a commit does: changed, with a hot journal."""
    journal = path.with_name(f"{path.name}-journal")
    with closing(sqlite3.connect(path, isolation_level=None)) as con:
        con.execute("PRAGMA cache_size = 2")  # pages are written out before the commit
        con.execute("BEGIN IMMEDIATE")
        con.execute("DELETE FROM tag")
        con.execute("UPDATE account SET name = printf('%0900d', 7), name_key = 'x'")
        con.executemany(
            "INSERT INTO preset VALUES (?, ?)", [(f"p{n}", "o" * 900) for n in range(200)]
        )
        for file in (path, journal):
            copyfile(file, file.with_name(f"{file.name}.crashed"))
        con.execute("ROLLBACK")
    for file in (path, journal):
        file.with_name(f"{file.name}.crashed").replace(file)


def test_what_a_crash_left_is_taken_back_in_silence(path: Path, run: Program) -> None:
    before, whole = books.dump(path), path.read_bytes()
    interrupt(path)
    assert path.read_bytes() != whole
    assert path.with_name("book.db-journal").exists()
    end = run("--db", path, "account", "list", "--columns", "name")
    assert end == (0, "Acme\nGreenTech Ltd\n", "")
    assert not path.with_name("book.db-journal").exists()
    assert books.dump(path) == before
    assert books.sound(path)


def test_a_clock_that_is_set_back_changes_no_order(run: Program, book: Path) -> None:
    for day in ("2026-11-22", "2020-01-01", "2025-06-01"):
        run("account", "add", f"Of {day}", env={"ACCTCLI_TODAY": day})
    told = [line.split("\t")[3] for line in run("history").out.splitlines()]
    assert [line[-11:-1] for line in told] == ["2025-06-01", "2020-01-01", "2026-11-22"]
    assert run("undo", env={"ACCTCLI_TODAY": "2019-01-01"}).err.startswith(
        "Undid: Added account A-0003"
    )
    assert run("undo").err.startswith("Undid: Added account A-0002")


# Promise 13: private


EDITOR = """\
#!/bin/sh
ls -l "$1" | cut -c 1-10 > "$0.modes"
echo 'name = [' > "$1"
"""


@POSIX
def test_everything_that_is_made_is_for_its_owner_alone(
    run: Program, acct: Program, home: Path, tmp_path: Path
) -> None:
    before = os.umask(0)
    try:
        editor = tmp_path / "editor"
        editor.write_text(EDITOR)
        editor.chmod(0o755)
        for words in (
            ["account", "add", "GreenTech Ltd"],
            ["contact", "add", "Mei Tan", "--account", "greentech"],
            ["db", "backup"],
            ["db", "backup", "--to", home / "copy.db"],
            ["db", "restore", "latest", "--yes"],
            ["db", "restore", "latest", "--to", home / "restored.db"],
            ["export", "--as", "account", "--output", home / "accounts.csv"],
            ["export", "--all", home / "everything"],
            ["import", DEMO / "accounts.csv"],
            ["export", "--all", home / "deep" / "down"],
            ["config", "set", "me.name", "Kim"],
            ["demo"],
            ["contact", "delete", "mei tan", "--erase", "--yes"],
            ["--db", home / "new" / "other.db", "db", "init"],
        ):
            end = run(*words, env={"ACCTCLI_CONFIG": str(home / "config" / "of" / "mine.toml")})
            assert end.code == 0, (words, end)
        refused = tmp_path / "refused.csv"
        refused.write_text("Name,Website\nA,a.com\nB,not a site\n")
        run("import", refused, "--as", "account", "--skip-invalid")
        assert acct("account", "edit", "greentech", env={"EDITOR": str(editor)}).code != 0
    finally:
        os.umask(before)
    made = [*home.rglob("*"), *tmp_path.glob("refused*rejects*")]
    assert len(made) > 20
    open_to_others = {
        str(file.relative_to(tmp_path)): f"{stat.S_IMODE(file.stat().st_mode):o}"
        for file in made
        if file.stat().st_mode & 0o077
    }
    assert open_to_others == {}
    assert editor.with_name("editor.modes").read_text() == "-rw-------\n"


@POSIX
def test_the_journal_of_a_running_command_is_private(path: Path) -> None:
    before = os.umask(0)
    try:
        with closing(open_book(path)) as con:
            con.execute("BEGIN IMMEDIATE")
            con.execute("DELETE FROM tag")
            journal = path.with_name("book.db-journal")
            assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    finally:
        os.umask(before)
