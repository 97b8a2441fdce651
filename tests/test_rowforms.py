"""What the cells of a row say together."""

from __future__ import annotations

import pytest

from acctcli import rowforms
from acctcli.model import KINDS
from acctcli.recipes import Recipe


def recipe(kind: str, **columns: str) -> Recipe:
    fields = KINDS[kind].fields
    return Recipe(kind=kind, fields=fields, columns={n: (c,) for n, c in columns.items()})


def test_a_deal_without_a_title_is_called_by_its_id_or_by_what_is_sold() -> None:
    keyed: dict[str, str] = {}
    rowforms.entitle(keyed, "1C1I7A6R")
    assert keyed == {"title": "1C1I7A6R"}
    sold = {"product": "GTX Pro", "account": "Cancity"}
    rowforms.entitle(sold, None)
    assert sold["title"] == "GTX Pro for Cancity"
    alone = {"account": "Cancity"}
    rowforms.entitle(alone, None)
    assert alone["title"] == "Cancity"


def test_a_long_summary_is_kept_whole_as_the_body() -> None:
    given = {"summary": "\n Met Mei\nand Tom"}
    typed: dict[str, str] = {}
    rowforms.summarise(given, typed)
    assert given == {"summary": "Met Mei", "body": "\n Met Mei\nand Tom"}
    assert typed == given


def test_what_is_no_phone_number_goes_to_the_notes() -> None:
    said: list[tuple[str, str]] = []
    typed = {"phones": "020 7946 0001; ask for Mei"}
    of = recipe("contact", phones="Tel")
    rowforms.dial(of, typed, "phones", "GB", lambda *one: said.append(one))
    assert typed == {"phones": "+442079460001", "notes": "Phone: ask for Mei"}
    assert said == [("phones could not be read and are kept in the notes", "ask for Mei")]


def test_a_fax_is_no_phone() -> None:
    said: list[tuple[str, str]] = []
    typed = {"phone": "020 7946 0001; Fax: 020 7946 0002", "description": "Bakery"}
    of = recipe("account", phone="Tel")
    rowforms.dial(of, typed, "phone", "GB", lambda *one: said.append(one))
    assert typed == {"phone": "+442079460001", "description": "Bakery\n\nFax: 020 7946 0002"}
    assert said == [("numbers of faxes are kept in the description", "Fax: 020 7946 0002")]


def test_a_page_on_a_shared_host_is_a_link() -> None:
    typed = {"website": "facebook.com/beta"}
    rowforms.pages(recipe("account", website="Site"), typed, lambda *_: None)
    assert typed == {"links": "https://facebook.com/beta"}


def test_a_first_name_alone_is_a_part_of_a_name() -> None:
    of = recipe("contact").replace(name_parts=("First", "Last"))
    assert rowforms.part_of_name(of, {"First": "Mei", "Last": " "}) == "first"
    assert rowforms.part_of_name(of, {"First": "", "Last": "Tan"}) == "last"
    assert rowforms.part_of_name(of, {"First": "Mei", "Last": "Tan"}) == ""


def test_phones_of_north_american_form_have_the_country_of_their_state() -> None:
    said: list[str] = []
    of = recipe("contact").replace(region=("State",))
    for phone, state, country in (
        ("(512) 757-6000", "TX", "US"),
        ("425-555-0158", "Washington", "US"),
        ("604-555-0158", "BC", "CA"),
        ("020 7946 0001", "TX", None),
        ("(512) 757-6000", "Bavaria", None),
    ):
        typed = {"phones": phone}
        cells = {"State": state}
        found = rowforms.country_of_state(
            of, typed, ["phones"], cells, lambda what, cell: said.append(what)
        )
        assert found == country
    assert said[0] == "phones without a country were read as US, by their state"


@pytest.mark.parametrize(
    "day", ["--03-04", "--0304", "03/04", "4 Mar", "4. März", "4-Mar", "Mar 4th", "4th March"]
)
def test_a_birthday_without_its_year_is_kept_in_the_notes(day: str) -> None:
    said: list[str] = []
    typed = {"birthday": day, "notes": "Tea"}
    rowforms.born(typed, lambda what, cell: said.append(cell))
    assert typed == {"notes": f"Tea\n\nBirthday: {day.strip('-')}"}
    assert said == [day]


def test_an_interaction_without_a_summary_has_the_first_line_of_its_text() -> None:
    given = {"body": "\n Likes tea\nand cake", "kind": "note"}
    rowforms.sum_up(given, {})
    assert given["summary"] == "Likes tea"
    short = {"kind": "call"}
    rowforms.sum_up(short, {})
    assert short["summary"] == "Call"
