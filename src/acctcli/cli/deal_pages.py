"""What the pages of deals show, as JSON: one deal, the board, what changed, the forecast.

The commands are in `deal`, the drawing of what is put together here in
`render.deals`. Nothing here reads options or changes a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from acctcli import dates, money, text, values
from acctcli.cli import records
from acctcli.cli.session import Session
from acctcli.domain import pipeline
from acctcli.model import CHOICE, CURRENCY, DAY, INTEGER, KINDS, MONEY, REF, STAGE, TEXT, Field
from acctcli.store import deals as sql
from acctcli.store import queries
from acctcli.values import Exact

if TYPE_CHECKING:
    import sqlite3

    from acctcli.dates import Period
    from acctcli.domain.asof import History
    from acctcli.domain.forecast import Entry, Key, Likely, Line
    from acctcli.domain.movement import Movement
    from acctcli.store.filters import Condition

Row = Mapping[str, Any]
Json = dict[str, Any]

LAST_INTERACTIONS = 5
"""How many interactions a deal's page shows."""

GROUPS = ("owner", "tier", "month", "quarter")
"""What a forecast can be broken down by."""

ITEM_FIELDS = {
    **{n: f for n, f in KINDS["item"].fields.items() if n not in ("account", "created_at")},
    "total": Field(MONEY, "the price of the line, less its discount", name="total"),
}
del ITEM_FIELDS["updated_at"]

PERSON_FIELDS = {
    "id": Field(TEXT, "the person's id", name="id"),
    "contact": Field(REF, "the person", name="contact", target="contact"),
    "role": KINDS["deal_contact"].fields["role"],
    **{n: KINDS["contact"].fields[n] for n in ("title", "influence", "stance", "last_touch")},
}

CHANGE_FIELDS = {
    field.name: field
    for field in (
        Field(TEXT, "the deal's id", name="id"),
        Field(CHOICE, "won, lost, new, moved, pushed, pulled in, grown, shrunk", name="what"),
        Field(DAY, "on which day, if several times the last", name="day"),
        Field(REF, "to whom it may be sold", name="account", target="account"),
        Field(TEXT, "what the deal is called", name="title"),
        Field(STAGE, "the stage it is in", name="stage"),
        Field(MONEY, "what it is worth", name="amount"),
        Field(CURRENCY, "currency of the amounts", name="currency"),
        Field(DAY, "when it should close, or closed", name="closes"),
        Field(TEXT, "how it was: a stage, a day, an amount", name="old"),
        Field(TEXT, "how it is", name="new"),
        Field(INTEGER, "by how many days it was pushed or pulled in", name="days"),
        Field(MONEY, "by how much it has grown or shrunk", name="difference"),
        Field(INTEGER, "how often its close date was ever put off", name="pushes"),
    )
}


def items(con: sqlite3.Connection, deal_id: str) -> list[Json]:
    """The lines of a deal as rows, each with its `total`."""
    listing = queries.Listing([queries.by_id("deal_id", deal_id)])
    rows = queries.select(con, "item", KINDS["item"].fields, listing)
    for row in rows:
        price = row["unit_price"]
        row["total"] = None
        if price is not None:
            row["total"] = pipeline.line_total(row["quantity"], price, row["discount"])
    return rows


def people(con: sqlite3.Connection, deal_id: str) -> list[Json]:
    """The people with a part in a deal as rows; `role` is their part in this deal."""
    listing = queries.Listing([queries.by_id("deal_id", deal_id)])
    links = queries.select(con, "deal_contact", KINDS["deal_contact"].fields, listing)
    ids = queries.by_ids("id", [link["contact_id"] for link in links])
    names = [name for name in PERSON_FIELDS if name not in ("contact", "role")]
    known = KINDS["contact"].fields
    found = queries.select(con, "contact", known, queries.Listing([ids]), names=names)
    by_id = {person["id"]: person for person in found}
    return [
        {
            **by_id[link["contact_id"]],
            "contact": link["contact"],
            "contact_id": link["contact_id"],
            "role": link["role"],
        }
        for link in links
    ]


def shown(session: Session, con: sqlite3.Connection, row: Row) -> Json:
    """A deal with its history, items, people, open tasks, last interactions and purchases."""
    own = queries.by_id("deal_id", row["id"])
    history = KINDS["deal_change"].fields
    changes = [
        _change(change, row["currency"])
        for change in queries.select(con, "deal_change", history, queries.Listing([own]))
    ]
    staged = [change["changed_on"] for change in changes if change["field"] == "stage"]
    lines = items(con, row["id"])
    return {
        **values.as_json(session.fields("deal"), row),
        "next_step": row["next_step"],
        "stage_since": staged[-1] if staged else row["opened_on"],
        "changes": changes,
        "items": [values.as_json(ITEM_FIELDS, line) for line in lines],
        "items_total": _totals((line["total"], line["currency"]) for line in lines),
        "contacts": [_with_derived(PERSON_FIELDS, person) for person in people(con, row["id"])],
        "tasks": records.whole(session, con, "task", own, queries.OPEN_TASKS),
        "interactions": records.whole(session, con, "log", own, limit=LAST_INTERACTIONS),
        "interaction_count": queries.count(con, "log", [own]),
        "purchases": records.whole(session, con, "purchase", own),
    }


def _with_derived(fields: Mapping[str, Field], row: Row) -> Json:
    derived = {name: row[name] for name, field in fields.items() if field.derived}
    return {**values.as_json(fields, row), **derived}


def _change(change: Row, currency: str | None) -> Json:
    """A line of a deal's history; amounts are kept as minor units in text."""
    old, new = change["old"], change["new"]
    if change["field"] == "amount" and currency:
        old, new = (
            None if minor is None else Exact(money.plain(int(minor), currency))
            for minor in (old, new)
        )
    return {"changed_on": change["changed_on"], "field": change["field"], "old": old, "new": new}


def _totals(amounts: Iterable[tuple[int | None, str | None]]) -> list[Json]:
    """Sums, one a currency."""
    sums: dict[str, int] = {}
    for amount, currency in amounts:
        if amount is not None and currency is not None:
            sums[currency] = sums.get(currency, 0) + amount
    return [
        {"currency": currency, "amount": Exact(money.plain(sums[currency], currency))}
        for currency in sorted(sums)
    ]


def board(session: Session, con: sqlite3.Connection, conditions: Sequence[Condition]) -> Json:
    """Open deals by stage, and those that closed this quarter.

    Stages that the settings no longer have come last, while deals are in them.
    """
    known = session.fields("deal")
    quarter = dates.quarter_of(session.clock.today)
    since = sql.closed_since(dates.iso(quarter.start))
    listing = queries.Listing([*conditions, since], "close_date,-amount")
    by_stage: dict[str, list[Json]] = {stage.name: [] for stage in session.config.stages}
    categories = {stage.name: stage.category for stage in session.config.stages}
    for row in queries.select(con, "deal", known, listing):
        by_stage.setdefault(row["stage"], []).append(row)
        categories.setdefault(row["stage"], row["category"])
    stages = [
        {
            "stage": name,
            "category": categories[name],
            "count": len(rows),
            "totals": _totals((row["amount"], row["currency"]) for row in rows),
            "deals": [values.as_json(known, row) for row in rows],
        }
        for name, rows in by_stage.items()
    ]
    return {"closed_in": _period(quarter), "stages": stages}


def histories(
    session: Session, con: sqlite3.Connection, conditions: Sequence[Condition] = ()
) -> list[History]:
    """The deals that fit, each with its way through the stages."""
    from acctcli.domain import asof

    deals = map(asof.Deal, sql.facts(con))
    found = asof.histories(deals, map(asof.Change, sql.changes(con)), session.config.stages)
    if not conditions:
        return found
    fitting = sql.fitting(con, conditions)
    return [history for history in found if history.deal.id in fitting]


def change_row(found: Movement) -> Json:
    """One thing that happened to a deal, by `CHANGE_FIELDS`."""
    now, old, new = found.now, found.old, found.new
    deal = now.deal
    days = difference = None
    if found.what in ("pushed", "pulled in"):
        days = (dates.parse_iso_day(str(new)) - dates.parse_iso_day(str(old))).days
    elif found.what in ("grown", "shrunk") and deal.currency:
        difference = int(new or 0) - int(old or 0)
        old, new = (None if v is None else money.plain(int(v), deal.currency) for v in (old, new))
    return {
        "id": deal.id,
        "what": found.what,
        "day": found.day,
        "account": deal.account,
        "account_id": deal.account_id,
        "title": deal.title,
        "stage": now.stage,
        "amount": now.amount,
        "currency": deal.currency,
        "closes": now.close_date if now.outcome == "open" else now.since,
        "old": old,
        "new": new,
        "days": days,
        "difference": difference,
        "pushes": found.pushes,
    }


def _period(period: Period | None) -> Json | None:
    if period is None:
        return None
    start, end, label = period
    return {"label": label, "start": dates.iso(start), "end": dates.iso(end)}


def forecast(
    session: Session,
    con: sqlite3.Connection,
    conditions: Sequence[Condition],
    period: Period | None,
    by: str | None,
    owners: Sequence[str] | None,
) -> Json:
    """What closes in a period (None: at any time), `by` one of `GROUPS` too.

    `owners` are those whose quota it is held against, none of them for everybody's;
    None if it is about a part of the deals that nobody has a quota for.
    """
    from acctcli.domain import forecast as domain
    from acctcli.domain import funnel

    config = session.config
    known = histories(session, con)
    today = dates.iso(session.clock.today)
    rates = funnel.win_rates(funnel.passages(known, today, config.stages), config.stages)
    entries = [domain.Entry(*row) for row in sql.entries(con, conditions)]
    keys: dict[str, Key] = {
        "owner": lambda entry: entry.owner,
        "tier": lambda entry: entry.tier,
        "month": _month,
        "quarter": _quarter,
    }
    found = domain.forecast(
        entries,
        period,
        stages=[stage.name for stage in config.stages],
        by=keys[by] if by else None,
        order=config.tiers if by == "tier" else (),
    )
    base = domain.converted(found.totals, config["rates.base"], config.rates)
    converted = None
    if base is not None:
        converted = {
            "currency": base.currency,
            "amount": _exact(base.amount, base.currency),
            "weighted": _exact(base.weighted, base.currency),
            "rates_of": config["rates.date"] or None,
            "without_rate": base.missing,
        }
    return {
        "period": _period(period),
        "totals": [_line(line) for line in found.totals],
        "categories": [{"category": line.name, **_line(line)} for line in found.categories],
        "stages": [{"stage": line.name, **_line(line)} for line in found.stages],
        "by": by,
        "groups": [{by: line.name, **_line(line)} for line in found.groups] if by else [],
        "converted": converted,
        "likely": [_likely(line) for line in domain.likely(entries, period, rates)],
        "win_rates": [
            {"stage": stage, "percent": round(100 * rate, 2)} for stage, rate in rates.items()
        ],
        "quota": _quota(session, entries, period, owners),
        "looking_back": _looking_back(session, con, known, conditions, period),
        "left_out": {
            "past": [_line(line) for line in found.past],
            "undated": [_line(line) for line in found.undated],
            "without_amount": found.without_amount,
        },
    }


def _likely(line: Likely) -> Json:
    amounts = ("closed", "weighted", "p10", "p50", "p90", "mean")
    exact = {name: _exact(getattr(line, name), line.currency) for name in amounts}
    return {"currency": line.currency, "open": line.open, **exact}


def _quota(
    session: Session, entries: Sequence[Entry], period: Period | None, owners: Sequence[str] | None
) -> Json | None:
    """What is closed of the quota; None where there is none for the period."""
    from acctcli.domain import forecast as domain

    config, quota = session.config, session.config.quota
    if period is None or owners is None:
        return None
    asked = {text.key(name) for name in owners}
    own = [name for name in quota.owners if not asked or text.key(name) in asked]
    rates = config.rates if config["rates.base"] == quota.currency else {}
    found = domain.targets(entries, period, quota, own if asked else [None, *own], rates)
    if not found:
        return None
    lines = [
        {
            "owner": line.owner,
            "quota": _exact(line.quota, quota.currency),
            "closed": _exact(line.closed, quota.currency),
            "share": line.share,
            "gap": _exact(line.gap, quota.currency),
        }
        for line in found
    ]
    return {"currency": quota.currency, "attainment": lines}


def _looking_back(
    session: Session,
    con: sqlite3.Connection,
    known: Sequence[History],
    conditions: Sequence[Condition],
    period: Period | None,
) -> Json | None:
    """The forecast of a past period when it began; of one that is not over, of the one before."""
    from acctcli.domain import forecast as domain

    today = session.clock.today
    past = period if period is None or period.end < today else _period_before(period)
    if past is None or past.end >= today:
        return None
    chosen = known
    if conditions:
        fitting = sql.fitting(con, conditions)
        chosen = [history for history in known if history.deal.id in fitting]
    lines = [
        {
            "currency": line.currency,
            "deals": line.deals,
            "estimated": line.estimated,
            "forecast": _exact(line.forecast, line.currency),
            "became": _exact(line.became, line.currency),
            "opened_since": _exact(line.opened_since, line.currency),
            "error": line.error,
        }
        for line in domain.looking_back(known, chosen, past, session.config.stages)
    ]
    return {"period": _period(past), "lines": lines}


def _period_before(period: Period) -> Period | None:
    """The month, quarter or year before one; None for another span of days."""
    last = period.start - timedelta(days=1)
    if period == dates.quarter_of(period.start):
        return dates.quarter_of(last)
    if period == dates.month_of(period.start):
        return dates.month_of(last)
    year = dates.period(f"{period.start.year:04}", last)
    return dates.period(f"{last.year:04}", last) if period == year else None


def _quarter(entry: Entry) -> str | None:
    """`2026-Q4`, which sorts by time."""
    if entry.day is None:
        return None
    return f"{entry.day.year:04}-Q{(entry.day.month + 2) // 3}"


def _month(entry: Entry) -> str | None:
    return dates.iso(entry.day)[:7] if entry.day else None


def _line(line: Line) -> Json:
    return {
        "currency": line.currency,
        "count": line.deals,
        "amount": Exact(money.plain(line.amount, line.currency)),
        "weighted": Exact(money.plain(line.weighted, line.currency)),
    }


def _exact(minor: int | None, currency: str) -> Exact | None:
    return None if minor is None else Exact(money.plain(minor, currency))
