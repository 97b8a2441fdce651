"""Who this machine is in a shared book: `BOOK.sync.toml`, a private file beside the book.

It is never in the book itself: a copied or restored book must not bring the identity of another
machine along. So the file says for which computer and which path it was made. If either differs,
this is another machine, and `mine` gives it an id of its own.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from acctcli import ids
from acctcli.errors import Conflict, Invalid, StorageError
from acctcli.files import read_whole, sync_folder, write_private
from acctcli.frozen import Frozen
from acctcli.text import sentence_list

MOST_BYTES = 2**20
"""The file of a machine is smaller than 1 MiB; a larger one is something else."""

_HEAD = """\
# How this machine takes part in a shared book. acct sync writes this file; do not copy it to
# another machine: acct sync join makes one there.
"""


class Machine(Frozen):
    """A machine that takes part: its id (8 hex digits) and name, where it syncs, and which books.

    New records that belong to no account's book go to `home`; products and settings to `common`.
    `key` is the path of the key file, or empty. `made_for` is its computer and path.
    """

    device: str
    name: str
    carrier: str
    books: tuple[str, ...]
    home: str
    common: str
    key: str = ""
    made_for: str = ""


def file_of(path: Path) -> Path:
    """Return the file that says who this machine is in the book at `path`."""
    return path.with_name(f"{path.name}.sync.toml")


def lock_of(path: Path) -> Path:
    """Return the file that a sync of the book at `path` locks; its time is that of the last one."""
    return path.with_name(f"{path.name}.sync.lock")


def last_synced(path: Path) -> datetime | None:
    """Return when this machine synced the book at `path` last; None if it never did."""
    try:
        seconds = lock_of(path).stat().st_mtime
    except OSError:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def is_shared(path: Path) -> bool:
    """Whether the book at `path` is shared on this machine."""
    return file_of(path).exists()


def read(path: Path) -> Machine | None:
    """Return the machine of the book at `path`; None if the book is not shared here.

    Raises `Invalid` if the file says something that cannot be, and `StorageError` if it cannot be
    read.
    """
    import tomllib

    file = file_of(path)
    try:
        data = tomllib.loads(read_whole(file, MOST_BYTES).decode())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(f"{file} cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise _invalid(file, str(error)) from error
    return _checked(file, data)


def _checked(file: Path, data: dict[str, Any]) -> Machine:
    values: dict[str, Any] = {}
    for name in Machine.__match_args__:
        value = data.get(name, getattr(Machine, name, None))
        if name == "books" and isinstance(value, list):
            value = tuple(value)
        wanted = tuple if name == "books" else str
        if not isinstance(value, wanted) or not all(isinstance(one, str) for one in value):
            raise _invalid(file, f"{name} is missing or no text")
        values[name] = value
    found = Machine(**values)
    if not re.fullmatch(r"[0-9a-f]{8}", found.device):
        raise _invalid(file, f'device is "{found.device}", and not 8 hex digits')
    for name in ("home", "common"):
        if values[name] not in found.books:
            raise _invalid(file, f'{name} is "{values[name]}", which is not among its books')
    return found


def _invalid(file: Path, why: str) -> Invalid:
    return Invalid(f"{file}: {why}. Correct it, or delete it and run acct sync join again")


def write(path: Path, machine: Machine) -> None:
    """Write who this machine is (0600), completely or not at all."""
    import tomlkit

    values = machine.as_dict() | {"books": list(machine.books)}
    write_private(file_of(path), [_HEAD, tomlkit.dumps(values)], force=True)


def forget(path: Path) -> None:
    """Remove the file: the book at `path` is no longer shared on this machine."""
    file = file_of(path)
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"{file} cannot be removed: {error.strerror or error}") from error
    sync_folder(file.parent)


def refuse_writing(path: Path, reads: Collection[str], notice: Callable[[str], None]) -> None:
    """Raise `Conflict` if this machine may only read (`reads`) all of its shared books.

    If it may write some of them, `notice` says which it may not.
    """
    this = read(path)
    only = [book for book in this.books if book in reads] if this else []
    listed = sentence_list(only, len(only))
    if this and len(only) == len(this.books):
        raise Conflict(
            f"you may only read the shared book {listed}: others would never get what you change "
            "here. Nothing was changed. Ask its owner to let you write, or stop sharing it here: "
            "acct sync leave"
        )
    if only:
        notice(f"you may only read the shared book {listed}: what you change there stays here")


def new_device() -> str:
    """Return an id for a machine that joins."""
    return ids.random_bytes(4).hex()


def here(path: Path) -> str:
    """Return the computer and the path for which the file of the book at `path` is made."""
    return f"{host()} {Path(os.path.realpath(path))}"


def host() -> str:
    """Return the name of this computer without its domain, which changes with the network."""
    import platform

    return platform.node().partition(".")[0] or "machine"


def mine(path: Path, machine: Machine) -> Machine:
    """Return `machine` itself, or with a new id if it was made for another computer or path.

    The caller says so, registers the new one and writes it.
    """
    made_for = here(path)
    if machine.made_for == made_for:
        return machine
    name = machine.name
    if machine.made_for.partition(" ")[0] != host():
        name = host()
    return machine.replace(device=new_device(), name=name, made_for=made_for)
