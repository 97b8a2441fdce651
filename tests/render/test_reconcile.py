from __future__ import annotations

from datetime import date

from rich.console import Console

from acctcli.render import reconcile, theme
from acctcli.shapes.reconcile import BankLineJson, OpenPurchaseJson, PaymentJson, ReconcilePage

LINE: BankLineJson = {
    "day": "2026-11-03",
    "amount": "109.00",
    "currency": "SGD",
    "text": "Acme\x1b[31m " + "x" * 60,
}
BOUGHT: OpenPurchaseJson = {
    "id": "01a21e20-2cc3-73a4-a76e-95e6bc0d228e",
    "account": "Acme",
    "account_id": "1",
    "product": None,
    "amount": "109.00",
    "currency": "SGD",
    "purchased_on": "2026-10-03",
    "invoice": "INV-41",
}


def paid(*, sure: bool = True, days: int = 31, others: int = 0) -> PaymentJson:
    return {
        "line": LINE,
        "purchases": [BOUGHT],
        "sure": sure,
        "reasons": ["name Acme"],
        "days": days,
        "others": others,
    }


def drawn(*pairs: PaymentJson, left: int = 0, width: int = 80) -> str:
    page: ReconcilePage = {
        "file": "november.csv",
        "lines": 3,
        "taken": 1,
        "pairs": pairs,
        "unmatched_lines": [LINE] * left,
        "unmatched_purchases": [BOUGHT] * left,
    }
    console = Console(width=width, record=True, file=None, color_system=None)
    with console.capture() as captured:
        console.print(reconcile.draw(page, theme.View(width, date(2026, 11, 22))))
    return captured.get()


def test_a_payment_has_its_line_its_purchase_and_the_reasons() -> None:
    page = drawn(paid(), paid(sure=False, days=-2, others=3))
    assert "3 lines · 1 reconciled before" in page
    assert page.index("Sure (1)") < page.index("To confirm (1)")
    assert "Acme · INV-41 · 228e" in page
    assert "name Acme · paid 31 days later" in page
    assert "paid 2 days before · 3 others could be meant" in page
    assert "\x1b" not in page
    assert "paid on the day" in drawn(paid(days=0))


def test_what_is_left_is_counted_and_its_beginning_shown() -> None:
    page = drawn(left=12)
    assert "Bank lines without a purchase (12, the first 10)" in page
    assert page.count("INV-41") == 10
    assert "without" not in drawn()


def test_a_narrow_page_loses_nothing() -> None:
    page = "".join(drawn(paid(), width=20).split())
    for word in ("109SGD", "INV-41", "paid31dayslater"):
        assert word in page
