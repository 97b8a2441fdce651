from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests import books
from tests.store.making import add, writing

from acctcli.store.foreign import Foreign, Told
from acctcli.store.staged import StagedBundle

NewStage = Callable[[], StagedBundle]
AT = "2026-11-20T09:00:00.000Z"


def told(change: Told) -> Told:
    return change


def filled(
    stage: StagedBundle, *commands: tuple[str, str, list[tuple[str, str, str]]]
) -> StagedBundle:
    """Return the stage with commands: who, sentence, and changes as (table, row, operation)."""
    for seq, (who, says, changes) in enumerate(commands, 1):
        stage.con.execute(
            "INSERT INTO command (seq, at, who, typed, says) VALUES (?, ?, ?, '', ?)",
            (seq, AT, who, says),
        )
        for table, row, op in changes:
            stage.con.execute(
                'INSERT INTO change (command, tbl, "row", kind, record, op) '
                "VALUES (?, ?, ?, ?, ?, ?)",
                (seq, table, row, table, row, op),
            )
    return stage


def test_a_command_is_brought_once_and_keeps_who_and_when(book: Path, new_stage: NewStage) -> None:
    stage = filled(new_stage(), ("Ann", "Added Acme.", [("account", "a", "insert")]))
    with writing(book) as tx:
        add(tx, "account", name="Own")
        assert Foreign(tx.con, stage.con).bring("Ann's", told, str) == 1
        assert Foreign(tx.con, stage.con).bring("Ann's", told, str) == 0
    sql = "SELECT at || who || says || typed || origin FROM command WHERE origin IS NOT NULL"
    assert books.value(book, sql) == f"{AT}AnnAdded Acme.Ann's"


def test_another_part_of_a_known_command_is_brought_too(book: Path, new_stage: NewStage) -> None:
    one = filled(new_stage(), ("Ann", "x", [("account", "a", "insert")]))
    other = filled(
        new_stage(), ("Ann", "x", [("account", "a", "insert"), ("account", "b", "insert")])
    )
    with writing(book) as tx:
        Foreign(tx.con, one.con).bring("Ann's", told, str)
        assert Foreign(tx.con, other.con).bring("Ann's", told, str) == 1
        rows = tx.con.execute('SELECT "row" FROM change ORDER BY seq').fetchall()
    assert rows == [("a",), ("b",)]


def test_what_both_books_know_is_seen(book: Path, new_stage: NewStage) -> None:
    stage = filled(new_stage(), ("Ann", "x", [("account", "a", "insert")]))
    with writing(book) as tx:
        before = Foreign(tx.con, stage.con)
        assert before.seen_there((AT, "Ann"))
        assert not before.seen_here((AT, "Ann"))
        before.bring("Ann's", told, str)
        assert Foreign(tx.con, stage.con).seen_here((AT, "Ann"))


def test_what_is_not_told_is_not_brought(book: Path, new_stage: NewStage) -> None:
    stage = filled(new_stage(), ("Ann", "x", [("account", "a", "insert")]))
    with writing(book) as tx:
        assert Foreign(tx.con, stage.con).bring("Ann's", lambda change: None, str) == 0
        assert tx.con.execute("SELECT count(*) FROM command").fetchone() == (0,)
