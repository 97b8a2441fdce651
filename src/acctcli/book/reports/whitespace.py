"""Accounts by products, and what accounts alike buy that one does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.book.reports import scope
from acctcli.book.reports.scope import Report
from acctcli.domain import whitespace as judging
from acctcli.model import (
    CHOICE,
    CURRENCY,
    INTEGER,
    MONEY,
    NUMBER,
    REF,
    TEXT,
    TIER,
    Field,
    Row,
    declare,
)
from acctcli.store import queries
from acctcli.store.facts import reports as sql
from acctcli.values.fields import Json, exact

STATES = (judging.BOUGHT, judging.OPEN, judging.NOTHING)
KINDS = (judging.UPSELL, judging.CROSS_SELL)

CANDIDATE_FIELDS = declare(
    kind=Field(CHOICE, "how it would be sold", choices=KINDS),
    by=Field(CHOICE, "what makes the others alike", choices=judging.GROUPS),
    group=Field(TEXT, "the industry or tier that they share"),
    buyers=Field(INTEGER, "how many of the others bought it"),
    peers=Field(INTEGER, "how many others there are"),
    support=Field(NUMBER, "their share of all customers, 0 to 1"),
    confidence=Field(NUMBER, "their share of the others, 0 to 1"),
    lift=Field(NUMBER, "how many times as often as customers at large they bought it"),
    price=Field(MONEY, "list price of the product"),
    currency=Field(CURRENCY, "currency of the price"),
)
FIELDS = declare(
    account=Field(REF, "the account", target="account"),
    industry=Field(TEXT, "its industry"),
    tier=Field(TIER, "its tier"),
    product=Field(REF, "the product", target="product"),
    state=Field(CHOICE, "bought, in an open deal, or nothing", choices=STATES),
    **CANDIDATE_FIELDS,
)


def report(context: Context, query: Query) -> Report:
    """Return which account buys which product, and what accounts alike buy that it does not.

    The whole book teaches; the query says which accounts are shown.
    """
    today = context.clock.today
    with context.read() as con:
        known = sql.accounts(con, [queries.NOT_ARCHIVED])
        asked = [queries.NOT_ARCHIVED, *scope.by_account(context, con, query)]
        shown = {row[0] for row in sql.accounts(con, asked)}
        products = sql.products(con)
        bought, opened = sql.bought(con), sql.in_open_deals(con)
    found = judging.whitespace(
        [judging.Peer(id, industry, tier) for id, _, industry, tier, _ in known],
        [judging.Sellable._make(row[:5]) for row in products],
        bought,
        opened,
        asked=shown,
    )
    marked = {account for account, _ in bought | opened}
    rows = [row for row in known if row[0] in shown and (row[0] in marked or row[4] == "customer")]
    grid = _grid(rows, products, bought, opened, found.candidates)
    data = {
        "filters": scope.asked(query),
        "customers": found.customers,
        "minimum": {
            "customers": judging.MIN_CUSTOMERS,
            "buyers": judging.MIN_BUYERS,
            "confidence": judging.MIN_CONFIDENCE,
            "lift": judging.MIN_LIFT,
        },
        "book_too_small": found.book_too_small,
        "too_small": [group.as_dict() for group in found.too_small],
        "products": [_product(row) for row in products],
        "accounts": _accounts(rows, grid),
        "candidates": _candidates(grid, found.candidates),
    }
    table = scope.table("cell", FIELDS, grid, today)
    return Report(data, table)


def _product(row: Sequence[Any]) -> Json:
    id, family, price, currency, active, name = row
    return {
        "product": name,
        "product_id": id,
        "family": family,
        "price": exact(price, currency),
        "currency": currency,
        "active": active,
    }


def _accounts(rows: Sequence[tuple[Any, ...]], grid: Sequence[Row]) -> list[Json]:
    """The accounts of the grid, each with the products it bought and those in open deals."""
    products: dict[tuple[str, str], list[str]] = {}
    for cell in grid:
        products.setdefault((cell["account_id"], cell["state"]), []).append(cell["product"])
    return [
        {
            "account": name,
            "account_id": id,
            "industry": industry,
            "tier": tier,
            "bought": products.get((id, judging.BOUGHT), []),
            "open": products.get((id, judging.OPEN), []),
        }
        for id, name, industry, tier, _ in rows
    ]


def _grid(
    accounts: Sequence[tuple[Any, ...]],
    products: Sequence[tuple[Any, ...]],
    bought: set[judging.Cell],
    opened: set[judging.Cell],
    candidates: Sequence[judging.Candidate],
) -> list[Row]:
    """A row for each account and product, with what makes it a candidate if it is one."""
    offers = {(candidate.account, candidate.product): candidate for candidate in candidates}
    rows: list[Row] = []
    for account_id, account, industry, tier, _ in accounts:
        for product_id, _, price, currency, active, product in products:
            cell = (account_id, product_id)
            state = judging.state(cell, bought, opened)
            if state == judging.NOTHING and not active:
                continue  # it cannot be sold any more
            rows.append(
                {
                    "account": account,
                    "account_id": account_id,
                    "industry": industry,
                    "tier": tier,
                    "product": product,
                    "product_id": product_id,
                    "state": state,
                    "price": price,
                    "currency": currency,
                    **_figures(offers.get(cell)),
                }
            )
    return rows


def _figures(candidate: judging.Candidate | None) -> Row:
    if candidate is None:
        return {}
    rule = candidate.rule
    return {
        "kind": candidate.kind,
        "by": rule.by,
        "group": rule.group,
        "buyers": rule.buyers,
        "peers": rule.peers,
        "support": round(rule.support, 4),
        "confidence": round(rule.confidence, 4),
        "lift": round(rule.lift, 4),
    }


def _candidates(grid: Sequence[Row], candidates: Sequence[judging.Candidate]) -> list[Json]:
    """The rows of the candidates as JSON, the best first."""
    by_cell: Mapping[judging.Cell, Row] = {
        (row["account_id"], row["product_id"]): row for row in grid if "kind" in row
    }
    fields = {name: field for name, field in FIELDS.items() if name != "state"}
    rows = [by_cell[c.account, c.product] for c in candidates]
    return scope.rows_as_json(fields, rows)
