"""Which records may be the same company or person.

Evidence is added up as chances are: two signs that each say "the same" with 0.9 and 0.6 leave a
doubt of 0.1 times 0.4, which makes 96 of 100. What speaks against it multiplies the result.
docs/how-scores-work.md explains the same to users. `likeness` has the signs.

Nobody can compare everything with everything: 10,000 accounts make 50 million pairs. Records are
put into blocks by what could make them the same (an address, a name, its beginning, its end, its
initials or a rare word), each block is sorted, and only neighbours in it are compared. With b
blocks for each of n records and w neighbours that is O(n·b·log n + n·b·w), linear but for the
sorting, whatever the names are.

Pure: facts in, pairs with reasons out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TypeVar

from acctcli.domain.likeness import (
    NO_AGREEMENT,
    Agreement,
    Company,
    Named,
    Person,
    company_match,
    company_signs,
    comparer,
    name_of,
    person_match,
    person_signs,
    person_words,
    workplaces,
)
from acctcli.domain.reasons import Reason
from acctcli.frozen import Frozen
from acctcli.values import company_names, identity

LEAST = 60
"""Pairs below this likeness are only listed on request."""

NEIGHBOURS = 15
"""How many records after it in a block a record is compared with."""

RARE = 100
"""A word that more names have than this says nothing about any of them."""

SHARED = 10
"""An address that more records have than this identifies none of them."""


class Pair(Frozen):
    """Two records that may be the same, how similar they are (0 to 100), and why."""

    one_id: str
    other_id: str
    likeness: int
    reasons: tuple[Reason, ...]


def company_pairs(
    companies: Sequence[Company], distinct: Collection[frozenset[str]] = (), least: int = LEAST
) -> list[Pair]:
    """Return accounts that may be the same, the likeliest first.

    `distinct` are pairs of ids that somebody marked as not the same. A company and its
    parent are known to be different, and so are two with the same parent that only share an
    address.
    """
    companies = _distinctive_companies(companies)
    names = [
        [name_of(place, name, company_names.compared(name)) for name in (one.name, *one.aliases)]
        for place, one in enumerate(companies)
    ]
    sure: Blocks = {}
    maybe: Blocks = {}
    for company, own in zip(companies, names, strict=True):
        phones = [f"phone {phone}" for phone in company.phones]
        domains = [f"domain {domain}" for domain in company.domains]
        _into(sure, (*phones, *domains), own[0])
        for name in own:
            _into(sure, (name.squeezed, name.ordered, name.joined), name)
            _into(maybe, (*_parts(name, 4), *_initials(name)), name)
    alike = comparer()

    def near(one: Named, other: Named) -> bool:
        return company_match(alike, one, other) is not NO_AGREEMENT

    def match(one: int, other: int) -> Agreement:
        return max(company_match(alike, a, b) for a in names[one] for b in names[other])

    found = _candidates(sure, maybe, near)
    return _pairs(companies, found, match, company_signs, distinct, least)


def person_pairs(
    people: Sequence[Person], distinct: Collection[frozenset[str]] = (), least: int = LEAST
) -> list[Pair]:
    """Return contacts that may be the same person, the likeliest first; `distinct` as above."""
    people = _distinctive_people(people)
    names = [
        [name_of(place, name, person_words(name)) for name in (one.name, *one.aliases)]
        for place, one in enumerate(people)
    ]
    sure: Blocks = {}
    maybe: Blocks = {}
    for person, own in zip(people, names, strict=True):
        pages = (f"page {page}" for page in (person.linkedin, *person.profiles) if page)
        _into(sure, (*person.emails, *person.phones, *pages), own[0])
        for name in own:
            _into(sure, (name.ordered,), name)
            # An initial or a first name is looked for among everybody of that account or company.
            for at in filter(None, (person.account_id, *workplaces(person))):
                _into(maybe, (f"{part} {at}" for part in ("", *_parts(name, 2))), name)

    def near(one: Named, other: Named) -> bool:
        return bool(person_match(one, other).said)

    def match(one: int, other: int) -> Agreement:
        return max(person_match(a, b) for a in names[one] for b in names[other])

    found = _candidates(sure, maybe, near)
    return _pairs(people, found, match, person_signs, distinct, least)


# Blocks: the names of the records that have something in common, by what it is

Blocks = dict[str, list[Named]]


def _into(blocks: Blocks, keys: Iterable[str], name: Named) -> None:
    for key in dict.fromkeys(keys):
        blocks.setdefault(key, []).append(name)


def _parts(name: Named, least: int) -> Iterator[str]:
    """Yield the parts that two names with a typing error share: start, end, or a word."""
    yield f"{name.squeezed[:3]}…"
    yield f"…{name.squeezed[-4:]}"
    yield from (word for word in name.words if len(word) >= least)


def _initials(name: Named) -> Iterator[str]:
    """Yield what a name and its initials share."""
    yield from (f"initials {letters}" for letters in company_names.initials(name.whole))
    if len(name.words) == 1:
        yield f"initials {name.squeezed}"


def _neighbours(blocks: Blocks) -> Iterator[tuple[Named, Named]]:
    """Yield any two names of two records that stand near each other in one of the blocks."""
    for key, block in blocks.items():
        backwards = -1 if key.startswith("…") else 1
        ordered = sorted(block, key=lambda name: name.ordered[::backwards])
        for at, name in enumerate(ordered):
            for other in ordered[at + 1 : at + 1 + NEIGHBOURS]:
                if name.place != other.place:
                    yield name, other


def _candidates(
    sure: Blocks, maybe: Blocks, near: Callable[[Named, Named], bool]
) -> set[tuple[int, int]]:
    """Return the places of records that share something in `sure`, or in `maybe` and are near."""
    common = {key: block for key, block in maybe.items() if "…" in key or len(block) <= RARE}
    found = {_places(one, other) for one, other in _neighbours(sure)}
    looked = set()
    for one, other in _neighbours(common):
        both = (id(one), id(other))
        if both not in looked:
            looked.add(both)
            if near(one, other):
                found.add(_places(one, other))
    return found


def _places(one: Named, other: Named) -> tuple[int, int]:
    return min(one.place, other.place), max(one.place, other.place)


R = TypeVar("R", Company, Person)


def _pairs(
    records: Sequence[R],
    candidates: Iterable[tuple[int, int]],
    match: Callable[[int, int], Agreement],
    signs: Callable[[R, R, Agreement], list[Reason]],
    distinct: Collection[frozenset[str]],
    least: int,
) -> list[Pair]:
    pairs = []
    for one, other in candidates:
        first, second = sorted((records[one], records[other]), key=lambda record: record.id)
        if frozenset((first.id, second.id)) in distinct:
            continue
        pair = _judged(first.id, second.id, signs(first, second, match(one, other)))
        if pair.reasons and pair.likeness >= least:
            pairs.append(pair)
    return sorted(pairs, key=lambda pair: (-pair.likeness, pair.one_id, pair.other_id))


def _judged(one: str, other: str, found: list[Reason]) -> Pair:
    """Signs have a weight above 0, doubts one below it; without a sign there is no pair."""
    if not any(reason.weight > 0 for reason in found):
        return Pair(one, other, 0, ())
    chance, doubt = 1.0, 1.0
    for reason in found:
        if reason.weight > 0:
            doubt *= 1 - reason.weight
        else:
            chance *= 1 + reason.weight
    strongest_first = tuple(sorted(found, key=lambda reason: -reason.weight))
    return Pair(one, other, round(100 * chance * (1 - doubt)), strongest_first)


# Addresses


def _distinctive_companies(companies: Sequence[Company]) -> list[Company]:
    """Return the companies without addresses that are shared by too many to mean anything.

    The websites are added to the `domains`, because the people of a duplicate may write from them.
    """
    domains = [
        {one for one in (*company.websites, *company.domains) if _is_company_domain(one)}
        for company in companies
    ]
    common = _common((*of_one, *c.phones) for c, of_one in zip(companies, domains, strict=True))
    return [
        company._replace(
            websites={*company.websites} & of_one - common,
            phones={*company.phones} - common,
            domains=of_one - common,
        )
        for company, of_one in zip(companies, domains, strict=True)
    ]


def _is_company_domain(domain: str) -> bool:
    return identity.is_company_domain(domain) and identity.identifies("website", domain)


def _distinctive_people(people: Sequence[Person]) -> list[Person]:
    """Return the people without addresses that are shared by too many to mean anything."""
    common = _common((*person.emails, *person.phones) for person in people)
    return [
        person._replace(
            emails={
                email
                for email in person.emails
                if email not in common and identity.identifies("email", email)
            },
            phones={*person.phones} - common,
        )
        for person in people
    ]


def _common(addresses: Iterable[Iterable[str | None]]) -> set[str]:
    """Return the addresses that too many records have for them to be duplicates."""
    counts = Counter(address for of_one in addresses for address in of_one if address)
    return {address for address, count in counts.items() if count > SHARED}
