from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from acctcli.errors import Invalid
from acctcli.store.staged import StagedBundle

ID = "0190a1b2-0000-7000-8000-000000000001"
OTHER = "0190a1b2-0000-7000-8000-000000000002"
STAMPS = {"created_at": "2026-11-22T09:00:00Z", "updated_at": "2026-11-22T09:00:00Z"}
STAMPS |= {"updated_by": "Ann"}
ACCOUNT: dict[str, Any] = {
    "row": "account",
    "id": ID,
    "cells": {"number": "A-0001", "name": "Acme", **STAMPS},
}


@pytest.fixture
def stage() -> Iterator[StagedBundle]:
    with closing(StagedBundle()) as stage:
        yield stage


def refuse(number: int, why: str) -> Invalid:
    return Invalid(f"line {number}: {why}")


def fill(stage: StagedBundle, *lines: dict[str, Any]) -> None:
    stage.fill(enumerate(lines, 2), refuse)


def test_what_an_older_book_did_not_have_gets_its_default(stage: StagedBundle) -> None:
    at = {"name": ["2026-11-22T09:00:00.000Z", "Ann"]}
    fill(stage, {**ACCOUNT, "at": at})
    (row,) = stage.rows("account")
    assert (row.values["kind"], row.values["status"]) == ("company", "prospect")
    assert row.at == {"name": ("2026-11-22T09:00:00.000Z", "Ann")}
    assert row.values["name_key"] == "acme"
    assert stage.ids("account") == {ID}


def test_words_can_be_called_otherwise(stage: StagedBundle) -> None:
    deal = {"title": "Rollout", "stage": "trial", "account_id": ID, "opened_on": "2026-11-01"}
    changed = {"deal_id": OTHER, "account_id": ID, "changed_on": "2026-11-02", "field": "stage"}
    fill(
        stage,
        {**ACCOUNT, "cells": ACCOUNT["cells"] | {"tier": "gold"}},
        {"row": "deal", "id": OTHER, "cells": {**deal, **STAMPS}},
        {
            "row": "deal_change",
            "id": ID,
            "cells": {**changed, "old": "trial", "new": "proposal", **STAMPS},
        },
    )
    assert stage.words().stages == ("proposal", "trial")
    stage.call_stage("trial", "negotiation")
    stage.call_tier("gold", "key")
    assert stage.words().stages == ("negotiation", "proposal")
    assert stage.words().tiers == ("key",)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ({"row": "log", "id": OTHER, "cells": {"account_id": OTHER}}, "is missing"),
        ({"row": "account", "id": ID, "cells": {}}, "something is missing"),
        ({**ACCOUNT, "part": True}, "only a person"),
        ({**ACCOUNT, "at": {"name": ["yesterday", "Ann"]}}, "moments"),
        ({**ACCOUNT, "at": {"name": "x"}}, "moments"),
        ({"change": "account", "id": ID}, "something is missing"),
        ({"gone": "account", "id": "x", "at": ["", ""]}, "deletes what"),
        ({"command": 1, "at": None, "who": "Ann", "says": ""}, "a book can hold"),
    ],
)
def test_a_line_that_no_book_wrote_is_refused(
    stage: StagedBundle, line: dict[str, Any], why: str
) -> None:
    with pytest.raises(Invalid, match=why):
        fill(stage, line)


def test_a_record_under_an_account_that_did_not_come_is_refused(stage: StagedBundle) -> None:
    task = {"text": "Call", "owed_by": "us", "account_id": OTHER, **STAMPS}
    with pytest.raises(Invalid, match="line 3: its account is not in the bundle"):
        fill(stage, ACCOUNT, {"row": "task", "id": OTHER, "cells": task})


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("name", "", "is empty"),
        ("name", "Acme\n\x1b[31mLtd", "has a line break"),
        ("number", "5", "is not an account number"),
        ("updated_by", "", "is empty"),
    ],
)
def test_a_value_that_a_check_of_the_book_would_report_is_refused(
    stage: StagedBundle, column: str, value: str, why: str
) -> None:
    with pytest.raises(Invalid, match=f"line 2: account: {column} .*{why}"):
        fill(stage, {**ACCOUNT, "cells": ACCOUNT["cells"] | {column: value}})


def test_the_same_record_twice_is_refused(stage: StagedBundle) -> None:
    with pytest.raises(Invalid, match="line 3: this record is in the bundle twice"):
        fill(stage, ACCOUNT, ACCOUNT)
