"""The sample book is consistent, on whatever day it is loaded.

Only the files are checked here, cell by cell and against each other; other tests import them and
check the screens.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from importlib.resources import files
from itertools import groupby, pairwise

import pytest

from acctcli import model
from acctcli.config import Config
from acctcli.demo import FILES
from acctcli.values.dates import day_of
from acctcli.values.fields import Reading, read_values
from acctcli.values.typed_dates import read_day
from acctcli.values.typed_moments import read_clock, read_moment

Rows = list[dict[str, str]]

# An ordinary day, the ends of a short and of a long month, a leap day, the end of a year.
DAYS = ("2026-11-22", "2027-02-28", "2027-03-31", "2028-02-29", "2026-12-31")
on_any_day = pytest.mark.parametrize("today", [date.fromisoformat(day) for day in DAYS], ids=DAYS)

CLOSED = ("won", "lost")


def load(name: str) -> Rows:
    text = files("acctcli.demo").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), strict=True))


BOOK = {kind: load(name) for kind, name in FILES}
ACCOUNTS, CONTACTS, DEALS = BOOK["account"], BOOK["contact"], BOOK["deal"]
PURCHASES, LOGS, TASKS, REVIEWS = (BOOK[k] for k in ("purchase", "log", "task", "review"))
OPEN_DEALS = [deal for deal in DEALS if deal["stage"] not in CLOSED]
OPEN_TASKS = [task for task in TASKS if not task["done_at"]]
TIER_OF = {account["name"]: account["tier"] for account in ACCOUNTS}
WORKS_AT = {contact["name"]: contact["account"] for contact in CONTACTS}
DEAL_OF = {deal["title"]: deal for deal in DEALS}


def day(text: str, today: date) -> date:
    """The day of a cell: a day, or the day of a moment."""
    if " " not in text:
        return read_day(text, today)
    return day_of(moment(text, today))


def moment(text: str, today: date) -> datetime:
    return read_moment(text, read_clock(today.isoformat()))


def listed(cell: str) -> list[str]:
    return [item.strip() for item in cell.split(";") if item.strip()]


# Cells


@pytest.mark.parametrize("kind", BOOK)
def test_columns_are_fields_that_may_be_given(kind: str) -> None:
    fields = model.KINDS[kind].fields
    columns = list(BOOK[kind][0])
    assert set(columns) <= set(fields)
    assert not [name for name in columns if fields[name].fixed]


@on_any_day
@pytest.mark.parametrize("kind", BOOK)
def test_every_cell_can_be_read(kind: str, today: date) -> None:
    fields = model.KINDS[kind].fields
    reading = Reading(read_clock(today.isoformat()), Config())
    required = {name for name, field in fields.items() if field.required and not field.fixed}
    for row in BOOK[kind]:
        assert None not in row, f"too many cells: {row}"
        assert all(row[name] for name in required & set(row)), row
        own = {name: text for name, text in row.items() if fields[name].type != model.REF}
        read_values(fields, own, reading)


@pytest.mark.parametrize("kind", BOOK)
def test_no_calendar_dates(kind: str) -> None:
    fields = model.KINDS[kind].fields
    dated = [name for name in BOOK[kind][0] if fields[name].type in (model.DAY, model.MOMENT)]
    typed = {
        row[name].removeprefix("in ").split(" ")[0] for row in BOOK[kind] for name in dated
    } - {"", "today"}
    assert all(text[-1] in "dwmy" for text in typed)


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        ("account", "name"),
        ("account", "website"),
        ("product", "name"),
        ("contact", "name"),
        ("contact", "emails"),
        ("contact", "linkedin"),
        ("deal", "title"),
    ],
)
def test_no_two_are_the_same(kind: str, column: str) -> None:
    given = Counter(row[column].casefold() for row in BOOK[kind] if row[column])
    assert [text for text, count in given.items() if count > 1] == []


def test_phone_numbers_are_not_shared() -> None:
    numbers = [row["phone"] for row in ACCOUNTS] + [row["phones"] for row in CONTACTS]
    assert max(Counter(filter(None, numbers)).values()) == 1


def test_nobody_real_is_addressed() -> None:
    assert all(row["website"].endswith(".example") for row in ACCOUNTS if row["website"])
    assert all(row["emails"].endswith(".example") for row in CONTACTS)


@pytest.mark.parametrize(
    ("kind", "column", "vocabulary"),
    [
        ("account", "kind", model.ACCOUNT_KINDS),
        ("account", "status", model.STATUSES),
        ("account", "tier", Config().tiers),
        ("contact", "role", model.ROLES),
        ("contact", "influence", model.LEVELS),
        ("contact", "stance", model.STANCES),
        ("deal", "stage", tuple(stage.name for stage in Config().stages)),
        ("deal", "type", model.DEAL_TYPES),
        ("log", "kind", model.LOG_KINDS),
        ("log", "direction", model.DIRECTIONS),
        ("task", "owed_by", model.OWERS),
        ("purchase", "payment", model.PAYMENTS),
        ("purchase", "recurring", model.RECURRENCES),
        ("review", "rating", model.RATINGS),
        ("objective", "state", model.OBJECTIVE_STATES),
    ],
)
def test_shows_the_whole_vocabulary(kind: str, column: str, vocabulary: tuple[str, ...]) -> None:
    assert {row[column] for row in BOOK[kind]} - {""} == set(vocabulary)


def test_size() -> None:
    about = {"account": 28, "product": 7, "contact": 75, "deal": 60}
    about |= {"purchase": 110, "log": 320, "task": 60, "review": 18}
    for kind, count in about.items():
        assert len(BOOK[kind]) == pytest.approx(count, rel=0.15), kind


# References


@pytest.mark.parametrize("kind", [kind for kind in BOOK if "account" in BOOK[kind][0]])
def test_accounts_are_known(kind: str) -> None:
    assert {row["account"] for row in BOOK[kind]} <= set(TIER_OF)


@pytest.mark.parametrize("kind", ["log", "task"])
def test_people_belong_to_the_account(kind: str) -> None:
    column = "contacts" if kind == "log" else "contact"
    for row in BOOK[kind]:
        assert {WORKS_AT.get(name) for name in listed(row[column])} <= {row["account"]}, row


@pytest.mark.parametrize("kind", ["purchase", "log", "task"])
def test_deals_belong_to_the_account(kind: str) -> None:
    for row in BOOK[kind]:
        assert not row["deal"] or DEAL_OF[row["deal"]]["account"] == row["account"], row


def test_products_are_known() -> None:
    assert {row["product"] for row in PURCHASES} == {row["name"] for row in BOOK["product"]}


def test_parents_and_managers_come_before_those_who_name_them() -> None:
    names: set[str] = set()
    for account in ACCOUNTS:
        assert account["parent"] in names | {""}
        names.add(account["name"])
    for contact in CONTACTS:
        manager = contact["reports_to"]
        assert not manager or WORKS_AT[manager] == contact["account"], contact
        assert manager in names | {""}, contact
        names.add(contact["name"])
    assert sum(bool(account["parent"]) for account in ACCOUNTS) == 2


def test_one_primary_contact_at_an_account() -> None:
    primary = Counter(row["account"] for row in CONTACTS if row["primary"] == "yes")
    assert primary == Counter(dict.fromkeys(TIER_OF, 1))


def test_exactly_one_person_asked_to_be_left_alone() -> None:
    not_to_contact = [row["name"] for row in CONTACTS if row["do_not_contact"] == "yes"]
    assert len(not_to_contact) == 1
    assert not [task for task in OPEN_TASKS if task["contact"] in not_to_contact]


# Time


@on_any_day
def test_deals_open_before_they_close(today: date) -> None:
    for deal in DEALS:
        assert today - timedelta(days=550) <= day(deal["opened_on"], today) <= today
        if deal["stage"] in CLOSED:
            assert deal["close_date"] == deal["closed_on"]
            assert day(deal["opened_on"], today) < day(deal["closed_on"], today) <= today, deal
        else:
            assert not deal["closed_on"]
        assert bool(deal["lost_reason"]) == (deal["stage"] == "lost"), deal


@on_any_day
def test_few_open_deals_have_slipped(today: date) -> None:
    slipped = [deal for deal in OPEN_DEALS if day(deal["close_date"], today) < today]
    assert 1 <= len(slipped) <= 3


@on_any_day
def test_purchases_follow_the_win_and_add_up_to_it(today: date) -> None:
    bought: dict[str, int] = defaultdict(int)
    for purchase in PURCHASES:
        purchased_on = day(purchase["purchased_on"], today)
        assert today - timedelta(days=930) <= purchased_on < today
        if not purchase["deal"]:
            continue
        deal = DEAL_OF[purchase["deal"]]
        assert deal["stage"] == "won"
        assert deal["currency"] == purchase["currency"]
        assert day(deal["closed_on"], today) <= purchased_on, purchase
        bought[purchase["deal"]] += int(purchase["amount"])
    assert bought == {
        deal["title"]: int(deal["amount"]) for deal in DEALS if deal["stage"] == "won"
    }


@on_any_day
def test_terms_of_the_same_thing_do_not_overlap(today: date) -> None:
    def thing(purchase: dict[str, str]) -> tuple[str, str]:
        return purchase["account"], purchase["product"]

    repeated = sorted((row for row in PURCHASES if row["recurring"] == "yearly"), key=thing)
    for _, same in groupby(repeated, thing):
        terms = sorted((day(p["starts_on"], today), day(p["ends_on"], today)) for p in same)
        for (_, end), (start, _) in pairwise(terms):
            assert start == end + timedelta(days=1)


@on_any_day
def test_interactions_are_past(today: date) -> None:
    for log in LOGS:
        assert today - timedelta(days=430) <= day(log["at"], today) < today
        if log["deal"]:
            opened = day(DEAL_OF[log["deal"]]["opened_on"], today)
            assert opened <= day(log["at"], today) + timedelta(days=2), log
        if log["resolved_at"]:
            assert moment(log["at"], today) < moment(log["resolved_at"], today), log
            assert day(log["resolved_at"], today) < today


def test_scores_are_for_surveys_and_resolutions_for_tickets() -> None:
    for log in LOGS:
        assert bool(log["score"]) == (log["kind"] == "survey")
        assert log["kind"] == "ticket" or not log["resolved_at"]
        assert not log["score"] or 0 <= int(log["score"]) <= 10
    unresolved = [log for log in LOGS if log["kind"] == "ticket" and not log["resolved_at"]]
    assert 2 <= len(unresolved) <= 6


def test_no_summary_is_said_twice() -> None:
    assert len({log["summary"] for log in LOGS}) == len(LOGS)


@on_any_day
def test_reviews_follow_each_other(today: date) -> None:
    for review in REVIEWS:
        assert day(review["held_on"], today) < today
        assert day(review["held_on"], today) < day(review["next_review"], today)


# For the screens


@on_any_day
def test_some_accounts_need_the_seller_and_most_are_quiet(today: date) -> None:
    reasons = {
        "a promise is overdue": {
            task["account"] for task in OPEN_TASKS if _is_before(task["due"], today)
        },
        "a task is due today": {task["account"] for task in OPEN_TASKS if task["due"] == "today"},
        "out of touch": _out_of_touch(today),
        "a close date has slipped": {
            deal["account"] for deal in OPEN_DEALS if _is_before(deal["close_date"], today)
        },
        "a deal has no next step": _without_next_step(today),
        "a support ends, no renewal is on its way": _ending(today) - _renewing(),
        "a review is due": _due_for_review(today),
    }
    assert [reason for reason, accounts in reasons.items() if not accounts] == []
    assert 8 <= len(set().union(*reasons.values())) <= 12
    assert _ending(today) & _renewing()


def _is_before(text: str, today: date) -> bool:
    return bool(text) and day(text, today) < today


def _out_of_touch(today: date) -> set[str]:
    def is_two_way(log: dict[str, str]) -> bool:
        answered = log["kind"] in ("email", "social") and log["direction"] == "in"
        return answered or log["kind"] in model.TWO_WAY_KINDS

    last = dict.fromkeys(TIER_OF, date.min)
    for log in filter(is_two_way, LOGS):
        last[log["account"]] = max(last[log["account"]], day(log["at"], today))
    cadence = {
        account["name"]: int(account["cadence_days"] or Config().cadence[account["tier"]])
        for account in ACCOUNTS
    }
    return {name for name, on in last.items() if (today - on).days > cadence[name]}


def _without_next_step(today: date) -> set[str]:
    prepared = {
        task["deal"] for task in OPEN_TASKS if task["due"] and day(task["due"], today) >= today
    }
    return {deal["account"] for deal in OPEN_DEALS if deal["title"] not in prepared}


def _ending(today: date) -> set[str]:
    soon = today + timedelta(days=90)
    ends = [row for row in PURCHASES if row["recurring"] == "yearly"]
    return {row["account"] for row in ends if today <= day(row["ends_on"], today) <= soon}


def _renewing() -> set[str]:
    return {deal["account"] for deal in OPEN_DEALS if deal["type"] == "renewal"}


def _due_for_review(today: date) -> set[str]:
    latest: dict[str, dict[str, str]] = {}
    for review in sorted(REVIEWS, key=lambda review: day(review["held_on"], today)):
        latest[review["account"]] = review
    return {name for name, row in latest.items() if day(row["next_review"], today) <= today}


@on_any_day
def test_greentech_is_the_page_of_the_documentation(today: date) -> None:
    assert [name for name in TIER_OF if "greentech" in name.casefold()] == ["GreenTech Ltd"]
    people = {row["name"]: row for row in CONTACTS if row["account"] == "GreenTech Ltd"}
    assert {name: person["role"] for name, person in people.items()} == {
        "Mei Tan": "economic-buyer",
        "Raj Nair": "technical-buyer",
        "Ana Lim": "end-user",
    }
    assert people["Ana Lim"]["reports_to"] == "Raj Nair"
    assert people["Raj Nair"]["reports_to"] == "Mei Tan"

    bought = [row for row in PURCHASES if row["account"] == "GreenTech Ltd"]
    ages = [(today - day(row["purchased_on"], today)).days for row in bought]
    amounts = [int(row["amount"]) for row in bought]
    years = [
        sum(a for a, age in zip(amounts, ages, strict=True) if age // 365 == n) for n in (0, 1)
    ]
    assert years == [36_000, 32_200]

    [quote] = [task for task in OPEN_TASKS if task["text"] == "Send phased quote"]
    assert (quote["contact"], day(quote["due"], today)) == ("Mei Tan", today - timedelta(days=2))
