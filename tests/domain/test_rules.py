"""What a complete, allowed record of each kind is, without a book."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from acctcli.config import Config
from acctcli.domain.rules import Rules
from acctcli.errors import Invalid, Missing
from acctcli.model import KINDS

NOW = "2026-11-22T09:00:00Z"
CONFIG = Config()


def accept(kind: str, words: str) -> object:
    return words


@pytest.fixture
def rules() -> Rules:
    return Rules(today=date(2026, 11, 22), now=NOW, config=CONFIG, check_filters=accept)


def stored(kind: str, /, **values: Any) -> dict[str, Any]:
    """Return a stored row with every column of its kind."""
    fields = KINDS[kind].fields.values()
    row = {f.column: f.default for f in fields if not (f.many or f.derived)}
    return {**row, "id": "1", **values}


CALL: dict[str, Any] = {"account": "a", "kind": "call", "at": NOW, "summary": "x"}
DEAL: dict[str, Any] = {"account": "a", "title": "x"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_without_what_it_must_have_names_the_field(rules: Rules, kind: str) -> None:
    needed = [f for f in KINDS[kind].fields.values() if f.required]
    with pytest.raises(Missing) as refused:
        rules.complete(kind, {}, {})
    assert refused.value.field in [field.name for field in needed]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_record_must_have_cannot_be_emptied(rules: Rules, kind: str) -> None:
    stands = stored(kind, account_id="a")
    for name, field in KINDS[kind].fields.items():
        if field.fixed or field.many or not (field.required or field.default is not None):
            continue
        if field.type == "ref" and kind in ("review", "plan", "objective"):
            continue  # they stay with their account
        if (kind, name) in (("deal", "stage"), ("deal", "opened_on"), ("purchase", "purchased_on")):
            continue  # tested with their kinds
        with pytest.raises(Invalid, match="cannot be empty"):
            rules.complete(kind, {name: None}, stands)


def test_the_present_has_happened_and_the_next_second_has_not(rules: Rules) -> None:
    assert rules.complete("log", CALL, {})["at"] == NOW
    with pytest.raises(Invalid, match="in the future"):
        rules.complete("log", {**CALL, "at": "2026-11-22T09:00:01Z"}, {})
    review = {"account": "a", "held_on": "2026-11-22"}
    assert rules.complete("review", review, {}) == review
    with pytest.raises(Invalid, match="held on Mon 23 Nov 2026 is in the future"):
        rules.complete("review", {**review, "held_on": "2026-11-23"}, {})


def test_what_nobody_typed_is_taken_as_it_is(rules: Rules) -> None:
    later = {**CALL, "at": "2026-11-22T09:05:00Z"}
    assert rules.complete("log", {**later, "id": "7"}, {})["at"] == later["at"]
    assert rules.complete("log", {"at": later["at"]}, stored("log", **CALL), typed=False)
    with pytest.raises(Invalid):
        rules.complete("log", {**later, "id": "7"}, stored("log", **CALL))
    past = {"snoozed_until": "2026-01-01"}
    assert rules.complete("account", past, stored("account", name="x"), typed=False) == past
    won = {**DEAL, "stage": "won", "opened_on": "2026-11-01", "closed_on": "2026-11-23"}
    assert rules.complete("deal", {**won, "id": "7"}, {})["closed_on"] == "2026-11-23"


@pytest.mark.parametrize(
    ("kind", "direction"),
    [("email", "out"), ("ticket", "in"), ("survey", "in"), ("call", None), ("note", None)],
)
def test_who_came_to_whom_goes_without_saying(rules: Rules, kind: str, direction: Any) -> None:
    assert rules.complete("log", {**CALL, "kind": kind}, {})["direction"] == direction
    said = rules.complete("log", {**CALL, "kind": kind, "direction": "in"}, {})
    assert said["direction"] == "in"
    # A change of something else does not affect it, and an export has it.
    assert "direction" not in rules.complete("log", {"outcome": "x"}, stored("log", **CALL))
    assert "direction" not in rules.complete("log", {**CALL, "kind": kind, "id": "7"}, {})


@pytest.mark.parametrize("score", [0, 10])
def test_a_survey_has_a_score(rules: Rules, score: int) -> None:
    given = {**CALL, "kind": "survey", "score": score}
    assert rules.complete("log", given, {})["score"] == score


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"kind": "survey", "score": 11}, "score 11"),
        ({"kind": "survey", "score": -1}, "score -1"),
        ({"kind": "survey", "score": 5}, "score 5 may be NPS .* or CSAT"),
        ({"kind": "survey", "score": 0, "scale": "csat"}, "score 0 is not from 1 to 5"),
        ({"kind": "note", "attempt": True}, "this is a note"),
        ({"kind": "email", "score": 5}, "this is an email"),
        ({"kind": "demo", "resolved_at": NOW}, "this is a demo"),
        ({"kind": "ticket", "resolved_at": "2026-11-22T08:59:59Z"}, "before the ticket came"),
    ],
)
def test_what_a_log_cannot_be(rules: Rules, given: dict[str, Any], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        rules.complete("log", {**CALL, **given}, {})


def test_a_score_with_one_reading_has_its_scale(rules: Rules) -> None:
    def scale(**given: Any) -> object:
        return rules.complete("log", {**CALL, "kind": "survey", **given}, {})["scale"]

    assert [scale(score=score) for score in (0, 6, 10)] == ["nps"] * 3
    assert scale(score=5, scale="csat") == "csat"
    assert scale(score=5, scale="nps") == "nps"


def test_a_score_that_is_brought_back_is_read_as_it_was_read_before(rules: Rules) -> None:
    def scale(score: int, summary: str) -> object:
        given = {**CALL, "kind": "survey", "score": score, "summary": summary}
        return rules.complete("log", given, {}, typed=False)["scale"]

    assert [scale(4, "CSAT: fine"), scale(4, "Fine"), scale(8, "csat")] == ["csat", "nps", "nps"]


def test_an_outcome_says_whether_anybody_was_reached(rules: Rules) -> None:
    def attempt(kind: str, current: Any = None, **given: Any) -> object:
        written = {**CALL, "kind": kind, **given} if current is None else given
        return rules.complete("log", written, current or {}).get("attempt")

    assert [attempt("call", outcome=said) for said in ("Busy", "no_show", "sold")] == [
        *(True, True, None)
    ]
    assert attempt("email", outcome="no answer") is None
    assert attempt("call", outcome="busy", attempt=False) is False
    reached = stored("log", **CALL, outcome="busy", attempt=True)
    assert attempt("call", reached, outcome="sold") is False
    assert attempt("call", stored("log", **CALL, attempt=True), outcome="sold") is None


def test_a_change_is_judged_with_what_stands(rules: Rules) -> None:
    survey = stored("log", **{**CALL, "kind": "survey", "score": 9, "scale": "nps"})
    with pytest.raises(Invalid, match="only a survey has one"):
        rules.complete("log", {"kind": "call"}, survey)
    assert rules.complete("log", {"kind": "call", "score": None}, survey)["kind"] == "call"
    ticket = stored("log", **{**CALL, "kind": "ticket", "resolved_at": NOW})
    assert rules.complete("log", {"resolved_at": NOW}, ticket) == {"resolved_at": NOW}


def test_a_new_due_day_begins_a_new_series(rules: Rules) -> None:
    task = stored("task", text="x", due="2026-12-01", first_due="2026-08-31", every="1m")
    assert rules.complete("task", {"due": "2026-12-05"}, task)["first_due"] is None
    assert "first_due" not in rules.complete("task", {"text": "y"}, task)
    kept = rules.complete("task", {"due": "2026-12-05", "first_due": "2026-10-05"}, task)
    assert kept["first_due"] == "2026-10-05"


def test_a_snooze_ends_after_today(rules: Rules) -> None:
    task = stored("task", text="x")
    tomorrow = {"snoozed_until": "2026-11-23"}
    assert rules.complete("task", tomorrow, task) == tomorrow
    with pytest.raises(Invalid, match="not later than today"):
        rules.complete("task", {"snoozed_until": "2026-11-22"}, task)
    with pytest.raises(Invalid, match="is already done"):
        rules.complete("task", tomorrow, stored("task", text="x", done_at=NOW))
    assert rules.complete("task", {"snoozed_until": None}, task) == {"snoozed_until": None}


def test_a_repeating_task_that_is_done_is_followed(rules: Rules) -> None:
    task = stored("task", text="x", account_id="a", due="2026-11-20", every="1w", owed_by="them")
    following = rules.following("task", task, {**task, "done_at": NOW})
    assert following is not None
    assert following["account"] == "a"
    assert following["owed_by"] == "them"
    assert (following["due"], following["first_due"]) == ("2026-11-29", "2026-11-20")
    assert following["done_at"] is None
    assert rules.following("task", task, task) is None
    once = {**task, "every": None}
    assert rules.following("task", once, {**once, "done_at": NOW}) is None
    done = {**task, "done_at": NOW}
    assert rules.following("task", done, done) is None
    assert rules.following("log", {}, {}) is None


def test_the_period_of_a_promise_does_not_end_before_it_begins(rules: Rules) -> None:
    span = {"starts_on": "2026-10-01", "ends_on": "2026-12-31"}
    kept = stored("commitment", **span, week="2026-11-16", amount=5, currency="SGD")
    with pytest.raises(Invalid, match="before it begins"):
        rules.complete("commitment", {"ends_on": "2026-09-30"}, kept)


def test_an_open_deal_may_be_left_out_of_the_forecast_without_a_reason(rules: Rules) -> None:
    open_deal = stored(
        "deal", title="x", stage="proposal", category="best-case", opened_on="2026-11-01"
    )
    assert rules.complete("deal", {"category": "omitted"}, open_deal) == {"category": "omitted"}
    with pytest.raises(Invalid, match="lost reason is missing"):
        rules.complete("deal", {"stage": "lost"}, {**open_deal, "category": "omitted"})


def test_a_deal_that_was_open_is_not_lost_without_a_reason(rules: Rules) -> None:
    open_deal = stored(
        "deal", title="x", stage="proposal", category="best-case", opened_on="2026-11-01"
    )
    with pytest.raises(Invalid, match="lost reason is missing"):
        rules.complete("deal", {"stage": "lost"}, open_deal)
    lost = rules.complete("deal", {"stage": "lost", "lost_reason": "Price"}, open_deal)
    assert (lost["closed_on"], lost["lost_reason"]) == ("2026-11-22", "Price")
    # Known before it was lost, or lost before it was known.
    assert rules.complete("deal", {"stage": "lost"}, {**open_deal, "lost_reason": "Price"})
    assert rules.complete("deal", {**DEAL, "stage": "lost"}, {})["category"] == "omitted"
    stands = {**open_deal, **lost, "lost_reason": None}
    assert rules.complete("deal", {"owner": "Kim"}, stands)["owner"] == "Kim"


def test_only_a_purchase_can_be_below_zero(rules: Rules) -> None:
    for kind, values, name in (
        ("deal", DEAL, "amount"),
        ("item", {"deal": "d", "account": "a", "product": "p"}, "unit_price"),
        ("product", {"name": "x"}, "price"),
    ):
        assert rules.complete(kind, {**values, name: 0}, {})[name] == 0
        with pytest.raises(Invalid, match="below zero"):
            rules.complete(kind, {**values, name: -1}, {})
    assert rules.complete("purchase", {"account": "a", "amount": -500}, {})["amount"] == -500


def test_a_line_has_a_quantity(rules: Rules) -> None:
    item = {"deal": "d", "account": "a", "product": "p"}
    assert rules.complete("item", {**item, "quantity": 0.5}, {})["quantity"] == 0.5
    for quantity in (0, -1):
        with pytest.raises(Invalid, match="above zero"):
            rules.complete("item", {**item, "quantity": quantity}, {})


def test_what_was_said_of_one_account_stays_there(rules: Rules) -> None:
    for kind in ("review", "plan", "objective"):
        stands = stored(kind, account_id="a")
        assert rules.complete(kind, {"account": "a"}, stands) == {"account": "a"}
        with pytest.raises(Invalid, match="stays with its account"):
            rules.complete(kind, {"account": "b"}, stands)


def test_what_must_be_in_order(rules: Rules) -> None:
    review = {"account": "a", "held_on": "2026-11-20"}
    assert rules.complete("review", {**review, "next_review": "2026-11-21"}, {})
    with pytest.raises(Invalid, match="not after the review itself"):
        rules.complete("review", {**review, "next_review": "2026-11-20"}, {})
    link = {"contact": "c", "account": "a", "from_on": "2026-01-01"}
    assert rules.complete("affiliation", {**link, "to_on": "2026-01-01"}, {})
    with pytest.raises(Invalid, match="after it ends"):
        rules.complete("affiliation", {**link, "to_on": "2025-12-31"}, {})
    with pytest.raises(Invalid, match="least is 1"):
        rules.complete("account", {"name": "x", "cadence_days": 0}, {})
    assert rules.complete("account", {"name": "x", "cadence_days": 1}, {})


def test_two_that_are_not_the_same_are_two(rules: Rules) -> None:
    for kind, name in (("distinct_account", "account"), ("distinct_contact", "contact")):
        assert rules.complete(kind, {name: "a", "other": "b"}, {})
        with pytest.raises(Invalid, match="the same record"):
            rules.complete(kind, {name: "a", "other": "a"}, {})


def test_a_saved_list_has_filters_that_can_be_read() -> None:
    def refuse(kind: str, words: str) -> object:
        raise Invalid(f"{kind}: {words}!")

    strict = Rules(today=date(2026, 11, 22), now=NOW, config=CONFIG, check_filters=refuse)
    with pytest.raises(Invalid, match="account: nonsense!"):
        strict.complete("segment", {"name": "x", "filters": "nonsense"}, {})


def test_an_objective_and_a_purchase_are_completed(rules: Rules) -> None:
    objective = rules.complete("objective", {"account": "a", "text": "x", "state": "met"}, {})
    assert objective["closed_on"] == "2026-11-22"
    bought = rules.complete("purchase", {"account": "a", "amount": 1, "recurring": "yearly"}, {})
    assert (bought["starts_on"], bought["ends_on"]) == ("2026-11-22", "2027-11-21")


def test_a_member_of_a_campaign_is_a_person_or_an_account(rules: Rules) -> None:
    for name in ("contact", "account"):
        assert rules.complete("campaign_member", {"campaign": "c", name: "x"}, {})
    with pytest.raises(Invalid, match=r"a person \(contact\) or an account: give one"):
        rules.complete("campaign_member", {"campaign": "c"}, {})
    there = stored("campaign_member", campaign_id="c", contact_id="x", account_id=None)
    with pytest.raises(Invalid):
        rules.complete("campaign_member", {"contact": None}, there)


def test_a_campaign_does_not_end_before_it_starts(rules: Rules) -> None:
    days = {"starts_on": "2026-02-01", "ends_on": "2026-01-31"}
    with pytest.raises(Invalid, match="ends on Sat 31 Jan 2026, before it starts: Sun 1 Feb 2026"):
        rules.complete("campaign", {"name": "Push", **days}, {})
    there = stored("campaign", name="Push", starts_on="2026-02-01")
    with pytest.raises(Invalid, match="before it starts"):
        rules.complete("campaign", {"ends_on": "2026-01-31"}, there)


def test_a_name_like_a_number_is_taken_only_from_where_it_stood_already(rules: Rules) -> None:
    with pytest.raises(Invalid, match=r'cannot be called "B-0004".* as "B 0004"'):
        rules.complete("account", {"name": "B-0004"}, {})
    with pytest.raises(Invalid, match="account numbers look like that"):
        rules.complete("account", {"aliases": ("Tri", "B-0004")}, stored("account", name="Acme"))
    # A merge, and an export of a book in which it is called so.
    merged = {"aliases": ("B-0004",)}
    assert rules.complete("account", merged, stored("account"), typed=False) == merged
    exported = {"id": "1", "name": "B-0004"}
    assert rules.complete("account", exported, {}) == exported
