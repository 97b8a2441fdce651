from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain.trees import from_the_top


def test_a_tree_goes_from_the_top_down_and_keeps_the_order() -> None:
    managers = {"c": "b", "a": None, "b": "a", "d": "a", "e": "elsewhere"}
    assert from_the_top(managers) == [("a", 0), ("b", 1), ("c", 2), ("d", 1), ("e", 0)]


names = st.sampled_from("abcdefgh")


@given(st.dictionaries(names, st.none() | names))
def test_everybody_is_in_the_tree_once_even_in_a_circle(managers: dict[str, str | None]) -> None:
    found = from_the_top(managers)
    assert sorted(id for id, _ in found) == sorted(managers)
    above: list[str] = []
    for id, depth in found:
        del above[depth:]
        assert len(above) == depth
        if depth:
            assert managers[id] == above[-1]
        above.append(id)
