"""Files as other systems write them: by header alone, and the record that each becomes."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.commands import do
from tests.conftest import Program

FILES = Path(__file__).parents[1] / "data" / "intake"

ACCOUNTS = ("--create-accounts",)

CASES: dict[str, tuple[tuple[str, ...], str, dict[str, Any]]] = {
    "f01_iso_time": ((), "deal", {"title": "Rollout", "close_date": "2026-12-31"}),
    "f01_slash_time_ok": ((), "deal", {"close_date": "2026-12-31"}),
    "f02_prob_float": ((), "deal", {"probability": 70}),
    "f05_phone_country": ((), "account", {"phone": "+49301234567", "country": "DE"}),
    "f07_outlook_title": ((), "contact", {"name": "Mara Oduya", "title": "CFO"}),
    "f08_amount_currency": ((), "deal", {"amount": 12000.5, "currency": "EUR"}),
    "f09_facebook": (
        (),
        "account",
        {"name": "Beta Garage", "website": None, "links": ["https://www.facebook.com/beta"]},
    ),
    "f10_leads": ((), "contact", {"name": "Mara Oduya", "account": "Birch", "title": "VP Sales"}),
    "f11_linkedin": (
        (),
        "contact",
        {"name": "Mara Oduya", "account": "Birch", "linkedin": "mara-oduya", "title": "CFO"},
    ),
    "f12_street": ((), "account", {"street": "12 High St, Suite 300", "city": "Oslo"}),
    "f13_optout": ((), "contact", {"do_not_contact": True}),
    "f15_euro": ((), "deal", {"amount": 12000.5, "currency": "USD"}),
    "f16_symbol": ((), "deal", {"amount": 12000, "currency": "USD"}),
    "f17_google_multi": ((), "contact", {"emails": ["mara@birch.example", "m@birch.example"]}),
    "f18_trailing_blank_cols": ((), "contact", {"name": "B One", "emails": ["b1@x.example"]}),
    "f19_closed_won": ((), "deal", {"stage": "won", "closed_on": "2026-10-01"}),
    # A name and a phone may be a company's or a person's.
    "f20_phone_001": (("--as", "contact"), "contact", {"phones": ["+12125550103"]}),
    "f21_late_created": ((), "deal", {"opened_on": "2026-10-01", "closed_on": "2026-10-01"}),
    # Accounts that rows name are added only if that is asked for.
    "vendor_google_contacts": (
        ACCOUNTS,
        "contact",
        {
            "name": "Mara Oduya",
            "account": "Birch & Co",
            "title": "CFO",
            "department": "Finance",
            "notes": "met at expo",
            "tags": ["Clients"],
            "emails": ["mara@birch.example", "m.oduya@birch.example", "mara@home.example"],
            "phones": ["+12125550100", "+12125550101", "+442079460000"],
        },
    ),
    "vendor_hubspot_deals": (
        ACCOUNTS,
        "deal",
        {
            "title": "Birch rollout",
            "account": "Birch & Co",
            "stage": "proposal",
            "amount": 12000.5,
            "currency": "EUR",
            "close_date": "2026-12-31",
            "opened_on": "2026-10-01",
            "owner": "Ola Nordmann",
            "type": "new",
        },
    ),
    "vendor_linkedin": (
        ACCOUNTS,
        "contact",
        {"name": "Mara Oduya", "account": "Birch & Co", "linkedin": "mara-oduya-12345"},
    ),
    "vendor_outlook": (
        ACCOUNTS,
        "contact",
        {
            "name": "Mara A Oduya",
            "account": "Birch & Co",
            "title": "CFO",
            "department": "Finance",
            "birthday": None,
            "tags": ["Clients"],
            "notes": "note",
            "emails": ["mara@birch.example", "m2@birch.example"],
        },
    ),
    "vendor_pipedrive": (
        ACCOUNTS,
        "deal",
        {
            "title": "Birch rollout",
            "account": "Birch & Co",
            "amount": 12000.5,
            "currency": "EUR",
            "stage": "proposal",
            "owner": "Ola Nordmann",
            "close_date": "2026-12-31",
            "opened_on": "2026-10-01",
        },
    ),
    "vendor_salesforce_report": (
        ACCOUNTS,
        "deal",
        {
            "title": "Birch rollout",
            "account": "Birch & Co",
            "stage": "proposal",
            "amount": 12000.5,
            "currency": "EUR",
            "probability": 75,
            "close_date": "2026-12-31",
            "opened_on": "2026-10-01",
            "owner": "Ola Nordmann",
            "source": "Partner Referral",
            "type": "new",
        },
    ),
}


def listed(run: Program, kind: str) -> list[dict[str, Any]]:
    """Return all records of a kind, but for the account that is there before."""
    found = run("export", "--as", kind, "-f", "json")
    assert found.code == 0, found.err
    records: list[dict[str, Any]] = json.loads(found.out)
    return [one for one in records if one.get("number") != "A-0001" or one["street"]]


@pytest.fixture
def birch(run: Program) -> Program:
    """The program, with a book of one account."""
    assert run("account", "add", "Birch").code == 0
    return run


@pytest.mark.parametrize("case", CASES)
def test_a_file_becomes_the_record_that_it_means(birch: Program, case: str) -> None:
    options, kind, expected = CASES[case]
    done = birch("import", FILES / f"{case}.csv", *options)
    assert done.code == 0, done.err
    record = listed(birch, kind)[-1]
    assert {name: record[name] for name in expected} == expected


@pytest.mark.parametrize("case", CASES)
def test_the_same_file_again_changes_nothing(birch: Program, case: str) -> None:
    options, kind, _ = CASES[case]
    assert birch("import", FILES / f"{case}.csv", *options).code == 0
    before = listed(birch, kind)
    again = birch("import", FILES / f"{case}.csv", *options)
    assert (again.code, "Nothing to import" in again.err) == (0, True), again.err
    assert listed(birch, kind) == before


def test_two_people_of_one_name_are_two(birch: Program) -> None:
    assert birch("import", FILES / "f03_same_name_a.csv").code == 0
    assert birch("import", FILES / "f03_same_name_b.csv").code == 0
    people = [(one["name"], one["emails"]) for one in listed(birch, "contact")]
    assert sorted(people) == [
        ("John Smith", ["john@alpha.example"]),
        ("John Smith", ["smith@omega.example"]),
    ]


def test_a_won_deal_is_not_reopened_by_the_next_one_of_its_title(birch: Program) -> None:
    won = ("--stage", "won", "--close", "2026-06-01")
    assert birch("deal", "add", "Birch", "Renewal", *won, "--opened", "2026-05-01").code == 0
    assert birch("import", FILES / "f04_renewal.csv").code == 0
    assert sorted((one["stage"], one["amount"]) for one in listed(birch, "deal")) == [
        ("proposal", 120),
        ("won", None),
    ]


def test_a_first_name_alone_changes_the_first_name(birch: Program) -> None:
    assert birch("contact", "add", "John Doe", "--email", "j@x.example").code == 0
    assert birch("import", FILES / "f06_first_name_only.csv").code == 0
    assert [one["name"] for one in listed(birch, "contact")] == ["Johnny Doe"]


def test_a_log_that_names_only_a_person_is_of_the_account_of_that_person(birch: Program) -> None:
    assert (
        birch("contact", "add", "Jo Bo", "--account", "Birch", "--email", "jo@b.example").code == 0
    )
    assert birch("import", FILES / "f14_log_contact_only.csv").code == 0
    (log,) = listed(birch, "log")
    assert (log["account"], log["kind"], log["contacts"]) == ("Birch", "call", ["Jo Bo"])


def test_a_domain_of_another_name_never_renames(birch: Program, tmp_path: Path) -> None:
    assert birch("account", "add", "Beta Garage", "--website", "beta.example").code == 0
    path = tmp_path / "x.csv"
    path.write_text("name,website\nGamma Foods,beta.example\n")
    done = birch("import", path)
    assert done.code == 4
    assert "belongs to Beta Garage" in done.err
    assert birch("import", path, "--duplicate").code == 0


def test_phones_of_people_are_dialled_in_the_country_of_their_account(
    birch: Program, tmp_path: Path
) -> None:
    assert birch("account", "edit", "Birch", "--country", "DE").code == 0
    path = tmp_path / "x.csv"
    path.write_text("name,company,phone\nUwe Alt,Birch,030 1234567\nBo Li,Birch,ask reception\n")
    done = birch("import", path)
    assert done.code == 0, done.err
    assert 'phones could not be read and are kept in the notes (1, such as "ask' in done.err
    people = {one["name"]: one for one in listed(birch, "contact")}
    assert people["Uwe Alt"]["phones"] == ["+49301234567"]
    assert people["Bo Li"]["notes"] == "Phone: ask reception"


def test_a_phone_without_any_country_is_cured_by_one_option(birch: Program, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("name,email,phone\nUwe Alt,uwe@x.example,030 1234567\n")
    assert birch("import", path).code == 4
    assert birch("import", path, "--default", "country=DE").code == 0
    assert listed(birch, "contact")[0]["phones"] == ["+49301234567"]


def test_all_that_is_wrong_in_a_row_is_said_at_once_and_can_be_left_out(
    birch: Program, tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("name,employees,country,annual revenue\nAcme,51-200,Atlantis,much\n")
    done = birch("import", path, "--as", "account")
    assert done.code == 4
    for part in ("51-200", "Atlantis", "much"):
        assert part in done.err
    lenient = birch("import", path, "--as", "account", "--lenient")
    assert lenient.code == 0, lenient.err
    assert "country could not be read and was left out" in lenient.err
    acme = next(one for one in listed(birch, "account") if one["name"] == "Acme")
    assert (acme["employees"], acme["country"], acme["annual_revenue"]) == (None, None, None)


def test_an_unknown_stage_comes_with_the_option_that_reads_it(
    birch: Program, tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("account,title,stage,amount\nBirch,Rollout,Blue Sky,5\n")
    done = birch("import", path)
    assert done.code == 4
    assert "--value 'stage:Blue Sky=prospecting'" in done.err
    assert birch("import", path, "--value", "stage:*=qualification").code == 0
    assert listed(birch, "deal")[0]["stage"] == "qualification"


@pytest.mark.parametrize(
    ("sign", "amount"), [("comma", 12000), ("point", 12)], ids=["comma", "point"]
)
def test_a_column_with_two_readings_is_asked_for_once(
    birch: Program, tmp_path: Path, sign: str, amount: int
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("account,title,amount\nBirch,One,12.000\nBirch,Two,13.000\n")
    done = birch("import", path)
    assert done.code == 4
    assert "Choose one: --decimal comma or point" in done.err
    assert birch("import", path, "--decimal", sign).code == 0
    assert min(one["amount"] for one in listed(birch, "deal")) == amount


def test_a_list_of_addresses_is_a_list_of_people(birch: Program, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("email\nmei.tan@x.example\nraj@x.example\n")
    done = birch("import", path)
    assert done.code == 0, done.err
    assert "contacts got their names from their addresses" in done.err
    assert sorted(one["name"] for one in listed(birch, "contact")) == ["Mei Tan", "raj"]


SALESFORCE = {
    "accounts.csv": (
        "Id,Name,Type,BillingCountry,Phone,AnnualRevenue\n"
        "001A,Acme Corp,Customer - Direct,United States,(212) 555-0100,1000000.0\n"
        "001B,Beta Ltd,Prospect,Germany,030 1234567,\n"
    ),
    "contacts.csv": (
        "Id,AccountId,LastName,FirstName,Title,Email,Phone,HasOptedOutOfEmail\n"
        "003A,001A,Tan,Mei,CFO,mei@acme.example,212-555-0101,false\n"
        "003B,001B,Alt,Uwe,CTO,uwe@beta.example,030 7654321,true\n"
    ),
    "opportunities.csv": (
        "Id,AccountId,Name,StageName,Amount,Probability,CloseDate,Type,IsWon,CreatedDate\n"
        "006A,001A,Big one,Proposal/Price Quote,120000.0,75.0,2026-12-31,New Business,false,"
        "2026-01-05T09:12:33.000+0000\n"
        "006B,001B,Old one,Closed Won,5000.0,100.0,2026-03-31,Existing Business,true,"
        "2026-01-05T09:12:33.000Z\n"
    ),
}


@pytest.fixture
def salesforce(tmp_path: Path) -> list[Path]:
    """Three files of one system, which name each other by its ids."""
    for name, content in SALESFORCE.items():
        (tmp_path / name).write_text(content)
    return [tmp_path / name for name in reversed(SALESFORCE)]


def test_files_of_one_system_are_linked_by_its_ids(run: Program, salesforce: list[Path]) -> None:
    done = run("import", *salesforce)
    assert done.code == 0, done.err
    assert done.err.endswith("Imported 2 accounts: 2 new; 2 contacts: 2 new; 2 deals: 2 new.\n"), (
        done.err
    )
    people = {one["name"]: one for one in listed(run, "contact")}
    assert people["Mei Tan"]["account"] == "Acme Corp"
    # Each is dialled in the country of the account that its id names.
    assert people["Mei Tan"]["phones"] == ["+12125550101"]
    assert people["Uwe Alt"]["phones"] == ["+49307654321"]
    assert people["Uwe Alt"]["do_not_contact"] is True
    deals = {one["title"]: one for one in listed(run, "deal")}
    assert (deals["Big one"]["account"], deals["Big one"]["stage"]) == ("Acme Corp", "proposal")
    assert (deals["Old one"]["closed_on"], deals["Old one"]["type"]) == ("2026-03-31", "upsell")
    again = run("import", *salesforce)
    assert "Nothing to import: 2 accounts, 2 contacts and 2 deals" in again.err
    # What came before is found by its id, whatever its name is by now.
    renamed = salesforce[-1]
    renamed.write_text(SALESFORCE["accounts.csv"].replace("Acme Corp", "Acme Holding"))
    assert "1 changed" in run("import", *salesforce).err


def test_a_file_alone_whose_ids_nobody_knows_says_what_to_do(
    run: Program, salesforce: list[Path]
) -> None:
    done = run("import", salesforce[0])
    assert done.code == 4
    assert "Import its accounts in the same command" in done.err
    said = run("import", salesforce[-1]).err
    assert 'every row has its own "Id": with --key Id the same rows are found again' in said


def test_options_of_several_files(run: Program, salesforce: list[Path]) -> None:
    for words in (("--as", "account"), ("--key", "Id"), ("--value", "nothing:a=b")):
        assert run("import", *salesforce, *words).code == 2
    assert run("import", salesforce[0], "-").code == 2
    options = ("--default", "owner=Kim", "--value", "stage:Proposal/Price Quote=negotiation")
    assert run("import", *salesforce, *options).code == 0
    assert {one["owner"] for one in listed(run, "account")} == {"Kim"}
    assert "negotiation" in {one["stage"] for one in listed(run, "deal")}


def test_columns_that_are_left_out_are_said_in_a_line(run: Program, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    columns = [f"Unknown column {number}" for number in range(30)]
    path.write_text(
        f"Account Name,Industry,Empty,{','.join(columns)}\n"
        f"Acme,energy,,{','.join('x' * 30)}\nBeta,retail,,x{',' * 29}\n"
    )
    said = run("import", path).err
    assert "left out: Unknown column 0, Unknown column 1 (50 %)" in said
    assert "more (all: --verbose), 1 empty column" in said
    assert max(map(len, said.splitlines())) < 160
    path.write_text(path.read_text().replace("Acme", "Acme Two").replace("Beta", "Beta Two"))
    assert "Unknown column 29 (50 %)" in run("import", path, "--verbose").err


def test_many_rows_with_one_fault_are_one_line(run: Program, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    rows = "".join(f"P{n},p{n}@x.example,030 12345{n:02}\n" for n in range(50))
    path.write_text(f"name,email,phone\n{rows}")
    done = run("import", path)
    assert done.code == 4
    assert len(done.err.splitlines()) == 2
    assert "lines 2, 3 and 48 more" in done.err
    assert "--default country=DE" in done.err


def test_the_sheets_of_a_workbook_come_in_as_files_would(run: Program, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl, the extra xlsx")
    book = openpyxl.Workbook()
    book.active.title = "Opportunities"
    for row in (
        ["Account Name", "Opportunity Name", "Stage", "Amount", "Close Date"],
        ["Acme", "Rollout", "Closed Won", 12000.5, datetime(2026, 10, 1)],
    ):
        book.active.append(row)
    accounts = book.create_sheet("Accounts")
    for row in (["My accounts"], ["Name", "Country", "Employees"], ["Acme", "Norway", 120]):
        accounts.append(row)
    path = tmp_path / "x.xlsx"
    book.save(path)
    done = run("import", path, "--default", "currency=EUR")
    assert done.code == 0, done.err
    assert done.err.endswith("Imported 1 account: 1 new; 1 deal: 1 new.\n")
    (deal,) = listed(run, "deal")
    assert (deal["amount"], deal["currency"], deal["closed_on"]) == (12000.5, "EUR", "2026-10-01")
    assert "already up to date" in run("import", path, "--default", "currency=EUR").err
    assert "Nothing to import: 1 account" in run("import", path, "--sheet", "Accounts").err
    assert run("import", path, "--sheet", "None").code == 3
    assert run("import", path, "--as", "account").code == 2


def test_ids_that_another_system_has_as_well_take_no_other_record(
    run: Program, tmp_path: Path
) -> None:
    accounts, contacts = tmp_path / "accounts.csv", tmp_path / "contacts.csv"
    accounts.write_text("Id,Name,Industry\n1,Acme,energy\n2,Beta,retail\n")
    contacts.write_text("Id,AccountId,First Name,Last Name,Email\n1,1,Mei,Tan,m@acme.example\n")
    assert run("import", accounts, contacts).code == 0
    # Another system counts from 1, too.
    accounts.write_text("Id,Name,Industry\n1,Zenith Mills,steel\n")
    contacts.write_text("Id,AccountId,First Name,Last Name,Email\n1,1,Raj,Nair,r@z.example\n")
    done = run("import", accounts, contacts)
    assert done.code == 4
    assert 'Id "1" is that of Acme (A-0001), and the row names "Zenith Mills"' in done.err
    assert {one["name"] for one in listed(run, "account")} == {"Beta"}  # and A-0001, as it was


def test_a_new_name_under_a_known_address_is_said(run: Program, tmp_path: Path) -> None:
    assert run("contact", "add", "Mei Tan", "--email", "mei@x.example").code == 0
    path = tmp_path / "x.csv"
    path.write_text("name,email\nMei Lim,mei@x.example\n")
    assert '"Mei Tan" is now called "Mei Lim"' in run("import", path).err
    path.write_text("name,email\nRaj Lim,mei@x.example\n")
    assert run("import", path).code == 4


def test_what_a_column_was_used_for_does_not_hide_that_it_is_left_out(
    birch: Program, tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("first name,last name,country,phone\nUwe,Alt,Germany,030 1234567\n")
    assert "left out: country" in birch("import", path).err
    path.write_text("account,title,amount,stage,state\nBirch,One,5,proposal,Ohio\n")
    assert "left out: state" in birch("import", path).err
    path.write_text("account,title,amount,stage,status\nBirch,Two,5,proposal,Won\n")
    said = birch("import", path).err
    assert "left out" not in said
    assert {one["title"]: one["stage"] for one in listed(birch, "deal")}["Two"] == "won"


def test_an_edited_export_is_read_as_strictly_as_what_is_typed(
    birch: Program, tmp_path: Path
) -> None:
    assert birch("deal", "add", "Birch", "Rollout", "--amount", "USD 12").code == 0
    path = tmp_path / "deals.csv"
    exported = birch("export", "--as", "deal", "-f", "csv").out
    path.write_text(exported.replace("12.00", "12.345"))
    done = birch("import", path)
    assert (done.code, "more digits than USD keeps" in done.err) == (4, True)


def test_no_placeholder_is_a_default(birch: Program, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("account,amount,stage\nBirch,5,proposal\n")
    done = birch("import", path, "--default", "title=…")
    assert (done.code, "is a placeholder" in done.err) == (2, True)


def test_a_column_of_titles_with_a_role_among_them_is_read_as_titles(
    run: Program, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Name,Email,Role\nMei,m@x.sg,CTO\nBo,b@x.sg,Head of IT\nAnn,a@x.sg,Buyer\n")
    done = run("import", path, "--as", "contact")
    assert '"Role" is read as the job title' in done.err
    titles = {one["name"]: one["title"] for one in run("contact", "list", "-f", "json").json()}
    assert titles == {"Mei": "CTO", "Bo": "Head of IT", "Ann": "Buyer"}


def test_notion_writes_the_address_of_a_page_behind_a_name(run: Program, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    link = "Acme Robotics (https://www.notion.so/Acme-Robotics-8a9b0c1d2e3f?pvs=21)"
    path.write_text(f"Name,Company,Email,Website\nMei,{link},m@a.sg,a.sg\n")
    done = run("import", path, "--create-accounts")
    assert done.code == 0, done.err
    (account,) = run("account", "list", "-f", "json").json()
    assert (account["name"], account["website"]) == ("Acme Robotics", "a.sg")


def test_the_name_of_a_column_may_say_the_currency(run: Program, tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text(
        "Deal Name,Company,Stage,Amount (EUR),Close Date\n"
        'Solar,Birch,Proposal,"12,500",2026-12-15\nWind,Birch,Proposal,"€2,500",2026-12-15\n'
        "Sun,Birch,Proposal,,2026-12-15\nRain,Birch,Proposal,(5),2026-12-15\n"
    )
    do(run, ("account", "add", "Birch"), ("deal", "add", "birch", "Solar", "--amount", "USD 9"))
    done = run("import", path, "--skip-invalid")
    assert 'amounts are in EUR, as "Amount (EUR)" says' in done.err
    assert "taken as USD" not in done.err
    deals = run("deal", "list", "-f", "json").json()
    amounts = {one["title"]: (one["amount"], one["currency"]) for one in deals}
    assert amounts == {"Solar": (12500, "EUR"), "Wind": (2500, "EUR"), "Sun": (None, None)}


def test_the_email_behind_an_owner_is_no_part_of_the_name(run: Program, tmp_path: Path) -> None:
    path = tmp_path / "companies.csv"
    path.write_text(
        "Record ID,Company name,Company owner,Company Domain Name\n"
        "1,Acme,Kim Sand (kim@ours.example),acme.example\n"
    )
    do(run, "import", str(path))
    (account,) = run("account", "list", "-f", "json").json()
    assert account["owner"] == "Kim Sand"


def test_a_list_of_emails_alone_is_told_to_name_its_column(run: Program, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("ann@acme.example\nbo@acme.example\n")
    refused = run("import", path)
    assert "Begin the file with a line that names the column, such as Email" in refused.err
    path.write_text(f"Email\n{path.read_text()}")
    assert "2 contacts: 2 new" in run("import", path).err
