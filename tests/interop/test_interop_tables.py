from __future__ import annotations

import codecs
import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.interop.reading import bad_of, read_bytes, read_file, rows_of

from acctcli.errors import AcctError, Invalid, NotFound, UsageError
from acctcli.interop.rows import FileTable
from acctcli.text import safe

TEXT = 'name,city\r\n"Müller & Söhne",Köln\r\nŁódź,"東京, 日本"\r\n'
CELLS = [
    {"name": "Müller & Söhne", "city": "Köln"},
    {"name": "Łódź", "city": "東京, 日本"},
]


def read(data: bytes, name: str = "book.csv", *, encoding: str | None = None) -> FileTable:
    return read_bytes(name, data, encoding=encoding)


def message(
    kind: type[AcctError], data: bytes, name: str = "book.csv", *, encoding: str | None = None
) -> str:
    with pytest.raises(kind) as caught:
        read(data, name, encoding=encoding)
    assert type(caught.value) is kind
    assert "\n" not in caught.value.message
    return caught.value.message


# Encodings


@pytest.mark.parametrize(
    ("data", "encoding", "notes"),
    [
        (TEXT.encode(), "UTF-8", []),
        (codecs.BOM_UTF8 + TEXT.encode(), "UTF-8", []),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "UTF-16", ["UTF-16"]),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "UTF-16", ["UTF-16"]),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "UTF-32", ["UTF-32"]),
    ],
)
def test_marked_text_is_read_and_utf_8_without_a_mark(
    data: bytes, encoding: str, notes: list[str]
) -> None:
    table = read(data)
    assert [row.cells for row in rows_of(table)] == CELLS
    assert table.encoding == encoding
    assert table.notes == notes


def test_a_byte_order_mark_before_a_quoted_header_is_no_part_of_it() -> None:
    assert read(b'\xef\xbb\xbf"name","city"\n').columns == ["name", "city"]


def test_a_byte_order_mark_before_json_is_no_part_of_it() -> None:
    for name in ("book.json", "book"):
        assert read(b'\xef\xbb\xbf[{"a": 1}]', name).columns == ["a"]


def test_utf_16_notes_come_before_those_about_the_delimiter() -> None:
    assert read("name\tcity\n".encode("utf-16")).notes == ["UTF-16", "tab-separated"]


def test_cp1252_is_refused_with_the_place_and_read_when_named() -> None:
    data = "name,city\nAcme,Bonn\nMüller,Köln\n".encode("cp1252")
    assert message(Invalid, data) == (
        "book.csv line 3: byte 0xfc at byte offset 21 is not UTF-8. "
        "Give --encoding; for a file from Windows it is often cp1252"
    )
    table = read(data, encoding="Windows-1252")
    assert rows_of(table)[1].cells == {"name": "Müller", "city": "Köln"}
    assert table.encoding == "cp1252"
    assert table.notes == []
    assert "byte offset 10 is not UTF-8" in message(Invalid, b'[{"name":"\xfc"}]', "book.json")


@pytest.mark.parametrize(("codec", "offset"), [("utf-16-le", 1), ("utf-16-be", 0)])
@pytest.mark.parametrize("start", ["", "\r\n"])
def test_utf_16_without_its_mark_is_refused_and_read_when_named(
    codec: str, offset: int, start: str
) -> None:
    data = (start + "name,city\nAcme,Bonn\n").encode(codec)
    assert message(Invalid, data) == (
        f"book.csv: NUL at byte offset {offset}. "
        f"If this is UTF-16 without its mark, give --encoding {codec}"
    )
    assert rows_of(read(data, encoding=codec))[0].cells == {"name": "Acme", "city": "Bonn"}


@pytest.mark.parametrize(("codec", "offset"), [("utf-16-le", 3), ("utf-16-be", 2)])
def test_the_first_nul_tells_the_half_of_a_character(codec: str, offset: int) -> None:
    said = message(Invalid, "łb,c\n".encode(codec))
    assert f"NUL at byte offset {offset}. " in said
    assert said.endswith(f"give --encoding {codec}")


def test_an_empty_file_is_empty_whatever_its_name() -> None:
    assert message(Invalid, b"", "book").startswith("book is empty")


def test_the_offset_counts_the_byte_order_mark() -> None:
    assert "byte offset 5 " in message(Invalid, b"\xef\xbb\xbfa,\xff\n")
    assert message(Invalid, b"\n\xff,b\n").startswith(
        "book.csv line 2: byte 0xff at byte offset 1 "
    )
    assert "byte offset 6 is not UTF-16" in message(Invalid, b"\xff\xfea\0,\0b")


def test_a_named_encoding_that_does_not_fit_is_refused() -> None:
    assert "byte 0x81 at byte offset 2 is not cp1252" in message(
        Invalid, b"a,\x81\n", encoding="cp1252"
    )
    assert message(Invalid, b"a,\x81\n", encoding="cp1252").endswith("Name another --encoding")
    assert message(Invalid, b"\xff\xfea\0,\0b").endswith("Name another --encoding")
    for codec in ("utf-16", "utf-32", "ascii", "shift_jis", "punycode", "idna"):
        message(Invalid, b"a,b\n\xff\xff\xff\n", encoding=codec)


def test_a_byte_order_mark_is_believed_over_a_named_encoding() -> None:
    data = codecs.BOM_UTF8 + "name,city\nMüller,Köln\n".encode()
    assert message(Invalid, data, encoding="latin-1") == (
        "book.csv begins with the mark of UTF-8, so it is not iso8859-1. Leave --encoding out"
    )
    for codec in ("utf-8", "utf8", "UTF-8-SIG"):
        table = read(data, encoding=codec)
        assert table.columns == ["name", "city"]
        assert table.encoding == "UTF-8"


@pytest.mark.parametrize("encoding", ["", "klingon", "hex", "rot13", "base64", "../etc", "a\0b"])
def test_an_encoding_that_is_not_known_is_a_usage_error(encoding: str) -> None:
    assert "unknown --encoding" in message(UsageError, b"a,b\n", encoding=encoding)


def test_an_encoding_that_gives_half_characters_is_refused() -> None:
    assert "cannot be read as" in message(Invalid, rb"a,\ud800", encoding="raw_unicode_escape")


@given(st.binary(max_size=80), st.sampled_from(["book.csv", "book.json", "book.jsonl", "book"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    with contextlib.suppress(Invalid, UsageError):
        table = read(data, name)
        assert all(set(row.cells) <= set(table.columns) for row in rows_of(table))


@given(st.text(), st.sampled_from(["book.csv", "book.json", "book.jsonl", "book"]))
def test_no_message_carries_what_drives_a_terminal(content: str, name: str) -> None:
    data = f"{content}\n{content}".encode(errors="replace")
    try:
        messages = [row.reason for row in bad_of(read(data, name))]
    except (Invalid, UsageError) as error:
        messages = [error.message]
    for said in messages:
        assert said == safe(said)


# Which kind of file it is


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("book.csv", "a,b\n1,x\n"),
        ("BOOK.CSV", "a,b\n1,x\n"),
        ("book.txt", "a;b\n1;x\n"),
        ("book.tsv", "a\tb\n1\tx\n"),
        ("book.json", '[{"a": "1", "b": "x"}]'),
        ("book.jsonl", '{"a": "1", "b": "x"}'),
        ("book.ndjson", '{"a": "1", "b": "x"}'),
        ("book", "a,b\n1,x\n"),
        ("book.dat", "\n\na|b\n1|x\n"),
        ("book", ' [{"a": "1", "b": "x"}]'),
        ("book", '{"book": [\n{"a": "1", "b": "x"}]}'),
        ("book", '{"book": [{"a": "1", "b": "x"}]}'),
        ("book", '{"a": "1", "b": "x"}'),
        ("book", '{"a": "1", "b": "x"}\n{}\n'),
    ],
)
def test_the_kind_comes_from_the_name_or_else_from_the_content(name: str, content: str) -> None:
    assert rows_of(read(content.encode(), name))[0].cells == {"a": "1", "b": "x"}


def test_one_record_without_tags_in_a_pipe_is_one_record() -> None:
    content = b'{"name": "Acme", "tags": [], "employees": ' + b"9" * 5000 + b"}\n"
    table = read_bytes("-", content, name="stdin")
    assert [row.cells["name"] for row in rows_of(table)] == ["Acme"]


def test_a_kind_or_a_delimiter_that_is_given_decides() -> None:
    assert read_bytes("-", b"[a,b]\n", delimiter=",").columns == ["[a", "b]"]
    assert read_bytes("x.csv", b'{"a": 1}', kind="jsonl").columns == ["a"]
    assert read_bytes("x.json", b"[]", delimiter=";").count == 0


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("book.xlsx", b"PK\x03\x04\x14\0\x06\0"),
        ("book.csv", b"PK\x03\x04\x14\0\x06\0"),
        ("book.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("book.pdf", b"%PDF-1.7\n%\xe2\xe3\n"),
        ("cards.vcf", b"BEGIN:VCARD\r\nN:Tan;Mei\r\n"),
        ("book", b"hello\n"),
    ],
)
def test_files_of_other_kinds_are_a_usage_error(name: str, data: bytes) -> None:
    assert "CSV" in message(UsageError, data, name)


# Files


def test_the_file_is_read_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "a b?#%41ü.csv"
    path.write_text(TEXT, encoding="utf-8", newline="")
    assert [row.cells for row in rows_of(read_file(path, name=path.name))] == CELLS


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"^no file \\x1b\.csv\. Check"):
        read_file(tmp_path / "\x1b.csv", name="\x1b.csv")
    with pytest.raises(NotFound, match="is a folder"):
        read_file(tmp_path, name="folder")


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs links")
def test_a_file_that_cannot_be_opened_is_trouble_with_storage(tmp_path: Path) -> None:
    loop = tmp_path / "loop.csv"
    loop.symlink_to(loop)
    with pytest.raises(AcctError) as caught:
        read_file(loop, name="loop.csv")
    assert caught.value.exit_code == 6


def test_the_door_loads_no_format_that_is_not_asked_for() -> None:
    program = (
        "import sys; from acctcli.interop import tables; "
        "loaded = {'acctcli.interop.csvfile', 'acctcli.interop.jsonfile', 'csv'}; "
        "print(*loaded & set(sys.modules))"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert finished.stdout.split() == []


@pytest.mark.skipif(os.name != "posix", reason="devices and pipes are POSIX's")
def test_a_device_is_refused_and_a_pipe_is_read(tmp_path: Path) -> None:
    for device in ("/dev/zero", os.devnull):
        with pytest.raises(Invalid, match="is a device"):
            read_file(Path(device), None, name="x.csv")
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=["name,city\nAcme,Oslo\n"])
    writer.start()
    assert read_file(pipe, None, name="pipe.csv").count == 1
    writer.join(5)
