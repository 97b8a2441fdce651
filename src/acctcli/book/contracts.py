"""The contracts of the book, read with its settings; `domain.contracts` judges them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from acctcli.domain import contracts as judging
from acctcli.domain.contracts import Contract, ContractRules, RenewalDeal
from acctcli.frozen import Frozen
from acctcli.store.facts import contracts as sql
from acctcli.store.filters import Condition

if TYPE_CHECKING:
    import sqlite3

    from acctcli.config import Config


class Contracts(Frozen):
    """Contracts, by their end, and the renewal deals of their accounts, by account."""

    known: Sequence[Contract]
    deals: Mapping[str, Sequence[RenewalDeal]]

    def deal_for(self, contract: Contract) -> RenewalDeal | None:
        """Return the open deal that renews a contract; None without one."""
        return judging.renewal_deal(contract, self.deals)


def rules(config: Config) -> ContractRules:
    """Return the days of contracts from the settings."""
    return ContractRules(
        grace=config["contracts.grace_days"],
        early=config["contracts.early_days"],
        late=config["contracts.late_days"],
        window=config["today.renewal_days"],
    )


def read(
    con: sqlite3.Connection, config: Config, conditions: Sequence[Condition] = ()
) -> Contracts:
    """Return all contracts of the accounts that meet the conditions."""
    known = judging.contracts(sql.contracts(con, conditions), rules(config))
    return Contracts(known, sql.renewal_deals(con, conditions))


def ending(
    con: sqlite3.Connection,
    config: Config,
    until: date,
    conditions: Sequence[Condition] = (),
    besides: Iterable[str] = (),
) -> Contracts:
    """Return the contracts of accounts that have one ending by a day, or ended, without a next.

    Also those of the accounts `besides`. If no contract ends, nothing is read or judged.
    """
    limits = rules(config)
    days = timedelta(days=limits.early), timedelta(days=limits.grace)
    ids = {*sql.with_an_end(con, until, *days), *besides}
    if not ids:
        return Contracts([], {})
    return read(con, config, [*sql.of_accounts(sorted(ids)), *conditions])
