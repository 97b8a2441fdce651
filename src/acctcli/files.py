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

    Raises `Conflict` if the file is there and `force` is not given, and
    `StorageError` where the disk or the permissions say no; the target is then as before.
    """
    if path.exists() and not force:
        raise Conflict(f"{path} is there already. To write over it: --force")
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            Path(temporary).unlink()


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder last through a power cut, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
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
    """Keep a text that could not be used, in a file of its own; returns its path."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = free_name(folder, stem, suffix)
    write_private(path, [text])
    return path
