from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Program
from tests.store.making import add, writing

from acctcli.book import handover
from acctcli.book.context import Context
from acctcli.errors import UsageError


@pytest.fixture
def deals(run: Program, book: Path) -> None:
    with writing(book) as tx:
        acme = add(tx, "account", name="Acme", owner="Ann")
        for title, owner, closed in (
            ("Follows", None, None),
            ("Own", "ann", None),
            ("Other", "Zoe", None),
            ("Won", None, "2026-10-01"),
            ("Won by Zoe", "Zoe", "2026-10-01"),
        ):
            add(tx, "deal", account=acme, title=title, owner=owner, closed_on=closed)


@pytest.mark.usefixtures("deals")
def test_whose_deals_go_and_whose_stay() -> None:
    context = Context()
    with context.read() as con:
        found = context.find_all(con, "account", ["Acme"])
        (going,) = handover.look(context, con, found, "Ben")
    assert [deal["title"] for deal in going.mine] == ["Follows", "Own"]
    assert [deal["title"] for deal in going.others] == ["Other"]
    assert len(going.closed) == 1
    assert handover.question([going], "Ben") == (
        "2 open deals: Follows and Own. Do they go along to Ben?"
    )


@pytest.mark.usefixtures("deals")
def test_a_colleague_is_spelled_as_before() -> None:
    context = Context()
    with context.read() as con:
        assert handover.receiver(context, con, "zoe") == "Zoe"
        assert handover.receiver(context, con, "Kim") == "Kim"
        with pytest.raises(UsageError, match="--to is empty"):
            handover.receiver(context, con, " ")


@pytest.mark.usefixtures("deals")
def test_nothing_goes_to_who_has_it() -> None:
    context = Context()
    with context.read() as con:
        found = context.find_all(con, "account", ["Acme"])
        assert handover.look(context, con, found, "ANN") == []
