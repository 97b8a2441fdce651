"""The words of other systems, and what they are here."""

from __future__ import annotations

import pytest

from acctcli.config import STAGES
from acctcli.interop.vocabularies import WORDS, translations, without_form
from acctcli.model import KINDS
from acctcli.values.vocabulary import plain_word

OWN_STAGES = tuple(stage.name for stage in STAGES)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Closed Won", "won"),
        ("closedwon", "won"),
        ("Closed Lost", "lost"),
        ("Proposal/Price Quote", "proposal"),
        ("Contract Sent (Sales Pipeline)", "proposal"),
        ("presentationscheduled", "needs-analysis"),
        ("Negotiation/Review", "negotiation"),
        ("3-Propose", "proposal"),
        ("Needs Analysis", "needs-analysis"),
    ],
)
def test_stages_of_other_systems(theirs: str, ours: str) -> None:
    words = translations("deal", "stage", OWN_STAGES, won="won", lost="lost")
    assert words[plain_word(theirs)] == ours


def test_a_book_without_a_stage_asks_for_it() -> None:
    words = translations("deal", "stage", ("lead", "won", "lost"), won="won", lost="lost")
    assert plain_word("Proposal Made") not in words
    assert words["lead"] == "lead"  # the book's own word goes first


def test_every_word_means_a_value_that_there_is_and_one_only() -> None:
    for kind, fields in WORDS.items():
        for name, table in fields.items():
            assert set(table) <= set(KINDS[kind].fields[name].choices), (kind, name)
            theirs = [plain_word(word) for words in table.values() for word in words.split(",")]
            assert len(theirs) == len(set(theirs)), (kind, name)


@pytest.mark.parametrize(
    ("name", "before", "rest", "form"),
    [
        ("Ms. Rosa Lind", "Ms.", "Rosa Lind", "Ms."),
        ("Herr Dr. Jan Berg", "Herr Dr.", "Dr. Jan Berg", "Herr"),
        ("Dr. Jan Berg", "Dr.", "Dr. Jan Berg", ""),
        ("Rosa Lind", "Ms.", "Rosa Lind", ""),
        ("Mr Green", "", "Mr Green", ""),
    ],
)
def test_a_form_of_address_is_no_part_of_a_name(
    name: str, before: str, rest: str, form: str
) -> None:
    assert without_form(name, before) == (rest, form)
