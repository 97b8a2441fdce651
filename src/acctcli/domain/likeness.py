"""How well two records match, by their names and addresses, and how likely they are the same.

`values.company_names` and `values.person_names` read names, and `values.identity` says which
addresses identify somebody: imports ask them too.

Pure: takes two records, returns the signs for and against. `rapidfuzz` is imported when names are
compared.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from acctcli.domain.reasons import Reason
from acctcli.frozen import Frozen, FrozenRow
from acctcli.values import company_names, identity, person_names
from acctcli.values.business_words import common

ALIKE = 0.86
"""Names that are at least this similar may differ by a typing error only."""

WORD = 0.7
"""Their least similar words must be at least this similar; short words must be the same."""

SHORT = 4
"""Words of up to this many letters are never typing errors of each other: IBM and IBN, Alfa and
Alta.
"""

SAME_NAME, MIDDLE_LEFT_OUT, PART_OF_COMPANY, INITIALS = 0.9, 0.6, 0.45, 0.45
WEBSITE, PHONE_OF_COMPANY, MAIL_DOMAIN = 0.85, 0.75, 0.6
OTHER_COMPANY, OTHER_COUNTRY = -0.25, -0.15
"""How certain each sign makes it that two accounts are the same, and how much doubts subtract."""

NAME_HERE, NAME_SOMEWHERE, NAME_ELSEWHERE = 0.85, 0.7, 0.5
NICKNAME, TYPING_ERROR, PART_OF_PERSON = 0.7, 0.65, 0.6
LINKEDIN, EMAIL, PHONE_OF_PERSON = 0.95, 0.9, 0.6
OTHER_PERSON, OTHER_ADDRESSES = -0.5, -0.1
"""The same for people: an address in common, with another name, is a shared desk or a couple."""


class Company(FrozenRow):
    """What an account is compared by; `domains` are those of its people's addresses."""

    id: str
    name: str
    country: str | None
    parent_id: str | None
    aliases: Collection[str]
    websites: Collection[str]
    phones: Collection[str]
    domains: Collection[str]


class Person(FrozenRow):
    """What a contact is compared by."""

    id: str
    name: str
    account_id: str | None
    linkedin: str | None
    aliases: Collection[str]
    emails: Collection[str]
    phones: Collection[str]
    profiles: Collection[str]


class Named(Frozen):
    """A name of a record, ready to be compared; `place` is that of the record."""

    place: int
    whole: str
    words: tuple[str, ...]
    different: frozenset[str]  # the same, each once
    squeezed: str  # the words without anything between them
    joined: str  # the same of the name as it is written: `Green Tech` and `GreenTech`
    ordered: str  # the words in the order of the alphabet
    numbers: frozenset[str]


def name_of(place: int, whole: str, words: Sequence[str]) -> Named:
    """Return a name of the record at a place, from its words."""
    numbers = frozenset(word for word in words if any(char.isdigit() for char in word))
    ordered, squeezed = " ".join(sorted(words)), "".join(words)
    joined = company_names.joined(whole)
    return Named(place, whole, tuple(words), frozenset(words), squeezed, joined, ordered, numbers)


def person_words(name: str) -> list[str]:
    """Return the words of a person's name in the form in which they compare."""
    return [company_names.fold(word) for word in person_names.read(name).words]


class Agreement(FrozenRow):
    """How well two names agree (0 to 1), and in which way ("" if they do not)."""

    alike: float
    said: str


NO_AGREEMENT = Agreement(0.0, "")


Likeness = Callable[[Named, Named], float]


def comparer() -> Likeness:
    """Return a function of two names: their likeness, 0 to 1; 0 if they are not alike.

    Those that are alike have the same numbers, and every word of them agrees.
    """
    from rapidfuzz.distance import Indel

    compare = Indel.normalized_similarity

    def alike(one: Named, other: Named) -> float:
        if one.joined == other.joined or one.squeezed == other.squeezed:
            return 1.0
        if one.ordered == other.ordered:
            return 1.0
        likeness = max(
            compare(one.squeezed, other.squeezed, score_cutoff=ALIKE),
            compare(one.ordered, other.ordered, score_cutoff=ALIKE),
        )
        if likeness and one.numbers == other.numbers and words_agree(one, other):
            return likeness
        return 0.0

    def words_agree(one: Named, other: Named) -> bool:
        # `Bank of China` and `Bank of Chile` are hardly a slip of the fingers.
        ordered = one.ordered.split(), other.ordered.split()
        return any(
            len(mine) != len(theirs)
            or all(
                a == b or (max(len(a), len(b)) > SHORT and compare(a, b) >= WORD)
                for a, b in zip(mine, theirs, strict=True)
            )
            for mine, theirs in ((one.words, other.words), ordered)
        )

    return alike


def company_match(alike: Likeness, one: Named, other: Named) -> Agreement:
    """Return how the names of two companies agree; not at all if they contradict each other."""
    likeness = alike(one, other)
    if likeness == 1:
        return Agreement(likeness, "same")
    if one.different <= other.different or other.different <= one.different:
        if _has_middle(one.words, other.words) or _has_middle(other.words, one.words):
            return Agreement(MIDDLE_LEFT_OUT, "part")
        return Agreement(PART_OF_COMPANY, "part")
    if likeness:
        # Few pairs get this far.
        apart = company_names.contradict(one.words, other.words)
        if apart or company_names.differ_in_common_words(one.words, other.words):
            return NO_AGREEMENT
        return Agreement(likeness, "alike")
    if len(one.words) == 1 or len(other.words) == 1:
        ways = ((one.squeezed, other.whole), (other.squeezed, one.whole))
        if any(company_names.are_initials(word, name) for word, name in ways):
            return Agreement(INITIALS, "initials")
    return NO_AGREEMENT


def _has_middle(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a name has a word more than the other, within it: `Orchidea Mutual Bank`."""
    ends = (one[0], one[-1]) == (other[0], other[-1])
    return ends and len(one) > len(other) > 1 and one[0] not in common()


def person_match(one: Named, other: Named) -> Agreement:
    """Return how the names of two people agree."""
    said = person_names.compare(*map(person_names.read, (one.whole, other.whole)))
    return Agreement(1.0 if said == "same" else 0.5 if said else 0.0, said)


# Signs


def _sign(code: str, weight: float, says: str, evidence: str) -> Reason:
    return Reason(code, says, round(weight, 2), None, evidence)


def company_signs(one: Company, other: Company, names: Agreement) -> list[Reason]:
    """Return the signs for and against two accounts being the same; none within one family."""
    if one.id == other.parent_id or other.id == one.parent_id:
        return []
    words = company_names.compared(one.name), company_names.compared(other.name)
    if names.alike < 1 and company_names.contradict(*words):
        return []  # Acme North and Acme South may share everything else
    found = []
    both = f"{one.name}, {other.name}"
    if names.said == "same":
        said = "same name" if one.name == other.name else "same name, written differently"
        found.append(_sign("name", SAME_NAME, said, both))
    elif names.said == "alike":
        found.append(_sign("name", names.alike - 0.25, f"names {names.alike:.0%} alike", both))
    elif names.said == "part":
        found.append(_sign("name", names.alike, "one name is part of the other", both))
    elif names.said == "initials":
        found.append(_sign("name", INITIALS, "one name is the initials of the other", both))
    if one.parent_id is None or one.parent_id != other.parent_id:
        found += _company_addresses(one, other)
    if one.country and other.country and one.country != other.country:
        countries = f"{one.country}, {other.country}"
        found.append(_sign("country", OTHER_COUNTRY, f"but in {countries}", countries))
    if not names.said and _all_differ("account", one, other):
        found.append(_sign("other-name", OTHER_COMPANY, "but other names", both))
    return found


def _company_addresses(one: Company, other: Company) -> Iterator[Reason]:
    if phone := _shared(one.phones, other.phones):
        yield _sign("phone", PHONE_OF_COMPANY, f"same phone {phone}", phone)
    if website := _shared(one.websites, other.websites):
        yield _sign("website", WEBSITE, f"same website {website}", website)
        return  # where their people write from says it again
    if domain := _shared(one.domains, other.domains):
        yield _sign("email", MAIL_DOMAIN, f"people write from {domain}", domain)


def _shared(mine: Collection[str], theirs: Collection[str]) -> str | None:
    return min({*mine} & {*theirs}, default=None)


def _all_differ(kind: str, one: Company | Person, other: Company | Person) -> bool:
    """Whether no two names of the records, aliases included, could be one."""
    return all(
        identity.clearly_different(kind, mine, theirs)
        for mine in (one.name, *one.aliases)
        for theirs in (other.name, *other.aliases)
    )


_WORDED: dict[str, tuple[float, str]] = {
    "nickname": (NICKNAME, "one first name is short for the other"),
    "typo": (TYPING_ERROR, "names nearly the same"),
    "short": (PART_OF_PERSON, "one name is short for the other"),
}
"""By how two names agree: how sure it makes at one account, and the words for it."""


def person_signs(one: Person, other: Person, names: Agreement) -> list[Reason]:
    """Return the signs for and against two contacts being the same person."""
    if person_names.contradict(person_names.read(one.name), person_names.read(other.name)):
        return []
    found = []
    both = f"{one.name}, {other.name}"
    shared_domain = _shared(workplaces(one), workplaces(other))
    colleagues = one.account_id is not None and one.account_id == other.account_id
    nowhere = one.account_id is None or other.account_id is None
    here = colleagues or (nowhere and shared_domain is not None)
    if names.said == "same" and (here or nowhere):
        found.append(_sign("name", NAME_HERE if here else NAME_SOMEWHERE, "same name", both))
    elif names.said == "same":
        found.append(_sign("name", NAME_ELSEWHERE, "same name at another account", both))
    elif names.said:
        weight, words = _WORDED[names.said]
        # Elsewhere a name that is only similar says little, and nothing by itself.
        found.append(_sign("name", weight if here else weight / 2, words, both))
    if names.said and here and not colleagues and shared_domain:
        found.append(_sign("domain", MAIL_DOMAIN / 2, f"both write from {shared_domain}", both))
    found += _person_addresses(one, other, is_switchboard=colleagues and not names.said)
    if not names.said and _all_differ("contact", one, other):
        found.append(_sign("other-name", OTHER_PERSON, "but other names", both))
    return found


def _person_addresses(one: Person, other: Person, *, is_switchboard: bool) -> Iterator[Reason]:
    """Yield what addresses say; people of one company may share the number of its switchboard."""
    if email := _shared(one.emails, other.emails):
        yield _sign("email", EMAIL, f"same email {email}", email)
    phone = _shared(one.phones, other.phones)
    if phone and not is_switchboard:
        yield _sign("phone", PHONE_OF_PERSON, f"same phone {phone}", phone)
    if one.linkedin and one.linkedin == other.linkedin:
        yield _sign("linkedin", LINKEDIN, f"same LinkedIn {one.linkedin}", one.linkedin)
    elif profile := _shared(one.profiles, other.profiles):
        yield _sign("profile", LINKEDIN, f"same profile {profile}", profile)
    elif identity.are_apart((one.emails, other.emails), (one.phones, other.phones)):
        yield _sign("address", OTHER_ADDRESSES, "but other addresses", "")


def workplaces(person: Person) -> set[str]:
    """Return the mail domains of companies at which a person has an address."""
    domains = {email.partition("@")[2] for email in person.emails}
    return {domain for domain in domains if identity.is_company_domain(domain)}
