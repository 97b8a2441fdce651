"""Which records may be the same company or person, and which of their values to keep.

Evidence is added up as chances are: two signs that each say "the same" with
0.9 and 0.6 leave a doubt of 0.1 times 0.4, which makes 96 of 100. What speaks
against it multiplies the result. docs/how-scores-work.md tells the same.

Nobody can compare everything with everything: 10,000 accounts make 50 million
pairs. Records are put into blocks by what could make them the same (an address,
a name, the beginning or end of a name, a rare word of it), each block is sorted,
and only neighbours in it are compared. With b blocks for each of n records and w
neighbours that is O(n·b·log n + n·b·w), linear but for the sorting, whatever the
names are.

Pure: facts in, pairs with reasons out. `rapidfuzz` is imported when names are compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from acctcli import model, text
from acctcli.domain.reasons import Reason
from acctcli.frozen import Frozen, FrozenRow
from acctcli.model import Field
from acctcli.values.addresses import company_key

LEAST = 60
"""Pairs that are less like each other are not worth a look, unless asked for."""

NEIGHBOURS = 15
"""With how many of those after it in a block a record is compared."""

RARE = 100
"""A word that more names have than this says nothing about any of them."""

ALIKE = 0.86
"""From here on two names may differ by a slip of the fingers."""

WORD = 0.7
"""No contact of one may differ from that of the other by more."""

SHARED = 10
"""An address that more records have than this identifies none of them."""

UNLIKE = 0.5
"""Below this, two names have nothing to do with each other."""

SAME_NAME, PART_OF_COMPANY = 0.9, 0.45
WEBSITE, PHONE_OF_COMPANY, MAIL_DOMAIN = 0.85, 0.75, 0.6
OTHER_COMPANY, OTHER_COUNTRY = -0.25, -0.15
"""How sure each sign makes that two accounts are the same, and what doubts subtract."""

NAME_HERE, NAME_SOMEWHERE, NAME_ELSEWHERE, PART_OF_PERSON = 0.85, 0.7, 0.5, 0.6
LINKEDIN, EMAIL, PHONE_OF_PERSON = 0.95, 0.9, 0.6
OTHER_PERSON = -0.5
"""The same for people: an address in common, with another name, is a shared desk or a couple."""

_MAIL_PROVIDERS = (
    "126.com 163.com aol.com fastmail.com gmail.com gmx.com gmx.de gmx.net googlemail.com "
    "hotmail.com icloud.com live.com mac.com mail.com me.com msn.com naver.com orange.fr "
    "outlook.com proton.me protonmail.com qq.com t-online.de web.de yahoo.co.jp yahoo.com yandex.ru"
)
MAIL_PROVIDERS = frozenset(_MAIL_PROVIDERS.split())
"""Domains at which people of any company have an address."""

_TITLES = frozenset(("dr", "frau", "herr", "mr", "mrs", "ms", "mx", "prof", "sir"))
"""Titles before a name that are no part of it."""

_STATUS_SAYS = {"customer": 3, "former": 2, "prospect": 1, "lead": 0}
"""The rank of a status: the more there has been between us, the higher."""

_OF_THE_PLACE = ("title", "role", "department", "influence", "reports_to", "primary", "since")
"""Fields of a person that may differ between accounts."""


class Company(FrozenRow):
    """An account as far as it can be mistaken for another one; `domains` are its people's."""

    id: str
    name: str
    website: str | None
    phone: str | None
    country: str | None
    parent_id: str | None
    domains: Collection[str]


class Person(FrozenRow):
    """A contact as far as they can be mistaken for another one."""

    id: str
    name: str
    account_id: str | None
    linkedin: str | None
    emails: Collection[str]
    phones: Collection[str]


class Pair(Frozen):
    """Two records that may be one, how like they are (0 to 100), and why."""

    one_id: str
    other_id: str
    likeness: int
    reasons: tuple[Reason, ...]


class _Name(Frozen):
    """A name, ready to be compared."""

    words: tuple[str, ...]
    squeezed: str  # the words without anything between them
    ordered: str  # the words in the order of the alphabet
    numbers: frozenset[str]


def _name(words: Sequence[str]) -> _Name:
    numbers = frozenset(word for word in words if any(char.isdigit() for char in word))
    return _Name(tuple(words), "".join(words), " ".join(sorted(words)), numbers)


def company_pairs(
    companies: Sequence[Company], distinct: Collection[frozenset[str]] = (), least: int = LEAST
) -> list[Pair]:
    """Accounts that may be the same, the likeliest first.

    `distinct` are pairs of ids that somebody said are not the same. A company and its
    parent are known to be different, and so are two with the same parent that only share an
    address.
    """
    names = [_name(company_key(company.name).split()) for company in companies]
    companies = _distinctive_companies(companies)
    sure: Blocks = {}
    maybe: Blocks = {}
    for place, (company, name) in enumerate(zip(companies, names, strict=True)):
        phone = [f"phone {company.phone}"] if company.phone else []
        domains = [f"domain {domain}" for domain in company.domains]
        _into(sure, (name.squeezed, name.ordered, *phone, *domains), place)
        _into(maybe, _parts(name, 4), place)
    return _pairs(companies, names, sure, maybe, _company_signs, distinct, least)


def person_pairs(
    people: Sequence[Person], distinct: Collection[frozenset[str]] = (), least: int = LEAST
) -> list[Pair]:
    """Contacts that may be the same person, the likeliest first; `distinct` as for companies."""
    names = [_name(_person_words(person.name)) for person in people]
    people = _distinctive_people(people)
    sure: Blocks = {}
    maybe: Blocks = {}
    for place, (person, name) in enumerate(zip(people, names, strict=True)):
        page = [f"linkedin {person.linkedin}"] if person.linkedin else []
        _into(sure, (name.ordered, *person.emails, *person.phones, *page), place)
        if person.account_id:
            # An initial or a first name is looked for among everybody of that account.
            parts = (f"{part} {person.account_id}" for part in ("", *_parts(name, 2)))
            _into(maybe, parts, place)
    return _pairs(people, names, sure, maybe, _person_signs, distinct, least)


# Blocks: the places of the records that have something in common, by what it is

Blocks = dict[str, list[int]]


def _into(blocks: Blocks, keys: Iterable[str], place: int) -> None:
    for key in dict.fromkeys(keys):
        blocks.setdefault(key, []).append(place)


def _parts(name: _Name, least: int) -> Iterator[str]:
    """Yield the parts that two names with a typing error share: start, end, or a word."""
    yield f"{name.squeezed[:3]}…"
    yield f"…{name.squeezed[-4:]}"
    yield from (word for word in name.words if len(word) >= least)


def _neighbours(blocks: Blocks, names: Sequence[_Name]) -> Iterator[tuple[int, int]]:
    """The places of any two that stand near each other in one of the blocks."""
    for key, block in blocks.items():
        backwards = -1 if key.startswith("…") else 1
        ordered = sorted(block, key=lambda place: names[place].ordered[::backwards])
        for at, place in enumerate(ordered):
            for other in ordered[at + 1 : at + 1 + NEIGHBOURS]:
                yield (place, other) if place < other else (other, place)


def _pairs(
    records: Sequence[R],
    names: Sequence[_Name],
    sure: Blocks,
    maybe: Blocks,
    signs: Callable[[R, R, _Match], list[Reason]],
    distinct: Collection[frozenset[str]],
    least: int,
) -> list[Pair]:
    """Judge all that share something in `sure`, and those in `maybe` whose names agree."""
    alike = _comparer()
    common = {key: block for key, block in maybe.items() if "…" in key or len(block) <= RARE}
    candidates = set(_neighbours(sure, names))
    for one, other in _neighbours(common, names):
        name, another = names[one], names[other]
        if alike(name, another, ALIKE) >= ALIKE or _is_part(name.words, another.words):
            candidates.add((one, other))
    pairs = []
    for one, other in candidates:
        first, second = sorted((records[one], records[other]), key=lambda record: record.id)
        if frozenset((first.id, second.id)) in distinct:
            continue
        name, another = names[one], names[other]
        match = _Match(alike(name, another, 0.0), _is_part(name.words, another.words))
        pair = _judged(first.id, second.id, signs(first, second, match))
        if pair.reasons and pair.likeness >= least:
            pairs.append(pair)
    return sorted(pairs, key=lambda pair: (-pair.likeness, pair.one_id, pair.other_id))


class _Match(FrozenRow):
    """How similar two names are (0 to 1), and whether one may be a part of the other."""

    alike: float
    part: bool


R = TypeVar("R", Company, Person)


def _judged(one: str, other: str, found: list[Reason]) -> Pair:
    """Signs have a weight above 0, doubts one below it."""
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
    """Return the companies without the addresses that too many share to mean anything.

    The website is added to the `domains`, because the people of a duplicate may write from it.
    """
    domains = []
    for company in companies:
        own = {company.website} if company.website else set()
        domains.append((own | {*company.domains}) - MAIL_PROVIDERS)
    common = _common((*of_one, c.phone) for c, of_one in zip(companies, domains, strict=True))
    distinctive = []
    for company, of_one in zip(companies, domains, strict=True):
        website = None if company.website in common else company.website
        phone = None if company.phone in common else company.phone
        distinctive.append(company._replace(website=website, phone=phone, domains=of_one - common))
    return distinctive


def _distinctive_people(people: Sequence[Person]) -> list[Person]:
    """Return the people without the addresses that too many share to mean anything."""
    common = _common((*person.emails, *person.phones) for person in people)
    return [
        person._replace(emails={*person.emails} - common, phones={*person.phones} - common)
        for person in people
    ]


def _common(addresses: Iterable[Iterable[str | None]]) -> set[str]:
    """Return the addresses that too many records have for them to be duplicates."""
    counts = Counter(address for of_one in addresses for address in of_one if address)
    return {address for address, count in counts.items() if count > SHARED}


# Names


Likeness = Callable[[_Name, _Name, float], float]


def _comparer() -> Likeness:
    """Return a function of two names and a bound: their likeness, 0 to 1; 0 below the bound.

    From `ALIKE` on, numbers in them are the same and every word agrees.
    """
    from rapidfuzz.distance import Indel

    compare = Indel.normalized_similarity

    def alike(one: _Name, other: _Name, least: float) -> float:
        if one.squeezed == other.squeezed or one.ordered == other.ordered:
            return 1.0
        likeness = max(
            compare(one.squeezed, other.squeezed, score_cutoff=least),
            compare(one.ordered, other.ordered, score_cutoff=least),
        )
        if likeness >= ALIKE and not (one.numbers == other.numbers and words_agree(one, other)):
            return (ALIKE + UNLIKE) / 2
        return likeness

    def words_agree(one: _Name, other: _Name) -> bool:
        # `Bank of China` and `Bank of Chile` are hardly a slip of the fingers.
        ordered = one.ordered.split(), other.ordered.split()
        return any(
            len(mine) != len(theirs)
            or all(compare(a, b) >= WORD for a, b in zip(mine, theirs, strict=True))
            for mine, theirs in ((one.words, other.words), ordered)
        )

    return alike


def _is_part(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether one is short for the other: `Acme` for `Acme Industries`, `M. Tan` for `Mei Tan`."""
    mine, theirs = set(one), set(other)
    if mine.isdisjoint(theirs):
        return False
    more, less = mine - theirs, theirs - mine
    return _abbreviate(more, less) or _abbreviate(less, more)


def _abbreviate(short: Collection[str], whole: Collection[str]) -> bool:
    """Whether each of these is but the first letter of one of those."""
    return all(len(s) == 1 and any(w.startswith(s) for w in whole) for s in short)


def _person_words(name: str) -> list[str]:
    plain = text.key(name).replace("'", "").replace("\u2019", "")
    words = "".join(char if char.isalnum() else " " for char in plain).split()
    return [word for word in words if word not in _TITLES] or [plain]


# Signs


def _sign(code: str, weight: float, says: str, evidence: str) -> Reason:
    return Reason(code, says, round(weight, 2), None, evidence)


def _company_signs(one: Company, other: Company, names: _Match) -> list[Reason]:
    """Return the signs for and against two accounts being the same; none within one family."""
    if one.id == other.parent_id or other.id == one.parent_id:
        return []
    found = []
    both = f"{one.name}, {other.name}"
    if names.alike == 1:
        said = "same name" if one.name == other.name else "same name, written differently"
        found.append(_sign("name", SAME_NAME, said, both))
    elif names.alike >= ALIKE:
        found.append(_sign("name", names.alike - 0.25, f"names {names.alike:.0%} alike", both))
    elif names.part:
        found.append(_sign("name", PART_OF_COMPANY, "one name is part of the other", both))
    if one.parent_id is None or one.parent_id != other.parent_id:
        found += _company_addresses(one, other)
    if one.country and other.country and one.country != other.country:
        countries = f"{one.country}, {other.country}"
        found.append(_sign("country", OTHER_COUNTRY, f"but in {countries}", countries))
    if names.alike <= UNLIKE and not names.part:
        found.append(_sign("other-name", OTHER_COMPANY, "but other names", both))
    return found if any(reason.weight > 0 for reason in found) else []


def _company_addresses(one: Company, other: Company) -> Iterator[Reason]:
    if one.phone and one.phone == other.phone:
        yield _sign("phone", PHONE_OF_COMPANY, f"same phone {one.phone}", one.phone)
    if one.website and one.website == other.website:
        yield _sign("website", WEBSITE, f"same website {one.website}", one.website)
        return  # where their people write from says it again
    shared = min(set(one.domains) & set(other.domains), default=None)
    if shared:
        yield _sign("email", MAIL_DOMAIN, f"people write from {shared}", shared)


def _person_signs(one: Person, other: Person, names: _Match) -> list[Reason]:
    """Return the signs for and against two contacts being the same person."""
    found = []
    both = f"{one.name}, {other.name}"
    here = one.account_id is not None and one.account_id == other.account_id
    nowhere = one.account_id is None or other.account_id is None
    if names.alike == 1 and (here or nowhere):
        found.append(_sign("name", NAME_HERE if here else NAME_SOMEWHERE, "same name", both))
    elif names.alike == 1:
        found.append(_sign("name", NAME_ELSEWHERE, "same name at another account", both))
    elif here and names.alike >= ALIKE:
        found.append(_sign("name", names.alike - 0.25, f"names {names.alike:.0%} alike", both))
    elif here and names.part:
        found.append(_sign("name", PART_OF_PERSON, "one name is short for the other", both))
    for code, weight, mine, theirs in (
        ("email", EMAIL, one.emails, other.emails),
        ("phone", PHONE_OF_PERSON, one.phones, other.phones),
    ):
        shared = min(set(mine) & set(theirs), default=None)
        if shared:
            found.append(_sign(code, weight, f"same {code} {shared}", shared))
    if one.linkedin and one.linkedin == other.linkedin:
        found.append(_sign("linkedin", LINKEDIN, f"same LinkedIn {one.linkedin}", one.linkedin))
    if found and names.alike <= UNLIKE and not names.part:
        found.append(_sign("other-name", OTHER_PERSON, "but other names", both))
    return found


# What stays


def richest(
    fields: Mapping[str, Field], rows: Sequence[Mapping[str, Any]], *, prefer_other: bool = False
) -> dict[str, int]:
    """For each field with one value, the place in `rows` of the record whose value stays.

    The first row is the record that stays: its values win where it has any, unless
    `prefer_other`; then those of the others come first. What was bought wins over what was
    not, "do not contact" over its absence. An amount goes with its currency, and what a
    person is at an account with that account. Of long texts, which can all stay, the place
    is that of the first.
    """
    order = [*range(1, len(rows)), 0] if prefer_other else list(range(len(rows)))
    chosen = {}
    for name, field in fields.items():
        if field.many or field.derived or name in ("id", "number", "updated_at"):
            continue
        chosen[name] = _place(field, rows, order)
    for name, along in (("annual_revenue", ("currency",)), ("account", _OF_THE_PLACE)):
        if name not in chosen or _empty(rows[chosen[name]], fields[name]):
            continue
        with_it = _same_place(rows, order, chosen[name], fields[name])
        for other in along:
            chosen[other] = _place(fields[other], rows, with_it)
    return chosen


def _same_place(
    rows: Sequence[Mapping[str, Any]], order: Sequence[int], chosen: int, field: Field
) -> list[int]:
    """The rows that a value depending on `field` may come from, the chosen one first."""
    if field.type != model.REF:
        return [chosen]
    here = rows[chosen][field.id_name]
    return [place for place in order if rows[place][field.id_name] in (here, None)]


def _place(field: Field, rows: Sequence[Mapping[str, Any]], order: Sequence[int]) -> int:
    match field.name:
        case "status":
            return max(order, key=lambda place: _STATUS_SAYS.get(rows[place]["status"], 0))
        case "created_at":
            return min(order, key=lambda place: str(rows[place]["created_at"]))
        case "archived_at" | "snoozed_until":
            # Put aside only if every one of them is: the others were to be seen.
            return next((place for place in order if rows[place][field.name] is None), order[0])
    return next((place for place in order if not _empty(rows[place], field)), order[0])


def _empty(row: Mapping[str, Any], field: Field) -> bool:
    value = row[field.name]
    return not value if field.type == model.FLAG else value is None
