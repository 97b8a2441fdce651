"""What a contract is: which one renews which, which are live on a day, what each is worth a year.

Everything that judges contracts asks this module: today, renewals, health, the score, retention,
the renewal forecast and the page of an account.

A contract is a purchase with a last day. Contract X succeeds contract T if X names T (`renews`).
If nothing names T, X succeeds it if X names nothing, both are of the same account and product (or
neither has a product), X starts after T starts but not more than `early` days before T ends, and
X ends after T ends. X then succeeds all such contracts that are still live when it starts, so two
can be joined in one; if none is, those that ended before. What does not succeed runs beside: an
add-on never hides a contract.

ARR (annual recurring revenue) of a contract is its amount for twelve of the months of its term, as
the SaaS Metrics Standards Board defines it. So a contract that was paid for three years counts a
third each year, and a renewal that is entered early or late changes nothing.

Pure: facts and a day in, amounts in integer minor units out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from acctcli.frozen import Frozen, FrozenRow
from acctcli.values.dates import add_months

AHEAD, RUNNING, DUE, MISSED, LAPSED, RENEWED, ENDED = (
    *("ahead", "running", "due", "missed", "lapsed", "renewed", "ended"),
)
STANDINGS = (AHEAD, RUNNING, DUE, MISSED, LAPSED, RENEWED, ENDED)
"""How a contract can stand on a day; see `Contract.standing`."""


class ContractRules(Frozen):
    """How many days each of these may take, from the settings of the book.

    `grace`: how long a contract stays live after its end without a successor. `early`: how long
    before the end of a contract a purchase may start that succeeds it. `late`: how long a monthly
    payment may be missing before it is missed. `window`: how long before its end, or before the
    last day for notice, a contract is due for renewal.
    """

    grace: int = 30
    early: int = 120
    late: int = 7
    window: int = 90


USUAL = ContractRules()
"""The rules of a book without settings of its own."""


class ContractFacts(FrozenRow):
    """A purchase with a last day, or one that names the contract it renews.

    `starts_on` is the day of the purchase where it says no other. `notice_days` is that of its
    product if it has none. `alone`: it renews nothing, whatever came before. `closed`: somebody
    said that it will not be renewed, or its account is a former customer.
    """

    id: str
    account_id: str
    product_id: str | None
    product: str | None
    amount: int | None
    currency: str | None
    starts_on: date
    ends_on: date | None
    recurring: str
    renews_id: str | None
    alone: bool
    notice_days: int | None
    auto_renews: bool
    closed: bool


class Contract(Frozen):
    """A contract with what follows from its term and its successors.

    `months` are the whole months of its term, `arr` what it brings a year in minor units; None
    for what does not recur, or without an amount. `successors` come in the order of their starts.
    `last_live` is the last day on which it is live. `lost`: its renewal deal was lost, and nothing
    succeeded it in its grace.
    """

    facts: ContractFacts
    starts: date
    ends: date
    months: int
    arr: int | None
    successors: Sequence[ContractFacts]
    last_live: date
    rules: ContractRules
    lost: bool = False

    @property
    def monthly(self) -> bool:
        """Whether it is paid from month to month: such a contract is never due, only missed."""
        return self.facts.recurring == "monthly" and self.months == 1

    @property
    def worth(self) -> int | None:
        """The yearly value in minor units: its ARR, or its amount if it has none."""
        return self.facts.amount if self.arr is None else self.arr

    @property
    def renews_itself(self) -> bool:
        """Whether it renews by itself unless somebody gives notice."""
        return self.facts.auto_renews and not self.facts.closed

    def live(self, day: date) -> bool:
        """Whether it counts on a day: started, and not ended, succeeded or past its grace."""
        return self.starts <= day <= self.last_live

    def end(self, day: date) -> date:
        """The last day of the term that runs on `day`; one that renews itself has many terms."""
        if self.ends >= day or not self.renews_itself or self.successors:
            return self.ends
        passed = (day.year - self.ends.year) * 12 + day.month - self.ends.month
        times = max(passed // self.months, 1)
        while (end := _after(self.ends, self.months * times)) < day:
            times += 1
        return end

    def following(self, day: date) -> date:
        """The first day of a contract that is agreed on `day` and renews it.

        One that renews itself may have done so for years: the next term counts, or the one that
        began within the grace.
        """
        return self.end(day - timedelta(days=self.rules.grace)) + timedelta(days=1)

    def notice_by(self, day: date) -> date | None:
        """The last day on which notice can be given in the term that runs on `day`, if any."""
        if self.facts.notice_days is None:
            return None
        return self.end(day) - timedelta(days=self.facts.notice_days)

    def deadline(self, day: date) -> date:
        """The day to count down to: the last one for notice while it is to come, else the end."""
        notice = self.notice_by(day)
        return self.end(day) if notice is None or notice < day else notice

    @property
    def window(self) -> int:
        """How many days before its deadline it is due: at most a quarter of its term."""
        return min(self.rules.window, ((self.ends - self.starts).days + 1) // 4)

    def due_from(self, day: date) -> date:
        """The first day on which the term that runs on `day` is due for renewal."""
        return (self.notice_by(day) or self.end(day)) - timedelta(days=self.window)

    def standing(self, day: date) -> str:
        """Return its state on a day, one of `STANDINGS`.

        `renewed` if there is a successor, even one that starts later; `ahead` before its start;
        `due` in its window; `lapsed` after its end; `missed` if the next payment of a monthly one
        is overdue; `ended` if it is over and somebody said so. Else it is `running`.
        """
        if self.successors:
            return RENEWED
        if self.starts > day:
            return AHEAD
        end, facts = self.end(day), self.facts
        if end < day:
            if facts.closed:
                return ENDED
            if not self.monthly:
                return LAPSED
            return MISSED if (day - end).days > self.rules.late else RUNNING
        if facts.closed or self.monthly:
            return RUNNING
        # As `due_from` says; a list asks it of thousands.
        ahead = (end - day).days - (facts.notice_days or 0)
        return RUNNING if ahead > self.window else DUE

    def to_renew(self, day: date) -> bool:
        """Whether somebody must decide about its end: no successor, and not paid month by month."""
        open = self.standing(day) in (RUNNING, DUE)
        return open and not self.monthly and not self.facts.closed

    def lapsed(self, day: date) -> bool:
        """Whether it ended without a successor and was not dismissed."""
        return self.standing(day) in (LAPSED, MISSED)


class RenewalDeal(FrozenRow):
    """A deal of type renewal. It is for one product or, without one, for all of its account.

    `lost`: it is closed, and was not won.
    """

    id: str
    title: str
    account_id: str
    product_id: str | None
    close_date: str | None
    closed_on: str | None
    lost: bool = False


def contracts(
    facts: Iterable[ContractFacts],
    rules: ContractRules = USUAL,
    deals: Mapping[str, Sequence[RenewalDeal]] = {},
) -> list[Contract]:
    """The contracts among some purchases, in their order; `deals` are those that renew, by account.

    Those of an account that succeed one another must all be there.
    """
    known = list(facts)
    after = _successors(known, rules)
    return [
        _contract(one, after.get(one.id, ()), rules, deals.get(one.account_id, ()))
        for one in known
        if one.ends_on is not None
    ]


def _contract(
    facts: ContractFacts,
    successors: Sequence[ContractFacts],
    rules: ContractRules,
    deals: Sequence[RenewalDeal],
) -> Contract:
    ends = _end(facts)
    starts = min(facts.starts_on, ends)
    months = whole_months(starts, ends)
    grace = timedelta(days=rules.grace)
    in_time = bool(successors) and successors[0].starts_on <= ends + grace + timedelta(days=1)
    lost = bool(deals) and not in_time and _lost(facts, starts, ends, rules, deals)
    if facts.auto_renews and not facts.closed:
        last = date.max
    else:
        last = ends if facts.closed or lost else ends + grace
    if successors:
        last = min(last, successors[0].starts_on - timedelta(days=1))
    arr = yearly(facts.amount, facts.recurring, months)
    return Contract(facts, starts, ends, months, arr, successors, last, rules, lost)


def _lost(
    facts: ContractFacts,
    starts: date,
    ends: date,
    rules: ContractRules,
    deals: Sequence[RenewalDeal],
) -> bool:
    """Whether the renewal of a contract was decided, and lost.

    The last deal decides that was closed in its term or later, if none is open. A deal for no
    product may be about another contract of the account: it must have been closed when this one
    could be renewed. What renews itself goes on without a deal.
    """
    if facts.auto_renews:
        return False
    since = starts.isoformat(), (ends - timedelta(days=rules.early)).isoformat()
    decided: RenewalDeal | None = None
    for deal in deals:
        if deal.product_id not in (None, facts.product_id):
            continue
        if deal.closed_on is None:
            return False
        if deal.closed_on >= since[deal.product_id is None] and (
            decided is None or deal.closed_on >= (decided.closed_on or "")
        ):
            decided = deal
    return decided is not None and decided.lost


def whole_months(starts: date, ends: date) -> int:
    """The months of a term to the nearest whole one, and never less than one."""
    after = ends + timedelta(days=1)
    months = (after.year - starts.year) * 12 + after.month - starts.month
    if after.day == starts.day:
        return max(months, 1)  # nearly every term
    if add_months(starts, months) > after:
        months -= 1
    begun = add_months(starts, months)
    length = (add_months(starts, months + 1) - begun).days
    return max(months + (2 * (after - begun).days >= length), 1)


def yearly(amount: int | None, recurring: str, months: int) -> int | None:
    """Return what an amount for a term brings a year; None for what does not recur."""
    if amount is None or recurring == "none":
        return None
    if recurring == "monthly":
        return amount * 12
    whole, rest = divmod(abs(amount) * 12, months)
    found = whole + (2 * rest >= months)  # half a unit goes away from zero
    return found if amount >= 0 else -found


def arr_on(known: Iterable[Contract], day: date) -> dict[tuple[str, str], int]:
    """The ARR on a day in minor units, by account and currency."""
    found: dict[tuple[str, str], int] = {}
    for contract in known:
        currency = contract.facts.currency
        if contract.arr is not None and currency is not None and contract.live(day):
            key = contract.facts.account_id, currency
            found[key] = found.get(key, 0) + contract.arr
    return found


def renewal_deal(
    contract: Contract, deals: Mapping[str, Sequence[RenewalDeal]]
) -> RenewalDeal | None:
    """The open deal that renews a contract: one for its product before one for no product.

    `deals` are by account.
    """
    found = [deal for deal in renewing(contract, deals) if deal.closed_on is None]
    return min(found, key=_nearest, default=None)


def renewing(contract: Contract, deals: Mapping[str, Sequence[RenewalDeal]]) -> list[RenewalDeal]:
    """The renewal deals that are about a contract, open and closed."""
    about = (None, contract.facts.product_id)
    return [deal for deal in deals.get(contract.facts.account_id, ()) if deal.product_id in about]


def needs_someone(
    contract: Contract, deals: Mapping[str, Sequence[RenewalDeal]], day: date
) -> bool:
    """Whether a contract needs somebody: it is due without a renewal deal, or it lapsed.

    A renewal deal counts if it is open, or was decided within the usual window. A lapsed contract
    stays until it is renewed or dismissed.
    """
    standing = contract.standing(day)
    if standing != DUE:
        return standing in (LAPSED, MISSED)
    since = (day - timedelta(days=contract.rules.window)).isoformat()
    return all(
        deal.closed_on is not None and deal.closed_on < since for deal in renewing(contract, deals)
    )


def _nearest(deal: RenewalDeal) -> tuple[bool, bool, str, str]:
    return deal.product_id is None, deal.close_date is None, deal.close_date or "", deal.id


def _successors(
    facts: Sequence[ContractFacts], rules: ContractRules
) -> dict[str, list[ContractFacts]]:
    """Return the successors of each contract, by its id, in the order of their starts."""
    by_id = {one.id: one for one in facts}
    found: dict[str, list[ContractFacts]] = {}
    groups: dict[tuple[str, str | None], list[ContractFacts]] = {}
    for one in facts:
        named = by_id.get(one.renews_id) if one.renews_id else None
        # Of two that start on one day and name each other, only the later one is a renewal.
        if (
            named is not None
            and named.account_id == one.account_id
            and (one.starts_on, one.id) > (named.starts_on, named.id)
        ):
            found.setdefault(named.id, []).append(one)
        if one.ends_on is not None:
            groups.setdefault((one.account_id, one.product_id), []).append(one)
    for group in groups.values():
        if len(group) > 1:
            _infer(group, found, rules)
    for successors in found.values():
        successors.sort(key=_by_start)
    return found


def _infer(
    group: list[ContractFacts], found: dict[str, list[ContractFacts]], rules: ContractRules
) -> None:
    """Add the successors within one product of one account, for contracts that no other names."""
    group.sort(key=_by_start)
    early, gap = timedelta(days=rules.early), timedelta(days=rules.grace + 1)
    left: list[ContractFacts] = []
    place = 0
    while place < len(group):
        day = group[place].starts_on
        starting = [one for one in group[place:] if one.starts_on == day]
        place += len(starting)
        taken: set[str] = set()
        for one in starting:
            if one.alone or one.renews_id is not None:
                continue
            before = [old for old in left if day >= _end(old) - early and _end(one) > _end(old)]
            live = [
                old
                for old in before
                if _end(old) >= day - gap or (old.auto_renews and not old.closed)
            ]
            for old in live or before:
                found.setdefault(old.id, []).append(one)
                taken.add(old.id)
        left = [old for old in left if old.id not in taken]
        left += [one for one in starting if one.id not in found]


def _by_start(one: ContractFacts) -> tuple[date, str]:
    return one.starts_on, one.id


def _end(facts: ContractFacts) -> date:
    assert facts.ends_on is not None
    return facts.ends_on


def last_day(starts: date, months: int) -> date:
    """Return the last day of a term of this many months."""
    return add_months(starts, months) - timedelta(days=1)


def _after(ends: date, months: int) -> date:
    """Return the last day of a term that continues for this many months after its end."""
    return last_day(ends + timedelta(days=1), months)
