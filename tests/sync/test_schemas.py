"""A book of any released version is shared as one of today."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from tests.conftest import Program
from tests.promises.test_upgrade import FIXTURES
from tests.syncing import Clock, Machine, rest, same, share


@pytest.mark.slow
@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda file: file.name)
def test_a_released_book_is_shared_with_one_of_today(
    run: Program, tmp_path: Path, fixture: Path
) -> None:
    clock = Clock("2026-11-25 06:00:00")
    ann, ben = (Machine(run, tmp_path, name, clock) for name in ("ann", "ben"))
    ann.book.write_bytes(gzip.decompress(fixture.read_bytes()))
    ben("product", "add", "Of Today")
    share((ann, ben), str(tmp_path / "shared"))
    same((ann, ben))
    ben("account", "add", "Of Today")
    ben("account", "edit", "greentech.sg", "--city", "Singapore")
    rest((ann, ben))
    ann("log", "note", "Of Today", "hello")
    same((ann, ben))
    assert ann.value("SELECT city FROM account WHERE website = 'greentech.sg'") == "Singapore"
    # What was done before the book was shared can still be undone, and that travels too.
    ann("undo")
    ann("undo")
    same((ann, ben))
