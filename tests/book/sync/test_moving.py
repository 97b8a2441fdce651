"""What is refused before accounts move; the rest is in cli/test_sync_moving.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import books

from acctcli.book.context import Context
from acctcli.book.sync import moving, sharing
from acctcli.carriers.folder import Folder
from acctcli.errors import Invalid, NotFound


@pytest.fixture
def context(tmp_path: Path) -> Context:
    (tmp_path / "hub").mkdir()
    (tmp_path / "mine").mkdir()
    books.create(tmp_path / "mine" / "book.db")
    context = Context(db=str(tmp_path / "mine" / "book.db"))
    sharing.init(context, str(tmp_path / "hub"))
    return context


def test_a_book_of_others_is_named_with_those_that_one_has(context: Context) -> None:
    with pytest.raises(NotFound, match="Its books: book") as refused:
        moving.check(context, "east")
    assert refused.value.candidates == ("book",)
    moving.check(context, "book")


def test_a_book_that_one_may_only_read(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Folder, "books", lambda self: {"book": "read"})
    with pytest.raises(Invalid, match="only read"):
        moving.check(context, "book")
    with pytest.raises(Invalid, match="nothing was replaced"):
        moving.compact(context)


def test_a_book_is_written_anew(context: Context) -> None:
    [(book, _, files)] = moving.compact(context)
    assert (book, files <= 1) == ("book", True)
