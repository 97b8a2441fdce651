"""Names of people: whether two may be one person's."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.values import person_names
from acctcli.values.person_names import compare, read


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("Mei Tan", "TAN, Mei", "same"),
        ("Meiling Tan", "Mei Ling Tan", "same"),
        ("Dr. Anna Müller", "Anna Mueller", "same"),
        ("Anne-Marie Lefèvre", "Anne Marie Lefevre", "same"),
        ("Robert Brown", "Bob Brown", "nickname"),
        ("Robert J. Brown", "Bob Brown", "nickname"),
        ("Mike OBrien", "Michael O'Brien", "nickname"),
        ("M. Tan", "Mei Tan", "short"),
        ("Mei", "Mei Tan", "short"),
        ("J. R. Whitfield", "James Whitfield", "short"),
        ("María García López", "María García", "short"),
        ("Jonathan Smith", "Jonathon Smith", "nickname"),
        ("Philippa Durrand", "Philippa Durand", "typo"),
        ("Дмитрий Иванов", "Dmitry Ivanov", "nickname"),
        ("Philip Green", "Phillip Green", "typo"),
        ("Steven King", "Stephen King", "typo"),
        ("Eric Berg", "Erik Berg", "typo"),
        ("Jonh Smith", "John Smith", "typo"),
        ("Oleksandr Shevchenko", "Sasha Shevchenko", "nickname"),
        ("Sam Hill", "Sam Hall", ""),
        ("Hans Müller", "Heinz Müller", ""),
        ("Simon Adler", "Simone Adler", ""),
        ("Paul Stein", "Paula Stein", ""),
        ("Mei Tan", "Mei Lim", ""),
        ("Mario Garcia", "Maria Garcia", ""),
        ("Jan Kowalski", "Jana Kowalska", ""),
        ("Robert Brown", "Roberta Brown", ""),
        ("Anna Müller", "Hanna Müller", ""),
        ("Tom Baker", "Tim Baker", ""),
        ("Daniel Lee", "Danielle Lee", ""),
        ("Alexander Novak", "Alexandra Novak", ""),
        ("John Smith Jr.", "John Smith Sr.", ""),
        ("John Smith Jr.", "John Smith", "same"),
        ("Kim Min-jun", "Kim Min-seo", ""),
        ("Bob", "Robert", ""),
        ("Jon Smyth", "Joan Smith", ""),
    ],
)
def test_how_two_names_agree(one: str, other: str, how: str) -> None:
    assert compare(read(one), read(other)) == how
    assert compare(read(other), read(one)) == how


def test_titles_are_no_part_of_a_name_unless_there_is_nothing_else() -> None:
    assert read("Prof. Dr. med. Ana Ruiz").words == ("med", "ana", "ruiz")
    assert read("Sir").words == ("sir",)
    assert read("!!!").words == ("!!!",)


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_it_does_not_matter_which_name_is_first(one: str, other: str) -> None:
    assert bool(compare(read(one), read(other))) == bool(compare(read(other), read(one)))
    assert compare(read(one), read(one)) == "same"


def test_the_examples_in_the_docstrings() -> None:
    assert doctest.testmod(person_names) == (0, 1)
