"""The shape of the source: the direction of imports, and the size of packages."""

from __future__ import annotations

import ast
import graphlib
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import grimp

SOURCE = Path(__file__).parents[1] / "src" / "acctcli"

LONG: dict[str, str] = {}
"""Modules of more than 500 lines, with the reason for each: the list only gets shorter."""

MOST_LINES = 500
MOST_OF_ALL = 0.25
MOST_OF_COMMANDS = 0.18


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def lines_below(folder: str) -> int:
    return sum(map(lines, (SOURCE / folder).rglob("*.py")))


def test_no_imports_go_in_a_circle() -> None:
    """Imports inside functions count; imports for type checkers do not."""
    graph = grimp.build_graph("acctcli", exclude_type_checking_imports=True, cache_dir=None)
    needs = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    # Raises CycleError, which names the modules of a circle.
    assert len(list(graphlib.TopologicalSorter(needs).static_order())) == len(graph.modules)


def test_no_module_is_long() -> None:
    long = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if lines(path) > MOST_LINES
    }
    assert long - LONG.keys() == set(), "part it"
    assert LONG.keys() - long == set(), "it is short by now: take it off the list"


def test_no_room_is_most_of_the_house() -> None:
    rooms = {p.name: lines_below(p.name) for p in SOURCE.iterdir() if (p / "__init__.py").exists()}
    biggest = max(rooms, key=lambda name: rooms[name])
    assert rooms[biggest] < MOST_OF_ALL * lines_below("."), f"{biggest} is the largest: {rooms}"
    # A share, because every command adds a few lines: what it does stands in other rooms.
    assert rooms["cli"] < MOST_OF_COMMANDS * lines_below(".")


def top_level(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    """The public names that a module gives to classes and types, each with its statement."""
    for statement in ast.parse(path.read_text("utf-8")).body:
        match statement:
            case ast.ClassDef(name=name):
                yield name, statement
            case ast.Assign(targets=[ast.Name(id=name)]) if (
                name[0].isupper() and not name.isupper()
            ):
                yield name, statement


def test_the_name_of_a_class_names_nothing_else() -> None:
    """Readers cannot distinguish two classes of one name, or a class and a type."""
    found = defaultdict[str, list[str]](list)
    classes = set()
    for path in SOURCE.rglob("*.py"):
        for name, statement in top_level(path):
            if not name.startswith("_"):
                found[name].append(path.relative_to(SOURCE).as_posix())
                if isinstance(statement, ast.ClassDef):
                    classes.add(name)
    twice = {name: places for name, places in found.items() if len(places) > 1}
    assert {name: places for name, places in twice.items() if name in classes} == {}
    assert twice.keys() & {"Row", "Line", "Deal", "Rules", "Values"} == set()


def test_what_is_changed_is_no_frozen() -> None:
    """A field that is a list, a dict or a set can be changed: `Sequence` says that it is not."""
    changing = [
        f"{path.relative_to(SOURCE)}: {name}.{ast.unparse(field.target)}"
        for path in SOURCE.rglob("*.py")
        for name, statement in top_level(path)
        if isinstance(statement, ast.ClassDef)
        and any(ast.unparse(base) == "Frozen" for base in statement.bases)
        for field in statement.body
        if isinstance(field, ast.AnnAssign)
        and ast.unparse(field.annotation).startswith(("list[", "dict[", "set["))
    ]
    assert changing == []


def test_the_book_has_no_sql() -> None:
    """Import rules do not see a statement in a string."""
    sql = re.compile(r"\.execute(many|script)?\(|\bSELECT\b.+\bFROM\b|\bWHERE\b .+ (=|IN|IS)\b")
    found = [
        f"{path.relative_to(SOURCE)}:{number}"
        for path in sorted((SOURCE / "book").rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if sql.search(line)
    ]
    assert found == []
