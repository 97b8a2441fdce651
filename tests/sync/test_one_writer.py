"""Only `Writing` changes records: a change without a journal would never reach other machines."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

STORE = Path(__file__).parents[2] / "src" / "acctcli" / "store"

OWN = {
    "command", "change", "added", "bundle", "erased", "preset", "search", "search_doc",
    "touched", "going", "noted", "unread", "cell", "gone", "temp",
}  # fmt: skip
"""Tables that do not travel, and temporary ones."""

AROUND = {
    "journal.py": "it is the one writer",
    "check.py": "db check --fix makes keys of names again, which every machine makes for itself",
    "erase.py": "erasing leaves no journal; the sync sends it as a change of its own kind",
    "adopting.py": "an upgrade gives a new field its values, the same on every machine",
    "sync/merging.py": "it tries which rows the tables refuse, and rolls that back",
    "sync/overview.py": "it empties the tables of the exchange",
    "staged.py": "it fills the tables of a book in memory, from a bundle",
}
"""Modules that change records themselves, and why nothing is lost by it."""

CHANGING = re.compile(
    r"\b(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM|REPLACE\s+INTO)\s+"
    r'(?!SET\b)(?:main\.)?"?(?P<table>\w+|\{\})',
)
"""A statement that changes a table; `{}` stands for a name that is only known at run time."""


def texts(tree: ast.AST) -> Iterator[str]:
    """Yield every text of a module that is no docstring, with {} for what is filled in."""
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    inner = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
            )
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in documented | inner
        ):
            yield node.value


def changed(path: Path) -> set[str]:
    """Return the tables that a module changes; {} for one that it names at run time."""
    return {
        match["table"]
        for text in texts(ast.parse(path.read_text("utf-8")))
        for match in CHANGING.finditer(text)
        if match["table"] not in OWN and not match["table"].startswith(("sync_", "handed"))
    }


def test_records_are_changed_in_one_place() -> None:
    found = {
        path.relative_to(STORE).as_posix(): changed(path)
        for path in STORE.rglob("*.py")
        if "steps" not in path.parts
    }
    writing = {name for name, tables in found.items() if tables}
    assert writing - AROUND.keys() == set(), {n: found[n] for n in writing - AROUND.keys()}
    assert AROUND.keys() - writing == set(), "it changes nothing by now: take it off the list"


def test_the_test_sees_a_statement_however_it_is_made(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(
        '"""UPDATE account SET name = 1 is what it does not do."""\n'
        "con.execute(f'UPDATE main.\"{table}\" SET x = 1')\n"
        "con.execute('INSERT OR IGNORE INTO deal VALUES (1)')\n"
        "con.execute('DELETE FROM change')\n"
    )
    assert changed(path) == {"{}", "deal"}
