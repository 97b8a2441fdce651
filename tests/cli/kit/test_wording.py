"""The text of a command without quotes, through stdin, or asked for."""

from __future__ import annotations

import pytest
from tests.conftest import Program
from tests.filling import filled_once


@pytest.fixture(autouse=True)
@filled_once
def acme(run: Program) -> None:
    run("account", "add", "Acme")


def test_words_need_no_quotes(run: Program) -> None:
    done = run("log", "call", "acme", "Mei", "called", "back", "--outcome", "fine", "-f", "json")
    assert (done.code, done.json()["summary"]) == (0, "Mei called back")
    task = run("task", "add", "acme", "Send", "the", "quote", "--due", "fri", "-f", "json")
    assert task.json()["text"] == "Send the quote"


def test_a_longer_text_from_stdin_has_its_first_line_for_a_summary(run: Program) -> None:
    text = "Kick-off\n\nAll agreed.\nNext week again.\n"
    record = run("log", "note", "acme", "-", "-f", "json", input=text).json()
    assert (record["summary"], record["body"]) == ("Kick-off", "All agreed.\nNext week again.")


def test_without_a_text_a_script_is_refused(run: Program) -> None:
    refused = run("log", "call", "acme")
    assert (refused.code, "SUMMARY is missing" in refused.err) == (2, True)
    assert run("task", "add", "acme", "-", input="  ").code == 2


def test_an_import_takes_whole_words_of_a_vocabulary(run: Program) -> None:
    assert run("account", "edit", "acme", "--tier", "strat").code == 0
    refused = run("import", "-", "--as", "account", input="name,tier\nBeta,strat\n")
    assert refused.code == 4
