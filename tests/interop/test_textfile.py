"""A text file, read in parts: marks, lines across parts, changes meanwhile.

`test_interop_tables` tests encodings.
"""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import Program

from acctcli.errors import Conflict, Invalid, NotFound, UsageError
from acctcli.interop import textfile
from acctcli.interop.textfile import TextFile, open_text, stream_text

PARTS = 7
"""Bytes per part in these tests: characters and line ends fall on the edges."""


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textfile, "_PART", PARTS)


def of_bytes(data: bytes, encoding: str | None = None) -> TextFile:
    return TextFile(io.BytesIO(data), "x.csv", encoding)


@settings(max_examples=200)
@given(
    lines=st.lists(st.text("aé漢😀;", max_size=9), max_size=8),
    ends=st.lists(st.sampled_from(["\n", "\r", "\r\n"]), min_size=8, max_size=8),
)
def test_lines_are_those_of_the_whole_text(lines: list[str], ends: list[str]) -> None:
    text = "".join(line + end for line, end in zip(lines, ends, strict=False)) + "last"
    found = of_bytes(text.encode())
    assert "".join(found.parts()) == text
    assert list(found.lines()) == list(io.StringIO(text, newline=""))
    assert list(found.lines(only_lf=True)) == list(io.StringIO(text, newline="\n"))
    assert "".join(found.parts()) == text, "a second pass reads the same"


def test_a_mark_is_no_part_of_the_text() -> None:
    for codec, name in (("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-32", "UTF-32")):
        found = of_bytes("name\nÅke\n".encode(codec))
        assert (found.encoding, "".join(found.parts())) == (name, "name\nÅke\n")


def test_a_byte_that_is_none_of_the_encoding_is_named_with_its_place() -> None:
    with pytest.raises(Invalid, match=r"x.csv line 3: byte 0xff at byte offset 16 is not UTF-8"):
        list(of_bytes(b"name,city\nAcme,\n\xff\n").parts())
    # The first half of a character stands in one part, what does not fit it in the next.
    with pytest.raises(Invalid, match="byte 0xc3 at byte offset 6"):
        list(of_bytes(b"abcdef\xc3(").parts())
    with pytest.raises(Invalid, match="byte 0xc3 at byte offset 3"):
        list(of_bytes(b"abc\xc3").parts())


def test_a_line_without_an_end_in_sight_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(textfile, "LONGEST", 20)
    with pytest.raises(Invalid, match="line 2: a row of more than 20 characters begins here"):
        list(of_bytes(b"short\n" + b"x" * 60 + b"\n").lines())
    assert list(of_bytes(b"x" * 20).lines()) == ["x" * 20]


def test_what_is_no_text_is_said() -> None:
    for head in (b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest", b"%PDF-1.7"):
        with pytest.raises(UsageError, match="is not a text file"):
            of_bytes(head)
    with pytest.raises(UsageError, match="unknown --encoding"):
        of_bytes(b"name", encoding="klingon")
    with pytest.raises(Invalid, match="begins with the mark of UTF-16"):
        of_bytes("name".encode("utf-16"), encoding="cp1252")


def test_a_file_that_changes_meanwhile_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"name\nAcme\n")
    found = open_text(path, "x.csv")
    assert list(found.lines()) == ["name\n", "Acme\n"]
    found.refuse_if_changed()
    with path.open("ab") as more:
        more.write(b"Beta\n")
    with pytest.raises(Conflict, match="was changed while it was read"):
        found.refuse_if_changed()


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="is a folder"):
        open_text(tmp_path, "x")
    with pytest.raises(NotFound, match="no file"):
        open_text(tmp_path / "missing.csv", "missing.csv")
    if os.name == "posix":
        with pytest.raises(Invalid, match="is a device"):
            open_text(Path("/dev/zero"), "/dev/zero")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX's")
def test_a_pipe_can_be_read_more_than_once(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(b"name\nAcme\n",))
    writer.start()
    found = open_text(path, "pipe")
    writer.join()
    assert list(found.lines()) == list(found.lines()) == ["name\n", "Acme\n"]
    found = stream_text(io.BytesIO(b"a\nb"), "stdin")
    assert list(found.lines()) == list(found.lines()) == ["a\n", "b"]


def test_a_book_is_no_file_of_records(run: Program, tmp_path: Path) -> None:
    run("account", "add", "Acme")
    done = run("import", run("db", "path").out.strip(), "--as", "account")
    assert (done.code, "acct account handover" in done.err) == (4, True)


def test_a_list_of_datev_is_in_the_encoding_of_windows() -> None:
    line = '"EXTF";700;16;"Debitoren/Kreditoren"\r\nStraße\r\n'
    assert of_bytes(line.encode("cp1252")).encoding == "cp1252"
    assert of_bytes(line.encode()).encoding == "UTF-8", "as programs that imitate it write"
    with pytest.raises(Invalid, match="not UTF-8"):
        "".join(of_bytes("Straße".encode("cp1252")).parts())
