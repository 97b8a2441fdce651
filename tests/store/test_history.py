from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests import books
from tests.store.making import account, command

from acctcli.errors import Ambiguous, NotFound
from acctcli.store import history, records
from acctcli.store import undo as going_back
from acctcli.store.opening import snapshot
from acctcli.values.fields import Unreadable

TODAY = date(2026, 11, 22)


def test_a_command_without_a_sentence_is_told_as_it_was_typed(path: Path) -> None:
    with command(path, says="") as tx:
        account(tx)
    with snapshot(path) as con:
        assert [row["what"] for row in history.commands(con)] == ["acct …"]


def test_who_was_merged_is_told_of_as_long_as_that_stands(path: Path) -> None:
    with command(path) as tx:
        one, other, third, apart = (account(tx, name) for name in "ABCD")
    for gone, into in ((third, other), (other, one)):
        with command(path) as tx:
            tx.delete("account", gone, merged_into=into)
    with command(path) as tx:
        records.delete(tx, "account", apart)

    def merged(id: str) -> set[str]:
        with snapshot(path) as con:
            return set(history.with_merged(con, "account", id))

    assert merged(one) == {one, other, third}
    assert merged(other) == {other, third}
    assert merged(apart) == {apart}
    with command(path) as tx:
        going_back.undo(tx, 3)
    assert (merged(one), merged(other)) == ({one}, {other, third})


def test_of_what_was_deleted_the_last_is_meant(path: Path) -> None:
    with command(path) as tx:
        first, last, other = (account(tx, name) for name in ("Acme", "Acme Labs", "Konex"))
    for id in (first, last, other):
        with command(path) as tx:
            records.delete(tx, "account", id)
    with snapshot(path) as con:
        assert history.find(con, "acme") == ("account", last)
        assert history.find(con, first[-4:]) == ("account", first)
        for typed in (first[-3:], "me labs"):
            with pytest.raises(NotFound, match="nor a deleted one"):
                history.find(con, typed)


def test_commands_say_what_they_did_and_what_became_of_them(path: Path) -> None:
    with command(path, says="Added account A-0001 GreenTech Ltd.") as tx:
        account(tx)
    with command(path, says="Added product Support.") as tx:
        records.insert(tx, "product", {"name": "Support"})
    with command(path) as tx:
        going_back.undo(tx, 1)
    with snapshot(path) as con:
        rows = history.commands(con)
        assert [row["seq"] for row in history.commands(con, kinds=["product"])] == [2]
        assert [row["seq"] for row in history.commands(con, kinds=["account", "deal"])] == [3, 1]
    assert [(r["what"], r["records"], r["undoes"], r["undone_by"]) for r in rows] == [
        ("Undid: Added account A-0001 GreenTech Ltd (1 record).", 1, 1, None),
        ("Added product Support.", 1, None, None),
        ("Added account A-0001 GreenTech Ltd (undone by 3).", 1, None, 3),
    ]


def test_a_record_is_found_by_name_and_after_it_was_deleted(path: Path) -> None:
    with command(path) as tx:
        greentech = account(tx)
        mei = records.insert(tx, "contact", {"name": "Mei Tan", "account": greentech})
        raj = records.insert(tx, "contact", {"name": "Raj Nair", "account": greentech})
    with command(path) as tx:
        records.delete(tx, "contact", raj)
    with snapshot(path) as con:
        assert history.find(con, "greentech") == ("account", greentech)
        assert history.find(con, "mei") == ("contact", mei)
        assert history.find(con, "raj") == ("contact", raj)
        assert history.find(con, raj[-6:]) == ("contact", raj)
        with pytest.raises(NotFound, match="nor a deleted one"):
            history.find(con, "nobody")
    with command(path) as tx:
        account(tx, "GreenTech GmbH")
    with snapshot(path) as con, pytest.raises(Ambiguous):
        history.find(con, "greentech")


def test_a_moment_that_is_none_is_told_as_it_stands(path: Path) -> None:
    with command(path) as tx:
        account(tx)
    books.change(path, "UPDATE command SET at = 'soon'")
    with snapshot(path) as con:
        assert isinstance(history.commands(con)[0]["at"], Unreadable)
