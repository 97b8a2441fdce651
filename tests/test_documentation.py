"""What the documentation names: files, headings, commands and options, all of which exist."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from acctcli.main import root

ROOT = Path(__file__).parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


@cache
def tokens(page: Path) -> Sequence[Token]:
    """Return everything in a page, and each part of a paragraph by itself."""
    whole = MarkdownIt().enable("table").parse(page.read_text(encoding="utf-8"))
    return [one for token in whole for one in (token, *(token.children or ()))]


@cache
def anchors(page: Path) -> set[str]:
    """Return what `#…` may name in a page: its headings in lower case, with hyphens for spaces.

    If two headings are the same, the second one ends in -1.
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
    """Return why a link leads nowhere, or None; links to other sites are not checked."""
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


def test_the_pictures_are_drawn_and_load_nothing() -> None:
    drawn = sorted((ROOT / "docs" / "pictures").glob("*.svg"))
    screens = ("today", "account", "board", "week")
    assert {path.stem for path in drawn} == {
        f"{screen}-{size}-{ground}"
        for screen in screens
        for size in ("80x24", "120x40")
        for ground in ("light", "dark")
    }
    for path in drawn:
        svg = path.read_text(encoding="utf-8")
        assert "".join(ElementTree.fromstring(svg).itertext()).strip(), path.name
        assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)[^\"')]+", svg) == []


def test_the_pictures_in_the_readme_exist() -> None:
    named = re.findall(r'(?:src|srcset)="([^"]+)"', (ROOT / "README.md").read_text("utf-8"))
    assert named
    assert [name for name in named if not (ROOT / name).is_file()] == []


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


@cache
def below(*path: str) -> Any:
    """Return the command or group at this path of the command tree, or None."""
    return below(*path[:-1]).get_command(None, path[-1]) if path else root()


def is_group(command: Any) -> bool:
    return hasattr(command, "list_commands")


def options_of(command: Any) -> set[str]:
    return {"--help", *(name for one in command.params for name in one.opts + one.secondary_opts)}


@cache
def every_option() -> frozenset[str]:
    """Return the options of all commands."""
    found = options_of(root())
    found.update(option for _, command in root().every() for option in options_of(command))
    return frozenset(found)


def command_problem(line: str) -> str | None:
    """Return which command or option of a line `acct …` does not exist, or None."""
    words = shlex.split(line, comments=True)[1:]
    while words[:1] and words[0] in options_of(root()) - {"--help", "--version"}:
        del words[:2]  # --db FILE
    path: list[str] = []
    while words and is_group(below(*path)) and not words[0].startswith("-"):
        if words[0].isupper():  # COMMAND stands for any
            return None
        if below(*path, words[0]) is None:
            return f"{line}: no command {words[0]}"
        path.append(words.pop(0))
    known = options_of(below(*path)) | options_of(root())
    unknown = [one for one in words if re.match(r"--\w", one) and one.split("=")[0] not in known]
    return f"{line}: no option {unknown[0]}" if unknown else None


def commands_in(page: Path) -> Iterator[str]:
    """Yield every `acct …` in the prose and in the shell examples of a page."""
    for token in tokens(page):
        if token.type == "code_inline" or (
            token.type == "fence" and token.info in ("sh", "console")
        ):
            for line in token.content.splitlines():
                for part in line.removeprefix("$ ").split("|"):
                    if part.strip().startswith("acct ") and part.count('"') % 2 == 0:
                        yield part.strip()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_that_a_page_names_exist(page: Path) -> None:
    found = [said for line in commands_in(page) if (said := command_problem(line))]
    assert found == []


def test_a_command_that_does_not_exist_is_found() -> None:
    assert command_problem("acct account list --tier key") is None
    assert command_problem("acct --db book.db today --limit 6 > out") is None
    assert command_problem("acct account fly") == "acct account fly: no command fly"
    assert command_problem("acct today --fly") == "acct today --fly: no option --fly"


def test_the_options_in_the_glossary_exist() -> None:
    named = {
        word
        for token in tokens(ROOT / "docs" / "terms.md")
        if token.type == "code_inline"
        for word in token.content.split()
        if word.startswith("--")
    }
    assert "--tier" in named
    assert named - every_option() == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_command_is_broken_over_lines(page: Path) -> None:
    """A reader who copies it gets all of it."""
    broken = [
        found[0]
        for token in tokens(page)
        if token.type == "inline"
        for found in re.finditer(r"(`+)(.+?)\1", token.content, re.DOTALL)
        if "\n" in found[0]
    ]
    assert broken == []


# The map of the source

SOURCE = ROOT / "src" / "acctcli"
ARCHITECTURE = ROOT / "docs" / "architecture.md"


def test_the_layers_of_the_page_are_those_that_are_checked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (checked,) = (
        contract["layers"]
        for contract in project["tool"]["importlinter"]["contracts"]
        if contract["id"] == "layers"
    )
    fences = [t.content.splitlines() for t in tokens(ARCHITECTURE) if t.type == "fence"]
    assert checked in fences, "copy the layers of pyproject.toml into docs/architecture.md"


def test_every_room_of_the_source_is_on_the_map() -> None:
    rooms = {
        f"{path.name}/" if path.is_dir() else path.name
        for path in SOURCE.iterdir()
        if (path / "__init__.py").exists() or path.suffix == ".py"
    }
    rows = re.findall(r"(?m)^\| (`[^|]+`) \|", ARCHITECTURE.read_text(encoding="utf-8"))
    named = {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
    paths = {name for name in named if "/" in name or name.endswith(".py")}
    assert {name for name in paths if not (SOURCE / name).exists()} == set()
    assert rooms - {"__init__.py"} - paths == set(), "say in docs/architecture.md what lives there"
