"""What is at stake at the accounts of the agenda, compared with the largest of the book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    worths: list[tuple[int, str, str, str]] = []  # worth, currency, account, deal
    for deal in facts.deals:
        if deal.amount and deal.currency and deal.amount > 0:
            chance = 100 if deal.probability is None else min(max(deal.probability, 0), 100)
            worth = figures.nearest(deal.amount * chance / 100)
            worths.append((worth, deal.currency, deal.account_id, deal.id))
    for contract in needing:
        currency = contract.facts.currency
        if contract.worth and currency and contract.worth > 0:
            worths.append((contract.worth, currency, contract.facts.account_id, ""))
    for order in facts.orders:
        if order.amount and order.currency and order.amount > 0:
            worths.append((order.amount, order.currency, order.account_id, ""))
    base, rates = config["rates.base"], config.rates
    compared: list[tuple[str, int]] = []
    for worth, currency, *_ in worths:
        inside = figures.convert(worth, currency, base, rates) if base else None
        compared.append((currency, worth) if inside is None else (base, inside))
    largest: dict[str, int] = {}
    times: dict[str, int] = {}
    for within, value in compared:
        largest[within] = max(largest.get(within, 0), value)
        times[within] = times.get(within, 0) + 1
    span = config.weight("agenda.money_span", MONEY_SPAN)
    of_accounts: dict[str, Stake] = {}
    shares: dict[str, float] = {}
    for (within, value), (worth, currency, account_id, deal_id) in zip(
        compared, worths, strict=True
    ):
        if not largest[within] or (within != base and times[within] < LEAST_AMOUNTS):
            continue
        share = value / largest[within]
        if deal_id:
            shares[deal_id] = share
        if account_id not in of_accounts or share > of_accounts[account_id].share:
            of_accounts[account_id] = Stake(worth, currency, share, span)
    return Stakes(of_accounts, shares)
