from __future__ import annotations

import errno
import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from acctcli.bookheader import APPLICATION_ID
from acctcli.errors import Conflict, StorageError
from acctcli.files import (
    give_name,
    keep_text,
    make_private_folder,
    read_whole,
    write_all,
    write_made,
    write_new,
    write_private,
)

posix = pytest.mark.skipif(os.name != "posix", reason="file modes and links are POSIX's")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    return folder


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_text_is_written_as_it_is(folder: Path) -> None:
    file = folder / "deals.csv"
    write_private(file, ["é,\r\n", "二\n"])
    assert file.read_bytes() == "é,\r\n二\n".encode()
    assert names_in(folder) == ["deals.csv"]


@posix
def test_only_the_owner_can_read_it_whatever_the_umask(folder: Path) -> None:
    file = folder / "deals.csv"
    before = os.umask(0)
    try:
        write_private(file, ["a"])
        kept = keep_text(folder / "refused", "deal", ".toml", "b")
    finally:
        os.umask(before)
    assert mode(file) == mode(kept) == 0o600
    assert mode(kept.parent) == 0o700


def test_a_file_that_is_there_is_left_alone_unless_forced(folder: Path) -> None:
    file = folder / "deals.csv"
    file.write_text("theirs")
    with pytest.raises(Conflict, match=r"already exists\. To overwrite it: --force"):
        write_private(file, ["ours"])
    assert file.read_text() == "theirs"
    write_private(file, ["ours"], force=True)
    assert file.read_text() == "ours"
    assert names_in(folder) == ["deals.csv"]


def test_a_failure_in_the_middle_leaves_the_old_file_and_nothing_else(folder: Path) -> None:
    def parts() -> Iterator[str]:
        yield "half"
        raise KeyboardInterrupt

    file = folder / "deals.csv"
    file.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        write_private(file, parts(), force=True)
    assert file.read_text() == "old"
    assert names_in(folder) == ["deals.csv"]


@pytest.mark.parametrize("name", ["inner", "missing/deals.csv", "x" * 300])
def test_what_cannot_be_written_is_said_with_its_path(folder: Path, name: str) -> None:
    (folder / "inner").mkdir()
    with pytest.raises((Conflict, StorageError), match=name[:50]):
        write_private(folder / name, ["a"], force=True)
    assert names_in(folder) == ["inner"]


@posix
def test_a_device_is_never_replaced_by_a_file(folder: Path) -> None:
    with pytest.raises(Conflict, match="/dev/null is not a file"):
        write_private(Path(os.devnull), ["a"], force=True)
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)  # noqa: PTH116


@posix
def test_a_link_stays_a_link(folder: Path) -> None:
    real, link = folder / "dotfiles" / "config.toml", folder / "config.toml"
    real.parent.mkdir()
    link.symlink_to(real)
    with pytest.raises(Conflict, match=r"dotfiles/config\.toml, which is not there"):
        write_private(link, ["first"])
    assert not real.exists()
    write_private(link, ["first"], force=True)
    write_private(link, ["second"], force=True)
    assert link.is_symlink()
    assert real.read_text() == "second"


def test_names_that_are_taken_are_counted_on(folder: Path) -> None:
    kept = [keep_text(folder, "deal", ".toml", text) for text in ("a", "b", "c")]
    assert [path.name for path in kept] == ["deal.toml", "deal-2.toml", "deal-3.toml"]
    assert [path.read_text() for path in kept] == ["a", "b", "c"]
    assert write_new(folder, "deal", ".toml", lambda: ["d"]).name == "deal-4.toml"


def test_a_text_that_cannot_be_kept_is_said(folder: Path) -> None:
    (folder / "file").write_text("")
    with pytest.raises(StorageError, match="file/refused cannot be made"):
        keep_text(folder / "file" / "refused", "deal", ".toml", "a")


@posix
def test_what_comes_meanwhile_is_not_replaced(folder: Path) -> None:
    def parts() -> Iterator[str]:
        yield "ours"
        (folder / "deals.csv").write_text("theirs")

    with pytest.raises(Conflict, match="already exists"):
        write_private(folder / "deals.csv", parts())
    assert (folder / "deals.csv").read_text() == "theirs"
    assert names_in(folder) == ["deals.csv"]


@posix
def test_a_disk_without_hard_links_is_written_to_as_well(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    write_private(folder / "deals.csv", ["ours"])
    assert (folder / "deals.csv").read_text() == "ours"
    assert mode(folder / "deals.csv") == 0o600
    finished = folder / "finished"
    finished.write_text("later")
    with pytest.raises(FileExistsError):
        give_name(finished, folder / "deals.csv")
    assert names_in(folder) == ["deals.csv", "finished"]


@posix
def test_every_folder_that_is_missing_is_made_private(folder: Path) -> None:
    before = os.umask(0)
    try:
        make_private_folder(folder / "a" / "b" / "c")
    finally:
        os.umask(before)
    assert {mode(path) for path in folder.rglob("*")} == {0o700}
    (folder / "link").symlink_to(folder / "gone")
    (folder / "file").write_text("")
    for wrong in ("link", "file", "file/below"):
        with pytest.raises(StorageError, match="cannot be made"):
            make_private_folder(folder / wrong)


@posix
def test_only_a_file_of_a_sensible_size_is_read_and_nothing_waited_for(folder: Path) -> None:
    (folder / "file").write_bytes(b"12345")
    assert read_whole(folder / "file", 5) == b"12345"
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to(folder / "gone")
    for name, why in (
        ("pipe", "not a file"),
        (".", "directory|not a file"),
        ("gone", "No such file"),
        ("link", "No such file"),
        (os.devnull, "not a file"),
    ):
        with pytest.raises(OSError, match=why):
            read_whole(folder / name, 5)
    with pytest.raises(OSError, match="more than 4 bytes"):
        read_whole(folder / "file", 4)


def test_several_files_are_asked_for_one_after_the_other_and_named_at_the_end(
    folder: Path,
) -> None:
    def files() -> Iterator[tuple[Path, list[str]]]:
        for name in ("a", "b"):
            assert not (folder / "a").exists()
            yield folder / name, [name]

    write_all(files())
    assert [(folder / name).read_text() for name in names_in(folder)] == ["a", "b"]


@posix
@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("force", [True, False])
def test_of_several_files_all_are_written_or_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch, force: bool, links: bool
) -> None:
    """The second name is refused: the first one has its old content, and no file is left over."""

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    def files() -> Iterator[tuple[Path, list[str]]]:
        yield from ((folder / name, ["new"]) for name in ("a", "b", "new", "taken"))
        (folder / "taken").mkdir()

    if not links:
        monkeypatch.setattr(Path, "hardlink_to", refuse)
    if force:
        for name in ("a", "b"):
            (folder / name).write_text(f"old {name}")
    with pytest.raises(StorageError if force else Conflict, match="taken"):
        write_all(files(), force=force)
    (folder / "taken").rmdir()
    found = {name: (folder / name).read_text() for name in names_in(folder)}
    assert found == ({"a": "old a", "b": "old b"} if force else {})
    write_all([(folder / name, ["new"]) for name in ("a", "b")], force=True)
    assert names_in(folder) == ["a", "b"]
    assert (folder / "b").read_text() == "new"


@posix
def test_a_file_that_a_library_fills_is_private_and_whole(folder: Path) -> None:
    target = folder / "look.db"

    def filled(path: Path) -> int:
        assert mode(path) == 0o600
        path.write_bytes(b"whole")
        return 5

    def broken(path: Path) -> None:
        path.write_bytes(b"half")
        raise ValueError("no more")

    assert write_made(target, filled) == 5
    assert (target.read_bytes(), mode(target)) == (b"whole", 0o600)
    with pytest.raises(Conflict, match="already exists"):
        write_made(target, filled)
    with pytest.raises(ValueError, match="no more"):
        write_made(target, broken, force=True)
    assert target.read_bytes() == b"whole"
    assert names_in(folder) == ["look.db"]


def test_no_file_is_called_a_dash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Conflict, match="- means stdout in other commands"):
        write_private(Path("-"), ["x"])
    assert not os.path.lexists("-")


def test_a_book_is_never_written_over(folder: Path) -> None:
    book = folder / "book.db"
    with sqlite3.connect(book) as con:
        con.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    con.close()
    link = folder / "page.html"
    link.symlink_to(book)
    before = book.read_bytes()
    for target in (book, link):
        with pytest.raises(Conflict, match="is a book of acct"):
            write_private(target, ["x"], force=True)
        with pytest.raises(Conflict, match="is a book of acct"):
            write_made(target, lambda path: path.write_text("x"), force=True)
    assert book.read_bytes() == before
    assert names_in(folder) == ["book.db", "page.html"]
