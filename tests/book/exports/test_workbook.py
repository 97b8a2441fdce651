"""The whole book as a workbook, and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.commands import do
from tests.conftest import Program

from acctcli.book.context import Context
from acctcli.book.exports import workbook

openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl, the extra xlsx")


def test_a_sheet_per_kind_with_records(sample: Context, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    counts = workbook.write(sample, path)
    book = openpyxl.load_workbook(path, read_only=True)
    assert len(book.sheetnames) == sum(map(bool, counts.values()))
    assert "accounts" in book.sheetnames
    book.close()


def test_one_kind_has_its_sheet_even_without_records(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "deals.xlsx"
    assert workbook.write(context, path, ["deal"]) == {"deal": 0}
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["deals"]
    assert book["deals"]["A1"].value == "id"


def test_a_book_through_a_workbook_into_a_new_one_is_the_same(
    run: Program, sample_book: Path, tmp_path: Path
) -> None:
    path, new = tmp_path / "book.xlsx", tmp_path / "new.db"
    done = run("--db", sample_book, "export", "--all", path)
    assert done.code == 0, done.err
    assert done.err.endswith("sheets.\n")
    back = run("--db", new, "import", path, "--create")
    assert back.code == 0, back.err
    for kind in ("account", "contact", "deal", "log", "task", "purchase"):
        before = run("--db", sample_book, "export", "--as", kind).out
        assert run("--db", new, "export", "--as", kind).out == before


def test_a_foreign_workbook_with_sheets_of_our_names_is_read_by_its_headers(
    run: Program, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    people, companies = book.active, book.create_sheet("accounts")
    people.title = "contacts"
    companies.append(["Record ID", "Company name", "Company owner"])
    companies.append([9001, "Birch", "Ola"])
    people.append(["Record ID", "First Name", "Last Name", "Associated Company IDs"])
    people.append([801, "Mara", "Oduya", 9001])
    path = tmp_path / "hubspot.xlsx"
    book.save(path)
    done = run("import", path)
    assert done.code == 0, done.err
    assert "read as HubSpot contacts" in done.err
    [person] = run("export", "--as", "contact", "-f", "json").json()
    assert (person["name"], person["account"]) == ("Mara Oduya", "Birch")


def test_an_edited_workbook_changes_what_was_edited(run: Program, tmp_path: Path) -> None:
    run("account", "add", "Acme", "--phone", "+6562211234", "--revenue", "12000.50 EUR")
    run("account", "add", "Birch", "--city", "Oslo")
    path = tmp_path / "accounts.xlsx"
    assert run("export", "--as", "account", "--output", path).code == 0
    book = openpyxl.load_workbook(path)
    sheet = book["accounts"]
    names = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if row[names.index("name")].value == "Acme":
            row[names.index("city")].value = "Lund"
    book.save(path)
    shown = run("import", path, "--dry-run", "-f", "json").json()["files"][0]
    assert [change["fields"] for change in shown["changes"]] == [
        {"city": {"ours": "", "theirs": "Lund"}}
    ]
    assert shown["same"] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--as", "deal", "-f", "xlsx"), "--output deals.xlsx"),
        (("--as", "deal", "-f", "csv", "--output", "x.xlsx"), "disagree"),
        (("--as", "deal", "-f", "xlsx", "--output", "x.csv"), "disagree"),
    ],
)
def test_a_workbook_is_a_file_of_its_name(run: Program, words: tuple[str, ...], said: str) -> None:
    done = run("export", *words)
    assert (done.code, said in done.err) == (2, True)


def test_a_workbook_as_it_was_written_comes_back_without_a_word(
    run: Program, tmp_path: Path
) -> None:
    do(
        run,
        ("account", "add", "Acme", "--annual-revenue", "SGD 5m", "--employees", "30"),
        ("deal", "add", "acme", "Rollout", "--amount", "SGD 1,200.50", "--probability", "40"),
    )
    book = str(tmp_path / "book.xlsx")
    do(run, "export", "--all", book)
    for file in do(run, "import", book, "--dry-run", "-f", "json").json()["files"]:
        assert (file["encoding"], file["delimiter"]) == ("workbook", None)
        assert (file["notes"], file["changed"], file["new"]) == ([], 0, 0)
    assert "· workbook ·" in do(run, "import", book, "--dry-run").out
