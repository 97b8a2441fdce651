"""Bundles as files: written in parts, read whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.errors import AcctError, Invalid, NotFound, StorageError
from acctcli.interop import bundle
from acctcli.interop.bundle import BundleFile, is_bundle, parts

HEAD = {"by": "Ann", "schema": 8}
LINES = [{"row": "account", "id": "a"}, {"row": "log", "text": "Zürich \u2028 «x»"}]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "pack.acct"
    path.write_text("".join(parts(HEAD, LINES)), encoding="utf-8")
    return path


def test_what_was_written_is_read(file: Path) -> None:
    read = BundleFile(file)
    assert read.head == {"acct": "bundle", "format": 1, **HEAD}
    assert list(read.lines()) == list(enumerate(LINES, 2))


def test_a_bundle_without_lines_is_whole(file: Path) -> None:
    file.write_text("".join(parts(HEAD, ())), encoding="utf-8")
    assert list(BundleFile(file).lines()) == []


@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_any_changed_bit_is_refused(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int
) -> None:
    path = tmp_path_factory.mktemp("bits") / "pack.acct"
    whole = bytearray("".join(parts(HEAD, LINES)).encode())
    whole[place % len(whole)] ^= 1 << bit
    path.write_bytes(bytes(whole))
    with pytest.raises(AcctError) as error:
        list(BundleFile(path).lines())
    assert isinstance(error.value, Invalid | StorageError)  # a newer format may be what it says


@given(size=st.integers(0, 10_000))
def test_any_part_of_a_bundle_is_refused(
    tmp_path_factory: pytest.TempPathFactory, size: int
) -> None:
    path = tmp_path_factory.mktemp("parts") / "pack.acct"
    whole = "".join(parts(HEAD, LINES)).encode()
    path.write_bytes(whole[: size % len(whole)])
    with pytest.raises(Invalid):
        BundleFile(path)


def test_what_follows_the_end_is_refused(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"\n")
    with pytest.raises(Invalid):
        BundleFile(file)


def test_a_bundle_that_changes_while_it_is_read_is_refused(file: Path) -> None:
    read = BundleFile(file)
    file.write_text("".join(parts(HEAD, LINES[:1])), encoding="utf-8")
    with pytest.raises(Invalid, match="changed while it was read"):
        list(read.lines())


def test_a_newer_format_asks_for_an_upgrade(file: Path) -> None:
    text = file.read_text("utf-8").replace('"format":1', f'"format":{bundle.FORMAT + 1}')
    file.write_text(text, encoding="utf-8")
    with pytest.raises(StorageError, match="Upgrade acct"):
        BundleFile(file)


@pytest.mark.parametrize("line", ["[1]", "nonsense", '{"x": NaN}', "[" * 100_000])
def test_a_line_that_is_no_object_is_refused_with_its_number(file: Path, line: str) -> None:
    from hashlib import sha256

    body = "".join(parts(HEAD, LINES[:1])).rsplit("\n", 2)[0] + f"\n{line}\n"
    sum = sha256(body.encode()).hexdigest()
    file.write_text(f'{body}{{"end":{{"lines":2,"sha256":"{sum}"}}}}\n', encoding="utf-8")
    with pytest.raises(Invalid, match=r"line 3: this is not (a )?JSON"):
        list(BundleFile(file).lines())


def test_a_line_without_end_is_not_read_to_its_end(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "MOST", 1000)
    file.write_bytes(b'{"acct":"bundle","format":1}\n' + b"x" * 5000)
    with pytest.raises(Invalid, match="longer than 1,000 bytes"):
        BundleFile(file)


def test_a_missing_file_a_folder_and_a_pipe_do_not_wait(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        BundleFile(tmp_path / "missing.acct")
    with pytest.raises(StorageError):
        BundleFile(tmp_path)
    pipe = tmp_path / "pipe.acct"
    os.mkfifo(pipe)
    with pytest.raises(StorageError, match="it is not a file"):
        BundleFile(pipe)


def test_a_bundle_is_known_by_its_name_or_by_how_it_begins(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "pack.txt"
    other.write_bytes(file.read_bytes())
    assert is_bundle(file)
    assert is_bundle(other)
    assert is_bundle(tmp_path / "missing.ACCT")
    other.write_text('{"accts": 1}', encoding="utf-8")
    assert not is_bundle(other)
    assert not is_bundle(tmp_path)
