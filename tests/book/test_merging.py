"""The outcome of a merge, in words and as data."""

from __future__ import annotations

import pytest

from acctcli.book import dupes, merging
from acctcli.book.context import Context
from acctcli.store import records


@pytest.fixture
def outcome(context: Context) -> dupes.Outcome:
    """Two people become one: an address is added, and one of two titles is not kept."""
    mei = {"name": "Mei Tan", "title": "CFO", "emails": ("mei@x.example",), "notes": "First"}
    other = {"name": "M. Tan", "title": "Treasurer", "emails": ("m@x.example",), "notes": "Second"}
    with context.write() as tx:
        account = records.insert(tx, "account", {"name": "Acme"}, {})
        ids = [
            records.insert(tx, "contact", {**one, "account": account}, {}) for one in (mei, other)
        ]
        task = {"account": account, "text": "Call", "contact": ids[1]}
        records.insert(tx, "task", task, {})
        records.insert(tx, "contact", {"name": "Department", "reports_to": ids[1]}, {})
        return dupes.merge(context, tx, "contact", ids, prefer_other=False, back_up=False)


def test_each_field_has_its_values_and_what_it_becomes(
    context: Context, outcome: dupes.Outcome
) -> None:
    compared = merging.compared(context.fields("contact"), outcome.merged)
    fields = {one["field"]: one for one in compared}
    assert fields["title"]["values"] == ["CFO", "Treasurer"]
    assert (fields["title"]["becomes"], fields["title"]["from"]) == ("CFO", 0)
    assert set(fields["emails"]["becomes"]) == {"mei@x.example", "m@x.example"}
    assert fields["emails"]["from"] is None
    assert "phones" not in fields


def test_the_data_says_what_moved_came_and_gave_way(
    context: Context, outcome: dupes.Outcome
) -> None:
    data = merging.data("contact", context.fields("contact"), outcome.merged, outcome.named)
    assert data["moved"]["task"] == 1
    assert ("emails", ["m@x.example"]) in [(one["field"], one["value"]) for one in data["taken"]]
    assert data["texts_joined"] == ["notes"]
    left = {one["field"]: (one["kept"], one["left"]) for one in data["left"]}
    assert left["title"] == ("CFO", "Treasurer")


def test_the_sentences_say_the_same(context: Context, outcome: dupes.Outcome) -> None:
    said = merging.sentences("contact", context.fields("contact"), outcome.merged)
    assert "Both texts stay: notes." in said
    assert "title CFO (not Treasurer)" in said
    assert merging.moves(outcome.merged).startswith(": ")
