"""Which bank lines pay which purchases, and how sure that is."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain.reconcile import BankLine, OpenPurchase, Proposal, propose

DAY = date(2026, 10, 1)


def bought(
    id: str,
    amount: int = 1000,
    *,
    name: str = "GreenTech Ltd",
    invoice: str | None = None,
    day: date = DAY,
    aliases: tuple[str, ...] = (),
) -> OpenPurchase:
    return OpenPurchase(id, name, (name, *aliases), invoice, amount, "EUR", day)


def line(text: str, amount: int = 1000, *, day: int = 20, currency: str = "EUR") -> BankLine:
    when = DAY + timedelta(days=day)
    return BankLine(f"{when} {amount} {text}", when, amount, currency, text)


def said(found: list[Proposal]) -> list[tuple[list[str], bool]]:
    return [([one.id for one in proposal.purchases], proposal.sure) for proposal in found]


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("GREENTECH", True),
        ("Payment from Greentech Ltd., thank you", True),
        ("GREENTCH LTD", True),  # a slip
        ("INV 2026/041", True),
        ("re INV-2026-041.", True),
        ("GREENT", False),
        ("somebody", False),
        ("INV-2026-0411", None),  # another invoice
    ],
)
def test_a_name_or_the_number_of_the_invoice_makes_it_sure(text: str, sure: bool | None) -> None:
    found = propose([line(text)], [bought("a", invoice="INV-2026-041")])
    assert said(found) == ([] if sure is None else [(["a"], sure)])


def test_amount_currency_and_days_are_exact() -> None:
    one = [bought("a")]
    assert propose([line("GREENTECH", 1001)], one) == []
    assert propose([line("GREENTECH", currency="USD")], one) == []
    assert propose([line("GREENTECH", day=121)], one) == []
    assert propose([line("GREENTECH", day=-31)], one) == []
    assert said(propose([line("GREENTECH", day=0)], one)) == [(["a"], True)]
    assert said(propose([line("GREENTECH", day=61)], one, 60)) == []


def test_before_the_purchase_only_its_invoice_makes_a_payment_sure() -> None:
    one = [bought("a", invoice="INV-41")]
    assert said(propose([line("GREENTECH", day=-30)], one)) == [(["a"], False)]
    assert said(propose([line("GREENTECH INV-41", day=-30)], one)) == [(["a"], True)]


def test_an_alias_and_a_name_that_the_bank_cut_off_count() -> None:
    long = bought("a", name="Tessaline Test & Assembly Sdn Bhd")
    assert said(propose([line("TESSALINE TEST ASSEMB 0042")], [long])) == [(["a"], True)]
    alias = bought("b", aliases=("GT Holding",))
    assert said(propose([line("from GT Holding")], [alias])) == [(["b"], True)]


def test_two_that_fit_as_well_are_not_sure_and_the_nearest_is_proposed() -> None:
    near, far = bought("near", day=DAY + timedelta(days=10)), bought("far")
    [found] = propose([line("GREENTECH")], [far, near])
    assert ([one.id for one in found.purchases], found.sure, found.others) == (["near"], False, 1)


def test_an_invoice_decides_between_two_and_leaves_the_other_one_sure() -> None:
    purchases = [bought("a", invoice="INV-41"), bought("b", invoice="INV-42")]
    lines = [line("GREENTECH", day=21), line("GREENTECH INV-42", day=20)]
    assert said(propose(lines, purchases)) == [(["a"], True), (["b"], True)]


def test_a_line_may_pay_several_purchases_of_one_account() -> None:
    purchases = [
        bought("a", 300, invoice="INV-41"),
        bought("b", 700, invoice="INV-42"),
        bought("c", 700, name="Other Holding"),
    ]
    assert said(propose([line("GREENTECH")], purchases)) == [(["a", "b"], False)]
    [found] = propose([line("GREENTECH INV-41 INV-42")], purchases)
    assert found.sure
    assert sorted(one.id for one in found.purchases) == ["a", "b"]


def test_of_several_sums_none_is_proposed() -> None:
    purchases = [bought("a", 300), bought("b", 700), bought("c", 700)]
    assert propose([line("GREENTECH")], purchases) == []


def test_with_nothing_but_the_amount_only_a_single_pair_is_proposed() -> None:
    assert said(propose([line("?")], [bought("a")])) == [(["a"], False)]
    assert propose([line("?")], [bought("a"), bought("b", name="Other Ltd")]) == []
    assert propose([line("?"), line("!")], [bought("a")]) == []


def test_a_credit_note_is_paid_by_money_that_goes_out() -> None:
    assert said(propose([line("GREENTECH", -50)], [bought("a", -50)])) == [(["a"], True)]
    assert propose([line("GREENTECH", 50)], [bought("a", -50)]) == []


@pytest.mark.parametrize("name", ["Bank", "The Group", "AB", "X"])
def test_a_name_that_any_text_contains_makes_nothing_sure(name: str) -> None:
    found = propose([line("AB transfer to the group bank X 1")], [bought("a", name=name)])
    assert not any(one.sure for one in found)


NAMES = ("GreenTech Ltd", "Kanso GmbH", "Other Holding", "Total")
TEXTS = (*NAMES, "INV-41", "INV-42 GreenTech", "", "transfer")


@given(
    st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from([100, 200, 300])), max_size=7),
    st.lists(
        st.tuples(
            st.sampled_from(NAMES),
            st.sampled_from([100, 200, 300]),
            st.sampled_from([None, "INV-41", "INV-42"]),
        ),
        max_size=7,
    ),
)
def test_nothing_is_paid_twice_and_every_sum_is_exact(
    texts: list[tuple[str, int]], purchases: list[tuple[str, int, str | None]]
) -> None:
    lines = [line(f"{text} {n}", amount) for n, (text, amount) in enumerate(texts)]
    given = [
        bought(str(n), amount, name=name, invoice=invoice)
        for n, (name, amount, invoice) in enumerate(purchases)
    ]
    found = propose(lines, given)
    assert max(Counter(one.line.ref for one in found).values(), default=1) == 1
    paid = Counter(one.id for proposal in found for one in proposal.purchases)
    assert max(paid.values(), default=1) == 1
    for proposal in found:
        assert sum(one.gross for one in proposal.purchases) == proposal.line.amount
        assert len({one.account_id for one in proposal.purchases}) == 1
    # The order of what is given changes nothing that is sure.
    again = propose(lines[::-1], given[::-1])
    assert sure(found) == sure(again)


def sure(found: list[Proposal]) -> set[tuple[str, frozenset[str]]]:
    """Return which purchases each line pays surely."""
    return {
        (one.line.ref, frozenset(paid.id for paid in one.purchases)) for one in found if one.sure
    }


def test_what_is_surely_a_sum_is_taken_before_any_guess() -> None:
    both = [bought("a", 100, invoice="INV-41"), bought("b", 100, invoice="INV-42")]
    of_both = line("INV-41 and INV-42", 200)
    for guessed in (line("GREENTECH", 200), line("GREENTECH", 100)):
        for lines in ([guessed, of_both], [of_both, guessed]):
            assert said(propose(lines, both)) == [(["a", "b"], True)]


def test_a_guess_leaves_no_sum_that_is_sure() -> None:
    purchases = [
        *(bought("a", 100, invoice="INV-41"), bought("b", 200, invoice="INV-42")),
        *(bought("c", 50, invoice="INV-43"), bought("d", 250, invoice="INV-44")),
    ]
    lines = [
        line("INV-41 INV-42 INV-43 INV-44", 300),
        line("GREENTECH one", 100),
        line("GREENTECH two", 100),
    ]
    assert said(propose(lines, purchases)) == [(["c", "d"], False), (["a"], False)]


def test_an_invoice_that_two_lines_name_is_not_sure() -> None:
    purchases = [bought("a", 108, invoice="A-1"), bought("b", 108, invoice="A-10")]
    lines = [line("A-10 and A-1", 216), line("A-1", 108)]
    assert said(propose(lines, purchases)) == [(["a"], False)]
    assert said(propose(lines[:1], purchases)) == [(["a", "b"], True)]
    assert said(propose([line("A-10", 216), line("A-1", 108)], purchases)) == [(["a"], True)]
