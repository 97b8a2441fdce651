from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from acctcli.errors import StorageError
from acctcli.spool import Spool


def spool(count: int) -> Spool[tuple[int, str]]:
    filled = Spool[tuple[int, str]](tuple, tuple)
    for number in range(count):
        filled.append((number, f"text {number} é"))
    return filled


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 3500])
def test_what_went_in_comes_out_in_order_and_as_often_as_it_is_asked_for(count: int) -> None:
    filled = spool(count)
    wanted = [(number, f"text {number} é") for number in range(count)]
    assert len(filled) == count
    assert list(filled) == wanted
    assert list(zip(filled, filled, strict=True)) == list(zip(wanted, wanted, strict=True))


def test_few_items_make_no_file_and_the_file_of_many_is_private_and_nameless(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    made: list[Any] = []
    make = tempfile.TemporaryFile

    def kept() -> Any:
        made.append(make())
        return made[-1]

    monkeypatch.setattr(tempfile, "TemporaryFile", kept)
    assert len(spool(1000)) == 1000
    assert made == []
    mask = os.umask(0)
    try:
        filled = spool(1001)
    finally:
        os.umask(mask)
    assert len(made) == 1
    if os.name == "posix":
        assert os.fstat(made[0].fileno()).st_mode & 0o777 == 0o600
        assert list(folder.iterdir()) == []
    assert list(filled)[1000] == (1000, "text 1000 é")
    del filled
    assert made[0].closed


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(StorageError, match=r"has no room for the rows on their way.*Nothing was"):
        spool(1001)
