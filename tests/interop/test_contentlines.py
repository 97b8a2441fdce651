"""Content lines: folding, parameters, encodings, escapes, and files that mean harm."""

from __future__ import annotations

import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.errors import Invalid
from acctcli.interop import contentlines
from acctcli.interop.contentlines import Block, Property
from acctcli.interop.textfile import TextFile


def blocks(text: str, *names: str, nested: tuple[str, ...] = ()) -> list[Block]:
    source = TextFile(io.BytesIO(text.encode()), "x.vcf")
    return list(contentlines.blocks(source, names or ("A",), nested=nested))


def read(line: str, *, raw: bool = False) -> Property:
    found = contentlines.read(line, raw=raw)
    assert found is not None
    return found


def test_folded_lines_are_one_and_the_first_line_is_counted() -> None:
    (block,) = blocks("\n\nBEGIN:A\r\nNOTE:one\r\n  two\r\n\tthree\r\nX:1\r\nEND:A\r\n")
    assert block == Block(3, "A", ["NOTE:one twothree", "X:1"], "")


def test_a_soft_break_of_quoted_printable_joins_the_next_line() -> None:
    (block,) = blocks("BEGIN:A\nN;ENCODING=QUOTED-PRINTABLE:a=\nb=\n c=3D\nX:1=\nEND:A\n")
    assert block.lines == ["N;ENCODING=QUOTED-PRINTABLE:ab c=3D", "X:1="]


def test_what_is_inside_a_component_is_left_out_unless_it_is_wanted_whole() -> None:
    text = "BEGIN:A\nX:1\nBEGIN:B\nY:2\nEND:B\nZ:3\nEND:A\n"
    assert blocks(text)[0].lines == ["X:1", "Z:3"]
    (whole,) = blocks(text, nested=("A",))
    assert whole.lines == ["X:1", "BEGIN:B", "Y:2", "END:B", "Z:3"]
    assert [one.line for one in blocks(text, "B")] == [3]


def test_an_agent_is_a_card_in_a_card() -> None:
    text = "BEGIN:A\nX:1\nAGENT:\nBEGIN:A\nX:2\nEND:A\nY:3\nEND:A\n"
    assert [one.lines for one in blocks(text)] == [["X:1", "AGENT:", "Y:3"]]


def test_a_component_without_an_end_says_so_and_the_next_one_is_read() -> None:
    first, second = blocks("BEGIN:A\nX:1\nBEGIN:A\nX:2\nEND:A\n")
    assert "no END:A before the next" in first.fault
    assert second.lines == ["X:2"]
    assert "cut off" in blocks("BEGIN:A\nX:1")[0].fault


def test_a_component_that_is_too_large_is_refused_and_takes_no_memory() -> None:
    big, after = blocks("BEGIN:A\n" + "X:1\n" * 9000 + "END:A\nBEGIN:A\nY:1\nEND:A\n")
    assert "more than" in big.fault
    assert (big.lines, after.lines) == ([], ["Y:1"])
    long = blocks("BEGIN:A\nNOTE:" + "x" * 2_000_000 + "\nEND:A\n")[0]
    assert "more than" in long.fault


def test_pictures_are_left_out_however_long() -> None:
    picture = "item1.PHOTO;ENCODING=b:" + "\n ".join(["QUJD" * 18] * 40_000)
    (block,) = blocks(f"BEGIN:A\n{picture}\nX:1\nEND:A\n")
    assert (block.lines, block.fault) == (["PHOTO:", "X:1"], "")


@pytest.mark.parametrize(
    ("line", "name", "types", "value"),
    [
        ("TEL;WORK;VOICE:+65 1", "TEL", ["work", "voice"], "+65 1"),
        ("item1.tel;type=CELL;TYPE=pref:1", "TEL", ["cell", "pref"], "1"),
        ('TEL;TYPE="work,voice":1', "TEL", ["work", "voice"], "1"),
        ('X;A="b:c;d":e', "X", [], "e"),
        ('X;A="b:c', "X", [], "c"),
        ("x_custom:1", "X-CUSTOM", [], "1"),
        ("URL:http://x.sg", "URL", [], "http://x.sg"),
    ],
)
def test_a_property_has_a_name_types_and_a_value(
    line: str, name: str, types: list[str], value: str
) -> None:
    found = read(line)
    assert (found.name, found.types, found.value) == (name, types, value)


@pytest.mark.parametrize("line", ["", ":", "no colon", "a b:c", "Ä:1"])
def test_what_is_no_property_is_none(line: str) -> None:
    assert contentlines.read(line, raw=False) is None


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller", "Müller"),
        ("N;QUOTED-PRINTABLE:M=C3=BCller", "Müller"),
        ("N;CHARSET=windows-1252:M\xfcller", "Müller"),
        ("N:M\xc3\xbcller", "Müller"),
        ("N;ENCODING=B:TcO8bGxlcg==", "Müller"),
        ("N;CHARSET=nonsense:M\xfcller", "M\ufffdller"),
        ("N;CHARSET=hex:abc", "abc"),
    ],
)
def test_a_value_has_the_encoding_that_its_line_names(line: str, value: str) -> None:
    assert read(line, raw=True).value == value


@pytest.mark.parametrize("line", ["N:M\xfcller", "N;ENCODING=QUOTED-PRINTABLE:M=FCller"])
def test_other_bytes_are_refused_with_the_option_that_cures(line: str) -> None:
    with pytest.raises(Invalid, match="0xfc"):
        contentlines.read(line, raw=True)


def test_a_broken_base64_is_refused() -> None:
    with pytest.raises(Invalid, match="base64"):
        contentlines.read("N;ENCODING=B:abcde", raw=True)


def test_escapes_and_parts() -> None:
    assert contentlines.unescaped(r"a\nb\, c\; d\\n \x \:") == "a\nb, c; d\\n \\x :"
    assert contentlines.unescaped(r"C:\new\;", old=True) == r"C:\new;"
    assert contentlines.split(r"a\;b;c;;", ";") == ["a;b", "c", "", ""]
    assert contentlines.split("", ";") == [""]
    assert contentlines.split("dir\\", ";") == ["dir\\"]


@pytest.mark.parametrize(
    "line",
    [
        "TEL;TYPE=" + "a," * 300_000 + '"x:1',
        "TEL;" + '"' * 600_001 + ":1",
        "TEL" + ";A=" * 200_000 + ":1",
        "X:" + "\\" * 600_000,
    ],
)
def test_a_crafted_line_takes_no_time(line: str) -> None:
    began = time.process_time()
    found = contentlines.read(line, raw=False)
    if found is not None:
        contentlines.split(found.value, ";")
    assert time.process_time() - began < 5


@given(st.lists(st.text()))
def test_escaped_parts_come_back(parts: list[str]) -> None:
    plain = [part.replace("\r", "") for part in parts] or [""]
    escaped = (
        part.replace("\\", r"\\").replace(";", r"\;").replace(",", r"\,").replace("\n", r"\n")
        for part in plain
    )
    assert contentlines.split(";".join(escaped), ";") == plain
