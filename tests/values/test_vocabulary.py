"""Words of a vocabulary: whole, or by a unique start."""

from __future__ import annotations

import pytest

from acctcli.errors import Invalid
from acctcli.values.vocabulary import one_of

STAGES = ("prospecting", "proposal", "negotiation", "won")


@pytest.mark.parametrize(
    ("typed", "word"),
    [("won", "won"), ("WON", "won"), ("nego", "negotiation"), ("prop", "proposal")],
)
def test_a_start_that_only_one_word_has_is_that_word(typed: str, word: str) -> None:
    assert one_of(typed, STAGES, "--stage") == word


def test_a_start_of_two_words_names_both() -> None:
    with pytest.raises(Invalid, match=r"could be prospecting or proposal\. Type more of it"):
        one_of("pro", STAGES, "--stage")


@pytest.mark.parametrize("typed", ["n", "x", "wonder"])
def test_what_begins_no_word_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        one_of(typed, STAGES, "--stage")


def test_a_file_has_whole_words() -> None:
    with pytest.raises(Invalid):
        one_of("nego", STAGES, "column Stage", whole=True)


@pytest.mark.parametrize(
    ("what", "typed", "message"),
    [
        ("--stage", "propozal", 'unknown stage "propozal". Did you mean proposal?'),
        ("objective 1: state", "zzz", 'objective 1: unknown state "zzz" (use '),
        ("--set stage", "zzz", 'unknown stage "zzz" (use '),
        ("--lead-source", "zzz", 'unknown lead source "zzz" (use '),
    ],
)
def test_an_unknown_word_is_named_as_people_say_it(what: str, typed: str, message: str) -> None:
    with pytest.raises(Invalid) as caught:
        one_of(typed, STAGES, what)
    assert str(caught.value).startswith(message)
