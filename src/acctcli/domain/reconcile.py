"""Which purchases the lines of a bank statement pay: proposals with their reasons.

A line pays a purchase if the amount is the same to the last unit, in the same currency, and its day
is near enough. What then speaks for the pair is the number of the invoice in the text of the line,
or else the name of the customer. A pair is sure only if nothing else fits as well, on either side.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations

from acctcli.domain import likeness
from acctcli.frozen import Frozen, FrozenRow
from acctcli.values import company_names
from acctcli.values.business_words import common

DAYS = 120
"""A purchase is usually paid within this many days."""

BEFOREHAND = 30
"""How many days before its day a purchase may be paid."""

AMOUNT, NAME, INVOICE = 0, 1, 2
"""What speaks for a pair, beside amount and day: nothing, the name, the invoice."""

TOGETHER = 4
"""The most purchases that are looked for behind one line."""

_FEW = 20
"""The most purchases of one account whose sums are tried."""

_SHORTEST = 4
"""Digits by themselves are the number of an invoice from this length on."""


class OpenPurchase(FrozenRow):
    """A purchase that is not reconciled; `gross` in minor units, `names` are the customer's."""

    id: str
    account_id: str
    names: Sequence[str]
    invoice: str | None
    gross: int
    currency: str
    day: date


class BankLine(FrozenRow):
    """A line of a bank statement; `ref` tells it from all others, `amount` in minor units."""

    ref: str
    day: date
    amount: int
    currency: str
    text: str


class Proposal(Frozen):
    """The purchases that a line pays, how sure that is, and why.

    `others` is how many other purchases or lines fit as well.
    """

    line: BankLine
    purchases: Sequence[OpenPurchase]
    sure: bool
    evidence: int
    reasons: Sequence[str]
    others: int


class _Pair(FrozenRow):
    line: int
    purchase: int
    evidence: int
    reason: str
    apart: int


def propose(
    lines: Sequence[BankLine], purchases: Sequence[OpenPurchase], days: int = DAYS
) -> list[Proposal]:
    """Return at most one proposal per line and per purchase, in the order of the lines."""
    reader = _Texts(lines)
    pairs = list(_pairs(lines, purchases, reader, days))
    found: dict[int, Proposal] = {}
    paid: set[int] = set()

    def take(pair: _Pair, *, sure: bool, others: int = 0) -> None:
        found[pair.line] = Proposal(
            lines[pair.line],
            [purchases[pair.purchase]],
            sure,
            pair.evidence,
            [pair.reason],
            others,
        )
        paid.add(pair.purchase)

    def left() -> list[_Pair]:
        return [one for one in pairs if one.line not in found and one.purchase not in paid]

    # What is sure may leave only one purchase for another line.
    while sure := _sure(left()):
        for pair in sure:
            take(pair, sure=True)
    told = [one for one in left() if one.evidence > AMOUNT]
    for pair in sorted(told, key=lambda one: (-one.evidence, one.apart, one.line, one.purchase)):
        if pair.line not in found and pair.purchase not in paid:
            others = {one.purchase for one in told if one.line == pair.line}
            lines_too = {one.line for one in told if one.purchase == pair.purchase}
            take(pair, sure=False, others=len(others) + len(lines_too) - 2)
    for place, line in enumerate(lines):
        if place not in found:
            together = _together(line, place, purchases, reader, days, paid)
            if together is not None:
                found[place] = together
                paid.update(i for i, one in enumerate(purchases) if one in together.purchases)
    rest = left()
    for pair in rest:
        beside = [one for one in rest if pair.line == one.line or pair.purchase == one.purchase]
        if len(beside) == 1:  # of several with nothing but their amount, none is proposed
            take(pair, sure=False)
    return [found[place] for place in sorted(found)]


def _pairs(
    lines: Sequence[BankLine], purchases: Sequence[OpenPurchase], reader: _Texts, days: int
) -> Iterator[_Pair]:
    """Yield all lines and purchases of the same amount that nothing speaks against."""
    of_amount: dict[tuple[int, str], list[int]] = {}
    for place, purchase in enumerate(purchases):
        of_amount.setdefault((purchase.gross, purchase.currency), []).append(place)
    for at, line in enumerate(lines):
        for place in of_amount.get((line.amount, line.currency), ()):
            purchase = purchases[place]
            apart = (line.day - purchase.day).days
            if -BEFOREHAND <= apart <= days:
                said = reader.evidence(at, purchase)
                if said is not None:
                    yield _Pair(at, place, said[0], said[1], abs(apart))


def _sure(pairs: Iterable[_Pair]) -> list[_Pair]:
    """Return the pairs that are the best of their line and of their purchase, alone."""
    of_line: dict[int, list[_Pair]] = {}
    of_purchase: dict[int, list[_Pair]] = {}
    for pair in pairs:
        of_line.setdefault(pair.line, []).append(pair)
        of_purchase.setdefault(pair.purchase, []).append(pair)
    best = (_best(beside) for beside in of_line.values())
    return [
        pair
        for pair in best
        if pair is not None and pair.evidence > AMOUNT and _best(of_purchase[pair.purchase]) == pair
    ]


def _best(pairs: Sequence[_Pair]) -> _Pair | None:
    """Return the pair with the most evidence; None if several have as much."""
    most = max(pair.evidence for pair in pairs)
    first, *others = (pair for pair in pairs if pair.evidence == most)
    return None if others else first


def _together(
    line: BankLine,
    at: int,
    purchases: Sequence[OpenPurchase],
    reader: _Texts,
    days: int,
    paid: Collection[int],
) -> Proposal | None:
    """Return the purchases of one account whose sum the line is; None if several sums fit."""
    of_account: dict[str, list[tuple[int, OpenPurchase]]] = {}
    for place, one in enumerate(purchases):
        near = -BEFOREHAND <= (line.day - one.day).days <= days
        if place in paid or one.currency != line.currency or not near:
            continue
        said = reader.evidence(at, one)
        if said is not None and said[0] > AMOUNT:
            of_account.setdefault(one.account_id, []).append((said[0], one))
    sums: list[Sequence[tuple[int, OpenPurchase]]] = []
    for held in of_account.values():
        # Those that the line names come first, then the nearest.
        held.sort(key=lambda one: (-one[0], abs((line.day - one[1].day).days), one[1].id))
        for count in range(2, TOGETHER + 1):
            sums += [
                some
                for some in combinations(held[:_FEW], count)
                if sum(one.gross for _, one in some) == line.amount
            ]
    named = [some for some in sums if all(evidence == INVOICE for evidence, _ in some)]
    if len(named) != 1 and len(sums) != 1:
        return None
    chosen = named[0] if len(named) == 1 else sums[0]
    weakest = min(evidence for evidence, _ in chosen)
    reason = f"the sum of {len(chosen)} purchases"
    return Proposal(line, [one for _, one in chosen], bool(named), weakest, [reason], 0)


class _Texts:
    """The texts of the lines, read once: which names and invoices they contain."""

    def __init__(self, lines: Sequence[BankLine]) -> None:
        self._texts = [line.text.casefold() for line in lines]
        self._words = [company_names.compared(line.text) for line in lines]
        self._alike = likeness.comparer()
        self._named: dict[tuple[int, str], bool] = {}

    def evidence(self, at: int, purchase: OpenPurchase) -> tuple[int, str] | None:
        """Return what in a line speaks for a purchase, and in words; None if it names another."""
        if purchase.invoice and (pattern := _pattern(purchase.invoice)):
            if re.search(pattern, self._texts[at]):
                return INVOICE, f"invoice {purchase.invoice}"
            form = _pattern(purchase.invoice, any_number=True)
            if form and re.search(form, self._texts[at]):
                return None  # the number of another invoice
        for name in purchase.names:
            if self._names(at, name):
                return NAME, f"name {name}"
        return AMOUNT, "no name and no invoice in the text"

    def _names(self, at: int, name: str) -> bool:
        key = (at, name)
        if key not in self._named:
            self._named[key] = self._contains(self._words[at], company_names.compared(name))
        return self._named[key]

    def _contains(self, words: Sequence[str], name: Sequence[str]) -> bool:
        """Whether the words contain a name, with a slip of the fingers or cut off at its end."""
        if len(name) == 1 and (len(name[0]) < 3 or name[0] in common()):
            return name[0] in words[:1] and len(words) == 1
        whole = likeness.name_of(0, " ".join(name), name)
        for start in range(len(words) - len(name) + 1):
            window = words[start : start + len(name)]
            *first, last = window
            if [*first] == [*name[:-1]] and (
                last == name[-1] or (first and len(last) >= 3 and name[-1].startswith(last))
            ):
                return True
            if len("".join(name)) > likeness.SHORT and self._alike(
                likeness.name_of(1, " ".join(window), window), whole
            ):
                return True
        return False


def _pattern(invoice: str, *, any_number: bool = False) -> str:
    """Return a pattern of the number of an invoice, or of all numbers of its form.

    "" for one that any text may contain, and for the form of digits without letters.
    """
    parts = re.findall(r"[^\W\d_]+|[0-9]+", invoice.casefold())
    bare = "".join(parts)
    lettered = not bare.isdigit()
    if not any(map(str.isdigit, bare)) or (not lettered and len(bare) < _SHORTEST):
        return ""
    if any_number and not lettered:
        return ""
    found = ("[0-9]+" if any_number and part.isdigit() else re.escape(part) for part in parts)
    return r"(?<![^\W_])" + r"[\W_]*".join(found) + r"(?![^\W_])"
