"""Which book is meant; the commands are in cli/test_sync_hub.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import books

from acctcli.book.context import Context
from acctcli.book.sync import members
from acctcli.errors import Invalid, NotFound
from acctcli.store.sync import machine
from acctcli.store.sync.machine import Machine


@pytest.fixture
def context(tmp_path: Path) -> Context:
    (tmp_path / "hub").mkdir()
    path = tmp_path / "book.db"
    books.create(path)
    hub = str(tmp_path / "hub")
    machine.write(path, Machine("0a1b2c3d", "laptop", hub, ("west", "east"), "east", "west"))
    return Context(db=str(path))


def test_it_is_the_home_book_unless_one_is_named(context: Context) -> None:
    assert members.book_of(context, None) == "east"
    assert members.book_of(context, "west") == "west"
    with pytest.raises(NotFound) as refused:
        members.book_of(context, "north")
    assert refused.value.candidates == ("west", "east")


def test_an_unknown_role_is_refused_before_anything_is_asked(context: Context) -> None:
    with pytest.raises(Invalid, match="unknown role"):
        members.add(context, "ben", "chief", None)
