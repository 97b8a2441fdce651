"""Nesting has no limit: accounts below accounts, people below people, lists in files.

Deeper than Python's recursion limit, every command still answers.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once

from acctcli.render import emit, parts

LEVELS = 1500


@pytest.fixture
@filled_once
def deep(run: Program, home: Path) -> None:
    """Make a chain of accounts, each below the one before, and a chain of people at the first."""
    chains = [("name,parent", "Acme {}", ""), ("name,reports_to,account", "Mei {}", ",Acme 0")]
    for header, name, rest in chains:
        lines = [header, f"{name.format(0)},{rest}"]
        lines += [f"{name.format(n)},{name.format(n - 1)}{rest}" for n in range(1, LEVELS)]
        file = home / f"{name[:4].strip()}.csv"
        file.write_text("\n".join(lines) + "\n")
        do(run, ("import", str(file)))


def below(found: Any, names: str) -> list[str]:
    """Return the names of a tree in JSON that has one branch, from the top down."""
    said = []
    while found:
        said.append(found["name"])
        found = (found[names] or [None])[0]
    return said


@pytest.mark.slow
@pytest.mark.usefixtures("deep")
@pytest.mark.parametrize(
    ("words", "tops", "names", "called"),
    [
        (("account", "tree"), "families", "children", "Acme"),
        (("contact", "map", "Acme 0"), "people", "reports", "Mei"),
        (("review", "brief", "Acme 0"), "people", "reports", "Mei"),
    ],
)
def test_a_tree_of_any_depth_is_shown_whole(
    run: Program, tmp_path: Path, words: tuple[str, ...], tops: str, names: str, called: str
) -> None:
    everybody = [f"{called} {n}" for n in range(LEVELS)]
    for format in ("json", "jsonl"):
        done = run(*words, "-f", format)
        assert done.code == 0, done.err
        # Reading it takes another program, or a reader with as much room as this.
        (top,) = deep_json(done.out)[tops]
        assert below(top, names) == everybody
    for columns in ("80", "20"):
        for asked in ((), ("-f", "md")):
            done = run(*words, *asked, env={"COLUMNS": columns})
            assert done.code == 0, done.err
            shown = " ".join(re.sub(r"[^\w ]", " ", done.out).split())
            last = f"{called} {LEVELS - 1}"
            assert last in shown or columns == "20", done.out[-300:]
            assert f"level {LEVELS}" in shown or columns == "20"
    if words[0] == "review":
        file = tmp_path / "brief.html"
        assert run(*words, "--html", file).code == 0
        written = file.read_text()
        assert all(f"<strong>{name}</strong>" in written for name in everybody)
        assert written.count("<ul") == written.count("</ul>")
        assert written.count("<li") == written.count("</li>")


def deep_json(text: str) -> Any:
    """Parse JSON of any depth; Python's own parser stops at its recursion limit."""
    waiting: list[Any] = []
    place: Any = []
    name = None
    for sign in re.findall(r'"(?:[^"\\]|\\.)*"|[\[\]{}]|[^\s",:\[\]{}]+|:', text):
        if sign in "[{":
            new: Any = [] if sign == "[" else {}
            put(place, name, new)
            waiting.append(place)
            place, name = new, None
        elif sign in "]}":
            place, name = waiting.pop(), None
        elif sign == ":":
            continue
        elif isinstance(place, dict) and name is None:
            name = json.loads(sign)
        else:
            put(place, name, json.loads(sign))
            name = None
    return place[0]


def put(place: Any, name: str | None, value: Any) -> None:
    """Put a value into a list, or into an object under a name."""
    if isinstance(place, dict):
        place[name] = value
    else:
        place.append(value)


@pytest.mark.usefixtures("deep")
def test_what_else_looks_up_or_down_the_chain(run: Program) -> None:
    for words, code in (
        (("account", "edit", "Acme 0", "--parent", f"Acme {LEVELS - 1}"), 4),
        (("contact", "edit", "Mei 0", "--reports-to", f"Mei {LEVELS - 1}"), 4),
        (("account", "show", f"Acme {LEVELS - 1}"), 0),
        (("report", "quality"), 0),
        (("account", "merge", "Acme 0", f"Acme {LEVELS - 1}", "--yes"), 0),
        (("undo",), 0),
        (("contact", "merge", f"Mei {LEVELS - 1}", "Mei 0", "--yes"), 0),
        (("undo",), 0),
        (("db", "check"), 0),
    ):
        done = run(*words)
        assert (done.code, "bug in acct" in done.err) == (code, False), (words, done.err)


def test_json_is_the_same_however_deep_it_lies() -> None:
    value: Any = {"a": [1, None, True, "x\u202e", {}, [], {"b": [[2]]}], "c": (3,)}
    for indent in (True, False):
        flat = emit.to_json(value, indent=indent)
        deep = emit.to_json(value, indent=indent, depth=1000)
        assert json.loads(flat) == json.loads(deep)
        assert json.loads(flat)["c"] == [3]
        assert "\u202e" not in deep


def test_a_circle_in_a_damaged_book_is_shown_all_the_same(run: Program, book: Path) -> None:
    from tests import books

    do(run, ("account", "add", "A"), ("account", "add", "B", "--parent", "A"))
    books.change(book, "UPDATE account SET parent_id = (SELECT id FROM account WHERE name = 'B')")
    for words in (("account", "tree"), ("account", "tree", "A"), ("account", "show", "A")):
        done = run(*words)
        assert done.code == 0, done.err
        assert "B" in done.out


def test_a_step_back_up_closes_as_many_lists() -> None:
    from acctcli.render.html.document import steps

    leaf: dict[str, Any] = {"name": "d", "below": []}
    tree = [{"name": "a", "below": [{"name": "b", "below": [leaf]}]}, leaf]
    assert [(one and one["name"], step) for one, _, step in steps(tree, "below")] == [
        *[("a", 1), ("b", 1), ("d", 1), ("d", -2), (None, 0)]
    ]
    assert list(steps([], "below")) == []
    assert parts.level_said(parts.DEEPEST) == ""
