"""What is at stake at the accounts of the agenda, compared with the largest of the book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from typing import TYPE_CHECKING

from acctcli.domain import figures
from acctcli.domain.agenda_facts import AgendaFacts
from acctcli.domain.contracts import Contract
from acctcli.frozen import Frozen, FrozenRow

if TYPE_CHECKING:
    from acctcli.config import Config

MONEY_SPAN = 0.5  # the largest worth of the book counts half as much again as none
LEAST_AMOUNTS = 3  # of a currency without a rate, before its amounts are compared


class Stake(FrozenRow):
    """The largest worth at stake at an account, and what share it is of the book's largest.

    The worth of a deal is its amount times its chance, that of a contract its ARR, that of a late
    order its usual amount; `amount` is in minor units of `currency`.
    """

    amount: int
    currency: str
    share: float
    span: float = MONEY_SPAN

    @property
    def factor(self) -> float:
        """The factor of points from the money involved."""
        return 1 + self.span * sqrt(self.share)


class Stakes(Frozen):
    """The stake of each account, and of each open deal its share of the book's largest worth."""

    of_accounts: Mapping[str, Stake]
    shares: Mapping[str, float]


def stakes(facts: AgendaFacts, needing: Sequence[Contract], config: Config) -> Stakes:
    """Return what is at stake, in the base currency where rates are set.

    Without a rate, amounts are compared within their currency, and only if it has several: the
    one amount of a currency is not the largest of anything.
    """
    base, rates = config["rates.base"], config.rates
    worths: list[tuple[int, str, str, str | None, str, int]] = []
    largest: dict[str, int] = {}
    times: dict[str, int] = {}
    for amount, currency, account_id, deal_id in _amounts(facts, needing):
        if not amount or not currency or amount < 0:
            continue
        inside = figures.convert(amount, currency, base, rates) if base else None
        within, compared = (currency, amount) if inside is None else (base, inside)
        worths.append((amount, currency, account_id, deal_id, within, compared))
        largest[within] = max(largest.get(within, 0), compared)
        times[within] = times.get(within, 0) + 1
    span = config.weight("agenda.money_span", MONEY_SPAN)
    of_accounts: dict[str, Stake] = {}
    shares: dict[str, float] = {}
    for amount, currency, account_id, deal_id, within, compared in worths:
        if not largest[within] or (within != base and times[within] < LEAST_AMOUNTS):
            continue
        share = compared / largest[within]
        if deal_id:
            shares[deal_id] = share
        if account_id not in of_accounts or share > of_accounts[account_id].share:
            of_accounts[account_id] = Stake(amount, currency, share, span)
    return Stakes(of_accounts, shares)


def _amounts(
    facts: AgendaFacts, needing: Sequence[Contract]
) -> Iterator[tuple[int | None, str | None, str, str | None]]:
    """Yield the amounts at stake with their currency and account, and the deal if it is one."""
    for deal in facts.deals:
        if deal.amount and deal.amount > 0:
            chance = 100 if deal.probability is None else min(max(deal.probability, 0), 100)
            worth = figures.nearest(deal.amount * chance / 100)
            yield worth, deal.currency, deal.account_id, deal.id
    for contract in needing:
        yield contract.worth, contract.facts.currency, contract.facts.account_id, None
    for order in facts.orders:
        yield order.amount, order.currency, order.account_id, None
