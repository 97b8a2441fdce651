"""The places where carriers keep files, each for one test alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.hub import Server

from acctcli.carriers import seal
from acctcli.carriers.carrier import Carrier
from acctcli.carriers.opened import opened

Another = Callable[[], Carrier]
"""Opens the same place once more, as another machine of the same person does."""


@pytest.fixture(params=["folder", "sealed folder", "hub", "sealed hub"])
def another(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Another]:
    """Yield what opens a place that is new for this test."""
    sealed, _, where = request.param.rpartition(" ")
    key = None
    if sealed:
        key = tmp_path / "west.key"
        seal.new_key(key)
    if where == "folder":
        yield lambda: opened(str(tmp_path / "shared"), key=key)
        return
    server: Server = request.getfixturevalue("hub")
    made: list[Carrier] = []

    def connect() -> Carrier:
        made.append(opened(server.url("ann"), key=key))
        return made[-1]

    yield connect
    for one in made:
        one.close()


@pytest.fixture
def carrier(another: Another) -> Carrier:
    """Return a carrier with an empty book named west."""
    made = another()
    made.create("west")
    return made
