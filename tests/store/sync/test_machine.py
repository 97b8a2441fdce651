from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from acctcli.errors import Invalid, StorageError
from acctcli.store.sync import machine
from acctcli.store.sync.machine import Machine

LAPTOP = Machine(
    device="0a1b2c3d",
    name="laptop",
    carrier="/home/ann/Dropbox/acct",
    books=("ann", "common"),
    home="ann",
    common="common",
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "book.db"


def test_a_book_without_the_file_is_not_shared(book: Path) -> None:
    assert machine.read(book) is None
    assert not machine.is_shared(book)


def test_a_machine_is_read_as_it_was_written(book: Path) -> None:
    odd = LAPTOP.replace(name='Ann\'s "big" laptop\n', key="/home/ann/Schlüssel.key")
    machine.write(book, LAPTOP)
    machine.write(book, odd)
    assert machine.read(book) == odd
    assert machine.is_shared(book)


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_the_file_is_private(book: Path) -> None:
    machine.write(book, LAPTOP)
    assert stat.S_IMODE(machine.file_of(book).stat().st_mode) == 0o600


def test_the_key_and_the_place_may_be_missing(book: Path) -> None:
    machine.file_of(book).write_text(
        'device = "0a1b2c3d"\nname = "laptop"\ncarrier = "/hub"\nbooks = ["a"]\n'
        'home = "a"\ncommon = "a"\n'
    )
    assert machine.read(book) == Machine("0a1b2c3d", "laptop", "/hub", ("a",), "a", "a")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("device = 3", "device is missing"),
        ('device = "laptop"', "not 8 hex digits"),
        ('home = "ben"', 'home is "ben"'),
        ('common = "ben"', 'common is "ben"'),
        ("books = [1]", "books is missing"),
        ('books = "ann"', "books is missing"),
        ("books = [", "Invalid"),
    ],
)
def test_a_file_that_cannot_be_is_refused_and_named(book: Path, change: str, says: str) -> None:
    machine.write(book, LAPTOP)
    name = change.partition(" ")[0]
    file = machine.file_of(book)
    lines = [line for line in file.read_text().splitlines() if not line.startswith(f"{name} ")]
    file.write_text("\n".join([*lines, change]))
    with pytest.raises(Invalid) as refused:
        machine.read(book)
    assert says in str(refused.value)
    assert str(file) in str(refused.value)


def test_a_folder_of_that_name_is_an_error_of_the_disk(book: Path) -> None:
    machine.file_of(book).mkdir()
    with pytest.raises(StorageError):
        machine.read(book)


def test_the_same_computer_and_path_keep_the_id(book: Path) -> None:
    made = LAPTOP.replace(made_for=machine.here(book))
    assert machine.mine(book, made) is made


def test_a_copy_elsewhere_is_another_machine(book: Path, tmp_path: Path) -> None:
    made = LAPTOP.replace(made_for=machine.here(book))
    copied = machine.mine(tmp_path / "copy.db", made)
    assert copied.device != made.device
    assert len(copied.device) == 8
    assert copied.name == made.name  # the same computer
    assert copied.books == made.books
    assert machine.mine(tmp_path / "copy.db", copied) is copied


def test_another_computer_goes_by_its_own_name(book: Path) -> None:
    made = LAPTOP.replace(made_for=f"desktop {book}")
    assert machine.mine(book, made).name == machine.host()


def test_the_name_of_a_computer_has_no_domain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.node", lambda: "Anns-MacBook.fritz.box")
    assert machine.host() == "Anns-MacBook"
    monkeypatch.setattr("platform.node", lambda: "")
    assert machine.host() == "machine"


def test_a_forgotten_book_is_not_shared_any_more(book: Path) -> None:
    machine.write(book, LAPTOP)
    machine.forget(book)
    assert machine.read(book) is None
    machine.forget(book)
