"""Which addresses identify somebody, and which names are clearly different."""

from __future__ import annotations

import pytest

from acctcli.values.identity import are_apart, clearly_different, identifies, is_company_domain


@pytest.mark.parametrize(
    ("type", "address", "identifying"),
    [
        ("email", "mei@greentech.sg", True),
        ("email", "info@greentech.sg", False),
        ("email", "sales+news@greentech.sg", False),
        ("email", "informatics@greentech.sg", True),
        ("website", "greentech.sg", True),
        ("website", "facebook.com", False),
        ("website", "sites.google.com", False),
        ("website", "beta.wixsite.com", True),
        ("website", "gmail.com", False),
        ("phone", "+6561234567", True),
    ],
)
def test_an_address_that_many_share_identifies_nobody(
    type: str, address: str, identifying: bool
) -> None:
    assert identifies(type, address) is identifying


def test_people_at_one_mail_domain_work_together_unless_anybody_has_a_mailbox_there() -> None:
    assert is_company_domain("greentech.sg")
    assert not is_company_domain("gmail.com")


@pytest.mark.parametrize(
    ("kind", "one", "other", "different"),
    [
        ("contact", "Mei Tan", "Mei Lim", False),
        ("contact", "Mei Tan", "mei", False),
        ("contact", "Jon Smyth", "John Smith", False),
        ("contact", "Mei Tan", "Raj Nair", True),
        ("contact", "", "Raj Nair", False),
        ("contact", "Müller", "Muller", False),
        ("contact", "Mei Tan", "Raj Tan", True),
        ("contact", "M Tan", "Mei Tan", False),
        ("contact", "Kathryn Alt", "Cathryn Alt", False),
        ("contact", "Bob Brown", "Robert Brown", False),
        ("contact", "Peggy Olsen", "Margaret Olsen", False),
        ("contact", "Bob", "Robert Brown", False),
        ("contact", "Dr. Mei Tan", "Mei Tan", False),
        ("contact", "Dr. Mei Tan", "Dr. Raj Nair", True),
        ("contact", "John Smith Jr.", "John Smith Sr.", True),
        ("account", "GreenTech Ltd", "Green Tech", False),
        ("account", "International Business Machines", "IBM", False),
        ("account", "Beta Garage", "Gamma Foods", True),
        ("account", "North Bank", "South Bank", True),
        ("account", "Beta Garage", "Beta Foods", False),
        ("account", "Beta Trading GmbH", "Zotware Global Services GmbH", True),
        ("account", "The Bread Company", "The Water Company", True),
        ("account", "Intl Paper", "International Paper Co", False),
        ("account", "PT Astra International Tbk", "Astra Intl", False),
        ("account", "Bank of China", "Bank of Chile", True),
        ("deal", "Rollout 2026", "Rollout 2027", False),
        ("deal", "Platform rollout", "Seats renewal", True),
    ],
)
def test_names_that_cannot_be_one(kind: str, one: str, other: str, different: bool) -> None:
    assert clearly_different(kind, one, other) is different
    assert clearly_different(kind, other, one) is different


@pytest.mark.parametrize(
    ("emails", "phones", "apart"),
    [
        ((["a@x.com"], ["b@x.com"]), ((), ()), True),
        ((["a@x.com"], ["b@x.com", "a@x.com"]), ((), ()), False),
        ((["a@x.com"], []), (["+1"], ["+2"]), True),
        ((["a@x.com"], []), (["+1"], []), False),
        ((["a@x.com"], ["b@x.com"]), (["+1"], ["+1"]), True),
        (([], []), (["+1"], ["+1"]), False),
    ],
)
def test_who_has_an_address_of_their_own_is_somebody_else(
    emails: tuple[list[str], list[str]], phones: tuple[list[str], list[str]], *, apart: bool
) -> None:
    assert are_apart(emails, phones) is apart
