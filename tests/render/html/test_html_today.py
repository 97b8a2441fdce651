from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from tests.conftest import Program


@pytest.fixture
def sample(sample_book: Path, book: Path) -> None:
    book.parent.mkdir(parents=True)
    shutil.copy(sample_book, book)


@pytest.mark.usefixtures("sample")
def test_every_reason_stands_in_full_and_the_most_urgent_account_first(run: Program) -> None:
    lines = run("today", "-f", "json").json()
    made = run("today", "--html", "-").out
    places = [made.index(line["account"].replace("&", "&amp;")) for line in lines]
    assert places == sorted(places)
    assert f"{len({line['account'] for line in lines})} accounts need you" in made
    assert "acct task done" not in made


@pytest.mark.usefixtures("sample")
def test_a_limit_says_how_many_more_there_are(run: Program) -> None:
    made = run("today", "--limit", "2", "--html", "-").out
    assert re.search(r"The first 2 of \d+ accounts; all of them: acct today --all", made)


@pytest.mark.usefixtures("sample")
def test_with_explain_it_says_how_each_rank_came_about(run: Program) -> None:
    assert "for tier strategic" in run("today", "--explain", "--html", "-").out
    assert "for tier strategic" not in run("today", "--html", "-").out
