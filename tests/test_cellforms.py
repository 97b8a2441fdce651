"""Cells of other programs in the form that our readers take."""

from __future__ import annotations

import pytest

from acctcli import cellforms
from acctcli.cellforms import forms, name_in_address, without_page
from acctcli.model import KINDS
from acctcli.values.number_columns import Decimal


def formed(
    kind: str, name: str, value: str, *, decimal: Decimal = "point", share: bool = False
) -> str:
    for step in forms(KINDS[kind].fields[name], decimal=decimal, share=share):
        value = step(value)
    return value


@pytest.mark.parametrize(
    ("kind", "name", "value", "form"),
    [
        ("deal", "probability", "70.0", "70"),
        ("deal", "probability", "70.00 %", "70 %"),
        ("deal", "probability", "70.5", "70.5"),
        ("account", "employees", "1234.0", "1234"),
        ("account", "employees", "n/a", ""),
        ("deal", "amount", "(500.00)", "-500.00"),
        ("deal", "close_date", "0/0/00", ""),
        ("deal", "title", "n/a", "n/a"),
        ("contact", "do_not_contact", "Opted out", "yes"),
        ("contact", "do_not_contact", "x", "yes"),
        ("contact", "do_not_contact", "f", "no"),
        (
            "contact",
            "emails",
            "a@x.sg, b@x.sg ::: c@x.sg | d@x.sg",
            "a@x.sg; b@x.sg; c@x.sg; d@x.sg",
        ),
        ("contact", "emails", '"Tan, Mei" <m@x.sg>, Raj <r@x.sg>', "m@x.sg; r@x.sg"),
        ("contact", "phones", "+6561234567\n+6561234568", "+6561234567; +6561234568"),
        ("contact", "tags", "* myContacts ::: Clients, VIP", "Clients; VIP"),
        ("account", "street", "12 High St\r\nSuite 300\n", "12 High St, Suite 300"),
    ],
)
def test_a_cell_in_its_form(kind: str, name: str, value: str, form: str) -> None:
    assert formed(kind, name, value) == form


def test_numbers_go_by_their_column() -> None:
    assert formed("deal", "amount", "1.355,90", decimal="comma") == "1355.90"
    assert formed("deal", "probability", "0.75", share=True) == "75"
    assert formed("deal", "probability", "1", share=True) == "100"


def test_the_name_that_an_address_says() -> None:
    assert name_in_address("mei.tan@x.sg; raj@x.sg") == "Mei Tan"
    assert name_in_address("mtan2@x.sg") == "mtan2"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Acme Robotics (https://www.notion.so/Acme-8a9b0c1d2e3f?pvs=21)", "Acme Robotics"),
        ("Acme (https://notion.so/8a9b), Beta (https://notion.so/8a9c)", "Acme, Beta"),
        ("Acme (Nordic)", "Acme (Nordic)"),
    ],
)
def test_the_page_of_a_name_is_no_part_of_it(value: str, name: str) -> None:
    assert without_page(value) == name


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("Phone:(212) 555-0123 Mobile:(212) 555-0145", "(212) 555-0123; (212) 555-0145"),
        ("Tel.: 030 1234567, Fax: 030 1234568", "030 1234567; Fax: 030 1234568"),
        ("f. 030 1234568", "f. 030 1234568"),
        ("Telefax: 030 1234568", "Fax: 030 1234568"),
        ("+49 30 1234567", "+49 30 1234567"),
        ("030 1234567 (mobile)", "030 1234567 (mobile)"),
    ],
)
def test_labels_of_phones_are_left_out_but_for_a_fax(cell: str, numbers: str) -> None:
    assert cellforms.unlabelled(cell) == numbers


def test_only_a_whole_number_is_one_of_cents() -> None:
    assert cellforms.of_cents("120050") == "1200.50"
    assert cellforms.of_cents("-5") == "-0.05"
    assert cellforms.of_cents("1200.50") == "1200.50"
    assert cellforms.of_cents("") == ""
