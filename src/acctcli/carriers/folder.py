"""A folder that another program already keeps the same on all machines of one person.

A file is `ROOT/BOOK/DEVICE/00000007.acct`: the SHA-256 of what follows, and that. Beside the files
lie `device.json` (the machine's name and series) and, after old files were dropped,
`00000040.gone`: everything up to number 40 is in later files. So a file that is only late is waited
for, and never mistaken for a dropped one. `BOOK/book.json` says that the folder is a book.

Syncing programs make "conflicted copies" of what two machines write. Here a device writes into its
own folder only; `book.json` and `*.gone` have the same bytes from every device.
"""

from __future__ import annotations

import errno
import hashlib
import heapq
import json
import os
import re
import time
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from acctcli.carriers import carrier
from acctcli.carriers.carrier import OWN, Device, Refused, Unreachable
from acctcli.errors import AcctError, Conflict, Invalid
from acctcli.files import give_name, is_there, read_whole, sync_folder

_FILE = re.compile(r"([0-9]{8})\.(acct|gone)")
_CHECKSUM = hashlib.sha256().digest_size
_MOST_JSON = 2**16
_PATIENCE = 10
"""Seconds to wait for another process that takes a series."""

_NOT_THERE_YET = {errno.ENOENT, errno.EFBIG, errno.EINVAL, errno.EISDIR, errno.ELOOP}
"""Errors of reading a file that was dropped meanwhile, or that no machine of ours wrote."""

_NOTE = "acct sync keeps a shared book here. Leave the files as they are."


class Folder:
    """A folder as a `Carrier`. Nothing in it is trusted: names, sizes and links are checked."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.sealed = False
        self.older: Set[str] = frozenset()
        self.left: Mapping[tuple[str, str], AcctError] = {}

    @property
    def where(self) -> str:
        """The path of the folder."""
        return str(self.root)

    def put(self, book: str, device: str, n: int, blob: bytes, *, whole: bool = False) -> None:
        """Keep a file: see `Carrier.put`."""
        carrier.checked_file(book, device, n, blob)
        with self._trouble("written"):
            own = self._own(book, device)
            numbers, floor = _listing(own)
            target = own / f"{n:08d}.acct"
            if n in numbers and (kept := self._opened(target)) is not None:
                if kept != blob:
                    raise carrier.taken(self.where, device, n)
                return
            last = max(floor, *numbers) if numbers else floor
            if n <= floor:
                raise carrier.taken(self.where, device, n)
            if last and n > last + 1 and not whole:
                raise carrier.gap(self.where, last + 1, n - 1)
            try:
                # What is there and incomplete is what a power cut left of this very file.
                self._write(target, hashlib.sha256(blob).digest() + blob, over=n in numbers)
            except FileExistsError:  # by now
                if self._opened(target) != blob:
                    raise carrier.taken(self.where, device, n) from None

    def fetch(self, book: str, seen: Mapping[str, int]) -> Iterator[tuple[str, int, bytes]]:
        """Yield the files after `seen`, oldest first: see `Carrier.fetch`."""
        heads: list[tuple[int, str, int]] = []

        def wait_in_line(device: str, n: int) -> None:
            with suppress(FileNotFoundError):
                made = (home / device / f"{n:08d}.acct").stat(follow_symlinks=False).st_mtime_ns
                heapq.heappush(heads, (made, device, n))

        with self._trouble("read"):
            home = self._home(book)
            for device in _devices_in(home):
                numbers, floor = _listing(home / device)
                n = max(seen.get(device, 0), floor) + 1
                if n in numbers:
                    wait_in_line(device, n)
        while heads:
            with self._trouble("read"):
                _, device, n = heapq.heappop(heads)
                blob = self._opened(home / device / f"{n:08d}.acct")
                if blob is None:
                    continue
                wait_in_line(device, n + 1)
            yield device, n, blob

    def read(self, book: str, device: str, n: int) -> bytes | None:
        """Return one file: see `Carrier.read`."""
        carrier.checked_file(book, device, n, b"")
        with self._trouble("read"):
            home = self._home(book)
            if device not in _devices_in(home):
                return None
            return self._opened(home / device / f"{n:08d}.acct")

    def drop(self, book: str, covers: Mapping[str, int]) -> None:
        """Delete what later files cover: see `Carrier.drop`."""
        for device, n in covers.items():
            carrier.checked_file(book, device, max(n, 1), b"")
        with self._trouble("written"):
            home = self._home(book)
            if not any(
                n > covers.get(device, 0)
                for device in _devices_in(home)
                for n in _listing(home / device)[0]
            ):
                raise carrier.nothing_left(self.where, book)
            for device, n in covers.items():
                if n < 1:
                    continue
                folder = self._own(book, device)
                numbers, floor = _listing(folder)
                if n > floor:
                    # Before anything goes: a machine that sees half of this waits for nothing.
                    self._write(folder / f"{n:08d}.gone", b"", over=True)
                for one in sorted(numbers):
                    if one <= max(n, floor):
                        (folder / f"{one:08d}.acct").unlink(missing_ok=True)
                if 0 < floor < n:
                    (folder / f"{floor:08d}.gone").unlink(missing_ok=True)

    def register(self, book: str, device: str, name: str, wanted: str = "") -> str:
        """Let a device take part; return its series: see `Carrier.register`."""
        carrier.checked_device(device)
        with self._trouble("written"), self._alone():
            own = self._own(book, device)
            others: dict[str, str] = {}
            mine = [_series_of(own)]
            for home in self._homes():
                for one in _devices_in(home):
                    series = _series_of(home / one)
                    if one == device:
                        mine.append(series)
                    elif series:
                        others[series] = min(one, others.get(series, one))
            had = next(filter(None, mine), "")
            if had and not (had in others and others[had] < device):
                series = had
            elif carrier.is_series(wanted) and wanted not in others:
                series = wanted
            else:
                series = next(one for one in map(carrier.series, count()) if one not in others)
            about = {"name": carrier.machine_name(name), "series": series}
            if _about(own) != about:
                self._write(own / "device.json", _json(about), over=True)
            return series

    def devices(self, book: str) -> list[Device]:
        """Return the devices of a book: see `Carrier.devices`."""
        with self._trouble("read"):
            home = self._home(book)
            found = [_device(home / device) for device in _devices_in(home)]
        return sorted(found, key=carrier.by_series)

    def books(self) -> dict[str, str]:
        """Return the books in the folder, with the role `own`: its users may do anything."""
        with self._trouble("read"):
            self._there()
            return {home.name: OWN for home in self._homes()}

    def create(self, book: str) -> None:
        """Start a book: see `Carrier.create`. The folder itself may be new, too."""
        carrier.checked_book(book)
        with self._trouble("written"):
            if not self.root.exists() and self.root.parent.is_dir():
                self.root.mkdir(mode=0o700, exist_ok=True)
            self._there()
            home = self._real(self.root / book)
            if home.is_dir() and _is_home(home):
                if _devices_in(home):
                    raise carrier.exists(self.where, book)
                self._home(book)
                return
            if is_there(home) and any(home.iterdir()):
                raise Conflict(f"{home} holds other files. Give the book another name: --book NAME")
            home.mkdir(mode=0o700, exist_ok=True)
            about = {"format": 1, "note": _NOTE, "sealed": self.sealed}
            self._write(home / "book.json", _json(about), over=True)
            sync_folder(self.root)

    def members(self, book: str) -> dict[str, str]:
        """Raise `Invalid`: a folder has no members."""
        raise self._no_members(book)

    def add_member(self, book: str, rep: str, role: str) -> None:
        """Raise `Invalid`: a folder has no members."""
        raise self._no_members(book)

    def remove_member(self, book: str, rep: str) -> None:
        """Raise `Invalid`: a folder has no members."""
        raise self._no_members(book)

    def now(self) -> datetime | None:
        """Return the time that a new file gets: the server's own, if the folder is on one."""
        import tempfile

        try:
            with tempfile.TemporaryFile(dir=self.root, prefix=".acct-") as file:
                file.write(b"\0")
                file.flush()
                return datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
        except (OSError, OverflowError, ValueError):
            return None

    def close(self) -> None:
        """Do nothing: no file is open between two calls."""

    def _there(self) -> None:
        """Raise `Unreachable` if the folder itself is gone, for example on an unplugged disk."""
        if self.root.is_file():
            raise Invalid(f"{self.where} is a file. Name a folder")
        if not self.root.is_dir():
            raise Unreachable(
                f"{self.where} is not there. Connect its disk, or start the program that syncs it"
            )

    def _home(self, book: str) -> Path:
        """Return the folder of a book. Raises `NotFound` if there is none."""
        carrier.checked_book(book)
        self._there()
        home = self._real(self.root / book)
        if not home.is_dir() or not _is_home(home):
            raise carrier.not_there(
                self.where, book, candidates=[one.name for one in self._homes()]
            )
        sealed = _json_of(home / "book.json").get("sealed")
        if isinstance(sealed, bool) and sealed != self.sealed:
            raise carrier.unlike(self.where, book, kept_sealed=sealed)
        return home

    def _homes(self) -> list[Path]:
        with os.scandir(self.root) as entries:
            found = [
                Path(one.path)
                for one in entries
                if carrier.is_book(one.name) and one.is_dir(follow_symlinks=False)
            ]
        return sorted(home for home in found if _is_home(home))

    def _own(self, book: str, device: str) -> Path:
        """Return the folder of a device, and make it if it is missing."""
        home = self._home(book)
        own = self._real(home / carrier.checked_device(device))
        if not own.is_dir():
            own.mkdir(mode=0o700, exist_ok=True)
            sync_folder(home)
        return own

    def _real(self, folder: Path) -> Path:
        """Return a folder as it is. Raises `Refused` for a link, which may lead anywhere."""
        if folder.is_symlink():
            raise Refused(
                f"{folder} is a link, and acct writes nothing through it. Put a folder there"
            )
        return folder

    def _write(self, target: Path, data: bytes, *, over: bool) -> None:
        """Give a file its name once all of it is on the disk. Modes are private (0600).

        Raises `FileExistsError` without `over` if another file has the name.
        """
        import tempfile

        for left in target.parent.glob(f".acct-{target.name}.*"):
            left.unlink(missing_ok=True)  # a process that was killed
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".acct-{target.name}.")
        finished = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if over:
                finished.replace(target)
            else:
                give_name(finished, target)
        finally:
            finished.unlink(missing_ok=True)
        sync_folder(target.parent)

    def _opened(self, file: Path) -> bytes | None:
        """Return the content of a file; None if it is missing or incomplete."""
        try:
            if file.is_symlink():
                return None
            data = read_whole(file, carrier.MOST_BYTES + _CHECKSUM)
        except OSError as error:
            if error.errno in _NOT_THERE_YET:
                return None
            raise
        blob = data[_CHECKSUM:]
        if hashlib.sha256(blob).digest() != data[:_CHECKSUM]:
            return None
        return blob

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes of this computer out, where the system can."""
        try:
            import fcntl
        except ImportError:  # pragma: no cover - Windows
            yield
            return
        self._there()
        handle = os.open(self.root, os.O_RDONLY)
        try:
            until = time.monotonic() + _PATIENCE
            while time.monotonic() < until:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    time.sleep(0.02)
                except OSError:  # no locks on this file system
                    break
                else:
                    break
            yield
        finally:
            os.close(handle)

    @contextmanager
    def _trouble(self, done: str) -> Iterator[None]:
        """Turn errors of the system into `Unreachable`."""
        try:
            yield
        except OSError as error:
            raise Unreachable(
                f"{self.where} cannot be {done}: {error.strerror or error}"
            ) from error

    def _no_members(self, book: str) -> Invalid:
        carrier.checked_book(book)
        return Invalid(
            f"{self.where} is a folder, so everybody who can read it is a member. Share the folder "
            "itself with them, or keep the book in PostgreSQL"
        )


def _devices_in(home: Path) -> list[str]:
    """Return the ids of the devices that have a folder in a book."""
    with os.scandir(home) as entries:
        return sorted(
            one.name
            for one in entries
            if carrier.is_device(one.name) and one.is_dir(follow_symlinks=False)
        )


def _listing(folder: Path) -> tuple[set[int], int]:
    """Return the numbers of a device's files, and up to which number they were dropped."""
    numbers, floor = set(), 0
    with os.scandir(folder) as entries:
        for one in entries:
            match = _FILE.fullmatch(one.name)
            if not match or not one.is_file(follow_symlinks=False):
                continue
            if match[2] == "acct":
                numbers.add(int(match[1]))
            else:
                floor = max(floor, int(match[1]))
    return numbers, floor


def _is_home(folder: Path) -> bool:
    """Whether a folder holds a book; its `book.json` may arrive late."""
    if (folder / "book.json").is_file():
        return True
    return any(
        (folder / one / "device.json").is_file() or any(_listing(folder / one))
        for one in _devices_in(folder)
    )


def _device(folder: Path) -> Device:
    about = _about(folder)
    numbers, floor = _listing(folder)
    last, at = max(floor, *numbers) if numbers else floor, ""
    if last in numbers:
        with suppress(OSError, OverflowError, ValueError):
            made = (folder / f"{last:08d}.acct").stat(follow_symlinks=False).st_mtime
            at = datetime.fromtimestamp(made, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    name = carrier.machine_name(about.get("name"))
    return Device(id=folder.name, name=name, series=_series_of(folder), last=last, at=at)


def _series_of(folder: Path) -> str:
    """Return the series that a device has taken; an empty text if none."""
    series = _about(folder).get("series")
    return series if carrier.is_series(series) else ""


def _about(folder: Path) -> dict[str, Any]:
    return _json_of(folder / "device.json")


def _json_of(file: Path) -> dict[str, Any]:
    """Return the object in a small file; an empty one if there is none, or no such file yet."""
    if file.is_symlink():
        return {}
    try:
        value = json.loads(read_whole(file, _MOST_JSON))
    except (OSError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _json(value: dict[str, Any]) -> bytes:
    return f"{json.dumps(value, ensure_ascii=False)}\n".encode()
