"""First names and what people are called for short."""

from __future__ import annotations

import doctest
import tomllib
from importlib import resources

import pytest

from acctcli.values import first_names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bob", "robert"),
        ("bill", "william"),
        ("peggy", "margaret"),
        ("sasha", "alexander"),
        ("pepe", "jose"),
        ("kasia", "katarzyna"),
        ("beppe", "giuseppe"),
        ("hannes", "johannes"),
        ("katya", "ekaterina"),
        ("toninho", "antonio"),
        ("bob", "rob"),
    ],
)
def test_names_for_short(one: str, other: str) -> None:
    assert first_names.may_be_one(one, other)
    assert first_names.may_be_one(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("alexander", "alexandra"), ("bob", "tom"), ("robert", "roberta"), ("zzz", "yyy")],
)
def test_names_of_two_people(one: str, other: str) -> None:
    assert not first_names.may_be_one(one, other)


def test_names_are_written_as_they_are_compared() -> None:
    listed = resources.files("acctcli.values").joinpath("first_names.toml")
    table = tomllib.loads(listed.read_text(encoding="utf-8"))["called"]
    assert len(table) > 150
    for name, short in table.items():
        words = [name, *short.split()]
        assert all(word.isascii() and word == word.lower() for word in words), name
        assert len(words) == len(set(words)), name


def test_the_examples_in_the_docstrings() -> None:
    assert doctest.testmod(first_names) == (0, 1)
