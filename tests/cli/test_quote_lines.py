"""`acct quote line`: the lines of a draft."""

from __future__ import annotations

import pytest
from tests.cli.quoting import FIRST, deal, shown  # noqa: F401 - a fixture
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once

pytestmark = pytest.mark.usefixtures("deal")


@pytest.fixture(autouse=True)
@filled_once
def quoted(run: Program, deal: None) -> None:  # noqa: F811 - the fixture
    do(run, ("deal", "quote", "rollout", "--tax", "9"))


def test_lines_are_listed_in_order(run: Program) -> None:
    found = run("quote", "line", FIRST, "-f", "json").json()
    assert [(one["position"], one["text"], one["tax_rate"]) for one in found] == [
        (1, "Support", 9),
        (2, "Platform", 9),
    ]


@pytest.mark.parametrize("which", ["1", "support", "SUPPORT"])
def test_a_line_is_changed_and_the_totals_with_it(run: Program, which: str) -> None:
    said = run("quote", "line", FIRST, which, "--discount", "10", "--tax", "0").err
    assert said == (
        'Changed discount, tax rate of "Support" in Q-2026-0001: 29,400 SGD with 2,160 SGD tax.\n'
    )
    found = shown(run)
    assert [one["rate"] for one in found["totals"]["taxes"]] == ["0", "9"]
    assert (found["net"], found["tax"], found["gross"]) == (27240.0, 2160.0, 29400.0)
    again = run("quote", "line", FIRST, which, "--discount", "10", "--tax", "0").err
    assert "Nothing to change" in again


def test_all_lines_at_once_in_one_undo(run: Program) -> None:
    do(run, ("quote", "line", FIRST, "all", "--recurring", "yearly", "--starts", "2027-01-01"))
    assert {one["ends_on"] for one in shown(run)["lines"]} == {"2027-12-31"}
    do(run, ("undo",))
    assert {one["recurring"] for one in shown(run)["lines"]} == {"none"}


def test_a_length_counts_from_the_first_day_of_its_line(run: Program) -> None:
    done = run("quote", "line", FIRST, "support", "--starts", "2027-03-01", "--ends", "1y")
    assert "in Q-2026-0001 (Mon 1 Mar to 29 Feb 2028)" in done.err
    done = run("quote", "line", FIRST, "support", "--starts", "", "--ends", "2y")
    assert (done.code, done.err) == (
        4,
        'acct: --ends "2y" is a length, and its first day is not known. '
        "Give starts on as well, or write the last day\n",
    )


def test_a_line_is_added_with_the_tax_of_the_others_and_removed(run: Program) -> None:
    said = run("quote", "line", FIRST, "--add", "Set-up", "--unit-price", "1200").err
    assert said == 'Added "Set-up" to Q-2026-0001: 31,097.70 SGD with 2,567.70 SGD tax.\n'
    assert shown(run)["lines"][-1]["tax_rate"] == 9
    assert (
        'Removed "Set-up" from Q-2026-0001' in run("quote", "line", FIRST, "set-up", "--remove").err
    )
    assert shown(run)["gross"] == 29789.7


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--discount", "5"), 2, "say which line to change"),
        (("1", "--add", "X"), 2, "leave out LINE"),
        (("1", "--remove", "--tax", "5"), 2, "leave the other options out"),
        (("--add", "X"), 2, "give --unit-price"),
        (("7", "--tax", "5"), 3, "Q-2026-0001 has 2 lines"),
        (("1", "--remove"), 3, "To remove a line, name its text or id"),
        (("all", "--remove"), 3, "To remove a line, name its text or id"),
        (("1", "--unit-price", "EUR 5"), 4, "is in SGD"),
        (("1", "--quantity", "0"), 4, "quantity must be above zero"),
    ],
)
def test_what_cannot_be_is_refused(
    run: Program, words: tuple[str, ...], code: int, says: str
) -> None:
    refused = run("quote", "line", FIRST, *words)
    assert (refused.code, says in refused.err) == (code, True), refused.err
    assert shown(run)["gross"] == 29789.7


def test_the_last_line_stays(run: Program) -> None:
    do(run, ("quote", "line", FIRST, "support", "--remove"))
    refused = run("quote", "line", FIRST, "platform", "--remove")
    assert (refused.code, "needs a line" in refused.err) == (4, True)


def test_lines_of_one_text_are_told_apart_by_their_place(run: Program) -> None:
    do(run, ("quote", "line", FIRST, "--add", "Support", "--unit-price", "5"))
    assert "matches 2 lines" in run("quote", "line", FIRST, "support", "--tax", "5").err
    do(run, ("quote", "line", FIRST, "3", "--tax", "5"))
