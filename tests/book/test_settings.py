"""Settings of a book: changed as a whole, taken from an older file once, never by two at a time."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import books

from acctcli.book import settings
from acctcli.book.context import Context
from acctcli.errors import Busy, Invalid
from acctcli.store import undo
from acctcli.store.settings import rows_of, stored

OLD = """\
# mine
[me]
name = "Kim"
[cadence]
gold = 7
silver = 30
[fields.account.seats]
type = "integer"
"""


class Heard(Context):
    """A context that remembers its notices."""

    def __init__(self, path: Path) -> None:
        super().__init__(db=str(path), today="2026-11-22")
        self.said: list[str] = []

    def notice(self, message: str) -> None:
        self.said.append(message)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "book.db"
    books.create(path)
    return path


def put(context: Context, document: dict[str, object]) -> list[str]:
    with context.write() as tx:
        return settings.replace(tx, rows_of(document), context.file[0])


def test_only_what_differs_is_written(path: Path) -> None:
    document = {"today": {"closing_days": 21, "task_days": 1}, "rates": {"EUR": 1.45}}
    assert put(Context(db=str(path)), document) == [
        *("today.closing_days", "today.task_days", "rates.EUR"),
    ]
    document["today"] = {"closing_days": 21}
    assert put(Context(db=str(path)), document) == ["today.task_days"]
    assert put(Context(db=str(path)), document) == []
    assert Context(db=str(path)).config["today.closing_days"] == 21


def test_the_order_of_own_fields_is_the_order_of_the_document(path: Path) -> None:
    for names in (["b", "a"], ["a", "b"], ["c", "a", "b"], ["a"]):
        fields = {name: {"type": "text"} for name in names}
        put(Context(db=str(path)), {"fields": {"account": fields}})
        assert list(Context(db=str(path)).config.custom["account"]) == names


def test_settings_that_do_not_fit_together_are_refused_as_a_whole(path: Path) -> None:
    with pytest.raises(Invalid, match="no such tier"):
        put(Context(db=str(path)), {"required": {"gold": {"account": ["owner"]}}})
    assert Context(db=str(path)).stored.rows == ()


def test_an_older_file_comes_in_once_and_that_is_said(path: Path, home: Path) -> None:
    file = home / "config.toml"
    file.write_text(OLD)
    context = Heard(path)
    assert context.config.tiers == ("gold", "silver")  # it holds until something is written
    assert context.said == []
    with context.write() as tx:
        tx.number()
        tx.says = "Did something."
    assert context.said == [
        "Took [cadence] and [fields] from config.toml into the book. They are changed there from "
        f"now on (acct config edit), and can be removed from {file}"
    ]
    assert file.read_text() == OLD
    with context.read() as con:
        says = [row[0] for row in con.execute("SELECT says FROM command ORDER BY seq")]
    assert says == ["Took [cadence] and [fields] from config.toml into the book.", "Did something."]
    file.write_text('[me]\nname = "Kim"\n')
    again = Heard(path)
    assert again.config.tiers == ("gold", "silver")
    assert list(again.config.custom["account"]) == ["seats"]
    with again.write():
        pass
    assert again.said == []


def test_a_file_that_says_something_else_later_is_not_read_and_that_is_said(
    path: Path, home: Path
) -> None:
    put(Context(db=str(path)), {"today": {"closing_days": 21}})
    file = home / "config.toml"
    file.write_text("[today]\nclosing_days = 21\nlimit = 3\n")
    same = Heard(path)
    assert (same.config["today.closing_days"], same.config["today.limit"]) == (21, 3)
    assert same.said == []
    file.write_text("[today]\nclosing_days = 30\n")
    other = Heard(path)
    assert other.config["today.closing_days"] == 21
    assert other.said == [
        f"settings of the book in {file} are not read any more ([today]). "
        "Change them in the book: acct config edit"
    ]


def test_what_came_in_does_not_come_again_when_it_is_taken_back(path: Path, home: Path) -> None:
    (home / "config.toml").write_text(OLD)
    with Context(db=str(path)).write() as tx:
        tx.number()
    with Context(db=str(path)).write() as tx:
        undo.undo(tx, 1)
    assert Context(db=str(path)).config.tiers[0] == "strategic"
    with Context(db=str(path)).write() as tx:
        assert stored(tx.con).rows == ()


def test_nothing_comes_in_with_a_command_that_fails(path: Path, home: Path) -> None:
    (home / "config.toml").write_text(OLD)
    context = Heard(path)
    with pytest.raises(Invalid), context.write():
        raise Invalid("no")
    with Context(db=str(path)).read() as con:
        assert stored(con).untouched
    assert context.said == []


def test_what_was_read_by_other_settings_is_not_written(path: Path) -> None:
    slow, quick = Context(db=str(path)), Context(db=str(path))
    assert slow.config["today.closing_days"] == 14
    put(quick, {"today": {"closing_days": 21}})
    with pytest.raises(Busy, match="changed by another command just now"), slow.write():
        raise AssertionError


def test_a_reader_goes_by_the_settings_of_its_snapshot(path: Path) -> None:
    slow = Context(db=str(path))
    assert slow.config["today.closing_days"] == 14
    put(Context(db=str(path)), {"today": {"closing_days": 21}})
    with slow.read():
        assert slow.config["today.closing_days"] == 21
