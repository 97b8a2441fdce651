from __future__ import annotations

from typing import Any

import pytest

from acctcli.config import Config
from acctcli.drafts import amounts_in, reader
from acctcli.errors import AcctError, Invalid
from acctcli.model import KINDS
from acctcli.recipes import Recipe
from acctcli.survey import survey
from acctcli.values.fields import Reading
from acctcli.values.typed_moments import read_clock

READING = Reading(read_clock("2026-11-22"), Config())


def recipe(kind: str, columns: dict[str, tuple[str, ...]] | None = None, **more: Any) -> Recipe:
    fields = KINDS[kind].fields
    return Recipe(kind, fields, columns or {name: (name,) for name in fields}, **more)


def values(made: Recipe, **cells: str) -> dict[str, Any]:
    return dict(reader(made, READING)(7, cells).values)


def refused(made: Recipe, **cells: str) -> str:
    with pytest.raises(AcctError) as caught:
        reader(made, READING)(7, cells)
    return caught.value.message


# Cells


def test_a_cell_means_what_the_same_text_means_on_the_command_line() -> None:
    draft = reader(recipe("account"), READING)(7, {"name": " Acme ", "country": "Norway"})
    assert draft.values == {"name": "Acme", "country": "NO"}
    assert draft.typed == {"name": "Acme", "country": "Norway"}
    assert (draft.line, draft.key, draft.ids) == (7, None, {})


def test_an_empty_cell_says_nothing() -> None:
    assert values(recipe("account"), name="Acme", phone="", website="  ") == {"name": "Acme"}


def test_a_paragraph_keeps_its_indentation() -> None:
    assert values(recipe("log"), body="  one\n two \n") == {
        "body": "  one\n two",
        "summary": "one",
    }


def test_errors_begin_with_the_name_of_the_column() -> None:
    made = recipe("contact", {"name": ("Who",), "emails": ("E-mail",)})
    assert refused(made, **{"Who": "Mei", "E-mail": "mei@@x"}).startswith('E-mail "mei@@x" is not')


def test_several_columns_become_one_field() -> None:
    made = recipe("contact", {"name": ("first", "last"), "emails": ("work", "home")})
    assert values(made, first="Mei", last="Tan", work="a@x.sg", home="") == {
        "name": "Mei Tan",
        "emails": ("a@x.sg",),
    }
    assert values(made, last="Tan", work="a@x.sg", home="b@x.sg")["emails"] == ("a@x.sg", "b@x.sg")


def test_ids_of_references_stand_apart() -> None:
    made = recipe("log", {"account_id": ("account_id",), "contact_ids": ("contact_ids",)})
    draft = reader(made, READING)(1, {"account_id": "ABC", "contact_ids": "d; e"})
    assert draft.ids == {"account": ("ABC",), "contacts": ("d", "e")}
    assert draft.values == {}


# What is asked for along


def test_their_words_become_ours_whatever_their_case() -> None:
    made = recipe("deal", translations={"stage": {"engaging": "needs-analysis"}})
    assert values(made, title="X", stage="ENGAGING")["stage"] == "needs-analysis"
    assert values(made, title="X", stage="won")["stage"] == "won"


def test_a_translation_may_empty_a_cell_and_reaches_each_item_of_a_list() -> None:
    made = recipe("account", translations={"phone": {"n/a": ""}, "tags": {"a": "b"}})
    assert values(made, name="X", phone="N/A", tags="a; c") == {"name": "X", "tags": ("b", "c")}


def test_defaults_fill_what_is_empty_and_are_not_what_the_row_says() -> None:
    draft = reader(recipe("deal", defaults={"currency": "SGD"}), READING)(
        1, {"title": "X", "amount": "5"}
    )
    assert draft.values == {"title": "X", "amount": 500, "currency": "SGD"}
    assert set(draft.typed) == {"title", "amount"}


def test_a_unit_stands_behind_every_amount() -> None:
    made = recipe("account", units={"annual_revenue": "m"})
    assert values(made, name="X", annual_revenue="1100.04") == {
        "name": "X",
        "annual_revenue": 110_004_000_000,
        "currency": "USD",
    }


def test_a_key_is_kept_and_must_be_there() -> None:
    made = recipe("account", {"name": ("name",)}, key="Their id")
    assert reader(made, READING)(1, {"name": "X", "Their id": " 007 "}).key == "007"
    assert refused(made, name="X").startswith("Their id is empty")


@pytest.mark.parametrize(
    ("cells", "title"),
    [
        ({"title": "Rollout", "Key": "K1"}, "Rollout"),
        ({"product": "GTX", "account": "Acme", "Key": "K1"}, "K1"),
    ],
)
def test_a_deal_without_a_title_is_called_by_its_key(cells: dict[str, str], title: str) -> None:
    assert values(recipe("deal", key="Key"), **cells)["title"] == title


def test_a_deal_without_title_and_key_is_called_by_what_is_sold_to_whom() -> None:
    assert values(recipe("deal"), product="GTX", account="Acme")["title"] == "GTX for Acme"
    assert "title" not in values(recipe("deal"), product="GTX")


def test_amounts_again_in_the_currency_that_their_record_has() -> None:
    made = recipe("deal")
    read = reader(made, READING)
    silent = read(1, {"title": "X", "amount": "500"})
    assert silent.values["currency"] == "USD"
    assert amounts_in(made, silent, "JPY", READING) == {"amount": 500, "currency": "JPY"}
    telling = read(1, {"title": "X", "amount": "EUR 500"})
    assert amounts_in(made, telling, "JPY", READING) == {"amount": 50000, "currency": "EUR"}


# Days


def orders(*cells: str, given: str | None = None) -> tuple[dict[str, str], list[str]]:
    made = recipe("deal", {"close_date": ("Close",)})
    rows = [{"Close": cell} for cell in cells]
    found = survey(made, rows, READING, order=given)
    return dict(found.orders), [*found.notes]


def test_a_column_in_which_one_order_fits_is_read_in_it() -> None:
    found, notes = orders("3/1/2017", "10/20/2016", "")
    assert found == {"Close": "mdy"}
    assert notes == ['"Close" reads as month/day/year: no other order fits']
    made = recipe("deal", {"close_date": ("Close",)}, orders=found)
    assert values(made, Close="3/1/2017") == {"close_date": "2017-03-01"}


def test_iso_days_and_words_need_no_order() -> None:
    assert orders("2016-10-20", "2017-03-01") == ({}, [])
    assert orders("-3d", "today", "2016-10-20") == ({}, [])
    assert orders("2016-10-20", given="dmy") == ({}, [])


def test_two_orders_are_refused_unless_one_is_given() -> None:
    with pytest.raises(Invalid, match=r'"Close": "01/02/2026" reads as .* --date-format dmy'):
        orders("01/02/2026", "03/04/2026")
    assert orders("01/02/2026", given="dmy") == ({"Close": "dmy"}, [])
    made = recipe("deal", {"close_date": ("Close",)}, orders={"Close": "dmy"})
    assert values(made, Close="01/02/2026") == {"close_date": "2026-02-01"}


def test_one_cell_that_is_no_date_does_not_hide_the_order_of_the_others() -> None:
    found, _ = orders("10/20/2016", "n/a", "soon", "3/1/2017")
    assert found == {"Close": "mdy"}
    made = recipe("deal", {"close_date": ("Close",)}, orders=found)
    assert refused(made, Close="soon").startswith("Close soon is not a date")
    assert values(made, Close="n/a") == {}


def test_moments_are_read_in_the_order_of_their_column() -> None:
    made = recipe("log", {"at": ("When",)})
    rows = [{"When": "20/10/2016 14:30"}, {"When": "01/02/2016 9:00"}]
    found = survey(made, rows, READING)
    assert found.orders == {"When": "dmy"}
    assert values(made.replace(orders=found.orders), When="01/02/2016 9:00") == {
        "at": "2016-02-01T09:00:00Z"
    }
