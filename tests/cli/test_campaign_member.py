from __future__ import annotations

import pytest
from tests.commands import do
from tests.conftest import Program


@pytest.fixture
def book(run: Program) -> Program:
    """The program on a book with a campaign for one person."""
    do(
        run,
        ("account", "add", "Acme", "--tag", "expo"),
        ("contact", "add", "Mei Tan", "--account", "acme", "--tag", "expo"),
        ("contact", "add", "Mei Tanaka", "--account", "acme"),
        ("campaign", "add", "Push", "mei tan"),
    )
    return run


def names(run: Program, *words: str) -> list[str]:
    rows = run("campaign", "member", "push", *words, "-f", "json").json()
    return [row["contact"] or row["account"] for row in rows]


def test_members_are_added_by_name_tag_and_segment_once(book: Program) -> None:
    done = do(book, "campaign", "member", "push", "--tag", "expo")
    assert "Added 1 account to Push. 1 person was in it already." in done.err
    assert names(book) == ["Acme", "Mei Tan"]
    again = do(book, "campaign", "member", "push", "acme")
    assert "1 account was in it already." in again.err


def test_a_state_is_set_by_hand_and_follows_the_records_again(book: Program) -> None:
    done = do(book, "campaign", "member", "push", "Mei Tan", "--state", "repl")
    assert "State of 1 member of Push set to replied." in done.err
    assert names(book, "--state", "replied") == ["Mei Tan"]
    done = do(book, "campaign", "member", "push", "Mei Tan", "--state", "auto")
    assert "State of 1 member of Push follows the records again." in done.err
    assert names(book, "--state", "planned") == ["Mei Tan"]
    assert book("campaign", "member", "push", "mei tan", "--state", "gone").code == 4


def test_new_members_may_have_a_state_at_once(book: Program) -> None:
    done = do(book, "campaign", "member", "push", "acme", "--state", "meeting")
    assert "Added 1 account to Push, as meeting." in done.err
    assert names(book, "--state", "meeting") == ["Acme"]


def test_removing_takes_only_the_whole_name_and_never_the_next(book: Program) -> None:
    do(book, "campaign", "member", "push", "Mei Tanaka")
    assert book("campaign", "member", "push", "mei", "--remove").code == 3
    done = do(book, "campaign", "member", "push", "Mei Tan", "--remove")
    assert "Removed Mei Tan from Push." in done.err
    again = book("campaign", "member", "push", "Mei Tan", "--remove")
    assert (again.code, "Mei Tan is not in campaign Push" in again.err) == (3, True)
    assert names(book) == ["Mei Tanaka"]
    do(book, "undo")
    assert names(book) == ["Mei Tan", "Mei Tanaka"]


def test_what_does_not_go_together_is_refused(book: Program) -> None:
    assert book("campaign", "member", "push", "--remove").code == 2
    assert book("campaign", "member", "push", "acme", "--remove", "--state", "replied").code == 2


def test_ids_of_members_go_on_in_a_pipe(book: Program) -> None:
    ids = do(book, "campaign", "member", "push", "-f", "ids").out
    assert book("contact", "show", ids.strip()).code == 0
    assert book("campaign", "add", "Next", "-", input=ids).code == 0


def test_a_list_without_members_says_so(book: Program) -> None:
    assert names(book, "--state", "customer") == []
