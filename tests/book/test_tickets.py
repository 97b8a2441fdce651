from __future__ import annotations

from tests.conftest import Program

from acctcli.book import tickets
from acctcli.book.context import Context


def test_open_tickets_come_with_their_age_the_oldest_first(run: Program) -> None:
    run("account", "add", "Acme")
    run("log", "ticket", "Acme", "New", "--at", "2026-11-21 09:00")
    run("log", "ticket", "Acme", "Old", "--at", "2026-11-02 09:00")
    run("log", "ticket", "Acme", "Done", "--at", "2026-11-01 09:00", "--resolved")
    context = Context()
    with context.read() as con:
        found = tickets.still_open(context, con, context.find(con, "account", "Acme").id)
    assert [(one["summary"], one["days"]) for one in found] == [("Old", 20), ("New", 1)]
    assert found[0]["answer_by"] == "us"


def test_the_pages_that_a_colleague_reads_have_them(run: Program) -> None:
    run("account", "add", "Acme")
    run("log", "ticket", "Acme", "Login fails", "--at", "2026-11-02 09:00")
    for words in (
        ("account", "show", "Acme"),
        ("account", "show", "Acme", "--html", "-"),
        ("review", "brief", "Acme"),
        ("review", "brief", "Acme", "-f", "md"),
        ("review", "brief", "Acme", "--html", "-"),
    ):
        shown = run(*words).out
        assert "Login fails" in shown, words
        assert "20 days" in shown, words
        assert "we owe" in shown, words
