"""The voice of the program: words and phrases that were dropped stay out of it.

Each string of `src` that is not a docstring of the code, each help text and each page of
the documentation is searched for them. The list only gets longer.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "acctcli"
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))

DROPPED = (
    r"\brhythms?\b",
    r"\bso many\b",
    r"\bmend(s|ed|ing)?\b",
    r"\bturns? it round\b",
    r"\bnear by name\b",
    r"\bgot on\b",
    r"\bdeals get on\b",
    r"\btook back\b",
    r"\btaken back\b",
    r"\btaken? it back\b",
    r"\bback with: acct\b",
    r"\bis not known\. known\b",
    r"\bnear: [a-z{]",
    r"\bone in full\b",
    r"\bno room for\b.*--columns",
    r"\bthe version and leave\b",
    r"\bleave out so\b",
    r"\bcame in closed\b",
    r"\bonce they bought\b",
    r"\bno word (for|yet)\b",
    r"\bnobody is known\b",
    r"\bnever spoken\b",
    r"\btakes most from\b",
    r"\breached within\b",
    r"\bthe house\b",
    r"\bwhat says most\b",
    r"\bwas left as it was\b",
    r"\bmust be given\b\.?$",
    r"\bunless given: \{",
    r"\bstill to come\b",
    r"\ball the same\?",
    r"\bno [a-z]+ fits\.",
    r"\bwrite over (it|what)\b",
    r"\bis there already\. to write\b",
    r"\bnot sold any more\b",
    r"\ba fault of acct\b",
    r"\blast words\b",
    r"\bfirst to call\b",
)
"""Regular expressions, asked without regard to case."""


def told() -> Iterator[tuple[str, str]]:
    """Yield each place and its text: strings of the source, of its templates, and pages."""
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        unread = docstrings(tree)
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and node not in unread
            ):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value
    for path in (*sorted(SOURCE.rglob("*.html")), *PAGES):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            yield f"{path.relative_to(ROOT)}:{number}", line


def docstrings(tree: ast.Module) -> set[ast.expr]:
    """Return the docstrings of a module but those of commands, which are their help."""
    commands = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and isinstance(node.body[0], ast.Expr)
        and any(".command(" in ast.unparse(one) for one in node.decorator_list)
    }
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)} - commands


TOLD = list(told())


@pytest.mark.parametrize("dropped", DROPPED)
def test_what_was_dropped_stays_out(dropped: str) -> None:
    pattern = re.compile(dropped, re.IGNORECASE)
    assert [f"{where}: {said}" for where, said in TOLD if pattern.search(said)] == []


def test_names_say_cadence() -> None:
    """In names of the code and keys of JSON as well."""
    sources = (*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"))
    assert [path.name for path in sources if "rhythm" in path.read_text("utf-8").lower()] == []
