"""A long sequence that need not fit in memory: filled once, then iterated as often as needed.

Up to a thousand items stay as they are; beyond that, all but the last ones go into a nameless
temporary file that nobody else can read (0600). Items are packed with the standard library's
`marshal`, the fastest way for texts, numbers, tuples and dicts of these, and for nothing else.
Nothing here knows what the items mean.
"""

from __future__ import annotations

import marshal
import tempfile
import weakref
from collections.abc import Callable, Iterator
from typing import IO, Any, Generic, TypeVar

from acctcli.errors import StorageError

T = TypeVar("T")

_BATCH = 1000  # items in memory


class Spool(Generic[T]):
    """Items that `pack` turns into plain values, and `unpack` back into items."""

    def __init__(self, pack: Callable[[T], Any], unpack: Callable[[Any], T]) -> None:
        self._pack = pack
        self._unpack = unpack
        self._last: list[T] = []
        self._file: IO[bytes] | None = None
        self._batches: list[tuple[int, int]] = []  # the place and length of each packed item

    def append(self, item: T) -> None:
        """Add one item at the end."""
        if len(self._last) == _BATCH:
            self._put_away()
        self._last.append(item)

    def __len__(self) -> int:
        return len(self._batches) * _BATCH + len(self._last)

    def __iter__(self) -> Iterator[T]:
        for at, length in list(self._batches):
            yield from map(self._unpack, self._batch(at, length))
        yield from list(self._last)

    def _put_away(self) -> None:
        packed = marshal.dumps([self._pack(item) for item in self._last])
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with its spool
                weakref.finalize(self, self._file.close)
            at = self._file.seek(0, 2)
            self._file.write(packed)
            self._file.flush()
        except OSError as error:
            raise StorageError(
                f"{tempfile.gettempdir()} has no room for the rows on their way: "
                f"{error.strerror}. Nothing was changed"
            ) from error
        self._batches.append((at, len(packed)))
        self._last = []

    def _batch(self, at: int, length: int) -> list[Any]:
        assert self._file is not None
        self._file.seek(at)
        batch: list[Any] = marshal.loads(self._file.read(length))
        return batch
