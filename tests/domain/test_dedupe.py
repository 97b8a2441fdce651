"""Likely duplicates: how similar two records are, and whose values stay."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain import dedupe
from acctcli.domain.dedupe import Company, Pair, Person, company_pairs, person_pairs, richest
from acctcli.model import KINDS


def company(
    id: str,
    name: str,
    *,
    website: str | None = None,
    phone: str | None = None,
    country: str | None = None,
    parent: str | None = None,
    domains: Collection[str] = (),
) -> Company:
    return Company(id, name, website, phone, country, parent, domains)


def person(
    id: str,
    name: str,
    account: str | None = None,
    *,
    linkedin: str | None = None,
    emails: Collection[str] = (),
    phones: Collection[str] = (),
) -> Person:
    return Person(id, name, account, linkedin, emails, phones)


def likeness(one: Company | Person, other: Company | Person) -> int:
    """Return how similar two records are; 0 if they are no pair."""
    if isinstance(one, Company) and isinstance(other, Company):
        found = company_pairs([one, other], least=0)
    else:
        assert isinstance(one, Person)
        assert isinstance(other, Person)
        found = person_pairs([one, other], least=0)
    return found[0].likeness if found else 0


def codes(pair: Pair) -> list[str]:
    return [reason.code for reason in pair.reasons]


# Companies


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme", "Acme Corp"),
        ("Acme Corp", "ACME GmbH"),
        ("Acme, Inc.", "acme S.A."),
        ("Kan-code", "Kancode Ltd"),
        ("Bücher Müller KG", "bucher muller"),
        ("AT&T", "AT and T Inc"),
        ("Bank of Asia", "Asia, Bank of"),
    ],
)
def test_the_same_name_written_differently(one: str, other: str) -> None:
    (pair,) = company_pairs([company("1", one), company("2", other)])
    assert pair == Pair("1", "2", 90, pair.reasons)
    assert [(r.code, r.text) for r in pair.reasons] == [("name", "same name, written differently")]


def test_a_slip_of_the_fingers() -> None:
    (pair,) = company_pairs(
        [company("1", "Greentech Solutions"), company("2", "Grentech Solution")]
    )
    assert pair.reasons[0].text == "names 94% alike"
    assert 60 <= pair.likeness < 90


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bank of China", "Bank of Chile"),
        ("Store 12", "Store 13"),
        ("Region North Trading", "Region South Trading"),
        ("IBM", "IBN"),
        ("Acme", "Zotware"),
        ("A B Ltd", "C D Ltd"),
    ],
)
def test_names_that_only_look_alike(one: str, other: str) -> None:
    assert company_pairs([company("1", one), company("2", other)]) == []


def test_a_word_that_many_names_have_says_nothing() -> None:
    # Nothing but this word is in both names, and neither begins nor ends both.
    pair = [company("1", "acme"), company("2", "bb acme aazz")]
    few = [company(f"o{n}", f"v{n:03} acme q{n:03}") for n in range(dedupe.RARE - 2)]
    met = [(pair.one_id, pair.other_id) for pair in company_pairs([*pair, *few], (), 0)]
    assert ("1", "2") in met
    assert company_pairs([*pair, *few, company("x", "y acme z")], (), 0) == []


@pytest.mark.parametrize("backwards", [False, True])
def test_those_that_differ_least_are_neighbours(backwards: bool) -> None:
    ends = ("a", "y", *(chr(ord("b") + n) for n in range(20)))
    names = [f"kkkkk{'z' if end in 'ay' else 'b'}{end}kkkkkkkkkkkk{end}" for end in ends]
    if backwards:
        names = [name[::-1] for name in names]
    found = company_pairs([company(f"{n:02}", name) for n, name in enumerate(names)], (), 0)
    assert ("00", "01") in [(pair.one_id, pair.other_id) for pair in found]


def test_addresses_make_it_surer() -> None:
    one = company("1", "Acme", website="acme.com", phone="+651")
    name = likeness(one, company("2", "Acme Ltd"))
    website = likeness(one, company("2", "Acme Ltd", website="acme.com"))
    both = likeness(one, company("2", "Acme Ltd", website="acme.com", phone="+651"))
    assert name < website < both <= 100


def test_another_name_and_another_country_make_it_less_sure() -> None:
    one = company("1", "Acme", website="acme.com", country="SG")
    same = company("2", "Acme Ltd", website="acme.com", country="SG")
    elsewhere = company("2", "Acme Ltd", website="acme.com", country="DE")
    other_name = company("2", "Zotware", website="acme.com", country="SG")
    assert likeness(one, same) > likeness(one, elsewhere)
    assert likeness(one, same) > likeness(one, other_name)
    (pair,) = company_pairs([one, company("2", "Zotware", website="acme.com", country="DE")], (), 0)
    assert codes(pair) == ["website", "country", "other-name"]
    assert [reason.weight > 0 for reason in pair.reasons] == [True, False, False]


def test_a_part_of_a_name_counts_only_with_something_else() -> None:
    one = company("1", "Acme", website="acme.com")
    assert company_pairs([one, company("2", "Acme Industries")]) == []
    (pair,) = company_pairs([one, company("2", "Acme Industries", domains=["acme.com"])])
    assert codes(pair) == ["email", "name"]


def test_mail_providers_say_nothing() -> None:
    one = company("1", "Kim Lee", domains=["gmail.com"])
    assert company_pairs([one, company("2", "Zotware", domains=["gmail.com"])], (), 0) == []


def test_an_address_that_everybody_has_says_nothing() -> None:
    few = [company(str(n), f"Shop {n}", website="host.com") for n in range(dedupe.SHARED)]
    assert len(company_pairs(few, (), 0)) == 45
    assert company_pairs([*few, company("x", "Zotware", website="host.com")], (), 0) == []
    desk: dict[str, Any] = {"emails": ["info@x.example"], "phones": ["+651"]}
    many = [person(str(n), f"{'abcdefghijkl'[n] * 5} Lee", **desk) for n in range(11)]
    assert len(person_pairs(many[:10], (), 0)) == 45
    assert person_pairs(many, (), 0) == []


def test_a_family_is_told_apart() -> None:
    mother = company("1", "Acme", website="acme.com")
    daughter = company("2", "Acme Ltd", website="acme.com", parent="1")
    sister = company("3", "Zotware", website="acme.com", parent="1")
    assert company_pairs([mother, daughter, sister], (), 0) == []
    again = company("4", "Acme GmbH", parent="1")
    (pair,) = company_pairs([daughter, again])  # two subsidiaries of one name are one too many
    assert codes(pair) == ["name"]


# People


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        (("Mei Tan",), ("Tan, Mei",), "name"),
        (("Dr. Mei Tan",), ("mei tan",), "name"),
        (("Mei Tan",), ("M. Tan",), "name"),
        (("Mei Tan",), ("Mei",), "name"),
        (("Jonathan Smith",), ("Jonathon Smith",), "name"),
        (("M. Tan",), ("Mei Ling Tan",), "name"),
    ],
)
def test_people_of_one_account(one: tuple[str], other: tuple[str], code: str) -> None:
    (pair,) = person_pairs([person("1", *one, "a"), person("2", *other, "a")])
    assert codes(pair) == [code]


def test_where_they_are_decides_what_a_name_says() -> None:
    here = person("1", "Mei Tan", "a")
    same_account = likeness(here, person("2", "Mei Tan", "a"))
    no_account = likeness(here, person("2", "Mei Tan"))
    other_account = likeness(here, person("2", "Mei Tan", "b"))
    assert same_account > no_account >= dedupe.LEAST > other_account
    assert likeness(here, person("2", "M. Tan", "b")) == 0
    (pair,) = person_pairs([here, person("2", "Mei Tan", "b")], (), 0)
    assert [reason.text for reason in pair.reasons] == ["same name at another account"]


@pytest.mark.parametrize(
    "address",
    [{"emails": ["mei@x.example"]}, {"phones": ["+651"]}, {"linkedin": "mei-tan"}],
)
def test_an_address_in_common(address: dict[str, Any]) -> None:
    one = person("1", "Mei Tan", "a", **address)
    moved = person("2", "Mei Tan", "b", **address)
    somebody = person("2", "Raj Nair", "a", **address)
    assert likeness(one, moved) > likeness(person("1", "Mei Tan", "a"), person("2", "Mei Tan", "b"))
    assert likeness(one, somebody) < dedupe.LEAST  # a shared desk


@pytest.mark.parametrize(
    ("one", "other"),
    [("Mei Tan", "Mei Lim"), ("M. T.", "Mei Tan"), ("Raj Nair", "Mei Tan"), ("Ann Lee", "Ben Lee")],
)
def test_colleagues(one: str, other: str) -> None:
    assert person_pairs([person("1", one, "a"), person("2", other, "a")]) == []


# All of them

WORDS = st.sampled_from(["acme", "acne", "green", "tech", "bank", "of", "asia", "12", "ltd", "ü"])
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
MAYBE = st.none() | st.sampled_from(["x", "y"])
COMPANIES = st.lists(
    st.builds(
        lambda *values: values, NAMES, MAYBE, MAYBE, MAYBE, MAYBE, st.frozensets(st.just("z"))
    ),
    max_size=8,
).map(lambda many: [Company(str(n), *values) for n, values in enumerate(many)])
PEOPLE = st.lists(
    st.builds(
        lambda *values: values, NAMES, MAYBE, MAYBE, *[st.frozensets(st.sampled_from("pq"))] * 2
    ),
    max_size=8,
).map(lambda many: [Person(str(n), *values) for n, values in enumerate(many)])


@given(records=COMPANIES | PEOPLE, least=st.integers(0, 100), seed=st.integers())
def test_pairs_do_not_depend_on_the_order_and_are_what_was_asked_for(
    records: Sequence[Any], least: int, seed: int
) -> None:
    find: Any = company_pairs if records and isinstance(records[0], Company) else person_pairs
    found = find(records, (), least)
    shuffled = random.Random(seed).sample(list(records), len(records))
    assert find(shuffled, (), least) == found
    assert [pair.likeness for pair in found] == sorted((p.likeness for p in found), reverse=True)
    for pair in found:
        assert pair.one_id < pair.other_id
        assert least <= pair.likeness <= 100
        assert pair.reasons[0].weight > 0
    told_apart = {frozenset((pair.one_id, pair.other_id)) for pair in found[::2]}
    rest = find(records, told_apart, least)
    assert rest == [p for p in found if frozenset((p.one_id, p.other_id)) not in told_apart]


def test_a_thousand_of_one_name_are_not_compared_with_each_other() -> None:
    found = company_pairs([company(f"{n:04}", "Acme", website="acme.com") for n in range(1000)])
    assert 999 <= len(found) <= 1000 * dedupe.NEIGHBOURS
    met = {id for pair in found for id in (pair.one_id, pair.other_id)}
    assert len(met) == 1000


# What stays

ACCOUNT = KINDS["account"].fields
CONTACT = KINDS["contact"].fields


def rows(kind: str, *many: dict[str, Any]) -> list[dict[str, Any]]:
    """Return rows as the store reads them, with empty fields by default."""
    blank: dict[str, Any] = {}
    for field in KINDS[kind].fields.values():
        blank |= {field.name: () if field.many else None, field.id_name: None}
    return [{**blank, "status": "prospect", "created_at": "2026-01-01", **one} for one in many]


def test_the_first_that_has_a_value() -> None:
    found = rows("account", {"name": "A"}, {"name": "B", "owner": "Kim"}, {"owner": "Raj"})
    assert richest(ACCOUNT, found)["name"] == 0
    assert richest(ACCOUNT, found)["owner"] == 1
    assert richest(ACCOUNT, found, prefer_other=True)["name"] == 1


def test_the_older_day_of_entry_and_the_wider_status() -> None:
    found = rows(
        "account",
        {"created_at": "2026-02-01", "status": "former"},
        {"created_at": "2025-02-01", "status": "customer"},
    )
    chosen = richest(ACCOUNT, found)
    assert [chosen[name] for name in ("created_at", "status")] == [1, 1]
    for less, more in pairwise(("lead", "prospect", "former", "customer")):
        found = rows("account", {"status": less}, {"status": more})
        assert richest(ACCOUNT, found)["status"] == 1


def test_what_one_of_them_wants_seen_is_seen() -> None:
    found = rows("account", {"archived_at": "2026-01-01"}, {"snoozed_until": "2027-01-01"})
    chosen = richest(ACCOUNT, found)
    assert (chosen["archived_at"], chosen["snoozed_until"]) == (1, 0)


def test_what_a_person_is_at_an_account_stays_with_the_account() -> None:
    here = {"account": "A", "account_id": "a", "stance": None}
    there = {"account": "B", "account_id": "b", "title": "CFO", "stance": "champion"}
    chosen = richest(CONTACT, rows("contact", here, there))
    assert (chosen["account"], chosen["title"], chosen["stance"]) == (0, 0, 1)
    nowhere = {"title": "CFO"}
    assert richest(CONTACT, rows("contact", here, nowhere))["title"] == 1


@given(
    values=st.lists(
        st.fixed_dictionaries(
            {
                "name": st.sampled_from(["A", "B"]),
                "tier": st.none() | st.sampled_from(["key", "smb"]),
                "annual_revenue": st.none() | st.integers(0, 9),
                "currency": st.none() | st.sampled_from(["SGD", "JPY"]),
                "description": st.none() | st.text(min_size=1, max_size=3),
            }
        ),
        min_size=2,
        max_size=4,
    ),
    prefer_other=st.booleans(),
)
def test_nothing_known_is_given_up_for_nothing(
    values: list[dict[str, Any]], prefer_other: bool
) -> None:
    found = rows("account", *values)
    chosen = richest(ACCOUNT, found, prefer_other=prefer_other)
    for name in ("name", "tier", "annual_revenue", "description"):
        known = [row for row in found if row[name] is not None]
        assert (found[chosen[name]][name] is not None) == bool(known)
    if any(row["annual_revenue"] is not None for row in found):
        assert chosen["currency"] == chosen["annual_revenue"]
