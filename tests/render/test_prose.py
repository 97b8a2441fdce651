"""Pages of sections: the same lines for a terminal and in Markdown, safe in both."""

from __future__ import annotations

from datetime import date
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from acctcli.render import prose
from acctcli.render.prose import Days, ProseLine

TODAY = date(2026, 11, 22)
SECTIONS = [
    ("People", [ProseLine("Mei Tan, CFO"), ProseLine("Bo", "", 1)]),
    ("Deals", [ProseLine("*Rollout*")]),
]


def test_markdown_has_a_heading_and_a_list_for_each_section() -> None:
    assert list(prose.markdown(SECTIONS)) == [
        *("", "## People", "", "- Mei Tan, CFO", "  - Bo"),
        *("", "## Deals", "", r"- \*Rollout\*"),
    ]


def test_a_terminal_has_each_line_behind_a_mark() -> None:
    console = Console(file=StringIO(), width=40, color_system=None)
    for part in prose.drawn(SECTIONS):
        console.print(part)
    assert console.file.getvalue().split("\n")[1:4] == ["People", " · Mei Tan, CFO", "   · Bo"]  # type: ignore[attr-defined]


@given(st.text())
def test_an_escaped_text_is_one_line_without_live_markup(says: str) -> None:
    found = prose.escaped(says)
    assert len(found.splitlines()) <= 1
    bare = found.replace("\\\\", "")
    for place, sign in enumerate(bare):
        if sign in "*_`[]<>|~#":
            assert bare[place - 1] == "\\"


def test_days_are_said_for_people_or_written_for_later() -> None:
    people, document = Days(TODAY, TODAY), Days(TODAY, None)
    assert (people.day("2026-11-21"), document.day("2026-11-21")) == ("yesterday", "2026-11-21")
    assert document.due("2026-11-21") == "2026-11-21, late"
    assert people.due("2026-11-22") == "today"
    assert people.last(None) == "no contact yet"
