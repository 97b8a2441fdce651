"""Further values of fields with one value: what a merge keeps of names and addresses."""

from __future__ import annotations

from acctcli.model import KINDS, Row
from acctcli.store import further

ACCOUNT: Row = {"aliases": (), "other_websites": (), "other_phones": ()}


def test_a_record_brings_its_own_value_and_its_list() -> None:
    row = {**ACCOUNT, "name": "Acme", "website": "a.com", "phone": None, "aliases": ("Anvil",)}
    assert further.brought("account", row) == {
        "aliases": ("Anvil", "Acme"),
        "other_websites": ("a.com",),
        "other_phones": (),
    }


def test_what_stays_is_no_further_value_in_whatever_case_it_is_written() -> None:
    rows: list[Row] = [
        {**ACCOUNT, "name": "Acme", "website": "a.com", "phone": None},
        {**ACCOUNT, "name": "ACME", "website": "b.com", "phone": "+1", "aliases": ("acme gmbh",)},
        {**ACCOUNT, "name": "Acme GmbH", "website": None, "phone": "+1"},
    ]
    values = {"name": "Acme", "website": "a.com", "phone": "+1"}
    assert further.together("account", rows, values) == {
        "aliases": ("acme gmbh",),
        "other_websites": ("b.com",),
        "other_phones": (),
    }


def test_a_linkedin_handle_is_kept_as_a_page() -> None:
    row = {"name": "Mei", "linkedin": "mei-tan", "aliases": (), "profiles": ("x.com/mei",)}
    assert further.brought("contact", row)["profiles"] == ("x.com/mei", "linkedin.com/in/mei-tan")
    kept = {**row, "profiles": ("linkedin.com/in/mei-tan",)}
    assert further.has("contact", kept, "linkedin", "mei-tan")
    assert not further.has("contact", row, "linkedin", "mei-tan")
    assert not further.has("contact", row, "title", "CFO")


def test_every_list_of_further_values_holds_what_its_field_holds() -> None:
    for kind in KINDS.values():
        for name, listed in kind.further:
            assert kind.fields[listed].many
            assert kind.fields[listed].finds
            assert not kind.fields[name].many
