"""The topics of help: what they show comes from the code that reads it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from acctcli import topics
from acctcli.cli.kit import helptext
from acctcli.main import COMMANDS
from acctcli.model import KINDS
from acctcli.render.emit import FORMATS
from acctcli.values.money import SIGNS
from acctcli.values.typed_dates import WORDS
from acctcli.values.typed_moments import read_clock
from acctcli.where import OPERATORS

CLOCK = read_clock("2026-11-22")


def shown(topic: str) -> str:
    return topics.markdown(topic, CLOCK, "USD")


def test_every_text_is_a_topic_and_no_mark_is_left() -> None:
    texts = {path.stem for path in topics._LEAVES.glob("*.md")}
    assert texts == set(topics.TOPICS)
    for topic in topics.TOPICS:
        assert re.search(r"(?m)^\{", shown(topic)) is None


def test_no_name_means_two_topics_and_none_hides_a_command() -> None:
    names = [name for topic, others in topics.OTHER_NAMES.items() for name in (topic, *others)]
    assert len(names) == len(set(names))
    assert set(topics.OTHER_NAMES) == set(topics.TOPICS)
    assert set(names) & set(COMMANDS) == {"import", "undo"}


def test_what_the_readers_know_is_shown() -> None:
    for word in WORDS:
        assert word.startswith("the ") or f"| `{word}` |" in shown("dates")
    for sign in SIGNS:
        assert f"| {sign} |" in shown("money")
    for operator in OPERATORS:
        assert f"`field {operator} value`" in shown("filters")
    for format in FORMATS:
        assert f"| {format} |" in shown("output")
    for variable in topics.ENVIRONMENT:
        assert f"| {variable} |" in shown("scripting")


@pytest.mark.parametrize(
    ("metavar", "found"),
    [
        ("DAY", [("DAY", "dates")]),
        ("TEXT[::DAY]", [("DAY", "dates")]),
        ("AMOUNT", [("AMOUNT", "money")]),
        ("ACCOUNT...", [("ACCOUNT", "naming")]),
        ("N", []),
        ("A,B", []),
    ],
)
def test_words_in_capitals_have_a_topic(metavar: str, found: list[tuple[str, str]]) -> None:
    assert list(topics.of_metavar(metavar, KINDS)) == found


def test_a_table_is_broken_where_the_terminal_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    drawn = helptext.article(
        "# A\n\n| a | b |\n|---|---|\n| `x \\| y` | one two three four five six |"
    )
    assert drawn.splitlines() == [
        "A",
        "",
        "  a      b",
        "  x | y  one two three four five six",
    ]


def test_what_is_typed_is_never_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    drawn = helptext.article("Here are some words before `acct deal add greentech`, and more.")
    assert "acct deal add greentech" in drawn


@pytest.mark.parametrize("topic", ["dates"])
@pytest.mark.parametrize("days", range(0, 400, 3))
def test_every_word_of_the_tables_is_taken_in_one_direction(topic: str, days: int) -> None:
    day = CLOCK.today + timedelta(days=days)
    text = topics.markdown(topic, read_clock(day.isoformat()), "USD")
    refused = [line for line in text.splitlines() if line.endswith("| refused | refused |")]
    assert refused == []
