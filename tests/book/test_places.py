"""Primary contacts, and edits of a person's account."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.store.making import add, writing

from acctcli.book import places
from acctcli.store.journal import Writing


@pytest.fixture
def tx(book: Path) -> Iterator[Writing]:
    with writing(book) as tx:
        yield tx


def test_nothing_is_said_of_people_who_moved_nothing(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    mei = add(tx, "contact", name="Mei Tan", account=account)
    assert places.only_primary(tx, mei) == ""
    assert places.after_edit(tx, {mei: ("notes",)}, {"notes": "x"}) == []


def test_several_old_primaries_all_step_back(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    for name in ("Raj Nair", "Ana Lim"):
        add(tx, "contact", name=name, account=account, primary=True)
    mei = add(tx, "contact", name="Mei Tan", account=account, primary=True, title="CFO")
    assert places.only_primary(tx, mei) == (
        "Mei Tan takes over as primary contact from Raj Nair and Ana Lim."
    )
    assert places.only_primary(tx, mei) == ""
    assert places.after_edit(tx, {mei: ("account",)}, {}) == [
        "Mei Tan keeps title CFO. For a new job, use acct contact move instead."
    ]
