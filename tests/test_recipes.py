"""A recipe: which column is which field."""

from __future__ import annotations

from acctcli.model import KINDS
from acctcli.recipes import JOINERS, Recipe


def test_a_recipe_with_another_key_is_the_same_otherwise() -> None:
    fields = KINDS["account"].fields
    recipe = Recipe(kind="account", fields=fields, columns={"name": ("Company",)})
    keyed = recipe.replace(key="Id")
    assert (keyed.key, keyed.columns) == ("Id", {"name": ("Company",)})
    assert (recipe.key, recipe.lenient, recipe.own) == (None, False, False)


def test_joined_columns_belong_to_fields_of_one_value() -> None:
    known = {name: kind.fields[name] for kind in KINDS.values() for name in kind.fields}
    assert JOINERS.keys() <= known.keys()
    assert not any(known[name].many for name in JOINERS)
