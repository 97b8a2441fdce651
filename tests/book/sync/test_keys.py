"""What is refused before a sealed book gets a new key; the rest is in sync/test_life.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import books

from acctcli.book.context import Context
from acctcli.book.sync import keys, sharing
from acctcli.carriers.carrier import Unreachable
from acctcli.carriers.folder import Folder
from acctcli.errors import Conflict, Invalid
from acctcli.store.sync import snapshot


def made(tmp_path: Path, *, seal: bool) -> Context:
    (tmp_path / "hub").mkdir()
    (tmp_path / "mine").mkdir()
    books.create(tmp_path / "mine" / "book.db")
    context = Context(db=str(tmp_path / "mine" / "book.db"))
    sharing.init(context, str(tmp_path / "hub"), seal=seal)
    return context


def test_a_book_that_is_not_sealed_has_no_key(tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="is not sealed"):
        keys.check(made(tmp_path, seal=False))


def test_who_may_only_read_gives_no_new_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyrage", reason="the extra seal is not installed")
    context = made(tmp_path, seal=True)
    file = tmp_path / "mine" / "book.db.sync.key"
    before = file.read_text()
    monkeypatch.setattr(Folder, "books", lambda self: {"book": "read"})
    with pytest.raises(Invalid, match="only read"):
        keys.replace(context)
    assert file.read_text() == before


def test_a_new_key_that_did_not_reach_the_folder_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyrage", reason="the extra seal is not installed")
    context = made(tmp_path, seal=True)

    def full(*words: object, **options: object) -> tuple[int, int]:
        raise Unreachable("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(snapshot, "compact", full)
        with pytest.raises(Unreachable, match="To rewrite them: acct sync compact"):
            keys.replace(context)
    done = keys.replace(context)
    assert (done.file, list(done.machines)) == (tmp_path / "mine" / "book.db.sync.key", [])
