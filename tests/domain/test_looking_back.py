"""Looking back: the forecast of the first day against the same deals, and the rest apart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.test_asof import (
    FIRST,
    OUTCOMES,
    Life,
    change,
    day,
    deal,
    history,
    lives,
)

from acctcli.config import STAGES
from acctcli.domain.asof import History
from acctcli.domain.looking_back import Retrospect, looking_back
from acctcli.values.periods import Period

PERIOD = Period(FIRST + timedelta(days=10), FIRST + timedelta(days=20), "")


@given(st.lists(lives(), max_size=4), st.integers(1, 19))
def test_a_forecast_looking_back_knows_nothing_of_what_came_after(
    book: list[Life], start: int
) -> None:
    """Today's book gives the same result as the book on the day before."""
    period = Period(FIRST + timedelta(days=start), FIRST + timedelta(days=start + 20), "")
    before = day(start - 1)
    now = [history(life.deal, *life.changes) for life in book]
    then = []
    for life in book:
        if before in life.seen:
            changes = [change for change in life.changes if change.day <= before]
            stood, opened = life.seen[before], life.deal.opened_on
            ended = (
                [c.day for c in changes if c.field == "stage"] if stood.stage in OUTCOMES else []
            )
            category = next(stage.category for stage in STAGES if stage.name == stood.stage)
            closed_on = max(ended, default=opened) if stood.stage in OUTCOMES else None
            was = deal(**stood._asdict(), category=category, opened_on=opened, closed_on=closed_on)
            then.append(history(was, *changes))

    def forecast(known: list[History]) -> list[tuple[int, int]]:
        found = looking_back(known, known, period, STAGES)
        return [(line.deals, line.forecast) for line in found if line.deals]

    assert forecast(now) == forecast(then)


def seen(id: str, close: int, **given: Any) -> History:
    """A deal at proposal from the first day, to close on a day, and perhaps won since."""
    won = given.pop("won", None)
    changes = list(given.pop("changes", ()))
    if won is not None:
        given |= {"stage": "won", "category": "closed", "closed_on": day(won)}
        changes.append(change("stage", "proposal", "won", won, id))
    return history(deal(id=id, close_date=day(close), **given), *changes)


def test_like_is_compared_with_like_and_the_rest_stands_apart() -> None:
    pushed = [change("close_date", day(15), day(40), 12, "4")]
    book = [
        seen("1", 15, won=18),
        seen("2", 15, won=None),
        seen("3", 40, won=19, amount=70),  # should have closed later
        seen("4", 40, changes=pushed, amount=30),  # should have closed in the period
        seen("5", 15, won=20, opened_on=day(11), amount=5),
    ]
    (found,) = looking_back(book, book, PERIOD, STAGES)
    assert found.deals == 3  # 1, 2 and 4, at 60 % of 100, 100 and 30
    assert found.forecast == 138
    assert found.became == 100
    assert found.opened_since == (1, 5)
    assert found.pulled_in == (1, 70)
    assert found.pushed_out == (2, 130)  # 2 is open still, 4 was moved
    assert (found.error, found.accuracy) == (None, None)  # three deals say nothing


def test_a_known_deal_without_an_amount_counts_with_the_average() -> None:
    book = [seen("1", 5, won=5, amount=400), seen("2", 15, amount=None, currency=None)]
    (found,) = looking_back(book, book, PERIOD, STAGES)
    # Odds 1.22 times those of the defaults explain that a deal at proposal was won: a prior of
    # 64.7 %. One of one was won there: (1 + 6.47) / 11 of 400.
    assert (found.deals, found.forecast) == (1, 272)


def test_a_deal_without_a_currency_counts_in_the_usual_one_wherever_it_comes() -> None:
    book = [seen("1", 15, amount=400), seen("2", 15, amount=None, currency=None, won=15)]
    for known in (book, book[::-1]):
        (found,) = looking_back(known, known, PERIOD, STAGES)
        assert (found.currency, found.deals) == ("SGD", 1)
        assert found.pulled_in == (1, 0)  # nobody knows what such a deal is worth


def imported(id: str, opened: int, closed: int, outcome: str, amount: int | None = 100) -> History:
    category = "closed" if outcome == "won" else "omitted"
    made = deal(
        **{"id": id, "stage": outcome, "category": category, "amount": amount},
        **{"opened_on": day(opened), "closed_on": day(closed), "close_date": day(closed)},
    )
    return history(made, change("stage", None, outcome, closed, id))


def book_of(lost: int | None) -> list[History]:
    """Ten deals closed before the period (8 won in 5 days each), and six known on its day."""
    before = [imported(f"w{n}", 0, 5, "won") for n in range(8)]
    before += [imported(f"l{n}", 0, 5, "lost", lost) for n in range(2)]
    known = [imported(f"k{n}", 8, 12, "won", 400) for n in range(3)]
    known += [imported(f"m{n}", 8, 12, "lost", lost) for n in range(3)]
    return before + known


@pytest.mark.parametrize("lost", [None, 0])
def test_an_amount_that_only_winning_brought_is_not_known_beforehand(lost: int | None) -> None:
    book = book_of(lost)
    (found,) = looking_back(book, book, PERIOD, STAGES)
    # Six deals at the base rate, (8 + 10 * 0.4) / (10 + 10), of the 100 that won deals brought
    # until then.
    assert (found.deals, found.estimated, found.forecast) == (6, 6, 360)
    assert (found.became, found.error, found.accuracy) == (1200, 233.33, 30)


def test_known_amounts_are_used_where_lost_deals_have_them_too() -> None:
    book = book_of(300)
    (found,) = looking_back(book, book, PERIOD, STAGES)
    assert found.forecast == round(0.6 * (3 * 400 + 3 * 300))


def test_an_error_and_an_accuracy_need_five_deals() -> None:
    def found(deals: int, forecast: int, became: int) -> Retrospect:
        return Retrospect("SGD", deals, 0, forecast, became, (0, 0), (0, 0), (0, 0), 5)

    assert (found(5, 200, 150).error, found(5, 200, 150).accuracy) == (-25, 66.67)
    assert (found(4, 200, 150).error, found(4, 200, 150).accuracy) == (None, None)
    assert (found(5, 0, 150).error, found(5, 0, 150).accuracy) == (None, 0)
    assert (found(5, 200, 0).error, found(5, 200, 0).accuracy) == (-100, None)
