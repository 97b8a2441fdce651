"""What work on the book needs at hand, without a command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from acctcli.book.context import Context
from acctcli.errors import NotFound, UsageError
from acctcli.store import records


def test_what_is_written_is_read_and_named_in_the_history(context: Context) -> None:
    with context.write() as tx:
        id = records.insert(tx, "account", {"name": "Acme"}, {})
        tx.says = "Added account Acme."
    with context.read() as con:
        assert context.find(con, "account", "acme").id == id
        assert [r[0] for r in con.execute("SELECT typed FROM command")] == [""]
        two = context.find_all(con, "account", ["A-0001", "acme"])
    assert [found.id for found in two] == [id]


def test_it_looks_at_the_book_from_the_day_it_is_given(context: Context) -> None:
    assert context.clock.today == date(2026, 11, 22)
    assert context.rules.today == date(2026, 11, 22)
    with pytest.raises(UsageError, match="--today is empty"):
        _ = Context(today=" ").clock


def test_a_named_book_is_never_made_by_looking(tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    with pytest.raises(NotFound), Context(db=str(missing)).read():
        pass
    assert not missing.exists()


def test_settings_are_the_defaults_where_there_is_no_file(context: Context, home: Path) -> None:
    assert context.config["me.currency"] == "USD"
    (home / "config.toml").write_text('[me]\ncurrency = "SGD"\n')
    assert Context().config["me.currency"] == "SGD"
