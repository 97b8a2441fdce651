"""A book of a million interactions: its size, its history, and what the journal costs an import.

It takes ten minutes, so `make bench` leaves it out: `make bench ARGS=--million`.
"""

from __future__ import annotations

import csv
import random
import shutil
import statistics
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from bench.books import WORDS
from bench.pairs import Figure, environment, once, pair

ACCT = str(Path(sys.executable).with_name("acct"))
ACCOUNTS = 10_000

WITHOUT_JOURNAL = """
import sys
from acctcli.store import added
added.wait = lambda con, places: None
added.keep = lambda con, command: None
from acctcli.main import run
sys.exit(run(sys.argv[1:]))
"""
"""The program as it would be without new records in the journal."""


def write(folder: Path, logs: int, accounts: int, seed: int = 1) -> None:
    """Write accounts.csv, and logs.csv with `logs` interactions of two years, into the folder."""
    chance = random.Random(seed)
    names = [f"{chance.choice(WORDS).title()} {n:05d}" for n in range(accounts)]
    with (folder / "accounts.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["name", "industry"], *([name, "retail"] for name in names)])
    start = datetime(2024, 11, 27, 8)
    with (folder / "logs.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["account", "kind", "direction", "at", "summary"])
        for n in range(logs):
            at = start + timedelta(minutes=chance.randrange(700 * 24 * 60))
            kind = chance.choice(("call", "email", "meeting", "note"))
            said = f"{' '.join(chance.choices(WORDS, k=6))} {n}"
            way = chance.choice(("in", "out"))
            rows.writerow([chance.choice(names), kind, way, f"{at.isoformat()}Z", said])


def figures(folder: Path, sample: dict[str, str], logs: int, *, runs: int) -> Iterator[Figure]:
    """The book of `logs` interactions, and an import of a tenth of them."""
    accounts = min(ACCOUNTS, logs)
    write(folder, logs, accounts)
    whole = environment(str(folder / "million.db"))
    once([ACCT, "db", "init"], whole)
    once([ACCT, "import", str(folder / "accounts.csv"), "--as", "account"], whole)
    shutil.copy(folder / "million.db", folder / "empty.db")
    seconds = once([ACCT, "import", str(folder / "logs.csv"), "--as", "log"], whole)
    size = (folder / "million.db").stat().st_size / 1e6
    yield Figure(f"{logs:,} logs: size, after the import", size, 700, "MB", seconds)
    middle = f"A-{accounts // 2:04d}"
    for words, small in (
        (["history"], ["history"]),
        (["history", middle], ["history", "greentech"]),
    ):
        command, other = ([ACCT, *some, "--limit", "20"] for some in (words, small))
        found = pair(command, other, env=whole, other_env=sample, runs=9)
        yield Figure(f"{logs:,} logs: {' '.join(words)}", found.ratio, 1.3, "x", found.seconds)
    write(folder, logs // 10, accounts)
    yield from _import_and_undo(folder, logs // 10, runs)


def _import_and_undo(folder: Path, logs: int, runs: int) -> Iterator[Figure]:
    """Measure what the journal adds to an import, and an undo of the import beside it."""
    words = ["import", str(folder / "logs.csv"), "--as", "log"]
    env = environment(str(folder / "import.db"))
    rounds = []
    for _ in range(runs):
        shutil.copy(folder / "empty.db", folder / "import.db")
        without = once([sys.executable, "-c", WITHOUT_JOURNAL, *words], env)
        shutil.copy(folder / "empty.db", folder / "import.db")
        rounds.append((once([ACCT, *words], env), without, once([ACCT, "undo"], env)))
    imported, _, undone = (statistics.median(seconds) for seconds in zip(*rounds, strict=True))
    cost = statistics.median(whole / without for whole, without, _ in rounds)
    yield Figure(f"import of {logs:,} logs, to one without journal", cost, 2.0, "x", imported)
    cost = statistics.median(undo / whole for whole, _, undo in rounds)
    yield Figure(f"undo of {logs:,} logs, to their import", cost, 2.0, "x", undone)
