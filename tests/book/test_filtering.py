"""What may come next in a filter that is being typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.begun import begun
from acctcli.book.filtering import next_parts
from acctcli.model import KINDS, Field
from acctcli.where import parse

FIELDS = KINDS["deal"].fields


def held(field: Field, word: str) -> list[str]:
    """What a book holds in every field: values that need quotes, and one that needs none."""
    known = ["plain", "two words", "O'Neil", 'the "best"', "both ' and \"", "back\\\\slash, x"]
    return [one for one in known if one.startswith(word)]


def parts(typed: str, quote: str = "") -> list[str]:
    return [
        one if isinstance(one, str) else one[0] for one in next_parts(typed, FIELDS, held, quote)
    ]


def test_each_part_has_what_can_follow() -> None:
    assert parts("own")[:2] == ["owner =", "owner ~"]
    assert parts("owner i") == ["owner in (", "owner is empty", "owner is not empty"]
    assert parts("owner in (plain")[:2] == ["owner in (plain)", "owner in (plain,"]
    assert parts("owner = plain o") == ["owner = plain or"]
    assert parts("amount ")[:2] == ["amount =", "amount <"]
    assert parts("tag ")[:2] == ["tag =", "tag ~"]
    assert parts("closed_on > l") == ['closed_on > "last month"']
    assert parts("owner ~ p") == parts("nothing = p") == parts("= =") == []


@pytest.mark.parametrize("quote", ["", "'", '"'])
@pytest.mark.parametrize("typed", ["owner = ", "owner in (plain, ", "not (title != "])
def test_every_value_makes_a_filter_that_reads(typed: str, quote: str) -> None:
    found = [one for one in parts(typed, quote) if not one.endswith(",")]
    assert len(found) == len(held(FIELDS["owner"], ""))
    for one in found:
        parse(one + ")" * (one.count("(") - one.count(")")))
        # The shell's own mark at the end would be taken for the one that closes the word.
        assert not quote or one.rstrip(")")[-1] != quote


@given(st.text("abstgeownr= !~<>(),'\"in", max_size=20))
def test_what_is_offered_goes_on_from_what_is_typed(typed: str) -> None:
    now = begun(typed)
    found = parts(typed)
    assert now is not None or not found
    assert all(now and one.startswith(typed[: now.at]) for one in found)
