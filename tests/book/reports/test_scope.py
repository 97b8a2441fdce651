"""The accounts and days that a report covers."""

from __future__ import annotations

from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.book.reports import scope
from acctcli.config import Config
from acctcli.values.periods import period


def test_an_owner_is_asked_for_apart_from_the_accounts(context: Context, everything: Query) -> None:
    typed = (("owner", "Kim, Lee", "--owner"), ("tier", "key", "--tier"))
    query = everything.replace(filters=typed)
    with context.read() as con:
        found = scope.by_owner(context, con, query)
        assert list(found.owners) == ["Kim", "Lee"]
        assert len(found.conditions) == 1
        assert len(scope.by_account(context, con, query)) == 2


def test_a_report_says_what_it_was_asked_for(everything: Query) -> None:
    query = everything.replace(
        filters=(("tier", "key", "--tier"),), where=("city = Kuala Lumpur",), segment="Best"
    )
    assert scope.asked(query) == ["tier key", "city = Kuala Lumpur", "segment Best"]


def test_a_period_ends_today_unless_it_is_still_to_come(context: Context) -> None:
    today = context.clock.today
    assert scope.until_today(period("this year", today, "--period"), today).end == today
    for typed in ("last year", "2031"):
        whole = period(typed, today, "--period")
        assert scope.until_today(whole, today) == whole


def test_one_total_needs_a_base_currency_and_says_which_rates_are_missing() -> None:
    config = Config()
    assert scope.converted(config, {"SGD": 1, "EUR": 1}) is None
    config.values["rates.base"] = "SGD"
    found = scope.converted(config, {"SGD": 100, "EUR": 100})
    assert found is not None
    assert (found["amount"], found["without_rate"]) == (None, ["EUR"])
