"""What tests of the store begin with: an empty book, or a transaction on one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from tests.store.making import writing

from acctcli.store.journal import Writing
from acctcli.store.opening import open_book
from acctcli.store.staged import StagedBundle


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of an empty book."""
    open_book(tmp_path / "book.db", create=True).close()
    return tmp_path / "book.db"


@pytest.fixture
def tx(book: Path) -> Iterator[Writing]:
    """Open a transaction on the book of this test."""
    with writing(book) as tx:
        yield tx


@pytest.fixture
def new_stage() -> Iterator[Callable[[], StagedBundle]]:
    """Make stages that are closed at the end."""
    with ExitStack() as made:
        yield lambda: made.enter_context(closing(StagedBundle()))
