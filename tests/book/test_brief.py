"""The brief for a meeting."""

from __future__ import annotations

from typing import Any

from acctcli.book import brief
from acctcli.book.context import Context
from acctcli.shapes.brief import BriefPage
from acctcli.store import records


def test_it_has_what_the_pages_have(sample: Context) -> None:
    data: Any
    with sample.read() as con:
        data = brief.page(sample, con, sample.find(con, "account", "greentech ltd").id)
    assert data.keys() == BriefPage.__required_keys__
    assert len(data["timeline"]) == brief.LAST_ENTRIES
    assert data["review"]["last"]["held_on"] == data["health"]["last_review"]["held_on"]
    assert data["review"]["since"]["interactions"] > 0


def test_without_a_review_all_that_happened_is_counted(context: Context) -> None:
    with context.write() as tx:
        id = records.insert(tx, "account", {"name": "Acme"}, {})
        log = {"account": id, "kind": "call", "at": "2020-01-01T10:00:00Z", "summary": "Talked"}
        records.insert(tx, "log", log, {})
    with context.read() as con:
        review = brief.page(context, con, id)["review"]
    assert (review["last"], review["since"]["interactions"]) == (None, 1)
