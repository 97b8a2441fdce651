"""`acct help`: commands and topics by any name that people try."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from tests.conftest import Program
from tests.test_documentation import command_problem

from acctcli import main, topics
from acctcli.cli import completion


@pytest.mark.parametrize("path", ["deal move", "log", "today", "deal"])
def test_it_shows_what_the_command_itself_shows(path: str, run: Program) -> None:
    assert run("help", *path.split()).out == run(*path.split(), "--help").out
    assert run("help", "acct", *path.split()).out == run(*path.split(), "--help").out


def test_without_a_word_it_is_the_help_of_everything(run: Program) -> None:
    shown = run("help")
    assert (shown.code, shown.out) == (0, run("--help").out)
    for topic, about in topics.TOPICS.items():
        assert re.search(rf"(?m)^  {topic} +{re.escape(about)}$", shown.out)


@pytest.mark.parametrize("topic", topics.TOPICS)
def test_every_topic_is_shown_and_its_commands_exist(topic: str, run: Program) -> None:
    shown = run("help", topic)
    assert (shown.code, shown.err) == (0, "")
    assert max(map(len, shown.out.splitlines())) <= 80
    commands = re.findall(r"(?m)^  \$ (acct .*)$", shown.out.replace("\\\n", ""))
    parts = [part.strip() for line in commands for part in line.split("|")]
    called = [part for part in parts if part.startswith("acct ")]
    assert [said for part in called if (said := command_problem(part))] == []
    assert all(shlex.split(part) for part in called)


def test_a_command_and_a_topic_of_one_name_are_both_shown(run: Program) -> None:
    shown = run("help", "import").out
    assert shown.startswith(run("import", "--help").out.rstrip())
    assert shown.endswith(run("help", "imports").out)


@pytest.mark.parametrize(("word", "topic"), [("days", "dates"), ("WHERE", "filters")])
def test_a_topic_has_other_names(word: str, topic: str, run: Program) -> None:
    assert run("help", word).out == run("help", topic).out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["datess"], 'no command or topic "datess". Did you mean dates? All: acct help'),
        (["acount"], 'no command or topic "acount". Did you mean account? All: acct help'),
        (["settings", "quotas"], "settings is one topic, without parts: acct help settings"),
        (["zzz"], 'no command or topic "zzz". All: acct help'),
        (
            ["deal", "mvoe"],
            'acct deal has no command "mvoe". Did you mean move? All: acct help deal',
        ),
        (["deal", "move", "x"], 'acct deal move has no command "x". All: acct help deal move'),
    ],
)
def test_an_unknown_word_names_what_is_near(words: list[str], says: str, run: Program) -> None:
    refused = run("help", *words)
    assert (refused.code, refused.out, refused.err) == (3, "", f"acct: {says}\n")


def test_days_mean_what_they_mean_today(run: Program) -> None:
    shown = run("help", "dates").out
    assert re.search(r"(?m)^  fri +Fri 27 Nov 2026 +Fri 20 Nov 2026$", shown)
    assert re.search(r"(?m)^  tomorrow +Mon 23 Nov 2026$", shown)
    # A past day is not in the future.
    assert re.search(r"(?m)^  next friday +Fri 27 Nov 2026 +refused$", shown)


def test_amounts_are_in_ones_own_currency(run: Program) -> None:
    assert run("config", "set", "me.currency", "SGD").code == 0
    shown = run("help", "money").out
    assert re.search(r"(?m)^  120k +120,000 SGD$", shown)
    assert re.search(r"(?m)^  \$5,000 +5,000 SGD$", shown)
    assert re.search(r"(?m)^  12\.000 +refused$", shown)


def test_it_needs_neither_a_book_nor_settings_that_can_be_read(
    run: Program, home: Path, book: Path
) -> None:
    (home / "config.toml").write_text("[me\n")
    shown = run("help", "money")
    assert (shown.code, shown.err) == (0, "")
    assert "120,000 USD" in shown.out
    assert not book.exists()


@pytest.mark.parametrize(
    ("command", "see"),
    [
        ("deal add", "AMOUNT acct help money"),
        ("deal add", "DAY acct help dates"),
        ("log call", "DAY, WHEN acct help dates"),
        ("deal list", "FILTER acct help filters"),
        ("report activity", "PERIOD acct help dates"),
        ("task done", "TASK acct help naming"),
    ],
)
def test_the_help_of_a_command_points_to_its_topics(command: str, see: str, run: Program) -> None:
    shown = run(*command.split(), "--help").out
    rows = shown.split("See also\n")[1].split("\n\n")[0].splitlines()
    lines = [row.replace(",", " ").split() for row in rows]
    words, _, topic = see.partition(" acct help ")
    assert any(line[-1] == topic and set(words.split(", ")) <= set(line) for line in lines), rows


def test_the_shell_offers_commands_then_topics(run: Program) -> None:
    def offered(words: list[str], started: str) -> list[str]:
        found = completion.candidates(main.root(), ["help", *words], started)
        return [name for name, _ in found or ()]

    assert offered([], "da") == ["dates"]
    assert offered([], "i") == ["import"]
    assert offered(["deal"], "mo") == ["move"]
    assert offered(["deal", "move"], "") == []
