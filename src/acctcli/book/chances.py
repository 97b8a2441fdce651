"""The probability in force of each open deal, which every screen and the forecast have alike.

It is the deal's own, if somebody set it by hand, else the learnt win rate of its stage
(`domain.win_rates`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from acctcli.book.context import Context
from acctcli.domain import figures, win_rates
from acctcli.store import deals as sql
from acctcli.values import dates

if TYPE_CHECKING:
    import sqlite3

    from acctcli.config import Config
    from acctcli.domain.asof import History
    from acctcli.domain.win_rates import Learnt
    from acctcli.store.filters import Condition


QUICK = 5_000
"""Up to this many deals in the book, all of them are read for the page of one account.

To learn the rates takes about 15 microseconds a deal, which a page of a large book would wait for.
"""


def histories(
    context: Context, con: sqlite3.Connection, conditions: Sequence[Condition] = ()
) -> list[History]:
    """Return the deals that match, each with its history by stage."""
    from acctcli.domain import asof
    from acctcli.store.facts import deals as facts

    found = asof.histories(facts.every(con), facts.changes(con), context.config.stages)
    if not conditions:
        return found
    fitting = sql.fitting(con, conditions)
    return [history for history in found if history.deal.id in fitting]


def of_open_deals(context: Context, con: sqlite3.Connection) -> dict[str, float]:
    """Return the probability in force (0 to 1) of each open deal, by its id."""
    config = context.config
    known = histories(context, con)
    today = dates.iso(context.clock.today)
    rates = win_rates.learn(known, today, config.stages, config["forecast.prior"])
    return {
        one.deal.id: chance_of(config, one, rates) for one in known if one.deal.closed_on is None
    }


def in_percent(chances: Mapping[str, float], deal_id: str) -> float | None:
    """Return the probability in force of a deal in percent; None for a closed one."""
    chance = chances.get(deal_id)
    return None if chance is None else figures.percent(chance, 1)


def chance_of(config: Config, history: History, rates: Mapping[str, Learnt]) -> float:
    """Return the probability in force (0 to 1): the deal's own, else that of its stage."""
    own = own_chance(config, history)
    if own is not None:
        return own
    learnt = rates[business_of(history)].rate(history.deal.stage)
    return (history.deal.probability or 0) / 100 if learnt is None else learnt


def own_chance(config: Config, history: History) -> float | None:
    """Return a deal's own probability, if it is not that of its stage."""
    deal = history.deal
    stage = config.stage(deal.stage)
    if deal.probability is None or (stage is not None and deal.probability == stage.probability):
        return None
    return deal.probability / 100


def business_of(history: History) -> str:
    """Return the business of a deal: renewals and new deals are learnt apart."""
    return win_rates.business_of(history.deal.type)
