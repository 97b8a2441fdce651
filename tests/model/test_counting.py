from __future__ import annotations

import pytest

from acctcli.model import KINDS
from acctcli.model.counting import CALLED, called, counted, word_of


def test_rows_of_several_tables_are_counted_in_one_sentence() -> None:
    assert (
        counted({"contact": 3, "deal": 2, "log": 14}) == "3 contacts, 2 deals and 14 interactions"
    )
    assert counted({"log": 1, "deal_change": 1}) == "1 interaction and 1 change of a deal"
    assert counted({}) == ""


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_words(kind: str) -> None:
    one, several = called(kind)
    assert one != several
    assert "_" not in one + several


def test_a_table_that_is_no_kind_has_words_too() -> None:
    assert called("tag") == ("tag", "tags")
    assert called("custom") == CALLED["custom"]


def test_a_record_is_called_as_in_the_terms() -> None:
    words = [word_of(kind) for kind in ("account", "log", "campaign_member", "deal")]
    assert words == ["account", "interaction", "campaign member", "deal"]
