"""Recurring revenue that comes up for renewal, and how much of it is likely to stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.book import contracts, health
from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.book.reports import scope
from acctcli.book.reports.scope import Report
from acctcli.domain import renewal_forecast as judging
from acctcli.model import (
    CHOICE,
    CURRENCY,
    DAY,
    FLAG,
    MONEY,
    NUMBER,
    RATINGS,
    REF,
    TEXT,
    Field,
    Row,
    declare,
)
from acctcli.store.facts import accounts as account_sql
from acctcli.store.facts import reports as report_sql
from acctcli.values import dates, fields

if TYPE_CHECKING:
    from acctcli.config import Config
    from acctcli.shapes.renewals import RenewalQuarterJson, RenewalsPage

FIELDS = declare(
    id=Field(TEXT, "the contract"),
    account=Field(REF, "the customer", target="account"),
    product=Field(TEXT, "the product"),
    ends_on=Field(DAY, "last day of the contract"),
    quarter=Field(TEXT, "the quarter it ends in"),
    currency=Field(CURRENCY, "currency of the amounts"),
    arr=Field(MONEY, "what it brings a year"),
    band=Field(CHOICE, "health of the account", choices=RATINGS),
    chance=Field(NUMBER, "chance that it is renewed, in percent"),
    expected=Field(MONEY, "ARR times that chance"),
    lost=Field(FLAG, "whether its renewal deal was lost"),
)


def report(context: Context, query: Query) -> Report:
    """Return what ends in each of the next quarters, and how much of it is likely to stay."""
    config, today = context.config, context.clock.today
    by = rules(config)
    with context.read() as con:
        conditions = scope.by_account(context, con, query)
        whole = contracts.read(con, config).known
        names = {account.id: account.name for account in report_sql.accounts(con, conditions)}
        # The rate is that of the whole book: a few accounts are too few for a rate.
        rate = judging.renewal_rate(whole, today, by)
        own = [one for one in whole if one.facts.account_id in names]
        ids = sorted({one.facts.account_id for one in own if one.to_renew(today)})
        accounts = [one for one in account_sql.accounts(con, ()) if one.id in ids]
        judged = health.judge(context, con, accounts, ids) if accounts else []
    bands = {one.account.id: one.health.band for one in judged}
    found = judging.endings(own, bands, rate, today, by)
    rows: list[Row] = [
        {
            "id": one.contract.facts.id,
            "account": names[one.contract.facts.account_id],
            "account_id": one.contract.facts.account_id,
            "product": one.contract.facts.product,
            "ends_on": dates.iso(one.ends),
            "quarter": one.quarter,
            "currency": one.currency,
            "arr": one.arr,
            "band": one.band,
            "chance": round(100 * one.chance, 1),
            "expected": one.expected,
            "lost": one.contract.lost,
        }
        for one in found
    ]
    quarters = judging.by_quarter(found, today, by)
    data: RenewalsPage = {
        "filters": scope.asked(query),
        "rate": {
            "months": by.months,
            "renewed": rate.renewed,
            "due": rate.due,
            "rate": round(100 * rate.rate, 1),
        },
        "quarters": [_quarter(one) for one in quarters],
        "converted": {
            "arr": scope.converted(config, scope.summed((q.currency, q.arr) for q in quarters)),
            "churn": scope.converted(config, scope.summed((q.currency, q.churn) for q in quarters)),
        },
        "contracts": scope.rows_as_json(FIELDS, rows),
    }
    return Report(data, scope.table("contract", FIELDS, rows, today))


def rules(config: Config) -> judging.RenewalRules:
    """Return the rates and the fiscal year, as the settings have them."""
    return judging.RenewalRules(
        usual=config["renewals.usual"],
        worth=config["renewals.worth"],
        amber=config["renewals.amber"],
        red=config["renewals.red"],
        fiscal=config["fiscal.start"],
        months=int(config.weight("renewals.months", judging.LEARNT_MONTHS)),
    )


def _quarter(one: judging.QuarterOfRenewals) -> RenewalQuarterJson:
    return {
        "quarter": one.quarter,
        "currency": one.currency,
        "contracts": one.contracts,
        "arr": fields.exact(one.arr, one.currency),
        "expected": fields.exact(one.expected, one.currency),
        "churn": fields.exact(one.churn, one.currency),
    }
