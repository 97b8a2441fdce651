from __future__ import annotations

import json
import zlib

import pytest

from acctcli.errors import StorageError
from acctcli.store.sync import changefile
from acctcli.store.sync.cells import CellChange
from acctcli.store.sync.changefile import RemoteCommand

HEAD = {
    "schema": 9, "name": "laptop", "who": "Ann", "series": "B", "at": "2026-11-22T06:00:00.000Z",
    "seen": {"0000000b": 3},
}  # fmt: skip


def test_a_file_reads_as_it_was_written() -> None:
    change = CellChange(
        "account", "x", 7, "0000000a", {"city": "Åre \udcff"}, {"city": (1, "0000000b")}, 4
    )
    told = {n: RemoteCommand("2026-11-22T06:00:00Z", "Ann", "Edited.") for n in (4, 5)}
    blob = changefile.written([change], head=HEAD, commands=told)
    read = changefile.read(blob, "it")
    assert read.commands == {4: told[4]}
    assert read.changes == [change._replace(replaced={"city": [1, "0000000b"]})]
    assert (read.name, read.series, dict(read.seen), read.covers) == (
        "laptop", "B", {"0000000b": 3}, None,
    )  # fmt: skip


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"not compressed",
        zlib.compress(b"[]"),
        zlib.compress(b'{"format":1}'),
        zlib.compress(b"{" * 100_000),
        zlib.compress(json.dumps({"format": 1, **HEAD, "cmds": {}, "ops": [[1]]}).encode())[:-4],
    ],
)
def test_what_is_no_file_is_refused(blob: bytes) -> None:
    with pytest.raises(StorageError, match=r"it is not a file of changes.*acct sync compact"):
        changefile.read(blob, "it")


def test_a_file_of_a_later_form_says_so() -> None:
    blob = zlib.compress(json.dumps({"format": 2}).encode())
    with pytest.raises(StorageError, match="written by a newer acct"):
        changefile.read(blob, "it")
