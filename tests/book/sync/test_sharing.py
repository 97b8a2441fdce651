"""What is refused when a book is shared; init, join and leave are in cli/test_sync.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import books

from acctcli.book.context import Context
from acctcli.book.sync import exchanging, sharing
from acctcli.carriers.carrier import Unreachable
from acctcli.carriers.folder import Folder
from acctcli.errors import Conflict, NotFound
from acctcli.store.sync import machine


@pytest.fixture
def context(tmp_path: Path) -> Context:
    (tmp_path / "mine").mkdir()
    books.create(tmp_path / "mine" / "book.db")
    return Context(db=str(tmp_path / "mine" / "book.db"))


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    (tmp_path / "hub").mkdir()
    return tmp_path / "hub"


def test_a_link_to_the_folder_of_the_book_is_refused(context: Context, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    with pytest.raises(Conflict, match="holds the book itself"):
        sharing.init(context, str(tmp_path / "link"))


def test_a_folder_beside_the_book_is_fine(context: Context, tmp_path: Path) -> None:
    (tmp_path / "mine" / "shared").mkdir()
    begun = sharing.init(context, str(tmp_path / "mine" / "shared"))
    assert begun.machine.books == ("book",)
    assert begun.series == "A"


def test_a_kill_before_the_first_sync_is_made_good_by_the_next(
    context: Context, hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*given: object, **more: object) -> None:
        raise Unreachable("the folder is away")

    with monkeypatch.context() as patched:
        patched.setattr(sharing, "exchange", away)
        with pytest.raises(Unreachable):
            sharing.init(context, str(hub))
    assert machine.is_shared(context.book)
    assert exchanging.now(context).quiet


def test_what_failed_before_can_be_begun_again(
    context: Context, hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Folder, "register", lambda *given, **more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            sharing.init(context, str(hub))
    assert not machine.is_shared(context.book)
    assert sharing.init(context, str(hub)).machine.home == "book"


def test_a_book_that_is_not_there_is_not_made(tmp_path: Path, hub: Path) -> None:
    missing = Context(db=str(tmp_path / "no.db"))
    for begin in (sharing.init, sharing.join):
        with pytest.raises(NotFound):
            begin(missing, str(hub))
    assert not (tmp_path / "no.db").exists()
    assert list(hub.iterdir()) == []


def test_whoever_leaves_syncs_first(context: Context, hub: Path) -> None:
    sharing.init(context, str(hub))
    this, left = sharing.leave(context)
    assert (this.home, left) == ("book", 0)
    assert not machine.lock_of(context.book).exists()
    with pytest.raises(NotFound):
        sharing.leave(context)


def test_teams_with_books_of_their_own_share_products_and_give_no_number_twice(
    context: Context, hub: Path, tmp_path: Path
) -> None:
    ours = sharing.init(context, str(hub), book="west", common="common")
    assert ours.machine.books == ("west", "common")
    assert (ours.machine.home, ours.machine.common, ours.series) == ("west", "common", "A")
    books.create(tmp_path / "mine" / "other.db")
    other = Context(db=str(tmp_path / "mine" / "other.db"))
    theirs = sharing.init(other, str(hub), book="east", common="common")
    assert (theirs.machine.books, theirs.series) == (("east", "common"), "B")
    assert exchanging.now(other).quiet
