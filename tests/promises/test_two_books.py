"""Two books that hand an account back and forth while both change it: in the end both say the same.

Random commands run in both books, and bundles go either way in between. When both have taken what
the other one has, every export is the same to the byte, and both books are sound. Only of a record
that one deleted and the other changed later each keeps what it has, and says so.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from tests import books
from tests.conftest import Program
from tests.handing import Seller

Step = Callable[[Seller, random.Random, int], tuple[str, ...]]


def one_of(seller: Seller, kind: str, chance: random.Random) -> str:
    """Return the id of a record; of none, an id that nothing has."""
    listed = [kind, "list", *(["--all"] if kind == "deal" else []), "-f", "ids"]
    ids = seller(*listed).out.split()
    return chance.choice(ids) if ids else "00000000-0000-7000-8000-000000000000"


STEPS: tuple[Step, ...] = (
    lambda s, c, n: ("log", "call", "GreenTech", f"Call {n}", "--with", one_of(s, "contact", c)),
    lambda s, c, n: ("log", "edit", one_of(s, "log", c), "--outcome", f"outcome {n}"),
    lambda s, c, n: ("log", "delete", one_of(s, "log", c), "--yes"),
    lambda s, c, n: ("task", "add", "GreenTech", f"Task {n}", "--due", "2026-12-01"),
    lambda s, c, n: ("task", "done", one_of(s, "task", c)),
    lambda s, c, n: ("task", "delete", one_of(s, "task", c), "--yes"),
    lambda s, c, n: ("contact", "add", f"Person {n}", "--account", "GreenTech", "--tag", "new"),
    lambda s, c, n: ("contact", "edit", one_of(s, "contact", c), "--title", f"title {n}"),
    lambda s, c, n: ("contact", "edit", one_of(s, "contact", c), "--add-email", f"m{n}@x.com"),
    lambda s, c, n: ("contact", "delete", one_of(s, "contact", c), "--yes"),
    lambda s, c, n: ("contact", "tag", one_of(s, "contact", c), "--remove", "new"),
    lambda s, c, n: ("deal", "add", "GreenTech", f"Deal {n}", "--amount", f"{n} SGD"),
    lambda s, c, n: ("deal", "edit", one_of(s, "deal", c), "--amount", f"{n}000 EUR"),
    lambda s, c, n: ("deal", "edit", one_of(s, "deal", c), "--stage", "proposal"),
    lambda s, c, n: ("deal", "win", one_of(s, "deal", c), "--no-purchase"),
    lambda s, c, n: ("account", "edit", "GreenTech", "--city", f"City {n}"),
    lambda s, c, n: ("account", "edit", "GreenTech", "--description", f"note {n}"),
    lambda s, c, n: ("account", "tag", "GreenTech", "--add", f"t{n % 5}"),
    lambda s, c, n: ("account", "tag", "GreenTech", "--remove", f"t{n % 5}"),
    lambda s, c, n: ("purchase", "add", "GreenTech", f"{n} SGD"),
    lambda s, c, n: ("undo",),
)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_both_books_say_the_same_in_the_end(run: Program, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    ann, ben = Seller(run, tmp_path, "Ann"), Seller(run, tmp_path, "Ben")
    ann("account", "add", "GreenTech", "--owner", "Ann")
    ann("contact", "add", "Mei", "--account", "GreenTech", "--email", "mei@x.com")
    ben.takes(ann.hands_over("GreenTech", to="Ben"))
    for n in range(30):
        seller = chance.choice((ann, ben))
        seller.tries(*chance.choice(STEPS)(seller, chance, n))
        if n % 10 == 9:
            giver, taker = chance.choice(((ann, ben), (ben, ann)))
            if "GreenTech" in giver("account", "list").out:  # not if it undid the import
                taker.takes(giver.hands_over("GreenTech", to=taker.name))
    said = [
        taker.takes(giver.hands_over("GreenTech", to=taker.name)).err
        for giver, taker in ((ann, ben), (ben, ann), (ann, ben))
    ]
    assert books.sound(ann.book)
    assert books.sound(ben.book)
    apart = any("deleted there and changed here later" in one for one in said)
    assert apart or ben.exports() == ann.exports()
