"""What links in the documentation lead to: files that are there, headings that are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


def tokens(page: Path) -> Iterator[Token]:
    """Everything in a page, the parts of a paragraph each by itself."""
    for token in MarkdownIt().enable("table").parse(page.read_text(encoding="utf-8")):
        yield token
        yield from token.children or ()


@cache
def anchors(page: Path) -> set[str]:
    """What `#…` may name in a page: its headings in small letters, with hyphens for spaces.

    Of headings that are called the same, the second ends in -1.
    """
    found: dict[str, int] = {}
    for before, token in pairwise(tokens(page)):
        if before.type == "heading_open":
            shown = "".join(one.content for one in token.children or ())
            name = re.sub(r"[^\w\- ]", "", shown.strip().lower()).replace(" ", "-")
            found[name] = found.get(name, 0) + 1
    return {f"{name}-{n}" if n else name for name, count in found.items() for n in range(count)}


def links(page: Path) -> Iterator[str]:
    for token in tokens(page):
        for name in ("href", "src"):
            if (target := token.attrGet(name)) is not None:
                yield str(target)


def problem(page: Path, link: str) -> str | None:
    """Why a link leads nowhere, or nothing; what is elsewhere is not looked at."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    target = page.parent / unquote(parts.path) if parts.path else page
    if not target.exists():
        return f"{link}: no such file"
    if parts.fragment and parts.fragment not in anchors(target):
        return f"{link}: no such heading"
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_something(page: Path) -> None:
    assert [said for link in links(page) if (said := problem(page, link))] == []


def test_the_pages_are_linked_from_somewhere() -> None:
    linked = {
        (page.parent / urlsplit(link).path).resolve() for page in PAGES for link in links(page)
    }
    assert {page for page in PAGES if page.parent.name == "docs"} <= linked


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A `b`, c!\n## A b c\n[a](#a-b-c) [b](#a-b-c-1) [c](#a-b-c-2) [d](x.md) [e](page.md)\n"
        "![f](x%20y.png)\n\n| table |\n|---|\n| [g](page.md#nowhere) <https://example.com> |\n"
    )
    assert [said for link in links(page) if (said := problem(page, link))] == [
        "#a-b-c-2: no such heading",
        "x.md: no such file",
        "x%20y.png: no such file",
        "page.md#nowhere: no such heading",
    ]
