"""Texts that identify a person, and texts that do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli import text
from acctcli.store.known import ERASED, Known

MEI = Known(
    names=frozenset({"Mei Tan"}),
    addresses=frozenset({"mei@greentech.sg"}),
    numbers=frozenset({"+6561234567"}),
    handles=frozenset({"mei-tan-88"}),
    texts=frozenset({"Plays the cello"}),
)


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("Mei Tan called", "# called"),
        ("MEI  TAN\u2019s desk", "#\u2019s desk"),
        ("mei\ntan", "#"),
        ("Tan, Mei and others", "# and others"),
        ("Tan,Mei", "#"),
        ("TAN Mei", "#"),
        ("m\u00e9i t\u00e1n", "#"),
        ("Me\u200bi Tan\u0301", "#"),
        ("mei.tan@old.com, Mei-Tan, mei_tan", "#@old.com, #, #"),
        ("Mei alone stays, Tan too", "Mei alone stays, Tan too"),
        ("Mei Tanaka and Amei Tan stay", "Mei Tanaka and Amei Tan stay"),
        ("write Mei@GreenTech.sg.", "write #."),
        ("not xmei@greentech.sg", "not xmei@greentech.sg"),
        ("see linkedin.com/in/Mei-Tan-88/", "see #/"),
        ("see https://sg.linkedin.com/in/mei-tan-88?x=1", "see #?x=1"),
        ("@mei-tan-88 or mei-tan-88", "# or #"),
        ("plays the cello, Plays the cello.", "plays the cello, #."),
        ("+65 6123 4567", "#"),
        ("+65-6123-4567 / 6123 4567", "# / #"),
        ("(65) 6123.4567", "#"),
        ("0065 61 23 45 67", "#"),
        ("call 61234567!", "call #!"),
        ("06123 4567", "#"),
        ("+65 (0) 6123 4567", "#"),
        ("6123\u20114567 and 6123\u00a04567", "# and #"),
        ("1612345678 is another", "1612345678 is another"),
        ("order 61234568", "order 61234568"),
    ],
)
def test_what_names_a_person_is_replaced_where_it_stands(written: str, left: str) -> None:
    assert MEI.scrub(written) == left.replace("#", ERASED)
    assert MEI.named_in(written) == ("#" in left)


@pytest.mark.parametrize(
    ("name", "written", "left"),
    [
        ("Will", "Will will call Will", "# will call #"),
        ("Pat O\u2019Brien", "Pat O'Brien, O\u2019Brien, Pat", "#, #"),
        ("Pat O'Brien", """acct log call x 'Pat O'"'"'Brien'""", "acct log call x '#'"),
        ("Anna Maria van der Berg", "van der Berg, Anna Maria; Berg, Anna Maria van der", "#; #"),
        ("Z\u00f6e Gro\u00df", "Zoe Gross and ZOE GROSS", "# and #"),
        ("\u738b \u5c0f\u660e", "\u738b \u5c0f\u660e", "#"),
        ("A+B (C) D", "a+b (c) d", "#"),
    ],
)
def test_names_of_every_kind(name: str, written: str, left: str) -> None:
    assert Known(names=frozenset({name})).scrub(written) == left.replace("#", ERASED)


@pytest.mark.parametrize(
    ("number", "written", "left"),
    [
        ("+442071838750", "020 7183 8750, (020) 7183-8750, +44 (0)20 7183 8750", "#, #, #"),
        ("+442071838750;ext=12", "020 7183 8750 ext. 12; 02071838750 x12; 02071838750", "#; #; #"),
        ("+4930123456", "030/12 34 56", "#"),
        ("+35312345", "12345 stays, +353 12345 goes", "12345 stays, # goes"),
        ("+999123", "+999 123", "#"),
    ],
)
def test_numbers_of_every_form(number: str, written: str, left: str) -> None:
    assert Known(numbers=frozenset({number})).scrub(written) == left.replace("#", ERASED)


def test_a_handle_that_may_be_a_word_goes_with_its_address_only() -> None:
    known = Known(handles=frozenset({"sunny"}))
    assert known.scrub("sunny day, linkedin.com/in/sunny, in/sunny") == (
        f"sunny day, {ERASED}, {ERASED}"
    )


def test_another_handle_stays() -> None:
    known = Known(handles=frozenset({"kim-88"}))
    for other in ("kim-889", "the-kim-88", "in/kim-88-2"):
        assert known.scrub(other) == other


@given(st.text(), st.text(min_size=1, max_size=20).filter(str.strip), st.text())
def test_a_name_between_signs_goes_whatever_it_is(before: str, name: str, after: str) -> None:
    words = " ".join(name.split())
    known = Known(names=frozenset({words}))
    assert ERASED in known.scrub(f"{before}\n({words})\n{after}") or not text.key(words)
    assert Known().scrub(before) == before
