"""Whose addresses are: contacts, companies by domain, the user, strangers."""

from __future__ import annotations

import pytest
from tests.conftest import Program

from acctcli.book.context import Context
from acctcli.book.imports.attendees import AddressBook, Attendees

DAY = "2026-11-20"


@pytest.fixture
def known(run: Program) -> dict[str, str]:
    """Return the ids of two accounts and three people, by a short name."""

    def add(*words: str) -> str:
        done = run(*words, "-f", "ids")
        assert done.code == 0, done.err
        return done.out.strip()

    return {
        "greentech": add("account", "add", "GreenTech Ltd", "--website", "greentech.sg"),
        "condax": add("account", "add", "Condax", "--website", "condax.com"),
        "mei": add("contact", "add", "Mei Tan", "--account", "greentech", "--email", "m@tan.sg"),
        "raj": add(
            "contact", "add", "Raj Nair", "--account", "condax", "--email", "raj@condax.com"
        ),
    }


def whose(*people: str, day: str = DAY, own: tuple[str, ...] = ()) -> Attendees:
    with Context(today="2026-11-22").read() as con:
        return AddressBook(con, own).whose(people, day)


def test_an_address_is_a_contact_s_then_a_company_s(known: dict[str, str]) -> None:
    found = whose("Mei Tan <M@Tan.sg>", "cfo@greentech.sg", "ops@eu.condax.com", "a@gmail.com")
    assert found.accounts == {known["greentech"]: (known["mei"],), known["condax"]: ()}
    assert found.strangers == ["a@gmail.com"]


def test_one_s_own_addresses_match_nobody(known: dict[str, str]) -> None:
    found = whose("kim@condax.com", "kim@example.com", own=("kim@condax.com", "kim@example.com"))
    assert found == Attendees({}, [])


def test_an_office_s_mailbox_is_nobody_s(run: Program, known: dict[str, str]) -> None:
    run("contact", "edit", "raj", "--add-email", "info@condax.com")
    assert whose("info@condax.com").accounts == {known["condax"]: ()}


def test_a_domain_of_two_accounts_is_neither_s(run: Program, known: dict[str, str]) -> None:
    run("account", "add", "Condax East", "--website", "condax.com", "--duplicate")
    assert whose("x@condax.com").strangers == ["x@condax.com"]


def test_somebody_who_moved_counts_where_they_worked_on_the_day(
    run: Program, known: dict[str, str]
) -> None:
    done = run("contact", "move", "mei", "--to", "condax", "--on", "2026-11-10")
    assert done.code == 0, done.err
    assert whose("m@tan.sg", day="2026-11-09").accounts == {known["greentech"]: (known["mei"],)}
    assert whose("m@tan.sg", day="2026-11-11").accounts == {known["condax"]: (known["mei"],)}


def test_colleagues_are_ours_unless_the_book_has_them(run: Program, known: dict[str, str]) -> None:
    with Context(today="2026-11-22").read() as con:
        book = AddressBook(con, ("kim@condax.com", "kim@gmail.com"))
    ours = ("Kim <KIM+news@condax.com>", "anna@condax.com", "kim@gmail.com")
    assert all(map(book.is_ours, ours))
    assert not any(map(book.is_ours, ("raj@condax.com", "anna@gmail.com", "x@eu.condax.com")))
    assert (book.holds_domain("condax.com"), book.holds_domain("x.sg")) == (True, False)
