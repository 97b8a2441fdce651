"""Backups: complete, checked copies of the book, in a private folder beside it.

A backup is made before anything that could go wrong on a large scale: an upgrade, an import, a
merge, a restore. A copy gets its final name only when it is complete, checked and on the disk, so
any file with such a name is good. Old backups are thinned out; files with other names are never
touched.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from acctcli import files, paths, text
from acctcli.errors import Ambiguous, Conflict, NotFound, StorageError
from acctcli.files import give_name, is_there, make_private_folder, sync_folder
from acctcli.frozen import Frozen
from acctcli.store import schema
from acctcli.store.connection import (
    Damaged,
    Notice,
    busy,
    check_file,
    check_version,
    connect,
    create_private,
    leave_wal,
    our_errors,
    our_file_errors,
    patiently,
    quote_for_shell,
    silent,
    waiting,
)
from acctcli.values import dates

NEWEST, DAILY, WEEKLY, MONTHLY = 12, 12, 10, 9
"""How many backups are kept: the newest, and the last one of recent days, weeks and months."""

RESTORE = "restore"  # the reason in the name of a copy that a restore made of the book it replaced
_STAMP = "%Y%m%dT%H%M%SZ"
_NAME = r"([0-9]{8}T[0-9]{6}Z)(?:-([0-9]+))?-([a-z]+)\.db"
_PAGES = 2000  # copied at a time: 8 MB, so that Ctrl-C is noticed in between
_FIRST_PAGES = 32  # few enough to stay in memory until we hold the lock
_CHUNK = 2**20
UNFINISHED = ".partial"
DAMAGED = ".damaged"  # a damaged book that a restore replaced: no backup, and never removed
_SURELY_DEAD_SECONDS = 3600


class Backup(Frozen):
    """A backup: its file, when it was made (UTC), and before which kind of command."""

    path: Path
    made_at: datetime
    reason: str
    place: int  # counts backups of the same second


def make(path: Path, reason: str, *, notice: Notice = silent) -> Path:
    """Copy the book into its backup folder, as it was last committed; returns the copy.

    `reason` is one word for the copy's name. May be called inside a
    transaction: the copy does not have its changes. Raises `StorageError` if
    the book is damaged; then nothing is kept and no older copy goes.
    """
    folder = paths.backups(path)
    make_private_folder(folder)
    target = _reserved_name(folder, f"{reason}.db")
    made = _copied(path, _unfinished(target), target, notice)
    _thin(folder, made)
    return made


def export(path: Path, target: Path, *, notice: Notice = silent) -> None:
    """Copy the book to a new private file. Raises `Conflict` if the file exists."""
    try:
        if is_there(target):
            raise FileExistsError
        _copied(path, _fresh(target), target, notice)
    except FileExistsError:
        raise Conflict(f"{target} is there already. Name a new file, or remove it first") from None


def listed(path: Path) -> list[Backup]:
    """The backups of a book, newest first."""
    folder = paths.backups(path)
    if not folder.is_dir():
        return []
    found = [backup for file in folder.iterdir() if (backup := _parsed(file))]
    return sorted(found, key=lambda b: (b.made_at, b.place), reverse=True)


def is_fresh(path: Path) -> bool:
    """Whether the newest backup of a book is less than a day old."""
    known = listed(path)
    age = dates.clock().now - known[0].made_at if known else timedelta.max
    return timedelta() <= age < timedelta(days=1)


def none_yet(path: Path, typed: str = "") -> NotFound:
    """Return the error for a book without backups, where `typed` is no file either."""
    file = f"there is no file {text.quoted(typed)}, and " if typed not in ("", "latest") else ""
    return NotFound(f"{file}there are no backups of {path} yet. To make one: acct db backup")


def find(path: Path, typed: str, *, whole: bool = False) -> Path:
    """Return the backup that `typed` means: a file, `latest`, or a part of a name that is unique.

    `latest` never means a copy that a restore made: a restore that is typed again must not bring
    back what the first one replaced. With `whole`, a name must be complete, or its time stamp.
    Raises `NotFound` or `Ambiguous`, naming the candidates.
    """
    given = paths.typed(typed)
    if given.exists():
        return given
    known = listed(path)
    if not known:
        raise none_yet(path, typed)
    if typed == "latest":
        made = [b.path for b in known if b.reason != RESTORE]
        if made:
            return made[0]
        raise NotFound(
            "the only backups are what a restore kept, which latest never is. "
            "Name the one that is meant: acct db restore"
        )
    exact = [b.path for b in known if typed in (b.path.name, b.path.stem)]
    part = [b.path for b in known if typed in b.path.name]
    matches = exact or [path for path in part if not whole or path.name.startswith(f"{typed}-")]
    if not matches:
        near = [path.name for path in part[:3]]
        hint = text.did_you_mean(near)
        raise NotFound(
            f"no backup {text.quoted(typed)}, nor a file of that name.{hint} All: acct db restore",
            candidates=near,
        )
    if len(matches) > 1:
        names = [match.name for match in matches[:5]]
        raise Ambiguous(
            f"{text.quoted(typed)} matches {len(matches)} backups: {text.sentence_list(names, 5)}. "
            "Write more of the name",
            candidates=names,
        )
    return matches[0]


def restore(source: Path, path: Path, *, notice: Notice = silent) -> Path | None:
    """Replace the book with a backup; return the backup of the replaced book, if there was one.

    All or nothing, and safe beside running commands: a readable book is overwritten inside one
    SQLite transaction, and copied while nobody else can write to it. So every acknowledged change
    is in one of the two. A book with a damaged header is replaced as a file. Raises `StorageError`
    if the source is no sound book of ours or holds triggers or views, or if the file to be replaced
    is no book at all.
    """
    verify(source, thorough=True)
    if path.exists() and path.samefile(source):
        raise Conflict(f"{source} is the book itself")
    if found := _strange(source):
        raise StorageError(
            f"{schema.notice_about(source, found)}: in the place of your book nothing could be "
            f"written to it. Drop them first: acct --db {quote_for_shell(source)} db check --fix"
        )
    if not is_there(path):
        try:
            _copied(source, _fresh(path), path, notice)
        except FileExistsError:
            pass  # another command was faster: what it wrote is kept too
        else:
            return None
    check_file(path, may_be_empty=True)
    try:
        return _overwrite(source, path, notice)
    except Damaged:
        return _replace_damaged(source, path, notice)


def _overwrite(source: Path, path: Path, notice: Notice) -> Path | None:
    """Overwrite a book with the content of `source`; return the copy of the replaced book.

    A rename would not do: a command that waits for the lock would write into the renamed file.
    Raises `Damaged` for a book that SQLite cannot write to.
    """
    folder = paths.backups(path)
    make_private_folder(folder)
    target = _reserved_name(folder, f"{RESTORE}.db")
    unfinished = _unfinished(target)
    kept: list[Path] = []
    # Opened first and closed last: closing any handle of a file drops all locks on it.
    with our_file_errors(path), path.open("rb") as book:

        def keep() -> None:
            if os.fstat(book.fileno()).st_size == 0:
                return
            with unfinished.open("wb") as copy:
                shutil.copyfileobj(book, copy, _CHUNK)
            name = target
            try:
                verify(unfinished)
            except Damaged:
                name = _reserved_name(folder, f"book{DAMAGED}")
                _unfinished(name).unlink()
            with our_file_errors(name):
                files.sync(unfinished)
                give_name(unfinished, name)
                sync_folder(folder)
            kept.append(name)

        try:
            _fill(source, path, notice, locked=keep)
        except StorageError as error:
            # The last page was written before the error, for example when unlocking: the copy
            # stands.
            if not kept or not _same(source, path):
                raise
            raise StorageError(
                f"{source.name} was restored, but the system reports an error for {path}. "
                f"The previous book is in {kept[0]}"
            ) from error
        finally:
            unfinished.unlink(missing_ok=True)
    files.note_standing()
    if not kept:
        return None
    _thin(folder, kept[0])
    return kept[0]


_ALIKE = ((0, 18), (20, 24), (28, 40), (44, 92), (100, None))
"""Ranges of bytes that a book and its copy share: all but counters and the journal mode."""


def _same(one: Path, other: Path) -> bool:
    """Whether two books have the same bytes, apart from the counters in SQLite's header."""
    with one.open("rb") as mine, other.open("rb") as theirs:
        while part := mine.read(_CHUNK):
            twin = theirs.read(len(part))
            if mine.tell() == len(part):
                part, twin = (b"".join(p[a:b] for a, b in _ALIKE) for p in (part, twin))
            if part != twin:
                return False
        return not theirs.read(1)


def verify(path: Path, *, thorough: bool = False) -> None:
    """Check that a file is a sound book of this or an earlier version.

    Raises `NotFound` or `StorageError`; the file is not changed.
    """
    check_file(path, may_be_empty=False)
    with closing(connect(path)) as con:
        check_version(con, path)
        # A copy has everything that the book has, even values that violate a constraint.
        con.execute("PRAGMA ignore_check_constraints = ON")
        pragma = "integrity_check" if thorough else "quick_check"
        found = patiently(con, path, f"PRAGMA {pragma}(1)", silent)
    if found != [("ok",)]:
        raise Damaged(f"{path} is damaged: {found[0][0]}. It was left as it is")


def _strange(path: Path) -> list[schema.Difference]:
    """Return the triggers and views of a book; acct makes neither."""
    with closing(connect(path)) as con, our_errors(path):
        return schema.strange(con)


def to_drop(names: Iterable[str]) -> list[str]:
    """Return which of these files to remove; never the newest one, and only backups."""
    known = [backup for name in names if (backup := _parsed(Path(name)))]
    known.sort(key=lambda b: (b.made_at, b.place), reverse=True)
    keep = {backup.path for backup in known[:NEWEST]}
    for count, period in ((DAILY, _day), (WEEKLY, _week), (MONTHLY, _month)):
        last: dict[object, Path] = {}
        for backup in known:
            last.setdefault(period(backup.made_at), backup.path)
        keep.update(list(last.values())[:count])
    return [backup.path.name for backup in known if backup.path not in keep]


def _day(moment: datetime) -> date:
    return moment.date()


def _week(moment: datetime) -> tuple[int, int]:
    return moment.isocalendar()[:2]


def _month(moment: datetime) -> tuple[int, int]:
    return moment.year, moment.month


def _parsed(file: Path) -> Backup | None:
    match = re.fullmatch(_NAME, file.name)
    if match is None:
        return None
    try:
        made_at = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Backup(file, made_at, match[3], int(match[2] or 1))


def _reserved_name(folder: Path, ending: str) -> Path:
    """Yield a name with the current second that no other process takes while it is used."""
    stamp = dates.clock().now.strftime(_STAMP)
    number = sum(file.name.startswith(stamp) for file in folder.iterdir()) + 1
    while True:
        counted = f"-{number}" if number > 1 else ""
        target = folder / f"{stamp}{counted}-{ending}"
        if _reserve(target):
            return target
        number += 1


def _unfinished(target: Path) -> Path:
    return target.with_name(target.name + UNFINISHED)


def _reserve(target: Path) -> bool:
    """Create the unfinished file for `target`; False if the target exists or is being made."""
    if is_there(target) or not create_private(_unfinished(target)):
        return False
    if is_there(target):  # another process made and renamed it between the two checks
        _unfinished(target).unlink()
        return False
    return True


def _fresh(target: Path) -> Path:
    """Create a private file beside a target, with a name that blocks nobody if we die."""
    import tempfile  # most commands create no file

    make_private_folder(target.parent)
    with our_file_errors(target):
        handle, name = tempfile.mkstemp(
            dir=target.parent, prefix=f".{target.name[:50]}.", suffix=UNFINISHED
        )
        os.close(handle)
    return Path(name)


def _copied(source: Path, unfinished: Path, target: Path, notice: Notice) -> Path:
    """Copy a book into an empty file, which is renamed to `target` when it is complete.

    Raises `FileExistsError` if the name is taken by then, and leaves that file alone.
    """
    try:
        _fill(source, unfinished, notice)
        verify(unfinished)
        if found := _strange(unfinished):
            notice(f"{schema.notice_about(source, found)}; the copy has that too")
        try:
            files.sync(unfinished)
            give_name(unfinished, target)
            sync_folder(target.parent)
        except FileExistsError:
            raise
        except OSError as error:
            raise StorageError(f"{target}: {error.strerror or error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return target


def _fill(
    source: Path, target: Path, notice: Notice, *, locked: Callable[[], None] | None = None
) -> None:
    """Make `target` (a book or an empty file) the same as `source`, in one transaction.

    `locked` is called once, when nobody else can read or write the target any more and nothing in
    it has changed yet; if it raises, the target stays as it is.
    """
    with closing(connect(source, notice=notice)) as origin:
        # The snapshot makes it a copy of one moment, however long copying takes.
        patiently(origin, source, "BEGIN", notice)
        [(count,)] = patiently(origin, source, "PRAGMA page_count", notice)
        if locked is not None and count < 2:
            raise StorageError(f"{source} has no tables: it is not a book")
        with closing(connect(target, notice=notice)) as copy, our_errors(target):
            if locked is not None and not leave_wal(copy, target, notice):
                raise busy(target)  # what was written may still be in other files
            copy.execute("PRAGMA cache_spill = ON")  # a whole book may not fit in memory
            wait = waiting(target, notice)
            held = False

            def between(status: int, remaining: int, total: int) -> None:
                nonlocal held
                if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                    next(wait)
                elif status == sqlite3.SQLITE_OK and locked is not None and not held:
                    held = True  # the first pages stay in memory
                    locked()

            pages = _PAGES if locked is None else min(_FIRST_PAGES, count - 1)
            origin.backup(copy, pages=pages, progress=between, sleep=0.0)


def _replace_damaged(source: Path, path: Path, notice: Notice) -> Path:
    """Move a damaged book and its journal into the backup folder; copy a backup to its place."""
    folder = paths.backups(path)
    make_private_folder(folder)
    aside = _reserved_name(folder, f"book{DAMAGED}")
    real = Path(os.path.realpath(path))  # a link stays a link; the journal is beside its target
    journal = real.with_name(f"{real.name}-journal")
    unfinished = _fresh(real)
    try:
        _fill(source, unfinished, notice)
        with our_file_errors(path):
            files.sync(unfinished)
            shutil.copyfile(real, _unfinished(aside))
            files.sync(_unfinished(aside))
            give_name(_unfinished(aside), aside)
            if journal.exists():
                # It belongs to the damaged file; SQLite would apply it to the new one.
                journal.replace(aside.with_name(f"{aside.name}-journal"))
            unfinished.replace(real)
            sync_folder(real.parent)
    finally:
        for left in (unfinished, _unfinished(aside)):
            left.unlink(missing_ok=True)
    return aside


def _thin(folder: Path, just_made: Path) -> None:
    """Remove backups that are too old, and unfinished files of killed processes."""
    names = [file.name for file in folder.iterdir()]
    dead = [name for name in names if name.endswith(UNFINISHED) and _is_dead(folder / name)]
    for name in (*to_drop(names), *dead):
        # If the clock was set back, the new backup may look old.
        if name != just_made.name:
            (folder / name).unlink(missing_ok=True)


def _is_dead(file: Path) -> bool:
    try:
        return time.time() - file.stat().st_mtime > _SURELY_DEAD_SECONDS
    except FileNotFoundError:
        return False
