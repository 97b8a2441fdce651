"""`acct report winloss` on a screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Program
from tests.filling import filled_once


@pytest.fixture
@filled_once
def sold(run: Program) -> None:
    run("account", "add", "Acme", "--source", "web")
    for n in range(16):
        words = ["--stage", "won" if n % 4 else "lost", "--close", "2026-11-01"]
        run("deal", "add", "acme", f"W{n}", "--amount", f"{n + 1}k SGD", "--type", "new", *words)
    for n in range(8):
        words = ["--stage", "lost", "--close", "2026-11-01", "--lost-reason", "Price"]
        run("deal", "add", "acme", f"L{n}", "--amount", "50k SGD", "--type", "upsell", *words)


@pytest.mark.usefixtures("sold")
def test_what_stands_out_comes_first_in_whole_sentences(run: Program) -> None:
    page = run("report", "winloss").out
    assert "12 of 24 closed deals won (50 %, 31 to 69 %)\n" in page
    assert (
        "Won more often: type new, 12 of 16 (75 %, 50 to 90 %); others 0 of 8 (0 %, 0 to\n32 %).\n"
        in page
    )
    assert "upsell" in page
    assert "largest third, 50k SGD" in page
    assert "Not compared, since closed deals do not tell: competitor and people" in page


def test_a_book_without_closed_deals_says_so(run: Program, home: Path) -> None:
    page = run("report", "winloss").out
    assert page.endswith("No deal closed: acct deal win, acct deal lose\n")
