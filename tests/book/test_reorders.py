"""How often customers order: on the page of an account, in `today` and in the report."""

from __future__ import annotations

import json
from typing import Any

from tests.conftest import Program

from acctcli.book import reorders
from acctcli.config import Config
from acctcli.domain.reorder import ReorderRules


def buys(run: Program, *days: str, account: str = "Acme") -> None:
    run("account", "add", account, "--status", "customer")
    for day in days:
        run("purchase", "add", account, "1200 SGD", "--on", day)


def page(run: Program) -> Any:
    return json.loads(run("account", "show", "Acme", "-f", "json").out)["purchases"]["cadence"]


def test_the_settings_are_the_rules() -> None:
    assert reorders.rules(Config()) == ReorderRules()


def test_a_late_order_is_shown_where_a_seller_looks(run: Program) -> None:
    buys(run, "2026-07-10", "2026-08-09", "2026-09-08", "2026-10-08")
    found = page(run)
    assert (found["orders"], found["every_days"], found["amount"]) == (4, 30, 1200)
    assert (found["expected"], found["late_from"], found["days_late"]) == (
        "2026-11-07",
        "2026-11-15",
        8,
    )
    shown = run("account", "show", "Acme", "-f", "table").out
    assert "orders 1,200 SGD every 30 days, last 6 weeks ago: " in shown
    assert "8 days late" in shown
    (line,) = json.loads(run("today", "-f", "json").out)
    assert (line["kind"], line["due"]) == ("reorder", "2026-11-15")
    assert line["reason"] == "Order late: usually 1.2k SGD every 30 days, the last 6 weeks ago"
    assert line["command"] == "acct log call acme"
    (late,) = json.loads(run("report", "retention", "-f", "json").out)["reorders"]
    assert (late["account"], late["days_late"]) == ("Acme", 8)
    assert "Late to order again: 1 of 1 customer" in run("report", "retention", "-f", "table").out
    assert "8 days" in run("report", "retention", "--html", "-").out
    assert "every 30 days" in run("account", "show", "Acme", "--html", "-").out


def test_an_order_in_time_is_expected(run: Program) -> None:
    buys(run, "2026-09-08", "2026-10-08", "2026-11-07")
    assert page(run)["days_late"] is None
    assert "last 15 days ago, next Mon 7 Dec" in run("account", "show", "Acme", "-f", "table").out
    assert json.loads(run("today", "-f", "json").out) == []
    assert "Late to order again" not in run("report", "retention", "-f", "table").out


def test_what_answers_a_late_order_keeps_today_quiet(run: Program) -> None:
    buys(run, "2026-08-09", "2026-09-08", "2026-10-08")
    assert [line["kind"] for line in json.loads(run("today", "-f", "json").out)] == ["reorder"]
    run("task", "add", "Acme", "Ask for the order", "--due", "3d")
    assert json.loads(run("today", "-f", "json").out) == []
    run("undo")
    run("config", "set", "today.reorder_days", "0")
    assert json.loads(run("today", "-f", "json").out) == []


def test_two_orders_are_no_cadence(run: Program) -> None:
    buys(run, "2026-09-08", "2026-10-08")
    assert page(run) is None


def test_former_customers_are_not_awaited(run: Program) -> None:
    buys(run, "2026-08-09", "2026-09-08", "2026-10-08")
    run("account", "edit", "Acme", "--status", "former")
    assert json.loads(run("report", "retention", "-f", "json").out)["reorders"] == []
    assert json.loads(run("today", "-f", "json").out) == []
