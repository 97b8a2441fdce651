"""Files for the import wizards of other systems."""

from __future__ import annotations

import pytest

from acctcli.config import Config
from acctcli.interop.exporters import recognised
from acctcli.interop.wizards import PRESETS, WizardFile, cells, files_of
from acctcli.model import KINDS

PARTS = {"day", "time", "clock", "seconds", "status", "end"}

ALL = [(preset, file) for preset in PRESETS for file in files_of(preset)]


@pytest.mark.parametrize(("preset", "file"), ALL, ids=[f"{p} {f.name} {f.kind}" for p, f in ALL])
def test_a_file_holds_fields_of_its_kind(preset: str, file: WizardFile) -> None:
    fields = KINDS[file.kind].fields
    ids = {field.id_name for field in fields.values() if field.target}
    for source in file.columns.values():
        if source.startswith("="):
            continue
        for one in source.replace(" and ", " or ").split(" or "):
            part, _, name = one.rpartition(" of ")
            assert part in {*PARTS, ""}
            name = name.partition(".")[0]
            assert name in {*fields, *ids, "done", "first_name", "last_name"}, (preset, source)
    assert {*file.where} <= {*fields}
    assert {*file.words} <= {*fields, "done", "status"}


@pytest.mark.parametrize("preset", PRESETS)
def test_every_stage_has_a_word(preset: str) -> None:
    [deals] = [file for file in files_of(preset) if file.kind == "deal"]
    assert {stage.name for stage in Config().stages} == deals.words["stage"].keys()


def test_a_person_is_written_in_the_form_of_the_system() -> None:
    [contacts] = [file for file in files_of("hubspot") if file.kind == "contact"]
    row = {
        "id": "01a2",
        "name": "Mara A Oduya",
        "emails": ("mara@x.sg", "m@x.sg", "mo@x.sg"),
        "phones": ("+6562211234",),
        "linkedin": "maraoduya",
        "do_not_contact": True,
        "account": "Birch",
        "account_id": "01a1",
        "role": "budget-owner",
    }
    written = cells(contacts, KINDS["contact"].fields, row, lambda stage: "open")
    by_column = dict(zip(contacts.columns, written, strict=True))
    assert {name: cell for name, cell in by_column.items() if cell} == {
        "External ID": "01a2",
        "First Name": "Mara A",
        "Last Name": "Oduya",
        "Email": "mara@x.sg",
        "Additional email addresses": "m@x.sg; mo@x.sg",
        "Phone Number": "+6562211234",
        "Associated Company": "Birch",
        "Company External ID": "01a1",
        "Buying Role": "Budget Holder",
        "LinkedIn URL": "https://www.linkedin.com/in/maraoduya",
        "Unsubscribed from all email": "true",
    }


def test_a_stage_of_ones_own_is_written_as_it_is() -> None:
    [deals] = [file for file in files_of("salesforce") if file.kind == "deal"]
    place = list(deals.columns).index("StageName")
    fields = KINDS["deal"].fields
    ends = {"closed-big": "won"}
    for ours, theirs in (("closed-big", "Closed Won"), ("pilot", "pilot"), ("proposal", "Propos")):
        row = {"stage": ours}
        found = cells(deals, fields, row, lambda stage: ends.get(stage, "open"))[place]
        assert found.startswith(theirs)


def test_what_a_list_of_columns_holds_is_counted() -> None:
    [contacts] = [file for file in files_of("zoho") if file.kind == "contact"]
    assert (contacts.held["emails"], contacts.held["phones"], contacts.held["tags"]) == (2, 3, 0)
    assert "stance" not in contacts.held


@pytest.mark.parametrize("preset", PRESETS)
def test_the_import_knows_every_file_of_a_preset(preset: str) -> None:
    headers: dict[str, list[str]] = {}
    for file in files_of(preset):
        headers.setdefault(file.name, []).extend(file.columns)
    for name, columns in headers.items():
        found = recognised(list(dict.fromkeys(columns)))
        assert {one.table.system.lower() for one in found} == {preset}, name
