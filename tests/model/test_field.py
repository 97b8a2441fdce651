from __future__ import annotations

from datetime import date, datetime

import pytest

from acctcli import model
from acctcli.model import KINDS, Account, Deal, Field, Record, Ref, named


def test_a_record_has_defaults_and_takes_values_by_name() -> None:
    account = Account(id="1", name="GreenTech Ltd", tags=("expo",))
    assert (account.name, account.kind, account.tier, account.tags) == (
        "GreenTech Ltd",
        "company",
        None,
        ("expo",),
    )
    assert Account(id="1").tags == ()


def test_a_record_cannot_be_changed_but_copied_with_changes() -> None:
    deal = Deal(id="1", title="Platform", account=Ref("a", "GreenTech Ltd"), amount=1200)
    with pytest.raises(AttributeError, match="Deal is immutable"):
        deal.title = "Other"  # type: ignore[misc]
    other = deal.replace(title="Other")
    assert (deal.title, other.title, other.amount) == ("Platform", "Other", 1200)


def test_records_are_equal_by_class_and_values() -> None:
    assert Account(id="1", name="A") == Account(id="1", name="A")
    assert Account(id="1", name="A") != Account(id="1", name="B")
    assert Account(id="1") != Deal(id="1")
    assert len({Account(id="1"), Account(id="1"), Deal(id="1")}) == 2


def test_the_repr_shows_what_is_there_and_nothing_else() -> None:
    assert repr(Account(id="1", name="A")) == (
        "Account(id='1', name='A', kind='company', status='prospect')"
    )


def test_records_keep_the_types_of_python() -> None:
    deal = Deal(id="1", close_date=date(2026, 12, 15), created_at=datetime(2026, 1, 1))
    assert (deal.close_date, deal.created_at) == (date(2026, 12, 15), datetime(2026, 1, 1))


@pytest.mark.parametrize(
    ("kind", "typed", "name"),
    [
        ("account", "annual_revenue", "annual_revenue"),
        ("account", "annual-revenue", "annual_revenue"),
        ("account", "Revenue", "annual_revenue"),
        ("account", " tag ", "tags"),
        ("account", "tags", "tags"),
        ("deal", "close", "close_date"),
        ("deal", "CLOSE-DATE", "close_date"),
        ("contact", "reports-to", "reports_to"),
        ("deal", "contact", "contacts"),
        ("log", "contact", "contacts"),
    ],
)
def test_a_field_is_found_by_name_and_by_the_word_of_its_option(
    kind: str, typed: str, name: str
) -> None:
    field = named(KINDS[kind].fields, typed)
    assert field is not None
    assert field.name == name


@pytest.mark.parametrize("typed", ["", "-", "nam", "annual revenue", "id; drop", "name\x00"])
def test_what_is_no_field_is_none(typed: str) -> None:
    assert named(KINDS["account"].fields, typed) is None


def test_case_does_not_tell_fields_apart() -> None:
    own = {"Region_2": Field(model.TEXT, "own", name="Region_2", custom=True)}
    assert named(own, "region-2") is own["Region_2"]
    assert named(own, "REGION_2") is own["Region_2"]
    both = {name: Field(model.TEXT, "own", name=name, custom=True) for name in ("Vip", "VIP")}
    assert named(both, "VIP") is both["VIP"]
    assert named(both, "vip") is None


def test_a_custom_field_wins_over_an_option_of_the_same_word() -> None:
    own = Field(model.TEXT, "own", name="close", custom=True)
    assert named({**KINDS["deal"].fields, "close": own}, "close") is own


def test_names_that_follow_from_a_field() -> None:
    close, parent = Deal.fields["close_date"], Account.fields["parent"]
    contacts = KINDS["log"].fields["contacts"]
    assert (close.options, close.label) == (("--close", "--close-date"), "close date")
    assert (parent.column, parent.id_name) == ("parent_id", "parent_id")
    assert (contacts.id_name, contacts.options) == ("contact_ids", ("--with", "--contacts"))
    assert close.column == "close_date"


def test_a_base_record_has_no_fields_of_its_own() -> None:
    assert Record.fields == {}
