"""Fixtures of import tests: a book to import into."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.conftest import TODAY

from acctcli.book.context import Context


@pytest.fixture
def context(empty_book: Path, home: Path, tmp_path: Path) -> Context:
    book = tmp_path / "book.db"
    shutil.copy(empty_book, book)
    return Context(db=str(book), today=TODAY)
