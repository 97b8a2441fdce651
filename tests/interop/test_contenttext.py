"""Properties as text: escapes, folding, and values that would add a line."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from acctcli.interop import contentlines, contenttext
from acctcli.interop.textfile import TextFile

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"))


def back(text: str) -> list[str]:
    source = TextFile(io.BytesIO(text.encode()), "x.vcf")
    (block,) = contentlines.blocks(source, ("A",))
    return list(block.lines)


def test_a_line_break_in_a_value_adds_no_line() -> None:
    assert contenttext.escaped("a\r\nEND:VCARD\rb\n") == "a\\nEND:VCARD\\nb\\n"


def test_lists_and_structures_escape_their_parts() -> None:
    assert contenttext.structured(["a;b", "", "c"]) == "a\\;b;;c"
    assert contenttext.listed(["a,b", "c\\"]) == "a\\,b,c\\\\"


def test_lines_are_at_most_75_octets_and_no_character_is_cut() -> None:
    text = contenttext.folded("NOTE:" + "漢字é" * 60)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.replace("\r\n ", "") == "NOTE:" + "漢字é" * 60 + "\r\n"


@given(st.lists(texts, min_size=1))
def test_what_is_written_is_read_back(values: list[str]) -> None:
    lines = [f"X:{contenttext.escaped(value)}" for value in values]
    lines.append(f"Y:{contenttext.structured(values)}")
    read = back("".join(contenttext.component("A", lines)))
    assert [contentlines.unescaped(line[2:]) for line in read[:-1]] == values
    assert contentlines.split(read[-1][2:], ";") == values
