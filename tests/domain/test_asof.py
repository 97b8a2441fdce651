"""Deals read backwards through their history: any day, against notes taken on it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from acctcli.config import STAGES, Stage
from acctcli.domain import funnel, movement
from acctcli.domain.asof import (
    ChangeFacts,
    DealFacts,
    History,
    histories,
    in_currency,
    standing,
    standings,
)

FIRST = date(2026, 1, 1)
NAMES = [stage.name for stage in STAGES]
OUTCOMES = {"won": "won", "lost": "lost"}


def day(number: int) -> str:
    return (FIRST + timedelta(days=number)).isoformat()


def deal(**given: Any) -> DealFacts:
    known = {
        **{"id": "1", "account": "GreenTech", "account_id": "a", "title": "Rollout"},
        **{"stage": "proposal", "category": "best-case", "amount": 100, "currency": "SGD"},
        **{"close_date": None, "opened_on": day(0), "closed_on": None, "owner": None, "tier": None},
        **{"type": None, "probability": None},
        **given,
    }
    return DealFacts(**known)


def change(field: str, old: str | None, new: str | None, on: int, id: str = "1") -> ChangeFacts:
    return ChangeFacts(id, day(on), field, old, new)


def history(found: DealFacts, *changes: ChangeFacts) -> History:
    (one,) = histories([found], changes, STAGES)
    return one


class Seen(NamedTuple):
    """The state of the book at the end of a day."""

    stage: str
    amount: int | None
    close_date: str | None


class Life(NamedTuple):
    """A deal, its changes, and the state of the book at the end of each day since it was opened."""

    deal: DealFacts
    changes: list[ChangeFacts]
    seen: dict[str, Seen]


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Draw a deal that is changed on some days, as the store would keep it."""
    opened = draw(st.integers(0, 10))
    now = Seen(draw(st.sampled_from(NAMES[:5])), draw(st.none() | st.integers(0, 99)), None)
    changes: list[ChangeFacts] = []
    seen: dict[str, Seen] = {}
    closed_on = None
    for number in range(opened, 20):
        for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
            field = draw(st.sampled_from(["stage", "amount", "close_date"]))
            values: dict[str, st.SearchStrategy[Any]] = {
                "stage": st.sampled_from(NAMES),
                "amount": st.none() | st.integers(0, 99),
                "close_date": st.none() | st.integers(0, 99).map(day),
            }
            new = draw(values[field])
            old = getattr(now, field)
            if new != old:
                was, is_now = (None if value is None else str(value) for value in (old, new))
                changes.append(change(field, was, is_now, number))
                now = now._replace(**{field: new})
                if field == "stage":
                    closed_on = day(number) if new in OUTCOMES else None
        seen[day(number)] = now
    category = next(stage.category for stage in STAGES if stage.name == now.stage)
    made = deal(**now._asdict(), category=category, opened_on=day(opened), closed_on=closed_on)
    return Life(made, changes, seen)


@given(lives())
def test_every_day_is_as_the_book_was_at_its_end(life: Life) -> None:
    known = history(life.deal, *life.changes)
    for on, seen in life.seen.items():
        found = standing(known, on)
        assert found
        assert (found.stage, found.amount, found.close_date) == seen
        assert found.outcome == OUTCOMES.get(seen.stage, "open")
        assert not found.hindsight
    assert standing(known, day(-1)) is None


@given(st.lists(lives(), max_size=4))
def test_as_of_today_the_pipeline_is_the_pipeline(book: list[Life]) -> None:
    deals = [life.deal for life in book]
    known = [history(life.deal, *life.changes) for life in book]
    then = [(s.stage, s.amount) for s in standings(known, day(30)) if s.outcome == "open"]
    assert then == [(d.stage, d.amount) for d in deals if d.closed_on is None]


@given(st.lists(lives(), max_size=4), st.integers(0, 30))
def test_whoever_entered_a_stage_got_on_was_lost_or_is_still_there(
    book: list[Life], on: int
) -> None:
    known = [history(life.deal, *life.changes) for life in book]
    for passage in funnel.passages(known, day(on), STAGES):
        assert passage.entered == passage.onward + passage.lost + passage.still
        assert passage.won <= passage.closed <= passage.entered
        assert len(passage.won_days) <= len(passage.days) <= passage.entered
        assert all(days >= 0 for days in passage.days)


def test_a_deal_that_came_in_closed_was_open_in_the_first_stage() -> None:
    imported = deal(stage="won", category="closed", closed_on=day(9), close_date=day(9))
    known = history(imported, change("stage", None, "won", 9))
    before, after = standing(known, day(8)), standing(known, day(9))
    assert before
    assert after
    assert (before.stage, before.outcome, before.hindsight) == ("prospecting", "open", True)
    assert (after.stage, after.outcome, after.hindsight) == ("won", "won", False)


def test_a_win_that_is_dated_back_ends_what_was_written_down_later() -> None:
    won = deal(stage="won", category="closed", closed_on=day(5))
    moved = change("stage", "proposal", "negotiation", 8)
    known = history(won, moved, change("stage", "negotiation", "won", 8))
    found = [standing(known, day(n)) for n in (4, 5, 9)]
    assert [one and one.outcome for one in found] == ["open", "won", "won"]


def test_a_stage_that_the_settings_no_longer_have_is_open() -> None:
    known = history(deal(), change("stage", "demo", "proposal", 4))
    found = standing(known, day(2))
    assert found
    assert (found.stage, found.outcome) == ("demo", "open")


def test_in_one_currency_amounts_are_converted_with_their_history() -> None:
    euros = history(deal(amount=200, currency="EUR"), change("amount", "100", "200", 4))
    bare = history(deal(id="2", amount=None, currency=None))
    yen = history(deal(id="3", amount=7, currency="JPY"))
    found = in_currency([euros, bare, yen], "SGD", {"EUR": "1.5"})
    assert [(one.deal.amount, one.deal.currency) for one in found] == [
        (300, "SGD"),
        (None, "SGD"),
        (7, "JPY"),
    ]
    assert [(c.old, c.new) for c in found[0].changes] == [("150", "300")]
    before = standing(found[0], day(2))
    assert before
    assert before.amount == 150


# What happened since a day


def told(known: History, since: int) -> list[tuple[Any, ...]]:
    found = movement.since([known], FIRST + timedelta(days=since), FIRST + timedelta(days=30))
    return [(one.what, one.day, one.old, one.new, one.pushes) for one in found]


def test_a_close_date_that_was_moved_out_and_back_is_no_news() -> None:
    known = history(
        deal(close_date=day(40)),
        change("close_date", day(40), day(60), 3),
        change("close_date", day(60), day(40), 5),
    )
    assert told(known, 1) == []
    assert told(known, 4) == [("pulled in", day(5), day(60), day(40), 1)]


def test_pushes_are_counted_from_the_beginning() -> None:
    known = history(
        deal(close_date=day(70)),
        change("close_date", None, day(40), 1),
        change("close_date", day(40), day(60), 3),
        change("close_date", day(60), day(70), 5),
    )
    assert told(known, 5) == [("pushed", day(5), day(60), day(70), 2)]
    assert [movement.pushes(known, day(on)) for on in (2, 3, 4, 5)] == [0, 1, 1, 2]


def test_a_deal_may_be_new_and_won_and_have_grown() -> None:
    won = deal(stage="won", category="closed", closed_on=day(9), amount=150)
    changes = change("amount", "100", "150", 9), change("stage", "proposal", "won", 9)
    assert told(history(won, *changes), 0) == [
        ("won", day(9), None, "won", 0),
        ("new", day(0), None, "won", 0),
    ]
    assert told(history(won, *changes), 5) == [
        ("won", day(9), "proposal", "won", 0),
        ("grown", day(9), 100, 150, 0),
    ]


@given(lives(), st.integers(0, 30))
def test_nothing_is_told_of_a_deal_that_stands_as_it_stood(life: Life, since: int) -> None:
    known = history(life.deal, *life.changes)
    then, now = standing(known, day(since - 1)), standing(known, day(30))
    found = told(known, since)
    if then and now and then == now:
        assert found == []
    if then is None:
        assert {what for what, *_ in found} - {"won", "lost"} == {"new"}


# Time in stage, velocity, rotting

SHORT = (Stage("talk", 20, "pipeline"), Stage("won", 100, "closed"), Stage("lost", 0, "omitted"))


def closed(id: str, opened: int, ended: int, outcome: str, amount: int = 100) -> History:
    category = "closed" if outcome == "won" else "omitted"
    made = deal(
        **{"id": id, "stage": outcome, "category": category, "amount": amount},
        **{"opened_on": day(opened), "closed_on": day(ended)},
    )
    (one,) = histories([made], [change("stage", None, outcome, ended, id)], SHORT)
    return one


def test_velocity_is_deals_times_win_rate_times_average_by_cycle() -> None:
    known = [
        *(
            closed("1", 0, 10, "won", 300),
            closed("2", 0, 20, "won", 500),
            closed("3", 0, 9, "lost"),
        ),
        *histories([deal(id="4", stage="talk"), deal(id="5", stage="talk")], [], SHORT),
    ]
    (found,) = funnel.velocities(standings(known, day(30)), day(30))
    assert (found.deals, found.win_rate, found.average, found.cycle) == (2, None, 400, 15)
    assert found.per_day == 36  # 2 * 2/3 * 400 / 15 = 35.6


def test_velocity_looks_back_a_year() -> None:
    known = [closed("1", 0, 10, "won"), *histories([deal(id="4", stage="talk")], [], SHORT)]
    last, after = day(10 + funnel.WINDOW - 1), day(10 + funnel.WINDOW)
    (found,) = funnel.velocities(standings(known, last), last)
    assert found.won == 1
    (found,) = funnel.velocities(standings(known, after), after)
    assert (found.won, found.per_day) == (0, None)


def test_a_deal_rots_beyond_the_median_of_won_deals_unless_a_step_is_planned() -> None:
    won = [closed(str(n), 0, n, "won") for n in (4, 8, 10, 12, 30)]
    fresh, old = deal(id="fresh", stage="talk", opened_on=day(20)), deal(id="old", stage="talk")
    known = [*won, *histories([fresh, old], [], SHORT)]

    def rotting(
        stages: tuple[Stage, ...], planned: set[str], **touched: str
    ) -> list[tuple[str, int, float]]:
        norms = funnel.norms(funnel.passages(known, day(30), stages), stages)
        found = funnel.rotting(standings(known, day(30)), norms, planned, touched, day(30))
        return [(one.standing.deal.id, one.days, one.norm) for one in found]

    assert rotting(SHORT, set()) == [("old", 30, 10)]
    assert rotting(SHORT, {"old"}) == []
    # Who talked about it in the last 14 days knows why it stays where it is.
    assert rotting(SHORT, set(), old=day(16)) == [("old", 30, 10)]
    assert rotting(SHORT, set(), old=day(17)) == []
    known = known[1:]  # four won deals are too few to compare
    assert rotting(SHORT, set()) == []
    own = (SHORT[0].replace(days=9), *SHORT[1:])
    assert rotting(own, set()) == [("old", 30, 9)]  # the other was opened 10 days ago
