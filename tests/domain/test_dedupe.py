"""Likely duplicates: how similar two records are."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain import labelled

from acctcli.domain import dedupe
from acctcli.domain.dedupe import Pair, company_pairs, person_pairs
from acctcli.domain.likeness import Agreement, Company, Person, company_match


def company(
    id: str,
    name: str,
    *,
    website: str | None = None,
    phone: str | None = None,
    country: str | None = None,
    parent: str | None = None,
    aliases: Collection[str] = (),
    domains: Collection[str] = (),
) -> Company:
    websites, phones = ([one] if one else [] for one in (website, phone))
    return Company(id, name, country, parent, aliases, websites, phones, domains)


def person(
    id: str,
    name: str,
    account: str | None = None,
    *,
    linkedin: str | None = None,
    aliases: Collection[str] = (),
    emails: Collection[str] = (),
    phones: Collection[str] = (),
    profiles: Collection[str] = (),
) -> Person:
    return Person(id, name, account, linkedin, aliases, emails, phones, profiles)


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
    assert pair.reasons[0].text == "names 97% alike"
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
        ("Acme North", "Acme South"),
        ("First National Bank", "Second National Bank"),
        ("Acme Services Austria", "Acme Services Australia"),
        ("Smith Dental", "Smith Rental"),
        ("Grupo Alfa Servicios Integrales", "Grupo Alta Servicios Integrales"),
        ("University of Michigan", "Michigan State University"),
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
    assert company_pairs([*pair, *few, company("x", "w acme z")], (), 0) == []


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


def test_initials_count_only_with_something_else() -> None:
    name = "International Business Machines Corp."
    assert company_pairs([company("1", "IBM"), company("2", name)]) == []
    (pair,) = company_pairs(
        [company("1", "IBM", website="ibm.com"), company("2", name, domains=["ibm.com"])]
    )
    assert codes(pair) == ["email", "name"]
    assert pair.reasons[1].text == "one name is the initials of the other"


def test_who_says_another_direction_is_another_one_whatever_they_share() -> None:
    shared = {"website": "acme.com", "phone": "+651"}
    pair = [company("1", "Acme North", **shared), company("2", "Acme South", **shared)]
    assert company_pairs(pair, (), 0) == []


def test_an_alias_is_a_name() -> None:
    one = company("1", "Meta Platforms", aliases=["Facebook"])
    (pair,) = company_pairs([one, company("2", "Facebook Inc.")])
    assert codes(pair) == ["name"]
    married = person("1", "Priya Nair", "a", aliases=["Priya Sharma"])
    (pair,) = person_pairs([married, person("2", "Priya Sharma", "a")])
    assert codes(pair) == ["name"]


@pytest.mark.parametrize("domain", ["gmail.com", "facebook.com", "sites.google.com"])
def test_domains_of_everybody_say_nothing(domain: str) -> None:
    one = company("1", "Kim Lee", domains=[domain])
    assert company_pairs([one, company("2", "Zotware", domains=[domain])], (), 0) == []
    assert company_pairs([one, company("2", "Zotware", website=domain)], (), 0) == []


def test_an_address_that_everybody_has_says_nothing() -> None:
    names = [f"{letter * 5} Shop" for letter in "abcdefghij"]
    few = [company(name, name, website="host.com") for name in names[: dedupe.SHARED]]
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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Robert Brown", "Bob Brown"),
        ("Alexander Petrov", "Sasha Petrov"),
        ("José Hernández", "Pepe Hernandez"),
    ],
)
def test_what_people_are_called_for_short(one: str, other: str) -> None:
    (pair,) = person_pairs([person("1", one, "a"), person("2", other, "a")])
    assert [reason.text for reason in pair.reasons] == ["one first name is short for the other"]
    assert person_pairs([person("1", one, "a"), person("2", other, "b")]) == []


def test_who_writes_from_one_company_is_at_one_company() -> None:
    one = person("1", "Robert Brown", "a", emails=["robert@acme.com"])
    (pair,) = person_pairs([one, person("2", "Bob Brown", emails=["bob@acme.com"])])
    assert codes(pair) == ["name", "domain", "address"]
    assert person_pairs([one, person("2", "Bob Brown", emails=["bob@gmail.com"])]) == []


def test_a_switchboard_and_an_office_mailbox_say_nothing() -> None:
    desk: dict[str, Any] = {"emails": ["info@acme.com"], "phones": ["+651"]}
    colleagues = [person("1", "Mei Tan", "a", **desk), person("2", "Mei Lim", "a", **desk)]
    assert person_pairs(colleagues, (), 0) == []


def test_two_of_one_name_with_addresses_of_their_own_are_doubted() -> None:
    one = person("1", "John Smith", "a", emails=["john@acme.com"])
    (pair,) = person_pairs([one, person("2", "John Smith", "a", emails=["jsmith@acme.com"])])
    assert codes(pair) == ["name", "address"]
    assert person_pairs([one, person("2", "John Smith", "b", emails=["john@b.com"])]) == []


def test_twice_as_many_accounts_take_twice_as_many_comparisons(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared = 0

    def counting(*given: Any) -> Agreement:
        nonlocal compared
        compared += 1
        return company_match(*given)

    monkeypatch.setattr(dedupe, "company_match", counting)
    syllables = ("ka", "mo", "ri", "ta", "ne", "lu", "so", "vi", "do", "ben", "gar", "hol", "mer")
    kinds = ("Trading", "Bank", "Foods", "Energy", "Services")
    some = random.Random(4)
    names = [
        f"{''.join(some.choices(syllables, k=4))} {some.choice(kinds)} Ltd" for _ in range(4000)
    ]
    counts = []
    for many in (1000, 2000, 4000):
        compared = 0
        company_pairs([company(f"{n:04}", name) for n, name in enumerate(names[:many])])
        counts.append(compared / many)
    assert max(counts) <= 6 * dedupe.NEIGHBOURS
    assert counts[2] <= 1.5 * counts[1] <= 1.5 * 1.5 * counts[0]


# The labelled list


def test_nine_of_ten_duplicates_are_found_and_one_of_five_others_at_most() -> None:
    missed, false, same, others = labelled.measured()
    assert (same, others) == (100, 50)
    assert len(missed) <= 10, missed
    assert len(false) <= 10, false


def test_the_figures_in_the_documentation_are_those_of_the_list() -> None:
    missed, false, same, others = labelled.measured()
    page = Path(__file__).parents[2] / "docs" / "how-scores-work.md"
    found = f"it finds {same - len(missed)} of {same} duplicates"
    said = f"{found} and suggests {len(false) or 'none'} of the {others} others"
    assert said in " ".join(page.read_text(encoding="utf-8").split())


# All of them

WORDS = st.sampled_from(["acme", "acne", "green", "tech", "bank", "of", "asia", "12", "ltd", "ü"])
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
MAYBE = st.none() | st.sampled_from(["x", "y"])
COMPANIES = st.lists(
    st.builds(
        lambda *values: values,
        *(NAMES, MAYBE, MAYBE, st.frozensets(NAMES, max_size=1)),
        *[st.frozensets(st.sampled_from(["x", "y"]))] * 2,
        st.frozensets(st.just("z")),
    ),
    max_size=8,
).map(lambda many: [Company(str(n), *values) for n, values in enumerate(many)])
PEOPLE = st.lists(
    st.builds(
        lambda *values: values,
        *(NAMES, MAYBE, MAYBE, st.frozensets(NAMES, max_size=1)),
        *[st.frozensets(st.sampled_from("pq"))] * 3,
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
