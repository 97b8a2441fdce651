"""Accounts by products, and what similar accounts buy that one does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.book.reports import scope
from acctcli.book.reports.scope import Report
from acctcli.domain import groups
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
from acctcli.store import groups as group_sql
from acctcli.store import queries
from acctcli.store.facts import reports as report_sql
from acctcli.store.facts import whitespace as sql
from acctcli.store.facts.reports import AccountRow
from acctcli.store.facts.whitespace import ProductRow
from acctcli.values.fields import exact

if TYPE_CHECKING:
    from acctcli.shapes.whitespace import (
        CandidateJson,
        GridAccountJson,
        GridProductJson,
        WhitespacePage,
    )

STATES = (judging.BOUGHT, judging.OPEN, judging.NOTHING)
KINDS = (judging.UPSELL, judging.CROSS_SELL)

CANDIDATE_FIELDS = declare(
    kind=Field(CHOICE, "how it would be sold", choices=KINDS),
    bought_by=Field(TEXT, "the accounts of its group that bought it", many=True),
    by=Field(CHOICE, "what makes the others alike", choices=judging.GROUPS),
    group=Field(TEXT, "the industry or tier that they share"),
    buyers=Field(INTEGER, "how many of the others bought it"),
    peers=Field(INTEGER, "how many others there are"),
    support=Field(NUMBER, "their share of all customers, 0 to 1"),
    confidence=Field(NUMBER, "their share of the others, 0 to 1"),
    lower=Field(NUMBER, "what that share is at least, by Wilson's interval"),
    base_rate=Field(NUMBER, "share of all customers that bought it, 0 to 1"),
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
    """Return which account buys which product, and which of the others similar accounts buy.

    The rules come from the whole book; the query selects the accounts that are shown.
    """
    today = context.clock.today
    with context.read() as con:
        known = report_sql.accounts(con, [queries.NOT_ARCHIVED])
        asked = [queries.NOT_ARCHIVED, *scope.by_account(context, con, query)]
        shown = {account.id for account in report_sql.accounts(con, asked)}
        products = sql.products(con)
        bought, opened = sql.bought(con), sql.in_open_deals(con)
        families = groups.families({row["id"]: row["parent_id"] for row in group_sql.families(con)})
    config = context.config
    bounds = judging.Bounds(
        customers=config["whitespace.customers"],
        buyers=config["whitespace.buyers"],
        confidence=config["whitespace.confidence"],
        certainty=int(config.weight("report.confidence", judging.USUAL.certainty)),
    )
    found = judging.whitespace(
        [
            judging.Peer(
                *(one.id, one.industry, one.tier),
                former=one.status == "former",
                family=families.get(one.id),
            )
            for one in known
        ],
        [judging.Sellable(p.id, p.family, p.price, p.currency, p.active) for p in products],
        bought,
        opened,
        asked=shown,
        bounds=bounds,
    )
    marked = {account for account, _ in bought | opened}
    marked |= {candidate.account for candidate in found.candidates}
    rows = [
        account
        for account in known
        if account.id in shown and (account.id in marked or account.status == "customer")
    ]
    names = {account.id: account.name for account in known}
    grid = _grid(rows, products, bought, opened, found.candidates, names)
    data: WhitespacePage = {
        "filters": scope.asked(query),
        "customers": found.customers,
        "minimum": {
            "customers": bounds.customers,
            "buyers": bounds.buyers,
            "confidence": bounds.confidence / 100,
            "certainty": bounds.certainty,
        },
        "names_products": bool(bought),
        "book_too_small": found.book_too_small,
        "too_small": [
            {"by": small.by, "group": small.group, "customers": small.customers}
            for small in found.too_small
        ],
        "products": [_product(row) for row in products],
        "accounts": _accounts(rows, grid),
        "candidates": _candidates(grid, found.candidates),
    }
    table = scope.table("cell", FIELDS, grid, today)
    return Report(data, table)


def _product(product: ProductRow) -> GridProductJson:
    return {
        "product": product.name,
        "product_id": product.id,
        "family": product.family,
        "price": exact(product.price, product.currency),
        "currency": product.currency,
        "active": product.active,
    }


def _accounts(rows: Sequence[AccountRow], grid: Sequence[Row]) -> list[GridAccountJson]:
    """Return the accounts of the grid, each with the products it bought and those in open deals."""
    products: dict[tuple[str, str], list[str]] = {}
    for cell in grid:
        products.setdefault((cell["account_id"], cell["state"]), []).append(cell["product"])
    return [
        {
            "account": row.name,
            "account_id": row.id,
            "industry": row.industry,
            "tier": row.tier,
            "bought": products.get((row.id, judging.BOUGHT), []),
            "open": products.get((row.id, judging.OPEN), []),
        }
        for row in rows
    ]


def _grid(
    accounts: Sequence[AccountRow],
    products: Sequence[ProductRow],
    bought: set[judging.Cell],
    opened: set[judging.Cell],
    candidates: Sequence[judging.Candidate],
    names: Mapping[str, str],
) -> list[Row]:
    """Return a row for each account and product, with the reason for it if it is a candidate."""
    offers = {(candidate.account, candidate.product): candidate for candidate in candidates}
    rows: list[Row] = []
    for account in accounts:
        for product in products:
            cell = (account.id, product.id)
            state = judging.state(cell, bought, opened)
            if state == judging.NOTHING and not product.active:
                continue  # it is no longer sold
            rows.append(
                {
                    "account": account.name,
                    "account_id": account.id,
                    "industry": account.industry,
                    "tier": account.tier,
                    "product": product.name,
                    "product_id": product.id,
                    "state": state,
                    "price": product.price,
                    "currency": product.currency,
                    **_figures(offers.get(cell), names),
                }
            )
    return rows


def _figures(candidate: judging.Candidate | None, names: Mapping[str, str]) -> Row:
    if candidate is None:
        return {"bought_by": ()}
    sisters = tuple(names[id] for id in candidate.sisters)
    return {"kind": candidate.kind, "bought_by": sisters, **_rule(candidate.rule)}


def _rule(rule: judging.Evidence | None) -> Row:
    if rule is None:
        return {}
    return {
        "by": rule.by,
        "group": rule.group,
        "buyers": rule.buyers,
        "peers": rule.peers,
        "support": round(rule.support, 4),
        "confidence": round(rule.confidence, 4),
        "lower": round(rule.lower, 4),
        "base_rate": round(rule.base_rate, 4),
        "lift": round(rule.lift, 4),
    }


def _candidates(
    grid: Sequence[Row], candidates: Sequence[judging.Candidate]
) -> list[CandidateJson]:
    """Return the rows of the candidates as JSON, the best first."""
    by_cell: Mapping[judging.Cell, Row] = {
        (row["account_id"], row["product_id"]): row for row in grid if "kind" in row
    }
    fields = {name: field for name, field in FIELDS.items() if name != "state"}
    rows = [by_cell[c.account, c.product] for c in candidates]
    return scope.rows_as_json(fields, rows)
