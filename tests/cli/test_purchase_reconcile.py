"""`acct purchase reconcile`: proposed, confirmed, undone; the same file changes nothing again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Program

from acctcli.cli.kit.session import Session

HEADER = "Date,Description,Amount,Currency\n"
SURE = "2026-11-03,GREENTECH INV-41,109.00,EUR\n"
UNSURE = "2026-11-04,thank you,50.00,EUR\n"
OTHER = "2026-11-05,Somebody,900.00,EUR\n2026-11-05,RENT,-900.00,EUR\n"


@pytest.fixture
def bank(run: Program, tmp_path: Path) -> Path:
    """A statement that pays one purchase surely and one perhaps; two purchases stay open."""
    run("account", "add", "GreenTech Ltd")
    run("account", "add", "Kanso GmbH")
    credit = ("--on", "2026-10-10", "--payment", "credit")
    tax = ("--tax-rate", "9", "--invoice", "INV-41")
    run("purchase", "add", "greentech", "EUR 100", *credit, *tax)
    run("purchase", "add", "kanso", "EUR 50", *credit)
    run("purchase", "add", "kanso", "EUR 70", *credit)
    path = tmp_path / "november.csv"
    path.write_text(HEADER + SURE + UNSURE + OTHER)
    return path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that a person sits there, who types what a test gives as input."""
    monkeypatch.setattr(Session, "interactive", True)


def paid(run: Program) -> list[tuple[str, str | None, bool]]:
    rows: list[dict[str, Any]] = run("purchase", "list", "--sort", "amount", "-f", "json").json()
    return [(row["account"], row["paid_on"], row["reconciled"]) for row in rows]


OPEN = [("Kanso GmbH", None, False), ("Kanso GmbH", None, False), ("GreenTech Ltd", None, False)]
PAID = ("GreenTech Ltd", "2026-11-03", True)


def test_a_dry_run_shows_everything_and_changes_nothing(run: Program, bank: Path) -> None:
    found = run("purchase", "reconcile", bank, "--dry-run", "-f", "json").json()
    assert (found["file"], found["lines"], found["taken"]) == ("november.csv", 4, 0)
    sure, unsure = found["pairs"]
    assert sure["line"] == {
        "day": "2026-11-03",
        "amount": 109.0,
        "currency": "EUR",
        "text": "GREENTECH INV-41",
    }
    assert (sure["sure"], sure["days"], sure["reasons"]) == (True, 24, ["invoice INV-41"])
    assert sure["purchases"][0]["amount"] == 109.0
    assert (unsure["sure"], unsure["purchases"][0]["account"]) == (False, "Kanso GmbH")
    assert [line["text"] for line in found["unmatched_lines"]] == ["Somebody", "RENT"]
    assert [one["amount"] for one in found["unmatched_purchases"]] == [70.0]
    page = run("purchase", "reconcile", bank, "--dry-run").out
    assert "Sure (1)" in page
    assert "To confirm (1)" in page
    assert "Bank lines without a purchase (1)" in page
    assert "1 outgoing payment not shown" in page
    assert "invoice INV-41 · paid 24 days later" in page
    assert paid(run) == OPEN


def test_yes_takes_only_what_is_sure_and_the_same_file_changes_nothing(
    run: Program, bank: Path
) -> None:
    done = run("purchase", "reconcile", bank, "--yes")
    assert done.code == 0
    assert done.err == (
        "Reconciled 1 purchase with november.csv. Left: 1 payment to confirm, 1 bank line "
        "without a purchase and 1 purchase without a bank line.\n"
    )
    assert paid(run) == [*OPEN[:2], PAID]
    [row] = run("purchase", "list", "--reconciled", "yes", "-f", "json").json()
    assert row["paid_ref"] == "2026-11-03 109.00 EUR GREENTECH INV-41"
    again = run("purchase", "reconcile", bank, "--yes")
    assert (again.code, again.out) == (0, "")
    assert "Nothing to record from november.csv. 1 bank line reconciled already." in again.err
    assert paid(run) == [*OPEN[:2], PAID]
    assert run("undo").code == 0
    assert paid(run) == OPEN


def test_a_line_that_paid_one_purchase_never_pays_another(run: Program, bank: Path) -> None:
    run("purchase", "reconcile", bank, "--yes")
    run("purchase", "add", "greentech", "EUR 109", "--on", "2026-10-11", "--payment", "credit")
    found = run("purchase", "reconcile", bank, "--dry-run", "-f", "json").json()
    assert found["taken"] == 1
    assert all(not pair["sure"] for pair in found["pairs"])


def test_a_script_without_yes_is_refused(run: Program, bank: Path) -> None:
    done = run("purchase", "reconcile", bank)
    assert done.code == 2
    assert "2 payments found, 1 of them sure. Nothing was changed" in done.err
    assert paid(run) == OPEN


@pytest.mark.parametrize(
    ("typed", "count"),
    [("a\n", 2), ("s\n", 1), ("o\nn\ny\n", 1), ("o\ny\ny\n", 2), ("o\ny\nq\n", 1)],
)
def test_a_person_confirms_all_or_one_by_one_in_one_undo(
    run: Program, bank: Path, asked: None, typed: str, count: int
) -> None:
    done = run("purchase", "reconcile", bank, input=typed)
    assert done.code == 0
    assert "Record them?" in done.err
    assert sum(reconciled for _, _, reconciled in paid(run)) == count
    run("undo")
    assert paid(run) == OPEN


@pytest.mark.parametrize("typed", ["q\n", "", "what?\nq\n"])
def test_a_person_who_stops_changes_nothing(
    run: Program, bank: Path, asked: None, typed: str
) -> None:
    done = run("purchase", "reconcile", bank, input=typed)
    assert done.code == 130
    assert "nothing was changed" in done.err
    assert paid(run) == OPEN


def test_one_line_pays_two_purchases(run: Program, bank: Path, asked: None) -> None:
    bank.write_text(HEADER + "2026-11-03,Kanso GmbH,120,EUR\n")
    run("purchase", "reconcile", bank, input="a\n")
    rows = run("purchase", "list", "--account", "kanso", "-f", "json").json()
    assert {row["paid_ref"] for row in rows} == {"2026-11-03 120.00 EUR Kanso GmbH"}


def test_a_statement_from_stdin_needs_an_answer_beforehand(run: Program, bank: Path) -> None:
    typed = bank.read_text()
    assert run("purchase", "reconcile", "-", input=typed).code == 2
    assert run("purchase", "reconcile", "-", "--yes", input=typed).code == 0
    assert paid(run)[2] == PAID


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--map", "day"), '--map "day" names no column'),
        (("--decimal", "dot"), '--decimal "dot"'),
        (("--currency", "EURO"), "--currency EURO is not"),
    ],
)
def test_mistakes_in_options(
    run: Program, bank: Path, words: tuple[str, ...], message: str
) -> None:
    done = run("purchase", "reconcile", bank, *words)
    assert done.code in (2, 4)
    assert message in done.err


def test_an_unpaid_purchase_is_found_and_one_that_is_no_longer_paid_has_no_line(
    run: Program, bank: Path
) -> None:
    run("purchase", "reconcile", bank, "--yes")
    assert len(run("purchase", "list", "--unreconciled", "-f", "ids").out.split()) == 2
    [id] = run("purchase", "list", "--reconciled", "yes", "-f", "ids").out.split()
    run("purchase", "edit", id, "--paid-on", "")
    assert len(run("purchase", "list", "--unreconciled", "-f", "ids").out.split()) == 3
    assert run("purchase", "list", "--where", "paid_ref is not empty", "-f", "ids").out == ""
