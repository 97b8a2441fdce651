from __future__ import annotations

from itertools import combinations

import pytest

from acctcli.configfile import from_document
from acctcli.interop.headers import (
    ABROAD,
    FIXED,
    PARTS,
    fitting_kinds,
    match,
    squeezed,
    with_currency,
    without_prefix,
    words,
)
from acctcli.model import KINDS, NOUNS, REF
from acctcli.values.fields import columns_of

FIELDS = {kind: KINDS[kind].fields for kind in KINDS}


def matched(kind: str, *columns: str) -> dict[str, tuple[str, ...]]:
    return match(kind, FIELDS[kind], columns).columns


# The table of words


@pytest.mark.parametrize("table", ["headers", ABROAD])
@pytest.mark.parametrize("kind", words())
def test_every_word_is_of_one_field_that_there_is(kind: str, table: str) -> None:
    listed = words(table).get(kind, {})
    of_field = {field: {squeezed(word) for word in names} for field, names in listed.items()}
    assert set(of_field) <= {name for name, f in FIELDS[kind].items() if not f.derived}
    assert all("" not in names for names in of_field.values())
    for (one, names), (other, others) in combinations(of_field.items(), 2):
        assert not names & others, (one, other)


@pytest.mark.parametrize("kind", words())
def test_no_word_is_the_name_of_another_field(kind: str) -> None:
    names = {squeezed(name) for name in FIELDS[kind]}
    for field, listed in words()[kind].items():
        others = names - {squeezed(field)}
        assert not others & {squeezed(word) for word in listed} - {"createdat"}, field


@pytest.mark.parametrize("kind", words(ABROAD))
def test_no_word_of_another_language_is_an_english_one(kind: str) -> None:
    here = {squeezed(word) for of in words()[kind].values() for word in of} | {*FIELDS[kind]}
    there = [squeezed(word) for of in words(ABROAD)[kind].values() for word in of]
    assert not here & {*there}
    assert len(there) == len({*there})


def test_a_name_beside_a_first_name_is_a_surname() -> None:
    assert matched("contact", "Name", "Vorname", "Firma")["name"] == ("Vorname", "Name")
    assert matched("contact", "Nombre", "Apellidos")["name"] == ("Nombre", "Apellidos")
    assert matched("contact", "Name", "Firma")["name"] == ("Name",)


def test_a_sign_for_number_is_read() -> None:
    assert matched("purchase", "Invoice #")["invoice"] == ("Invoice #",)
    assert matched("account", "# of employees")["employees"] == ("# of employees",)
    assert "name" not in matched("contact", "Attendee #")


def test_parts_are_of_fields_that_there_are() -> None:
    assert all(set(parts) <= set(FIELDS[kind]) for kind, parts in PARTS.items())


# Matching


@pytest.mark.parametrize("kind", KINDS)
def test_our_own_export_is_known_in_full(kind: str) -> None:
    names = [name for name, field in FIELDS[kind].items() if not field.derived]
    columns = [column for column, _ in columns_of(FIELDS[kind], names)]
    found = match(kind, FIELDS[kind], columns, fixed=FIXED)
    assert found.left_out == []
    assert found.columns == {column: (column,) for column in columns}


def test_fixed_fields_are_ours_only_where_that_is_said() -> None:
    found = match("account", FIELDS["account"], ["id", "name", "number", "created_at"])
    assert found.columns == {"name": ("name",)}
    assert found.left_out == ["id", "number", "created_at"]
    assert matched("deal", "account", "Created At") == {
        "account": ("account",),
        "opened_on": ("Created At",),
    }


@pytest.mark.parametrize(
    ("kind", "column", "field"),
    [
        ("account", "Company", "name"),
        ("account", "sector", "industry"),
        ("account", "office_location", "country"),
        ("account", "revenue", "annual_revenue"),
        ("account", "subsidiary_of", "parent"),
        ("account", "Billing State/Province", "region"),
        ("contact", "E-mail", "emails"),
        ("contact", "Phone Number", "phones"),
        ("contact", "Account Name", "account"),
        ("contact", "LinkedIn URL", "linkedin"),
        ("deal", "Opportunity Name", "title"),
        ("deal", "Close Date", "close_date"),
        ("deal", "CLOSE-DATE", "close_date"),
        ("deal", "close", "close_date"),
        ("deal", "Amount", "amount"),
        ("deal", "close_value", "amount"),
        ("deal", "sales_agent", "owner"),
        ("deal", "engage_date", "opened_on"),
        ("deal", "deal_stage", "stage"),
        ("deal", "Probability (%)", "probability"),
        ("product", "sales_price", "price"),
        ("product", "series", "family"),
        ("log", "Subject", "summary"),
        ("task", "Due Date", "due"),
        ("purchase", "Expiry date", "ends_on"),
        ("review", "RAG status", "rating"),
    ],
)
def test_common_names(kind: str, column: str, field: str) -> None:
    assert matched(kind, column) == {field: (column,)}


def test_our_own_name_goes_before_another_word() -> None:
    assert matched("deal", "Value", "amount") == {"amount": ("amount",)}
    assert match("deal", FIELDS["deal"], ["Value", "amount"]).left_out == ["Value"]


def test_a_field_takes_one_column_though_it_has_two_names() -> None:
    found = match("deal", FIELDS["deal"], ["close", "close_date"])
    assert found.columns == {"close_date": ("close_date",)}
    assert found.left_out == ["close"]


def test_what_is_computed_is_not_read() -> None:
    found = match("account", FIELDS["account"], ["name", "last_touch", "next_step"])
    assert found.left_out == ["last_touch", "next_step"]


def test_a_part_of_a_name_may_be_a_field_of_the_users_own() -> None:
    fields = from_document({"fields": {"contact": {"first_name": {}}}}).fields("contact")
    found = match("contact", fields, ["First name", "Last name"])
    assert found.columns == {"first_name": ("First name",), "name": ("Last name",)}


def test_of_two_words_the_first_column_counts_unless_it_is_a_list() -> None:
    assert matched("account", "Telephone", "Main phone") == {"phone": ("Telephone",)}
    assert matched("contact", "Work phone", "Mobile") == {"phones": ("Work phone", "Mobile")}


def test_a_name_in_parts_is_put_together_unless_it_stands_in_full() -> None:
    assert matched("contact", "Last name", "First name") == {"name": ("First name", "Last name")}
    assert matched("contact", "Name", "First name") == {"name": ("Name",)}
    assert matched("account", "Name", "Address 2", "Address 1")["street"] == (
        "Address 1",
        "Address 2",
    )


def test_references_by_id_and_lists_of_them() -> None:
    assert matched("deal", "Account ID") == {"account_id": ("Account ID",)}
    assert matched("log", "contact_ids") == {"contact_ids": ("contact_ids",)}
    many = [f.id_name for fields in FIELDS.values() for f in fields.values() if f.type == REF]
    assert "contact_ids" in many


def test_custom_fields_by_their_name() -> None:
    config = from_document({"fields": {"account": {"sales_region": {}}}})
    fields = config.fields("account")
    assert match("account", fields, ["Sales Region"]).columns == {"sales_region": ("Sales Region",)}


# Guessing the kind


def kinds(*columns: str, others: tuple[str, ...] = ()) -> list[str]:
    return fitting_kinds(columns, {kind: FIELDS[kind] for kind in NOUNS}, others=others)


@pytest.mark.parametrize("kind", NOUNS)
def test_our_own_columns_tell_their_kind(kind: str) -> None:
    fields = FIELDS[kind]
    names = [name for name, field in fields.items() if not (field.derived or field.fixed)]
    assert kinds(*(column for column, _ in columns_of(fields, names))) == [kind]


def test_the_columns_of_others() -> None:
    assert kinds("First Name", "Last Name", "Company", "E-mail", "Fax", "Owner Id") == ["contact"]
    assert kinds("product", "series", "sales_price") == ["product"]
    assert kinds("opportunity_id", "account", "product", "deal_stage", "close_value") == ["deal"]
    assert kinds("name", "website") == ["account"]


def test_columns_that_fit_several_kinds_or_none() -> None:
    assert kinds("name") == ["account", "contact", "product"]
    assert kinds("name", "phone") == ["account", "contact"]
    assert kinds("a") == []
    assert kinds("name", "Id", "website", others=("Id",)) == ["account"]


def test_what_is_not_known_does_not_hide_what_is() -> None:
    assert kinds("name", "website", *"abcdefghijklmnop") == ["account"]


def test_a_person_with_a_title_and_a_company_is_no_deal() -> None:
    columns = ("lead_name", "company", "title", "lead_source", "status", "created_date")
    assert kinds(*columns) == ["contact"]
    assert kinds("Company", "Contact", "Email", "Phone", "City") == ["contact"]


EXPORTS = {
    "Salesforce accounts": (
        "account",
        """Id,IsDeleted,MasterRecordId,Name,Type,ParentId,BillingStreet,BillingCity,BillingState,
        BillingPostalCode,BillingCountry,Phone,Fax,Website,Industry,AnnualRevenue,
        NumberOfEmployees,Description,OwnerId,CreatedDate,SicDesc,Rating""",
    ),
    "Salesforce contacts": (
        "contact",
        """Id,IsDeleted,AccountId,LastName,FirstName,Salutation,Name,MailingStreet,MailingCity,
        Phone,Fax,MobilePhone,Email,Title,Department,LeadSource,Birthdate,Description,OwnerId,
        HasOptedOutOfEmail,CreatedDate""",
    ),
    "Salesforce opportunities": (
        "deal",
        """Id,IsDeleted,AccountId,IsPrivate,Name,Description,StageName,Amount,Probability,
        ExpectedRevenue,CloseDate,Type,NextStep,LeadSource,IsClosed,IsWon,ForecastCategory,
        OwnerId,CreatedDate""",
    ),
    "Salesforce report": (
        "account",
        "Account Owner,Account Name,Billing State/Province,Type,Rating,Last Activity",
    ),
    "HubSpot companies": (
        "account",
        "Record ID,Company name,Company owner,Phone Number,City,Country/Region,Industry",
    ),
    "HubSpot contacts": (
        "contact",
        """Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Associated Company,
        Lead Status,Marketing contact status,Create Date""",
    ),
    "HubSpot activities": (
        "log",
        "Activity type,Activity date,Subject,Body,Associated Company,Associated Contact",
    ),
    "Zoho deals": (
        "deal",
        """Record Id,Deal Name,Account Name,Stage,Amount,Closing Date,Probability (%),Type,
        Lead Source,Contact Name,Deal Owner""",
    ),
    "Zoho accounts": (
        "account",
        "Record Id,Account Owner,Account Name,Phone,Website,Industry,Employees,Annual Revenue",
    ),
    "Dynamics accounts": (
        "account",
        """(Do Not Modify) Account,(Do Not Modify) Row Checksum,Account Name,Main Phone,
        Address 1: City,Primary Contact,Email (Primary Contact) (Contact)""",
    ),
    "Dynamics opportunities": (
        "deal",
        "Topic,Potential Customer,Est. Close Date,Est. Revenue,Contact,Probability,Rating,Status",
    ),
    "leads": ("contact", "Lead ID,First Name,Last Name,Company,Title,Email,Phone,Lead Source"),
    "invoices": ("purchase", "Invoice Number,Invoice Date,Customer,Item,Quantity,Total,Currency"),
    "a to-do list": ("task", "Task,Due date,Company,Assigned to"),
    "minutes": ("log", "date,company,attendees,summary"),
}


@pytest.mark.parametrize("export", EXPORTS)
def test_the_exports_of_other_systems_are_known_by_their_header(export: str) -> None:
    kind, columns = EXPORTS[export]
    assert kinds(*(column.strip() for column in columns.split(","))) == [kind]


def test_the_noun_before_every_column_is_taken_off() -> None:
    columns = ["Deal - ID", "Deal - Title", "Deal - Value", "Person - Name"]
    noun, called = without_prefix(columns)
    assert (noun, called["Deal - Title"]) == ("deal", "Title")
    found = match("deal", FIELDS["deal"], columns, called=called)
    assert found.columns == {"title": ("Deal - Title",), "amount": ("Deal - Value",)}
    assert without_prefix(["Name", "Deal - Title"]) == ("", {})


def test_a_job_title_goes_before_a_title_beside_it() -> None:
    assert matched("contact", "Title", "First Name", "Job Title")["title"] == ("Job Title",)
    assert matched("contact", "Title", "First Name")["title"] == ("Title",)


def test_a_list_takes_columns_of_one_name() -> None:
    found = match(
        "contact", FIELDS["contact"], ["Name", "Phone", "Phone (2)"], again={"Phone (2)": "Phone"}
    )
    assert found.columns["phones"] == ("Phone", "Phone (2)")


@pytest.mark.parametrize(
    "columns",
    [
        "Name,Stage,Assigned To,Notes,Contacts,Organizations,Deal Size,Close Date",
        "Name,Company,Stage,Probability,Close Date,Amount",
        "Name,Accounts,Stage,Lost reason,Value,Close Date",
    ],
)
def test_rows_with_a_stage_and_a_close_date_are_deals(columns: str) -> None:
    assert fitting_kinds(columns.split(","), FIELDS) == ["deal"]


def test_rows_with_a_stage_and_a_close_date_are_no_accounts_without_a_company() -> None:
    assert fitting_kinds(["Name", "Stage", "Close Date", "Notes"], FIELDS) == []


def test_a_currency_at_the_end_of_a_name_is_no_part_of_it() -> None:
    named = with_currency(["Amount (EUR)", "Annual\nRevenue [USD]", "Size (SQM)", "EUR", "(EUR)"])
    assert named == {
        "Amount (EUR)": ("Amount", "EUR"),
        "Annual\nRevenue [USD]": ("Annual\nRevenue", "USD"),
    }
