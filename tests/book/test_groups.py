"""What a group of accounts comes to: right by hand, and the sum of what each account has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.books import change, configure
from tests.commands import do
from tests.conftest import Program

PARTS = ("arr", "bought", "open", "weighted")

RATES = '[rates]\nbase = "GBP"\ndate = 2026-11-20\nEUR = 0.8\n'


@pytest.fixture
def northgate(run: Program) -> Program:
    """Fill a book: a group of five accounts in two currencies, and an account beside it."""
    yearly = ("--recurring", "yearly")
    do(
        run,
        ("account", "add", "Northgate", "--status", "customer", "--tier", "key"),
        ("account", "add", "UK", "--parent", "northgate", "--status", "customer"),
        ("account", "add", "Old", "--parent", "uk", "--status", "customer"),
        ("account", "add", "Iberia", "--parent", "northgate", "--status", "customer"),
        ("account", "add", "Lisboa", "--parent", "iberia", "--status", "former"),
        ("account", "add", "Beside", "--status", "customer"),
        ("purchase", "add", "northgate", "1200 GBP", "--on", "2026-01-01", *yearly),
        ("purchase", "add", "uk", "500 GBP", "--on", "2026-05-01"),
        # Two years: half of it counts a year.
        (
            *("purchase", "add", "iberia", "2400 EUR", "--on", "2026-02-01", *yearly),
            *("--starts", "2026-02-01", "--ends", "2028-01-31"),
        ),
        ("purchase", "add", "lisboa", "300 EUR", "--on", "2026-03-01"),
        ("purchase", "add", "lisboa", "50 EUR", "--on", "2025-01-01"),
        (
            *("purchase", "add", "old", "600 GBP", "--on", "2026-06-01", *yearly),
            *("--starts", "2026-06-01", "--ends", "2026-11-30"),
        ),
        ("purchase", "add", "beside", "9999 GBP", "--on", "2026-05-01", *yearly),
        ("deal", "add", "uk", "Rollout", "--amount", "10k GBP", "--probability", "50"),
        ("deal", "add", "uk", "No amount yet"),
        ("deal", "add", "old", "Leftover", "--amount", "4k GBP", "--probability", "25"),
        ("deal", "add", "old", "Left out", "--amount", "7k GBP", "--category", "omitted"),
        ("deal", "add", "beside", "Other", "--amount", "5k GBP"),
        ("log", "call", "lisboa", "Spoke", "--at", "2026-11-21 10:00"),
        ("log", "call", "northgate", "Spoke", "--at", "2026-11-02 10:00"),
        ("account", "archive", "old"),
    )
    return run


def tree(run: Program, *words: str) -> Any:
    found = run("account", "tree", *words, "-f", "json")
    assert found.code == 0, found.err
    return found.json()


def accounts(found: Any) -> Iterator[Any]:
    """Yield an account of a tree and all below it."""
    yield found
    for child in found["children"]:
        yield from accounts(child)


def amounts(figures: Any) -> dict[str, list[float]]:
    return {one["currency"]: [one[part] for part in PARTS] for one in figures["amounts"]}


def test_amounts_are_right_by_hand(northgate: Program) -> None:
    found = {one["name"]: one for one in accounts(tree(northgate, "northgate"))}
    own = {name: amounts(one["own"]) for name, one in found.items()}
    assert own == {
        "Northgate": {"GBP": [1200, 1200, 0, 0]},
        "UK": {"GBP": [0, 500, 10_000, 5000]},
        "Old": {"GBP": [1200, 600, 4000, 1000]},
        "Iberia": {"EUR": [1200, 2400, 0, 0]},
        "Lisboa": {"EUR": [0, 300, 0, 0]},
    }
    group = {name: amounts(one["group"]) for name, one in found.items()}
    assert group == {
        "Northgate": {"GBP": [2400, 2300, 14_000, 6000], "EUR": [1200, 2700, 0, 0]},
        "UK": {"GBP": [1200, 1100, 14_000, 6000]},
        "Old": own["Old"],
        "Iberia": {"EUR": [1200, 2700, 0, 0]},
        "Lisboa": own["Lisboa"],
    }
    assert [found[name]["group"]["accounts"] for name in ("Northgate", "UK", "Lisboa")] == [5, 2, 1]
    assert [found[name]["own"]["deals"] for name in ("Northgate", "UK", "Old")] == [0, 2, 1]
    assert found["Northgate"]["group"]["deals"] == 3
    assert {one["own"]["converted"] for one in found.values()} == {None}


def test_with_rates_everything_is_in_the_base_currency_too(northgate: Program, home: Path) -> None:
    configure(home, RATES)
    found = tree(northgate, "northgate")
    assert amounts(found["group"])["EUR"] == [1200, 2700, 0, 0]
    assert found["group"]["converted"] == {
        "currency": "GBP",
        "arr": 2400 + 960,
        "bought": 2300 + 2160,
        "open": 14_000,
        "weighted": 6000,
        "rates_of": "2026-11-20",
        "without_rate": [],
    }
    shown = northgate("account", "tree").out.splitlines()
    assert shown[0].split()[:3] == ["in", "GBP", "ARR"]
    assert shown[1].split()[:5] == ["Northgate", "3.36k", "4.46k", "14k", "6k"]
    assert shown[2].split()[:4] == ["├", "itself", "1.2k", "1.2k"]
    assert "rates of 20 Nov 2026" in shown[-1]


def test_while_a_rate_is_missing_amounts_stay_in_their_currencies(
    northgate: Program, home: Path
) -> None:
    configure(home, RATES.replace("EUR", "USD"))
    found = tree(northgate, "northgate")
    assert found["group"]["converted"]["without_rate"] == ["EUR"]
    assert found["group"]["converted"]["arr"] is None
    assert found["own"]["converted"]["arr"] == 1200
    shown = northgate("account", "tree").out
    assert "no rate for EUR" in shown
    assert "GBP" in shown


def test_a_group_is_the_sum_of_what_its_accounts_have(northgate: Program, home: Path) -> None:
    # A rate that leaves halves of a penny: every account is rounded by itself.
    for settings in ("", RATES, RATES.replace("0.8", "0.83333")):
        configure(home, settings)
        for one in accounts(tree(northgate, "northgate")):
            below = [each["own"] for each in accounts(one)]
            group = one["group"]
            assert group["accounts"] == len(below)
            assert group["deals"] == sum(own["deals"] for own in below)
            sums: dict[str, list[float]] = {}
            for own in below:
                for currency, parts in amounts(own).items():
                    before = sums.get(currency, [0] * 4)
                    sums[currency] = [a + b for a, b in zip(before, parts, strict=True)]
            assert amounts(group) == sums
            for part in PARTS if settings else ():
                converted = [own["converted"][part] for own in below]
                assert round(group["converted"][part] - sum(converted), 6) == 0
            touches = [own["last_touch"] for own in below if own["last_touch"]]
            assert group["last_touch"] == max(touches, default=None)
            healths = [own["lowest_health"] for own in below if own["lowest_health"]]
            lowest = min((each["health"] for each in healths), default=None)
            assert (group["lowest_health"] or {"health": None})["health"] == lowest
            ends = [own["next_renewal"]["ends_on"] for own in below if own["next_renewal"]]
            assert (group["next_renewal"] or {"ends_on": None})["ends_on"] == min(
                ends, default=None
            )


def test_nobody_has_to_look_after_archived_and_former_accounts(northgate: Program) -> None:
    found = {one["name"]: one for one in accounts(tree(northgate, "northgate"))}
    assert [found["Old"]["archived"], found["Lisboa"]["status"]] == [True, "former"]
    # Their contracts and their health are nobody's work; their last contact was a contact.
    assert found["Old"]["own"]["next_renewal"] is None
    assert found["Lisboa"]["own"]["lowest_health"] is None
    assert found["Northgate"]["group"]["next_renewal"]["ends_on"] == "2026-12-31"
    assert found["Northgate"]["group"]["next_renewal"]["account"] == "Northgate"
    assert found["Northgate"]["group"]["last_touch"] == "2026-11-21T10:00:00Z"
    shown = northgate("account", "tree").out
    assert "Old (archived)" in shown
    assert "Lisboa (former)" in shown


def test_a_health_that_rests_on_too_little_is_not_the_lowest(run: Program) -> None:
    do(
        run,
        ("account", "add", "Top", "--tier", "key"),
        ("account", "add", "Low", "--parent", "top", "--tier", "key"),
        ("log", "ticket", "low", "System down"),
    )
    health = run("review", "health", "low", "-f", "json").json()
    assert (health["score"] is not None, health["band"]) == (True, None)
    assert tree(run, "top")["group"]["lowest_health"] is None


def test_the_whole_group_is_shown_whoever_is_named(northgate: Program) -> None:
    whole = tree(northgate, "northgate")
    for name in ("uk", "old", "lisboa"):
        assert tree(northgate, name) == whole
    assert tree(northgate) == {"families": [whole]}
    beside = tree(northgate, "beside")
    assert beside["children"] == []
    assert beside["own"] == beside["group"]


def test_the_table_keeps_own_and_group_apart(northgate: Program, home: Path) -> None:
    by_currency = northgate("account", "tree", "northgate", "-f", "csv").out.splitlines()
    head = by_currency[0].split(",")
    rows = [dict(zip(head, line.split(","), strict=True)) for line in by_currency[1:]]
    assert [(row["account"], row["level"], row["currency"]) for row in rows] == [
        ("Northgate", "0", "EUR"),
        ("Northgate", "0", "GBP"),
        ("Iberia", "1", "EUR"),
        ("Lisboa", "2", "EUR"),
        ("UK", "1", "GBP"),
        ("Old", "2", "GBP"),
    ]
    assert [rows[1][f"{whose}_arr"] for whose in ("own", "group")] == ["1200.00", "2400.00"]
    assert [rows[0][f"{whose}_arr"] for whose in ("own", "group")] == ["0.00", "1200.00"]
    assert [rows[4]["parent"], rows[5]["archived"]] == ["Northgate", "yes"]
    configure(home, RATES)
    based = northgate("account", "tree", "northgate", "-f", "csv").out.splitlines()
    assert len(based) == 1 + 5
    assert based[1].split(",")[head.index("group_arr")] == "3360.00"
    assert {line.split(",")[head.index("currency")] for line in based[1:]} == {"GBP"}


def test_the_table_can_be_made_safe_for_spreadsheets(run: Program) -> None:
    do(run, ("account", "add", "=1+1"), ("account", "add", "Below", "--parent", "A-0001"))
    assert "\n=1+1," in run("account", "tree", "-f", "csv").out
    safe = run("account", "tree", "-f", "csv", "--excel-safe").out
    assert "\n=1+1," not in safe
    refused = run("account", "tree", "-f", "ids")
    assert (refused.code, "takes table, csv, tsv, json or md" in refused.err) == (2, True)


def test_the_page_of_a_parent_has_its_group(northgate: Program) -> None:
    data = northgate("account", "show", "northgate", "-f", "json").json()["group"]
    whole = tree(northgate, "northgate")["group"]
    assert data["accounts"] == 5
    assert [(one["name"], one["accounts"]) for one in data["members"]] == [("Iberia", 2), ("UK", 2)]
    for one, rolled in zip(data["amounts"], whole["amounts"], strict=True):
        assert one == {name: value for name, value in rolled.items() if name != "weighted"}
    for name in ("last_touch", "lowest_health", "next_renewal", "deals"):
        assert data[name] == whole[name]
    shown = northgate("account", "show", "northgate").out
    assert "Group    5 accounts · 2.4k GBP + 1.2k EUR ARR" in shown
    assert "Iberia   A-0004  2 accounts  1.2k EUR ARR" in shown
    assert "UK       A-0002  2 accounts  1.2k GBP ARR" in shown
    assert northgate("account", "show", "beside", "-f", "json").json()["group"] is None
    assert "Group" not in northgate("account", "show", "beside").out
    assert "Group" not in northgate("account", "show", "lisboa").out
    brief = northgate("review", "brief", "northgate", "-f", "md").out
    assert "- UK (A-0002, 2 accounts): 1.2k GBP ARR\n" in brief


def test_a_circle_of_parents_is_drawn_from_some_account_down(
    northgate: Program, book: Path
) -> None:
    change(
        book,
        "UPDATE account SET parent_id = (SELECT id FROM account WHERE name = 'Old') "
        "WHERE name = 'Northgate'",
    )
    for name in ("northgate", "uk", "old", "lisboa"):
        found = list(accounts(tree(northgate, name)))
        assert sorted(one["name"] for one in found) == [
            "Iberia",
            "Lisboa",
            "Northgate",
            "Old",
            "UK",
        ]
        group = northgate("account", "show", name, "-f", "json").json()["group"]
        if name != "lisboa":  # which is below the circle, and not in it
            assert group["accounts"] == 5
    (family,) = tree(northgate)["families"]
    assert family["group"]["accounts"] == 5
    change(book, "UPDATE account SET parent_id = id WHERE name = 'UK'")
    own = northgate("account", "show", "uk", "-f", "json").json()["group"]
    assert "UK" not in [one["name"] for one in own["members"]]


def test_what_a_sister_bought_is_the_first_candidate(northgate: Program) -> None:
    do(
        northgate,
        ("product", "add", "Scanner"),
        ("product", "add", "Support"),
        ("purchase", "add", "uk", "1 GBP", "--product", "scanner"),
        ("purchase", "add", "northgate", "1 GBP", "--product", "scanner"),
        ("purchase", "add", "northgate", "1 GBP", "--product", "support"),
        # What was sold to a former customer, and elsewhere, speaks for nothing.
        ("purchase", "add", "lisboa", "1 GBP", "--product", "scanner"),
        ("purchase", "add", "beside", "1 GBP", "--product", "scanner"),
    )
    found = northgate("report", "whitespace", "-f", "json").json()["candidates"]
    assert [(one["account"], one["product"], one["bought_by"]) for one in found] == [
        ("Iberia", "Scanner", ["Northgate", "UK"]),
        ("Iberia", "Support", ["Northgate"]),
        ("UK", "Support", ["Northgate"]),
    ]
    assert {one["lower"] for one in found} == {None}
    shown = northgate("report", "whitespace").out.splitlines()
    at = shown.index("Candidates")
    assert shown[at + 1].split() == ["bought", "by"]
    assert shown[at + 2].split() == [*["Iberia", "Scanner", "cross-sell", "Northgate", "and", "UK"]]
    only = northgate("report", "whitespace", "--group", "iberia", "-f", "json").json()
    assert {one["account"] for one in only["candidates"]} == {"Iberia"}
    document = northgate("report", "whitespace", "--html", "-").out
    assert "<td>Northgate, UK</td>" in document
