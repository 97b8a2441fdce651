from __future__ import annotations

import pytest
from tests import strain

from acctcli.store.excerpts import around

TWENTY = " ".join(f"w{n}" for n in range(20))


@pytest.mark.parametrize(
    ("wanted", "texts", "excerpt"),
    [
        (["w0"], ["Title", TWENTY], "w0 w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11…"),
        (["w10"], ["Title", f"{TWENTY} end."], "…w5 w6 w7 w8 w9 w10 w11 w12 w13 w14 w15 w16…"),
        (["w19"], ["Title", f"{TWENTY}!"], "…w14 w15 w16 w17 w18 w19!"),
        (["title"], ["A Title.", TWENTY], "A Title."),
        (["w"], ["w title", TWENTY], "w title"),
        (["w18", "w19"], ["w18", TWENTY], "…w13 w14 w15 w16 w17 w18 w19"),
        (["W7"], ["", "w1 w7"], "w1 w7"),
        (["soren"], ["", "Ask Søren first"], "Ask Søren first"),
        (["foo-ba"], ["", "foo and foo-bar"], "foo and foo-bar"),
        (["a-b-c-d-e"], ["", "a b; a-b-c-d-f"], "a b; a-b-c-d-f"),
        (["a-b"], ["Title", "a c a"], "Title"),
        (["nothing"], [TWENTY, "x"], "w0 w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11…"),
        (["nothing"], ["", ""], ""),
    ],
)
def test_the_words_around_the_best_place(wanted: list[str], texts: list[str], excerpt: str) -> None:
    assert around(wanted, texts) == excerpt


def test_the_place_with_most_of_the_words_wins_over_the_first() -> None:
    found = around(["w3", "w18", "w19"], ["Title", TWENTY])
    assert "w18 w19" in found
    assert "w3 " not in found


@pytest.mark.parametrize("word", ["price", "prix d'été", "a-", "東京 "])
def test_a_long_text_is_walked_once(word: str) -> None:
    def taking(times: int) -> float:
        return strain.seconds(lambda: [around(["pri", "last"], ["", word * times + " last"])])

    assert strain.is_linear(taking(5_000), taking(40_000), times=8)
