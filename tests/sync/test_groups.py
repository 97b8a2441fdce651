"""What says one thing travels as one: an amount with its currency, a state with its day."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from tests.conftest import Program
from tests.syncing import same, shared

from acctcli.model import KINDS, MONEY


class Case(NamedTuple):
    """Commands that set columns of one row to one of two states, and what each state is."""

    before: tuple[tuple[str, ...], ...]
    one: tuple[str, ...]
    other: tuple[str, ...]
    reads: str  # the row, as SQL
    states: tuple[tuple[object, ...], tuple[object, ...]]


ACCOUNT = ("account", "add", "Acme")
DEAL = ("deal", "add", "Acme", "licence", "--amount", "1000 SGD", "--stage", "proposal")
WIDGET = ("product", "add", "Widget", "--price", "100 SGD")

MONEYS = {
    "account.annual_revenue": Case(
        (ACCOUNT,),
        ("account", "edit", "Acme", "--revenue", "5 EUR"),
        ("account", "edit", "Acme", "--revenue", "2000 USD"),
        "SELECT annual_revenue, currency FROM account",
        ((500, "EUR"), (200_000, "USD")),
    ),
    "deal.amount": Case(
        (ACCOUNT, DEAL),
        ("deal", "edit", "licence", "--amount", "5 EUR"),
        ("deal", "edit", "licence", "--amount", "2000 USD"),
        "SELECT amount, currency FROM deal",
        ((500, "EUR"), (200_000, "USD")),
    ),
    "product.price": Case(
        (WIDGET,),
        ("product", "edit", "Widget", "--price", "5 EUR"),
        ("product", "edit", "Widget", "--price", "2000 USD"),
        "SELECT price, currency FROM product",
        ((500, "EUR"), (200_000, "USD")),
    ),
    "purchase.amount": Case(
        (ACCOUNT, ("purchase", "add", "Acme", "100 SGD")),
        ("purchase", "edit", "PURCHASE", "--amount", "5 EUR"),
        ("purchase", "edit", "PURCHASE", "--amount", "2000 USD"),
        "SELECT amount, currency FROM purchase",
        ((500, "EUR"), (200_000, "USD")),
    ),
    "commitment.amount": Case(
        (ACCOUNT, DEAL, ("deal", "forecast", "--commit", "10 SGD")),
        ("deal", "forecast", "--commit", "5 EUR"),
        ("deal", "forecast", "--commit", "2000 USD"),
        "SELECT amount, currency FROM commitment",
        ((500, "EUR"), (200_000, "USD")),
    ),
    "quote_line.unit_price": Case(
        (ACCOUNT, DEAL, ("deal", "quote", "licence", "--valid", "30d")),
        ("quote", "line", "QUOTE", "1", "--quantity", "2", "--unit-price", "5"),
        ("quote", "line", "QUOTE", "1", "--quantity", "3", "--unit-price", "7"),
        "SELECT quantity, unit_price FROM quote_line",
        ((2, 500), (3, 700)),
    ),
}
"""By field: two amounts in different currencies, or with different quantities."""

STATES = {
    "a deal won here and moved there": Case(
        (ACCOUNT, DEAL),
        ("deal", "win", "licence", "--no-purchase"),
        ("deal", "move", "licence", "negotiation"),
        "SELECT stage, probability, closed_on FROM deal",
        (("won", 100, "2026-11-22"), ("negotiation", 80, None)),
    ),
    "a deal won here and lost there": Case(
        (ACCOUNT, DEAL),
        ("deal", "win", "licence", "--no-purchase", "--on", "2026-11-20"),
        ("deal", "lose", "licence", "--reason", "Price", "--on", "2026-11-21"),
        "SELECT stage, closed_on, lost_reason FROM deal",
        (("won", "2026-11-20", None), ("lost", "2026-11-21", "Price")),
    ),
    "an objective met here and dropped there": Case(
        (ACCOUNT, ("account", "plan", "Acme", "--objective", "Reach::2026-12-01")),
        ("account", "plan", "Acme", "--met", "Reach"),
        ("account", "plan", "Acme", "--drop", "Reach"),
        "SELECT state, closed_on FROM objective",
        (("met", "2026-11-22"), ("dropped", "2026-11-22")),
    ),
    "a contract that ends here and recurs there": Case(
        (ACCOUNT, ("purchase", "add", "Acme", "100 SGD", "--on", "2026-01-01")),
        ("purchase", "edit", "PURCHASE", "--recurring", "yearly", "--ends", "2026-12-31"),
        ("purchase", "edit", "PURCHASE", "--recurring", "monthly", "--ends", "2027-01-31"),
        "SELECT recurring, ends_on FROM purchase",
        (("yearly", "2026-12-31"), ("monthly", "2027-01-31")),
    ),
    "a person moved here and promoted there": Case(
        (ACCOUNT, ("account", "add", "Globex"), ("contact", "add", "Mei", "--account", "Acme")),
        ("contact", "move", "Mei", "--to", "Globex", "--title", "CEO"),
        ("contact", "edit", "Mei", "--title", "CTO"),
        "SELECT a.name, c.title FROM contact c JOIN account a ON a.id = c.account_id",
        (("Globex", "CEO"), ("Acme", "CTO")),
    ),
    "a quote sent here and declined there": Case(
        (
            *(ACCOUNT, DEAL, ("deal", "quote", "licence", "--valid", "30d")),
            ("quote", "send", "QUOTE"),
        ),
        ("quote", "accept", "QUOTE"),
        ("quote", "decline", "QUOTE", "--reason", "Price"),
        "SELECT status, reason FROM quote",
        (("accepted", None), ("declined", "Price")),
    ),
}


def named(words: tuple[str, ...], ids: dict[str, str]) -> tuple[str, ...]:
    return tuple(ids.get(word, word) for word in words)


@pytest.mark.slow
@pytest.mark.parametrize("first", [0, 1], ids=["this way", "the other way"])
@pytest.mark.parametrize("what", [*MONEYS, *STATES])
def test_the_later_edit_stands_as_a_whole(
    run: Program, tmp_path: Path, what: str, first: int
) -> None:
    case = (MONEYS | STATES)[what]
    ann, ben = shared(run, tmp_path, "ann", "ben")
    ids: dict[str, str] = {}
    for words in case.before:
        ann(*named(words, ids))
        for name in ("quote", "purchase"):
            if found := ann.value(f"SELECT id FROM {name}"):
                ids[name.upper()] = found
    ann.sync()
    ben.sync()
    edits = (case.one, case.other)
    ann(*named(edits[first], ids))
    ben(*named(edits[1 - first], ids))
    same((ann, ben))
    for one in (ann, ben):
        assert one.rows(case.reads) == [case.states[1 - first]]
        assert len(one.conflicts()) >= 1


def test_every_amount_travels_with_its_currency() -> None:
    missing = [
        f"{kind}.{field.name}"
        for kind, declared in KINDS.items()
        for field in declared.fields.values()
        if field.type == MONEY and not field.derived
        if not any({field.name, "currency"} <= set(group) for group in declared.together)
    ]
    assert missing == []


def test_every_amount_that_is_typed_has_a_case() -> None:
    typed = {
        f"{kind}.{field.name}"
        for kind, declared in KINDS.items()
        for field in declared.fields.values()
        if field.type == MONEY and not field.derived and not field.fixed
    }
    # No command changes a line of a deal: it is removed, and another one added.
    assert typed - MONEYS.keys() == {"item.unit_price"}
