from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest

from acctcli import model
from acctcli.model import KINDS, NOUNS, Account, Deal, Field, Record, Ref, named
from acctcli.values import fields
from acctcli.where import RESERVED

GOLDEN = Path(__file__).parent / "golden" / "shapes.json"

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def test_shapes_of_json_and_csv_are_promises() -> None:
    """A change here is a change of what scripts read: it needs a note in CHANGELOG.md."""
    shapes = {
        noun: [
            key
            for key, _ in fields.columns_of(
                KINDS[noun].fields, [n for n, f in KINDS[noun].fields.items() if not f.derived]
            )
        ]
        for noun in NOUNS
    }
    assert shapes == json.loads(GOLDEN.read_text(encoding="utf-8"))


@every_kind
def test_fields_stand_in_the_order_of_the_output_contract(kind: model.Kind) -> None:
    names = list(kind.fields)
    assert names[0] == "id"
    assert names[-2:] == ["created_at", "updated_at"]
    assert [field.name for field in kind.fields.values()] == names


@every_kind
def test_a_kind_shows_and_sorts_by_fields_it_has(kind: model.Kind) -> None:
    assert {*kind.table, kind.title, kind.order.removeprefix("-")} <= kind.fields.keys()
    assert kind.record.fields is kind.fields


@every_kind
def test_what_a_kind_says_of_its_fields_is_said_of_fields_it_has(kind: model.Kind) -> None:
    told = (kind.identity, kind.fact, kind.beside, kind.searched)
    assert {name for names in told for name in names} <= kind.fields.keys()
    assert 1 <= kind.indexed <= len(kind.identity), "an import finds each record by something"
    assert not kind.namesakes or kind.unique
    assert not kind.notes or kind.fields[kind.notes].type == model.LONG
    assert kind.to_do is None or kind.to_do[0] in kind.fields
    over = [field.type for field in kind.fields.values() if field.ends]
    assert set(over) <= {model.DAY, model.MOMENT}
    main = [f.name for f in kind.fields.values() if f.finds == model.BY_MAIN_ADDRESS]
    assert len(main) <= 1


@every_kind
def test_no_two_names_of_output_or_options_collide(kind: model.Kind) -> None:
    keys = [key for key, _ in fields.columns_of(kind.fields, kind.fields)]
    options = [option for field in kind.fields.values() for option in field.options]
    assert len(keys) == len(set(keys))
    assert len(options) == len(set(options))
    assert RESERVED.isdisjoint(kind.fields)


@every_kind
def test_declarations_are_whole(kind: model.Kind) -> None:
    for field in kind.fields.values():
        assert field.help, field.name
        assert bool(field.choices) == (field.type == model.CHOICE), field.name
        assert bool(field.target) == (field.type == model.REF), field.name
        assert not field.target or field.target in KINDS
        assert bool(field.rows) == field.many, field.name
        assert field.default is None or not field.choices or field.default in field.choices
        assert not field.custom, field.name
        assert field.fixed or not field.derived, field.name
    money = [f.name for f in kind.fields.values() if f.type == model.MONEY]
    assert len(money) <= 1, "one currency stands for one amount"
    assert not money or "currency" in kind.fields


def test_the_nouns_are_the_kinds_a_user_meets() -> None:
    assert set(NOUNS) <= KINDS.keys()
    for place, noun in enumerate(NOUNS):
        for field in KINDS[noun].fields.values():
            if field.required and field.target:
                assert field.target in NOUNS[:place], "parents are exported before their children"


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


@every_kind
def test_fields_that_say_one_thing_travel_together(kind: model.Kind) -> None:
    groups = model.TOGETHER.get(kind.name, ())
    grouped = [name for group in groups for name in group]
    assert set(grouped) <= kind.fields.keys()
    assert len(grouped) == len(set(grouped)), "a field says one thing"
    for field in kind.fields.values():
        if field.type == model.MONEY:
            assert any({field.name, "currency"} <= set(group) for group in groups), field.name
