from __future__ import annotations

import shlex
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.config import Config
from acctcli.domain import figures
from acctcli.domain.agenda import (
    Attention,
    appointments,
    joining,
    judge,
    review_due,
    tier_factors,
)
from acctcli.domain.agenda_facts import (
    AgendaFacts,
    ChampionFacts,
    FallFacts,
    LateOrderFacts,
    LeftFacts,
    ObjectiveFacts,
    OpenDealFacts,
    PersonFacts,
    PushFacts,
    QuoteFacts,
    ReviewFacts,
    SaidFacts,
    TaskFacts,
    TicketFacts,
)
from acctcli.domain.agenda_points import NO_BUYER, NO_STEP, NOT_CARRIED, POINTS, AgendaLine
from acctcli.domain.agenda_words import (
    TIMES,
    appointment_of,
    brief_of,
    command_of,
    explained,
    reason_of,
)
from acctcli.domain.cadence import AccountFacts
from acctcli.domain.contracts import Contract, ContractFacts, RenewalDeal, contracts
from acctcli.model import ROLES, STANCES
from acctcli.values.dates import add_months

TODAY = date(2026, 11, 22)
CONFIG = Config()
NAMES = {
    "a": "greentech",
    "b": "A-0002",
    "t": "3f9a",
    "d": "77c1",
    "o": "9b1e",
    "c": "44d0",
    "p": "50aa",
}

R = TypeVar("R")


def day(distance: int) -> str:
    """Return the day at this distance from today."""
    return (TODAY + timedelta(days=distance)).isoformat()


def made(kind: Callable[..., R], values: dict[str, Any], changes: dict[str, Any]) -> R:
    return kind(**{**values, **changes})


def account(id: str = "a", **changes: Any) -> AccountFacts:
    """A customer without a cadence, that came in long ago."""
    values = {"id": id, "name": "GreenTech Ltd", "number": "A-0001", "tier": None}
    values |= {"status": "customer", "cadence_days": None, "since": day(-400), "last_touch": None}
    return made(AccountFacts, values, changes)


def task(**changes: Any) -> TaskFacts:
    """Return a promise of ours that is due today."""
    values = {"id": "t", "account_id": "a", "deal_id": None, "text": "Send phased quote"}
    values |= {"due": day(0), "snoozed_until": None, "owed_by": "us", "person": None}
    return made(TaskFacts, values, changes)


def deal(**changes: Any) -> OpenDealFacts:
    """Return a deal without any problem: opened today, closing in half a year."""
    values = {"id": "d", "account_id": "a", "title": "Platform", "amount": 8_400_000}
    values |= {"currency": "USD", "close_date": day(180), "opened_on": day(0)}
    return made(OpenDealFacts, values | {"last_touch": None, "buyer_known": 1}, changes)


def term(**changes: Any) -> Contract:
    """A yearly contract without a renewal that ends in 54 days."""
    values: dict[str, Any] = {"id": "p", "account_id": "a", "product_id": "s"}
    values |= {"product": "Support"}
    values |= {"amount": 3_600_000, "currency": "EUR", "recurring": "yearly", "renews_id": None}
    values |= {"alone": False, "notice_days": None, "auto_renews": False, "closed": False}
    ends = date.fromisoformat(changes.pop("ends_on", day(54)))
    values |= {"starts_on": add_months(ends + timedelta(days=1), -12), "ends_on": ends}
    (found,) = contracts([made(ContractFacts, values, changes)])
    return found


def review(**changes: Any) -> ReviewFacts:
    values = {"account_id": "a", "held_on": day(-100), "next_review": day(-6)}
    return made(ReviewFacts, values | {"rating": "amber", "health": 71, "id": "r"}, changes)


def objective(**changes: Any) -> ObjectiveFacts:
    values = {"id": "o", "account_id": "a", "text": "Second plant live", "due": day(-5)}
    return made(ObjectiveFacts, values, changes)


def champion(**changes: Any) -> ChampionFacts:
    """Return a champion who was spoken with forty days ago."""
    values = {"id": "c", "account_id": "a", "name": "Mei Tan", "since": day(-300)}
    values |= {"role": "champion", "stance": "neutral", "spoke": day(-40)}
    return made(ChampionFacts, values, changes)


def fallen(**changes: Any) -> FallFacts:
    values = {"account_id": "a", "held_on": day(-41), "was": 71, "now": 58}
    return made(FallFacts, values | {"why": "no contact for 34 days (cadence: 14)"}, changes)


def facts(*accounts: AccountFacts, **parts: Any) -> AgendaFacts:
    return AgendaFacts({one.id: one for one in accounts or (account(),)}, **parts)


def lines(given: AgendaFacts, config: Config = CONFIG, today: date = TODAY) -> list[AgendaLine]:
    return [line for entry in judge(given, config, today) for line in entry.lines]


def kinds(given: AgendaFacts, config: Config = CONFIG) -> list[str]:
    return [line.kind for line in lines(given, config)]


def said(given: AgendaFacts, config: Config = CONFIG) -> str:
    """Return the reason of the only line."""
    (line,) = lines(given, config)
    return reason_of(line, config, TODAY)


def answer(given: AgendaFacts) -> str:
    """Return the command of the only line."""
    (line,) = lines(given)
    return command_of(line, NAMES, CONFIG, TODAY)


# Promises


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "Send phased quote — due today"),
        ({"due": day(-1)}, "Send phased quote — 1 day late"),
        ({"due": day(-2), "person": "Mei"}, "Send phased quote — promised Mei, 2 days late"),
        ({"owed_by": "them"}, "Send phased quote — owed by them, due today"),
        (
            {"owed_by": "them", "person": "Mei", "due": day(-5)},
            "Send phased quote — owed by Mei, 5 days late",
        ),
    ],
)
def test_promises_that_are_due(changes: dict[str, Any], reason: str) -> None:
    given = facts(tasks=[task(**changes)])
    assert said(given) == reason
    assert kinds(given) == ["waiting" if "owed_by" in changes else "promise"]
    assert answer(given) == "acct task done 3f9a"


@pytest.mark.parametrize(
    ("due", "snoozed_until", "shown"),
    [
        (day(0), None, True),
        (day(1), None, False),
        (day(-3), day(1), False),
        (day(-3), day(0), True),
        (day(-3), day(-1), True),
    ],
)
def test_when_a_promise_is_shown(due: str, snoozed_until: str | None, shown: bool) -> None:
    assert bool(kinds(facts(tasks=[task(due=due, snoozed_until=snoozed_until)]))) is shown


def test_promises_of_the_next_days_if_the_user_wants_them() -> None:
    config = Config()
    config.values["today.task_days"] = 3
    given = facts(tasks=[task(due=day(3)), task(due=day(4))])
    assert said(given, config) == "Send phased quote — due Wed 25 Nov"
    (line,) = lines(given, config)
    assert line.points == POINTS["promise"].base - 3 * POINTS["promise"].a_day


def test_a_task_of_no_account_stands_for_itself() -> None:
    own = task(id="x", account_id=None)
    entries = judge(facts(tasks=[own, task(), task()]), CONFIG, TODAY)
    assert sorted(len(entry.lines) for entry in entries) == [1, 2]
    assert [entry.account is None for entry in entries if len(entry.lines) == 1] == [True]


def test_an_account_that_is_not_among_the_facts_is_passed_over() -> None:
    elsewhere = {"account_id": "z"}
    given = facts(
        tasks=[task(**elsewhere)],
        deals=[deal(**elsewhere, close_date=day(-1))],
        contracts=[term(**elsewhere)],
        reviews=[review(**elsewhere)],
    )
    assert kinds(given) == []


# The cadence


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"tier": "key", "last_touch": day(-21)}, False),
        ({"tier": "key", "last_touch": day(-22)}, True),
        ({"tier": "key", "last_touch": day(-22), "cadence_days": 30}, False),
        ({"tier": "smb", "last_touch": day(-22), "cadence_days": 7}, True),
        ({"tier": "key", "last_touch": day(-200), "cadence_days": 0}, False),
        ({"tier": None, "last_touch": day(-999)}, False),
        ({"tier": "key", "last_touch": day(-22), "status": "former"}, False),
        ({"tier": "key", "last_touch": day(-22), "status": "lead"}, True),
        ({"tier": "key", "last_touch": None, "since": day(-21)}, False),
        ({"tier": "key", "last_touch": None, "since": day(-22)}, True),
    ],
)
def test_a_broken_cadence(changes: dict[str, Any], shown: bool) -> None:
    given = facts(account(**changes), reviews=[review(next_review=day(9))])
    assert kinds(given) == ["touch"] * shown


def test_how_a_broken_cadence_is_said() -> None:
    held = [review(next_review=day(9))]
    spoken = account(tier="key", last_touch=day(-34))
    given = facts(spoken, reviews=held)
    assert said(given) == "No contact for 34 days (cadence: 21)"
    assert answer(given) == "acct log call greentech"
    assert lines(given)[0].due == TODAY - timedelta(days=13)
    never = facts(account(tier="key"), reviews=held)
    assert said(never) == "No contact yet (cadence: 21 days)"


@pytest.mark.parametrize(
    ("step", "silent"),
    [
        ({"due": day(9)}, True),
        ({"due": day(9), "owed_by": "them"}, True),
        ({"due": day(-9), "snoozed_until": day(3)}, True),
        ({"due": day(0)}, True),
        ({"due": day(-1)}, False),
        ({"due": day(9), "account_id": "b"}, False),
    ],
)
def test_a_dated_step_ahead_silences_the_cadence(step: dict[str, Any], silent: bool) -> None:
    quiet = account(tier="key", last_touch=day(-90))
    tasks = [task(account_id=None), task(**step)]
    given = facts(quiet, tasks=tasks, reviews=[review(next_review=day(9))])
    assert ("touch" not in kinds(given)) is silent


# Deals


@pytest.mark.parametrize(
    ("changes", "kind", "reason", "command"),
    [
        (
            {"close_date": day(-6)},
            "slipped",
            '"Platform" 84k USD: close date passed on Mon 16 Nov, 6 days ago, no next step',
            "acct deal edit 77c1",
        ),
        (
            {"close_date": day(0), "amount": None},
            "closing",
            '"Platform" closes today, no next step',
            "acct task add greentech --deal 77c1 --due 3d",
        ),
        (
            {"close_date": day(14), "buyer_known": 0},
            "closing",
            '"Platform" 84k USD closes Sun 6 Dec, no next step, no economic buyer',
            "acct task add greentech --deal 77c1 --due 3d",
        ),
        (
            {"opened_on": day(-20)},
            "stalled",
            '"Platform" 84k USD has no next step, opened 20 days ago',
            "acct task add greentech --deal 77c1 --due 3d",
        ),
        (
            {"close_date": None, "opened_on": day(-50), "amount": None},
            "stalled",
            '"Platform" has no next step, opened 7 weeks ago',
            "acct task add greentech --deal 77c1 --due 3d",
        ),
    ],
)
def test_deals_without_a_step(
    changes: dict[str, Any], kind: str, reason: str, command: str
) -> None:
    given = facts(deals=[deal(**changes)])
    assert (kinds(given), said(given), answer(given)) == ([kind], reason, command)


@pytest.mark.parametrize(
    ("changes", "command"),
    [
        ({"buyer_known": 0}, "acct contact add --account greentech --role economic-buyer"),
        ({"buyer_known": 1}, "acct deal show 77c1"),
    ],
)
def test_a_deal_about_to_close_with_a_step(changes: dict[str, Any], command: str) -> None:
    step = task(due=day(2), deal_id="d")
    given = facts(deals=[deal(close_date=day(5), **changes)], tasks=[step])
    assert answer(given) == command


@pytest.mark.parametrize(
    "changes",
    [
        {"close_date": day(15)},
        {"opened_on": day(-13)},
        {"opened_on": day(-13), "close_date": None},
    ],
)
def test_a_deal_that_can_wait(changes: dict[str, Any]) -> None:
    assert kinds(facts(deals=[deal(**changes)])) == []


def test_a_step_of_the_account_is_a_step_of_its_only_deal() -> None:
    old = {"opened_on": day(-90)}
    step = task(due=day(5))
    assert kinds(facts(deals=[deal(**old)], tasks=[step])) == []
    several = [deal(**old), deal(id="e", **old)]
    assert kinds(facts(deals=several, tasks=[step])) == ["stalled", "stalled"]
    named = task(due=day(5), deal_id="e")
    assert [line.fact for line in lines(facts(deals=several, tasks=[named]))] == several[:1]


def test_a_touch_of_the_account_moves_its_only_deal() -> None:
    spoken = account(last_touch=day(-15))
    old = {"opened_on": day(-90)}
    assert said(facts(spoken, deals=[deal(**old)])).endswith("no next step, last touch 15 days ago")
    assert kinds(facts(account(last_touch=day(-13)), deals=[deal(**old)])) == []
    several = [deal(**old, last_touch=day(-13)), deal(id="e", **old)]
    assert [line.fact for line in lines(facts(spoken, deals=several))] == several[1:]


def test_a_close_date_that_is_pushed_again_and_again() -> None:
    step = task(due=day(2), deal_id="d")

    def pushed(times: int, last: int) -> AgendaFacts:
        return facts(deals=[deal()], tasks=[step], pushes=[PushFacts("d", times, day(last))])

    assert said(pushed(3, -14)) == '"Platform" 84k USD closes Fri 21 May, pushed 3 times'
    assert answer(pushed(3, -14)) == "acct deal show 77c1"
    assert kinds(pushed(2, -15)) == []
    assert kinds(pushed(1, -1)) == []


def test_pushes_weigh_on_every_line_of_a_deal() -> None:
    plain = deal(close_date=day(3))
    (once,) = lines(facts(deals=[plain]))
    (often,) = lines(facts(deals=[plain], pushes=[PushFacts("d", 9, day(-300))]))
    assert often.findings == ("no next step", "pushed 9 times")
    assert often.points - once.points == 15


# Renewals


@pytest.mark.parametrize(
    ("distance", "reason"),
    [
        (90, "36k EUR contract for Support ends Sat 20 Feb (90 days); no renewal deal"),
        (54, "36k EUR contract for Support ends Fri 15 Jan (54 days); no renewal deal"),
        (1, "36k EUR contract for Support ends tomorrow; no renewal deal"),
        (0, "36k EUR contract for Support ends today; no renewal deal"),
    ],
)
def test_contracts_that_end(distance: int, reason: str) -> None:
    given = facts(contracts=[term(ends_on=day(distance))])
    assert said(given) == reason
    year, close = day(distance)[:4], day(distance)
    assert answer(given) == (
        f'acct deal add greentech "GreenTech Ltd Support renewal {year}" --type renewal '
        f'--product "Support" --amount "36,000 EUR" --close {close}'
    )


@pytest.mark.parametrize(
    ("distance", "since"),
    [(1, "yesterday (1 day)"), (31, "Thu 22 Oct (31 days)"), (200, "Wed 6 May (200 days)")],
)
def test_a_contract_that_lapsed_stays_until_it_is_renewed(distance: int, since: str) -> None:
    lapsed = term(ends_on=day(-distance))
    decided = RenewalDeal("r", "Renewal", "a", None, None, day(-1))
    for renewals in ({}, {"a": [decided]}, {"a": [decided._replace(closed_on=None)]}):
        given = facts(contracts=[lapsed], renewals=renewals)
        assert said(given) == f"36k EUR contract for Support lapsed since {since}"
        assert answer(given) == "acct purchase renew 50aa"
    assert kinds(facts(contracts=[term(ends_on=day(-distance), closed=True)])) == []


def test_a_month_without_a_payment() -> None:
    ends: dict[str, Any] = {
        "starts_on": date(2026, 10, 1),
        "ends_on": "2026-10-31",
        "recurring": "monthly",
    }
    (line,) = lines(facts(contracts=[term(**ends)]))
    assert reason_of(line, CONFIG, TODAY) == (
        "No payment for November: 36k EUR monthly contract for Support"
    )
    paid = {**ends, "starts_on": date(2026, 11, 1), "ends_on": "2026-11-30"}
    assert kinds(facts(contracts=[term(**paid)])) == []


def test_notice_is_what_counts_while_it_can_be_given() -> None:
    ends: dict[str, Any] = {"ends_on": "2027-01-31", "notice_days": 60}
    assert said(facts(contracts=[term(**ends)])) == (
        "36k EUR contract for Support ends Sun 31 Jan, notice by Wed 2 Dec (10 days); "
        "no renewal deal"
    )
    late = facts(contracts=[term(**{**ends, "notice_days": 90, "auto_renews": True})])
    assert said(late) == (
        "36k EUR contract for Support renews itself after Sun 31 Jan (70 days); no renewal deal"
    )


@pytest.mark.parametrize(
    ("deal", "quiet"),
    [
        (("s", None), True),
        ((None, None), True),
        (("other", None), False),
        (("s", "2026-08-24"), True),  # decided in the window of 90 days
        (("s", "2026-08-23"), False),
    ],
)
def test_a_renewal_deal_sees_to_a_contract(
    deal: tuple[str | None, str | None], quiet: bool
) -> None:
    product, closed = deal
    known = RenewalDeal("r", "Renewal", "a", product, "2026-12-01", closed)
    given = facts(contracts=[term()], renewals={"a": [known]})
    assert kinds(given) == ([] if quiet else ["renewal"])


def test_a_contract_is_not_due_before_its_window() -> None:
    assert kinds(facts(contracts=[term(ends_on=day(91))])) == []


def test_no_name_in_a_command_does_anything_in_a_shell() -> None:
    given = facts(account(name='$(rm -rf ~) "Acme"'), contracts=[term(product="`x`")])
    assert answer(given) == (
        'acct deal add greentech "Renewal 2027" --type renewal --amount "36,000 EUR" '
        "--close 2027-01-15"
    )


def test_who_left_renews_nothing() -> None:
    assert kinds(facts(account(status="former"), contracts=[term()])) == []


def test_several_terms_are_one_line() -> None:
    terms = [term(product=None, ends_on=day(60)), term(), term(ends_on=day(70))]
    assert said(facts(contracts=terms)) == (
        "36k EUR contract for Support ends Fri 15 Jan (54 days); no renewal deal, 2 more"
    )


# Reviews


@pytest.mark.parametrize(
    ("of", "last", "due"),
    [
        ({}, {"next_review": day(-6)}, day(-6)),
        ({"status": "lead"}, {"next_review": day(5)}, day(5)),
        ({"tier": "key"}, {"next_review": None, "held_on": day(-80)}, day(10)),
        ({"tier": None}, {"next_review": None}, None),
        ({"tier": "key", "status": "prospect"}, {"next_review": None}, None),
        ({"tier": "key", "status": "former"}, {"next_review": day(-6)}, None),
        ({"tier": "key", "since": day(-90)}, None, day(0)),
        ({"tier": "national", "since": day(-900)}, None, None),
        ({"tier": "strategic", "since": day(-900), "status": "prospect"}, None, None),
    ],
)
def test_when_a_review_is_due(of: dict[str, Any], last: dict[str, Any] | None, due: str) -> None:
    found = review_due(account(**of), None if last is None else review(**last), CONFIG)
    assert found == (date.fromisoformat(due) if due else None)


def test_how_a_review_is_said() -> None:
    given = facts(reviews=[review()])
    assert said(given) == (
        "Review due since Mon 16 Nov; the last was Fri 14 Aug (amber, health 71)"
    )
    assert answer(given) == "acct review run greentech"
    bare = facts(reviews=[review(rating=None, health=None, next_review=day(0))])
    assert said(bare) == "Review due today; the last was Fri 14 Aug"
    first = account(tier="strategic", since=day(-91), last_touch=day(0))
    assert said(facts(first)) == "Review due since yesterday; no review yet"


def test_a_review_that_is_due_tells_how_the_health_moved() -> None:
    moved = facts(reviews=[review(health=71)], healths=[fallen(now=66)])
    assert said(moved) == "Review due since Mon 16 Nov; health 71 → 66"
    still = facts(reviews=[review(health=71)], healths=[fallen(now=71)])
    assert said(still).endswith("the last was Fri 14 Aug (amber, health 71)")


def test_a_fall_is_told_once_and_counts_in_the_review_that_is_due() -> None:
    given = facts(reviews=[review(health=71)], healths=[fallen()])
    assert kinds(given) == ["review"]
    (entry,) = judge(given, CONFIG, TODAY)
    assert explained(entry, entry.lines, entry.score, CONFIG) == [
        f"34.5 = 25 for a review due + 0.5 {TIMES} 6 days late + 6.5 for health 71 → 58",
        "= 35",
    ]
    to_come = facts(reviews=[review(health=71, next_review=day(9))], healths=[fallen()])
    assert kinds(to_come) == ["health"]


# The plan, the people, the health


def test_an_objective_that_is_late() -> None:
    given = facts(objectives=[objective()])
    assert said(given) == "Second plant live — objective, 5 days late"
    assert answer(given) == "acct account plan greentech --met 9b1e"
    assert kinds(facts(objectives=[objective(due=day(0)), objective(due=day(9))])) == []


def test_a_champion_who_is_silent_while_others_talk() -> None:
    heard = account(last_touch=day(-2))
    given = facts(heard, champions=[champion()])
    assert said(given) == "No contact with champion Mei Tan for 40 days (others: 2 days ago)"
    assert answer(given) == "acct log call greentech --with 44d0"
    never = facts(heard, champions=[champion(spoke=None)])
    assert said(never) == "No contact with champion Mei Tan yet"


@pytest.mark.parametrize(
    ("heard", "changes", "parts"),
    [
        pytest.param(-2, {"spoke": day(-29)}, {}, id="not for long"),
        pytest.param(-2, {"spoke": None, "since": day(-3)}, {}, id="new in the book"),
        pytest.param(-40, {}, {}, id="nobody there is heard: the cadence says it"),
        pytest.param(-2, {}, {"tasks": [task(due=day(4))]}, id="a step is planned"),
        pytest.param(
            -2, {}, {"tasks": [task(due=day(4), person="Mei Tan")]}, id="and it is with them"
        ),
        pytest.param(-2, {"account_id": "gone"}, {}, id="of no account that counts"),
    ],
)
def test_a_champion_who_is_not_missed(
    heard: int, changes: dict[str, Any], parts: dict[str, Any]
) -> None:
    given = facts(account(last_touch=day(heard)), champions=[champion(**changes)], **parts)
    assert "champion" not in kinds(given)


def test_a_step_with_somebody_else_does_not_hide_a_silent_champion() -> None:
    steps = [task(due=day(4), person="Raj Nair")]
    given = facts(account(last_touch=day(-2)), champions=[champion()], tasks=steps)
    assert kinds(given) == ["champion"]


def test_a_health_that_fell() -> None:
    given = facts(healths=[fallen()])
    assert said(given) == "Health 71 → 58 since Mon 12 Oct: no contact for 34 days (cadence: 14)"
    assert answer(given) == "acct review health greentech --explain"
    (entry,) = judge(given, CONFIG, TODAY)
    assert explained(entry, entry.lines, entry.score, CONFIG) == [
        "36.5 = 30 for falling health + 6.5 for 13 points lost",
        "= 37",
    ]
    (deeper,) = judge(facts(healths=[fallen(now=20)]), CONFIG, TODAY)
    assert deeper.score > entry.score


def test_a_health_that_fell_for_reasons_that_nobody_kept() -> None:
    assert said(facts(healths=[fallen(why=None)])) == "Health 71 → 58 since Mon 12 Oct"


@pytest.mark.parametrize("now", [62, 71, 90])
def test_a_health_that_fell_little_or_rose_is_no_news(now: int) -> None:
    assert kinds(facts(healths=[fallen(now=now)])) == []


def test_what_is_set_to_never_is_not_shown() -> None:
    silenced = Config()
    silenced.values |= {"today.health_fall": 0, "today.champion_days": 0}
    given = facts(account(last_touch=day(-2)), champions=[champion()], healths=[fallen(now=0)])
    assert kinds(given, silenced) == []


def person(**changes: Any) -> PersonFacts:
    values = {"account_id": "a", "role": None, "influence": "high", "stance": "supporter"}
    return made(PersonFacts, values, changes)


@pytest.mark.parametrize(
    ("people", "carried"),
    [
        ([], True),  # nobody's stance is known: that is no finding
        ([person()], True),
        ([person(influence=None, role="economic-buyer")], True),
        ([person(influence="low")], False),
        ([person(stance="neutral")], False),
        ([person(stance="opponent"), person(stance="champion")], True),
    ],
)
def test_a_deal_about_to_close_without_anybody_for_us(
    people: list[PersonFacts], carried: bool
) -> None:
    given = facts(
        tasks=[task(due=day(2), deal_id="d")], deals=[deal(close_date=day(5))], people=people
    )
    if carried:
        assert said(given) == '"Platform" 84k USD closes Fri 27 Nov'
    else:
        assert said(given).endswith("closes Fri 27 Nov, no supporter with influence")
        assert answer(given) == "acct contact map greentech"


def test_a_deal_that_is_to_close_today_has_not_slipped() -> None:
    given = facts(deals=[deal(close_date=day(0), buyer_known=0)], people=[person(influence="low")])
    (line,) = lines(given)
    assert (line.kind, line.findings) == ("closing", (NO_STEP, NO_BUYER, NOT_CARRIED))
    slipped = facts(deals=[deal(close_date=day(-1), buyer_known=0)], people=given.people)
    (line,) = lines(slipped)
    assert (line.kind, line.findings) == ("slipped", (NO_STEP,))


def test_a_reason_says_two_findings_at_most_and_the_sum_says_all() -> None:
    given = facts(
        deals=[deal(close_date=day(5), buyer_known=0)],
        people=[person(stance="neutral")],
        pushes=[PushFacts("d", 2, day(-3))],
    )
    assert said(given) == '"Platform" 84k USD closes Fri 27 Nov, no next step, no economic buyer'
    (entry,) = judge(given, CONFIG, TODAY)
    (worth, *_) = explained(entry, entry.lines, entry.score, CONFIG)
    assert "no supporter with influence and pushed twice" in worth


# The order


def test_the_day_of_the_documentation() -> None:
    """The kinds of lines are ordered by urgency, other things being equal."""
    people = [
        account(id, name=id, last_touch=day(-90), cadence_days=cadence)
        for id, cadence in (
            *(("promise", 0), ("slipped", 0), ("closing", 0), ("waiting", 0), ("renewal", 0)),
            *(("touch", 77), ("objective", 0), ("stalled", 0), ("review", 0)),
        )
    ]
    given = facts(
        *people,
        tasks=[
            task(account_id="promise", due=day(-2)),
            task(account_id="waiting", due=day(-5), owed_by="them"),
        ],
        deals=[
            deal(id="1", account_id="slipped", close_date=day(-3), amount=None),
            deal(id="2", account_id="closing", close_date=day(5), amount=None),
            deal(id="3", account_id="stalled", opened_on=day(-20), amount=None),
        ],
        contracts=[term(account_id="renewal", amount=0)],
        reviews=[review(account_id="review")],
        objectives=[objective(account_id="objective", due=day(-1))],
    )
    order = [entry.account.id for entry in judge(given, CONFIG, TODAY) if entry.account]
    assert order == [
        *("promise", "slipped", "closing", "waiting", "renewal", "touch", "stalled"),
        *("objective", "review"),
    ]


def test_tiers_lift_evenly_from_the_last_to_the_first() -> None:
    assert list(tier_factors(CONFIG.tiers).values()) == pytest.approx([1.5, 1.4, 1.3, 1.2, 1.1, 1])
    assert tier_factors(["only"]) == {"only": 1}
    assert tier_factors([]) == {}


def test_worths_are_compared_within_their_currency_where_there_is_no_rate() -> None:
    accounts = [account("a"), account("b"), account("c"), account("d")]
    tasks = [task(account_id=one.id) for one in accounts]
    deals = [
        deal(id="1", account_id="a", amount=100),
        deal(id="2", account_id="a", amount=400),
        deal(id="3", account_id="b", amount=1_000),
        deal(id="4", account_id="c", amount=7, currency="JPY"),
        deal(id="5", account_id="d", amount=None),
        deal(id="6", account_id="b", amount=8_000)._replace(probability=10),
    ]
    found = {
        entry.account.id: entry.stake
        for entry in judge(facts(*accounts, tasks=tasks, deals=deals), CONFIG, TODAY)
        if entry.account
    }
    assert {id: stake and tuple(stake)[:3] for id, stake in found.items()} == {
        "a": (400, "USD", 0.4),
        "b": (1_000, "USD", 1.0),
        "c": None,  # the only amount of a currency is not the largest of anything
        "d": None,
    }


def test_worths_are_compared_in_the_base_currency_where_rates_are_set() -> None:
    config = Config()
    config.values["rates.base"] = "EUR"
    config.rates = {"USD": "0.5"}
    accounts = [account("a"), account("b")]
    given = facts(
        *accounts,
        tasks=[task(account_id=one.id) for one in accounts],
        deals=[
            deal(id="1", account_id="a", amount=1_000),
            deal(id="2", account_id="b", amount=2_000, currency="EUR")._replace(probability=100),
        ],
    )
    stakes = {e.account.id: e.stake for e in judge(given, config, TODAY) if e.account and e.stake}
    assert tuple(stakes["a"])[:3] == (1_000, "USD", 0.25)
    assert (stakes["a"].factor, stakes["b"].factor) == (1.25, 1.5)


# What was said, and what was not


def talk(*said: tuple[int, str], account_id: str = "a") -> list[SaidFacts]:
    """Return what was said, from pairs of days from today and a side: in, out or both."""
    return [SaidFacts(account_id, f"l{n}", day(when), side) for n, (when, side) in enumerate(said)]


@pytest.mark.parametrize(
    ("said_then", "reason"),
    [
        # Sunday is the 22nd: what came in on Thursday is due on Friday.
        (talk((-3, "in")), "Message from Pia Berg not answered, due since Fri 20 Nov"),
        (talk((-5, "in"), (-3, "in")), "Message from Pia Berg not answered, due since Wed 18 Nov"),
        (talk((-9, "in"), (-8, "out"), (-3, "in")), "Message from Pia Berg not answered"),
        (talk((-2, "in")), ""),  # Friday: due on Monday
        (talk((-3, "in"), (-3, "out")), ""),
        (talk((-3, "in"), (-2, "both")), ""),
        (talk((-3, "out")), ""),
    ],
)
def test_a_message_that_nobody_answered(said_then: list[SaidFacts], reason: str) -> None:
    senders = {one.id: "Pia Berg" for one in said_then if one.side == "in"}
    given = facts(said=said_then, senders=senders)
    if not reason:
        assert kinds(given) == []
        return
    assert said(given).startswith(reason)
    assert kinds(given) == ["answer"]
    assert answer(given) == "acct log email greentech"


def test_a_message_of_nobody_known() -> None:
    assert said(facts(said=talk((-3, "in")))).startswith("Their message not answered, due since")


def test_an_open_question_gains_points_for_ten_days() -> None:
    points = [lines(facts(said=talk((when, "in"))))[0].points for when in (-3, -4, -20)]
    assert points == [60 + 4 * 2, 60 + 4 * 3, 60 + 4 * 10]


def order(late: int, **changes: Any) -> LateOrderFacts:
    """Return a customer whose order is late for some days: usually one a month."""
    values = {"account_id": "a", "gap": 30, "last": day(-38 - late), "late_from": day(1 - late)}
    return made(LateOrderFacts, values | {"amount": 1_200_000, "currency": "USD"}, changes)


@pytest.mark.parametrize(("late", "points"), [(1, 32), (11, 37), (61, 47), (90, 47)])
def test_a_late_order(late: int, points: float) -> None:
    (line,) = lines(facts(orders=[order(late)]))
    assert (line.kind, line.points) == ("reorder", points)


@pytest.mark.parametrize(
    "quiet",
    [
        {"orders": [order(0)]},
        {"orders": [order(91)]},
        {"orders": [order(9)], "deals": [deal()]},
        {"orders": [order(9)], "tasks": [task(due=day(9))]},
        {"orders": [order(9, account_id="unknown")]},
    ],
)
def test_a_late_order_that_is_no_news(quiet: dict[str, Any]) -> None:
    assert kinds(facts(**quiet)) == []


def test_how_a_late_order_is_said() -> None:
    for late, reason in (
        (order(9), "Order late: usually 12k USD every 30 days, the last 6 weeks ago"),
        (order(9, gap=1, amount=None, currency=None), "Order late: usually every day, the last"),
    ):
        (line,) = lines(facts(orders=[late]))
        assert reason_of(line, CONFIG, TODAY).startswith(reason)
        assert command_of(line, NAMES, CONFIG, TODAY) == "acct log call greentech"
        assert brief_of(line, CONFIG, TODAY).note == "last 6 weeks ago"


def test_a_call_that_reached_nobody_answers_no_ticket() -> None:
    tickets = [TicketFacts("k", "a", day(-4), "Down")]
    for attempt in (False, True):
        said = [SaidFacts("a", "l", day(-3), "out", attempt)]
        (line,) = lines(facts(tickets=tickets, said=said))
        assert ("not answered yet" in reason_of(line, CONFIG, TODAY)) is attempt


def test_open_tickets_are_one_line() -> None:
    tickets = [TicketFacts("k2", "a", day(-1), "Slow"), TicketFacts("k1", "a", day(-4), "Down")]
    (line,) = lines(facts(tickets=tickets))
    assert (
        reason_of(line, CONFIG, TODAY) == "Ticket open for 4 days: Down, not answered yet, 1 more"
    )
    assert brief_of(line, CONFIG, TODAY).rest == " (1 more)"
    assert line.points == 45 + 3 * 4 + 20
    assert (
        command_of(line, {**NAMES, "k1": "50bb"}, CONFIG, TODAY)
        == "acct log edit 50bb --resolved-at now"
    )


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (talk((-12, "out"), (-11, "out")), True),
        (talk((-10, "out"), (-4, "out")), True),
        (talk((-9, "out"), (-4, "out")), False),
        (talk((-12, "out")), False),
        (talk((-12, "out"), (-11, "out"), (-3, "in"), (-2, "out")), False),
        (talk((-30, "in"), (-12, "out"), (-11, "out")), True),
    ],
)
def test_a_deal_whose_people_fell_silent(told: list[SaidFacts], shown: bool) -> None:
    given = facts(deals=[deal()], said=told)
    assert ("ghosted" in kinds(given)) is shown
    assert "ghosted" not in kinds(facts(said=told))


def test_how_silence_is_said() -> None:
    given = facts(deals=[deal()], said=talk((-12, "out"), (-11, "out")))
    assert said(given) == '"Platform" 84k USD: 2 messages without an answer since Tue 10 Nov'
    assert answer(given) == "acct log call greentech"
    (line,) = lines(given)
    assert line.points == 30 + 2


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"role": "champion"}, True),
        ({"role": "economic-buyer"}, True),
        ({"stance": "supporter", "influence": "high"}, True),
        ({"stance": "supporter", "influence": "low"}, False),
        ({"stance": "opponent", "influence": "high"}, False),
        ({"role": "champion", "day": day(-30)}, False),
    ],
)
def test_somebody_who_mattered_and_left(changes: dict[str, Any], shown: bool) -> None:
    values = {"account_id": "a", "name": "Mei Tan", "role": None, "influence": None}
    values |= {"stance": None, "day": day(-13)}
    left = made(LeftFacts, values, changes)
    assert ("left" in kinds(facts(deals=[deal()], left=[left]))) is shown
    assert kinds(facts(left=[left])) == []  # nothing is at stake there
    assert ("left" in kinds(facts(contracts=[term(ends_on=day(200))], left=[left]))) is shown


def test_how_a_loss_is_said() -> None:
    gone = LeftFacts("a", "Mei Tan", "champion", None, None, day(-13))
    given = facts(deals=[deal()], left=[gone])
    assert said(given) == "Champion Mei Tan left 13 days ago"
    assert answer(given) == "acct contact map greentech"
    deleted = facts(deals=[deal()], left=[gone._replace(deleted=1)])
    assert said(deleted) == "Champion Mei Tan was deleted 13 days ago"


@pytest.mark.parametrize(
    ("days", "points", "command"),
    [
        (10, 70, "acct deal edit 77c1"),
        (30, 60, "acct deal edit 77c1"),
        (70, 40, "acct deal edit 77c1"),
        (417, 40, "acct deal lose 77c1"),
    ],
)
def test_a_close_date_long_past_fades(days: int, points: float, command: str) -> None:
    given = facts(deals=[deal(close_date=day(-days))], tasks=[task(deal_id="d", due=day(9))])
    (line,) = lines(given)
    assert (line.kind, line.points) == ("slipped", points)
    assert command_of(line, NAMES, CONFIG, TODAY) == command


@pytest.mark.parametrize(("days", "points"), [(1, 70), (14, 70), (31, 61.5), (74, 40), (200, 40)])
def test_a_lapsed_contract_fades_and_stays(days: int, points: float) -> None:
    (line,) = lines(facts(contracts=[term(ends_on=day(-days))]))
    assert (line.kind, line.points) == ("lapsed", points)


def test_the_last_month_of_a_contract_counts_twice() -> None:
    points = [lines(facts(contracts=[term(ends_on=day(left))]))[0].points for left in (90, 30, 3)]
    assert points == [35, 35 + 60 / 4, 35 + 87 / 4 + 27]


def test_a_step_after_the_next_contact_is_due_silences_no_cadence() -> None:
    silent = account(tier="strategic", status="prospect", last_touch=day(-20))  # 14 days
    assert kinds(facts(silent, tasks=[task(due=day(14))])) == []
    assert kinds(facts(silent, tasks=[task(due=day(15))])) == ["touch"]


def test_equal_scores_come_by_day_and_name() -> None:
    accounts = [account("a", name="Zot"), account("b", name="Ano"), account("c", name="Mid")]
    tasks = [task(account_id="a"), task(account_id="b"), task(account_id="c", due=day(-30))]
    tasks.append(task(account_id="a", due=day(-30)))
    found = judge(facts(*accounts, tasks=tasks), CONFIG, TODAY)
    assert [entry.account.name for entry in found if entry.account] == ["Zot", "Mid", "Ano"]


def test_the_score_can_be_followed() -> None:
    given = facts(
        account(tier="key", last_touch=day(-3)),
        tasks=[task(due=day(-2))],
        deals=[
            deal(close_date=day(4), amount=500, buyer_known=0),
            deal(id="e", amount=1_000),
            deal(id="f", amount=800),
        ],
        reviews=[review()],
    )
    (entry,) = judge(given, CONFIG, TODAY)
    assert explained(entry, entry.lines, entry.score, CONFIG) == [
        f"75.3 = 36 for a deal closing soon + 1.5 {TIMES} 10 days "
        "into its last days + 8.3 for its worth + 16 for no next step and no economic buyer",
        f"+ 6.8, 10 % of 68 = 65 for your promise + 1.5 {TIMES} 2 days late",
        f"+ 2.8, 10 % of 28 = 25 for a review due + 0.5 {TIMES} 6 days late",
        f"{TIMES} 1.4 for tier key",
        f"{TIMES} 1.50 for a worth of 10 USD, 100 % of the largest",
        "= 178",
    ]
    assert entry.score == pytest.approx((75.284 + 6.8 + 2.8) * 1.4 * 1.5, rel=1e-4)
    alone = entry.score_of(entry.lines[2])
    assert explained(entry, entry.lines[2:3], alone, CONFIG)[0].startswith("28 = 25 for a review")
    assert alone == pytest.approx(28 * 1.4 * 1.5)


def test_what_comes_up_tomorrow() -> None:
    accounts = [account("a"), account("b", tier="key", last_touch=day(-21)), account("c")]
    tasks = [task(), task(id="u", account_id="c", due=day(1))]
    reviews = [review(account_id="b", next_review=day(9))]
    given = facts(*accounts, tasks=tasks, reviews=reviews)
    entries = judge(given, CONFIG, TODAY)
    assert len(entries) == 1
    assert joining(given, CONFIG, TODAY, entries) == 2


# Any book

hostile = st.text(max_size=12)
some_day = st.integers(-400, 400).map(day)
ids = st.sampled_from(["a", "b", "c"])
amounts = st.integers(-100, 10**12)
currencies = st.sampled_from(["USD", "JPY", "KWD"])


def rows(kind: Callable[..., R], *fields: st.SearchStrategy[Any]) -> st.SearchStrategy[R]:
    return st.builds(kind, *fields)


tiers = st.sampled_from([*CONFIG.tiers, "gone", None])
statuses = st.sampled_from(["lead", "prospect", "customer", "former"])
people = rows(
    AccountFacts,
    *(ids, hostile, st.just("A-0001"), tiers, statuses),
    *(st.none() | st.integers(0, 100), some_day, st.none() | some_day),
)
tasks = rows(
    TaskFacts,
    *(st.uuids().map(str), st.none() | ids, st.none() | ids, hostile),
    *(some_day, st.none() | some_day, st.sampled_from(["us", "them"]), st.none() | hostile),
)
deals = rows(
    OpenDealFacts,
    *(ids, ids, hostile, st.none() | amounts, currencies, st.none() | some_day),
    *(some_day, st.none() | some_day, st.sampled_from([None, 0, 1])),
)
pushes = rows(PushFacts, ids, st.integers(1, 9), some_day)
terms = st.builds(
    lambda **changes: term(**changes),
    id=st.uuids().map(str),
    account_id=ids,
    product=st.none() | hostile,
    amount=amounts,
    currency=currencies,
    ends_on=some_day,
    auto_renews=st.booleans(),
    notice_days=st.none() | st.integers(0, 90),
)
reviews = rows(
    ReviewFacts,
    *(ids, some_day, st.none() | some_day),
    *(st.just("red"), st.none() | st.just(5), st.just("r")),
)
objectives = rows(ObjectiveFacts, st.uuids().map(str), ids, hostile, some_day)
champions = rows(
    ChampionFacts,
    *(st.uuids().map(str), ids, hostile, st.none() | st.sampled_from(ROLES)),
    *(st.none() | st.sampled_from(STANCES), some_day, st.none() | some_day),
)
healths = rows(FallFacts, ids, some_day, st.integers(0, 100), st.integers(0, 100), hostile)
known = rows(
    PersonFacts,
    *(ids, st.sampled_from(["champion", "economic-buyer", None])),
    *(st.sampled_from(["high", "low", None]), st.sampled_from(["supporter", "opponent"])),
)
any_book = st.builds(
    lambda accounts, **parts: AgendaFacts({one.id: one for one in accounts}, **parts),
    st.lists(people, max_size=3),
    tasks=st.lists(tasks, max_size=5),
    deals=st.lists(deals, max_size=4, unique_by=lambda deal: deal.id),
    pushes=st.lists(pushes, max_size=2),
    contracts=st.lists(terms, max_size=3),
    reviews=st.lists(reviews, max_size=3, unique_by=lambda review: review.account_id),
    people=st.lists(known, max_size=3),
    objectives=st.lists(objectives, max_size=2),
    champions=st.lists(champions, max_size=2),
    healths=st.lists(healths, max_size=3, unique_by=lambda health: health.account_id),
)


@given(any_book)
def test_any_book_can_be_judged(given: AgendaFacts) -> None:
    entries = judge(given, CONFIG, TODAY)
    assert [e.score for e in entries] == sorted((e.score for e in entries), reverse=True)
    keys = [entry.lines[0].key for entry in entries]
    assert len(keys) == len(set(keys))
    for entry in entries:
        check_entry(entry)


def check_entry(entry: Attention) -> None:
    points = [line.points for line in entry.lines]
    assert points == sorted(points, reverse=True)
    assert {line.account for line in entry.lines} == {entry.account}
    # The strongest line decides; all that is added is bounded.
    assert points[0] <= entry.score <= points[0] * 1.3 * 1.5 * 1.5 + 1e-9
    assert (
        explained(entry, entry.lines, entry.score, CONFIG)[-1]
        == f"= {figures.nearest(entry.score)}"
    )
    for line in entry.lines:
        assert line.kind in POINTS
        assert reason_of(line, CONFIG, TODAY)
        names = dict.fromkeys([line.key, *"abc"], "handle")
        if line.named is not None:
            names[line.named[1]] = "3f9a"
        command = command_of(line, names, CONFIG, TODAY)
        words = shlex.split(command)
        assert words[0] == "acct"
        if isinstance(line.fact, Contract):  # which has names between quotes
            assert all(sign.isalnum() or sign in " .,&+()/'\"-" for sign in command)
            continue
        known = {"handle", "3f9a", "…"}
        assert all(w in known or (w.isascii() and w.replace("-", "").isalnum()) for w in words)


@given(st.integers(0, 400), st.integers(0, 400), st.sampled_from(["us", "them"]))
def test_later_is_never_less_urgent(one: int, other: int, owed_by: str) -> None:
    scores = [
        judge(facts(tasks=[task(due=day(-late), owed_by=owed_by)]), CONFIG, TODAY)[0].score
        for late in sorted((one, other))
    ]
    assert scores == sorted(scores)


SILENCED_BY_A_STEP = {"touch", "stalled", "closing", "slipped", "champion"}


@given(any_book, tasks)
def test_one_reason_more_never_lowers_an_account(given: AgendaFacts, more: TaskFacts) -> None:
    later = given.replace(tasks=[*given.tasks, more])
    before = {e.lines[0].key: e for e in judge(given, CONFIG, TODAY)}
    after = {e.lines[0].key: e for e in judge(later, CONFIG, TODAY)}
    kept = {line.kind for entry in before.values() for line in entry.lines}
    for key, entry in before.items():
        # A planned step may silence a cadence, a deal or a champion, but nothing else.
        if key in after and not kept & SILENCED_BY_A_STEP:
            assert after[key].score >= entry.score - 1e-9


def test_an_appointment_of_the_day_stands_at_its_head_and_not_in_the_order() -> None:
    met = task(at="2026-11-22T09:00:00Z", duration=60, place="Room 4", person="Mei Tan")
    facts = AgendaFacts(accounts={"a": account()}, tasks=[met])
    assert not any(line.kind == "promise" for line in lines(facts))
    assert joining(facts, CONFIG, TODAY, []) == 0
    assert appointments(facts, TODAY) == [met]
    assert appointments(facts, TODAY + timedelta(days=1)) == []
    assert appointment_of(met) == "Send phased quote (Mei Tan, 1h, Room 4)"
    snoozed = facts.replace(tasks=[met._replace(snoozed_until=day(1))])
    assert appointments(snoozed, TODAY) == []
    elsewhere = facts.replace(tasks=[met._replace(account_id="b")])
    assert appointments(elsewhere, TODAY) == []


def quote(until: int, **changes: Any) -> QuoteFacts:
    """Return a quote without an answer that is valid until a day at this distance."""
    values = {"id": "q1", "account_id": "a", "number": "Q-2026-0001", "valid_until": day(until)}
    return made(QuoteFacts, values | {"gross": 2_978_970, "currency": "SGD"}, changes)


@pytest.mark.parametrize(
    ("until", "points"), [(7, 40), (6, 42), (0, 54), (-3, 60), (-30, 60), (8, None), (-31, None)]
)
def test_a_quote_without_an_answer(until: int, points: float | None) -> None:
    found = lines(facts(quotes=[quote(until)]))
    expected = [] if points is None else [("quote", points)]
    assert [(line.kind, line.points) for line in found] == expected


def test_a_quote_is_said_with_its_day_and_its_command() -> None:
    given = facts(quotes=[quote(0)])
    assert said(given) == "Quote Q-2026-0001 for 29.8k SGD has no answer, valid until today"
    (line,) = lines(given)
    names = {"a": "greentech", "q1": "beef"}
    assert command_of(line, names, CONFIG, TODAY) == "acct quote show beef"
    assert brief_of(line, CONFIG, TODAY).note == "valid until today"


def test_no_quote_is_shown_where_nobody_asks_for_it() -> None:
    config = Config()
    config.values["today.quote_days"] = 0
    assert kinds(facts(quotes=[quote(0)]), config) == []
    assert kinds(facts(quotes=[quote(0, account_id="unknown")])) == []
