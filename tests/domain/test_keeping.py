"""Which value of each field stays when records are merged."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain.keeping import richest
from acctcli.model import KINDS

ACCOUNT = KINDS["account"].fields
CONTACT = KINDS["contact"].fields


def rows(kind: str, *many: dict[str, Any]) -> list[dict[str, Any]]:
    """Return rows as the store reads them, with empty fields by default."""
    blank: dict[str, Any] = {}
    for field in KINDS[kind].fields.values():
        blank |= {field.name: () if field.many else None, field.id_name: None}
    return [{**blank, "status": "prospect", "created_at": "2026-01-01", **one} for one in many]


def test_the_first_that_has_a_value() -> None:
    found = rows("account", {"name": "A"}, {"name": "B", "owner": "Kim"}, {"owner": "Raj"})
    assert richest(ACCOUNT, found)["name"] == 0
    assert richest(ACCOUNT, found)["owner"] == 1
    assert richest(ACCOUNT, found, prefer_other=True)["name"] == 1


def test_the_older_day_of_entry_and_the_wider_status() -> None:
    found = rows(
        "account",
        {"created_at": "2026-02-01", "status": "former"},
        {"created_at": "2025-02-01", "status": "customer"},
    )
    chosen = richest(ACCOUNT, found)
    assert [chosen[name] for name in ("created_at", "status")] == [1, 1]
    for less, more in pairwise(("lead", "prospect", "former", "customer")):
        found = rows("account", {"status": less}, {"status": more})
        assert richest(ACCOUNT, found)["status"] == 1


def test_what_one_of_them_wants_seen_is_seen() -> None:
    found = rows("account", {"archived_at": "2026-01-01"}, {"snoozed_until": "2027-01-01"})
    chosen = richest(ACCOUNT, found)
    assert (chosen["archived_at"], chosen["snoozed_until"]) == (1, 0)


def test_what_a_person_is_at_an_account_stays_with_the_account() -> None:
    here = {"account": "A", "account_id": "a", "stance": None}
    there = {"account": "B", "account_id": "b", "title": "CFO", "stance": "champion"}
    chosen = richest(CONTACT, rows("contact", here, there))
    assert (chosen["account"], chosen["title"], chosen["stance"]) == (0, 0, 1)
    nowhere = {"title": "CFO"}
    assert richest(CONTACT, rows("contact", here, nowhere))["title"] == 1


@given(
    values=st.lists(
        st.fixed_dictionaries(
            {
                "name": st.sampled_from(["A", "B"]),
                "tier": st.none() | st.sampled_from(["key", "smb"]),
                "annual_revenue": st.none() | st.integers(0, 9),
                "currency": st.none() | st.sampled_from(["SGD", "JPY"]),
                "description": st.none() | st.text(min_size=1, max_size=3),
            }
        ),
        min_size=2,
        max_size=4,
    ),
    prefer_other=st.booleans(),
)
def test_nothing_known_is_given_up_for_nothing(
    values: list[dict[str, Any]], prefer_other: bool
) -> None:
    found = rows("account", *values)
    chosen = richest(ACCOUNT, found, prefer_other=prefer_other)
    for name in ("name", "tier", "annual_revenue", "description"):
        known = [row for row in found if row[name] is not None]
        assert (found[chosen[name]][name] is not None) == bool(known)
    if any(row["annual_revenue"] is not None for row in found):
        assert chosen["currency"] == chosen["annual_revenue"]
