"""The settings: one typed `Config`, and its defaults.

Every single setting is declared once, in `SETTINGS`, which the `config` command and the generated
reference read too; tables (stages, tiers, quotas, the ideal customer) are attributes of `Config`.
`configfile` reads them from a file. Nothing here may open a file or the book.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from acctcli import model
from acctcli.frozen import Frozen
from acctcli.model import Field

BOOK, FILE = "book", "file"
"""Where a setting is kept: in the book, where it means the same everywhere, or in `config.toml`."""


class Spec(Frozen):
    """One setting with a single value: its place, type, default and purpose."""

    section: str
    name: str
    type: type
    default: Any
    help: str
    home: str = BOOK

    @property
    def key(self) -> str:
        """The dotted name for `acct config get` and `set`."""
        return f"{self.section}.{self.name}"


SETTINGS = (
    Spec(
        *("me", "name", str, "", "your name: who logs, owns and undoes; if empty, your user name"),
        FILE,
    ),
    Spec(
        "me",
        "country",
        str,
        "",
        "your country, which decides how short phone numbers are read",
        FILE,
    ),
    Spec("me", "currency", str, "USD", "currency of amounts typed without one", FILE),
    Spec(
        *("me", "emails", tuple, ()),
        "your own email addresses, to tell you from the others in imported mail and meetings",
        FILE,
    ),
    Spec("me", "editor", str, "", "editor for forms; if empty, $VISUAL or $EDITOR", FILE),
    Spec("me", "pager", str, "", 'pager for what is taller than the window, or "off"', FILE),
    Spec("hooks", "seconds", int, 10, "seconds that a hook may take: at most 60", FILE),
    Spec("today", "renewal_days", int, 90, "show contracts that end within this many days"),
    Spec("today", "closing_days", int, 14, "show deals due to close within this many days"),
    Spec("today", "step_days", int, 14, "show a deal without a next step after this many days"),
    Spec("today", "task_days", int, 0, "show open tasks due within this many days"),
    Spec(
        "today",
        "champion_days",
        int,
        30,
        "show a champion without contact for this many days; 0: never",
    ),
    Spec("today", "ghosted_days", int, 10, "show a deal unanswered for this many days; 0: never"),
    Spec("today", "reorder_days", int, 90, "show a late order for this many days; 0: never"),
    Spec("today", "left_days", int, 30, "show somebody who left for this many days; 0: never"),
    Spec("today", "health_fall", int, 10, "show a health that fell by this many points; 0: never"),
    Spec("today", "quote_days", int, 7, "show a quote without an answer this early; 0: never"),
    Spec("today", "limit", int, 0, "accounts shown on a terminal; 0: what fits the window", FILE),
    Spec(
        *("book", "currency", str, ""),
        "currency of bounds and quotas, if rates.base is not set; else me.currency",
    ),
    Spec("quote", "sender", str, "", "your company on quotes; if empty, me.name"),
    Spec("quote", "address", str, "", "your address below it, with commas or in several lines"),
    Spec("quote", "terms", str, "", "your terms, below the lines of a quote"),
    Spec(
        *("quote", "number", str, "Q-{year}-{number}"),
        "form of the numbers of quotes; {number} counts, at its end",
    ),
    Spec("quote", "tax", str, "", "tax rate of a quote in percent, unless --tax is given"),
    Spec("quote", "valid_days", int, 30, "a quote is valid for this many days, unless --valid"),
    Spec("quote", "logo", str, "", "picture on a quote: a PNG, JPEG, GIF, WebP or SVG file", FILE),
    Spec("campaign", "reply_days", int, 30, "an answer belongs to a campaign for this many days"),
    Spec("campaign", "deal_days", int, 90, "a new deal may come from it for this many days"),
    Spec("fiscal", "start", int, 1, "month in which your fiscal year begins: 1 to 12"),
    Spec("forecast", "prior", int, 10, "deals that the default win rate of a stage counts as"),
    Spec("forecast", "few", int, 5, "below this many deals no range and no percentage is given"),
    Spec("forecast", "timed", int, 5, "won deals needed to learn whether a deal closes in time"),
    Spec("forecast", "created_days", int, 30, "days of new deals compared with what a quota needs"),
    Spec("rates", "base", str, "", "convert totals into this currency"),
    Spec("rates", "date", str, "", "the day of the rates, shown with every converted total"),
    Spec("winloss", "few", int, 5, "closed deals that a group needs for a percentage"),
    Spec("whitespace", "customers", int, 5, "other customers that a group needs to be compared"),
    Spec("whitespace", "buyers", int, 3, "of them, how many must have bought a product"),
    Spec("whitespace", "confidence", int, 25, "of them, the least percentage of buyers"),
    Spec("rfm", "recency", tuple, (30, 90, 180, 365), "days since buying for marks 5, 4, 3, 2"),
    Spec("rfm", "frequency", tuple, (2, 3, 5, 8), "purchases for marks 2, 3, 4, 5"),
    Spec(
        *("rfm", "monetary", tuple, (5_000, 20_000, 50_000, 150_000)),
        "money spent for marks 2, 3, 4, 5, in rates.base, else book.currency, else me.currency",
    ),
    Spec("rfm", "months", int, 24, "how far back purchases and money are counted"),
    Spec("renewals", "usual", int, 85, "usual renewal rate in percent, while few contracts ended"),
    Spec("renewals", "worth", int, 5, "how many ended contracts the usual renewal rate is worth"),
    Spec("renewals", "amber", int, 90, "percent of the renewal rate that amber health leaves"),
    Spec("renewals", "red", int, 70, "percent of the renewal rate that red health leaves"),
    Spec("report", "few", int, 5, "no percentage of fewer deals, leads or accounts than this"),
    Spec("retention", "least", int, 5, "no percentage of retention for fewer customers than this"),
    Spec("reorder", "least", int, 3, "orders that it takes to know how often a customer buys"),
    Spec("reorder", "gaps", int, 12, "how many of the last gaps between orders count"),
    Spec("reorder", "deviations", int, 2, "an order is late after this many usual deviations"),
    Spec("reorder", "floor", int, 10, "but never before this percentage of the median gap passed"),
    Spec("reorder", "floor_days", int, 7, "nor before this many days passed"),
    Spec("contracts", "grace_days", int, 30, "a contract counts for this many days after its end"),
    Spec("contracts", "early_days", int, 120, "a renewal may start this many days before the end"),
    Spec("contracts", "late_days", int, 7, "a monthly payment is missed after this many days"),
    Spec("health", "red", int, 40, "a health below it is red"),
    Spec("health", "amber", int, 70, "a health below it is amber, from there on green"),
    Spec("health", "touch", int, 20, "weight of the last two-way touch; 0 leaves an input out"),
    Spec("health", "replies", int, 10, "weight of the answers to messages"),
    Spec("health", "promises", int, 10, "weight of promises kept or late on both sides"),
    Spec("health", "stakeholders", int, 15, "weight of who is for and against us"),
    Spec("health", "deals", int, 10, "weight of the movement of open deals"),
    Spec("health", "purchases", int, 10, "weight of purchases against the year before"),
    Spec("health", "renewals", int, 10, "weight of contracts that end without a renewal deal"),
    Spec("health", "tickets", int, 5, "weight of open tickets and their age"),
    Spec("health", "satisfaction", int, 5, "weight of the last answer to a survey"),
    Spec("health", "record", int, 5, "weight of how complete the account's record is"),
    Spec("health", "prior", int, 60, "where health begins before anything is known"),
    Spec("health", "prior_weight", int, 20, "how much that beginning counts"),
    Spec("health", "least_known", int, 40, "percent of the weights known before it has a colour"),
    Spec("health", "left_days", int, 180, "how long a supporter who left is remembered"),
    Spec("health", "lost_deal", int, 40, "what a lost deal comes to among the deals"),
    Spec("health", "lost_days", int, 90, "how long a won or lost deal counts"),
    Spec("health", "lapsed_days", int, 365, "how long a lapsed contract counts as 0"),
    Spec("health", "promise_days", int, 90, "how far back promises are counted"),
    Spec("health", "stalled_days", int, 30, "a deal without a step or a sign of life stalls"),
    Spec("health", "message_days", int, 90, "how far back messages are counted"),
    Spec(
        "health", "answer_days", int, 14, "an answer to a message that comes later does not count"
    ),
    Spec("health", "survey_days", int, 365, "how long the answer to a survey counts"),
    Spec("people", "meeting", int, 3, "what a meeting or demo adds to the strength with a person"),
    Spec("people", "call", int, 2, "what a call adds to it"),
    Spec("people", "message", int, 1, "what a message from them adds to it"),
    Spec("people", "half_life", int, 30, "days after which that is worth half; at least 1"),
    Spec("people", "cooling", int, 50, "a relationship that lost this percentage is cooling"),
    Spec("people", "cooling_days", int, 30, "days over which that loss is measured"),
    Spec("people", "silent_days", int, 30, "a champion without contact for this long is a gap"),
    Spec(
        "people",
        "met_days",
        int,
        90,
        "days within which a decision maker must be met for a green deal",
    ),
    Spec("risk", "ghosted", int, 25, "points for messages that nobody answers; 0 leaves it out"),
    Spec("risk", "quiet", int, 20, "points for a deal without two-way contact"),
    Spec("risk", "no_step", int, 15, "points for no next step"),
    Spec("risk", "signer_not_met", int, 20, "points if nobody who signs was met"),
    Spec("risk", "single_threaded", int, 15, "points if everything hangs on one person"),
    Spec("risk", "pushed", int, 15, "points for a close date that was pushed"),
    Spec("risk", "rotting", int, 10, "points for a deal too long in its stage"),
    Spec("risk", "short_of_time", int, 20, "points for less time than won deals needed"),
    Spec("risk", "idle", int, 10, "points for half a usual cycle without activity"),
    Spec("risk", "ghosted_messages", int, 2, "this many unanswered messages are ghosting"),
    Spec("risk", "ghosted_days", int, 10, "if the first was sent this many days ago"),
    Spec("risk", "quiet_days", int, 14, "a deal without contact for this long is quiet"),
    Spec("risk", "many_pushes", int, 2, "this many pushes are a risk"),
    Spec("risk", "least_won", int, 5, "how many won deals show how long deals take"),
    Spec("score", "fit", int, 40, "weight of the fit to [icp]; 0 leaves a part or input out"),
    Spec("score", "value", int, 35, "weight of what the account is worth"),
    Spec("score", "engagement", int, 25, "weight of how engaged they are"),
    Spec("score", "spending", int, 40, "of value: weight of what it spends in a year"),
    Spec("score", "pipeline", int, 40, "of value: weight of open deals, by probability"),
    Spec("score", "potential", int, 20, "of value: weight of their own revenue"),
    Spec("score", "touches", int, 25, "of engagement: weight of two-way touches in 90 days"),
    Spec("score", "people", int, 15, "of engagement: weight of how many people took part"),
    Spec("score", "inbound", int, 15, "of engagement: weight of how often they came to us"),
    Spec("score", "meetings", int, 15, "of engagement: weight of meetings and demos"),
    Spec("score", "movement", int, 15, "of engagement: weight of an open deal that moved"),
    Spec("score", "growth", int, 10, "of engagement: weight of purchases that grow"),
    Spec("score", "satisfaction", int, 5, "of engagement: weight of the last survey answered"),
    Spec("score", "least_known", int, 40, "percent of the weight known, or a score is listed last"),
    Spec("score", "qualified_fit", int, 50, "a fit from here on is verified for account qualify"),
)

HOMES = {s.key: s.home for s in SETTINGS}
"""The home of each single setting."""


TABLES = (
    *("cadence", "reviews", "stages", "fields", "required", "rates", "quota", "icp", "playbook"),
)
"""Sections whose names are chosen by the user. All of them belong to the book."""

WEIGHED = ("points", "daily", "agenda", "quality", "dupes")
"""Sections that have nothing but weights: see `acctcli.weights`."""

_OF_BOOK = {*TABLES, *WEIGHED, *(s.section for s in SETTINGS if s.home == BOOK)}


def home_of(section: str, name: str = "") -> str:
    """Return where a setting is kept; a setting of an unknown section is looked for in the file."""
    return HOMES.get(f"{section}.{name}") or (BOOK if section in _OF_BOOK else FILE)


CADENCE = {
    "strategic": 14,
    "key": 21,
    "national": 21,
    "growth": 30,
    "smb": 60,
    "maintenance": 90,
}
"""Days between two-way touches by tier, the most important tier first."""

REVIEW_CADENCE = {
    "strategic": 90,
    "key": 90,
    "national": 90,
    "growth": 180,
    "smb": 365,
    "maintenance": 365,
}
"""Days between account reviews by tier."""


class Stage(Frozen):
    """A step of the sales process with its probability (percent) and forecast category.

    `days` is how long a deal may be in it; None means as long as won deals usually were.
    """

    name: str
    probability: float
    category: str
    days: int | None = None

    @property
    def open(self) -> bool:
        """Whether a deal in this stage can still be won."""
        return not (self.won or self.lost)

    @property
    def won(self) -> bool:
        """Whether a deal in this stage is won."""
        return self.category == "closed"

    @property
    def lost(self) -> bool:
        """Whether a deal in this stage is lost."""
        return self.category == "omitted"


STAGES = (
    Stage("prospecting", 10, "pipeline"),
    Stage("qualification", 20, "pipeline"),
    Stage("needs-analysis", 30, "pipeline"),
    Stage("proposal", 60, "best-case"),
    Stage("negotiation", 80, "commit"),
    Stage("won", 100, "closed"),
    Stage("lost", 0, "omitted"),
)


class Criterion(Frozen):
    """A trait of the ideal customer: a field of the account, and how well each value fits.

    A value gets 0 to 10: by its word in `match` (keyed as names compare), or by the last bound of
    `at_least` that it reaches; any other value gets `other`. Bounds on money are minor units of
    `currency`. `weight` is 1 to 5.
    """

    name: str
    field: str
    weight: int
    match: Mapping[str, int] = {}
    at_least: Sequence[tuple[float, int]] = ()
    other: int = 0
    currency: str = ""


class Quota(Frozen):
    """What should be won in a quarter, in minor units of `currency`.

    `every` applies to each quarter, `special` to a single one (`Q4 2026`) that differs; both by
    owner, with None for everybody.
    """

    currency: str = ""
    every: Mapping[str | None, int] = {}
    special: Mapping[tuple[str, str | None], int] = {}

    @property
    def owners(self) -> tuple[str, ...]:
        """The owners with a quota."""
        named = (*self.every, *(owner for _, owner in self.special))
        return tuple(dict.fromkeys(owner for owner in named if owner is not None))

    def of(self, quarter: str, owner: str | None = None) -> int | None:
        """Return the quota of an owner in a quarter; everybody's is by default the sum of all."""
        found = self.special.get((quarter, owner), self.every.get(owner))
        if found is None and owner is None:
            parts = [quota for name in self.owners if (quota := self.of(quarter, name))]
            return sum(parts) or None
        return found


class Config:
    """All settings after defaults: `config["me.name"]` for single ones, attributes for tables."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {s.key: s.default for s in SETTINGS}
        self.stages: tuple[Stage, ...] = STAGES
        self.cadence: dict[str, int] = dict(CADENCE)
        self.review_cadence: dict[str, int] = dict(REVIEW_CADENCE)
        self.custom: dict[str, dict[str, Field]] = {}
        self.notices: list[str] = []  # settings in the file that no longer mean anything
        self.required: dict[str, dict[str, tuple[str, ...]]] = {}
        self.rates: dict[str, str] = {}
        self.quota = Quota()
        self.icp: tuple[Criterion, ...] = ()
        self.own_tier_bounds: dict[str, int] = {}
        self.hooks: dict[str, str] = {}  # of the machine: pre-deal-win → command line
        self.playbook_settings: dict[str, Any] = {}  # as written: `configplaybooks` reads them
        self.own_weights: dict[str, float] = {}

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def weight(self, key: str, usual: float) -> float:
        """Return the book's own weight of judgement, if it has one, else the usual one."""
        return self.own_weights.get(key, usual)

    @property
    def currency(self) -> str:
        """The currency of bounds and quotas without one."""
        found: str = self["rates.base"] or self["book.currency"] or self["me.currency"]
        return found

    @property
    def tiers(self) -> tuple[str, ...]:
        """The tiers, most important first."""
        return tuple(self.cadence)

    @property
    def tier_bounds(self) -> dict[str, int]:
        """The score from which each tier is suggested, the highest first.

        Unless set, the scale is split evenly by cadence: of several tiers with the same cadence,
        only the first is suggested.
        """
        if self.own_tier_bounds:
            return self.own_tier_bounds
        first = {days: tier for tier, days in reversed(self.cadence.items())}
        levels = [tier for tier, days in self.cadence.items() if first[days] == tier]
        return {
            tier: round(100 * (len(levels) - place) / len(levels))
            for place, tier in enumerate(levels, 1)
        }

    def fields(self, kind: str) -> dict[str, Field]:
        """Return built-in and custom fields of a kind by name."""
        own = self.custom.get(kind)
        built_in = model.KINDS[kind].fields
        return {**built_in, **own} if own else built_in

    def stage(self, name: str) -> Stage | None:
        """Return the stage of exactly that name, or None (the user may have removed it)."""
        return next((s for s in self.stages if s.name == name), None)

    def required_fields(self, kind: str, tier: str | None) -> tuple[str, ...]:
        """Return the names of required fields for a record of `kind` at an account of `tier`."""
        for_all = self.required.get("all", {}).get(kind, ())
        for_tier = self.required.get(tier or "", {}).get(kind, ())
        return (*for_all, *(name for name in for_tier if name not in for_all))
