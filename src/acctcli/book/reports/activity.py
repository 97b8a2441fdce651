"""What was done each week, by whom, and which accounts are on cadence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.book.reports import scope
from acctcli.book.reports.scope import Report
from acctcli.domain import activity as judging
from acctcli.model import DAY, INTEGER, KINDS, MINUTES, TEXT, Field, Row, declare
from acctcli.store import queries
from acctcli.store.facts import activity as sql
from acctcli.values import dates, periods

if TYPE_CHECKING:
    from acctcli.shapes.activity import ActivityJson, ActivityPage

WEEKS = 13
"""The weeks shown without a period: a quarter of a year."""

FIELDS = declare(
    week=Field(DAY, "the Monday of the week"),
    owner=Field(TEXT, "the deal's owner, else the account's"),
    kind=Field(TEXT, "what it was", choices=KINDS["log"].fields["kind"].choices),
    interactions=Field(INTEGER, "how many"),
    two_way=Field(INTEGER, "how many of them were two-way"),
    accounts=Field(INTEGER, "how many accounts were reached"),
    minutes=Field(MINUTES, "how long they took, as far as it was written down"),
)


def report(context: Context, query: Query, period: str | None = None) -> Report:
    """Return the interactions by kind, week and owner, and which tiers are covered at the end."""
    today = context.clock.today
    span = _last_weeks(today) if period is None else scope.period(context, period)
    span = scope.until_today(span, today)
    with context.read() as con:
        whose = scope.by_owner(context, con, query)
        reached = [queries.NOT_FORMER, queries.NOT_ARCHIVED, *scope.by_account(context, con, query)]
        counts = sql.interactions(con, span.start, span.end, whose.conditions, whose.owners)
        contacted = sql.contacted(con, span.end, reached)
    weeks = judging.weeks(span.start, span.end)
    tiers, without = judging.coverage(
        contacted, context.config.cadence, span.end, context.config["report.few"]
    )
    rows = _rows(counts)
    data: ActivityPage = {
        "filters": scope.asked(query),
        "period": periods.span(span),
        "weeks": [dates.iso(week) for week in weeks],
        "total": _line(judging.total(counts, weeks)),
        "kinds": [
            {"kind": line.name or "", **_line(line)} for line in judging.by_kind(counts, weeks)
        ],
        "owners": [{"owner": line.name, **_line(line)} for line in judging.by_owner(counts, weeks)],
        "coverage": {
            "day": dates.iso(span.end),
            "tiers": [
                {
                    "tier": line.tier,
                    "accounts": line.accounts,
                    "touched": line.touched,
                    "late": line.late,
                    "never": line.never,
                    "share": line.share,
                }
                for line in tiers
            ],
            "without_cadence": without,
        },
    }
    table = scope.table("week", FIELDS, rows, today)
    return Report(data, table)


def _last_weeks(today: date) -> periods.Period:
    start = judging.monday(today) - timedelta(weeks=WEEKS - 1)
    return periods.Period(start, today, f"{dates.iso(start)}..{dates.iso(today)}")


def _line(line: judging.ActivityLine) -> ActivityJson:
    return {
        "interactions": line.count,
        "two_way": line.two_way,
        "accounts": line.accounts,
        "minutes": line.minutes,
        "by_week": list(line.by_week),
    }


def _rows(counts: Sequence[judging.Count]) -> list[Row]:
    """Return a row for each week, owner and kind with interactions."""
    groups: dict[tuple[date, str | None, str], list[judging.Count]] = {}
    for count in counts:
        groups.setdefault((count.week, count.owner, count.kind), []).append(count)
    ordered = sorted(groups, key=lambda group: (group[0], group[1] or "", group[2]))
    return [
        {
            "week": dates.iso(group[0]),
            "owner": group[1],
            "kind": group[2],
            "interactions": sum(count.times for count in groups[group]),
            "two_way": sum(count.times for count in groups[group] if count.two_way),
            "accounts": len({count.account for count in groups[group]}),
            "minutes": sum(count.minutes for count in groups[group]),
        }
        for group in ordered
    ]
