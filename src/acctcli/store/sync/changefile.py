"""The bytes of a file of changes: JSON, compressed. Its number and machine are in its name only.

A file never changes once it is written. `seen` says which files its writer had taken in, so that
everybody takes it in after those.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from acctcli.carriers.carrier import is_series, machine_name
from acctcli.errors import StorageError
from acctcli.frozen import Frozen
from acctcli.store.sync import allowed
from acctcli.store.sync.cells import CellChange

FORMAT = 1
"""The version of the form of a file; that of its tables is `schema`."""

MOST = 5_000
"""Changes in one file: as many as are in memory at once."""

_LARGEST = 256 * 1024 * 1024  # bytes of a file when it is open: nobody writes one of that size


class RemoteCommand(Frozen):
    """A command of another machine: when it ran (ISO, UTC), who ran it, and its sentence."""

    at: str
    who: str
    says: str


class ChangeFile(Frozen):
    """A file of changes, read."""

    schema: int
    name: str  # of the machine
    who: str
    series: str
    at: str  # when it was written
    seen: Mapping[str, int]
    covers: Mapping[str, int] | None  # the files that this one stands for, if it is a snapshot
    commands: Mapping[int, RemoteCommand]
    changes: Sequence[CellChange]

    def is_ready(self, device: str, n: int, here: Mapping[str, int]) -> bool:
        """Whether everything that this file, number `n` of `device`, rests on is here.

        `here` has the last number by device. A snapshot rests on nothing that it covers.
        """
        covers = self.covers or {}
        if not covers and n != here.get(device, 0) + 1:
            return False
        return all(
            here.get(one, 0) >= last
            for one, last in self.seen.items()
            if one != device and one not in covers
        )


def written(
    changes: Sequence[CellChange],
    *,
    head: Mapping[str, Any],
    commands: Mapping[int, RemoteCommand] | None = None,
) -> bytes:
    """Return the bytes of a file; `head` has all but its changes and commands."""
    used = {change.command for change in changes}
    told = {str(n): list(one) for n, one in (commands or {}).items() if n in used}
    data = {"format": FORMAT, **head, "cmds": told, "ops": changes}
    # Escapes keep stray bytes of a damaged text, which no encoding could write.
    return zlib.compress(json.dumps(data, separators=(",", ":")).encode(), 6)


def read(blob: bytes, where: str) -> ChangeFile:
    """Read a file; `where` names it in errors.

    Raises `StorageError` for one that is not ours, or that a later version wrote.
    """
    try:
        inflate = zlib.decompressobj()
        opened = inflate.decompress(blob, _LARGEST)
        if inflate.unconsumed_tail or not inflate.eof:
            raise ValueError
        data = allowed.mapping(json.loads(opened, parse_constant=_refuse))
        if data["format"] != FORMAT:
            raise StorageError(f"{where} was written by a newer acct. Upgrade acct on this machine")
        return ChangeFile(
            int(data["schema"]),
            machine_name(data["name"]),
            allowed.words(data["who"]),
            data["series"] if is_series(data["series"]) else "",
            allowed.moment(data["at"]),
            allowed.numbers(data["seen"]),
            allowed.numbers(data["covers"]) if "covers" in data else None,
            {int(n): _command(*one) for n, one in allowed.mapping(data["cmds"]).items()},
            [allowed.change(one) for one in data["ops"]],
        )
    except (ValueError, KeyError, TypeError, OverflowError, zlib.error, RecursionError):
        raise StorageError(
            f"{where} is not a file of changes. Ask the machine that wrote it to run: "
            "acct sync compact"
        ) from None


def _command(at: Any, who: Any, says: Any) -> RemoteCommand:
    return RemoteCommand(allowed.moment(at), allowed.words(who), allowed.words(says))


def _refuse(constant: str) -> None:
    raise ValueError(constant)  # NaN and Infinity are no values
