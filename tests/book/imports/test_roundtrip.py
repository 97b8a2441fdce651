"""An export, edited in a spreadsheet, and imported: as exported, as edited, as it is now."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Program

from acctcli.book.imports import roundtrip

Row = dict[str, str]

LATER = {"ACCTCLI_TODAY": "2026-11-28 09:00"}
"""A day after the export."""


class Sheet:
    """An export, as a spreadsheet holds it."""

    def __init__(self, run: Program, kind: str, folder: Path) -> None:
        self.run = run
        self.file = folder / f"{kind}.csv"
        done = run("export", "--as", kind)
        assert done.code == 0, done.err
        self.rows = list(csv.DictReader(io.StringIO(done.out)))

    def row(self, name: str, title: str = "name") -> Row:
        return next(row for row in self.rows if row[title] == name)

    def save(self, delimiter: str = ",", encoding: str = "utf-8") -> Path:
        text = io.StringIO()
        writer = csv.DictWriter(text, list(self.rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(self.rows)
        self.file.write_text(text.getvalue(), encoding=encoding)
        return self.file

    def back(self, *words: str, code: int = 0, **save: Any) -> str:
        """Import the file a day later; return what is said."""
        done = self.run("import", self.save(**save), *words, env=LATER)
        assert done.code == code, done.err
        return done.err

    def shown(self, *words: str) -> dict[str, Any]:
        """Return the dry run as data."""
        done = self.run("import", self.save(), "--dry-run", *words, "-f", "json", env=LATER)
        assert done.code == 0, done.err
        found: dict[str, Any] = done.json()["files"][0]
        return found


@pytest.fixture
def account(run: Program) -> Callable[[str], dict[str, Any]]:
    def find(name: str) -> dict[str, Any]:
        records = run("export", "--as", "account", "-f", "json").json()
        found: dict[str, Any] = next(one for one in records if one["name"] == name)
        return found

    return find


@pytest.fixture
def sheet(run: Program, tmp_path: Path) -> Sheet:
    for words in (
        ("Acme", "--city", "Lund", "--tier", "smb", "--tag", "expo", "--employees", "1200"),
        ("Birch", "--city", "Oslo", "--phone", "+4722222222", "--postal-code", "0151"),
        ("Cedar", "--city", "Rome", "--revenue", "12000.50 EUR", "--phone", "+4915112345678"),
    ):
        assert run("account", "add", *words).code == 0
    return Sheet(run, "account", tmp_path)


def edit(run: Program, *words: str) -> None:
    done = run("account", "edit", *words, env=LATER)
    assert done.code == 0, done.err


def test_nothing_edited_is_nothing_to_import(sheet: Sheet) -> None:
    assert "Nothing to import: 3 accounts, already up to date." in sheet.back()


def test_an_edited_cell_is_taken_and_the_rest_is_left_alone(
    sheet: Sheet, run: Program, account: Callable[[str], dict[str, Any]]
) -> None:
    edit(run, "Acme", "--tier", "key", "--add-tag", "vip")
    edit(run, "Birch", "--city", "Bergen")
    sheet.row("Acme")["city"] = "Malmö"
    [change] = sheet.shown()["changes"]
    assert change["fields"] == {"city": {"ours": "Lund", "theirs": "Malmö"}}
    assert "2 new" not in sheet.back()
    acme = account("Acme")
    assert (acme["city"], acme["tier"], acme["tags"]) == ("Malmö", "key", ["expo", "vip"])
    assert account("Birch")["city"] == "Bergen", "the file has the old city, which nobody edited"


def test_a_value_that_both_changed_stays_unless_the_files_is_asked_for(
    sheet: Sheet, run: Program, account: Callable[[str], dict[str, Any]]
) -> None:
    edit(run, "Acme", "--city", "Kiruna", "--add-tag", "vip")
    sheet.row("Acme").update(city="Malmö", tags="expo; fair", industry="Energy")
    found = sheet.shown()
    acme = account("Acme")["id"]
    assert found["conflicts"] == [
        {
            "line": found["conflicts"][0]["line"],
            "id": acme,
            "name": "Acme",
            "field": "city",
            "exported": "Lund",
            "ours": "Kiruna",
            "theirs": "Malmö",
        },
        {
            "line": found["conflicts"][0]["line"],
            "id": acme,
            "name": "Acme",
            "field": "tags",
            "exported": "expo",
            "ours": "expo; vip",
            "theirs": "expo; fair",
        },
    ]
    page = " ".join(run("import", sheet.file, "--dry-run", env=LATER).out.split())
    assert "2 values changed here after the export, and kept. To take the file's: --theirs" in page
    said = " ".join(sheet.back().split())
    assert "2 values changed here after the export, and kept" in said
    assert 'city is "Kiruna" here, and "Malmö" in the file' in said
    kept = account("Acme")
    assert (kept["city"], kept["tags"], kept["industry"]) == ("Kiruna", ["expo", "vip"], "Energy")
    sheet.back("--theirs")
    taken = account("Acme")
    assert (taken["city"], taken["tags"]) == ("Malmö", ["expo", "fair"])


def test_both_may_have_made_the_same_change(sheet: Sheet, run: Program) -> None:
    edit(run, "Acme", "--city", "Malmö")
    sheet.row("Acme")["city"] = "Malmö"
    assert "Nothing to import" in sheet.back()


def test_what_was_undone_here_is_as_exported(sheet: Sheet, run: Program) -> None:
    edit(run, "Acme", "--city", "Kiruna")
    assert run("undo", env=LATER).code == 0
    sheet.row("Acme")["city"] = "Malmö"
    assert not sheet.shown()["conflicts"]


def test_rows_that_are_gone_are_no_deletions_and_new_rows_are_added(
    sheet: Sheet, account: Callable[[str], dict[str, Any]]
) -> None:
    del sheet.rows[0]
    sheet.rows.append(dict.fromkeys(sheet.rows[0], "") | {"name": "Doyle", "employees": "1,500"})
    said = sheet.back()
    assert "1 account not in the file: it stays, an import deletes nothing" in said
    assert "1 new" in said
    assert account("Doyle")["employees"] == 1500


def test_an_emptied_cell_changes_nothing_and_that_is_said(
    sheet: Sheet, account: Callable[[str], dict[str, Any]]
) -> None:
    sheet.row("Acme")["city"] = ""
    assert "emptied cells change nothing (1, such as " in sheet.back()
    assert account("Acme")["city"] == "Lund"


def test_a_company_that_was_renamed_here_is_no_edit(
    run: Program, sheet: Sheet, tmp_path: Path
) -> None:
    run("contact", "add", "Mei Tan", "--account", "Acme", "--email", "mei@acme.example")
    people = Sheet(run, "contact", tmp_path)
    edit(run, "Acme", "--name", "Acme Group")
    run("contact", "edit", "mei", "--title", "CFO", env=LATER)
    people.row("Mei Tan")["department"] = "Finance"
    found = people.shown()
    assert [[*change["fields"]] for change in found["changes"]] == [["department"]]
    assert not found["conflicts"]
    del sheet


def test_what_a_spreadsheet_does_by_itself_is_no_edit(
    sheet: Sheet, account: Callable[[str], dict[str, Any]]
) -> None:
    sheet.row("Birch").update(phone="4722222222", postal_code="151")
    sheet.row("Acme").update(employees="1,200")
    sheet.row("Cedar").update(annual_revenue="€12,000.50", phone="4.91511E+12", city="Milan")
    said = sheet.back()
    assert "phone: what a spreadsheet changes by itself is not an edit (2, such as " in said
    assert (account("Birch")["phone"], account("Birch")["postal_code"]) == ("+4722222222", "0151")
    cedar = account("Cedar")
    assert (cedar["city"], cedar["phone"]) == ("Milan", "+4915112345678")


def test_a_sheet_of_another_country_has_semicolons_and_commas(
    sheet: Sheet, account: Callable[[str], dict[str, Any]]
) -> None:
    sheet.row("Cedar").update(annual_revenue="12000,5")
    assert "Nothing to import" in sheet.back(delimiter=";", encoding="utf-8-sig")
    sheet.row("Cedar").update(annual_revenue="13000,75")
    sheet.back(delimiter=";", encoding="utf-8-sig")
    assert account("Cedar")["annual_revenue"] == 13000.75


def test_digits_that_are_lost_are_refused_with_what_they_were(sheet: Sheet) -> None:
    sheet.row("Cedar")["phone"] = "1.23457E+11"
    said = sheet.back(code=4)
    assert '"1.23457E+11" lost its digits in a spreadsheet' in said
    assert 'It was "+4915112345678"' in " ".join(said.split())


@pytest.mark.parametrize("shown", ["%m/%d/%Y", "%d/%m/%Y", "%d.%m.%y"])
def test_turned_days_are_read_as_the_untouched_ones_show(
    run: Program, tmp_path: Path, shown: str
) -> None:
    run("account", "add", "Acme")
    for title, close in (("A", "2026-12-01"), ("B", "2027-02-03"), ("C", "2027-03-04")):
        run("deal", "add", "Acme", title, "--close", close)
    deals = Sheet(run, "deal", tmp_path)
    for row in deals.rows:
        for name in ("close_date", "opened_on"):
            row[name] = date.fromisoformat(row[name]).strftime(shown)
    deals.row("C", "title")["close_date"] = date(2027, 5, 6).strftime(shown)
    found = deals.shown()
    assert [change["fields"] for change in found["changes"]] == [
        {"close_date": {"ours": "2027-03-04", "theirs": "2027-05-06"}}
    ]


def test_an_export_of_another_book_counts_as_a_whole(
    sheet: Sheet, account: Callable[[str], dict[str, Any]]
) -> None:
    sheet.row("Acme").update(city="Malmö", updated_at="2026-11-20T10:00:00Z")
    sheet.back()
    assert account("Acme")["city"] == "Malmö"


def test_without_the_moment_of_its_change_a_row_counts_as_a_whole(
    sheet: Sheet, run: Program, account: Callable[[str], dict[str, Any]]
) -> None:
    edit(run, "Acme", "--city", "Kiruna")
    for row in sheet.rows:
        del row["updated_at"]
    assert "without updated_at" in sheet.back()
    assert account("Acme")["city"] == "Lund"


@pytest.mark.parametrize("typed", ["x1", "01a21ea4-0000-0000-0000-000000000000"])
@pytest.mark.parametrize("deals", [1, 4])
def test_an_id_that_was_typed_is_refused_and_the_other_rows_are_still_found(
    run: Program, tmp_path: Path, deals: int, typed: str
) -> None:
    run("account", "add", "Acme")
    for number in range(deals):
        run("deal", "add", "acme", f"Deal {number}", "--amount", "SGD 5")
    sheet = Sheet(run, "deal", tmp_path)
    added = [sheet.rows[0] | {"id": f"{typed}{n}"[-36:], "title": f"New {n}"} for n in range(2)]
    sheet.rows[0]["title"] = "Bigger deal"
    sheet.rows += added
    said = sheet.back(code=4)
    assert f'id "{added[0]["id"]}", "{added[1]["id"]}" is not an id of acct' in said.replace(
        " and", ","
    )
    assert "Leave it empty for a new deal" in said
    sheet.back("--skip-invalid")
    titles = sorted(row["title"] for row in run("export", "--as", "deal", "-f", "json").json())
    assert titles == ["Bigger deal", *(f"Deal {number}" for number in range(1, deals))]


def test_ids_of_another_system_in_a_file_like_ours_are_a_key(run: Program, tmp_path: Path) -> None:
    run("account", "add", "Acme")
    run("deal", "add", "acme", "Deal", "--amount", "SGD 5")
    sheet = Sheet(run, "deal", tmp_path)
    sheet.rows[0]["id"] = "x1"
    sheet.rows[0]["title"] = "Theirs"
    sheet.back("--key", "id")
    assert "the same" in sheet.back("--key", "id") or "up to date" in sheet.back("--key", "id")


def test_nobody_changes_a_record_between_the_comparison_and_the_writing(
    run: Program,
    tmp_path: Path,
    book: Path,
    account: Callable[[str], dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run("account", "add", "Acme", "--city", "Lund")
    sheet = Sheet(run, "account", tmp_path)
    sheet.row("Acme")["city"] = "Malmö"
    refused = []
    rows = roundtrip.Trip.rows

    def rows_beside_another(trip: roundtrip.Trip) -> Iterator[Any]:
        yield from rows(trip)
        with closing(sqlite3.connect(book, timeout=0)) as con, con:
            try:
                con.execute("UPDATE account SET city = 'Oslo'")
            except sqlite3.OperationalError as error:
                refused.append(str(error))

    monkeypatch.setattr(roundtrip.Trip, "rows", rows_beside_another)
    sheet.back()
    assert refused == ["database is locked"]
    assert account("Acme")["city"] == "Malmö"
