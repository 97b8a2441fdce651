"""`acct deal quote`: what a quote has from its deal, the settings and the version before."""

from __future__ import annotations

import pytest
from tests.cli.quoting import FIRST, SECOND, deal, shown, stands  # noqa: F401 - a fixture
from tests.commands import do
from tests.conftest import Program

pytestmark = pytest.mark.usefixtures("deal")


def test_items_become_lines_with_discount_and_tax(run: Program) -> None:
    done = run("deal", "quote", "rollout", "--valid", "30d", "--tax", "9%", "--contact", "mei")
    assert done.err == (
        'Quoted "Rollout" as Q-2026-0001: 2 lines, 29,789.70 SGD with 2,459.70 SGD tax, '
        "valid until Tue 22 Dec.\n"
    )
    found = shown(run)
    assert [(one["text"], one["quantity"], one["net"]) for one in found["lines"]] == [
        ("Support", 3, 3330.0),
        ("Platform", 1, 24000.0),
    ]
    assert found["totals"] == {
        **{"before": 27600.0, "discount": 270.0, "net": 27330.0},
        **{"taxes": [{"rate": "9", "net": 27330.0, "tax": 2459.7}], "tax": 2459.7},
        "gross": 29789.7,
    }
    assert (found["net"], found["gross"], found["contact"]) == (27330.0, 29789.7, "Mei Tan")
    assert found["recipient"] == "GreenTech\nSingapore"


def test_a_deal_without_items_is_quoted_as_one_line(run: Program) -> None:
    do(
        run,
        ("deal", "add", "greentech", "Osaka", "--amount", "JPY 1,234,567"),
        ("deal", "quote", "osaka", "--tax", "10"),
    )
    found = shown(run)
    assert [(one["text"], one["net"]) for one in found["lines"]] == [("Osaka", 1234567)]
    assert (found["tax"], found["gross"]) == (123457, 1358024)


def test_numbers_are_never_given_twice(run: Program) -> None:
    do(
        run,
        ("deal", "add", "greentech", "Other", "--amount", "KWD 1.005"),
        ("deal", "quote", "other", "--tax", "5"),
        ("quote", "delete", FIRST, "--yes"),
        ("deal", "quote", "rollout"),
        ("deal", "quote", "rollout"),
        ("quote", "delete", "Q-2026-0002-2", "--yes"),
        ("deal", "quote", "rollout"),
    )
    assert stands(run) == {"Q-2026-0002": "superseded", "Q-2026-0002-3": "draft"}


def test_a_number_has_the_form_of_the_settings(run: Program) -> None:
    do(run, ("config", "set", "quote.number", "off/{year}/{number}"), ("deal", "quote", "rollout"))
    assert stands(run) == {"OFF/2026/0001": "draft"}
    assert shown(run, "off/2026/0001")["version"] == 1
    refused = run("config", "set", "quote.number", "Q-{year}")
    assert (refused.code, "must end in {number}" in refused.err) == (4, True)


def test_the_settings_fill_what_is_printed(run: Program) -> None:
    do(
        run,
        ("config", "set", "quote.sender", "Kim Ltd"),
        ("config", "set", "quote.address", "1 High St, London"),
        ("config", "set", "quote.terms", "30 days"),
        ("config", "set", "quote.tax", "7.7"),
        ("config", "set", "quote.valid_days", "10"),
        ("deal", "quote", "rollout"),
        ("config", "set", "quote.terms", "60 days"),
    )
    found = shown(run)
    assert found["sender"] == "Kim Ltd\n1 High St\nLondon"
    assert (found["terms"], found["valid_until"]) == ("30 days", "2026-12-02")
    assert [one["tax_rate"] for one in found["lines"]] == [7.7, 7.7]
    do(run, ("deal", "quote", "rollout"))
    assert shown(run, SECOND)["terms"] == "30 days", "texts are those of the last version"


def test_a_new_version_has_the_lines_of_the_deal_or_of_the_last_version(run: Program) -> None:
    do(
        run,
        ("deal", "quote", "rollout", "--tax", "9", "--title", "Phase 1"),
        ("quote", "line", FIRST, "1", "--discount", "50"),
        ("deal", "quote", "rollout"),
        ("deal", "quote", "rollout", "--copy", "--tax", "8"),
    )
    discounts = {
        number: [one["discount"] for one in shown(run, number)["lines"]]
        for number in (FIRST, SECOND, "Q-2026-0001-3")
    }
    assert discounts == {FIRST: [50, None], SECOND: [7.5, None], "Q-2026-0001-3": [7.5, None]}
    assert [one["tax_rate"] for one in shown(run, SECOND)["lines"]] == [9, 9]
    third = shown(run, "Q-2026-0001-3")
    assert [one["tax_rate"] for one in third["lines"]] == [8, 8]
    assert (third["title"], third["version"]) == ("Phase 1", 3)
    assert [one["standing"] for one in third["versions"]] == ["superseded", "superseded", "draft"]


@pytest.mark.parametrize(
    ("before", "words", "says"),
    [
        (("deal", "add", "greentech", "Bare"), ("bare",), "has neither items nor an amount"),
        (("product", "add", "Extra"), ("rollout", "--copy"), "has no quote yet"),
        (("deal", "lose", "rollout", "--reason", "Price"), ("rollout",), "was lost today"),
        (("deal", "win", "rollout"), ("rollout",), "was won today"),
        (("product", "add", "Extra"), ("rollout", "--tax", "101"), "not between 0 and 100"),
        (("product", "add", "Extra"), ("rollout", "--valid", "2026-11-21"), "that day is over"),
    ],
)
def test_what_cannot_be_quoted_is_refused(
    run: Program, before: tuple[str, ...], words: tuple[str, ...], says: str
) -> None:
    do(run, before)
    refused = run("deal", "quote", *words)
    assert (refused.code, says in refused.err) == (4, True), refused.err
    assert stands(run) == {}


def test_an_item_without_a_price_is_refused(run: Program) -> None:
    do(
        run,
        ("product", "add", "Bare"),
        ("deal", "item", "rollout", "--add", "bare"),
    )
    refused = run("deal", "quote", "rollout")
    assert (refused.code, 'Bare in "Rollout" has no price' in refused.err) == (4, True)


def test_a_city_state_is_named_once(run: Program) -> None:
    do(
        run,
        ("account", "edit", "greentech", "--postal-code", "639918", "--country", "SG"),
        ("deal", "quote", "rollout"),
    )
    assert shown(run)["recipient"] == "GreenTech\n639918 Singapore"


def test_a_quote_moves_with_its_deal_and_goes_with_it(run: Program) -> None:
    do(
        run,
        ("deal", "quote", "rollout"),
        ("account", "add", "Other"),
        ("deal", "edit", "rollout", "--account", "other"),
    )
    assert shown(run)["account"] == "Other"
    assert run("db", "check").code == 0
    assert "1 quote" in run("deal", "delete", "rollout", "--yes").err
    assert stands(run) == {}
    do(run, ("undo",))
    assert len(shown(run)["lines"]) == 2
