from __future__ import annotations

from datetime import date

from tests.conftest import Program

from acctcli.book import dossier as book
from acctcli.book.context import Context
from acctcli.render.html import dossier

DAY = date(2026, 11, 22)


def test_a_document_of_several_accounts_begins_with_their_names(run: Program) -> None:
    run("account", "add", "Birch")
    run("account", "add", "Acme & <Co>")
    context = Context()
    with context.read() as con:
        ids = [one.id for one in context.find_all(con, "account", ["Birch", "Acme"])]
        several = dossier.page(book.page(context, con, ids, "Ann", "Ben"), DAY)
        one = dossier.page(book.page(context, con, ids[:1], "Ann", "Ben"), DAY)
    assert '<li><a href="#account-1">Acme &amp; &lt;Co&gt;</a></li>' in several
    assert '<h1 id="account-2">Birch</h1>' in several
    assert "Handed over from Ann to Ben on 2026-11-22" in one
    assert "<nav>" not in one
