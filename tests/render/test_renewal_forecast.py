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


def test_a_rate_that_is_assumed_is_of_no_contracts(run: Program) -> None:
    run("account", "add", "Acme", "--status", "customer")
    lasts = ("--starts", "2026-01-01", "--ends", "2026-12-31", "--recurring", "yearly")
    assert run("purchase", "add", "acme", "SGD 100", *lasts).code == 0
    drawn = run("report", "renewals", "-f", "table").out
    assert "assumed: none was due yet" in drawn
    assert "0 of 0" not in drawn
