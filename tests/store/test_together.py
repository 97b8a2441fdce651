"""What can only be refused when all rows of an import are judged."""

from __future__ import annotations

from pathlib import Path

from tests.store.imported import judged, source
from tests.store.making import writing

from acctcli.store.together import pointed_to, written


def test_companies_above_each_other_are_refused(tmp_path: Path) -> None:
    rows = [
        {"name": "Acme", "parent": "Birch"},
        {"name": "Birch", "parent": "Acme"},
        {"name": "Cedar", "parent": "Acme"},
    ]
    with writing(tmp_path / "book.db") as tx:
        [file] = judged(tx, source("account", rows)).files
    reasons = dict(file.refused)
    assert reasons[2] == reasons[3]
    assert "circle" in reasons[2] or "itself" in reasons[2]
    assert not list(written(file)), "what is below a refused company is refused as well"


def test_the_records_that_a_row_names_are_found_by_id(tmp_path: Path) -> None:
    with writing(tmp_path / "book.db") as tx:
        accounts = source("account", [{"name": "Acme"}])
        people = source("contact", [{"name": "Mei Tan", "account": "Acme"}])
        of_accounts, of_people = judged(tx, accounts, people).files
    [account], [person] = written(of_accounts), written(of_people)
    assert pointed_to(of_people, person) == [account.id]
