"""Fixtures for every test: a place of its own, a fixed clock, and the program.

No test may see or change the book and the settings of the person who runs it: each one gets an
empty home, and opening anything in the real places fails the test. Tests of a command use `run` (in
this process, fast); tests of things that only a process has (signals, locks, pipes that close,
`sys.modules`) use `acct`.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, Protocol
from unittest import mock

import hypothesis
import platformdirs
import pytest
from coverage import Coverage

if TYPE_CHECKING:
    from tests.hub import Server

    from acctcli.book.context import Context

TODAY = "2026-11-22"

# Variables that would change what the program prints, or where it looks.
SWAYING = {"CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "EDITOR", "FORCE_COLOR", "LINES", "NO_COLOR"}
SWAYING |= {"LESS", "LV", "PAGER", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "VISUAL"}
SWAYING |= {"LANG", "LANGUAGE", "LC_CTYPE", "PYTHONIOENCODING", "PYTHONUTF8"}

NO_SKIPS = bool(os.environ.get("ACCTCLI_NO_SKIPS"))
"""Set it where every test must run, as in CI: a skipped test fails."""

MEMORY = Path("/dev/shm")
"""A file system in memory: tests write tens of thousands of small files, and sync each."""

SYNC = Path(__file__).parent / "sync"
"""Tests of several machines, which drive the program as a whole."""

NEEDED = 1 << 30
"""In bytes. A container's own is often 64 MiB."""

hypothesis.settings.register_profile("dev", max_examples=50, deadline=None)
hypothesis.settings.register_profile(
    "ci", max_examples=100, deadline=None, derandomize=True, database=None, print_blob=True
)
hypothesis.settings.register_profile("few", hypothesis.settings.get_profile("ci"), max_examples=25)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


def pytest_configure(config: pytest.Config) -> None:
    """Create the tests' files in memory, if there is room and programs may run there.

    pytest makes a folder there for its user, and removes it after a run that passed.
    """
    try:
        room = os.statvfs(MEMORY)
    except (AttributeError, OSError):  # no such system, or no such folder
        return
    if room.f_bavail * room.f_frsize > NEEDED and not room.f_flag & os.ST_NOEXEC:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
        release_killed(MEMORY)


def release_killed(root: Path) -> None:
    """Let pytest remove the files of runs that were killed, for which it waits three days.

    Each run's folder has a lock with the number of its process.
    """
    for lock in root.glob("pytest-of-*/pytest-*/.lock"):
        with contextlib.suppress(OSError, ValueError):
            try:
                os.kill(int(lock.read_text()), 0)
            except ProcessLookupError:
                lock.unlink()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where nothing may be skipped, a skip is a failure that says why."""
    report = yield
    if NO_SKIPS and report.skipped and isinstance(report.longrepr, tuple):
        report.outcome, report.longrepr = "failed", f"ACCTCLI_NO_SKIPS: {report.longrepr[2]}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that is skipped."""
    report = yield
    if NO_SKIPS and report.skipped and isinstance(report.longrepr, tuple):
        report.outcome, report.longrepr = "failed", f"ACCTCLI_NO_SKIPS: {report.longrepr[2]}"
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Count lines only in quick tests of one machine: counting takes twice as long.

    A line that only others pass on their way counts as not reached.
    """
    whole = item.get_closest_marker("slow") or SYNC in item.path.parents
    counting = Coverage.current() if whole else None
    if counting is None:
        return (yield)
    counting.stop()
    try:
        return (yield)
    finally:
        counting.start()


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_is_heard() -> None:
    """Listen to Ctrl-C, which jobs in the background of a script and their children ignore."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


class Result(NamedTuple):
    """The output of one run of the program; bytes that are not UTF-8 are surrogates."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Standard output as the one JSON value it must be."""
        return json.loads(self.out)


class Program(Protocol):
    """Calls the program with the words of a command line, without `acct` itself.

    `input` is the content of stdin (nothing by default), `env` is added to the isolated
    environment. Neither stdin, stdout nor stderr is a terminal.
    """

    def __call__(
        self,
        *words: str | Path,
        input: str | bytes = b"",
        env: Mapping[str, str] | None = None,
    ) -> Result: ...


def real_places() -> tuple[str, ...]:
    """Return where this person's own book and settings are, before any test moves them."""
    places = [platformdirs.user_data_dir("acctcli"), platformdirs.user_config_dir("acctcli")]
    places += [os.environ[name] for name in ("ACCTCLI_DB", "ACCTCLI_CONFIG") if name in os.environ]
    return tuple(str(Path(place).absolute()) for place in places)


def forbid(places: tuple[str, ...]) -> None:
    """Make this process fail if it opens, creates, moves or removes anything in `places`."""
    touching = {"open", "os.mkdir", "os.remove", "os.rename", "os.listdir", "sqlite3.connect"}

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        if event in touching and isinstance(arguments[0], str | bytes | os.PathLike):
            target = os.fsdecode(arguments[0])
            if any(place in target for place in places):
                raise AssertionError(f"a test reached for the real {target}")

    sys.addaudithook(refuse)


@pytest.fixture(scope="session", autouse=True)
def _out_of_reach() -> None:
    forbid(real_places())


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty home folder with the program's default places, and a known terminal.

    `ACCTCLI_DB` is not set: a named book is never created unasked, and most tests want the first
    command that writes to create theirs.
    """
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    for name in [name for name in os.environ if name in SWAYING or name.startswith("ACCTCLI_")]:
        monkeypatch.delenv(name)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    for name in ("XDG_DATA_HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA"):
        monkeypatch.setenv(name, str(home / "data"))
    for kind in ("CACHE", "CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
    monkeypatch.setenv("ACCTCLI_CONFIG", str(home / "config.toml"))
    monkeypatch.setenv("ACCTCLI_TODAY", TODAY)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("PAGER", "cat")  # which means that there are no settings
    return home


@pytest.fixture
def book(home: Path) -> Path:
    """Return the path of this test's book, which the first command that writes creates."""
    return Path(platformdirs.user_data_dir("acctcli")) / "book.db"


@pytest.fixture(autouse=True)
def _utc() -> Iterator[None]:
    """Use UTC as local time, whatever the machine's zone; Windows cannot change it."""
    with setting({"TZ": "UTC"}):
        set_zone()
        yield
    set_zone()


@contextlib.contextmanager
def setting(env: Mapping[str, str]) -> Iterator[None]:
    """Set these variables of the environment for a while.

    `mock.patch.dict` copies and restores all of them, which took 7 % of the time of quick tests.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name, value in env.items():
            patch.setenv(name, value)
        yield


def set_zone() -> None:
    """Make the C library read TZ again, where it can."""
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.fixture
def acct() -> Program:
    """Run the program as its users do: in another process."""

    def run_process(
        *words: str | Path, input: str | bytes = b"", env: Mapping[str, str] | None = None
    ) -> Result:
        done = subprocess.run(
            [sys.executable, "-m", "acctcli", *words],
            input=encoded(input),
            env={**os.environ, **(env or {})},
            capture_output=True,
            timeout=60,
            check=False,
        )
        return Result(done.returncode, decoded(done.stdout), decoded(done.stderr))

    return run_process


@pytest.fixture(scope="session")
def empty_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with nothing in it, made once. Copy it; never write to it."""
    from tests import books

    path = tmp_path_factory.mktemp("empty") / "book.db"
    books.create(path)
    return path


@pytest.fixture(scope="session")
def sample_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample book, loaded once. Copy it; never write to it."""
    from acctcli.main import run as main

    folder = tmp_path_factory.mktemp("sample")
    config = str(folder / "config.toml")
    with (
        mock.patch.dict(os.environ, ACCTCLI_TODAY=TODAY, ACCTCLI_CONFIG=config, TZ="UTC"),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        assert main(["demo", str(folder / "sample.db")]) == 0
    return folder / "sample.db"


@pytest.fixture(scope="session")
def hub_server() -> Iterator[Server]:
    """Return a PostgreSQL server with a hub, the same for all tests of a process: see `hub`."""
    from tests import hub as servers

    if why := servers.why_not():
        pytest.skip(why)
    with servers.running() as server:
        yield server


@pytest.fixture
def hub(hub_server: Server) -> Server:
    """Return a PostgreSQL server with a hub that has no books yet."""
    hub_server.fresh()
    return hub_server


@pytest.fixture
def context(home: Path, empty_book: Path) -> Context:
    """Return what work on an empty book needs at hand, without a command line."""
    return _context(home, empty_book)


@pytest.fixture
def sample(home: Path, sample_book: Path) -> Context:
    """Return the same for a copy of the sample book."""
    return _context(home, sample_book)


def _context(home: Path, made: Path) -> Context:
    from acctcli.book.context import Context

    path = home / "own.db"
    shutil.copyfile(made, path)
    path.chmod(0o600)
    return Context(db=str(path), today=TODAY)


@pytest.fixture
def run() -> Program:
    """Run the program in this process: the same answers, without the start-up.

    A book that it creates is a copy of a prepared one, because creating one takes longer than most
    commands. `acct` and the store test how a book is created.
    """
    from tests import books

    from acctcli.store import opening

    def run_here(
        *words: str | Path, input: str | bytes = b"", env: Mapping[str, str] | None = None
    ) -> Result:
        from acctcli.main import run as main

        with contextlib.ExitStack() as files:
            stdin, out, err = (files.enter_context(tempfile.TemporaryFile()) for _ in range(3))
            stdin.write(encoded(input))
            stdin.seek(0)
            with (
                setting(env or {}),
                mock.patch.object(opening, "create_private", books.create),
                standing_for("stdin", stdin),
                standing_for("stdout", out),
                standing_for("stderr", err, errors="backslashreplace"),
            ):
                code = main([str(word) for word in words])
            out.seek(0)
            err.seek(0)
            return Result(code, decoded(out.read()), decoded(err.read()))

    return run_here


@contextlib.contextmanager
def standing_for(name: str, file: BinaryIO, *, errors: str = "strict") -> Iterator[None]:
    """Replace `sys.<name>` by a file, as a shell does that redirects.

    The program may ask for its descriptor, its buffer or its encoding, reconfigure it or close it:
    it gets a duplicate, so that `file` can still be read afterwards.
    """
    duplicate = os.fdopen(os.dup(file.fileno()), "rb+")
    with (
        io.TextIOWrapper(duplicate, encoding="utf-8", errors=errors) as text,
        mock.patch.object(sys, name, text),
    ):
        yield


def encoded(text: str | bytes) -> bytes:
    """Return bytes as they go through a pipe: line ends are unchanged."""
    return text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text


def decoded(data: bytes) -> str:
    """Decode text from a pipe: CR LF stays CR LF, and a stray byte does not fail the test."""
    return data.decode("utf-8", "surrogateescape")


@pytest.fixture(autouse=True, scope="session")
def checked_arguments() -> Generator[None]:
    """Make `Frozen` refuse wrong arguments, which it does not check in use to be fast."""
    from acctcli.frozen import Frozen

    made = Frozen.__init__
    right: set[tuple[object, ...]] = set()

    def checked(self: Frozen, *values: Any, **named: Any) -> None:
        call = (type(self), len(values), *named)
        if call not in right:
            refuse_wrong(type(self), values, named)
            right.add(call)
        made(self, *values, **named)

    def refuse_wrong(
        cls: type[Frozen], values: Sequence[object], named: Mapping[str, object]
    ) -> None:
        names = cls.__match_args__
        given = [*names[: len(values)], *named]
        needed = {name for name in names if not hasattr(cls, name)}
        wrong = {
            "too many values": list(values[len(names) :]),
            "no such field": sorted(named.keys() - set(names)),
            "given twice": sorted(named.keys() & set(names[: len(values)])),
            "missing": sorted(needed - set(given)),
        }
        if any(wrong.values()):
            raise TypeError(f"{cls.__name__}: {wrong}")

    with mock.patch.object(Frozen, "__init__", checked):
        yield
