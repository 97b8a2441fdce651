"""What rows about people say about their companies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.commands import do
from tests.conftest import Program

LEADS = """\
Record Id,Company,First Name,Last Name,Email,Phone,Website,Lead Status,Industry,No. of Employees,\
Annual Revenue,Street,City,Country
z1,Acme Robotics,Jane,Roe,jane@acme.example,+1 415 555 0132,https://acme.example,Contacted,,120,\
$ 1200000,1 Main St,San Francisco,USA
z2,Acme Robotics,Bo,Lee,bo@acme.example,,,,Robotics,500,,,Oakland,
z3,Beta Foods,John,Doe,john@beta.example,,facebook.com/beta,,Food,51-200,,,,
"""


def bring(run: Program, folder: Path, text: str, *words: str, code: int = 0) -> str:
    path = folder / "leads.csv"
    path.write_text(text, "utf-8")
    done = run("import", str(path), *words)
    assert done.code == code, done.err
    return done.out + done.err


def account(run: Program, name: str) -> dict[str, Any]:
    found = do(run, "account", "list", "-f", "json").json()
    return next(one for one in found if one["name"] == name)


def test_an_account_gets_what_it_lacks_and_keeps_what_it_has(run: Program, tmp_path: Path) -> None:
    do(run, ("account", "add", "Acme Robotics", "--city", "Berkeley", "--employees", "90"))
    said = bring(run, tmp_path, LEADS, "--skip-invalid")
    assert '"Website", "Industry", "No. of Employees", "Annual Revenue"' in said
    assert "of people's companies: taken where the account has none" in said
    assert "1 account: 1 changed; 2 contacts: 2 new" in said
    acme = account(run, "Acme Robotics")
    taken = ("website", "industry", "employees", "annual_revenue", "currency", "street", "city")
    assert [acme[name] for name in taken] == [
        *("acme.example", "Robotics", 90, 1200000.0, "USD", "1 Main St", "Berkeley")
    ]
    assert acme["country"] == "US"
    assert len(do(run, "account", "list", "-f", "ids").out.split()) == 1
    assert "already up to date" in bring(run, tmp_path, LEADS, "--skip-invalid")


def test_an_account_that_is_added_gets_them_too(run: Program, tmp_path: Path) -> None:
    said = bring(run, tmp_path, LEADS, "--create-accounts")
    assert "2 accounts: 2 new; 3 contacts: 3 new" in said
    assert account(run, "Acme Robotics")["employees"] == 120
    beta = account(run, "Beta Foods")
    assert (beta["industry"], beta["website"], beta["employees"]) == ("Food", None, None)
    assert "51-200" in said
    (undone,) = [do(run, "undo")]
    assert "3 contacts" in undone.err
    assert do(run, "account", "list", "-f", "ids").out == ""


def test_the_website_of_another_account_is_left_out(run: Program, tmp_path: Path) -> None:
    do(run, ("account", "add", "Other", "--website", "acme.example"))
    said = bring(run, tmp_path, LEADS, "--create-accounts")
    assert account(run, "Acme Robotics")["website"] is None
    assert "2 websites left out" in " ".join(said.split())


def test_a_dry_run_says_what_would_be_taken(run: Program, tmp_path: Path) -> None:
    do(run, ("account", "add", "Acme Robotics"))
    path = tmp_path / "leads.csv"
    path.write_text(LEADS, "utf-8")
    page = do(run, "import", str(path), "--dry-run", "-f", "json").json()
    accounts, contacts = page["files"]
    assert (accounts["kind"], accounts["changed"]) == ("account", 1)
    assert accounts["changes"][0]["fields"]["industry"] == {"ours": "", "theirs": "Robotics"}
    assert "Website" not in contacts["columns_left_out"]
    assert "Lead Status" in contacts["columns_left_out"]


@pytest.mark.parametrize("column", ["City", "Country"])
def test_where_a_person_lives_says_nothing_about_the_company(
    run: Program, tmp_path: Path, column: str
) -> None:
    do(run, ("account", "add", "Acme"))
    bring(run, tmp_path, f"Name,Company,Email,{column}\nMei,Acme,mei@acme.example,Norway\n")
    acme = account(run, "Acme")
    assert (acme["city"], acme["country"]) == (None, None)


def test_a_column_may_say_that_it_is_the_company_s(run: Program, tmp_path: Path) -> None:
    do(run, ("account", "add", "Acme"))
    bring(run, tmp_path, "Name,Company,Email,Business City\nMei,Acme,m@a.example,Oslo\n")
    acme = account(run, "Acme")
    assert acme["city"] == "Oslo"


def test_an_account_like_another_one_is_said_and_comes_once(run: Program, tmp_path: Path) -> None:
    do(run, ("account", "add", "Acme Robotics Inc"))
    said = bring(run, tmp_path, LEADS, "--create-accounts")
    assert '"Acme Robotics" is similar to Acme Robotics Inc (A-0001)' in said
    assert account(run, "Acme Robotics")["city"] == "San Francisco"
    assert "already up to date" in bring(run, tmp_path, LEADS, "--create-accounts")


def test_the_page_of_a_person_is_no_website_of_the_company(run: Program, tmp_path: Path) -> None:
    do(run, ("account", "add", "Acme"))
    bring(run, tmp_path, "Name,Company,Email,URL\nMei,Acme,m@a.example,https://mei.example/x\n")
    assert account(run, "Acme")["website"] is None
