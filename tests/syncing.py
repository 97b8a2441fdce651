"""Machines that share a book, for tests of sync.

Each has a home and a book of its own, and runs commands as its user types them. The clocks of all
machines show the same time, which goes on by a second with each command, unless a test sets one.
"""

from __future__ import annotations

import random
import shlex
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests import books
from tests.conftest import Program, Result
from tests.forking import Forks, Job, Ran

ROUNDS = 6
"""The most rounds after which machines that run no other command must be quiet."""


class Clock:
    """The time of day on all machines."""

    def __init__(self, now: str = "2026-11-22 06:00:00") -> None:
        self.now = datetime.fromisoformat(now)

    def tick(self) -> datetime:
        """Go on by a second, and return the time."""
        self.now += timedelta(seconds=1)
        return self.now


class Machine:
    """One person's machine. A command must succeed unless the test says otherwise.

    `ahead` is how many seconds its clock is fast. With `real`, its clock shows the real time.
    """

    def __init__(
        self,
        run: Program,
        folder: Path,
        name: str,
        clock: Clock,
        *,
        ahead: int = 0,
        real: bool = False,
    ) -> None:
        self.run = run
        self.name = name
        self.clock = clock
        self.ahead = timedelta(seconds=ahead)
        self.real = real
        self.home = folder / name
        self.book = self.home / "book.db"
        self.trail: list[str] = []
        self._exports = 0
        self.home.mkdir(parents=True)
        books.create(self.book)

    def env(self, at: str = "") -> Mapping[str, str]:
        """Return the environment of one command, whose clock shows `at`, else the usual time."""
        home = str(self.home)
        places = ("HOME", "USERPROFILE", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
        now = at or str(self.clock.tick() + self.ahead)
        return {
            **dict.fromkeys(places, home),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "ACCTCLI_CONFIG": str(self.home / "config.toml"),
            "ACCTCLI_DB": str(self.book),
            "ACCTCLI_WHO": self.name,
            "ACCTCLI_TODAY": "" if self.real else now,
        }

    def tries(self, *words: str | Path, at: str = "", input: str = "") -> Result:
        """Run a command that may be refused."""
        done = self.run(*words, env=self.env(at), input=input)
        typed = shlex.join(("acct", *map(str, words)))
        self.trail.append(f"{self.name}: {typed}  # {done.code}")
        return done

    def __call__(self, *words: str | Path, at: str = "", input: str = "") -> Result:
        """Run a command, which must succeed."""
        done = self.tries(*words, at=at, input=input)
        assert done.code == 0, (self.name, words, done.code, done.err)
        return done

    def sync(self, *more: str, at: str = "") -> dict[str, Any]:
        """Send and take once; return what the command says as JSON."""
        found: dict[str, Any] = self("sync", "now", *more, "-f", "json", at=at).json()
        return found

    def join(self, carrier: str | Path, *more: str | Path) -> None:
        """Take part in the book that others share."""
        self("sync", "join", carrier, "--name", self.name, *more)

    def job(
        self, *lines: Sequence[str | Path], at: str = "", kill_after: float | None = None
    ) -> Job:
        """Return these command lines as a process to be started together with others."""
        self.trail += [
            f"{self.name}: {shlex.join(('acct', *map(str, line)))}"
            + ("" if kill_after is None else f"  # killed after {kill_after:.3f} s")
            for line in lines
        ]
        return Job(lines, self.env(at), kill_after)

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Query the book, independently of the program."""
        with closing(sqlite3.connect(self.book)) as con:
            return con.execute(sql, parameters).fetchall()

    def value(self, sql: str, *parameters: Any) -> Any:
        """Return the first column of the first row of a query; None if there is none."""
        found = self.rows(sql, *parameters)
        return found[0][0] if found else None

    def names(self, kind: str = "account") -> list[str]:
        """Return the names of all records of a kind, sorted."""
        column = {"log": "summary", "task": "text", "deal": "title"}.get(kind, "name")
        return [name for (name,) in self.rows(f'SELECT "{column}" FROM "{kind}" ORDER BY 1')]

    def exports(self) -> dict[str, bytes]:
        """Return the files of a whole export by name."""
        self._exports += 1
        folder = self.home / f"export-{self._exports}"
        self("export", "--all", folder)
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}

    def conflicts(self) -> list[dict[str, Any]]:
        """Return the conflicts that nobody has dismissed, as the command lists them."""
        found: list[dict[str, Any]] = self("sync", "conflicts", "-f", "json").json()
        return found


def shared(
    run: Program, folder: Path, *names: str, carrier: str = "", clock: Clock | None = None
) -> list[Machine]:
    """Return machines that share one book: the first began to share it, the others joined."""
    clock = clock or Clock()
    made = [Machine(run, folder, name, clock) for name in names]
    share(made, carrier or str(folder / "shared"))
    return made


def share(machines: Sequence[Machine], carrier: str) -> None:
    """Let the first of these machines share its book, and the others join."""
    first, *others = machines
    if "://" not in carrier:
        Path(carrier).mkdir(exist_ok=True)
    first("sync", "init", carrier, "--name", first.name)
    for one in others:
        one.join(carrier)


def rest(machines: Iterable[Machine]) -> None:
    """Sync all machines until one more round finds nothing to do."""
    everybody = list(machines)
    for _ in range(ROUNDS):
        answers = [one.sync() for one in everybody]
        if all(answer["quiet"] for answer in answers):
            return
    said = {one.name: one.sync() for one in everybody}
    assert all(answer["quiet"] for answer in said.values()), said


def same(machines: Iterable[Machine]) -> dict[str, bytes]:
    """Bring all machines to rest; all exports must be the same bytes. Return those."""
    everybody = list(machines)
    rest(everybody)
    first, *others = everybody
    expected = first.exports()
    for one in others:
        found = one.exports()
        differing = [name for name in expected if found.get(name) != expected[name]]
        assert not differing, unlike(first, one, differing, expected, found)
        assert found.keys() == expected.keys()
    for one in everybody:
        sound(one)
    return expected


def sound(machine: Machine) -> None:
    """`db check` must find neither damage nor a problem."""
    done = machine.tries("db", "check", "-f", "json")
    assert done.code == 0, (machine.name, done.out, done.err)


def unlike(
    one: Machine,
    other: Machine,
    files: Iterable[str],
    expected: Mapping[str, bytes],
    found: Mapping[str, bytes],
) -> str:
    """Return the lines of exports that only one of two machines has."""
    said = []
    for name in files:
        lines = expected[name].decode().splitlines()
        others = found.get(name, b"").decode().splitlines()
        said += [f"{name}: only {one.name}: {line}" for line in lines if line not in others][:3]
        said += [f"{name}: only {other.name}: {line}" for line in others if line not in lines][:3]
    return "\n".join(said)


def together(forks: Forks, *jobs: Job) -> list[Ran]:
    """Start jobs together; those that nobody killed must succeed."""
    ended = forks.run(*jobs)
    for job, one in zip(jobs, ended, strict=True):
        assert one.killed or one.code == 0, (job.lines, one)
    return ended


def killed(chance: random.Random, machine: Machine) -> Job:
    """Return a sync that is killed at some moment of its first 60 milliseconds."""
    return machine.job(("sync", "now", "-q"), kill_after=chance.uniform(0.002, 0.06))


def carried(folder: Path) -> bytes:
    """Return all bytes of all files below a folder, their names included."""
    return b"\0".join(
        str(path).encode() + b"\0" + path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )
