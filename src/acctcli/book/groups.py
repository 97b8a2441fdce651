"""Groups of accounts: the tree with its sums, and the group on the page of a parent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

from acctcli.book import contracts, health, reading
from acctcli.book.context import Context
from acctcli.book.reports import scope
from acctcli.book.reports.scope import Report
from acctcli.domain import forecast as forecasting
from acctcli.domain import groups as judging
from acctcli.domain import trees
from acctcli.domain.contracts import arr_on
from acctcli.domain.figures import nearest, without_rate
from acctcli.domain.groups import GroupAmounts, GroupFigures, Lowest, NextRenewal
from acctcli.model import (
    CURRENCY,
    DAY,
    FLAG,
    INTEGER,
    MOMENT,
    MONEY,
    REF,
    TEXT,
    Field,
    Row,
    declare,
)
from acctcli.store import groups as sql
from acctcli.store import queries
from acctcli.store.facts import accounts as account_sql
from acctcli.store.facts import groups as facts_sql
from acctcli.store.facts.contracts import of_accounts
from acctcli.values import dates
from acctcli.values.fields import exact

if TYPE_CHECKING:
    import sqlite3

    from acctcli.shapes.groups import (
        FamiliesPage,
        FamilyTreeJson,
        GroupJson,
        GroupMemberJson,
        LowestHealthJson,
        NextRenewalJson,
    )

PARTS = ("arr", "bought", "open", "weighted")

FIELDS = declare(
    account=Field(REF, "the account", target="account"),
    number=Field(TEXT, "its number"),
    parent=Field(REF, "the account above it", target="account"),
    level=Field(INTEGER, "how many accounts are above it in the tree"),
    status=Field(TEXT, "its status"),
    archived=Field(FLAG, "whether it is archived"),
    accounts=Field(INTEGER, "how many accounts its group has, with itself"),
    currency=Field(CURRENCY, "currency of the amounts"),
    own_arr=Field(MONEY, "its own recurring revenue"),
    group_arr=Field(MONEY, "that of its group"),
    own_bought=Field(MONEY, "what it bought in twelve months"),
    group_bought=Field(MONEY, "what its group bought"),
    own_open=Field(MONEY, "its own open deals"),
    group_open=Field(MONEY, "those of its group"),
    own_weighted=Field(MONEY, "its own open deals by their chances"),
    group_weighted=Field(MONEY, "those of its group"),
    own_last_touch=Field(MOMENT, "its last two-way touch"),
    group_last_touch=Field(MOMENT, "that of its group"),
    own_health=Field(INTEGER, "its health"),
    group_health=Field(INTEGER, "the lowest health in its group"),
    own_renewal=Field(DAY, "when its next contract ends"),
    group_renewal=Field(DAY, "when the next contract of its group ends"),
)
"""A row per account and currency, or per account in the base currency."""


class _Known:
    """The figures of some accounts, each alone, with what naming them takes."""

    def __init__(
        self,
        context: Context,
        rows: Sequence[Row],
        own: Mapping[str, GroupFigures],
        *,
        weighted: bool,
    ) -> None:
        self.context = context
        self.own = own
        self.weighted = weighted
        self.names = {row["id"]: row["name"] for row in rows}

    def as_json(self, figures: GroupFigures) -> Any:
        """Return figures as JSON: a `RolledUpJson`; unweighted, a `GroupFiguresJson`."""
        lowest, renewal = figures.lowest, figures.renewal
        return {
            "accounts": figures.accounts,
            "deals": figures.deals,
            "amounts": [
                {"currency": code, **self._amounts(one, code)}
                for code, one in sorted(
                    figures.amounts.items(), key=lambda item: (-max(item[1]), item[0])
                )
            ],
            "converted": self._converted(figures),
            "last_touch": figures.last_touch,
            "lowest_health": lowest and self._lowest(lowest),
            "next_renewal": renewal and self._renewal(renewal),
        }

    def _amounts(self, amounts: GroupAmounts | None, currency: str) -> dict[str, str | None]:
        parts = PARTS if self.weighted else PARTS[:-1]
        return {part: exact(amounts and getattr(amounts, part), currency) for part in parts}

    def _converted(self, figures: GroupFigures) -> dict[str, object] | None:
        config = self.context.config
        base = config["rates.base"]
        if not base:
            return None
        return {
            "currency": base,
            **self._amounts(figures.in_base, base),
            "rates_of": config["rates.date"] or None,
            "without_rate": without_rate(figures.amounts, base, config.rates),
        }

    def _lowest(self, found: Lowest) -> LowestHealthJson:
        return {
            "health": found.health,
            "band": found.band,
            "account": self.names[found.account_id],
            "account_id": found.account_id,
        }

    def _renewal(self, found: NextRenewal) -> NextRenewalJson:
        deadline = dates.parse_iso_day(found.deadline)
        return {
            "id": found.id,
            "account": self.names[found.account_id],
            "account_id": found.account_id,
            "product": found.product,
            "ends_on": found.ends_on,
            "standing": found.standing,
            "days": (deadline - self.context.clock.today).days,
        }


def tree(context: Context, con: sqlite3.Connection, account: str | None) -> Report:
    """Return the whole group of an account as nested objects and as a table, or all groups.

    Each account has its own figures and those of its group.
    """
    top = None
    if account is None:
        rows = sql.families(con)
    else:
        top = sql.top(con, context.find(con, "account", account).id)
        rows = sql.below(con, top)
    known = _read(context, con, rows, weighted=True)
    order = _order(rows, top)
    grouped = judging.rolled_up(known.own, order)
    trees = _nested(rows, known, grouped, order)
    data: FamilyTreeJson | FamiliesPage = trees[0] if top else {"families": trees}
    lines = list(_lines(rows, known, grouped, order))
    return Report(data, scope.table("account", FIELDS, lines, context.clock.today))


def _order(rows: Sequence[Row], top: str | None) -> list[tuple[str, int]]:
    """Return the ids of accounts with their depth, from the top down; nothing is above `top`.

    Another program may have closed a circle of parents: it is cut there.
    """
    return trees.from_the_top(
        {row["id"]: row["parent_id"] if row["id"] != top else None for row in rows}
    )


def _nested(
    rows: Sequence[Row],
    known: _Known,
    grouped: Mapping[str, GroupFigures],
    order: Sequence[tuple[str, int]],
) -> list[FamilyTreeJson]:
    """Return accounts as trees: children below their parent, if that is among them."""
    members: dict[str, FamilyTreeJson] = {
        row["id"]: {
            **reading.member(row),
            "own": known.as_json(known.own[row["id"]]),
            "group": known.as_json(grouped[row["id"]]),
            "children": [],
        }
        for row in rows
    }
    tops: list[FamilyTreeJson] = []
    above = [tops]
    for id, depth in order:
        del above[depth + 1 :]
        above[depth].append(members[id])
        above.append(members[id]["children"])
    return tops


def _lines(
    rows: Sequence[Row],
    known: _Known,
    grouped: Mapping[str, GroupFigures],
    order: Sequence[tuple[str, int]],
) -> Iterator[Row]:
    """Yield the rows of the table, top down: one per account and currency of its group.

    Where everything can be put into the base currency, one per account, in that currency.
    """
    by_id = {row["id"]: row for row in rows}
    base: str = known.context.config["rates.base"]
    in_base = all(figures.in_base is not None for figures in known.own.values())
    for id, level in order:
        row, own, group = by_id[id], known.own[id], grouped[id]
        currencies: Sequence[str | None] = [base] if in_base else sorted(group.amounts)
        for currency in currencies or [None]:
            line = {
                "account": row["name"],
                "account_id": id,
                "number": row["number"],
                "parent": known.names.get(row["parent_id"]),
                "parent_id": row["parent_id"],
                "level": level,
                "status": row["status"],
                "archived": row["archived_at"] is not None,
                "accounts": group.accounts,
                "currency": currency,
            }
            for whose, figures in (("own", own), ("group", group)):
                amounts = figures.in_base if in_base else figures.amounts.get(currency or "")
                for part in PARTS if currency else ():
                    line[f"{whose}_{part}"] = getattr(amounts or GroupAmounts(), part)
                line[f"{whose}_last_touch"] = figures.last_touch
                line[f"{whose}_health"] = figures.lowest and figures.lowest.health
                line[f"{whose}_renewal"] = figures.renewal and figures.renewal.ends_on
            yield line


def of_account(
    context: Context, con: sqlite3.Connection, account_id: str, children: Sequence[Row]
) -> GroupJson:
    """Return the group of an account with its members, for its page.

    Nothing is weighted here: that takes the win rates, which are learnt from all deals of the book.
    """
    rows = sql.below(con, account_id)
    known = _read(context, con, rows, weighted=False)
    grouped = judging.rolled_up(known.own, _order(rows, account_id))
    below = [
        cast("GroupMemberJson", {**reading.member(row), **known.as_json(grouped[row["id"]])})
        for row in children
        if row["id"] != account_id
    ]
    return cast("GroupJson", {**known.as_json(grouped[account_id]), "members": below})


def _read(
    context: Context, con: sqlite3.Connection, rows: Sequence[Row], *, weighted: bool
) -> _Known:
    """Return the figures of accounts, each alone."""
    config, today = context.config, context.clock.today
    ids = [row["id"] for row in rows]
    awake = [row["id"] for row in rows if not row["archived_at"]]
    looked_after = [
        row["id"] for row in rows if not row["archived_at"] and row["status"] != "former"
    ]
    found = contracts.read(con, config, of_accounts(ids))
    year = dates.add_months(today, -12) + timedelta(days=1)
    sums: dict[tuple[str, str], list[float]] = {}

    def add(part: str, account: str, currency: str | None, amount: float | None) -> None:
        if currency is not None and amount is not None:
            sums.setdefault((account, currency), [0] * len(PARTS))[PARTS.index(part)] += amount

    for (account, currency), amount in arr_on(found.known, today).items():
        add("arr", account, currency, amount)
    for row in facts_sql.bought(con, ids, year, today):
        add("bought", row.account_id, row.currency, row.amount)
    deals = facts_sql.open_deals(con, ids, forecasting.CATEGORIES)
    by_deal: dict[str, float] = {}
    if weighted and deals:
        from acctcli.book import chances  # an account's page has nothing weighted

        by_deal = chances.of_open_deals(context, con)
    counts: dict[str, int] = {}
    for deal in deals:
        counts[deal.account_id] = counts.get(deal.account_id, 0) + 1
        add("open", deal.account_id, deal.currency, deal.amount)
        if deal.amount is not None:
            by_chance = deal.amount * by_deal.get(deal.id, 0.0)
            add("weighted", deal.account_id, deal.currency, by_chance)
    amounts: dict[str, dict[str, GroupAmounts]] = {}
    for (account, currency), parts in sums.items():
        rounded = GroupAmounts(*map(nearest, parts))
        if any(rounded):
            amounts.setdefault(account, {})[currency] = rounded
    touches = facts_sql.last_touches(con, ids)
    lowest = _healths(context, con, looked_after)
    renewals = _renewals(found, awake, today)
    base, rates = config["rates.base"], config.rates
    own = {
        id: GroupFigures(
            deals=counts.get(id, 0),
            amounts=amounts.get(id, {}),
            in_base=judging.in_base(amounts.get(id, {}), base, rates),
            last_touch=touches.get(id),
            lowest=lowest.get(id),
            renewal=renewals.get(id),
        )
        for id in ids
    }
    return _Known(context, rows, own, weighted=weighted)


def _lowest_of(found: health.Judged) -> Lowest | None:
    """Return the health of an account, unless it rests on too little to have a colour."""
    score, band = found.health.score, found.health.band
    return None if score is None or band is None else Lowest(score, band, found.account.id)


def _healths(context: Context, con: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Lowest]:
    accounts = account_sql.accounts(con, [queries.by_ids("id", ids)])
    judged = health.judge(context, con, accounts, ids)
    return {one.account.id: lowest for one in judged if (lowest := _lowest_of(one))}


def _renewals(
    found: contracts.Contracts, ids: Sequence[str], today: date
) -> dict[str, NextRenewal]:
    """Return the next contract of each account that somebody has to renew, or that lapsed."""
    nearest_of: dict[str, NextRenewal] = {}
    asked = set(ids)
    for one in found.known:
        id = one.facts.account_id
        if id in asked and (one.to_renew(today) or one.lapsed(today)):
            renewal = NextRenewal(
                dates.iso(one.deadline(today)),
                one.facts.id,
                id,
                one.facts.product,
                dates.iso(one.end(today)),
                one.standing(today),
            )
            nearest_of[id] = min(renewal, nearest_of.get(id, renewal), key=_soonest)
    return nearest_of


def _soonest(one: NextRenewal) -> tuple[str, str]:
    return one.deadline, one.id
