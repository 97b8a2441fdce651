"""The options of an import, as typed."""

from __future__ import annotations

from typing import get_args

import pytest

from acctcli.book.imports import options
from acctcli.book.imports.recipe import Asked
from acctcli.cli import import_
from acctcli.errors import UsageError
from acctcli.model import KINDS

FIELDS = KINDS["deal"].fields


def test_a_column_is_found_by_any_spelling_of_its_name() -> None:
    columns = options.FileColumns("x.csv", ["Deal Value", "Stage"])
    assert columns.named("--map amount", "deal_value") == "Deal Value"
    with pytest.raises(UsageError, match=r'x\.csv has no column "Valeu"'):
        columns.named("--map amount", "Valeu")


def test_a_default_country_is_that_of_the_phones_where_a_kind_has_no_country() -> None:
    fields = KINDS["contact"].fields
    assert options.defaults(["country=Germany", "title=CFO"], "contact", fields) == (
        {"title": "CFO"},
        "DE",
    )
    found, home = options.defaults(["country=DE"], "account", KINDS["account"].fields)
    assert (found, home) == ({"country": "DE"}, None)


def test_words_and_units_are_read_by_field() -> None:
    assert options.translations(["stage:Engaging=proposal"], "deal", FIELDS) == {
        "stage": {"engaging": "proposal"}
    }
    assert options.units(["amount=k"], "deal", FIELDS) == {"amount": "k"}
    with pytest.raises(UsageError, match="write k, m or bn"):
        options.units(["amount=t"], "deal", FIELDS)


@pytest.mark.parametrize(("typed", "sign"), [("comma", "comma"), (".", "point"), ("", None)])
def test_the_decimal_sign_is_named_or_typed(typed: str, sign: str | None) -> None:
    assert options.decimal(typed) == sign


def test_an_option_is_called_as_it_is_typed() -> None:
    """Every setting of an import is an option of the command, or what `--preset` names."""
    assert options.flags(("kind", "system", "date_format")) == "--as, --date-format, --preset"
    declared = [get_args(param.annotation)[1] for param in import_.ASKED.parameters()]
    # Without a default of its own, the first flag of an option stands in its place.
    known = {flag for one in declared for flag in (one.default, *(one.param_decls or ()))}
    assert {options.flag(name) for name in Asked.__match_args__} <= known | {"--preset"}


@pytest.mark.parametrize("pair", ["account=Acme", " Account = Acme", "ACCOUNT=Acme"])
def test_a_default_is_found_however_it_is_spelled(pair: str) -> None:
    assert options.has_default([pair], "account")
    assert not options.has_default([pair], "owner")
