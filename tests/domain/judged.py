"""Accounts judged by the default settings, for tests of health."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from acctcli.config import Config
from acctcli.domain.health import CODES, Health
from acctcli.domain.health import health as judge
from acctcli.domain.health_facts import HealthFacts, HealthRules

TODAY = date(2026, 11, 22)
SINCE = date(2026, 1, 1)

SETTINGS = Config()
RULES = HealthRules({code: SETTINGS[f"health.{code}"] for code in CODES}, 40, 70)


def health(facts: HealthFacts, today: date) -> Health:
    """Judge by the weights and bounds of the default settings."""
    return judge(facts, RULES, today)


def facts(**known: Any) -> HealthFacts:
    return HealthFacts(since=SINCE, **known)


def score(code: str, **known: Any) -> float | None:
    """Return the score of one input."""
    found = health(facts(**known), TODAY)
    return next(reason.score for reason in found.reasons if reason.code == code)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)
