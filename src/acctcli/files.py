"""Writing files that hold the user's data: private, whole or not at all, never over another.

Every file the program writes beside the book goes through here: exports,
rejects, settings, texts that were refused. What is in them is not known here.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from acctcli.errors import Conflict, StorageError


def write_private(path: Path, parts: Iterable[str], *, force: bool = False) -> None:
    """Write text as UTF-8 into a file (0600): a temporary file beside it, synced, then renamed.

    A link stays a link: what it points to is written. Raises `Conflict` if the file is there
    and `force` is not given, and `StorageError` where the disk or the permissions say no; the
    target is then as before.
    """
    try:
        if path.exists() and not path.is_file():
            raise Conflict(f"{path} is not a file. Name one that can be written")
        if path.exists() and not force:
            raise Conflict(f"{path} is there already. To write over it: --force")
        _replace(Path(os.path.realpath(path)), parts)
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror or error}") from error


def _replace(target: Path, parts: Iterable[str]) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:50]}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder last through a power cut, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems cannot: the rename stands all the same
            os.fsync(handle)
    finally:
        os.close(handle)


def free_name(folder: Path, stem: str, suffix: str) -> Path:
    """A path in the folder that is not taken: `stem.suffix`, else `stem-2.suffix` and so on."""
    path = folder / f"{stem}{suffix}"
    count = 1
    while path.exists():
        count += 1
        path = folder / f"{stem}-{count}{suffix}"
    return path


def keep_text(folder: Path, stem: str, suffix: str, text: str) -> Path:
    """Keep a text that could not be used, in a file of its own; returns its path.

    Raises `StorageError` where nothing can be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{folder} cannot be made: {error.strerror or error}") from error
    path = free_name(folder, stem, suffix)
    write_private(path, [text])
    return path
