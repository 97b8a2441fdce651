"""The weights and bounds of judgement that few people change, each with its default.

A judgement has its usual weights at hand, and asks `Config.weight` whether the book has its own. So
this module is loaded only where one of them is set, listed or edited, and no start pays for it. A
test compares the defaults with those of `domain`.
"""

from __future__ import annotations

from collections.abc import Iterable

from acctcli.config import SETTINGS, Config, Spec

LINES = {
    "promise": (65, 1.5, "your promise is due"),
    "lapsed": (70, -0.5, "a contract lapsed"),
    "answer": (60, 4, "a message of theirs has no answer"),
    "slipped": (50, 2, "a close date passed"),
    "left": (50, 0, "somebody who mattered left"),
    "ticket": (45, 3, "a ticket is open"),
    "waiting": (40, 2, "their promise is due"),
    "quote": (40, 2, "a quote has no answer"),
    "closing": (36, 1.5, "a deal closes soon"),
    "renewal": (35, 0.25, "a contract has no renewal deal"),
    "reorder": (32, 0.5, "an order is late"),
    "touch": (30, 1, "cadence missed"),
    "ghosted": (30, 1, "a deal finds no answer"),
    "objective": (30, 1, "an objective is overdue"),
    "health": (30, 0, "health fell"),
    "champion": (28, 0.5, "a champion is silent"),
    "stalled": (26, 1, "a deal has no next step"),
    "review": (25, 0.5, "a review is due"),
    "pushed": (25, 0, "a close date was pushed"),
}
"""Each kind of line of `today`: its points, those for each day, and when it comes up."""


def _numbers(section: str, *found: tuple[str, float, str]) -> Iterable[Spec]:
    return (Spec(section, name, float, usual, says) for name, usual, says in found)


def _whole(section: str, *found: tuple[str, int, str]) -> Iterable[Spec]:
    return (Spec(section, name, int, usual, says) for name, usual, says in found)


WEIGHTS: tuple[Spec, ...] = (
    *_numbers("points", *((kind, base, f"if {why}") for kind, (base, _, why) in LINES.items())),
    *_numbers(
        "daily",
        *((kind, each, f"per day if {why}") for kind, (_, each, why) in LINES.items() if each),
    ),
    *_numbers(
        "agenda",
        ("missing", 8, "points for each thing that a deal about to close lacks"),
        ("push", 5, "points for each push of a close date"),
        ("fall", 0.5, "points for each point of health lost"),
        ("unanswered", 20, "points for a ticket since which nothing of ours went out"),
        ("closing_worth", 20, "points that the largest deal has more when it closes soon"),
        ("slipped_fades", 0.5, "points that a close date long past loses each day"),
        ("slipped_least", 40, "points that it keeps"),
        ("tier_span", 0.5, "how much more the first tier counts than the last: half as much again"),
        ("money_span", 0.5, "how much more the largest worth counts than none"),
    ),
    *_whole(
        "agenda",
        ("pushes", 3, "this many pushes count at most"),
        ("falls", 50, "this many points of health lost count at most"),
        ("last_days", 30, "days before its end in which a renewal gains a point each"),
        ("lapsed_days", 14, "days after its end before a lapsed contract fades"),
        ("ghosted_messages", 2, "messages without an answer that make silence"),
        ("step_days", 30, "a next step within these days answers a late order without a cadence"),
        ("others", 3, "this many further lines of an account count, too"),
        ("others_share", 10, "percent of their points that they add"),
        ("slipped_to_lose", 90, "days past its close date after which a deal should be given up"),
    ),
    *_whole(
        "health",
        ("overdue_deal", 40, "points that an open deal loses past its close date"),
        ("stalled_deal", 30, "points that it loses while it stalls"),
        ("push", 15, "points that it loses for each push"),
        ("pushes", 3, "this many pushes count at most"),
        ("no_supporter", 10, "stakeholders: points with nobody of influence for us"),
        ("one_supporter", 50, "points with one"),
        ("two_supporters", 80, "points with two; with three it is 100"),
        ("opponent", 20, "points lost for each opponent with influence"),
        ("same_purchases", 70, "points for as much revenue as a year before"),
        ("renewal_due", 70, "points of a contract when its window begins, then down to 0"),
        ("ticket", 20, "points lost for each open ticket"),
        ("ticket_days", 40, "points lost at most for the days of the oldest ticket"),
        ("nps_promoter", 100, "points of an NPS of 9 or 10"),
        ("nps_passive", 70, "points of an NPS of 7 or 8"),
        ("nps_detractor", 40, "points of an NPS of 6, from there down to 0"),
        ("csat_step", 25, "points for each step of CSAT above 1"),
        ("least_messages", 3, "messages needed to know whether they answer"),
        ("waiting_days", 3, "a message without an answer counts after this many days"),
        ("answered", 75, "percent of messages answered that are as good as all"),
    ),
    *_whole(
        "score",
        ("signal_days", 90, "how far back touches, meetings and signals count"),
        ("moved_days", 14, "a deal that moved within these days is moving"),
        ("enough_touches", 6, "two-way touches in that time that give 100"),
        ("enough_people", 3, "people in them that give 100"),
        ("enough_inbound", 3, "contacts from them that give 100"),
        ("enough_meetings", 2, "meetings and demos that give 100"),
        ("least_ranked", 3, "accounts with an amount that it takes to rank them"),
    ),
    *_whole(
        "report",
        (
            "window_days",
            365,
            "days of closed deals that make velocity, and the usual size of a deal",
        ),
        ("norm_won", 5, "won deals that make the norm of a stage"),
        ("owners", 4, "owners that it takes to compare the best with the others"),
        ("closed", 5, "closed deals that each of them needs"),
        ("confidence", 95, "percent of certainty of intervals, by Wilson: 80, 90, 95 or 99"),
    ),
    *_whole(
        "quality",
        ("required", 10, "points for an account field that your rules require"),
        ("required_below", 5, "points for such a field of a contact, deal or purchase"),
        ("tier", 4, "points for an account without a tier"),
        ("recommended", 3, "points for each of industry, country, website and source"),
        ("people", 8, "points for a company without contacts"),
        ("address", 2, "points for a contact without email and phone"),
        ("role", 1, "points for a contact without a role"),
        ("amount", 3, "points for an open deal without an amount"),
        ("close_date", 3, "points for an open deal without a close date"),
        ("stale", 10, "points for no activity for several times the cadence"),
        ("long_stale", 15, "points for twice as long"),
        ("silent_cadences", 3, "how many times the cadence that is, at least"),
        ("contradiction", 8, "points for each contradiction"),
        ("contradictions", 40, "points for all contradictions at most"),
    ),
    *_whole("dupes", ("likeness", 60, "how similar two records are that are listed, of 100")),
    *_whole("renewals", ("months", 24, "months of ended contracts that make the renewal rate")),
)


def every() -> tuple[Spec, ...]:
    """Return all single settings: those of `config`, then the weights."""
    return (*SETTINGS, *WEIGHTS)


def value(config: Config, spec: Spec) -> object:
    """Return the value of a setting in force."""
    if spec.key in config.values:
        return config.values[spec.key]
    found = config.weight(spec.key, spec.default)
    return int(found) if found == int(found) else found
