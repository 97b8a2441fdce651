from __future__ import annotations

import time
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli import ids


def test_an_id_is_a_uuid_of_version_7_in_lower_case() -> None:
    made = ids.new_id()
    parsed = uuid.UUID(made)
    assert str(parsed) == made
    assert (parsed.version, parsed.variant) == (7, uuid.RFC_4122)


def test_an_id_holds_the_millisecond_it_was_made_in() -> None:
    before = time.time_ns() // 1_000_000
    stamp = uuid.UUID(ids.new_id()).int >> 80
    assert before <= stamp <= time.time_ns() // 1_000_000 + 1


def test_ids_sort_in_the_order_they_were_made() -> None:
    made = [ids.new_id() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_ids_still_sort_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = ids.new_id()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000)
    later = [ids.new_id() for _ in range(3)]
    assert [first, *later] == sorted([first, *later])


def test_what_people_type_is_chance_and_not_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "random_bytes", lambda count: b"\xff" * count)
    assert ids.new_id().endswith("-bfff-ffffffffffff")


def test_the_same_fact_has_the_same_id_on_every_machine() -> None:
    assert ids.fact_id("tag", "a", "expo") == "51103131-21d7-5373-94c0-ae276d13519e"


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x1f"))), st.lists(st.text())
)
def test_different_facts_have_different_ids(one: list[str], other: list[str]) -> None:
    assert (ids.fact_id("x", *one) == ids.fact_id("x", *other)) == (one == other)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        *[(typed, True) for typed in ("A-0001", "a-0001", "AB-12345")],
        *[
            (typed, False)
            for typed in (
                "A-001",
                "ISO-9001",
                "A 0001",
                "A-0001 Ltd",
                "A-\u0660\u0660\u0660\u0661",
                "",
            )
        ],
    ],
)
def test_only_what_machines_give_is_an_account_number(typed: str, number: bool) -> None:
    assert ids.is_account_number(typed) is number
