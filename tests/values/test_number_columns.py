"""Columns of numbers: the decimal sign that all values share, and reading them with it."""

from __future__ import annotations

import pytest

from acctcli.values.number_columns import Decimal, NumberColumn, figures, tidy


def column(*values: str) -> NumberColumn:
    found = NumberColumn()
    for value in values:
        found.see(value)
    return found


@pytest.mark.parametrize(
    ("values", "decimal"),
    [
        (("1.355,90", "12.000"), "comma"),
        (("12,5",), "comma"),
        (("1.234.567",), "comma"),
        (("1,234.50",), "point"),
        (("1,234,567",), "point"),
        (("12000.50",), "point"),
        (("1234.567",), "point"),
        (("0.125",), "point"),
        (("€ 9,99",), "comma"),
        (("1 234,50",), "comma"),
    ],
)
def test_one_value_settles_the_column(values: tuple[str, ...], decimal: Decimal) -> None:
    found = column(*values)
    assert [*found.seen] == [decimal]


def test_values_that_settle_nothing() -> None:
    assert column("12000", "", "n/a", "12,000").seen == {}
    assert column("12000", "12,000").ambiguous == ""
    assert column("5", "12.000", "13.000").ambiguous == "12.000"


def test_values_that_contradict_each_other_are_kept_to_be_named() -> None:
    assert column("12,5", "12.5").seen == {"comma": "12,5", "point": "12.5"}


def test_shares_of_one() -> None:
    assert column("0.75", "1", "0").is_fraction
    assert not column("1", "0").is_fraction
    assert not column("0.5", "70").is_fraction


@pytest.mark.parametrize(
    ("value", "decimal", "read"),
    [
        ("1.355,90", "comma", "1355.90"),
        ("12.000", "comma", "12000"),
        ("12.000", "point", "12.000"),
        ("1,355.90", "point", "1355.90"),
        ("1'355.90", "point", "1355.90"),
        ("1\u2009355\u202f000", "point", "1355000"),
        ("(500.00)", "point", "-500.00"),
        ("$(500.00)", "point", "$-500.00"),
        ("EUR 1.000,5", "comma", "EUR 1000.5"),
        ("1.000,5 €", "comma", "1000.5 €"),
        ("120k", "point", "120k"),
        ("n/a", "point", "n/a"),
    ],
)
def test_a_number_in_the_form_that_is_read(value: str, decimal: Decimal, read: str) -> None:
    assert tidy(value, decimal) == read


def test_the_figures_of_a_value() -> None:
    assert figures("US$ 1 234.50 ") == "1234.50"
    assert figures("none") == ""
