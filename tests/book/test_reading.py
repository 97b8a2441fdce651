"""Queries and the records that match, without a command line."""

from __future__ import annotations

import pytest

from acctcli.book import reading
from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.errors import AcctError, NotFound, UsageError
from acctcli.model import TEXT, Field, Row
from acctcli.store import queries, records, segments

EVERYTHING = Query((), (), "", None, 0)


@pytest.fixture
def context(context: Context) -> Context:
    with context.write() as tx:
        for name, tier in (("Smith, Ltd", "key"), ("Jones", "smb"), ("Kim", None)):
            id = records.insert(tx, "account", {"name": name, "tier": tier}, {})
            records.insert(tx, "contact", {"name": f"Ann of {name}", "account": id}, {})
    return context


def names(context: Context, kind: str, query: Query) -> list[str]:
    with context.read() as con:
        fitting = reading.conditions_of(context, con, kind, query)
        return sorted(row["name"] for row in reading.whole(context, con, kind, *fitting))


def test_filters_of_one_field_are_alternatives_and_those_of_several_narrow_down(
    context: Context,
) -> None:
    tiers = (("tier", "key", "--tier"), ("tier", "smb", "--tier"))
    assert names(context, "account", EVERYTHING) == ["Jones", "Kim", "Smith, Ltd"]
    assert names(context, "account", EVERYTHING.replace(filters=tiers)) == ["Jones", "Smith, Ltd"]
    both = EVERYTHING.replace(filters=tiers, where=("name = jones",))
    assert names(context, "account", both) == ["Jones"]


@pytest.mark.parametrize("typed", ["smith, ltd", "jones,smith", "A-0001,A-0002"])
def test_names_are_looked_up_in_the_open_book(context: Context, typed: str) -> None:
    found = names(
        context, "contact", EVERYTHING.replace(filters=(("account", typed, "--account"),))
    )
    assert found[-1] == "Ann of Smith, Ltd"
    with pytest.raises(NotFound):
        names(context, "contact", EVERYTHING.replace(filters=(("account", "jones,x", "--a"),)))


def test_a_segment_fills_in_what_is_not_asked_for(context: Context) -> None:
    kept = EVERYTHING.replace(where=("tier = key",), sort="-name", columns="name,tier")
    with context.write() as tx:
        segments.save(tx, "account", "Best", kept.words)
    asked = EVERYTHING.replace(segment="best")
    assert names(context, "account", asked) == ["Smith, Ltd"]
    with context.read() as con:
        assert reading.as_saved(con, "account", EVERYTHING) == EVERYTHING
        assert reading.as_saved(con, "account", asked) == asked.replace(
            sort="-name", columns="name,tier"
        )
        other = asked.replace(sort="tier", columns="id")
        assert reading.as_saved(con, "account", other) == other


def test_an_error_says_which_segment_does_not_fit_any_more(context: Context) -> None:
    with context.write() as tx:
        segments.save(tx, "account", "Old", "--where 'parent = nobody'")
    with context.read() as con:
        (segment,) = segments.every(con, "account")
        with pytest.raises(AcctError) as refused:
            reading.conditions_of_segment(context, con, segment)
    assert refused.value.message.startswith("segment Old: no account")


def test_what_fits_comes_as_json(context: Context) -> None:
    with context.read() as con:
        (row,) = reading.whole(context, con, "account", queries.by_id("number", "A-0002"))
        assert (row["name"], row["tier"], row["tags"]) == ("Jones", "smb", ())
        assert len(reading.whole(context, con, "account", limit=2)) == 2


def test_a_status_that_is_asked_for_takes_the_place_of_the_usual_one(context: Context) -> None:
    with context.write() as tx:
        kept = EVERYTHING.replace(where=("status = former",))
        segments.save(tx, "account", "Gone", kept.words)
        for name, status in (("Old", "former"), ("Lead", "lead")):
            records.insert(tx, "account", {"name": name, "status": status}, {})

    def found(query: Query) -> list[str]:
        with context.read() as con:
            fitting = reading.accounts_in(context, con, query, queries.NOT_FORMER)
            return sorted(row["name"] for row in reading.whole(context, con, "account", *fitting))

    assert "Old" not in found(EVERYTHING)
    assert "Lead" in found(EVERYTHING)
    assert found(EVERYTHING.replace(filters=(("status", "former", "--status"),))) == ["Old"]
    assert found(EVERYTHING.replace(segment="Gone")) == ["Old"]


def test_rows_at_hand_are_sorted_like_records() -> None:
    fields = {name: Field(TEXT, "", name=name) for name in ("city", "name")}
    rows: list[Row] = [
        {"city": "rome", "name": "c"},
        {"city": None, "name": "a"},
        {"city": "Oslo", "name": "b"},
        {"city": "Rome", "name": "a"},
    ]

    def ordered(sort: str, limit: int | None = None, offset: int = 0) -> str:
        query = Query((), (), sort, limit, offset)
        found = reading.in_order("place", fields, rows, query)
        return " ".join(f"{row['city']}/{row['name']}" for row in found)

    assert ordered("") == "rome/c None/a Oslo/b Rome/a"
    assert ordered("city,name") == "Oslo/b Rome/a rome/c None/a"
    assert ordered("-city,-name") == "rome/c Rome/a Oslo/b None/a"
    assert ordered("name", 2, 1) == "Rome/a Oslo/b"
    with pytest.raises(UsageError, match='no place field "cty"'):
        ordered("cty")
