"""A shared book: what sending, joining and syncing take, beside a bare insert of the same rows.

It makes a book of 160,000 rows, and takes some minutes: `make bench ARGS=--sync`.
"""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from acctcli.store.sync import tables
from bench import books
from bench.contacts_csv import measured
from bench.pairs import Figure, environment, once

ACCT = str(Path(sys.executable).with_name("acct"))

LARGE = books.Size(2_500, 10_000, 50_000, 5_000, 10_000, 7_500)
"""A book of about 160,000 rows: parts of records are rows too."""

EDITS = 1_000
MACHINES = 50
BOOKS = 500
"""As many shared books as a manager may read."""

BARE = """
import sqlite3, sys
con, large = sqlite3.connect(sys.argv[1]), sqlite3.connect(sys.argv[2])
for table in sys.argv[3:]:
    rows = large.execute(f'SELECT * FROM "{table}"').fetchall()
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        con.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)
con.commit()
"""
"""Reads the rows of a book and inserts them into an empty one, with its indexes: nothing else."""


class Share:
    """Books that share a folder, each in a home of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.where = folder / "shared"
        self.anew()

    def anew(self) -> None:
        """Begin with an empty folder."""
        shutil.rmtree(self.where, ignore_errors=True)
        self.where.mkdir()

    def machine(self, name: str, book: Path | None = None) -> dict[str, str]:
        """Return the environment of a new machine: its book is a copy of one, or empty."""
        home = self.folder / name
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        env = environment(str(home / "book.db")) | {"HOME": str(home), "ACCTCLI_WHO": name}
        if book is None:
            once([ACCT, "db", "init"], env)
        else:
            shutil.copy(book, home / "book.db")
        return env

    def begin(self, env: Mapping[str, str]) -> list[str]:
        """Return the command that shares a book and sends it."""
        return [ACCT, "sync", "init", str(self.where), "--book", "book", "--name", "first"]

    def join(self, name: str, *, where: str = "") -> list[str]:
        """Return the command that takes part, and takes the book in."""
        return [ACCT, "sync", "join", where or str(self.where), "--book", "book", "--name", name]

    def size(self) -> int:
        """Return how many bytes the folder holds."""
        return sum(path.stat().st_size for path in self.where.rglob("*") if path.is_file())


def figures(folder: Path, *, only_once: bool) -> Iterator[Figure]:
    """Yield all figures of shared books."""
    size = books.SMALL if only_once else LARGE
    large = folder / "shared-large.db"
    # Elsewhere: the memory of a process that is started counts what its parent holds, too.
    making = f"from bench import books; books.make(Path({str(large)!r}), books.Size{tuple(size)}"
    imports = "from datetime import date; from pathlib import Path; "
    once([sys.executable, "-c", f"{imports}{making}, date.today())"], environment(str(large)))
    share = Share(folder)
    yield from first_times(share, large, runs=1 if only_once else 3)
    yield from daily(share, edits=20 if only_once else EDITS)
    yield from together(folder, 3 if only_once else MACHINES)
    yield from of_a_manager(folder, 3 if only_once else BOOKS)


def first_times(share: Share, large: Path, *, runs: int) -> Iterator[Figure]:
    """Sharing a large book, and joining it on another machine, each in turn with a bare insert."""
    sent, taken, memory = [], [], []
    seconds = {"send": 0.0, "take": 0.0}
    for _ in range(runs):
        share.anew()
        first, second = share.machine("first", large), share.machine("second")
        bare = _bare(share, large)
        seconds["send"], used = measured(share.begin(first), first)
        sent.append(seconds["send"] / bare)
        memory.append(used)
        bare = _bare(share, large)
        seconds["take"], used = measured(share.join("second"), second)
        taken.append(seconds["take"] / bare)
        memory.append(used)
    rows = f"{_rows(large):,} rows"
    send, take = statistics.median(sent), statistics.median(taken)
    yield Figure(f"{rows}: sharing for a bare insert", send, 6.0, "x", seconds["send"])
    yield Figure(f"{rows}: joining for a bare insert", take, 10.0, "x", seconds["take"])
    yield Figure(f"{rows}: memory of both", max(memory), 150.0, "MB", 0.0)


def _bare(share: Share, large: Path) -> float:
    """Return the seconds of a bare insert of the rows that travel."""
    env = share.machine("bare")
    return once([sys.executable, "-c", BARE, env["ACCTCLI_DB"], str(large), *tables.names()], env)


def _rows(book: Path) -> int:
    """Return how many rows of a book travel."""
    with closing(sqlite3.connect(book)) as con:
        return sum(
            con.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables.names()
        )


def daily(share: Share, *, edits: int) -> Iterator[Figure]:
    """What a sync takes that finds nothing, and one with many edits; what an edit weighs."""
    first = environment(str(share.folder / "first" / "book.db"))
    second = environment(str(share.folder / "second" / "book.db"))
    now = [ACCT, "sync", "now", "-q"]
    for env in (first, second, first):
        once(now, env)
    nothing = statistics.median(once(now, first) for _ in range(7))
    yield Figure("a sync that finds nothing", nothing, 0.15, "s", nothing)
    ids = subprocess.run(
        [ACCT, "account", "list", "-f", "ids", "--limit", str(edits)],
        env=first,
        capture_output=True,
        check=True,
    ).stdout
    subprocess.run(
        [ACCT, "account", "edit", "-", "--city", "Singapore"],
        env=first,
        input=ids,
        capture_output=True,
        check=True,
    )
    before = share.size()
    out = once(now, first)
    each = (share.size() - before) / len(ids.split())
    into = once(now, second)
    yield Figure(f"{edits:,} edits: sending them", out, 0.5, "s", out)
    yield Figure(f"{edits:,} edits: taking them in", into, 0.8, "s", into)
    yield Figure(f"{edits:,} edits: bytes of one", each, 60.0, "B", 0.0)


def together(folder: Path, count: int) -> Iterator[Figure]:
    """How long many machines take that sync a new account each at the same time."""
    share = Share(folder)
    first = share.machine("first")
    once(share.begin(first), first)
    machines = [first]
    for n in range(1, count):
        machines.append(share.machine(f"m{n}", Path(first["ACCTCLI_DB"])))
        once(share.join(f"m{n}"), machines[-1])
    for n, env in enumerate(machines):
        once([ACCT, "account", "add", f"Account {n}"], env)
    seconds = _all_at_once(machines)
    yield Figure(f"{count} machines at once", seconds, 30.0, "s", seconds)


def _all_at_once(machines: list[dict[str, str]]) -> float:
    started = time.perf_counter()
    running = [
        subprocess.Popen([ACCT, "sync", "now", "-q"], env=env, stderr=subprocess.PIPE)
        for env in machines
    ]
    for process in running:
        _, said = process.communicate()
        if process.returncode != 0:
            raise SystemExit(f"a sync ended with {process.returncode}: {said.decode()}")
    return time.perf_counter() - started


def of_a_manager(folder: Path, count: int) -> Iterator[Figure]:
    """What a sync takes that looks into many books on a server; nothing without a server."""
    try:
        from tests import hub as servers  # needs psycopg, and PostgreSQL on this machine
    except ImportError:
        return
    if servers.why_not():
        return
    from acctcli.carriers.opened import opened

    with servers.running() as server:
        names = [f"book-{n:03d}" for n in range(count)]
        carrier = opened(server.url("max"))
        for name in names:
            carrier.create(name)
        carrier.close()
        share = Share(folder)
        env = share.machine("manager")
        words = ["--book", ",".join(names), "--home", names[0], "--common", names[0]]
        once([ACCT, "sync", "join", server.url("max"), *words], env)
        now = [ACCT, "sync", "now", "-q"]
        once(now, env)
        seconds = statistics.median(once(now, env) for _ in range(3))
    yield Figure(f"{count} shared books of one person: a sync", seconds, 3.0, "s", seconds)
