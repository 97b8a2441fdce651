"""Rules for the source code as a whole that no other tool checks."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent
SOURCE = TESTS.parent / "src" / "acctcli"

WITHOUT_MIRROR = {
    "cli/account.py",
    "cli/kit/questions.py",
    "cli/kit/offers.py",
    "cli/search.py",
    "cli/interview.py",
    "cli/kit/options.py",
    "cli/kit/ranking.py",
    "cli/kit/session.py",
    "cli/kit/helptext.py",
    "csvtext.py",
    "domain/agenda_words.py",
    "domain/reasons.py",
    "errors.py",
    "render/account.py",
    "render/agenda.py",
    "render/brief.py",
    "render/customers.py",
    "render/deal_board.py",
    "render/deal_forecast.py",
    "render/deals.py",
    "render/figures.py",
    "render/health.py",
    "render/html/account.py",
    "render/html/document.py",
    "render/html/reports.py",
    "render/html/svg.py",
    "render/html/week.py",
    "render/importing.py",
    "render/map.py",
    "render/parts.py",
    "render/people.py",
    "render/pipeline.py",
    "render/plan.py",
    "render/quality.py",
    "render/ranking.py",
    "render/renewals.py",
    "render/reports.py",
    "results.py",
    "render/reviews.py",
    "render/score.py",
    "render/timeline.py",
    "store/columns.py",
    "store/leftovers.py",
    "store/names.py",
    "store/presets.py",
    "store/sanity.py",
    "store/shell.py",
    "store/where_sql.py",
}
"""Modules that are only tested through others so far."""


MODULES = [
    path.relative_to(SOURCE).as_posix()
    for path in sorted(SOURCE.rglob("*.py"))
    if not path.name.startswith("__")
]


def has_mirror(module: str) -> bool:
    """Whether a module has its own test file; if two have the same name, with the folder in it.

    Judgements test their facts, and pages test all shapes together.
    """
    path = Path(module)
    if path.parent.name == "shapes":
        return (TESTS / "test_shapes.py").exists()
    folder = TESTS / path.parent
    name = path.name.replace("_facts.py", ".py")
    names = (f"test_{name}", f"test_{path.parent.name}_{name}")
    return any((folder / name).exists() for name in names)


def test_a_module_has_a_test_file_of_its_own() -> None:
    missing = {module for module in MODULES if not has_mirror(module)}
    assert missing - WITHOUT_MIRROR == set(), "a new module gets a test file"
    assert WITHOUT_MIRROR - missing == set(), "it has one now, or is gone: take it off the list"


def test_what_typer_keeps_to_itself_is_used_in_one_place() -> None:
    inside = r"typer\.(_click|core|main|models|params|utils)"
    assert {one.partition(":")[0] for one in lines_with(inside)} == {"cli/kit/typer_inside.py"}


def lines_with(pattern: str) -> list[str]:
    return [
        f"{path.relative_to(SOURCE)}:{number}"
        for path in SOURCE.rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_no_statement_numbers_its_parameters() -> None:
    # With `?1` and a sequence, Python 3.12 warns that a later version will refuse the call.
    assert lines_with(r"(?<!\\\()\?[1-9]") == []


def test_no_expression_is_possessive() -> None:
    # Python 3.11.2, as Debian 12 has it, matches `(…)*+` and `(?>…)` wrongly.
    assert lines_with(r"(?<!\()[)\]][*+?]\+|\(\?>") == []
