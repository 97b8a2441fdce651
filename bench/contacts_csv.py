"""A list of contacts as large as an import may be, and what importing it takes.

The time is that of an import into a new book, with journal and search index, beside
`sqlite-utils insert --csv` of the same file into a table without any; the memory is the most that
an import of many rows holds at once.
"""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.pairs import Figure, once

TIMED = 100_000
"""How many contacts are imported against the clock."""

MANY = 300_000
"""How many rows are imported against the memory."""

PEOPLE_PER_ACCOUNT = 10


def write(path: Path, count: int, seed: int = 1) -> None:
    """Write a file of `count` contacts, ten at each company."""
    chance = random.Random(seed)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["First Name", "Last Name", "Company", "Job Title", "Email", "Phone", "Notes"]
        )
        for n in range(count):
            first, last = f"Ann{chance.randrange(999)}", f"Smith{n:06d}"
            company = f"Company {n // PEOPLE_PER_ACCOUNT:05d}"
            email = f"{first}.{last}@company{n // PEOPLE_PER_ACCOUNT:05d}.example".lower()
            phone = f"+4420794{n % 100_000:05d}" if n < 100_000 else ""
            note = "met at the expo" if n % 3 == 0 else ""
            rows.writerow([first, last, company, "Buyer", email, phone, note])


def figures(
    folder: Path, env: Mapping[str, str], acct: str, *, timed: int, many: int, runs: int
) -> Iterator[Figure]:
    """Yield the time of an import for one of a bare insert, and the memory of a large one."""
    path = folder / "contacts.csv"
    write(path, timed)
    bare = str(Path(sys.executable).with_name("sqlite-utils"))
    ratios, seconds = [], []
    for _ in range(runs):
        ours = once(_command(folder, acct, path), env)
        theirs = folder / "bare.db"
        theirs.unlink(missing_ok=True)
        other = once([bare, "insert", str(theirs), "contacts", str(path), "--csv"], env)
        ratios.append(ours / other)
        seconds.append(ours)
    ratios.sort()
    yield Figure(
        f"import of {timed:,} contacts for a bare insert",
        ratios[len(ratios) // 2],
        6.0,
        "x",
        seconds[0],
    )
    write(path, many)
    took, megabytes = measured(_command(folder, acct, path), env)
    yield Figure(f"memory of an import of {many:,} rows", megabytes, 400.0, "MB", took)


def _command(folder: Path, acct: str, path: Path) -> list[str]:
    """Return the command that imports the file into a new book."""
    new = folder / "new.db"
    for file in folder.glob("new*"):
        if file.is_file():
            file.unlink()
    return [acct, "--db", str(new), "import", str(path), "--create", "--create-accounts"]


def measured(command: list[str], env: Mapping[str, str]) -> tuple[float, float]:
    """Return the seconds of a command, and the most memory that it held, in megabytes."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, env=dict(env), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}: {said.decode()}")
    return time.perf_counter() - started, used.ru_maxrss / 1024
