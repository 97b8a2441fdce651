"""What becomes of a quote."""

from __future__ import annotations

import pytest
from tests.book.quoting import deal_of, made

from acctcli.book import quote_answers
from acctcli.book.context import Context
from acctcli.errors import Conflict, Invalid
from acctcli.store import records


def test_only_a_quote_that_was_sent_can_be_answered(context: Context) -> None:
    id = made(context)
    with context.write() as tx:
        with pytest.raises(Conflict, match="was not sent yet"):
            quote_answers.answerable(context, tx.con, id)
        quote_answers.send(context, tx, id, None, None)
        row = quote_answers.answerable(context, tx.con, id)
        assert quote_answers.answer(context, tx, row, "declined", reason="Price") == "2026-11-22"
        with pytest.raises(Conflict, match=r"declined already \(today\)"):
            quote_answers.answerable(context, tx.con, id)


def test_no_answer_comes_from_the_future(context: Context) -> None:
    id = made(context)
    with context.write() as tx:
        quote_answers.send(context, tx, id, None, None)
        row = quote_answers.answerable(context, tx.con, id)
        with pytest.raises(Invalid, match="Mon 23 Nov 2026 is in the future"):
            quote_answers.answer(context, tx, row, "accepted", on="2026-11-23")


def test_the_version_before_comes_back_as_it_was(context: Context) -> None:
    deal = deal_of(context)
    made(context, deal)
    second = made(context, deal)
    with context.write() as tx:
        assert quote_answers.deal_of(tx.con, second) == deal
        assert quote_answers.bring_back(context, tx, [deal]) == []
        records.delete(tx, "quote", second)
        assert quote_answers.bring_back(context, tx, [deal, deal]) == ["Q-2026-0001"]
