from __future__ import annotations

import pytest

from acctcli import model
from acctcli.model import KINDS, NOUNS

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@every_kind
def test_a_kind_shows_and_sorts_by_fields_it_has(kind: model.Kind) -> None:
    assert {
        *kind.table,
        kind.title,
        *(name.removeprefix("-") for name in kind.order.split(",")),
    } <= kind.fields.keys()
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


def test_the_nouns_are_the_kinds_a_user_meets() -> None:
    assert set(NOUNS) <= KINDS.keys()
    for place, noun in enumerate(NOUNS):
        for field in KINDS[noun].fields.values():
            if field.required and field.target:
                assert field.target in NOUNS[:place], "parents are exported before their children"


@every_kind
def test_fields_that_say_one_thing_travel_together(kind: model.Kind) -> None:
    groups = kind.together
    grouped = [name for group in groups for name in group]
    assert set(grouped) <= kind.fields.keys()
    assert len(grouped) == len(set(grouped)), "a field says one thing"
    for field in kind.fields.values():
        if field.type == model.MONEY:
            assert any({field.name, "currency"} <= set(group) for group in groups), field.name
