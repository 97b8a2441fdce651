"""What a statement pays is recorded as it was shown, or not at all."""

from __future__ import annotations

from datetime import date

import pytest

from acctcli.book import reconcile
from acctcli.book.context import Context
from acctcli.book.imports.bank import Statement
from acctcli.book.reconcile import Reconciling
from acctcli.domain.reconcile import DAYS, BankLine
from acctcli.errors import Conflict
from acctcli.store import queries, records

LINE = BankLine("ref", date(2026, 11, 3), 10_900, "SGD", "from Acme")


@pytest.fixture
def purchase(context: Context) -> str:
    """Return the id of a purchase of 100 SGD and 9 % tax on credit."""
    with context.write() as tx:
        account = records.insert(tx, "account", {"name": "Acme Ltd"}, {})
        sold = {"amount": 10_000, "currency": "SGD", "tax_rate": 9, "purchased_on": "2026-10-01"}
        values = {"account": account, "payment": "credit", **sold}
        return records.insert(tx, "purchase", values, {})


def looked(context: Context, *lines: BankLine) -> Reconciling:
    with context.read() as con:
        return reconcile.look(context, con, Statement("x.csv", lines, []), DAYS)


def recorded(context: Context, found: Reconciling) -> list[str]:
    with context.write() as tx:
        return reconcile.record(context, tx, found.proposals)


def test_the_amount_that_was_paid_includes_the_tax(context: Context, purchase: str) -> None:
    found = looked(context, LINE, LINE._replace(ref="net", amount=10_000))
    assert [one.line.ref for one in found.sure] == ["ref"]
    assert found.page["pairs"][0]["purchases"][0]["amount"] == "109.00"
    assert [line["amount"] for line in found.page["unmatched_lines"]] == ["100.00"]
    with context.read() as con:
        said = reconcile.says(found.sure[0], con)
    assert said == (
        f'109 SGD on 2026-11-03 "from Acme" pays {purchase[-4:]} of Acme Ltd (2026-10-01)'
    )


def test_a_purchase_keeps_the_day_and_the_line(context: Context, purchase: str) -> None:
    assert recorded(context, looked(context, LINE)) == [purchase]
    with context.read() as con:
        row = queries.get(con, "purchase", context.fields("purchase"), purchase)
    assert (row["paid_on"], row["paid_ref"], row["reconciled"]) == ("2026-11-03", "ref", 1)
    again = looked(context, LINE)
    assert (again.proposals, again.page["taken"]) == ([], 1)
    assert not again.page["unmatched_lines"]
    assert not again.page["unmatched_purchases"]


@pytest.mark.parametrize(
    "change", [{"amount": 20_000}, {"reconciled": True}, {"paid_ref": "other"}, None]
)
def test_what_was_changed_since_it_was_shown_is_not_recorded(
    context: Context, purchase: str, change: dict[str, object] | None
) -> None:
    found = looked(context, LINE)
    with context.write() as tx:
        if change is None:
            records.delete(tx, "purchase", purchase)
        else:
            records.update(tx, "purchase", purchase, change)
    with pytest.raises(Conflict, match="was changed meanwhile"):
        recorded(context, found)
