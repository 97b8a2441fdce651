"""Which addresses identify somebody, and which names are clearly different."""

from __future__ import annotations

import pytest

from acctcli.values.identity import clearly_different, identifies, is_company_domain


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
    ("one", "other", "different"),
    [
        ("Mei Tan", "Mei Lim", False),
        ("Mei Tan", "mei", False),
        ("Jon Smyth", "John Smith", False),
        ("GreenTech Ltd", "Green Tech", False),
        ("International Business Machines", "IBM", False),
        ("Mei Tan", "Raj Nair", True),
        ("Beta Garage", "Gamma Foods", True),
        ("", "Raj Nair", False),
        ("Müller", "Muller", False),
        ("Mei Tan", "Raj Tan", True),
        ("M Tan", "Mei Tan", False),
        ("Kathryn Alt", "Cathryn Alt", False),
        ("North Bank", "South Bank", True),
        ("Beta Garage", "Beta Foods", False),
    ],
)
def test_names_that_cannot_be_one(one: str, other: str, different: bool) -> None:
    assert clearly_different(one, other) is different
    assert clearly_different(other, one) is different
