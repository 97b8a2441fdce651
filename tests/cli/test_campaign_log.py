from __future__ import annotations

import pytest
from tests.commands import do
from tests.conftest import Program


@pytest.fixture
def book(run: Program) -> Program:
    """The program on a book with a campaign for two people and an account."""
    do(
        run,
        ("account", "add", "Acme"),
        ("account", "add", "Zed"),
        ("contact", "add", "Mei Tan", "--account", "acme"),
        ("contact", "add", "Raj Nair", "--account", "acme"),
        ("contact", "add", "Alone"),
        ("campaign", "add", "Push", "mei", "raj", "zed", "alone"),
    )
    return run


def states(run: Program) -> dict[str, str]:
    rows = run("campaign", "member", "push", "-f", "json").json()
    return {row["contact"] or row["account"]: row["state"] for row in rows}


def test_each_member_gets_an_ordinary_interaction_of_their_own(book: Program) -> None:
    done = do(book, "campaign", "log", "push", "mei", "zed", "email", "Sent", "the", "offer")
    assert "Logged email with Mei Tan and Zed, for Push." in done.err
    rows = book("log", "list", "-f", "json").json()
    assert {(row["account"], tuple(row["contacts"]), row["summary"]) for row in rows} == {
        ("Acme", ("Mei Tan",), "Sent the offer"),
        ("Zed", (), "Sent the offer"),
    }
    assert {row["campaign"] for row in rows} == {"Push"}
    assert states(book) | {"Mei Tan": "reached", "Zed": "reached"} == states(book)
    do(book, "undo")
    assert set(states(book).values()) == {"planned"}


def test_what_came_in_and_a_meeting_move_the_state(book: Program) -> None:
    do(book, "campaign", "log", "push", "mei", "email", "Wants a call", "--in", "--next", "Call")
    do(book, "campaign", "log", "push", "raj", "Meeting", "Showed it")
    do(book, "campaign", "log", "push", "zed", "call", "Nobody there", "--no-answer")
    assert states(book) == {
        **{"Mei Tan": "replied", "Raj Nair": "meeting"},
        **{"Zed": "planned", "Alone": "planned"},
    }
    (task,) = book("task", "list", "-f", "json").json()
    assert (task["text"], task["contact"]) == ("Call", "Mei Tan")


def test_a_state_chooses_the_members_and_says_who_is_left_out(book: Program) -> None:
    do(book, "contact", "edit", "raj", "--do-not-contact")
    done = do(book, "campaign", "log", "push", "--state", "planned", "email", "Sent the offer")
    assert "Logged email with Mei Tan and Zed, for Push." in done.err
    assert "Left out: 1 asked not to be contacted, 1 without an account." in done.err
    refused = book("campaign", "log", "push", "--state", "customer", "email", "Thanks")
    assert (refused.code, "Nothing was logged" in refused.err) == (3, True)


def test_whoever_is_named_is_logged_and_a_wish_is_said(book: Program) -> None:
    do(book, "contact", "edit", "raj", "--do-not-contact")
    done = do(book, "campaign", "log", "push", "raj", "email", "Answered his question")
    assert "Raj Nair asked not to be contacted" in done.err


def test_ids_come_from_a_pipe(book: Program) -> None:
    ids = do(book, "contact", "list", "--where", "name != Alone", "-f", "ids").out
    assert book("campaign", "log", "push", "-", "email", "Sent", input=ids).code == 0
    assert list(states(book).values()).count("reached") == 2


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("mei", "Sent the offer"), 2, "no kind of interaction"),
        (("mei", "email"), 2, "write what was said after email"),
        (("email", "Sent"), 2, "name members before the kind"),
        (("mei", "email", "Sent", "--state", "planned"), 2, "leave out their names"),
        (("acme", "email", "Sent"), 3, "Acme is not in campaign Push. To add: acct campaign"),
        (("alone", "email", "Sent"), 4, "Alone has no account to log it at"),
        (("nobody", "email", "Sent"), 3, 'no account or person "nobody"'),
    ],
)
def test_what_cannot_be_logged_is_refused_and_nothing_is_saved(
    book: Program, words: tuple[str, ...], code: int, says: str
) -> None:
    refused = book("campaign", "log", "push", *words)
    assert refused.code == code
    assert says in refused.err
    assert book("log", "list", "-f", "json").json() == []
