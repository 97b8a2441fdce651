"""`acct undo` and `acct history`, as they are typed; what they do is in store/test_undo.py."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from unittest import mock

import pytest
from tests import books
from tests.conftest import Program
from tests.filling import filled_once

from acctcli.store import history

SAYS = (
    "Undid: Changed tier, annual revenue, currency of GreenTech Ltd "
    "(annual revenue: 12,000 SGD) (1 record)."
)


@pytest.fixture
@filled_once
def greentech(run: Program) -> str:
    """Add an account and change it once; return its id."""
    id = run("account", "add", "GreenTech Ltd", "--tier", "growth", "-f", "ids").out.strip()
    run("account", "edit", "greentech", "--tier", "key", "--revenue", "SGD 12k")
    return id


class TestUndo:
    def test_it_says_what_it_took_back_and_prints_nothing(
        self, run: Program, greentech: str
    ) -> None:
        done = run("undo")
        assert done == (
            *(0, ""),
            f"{SAYS}\n",
        )
        assert run("account", "list", "--columns", "tier,annual_revenue").out == "growth\t\n"

    def test_as_json(self, run: Program, greentech: str) -> None:
        assert run("undo", "-f", "json").json() == {
            "command": 3,
            "undoes": 2,
            "records": 1,
            "kept": [],
            "says": SAYS,
        }

    def test_to_the_beginning_and_forward_again(self, run: Program, greentech: str) -> None:
        assert [run("undo").code for _ in range(3)] == [0, 0, 3]
        assert run("account", "list").out == ""
        assert [run("undo", "--redo").code for _ in range(3)] == [0, 0, 3]
        assert run("account", "list", "--columns", "id,tier").out == f"{greentech}\tkey\n"

    def test_a_dry_run_says_it_and_leaves_the_file_alone(
        self, run: Program, greentech: str, book: Path
    ) -> None:
        before = book.read_bytes()
        assert run("undo", "1", "--keep-edited", "--dry-run").code == 4
        assert run("undo", "--dry-run").err.startswith("Would undo: Changed tier")
        assert run("undo", "--dry-run", "-f", "json").json()["command"] is None
        assert book.read_bytes() == before
        run("undo")
        assert run("undo", "--redo", "--dry-run").err.startswith("Would redo: Changed tier")

    def test_a_later_change_is_named(self, run: Program, greentech: str) -> None:
        run("account", "edit", "greentech", "--name", "GreenTech GmbH")
        refused = run("undo", "2")
        assert refused == (
            *(4, ""),
            'acct: "Changed tier, annual revenue, currency of GreenTech Ltd '
            '(annual revenue: 12,000 SGD)" cannot be undone '
            "as a whole: account GreenTech GmbH (changed since by command 3). To undo the "
            "rest: --keep-edited\n",
        )

    def test_a_redo_by_number_is_a_contradiction(self, run: Program, greentech: str) -> None:
        assert run("undo", "--redo", "2").code == 2

    def test_what_was_deleted_comes_back_with_everything(
        self, run: Program, greentech: str, book: Path
    ) -> None:
        run("contact", "add", "Mei Tan", "--account", "greentech", "--email", "mei@x.com")
        run("log", "call", "greentech", "Talked", "--with", "mei", "--next", "Quote")
        before = books.dump(book)
        assert run("account", "delete", "A-0001", "--yes").code == 0
        assert run("undo").code == 0
        assert books.dump(book) == before
        assert run("search", "talked", "-f", "ids").out

    def test_several_records_through_a_pipe_are_one_undo(self, run: Program, book: Path) -> None:
        for name in ("A", "B", "C"):
            run("account", "add", f"Company {name}")
        before = books.dump(book)
        ids = run("account", "list", "-f", "ids").out
        run("account", "edit", "-", "--tier", "key", input=ids)
        assert "(3 records)" in run("undo").err
        assert books.dump(book) == before


class TestHistory:
    def test_commands_newest_first(self, run: Program, greentech: str) -> None:
        run("undo")
        lines = run("history").out.splitlines()
        assert [line.split("\t")[0] for line in lines] == ["3", "2", "1"]
        assert lines[1].endswith("12,000 SGD) (undone by 3).")
        assert run("history", "-f", "ids").out == "3\n2\n1\n"

    def test_the_shape_of_a_command(self, run: Program, greentech: str) -> None:
        first = run("history", "-f", "json", env={"USER": "kim"}).json()[-1]
        assert set(first) == {
            *("seq", "at", "who", "what", "typed", "records", "undoes", "undone_by"),
            "origin",
        }
        assert first["origin"] is None
        assert first["what"] == "Added account A-0001 GreenTech Ltd."
        assert first["typed"] == "acct account add 'GreenTech Ltd' --tier growth -f ids"
        assert (first["seq"], first["records"]) == (1, 1)
        assert first["at"].endswith("Z")

    def test_of_an_account_in_machine_values(self, run: Program, greentech: str) -> None:
        rows = run("history", "greentech", "-f", "json").json()
        assert set(rows[0]) == {
            *("at", "who", "command", "kind", "record", "record_id", "operation"),
            *("field", "old", "new", "what", "origin"),
        }
        assert [(r["operation"], r["field"], r["old"], r["new"]) for r in rows] == [
            ("changed", "currency", None, "SGD"),
            ("changed", "annual_revenue", None, 12000.00),
            ("changed", "tier", "growth", "key"),
            ("added", None, None, None),
        ]
        assert {row["record_id"] for row in rows} == {greentech}
        assert '"new": 12000.00,' in run("history", "greentech", "-f", "jsonl").out

    def test_of_an_account_in_words(self, run: Program, greentech: str) -> None:
        shown = run("history", "greentech", "-f", "table", env={"COLUMNS": "200"}).out
        assert "tier growth → key, annual revenue set to 12,000 SGD" in shown

    def test_of_a_record_that_is_gone(self, run: Program, greentech: str) -> None:
        run("contact", "add", "Mei Tan", "--account", "greentech")
        run("contact", "delete", "mei tan", "--yes")
        lines = run("history", "mei tan", "--kind", "contact").out.splitlines()
        assert [line.split("\t")[4] for line in lines] == ["deleted", "added"]

    def test_since_kind_and_limit(self, run: Program, greentech: str) -> None:
        run("product", "add", "Support")
        assert len(run("history", "--limit", "1").out.splitlines()) == 1
        assert run("history", "--since", "1w").out == run("history").out
        assert run("history", "--since", "tomorrow").code == 2
        assert len(run("history", "--kind", "product").out.splitlines()) == 1
        assert run("history", "--kind", "nonsense").code == 2
        assert run("history", "--since", "01/02/2026").code == 2
        assert run("history", "nobody").code == 3

    def test_people_get_the_last_thirty_a_pipe_gets_all(self, run: Program) -> None:
        for number in range(32):
            run("product", "add", f"Product {number}")
        assert len(run("history").out.splitlines()) == 32
        assert len(run("history", "-f", "table").out.splitlines()) == 30 + 1

    def test_what_was_typed_cannot_drive_the_terminal(self, run: Program) -> None:
        run("account", "add", "Evil \x1b[31m\u202eLtd")
        for format in ("table", "tsv", "md"):
            for words in (("history",), ("history", "evil")):
                out = run(*words, "-f", format).out
                assert "\x1b" not in out
                assert "\u202e" not in out

    def test_an_empty_book(self, run: Program) -> None:
        assert run("history") == (0, "", "")
        assert run("undo").code == 3


def test_records_are_counted_for_whoever_gets_to_see_the_number(
    run: Program,
) -> None:
    run("account", "add", "Acme", "--tag", "a")
    assert run("history", "-f", "json").json()[0]["records"] == 1
    assert run("history", "-f", "csv").out.splitlines()[1].endswith(",1,,,")
    assert run("history", "-f", "jsonl").json()["records"] == 1
    with mock.patch.object(history, "commands", wraps=history.commands) as commands:
        for words in ([], ["-f", "table"], ["-f", "ids"], ["-f", "md"], ["-f", "json"]):
            assert run("history", *words).code == 0
    asked = [call.kwargs["counted"] for call in commands.call_args_list]
    assert asked == [False, False, False, False, True]


def test_what_was_undone_may_be_two_sentences(run: Program) -> None:
    run("account", "add", "Acme", "--status", "prospect")
    run("deal", "add", "acme", "Rollout", "--amount", "SGD 5k")
    run("deal", "win", "rollout")
    undone = run("undo")
    assert undone.err == (
        'Undid 2 records: Won "Rollout", 5,000 SGD, from prospecting on its first day. '
        "Acme is now a customer.\n"
    )


def test_a_command_of_another_machine_says_which(run: Program, greentech: str, book: Path) -> None:
    with closing(sqlite3.connect(book)) as con, con:
        con.execute("UPDATE command SET who = 'Ann', origin = 'laptop' WHERE seq = 2")
        con.execute("UPDATE command SET who = 'Ben', origin = 'Ben' WHERE seq = 1")
    for words in (("history",), ("history", "greentech")):
        second, first = run(*words, "-f", "table").out.splitlines()[1:]
        assert "Ann, laptop" in second
        assert "Ben, Ben" not in first
        both = run(*words, "-f", "json").json()
        assert {(one["who"], one["origin"]) for one in both} == {("Ann", "laptop"), ("Ben", "Ben")}
        assert "Ann\t" in run(*words, "-f", "tsv").out
