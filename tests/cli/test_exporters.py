"""Exports of other systems go in by their header alone, and keep their links.

The files are made up, with the headers that the systems write.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Program

FILES = Path(__file__).parents[1] / "data" / "exporters"

Records = list[tuple[str, dict[str, Any]]]

TOGETHER: dict[str, tuple[str, Records]] = {
    "Salesforce objects": (
        "sf_api_Account sf_api_Contact sf_api_Opportunity sf_api_Task sf_api_Event",
        [
            ("account", {"name": "Edge Communications", "status": "customer", "employees": 1000}),
            (
                "account",
                {
                    "name": "Burlington Textiles Corp of America",
                    "parent": "Edge Communications",
                    "annual_revenue": 350_000_000,
                },
            ),
            (
                "contact",
                {
                    "name": "Sean Forbes",
                    "reports_to": "Rose Gonzalez",
                    "phones": ["+15127576000"],
                    "do_not_contact": True,
                },
            ),
            ("deal", {"title": "Edge Emergency Generator", "stage": "won", "type": "new"}),
            ("deal", {"title": "Pyramid Emergency Generators", "stage": "lost"}),
            (
                "log",
                {
                    "kind": "call",
                    "direction": "out",
                    "at": "2026-11-03T15:00:00Z",
                    "contacts": ["Sean Forbes"],
                    "duration": 5,
                },
            ),
            (
                "log",
                {
                    "kind": "meeting",
                    "deal": "Burlington Textiles Weaving Plant Generator",
                    "duration": 60,
                },
            ),
            ("task", {"text": "Send the quote", "due": "2026-12-05", "contact": "Rose Gonzalez"}),
        ],
    ),
    "Salesforce reports": (
        "sf_report_accounts sf_report_contacts sf_report_opps sf_report_activities "
        "sf_report_cases sf_report_tasks",
        [
            ("account", {"name": "Edge Communications", "annual_revenue": 139_000_000}),
            ("contact", {"name": "Rose Gonzalez", "birthday": "1963-09-14"}),
            ("deal", {"title": "Edge Generator", "stage": "needs-analysis", "probability": 50}),
            ("log", {"kind": "call", "summary": "Call", "duration": 5, "deal": "Edge Generator"}),
            ("log", {"kind": "meeting", "at": "2026-10-20T12:00:00Z"}),
            (
                "log",
                {
                    "kind": "ticket",
                    "summary": "Generator stops",
                    "resolved_at": "2026-11-05T14:00:00Z",
                    "outcome": "Closed",
                },
            ),
            ("log", {"kind": "ticket", "summary": "Manual missing", "resolved_at": None}),
            ("task", {"text": "Send the quote", "due": "2026-12-15"}),
        ],
    ),
    "HubSpot": (
        "hs_companies hs_contacts hs_deals hs_tickets hs_calls hs_emails hs_meetings hs_notes "
        "hs_tasks",
        [
            ("account", {"name": "Birch & Co", "industry": "Computer software"}),
            ("account", {"name": "Harbour Lotteries", "parent": "Birch & Co", "status": "lead"}),
            ("contact", {"name": "Mara Oduya", "role": "budget-owner", "linkedin": "maraoduya"}),
            ("contact", {"name": "Lee", "account": "Harbour Lotteries", "do_not_contact": True}),
            (
                "deal",
                {
                    "title": "Birch rollout",
                    "amount": 12000.5,
                    "currency": "EUR",
                    "probability": 90,
                    "category": "best-case",
                },
            ),
            ("deal", {"title": "Harbour draw", "stage": "lost", "lost_reason": "Too dear"}),
            ("log", {"kind": "ticket", "summary": "Login fails", "outcome": "New"}),
            ("log", {"kind": "ticket", "resolved_at": "2026-10-03T12:00:00Z"}),
            ("log", {"kind": "call", "duration": 5, "attempt": False, "deal": "Birch rollout"}),
            ("log", {"kind": "call", "outcome": "No answer", "attempt": True}),
            ("log", {"kind": "email", "direction": "in", "contacts": ["Mara Oduya"]}),
            ("log", {"kind": "meeting", "summary": "Pricing round"}),
            ("log", {"kind": "note", "body": "Likes tea", "summary": "Likes tea"}),
            ("task", {"text": "Send the paper", "deal": "Birch rollout", "done_at": None}),
            ("task", {"text": "Call about it", "done_at": "2026-11-05T09:00:00Z"}),
        ],
    ),
    "Pipedrive": (
        "pd_organizations pd_people pd_deals pd_activities pd_notes",
        [
            ("account", {"name": "Birch & Co", "street": "High St 1", "country": "GB"}),
            ("contact", {"phones": ["+442079460001", "+447911123456"], "tags": ["Hot lead"]}),
            ("deal", {"title": "Birch rollout", "stage": "proposal", "amount": 12000.5}),
            ("deal", {"title": "Birch extra", "stage": "lost", "closed_on": "2026-10-12"}),
            ("deal", {"title": "Birch small", "stage": "won", "closed_on": "2026-10-12"}),
            ("log", {"kind": "call", "at": "2026-11-02T10:30:00Z", "duration": 15}),
            ("log", {"kind": "note", "body": "Likes tea", "deal": "Birch rollout"}),
            ("task", {"text": "Send paper", "contact": "Mara Oduya"}),
        ],
    ),
    "Zoho": (
        "zo_Accounts zo_Contacts zo_Deals zo_Tasks zo_Calls zo_Notes",
        [
            ("account", {"currency": "EUR", "tags": ["hot", "expo"], "postal_code": "SW1A 1AA"}),
            ("contact", {"name": "Mara Oduya", "account": "Birch & Co"}),
            ("deal", {"title": "Birch lost", "stage": "lost", "lost_reason": "Price"}),
            ("task", {"text": "Send the paper", "deal": None, "account": "Birch & Co"}),
            ("task", {"text": "Ask for PO", "deal": "Birch rollout", "account": "Birch & Co"}),
            ("log", {"kind": "call", "duration": 5, "direction": "out"}),
            ("log", {"kind": "note", "summary": "Tea"}),
        ],
    ),
    "Dynamics": (
        "dy_accounts dy_contacts dy_opps dy_calls dy_tasks",
        [
            ("account", {"currency": "USD", "annual_revenue": 12_000_000, "status": "customer"}),
            ("contact", {"name": "Mara Oduya", "birthday": "1975-03-14"}),
            ("deal", {"title": "Birch rollout", "stage": "proposal", "lost_reason": None}),
            ("deal", {"title": "Birch extra", "stage": "lost", "lost_reason": "Out-Sold"}),
            ("log", {"kind": "call", "duration": 15, "contacts": ["Mara Oduya"]}),
            ("task", {"text": "Send the paper", "done_at": None}),
            ("task", {"text": "Ask for PO", "done_at": "2026-11-19T09:00:00Z"}),
        ],
    ),
    "Stripe": (
        "stripe_customers stripe_payments stripe_invoices",
        [
            ("account", {"name": "Birch & Co", "country": "GB", "status": "customer"}),
            ("purchase", {"account": "Birch & Co", "amount": 120.5, "currency": "EUR"}),
        ],
    ),
}

ALONE: dict[str, Records] = {
    "qb_list_by_customer": [
        ("purchase", {"account": "Nordlys AS", "amount": 14_400, "invoice": "1007"}),
        ("purchase", {"account": "Tern Ltd", "amount": -500, "purchased_on": "2026-04-30"}),
    ],
    "qb_list_totals": [
        ("purchase", {"account": "Nordlys AS", "amount": 1200, "purchased_on": "2026-01-15"}),
        ("purchase", {"account": "Tern Ltd", "amount": 5000, "invoice": "1002"}),
    ],
    "qb_sales_detail": [
        ("purchase", {"account": "Nordlys AS", "amount": 1200, "quantity": 12}),
        ("purchase", {"account": "Tern Ltd", "amount": 5000, "quantity": 50}),
    ],
    "sf_report_grouped": [
        ("deal", {"title": "Tern pilot", "stage": "prospecting", "amount": 8000}),
        ("deal", {"title": "Tern start", "stage": "won", "currency": "EUR"}),
    ],
    "pd_leads": [("deal", {"title": "Harbour lead", "account": "Nordlys AS", "amount": 1200})],
    # The day on which an open deal is won is the one on which it is expected to close.
    "close_opps_open": [
        ("deal", {"title": "Rollout", "close_date": "2026-12-31", "closed_on": None}),
        ("deal", {"account": "Tern Ltd", "stage": "lost", "closed_on": "2026-06-30"}),
    ],
    # The number of an attendee is not their name.
    "eventbrite": [("contact", {"name": "Rosa Lind", "account": "Nordlys AS", "title": "CFO"})],
    "apollo": [("contact", {"title": "CFO", "linkedin": "maraoduya", "phones": ["+442079460001"]})],
    "capsule_opps": [("deal", {"title": "Birch rollout", "stage": "proposal", "currency": "EUR"})],
    "capsule_people": [("contact", {"name": "Mara Oduya", "title": "CFO", "notes": "Tea"})],
    "close_leads": [("account", {"name": "Birch & Co", "website": "birch.example"})],
    "close_opps": [("deal", {"account": "Birch & Co", "stage": "qualification"})],
    "copper_opps": [("deal", {"title": "Birch rollout", "close_date": "2026-12-31"})],
    "copper_people": [("contact", {"name": "Mara Oduya", "account": "Birch & Co"})],
    "freshsales_accounts": [("account", {"industry": "Software", "owner": "Ola"})],
    "freshsales_deals": [("deal", {"stage": "negotiation", "amount": 12000, "type": "new"})],
    "google_new": [
        ("contact", {"name": "Mara Oduya", "phones": ["+447911123456", "+442079460000"]}),
        ("account", {"name": "Harbour Lotteries", "phone": "+4722222222"}),
    ],
    "chargebee_customers": [
        ("account", {"name": "Halden Marine", "status": "customer", "city": "Oslo"}),
        ("contact", {"name": "Rosa Lind", "account": "Birch", "emails": ["rosa@birch.example"]}),
    ],
    "chargebee_subs --default amount=1200": [
        ("purchase", {"starts_on": "2026-03-04", "ends_on": "2027-03-04", "recurring": "yearly"}),
        ("purchase", {"ends_on": "2026-04-04", "recurring": "monthly"}),
    ],
    "close_opps_formatted": [
        ("deal", {"title": "Seats 2027", "amount": 50_000, "currency": "EUR"}),
        ("deal", {"title": "Halden Marine", "amount": 1200.5, "currency": "USD", "stage": "won"}),
    ],
    "datev_debtors": [
        ("account", {"name": "Strauß & Söhne KG", "kind": "company", "phone": "+49892180"}),
        ("account", {"name": "Anna Berg", "kind": "individual", "city": "Böblingen"}),
        ("contact", {"name": "Anna Berg", "account": "Anna Berg", "emails": ["anna@berg.example"]}),
    ],
    "freshbooks": [
        ("account", {"name": "Birch", "postal_code": "E1 1AA", "currency": "GBP"}),
        ("contact", {"name": "Per Halden", "account": "Halden Marine"}),
    ],
    "google_old": [
        ("contact", {"name": "Mara Oduya", "title": "CFO", "tags": ["Clients"]}),
        ("contact", {"name": "mum", "birthday": None, "notes": "Birthday: 03-04"}),
        ("contact", {"name": "noname"}),
    ],
    "insightly_contacts": [("contact", {"name": "Mara Oduya", "title": "CFO", "tags": ["vip"]})],
    "insightly_opps": [("deal", {"title": "Rollout", "stage": "proposal", "currency": "EUR"})],
    "lexoffice": [
        ("account", {"name": "Müller GmbH", "kind": "company", "description": "Stammkunde"}),
        ("account", {"name": "Anna Berg", "kind": "individual", "street": "Ringweg 4"}),
        ("contact", {"name": "Anna Berg", "emails": ["anna@berg.example"]}),
    ],
    "linkedin": [("contact", {"name": "Mara Oduya", "linkedin": "maraoduya", "title": "CFO"})],
    "mailchimp": [("contact", {"name": "Mara Oduya", "tags": ["vip", "Newsletter"]})],
    "mailchimp_unsub": [("contact", {"name": "Mara Oduya", "do_not_contact": True})],
    "odoo": [
        ("account", {"name": "Nordlys AS", "phone": "+4722123456", "owner": "Kim Sand"}),
        ("contact", {"name": "Per Ek", "account": "Nordlys AS"}),
    ],
    "outlook_new": [
        ("contact", {"phones": ["+442079460001", "+447911123456"], "birthday": "1975-04-13"})
    ],
    "qb_contact_list --default country=US": [
        (
            "account",
            {
                "name": "Cal & Sons",
                "phone": "+12125550199",
                "other_phones": ["+19175550142"],
            },
        ),
        ("contact", {"name": "Ada Fenwick", "account": "Fenwick Cards", "phones": []}),
    ],
    "qb_customers": [("account", {"name": "Birch & Co", "postal_code": "SW1A 1AA"})],
    "qb_transactions": [("purchase", {"amount": 1362.07, "purchased_on": "2026-11-22"})],
    "qb_invoices": [("purchase", {"amount": 362.07, "purchased_on": "2026-11-02"})],
    "qb_sales_by_customer": [("purchase", {"amount": 225, "quantity": 3})],
    "recurly_accounts": [
        ("account", {"name": "Birch", "phone": "+442079460000", "status": "customer"}),
        ("contact", {"name": "Per Halden", "emails": ["ap@halden.example"]}),
    ],
    "recurly_subs --map product=": [
        ("purchase", {"account": "Birch", "amount": 12_000, "ends_on": "2027-01-05"}),
    ],
    "sevdesk": [
        ("account", {"name": "Müller GmbH", "website": "mueller.example", "tags": ["Kunde"]}),
        ("contact", {"name": "Anna Berg", "account": "Müller GmbH", "title": "Einkauf"}),
    ],
    "sf_api_Contract --default amount=0": [
        ("purchase", {"account": "Birch", "starts_on": "2026-01-15", "ends_on": "2027-01-14"}),
    ],
    "sf_report_contracts --default amount=0": [
        ("purchase", {"purchased_on": "2026-01-10", "ends_on": "2027-01-14"}),
        ("purchase", {"account": "Halden Marine", "ends_on": "2026-05-31"}),
    ],
    "stripe_subs": [
        ("purchase", {"account": "Birch", "amount": 12_000, "recurring": "yearly", "quantity": 10}),
        ("purchase", {"account": "Halden Marine", "ends_on": "2026-04-15"}),
    ],
    "sf_api_Lead": [("contact", {"name": "Bertha Boxer", "account": "Farmers Coop. of Florida"})],
    "sf_report_leads": [("contact", {"name": "Bertha Boxer", "account": "Farmers Coop"})],
    "xero_sales": [("purchase", {"amount": 120.5, "currency": "EUR", "account": "Birch"})],
    "xero_contacts": [("account", {"name": "Birch & Co", "street": "1 High St"})],
    "xero_invoices": [("purchase", {"purchased_on": "2026-11-22", "amount": 100})],
}
"""Files of one system by themselves, and the options they need.

Accounts that they name are added, because that is asked for.
"""


HELP_DESKS: dict[str, Records] = {
    "freshdesk": [("log", {"kind": "ticket", "outcome": "Closed", "account": "Birch"})],
    "tickets_zendesk": [
        ("log", {"summary": "Login fails", "resolved_at": "2026-11-03T10:00:00Z"}),
        ("log", {"summary": "Invoice", "resolved_at": None, "outcome": "Open"}),
    ],
}
"""Files that name people by their address."""


def holds(run: Program, expected: Records) -> None:
    found = {kind: run("export", "--as", kind, "-f", "json").json() for kind, _ in expected}
    for kind, fields in expected:
        near = [{name: record[name] for name in fields} for record in found[kind]]
        assert fields in near, (kind, json.dumps(near, indent=1))


@pytest.mark.parametrize("system", TOGETHER)
def test_the_files_of_a_system_go_in_together(run: Program, system: str) -> None:
    names, expected = TOGETHER[system]
    done = run("import", *(FILES / f"{name}.csv" for name in names.split()))
    assert done.code == 0, done.err
    assert f"read as {system.split()[0]} " in done.err
    holds(run, expected)


@pytest.mark.parametrize("name", ALONE)
def test_a_file_goes_in_by_its_header(run: Program, name: str) -> None:
    file, *options = name.split()
    given = (str(FILES / f"{file}.csv"), "--create-accounts", *options)
    done = run("import", *given)
    assert done.code == 0, done.err
    holds(run, ALONE[name])
    assert "Nothing to import:" in run("import", *given).err


ABROAD: dict[str, tuple[str, Records]] = {
    "kontakte angebote aktivitaeten aufgaben --default country=DE": (
        '"Nachname" as name',
        [
            ("contact", {"name": "Jörg Müller", "department": "Leitung", "birthday": "1970-05-04"}),
            ("contact", {"name": "Anke Weiß", "phones": ["+493514567891"]}),
            ("deal", {"title": "Wartung", "stage": "won", "amount": 8000, "currency": "EUR"}),
            ("deal", {"title": "Ausbau Werk 2", "stage": "negotiation", "amount": 40000.5}),
            ("log", {"kind": "meeting", "summary": "Werk besichtigt", "contacts": ["Anke Weiß"]}),
            ("task", {"text": "Angebot nachfassen", "due": "2026-12-01"}),
        ],
    ),
    "kunden --encoding cp1252": (
        '"Straße" as street',
        [("account", {"name": "Weiß AG", "phone": "+493514567890", "annual_revenue": 85_000})],
    ),
    "clients --encoding cp1252": (
        '"Raison sociale" as name',
        [("account", {"name": "Société Légère SARL", "country": "FR", "employees": 45})],
    ),
    "contacts_fr affaires --default country=FR": (
        '"Nom" as name',
        [
            ("contact", {"name": "Hélène Dupont", "department": "Finances"}),
            ("deal", {"title": "Extension usine", "stage": "negotiation", "amount": 40000.5}),
        ],
    ),
    "clientes --encoding cp1252": (
        '"C.P." as postal code',
        [("account", {"name": "Aceites Peña S.L.", "region": "Madrid", "employees": 45})],
    ),
    "contactos --default country=ES": (
        '"Nombre" as name',
        [("contact", {"name": "María Peña García", "birthday": "1970-11-23"})],
    ),
    "klanten": (
        '"Omzet" as annual revenue',
        [("account", {"name": "De Vries B.V.", "annual_revenue": 1_250_000.5})],
    ),
    "contacten --default country=NL": (
        '"Tussenvoegsel" as name',
        [("contact", {"name": "Jan de Vries", "phones": ["+31201234568", "+31612345678"]})],
    ),
}
"""Files and options of tables in other languages; what is said, and what they hold."""


@pytest.mark.parametrize("words", ABROAD)
def test_a_table_in_another_language_goes_in_and_each_column_is_said(
    run: Program, words: str
) -> None:
    said, expected = ABROAD[words]
    names, _, options = words.partition(" --")
    files = [FILES.parent / "abroad" / f"{name}.csv" for name in names.split()]
    given = f"--{options}".split() if options else []
    done = run("import", *files, *given, "--create-accounts")
    assert done.code == 0, done.err
    assert said in " ".join(done.err.split())
    holds(run, expected)
    assert "Nothing to import:" in run("import", *files, *given, "--create-accounts").err


@pytest.mark.parametrize("name", HELP_DESKS)
def test_tickets_keep_their_state_and_their_people(run: Program, name: str) -> None:
    run("account", "add", "Birch")
    run("contact", "add", "Mara Oduya", "--account", "Birch", "--email", "mara@birch.example")
    done = run("import", FILES / f"{name}.csv")
    assert done.code == 0, done.err
    holds(run, HELP_DESKS[name])
    logs = run("export", "--as", "log", "-f", "json").json()
    assert all(one["contacts"] == ["Mara Oduya"] for one in logs)


def test_every_file_is_imported() -> None:
    tried = {name for names, _ in TOGETHER.values() for name in names.split()}
    tried |= {name.split()[0] for name in ALONE} | HELP_DESKS.keys() | {"calendly"}
    assert tried == {file.stem for file in FILES.glob("*.csv")}


def test_files_of_a_system_go_in_again_without_a_change(run: Program) -> None:
    files = [FILES / f"{name}.csv" for name in TOGETHER["HubSpot"][0].split()]
    run("import", *files)
    again = run("import", *files)
    assert "Nothing to import:" in again.err


def test_what_is_not_there_is_said_with_what_helps(run: Program) -> None:
    alone = run("import", FILES / "hs_calls.csv", "--create-accounts")
    assert alone.code == 4
    assert "Import its contacts in the same command" in alone.err
    assert "--map contacts=" in alone.err
    done = run("import", FILES / "hs_calls.csv", "--create-accounts", "--lenient")
    assert "contacts that are not in the book were left out (2, such as " in done.err
    holds(run, [("log", {"account": "Birch & Co", "contacts": [], "kind": "call"})])


def test_days_with_points_are_no_reason_where_the_column_is_english(
    run: Program, tmp_path: Path
) -> None:
    file = tmp_path / "tasks.csv"
    file.write_text("Task,Company,Due date\nCall,Birch,01.12.2026\n")
    said = run("import", file, "--create-accounts")
    assert "Choose one: --date-format dmy or mdy" in said.err


def test_groups_of_a_report_are_said(run: Program) -> None:
    said = run("import", FILES / "qb_list_totals.csv", "--create-accounts").err
    told = 'rows stand in 2 groups, whose names are read as "Customer"; skipped 3 lines with sums'
    assert told in " ".join(said.split())


@pytest.mark.parametrize(
    "company",
    [
        "Nordlys AS (../Companies/Nordlys%20AS%201a2b3c.md)",
        "Nordlys AS (https://www.notion.so/Nordlys-AS-1a2b?pvs=21)",
        '"""Nordlys AS"""',
    ],
)
def test_a_linked_record_is_its_name(run: Program, tmp_path: Path, company: str) -> None:
    file = tmp_path / "deals.csv"
    file.write_text(f"Deal,Company,Stage,Value\nPilot,{company},Proposal,900\n")
    assert run("import", file, "--create-accounts").code == 0
    holds(run, [("account", {"name": "Nordlys AS"})])


def test_the_room_of_a_person_is_no_country(run: Program, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(
        "First Name,Last Name,E-mail Address,Business Phone,Company,Office Location,"
        "Business Country/Region\nRosa,Lind,r@nordlys.example,,Nordlys AS,2nd floor,Norway\n"
    )
    assert run("import", file, "--create-accounts").code == 0
    holds(run, [("account", {"name": "Nordlys AS", "country": "NO"})])


def test_void_invoices_are_no_purchases(run: Program, tmp_path: Path) -> None:
    file = tmp_path / "invoices.csv"
    file.write_text(
        "id,Customer Name,Amount Due,Amount Paid,Currency,Date (UTC),Number,Status,Total\n"
        "in_1,Birch,10,10,eur,2026-01-15 10:15,A-1,paid,10\n"
        "in_2,Birch,20,0,eur,2026-01-16 10:15,A-2,void,20\n"
    )
    said = run("import", file, "--create-accounts").err
    assert 'skipped 1 row of another kind, by "Status"' in said
    assert len(run("export", "--as", "purchase", "-f", "json").json()) == 1


def test_an_opt_out_of_pipedrive_is_kept(run: Program, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(
        "Person - Name,Person - Organization,Person - Owner,Person - Marketing status\n"
        "Ann Tern,Tern Ltd,Kim,Unsubscribed\nRosa Lind,Tern Ltd,Kim,No consent\n"
    )
    assert run("import", file, "--create-accounts").code == 0
    holds(run, [("contact", {"name": "Ann Tern", "do_not_contact": True})])
    holds(run, [("contact", {"name": "Rosa Lind", "do_not_contact": False})])


def test_of_several_words_for_one_value_the_first_is_taken_and_said(
    run: Program, tmp_path: Path
) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text(
        "Record ID,First Name,Last Name,Email,Buying Role\n"
        "1,Rosa,Lind,r@nordlys.example,BUDGET_HOLDER;DECISION_MAKER\n"
    )
    said = " ".join(run("import", file).err.split())
    assert '"BUDGET_HOLDER;DECISION_MAKER" was read as budget-owner' in said
    holds(run, [("contact", {"name": "Rosa Lind", "role": "budget-owner"})])


def test_the_default_country_cures_the_phones_of_accounts(run: Program, tmp_path: Path) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text("Name,Main Phone,City\nTern,020 7946 0018,London\n")
    assert "--default country=DE" in run("import", file, "--as", "account").err
    assert run("import", file, "--as", "account", "--default", "country=GB").code == 0
    holds(run, [("account", {"name": "Tern", "phone": "+442079460018", "country": "GB"})])


def test_digits_that_a_spreadsheet_took_away_are_refused(run: Program, tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    file.write_text("Record ID,Deal Name,Deal Stage,Associated Company IDs\n1,Pilot,new,9.1E+11\n")
    said = run("import", file).err
    assert '"9.1E+11" lost its digits in a spreadsheet' in said


def test_payments_among_the_sales_are_no_purchases(run: Program) -> None:
    done = run("import", FILES / "qb_transactions.csv", "--create-accounts")
    assert 'skipped 1 row of another kind, by "Transaction type"' in done.err
    assert len(run("export", "--as", "purchase", "-f", "json").json()) == 1


@pytest.mark.parametrize(
    ("rows", "kind", "expected"),
    [
        ("Company,Date,Call Notes,Duration\nBirch,2026-11-02,Hi,15\n", "log", {"kind": "call"}),
        ("Name,Role,Email\nMara,CFO,m@x.example\n", "contact", {"title": "CFO", "role": None}),
        ("Name,Role,Email\nMara,Champion,m@x.example\n", "contact", {"role": "champion"}),
        ("Company,Stage,Deal Value\nBirch,Proposal,5 EUR\n", "deal", {"title": "Birch"}),
    ],
)
def test_plain_lists_go_in_by_what_their_columns_say(
    run: Program, tmp_path: Path, rows: str, kind: str, expected: dict[str, Any]
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(rows)
    done = run("import", file, "--create-accounts")
    assert done.code == 0, done.err
    holds(run, [(kind, expected)])


def test_meetings_of_calendly_are_those_of_their_invitees(run: Program) -> None:
    run("account", "add", "Birch")
    for name, email in (("Rosa Lind", "rosa@birch.example"), ("Ann Ny", "ann@newco.example")):
        run("contact", "add", name, "--account", "Birch", "--email", email)
    done = run("import", FILES / "calendly.csv")
    assert done.code == 0, done.err
    assert 'skipped 1 row of another kind, by "Canceled"' in done.err
    holds(
        run,
        [
            ("log", {"kind": "meeting", "contacts": ["Rosa Lind"], "body": "Seats for 2027"}),
            ("log", {"outcome": "no show", "attempt": True, "account": "Birch"}),
            ("task", {"text": "Demo", "account": "Birch", "contact": "Rosa Lind"}),
        ],
    )


def test_customers_and_their_subscriptions_are_linked_by_id(run: Program) -> None:
    names = ("chargebee_customers", "chargebee_subs")
    files = [FILES / f"{name}.csv" for name in names]
    done = run("import", *files, "--default", "amount=1200")
    assert done.code == 0, done.err
    assert "Imported 2 accounts: 2 new; 2 contacts: 2 new; 2 purchases: 2 new." in done.err


def test_cents_of_close_are_read_as_such_and_said(run: Program, tmp_path: Path) -> None:
    lines = (FILES / "close_opps_formatted.csv").read_text().replace("value_formatted", "shown")
    file = tmp_path / "opps.csv"
    file.write_text(lines)
    done = run("import", file, "--create-accounts")
    assert '"value" is in cents: 1200 is 12' in " ".join(done.err.split())
    holds(run, [("deal", {"title": "Seats 2027", "amount": 50_000})])


def test_what_one_part_leaves_out_of_a_row_is_counted(run: Program) -> None:
    done = run("import", FILES / "lexoffice.csv")
    assert 'left out of accounts: "E-Mail" (1)' in done.err
