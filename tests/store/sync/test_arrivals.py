from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, cast

from acctcli.carriers.carrier import Carrier
from acctcli.store.sync import changefile
from acctcli.store.sync.arrivals import Arrivals, in_parts
from acctcli.store.sync.cells import CellChange

ANN, BEN, CAT = "0000000a", "0000000b", "0000000c"
Files = Mapping[tuple[str, int], bytes]


class Kept:
    """A carrier that gives files in this order."""

    where = "the folder"

    def __init__(self, files: Files) -> None:
        self.files = files

    def fetch(self, book: str, seen: Mapping[str, int]) -> Iterator[tuple[str, int, bytes]]:
        yield from ((device, n, blob) for (device, n), blob in self.files.items())


def blob(seen: Mapping[str, int], changes: int = 1, **more: Any) -> bytes:
    head = {"schema": 9, "name": "x", "who": "x", "series": "A", "at": "", "seen": seen, **more}
    one = CellChange("account", "x", 1, ANN, {"city": "Rome"}, {}, None)
    return changefile.written([one] * changes, head=head)


def taken(files: Files, have: Mapping[str, int]) -> tuple[list[tuple[str, int]], Arrivals]:
    arrivals = Arrivals(["book"], cast(Carrier, Kept(files)))
    found = [(one.device, one.n) for one in arrivals.after({"book": dict(have)})]
    return found, arrivals


def test_a_file_comes_after_those_that_its_writer_had_seen() -> None:
    files = {(ANN, 1): blob({BEN: 1}), (CAT, 1): blob({ANN: 1, BEN: 1}), (BEN, 1): blob({})}
    found, arrivals = taken(files, {})
    assert found == [(BEN, 1), (ANN, 1), (CAT, 1)]
    assert arrivals.waiting == 0


def test_what_rests_on_a_missing_file_waits() -> None:
    files = {(ANN, 1): blob({}), (ANN, 2): blob({ANN: 1, BEN: 3}), (ANN, 3): blob({ANN: 2})}
    found, arrivals = taken(files, {})
    assert found == [(ANN, 1)]
    assert arrivals.waiting == 2


def test_a_snapshot_stands_for_what_it_covers() -> None:
    files = {(ANN, 7): blob({ANN: 6, BEN: 4}, covers={ANN: 6, BEN: 4}), (BEN, 5): blob({BEN: 4})}
    assert taken(files, {})[0] == [(ANN, 7), (BEN, 5)]
    assert taken(files, {BEN: 5})[0] == [(ANN, 7)]


def test_a_file_that_cannot_be_read_stops_its_machine_only() -> None:
    later = zlib.compress(json.dumps({"format": 99}).encode())
    files = {(ANN, 1): later, (ANN, 2): blob({}), (BEN, 1): blob({})}
    found, arrivals = taken(files, {})
    assert found == [(BEN, 1)]
    assert arrivals.unreadable is not None
    assert "newer acct" in arrivals.unreadable.message


def test_files_come_in_parts_of_so_many_changes() -> None:
    files = {(ANN, n): blob({}, changes=2_000) for n in range(1, 6)}
    arrivals = Arrivals(["book"], cast(Carrier, Kept(files)))
    assert [len(part) for part in in_parts(arrivals.after({"book": {}}))] == [3, 2]
