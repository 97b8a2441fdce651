"""The places where carriers keep files, each for one test alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from acctcli.carriers.carrier import Carrier
from acctcli.carriers.folder import Folder

Another = Callable[[], Carrier]
"""Opens the same place once more, as another machine of the same person does."""


@pytest.fixture(params=["folder"])
def another(request: pytest.FixtureRequest, tmp_path: Path) -> Another:
    """Return what opens a place that is new for this test."""
    return lambda: Folder(tmp_path / "shared")


@pytest.fixture
def carrier(another: Another) -> Carrier:
    """Return a carrier with an empty book named west."""
    made = another()
    made.create("west")
    return made
