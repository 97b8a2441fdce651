"""Which purchases the lines of a bank statement pay: proposals with their reasons.

A line pays a purchase if the amount is the same to the last unit, in the same currency, and its day
is near enough. What then speaks for the pair is the number of the invoice in the text of the line,
or else the name of the customer. A pair is sure only if nothing else fits as well, on either side,
and no other line names its invoice.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
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

_CUT = 12
"""The most letters that a bank cuts off from a word of a name."""

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
    before: bool


def propose(
    lines: Sequence[BankLine], purchases: Sequence[OpenPurchase], days: int = DAYS
) -> list[Proposal]:
    """Return at most one proposal per line and per purchase, in the order of the lines."""
    reader = _Texts(lines, purchases)
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

    def contested(pair: _Pair) -> bool:
        return pair.evidence == INVOICE and reader.named_elsewhere(pair.line, pair.purchase)

    def take_sums(*, sure: bool) -> bool:
        """Take the sums that are sure, or else all as a guess; return whether there were any."""
        before = len(found)
        for at, line in enumerate(lines):
            if at in found:
                continue
            near = [
                [one for one in places if one not in paid and _near(line, purchases[one], days)]
                for places in reader.named(at)
            ]
            some = _together(line, at, [places for places in near if len(places) > 1], reader)
            if some is None:
                continue
            chosen, named, evidence = some
            if sure and (not named or any(reader.named_elsewhere(at, one) for one in chosen)):
                continue
            reason = f"the sum of {len(chosen)} purchases"
            found[at] = Proposal(
                line, [purchases[one] for one in chosen], sure, evidence, [reason], 0
            )
            paid.update(chosen)
        return len(found) > before

    # What is sure may leave only one purchase for another line. Guesses come after all of it: no
    # guess takes what a line surely pays, or makes another sure.
    while True:
        if sure := [pair for pair in _sure(left()) if not contested(pair)]:
            for pair in sure:
                take(pair, sure=True)
        elif not take_sums(sure=True):
            break
    told = [one for one in left() if one.evidence > AMOUNT]
    fitting = _Counted(told)
    for pair in sorted(told, key=lambda one: (-one.evidence, one.apart, one.line, one.purchase)):
        if pair.line not in found and pair.purchase not in paid:
            take(pair, sure=False, others=fitting.beside(pair))
    take_sums(sure=False)
    rest = left()
    fitting = _Counted(rest)
    for pair in rest:
        if not fitting.beside(pair):  # of several with nothing but their amount, none is proposed
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
            if _near(line, purchase, days):
                said = reader.evidence(at, place)
                if said is not None:
                    apart = (line.day - purchase.day).days
                    yield _Pair(at, place, said[0], said[1], abs(apart), apart < 0)


def _near(line: BankLine, purchase: OpenPurchase, days: int) -> bool:
    """Whether a line may pay a purchase, by its currency and its day."""
    apart = (line.day - purchase.day).days
    return line.currency == purchase.currency and -BEFOREHAND <= apart <= days


class _Counted:
    """How many of some pairs each line and each purchase has."""

    def __init__(self, pairs: Sequence[_Pair]) -> None:
        self._of_line = Counter(pair.line for pair in pairs)
        self._of_purchase = Counter(pair.purchase for pair in pairs)

    def beside(self, pair: _Pair) -> int:
        """Return how many other pairs have the same line or the same purchase."""
        return self._of_line[pair.line] + self._of_purchase[pair.purchase] - 2


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
        if pair is not None and _tells(pair) and _best(of_purchase[pair.purchase]) == pair
    ]


def _tells(pair: _Pair) -> bool:
    """Whether a pair may be sure: before the purchase, a name is not enough.

    A customer who pays the same each month may have paid for the month before.
    """
    return pair.evidence == INVOICE or (pair.evidence == NAME and not pair.before)


def _best(pairs: Sequence[_Pair]) -> _Pair | None:
    """Return the pair with the most evidence; None if several have as much."""
    most = max(pair.evidence for pair in pairs)
    first, *others = (pair for pair in pairs if pair.evidence == most)
    return None if others else first


def _together(
    line: BankLine, at: int, accounts: Iterable[Sequence[int]], reader: _Texts
) -> tuple[Sequence[int], bool, int] | None:
    """Return the purchases of one account whose sum a line is, if they are sure, and by what.

    None if no sum fits, or several do. `accounts` are the purchases of each account.
    """
    sums: list[Sequence[tuple[int, int, int]]] = []
    for places in accounts:
        held = []
        for place in places:
            said = reader.evidence(at, place)
            if said is not None and said[0] > AMOUNT:
                one = reader.purchases[place]
                apart = abs((line.day - one.day).days)
                held.append((-said[0], apart, place, one.gross))
        held.sort()  # those that the line names come first, then the nearest
        tried = [(-evidence, place, gross) for evidence, _, place, gross in held[:_FEW]]
        for count in range(2, TOGETHER + 1):
            sums += [
                some
                for some in combinations(tried, count)
                if sum(gross for _, _, gross in some) == line.amount
            ]
    named = [some for some in sums if all(evidence == INVOICE for evidence, _, _ in some)]
    if len(named) != 1 and len(sums) != 1:
        return None
    chosen = named[0] if len(named) == 1 else sums[0]
    weakest = min(evidence for evidence, _, _ in chosen)
    return [place for _, place, _ in chosen], bool(named), weakest


class _Texts:
    """The texts of the lines, read once: which names and invoices they contain.

    Only names that share a word with a text, or nearly its letters, are compared with it.
    """

    def __init__(self, lines: Sequence[BankLine], purchases: Sequence[OpenPurchase]) -> None:
        self.purchases = purchases
        self._texts = [line.text.casefold() for line in lines]
        self._squeezed = [_squeezed(line.text) for line in lines]
        self._words = [company_names.compared(line.text) for line in lines]
        self._alike = likeness.comparer()
        self._named: dict[tuple[int, str], bool] = {}
        self._named_accounts: dict[int, list[list[int]]] = {}
        self._invoices = [_squeezed(one.invoice or "") for one in purchases]
        self._names_of = {name: company_names.compared(name) for p in purchases for name in p.names}
        self._by_word: dict[str, set[str]] = {}
        for name, words in self._names_of.items():
            for word in words if len(words) > 1 else (words[0], words[0][:1]):
                self._by_word.setdefault(word, set()).add(name)
        self._accounts: dict[str, list[int]] = {}
        self._of_name: dict[str, set[str]] = {}
        for place, one in enumerate(purchases):
            self._accounts.setdefault(one.account_id, []).append(place)
            for name in one.names:
                self._of_name.setdefault(name, set()).add(one.account_id)

    def named(self, at: int) -> list[list[int]]:
        """Return the purchases of each account that a line names, or an invoice of which."""
        if at not in self._named_accounts:
            self._named_accounts[at] = self._accounts_in(at)
        return self._named_accounts[at]

    def _accounts_in(self, at: int) -> list[list[int]]:
        found = {
            account
            for name in self._near(at)
            if self._names(at, name)
            for account in self._of_name[name]
        }
        text = self._squeezed[at]
        found |= {
            one.account_id
            for one, invoice in zip(self.purchases, self._invoices, strict=True)
            if invoice and invoice in text
        }
        return [self._accounts[account] for account in sorted(found)]

    def named_elsewhere(self, at: int, place: int) -> bool:
        """Whether another line names the invoice of a purchase: perhaps that one pays it."""
        invoice = self._invoices[place]
        return any(
            other != at
            and invoice in text
            and (self.evidence(other, place) or (AMOUNT, ""))[0] == INVOICE
            for other, text in enumerate(self._squeezed)
        )

    def _near(self, at: int) -> set[str]:
        """Return the names that may be in a line: the only ones to look at closely."""
        words = self._words[at]
        parts = {*words, *(word[:1] for word in words)}
        return {name for part in parts for name in self._by_word.get(part, ())}

    def evidence(self, at: int, place: int) -> tuple[int, str] | None:
        """Return what in a line speaks for a purchase, and in words; None if it names another."""
        purchase = self.purchases[place]
        if purchase.invoice and (pattern := _pattern(purchase.invoice)):
            if self._invoices[place] in self._squeezed[at] and re.search(pattern, self._texts[at]):
                return INVOICE, f"invoice {purchase.invoice}"
            form = _pattern(purchase.invoice, any_number=True)
            if form and re.search(form, self._texts[at]):
                return None  # the number of another invoice
        near = self._near(at)
        for name in purchase.names:
            if name in near and self._names(at, name):
                return NAME, f"name {name}"
        return AMOUNT, "no name and no invoice in the text"

    def _names(self, at: int, name: str) -> bool:
        key = (at, name)
        if key not in self._named:
            self._named[key] = self._contains(self._words[at], self._names_of[name])
        return self._named[key]

    def _contains(self, words: Sequence[str], name: Sequence[str]) -> bool:
        """Whether the words contain a name, with a slip in one word or cut off at its end."""
        if len(name) == 1 and (len(name[0]) < 3 or name[0] in common()):
            return [*words] == [*name]
        if len(frozenset(name).difference(words)) > 1:
            return False
        for start in range(len(words) - len(name) + 1):
            window = words[start : start + len(name)]
            differing = [pair for pair in zip(window, name, strict=True) if pair[0] != pair[1]]
            if not differing:
                return True
            if len(differing) > 1 or abs(len(differing[0][0]) - len(differing[0][1])) > _CUT:
                continue
            there, wanted = differing[0]
            cut_off = len(name) > 1 and wanted == name[-1] and len(there) >= 3
            if cut_off and wanted.startswith(there):
                return True
            mine, theirs = (
                likeness.name_of(0, " ".join(one), tuple(one)) for one in (window, name)
            )
            if len(theirs.squeezed) > likeness.SHORT and self._alike(mine, theirs):
                return True
        return False


def _squeezed(value: str) -> str:
    """Return the letters and digits of a text, without anything between them."""
    return "".join(filter(str.isalnum, value.casefold()))


@functools.cache
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
