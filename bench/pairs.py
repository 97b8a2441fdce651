"""Timing whole processes against each other: A B A B …, so that noise affects both alike.

The median of the ratios is quoted; seconds are shown beside it for orientation only.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

most_runs = 15
"""The most pairs that any measurement runs."""


class Figure(NamedTuple):
    """One measured figure beside its limit; `seconds` for orientation."""

    what: str
    value: float
    limit: float
    unit: str
    seconds: float


class Ratio(NamedTuple):
    """Medians over all pairs: seconds of either command, and seconds of A for one of B."""

    seconds: float
    other_seconds: float
    ratio: float


def once(command: Sequence[str], env: Mapping[str, str]) -> float:
    """Return the wall seconds of one run; its output goes through a pipe and is discarded."""
    started = time.perf_counter()
    done = subprocess.run(command, env=dict(env), capture_output=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        raise SystemExit(
            f"{' '.join(command)} ended with {done.returncode}: {done.stderr.decode()}"
        )
    return seconds


def pair(
    command: Sequence[str],
    other: Sequence[str],
    *,
    env: Mapping[str, str],
    other_env: Mapping[str, str] | None = None,
    runs: int = 15,
) -> Ratio:
    """Run both in turn, `runs` times after one warm-up each."""
    other_env = env if other_env is None else other_env
    once(command, env)
    once(other, other_env)
    pairs = [(once(command, env), once(other, other_env)) for _ in range(min(runs, most_runs))]
    return Ratio(
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(a / b for a, b in pairs),
    )


def environment(book: str) -> dict[str, str]:
    """The environment of a run: this book, no settings, bytecode cached as for every user."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("ACCTCLI_")}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return env | {"ACCTCLI_DB": book, "ACCTCLI_CONFIG": f"{book}.toml", "COLUMNS": "80"}
