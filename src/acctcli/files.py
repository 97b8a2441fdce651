"""Files with the user's data: written privately and completely, never over another file.

Every file that the program writes beside the book goes through here: exports, rejects, settings,
refused texts; backups get their names here. A name counts as taken even if it is a link to nothing.
This module does not know what the files contain.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

from acctcli.bookheader import is_book
from acctcli.errors import Conflict, StorageError

T = TypeVar("T")

_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EACCES, errno.EMLINK}
"""The error numbers of file systems without hard links."""


def is_there(path: Path) -> bool:
    """Whether a name is taken, even by a link to nothing."""
    return os.path.lexists(path)


def write_private(path: Path, parts: Iterable[str], *, force: bool = False) -> None:
    """Write text as UTF-8 into a file (0600): a temporary file beside it, synced, then renamed.

    With `force`, a link stays a link, and the file it points to is replaced. Raises `Conflict` if
    the name is taken, unless `force`, and `StorageError` if the disk or the permissions do not
    allow it; the target is then unchanged.
    """
    write_all([(path, parts)], force=force)


def write_all(files: Iterable[tuple[Path, Iterable[str]]], *, force: bool = False) -> None:
    """Write several files like `write_private`: all of them, or none after a failure.

    Each text is on the disk before the next is asked for, and all files get their names when the
    last one is finished.
    """
    finished: list[tuple[Path, Path]] = []
    named: list[Path] = []
    before: dict[Path, Path] = {}
    path = Path()
    try:
        for path, parts in files:
            target = _target(path, force=force)
            finished.append((_temporary(target, parts), target))
        for temporary, path in finished:
            if not force:
                give_name(temporary, path)
            else:
                if len(finished) > 1 and path.is_file():
                    before[path] = _aside(path, temporary)
                temporary.replace(path)
            named.append(path)
    except BaseException as error:
        for new in (*(temporary for temporary, _ in finished), *named):
            new.unlink(missing_ok=True)
        for target, kept in before.items():
            kept.replace(target)
            kept.unlink(missing_ok=True)  # two names of the same file are left alone
        if isinstance(error, FileExistsError):
            raise _taken(path) from error
        if isinstance(error, OSError):
            raise StorageError(f"{path} cannot be written: {error.strerror or error}") from error
        raise
    note_standing()
    for kept in before.values():
        kept.unlink(missing_ok=True)
    for folder in {target.parent for _, target in finished}:
        sync_folder(folder)


def write_made(path: Path, make: Callable[[Path], T], *, force: bool = False) -> T:
    """Let `make` fill an empty private file, which then gets the name, as in `write_private`.

    Returns what `make` returns. For formats whose library writes the file itself.
    """
    try:
        target = _target(path, force=force)
        finished = _temporary(target, ())
        try:
            made = make(finished)
            sync(finished)
            if force:
                finished.replace(target)
            else:
                give_name(finished, target)
        finally:
            finished.unlink(missing_ok=True)
    except FileExistsError as error:
        raise _taken(path) from error
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror or error}") from error
    note_standing()
    sync_folder(target.parent)
    return made


def sync(file: Path) -> None:
    """Flush what was written to a file to the disk."""
    handle = os.open(file, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _aside(target: Path, temporary: Path) -> Path:
    """Give a file that will be replaced a second name, from which it can be restored."""
    kept = temporary.with_name(f"{temporary.name}~")
    try:
        kept.hardlink_to(target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        target.replace(kept)
    return kept


def _target(path: Path, *, force: bool) -> Path:
    """Return the file to write for a name. Raises `Conflict` if it must not be written."""
    if str(path) == "-":
        raise Conflict(
            "- means stdout in other commands, and no file is called that here. Name a file"
        )
    if path.exists() and not path.is_file():
        raise Conflict(f"{path} is not a file. Name one that can be written")
    if is_there(path) and not force:
        raise _taken(path)
    if is_book(path):
        # It may hold years of work, and --force was meant for an old page or export.
        raise Conflict(f"{path} is a book of acct and is never overwritten. Name another file")
    return Path(os.path.realpath(path)) if force else path


def _taken(path: Path) -> Conflict:
    if path.is_symlink() and not path.exists():
        to = path.readlink()
        return Conflict(
            f"{path} is a link to {to}, which is not there. To write that file: --force"
        )
    return Conflict(f"{path} already exists. To overwrite it: --force")


def _temporary(target: Path, parts: Iterable[str]) -> Path:
    """Write a temporary file beside a target and sync it; return its path."""
    import tempfile  # reads do not need it

    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:50]}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def give_name(finished: Path, target: Path) -> None:
    """Rename a finished file, but never over a file (or link) that has the name by now.

    Raises `FileExistsError` then.
    """
    try:
        # A hard link fails if the name is taken, whereas a rename would replace the file.
        target.hardlink_to(finished)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        finished.replace(target)
    else:
        finished.unlink()


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder survive a power cut, where the system can."""
    if os.name != "posix":
        return
    # Some network file systems cannot, and some folders cannot be read: the rename is done anyway.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_new(folder: Path, stem: str, suffix: str, parts: Callable[[], Iterable[str]]) -> Path:
    """Write a new file in a folder: `stem.suffix`, else `stem-2.suffix` and so on; return its path.

    `parts` returns the text, anew for each name that turns out to be taken.
    """
    count = 1
    while True:
        path = folder / (f"{stem}{suffix}" if count == 1 else f"{stem}-{count}{suffix}")
        with suppress(Conflict):
            write_private(path, parts())
            return path
        count += 1


def keep_text(folder: Path, stem: str, suffix: str, text: str) -> Path:
    """Keep a text that could not be used in a file of its own; return its path.

    Raises `StorageError` if nothing can be written.
    """
    make_private_folder(folder)
    return write_new(folder, stem, suffix, lambda: [text])


def make_private_folder(folder: Path) -> None:
    """Create a folder and its missing parents for its owner alone (0700).

    Raises `StorageError` if that fails.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        for one in reversed(missing):
            one.mkdir(mode=0o700, exist_ok=True)  # another process may be faster
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    except OSError as error:
        raise StorageError(f"{folder} cannot be made: {error.strerror or error}") from error


def open_file(path: Path) -> BinaryIO:
    """Open a file to read its bytes. Never waits.

    Raises `OSError` with the reason, also for anything but a file: a folder, a pipe, a device.
    """
    # A pipe without a writer would block us for ever, before and after it is open.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    file = os.fdopen(handle, "rb")
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "it is not a file", str(path))
    return file


def read_whole(path: Path, most: int) -> bytes:
    """Return all bytes of a file of at most `most` bytes.

    Raises `OSError` with the reason, also for anything but a file (a folder, a pipe, a device) and
    for a larger file. Never waits.
    """
    with open_file(path) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, f"it has more than {most:,} bytes", str(path))
    return data


_standing = 0


def standing() -> int:
    """Return how many changes on the disk are complete: an interrupt does not undo them."""
    return _standing


def note_standing() -> None:
    """Count a change that is complete from here on."""
    global _standing
    _standing += 1
