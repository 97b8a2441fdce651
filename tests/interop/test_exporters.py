"""The tables that other systems export, recognised by their columns."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.interop.reading import read_file

from acctcli.interop import exporters
from acctcli.interop.exporters import chooser, known, recognised
from acctcli.interop.headers import squeezed
from acctcli.model import KINDS, NOUNS

FILES = Path(__file__).parents[1] / "data" / "exporters"

SYSTEMS = {
    "apollo": "Apollo contact",
    "calendly": "Calendly log, task",
    "chargebee_customers": "Billing account, contact",
    "chargebee_subs": "Billing purchase",
    "datev_debtors": "DATEV account, contact",
    "freshbooks": "Billing account, contact",
    "lexoffice": "Billing account, contact",
    "qb_contact_list": "QuickBooks account, contact",
    "recurly_accounts": "Billing account, contact",
    "recurly_subs": "Billing purchase",
    "sevdesk": "sevDesk account, contact",
    "sf_api_Contract": "Salesforce purchase",
    "sf_report_contracts": "Salesforce purchase",
    "stripe_subs": "Billing purchase",
    "capsule_opps": "Capsule deal",
    "capsule_people": "Capsule account, contact",
    "close_leads": "Close account",
    "close_opps": "Close deal",
    "close_opps_formatted": "Close deal",
    "close_opps_open": "Close deal",
    "copper_opps": "Copper deal",
    "copper_people": "Copper contact",
    "dy_accounts": "Dynamics account",
    "dy_calls": "Dynamics log, task",
    "dy_contacts": "Dynamics contact",
    "dy_opps": "Dynamics deal",
    "dy_tasks": "Dynamics task",
    "freshdesk": "Freshdesk log",
    "freshsales_accounts": "Freshsales account",
    "freshsales_deals": "Freshsales deal",
    "google_new": "Google account, contact",
    "google_old": "Google account, contact",
    "hs_calls": "HubSpot log",
    "hs_companies": "HubSpot account",
    "hs_contacts": "HubSpot contact",
    "hs_deals": "HubSpot deal",
    "hs_emails": "HubSpot log",
    "hs_meetings": "HubSpot log, task",
    "hs_notes": "HubSpot log",
    "hs_tasks": "HubSpot task",
    "hs_tickets": "HubSpot log",
    "insightly_contacts": "Insightly contact",
    "insightly_opps": "Insightly deal",
    "linkedin": "LinkedIn contact",
    "mailchimp": "Mailchimp contact",
    "mailchimp_unsub": "Mailchimp contact",
    "odoo": "Odoo account, contact",
    "outlook_new": "Outlook contact",
    "pd_activities": "Pipedrive log, task",
    "pd_deals": "Pipedrive deal",
    "pd_leads": "Pipedrive deal",
    "pd_notes": "Pipedrive log",
    "pd_organizations": "Pipedrive account",
    "pd_people": "Pipedrive contact",
    "qb_customers": "QuickBooks account, contact",
    "qb_invoices": "QuickBooks purchase",
    "qb_list_by_customer": "QuickBooks purchase",
    "qb_list_totals": "QuickBooks purchase",
    "qb_sales_detail": "QuickBooks purchase",
    "qb_transactions": "QuickBooks purchase",
    "qb_sales_by_customer": "QuickBooks purchase",
    "sf_api_Account": "Salesforce account",
    "sf_api_Contact": "Salesforce contact",
    "sf_api_Event": "Salesforce log, task",
    "sf_api_Lead": "Salesforce contact",
    "sf_api_Opportunity": "Salesforce deal",
    "sf_api_Task": "Salesforce log, task",
    "sf_report_accounts": "Salesforce account",
    "sf_report_activities": "Salesforce log, task",
    "sf_report_cases": "Salesforce log",
    "sf_report_contacts": "Salesforce contact",
    "sf_report_grouped": "Salesforce deal",
    "sf_report_leads": "Salesforce contact",
    "sf_report_opps": "Salesforce deal",
    "sf_report_tasks": "Salesforce log, task",
    "stripe_customers": "Stripe account",
    "stripe_invoices": "Stripe purchase",
    "stripe_payments": "Stripe purchase",
    "tickets_zendesk": "Zendesk log",
    "xero_sales": "Xero purchase",
    "xero_contacts": "Xero account, contact",
    "xero_invoices": "Xero purchase",
    "zo_Accounts": "Zoho account",
    "zo_Calls": "Zoho log",
    "zo_Contacts": "Zoho contact",
    "zo_Deals": "Zoho deal",
    "zo_Notes": "Zoho log",
    "zo_Tasks": "Zoho task",
}
"""The file of each export, and its system and the kinds of its rows."""


PLAIN = {"eventbrite"}
"""Files that the names of their columns are enough for."""


def columns(name: str) -> list[str]:
    file = FILES / f"{name}.csv"
    return [*read_file(file, name=file.name).columns]


def test_every_file_is_tried() -> None:
    assert {file.stem for file in FILES.glob("*.csv")} == SYSTEMS.keys() | PLAIN


@pytest.mark.parametrize("name", SYSTEMS)
def test_an_export_is_known_by_its_header(name: str) -> None:
    found = recognised(columns(name))
    kinds = dict.fromkeys(one.table.kind for one in found)
    assert f"{found[0].table.system} {', '.join(kinds)}" == SYSTEMS[name]


def test_a_plain_list_is_no_export() -> None:
    assert not recognised(["Name", "Company", "Email", "Phone"])
    assert not recognised(list(KINDS["account"].fields))


@pytest.mark.parametrize("table", known(), ids=lambda table: table.called)
def test_a_table_names_fields_of_its_kind(table: exporters.Exported) -> None:
    assert table.kind in NOUNS
    fields = KINDS[table.kind].fields
    ids = {field.id_name for field in fields.values() if field.target}
    assert {*table.columns} <= {*fields, *ids}
    assert {*table.begins} <= {*table.columns}
    assert {*table.values} <= {*fields}
    assert {*table.about} <= {*fields}
    named = {squeezed(one) for ways in table.columns.values() for way in ways for one in way}
    assert not named & table.ignore, "a column is read or ignored"


def test_tables_that_share_a_file_know_their_rows() -> None:
    by_marks: dict[frozenset[frozenset[str]], list[exporters.Exported]] = {}
    for table in known():
        by_marks.setdefault(frozenset(table.marks), []).append(table)
    for sharing in by_marks.values():
        if len(sharing) > 1:
            assert [table.rest for table in sharing].count(True) <= 1
            assert all(table.rows or table.rest or table.beside for table in sharing)


def test_a_row_belongs_to_the_table_whose_conditions_it_meets() -> None:
    tables = recognised(columns("pd_activities"))
    choose = chooser(tables, lambda column, cell: True)
    kinds = [one.table.kind for one in tables]
    call = {"Activity - Done": "Done", "Activity - Type": "Call"}

    def chosen(cells: dict[str, str]) -> list[str]:
        return [kinds[place] for place in choose(cells)]

    assert chosen(call) == ["log"]
    assert chosen(call | {"Activity - Done": "To do"}) == ["task"]
    assert chosen(call | {"Activity - Type": "Deadline"}) == ["task"]


def test_a_moment_decides_where_it_is_over() -> None:
    tables = recognised(columns("hs_meetings"))
    choose = chooser(tables, lambda column, cell: cell < "2026-11-27")
    kinds = [one.table.kind for one in tables]
    for day, kind in (("2026-10-20", "log"), ("2026-12-20", "task")):
        (place,) = choose({"Meeting start time": f"{day} 14:00"})
        assert kinds[place] == kind


def test_a_row_that_no_table_takes_is_left_out() -> None:
    choose = chooser(recognised(columns("stripe_payments")), lambda column, cell: True)
    assert choose({"Status": "Paid"}) == (0,)
    assert choose({"Status": "Failed"}) == ()


def test_a_row_about_a_customer_may_have_a_person_too() -> None:
    tables = recognised(columns("freshbooks"))
    choose = chooser(tables, lambda column, cell: True)

    def chosen(cells: dict[str, str]) -> list[str]:
        return [tables[place].table.object for place in choose(cells)]

    company = {"Organization": "Birch"}
    assert chosen(company) == ["customers"]
    assert chosen(company | {"Last Name": "Lind"}) == ["customers", "people of customers"]
    assert chosen({"Last Name": "Lind"}) == ["customers who are individuals"]


def test_a_condition_may_be_how_a_cell_begins() -> None:
    choose = chooser(recognised(columns("datev_debtors")), lambda column, cell: True)
    named = {"Name (Adressattyp Unternehmen)": "Birch"}
    assert choose(named | {"Konto": "10001"}) == (0,)
    assert choose(named | {"Konto": "70001"}) == (), "a creditor"


def test_the_first_of_several_columns_or_all_that_are_joined() -> None:
    [contacts] = recognised(columns("hs_contacts"))
    assert contacts.columns["name"] == ("First Name", "Last Name")
    assert contacts.columns["phones"] == ("Phone Number", "Mobile Phone Number")
    assert contacts.columns["account"] == ("Associated Company", "Company Name")
    assert contacts.either == {"account"}
    assert contacts.id == "Record ID"


def test_contacts_of_freshsales_are_no_contacts_of_hubspot() -> None:
    header = "Id,First name,Last name,Job title,Accounts,Emails,Work,Mobile,Sales owner"
    for further in ("", ",Lifecycle stage,Status,Source"):
        (found,) = recognised((header + further).split(","))
        assert found.table.called == "Freshsales contacts"
        assert found.columns["account"] == ("Accounts",)
        assert found.columns["phones"] == ("Work", "Mobile")
