"""Where accounts come from, and how far they get: leads, qualified, customers, won value.

Every account of the book was a lead of its source once. It is qualified when it
is more than a lead now, or has a deal; a customer when it is or was one, or bought
something. Time counts from its first sign of life in the book (entered, first
interaction, first deal or purchase, whichever came first) to its first purchase or won deal:
the median of those that have something earlier to count from. Days to qualify count from its
entry to its first deal, or to the day on which it stopped being a lead if that was earlier.
Accounts that entered the book as customers do not show how long it takes.

A deal's own source counts before its account's. Tags are the account's, and one with
three tags counts under each, so tags do not add up to the whole book.

Pure: facts in, lines out. Sums never cross a currency.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from acctcli import text
from acctcli.domain import figures
from acctcli.frozen import Frozen, FrozenRow
from acctcli.values.periods import Period

CUSTOMER_STATUSES = ("customer", "former")


class Origin(FrozenRow):
    """An account with the days on which it progressed."""

    id: str
    source: str | None
    tags: Sequence[str]
    status: str
    entered: date | None
    first_log: date | None
    first_deal: date | None
    first_won: date | None
    first_purchase: date | None
    left_lead: date | None = None
    imported: bool = False

    @property
    def since(self) -> date | None:
        """Its first sign of life; None if no day of it can be read."""
        days = (self.entered, self.first_log, self.first_deal, self.first_purchase)
        return min((day for day in days if day is not None), default=None)

    @property
    def days_to_qualify(self) -> int | None:
        """Days from entry to the first sign of qualification: a deal, or that it left `lead`.

        None if there is neither, if that was before it was entered, if it came as a customer, or
        if both were brought in by one import: on which day somebody ran that says nothing.
        """
        signs = [day for day in (self.first_deal, self.left_lead) if day is not None]
        begun = min(
            (day for day in (self.entered, self.first_log) if day is not None), default=None
        )
        if not signs or begun is None or (self.bought is not None and self.bought <= begun):
            return None
        days = (min(signs) - begun).days
        return days if days > 0 or (days == 0 and not self.imported) else None

    @property
    def bought(self) -> date | None:
        """The day it became a customer, as far as purchases and won deals tell."""
        days = [day for day in (self.first_won, self.first_purchase) if day is not None]
        return min(days, default=None)

    @property
    def qualified(self) -> bool:
        """Whether it is, or was, more than a lead."""
        return self.status != "lead" or self.first_deal is not None or self.bought is not None

    @property
    def customer(self) -> bool:
        """Whether it is, or was, a customer."""
        return self.status in CUSTOMER_STATUSES or self.bought is not None


class ClosedDeal(FrozenRow):
    """A closed deal, with the source of its own if it has one."""

    account: str
    source: str | None
    won: bool
    amount: int | None
    currency: str | None


class SourceLine(Frozen):
    """The accounts of one source or tag (None: without one).

    `value` is what was won, in minor units by currency. `qualified_timed` is of how many accounts
    `days_to_qualify` is the median, `customer_timed` of how many `days_to_customer` is.
    """

    name: str | None
    leads: int
    qualified: int
    customers: int
    won: int
    lost: int
    value: Sequence[tuple[str, int]]
    days_to_qualify: float | None
    qualified_timed: int
    days_to_customer: float | None
    customer_timed: int
    few: int = figures.FEW

    @property
    def qualified_rate(self) -> float | None:
        """Qualified of all leads, in percent; None for a few."""
        return figures.rate(self.qualified, self.leads, self.few)

    @property
    def customer_rate(self) -> float | None:
        """Customers of all leads, in percent; None for a few."""
        return figures.rate(self.customers, self.leads, self.few)

    @property
    def win_rate(self) -> float | None:
        """Deals won of those closed, in percent; None for a few."""
        return figures.rate(self.won, self.won + self.lost, self.few)


def in_period(accounts: Iterable[Origin], period: Period | None) -> list[Origin]:
    """The accounts whose first sign of life is in the period; all of them without one."""
    if period is None:
        return list(accounts)
    return [a for a in accounts if a.since and period.start <= a.since <= period.end]


def by_source(
    accounts: Iterable[Origin], deals: Iterable[ClosedDeal], few: int = figures.FEW
) -> list[SourceLine]:
    """A line for each source, the most customers first; what has no source comes last.

    Deals of other accounts are left out.
    """
    known = {account.id: account for account in accounts}
    return _lines(
        known.values(),
        [deal for deal in deals if deal.account in known],
        lambda account: [account.source],
        lambda deal: [deal.source or known[deal.account].source],
        few,
    )


def by_tag(
    accounts: Iterable[Origin], deals: Iterable[ClosedDeal], few: int = figures.FEW
) -> list[SourceLine]:
    """A line for each tag, the most customers first. Deals of other accounts are left out."""
    known = {account.id: account for account in accounts if account.tags}
    return _lines(
        known.values(),
        [deal for deal in deals if deal.account in known],
        lambda account: account.tags,
        lambda deal: known[deal.account].tags,
        few,
    )


def total(
    accounts: Iterable[Origin], deals: Iterable[ClosedDeal], few: int = figures.FEW
) -> SourceLine:
    """The whole book in one line."""
    known = {account.id: account for account in accounts}
    inside = [deal for deal in deals if deal.account in known]
    found = _lines(known.values(), inside, lambda _: [None], lambda _: [None], few)
    return found[0] if found else SourceLine(None, 0, 0, 0, 0, 0, (), None, 0, None, 0, few)


def _lines(
    accounts: Iterable[Origin],
    deals: Iterable[ClosedDeal],
    names_of_account: Callable[[Origin], Iterable[str | None]],
    names_of_deal: Callable[[ClosedDeal], Iterable[str | None]],
    few: int,
) -> list[SourceLine]:
    spelled: dict[str | None, str | None] = {}

    def group(name: str | None) -> str | None:
        key = None if name is None else text.key(name)  # Expo and expo are one
        spelled.setdefault(key, name)
        return key

    members: dict[str | None, list[Origin]] = {}
    for account in accounts:
        for name in names_of_account(account):
            members.setdefault(group(name), []).append(account)
    closed: dict[str | None, list[ClosedDeal]] = {}
    for deal in deals:
        for name in names_of_deal(deal):
            closed.setdefault(group(name), []).append(deal)
    found = [
        _line(name, members.get(key, []), closed.get(key, []), few) for key, name in spelled.items()
    ]
    found.sort(key=lambda line: (line.name is None, -line.customers, -line.leads, line.name or ""))
    return found


def _line(
    name: str | None, accounts: Sequence[Origin], deals: Sequence[ClosedDeal], few: int
) -> SourceLine:
    value: dict[str, int] = {}
    for deal in deals:
        if deal.won and deal.amount is not None and deal.currency is not None:
            value[deal.currency] = value.get(deal.currency, 0) + deal.amount
    won = sum(deal.won for deal in deals)
    bought = _spans((account.since, account.bought) for account in accounts)
    timed = [days for account in accounts if (days := account.days_to_qualify) is not None]
    return SourceLine(
        name=name,
        leads=len(accounts),
        qualified=sum(account.qualified for account in accounts),
        customers=sum(account.customer for account in accounts),
        won=won,
        lost=len(deals) - won,
        value=sorted(value.items(), key=lambda pair: pair[0]),
        days_to_qualify=figures.median(timed),
        qualified_timed=len(timed),
        days_to_customer=figures.median(bought),
        customer_timed=len(bought),
        few=few,
    )


def _spans(spans: Iterable[tuple[date | None, date | None]]) -> list[int]:
    """Return the days of each span that has a beginning and a later end."""
    known = [(since, end) for since, end in spans if since is not None and end is not None]
    return [(end - since).days for since, end in known if end > since]
