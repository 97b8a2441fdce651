from __future__ import annotations

import pytest
from tests.commands import do
from tests.conftest import Program


@pytest.fixture
def book(run: Program) -> Program:
    """The program on a book with accounts and people who share names and tags."""
    do(
        run,
        ("account", "add", "Meiji Foods", "--tag", "expo"),
        ("account", "add", "Archived Ltd", "--tag", "expo"),
        ("account", "archive", "archived"),
        ("contact", "add", "Mei Tan", "--account", "meiji", "--tag", "expo"),
        ("contact", "add", "Raj Nair", "--account", "archived ltd", "--tag", "expo"),
        ("account", "add", "Sam Low", "--kind", "individual"),
        ("contact", "add", "Sam Low"),
    )
    return run


def chosen(run: Program, *words: str) -> list[str]:
    do(run, "campaign", "add", "Push", *words)
    rows = run("campaign", "member", "push", "-f", "json").json()
    do(run, "undo")
    return [row["contact"] or row["account"] for row in rows]


def test_a_tag_means_accounts_and_people_that_are_not_archived(book: Program) -> None:
    assert chosen(book, "--tag", "EXPO") == ["Meiji Foods", "Mei Tan"]
    refused = book("campaign", "add", "Push", "--tag", "expp")
    assert (refused.code, "no account and no person has this tag" in refused.err) == (3, True)


def test_a_segment_is_of_accounts_or_of_people(book: Program) -> None:
    do(book, "contact", "list", "--tag", "expo", "--save", "Visitors")
    do(book, "account", "list", "--tag", "expo", "--save", "Exhibitors")
    assert chosen(book, "--segment", "visitors") == ["Mei Tan"]
    assert chosen(book, "--segment", "exhib") == ["Meiji Foods"]
    do(book, "account", "list", "--tag", "expo", "--save", "Visitors")
    refused = book("campaign", "add", "Push", "--segment", "visitors")
    assert refused.code == 4
    assert "of accounts and Visitors, of contacts" in refused.err


def test_a_segment_of_deals_is_refused(book: Program) -> None:
    do(book, "deal", "add", "meiji", "Rollout", "--amount", "SGD 5")
    do(book, "deal", "list", "--stage", "prospecting", "--save", "Early")
    refused = book("campaign", "add", "Push", "--segment", "early")
    assert refused.code == 2
    assert "is of deals" in refused.err
    assert book("campaign", "add", "Push", "--segment", "nothing").code == 3


def test_a_whole_name_wins_and_two_that_fit_are_refused(book: Program) -> None:
    assert chosen(book, "mei tan") == ["Mei Tan"]
    for typed in ("mei", "sam low"):
        refused = book("campaign", "add", "Push", typed)
        assert refused.code == 4, typed
        assert "the account" in refused.err
        assert "the contact" in refused.err
    refused = book("campaign", "add", "Push", "nobody")
    assert refused.code == 3
    assert 'no account or person "nobody"' in refused.err
