"""What callers ask of the book: values for fields, and queries."""

from __future__ import annotations

import pytest

from acctcli.book.asked import Given, Query, kind_named, query_of
from acctcli.errors import Invalid, UsageError
from acctcli.model import KINDS, Field

ACCOUNT = KINDS["account"].fields


@pytest.mark.parametrize(
    ("query", "asks"),
    [
        (Query((), (), "", None, 0), False),
        (Query(("amount > 1m",), (), "", None, 0), False),
        (Query(("amount > 1m and Closed-On > -30d",), (), "", None, 0), True),
        (Query((), (("stage", "won", "--stage"),), "", None, 0), True),
        (Query((), (("owner", "Kim", "--owner"),), "", None, 0), False),
        (Query((), (), "", None, 0, segment="big"), True),
    ],
)
def test_whether_closed_deals_are_asked_for(query: Query, asks: bool) -> None:
    assert query.asks_for_closed is asks


def test_a_command_lets_set_what_it_offers_and_fields_of_ones_own() -> None:
    given = Given({}, {}, offered=("name", "tier"))
    assert given.offers(ACCOUNT["tier"])
    assert not given.offers(ACCOUNT["city"])
    assert not given.offers(ACCOUNT["created_at"])
    assert given.offers(Field("text", "Their badge", name="badge", custom=True))
    assert Given({}, {}).offers(ACCOUNT["city"])


def test_more_fields_are_those_that_are_given() -> None:
    given = Given({"name": "Acme"}, {})
    assert given.plus(tier="key", city=None).typed == {"name": "Acme", "tier": "key"}
    assert given.empty is False
    assert Given({}, {}).empty is True


FILTERS = (("tier", "key", "--tier"), ("tags", "big fish", "--tag"))


@pytest.mark.parametrize(
    "query",
    [
        Query((), (), "", None, 0),
        Query(("city = Oslo",), FILTERS, "name", None, 0, columns="name,tier"),
        Query(("tier = key or tags = 'a b'",), (), "", None, 0),
    ],
)
def test_the_words_of_a_query_say_all_of_it(query: Query) -> None:
    assert query_of("account", query.words) == query


@pytest.mark.parametrize("words", ["--nothing x", "--where", "'"])
def test_words_that_are_no_query_are_refused(words: str) -> None:
    with pytest.raises(Invalid, match="is not a list of filters"):
        query_of("account", words)


@pytest.mark.parametrize("typed", ["deal_contact", "Deal-Contacts", " deal_contacts "])
def test_a_kind_is_named_in_singular_or_plural(typed: str) -> None:
    assert kind_named(typed) == "deal_contact"


def test_a_kind_that_is_none_is_refused_with_those_that_are() -> None:
    with pytest.raises(UsageError, match="product or review"):
        kind_named("lead")
