"""Bundles and the settings; what comes and goes is in the tests of `account handover`."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Program
from tests.handing import Seller

from acctcli.book import bundles
from acctcli.book.bundles import Renames
from acctcli.book.context import Context
from acctcli.errors import Invalid, UsageError


@pytest.fixture
def bundle(run: Program, tmp_path: Path) -> Path:
    ann = Seller(run, tmp_path, "Ann")
    ann("config", "set", "cadence.gold", "7")
    ann("account", "add", "Acme", "--tier", "gold")
    return ann.hands_over("Acme", to="Ben")


def test_a_tier_of_another_book_is_refused_or_called_otherwise(run: Program, bundle: Path) -> None:
    run("account", "add", "Own")
    with pytest.raises(Invalid, match='this book has no tier "gold"') as error:
        bundles.take_in(Context(), bundle)
    assert "--value tier:gold=" in error.value.message
    came = bundles.take_in(Context(), bundle, Renames(tiers={"gold": "key"}))
    assert came.taken.new["account"] == 1
    assert run("account", "show", "Acme", "-f", "json").json()["tier"] == "key"


def test_a_word_that_the_bundle_does_not_have_is_a_mistake(run: Program, bundle: Path) -> None:
    run("account", "add", "Own")
    with pytest.raises(UsageError, match='no tier "silver"'):
        bundles.take_in(Context(), bundle, Renames(tiers={"silver": "key"}))


def test_a_value_that_a_field_here_cannot_have_is_refused(
    run: Program, tmp_path: Path, home: Path
) -> None:
    from tests.books import configure

    ann = Seller(run, tmp_path, "Ann")
    configure(home, "[fields.account.area]\n", book=ann.book)
    ann("account", "add", "Acme", "--set", "area=north")
    bundle = ann.hands_over("Acme", to="Ben")
    run("account", "add", "Own")
    configure(home, '[fields.account.area]\ntype = "choice"\nchoices = ["east", "west"]\n')
    with pytest.raises(Invalid, match='area of accounts cannot be "north" in this book'):
        bundles.take_in(Context(), bundle)
