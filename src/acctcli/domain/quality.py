"""How good the data of an account is: what is missing, what is old, what contradicts itself.

A score is 100 less the points of every flaw, and never below 0. Each flaw
comes with the command that fixes it. Points are taken away rather than
averaged, so that filling in a field can only help: a stricter rule that comes
with it is weighed before. docs/how-scores-work.md explains the same to users.

Rows hold stored values by field name, days in ISO form. Pure: facts, rules and
a day in, flaws out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from acctcli import model, text
from acctcli.frozen import Frozen, FrozenRow
from acctcli.model import Field, Row
from acctcli.values import addresses
from acctcli.values.dates import iso, parse_iso_day, say_day

MISSING, STALE, CONTRADICTION = "missing", "stale", "contradiction"

RECOMMENDED = ("industry", "country", "website", "source")
"""Fields of an account that reports, scores and the search for duplicates depend on."""

NOT_OF_A_PERSON = ("industry", "website")
"""Fields that an account need not have if it is a private person."""

ASKED = ("account", "contact", "deal", "purchase")
"""The kinds of which a tier may require fields."""

SILENT_CADENCES = 3
"""An account is stale when nothing was recorded for this many times the cadence of its tier."""

MOST_OF_CONTRADICTIONS = 40
"""All contradictions together cost no more than this."""


class Cost(Frozen):
    """The cost of flaws with one code: their group, points each, and the most for all."""

    group: str
    says: str
    points: int
    most: int


COSTS = {
    "required": Cost(MISSING, "an account field that your rules require", 10, 60),
    "required-below": Cost(
        MISSING, "a field of a contact, deal or purchase that your rules require", 5, 20
    ),
    "tier": Cost(MISSING, "no tier: judged by the strictest one", 4, 100),
    "recommended": Cost(MISSING, f"no {', '.join(RECOMMENDED[:-1])} or {RECOMMENDED[-1]}", 3, 12),
    "people": Cost(MISSING, "a company without contacts", 8, 8),
    "address": Cost(MISSING, "a contact without email and phone", 2, 8),
    "role": Cost(MISSING, "a contact without a role", 1, 5),
    "amount": Cost(MISSING, "an open deal without an amount", 3, 9),
    "close-date": Cost(MISSING, "an open deal without a close date", 3, 9),
    "stale": Cost(STALE, "no activity for several times the tier's cadence", 10, 10),
    "long-stale": Cost(STALE, "no activity for twice as long as that", 15, 15),
    **{
        code: Cost(CONTRADICTION, says, 8, MOST_OF_CONTRADICTIONS)
        for code, says in {
            "slipped": "an open deal with a close date in the past",
            "won-open": "a won deal without the day it closed",
            "closed-early": "a deal that closed before it was opened",
            "closed-ahead": "a deal closed on a day in the future",
            "bought-nothing": "a customer without a purchase or a won deal",
            "has-bought": "a lead or prospect that has bought",
            "gone": "a person on an open deal who has left the account",
            "silent-buyer": "an economic buyer marked do not contact",
            "two-primaries": "more than one primary person",
            "circle": "accounts that own each other in a circle",
            "phone-country": "a phone number of another country than the account's",
            "term": "a contract that ends before it starts",
            "review": "a next review before the last one",
        }.items()
    },
}
"""Every flaw by its code."""


class Flaw(FrozenRow):
    """One thing that is missing, old or wrong, and the command that fixes it.

    `fix` has `{0}`, `{1}` where the records of `about` (kind, id) are named; `points` is
    what it costs, 0 where flaws of its kind cost all they can already.
    """

    code: str
    text: str
    fix: str
    about: tuple[tuple[str, str], ...]
    points: int = 0

    @property
    def group(self) -> str:
        """Whether something is missing, stale or a contradiction."""
        return COSTS[self.code].group

    def command(self, names: Mapping[str, str]) -> str:
        """The command, with what each record can be typed as, by id."""
        return self.fix.format(*(names[id] for _, id in self.about))


class Quality(Frozen):
    """The score of one account, and its flaws, the most expensive first."""

    score: int
    flaws: tuple[Flaw, ...]


class QualityRules(Frozen):
    """The required fields, `required(kind, tier)`, and the other settings."""

    fields: Mapping[str, Mapping[str, Field]]
    required: Callable[[str, str | None], Sequence[str]]
    cadence: Mapping[str, int]
    costs: Mapping[str, Cost] = COSTS
    silent_cadences: int = SILENT_CADENCES


class QualityFacts(Frozen):
    """One account and what belongs to it, as far as something could be wrong with it.

    `deals` are those that are open, and those that closed on an odd day; `parts` the people
    with a part in an open one, each with the `deal_id` and `title`, whether they are `here`,
    at the account, and `contact` and `contact_id`.
    """

    row: Row
    last_change: date | None
    people: Sequence[Row] = ()
    deals: Sequence[Row] = ()
    parts: Sequence[Row] = ()
    purchases: Sequence[Row] = ()
    reviews: Sequence[Row] = ()
    has_won: bool = False
    has_bought: bool = False
    in_circle: bool = False

    @property
    def account(self) -> tuple[str, str]:
        """Kind and id."""
        return ("account", self.row["id"])


def costs_of(weight: Callable[[str, float], float]) -> Mapping[str, Cost]:
    """Return the cost of every flaw, where `weight` has the points that a book set for a code.

    Contradictions have one price. What a code costs at most grows in step with its points.
    """
    found = {}
    for code, cost in COSTS.items():
        one_price = cost.group == CONTRADICTION
        name = "contradiction" if one_price else code.replace("-", "_")
        points = int(weight(name, cost.points))
        most = -(-cost.most * points // cost.points)
        if one_price:
            most = int(weight("contradictions", cost.most))
        found[code] = cost.replace(points=points, most=most)
    return found


def judge(facts: QualityFacts, rules: QualityRules, today: date) -> Quality:
    """The quality of one account's data."""
    tier = facts.row["tier"]
    always = [*_always_missing(facts, rules), *_contradictions(facts, today)]
    found = [*_asked_by_tier(facts, rules, tier, today), *always]
    points = _points(found, rules)
    flaws = [
        Flaw(flaw.code, flaw.text, flaw.fix, flaw.about, cost)
        for flaw, cost in zip(found, points, strict=True)
    ]
    if tier is None:
        # Judged like the tier that asks most of it: to know the tier must not cost anything.
        totals = _totals(facts, rules, always, today)
        strictest = max(totals, key=lambda one: totals[one], default=None)
        more = max(totals[strictest] - sum(points), 0) if strictest else 0
        required = "tier" in rules.required("account", None)
        own = rules.costs["required" if required else "tier"].points + more
        says = f"tier is empty: judged as if it were {strictest}" if more else "tier is empty"
        command = "acct account edit {0}"
        flaws.append(Flaw("tier", says, command, (facts.account,), own))
    flaws.sort(key=lambda flaw: -flaw.points)
    return Quality(max(100 - _total(flaws), 0), tuple(flaws))


def mean(scores: Sequence[int]) -> int | None:
    """The score of the whole book, with the same weight for each account; 100 means no flaw."""
    return sum(scores) // len(scores) if scores else None


def _total(flaws: Sequence[Flaw]) -> int:
    return sum(flaw.points for flaw in flaws)


def _points(flaws: Sequence[Flaw], rules: QualityRules) -> list[int]:
    """Return the points of each flaw, up to the most for its code and its group."""
    spent: dict[str, int] = {}
    points = []
    for flaw in flaws:
        cost = rules.costs[flaw.code]
        purse = CONTRADICTION if cost.group == CONTRADICTION else flaw.code
        before = spent.get(purse, 0)
        spent[purse] = min(before + cost.points, cost.most)
        points.append(spent[purse] - before)
    return points


# What is missing, what is old


def _asked_by_tier(
    facts: QualityFacts, rules: QualityRules, tier: str | None, today: date
) -> Iterator[Flaw]:
    """Yield the required fields of a tier that are missing, and silence beyond its cadence."""
    row = facts.row
    for name in rules.required("account", tier):
        if _empty(row, name) and name != "tier":
            by = f"your rules require it of {tier} accounts" if tier else "your rules require it"
            yield _unfilled("required", "account", row, name, rules, f"{name} is empty: {by}")
    for kind, rows in (
        ("contact", facts.people),
        ("deal", [deal for deal in facts.deals if deal["closed_on"] is None]),
        ("purchase", facts.purchases),
    ):
        for name in rules.required(kind, tier):
            for one in rows:
                if name in one and _empty(one, name):
                    called = f"{kind} {text.quoted(_title(kind, one))}"
                    says = f"{called} has no {name.replace('_', ' ')}: your rules require it"
                    yield _unfilled("required-below", kind, one, name, rules, says)
    yield from _staleness(facts, rules, tier, today)
    yield from _recommended(facts, rules, rules.required("account", tier))


def _totals(
    facts: QualityFacts, rules: QualityRules, always: Sequence[Flaw], today: date
) -> dict[str, int]:
    """Return what all flaws would cost the account in each tier.

    Most tiers ask for the same, and that is judged once.
    """
    known: dict[tuple[object, ...], int] = {}
    totals: dict[str, int] = {}
    for tier in rules.cadence:
        silence = [flaw.code for flaw in _staleness(facts, rules, tier, today)]
        asked = tuple([tuple(rules.required(kind, tier)) for kind in ASKED])
        same = (*silence, asked)
        if same not in known:
            flaws = [*_asked_by_tier(facts, rules, tier, today), *always]
            known[same] = sum(_points(flaws, rules))
        totals[tier] = known[same]
    return totals


def _staleness(
    facts: QualityFacts, rules: QualityRules, tier: str | None, today: date
) -> Iterator[Flaw]:
    row = facts.row
    cadence = rules.cadence.get(tier or "")
    snoozed = row["snoozed_until"] is not None and row["snoozed_until"] > iso(today)
    if cadence is None or snoozed or row["cadence_days"] == 0 or row["status"] == "former":
        return
    if facts.last_change is None:
        return  # what stands in the book as its moment is none
    days = (today - facts.last_change).days
    silent = rules.silent_cadences * cadence
    if days > silent:
        code = "long-stale" if days > 2 * silent else "stale"
        says = f"no activity for {days} days ({tier} cadence: {cadence})"
        yield Flaw(code, says, "acct log call {0}", (facts.account,))


def _recommended(
    facts: QualityFacts, rules: QualityRules, required: Sequence[str]
) -> Iterator[Flaw]:
    row = facts.row
    for name in RECOMMENDED:
        needless = row["kind"] == "individual" and name in NOT_OF_A_PERSON
        if _empty(row, name) and name not in required and not needless:
            yield _unfilled("recommended", "account", row, name, rules, f"{name} is empty")


def _always_missing(facts: QualityFacts, rules: QualityRules) -> Iterator[Flaw]:
    """Yield what every account, person and open deal should have."""
    row = facts.row
    if row["kind"] == "company" and not facts.people:
        command = "acct contact add --account {0}"
        yield Flaw("people", "no contacts yet", command, (facts.account,))
    for person in facts.people:
        name = text.safe(person["name"])
        if _empty(person, "emails") and _empty(person, "phones"):
            says = f"{name} has no email or phone"
            yield _unfilled("address", "contact", person, "emails", rules, says)
        if row["kind"] == "company" and person["role"] is None:
            says = f"{name} has no role"
            yield _unfilled("role", "contact", person, "role", rules, says)
    for deal in facts.deals:
        for code, name in (("amount", "amount"), ("close-date", "close_date")):
            if deal["closed_on"] is None and deal[name] is None:
                says = f"deal {text.quoted(deal['title'])} has no {name.replace('_', ' ')}"
                yield _unfilled(code, "deal", deal, name, rules, says)


def _empty(row: Row, name: str) -> bool:
    return row.get(name) in (None, "", ())


def _title(kind: str, row: Row) -> str:
    return str(row.get(model.KINDS[kind].title) or row["id"][-4:])


def _unfilled(code: str, kind: str, row: Row, name: str, rules: QualityRules, says: str) -> Flaw:
    return Flaw(code, says, f"acct {kind} edit {{0}}", ((kind, row["id"]),))


# What contradicts itself


def _contradictions(facts: QualityFacts, today: date) -> Iterator[Flaw]:
    yield from _deal_days(facts, today)
    yield from _status(facts)
    yield from _people(facts)
    yield from _account(facts)
    for purchase in facts.purchases:
        starts, ends = purchase["starts_on"], purchase["ends_on"]
        if starts and ends and ends < starts:
            bought = text.quoted(_title("purchase", purchase))
            says = f"the contract for {bought} ends on {ends}, before it starts on {starts}"
            command = "acct purchase edit {0}"
            yield Flaw("term", says, command, (("purchase", purchase["id"]),))
    for review in facts.reviews:
        held, following = review["held_on"], review["next_review"]
        if following and following < held:
            says = f"the review after that of {held} was set for {following}, before it"
            yield Flaw("review", says, "acct review run {0}", (facts.account,))


def _deal_days(facts: QualityFacts, today: date) -> Iterator[Flaw]:
    for deal in facts.deals:
        title, about = text.quoted(deal["title"]), (("deal", deal["id"]),)
        closed, planned = deal["closed_on"], deal["close_date"]
        if closed is None and deal["category"] == "closed":
            says = f"deal {title} is won, but has no day it closed"
            yield Flaw("won-open", says, "acct deal edit {0}", about)
        elif closed is None and planned is not None and planned < iso(today):
            says = f"deal {title} is open, but its close date passed: {_day(planned, today)}"
            yield Flaw("slipped", says, "acct deal edit {0}", about)
        elif closed is not None and closed > iso(today):
            says = f"deal {title} closed on {closed}, a day in the future"
            yield Flaw("closed-ahead", says, "acct deal edit {0}", about)
        elif closed is not None and closed < deal["opened_on"]:
            says = f"deal {title} closed on {closed}, before it was opened: {deal['opened_on']}"
            yield Flaw("closed-early", says, "acct deal edit {0}", about)


def _day(stored: str, today: date) -> str:
    return say_day(parse_iso_day(stored), today)


def _status(facts: QualityFacts) -> Iterator[Flaw]:
    bought = facts.has_won or facts.has_bought
    if facts.row["status"] == "customer" and not bought:
        says = "a customer without a purchase or a won deal"
        command = "acct purchase add {0}"
        yield Flaw("bought-nothing", says, command, (facts.account,))
    elif facts.row["status"] in ("lead", "prospect") and bought:
        says = f"a {facts.row['status']}, but has a purchase or a won deal"
        command = "acct account edit {0} --status customer"
        yield Flaw("has-bought", says, command, (facts.account,))


def _people(facts: QualityFacts) -> Iterator[Flaw]:
    for part in facts.parts:
        if not part["here"]:
            name, title = text.safe(part["contact"]), text.quoted(part["title"])
            says = f"{name} is on deal {title}, but has left the account"
            about = (("deal", part["deal_id"]), ("contact", part["contact_id"]))
            yield Flaw("gone", says, "acct deal contact {0} {1} --remove", about)
    for person in facts.people:
        if person["role"] == "economic-buyer" and person["do_not_contact"]:
            says = f"{text.safe(person['name'])} is the economic buyer, but marked do not contact"
            yield Flaw("silent-buyer", says, "acct contact map {0}", (facts.account,))
    primaries = [person for person in facts.people if person["primary"]]
    for person in primaries[1:]:
        says = f"{text.safe(person['name'])} is one of {len(primaries)} primary people"
        command = "acct contact edit {0} --no-primary"
        yield Flaw("two-primaries", says, command, (("contact", person["id"]),))


def _account(facts: QualityFacts) -> Iterator[Flaw]:
    row = facts.row
    if facts.in_circle:
        says = "is its own parent, through other accounts"
        yield Flaw("circle", says, "acct account edit {0} --set parent=", (facts.account,))
    if row["phone"] and row["country"]:
        code = addresses.calling_code(row["country"])
        if code is not None and not row["phone"].startswith(code):
            country = addresses.country_name(row["country"])
            says = f"phone {row['phone']} is not a number of {country} ({code})"
            yield Flaw("phone-country", says, "acct account edit {0}", (facts.account,))


def circles(parents: Mapping[str, str | None]) -> set[str]:
    """Return the ids of the accounts in a circle of parents."""
    done: set[str] = set()
    found: set[str] = set()
    for start in parents:
        path: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in done and at not in path:
            path[at] = None
            at = parents.get(at)
        if at in path:
            ids = list(path)
            found.update(ids[ids.index(at) :])
        done.update(path)
    return found
