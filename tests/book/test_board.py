"""The deals by stage, and what happened to them, on the sample book."""

from __future__ import annotations

from datetime import date

from acctcli.book import board
from acctcli.book.context import Context
from acctcli.store import deals as sql
from acctcli.store import queries


def test_every_open_deal_stands_in_its_stage(sample: Context) -> None:
    with sample.read() as con:
        page = board.page(sample, con, [])
        known = queries.count(con, "deal", [sql.OPEN])
    open_stages = {stage.name for stage in sample.config.stages if stage.open}
    assert {stage["stage"] for stage in page["stages"]} >= open_stages
    shown = [stage for stage in page["stages"] if stage["stage"] in open_stages]
    assert sum(stage["count"] for stage in shown) == known
    for stage in page["stages"]:
        assert stage["count"] == len(stage["deals"])
        assert {deal["stage"] for deal in stage["deals"]} <= {stage["stage"]}
    assert page["closed_in"]["start"] == "2026-10-01"


def test_what_happened_since_a_day(sample: Context) -> None:
    with sample.read() as con:
        week = board.changes(sample, con, [], date(2026, 11, 15))
        year = board.changes(sample, con, [], date(2026, 1, 1))
        none = board.changes(sample, con, [queries.by_id("id", "x")], date(2026, 1, 1))
    assert len(week) < len(year)
    assert none == []
    for row in year:
        assert row.keys() - {"account_id"} == board.CHANGE_FIELDS.keys()
        assert (row["days"] is None) == (row["what"] not in ("pushed", "pulled in"))
