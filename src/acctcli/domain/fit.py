"""Which accounts deserve most of your time: fit, value and engagement, in one score.

Each of the three parts is the mean of its inputs, and the score the mean of the
parts, by weight, from 0 to 100; higher is better. What is not known is left out
with its weight, and never counted as zero.

- Fit is a scorecard that the user writes: criteria with a weight from 1 to 5, on which an
  account gets a match from 0 to 10, counted in tenths.
- Value is where an account stands among the user's own: what it spends, what is open with
  it, what it could spend. By rank, not by share of the largest: beside one giant all
  others would be near zero, and no bounds in money suit a seller of 500 and one of 5 million.
- Engagement is what they do themselves: talk, bring more people, come to us, meet, let a
  deal move, buy more, answer a survey. Each has a level above which more adds nothing.

The weights and these points are our judgement, not a measurement.
docs/how-scores-work.md explains the same to users.

Pure: facts, rules and a day in, a score with its reasons out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from acctcli.domain import figures
from acctcli.domain.health import mean
from acctcli.domain.health_facts import Spending, Survey
from acctcli.domain.reasons import Reason, Unweighed
from acctcli.frozen import Frozen
from acctcli.text import key, ordinal, plural, sentence_list
from acctcli.values import money
from acctcli.values.dates import say_ago

if TYPE_CHECKING:
    from acctcli.config import Criterion

VALUE = ("spending", "pipeline", "potential")
ENGAGEMENT = ("touches", "people", "inbound", "meetings", "movement", "growth", "satisfaction")
CODES = ("fit", "value", "engagement", *VALUE, *ENGAGEMENT)
"""The inputs that have a weight in the settings."""

BEST_MATCH = 10

SIGNAL_DAYS = 90
"""Older signals say nothing about today."""

ENOUGH = {"touches": 6, "people": 3, "inbound": 3, "meetings": 2}
"""More than this many in `SIGNAL_DAYS` add nothing."""

LEAST_RANKED = 3
"""A rank among fewer accounts means nothing."""

MOVED_DAYS = 14
"""A deal that moved within this many days is moving; after `SIGNAL_DAYS` it stands still."""

Amounts = Mapping[str, int]
"""Minor units by currency; empty where nothing is known."""


class ScoreRules(Frozen):
    """The user's settings: weights by code, the profile, bounds of tiers, rates.

    `bounds` gives the score from which a tier is suggested, highest first; `cadence` the days
    between touches by tier.
    """

    weights: Mapping[str, float]
    profile: Sequence[Criterion]
    bounds: Mapping[str, int]
    cadence: Mapping[str, int]
    base: str
    rates: Mapping[str, str]
    survey_days: int = 365
    signal_days: int = SIGNAL_DAYS
    moved_days: int = MOVED_DAYS
    least_ranked: int = LEAST_RANKED
    enough: Mapping[str, int] = ENOUGH


class Signals(Frozen):
    """Signals within `SIGNAL_DAYS`: two-way touches, how often they contacted us, meetings.

    `people` is how many different ones took part; None where no touch names any.
    """

    touches: int
    people: int | None
    inbound: int
    meetings: int


class Moved(Frozen):
    """An open deal, and the day of its last sign of life."""

    title: str
    on: date


class Worth(Frozen):
    """Purchases of twelve months, open deals (weighted), and own revenue of an account."""

    spending: Mapping[str, int] = {}
    pipeline: Mapping[str, int] = {}
    potential: Mapping[str, int] = {}


class ScoreFacts(Frozen):
    """The facts of one account. `fields` are those of its record that the profile names.

    `signals` is None where nothing was ever logged.
    """

    tier: str | None = None
    fields: Mapping[str, Any] = {}
    worth: Worth = Worth()
    signals: Signals | None = None
    deals: Sequence[Moved] = ()
    purchases: Sequence[Spending] = ()
    survey: Survey | None = None


class ScorePart(Reason):
    """A part of the score: a reason that rests on reasons of its own."""

    reasons: tuple[Reason, ...]


class Suggestion(Frozen):
    """The tier that a score speaks for, if any, and why; whether it differs from today's."""

    tier: str | None
    differs: bool
    reason: str


class Score(Frozen):
    """The score (None: nothing is known), its three parts, and the tier that it suggests."""

    score: int | None
    parts: tuple[ScorePart, ...]
    suggestion: Suggestion

    @property
    def inputs(self) -> list[Reason]:
        """The inputs of all parts, known or not."""
        return [reason for part in self.parts for reason in part.reasons]

    @property
    def known(self) -> int:
        """How many of the inputs are known."""
        return sum(reason.score is not None for reason in self.inputs)

    @property
    def share(self) -> float:
        """The share of the weight that is known, from 0 to 1."""
        known = sum(part.weight * _known_share(part) for part in self.parts)
        return figures.quotient(known, sum(part.weight for part in self.parts)) or 0

    def part(self, code: str) -> ScorePart:
        """The part of that code: fit, value or engagement."""
        return next(part for part in self.parts if part.code == code)


Standings = Mapping[str, Mapping[str, Sequence[int]]]
"""For each input of value and each currency, the sorted amounts of the accounts that have any."""


def standings(worths: Iterable[Worth], rules: ScoreRules) -> Standings:
    """Return the worth of all accounts in the book, to rank each of them."""
    found: dict[str, dict[str, list[int]]] = {code: {} for code in VALUE}
    for worth in worths:
        for code in VALUE:
            comparable, _ = _comparable(getattr(worth, code), rules)
            for currency, minor in comparable.items():
                if minor > 0:
                    found[code].setdefault(currency, []).append(minor)
    for by_currency in found.values():
        for amounts in by_currency.values():
            amounts.sort()
    return found


def score(facts: ScoreFacts, book: Standings, rules: ScoreRules, today: date) -> Score:
    """Judge an account by what is known of it and of the book."""
    parts = (
        fit(facts, rules),
        _part("value", _value(facts.worth, book, rules), rules),
        _part("engagement", _engagement(facts, rules, today), rules),
    )
    total = mean(parts)
    return Score(total, parts, _suggest(total, parts, facts.tier, rules))


def strongest(judged: Score, count: int = 1) -> list[Reason]:
    """The reasons that move the score furthest from the middle, up or down."""
    moved: list[tuple[float, Reason]] = []
    for part in judged.parts:
        known = [reason for reason in part.reasons if reason.score is not None]
        total = sum(reason.weight for reason in known)
        if not total:
            continue
        moved += [
            (part.weight * reason.weight / total * abs((reason.score or 0) - 50), reason)
            for reason in known
        ]
    moved = [(points, reason) for points, reason in moved if points > 0]
    moved.sort(key=lambda pair: -pair[0])
    return [reason for _, reason in moved[:count]]


def _part(code: str, findings: Iterable[Unweighed], rules: ScoreRules) -> ScorePart:
    """Return a part of the score from its inputs, each limited to 0 to 100."""
    reasons = tuple(
        Reason(of, text, rules.weights[of], _bounded(points), evidence)
        for of, text, points, evidence in findings
    )
    return _summed(code, reasons, f"of {len(reasons)} inputs known", rules)


def _summed(code: str, reasons: tuple[Reason, ...], known: str, rules: ScoreRules) -> ScorePart:
    found = mean(reasons)
    text = f"{code} unknown" if found is None else f"{code} {found}"
    count = sum(reason.score is not None for reason in reasons)
    return ScorePart(code, text, rules.weights[code], found, f"{count} {known}", reasons)


def _bounded(score: float | None) -> int | None:
    return None if score is None else figures.nearest(min(max(score, 0), 100))


# Fit


def fit(facts: ScoreFacts, rules: ScoreRules) -> ScorePart:
    """Return how well an account fits the ideal customer profile, by the known fields."""
    if not rules.profile:
        missing = "no ideal customer profile set: [icp] in the settings"
        return ScorePart("fit", "fit unknown", rules.weights["fit"], None, missing, ())
    reasons = tuple(_criterion(criterion, facts, rules) for criterion in rules.profile)
    criteria = plural(len(reasons), "criterion", "criteria")
    return _summed("fit", reasons, f"of {criteria} known", rules)


def _criterion(criterion: Criterion, facts: ScoreFacts, rules: ScoreRules) -> Reason:
    """Ten times the match; not known while the field is empty or cannot be converted."""
    label = criterion.field.replace("_", " ")
    value = facts.fields.get(criterion.field)
    if value in (None, ()):
        return _reason(criterion, f"no {label} entered", None)
    if criterion.at_least:
        said, figure = _figure(criterion, value, facts.fields.get("currency"), rules)
        if figure is None:
            return _reason(criterion, f"{label} {said}: no rate to {criterion.currency}", None)
        reached = [match for bound, match in criterion.at_least if figure >= bound]
        match = reached[-1] if reached else criterion.other
    else:
        words = _words(value)
        said = sentence_list(words)
        match = max(criterion.match.get(key(word), criterion.other) for word in words)
    return _reason(criterion, f"{label} {said}: {match} of {BEST_MATCH}", match)


def _reason(criterion: Criterion, text: str, match: int | None) -> Reason:
    points = None if match is None else 100 * match // BEST_MATCH
    return Reason(criterion.name, text, criterion.weight, points, text)


def _words(value: Any) -> Sequence[str]:
    """The words of a field: of a list all of them, of a flag yes or no."""
    if isinstance(value, int):
        return ("yes" if value else "no",)
    return (value,) if isinstance(value, str) else value


def _figure(
    criterion: Criterion, value: float, currency: str | None, rules: ScoreRules
) -> tuple[str, float | None]:
    """The figure in words, and as the bounds count it; None where a rate is missing."""
    if not criterion.currency or not currency:
        return f"{value:,}", value
    said = money.say(int(value), currency)
    if currency == criterion.currency:
        return said, value
    if rules.base != criterion.currency:
        return said, None
    return said, figures.convert(int(value), currency, criterion.currency, rules.rates)


# Value


def _value(worth: Worth, book: Standings, rules: ScoreRules) -> Iterable[Unweighed]:
    """Yield the account's place among those of the book, for each input."""
    for code, what, missing in (
        ("spending", "spending in a year", "nothing bought yet"),
        ("pipeline", "weighted pipeline", "no open deal with an amount"),
        ("potential", "annual revenue", "no annual revenue"),
    ):
        amounts = getattr(worth, code)
        text, points, evidence = missing, None, missing
        if amounts:
            text, points, evidence = _place(what, amounts, book[code], rules)
        yield code, text, points, evidence


def _place(
    what: str, amounts: Amounts, book: Mapping[str, Sequence[int]], rules: ScoreRules
) -> tuple[str, float | None, str]:
    """Return the percentile among the accounts with an amount: the highest has 100.

    With several currencies and no rates, the best of them counts. An account that once had an
    amount and has none now gets 0. None among fewer than three accounts.
    """
    comparable, without_rate = _comparable(amounts, rules)
    named = [money.say(minor, currency) for currency, minor in amounts.items()]
    said = f"{what}: {sentence_list(named)}"
    if without_rate:
        text = f"no rate for {sentence_list(without_rate)}"
        return text, None, f"{said}; {text}"
    ranked = {
        currency: book[currency]
        for currency in comparable
        if len(book.get(currency, ())) >= rules.least_ranked
    }
    if not ranked:
        return f"too few with {what}", None, f"{said}; too few accounts have any to rank it"
    places = [
        (bisect_right(among, comparable[currency]), len(among), currency)
        for currency, among in ranked.items()
        if comparable[currency] > 0
    ]
    if not places:
        return f"no {what}", 0, said
    not_more, among, currency = max(places, key=lambda place: place[0] / place[1])
    place = f"{ordinal(among - not_more + 1)} of {among}"
    if len(book) > 1:  # there is a first in each currency: say in which
        place += f" ({currency})"
    return f"{what}: {place}", figures.points(not_more, among), f"{said}; {place} in your book"


def _comparable(amounts: Amounts, rules: ScoreRules) -> tuple[Amounts, Sequence[str]]:
    """The amounts in the base currency, if there is one, and the currencies without a rate.

    An amount of zero needs no rate, unless there is no other.
    """
    amounts = {currency: minor for currency, minor in amounts.items() if minor} or amounts
    total = figures.total(amounts, rules.base, rules.rates)
    if total is None:
        return amounts, ()
    if total.amount is None:
        return {}, total.missing
    return {total.currency: total.amount}, ()


# Engagement


def _engagement(facts: ScoreFacts, rules: ScoreRules, today: date) -> Iterable[Unweighed]:
    yield from _signals(facts.signals, rules)
    yield _movement(facts.deals, rules, today)
    yield _growth(facts.purchases)
    yield _satisfaction(facts.survey, rules.survey_days, today)


def _signals(signals: Signals | None, rules: ScoreRules) -> Iterable[Unweighed]:
    """Yield each count as a share of the full one; unknown if nothing was ever logged."""
    for code, one, many in (
        ("touches", "two-way touch", "two-way touches"),
        ("people", "person spoken with", "people spoken with"),
        ("inbound", "contact from them", "contacts from them"),
        ("meetings", "meeting or demo", "meetings and demos"),
    ):
        count = getattr(signals, code) if signals else None
        if count is None:
            missing = "nothing logged yet" if signals is None else "no interaction names a contact"
            yield code, missing, None, missing
            continue
        said = plural(count, one, many) if count else f"no {one}"
        within = f"{said} in {plural(rules.signal_days, 'day')}"
        enough = rules.enough[code]
        yield code, within, figures.points(count, enough), f"{within}; {enough} are enough"


def _movement(deals: Sequence[Moved], rules: ScoreRules, today: date) -> Unweighed:
    """The open deal that moved last: 100 for two weeks, then evenly down to 0 after 90 days."""
    if not deals:
        return "movement", "no open deal", None, "no open deal"
    last = max(deals, key=lambda deal: deal.on)
    days = (today - last.on).days
    span = max(rules.signal_days - rules.moved_days, 1)
    points = 100 * (rules.signal_days - days) / span
    text = f'"{last.title}" moved {say_ago(last.on, today)}'
    return "movement", text, points, text


def _growth(purchases: Sequence[Spending]) -> Unweighed:
    """50 for as much as in the twelve months before, 0 for nothing, 100 for twice as much.

    A first year scores 100. With several currencies the mean of theirs: they are never added up.
    Not known if nothing was bought in two years.
    """
    bought = [spent for spent in purchases if spent.year > 0 or spent.before > 0]
    if not bought:
        return "growth", "no purchases", None, "nothing bought in two years"
    grown = [min(_grown(spent), 2) for spent in bought]
    points = 50 * sum(grown) / len(grown)
    if any(spent.before <= 0 for spent in bought):
        return "growth", "new purchases", points, "first purchases in two years"
    change = figures.nearest(100 * sum(_grown(spent) - 1 for spent in bought) / len(bought))
    way = "as before" if not change else f"{'up' if change > 0 else 'down'} {abs(change)} %"
    return "growth", f"purchases {way}", points, f"{way} on the twelve months before"


def _grown(spent: Spending) -> float:
    """Return the growth over the previous purchases; twice in a first year."""
    times = figures.quotient(max(spent.year, 0), spent.before)
    return 2 if times is None else times


def _satisfaction(survey: Survey | None, days: int, today: date) -> Unweighed:
    """The last answer to a survey, for a year."""
    if survey is None or (today - survey.on).days > days:
        return "satisfaction", "no survey answered", None, "no survey answered in a year"
    said = f"{survey.said}, {say_ago(survey.on, today)}"
    return "satisfaction", f"answered {survey.said}", survey.percent, said


# Tier


def _suggest(
    total: int | None, parts: Sequence[ScorePart], tier: str | None, rules: ScoreRules
) -> Suggestion:
    """Return the first tier whose bound the score reaches, if half of its weight is known.

    Value and engagement count by the weight of their known inputs: one of ten is not the
    whole. Fit counts by being known, since its criteria are the user's to add.

    A tier that no bound names stands for the one with the same cadence: `national` beside
    `key` is another kind of account, not a lesser one.
    """
    shares = {part.code: _known_share(part) for part in parts}
    known = sum(part.weight * shares[part.code] for part in parts)
    if total is None or 2 * known < sum(part.weight for part in parts):
        little = sentence_list([code for code, share in shares.items() if share < 0.5])
        return Suggestion(None, False, f"too little known about {little} to suggest a tier")
    reached = next((name for name, bound in rules.bounds.items() if total >= bound), None)
    if reached is None:
        return Suggestion(None, False, f"score {total} is below the bound of every tier")
    span = _span(reached, rules.bounds)
    if tier is not None and reached in (tier, _of_same_cadence(tier, rules)):
        return Suggestion(tier, False, f"score {total} is within {span}")
    now = f"now {tier}" if tier else "no tier yet"
    return Suggestion(reached, True, f"score {total} is within {span}; {now}")


def _known_share(part: ScorePart) -> float:
    """Return the known share of a part: of fit all or nothing, else of its inputs by weight."""
    if part.code == "fit":
        return 0 if part.score is None else 1
    whole = sum(reason.weight for reason in part.reasons)
    known = sum(reason.weight for reason in part.reasons if reason.score is not None)
    return figures.quotient(known, whole) or 0


def _of_same_cadence(tier: str, rules: ScoreRules) -> str | None:
    """Return the tier with a bound that has the same cadence as one without."""
    if tier in rules.bounds or tier not in rules.cadence:
        return None
    days = rules.cadence[tier]
    return next((name for name in rules.bounds if rules.cadence[name] == days), None)


def _span(tier: str, bounds: Mapping[str, int]) -> str:
    """The scores of a tier, in words: `60 to 79 for key`."""
    names = list(bounds)
    place = names.index(tier)
    most = 100 if not place else bounds[names[place - 1]] - 1
    return f"{bounds[tier]} to {most} for {tier}"
