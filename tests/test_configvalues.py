from __future__ import annotations

from datetime import date

import pytest

from acctcli import configvalues
from acctcli.errors import AcctError, Invalid


def test_a_value_is_of_the_type_that_is_wanted() -> None:
    assert configvalues.of_type(3, int, "file: x") == 3
    assert configvalues.of_type({}, dict, "file: x") == {}
    refused = [(None, str, "is missing"), (True, int, "is True"), (1.0, int, "is 1.0")]
    for value, wanted, says in refused:
        with pytest.raises(Invalid, match=rf"^file: x {says}; it must be "):
            configvalues.of_type(value, wanted, "file: x")


def test_codes_may_be_left_empty() -> None:
    assert configvalues.currency_code("sgd", "file: x") == "SGD"
    assert configvalues.country_code("sg", "file: x") == "SG"
    assert configvalues.currency_code("", "x") == configvalues.country_code("", "x") == ""


@pytest.mark.parametrize("value", ["Singapore", "S1", "ß", "s"])
def test_a_country_is_two_letters(value: str) -> None:
    with pytest.raises(Invalid, match="must be a country's two letters"):
        configvalues.country_code(value, "file: x")


@pytest.mark.parametrize("value", ["2026-12-15", date(2026, 12, 15)])
def test_a_day_may_be_one_of_toml_or_a_text(value: object) -> None:
    assert configvalues.iso_day(value, "file: x") == "2026-12-15"
    with pytest.raises(Invalid, match="must be a day like 2026-12-15"):
        configvalues.iso_day("15 Dec", "file: x")


@pytest.mark.parametrize("value", ["30, 90,180,365", [30, 90, 180, 365]])
def test_thresholds_are_a_list_or_a_text_with_commas(value: object) -> None:
    assert configvalues.four_rising(value, "file: x") == (30, 90, 180, 365)


@pytest.mark.parametrize(
    "value", ["", "1,2,3", [1, 2, 3, 3], [4, 3, 2, 1], [1, 2, 3, 4.5], [-1, 2, 3, 4], 1, None]
)
def test_other_thresholds_are_refused(value: object) -> None:
    with pytest.raises(Invalid, match="must be four rising whole numbers"):
        configvalues.four_rising(value, "file: x")


def test_both_bounds_are_within() -> None:
    assert [configvalues.within(n, 1, 5, "x") for n in (1, 5)] == [1, 5]
    for number in (0, 6):
        with pytest.raises(Invalid, match=rf"^file: x must be 1 to 5, not {number}$"):
            configvalues.within(number, 1, 5, "file: x")
    assert configvalues.percent(100, "x") == 100


@pytest.mark.parametrize("written", ["Q4 2026", "2026-Q4", "q4 2026", "2026 q4"])
def test_a_quarter_is_written_in_either_order(written: str) -> None:
    assert configvalues.quarter_label(written, "file: x") == configvalues.quarter_label(
        "Q4 2026", "file: x"
    )


@pytest.mark.parametrize("written", ["", "Q5 2026", "this quarter", "2026", "Q4", "Q4 2026 x"])
def test_what_is_no_quarter_is_refused(written: str) -> None:
    with pytest.raises(Invalid, match='must be a quarter, like "Q4 2026"'):
        configvalues.quarter_label(written, "file: x")


@pytest.mark.parametrize("value", [500_000, "500k", "500,000", 500_000.0])
def test_an_amount_is_a_number_or_as_people_type_it(value: object) -> None:
    assert configvalues.minor_units(value, "SGD", "file: x") == 50_000_000


@pytest.mark.parametrize("value", [0, -1, "0 SGD", True, None, [], "much", 1e300])
def test_what_is_no_amount_is_refused(value: object) -> None:
    with pytest.raises(AcctError, match=r"^file: x "):
        configvalues.minor_units(value, "SGD", "file: x")


@pytest.mark.parametrize(
    "value", [["Kim@Example.com", "kim@home.sg"], "kim@example.com, kim@home.sg"]
)
def test_addresses_are_a_list_or_a_text_with_commas(value: object) -> None:
    assert configvalues.email_addresses(value, "file: x") == ("kim@example.com", "kim@home.sg")


@pytest.mark.parametrize("value", [3, [3], ["nobody"], "nobody"])
def test_what_is_no_address_is_refused_with_its_place(value: object) -> None:
    with pytest.raises(Invalid, match="file: x"):
        configvalues.email_addresses(value, "file: x")
