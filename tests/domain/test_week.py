"""The judgement of a week: groups, figures and which days are compared."""

from __future__ import annotations

from datetime import date

from acctcli.domain import week
from acctcli.values.periods import Period

WEEK = Period(date(2026, 11, 16), date(2026, 11, 22), "2026-11-16..2026-11-22")


def talk(
    id: str, account: str, *, kind: str = "call", at: str = "2026-11-17", **more: object
) -> week.Talk:
    facts = {
        "direction": "out",
        "attempt": False,
        "two_way": True,
        "duration": None,
        "summary": f"said {id}",
        "people": None,
        **more,
    }
    return week.Talk._make(
        (
            *(id, account.lower(), account, kind, facts["direction"], facts["attempt"]),
            *(facts["two_way"], f"{at}T09:00:00Z", at, facts["duration"]),
            *(facts["summary"], facts["people"]),
        )
    )


def change(deal: str, field: str, old: str | None, new: str | None, day: str) -> week.Change:
    return week.Change._make(
        (deal, "acme", "Acme", f"Deal {deal}", "proposal", 100, "USD", day, field, old, new, None)
    )


def promise(due: str, done: str | None) -> week.DuePromise:
    return week.DuePromise._make((due, "acme", "Acme", "Send it", "us", due, None, done, None))


def test_attempts_are_no_talks() -> None:
    talks = [
        talk("1", "Acme", duration=30, people="Ana\nBo"),
        talk("2", "Acme", kind="email", two_way=False, at="2026-11-18", people="Ana"),
        talk("3", "Beta", attempt=True, two_way=False),
    ]
    assert week.spoken(talks).as_dict() == {
        "interactions": 2,
        "two_way": 1,
        "accounts": 1,
        "attempts": 1,
        "minutes": 30,
    }
    (acme,) = week.talked(talks)
    assert (acme.kinds, acme.people) == ([("call", 1), ("email", 1)], ["Ana", "Bo"])
    assert acme.last.summary == "said 2"


def test_who_was_really_talked_to_comes_first() -> None:
    mails = [talk(str(n), "Mails", kind="email", two_way=False) for n in range(5)]
    found = week.talked([*mails, talk("6", "Called"), talk("7", "Also")])
    assert [one.account for one in found] == ["Also", "Called", "Mails"]


def test_a_field_moves_from_its_first_value_to_its_last() -> None:
    changes = [
        change("a", "stage", "qualification", "proposal", "2026-11-16"),
        change("a", "stage", "proposal", "negotiation", "2026-11-18"),
        change("b", "close_date", "2026-12-01", "2026-12-15", "2026-11-20"),
        change("c", "amount", "100", "200", "2026-11-17"),
        change("c", "amount", "200", "100", "2026-11-19"),
    ]
    found = week.moved(changes)
    assert [one.deal.deal_id for one in found] == ["b", "a"]
    assert found[1].fields == {"stage": ("qualification", "negotiation")}


def test_what_becomes_of_a_promise() -> None:
    due = [
        promise("2026-11-16", "2026-11-16"),
        promise("2026-11-17", "2026-11-18"),
        promise("2026-11-18", None),
        promise("2026-11-19", None),  # today: it can still be kept
        promise("2026-11-20", "2026-11-17"),  # ahead of time
        promise("2026-11-21", None),
        promise("2026-11-15", None),  # not of this week
    ]
    found = week.promises(due, WEEK, date(2026, 11, 19))
    assert [len(part) for part in (found.kept, found.late, found.missed)] == [2, 1, 1]
    assert (found.due, found.on_time) == (4, None)  # of so few
    found = week.promises([*due, promise("2026-11-16", "2026-11-16")], WEEK, date(2026, 11, 19))
    assert (found.due, found.on_time) == (5, 60.0)


def test_no_promise_has_no_share() -> None:
    assert week.promises([], WEEK, date(2026, 11, 19)).on_time is None


def test_a_week_is_compared_as_far_as_it_has_come() -> None:
    assert week.before(WEEK, date(2026, 11, 18)) == (date(2026, 11, 9), date(2026, 11, 11))
    assert week.before(WEEK, WEEK.end) == (date(2026, 11, 9), date(2026, 11, 15))


def test_ahead_is_the_rest_of_this_week_and_the_next_one() -> None:
    assert week.ahead(WEEK, date(2026, 11, 20)) == (date(2026, 11, 20), date(2026, 11, 29))
    assert week.ahead(WEEK, date(2026, 11, 22)) == (date(2026, 11, 22), date(2026, 11, 29))
    # Of a week that is over: the seven days after it.
    assert week.ahead(WEEK, date(2026, 12, 10)) == (date(2026, 11, 23), date(2026, 11, 29))


def test_amounts_are_summed_by_currency() -> None:
    found = week.totals([(100, "EUR"), (5, "USD"), (None, "GBP"), (7, None), (20, "USD")])
    assert list(found.items()) == [("USD", 25), ("EUR", 100)]
