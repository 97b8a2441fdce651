"""Duplicate records, and merging them."""

from __future__ import annotations

import pytest

from acctcli.book import dupes
from acctcli.book.context import Context
from acctcli.store import queries, records


@pytest.fixture
def twice(context: Context) -> tuple[str, str]:
    """Two accounts that are the same; the second one has more data."""
    with context.write() as tx:
        poor = records.insert(tx, "account", {"name": "Acme Corp", "tier": "key"}, {})
        site = {"name": "ACME Corporation", "website": "https://acme.example", "tier": "smb"}
        rich = records.insert(tx, "account", site, {})
        records.insert(tx, "contact", {"name": "Ann", "account": rich}, {})
    return rich, poor


def test_a_pair_has_the_richer_one_first(context: Context, twice: tuple[str, str]) -> None:
    with context.read() as con:
        pairs = dupes.likely(con, "account", 1)
        (row,) = dupes.rows(context, con, "account", pairs)
        assert dupes.likely(con, "contact", 1) == []
    assert [(pair.keep, pair.other) for pair in pairs] == [twice]
    assert row["id"] == twice[1]
    assert row["command"] == "acct account merge A-0002 A-0001"
    assert dupes.fields("account").keys() <= row.keys()


def test_what_a_merge_would_do_is_not_done(context: Context, twice: tuple[str, str]) -> None:
    data = dupes.preview(context, "account", twice, prefer_other=False, pair=None)
    assert [one["name"] for one in data["others"]] == ["Acme Corp"]
    fields = {field["field"]: field["becomes"] for field in data["fields"]}
    assert fields["tier"] == "smb"
    with context.read() as con:
        assert queries.count(con, "account", []) == 2


@pytest.mark.parametrize(("prefer_other", "tier"), [(False, "smb"), (True, "key")])
def test_one_is_made_of_two(
    context: Context, twice: tuple[str, str], *, prefer_other: bool, tier: str
) -> None:
    with context.write() as tx:
        outcome = dupes.merge(context, tx, "account", twice, prefer_other=prefer_other)
    assert outcome.named[twice[1]]["name"] == "Acme Corp"
    with context.read() as con:
        assert queries.count(con, "account", []) == 1
        assert queries.get(con, "account", context.fields("account"), twice[0])["tier"] == tier


def test_who_is_said_to_be_another_one_is_no_pair_any_more(
    context: Context, twice: tuple[str, str]
) -> None:
    with context.write() as tx:
        dupes.tell_apart(tx, "account", *twice)
    with context.read() as con:
        assert dupes.likely(con, "account", 1) == []
