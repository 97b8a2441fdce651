"""How far two records agree, and what it makes likely."""

from __future__ import annotations

from acctcli.domain import likeness
from acctcli.domain.likeness import Company, Person


def company(name: str, **given: object) -> Company:
    empty: dict[str, object] = {"country": None, "parent_id": None, "aliases": (), "websites": ()}
    empty |= {"phones": (), "domains": ()}
    return Company(id=name, name=name, **{**empty, **given})  # type: ignore[arg-type]


def person(name: str, **given: object) -> Person:
    empty: dict[str, object] = {"account_id": "a", "linkedin": None, "aliases": (), "emails": ()}
    empty |= {"phones": (), "profiles": ()}
    return Person(id=name, name=name, **{**empty, **given})  # type: ignore[arg-type]


def test_signs_for_come_with_their_evidence_and_doubts_below_zero() -> None:
    one = company("Acme", websites=["acme.com", "acme.de"], country="SG")
    other = company("Zotware", websites=["acme.de"], country="DE")
    found = likeness.company_signs(one, other, likeness.NO_AGREEMENT)
    assert [(sign.code, sign.evidence, sign.weight > 0) for sign in found] == [
        ("website", "acme.de", True),
        ("country", "SG, DE", False),
        ("other-name", "Acme, Zotware", False),
    ]


def test_the_domain_of_a_company_is_where_its_people_work() -> None:
    assert likeness.workplaces(person("Mei", emails=["mei@acme.com", "mei@gmail.com"])) == {
        "acme.com"
    }
