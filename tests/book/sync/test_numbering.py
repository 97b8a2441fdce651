"""Other numbers after a sync, and the notice about them; store/sync/test_twins.py has the rule."""

from __future__ import annotations

from pathlib import Path

from tests import syncing
from tests.conftest import Program


def test_who_joins_with_numbers_that_others_have_gets_new_ones(
    run: Program, tmp_path: Path
) -> None:
    clock = syncing.Clock()
    ann, ben = (syncing.Machine(run, tmp_path, name, clock) for name in ("ann", "ben"))
    ann("account", "add", "Acme")
    ben("account", "add", "Bakery")
    ben("account", "add", "Konex")
    (tmp_path / "shared").mkdir()
    ann("sync", "init", tmp_path / "shared")
    said = ben("sync", "join", tmp_path / "shared").err
    assert "1 account had the number of another: Bakery (A-0001) is B-0001 now" in said
    syncing.same([ann, ben])
    numbers = "SELECT name, number FROM account ORDER BY name"
    expected = [("Acme", "A-0001"), ("Bakery", "B-0001"), ("Konex", "A-0002")]
    assert ann.rows(numbers) == ben.rows(numbers) == expected
    assert ben("account", "show", "B-0001", "-f", "json").json()["name"] == "Bakery"
    ben("account", "add", "Orchidea")
    assert ben.value("SELECT number FROM account WHERE name = 'Orchidea'") == "B-0002"


def test_a_sync_in_which_no_number_is_shared_says_and_changes_nothing(
    run: Program, tmp_path: Path
) -> None:
    ann, ben = syncing.shared(run, tmp_path, "ann", "ben")
    ann("account", "add", "Acme")
    syncing.rest([ann, ben])
    last = "SELECT max(seq) FROM command"
    before = ben.value(last)
    assert "number" not in ben("sync", "now").err
    assert ben.value(last) == before
