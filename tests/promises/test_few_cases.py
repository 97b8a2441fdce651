"""No percentage of fewer than five cases: not on a page, not in a document, not in JSON."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.conftest import Program

REPORTS = ("week", "pipeline", "activity", "performance", "winloss", "sources", "quality")
MORE = ("retention", "renewals", "whitespace")

SHARE = re.compile(
    r"rate$|share$|percent$|conversion$|^nrr$|^grr$|customers_kept|repeated|on_time|accuracy|error"
    r"|^low$|^high$|discount"
)
"""The keys of percentages of counts in JSON."""

LEARNT = {"renewals": {"rate"}}
"""Percentages that are no share of counts: a rate that begins with a prior, and says its n."""

WRITTEN = re.compile(r"\d(?:\.\d+)? ?%")


def small(run: Program) -> None:
    """Make a book of four of everything that a report counts."""
    for n in range(4):
        run("account", "add", f"Acme {n}", "--tier", "key", "--source", "web", "--tag", "expo")
        won, day = ("won", "lost")[n % 2], f"2026-{3 + 2 * n:02}-10"
        words = ("--amount", "10k SGD", "--stage", won, "--opened", "2026-01-05", "--closed", day)
        run("deal", "add", f"Acme {n}", f"Rollout {n}", *words)
        run("log", "call", f"Acme {n}", "Talked", "--at", "2026-11-20")
        term = ("--recurring", "yearly", "--on", f"2025-{6 + n:02}-01")
        run("purchase", "add", f"Acme {n}", "1,200 SGD", *term)
        run("purchase", "add", f"Acme {n}", "300 SGD", "--on", "2025-02-01")
        run("task", "add", f"Acme {n}", "Send it", "--due", "2026-11-20")
    run("deal", "add", "Acme 1", "Open one", "--amount", "5k SGD", "--stage", "proposal")


def shares(data: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the percentages of a page with their keys."""
    match data:
        case dict():
            for name, value in data.items():
                yield from shares(value, name)
        case list():
            for value in data:
                yield from shares(value, key)
        case int() | float() if SHARE.search(key):
            yield key, data


@pytest.mark.parametrize("report", [*REPORTS, *MORE])
def test_four_cases_have_no_percentage(report: str, run: Program) -> None:
    small(run)
    found = json.loads(run("report", report, "-f", "json").out)
    learnt = LEARNT.get(report, set())
    assert [one for one in shares(found) if one[0] not in learnt] == []
    for words in (("-f", "table"), ("-f", "md"), ("--html", "-")):
        made = run("report", report, *words)
        if made.code == 2:
            continue  # this report has no such form
        said = html.unescape(re.sub(r"<style.*?</style>|<[^>]*>", " ", made.out, flags=re.S))
        said = re.sub(r"(Intervals: )?95 %( interval| certainty|, by Wilson)", "", said)
        said = re.sub(r"A candidate needs a share of 25\.0 %", "", said)
        if not learnt:
            assert WRITTEN.findall(said) == [], said


def test_five_cases_have_one(run: Program) -> None:
    small(run)
    run("account", "add", "Fifth", "--source", "web")
    page = run("report", "sources", "-f", "table").out
    assert "of 5" in page
    assert WRITTEN.search(page)
    run("config", "set", "report.few", "6")
    assert not WRITTEN.search(run("report", "sources", "-f", "table").out)
