"""Where somebody is in a filter that is being typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.begun import Begun, begun


@pytest.mark.parametrize(
    ("typed", "part", "word", "field", "op"),
    [
        ("", "field", "", "", ""),
        ("ti", "field", "ti", "", ""),
        ("not (ti", "field", "ti", "", ""),
        ("tier", "field", "tier", "", ""),
        ("tier ", "operator", "", "tier", ""),
        ("tier i", "operator", "i", "tier", ""),
        ("tier=", "value", "", "tier", "="),
        ("tier = k", "value", "k", "tier", "="),
        ("tier != 'a b", "value", "a b", "tier", "!="),
        ('tier = "a\\" b', "value", 'a\\" b', "tier", "="),
        ("tier not in (", "item", "", "tier", "in"),
        ("tier in", "operator", "in", "tier", ""),
        ("tier in ", "list", "", "tier", "in"),
        ("tier in (key, sm", "item", "sm", "tier", "in"),
        ("tier in (key ", "next item", "", "tier", "in"),
        ("tier in (key) ", "joint", "", "tier", "in"),
        ("tier is ", "empty", "", "tier", "is"),
        ("tier is not em", "empty", "em", "tier", "is"),
        ("tier = key ", "joint", "", "tier", "="),
        ("tier = key an", "joint", "an", "tier", "="),
        ("(tier = key) and not na", "field", "na", "tier", "="),
        ("a = 'b c' or d ~ e", "value", "e", "d", "~"),
    ],
)
def test_the_part_that_is_typed(typed: str, part: str, word: str, field: str, op: str) -> None:
    found = begun(typed)
    assert found is not None
    assert (found.part, found.word) == (part, word)
    if part not in ("field", "joint"):
        assert (found.field, found.op) == (field, op)
    assert typed[: found.at] + typed[found.at :] == typed
    assert typed[found.at :].strip("\"'") == word


@pytest.mark.parametrize("typed", ["= ", "tier key ", "tier = = ", ") ", "tier = a b ", ", "])
def test_what_can_be_no_filter_has_nothing_to_come(typed: str) -> None:
    assert begun(typed) is None


@given(st.text(st.sampled_from("ab= !~<>(),'\"\\\\not in is empty and or"), max_size=30))
def test_any_text_is_read(typed: str) -> None:
    found = begun(typed)
    assert found is None or isinstance(found, Begun)
    assert found is None or 0 <= found.at <= len(typed)
