"""People and their accounts: current links, ended ones, and moving."""

from __future__ import annotations

from typing import Any

import pytest
from tests.store.making import add

from acctcli.errors import Conflict, Invalid, NotFound
from acctcli.model import KINDS
from acctcli.store import people, queries
from acctcli.store.journal import Writing


def person(tx: Writing, id: str) -> dict[str, Any]:
    return queries.get(tx.con, "contact", KINDS["contact"].fields, id)


def links(tx: Writing, id: str) -> list[tuple[Any, ...]]:
    """Return account, role, title, from, to of each link on a page."""
    names = ("account", "role", "title", "from", "to")
    return [tuple(link[name] for name in names) for link in people.links(tx.con, person(tx, id))]


def linked(tx: Writing, contact: str, account: str, **values: Any) -> str:
    return add(tx, "affiliation", contact=contact, account=account, **values)


# Reading


def test_the_present_come_first_and_nothing_twice(tx: Writing) -> None:
    here, there, once = (add(tx, "account", name=name) for name in "ABC")
    mei = add(tx, "contact", name="Mei", account=here, role="champion", title="CFO")
    linked(tx, mei, once, to_on="2024-12-31", from_on="2020-01-01", title="CTO")
    linked(tx, mei, once, to_on="2025-12-31")
    linked(tx, mei, there, role="coach")
    linked(tx, mei, there, role="coach", title="Advisor")  # says all of the one before
    linked(tx, mei, there)  # says less than any
    linked(tx, mei, here, title="CFO")  # as the contact itself says
    linked(tx, mei, here, title="Chair")
    found = links(tx, mei)
    assert found[0] == ("A", "champion", "CFO", None, None)
    assert set(found[1:-2]) >= {
        ("A", None, "Chair", None, None),
        ("B", "coach", "Advisor", None, None),
    }
    assert ("B", None, None, None, None) not in found
    assert ("A", None, "CFO", None, None) not in found
    assert found[-2:] == [
        ("C", None, None, None, "2025-12-31"),
        ("C", None, "CTO", "2020-01-01", "2024-12-31"),
    ]
    assert [link["current"] for link in people.links(tx.con, person(tx, mei))][-3:] == [
        *(True, False, False)
    ]


def test_the_last_talk_with_each(tx: Writing) -> None:
    account, other = (add(tx, "account", name=name) for name in "AB")
    mei, raj, ana = (add(tx, "contact", name=name, account=account) for name in ("M", "R", "A"))
    for at, kind, of, who in (
        ("2026-11-03", "call", account, (mei, raj)),
        ("2026-11-05", "call", account, (mei,)),
        ("2026-11-04", "meeting", account, (mei,)),
        ("2026-11-09", "note", account, (mei, ana)),
        ("2026-11-09", "call", other, (raj,)),
    ):
        add(tx, "log", account=of, kind=kind, at=f"{at}T09:00:00Z", contacts=who)
    assert people.spoken_with(tx.con, account) == {mei: "2026-11-05", raj: "2026-11-03"}


def test_who_is_not_there_any_more(tx: Writing) -> None:
    account, other = (add(tx, "account", name=name) for name in "AB")

    def somebody(name: str, *there: dict[str, Any], at: str | None = other) -> str:
        id = add(tx, "contact", name=name, account=at, stance="supporter")
        for link in there:
            linked(tx, id, account, **link)
        return id

    ended = {"to_on": "2025-01-01", "role": "champion"}
    first = somebody("First", {"to_on": "2020-01-01"}, ended)
    last = somebody("Last", {"to_on": "2026-01-01"}, at=None)
    somebody("Back as a link", ended, {})
    somebody("Back", ended, at=account)
    somebody("Never")
    assert people.who_left(tx.con, account) == [
        {**{"id": last, "name": "Last"}, "role": None, "stance": "supporter", "on": "2026-01-01"},
        {
            **{"id": first, "name": "First"},
            **{"role": "champion", "stance": "supporter", "on": "2025-01-01"},
        },
    ]
    assert people.who_left(tx.con, other) == []


# Changing


@pytest.mark.parametrize(
    ("values", "began"),
    [
        ({"since": "2020-01-01"}, "2020-01-01"),
        ({"since": "2026-11-10"}, "2026-11-10"),  # for a day
        ({}, None),  # entered after they had left
        ({"created_at": "2026-11-10T09:00:00Z"}, "2026-11-10"),
        ({"created_at": "2026-11-01T09:00:00Z"}, "2026-11-01"),
    ],
)
def test_the_link_so_far_is_kept(values: dict[str, Any], began: str | None, tx: Writing) -> None:
    here, there = (add(tx, "account", name=name) for name in "AB")
    mei = add(tx, "contact", name="Mei", account=here, title="CFO", role="champion", **values)
    people.move(tx, person(tx, mei), there, title="CEO", role=None, on="2026-11-10")
    assert links(tx, mei) == [
        ("B", None, "CEO", "2026-11-10", None),
        ("A", "champion", "CFO", began, "2026-11-10"),
    ]


def test_nobody_moves_before_they_came_nor_to_where_they_are(tx: Writing) -> None:
    here, there = (add(tx, "account", name=name) for name in "AB")
    mei = add(tx, "contact", name="Mei", account=here, since="2026-11-10")
    with pytest.raises(Invalid, match="came to A on 2026-11-10, after that day"):
        people.move(tx, person(tx, mei), there, title=None, role=None, on="2026-11-09")
    with pytest.raises(Conflict, match="is at A already"):
        people.move(tx, person(tx, mei), here, title=None, role=None, on="2026-11-20")


@pytest.mark.parametrize(("from_on", "since"), [("2025-01-01", "2025-01-01"), (None, "2026-11-20")])
def test_a_further_link_becomes_the_one_that_holds(
    from_on: str | None, since: str, tx: Writing
) -> None:
    here, there = (add(tx, "account", name=name) for name in "AB")
    mei = add(tx, "contact", name="Mei", account=here)
    linked(tx, mei, there, title="Advisor", role="coach", from_on=from_on)
    people.move(tx, person(tx, mei), there, title="CEO", role=None, on="2026-11-20")
    assert links(tx, mei)[0] == ("B", "coach", "CEO", since, None)
    assert people.open_link(tx, mei, there) is None


def test_a_link_that_holds_is_not_begun_again(tx: Writing) -> None:
    here, there, other = (add(tx, "account", name=name) for name in "ABC")
    mei = add(tx, "contact", name="Mei", account=here)

    def link(account: str, **values: str | None) -> None:
        given: dict[str, str | None] = dict.fromkeys(("title", "role", "from_on", "to_on"))
        people.link(tx, person(tx, mei), account, **{**given, **values})

    link(there)
    for account in (here, there):
        with pytest.raises(Conflict, match=r"is linked to . already"):
            link(account)
        link(account, to_on="2024-12-31")
        with pytest.raises(Conflict, match="that link of Mei is there already"):
            link(account, to_on="2024-12-31")
    link(other)


def test_a_link_ends_and_is_forgotten(tx: Writing) -> None:
    here, there, other = (add(tx, "account", name=name) for name in "ABC")
    mei = add(tx, "contact", name="Mei", account=here)
    linked(tx, mei, there, from_on="2026-01-01")
    linked(tx, mei, other)
    with pytest.raises(Invalid, match="began on Thu 1 Jan 2026, after that"):
        people.unlink(tx, person(tx, mei), there, on="2025-12-31")
    people.unlink(tx, person(tx, mei), there, on="2026-01-01")
    assert ("B", None, None, "2026-01-01", "2026-01-01") in links(tx, mei)
    with pytest.raises(NotFound, match="has no link"):
        people.unlink(tx, person(tx, mei), there, on="2026-02-01")
    with pytest.raises(Conflict, match="is where Mei is now"):
        people.unlink(tx, person(tx, mei), here, on="2026-02-01")
    people.forget_links(tx, person(tx, mei), there)
    assert [link[0] for link in links(tx, mei)] == ["A", "C"]
    with pytest.raises(NotFound, match="has no link"):
        people.forget_links(tx, person(tx, mei), there)


def test_who_has_a_part_and_who_wants_to_be_left_alone(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    mei = add(tx, "contact", name="Mei", account=account, do_not_contact=1)
    raj = add(tx, "contact", name="Raj", account=account)
    deal = add(tx, "deal", account=account, title="D")
    add(tx, "deal_contact", deal=deal, account=account, contact=mei, role="legal")
    add(tx, "deal_contact", deal=deal, account=account, contact=raj)
    assert people.parts_in_deals(tx.con, account) == {deal: [(mei, "legal"), (raj, None)]}
    assert people.roles_on_deals(tx.con, mei) == {deal: "legal"}
    assert people.not_to_contact(tx.con, [mei, raj]) == ["Mei"]
    assert people.not_to_contact(tx.con, [raj]) == []
