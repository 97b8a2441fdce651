from __future__ import annotations

import json
from pathlib import Path

import pytest

from acctcli import model
from acctcli.model import KINDS, NOUNS
from acctcli.values import fields
from acctcli.where import RESERVED

GOLDEN = Path(__file__).parents[1] / "golden" / "shapes.json"

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def test_shapes_of_json_and_csv_are_promises() -> None:
    """A change here changes what scripts read: it needs a note in CHANGELOG.md."""
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
    money = [f for f in kind.fields.values() if f.type == model.MONEY]
    typed = [f.name for f in money if not f.fixed]
    assert len(typed) <= 1, "a currency that is typed stands for one amount"
    assert not money or "currency" in kind.fields
