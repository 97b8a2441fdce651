"""Files sealed with age: the people who run the server or the folder cannot read them.

This is a carrier around a carrier. The inner one sees books, devices, numbers, sizes and times,
never the content of a file. There is one key file for a book, the same on all machines. It may hold
several keys, each on a line: the first one seals, and all of them open what was sealed before. The
program `age` reads these key files and opens what is behind a file's checksum.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from acctcli import extras
from acctcli.carriers import carrier
from acctcli.carriers.carrier import SEALED, Carrier, Device, Taken, Unopened
from acctcli.errors import AcctError, Conflict, Invalid, NotFound, StorageError
from acctcli.files import read_whole, write_private

_MOST_KEY = 2**16
_SECRET = "AGE-SECRET-KEY-1"

_HEAD = """\
# The key of a shared book of acct. Everybody who has it can read the book. Keep a
# copy in a safe place, and bring it to your other machines where nobody sees it.
"""


def new_key(path: Path) -> None:
    """Write a new key into a file of its own (0600).

    Raises `Conflict` if the file exists, and `UsageError` if pyrage is not installed.
    """
    write_private(path, [_HEAD, *_generated()])


def replace_key(path: Path) -> None:
    """Write a new key into the first line of a key file; those before stay, to open older files.

    The file is replaced completely or not at all. Raises `NotFound` or `Invalid` if it is not there
    or no key file.
    """
    fresh = _generated()
    before = _text(path)
    _keys_in(path, before)
    write_private(
        path,
        [_HEAD, *fresh, "# Keys before, which open what was sealed with them:\n"]
        + [f"{line}\n" for line in before.splitlines() if line.strip().startswith(_SECRET)],
        force=True,
    )


def _generated() -> list[str]:
    """Return a new key as the lines of a file."""
    identity = _pyrage().x25519.Identity.generate()
    return [f"# public key: {identity.to_public()}\n", f"{identity}\n"]


class Sealed:
    """A carrier whose files are sealed with the key in a file: see `Carrier`.

    Raises `UsageError` if pyrage is not installed; the key file is read when it is first needed.
    """

    def __init__(self, inner: Carrier, key: Path) -> None:
        self._age = _pyrage()
        self._inner = inner
        self._key = key
        self.sealed = inner.sealed = True
        self.older: Set[str] = frozenset()
        self.left: Mapping[tuple[str, str], AcctError] = {}

    @property
    def where(self) -> str:
        """The place of the carrier inside."""
        return self._inner.where

    def put(self, book: str, device: str, n: int, blob: bytes, *, whole: bool = False) -> None:
        """Seal a file and keep it: see `Carrier.put`."""
        carrier.checked_file(book, device, n, blob)
        named = _name(book, device, n) + blob
        sealed = self._age.encrypt(named, [self._keys[0].to_public()])
        try:
            self._inner.put(book, device, n, sealed, whole=whole)
        except Taken:
            # The same bytes are never sealed twice alike, so what is there is opened.
            kept = self.read(book, device, n)
            if kept != blob:
                raise

    def fetch(self, book: str, seen: Mapping[str, int]) -> Iterator[tuple[str, int, bytes]]:
        """Yield files, opened: see `Carrier.fetch`.

        Of a machine whose next file cannot be opened none comes, and `left` has the reason.
        """
        if not self._keys:
            return
        self.left = {place: why for place, why in self.left.items() if place[0] != book}
        for device, n, sealed in self._inner.fetch(book, seen):
            if (book, device) in self.left:
                continue
            try:
                opened = self._opened(book, device, n, sealed)
            except (Invalid, Conflict) as error:
                self.left = {**self.left, (book, device): error}
                continue
            yield device, n, opened

    def read(self, book: str, device: str, n: int) -> bytes | None:
        """Return one file, opened: see `Carrier.read`."""
        sealed = self._inner.read(book, device, n)
        return None if sealed is None else self._opened(book, device, n, sealed)

    def drop(self, book: str, covers: Mapping[str, int]) -> None:
        """Delete what later files cover: see `Carrier.drop`."""
        self._inner.drop(book, covers)

    def register(self, book: str, device: str, name: str, wanted: str = "") -> str:
        """Let a device take part: see `Carrier.register`. Its name and series are not sealed."""
        return self._inner.register(book, device, name, wanted)

    def devices(self, book: str) -> list[Device]:
        """Return the devices of a book: see `Carrier.devices`."""
        return self._inner.devices(book)

    def books(self) -> dict[str, str]:
        """Return the role in each book: see `Carrier.books`."""
        return self._inner.books()

    def create(self, book: str) -> None:
        """Start a sealed book: see `Carrier.create`. Nothing is started without a key."""
        if self._keys:
            self._inner.create(book)

    def members(self, book: str) -> dict[str, str]:
        """Return the role of each member: see `Carrier.members`."""
        return self._inner.members(book)

    def add_member(self, book: str, rep: str, role: str) -> None:
        """Let `rep` into a book: see `Carrier.add_member`. They need the key file, too."""
        self._inner.add_member(book, rep, role)

    def remove_member(self, book: str, rep: str) -> None:
        """Take `rep` out of a book: see `Carrier.remove_member`."""
        self._inner.remove_member(book, rep)

    def now(self) -> datetime | None:
        """Return the time of the carrier inside."""
        return self._inner.now()

    def close(self) -> None:
        """Close the carrier inside."""
        self._inner.close()

    @cached_property
    def _keys(self) -> list[Any]:
        """The keys of the file, of which the first one seals."""
        return _keys_in(self._key, _text(self._key))

    def _opened(self, book: str, device: str, n: int, sealed: bytes) -> bytes:
        """Return what a sealed file holds. Raises `Invalid` if it is not what it should be."""
        which = f"file {n} of machine {device} in {self.where}"
        if not sealed.startswith(SEALED):
            raise Invalid(f"{which} is not sealed: that machine syncs without the key")
        named = self._decrypted(sealed, self._keys[:1])
        if named is None:
            named = self._decrypted(sealed, self._keys[1:])
            self.older |= {device}
        if named is None:
            raise Unopened(
                f"the key in {self._key} does not open {which}. The book may have a new key: copy "
                "the key file from another machine of the book"
            )
        name = _name(book, device, n)
        if not named.startswith(name):
            raise Conflict(f"{which} was sealed under another name: somebody moved files there")
        return named[len(name) :]

    def _decrypted(self, sealed: bytes, keys: Sequence[Any]) -> bytes | None:
        try:
            opened: bytes = self._age.decrypt(sealed, keys)
        except self._age.DecryptError:
            return None
        return opened


def _name(book: str, device: str, n: int) -> bytes:
    """Return what a sealed file begins with inside, so that no file can pass for another one."""
    return f"{book}/{device}/{n}\n".encode()


def _text(path: Path) -> str:
    """Return what is in a key file."""
    try:
        return read_whole(path, _MOST_KEY).decode("ascii", "replace")
    except FileNotFoundError:
        raise NotFound(
            f"the key file {path} is not there. Copy it from another machine that has it"
        ) from None
    except OSError as error:
        raise StorageError(
            f"the key file {path} cannot be read: {error.strerror or error}"
        ) from error


def _keys_in(path: Path, text: str) -> list[Any]:
    """Return the keys in the text of a key file. Raises `Invalid` if it has none."""
    age = _pyrage()
    lines = [line.strip() for line in text.splitlines()]
    try:
        keys = [
            age.x25519.Identity.from_str(line)
            for line in lines
            if line and not line.startswith("#")
        ]
    except age.IdentityError:
        keys = []
    if not keys:
        raise Invalid(f"{path} is not a key file: it has no line that begins with {_SECRET}")
    return keys


def _pyrage() -> Any:
    try:
        import pyrage
    except ImportError:
        raise extras.missing("sealed books need", "seal") from None
    return pyrage
