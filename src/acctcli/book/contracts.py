"""The contracts of the book, read with its settings; `domain.contracts` judges them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.domain import contracts as judging
from acctcli.domain.contracts import Contract, ContractRules, RenewalDeal
from acctcli.frozen import Frozen
from acctcli.model import Row
from acctcli.store import queries
from acctcli.store.facts import contracts as sql
from acctcli.store.filters import Condition
from acctcli.values import money
from acctcli.values.dates import parse_iso_day, say_day, say_days

if TYPE_CHECKING:
    import sqlite3

    from acctcli.book.context import Context
    from acctcli.config import Config
    from acctcli.store.journal import Writing


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


def say_price(row: Row) -> str:
    """Return what a purchase costs: `36,000 SGD`, or `1,500 SGD a month, 18,000 SGD a year`.

    What recurs says how its amount is read: a yearly sum typed as a monthly one is seen at once.
    """
    amount, currency = row["amount"], row["currency"]
    price = money.say(amount, currency)
    if row["recurring"] == "none" or not row["ends_on"]:
        return price
    ends = parse_iso_day(row["ends_on"])
    starts = parse_iso_day(row["starts_on"] or row["purchased_on"])
    months = judging.whole_months(min(starts, ends), ends)
    arr = judging.yearly(amount, row["recurring"], months)
    if arr is None:
        return price
    if row["recurring"] == "monthly":
        price += " a month"
    elif months != 12:
        price += f" for {text.plural(months, 'month')}"
    else:
        return f"{price} a year"
    return f"{price}, {money.say(arr, currency)} a year"


def after_edit(context: Context, tx: Writing, changed: Mapping[str, Sequence[str]]) -> list[str]:
    """Return what a purchase that recurs costs and for how long, if an edit changed one of them."""
    ((id, names),) = changed.items()
    row = queries.get(tx.con, "purchase", context.fields("purchase"), id)
    about = {"amount", "currency", "recurring", "starts_on", "ends_on"}
    if about.isdisjoint(names) or row["recurring"] == "none":
        return []
    if row["ends_on"] is None or row["amount"] is None or row["currency"] is None:
        return []  # a damaged value
    days = say_days(row["starts_on"], row["ends_on"], context.clock.today)
    return [f"It is now {say_price(row)}, {days}."]


def says_gaps(context: Context, con: sqlite3.Connection, deals: Sequence[str]) -> list[str]:
    """Return a sentence for each renewal deal that should close after the end of its contract."""
    today = context.clock.today
    fields = context.fields("deal")
    found: list[str] = []
    for id in deals:
        row = queries.get(con, "deal", fields, id)
        if row["type"] != "renewal" or row["closed_on"] is not None or row["close_date"] is None:
            continue
        own = read(con, context.config, sql.of_accounts([row["account_id"]]))
        closes = parse_iso_day(row["close_date"])
        late = [one for one in own.known if _too_late(one, own.deal_for(one), id, closes, today)]
        if late:
            first = min(late, key=lambda one: one.end(today))
            product = f"{text.safe(first.facts.product)} " if first.facts.product else ""
            which = "the deal" if len(deals) == 1 else text.quoted(row["title"])
            ends = "renews itself after" if first.renews_itself else "ends"
            gap = "" if first.renews_itself else ": it would lapse in between"
            days = text.plural((closes - first.end(today)).days, "day")
            found.append(
                f"The {product}contract {ends} {say_day(first.end(today), today)}, "
                f"{days} before {which} closes{gap}."
            )
    return found


def _too_late(
    contract: Contract, deal: RenewalDeal | None, id: str, closes: date, today: date
) -> bool:
    """Whether a contract that runs ends before the deal `id` closes, which is to renew it."""
    runs = contract.to_renew(today) and today <= contract.end(today) < closes
    return runs and deal is not None and deal.id == id


def read(
    con: sqlite3.Connection, config: Config, conditions: Sequence[Condition] = ()
) -> Contracts:
    """Return all contracts of the accounts that meet the conditions."""
    deals = sql.renewal_deals(con, conditions)
    known = judging.contracts(sql.contracts(con, conditions), rules(config), deals)
    return Contracts(known, deals)


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
