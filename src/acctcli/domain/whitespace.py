"""What an account does not buy yet, and which of those products similar accounts buy.

The grid has a cell for each account and product: bought, in an open deal, or
nothing. A cell with nothing is a candidate where it follows a rule that the book
bears out: "customers of this industry (or tier) buy this product". For a rule,
with N customers besides the account itself:

- support = customers of the group that bought the product ÷ N,
- confidence = those ÷ customers of the group,
- lift = confidence ÷ (customers that bought the product ÷ N).

R. Agrawal, T. Imieliński and A. Swami define the first two (*Mining
Association Rules*, SIGMOD 1993), and S. Brin, R. Motwani and C. Silverstein the
third (*Beyond Market Baskets*, SIGMOD 1997, there called interest). A few accounts
prove nothing, so what counts is the lower bound of Wilson's interval around the
confidence: a rule holds where it is above the base rate, the share of all customers
that bought the product. It also takes a minimum of customers, buyers and
confidence; the result names the groups that are too small. Former customers teach nothing.

What another account of the same group bought is the first candidate, whatever the rules
say: a sister company is the best reference there is.

Pure: sets in, candidates out. Nothing here knows what an account is worth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from acctcli.domain import figures
from acctcli.frozen import Frozen, FrozenRow

BOUGHT, OPEN, NOTHING = "bought", "open", "nothing"
UPSELL, CROSS_SELL = "upsell", "cross-sell"
GROUPS = ("industry", "tier")
"""What makes accounts similar; the first one is named if both say the same."""

MIN_CUSTOMERS = 5
"""A group with fewer other customers than this is too small to say anything."""

MIN_BUYERS = 3
"""A product that fewer of them bought is not what accounts like it buy."""


class Bounds(Frozen):
    """What a rule takes: customers and buyers in the group, percent of them that bought."""

    customers: int = MIN_CUSTOMERS
    buyers: int = MIN_BUYERS
    confidence: int = 25
    certainty: int = 95


USUAL = Bounds()

Cell = tuple[str, str]
"""An account and a product, by id."""


Group = tuple[str, str]
"""What makes its accounts similar: `("industry", "energy")`."""


class Peer(FrozenRow):
    """An account, with what makes it like others; `family` is its group, if it is in one."""

    id: str
    industry: str | None
    tier: str | None
    former: bool = False
    family: str | None = None


class Sellable(FrozenRow):
    """A product; an upsell is a dearer one of a family that the account has already."""

    id: str
    family: str | None
    price: int | None
    currency: str | None
    active: bool


class Evidence(Frozen):
    """How much a group buys a product: `buyers` of `peers`, against `all_buyers` of `customers`.

    All four leave out the account that the rule is asked for.
    """

    by: str
    group: str
    peers: int
    buyers: int
    customers: int
    all_buyers: int
    certainty: int = 95

    @property
    def support(self) -> float:
        """The share of all customers that are in the group and bought the product."""
        return self.buyers / self.customers

    @property
    def confidence(self) -> float:
        """The share of the group that bought the product."""
        return self.buyers / self.peers

    @property
    def base_rate(self) -> float:
        """The share of all customers that bought the product."""
        return self.all_buyers / self.customers

    @property
    def lower(self) -> float:
        """What the confidence is at least, as far as so few customers can say."""
        bounds = figures.wilson(self.buyers, self.peers, figures.DEVIATIONS[self.certainty])
        return bounds[0] if bounds else 0.0

    @property
    def lift(self) -> float:
        """How many times as often as customers at large the group buys the product."""
        return self.buyers * self.customers / (self.peers * self.all_buyers)


class Candidate(Frozen):
    """A product that an account may be offered, and why.

    `sisters` are the accounts of its group that bought it, by id. Without any there is a rule.
    """

    account: str
    product: str
    kind: str  # upsell or cross-sell
    rule: Evidence | None
    sisters: Sequence[str] = ()


class TooSmall(Frozen):
    """A group of which nothing can be said, with the customers that it has."""

    by: str
    group: str
    customers: int


class Whitespace(Frozen):
    """The candidates, the best first; the groups that are too small; the customers there are."""

    candidates: Sequence[Candidate]
    too_small: Sequence[TooSmall]
    customers: int
    bounds: Bounds = USUAL

    @property
    def book_too_small(self) -> bool:
        """Whether the whole book has too few customers to say anything."""
        return self.customers <= self.bounds.customers


def state(cell: Cell, bought: Collection[Cell], open: Collection[Cell]) -> str:
    """Return the state of a cell in the grid."""
    return BOUGHT if cell in bought else OPEN if cell in open else NOTHING


def whitespace(
    accounts: Sequence[Peer],
    products: Sequence[Sellable],
    bought: Collection[Cell],
    open: Collection[Cell],
    *,
    asked: Collection[str] | None = None,
    bounds: Bounds = USUAL,
) -> Whitespace:
    """Find the candidates of the accounts `asked` for (None: all), by what all of them bought.

    Only customers, which bought something and still are, teach, and rules are for them alone.
    What a sister bought is offered to every account of the group but former ones. Only products
    that are still sold and in no open deal of the account are offered. Of two rules the one
    with the higher lower bound counts.
    """
    has: dict[str, set[str]] = {}
    for account_id, product_id in bought:
        has.setdefault(account_id, set()).add(product_id)
    customers = [one for one in accounts if one.id in has and not one.former]
    sizes = Counter(key for account in customers for key in _groups(account))
    rules = _rules(customers, has, sizes, bounds)
    buyers = _by_family(customers, has)
    found = []
    for account in accounts:
        if account.former or (asked is not None and account.id not in asked):
            continue
        owned = has.get(account.id, set())
        for product in products:
            cell = (account.id, product.id)
            if not product.active or cell in bought or cell in open:
                continue
            sisters = buyers.get((account.family, product.id), ()) if account.family else ()
            keys = _groups(account) if owned else ()
            fitting = [rule for key in keys if (rule := rules.get((key, product.id)))]
            if fitting or sisters:
                best = max(fitting, key=lambda rule: (rule.lower, rule.lift), default=None)
                kind = _kind(product, [p for p in products if p.id in owned])
                found.append(Candidate(account.id, product.id, kind, best, sisters))
    found.sort(key=_best_first)
    small = [TooSmall(*key, size) for key, size in sizes.items() if size <= bounds.customers]
    small.sort(key=lambda group: (GROUPS.index(group.by), group.group))
    return Whitespace(found, small, len(customers), bounds)


def _by_family(
    customers: Iterable[Peer], has: Mapping[str, set[str]]
) -> dict[tuple[str, str], list[str]]:
    """The customers of each group that bought a product, in their order."""
    found: dict[tuple[str, str], list[str]] = {}
    for account in customers:
        for product in has[account.id] if account.family else ():
            found.setdefault((account.family or "", product), []).append(account.id)
    return found


def _best_first(candidate: Candidate) -> tuple[float, ...]:
    """Sort by how many sisters bought it, and by the rule."""
    rule = candidate.rule
    by_rule = (-rule.lower, -rule.lift, -rule.peers) if rule else (0.0, 0.0, 0.0)
    return -len(candidate.sisters), *by_rule


def _rules(
    customers: Sequence[Peer],
    has: Mapping[str, set[str]],
    sizes: Mapping[Group, int],
    bounds: Bounds,
) -> dict[tuple[Group, str], Evidence]:
    """The rules that the book bears out, by group and product.

    They are asked for by customers of the group that have not bought the product, so each
    leaves out one customer, and no buyer.
    """
    all_buyers = Counter(product for account in customers for product in has[account.id])
    buyers = Counter(
        (key, product)
        for account in customers
        for key in _groups(account)
        for product in has[account.id]
    )
    found = {}
    for (key, product), count in buyers.items():
        # Where everybody bought it, nobody is left to ask.
        if sizes[key] > max(bounds.customers, count) and count >= bounds.buyers:
            counted = sizes[key] - 1, count, len(customers) - 1, all_buyers[product]
            rule = Evidence(*key, *counted, bounds.certainty)
            if 100 * rule.confidence >= bounds.confidence and rule.lower > rule.base_rate:
                found[key, product] = rule
    return found


def _groups(account: Peer) -> list[Group]:
    """The groups that an account is in."""
    pairs = zip(GROUPS, (account.industry, account.tier), strict=True)
    return [(by, group) for by, group in pairs if group]


def _kind(product: Sellable, owned: Iterable[Sellable]) -> str:
    """An upsell is dearer than all that the account has of its family; the rest is cross-sell."""
    family = [p for p in owned if product.family and p.family == product.family]
    if product.price is None or not family:
        return CROSS_SELL
    cheaper = [
        p.currency == product.currency and p.price is not None and p.price < product.price
        for p in family
    ]
    return UPSELL if all(cheaper) else CROSS_SELL
