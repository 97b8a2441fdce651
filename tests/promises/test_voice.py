"""The voice of the program: words and phrases that were dropped stay out of it.

Each string of `src`, each help text and each page of the documentation is searched for the first
list; docstrings and comments of the code and its tests are searched for both. The lists only get
longer.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator, Sequence
from functools import cache
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
"""Regular expressions, without regard to case."""

DROPPED_IN_CODE = (
    r"\btold\b",
    r"\bwhom (nobody|somebody|everybody)\b",
    r"\bwhoever\b",
    r"'s to (say|know|judge|decide)\b",
    r"\bis for [`\w.]+ to (say|know|judge|decide)\b",
    r"\b(a|one|each a) (line|row|file|column|text|result|entry|command) an? [a-z]+\b",
    r"\bgets? on\b",
    r"\b(gave|gives?) way\b",
    r"\b(takes?|takes it|taken it|took it) back\b",
    r"\bwhat is no [a-z]+\b",
    r"\bthose that there are\b",
    r"\bif need be\b",
    r"\ball the same[.:;,]",
    r"\bsaid of (it|them)\b",
    r"\bstands? (there|in the place|beside it)\b",
    r"\bdearest\b",
    r"\bas good a (one|name)\b",
)
"""The same for docstrings and comments."""

NOUN_CLAUSE = re.compile(r"(What|Who|Whom|Whose|Where|Which|How|Of|So|That)\b")
"""How the docstring of a function does not begin: it says what is returned, or what to do."""


CODE = tuple(
    path
    for folder in (SOURCE, *(ROOT / name for name in ("tests", "bench", "docs")))
    for path in sorted(folder.rglob("*.py"))
    if path != Path(__file__)
)


def said() -> Iterator[tuple[str, str]]:
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
    nodes = tuple(ast.walk(tree))
    commands = {
        node.body[0].value
        for node in nodes
        if isinstance(node, ast.FunctionDef)
        and isinstance(node.body[0], ast.Expr)
        and any(".command(" in ast.unparse(one) for one in node.decorator_list)
    }
    return {node.value for node in nodes if isinstance(node, ast.Expr)} - commands


def explained() -> Iterator[tuple[str, str]]:
    """Yield each place and its text: docstrings and comments of all code, on one line each."""
    for path in CODE:
        source = path.read_text("utf-8")
        place = path.relative_to(ROOT)
        for node in docstrings(ast.parse(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield f"{place}:{node.lineno}", " ".join(node.value.split())
        comment, begun, last = "", 0, -1
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                line = token.start[0]
                if line != last + 1 or not token.line.lstrip().startswith("#"):
                    yield f"{place}:{begun}", comment
                    comment, begun = "", line
                comment, last = f"{comment} {token.string.strip('# ')}", line
        yield f"{place}:{begun}", comment


def beginnings() -> Iterator[tuple[str, str]]:
    """Yield each function of the source and its docstring; properties are named as values."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                decorators = {ast.unparse(one) for one in node.decorator_list}
                if not decorators & {"property", "cached_property", "functools.cached_property"}:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", ast.get_docstring(node) or ""


@cache
def texts(search: Callable[[], Iterator[tuple[str, str]]]) -> Sequence[tuple[str, str]]:
    """Return what one of these searches finds; it reads all files once."""
    return tuple(search())


@pytest.mark.parametrize("dropped", DROPPED)
def test_what_was_dropped_stays_out(dropped: str) -> None:
    pattern = re.compile(dropped, re.IGNORECASE)
    assert [f"{where}: {text}" for where, text in texts(said) if pattern.search(text)] == []


@pytest.mark.parametrize("dropped", [*DROPPED, *DROPPED_IN_CODE])
def test_what_was_dropped_stays_out_of_docstrings_and_comments(dropped: str) -> None:
    pattern = re.compile(dropped, re.IGNORECASE)
    assert [f"{where}: {text}" for where, text in texts(explained) if pattern.search(text)] == []


def test_the_docstring_of_a_function_is_no_noun_clause() -> None:
    assert [f"{where}: {text}" for where, text in beginnings() if NOUN_CLAUSE.match(text)] == []


def test_names_say_cadence() -> None:
    """In names of the code and keys of JSON as well."""
    sources = (*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"))
    assert [path.name for path in sources if "rhythm" in path.read_text("utf-8").lower()] == []
