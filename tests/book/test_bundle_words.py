from __future__ import annotations

from acctcli.book import bundle_words
from acctcli.book.bundle_words import Came
from acctcli.store.numbers import Renumbered
from acctcli.store.taken import TakenBundle


def came(taken: TakenBundle) -> Came:
    return Came(taken, "Ann", "Ben", [], [], [], [])


def test_records_are_counted_in_words() -> None:
    assert bundle_words.counted({"log": 2, "account": 1}) == "1 account and 2 interactions"
    assert bundle_words.counted({"playbook_run": 1}) == "1 run of a playbook"


def test_only_some_numbers_are_named_and_the_rest_is_counted() -> None:
    taken = TakenBundle()
    taken.renumbered = [Renumbered("account", "x", f"C{n}", f"A-{n}", "A-99") for n in range(10)]
    said = list(bundle_words.notes(came(taken)))
    assert said[0] == "A-0 is another account here, so C0 got the number A-99"
    assert said[-1] == "2 more new numbers: use -f json to see all"


def test_a_history_alone_is_said() -> None:
    taken = TakenBundle()
    assert bundle_words.sentence(came(taken)) == "Nothing in the bundle from Ann is new."
    taken.commands = 2
    assert bundle_words.sentence(came(taken)) == "From Ann: took in 2 commands of the history."
