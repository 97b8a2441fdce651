"""The health of an account: a number from 0 to 100 that can explain itself.

Each input is scored from 0 to 100 by one function of `health_inputs`, whose docstring is
its formula; health is the mean of the known ones, by weight, and of a prior that keeps one
known input from saying everything. What is not known is left out and never counted as
zero: nobody is punished for what they have not entered. Nor does bad news ever raise a
health by making an input unknown, or a middling one known: inputs remember.
docs/how-scores-work.md explains the same to users.

Pure: facts, the user's weights and bounds, and a day in, a score with its reasons
out. Nothing here may know where the facts come from or how the reasons look.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from acctcli.domain import figures
from acctcli.domain import health_inputs as inputs
from acctcli.domain.health_facts import HealthFacts, HealthRules
from acctcli.domain.reasons import Reason
from acctcli.frozen import Frozen

CODES = (
    "touch",
    "replies",
    "promises",
    "stakeholders",
    "deals",
    "purchases",
    "renewals",
    "tickets",
    "satisfaction",
    "record",
)
"""The inputs, in the order in which they are judged and shown."""


class Health(Frozen):
    """The score (None: nothing is known), its band, and every input, known or not.

    The band is red, amber or green; None where too little is known for a colour. An input
    that is known and does not count has a weight of 0.
    """

    score: int | None
    band: str | None
    reasons: tuple[Reason, ...]
    rules: HealthRules

    @property
    def known(self) -> int:
        """How many of the inputs are known."""
        return sum(reason.score is not None for reason in self.reasons)


class Cause(Frozen):
    """What one input did to the health since a review: points of the 100, up or down.

    `was` and `now` are its scores then and now; None where it was not known.
    """

    code: str
    was: float | None
    now: float | None
    points: float


def health(facts: HealthFacts, rules: HealthRules, today: date) -> Health:
    """Judge an account by what is known of it."""
    found = (
        inputs.touch(facts, today),
        inputs.replies(facts, rules, today),
        inputs.promises(facts, rules, today),
        inputs.stakeholders(facts, rules, today),
        inputs.deals(facts, rules, today),
        inputs.purchases(facts, rules),
        inputs.renewals(facts, rules, today),
        inputs.tickets(facts, rules, today),
        inputs.satisfaction(facts, rules, today),
        inputs.record(facts),
    )
    weighed = [
        Reason(code, text, rules.weights[code], score, evidence)
        for code, text, score, evidence in found
    ]
    known = [r for r in weighed if r.score is not None and r.weight > 0]
    if facts.tickets:
        weighed = _only_taking_away(weighed, rules)
    score = _rounded(_middle(((r.weight, r.score) for r in weighed), rules)) if known else None
    share = figures.quotient(sum(r.weight for r in known), sum(rules.weights.values()))
    enough = share is not None and 100 * share >= rules.least_known
    return Health(score, band(score, rules) if enough else None, tuple(weighed), rules)


def _only_taking_away(reasons: list[Reason], rules: HealthRules) -> list[Reason]:
    """Return the reasons; tickets get the weight 0 if open ones would raise the health."""
    place = CODES.index("tickets")
    others = [r for r in reasons if r.code != "tickets"]
    without = _middle(((r.weight, r.score) for r in others), rules)
    counted = _middle(((r.weight, r.score) for r in reasons), rules)
    if without is None or counted is None or counted <= without:
        return reasons
    evidence = f"{reasons[place].evidence}; an open ticket only takes away"
    left_out = reasons[place].replace(weight=0, evidence=evidence)
    return [*reasons[:place], left_out, *reasons[place + 1 :]]


def _middle(scores: Iterable[tuple[float, float | None]], rules: HealthRules) -> float | None:
    """The mean of the known scores and the prior by weight; None if no weight counts at all."""
    known = [(w, s) for w, s in scores if s is not None and w > 0]
    known.append((rules.prior_weight, rules.prior))
    return figures.quotient(sum(w * s for w, s in known), sum(w for w, _ in known))


def _rounded(score: float | None) -> int | None:
    return None if score is None else figures.nearest(score)


def judged_again(kept: Mapping[str, float], rules: HealthRules) -> int | None:
    """Return the health by today's rules of the scores that a review kept; None without any."""
    known = [(rules.weights.get(code, 0), score) for code, score in kept.items()]
    if not any(weight > 0 for weight, _ in known):
        return None
    return _rounded(_middle(known, rules))


def mean(reasons: Sequence[Reason]) -> int | None:
    """The mean of the known scores by weight, rounded; None if none is known."""
    known = [(r.weight, r.score) for r in reasons if r.score is not None and r.weight > 0]
    if not known:
        return None
    return figures.nearest(sum(w * s for w, s in known) / sum(w for w, _ in known))


def band(score: int | None, rules: HealthRules) -> str | None:
    """Red below the first bound, amber below the second, green from there on."""
    if score is None:
        return None
    return "red" if score < rules.red else "amber" if score < rules.amber else "green"


def strongest(health: Health, count: int = 2) -> list[Reason]:
    """Return the strongest reasons: first those that lower the score, then those that raise it."""
    known = [r for r in health.reasons if r.score is not None and r.weight > 0]
    high = [r for r in known if _score(r) >= health.rules.amber]
    high.sort(key=lambda r: -r.weight * _score(r))
    return (low(health) + high)[:count]


def low(health: Health) -> list[Reason]:
    """The reasons below the bound of green, the one that costs most first."""
    known = [r for r in health.reasons if r.score is not None and r.weight > 0]
    found = [r for r in known if _score(r) < health.rules.amber]
    return sorted(found, key=lambda r: -r.weight * (100 - _score(r)))


def lost(health: Health) -> dict[str, float]:
    """Return how many of the 100 points each known input takes away, the most first."""
    known = [r for r in health.reasons if r.score is not None and r.weight > 0]
    total = sum(r.weight for r in known) + health.rules.prior_weight
    points = {r.code: r.weight * (100 - _score(r)) / total for r in known}
    return dict(sorted(points.items(), key=lambda item: -item[1]))


def changes(health: Health, before: Mapping[str, float]) -> list[Cause]:
    """Return what changed the health, by input, the largest change first.

    `before` has the scores that were known at the time, by code. An input pulls the mean
    by its share of the weights times its distance from the mean of then; its points are
    that pull now, less then. So one that became known counts by whether it lies above or
    below what was there, and where the same are known both times the points add up to
    the whole change.
    """
    now = {r.code: _score(r) for r in health.reasons if r.score is not None and r.weight > 0}
    weights, prior = health.rules.weights, health.rules.prior_weight
    was = {code: score for code, score in before.items() if weights.get(code, 0) > 0}
    if not now or not was:
        return []
    whole_was, whole_now = (sum(weights[code] for code in known) + prior for known in (was, now))
    middle = _middle(((weights[code], score) for code, score in was.items()), health.rules)
    assert middle is not None  # something was known

    def pull(known: Mapping[str, float], code: str, whole: float) -> float:
        return weights[code] * (known[code] - middle) / whole if code in known else 0

    found = [
        Cause(
            code,
            was.get(code),
            now.get(code),
            pull(now, code, whole_now) - pull(was, code, whole_was),
        )
        for code in weights
        if was.get(code) != now.get(code)
    ]
    return sorted(found, key=lambda change: -abs(change.points))


def falls(health: Health, before: Mapping[str, float]) -> list[Reason]:
    """Return today's reasons that lowered the health since a review, the strongest first."""
    by_code = {reason.code: reason for reason in health.reasons}
    fallen = [change for change in changes(health, before) if change.points < 0]
    return [by_code[change.code] for change in fallen if change.now is not None]


def _score(reason: Reason) -> float:
    return reason.score or 0
