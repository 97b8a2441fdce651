"""What all cells of a column say together: dates, decimals, shares, currencies."""

from __future__ import annotations

from typing import Any

import pytest
from tests.test_drafts import READING, recipe

from acctcli.errors import Invalid
from acctcli.model import KINDS
from acctcli.recipes import Recipe
from acctcli.survey import Surveyed, survey


def of(field: str, *cells: str, **options: Any) -> Surveyed:
    made = recipe("deal", {field: ("C",)})
    return survey(made, [{"C": cell} for cell in cells], READING, **options)


def test_one_value_settles_the_decimal_sign_of_a_column() -> None:
    found = of("amount", "12.000", "1.355,90", "EUR 5")
    assert found.decimals == {"C": "comma"}
    assert found.notes == ['"C" has decimal commas']
    assert of("amount", "12,000", "USD 5").decimals == {"C": "point"}


def test_a_column_that_says_both_or_neither_is_refused() -> None:
    with pytest.raises(Invalid, match=r'"12,5" has a decimal comma and "12.5" a decimal point'):
        of("amount", "12.5", "12,5")
    with pytest.raises(Invalid, match=r'"12.000" reads as 12000 or as 12.000, and so does every'):
        of("amount", "12.000", "7")
    assert of("amount", "12.000", decimal="comma").decimals == {"C": "comma"}
    assert of("amount", "12.000", exact=True).decimals == {"C": "point"}


def test_shares_of_one_are_said() -> None:
    found = of("probability", "0.75", "1")
    assert found.shares == {"C"}
    assert found.notes == ['"C" has shares of one: 0.75 is 75 %']


def test_amounts_without_any_currency_are_said() -> None:
    said = "amounts are taken as USD (me.currency): --default currency=EUR"
    assert said in of("amount", "5", "n/a").notes
    assert said not in of("amount", "5", "€ 7").notes
    assert said not in of("amount", "", "n/a").notes


def test_a_column_of_days_goes_by_the_other_columns_of_its_file() -> None:
    made = recipe("deal", {"close_date": ("Close",), "opened_on": ("Created",)})
    rows = [{"Close": "12/31/2026", "Created": "10/1/2026"}]
    found = survey(made, rows, READING)
    assert found.orders == {"Close": "mdy", "Created": "mdy"}
    assert '"Created" reads as month/day/year, as "Close" does' in found.notes


def test_days_that_are_not_read_show_the_order_of_those_that_are() -> None:
    made = recipe("deal", {"close_date": ("Close",)})
    rows = [{"Close": "11/12/2026", "Modified": "11/25/2026 9:30:11 AM"}]
    found = survey(made, rows, READING, counted=["Modified"])
    assert found.orders == {"Close": "mdy"}
    assert found.notes == ['"Close" reads as month/day/year, as "Modified" does']
    assert found.filled == {"Modified": 1}


def test_contracts_without_a_recurrence_are_said_to_count_once() -> None:
    fields = KINDS["purchase"].fields
    columns = {"amount": ("A",), "ends_on": ("E",)}
    made = Recipe(kind="purchase", fields=fields, columns=columns)
    said = survey(made, [], READING).notes
    assert any(one.startswith("contracts count as one-off sales") for one in said)
    recurring = made.replace(columns={**columns, "recurring": ("R",)})
    assert not survey(recurring, [], READING).notes


def test_day_numbers_of_a_spreadsheet_are_days_and_said() -> None:
    found = of("close_date", "46357", "46388", "")
    assert found.orders == {"C": "serial"}
    assert found.notes == ['"C" has the day numbers of a spreadsheet: 46357 is 2026-12-01']
    assert not of("close_date", "46357", "7").orders, "not all of them are"
