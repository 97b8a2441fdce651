"""Fixtures of report tests: the sample book on its day."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import TODAY

from acctcli.book.asked import Query
from acctcli.book.context import Context


@pytest.fixture
def context(sample_book: Path, home: Path) -> Context:
    return Context(db=str(sample_book), today=TODAY)


@pytest.fixture
def everything() -> Query:
    return Query((), (), "", None, 0)
