"""The renewal forecast on a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Program


@pytest.mark.parametrize("columns", [40, 80])
def test_quarters_and_contracts(run: Program, sample_book: Path, columns: int) -> None:
    words = ("--db", sample_book, "report", "renewals", "-f", "table")
    drawn = run(*words, env={"COLUMNS": str(columns)}).out
    assert max(map(len, drawn.splitlines())) <= columns
    flat = " ".join(drawn.split())
    for part in ("renewal rate", "By quarter", "Ending next", "acct purchase renewals"):
        assert part in flat
    assert "Q1 2027" in flat or columns < 80


def test_nothing_to_renew(run: Program) -> None:
    run("account", "add", "Acme")
    assert "No recurring contract ends" in run("report", "renewals", "-f", "table").out
