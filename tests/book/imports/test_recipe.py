"""The options of an import, and the recipe they give for a file."""

from __future__ import annotations

import pytest
from tests.interop.reading import read_bytes

from acctcli.book.context import Context
from acctcli.book.imports import recipe
from acctcli.book.imports.recipe import Asked
from acctcli.errors import UsageError
from acctcli.interop.rows import FileTable


def table(text: str) -> FileTable:
    return read_bytes("x.csv", text.encode())


def test_what_is_asked_is_the_words_of_a_command_line() -> None:
    asked = Asked(kind="deal", map=("amount=Value", "stage="), create_accounts=True)
    assert asked.words() == "--as deal --map amount=Value --map stage= --create-accounts"
    assert Asked(**asked.given()) == asked
    assert Asked().given() == {}


def test_what_is_typed_takes_the_place_of_the_same_in_a_preset() -> None:
    preset = {"kind": "deal", "map": ["amount=Value", "stage=Phase"], "key": "id"}
    asked = Asked(map=("Stage=State",)).over(preset)
    assert (asked.kind, asked.key) == ("deal", "id")
    assert asked.map == ("amount=Value", "Stage=State")


def test_columns_are_found_by_their_names_and_the_rest_is_left_out(context: Context) -> None:
    found = recipe.plan(
        context, "x.csv", table("Name,City,Mood\nAcme,Oslo,good\n"), Asked("account")
    )
    assert found.recipe.kind == "account"
    assert found.recipe.columns == {"name": ("Name",), "city": ("City",)}
    assert found.left_out == ["Mood"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (Asked(), "do not show what its rows are|fit"),
        (Asked("account", map=("colour=City",)), 'no account field "colour"'),
        (Asked("account", map=("city=Town",)), 'x.csv has no column "Town"'),
        (Asked("account", unit=("name=k",)), "only an amount has a unit"),
        (Asked("account", value=("tier=key",)), "must be written field:theirs=ours"),
        (Asked("account", default=("tier=key", "tier=smb")), "given twice"),
    ],
)
def test_what_does_not_fit_the_file_is_refused_before_any_row(
    context: Context, asked: Asked, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        recipe.plan(context, "x.csv", table("City,Mood\nOslo,good\n"), asked)
