"""Weights of judgement: their defaults are those of `domain`, and a book may have its own."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from tests.conftest import Program

from acctcli import config, weights
from acctcli.configfile import from_document, legal
from acctcli.domain import (
    agenda,
    agenda_points,
    agenda_signals,
    agenda_stakes,
    dedupe,
    fit,
    funnel,
    performance,
    quality,
    renewal_forecast,
    targets,
    whitespace,
    winloss,
)
from acctcli.domain.health_facts import HealthRules
from acctcli.errors import Invalid

BY_KEY = {spec.key: spec for spec in weights.WEIGHTS}

USUAL: dict[str, float] = {
    "agenda.missing": agenda_points.MISSING,
    "agenda.push": agenda_points.PUSH,
    "agenda.fall": agenda_points.FALL,
    "agenda.unanswered": agenda_points.UNANSWERED,
    "agenda.closing_worth": agenda_points.CLOSING_WORTH,
    "agenda.slipped_fades": agenda_points.SLIPPED_FADES,
    "agenda.slipped_least": agenda_points.SLIPPED_LEAST,
    "agenda.tier_span": agenda.TIER_SPAN,
    "agenda.money_span": agenda_stakes.MONEY_SPAN,
    "agenda.pushes": agenda_points.PUSHES_COUNTED,
    "agenda.falls": agenda_points.FALLS_COUNTED,
    "agenda.last_days": agenda_points.LAST_DAYS,
    "agenda.lapsed_days": agenda_points.LAPSED_GRACE,
    "agenda.ghosted_messages": agenda_signals.GHOSTED_MESSAGES,
    "agenda.step_days": agenda_signals.STEP_DAYS,
    "score.signal_days": fit.SIGNAL_DAYS,
    "score.moved_days": fit.MOVED_DAYS,
    "score.least_ranked": fit.LEAST_RANKED,
    **{f"score.enough_{code}": enough for code, enough in fit.ENOUGH.items()},
    "report.window_days": funnel.WINDOW,
    "report.norm_won": funnel.MIN_WON,
    "report.owners": performance.MIN_OWNERS,
    "report.closed": performance.MIN_CLOSED,
    "report.confidence": winloss.USUAL.certainty,
    "agenda.others": agenda.OTHERS,
    "agenda.others_share": agenda.OTHERS_SHARE,
    "agenda.slipped_to_lose": agenda_points.SLIPPED_TO_LOSE,
    **{
        f"quality.{code.replace('-', '_')}": cost.points
        for code, cost in quality.COSTS.items()
        if cost.group != quality.CONTRADICTION
    },
    "quality.silent_cadences": quality.SILENT_CADENCES,
    "quality.contradiction": quality.COSTS["slipped"].points,
    "quality.contradictions": quality.MOST_OF_CONTRADICTIONS,
    "dupes.likeness": dedupe.LEAST,
    "renewals.months": renewal_forecast.LEARNT_MONTHS,
    **{f"points.{kind}": one.base for kind, one in agenda_points.POINTS.items()},
    **{f"daily.{kind}": one.a_day for kind, one in agenda_points.POINTS.items() if one.a_day},
}


def test_the_defaults_are_those_of_the_domain() -> None:
    rules = HealthRules({}, 40, 70)
    usual = USUAL | {
        key: getattr(rules, key.removeprefix("health."))
        for key in BY_KEY
        if key.startswith("health.")
    }
    assert {spec.key: spec.default for spec in weights.WEIGHTS} == usual
    assert funnel.WINDOW == targets.YEAR
    assert whitespace.USUAL.certainty == winloss.USUAL.certainty


def test_no_weight_is_a_setting_of_every_start() -> None:
    assert not {spec.key for spec in config.SETTINGS} & BY_KEY.keys()
    assert len(weights.every()) == len({spec.key for spec in weights.every()})
    assert all(config.home_of(spec.section, spec.name) == config.BOOK for spec in weights.WEIGHTS)
    assert all(spec.help for spec in weights.every())


def test_weights_cost_no_start() -> None:
    code = "import sys, acctcli.configfile as c; c.from_document({'health': {'touch': 30}}); "
    code += "print('acctcli.weights' in sys.modules)"
    made = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    assert made.stdout == "False\n"


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("points", "promise", 80),
        ("daily", "lapsed", -0.25),
        ("agenda", "push", 0),
        ("health", "nps_passive", 60),
        ("report", "confidence", 80),
    ],
)
def test_a_weight_is_read(section: str, name: str, value: float) -> None:
    found = from_document({section: {name: value}})
    assert found.own_weights == {f"{section}.{name}": value}
    assert weights.value(found, BY_KEY[f"{section}.{name}"]) == value


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("points", "promise", "80"),
        ("points", "promise", 2000),
        ("points", "promise", float("nan")),
        ("points", "unknown", 1),
        ("agenda", "pushes", 1.5),
        ("agenda", "pushes", -1),
        ("health", "answered", 0),
        ("report", "confidence", 96),
        ("report", "unknown", 1),
        ("quality", "people", -1),
        ("quality", "people", 101),
        ("quality", "people", float("nan")),
        ("quality", "silent_cadences", 0),
        ("dupes", "likeness", 0),
        ("dupes", "likeness", 101),
        ("agenda", "others", -1),
        ("agenda", "others_share", 101),
        ("agenda", "slipped_to_lose", 0),
    ],
)
def test_a_weight_that_is_none_is_refused(section: str, name: str, value: Any) -> None:
    with pytest.raises(Invalid, match=name):
        from_document({section: {name: value}})


def test_what_a_weight_takes() -> None:
    said = {key: legal(spec) for key, spec in BY_KEY.items()}
    assert said["points.promise"] == "-1,000 to 1,000"
    assert said["agenda.pushes"] == "0 to 36,500"
    assert said["score.signal_days"] == "1 to 36,500"
    assert said["report.confidence"] == "80, 90, 95 or 99"


def late_promise(run: Program) -> dict[str, Any]:
    run("account", "add", "Acme")
    run("task", "add", "Acme", "Send it", "--due", "2026-11-20")
    found: dict[str, Any] = run("today", "--explain", "-f", "json").json()[0]
    return found


def test_a_book_has_points_of_its_own(run: Program) -> None:
    assert late_promise(run)["score"] == 68  # 65, and 1.5 for each of two days
    assert run("config", "set", "points.promise", "10").out == "points.promise = 10\n"
    assert run("config", "set", "daily.promise", "0.5").code == 0
    found = run("today", "--explain", "-f", "json").json()[0]
    assert found["score"] == 11
    assert found["explain"][0].startswith("11 = 10 for your promise + 0.5 ")
    assert run("config", "get", "daily.promise").out == "0.5\n"
    assert "daily.promise = 0.5" in run("config", "list").out
    assert run("config", "unset", "points.promise").code == 0
    assert run("config", "get", "points.promise").out == "65\n"


def test_health_has_points_of_its_own(run: Program) -> None:
    run("account", "add", "Acme", "--cadence", "30")
    run("log", "survey", "Acme", "NPS", "--nps", "8")

    def satisfaction() -> Any:
        page = run("review", "health", "Acme", "--explain", "-f", "json").json()
        return next(one["score"] for one in page["reasons"] if one["code"] == "satisfaction")

    assert satisfaction() == 70
    run("config", "set", "health.nps_passive", "55")
    assert satisfaction() == 55


def test_intervals_may_be_less_sure(run: Program) -> None:
    run("account", "add", "Acme")
    for n in range(6):
        words = ("--stage", "won", "--opened", "2026-01-01", "--closed", "2026-02-01")
        run("deal", "add", "Acme", f"Rollout {n}", "--type", "new", *words)
    low = run("report", "winloss", "-f", "json").json()["total"]["low"]
    run("config", "set", "report.confidence", "80")
    found = run("report", "winloss", "-f", "json").json()
    assert (found["certainty"], found["total"]["low"] > low) == (80, True)
    assert "Intervals: 80 %" in run("report", "winloss", "-f", "table").out
