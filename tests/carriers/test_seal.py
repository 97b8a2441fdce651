"""Sealed books: nobody without the key reads them, and a wrong key is said so."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hub import Server

from acctcli.carriers import seal
from acctcli.carriers.carrier import SEALED, Taken, Unopened
from acctcli.carriers.folder import Folder
from acctcli.carriers.opened import opened
from acctcli.carriers.seal import Sealed, new_key
from acctcli.errors import AcctError, Conflict, Invalid, NotFound, StorageError, UsageError

ANN, BOB = "aaaa0001", "bbbb0002"

SECRET = b"Mei Tan signs for 120,000 SGD"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "west.key"
    new_key(path)
    return path


@pytest.fixture
def sealed(tmp_path: Path, key: Path) -> Sealed:
    made = Sealed(Folder(tmp_path / "shared"), key)
    made.create("west")
    made.put("west", ANN, 1, SECRET)
    return made


def file_of(sealed: Sealed, device: str, n: int) -> Path:
    return Path(sealed.where) / "west" / device / f"{n:08d}.acct"


def forge(sealed: Sealed, device: str, n: int, blob: bytes) -> None:
    """Put a file as somebody would who has the folder and not the key."""
    file = file_of(sealed, device, n)
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(hashlib.sha256(blob).digest() + blob)


def unopened(sealed: Sealed, seen: Mapping[str, int] | None = None) -> AcctError:
    """Return why a fetch leaves the files of a machine."""
    list(sealed.fetch("west", seen or {}))
    (why,) = sealed.left.values()
    return why


def test_a_sealed_folder_has_no_plain_bytes(sealed: Sealed) -> None:
    sealed.register("west", ANN, "laptop")
    for file in Path(sealed.where).rglob("*"):
        if file.is_file():
            assert b"Mei" not in file.read_bytes()
    assert file_of(sealed, ANN, 1).read_bytes()[32:].startswith(SEALED)
    assert list(sealed.fetch("west", {})) == [(ANN, 1, SECRET)]


def test_a_sealed_hub_has_no_plain_bytes_and_takes_none(hub: Server, key: Path) -> None:
    sealed = opened(hub.url("ann"), key=key)
    sealed.create("west")
    sealed.put("west", ANN, 1, SECRET)
    ((kept,),) = hub.sql("ann", "SELECT blob FROM acct.file")
    assert kept.startswith(SEALED)
    assert b"Mei" not in kept
    plain = opened(hub.url("ann"))
    with pytest.raises(Invalid, match="is sealed"):
        plain.put("west", ANN, 2, SECRET)
    with pytest.raises(Invalid, match="is sealed"):
        list(plain.fetch("west", {}))
    plain.create("open")
    with pytest.raises(Invalid, match="is not sealed"):
        sealed.put("open", ANN, 1, SECRET)
    sealed.close()
    plain.close()


def test_owners_of_a_sealed_book_let_others_in(hub: Server, key: Path) -> None:
    sealed = opened(hub.url("ann"), key=key)
    sealed.create("west")
    sealed.add_member("west", "bob", "read")
    assert sealed.members("west") == {"ann": "own", "bob": "read"}
    sealed.remove_member("west", "bob")
    assert sealed.members("west") == {"ann": "own"}
    sealed.close()


def test_a_key_file_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be read"):
        Sealed(Folder(tmp_path), tmp_path).create("west")


def test_a_key_file_is_private_and_one_that_age_reads(key: Path) -> None:
    assert key.stat().st_mode & 0o777 == 0o600
    *comments, secret = key.read_text().splitlines()
    assert all(line.startswith("# ") for line in comments)
    assert pyrage.x25519.Identity.from_str(secret).to_public()


def test_a_key_file_is_never_overwritten(key: Path) -> None:
    before = key.read_text()
    with pytest.raises(Conflict, match="already exists"):
        new_key(key)
    assert key.read_text() == before


def test_another_key_opens_nothing(sealed: Sealed, tmp_path: Path) -> None:
    new_key(tmp_path / "other.key")
    other = Sealed(Folder(Path(sealed.where)), tmp_path / "other.key")
    why = unopened(other)
    assert "other.key does not open file 1 of machine" in why.message
    assert why.exit_code == 4
    with pytest.raises(Invalid, match=r"other\.key does not open file 1 of machine"):
        other.put("west", ANN, 1, SECRET)


def test_a_further_key_in_the_file_opens_what_was_sealed_before(
    sealed: Sealed, key: Path, tmp_path: Path
) -> None:
    new_key(tmp_path / "new.key")
    (tmp_path / "both.key").write_text((tmp_path / "new.key").read_text() + key.read_text())
    both = Sealed(Folder(Path(sealed.where)), tmp_path / "both.key")
    both.put("west", BOB, 1, b"sealed with the first")
    assert [blob for _, _, blob in both.fetch("west", {})] == [SECRET, b"sealed with the first"]
    assert "does not open file 1 of machine bbbb0002" in unopened(sealed).message


def test_a_key_that_is_replaced_stays_to_open_what_was_sealed_before(
    sealed: Sealed, key: Path, tmp_path: Path
) -> None:
    (tmp_path / "old.key").write_text(key.read_text())
    before = [line for line in key.read_text().splitlines() if line.startswith("AGE")]
    seal.replace_key(key)
    assert key.stat().st_mode & 0o777 == 0o600
    keys = [line for line in key.read_text().splitlines() if not line.startswith("#")]
    assert keys[1:] == before
    assert keys[0] not in before
    anew = Sealed(Folder(Path(sealed.where)), key)
    anew.put("west", BOB, 1, b"new")
    assert [blob for _, _, blob in anew.fetch("west", {})] == [SECRET, b"new"]
    assert anew.older == {ANN}
    old = Sealed(Folder(Path(sealed.where)), tmp_path / "old.key")
    assert "does not open file 1 of machine bbbb0002" in unopened(old).message
    seal.replace_key(key)
    again = [line for line in key.read_text().splitlines() if not line.startswith("#")]
    assert again[1:] == keys


def test_only_a_key_file_is_given_a_new_key(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="is not there"):
        seal.replace_key(tmp_path / "no.key")
    (tmp_path / "some.txt").write_text("notes\n")
    with pytest.raises(Invalid, match="is not a key file"):
        seal.replace_key(tmp_path / "some.txt")
    assert (tmp_path / "some.txt").read_text() == "notes\n"


def test_the_same_file_may_be_put_again_although_it_is_sealed_anew(sealed: Sealed) -> None:
    before = file_of(sealed, ANN, 1).read_bytes()
    sealed.put("west", ANN, 1, SECRET)
    assert file_of(sealed, ANN, 1).read_bytes() == before
    with pytest.raises(Taken):
        sealed.put("west", ANN, 1, b"other")


def test_a_file_that_is_not_sealed_is_refused(sealed: Sealed) -> None:
    forge(sealed, BOB, 1, b"plain")
    why = unopened(sealed)
    assert "is not sealed: that machine syncs without the key" in why.message
    assert not isinstance(why, Unopened)


def test_a_file_that_was_changed_is_refused(sealed: Sealed) -> None:
    blob = file_of(sealed, ANN, 1).read_bytes()[32:]
    for changed in (blob[:-1], blob[:-1] + b"\0", blob + b"\0", blob[:30]):
        forge(sealed, ANN, 1, changed)
        why = unopened(sealed)
        assert isinstance(why, Unopened)
        assert "does not open file 1" in why.message


def test_no_sealed_file_passes_for_another(sealed: Sealed) -> None:
    blob = file_of(sealed, ANN, 1).read_bytes()[32:]
    forge(sealed, ANN, 2, blob)
    assert "sealed under another name" in unopened(sealed, {ANN: 1}).message
    forge(sealed, BOB, 1, blob)
    assert "sealed under another name" in unopened(sealed, {ANN: 2}).message


def test_what_cannot_be_opened_stops_its_machine_only(sealed: Sealed) -> None:
    forge(sealed, BOB, 1, SEALED + b"another key")
    forge(sealed, BOB, 2, file_of(sealed, ANN, 1).read_bytes()[32:])
    assert [(device, n) for device, n, _ in sealed.fetch("west", {})] == [(ANN, 1)]
    assert set(sealed.left) == {("west", BOB)}
    file_of(sealed, BOB, 1).unlink()
    list(sealed.fetch("west", {}))
    assert not sealed.left


@given(st.binary(max_size=300))
def test_whatever_stands_behind_the_first_line_is_refused_in_words(garbage: bytes) -> None:
    carrier = Sealed(Folder(Path("/nowhere")), Path("/nowhere/west.key"))
    carrier.__dict__["_keys"] = [pyrage.x25519.Identity.generate()]
    with pytest.raises(Invalid, match="does not open file 1"):
        carrier._opened("west", ANN, 1, SEALED + garbage)


@pytest.mark.parametrize(
    "text", ["", "# only a comment\n", "AGE-SECRET-KEY-1NOT\n", "age1zm5\n", "\xff\xfe\n"]
)
def test_a_file_that_is_no_key_is_said_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "west.key").write_text(text, "latin-1")
    sealed = Sealed(Folder(tmp_path / "shared"), tmp_path / "west.key")
    with pytest.raises(Invalid, match=r"west.key is not a key file"):
        sealed.create("west")
    assert not (tmp_path / "shared").exists()


def test_a_key_file_that_is_missing_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"west\.key is not there"):
        Sealed(Folder(tmp_path), tmp_path / "west.key").create("west")


def test_a_book_without_a_seal_is_not_used_with_a_key(sealed: Sealed, key: Path) -> None:
    plain = opened(sealed.where)
    plain.create("open")
    with pytest.raises(Invalid, match="is not sealed"):
        list(sealed.fetch("open", {}))
    with pytest.raises(Invalid, match="is sealed"):
        plain.put("west", ANN, 2, SECRET)


def test_without_pyrage_it_is_said_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pyrage", None)
    with pytest.raises(UsageError, match="sealed books need pyrage"):
        seal.new_key(tmp_path / "west.key")
    with pytest.raises(UsageError, match="sealed books need pyrage"):
        opened(str(tmp_path), key=tmp_path / "west.key")
