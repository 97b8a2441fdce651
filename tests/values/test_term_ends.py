"""The end of a term that is typed as its length."""

from __future__ import annotations

from datetime import date

import pytest

from acctcli.errors import UsageError
from acctcli.values.term_ends import last_of_term


@pytest.mark.parametrize(
    ("first", "text", "last"),
    [
        ("2027-03-01", "1y", "2028-02-29"),
        ("2026-03-01", "12 months", "2027-02-28"),
        ("2027-01-31", "1m", "2027-02-27"),
        ("2027-01-11", "6w", "2027-02-21"),
        ("2027-01-11", "+1y2w", "2028-01-24"),
        ("2027-01-11", "5 business days", "2027-01-15"),
        ("2027-01-11", "1d", "2027-01-11"),
        ("2027-01-11", "in 1y", None),
        ("2027-01-11", "1y ago", None),
        ("2027-01-11", "-1y", None),
        ("2027-01-11", "eoy", None),
        ("2027-01-11", "15 Dec", None),
    ],
)
def test_the_last_day_of_a_term_of_some_length(first: str, text: str, last: str | None) -> None:
    found = last_of_term(date.fromisoformat(first), text, "--until")
    assert found == (date.fromisoformat(last) if last else None)


def test_a_term_of_a_century_is_a_slip() -> None:
    with pytest.raises(UsageError, match="more than 50 years away"):
        last_of_term(date(2027, 1, 1), "100y", "--until")
