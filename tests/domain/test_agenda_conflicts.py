"""Mornings on which several accounts compete: the order is argued, case by case.

Money that is decided today comes first, then who waits for us, then what will be decided soon,
then what is merely late. Small sums and old neglect come last: nobody is harmed by another day.
"""

from __future__ import annotations

from tests.domain.test_agenda import TODAY, account, day, deal, facts, task, term

from acctcli.config import Config
from acctcli.domain.agenda import judge
from acctcli.domain.agenda_facts import QuoteFacts, SaidFacts, TicketFacts

CONFIG = Config()
CONFIG.values["rates.base"] = "EUR"


def test_thirteen_accounts_on_one_morning() -> None:
    names = (
        "1m closing today",
        "inbound request unanswered",
        "400k contract ending in 3 days",
        "500k at 80 % closing today",
        "strategic account silent 48 days",
        "contract promised for today",
        "system down",
        "brochure 10 days late",
        "logo 3 days late",
        "their promise 10 days late",
        "1m at 10 % closing tomorrow",
        "500 EUR closing today",
        "2k deal 417 days overdue",
    )
    accounts = {
        name: account(str(n), name=name, tier="key", status="prospect")
        for n, name in enumerate(names)
    }
    for name in names:
        accounts[name] = accounts[name]._replace(last_touch=day(-2))
    accounts["strategic account silent 48 days"] = account(
        "4",
        name="strategic account silent 48 days",
        tier="strategic",
        last_touch=day(-48),
        status="prospect",
    )

    def of(name: str) -> str:
        return accounts[name].id

    eur = {"currency": "EUR", "buyer_known": 1}
    deals = [
        deal(
            id="d0", account_id=of(names[0]), amount=100_000_000, close_date=day(0), **eur
        )._replace(probability=90),
        deal(
            id="d3", account_id=of(names[3]), amount=50_000_000, close_date=day(0), **eur
        )._replace(probability=80),
        deal(
            id="dx", account_id=of(names[10]), amount=100_000_000, close_date=day(1), **eur
        )._replace(probability=10),
        deal(id="dy", account_id=of(names[11]), amount=50_000, close_date=day(0), **eur)._replace(
            probability=80
        ),
        deal(
            id="dz", account_id=of(names[12]), amount=200_000, close_date=day(-417), **eur
        )._replace(probability=30),
    ]
    tasks = [
        task(id="t5", account_id=of(names[5]), text="Send the contract", due=day(0)),
        task(id="t7", account_id=of(names[7]), text="Send the brochure", due=day(-10)),
        task(id="t8", account_id=of(names[8]), text="Send the logo", due=day(-3)),
        task(id="t9", account_id=of(names[9]), owed_by="them", due=day(-10)),
    ]
    contract = term(account_id=of(names[2]), amount=40_000_000, ends_on=day(3))
    said = [SaidFacts(of(names[1]), "l1", day(-4), "in")]
    tickets = [TicketFacts("k1", of(names[6]), day(0), "System down")]
    entries = judge(
        facts(
            *accounts.values(),
            deals=deals,
            tasks=tasks,
            contracts=[contract],
            said=said,
            tickets=tickets,
        ),
        CONFIG,
        TODAY,
    )
    order = [entry.account.name for entry in entries if entry.account]
    assert order == [
        # Decided today, for the largest worth of the book.
        "1m closing today",
        # It ends within the week and nobody works on it.
        "400k contract ending in 3 days",
        "500k at 80 % closing today",
        # A word that was given and broken for ten days.
        "brochure 10 days late",
        # They wrote two working days ago; each further day counts more than a day's delay of ours.
        "inbound request unanswered",
        "logo 3 days late",
        # A tenth of a million is worth a quarter of the deal above, and it is not today.
        "1m at 10 % closing tomorrow",
        # Both can still be put right before anybody has waited.
        "contract promised for today",
        "system down",
        "strategic account silent 48 days",
        # Theirs to keep: a reminder is enough.
        "their promise 10 days late",
        # Long dead: it is to be given up, and that can wait until the afternoon.
        "2k deal 417 days overdue",
        # Today or tomorrow, it changes nothing.
        "500 EUR closing today",
    ]


def test_a_ticket_that_somebody_works_on_can_wait() -> None:
    one = account("a", tier="key", status="prospect", last_touch=day(0))
    ticket = TicketFacts("k", "a", day(0), "System down")
    points = [
        judge(facts(one, tickets=[ticket], said=said), CONFIG, TODAY)[0].lines[0].points
        for said in ([], [SaidFacts("a", "l", day(0), "out")])
    ]
    assert points == [65, 45]


def test_one_day_more_of_an_open_question_goes_before_a_promise_of_today() -> None:
    one, other = account("a", tier="key", status="prospect"), account("b", tier="key")
    other = other._replace(status="prospect", name="B", last_touch=day(-1))
    asked = [SaidFacts("a", "l", day(-6), "in")]
    given = facts(one._replace(last_touch=day(-6)), other, said=asked, tasks=[task(account_id="b")])
    assert [entry.account.id for entry in judge(given, CONFIG, TODAY) if entry.account] == [
        "a",
        "b",
    ]


def test_a_quote_on_its_last_day_goes_between_a_promise_of_today_and_a_deal_that_closes() -> None:
    names = ("a", "b", "c")
    quote = QuoteFacts("q", "b", "Q-2026-0001", day(0), 100, "EUR")
    given = facts(
        *(account(name, last_touch=day(0), status="prospect") for name in names),
        tasks=[
            task(account_id="a", due=day(0)),
            task(id="t2", account_id="c", deal_id="d1", due=day(9)),
        ],
        quotes=[quote],
        deals=[deal(id="d1", account_id="c", close_date=day(3), amount=None, buyer_known=1)],
    )
    entries = judge(given, CONFIG, TODAY)
    assert [entry.account.id for entry in entries if entry.account] == ["a", "b", "c"]
