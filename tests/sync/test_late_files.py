"""A file that has not come whole: it keeps what follows it waiting, and every sync says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Program
from tests.syncing import Machine, shared


@pytest.fixture
def pair(run: Program, tmp_path: Path) -> list[Machine]:
    """Ann has sent three files, of which Bob has the first."""
    ann, bob = shared(run, tmp_path, "ann", "bob")
    for name in ("Acme", "Globex"):
        ann("account", "add", name)
        ann.sync()
    return [ann, bob]


@pytest.mark.parametrize("kept", [0, 50])
def test_an_incomplete_file_is_said_until_it_is_whole(
    pair: list[Machine], tmp_path: Path, kept: int
) -> None:
    _, bob = pair
    *_, half, _ = sorted((tmp_path / "shared").glob("*/*/*.acct"))
    whole = half.read_bytes()
    half.write_bytes(whole[:kept])
    said = bob("sync", "now")
    assert "2 files wait for others that have not come yet" in said.out + said.err
    assert bob.sync()["waiting"] == 2
    assert not bob.sync()["quiet"]
    assert bob.names() == []
    half.write_bytes(whole)
    assert bob.sync()["waiting"] == 0
    assert bob.names() == ["Acme", "Globex"]


def test_a_missing_file_is_said_until_the_book_is_written_anew(
    pair: list[Machine], tmp_path: Path
) -> None:
    ann, bob = pair
    *_, lost, _ = sorted((tmp_path / "shared").glob("*/*/*.acct"))
    lost.unlink()
    assert bob.sync()["waiting"] == 2
    ann("sync", "compact")
    assert bob.sync()["waiting"] == 0
    assert bob.names() == ["Acme", "Globex"]
