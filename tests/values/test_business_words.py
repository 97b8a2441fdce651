"""Words of company names that say little, and those that tell companies apart."""

from __future__ import annotations

import pytest

from acctcli.values import business_words


@pytest.mark.parametrize(
    ("word", "means"),
    [
        ("south", ("direction", "south")),
        ("sud", ("direction", "south")),
        ("ii", ("ordinal", "2")),
        ("second", ("ordinal", "2")),
        ("007", ("ordinal", "7")),
        ("germany", ("country", "DE")),
        ("deutschland", ("country", "DE")),
        ("emea", ("country", "emea")),
        ("it", None),
        ("acme", None),
    ],
)
def test_what_a_word_means(word: str, means: tuple[str, str] | None) -> None:
    assert business_words.meaning(word) == means


def test_no_word_has_two_meanings() -> None:
    groups = business_words._table()["groups"]
    words = [word for listed in groups.values() for word in listed.replace(",", " ").split()]
    assert len(words) == len(set(words))
