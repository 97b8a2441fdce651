"""Whatever three machines do, in whatever order they sync: in the end all have the same book."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Program
from tests.sync.fuzzing import fuzz, seeds

QUICK = 3
"""The first seeds are quick tests, which run once more on another Python."""


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(seed, marks=pytest.mark.slow if place >= QUICK else ())
        for place, seed in enumerate(seeds(15, 100))
    ],
)
def test_all_machines_end_with_the_same_book(run: Program, tmp_path: Path, seed: int) -> None:
    done = fuzz(run, tmp_path, seed)
    # Most commands must succeed: machines that only refuse prove nothing.
    assert done.succeeded > done.typed / 2
