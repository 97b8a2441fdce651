"""`acct campaign`: add, list, show, edit, report, export and delete."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from tests.commands import do
from tests.conftest import Program


@pytest.fixture
def book(run: Program) -> Program:
    """The program on a book with two accounts and two people."""
    do(
        run,
        ("account", "add", "Acme", "--tag", "expo"),
        ("account", "add", "Zed"),
        ("contact", "add", "Mei Ling Tan", "--account", "acme", "--email", "mei@x.example"),
        ("contact", "add", "Raj", "--account", "acme", "--email", "raj@x.example"),
    )
    return run


def test_it_is_added_with_whom_was_chosen_and_undone_as_one(book: Program) -> None:
    days = ("--starts", "1 nov", "--ends", "30 nov")
    done = do(book, "campaign", "add", "Spring push", "raj", "--tag", "expo", *days)
    assert "Added campaign Spring push with 1 account and 1 person, starts on" in done.err
    (row,) = book("campaign", "list", "-f", "json").json()
    assert (row["name"], row["members"], row["starts_on"]) == ("Spring push", 2, "2026-11-01")
    do(book, "undo")
    assert book("campaign", "list", "-f", "json").json() == []


def test_ids_come_from_a_pipe(book: Program) -> None:
    ids = do(book, "contact", "list", "-f", "ids").out
    assert book("campaign", "add", "Push", "-", input=ids).code == 0
    assert book("campaign", "list", "-f", "json").json()[0]["members"] == 2


def test_one_without_members_says_how_to_choose_them(book: Program) -> None:
    do(book, "campaign", "add", "Spring push")
    assert (
        "How to add some: acct help campaign member" in do(book, "campaign", "show", "spring").out
    )


def test_the_same_name_is_refused_unless_it_is_meant(book: Program) -> None:
    do(book, "campaign", "add", "Push")
    refused = book("campaign", "add", "push")
    assert refused.code == 4
    assert "already has the name push. To keep both: --duplicate" in refused.err
    do(book, "campaign", "add", "push", "--duplicate")


def test_nothing_is_added_if_somebody_is_not_found(book: Program) -> None:
    assert book("campaign", "add", "Push", "raj", "nobody").code == 3
    assert book("campaign", "list", "-f", "json").json() == []


def test_it_is_said_who_asked_not_to_be_contacted(book: Program) -> None:
    do(book, "contact", "edit", "raj", "--do-not-contact")
    done = do(book, "campaign", "add", "Push", "raj")
    assert "Raj asked not to be contacted: exports leave them out" in done.err


def test_it_is_renamed_and_found_by_a_part_of_its_name(book: Program) -> None:
    do(book, "campaign", "add", "Spring push", "raj")
    do(book, "campaign", "edit", "spring", "--name", "Autumn push", "--note", "For renewals")
    assert "Autumn push" in do(book, "campaign", "show", "autumn").out
    assert book("campaign", "show", "spring").code == 3
    assert "Autumn push" in do(book, "search", "renewals").out
    assert "Autumn push" in do(book, "history", "autumn push").out


def test_the_page_as_csv_is_its_members(book: Program) -> None:
    do(book, "campaign", "add", "Push", "raj", "zed")
    rows = list(csv.DictReader(io.StringIO(do(book, "campaign", "show", "push", "-f", "csv").out)))
    assert [(row["contact"], row["account"], row["state"]) for row in rows] == [
        ("Raj", "Acme", "planned"),
        ("", "Zed", "planned"),
    ]


def mail(run: Program, *words: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(do(run, "campaign", "export", "push", *words).out)))


def test_the_list_for_a_mail_program_is_csv_with_a_header(book: Program) -> None:
    do(book, "campaign", "add", "Push", "mei", "raj")
    mei, raj = mail(book)
    assert (mei["email"], mei["first_name"], mei["last_name"], mei["company"]) == (
        *("mei@x.example", "Mei Ling", "Tan"),
        "Acme",
    )
    assert (raj["first_name"], raj["last_name"]) == ("Raj", "")


def test_the_list_is_of_members_in_some_states(book: Program) -> None:
    do(book, "campaign", "add", "Push", "mei", "raj")
    do(book, "campaign", "log", "push", "raj", "email", "Sent the offer")
    assert [row["name"] for row in mail(book, "--state", "planned")] == ["Mei Ling Tan"]
    assert [row["name"] for row in mail(book, "--state", "reached,planned")] == [
        *("Mei Ling Tan", "Raj")
    ]
    assert book("campaign", "export", "push", "--state", "unheard").code == 4


def test_who_is_left_out_is_counted_and_said(book: Program, tmp_path: Path) -> None:
    do(book, "campaign", "add", "Push", "mei", "raj", "zed")
    do(book, "contact", "edit", "raj", "--do-not-contact")
    target = tmp_path / "mail.csv"
    done = do(book, "campaign", "export", "push", "--output", str(target))
    assert "1 address. Left out: 1 asked not to be contacted, " in done.err
    assert "1 account without a primary contact (Zed)." in done.err
    assert len(target.read_text().splitlines()) == 2
    assert book("campaign", "export", "push", "--output", str(target)).code == 4
    do(book, "campaign", "export", "push", "--output", str(target), "--force")


def test_formulas_of_a_spreadsheet_are_escaped(book: Program) -> None:
    do(book, "contact", "add", "=HYPERLINK(1)", "--account", "zed", "--email", "a@x.example")
    do(book, "campaign", "add", "Push", "=HYPERLINK(1)")
    assert "'=HYPERLINK" in do(book, "campaign", "export", "push", "-f", "csv", "--excel-safe").out
    assert book("campaign", "export", "push", "-f", "json", "--excel-safe").code == 2


def test_deleting_it_leaves_deals_and_interactions(book: Program) -> None:
    do(book, "campaign", "add", "Push", "raj")
    do(book, "log", "call", "acme", "Talked", "--campaign", "push")
    done = do(book, "campaign", "delete", "Push", "--yes")
    assert "Deleted Push with 1 campaign member." in done.err
    (log,) = book("log", "list", "-f", "json").json()
    assert (log["summary"], log["campaign"]) == ("Talked", None)
    do(book, "undo")
    assert book("log", "list", "-f", "json").json()[0]["campaign"] == "Push"


def test_campaigns_and_members_come_back_from_a_folder(book: Program, tmp_path: Path) -> None:
    do(book, "campaign", "add", "Push", "mei", "zed", "--source", "webinar")
    do(book, "campaign", "member", "push", "mei", "--state", "replied")
    folder = str(tmp_path / "all")
    do(book, "export", "--all", folder)
    new = ("--db", str(tmp_path / "new.db"))
    do(book, *new, "db", "init")
    do(book, *new, "import", folder)
    for words in (("list",), ("show", "push"), ("member", "push")):
        again, before = (book(*at, "campaign", *words, "-f", "json").json() for at in (new, ()))
        assert again == before, words


def test_members_come_from_a_csv_by_name_and_only_once(book: Program, tmp_path: Path) -> None:
    do(book, "campaign", "add", "Push")
    file = tmp_path / "members.csv"
    file.write_text(
        "campaign,contact,account,state\nPush,Raj,Acme,replied\nPush,,Zed,\nPush,mei@x.example,,\n"
    )
    do(book, "import", str(file), "--as", "campaign_member")
    again = do(book, "import", str(file), "--as", "campaign_member")
    assert "0 new" in again.err or "3 unchanged" in again.err or "Nothing" in again.err
    rows = book("campaign", "member", "push", "-f", "json").json()
    assert {(row["contact"], row["account"], row["state"]) for row in rows} == {
        ("Raj", "Acme", "replied"),
        (None, "Zed", "planned"),
        ("Mei Ling Tan", "Acme", "planned"),
    }
    do(book, "campaign", "member", "push", "raj", "mei")
    assert len(book("campaign", "member", "push", "-f", "json").json()) == 3
    file.write_text("campaign,state\nPush,replied\n")
    refused = book("import", str(file), "--as", "campaign_member")
    assert refused.code == 4
    assert "a person (contact) or an account" in refused.err


def test_an_erased_person_is_in_no_campaign(book: Program) -> None:
    do(book, "campaign", "add", "Push for Raj Nair", "mei", "raj")
    do(book, "contact", "edit", "raj", "--name", "Raj Nair")
    do(book, "contact", "delete", "Raj Nair", "--erase", "--yes")
    (row,) = book("campaign", "list", "-f", "json").json()
    assert (row["members"], "Nair" in row["name"]) == (1, False)
    assert book("db", "check").code == 0


def test_the_history_of_an_account_has_its_own_places_in_campaigns(book: Program) -> None:
    do(book, "campaign", "add", "Push", "zed")
    do(book, "campaign", "member", "push", "raj")
    do(book, "campaign", "edit", "push", "--source", "web")
    rows = book("history", "acme", "-f", "json").json()
    said = [row["what"] for row in rows if row["kind"] == "campaign"]
    assert said == ["campaign member Raj added"]
    whole = [row["what"] for row in book("history", "push", "-f", "json").json()]
    assert whole == ["source set to web", "campaign member Raj added", "added"]


def test_lists_of_deals_and_interactions_are_of_a_campaign(book: Program) -> None:
    do(book, "campaign", "add", "Push", "zed")
    do(book, "log", "call", "zed", "Talked", "--campaign", "push")
    do(book, "log", "call", "zed", "Talked of something else")
    do(book, "deal", "add", "zed", "Named", "--campaign", "push")
    do(book, "deal", "add", "zed", "Other")
    for kind, field, wanted in (("log", "summary", "Talked"), ("deal", "title", "Named")):
        rows = book(kind, "list", "--campaign", "push", "-f", "json").json()
        assert [row[field] for row in rows] == [wanted]


def test_a_campaign_of_six_weeks_counts_them_from_its_first_day(book: Program) -> None:
    do(book, "campaign", "add", "Push", "--starts", "2027-01-11", "--ends", "6w")
    (row,) = book("campaign", "list", "-f", "json").json()
    assert (row["starts_on"], row["ends_on"]) == ("2027-01-11", "2027-02-21")
