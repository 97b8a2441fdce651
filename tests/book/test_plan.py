"""The plan of an account, and changes of it."""

from __future__ import annotations

import pytest

from acctcli.book import plan
from acctcli.book.context import Context
from acctcli.errors import Conflict, Invalid
from acctcli.store import records


@pytest.fixture
def account(context: Context) -> str:
    """An account with a plan of two objectives, one of them overdue."""
    aims = [{"text": "Second champion"}, {"text": "Pilot signed", "due": "2026-11-05"}]
    with context.write() as tx:
        id = records.insert(tx, "account", {"name": "GreenTech"}, {})
        plan.write(context, tx, id, plan.Changes({"goals": "Second team"}, {}, aims))
    return id


def write(context: Context, account: str, changes: plan.Changes) -> plan.Written:
    with context.write() as tx:
        return plan.write(context, tx, account, changes)


def ids(context: Context, account: str) -> dict[str, str]:
    with context.read() as con:
        return {row["text"]: id for id, row in plan.stands(con, account)[1].items()}


def test_the_page_has_the_overdue_ones_first_and_how_far_it_has_come(
    context: Context, account: str
) -> None:
    with context.read() as con:
        data = plan.whole_page(context, con, account)
        rows = plan.in_order(plan.stands(con, account)[1])
    assert (data["name"], data["goals"], data["strategy"]) == ("GreenTech", "Second team", None)
    shown = [(one["text"], one["overdue"]) for one in data["objectives"]]
    assert shown == [("Pilot signed", True), ("Second champion", False)]
    assert data["progress"] == {"met": 0, "of": 2, "overdue": 1}
    assert [row["text"] for row in rows] == ["Pilot signed", "Second champion"]


def test_changes_say_what_they_did_and_to_which_objectives(context: Context, account: str) -> None:
    there = ids(context, account)
    changes = plan.Changes(
        {"goals": None},
        {there["Pilot signed"]: {"state": "met"}},
        [{"text": "Reference", "due": "2026-12-04"}],
        [there["Second champion"]],
    )
    written = write(context, account, changes)
    assert written.said == [
        "emptied goals",
        'met "Pilot signed"',
        'deleted "Second champion"',
        'added "Reference", due Fri 4 Dec',
    ]
    now = ids(context, account)
    assert list(written.objectives) == [now["Pilot signed"], now["Reference"]]
    again = write(context, account, changes.replace(added=(), removed=()))
    assert again.said == []


def test_an_objective_is_named_for_one_state(context: Context, account: str) -> None:
    pilot = ids(context, account)["Pilot signed"]
    with context.read() as con:
        assert plan.states(con, account, {"met": ["pilot"]}) == {pilot: {"state": "met"}}
        with pytest.raises(Invalid, match="is given two states"):
            plan.states(con, account, {"met": ["pilot"], "dropped": ["Pilot signed"]})


def test_what_was_shown_and_changed_since_is_not_written_over(
    context: Context, account: str
) -> None:
    with context.read() as con:
        texts, objectives = plan.stands(con, account)
    pilot = ids(context, account)["Pilot signed"]
    write(context, account, plan.Changes({"goals": "Third team"}, {pilot: {"state": "met"}}, ()))

    def check(changes: plan.Changes) -> None:
        with context.read() as con:
            plan.refuse_overtaken(con, account, texts, objectives, changes)

    check(plan.Changes({"strategy": "Start small"}, {}, ()))
    check(plan.Changes({}, {pilot: {"text": "Pilot"}}, ()))
    for changes in (
        plan.Changes({"goals": "None"}, {}, ()),
        plan.Changes({}, {pilot: {"state": "dropped"}}, ()),
        plan.Changes({}, {}, (), [pilot]),
    ):
        with pytest.raises(Conflict, match="was changed meanwhile"):
            check(changes)
    write(context, account, plan.Changes({}, {}, (), [pilot]))
    with pytest.raises(Conflict, match="was deleted meanwhile"):
        check(plan.Changes({}, {}, (), [pilot]))
